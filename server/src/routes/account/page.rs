//! What an account page says.

use super::Account;
use super::deals::Deals;
use crate::app::App;
use crate::error::Error;
use crate::routes::embed::{Own, months};
use crate::routes::{find, pages, payees};
use crate::store::{PartnerBalances, Tx};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use goodword_domain::id::ProgramId;
use goodword_domain::payout::method::{Kind, Method};
use goodword_domain::time::Instant;

/// What is said at the top, and whether it is a refusal.
pub struct Told {
    pub text: Option<String>,
    status: StatusCode,
    pub is_refusal: bool,
}

impl Told {
    /// What was done just now, by its word.
    pub fn done(word: Option<&str>) -> Self {
        let text = match word {
            Some("details") => "Your details are saved.",
            Some("email") => {
                "A link is on its way to the new address. It works once, for 30 minutes; until then nothing changes."
            }
            Some("payout") => "How you are paid is saved. A mail tells you of it, too.",
            Some("registration") => "The deal is registered. The vendor reviews it by the date shown.",
            Some("answer") => "Your answer is on its way to the vendor.",
            _ => return Self { text: None, status: StatusCode::OK, is_refusal: false },
        };
        Self { text: Some(text.to_owned()), status: StatusCode::OK, is_refusal: false }
    }

    /// Something was done.
    pub fn good(text: &str) -> Self {
        Self { text: Some(text.to_owned()), status: StatusCode::OK, is_refusal: false }
    }

    /// How the page is answered.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Why something was not done.
    pub fn refusal(error: &Error) -> Self {
        Self { text: Some(pages::in_words(error)), status: error.told().0, is_refusal: true }
    }
}

#[derive(Template)]
#[template(path = "account.html")]
struct Page {
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
    deals: Deals,
}

#[derive(Template)]
#[template(path = "account_sign_in.html")]
struct SignIn<'a> {
    program: Option<(String, &'a str)>,
}

/// The form that asks for a link, or, where nobody says of which program, how to come by one.
pub fn sign_in(program: Option<(&ProgramId, &str)>) -> Response {
    let program = program.map(|(id, vendor)| (id.to_string(), vendor));
    pages::form_page(StatusCode::OK, &SignIn { program })
}

/// The account.
pub async fn render(
    app: &App,
    account: &Account,
    program: Option<String>,
    told: Told,
) -> Result<Response, Error> {
    let (mark, real) = (account.mark(app), app.world.now());
    let (session, token_hash) = (account.session.clone(), account.token_hash.clone());
    let status = told.status;
    let page = app.store.read(move |tx| {
        let account = Account { session: session.clone(), token_hash: token_hash.clone() };
        let own = account.own(tx, program.as_deref())?;
        gather(tx, &own, mark.clone(), real)
    });
    Ok(pages::form_page(status, &Page { told, ..page.await? }))
}

fn gather(tx: &mut Tx<'_>, own: &Own, mark: String, real: Instant) -> Result<Page, Error> {
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
        told: Told::done(None),
        vendor: vendor.name,
        program: program.name.clone(),
        program_id: program.id.to_string(),
        others,
        mark,
        name: partner.name.clone(),
        email: partner.email.clone(),
        shown_as: tx.shown_as(&partner.id)?.unwrap_or_default(),
        method: payee.method.as_ref().map(payees::in_brief).unwrap_or_default(),
        methods: Kind::ALL.iter().map(|k| (k.word(), called(*k), Some(*k) == kind)).collect(),
        has_funds: !program.terms.funds.is_empty(),
        sums: sums(balances).into_iter().map(|(what, minor)| (what, money(minor))).collect(),
        open_balance: (unpaid > 0).then(|| money(unpaid)),
        months: months(own.enrollment.created_at, vendor.clock.now(real)),
        deals: Deals::of(tx, own, vendor.clock.now(real))?,
    })
}

fn sums(b: PartnerBalances) -> [(&'static str, i64); 4] {
    [("Held", b.held), ("To be paid", b.payable), ("On its way", b.sent), ("Paid", b.paid)]
}

/// What partners call a way of paying.
pub fn called(kind: Kind) -> &'static str {
    match kind {
        Kind::PayPal => "PayPal",
        Kind::Wise => "Wise",
        Kind::Sepa => "Bank transfer (SEPA)",
        Kind::GiftCard => "Gift card",
        Kind::CreditNote => "Credit note",
        Kind::Manual => "As agreed with the vendor",
    }
}
