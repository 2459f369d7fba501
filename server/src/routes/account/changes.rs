//! What partners change of their accounts: name, the name others see, address, and how they are paid.

use super::Account;
use super::page::{Told, render};
use crate::app::{App, Shared};
use crate::document;
use crate::error::Error;
use crate::hash;
use crate::mails;
use crate::routes::embed::one_time;
use crate::routes::pages::{self, TokenField};
use crate::routes::words::{Speech, Words};
use crate::routes::{find, payees};
use crate::store::{OneTime, Purpose};
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use goodword_domain::payout::method::Kind;
use goodword_domain::person::{Email, parse_name};
use goodword_wire::PayoutMethod;
use std::collections::BTreeMap;

/// How long the name others see may be, characters.
const SHOWN_LETTERS: usize = 40;

/// Names.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
pub struct DetailsForm {
    mark: String,
    program: String,
    name: String,
    shown_as: String,
}

/// Another address.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
pub struct EmailForm {
    mark: String,
    program: String,
    email: String,
}

/// How to be paid: the fields of all methods, of which those of the chosen one count.
#[derive(Default, serde::Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct PayoutForm {
    mark: String,
    program: String,
    method: String,
    email: String,
    holder: String,
    iban: String,
    bic: String,
    name: String,
    address: String,
    tax_id: String,
}

/// Back to the account after something was done, or the account with why it was not.
pub(super) async fn answer(
    app: &App,
    words: &'static Words,
    account: &Account,
    program: String,
    (word, done): (&str, Result<(), Error>),
) -> Response {
    let refusal = match done {
        Ok(()) => return Redirect::to(&format!("/p/account?program={program}&done={word}")).into_response(),
        Err(error) => error,
    };
    let told = Told::refusal(words, &refusal);
    let page = render(app, account, Some(program), told).await;
    page.unwrap_or_else(|error| pages::refused(words, &error))
}

pub async fn details(
    State(app): State<Shared>,
    Speech(words): Speech,
    account: Account,
    Form(form): Form<DetailsForm>,
) -> Response {
    let program = plain(&form.program);
    let done = save_details(&app, &account, form).await;
    answer(&app, words, &account, program, ("details", done)).await
}

async fn save_details(app: &App, account: &Account, form: DetailsForm) -> Result<(), Error> {
    account.check(app, &form.mark)?;
    let name = parse_name("name", &form.name)?;
    let shown = Some(form.shown_as.trim().to_owned()).filter(|shown| !shown.is_empty());
    if let Some(shown) = &shown {
        parse_name("shownAs", shown)?;
        if shown.chars().count() > SHOWN_LETTERS || shown.contains('@') || shown.contains("://") {
            let remedy = format!("must be at most {SHOWN_LETTERS} characters, and no address.");
            return Err(Error::field("shownAs", remedy));
        }
    }
    let partner = account.session.partner.clone();
    let saved = app.store.write(move |tx| {
        tx.rename_partner(&partner, &name)?;
        Ok(tx.set_shown_as(&partner, shown.as_ref())?)
    });
    saved.await
}

pub async fn email(
    State(app): State<Shared>,
    Speech(words): Speech,
    account: Account,
    Form(form): Form<EmailForm>,
) -> Response {
    let program = plain(&form.program);
    let done = ask_for_proof(&app, &account, form).await;
    answer(&app, words, &account, program, ("email", done)).await
}

/// Mails a link to the new address. Whether another partner has it is told to whoever reads its mails alone.
async fn ask_for_proof(app: &Shared, account: &Account, form: EmailForm) -> Result<(), Error> {
    account.check(app, &form.mark)?;
    let email = Email::parse("email", &form.email)?;
    app.limits.mail(&email.folded())?;
    let (shared, real) = (app.clone(), app.world.now());
    let account = account.again();
    let asked = app.store.write(move |tx| {
        let own = account.own(tx, Some(&form.program))?;
        let (world, program, partner) = (shared.world, &own.program, &own.partner);
        let secret = one_time(tx, world, program, &partner.id, Purpose::Email, email.as_str(), real)?;
        let address = format!("{}/p/email?token={secret}", shared.public_url);
        mails::prove_other(tx, world, program, partner, email.as_str(), &address)
    });
    asked.await
}

/// Shows the button that takes the new address.
pub async fn confirm_email(Speech(w): Speech, Query(field): Query<TokenField>) -> Response {
    pages::ask(w, [w.use_title, w.use_help, w.use_yes], "/p/email", &field.token)
}

/// Takes the new address.
pub async fn confirmed_email(
    State(app): State<Shared>,
    Speech(words): Speech,
    Form(field): Form<TokenField>,
) -> Response {
    match take_email(&app, &field.token).await {
        Ok(Some(())) => pages::told(words, words.used_title, &[words.used]),
        Ok(None) => pages::too_late(words),
        Err(error @ Error::Conflict(_)) => pages::refused_as(words, &error, words.address_taken),
        Err(error) => pages::refused(words, &error),
    }
}

async fn take_email(app: &App, token: &str) -> Result<Option<()>, Error> {
    let (token_hash, real, world) = (hash::sha256(token), app.world.now(), app.world);
    let done = app.store.write(move |tx| {
        let Some(once) = tx.use_once(Purpose::Email, &token_hash, real)? else { return Ok(None) };
        let OneTime { vendor, program, partner: id, page, .. } = once;
        let (email, at) = (Email::parse("email", &page)?, find::now(tx, &vendor, real)?);
        let other = tx.partner_by_email(&vendor, &email.folded())?;
        if other.is_some_and(|other| other.id != id) {
            return Err(Error::Conflict("This address is another partner's already.".into()));
        }
        let Some(partner) = tx.partner(&vendor, &id)? else { return Ok(None) };
        let program = find::program_by_id(tx, &vendor, &program)?;
        mails::address_changed(tx, world, &program, &partner)?;
        tx.change_email(&id, &email, at)?;
        Ok(Some(()))
    });
    done.await
}

pub async fn payout(
    State(app): State<Shared>,
    Speech(words): Speech,
    account: Account,
    Form(form): Form<PayoutForm>,
) -> Response {
    let program = plain(&form.program);
    let done = save_payout(&app, &account, form).await;
    answer(&app, words, &account, program, ("payout", done)).await
}

async fn save_payout(app: &App, account: &Account, form: PayoutForm) -> Result<(), Error> {
    account.check(app, &form.mark)?;
    let method = payees::read_method(&form.chosen()?)?;
    let (world, real) = (app.world, app.world.now());
    let account = account.again();
    let saved = app.store.write(move |tx| {
        let own = account.own(tx, Some(&form.program))?;
        let now = find::now(tx, &own.program.vendor, real)?;
        tx.set_method(&own.program.vendor, &own.partner.id, &method, now)?;
        mails::method_changed(tx, world, &own.program, &own.partner, method.kind())
    });
    saved.await
}

/// Answers to the program's questions, each in a field `answers.…`.
pub async fn answers(
    State(app): State<Shared>,
    Speech(words): Speech,
    account: Account,
    Form(form): Form<BTreeMap<String, String>>,
) -> Response {
    let program = plain(form.get("program").map_or("", String::as_str));
    let done = save_answers(&app, &account, form).await;
    answer(&app, words, &account, program, ("answers", done)).await
}

async fn save_answers(app: &App, account: &Account, form: BTreeMap<String, String>) -> Result<(), Error> {
    account.check(app, form.get("mark").map_or("", String::as_str))?;
    let account = account.again();
    let saved = app.store.write(move |tx| {
        let own = account.own(tx, form.get("program").map(String::as_str))?;
        let told = form
            .iter()
            .filter_map(|(name, text)| Some((name.strip_prefix("answers.")?.to_owned(), text.clone())));
        let answers = document::read_answers(&own.program.widget.questions, &told.collect())?;
        Ok(tx.set_answers(&own.enrollment.id, &answers)?)
    });
    saved.await
}

impl PayoutForm {
    /// The chosen method with its own fields alone: the form has those of all.
    fn chosen(&self) -> Result<PayoutMethod, Error> {
        let kind = Kind::parse(&self.method)?;
        let filled = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let of = |kinds: &[Kind], text: &str| filled(text).filter(|_| kinds.contains(&kind));
        let by_mail = [Kind::PayPal, Kind::GiftCard, Kind::Wise];
        let by_bank = [Kind::Sepa, Kind::Wise];
        Ok(PayoutMethod {
            method: Some(kind.word().into()),
            email: of(&by_mail, &self.email),
            holder: of(&by_bank, &self.holder),
            iban: of(&by_bank, &self.iban),
            bic: of(&[Kind::Sepa], &self.bic),
            name: of(&[Kind::CreditNote], &self.name),
            address: of(&[Kind::CreditNote], &self.address),
            tax_id: of(&[Kind::CreditNote], &self.tax_id),
        })
    }
}

/// A program's id as it can stand in an address, whatever was sent.
pub(super) fn plain(id: &str) -> String {
    id.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(64).collect()
}
