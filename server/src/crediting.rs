//! From an event to a commission: load the touchpoints, let the domain decide, save what it said. Runs inside the
//! transaction of whoever reports the event.

use crate::error::Error;
use crate::hash;
use crate::store::{Bound, Click, CommissionRow, Customer, Key, Link, Program, Tx};
use crate::time::show;
use crate::world::World;
use goodword_domain::attribution::{self, Binding, Decision, Kind, Touch, Verdict, Winner};
use goodword_domain::commission;
use goodword_domain::enrollment::Status;
use goodword_domain::id::{ClickId, CommissionId, LeadId, PartnerId, ProgramId, SaleId, VendorId};
use goodword_domain::reward::{self, Event, Occasion, Reward};
use goodword_domain::time::Instant;
use goodword_wire::{PartnerRef, Touchpoint};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;

/// What a report says about how the person came.
#[derive(Clone, Debug, Default)]
pub struct Came {
    /// The click, if it is one of ours.
    pub click: Option<Click>,
    /// A click id was sent that we do not know: the report is stored all the same.
    pub unknown_click: bool,
    /// The link of the code that was typed.
    pub code: Option<Link>,
}

/// Finds the click and the code of a report. An unknown code is refused, for the person who typed it can mend it.
pub fn how_they_came(
    tx: &mut Tx<'_>,
    vendor: &VendorId,
    program: Option<&ProgramId>,
    click_id: Option<&str>,
    code: Option<&str>,
) -> Result<Came, Error> {
    let click_id = click_id.map(str::trim).filter(|id| !id.is_empty());
    if click_id.is_some_and(|id| !plain(id)) {
        return Err(Error::field(
            "clickId",
            "must be 1 to 64 of A–Z, a–z, 0–9, `_` and `-`, as `/track/click` gave it.",
        ));
    }
    let click = match click_id.and_then(|id| ClickId::parse(id).ok()) {
        Some(id) => tx.click(vendor, &id)?,
        None => None,
    };
    let code = match code.map(str::trim).filter(|code| !code.is_empty()) {
        Some(code) => Some(known_code(tx, vendor, program, code)?),
        None => None,
    };
    Ok(Came { unknown_click: click_id.is_some() && click.is_none(), click, code })
}

fn known_code(
    tx: &mut Tx<'_>,
    vendor: &VendorId,
    program: Option<&ProgramId>,
    code: &str,
) -> Result<Link, Error> {
    let folded = goodword_domain::code::fold(code);
    tx.vendor_link(vendor, program, &folded)?.ok_or_else(|| {
        Error::field("code", "is not known in this program: check its spelling, or leave it out.")
    })
}

/// Whether text is one of the ids that travel through addresses and cookies.
pub fn plain(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// A decision with the touchpoints it was made from.
pub struct Attributed {
    pub decision: Decision,
    pub touchpoints: Vec<Touchpoint>,
}

impl Attributed {
    /// The reason to store: the domain's, unless nobody could be found because the click is unknown.
    pub fn reason(&self, came: &Came) -> &'static str {
        let lost = self.decision.reason == attribution::Reason::NoTouchpoint && came.unknown_click;
        if lost { "unknown_click" } else { self.decision.reason.word() }
    }
}

/// Decides who is credited for an event of `customer` at `at`, and binds the customer to whoever won.
pub fn attribute(
    tx: &mut Tx<'_>,
    program: &Program,
    customer: &Customer,
    came: &Came,
    at: Instant,
) -> Result<Attributed, Error> {
    let mut partners = Partners::default();
    let touches = touches(tx, program, came, at, &mut partners)?;
    let binding =
        customer.bound.as_ref().map(|b| binding(tx, program, customer, b, &mut partners)).transpose()?;
    let decision = attribution::decide(binding.as_ref(), &touches, program.terms.policy(), at);
    if let Some(winner) = &decision.winner {
        rebind(tx, customer, winner)?;
    }
    let touchpoints = explain(customer, binding.as_ref(), &touches, &decision, &partners);
    Ok(Attributed { decision, touchpoints })
}

fn rebind(tx: &mut Tx<'_>, customer: &Customer, winner: &Winner) -> Result<(), Error> {
    let Winner { partner, link, click, by } = winner.clone();
    let bound = Bound { partner, link, click, by };
    if customer.bound.as_ref() != Some(&bound) {
        tx.bind_customer(&customer.id, &bound)?;
    }
    Ok(())
}

/// The partners met, each looked up once: name, and whether approved.
#[derive(Default)]
struct Partners(HashMap<PartnerId, (String, bool)>);

impl Partners {
    fn approved(&mut self, tx: &mut Tx<'_>, program: &Program, id: &PartnerId) -> Result<bool, Error> {
        if let Some((_, approved)) = self.0.get(id) {
            return Ok(*approved);
        }
        let name = tx.partner(&program.vendor, id)?.map_or_else(String::new, |p| p.name);
        let approved = tx.enrollment(&program.id, id)?.is_some_and(|e| e.status == Status::Approved);
        self.0.insert(id.clone(), (name, approved));
        Ok(approved)
    }

    fn refer(&self, id: &PartnerId) -> PartnerRef {
        PartnerRef {
            id: id.to_string(),
            name: self.0.get(id).map_or_else(String::new, |(name, _)| name.clone()),
        }
    }
}

/// The visitor's touchpoints in the program, oldest first. The page's own visitor id ties clicks together; without one
/// (no consent, or a redirect only) the click that was sent stands alone, for a shared network address proves nothing.
fn touches(
    tx: &mut Tx<'_>,
    program: &Program,
    came: &Came,
    at: Instant,
    partners: &mut Partners,
) -> Result<Vec<Touch>, Error> {
    let mut touches = Vec::new();
    for click in clicks(tx, program, came)? {
        let approved = partners.approved(tx, program, &click.partner)?;
        let Click { partner, link, id, at, .. } = click;
        touches.push(Touch { kind: Kind::Click, partner, link, click: Some(id), at, approved });
    }
    if let Some(link) = came.code.as_ref().filter(|link| link.program == program.id) {
        let approved = partners.approved(tx, program, &link.partner)?;
        let (partner, link) = (link.partner.clone(), link.id.clone());
        touches.push(Touch { kind: Kind::Code, partner, link, click: None, at, approved });
    }
    Ok(touches)
}

fn clicks(tx: &mut Tx<'_>, program: &Program, came: &Came) -> Result<Vec<Click>, Error> {
    let Some(click) = came.click.as_ref().filter(|click| click.program == program.id) else {
        return Ok(Vec::new());
    };
    match click.visitor {
        Some(visitor) => Ok(tx.journeys(program.number, &[visitor])?),
        None => Ok(vec![click.clone()]),
    }
}

fn binding(
    tx: &mut Tx<'_>,
    program: &Program,
    customer: &Customer,
    bound: &Bound,
    partners: &mut Partners,
) -> Result<Binding, Error> {
    let Bound { partner, link, click, by } = bound.clone();
    let approved = partners.approved(tx, program, &partner)?;
    Ok(Binding { partner, link, click, by, approved, earned: customer.first_commissioned_at.is_some() })
}

fn explain(
    customer: &Customer,
    binding: Option<&Binding>,
    touches: &[Touch],
    decision: &Decision,
    partners: &Partners,
) -> Vec<Touchpoint> {
    let bound = binding.map(|b| {
        let verdict = match decision.reason {
            attribution::Reason::Bound => Verdict::Credited,
            attribution::Reason::PartnerNotApproved => Verdict::PartnerNotApproved,
            _ => Verdict::CodeWon,
        };
        touchpoint("binding", partners.refer(&b.partner), customer.created_at, b.click.as_ref(), verdict)
    });
    let rest = touches.iter().zip(&decision.verdicts).map(|(touch, verdict)| {
        touchpoint(
            touch.kind.word(),
            partners.refer(&touch.partner),
            touch.at,
            touch.click.as_ref(),
            *verdict,
        )
    });
    bound.into_iter().chain(rest).collect()
}

fn touchpoint(
    kind: &str,
    partner: PartnerRef,
    at: Instant,
    click: Option<&ClickId>,
    verdict: Verdict,
) -> Touchpoint {
    Touchpoint {
        kind: kind.into(),
        partner,
        at: show(at),
        click_id: click.map(ToString::to_string),
        verdict: verdict.word().into(),
    }
}

/// What a commission is earned on.
pub struct Earned<'a> {
    pub program: &'a Program,
    pub customer: &'a Customer,
    pub winner: &'a Winner,
    pub lead: Option<LeadId>,
    pub sale: Option<SaleId>,
    /// Minor units; 0 for a lead.
    pub amount: i64,
    pub at: Instant,
}

/// Credits the winner by the reward that applies, if one does: the commission is stored and posted as held.
pub fn credit(tx: &mut Tx<'_>, world: World, earned: Earned<'_>) -> Result<Option<CommissionRow>, Error> {
    let event = if earned.sale.is_some() { Event::Sale } else { Event::Lead };
    let Earned { program, customer, winner, lead, sale, amount, at } = earned;
    let Some(reward) = applying(tx, program, customer, winner, event, at)? else { return Ok(None) };
    let id = CommissionId::from_bits(world.bits());
    let terms = &program.terms;
    let step = commission::credit(
        id,
        winner.partner.clone(),
        terms.currency,
        reward.rate,
        amount,
        terms.clears_at(at),
    );
    let row = CommissionRow {
        vendor: program.vendor.clone(),
        program: program.id.clone(),
        customer: customer.id.clone(),
        link: winner.link.clone(),
        lead,
        sale,
        reward: reward.id.clone(),
        refunded: 0,
        earnings_at_first: step.commission.earnings,
        at,
        invoice_id: None,
        commission: step.commission,
    };
    tx.insert_commission(&row)?;
    tx.post(world, &program.vendor, &program.id, step.transfer.as_ref(), at)?;
    if row.sale.is_some() && row.commission.earnings > 0 {
        tx.mark_first_commissioned(&customer.id, at)?;
    }
    Ok(Some(row))
}

/// The reward that applies to an event of a customer bound to `winner`.
pub fn applying(
    tx: &mut Tx<'_>,
    program: &Program,
    customer: &Customer,
    winner: &Winner,
    event: Event,
    at: Instant,
) -> Result<Option<Reward>, Error> {
    let Some(enrollment) = tx.enrollment(&program.id, &winner.partner)? else { return Ok(None) };
    let first_commissioned_sale = customer.first_commissioned_at;
    let occasion = Occasion { event, at, group: &enrollment.group, first_commissioned_sale };
    Ok(reward::applying(&program.terms.rewards, &occasion).cloned())
}

/// The hash by which two requests are the same request: of what was sent, so that a field added in a later version does
/// not make another request of an old one.
pub fn input_hash(input: &impl Serialize) -> Result<String, Error> {
    let mut value = serde_json::to_value(input).map_err(|e| Error::internal(e.to_string()))?;
    if let Some(fields) = value.as_object_mut() {
        fields.retain(|_, field| !field.is_null());
    }
    Ok(hash::sha256(&value.to_string()))
}

/// Answers a report once: the same again gets the first answer, another one under the same key is refused.
pub fn once<T: Serialize + DeserializeOwned>(
    tx: &mut Tx<'_>,
    key: Option<&Key>,
    input_hash: &str,
    now: Instant,
    work: impl FnOnce(&mut Tx<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let Some(key) = key else { return work(tx) };
    if let Some((first_hash, answer)) = tx.answer(key)? {
        if first_hash != input_hash {
            return Err(Error::Conflict(format!(
                "`{}` was reported before with other content: send it as it was, or under a key of its own.",
                key.external_id
            )));
        }
        return serde_json::from_str(&answer)
            .map_err(|e| Error::internal(format!("a stored answer is broken: {e}")));
    }
    let answer = work(tx)?;
    let text = serde_json::to_string(&answer).map_err(|e| Error::internal(e.to_string()))?;
    tx.insert_answer(key, input_hash, &text, now)?;
    Ok(answer)
}
