//! What an account page says.

use super::Account;
use super::content::Content;
use super::deals::Deals;
use super::splits::Splits;
use super::taxes::Taxes;
use crate::app::App;
use crate::error::Error;
use crate::routes::embed::{Own, months};
use crate::routes::words::Words;
use crate::routes::{find, pages, payees};
use crate::store::{PartnerBalances, Tx};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use goodword_domain::id::ProgramId;
use goodword_domain::payout::method::{Kind, Method};
use goodword_domain::time::Instant;

/// What is said at the top, in which language, and whether it is a refusal.
pub struct Told {
    words: &'static Words,
    text: Option<String>,
    status: StatusCode,
    is_refusal: bool,
}

impl Told {
    /// What was done just now, by its word.
    pub fn done(words: &'static Words, word: Option<&str>) -> Self {
        let text = match word {
            Some("details") => Some(words.done_details),
            Some("email") => Some(words.done_email),
            Some("payout") => Some(words.done_payout),
            Some("answers") => Some(words.done_answers),
            Some("registration") => Some(words.done_registration),
            Some("answer") => Some(words.done_answer),
            Some("split") => Some(words.done_split),
            Some("tax") => Some(words.done_tax),
            Some("content") => Some(words.done_content),
            Some("split_answer") => Some(words.done_split_answer),
            _ => None,
        };
        Self { words, text: text.map(str::to_owned), status: StatusCode::OK, is_refusal: false }
    }

    /// Why something was not done.
    pub fn refusal(words: &'static Words, error: &Error) -> Self {
        Self { words, text: Some(words.refusal(error)), status: error.told().0, is_refusal: true }
    }
}

#[derive(Template)]
#[template(path = "account.html")]
struct Page {
    w: &'static Words,
    told: Told,
    vendor: String,
    program: String,
    program_id: String,
    others: Vec<(String, String)>,
    mark: String,
    name: String,
    email: String,
    shown_as: String,
    method: String,
    methods: Vec<(&'static str, &'static str, bool)>,
    sums: Vec<(&'static str, String)>,
    open_balance: Option<String>,
    months: Vec<String>,
    /// Whether the program has funds.
    has_funds: bool,
    /// Whether the program has points.
    has_points: bool,
    deals: Deals,
    splits: Splits,
    content: Content,
    /// What must be said when sharing; empty where nothing must.
    disclosure: String,
    taxes: Taxes,
    questions: Vec<Asked>,
}

/// A question of the program's with the partner's answer.
struct Asked {
    id: String,
    label: String,
    required: bool,
    /// What there is to choose from; empty where anything may be said.
    options: Vec<String>,
    answer: String,
}

#[derive(Template)]
#[template(path = "account_sign_in.html")]
struct SignIn<'a> {
    w: &'static Words,
    program: Option<(String, &'a str)>,
}

/// The form that asks for a link, or, where nobody says of which program, how to come by one.
pub fn sign_in(w: &'static Words, program: Option<(&ProgramId, &str)>) -> Response {
    let program = program.map(|(id, vendor)| (id.to_string(), vendor));
    pages::form_page(StatusCode::OK, &SignIn { w, program })
}

/// The account.
pub async fn render(
    app: &App,
    account: &Account,
    program: Option<String>,
    told: Told,
) -> Result<Response, Error> {
    let (mark, real) = (account.mark(app), app.world.now());
    let account = account.again();
    let (status, words) = (told.status, told.words);
    let page = app.store.read(move |tx| {
        let own = account.own(tx, program.as_deref())?;
        gather(tx, words, &own, mark.clone(), real)
    });
    Ok(pages::form_page(status, &Page { told, ..page.await? }))
}

/// The account as text, for somebody of the vendor's to look at. Its forms have no mark, and nobody is signed in: it does nothing.
pub fn looked_at(tx: &mut Tx<'_>, w: &'static Words, own: &Own, real: Instant) -> Result<String, Error> {
    let page = gather(tx, w, own, String::new(), real)?;
    page.render().map_err(|e| Error::internal(e.to_string()))
}

fn gather(tx: &mut Tx<'_>, w: &'static Words, own: &Own, mark: String, real: Instant) -> Result<Page, Error> {
    let (program, partner) = (&own.program, &own.partner);
    let vendor = find::vendor(tx, &program.vendor)?;
    let balances = tx.partner_balances(&program.id, &partner.id, program.terms.currency)?;
    let payee = tx.payee(&partner.id)?;
    let kind = payee.method.as_ref().map(Method::kind);
    let mut others = Vec::new();
    for id in tx.programs_of_partner(&partner.id)?.into_iter().filter(|id| *id != program.id) {
        others.extend(tx.named_program(&id)?.map(|(id, name)| (id.to_string(), name)));
    }
    let money = |minor: i64| program.terms.currency.show(minor);
    let unpaid = balances.held + balances.payable;
    Ok(Page {
        w,
        told: Told::done(w, None),
        vendor: vendor.name,
        program: program.name.clone(),
        program_id: program.id.to_string(),
        others,
        mark,
        name: partner.name.clone(),
        email: partner.email.clone(),
        shown_as: tx.shown_as(&partner.id)?.unwrap_or_default(),
        method: payee.method.as_ref().map(|m| payees::in_brief(m, w.method(m.kind()))).unwrap_or_default(),
        methods: Kind::ALL.iter().map(|k| (k.word(), w.method(*k), Some(*k) == kind)).collect(),
        sums: sums(w, balances).into_iter().map(|(what, minor)| (what, money(minor))).collect(),
        has_funds: !program.terms.funds.is_empty(),
        has_points: program.terms.has_points(),
        open_balance: (unpaid > 0).then(|| money(unpaid)),
        months: months(own.enrollment.created_at, vendor.clock.now(real)),
        questions: asked(tx, own)?,
        deals: Deals::of(tx, w, own, vendor.clock.now(real))?,
        splits: Splits::of(tx, w, own, vendor.clock.now(real))?,
        content: Content::of(tx, w, own)?,
        disclosure: program.widget.disclosure.clone().unwrap_or_default(),
        taxes: Taxes::of(tx, w, own)?,
    })
}

fn asked(tx: &mut Tx<'_>, own: &Own) -> Result<Vec<Asked>, Error> {
    let given = tx.answers_given(&own.enrollment.id)?;
    let questions = own.program.widget.questions.iter();
    let asked = questions.map(|question| Asked {
        id: question.id.clone(),
        label: question.label.clone(),
        required: question.required,
        options: question.options.clone(),
        answer: given.get(&question.id).cloned().unwrap_or_default(),
    });
    Ok(asked.collect())
}

fn sums(w: &Words, b: PartnerBalances) -> [(&'static str, i64); 4] {
    [(w.held, b.held), (w.to_be_paid, b.payable), (w.on_its_way, b.sent), (w.paid, b.paid)]
}
