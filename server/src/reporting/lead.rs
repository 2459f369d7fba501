//! Leads: a sign-up binds the customer to whoever is credited for it.

use super::desk::{self, Desk};
use super::{
    Added, Case, Heard, Named, Opened, Report, Told, customer, decide_all, event_time, flat, grounds,
    program_of,
};
use crate::auth::EventCaller;
use crate::crediting::{self, Attributed, Came, Event, Exchanged};
use crate::document;
use crate::error::Error;
use crate::routes::listed::lead_link;
use crate::routes::{find, view};
use crate::store::{CommissionRow, Customer, Key, Lead, Program, Together, Tx};
use crate::time::show;
use goodword_domain::id::{ClickId, LeadId};
use goodword_domain::reward::{Happened, Order};
use goodword_domain::time::Instant;
use goodword_wire::{self as wire, ClickRef, LeadOutput};
use std::sync::Arc;

/// A report of a sign-up, checked.
#[derive(Clone, Debug)]
pub struct LeadReport {
    pub told: Told,
    /// The origin of our own pages, for links in the answer.
    pub public_url: Arc<str>,
}

impl Together for LeadReport {
    type Answer = Heard<LeadOutput>;

    fn together(tx: &mut Tx<'_>, reports: &[&Self]) -> Result<Vec<Result<Heard<LeadOutput>, Error>>, Error> {
        decide_all(tx, reports)
    }
}

impl Report for LeadReport {
    type Answer = LeadOutput;

    fn told(&self) -> &Told {
        &self.told
    }

    /// A person's sign-ups all bear the person's name.
    fn names(&self) -> Vec<String> {
        Vec::new()
    }

    fn needs_leads(&self) -> bool {
        true
    }

    fn admit(&self, caller: &EventCaller) -> Result<(), Error> {
        if self.told.at.is_some() && !caller.is_vendor() {
            return Err(Error::Forbidden("`timestamp` needs a secret key: leave it out.".into()));
        }
        Ok(())
    }

    fn program(&self, tx: &mut Tx<'_>, desk: &Desk, opened: &Opened) -> Result<Arc<Program>, Error> {
        let click = self.told.click().and_then(|id| desk.click(opened.vendor(), &id));
        let by_touch =
            opened.code.as_ref().map(|known| &known.link.program).or(click.map(|click| &click.program));
        let id = self.told.program.clone().or_else(|| by_touch.cloned());
        program_of(tx, opened.vendor(), id.as_ref())
    }

    /// What a page reports has no key: its answer tells nothing of what was known before.
    fn key(&self, case: &Case) -> Option<Key> {
        case.caller.is_vendor().then(|| Key {
            program: case.program.id.clone(),
            source: self.told.event_name.clone(),
            external_id: self.told.named.key(),
            kind: "lead",
        })
    }

    fn decide(&self, tx: &mut Tx<'_>, desk: &Desk, case: &Case) -> Result<(LeadOutput, Added), Error> {
        let at = event_time(&self.told, case.now)?;
        find::open(&case.program)?;
        let (person, lead, added) = self.sign_up(tx, desk, case, at)?;
        let answer = if case.caller.is_vendor() {
            let earned = added.commissions.first().map(|(row, _)| row);
            LeadOutput { referred: referred(case, earned, at), ..self.output(tx, &person, &lead, earned)? }
        } else {
            self.receipt(tx, desk, case, at)?
        };
        Ok((answer, added))
    }
}

impl LeadReport {
    /// The sign-up, unless the person has one of that name already.
    fn sign_up(
        &self,
        tx: &mut Tx<'_>,
        desk: &Desk,
        case: &Case,
        at: Instant,
    ) -> Result<(Customer, Lead, Added), Error> {
        let by_page = !case.caller.is_vendor();
        let known = customer(desk, &self.told, case, at);
        // A page can be forged: it changes nothing that is known of a person.
        let complete = |known: Customer| if by_page { known } else { self.told.named.complete(known) };
        if let Some(before) = desk.lead(&known.id, &self.told.event_name) {
            let (before, person) = (before.clone(), complete(known));
            let added = Added { customer: (!by_page).then(|| person.clone()), ..Added::default() };
            return Ok((person, before, added));
        }
        let contacts = desk::contacts(tx, desk, &believed(case, &known), at)?;
        let attributed = crediting::attribute(tx, &case.program, &known, &contacts, at)?;
        let (_, terms) = case.program.version_at(at);
        let is_sign_up = !terms.is_custom(&self.told.event_name);
        let first_sign_up = is_sign_up && !desk.has_commissioned_sign_up(&known.id, terms);
        let person = crediting::bound(complete(known), &attributed);
        let mut lead = self.lead(case, &person, &attributed, at)?;
        let metadata = flat(self.told.metadata.as_deref());
        let event = Event {
            program: &case.program,
            customer: Some(&person),
            happened: Happened::Lead(&self.told.event_name),
            at,
            lead: Some(lead.id.clone()),
            sale: None,
            click: None,
            invoice_id: None,
            event_name: Some(self.told.event_name.clone()),
            order: &Order::default(),
            exchanged: &Exchanged::Same,
            country: None,
            metadata: &metadata,
            first_sign_up,
            trail: &desk.trail(case, person.bound.as_ref()),
        };
        let credited = crediting::credit_all(tx, self.told.world, &event, &attributed)?;
        lead.grounds = grounds(&case.program, at, credited.fits, &credited.suspected.signals)?;
        let added = Added {
            customer: Some(person.clone()),
            lead: Some(lead.clone()),
            sale: None,
            commissions: credited.commissions,
            suspected: credited.suspected,
            passed_over: Vec::new(),
        };
        Ok((person, lead, added))
    }

    /// What a page hears: its own words and its own touchpoint back, whoever the person turned out to be. Nothing tells
    /// whether he or she was known before.
    fn receipt(&self, tx: &mut Tx<'_>, desk: &Desk, case: &Case, at: Instant) -> Result<LeadOutput, Error> {
        let vendor = case.caller.vendor();
        let clicked = self.told.click().and_then(|id| desk.click(vendor, &id));
        let link = match (&case.came.code, clicked) {
            (Some(link), _) => Some(link.clone()),
            (None, Some(click)) => tx.link(vendor, &click.link)?,
            (None, None) => None,
        };
        let partner = match &link {
            Some(link) => Some(view::partner_ref(tx, vendor, &link.program, &link.partner)?),
            None => None,
        };
        let Named { external_id, name, email, .. } = self.told.named.clone();
        Ok(LeadOutput {
            id: String::new(),
            click: click_ref(clicked.map(|click| &click.id)),
            link: link.map(|l| lead_link(&self.public_url, &l)),
            customer: wire::Customer {
                id: String::new(),
                external_id,
                name,
                email: email.map(|e| e.as_str().to_owned()),
                avatar: None,
                created_at: show(at),
                partner: None,
            },
            credited: partner.is_some(),
            partner,
            reason: "received".into(),
            commission: None,
            referred: None,
        })
    }

    fn lead(&self, case: &Case, person: &Customer, a: &Attributed, at: Instant) -> Result<Lead, Error> {
        let leading = a.decision.leading();
        Ok(Lead {
            id: LeadId::from_bits(self.told.world.bits()),
            vendor: case.program.vendor.clone(),
            program: case.program.id.clone(),
            customer: person.id.clone(),
            partner: leading.map(|credit| credit.partner.clone()),
            link: leading.map(|credit| credit.link.clone()),
            click: leading.and_then(|credit| credit.click.clone()),
            event_name: self.told.event_name.clone(),
            reason: a.reason(&case.came).into(),
            touchpoints: serde_json::to_string(&a.touchpoints).map_err(|e| Error::internal(e.to_string()))?,
            grounds: String::new(),
            metadata: self.told.metadata.clone(),
            at,
            origin: a.origin,
        })
    }

    fn output(
        &self,
        tx: &mut Tx<'_>,
        person: &Customer,
        lead: &Lead,
        fresh: Option<&CommissionRow>,
    ) -> Result<LeadOutput, Error> {
        let (vendor, program) = (&lead.vendor, &lead.program);
        let link = lead.link.as_ref().map(|id| tx.link(vendor, id)).transpose()?.flatten();
        let before = if fresh.is_none() { tx.commissions_of_lead(&lead.id)? } else { Vec::new() };
        let commission = fresh.or(before.first());
        Ok(LeadOutput {
            id: lead.id.to_string(),
            click: click_ref(lead.click.as_ref()),
            link: link.map(|l| lead_link(&self.public_url, &l)),
            customer: view::customer(tx, person)?,
            partner: lead
                .partner
                .as_ref()
                .map(|id| view::partner_ref(tx, vendor, program, id))
                .transpose()?,
            credited: lead.partner.is_some(),
            reason: lead.reason.clone(),
            commission: commission.map(|row| view::commission_of(tx, row, Some(person))).transpose()?,
            referred: None,
        })
    }
}

/// A click by its id, which is empty where there is none: SDKs take it for granted that there is one.
fn click_ref(id: Option<&ClickId>) -> ClickRef {
    ClickRef { id: id.map(ToString::to_string).unwrap_or_default() }
}

/// What the reward of a commission gives the person who was referred.
fn referred(case: &Case, earned: Option<&CommissionRow>, at: Instant) -> Option<wire::Referred> {
    let id = earned?.reward.as_ref()?;
    let (_, terms) = case.program.version_at(at);
    let reward = terms.rewards.iter().find(|reward| reward.id == *id)?;
    reward.referred.as_ref().map(document::show_referred)
}

/// A code that a page sends does not take a customer from the partner he or she is bound to: a page can be forged.
fn believed(case: &Case, known: &Customer) -> Case {
    let stands = !case.caller.is_vendor() && known.bound.is_some();
    let code = if stands { None } else { case.came.code.clone() };
    Case { came: Came { code, ..case.came.clone() }, ..case.clone() }
}
