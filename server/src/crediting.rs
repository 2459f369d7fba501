//! From an event to a commission: the touchpoints, what the domain decides about them, and what that earns.

use crate::error::Error;
use crate::hash;
use crate::routes::view::partner_ref;
use crate::store::{Answer, Bound, Click, CommissionRow, Customer, Key, Link, Program, Tx};
use crate::time::show;
use crate::world::World;
use goodword_domain::attribution::{self, Binding, Decision, Kind, Touch, Verdict, Winner};
use goodword_domain::commission;
use goodword_domain::id::{ClickId, CommissionId, LeadId, PartnerId, SaleId};
use goodword_domain::ledger::Transfer;
use goodword_domain::reward::{self, Event, Occasion, Reward};
use goodword_domain::time::Instant;
use goodword_wire::{PartnerRef, Touchpoint};
use serde::Serialize;
use serde::de::DeserializeOwned;

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

/// Decides who is credited for an event of `customer` at `at`.
pub fn attribute(
    tx: &mut Tx<'_>,
    program: &Program,
    customer: &Customer,
    touches: &[Touch],
    at: Instant,
) -> Result<Attributed, Error> {
    let binding = customer.bound.as_ref().map(|b| binding(tx, program, customer, b)).transpose()?;
    let decision = attribution::decide(binding.as_ref(), touches, program.terms.policy(), at);
    let touchpoints = explain(tx, program, customer, binding.as_ref(), touches, &decision)?;
    Ok(Attributed { decision, touchpoints })
}

/// The customer, bound to whoever won.
pub fn bound(customer: Customer, winner: Option<&Winner>) -> Customer {
    let Some(Winner { partner, link, click, by }) = winner.cloned() else { return customer };
    Customer { bound: Some(Bound { partner, link, click, by }), ..customer }
}

/// A visitor's touchpoints in the program, oldest first: the clicks of the journey, then the code. The page's own visitor
/// id ties clicks together; without one (no consent, or a redirect only) the click that was sent stands alone, for a
/// shared network address proves nothing.
pub fn touches(
    tx: &mut Tx<'_>,
    program: &Program,
    journey: Vec<Click>,
    code: Option<&Link>,
    at: Instant,
) -> Result<Vec<Touch>, Error> {
    let mut touches = Vec::with_capacity(journey.len() + 1);
    for Click { partner, link, id, at, .. } in journey {
        let approved = tx.known_partner(&program.vendor, &program.id, &partner)?.approved;
        touches.push(Touch { kind: Kind::Click, partner, link, click: Some(id), at, approved });
    }
    if let Some(link) = code.filter(|link| link.program == program.id) {
        let approved = tx.known_partner(&program.vendor, &program.id, &link.partner)?.approved;
        let (partner, link) = (link.partner.clone(), link.id.clone());
        touches.push(Touch { kind: Kind::Code, partner, link, click: None, at, approved });
    }
    Ok(touches)
}

fn binding(tx: &mut Tx<'_>, program: &Program, customer: &Customer, bound: &Bound) -> Result<Binding, Error> {
    let Bound { partner, link, click, by } = bound.clone();
    let approved = tx.known_partner(&program.vendor, &program.id, &partner)?.approved;
    Ok(Binding { partner, link, click, by, approved, earned: customer.first_commissioned_at.is_some() })
}

fn explain(
    tx: &mut Tx<'_>,
    program: &Program,
    customer: &Customer,
    binding: Option<&Binding>,
    touches: &[Touch],
    decision: &Decision,
) -> Result<Vec<Touchpoint>, Error> {
    let mut refer = |id: &PartnerId| partner_ref(tx, &program.vendor, &program.id, id);
    let mut all = Vec::with_capacity(touches.len() + 1);
    if let Some(b) = binding {
        let verdict = match decision.reason {
            attribution::Reason::Bound => Verdict::Credited,
            attribution::Reason::PartnerNotApproved => Verdict::PartnerNotApproved,
            _ => Verdict::CodeWon,
        };
        all.push(touchpoint("binding", refer(&b.partner)?, customer.created_at, b.click.as_ref(), verdict));
    }
    for (touch, verdict) in touches.iter().zip(&decision.verdicts) {
        let partner = refer(&touch.partner)?;
        all.push(touchpoint(touch.kind.word(), partner, touch.at, touch.click.as_ref(), *verdict));
    }
    Ok(all)
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
    pub invoice_id: Option<String>,
    /// Minor units; 0 for a lead.
    pub amount: i64,
    pub at: Instant,
}

/// What the winner earns by a reward: the commission, and what it posts as held.
pub fn credit(world: World, reward: &Reward, earned: Earned<'_>) -> (CommissionRow, Option<Transfer>) {
    let Earned { program, customer, winner, lead, sale, invoice_id, amount, at } = earned;
    let id = CommissionId::from_bits(world.bits());
    let terms = &program.terms;
    let (partner, clears_at) = (winner.partner.clone(), terms.clears_at(at));
    let step = commission::credit(id, partner, terms.currency, reward.rate, amount, clears_at);
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
        invoice_id,
        commission: step.commission,
    };
    (row, step.transfer)
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
    let partner = tx.known_partner(&program.vendor, &program.id, &winner.partner)?;
    let Some(group) = &partner.group else { return Ok(None) };
    let occasion = Occasion { event, at, group, first_commissioned_sale: customer.first_commissioned_at };
    Ok(reward::applying(&program.terms.rewards, &occasion).cloned())
}

/// The hash by which two requests are the same request: of the fields that were sent, in the order of the record. So a field
/// added in a later version does not make another request of an old one; reordering the record's fields would.
pub fn input_hash(input: &impl Serialize) -> Result<String, Error> {
    let text = serde_json::to_string(input).map_err(|e| Error::internal(e.to_string()))?;
    Ok(hash::sha256(&text))
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
    if let Some((first_hash, answer)) = tx.answers(std::slice::from_ref(key))?.remove(key) {
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
    tx.insert_answers(&[Answer { key: key.clone(), hash: input_hash.to_owned(), text, at: now }])?;
    Ok(answer)
}
