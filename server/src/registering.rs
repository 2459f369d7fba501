//! Registrations: filed by partners or for them, decided by the vendor, ended by the clock; and what they pay. Whoever does
//! something about a program's registrations takes turns, so that of two who register one customer at once one is the first.

use crate::crediting::{Contact, standing, told};
use crate::error::Error;
use crate::granting::grant;
use crate::hash;
use crate::mails;
use crate::remaining;
use crate::store::{Customer, Origin, Program, RegistrationEvent, RegistrationPaid, RegistrationRow, Tx};
use crate::world::World;
use goodword_domain::attribution::{Kind, Touch};
use goodword_domain::commission::Status as CommissionStatus;
use goodword_domain::id::{PartnerId, ProgramId, RegistrationId};
use goodword_domain::registration::{
    self as domain, Act, Outcome, Payment, Refusal, Registration, Settings, Standing, Status, keys_of_email,
};
use goodword_domain::time::Instant;
use goodword_wire::Touchpoint;

/// How many registrations a partner may file in 30 days.
const MOST: i64 = 200;

/// What a registration says, checked.
#[derive(Clone, Debug)]
pub struct Told {
    pub customer: domain::Customer,
    /// Minor units.
    pub amount: Option<i64>,
    pub note: Option<String>,
}

/// Who does something, and what is said with it.
#[derive(Clone, Debug)]
pub struct Said {
    pub by: String,
    pub note: Option<String>,
}

impl Said {
    fn event(&self, status: &str, at: Instant) -> RegistrationEvent {
        let Self { by, note } = self.clone();
        RegistrationEvent { status: status.to_owned(), by, note, at }
    }
}

/// What became of a registration that was filed.
#[derive(Debug)]
pub enum Filed {
    /// It is there now, or was already.
    Here(Box<RegistrationRow>),
    /// Somebody else has the customer. The attempt is kept, for the vendor to see.
    Taken,
}

/// What whoever registers a customer that somebody else has is told; never who that is.
pub const TAKEN: &str =
    "This customer is registered by another partner: try again when that protection has ended.";

/// The rules in force; none: the program takes no registrations.
pub fn rules(program: &Program) -> Result<&Settings, Error> {
    program.terms.registrations.as_ref().ok_or_else(|| {
        Error::Conflict(
            "This program takes no registrations: give it `registrations`, see /docs/registrations.".into(),
        )
    })
}

/// The rules by which registrations go that are there: the latest that there were.
fn last_rules(program: &Program) -> Result<&Settings, Error> {
    let before = program.versions.iter().rev().find_map(|version| version.terms.registrations.as_ref());
    program.terms.registrations.as_ref().or(before).map_or_else(|| rules(program), Ok)
}

/// Whether the program ever took registrations, so that a sale may be one's.
fn takes_any(program: &Program) -> bool {
    program.versions.iter().any(|version| version.terms.registrations.is_some())
}

fn take_turns(tx: &mut Tx<'_>, program: &ProgramId) -> Result<(), Error> {
    Ok(tx.lock(&[hash::number(&format!("registrations:{program}"))])?)
}

/// How a customer stands towards a partner who would register it.
pub fn check(
    tx: &mut Tx<'_>,
    program: &Program,
    partner: &PartnerId,
    customer: &domain::Customer,
    now: Instant,
) -> Result<(Standing, Vec<RegistrationRow>), Error> {
    let rows = tx.registrations_of_keys(&program.id, &customer.keys())?;
    let rivals: Vec<Registration> = rows.iter().map(|row| row.registration.clone()).collect();
    Ok((domain::standing(&rivals, partner, rules(program)?.conflict, now), rows))
}

/// Files a registration; the partner's own of the same customer that is there already stays the one.
pub fn file(
    tx: &mut Tx<'_>,
    world: World,
    program: &Program,
    partner: &PartnerId,
    told: &Told,
    (said, now): (&Said, Instant),
) -> Result<Filed, Error> {
    take_turns(tx, &program.id)?;
    let (standing, mut rows) = check(tx, program, partner, &told.customer, now)?;
    let place = match standing {
        Standing::Own(place) => return Ok(Filed::Here(Box::new(rows.swap_remove(place)))),
        Standing::First | Standing::Taken => 1,
        Standing::Second => 2,
    };
    let again =
        |row: &RegistrationRow| row.registration.partner == *partner && row.reason == "customer_taken";
    if standing == Standing::Taken && rows.iter().any(again) {
        return Ok(Filed::Taken);
    }
    if tx.registrations_since(&program.id, partner, now.plus_days(-30))? >= MOST {
        return Err(Error::TooMany(format!("At most {MOST} registrations can be filed in 30 days: wait.")));
    }
    let mut row = RegistrationRow {
        id: RegistrationId::from_bits(world.bits()),
        vendor: program.vendor.clone(),
        program: program.id.clone(),
        customer_name: told.customer.name.clone(),
        contact: told.customer.contact.clone(),
        external_id: None,
        amount: told.amount,
        reason: "waiting_for_review".into(),
        invoice_id: None,
        created_at: now,
        registration: Registration::submitted(partner.clone(), place, rules(program)?, now),
    };
    if standing == Standing::Taken {
        row.registration.status = Status::Rejected;
        row.reason = "customer_taken".into();
    }
    tx.insert_registration(&row, &told.customer.keys())?;
    tx.insert_registration_event(&row, &said.event(row.registration.status.word(), now))?;
    Ok(if standing == Standing::Taken { Filed::Taken } else { Filed::Here(Box::new(row)) })
}

fn note_down(
    tx: &mut Tx<'_>,
    row: &RegistrationRow,
    status: &str,
    said: &Said,
    at: Instant,
) -> Result<(), Error> {
    tx.insert_registration_event(row, &said.event(status, at))?;
    Ok(tx.registration_changed(row)?)
}

/// Does something about a registration, and pays or takes back what that pays.
pub fn act(
    tx: &mut Tx<'_>,
    world: World,
    program: &Program,
    id: &RegistrationId,
    (act, said): (&Act, &Said),
    now: Instant,
) -> Result<RegistrationRow, Error> {
    take_turns(tx, &program.id)?;
    let row = tx.registration(&program.vendor, id)?.ok_or_else(no_such_registration)?;
    let outcome = row.registration.act(act, last_rules(program)?, now).map_err(refused)?;
    saved(tx, world, program, row, outcome, (act, said, now))
}

fn saved(
    tx: &mut Tx<'_>,
    world: World,
    program: &Program,
    mut row: RegistrationRow,
    outcome: Outcome,
    (act, said, now): (&Act, &Said, Instant),
) -> Result<RegistrationRow, Error> {
    let before = row.registration.clone();
    row.registration = outcome.registration;
    if row.registration == before {
        return Ok(row);
    }
    reason(act, said).clone_into(&mut row.reason);
    tx.update_registration(&row)?;
    let status = match act {
        Act::Extend => "extended".to_owned(),
        Act::Advance(stage) => format!("stage:{stage}"),
        _ => row.registration.status.word().to_owned(),
    };
    note_down(tx, &row, &status, said, now)?;
    if let Some(payment) = outcome.pays.filter(|payment| payment.amount > 0) {
        pay(tx, world, program, &row, &payment, now)?;
    }
    if outcome.takes_back {
        take_back(tx, world, &row, now)?;
    }
    let mail = match act {
        Act::Approve => Some(mails::Kind::DealApproved),
        Act::Ask => Some(mails::Kind::DealAsked),
        Act::Reject | Act::Disqualify => Some(mails::Kind::DealRefused),
        Act::Answer | Act::Extend | Act::Advance(_) | Act::Win { .. } | Act::Lose => None,
    };
    if let Some(kind) = mail {
        mails::deal_told(tx, world, &row, kind, said.note.as_deref())?;
    }
    if before.place == 1 && before.is_live(Instant(now.0 - 1)) && !row.registration.is_live(now) {
        promote(tx, &row, now)?;
    }
    Ok(row)
}

fn reason(act: &Act, said: &Said) -> &'static str {
    match act {
        Act::Approve if said.by == OURSELVES => "approved_unreviewed",
        Act::Approve | Act::Extend | Act::Advance(_) => "approved_by_vendor",
        Act::Reject => "rejected_by_vendor",
        Act::Ask => "asked_by_vendor",
        Act::Answer => "waiting_for_review",
        Act::Win { .. } => "won",
        Act::Lose => "lost",
        Act::Disqualify => "disqualified_by_vendor",
    }
}

/// Who does what nobody has decided.
const OURSELVES: &str = "goodword";

/// A reason in a sentence, to whoever registered.
pub fn says(reason: &str) -> &'static str {
    match reason {
        "waiting_for_review" => "The vendor reviews it by the date shown.",
        "asked_by_vendor" => "The vendor wants to know more; the review goes on when you answer.",
        "approved_by_vendor" => "The customer is protected for you until the date shown.",
        "approved_unreviewed" => {
            "Nobody objected in time: the customer is protected for you until the date shown."
        }
        "rejected_by_vendor" => "The vendor did not take it.",
        "customer_taken" => TAKEN,
        "won" => "The deal is won.",
        "lost" => "The deal is lost, and the customer is free again.",
        "protection_ended" => "The protection has ended, and the customer is free again.",
        _ => "The vendor disqualified it; what it had paid is taken back.",
    }
}

fn refused(refusal: Refusal) -> Error {
    match refusal {
        Refusal::State(text) => Error::Conflict(text),
        Refusal::Field(invalid) => invalid.into(),
    }
}

/// What whoever names a registration that is not there hears.
pub fn no_such_registration() -> Error {
    Error::NotFound("There is no such registration in this mode: see GET /v1/registrations.".into())
}

fn pay(
    tx: &mut Tx<'_>,
    world: World,
    program: &Program,
    row: &RegistrationRow,
    payment: &Payment,
    now: Instant,
) -> Result<(), Error> {
    let what = match payment.name.strip_prefix("stage:") {
        Some(stage) => format!("reached “{stage}”"),
        None => "won".to_owned(),
    };
    let half = if row.registration.place == 1 { "" } else { ", half for the second registrant" };
    let note = format!("Registered deal with {}: {what}{half}", row.customer_name);
    let amount = payment.amount;
    let granted = grant(tx, world, program, (&row.registration.partner, amount), note, now)?;
    if let Some(commission) = granted {
        let paid = RegistrationPaid { name: payment.name.clone(), amount, commission };
        tx.insert_registration_payment(&row.id, &paid)?;
    }
    Ok(())
}

/// Voids what was not paid out yet; what was is owed.
fn take_back(tx: &mut Tx<'_>, world: World, row: &RegistrationRow, now: Instant) -> Result<(), Error> {
    for paid in tx.registration_payments(&row.id)? {
        let Some(commission) = tx.commission(&row.vendor, &paid.commission)? else { continue };
        let earned = commission.commission.earnings;
        match commission.commission.void(CommissionStatus::Canceled) {
            Some(step) => remaining::save(tx, world, &commission, &step, now)?,
            None if earned > 0 && commission.payout.is_some() => {
                let note = Some(format!("Registered deal with {}: disqualified", row.customer_name));
                remaining::correct(tx, world, &commission, -earned, note, now)?;
            }
            None => {}
        }
    }
    Ok(())
}

/// Where the first has gone, the second is the first.
fn promote(tx: &mut Tx<'_>, gone: &RegistrationRow, now: Instant) -> Result<(), Error> {
    let keys = tx.registration_keys(&gone.id)?;
    for mut second in tx.registrations_of_keys(&gone.program, &keys)? {
        if second.registration.place == 2 && second.registration.is_live(now) {
            second.registration.place = 1;
            tx.update_registration(&second)?;
            let note = Some("The registration before it is over: this one is the first now.".to_owned());
            let status = second.registration.status.word();
            note_down(tx, &second, status, &Said { by: OURSELVES.into(), note }, now)?;
        }
    }
    Ok(())
}

/// What the clock does about a registration: ends its protection, or approves it where the review is overdue.
pub fn tick(
    tx: &mut Tx<'_>,
    world: World,
    program: &Program,
    id: &RegistrationId,
    now: Instant,
) -> Result<(), Error> {
    take_turns(tx, &program.id)?;
    let Some(mut row) = tx.registration(&program.vendor, id)? else { return Ok(()) };
    let said = Said { by: OURSELVES.into(), note: None };
    if row.registration.is_overdue(now) {
        return act(tx, world, program, id, (&Act::Approve, &said), now).map(|_| ());
    }
    let after = row.registration.at(now);
    if after.status == row.registration.status {
        return Ok(());
    }
    let first = row.registration.place == 1;
    row.registration = after;
    row.reason = "protection_ended".into();
    tx.update_registration(&row)?;
    // What the clock has ended was over at that very instant, whenever somebody looked.
    let ended = row.registration.protected_until.unwrap_or(now);
    note_down(tx, &row, Status::Expired.word(), &said, ended)?;
    if first { promote(tx, &row, now) } else { Ok(()) }
}

/// The registrations that protected a customer at `at`, as touchpoints.
pub fn contacts(
    tx: &mut Tx<'_>,
    program: &Program,
    customer: &Customer,
    at: Instant,
) -> Result<Vec<Contact>, Error> {
    if !takes_any(program) {
        return Ok(Vec::new());
    }
    let mut keys = customer.email.as_deref().map(keys_of_email).unwrap_or_default();
    keys.extend(customer.external_id.as_deref().map(key_of_external));
    let mut contacts = Vec::new();
    for row in tx.registrations_of_keys(&program.id, &keys)? {
        let Some(from) = row.registration.protected_from.filter(|_| row.registration.covers(at)) else {
            continue;
        };
        let partner = row.registration.partner.clone();
        let Some(link) = tx.links_of(&program.id, &partner)?.into_iter().next() else { continue };
        let known = tx.known_partner(&program.vendor, &program.id, &partner)?;
        let touch = Touch {
            kind: Kind::Registration,
            partner,
            link: link.id,
            click: None,
            at: from,
            until: row.registration.protected_until,
            bar: standing(&known),
        };
        let told = Touchpoint { link_id: Some(touch.link.to_string()), ..told(&touch, known.name.clone()) };
        contacts.push(Contact { touch, told, origin: Origin::default() });
    }
    Ok(contacts)
}

/// By which the vendor's own id of a customer is found.
pub fn key_of_external(id: &str) -> String {
    format!("external:{id}")
}
