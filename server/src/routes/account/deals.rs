//! Registered deals and how the current periods stand, on a partner's account page.

use super::Account;
use super::changes::{answer as answered, plain};
use crate::app::{App, Shared};
use crate::error::Error;
use crate::registering::{self, Filed, Said, TAKEN, Told};
use crate::routes::embed::Own;
use crate::routes::words::{Speech, Words};
use crate::routes::{find, registrations, settlements};
use crate::store::Tx;
use axum::extract::{Form, State};
use axum::response::Response;
use goodword_domain::id::RegistrationId;
use goodword_domain::language::Language;
use goodword_domain::money::Currency;
use goodword_domain::registration::{Act, Customer};
use goodword_domain::time::Instant;
use goodword_wire::{Progress, Registration};

/// How many registrations the page lists.
const MOST: i64 = 50;

/// What the page says of deals and periods.
pub struct Deals {
    /// Whether the program takes registrations.
    pub takes: bool,
    /// For how many days a customer is protected.
    pub days: i64,
    /// The program's currency.
    pub currency: String,
    /// The latest, newest first.
    pub registered: Vec<Deal>,
    /// What each rule is called, what the period has earned, and how far the next step is.
    pub progress: Vec<(String, String, String)>,
}

/// One registration.
pub struct Deal {
    /// Its id.
    pub id: String,
    /// What the customer is called.
    pub customer: String,
    /// The customer's domain or address.
    pub contact: String,
    /// Where it stands, in words.
    pub status: &'static str,
    /// Why, in a sentence.
    pub says: &'static str,
    /// The date that matters.
    pub date: Option<String>,
    /// What the vendor asks.
    pub asked: Option<String>,
}

impl Deals {
    /// A partner's in a program.
    pub fn of(tx: &mut Tx<'_>, w: &'static Words, own: &Own, now: Instant) -> Result<Self, Error> {
        let (program, partner) = (&own.program, &own.partner.id);
        let rules = program.terms.registrations.as_ref();
        let registered = registrations::of_partner(tx, program, partner, (MOST, now))?;
        let currency = program.terms.currency;
        let progress = settlements::progress_of(tx, program, Some(partner), now)?;
        Ok(Self {
            takes: rules.is_some(),
            days: rules.map_or(0, |rules| rules.protection_days),
            currency: currency.to_string(),
            registered: registered.into_iter().map(|one| Deal::of(w, one)).collect(),
            progress: progress.into_iter().map(|p| standing(w, currency, p)).collect(),
        })
    }
}

/// What a rule is called, what the period has earned, and how far the next step is. The server's own sentence is English.
fn standing(w: &Words, currency: Currency, p: Progress) -> (String, String, String) {
    let figure = |n: i64| if p.measure == "amount" { currency.decimal(n) } else { n.to_string() };
    let ahead = p.next.as_ref().map(|next| {
        let text = w.with(w.ahead, "missing", &figure(next.missing));
        let text = w.with(&text, "day", &next.by);
        w.with(&text, "unlocks", &currency.decimal(next.unlocks))
    });
    let says = if w.language == Language::En { p.says } else { ahead.unwrap_or_default() };
    (p.name, currency.show(p.earned), says)
}

impl Deal {
    fn of(w: &'static Words, r: Registration) -> Self {
        let day = |instant: &str| instant.get(..10).unwrap_or_default().to_owned();
        let asked = r.trail.iter().rev().find(|event| event.status == "more_information");
        let (status, date) = match r.status.as_str() {
            "submitted" => (w.d_submitted, Some(day(&r.due_at))),
            "more_information" => (w.d_more_information, None),
            "approved" => (w.d_approved, r.protected_until.as_deref().map(day)),
            "won" => (w.d_won, None),
            "lost" => (w.d_lost, None),
            "expired" => (w.d_expired, r.protected_until.as_deref().map(day)),
            "rejected" => (w.d_rejected, None),
            _ => (w.d_disqualified, None),
        };
        let asked = asked.filter(|_| r.status == "more_information").and_then(|event| event.note.clone());
        let asks = r.status == "more_information";
        Self {
            id: r.id,
            customer: r.customer_name,
            contact: r.contact,
            status,
            says: says(w, &r.reason),
            date,
            asked: asks.then(|| asked.unwrap_or_else(|| w.d_asks.to_owned())),
        }
    }
}

/// Why a deal stands where it does, in a sentence.
fn says(w: &'static Words, reason: &str) -> &'static str {
    match reason {
        "waiting_for_review" => w.d_says_waiting,
        "asked_by_vendor" => w.d_says_asked,
        "approved_by_vendor" => w.d_says_protected,
        "approved_unreviewed" => w.d_says_unreviewed,
        "rejected_by_vendor" => w.d_says_rejected,
        "customer_taken" => w.d_says_taken,
        "won" => w.d_says_won,
        "lost" => w.d_says_lost,
        "protection_ended" => w.d_says_ended,
        _ => w.d_says_disqualified,
    }
}

/// A deal to register.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
pub struct RegisterForm {
    mark: String,
    program: String,
    customer: String,
    contact: String,
    amount: String,
}

/// Registers a deal.
pub async fn register(
    State(app): State<Shared>,
    Speech(words): Speech,
    account: Account,
    Form(form): Form<RegisterForm>,
) -> Response {
    let program = plain(&form.program);
    let done = registered(&app, &account, form).await;
    answered(&app, words, &account, program, ("registration", done)).await
}

async fn registered(app: &App, account: &Account, form: RegisterForm) -> Result<(), Error> {
    account.check(app, &form.mark)?;
    let account = account.again();
    let (world, real) = (app.world, app.world.now());
    let filed = app.store.write(move |tx| {
        let own = account.own(tx, Some(&form.program))?;
        may(tx, &own)?;
        let amount = Some(form.amount.trim()).filter(|text| !text.is_empty());
        let currency = own.program.terms.currency;
        let told = Told {
            customer: Customer::parse(&form.customer, &form.contact)?,
            amount: amount.map(|text| currency.read("amount", text)).transpose()?,
            note: None,
        };
        let now = find::now(tx, &own.program.vendor, real)?;
        let said = Said { by: "partner".into(), note: None };
        registering::rules(&own.program)?;
        find::open(&own.program)?;
        registering::file(tx, world, &own.program, &own.partner.id, &told, (&said, now))
    });
    match filed.await? {
        Filed::Here(_) => Ok(()),
        Filed::Taken => Err(Error::Conflict(TAKEN.into())),
    }
}

fn may(tx: &mut Tx<'_>, own: &Own) -> Result<(), Error> {
    let known = tx.known_partner(&own.program.vendor, &own.program.id, &own.partner.id)?;
    if known.approved {
        Ok(())
    } else {
        Err(Error::Forbidden("Registrations are for approved partners.".into()))
    }
}

/// An answer to what the vendor asked.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
pub struct AnswerForm {
    mark: String,
    program: String,
    id: String,
    note: String,
}

/// Answers what the vendor asked.
pub async fn answer(
    State(app): State<Shared>,
    Speech(words): Speech,
    account: Account,
    Form(form): Form<AnswerForm>,
) -> Response {
    let program = plain(&form.program);
    let done = said(&app, &account, form).await;
    answered(&app, words, &account, program, ("answer", done)).await
}

async fn said(app: &App, account: &Account, form: AnswerForm) -> Result<(), Error> {
    account.check(app, &form.mark)?;
    let id = RegistrationId::parse(&form.id)?;
    let note = find::text("note", Some(&form.note), 1000)?;
    let note = Some(note.ok_or_else(|| Error::field("note", "is needed: answer what was asked."))?);
    let account = account.again();
    let (world, real) = (app.world, app.world.now());
    let done = app.store.write(move |tx| {
        let own = account.own(tx, Some(&form.program))?;
        let row = tx.registration(&own.program.vendor, &id)?;
        let is_own = |row: &crate::store::RegistrationRow| {
            row.registration.partner == own.partner.id && row.program == own.program.id
        };
        row.filter(is_own).ok_or_else(registering::no_such_registration)?;
        let now = find::now(tx, &own.program.vendor, real)?;
        let said = Said { by: "partner".into(), note: note.clone() };
        registering::act(tx, world, &own.program, &id, (&Act::Answer, &said), now).map(|_| ())
    });
    done.await
}
