//! What an event earns those it is credited to: the reward of each, what the caps leave, and the commissions.

use super::exchange::Exchanged;
use super::suspicion::{self, By, Suspected, Trail};
use super::{Attributed, sharers};
use crate::error::Error;
use crate::store::{CommissionRow, Customer, KnownPartner, Link, Program, Tx};
use crate::world::World;
use goodword_domain::attribution::Kind;
use goodword_domain::commission::{self, Commission, Source};
use goodword_domain::id::{ClickId, CommissionId, CustomerId, LeadId, LinkId, PartnerId, ProgramId, SaleId};
use goodword_domain::ledger::Transfer;
use goodword_domain::money::Currency;
use goodword_domain::program::Terms;
use goodword_domain::reward::{
    self, Amount, Calculation, Exchange, Fit, Formula, Happened, Occasion, Order, Part, Period, Referred,
    Reward, Room, Volume,
};
use goodword_domain::risk;
use goodword_domain::time::Instant;
use goodword_wire::RewardFit;
use std::sync::Arc;

/// What is credited.
#[expect(clippy::struct_field_names, reason = "the wire calls it so")]
pub struct Event<'a> {
    pub program: &'a Program,
    pub customer: Option<&'a Customer>,
    pub happened: Happened<'a>,
    pub at: Instant,
    pub lead: Option<LeadId>,
    pub sale: Option<SaleId>,
    pub click: Option<ClickId>,
    pub invoice_id: Option<String>,
    pub event_name: Option<String>,
    pub order: &'a Order,
    pub exchanged: &'a Exchanged,
    pub country: Option<&'a str>,
    pub metadata: &'a [(String, String)],
    /// Whether this may be rewarded as a sign-up: only a person's first is.
    pub first_sign_up: bool,
    pub trail: &'a Trail<'a>,
}

/// What an event earned.
#[derive(Default)]
pub struct Credited {
    pub commissions: Vec<(CommissionRow, Option<Transfer>)>,
    /// Every reward with whether it applied, for each partner.
    pub fits: Vec<RewardFit>,
    /// What the referred gets.
    pub referred: Option<Referred>,
    /// What speaks against it.
    pub suspected: Suspected,
}

/// Credits everybody who shares in an event.
pub fn credit_all(
    tx: &mut Tx<'_>,
    world: World,
    event: &Event<'_>,
    Attributed { decision, spare, .. }: &Attributed,
) -> Result<Credited, Error> {
    let mut credited = Credited::default();
    let mut weights: Vec<u64> = decision.credits.iter().map(|credit| credit.weight).collect();
    weights.extend((*spare > 0).then_some(*spare));
    for (partner, mine) in sharers(decision) {
        let last = mine.last().map(|place| &decision.credits[*place]);
        let part = Part { weights: weights.clone(), mine: mine.clone() };
        let by = By {
            kind: decision.by,
            link: last.map(|credit| &credit.link),
            click: last.and_then(|credit| credit.click.as_ref()),
        };
        credit_one(tx, world, event, (partner, by, part), &mut credited)?;
    }
    Ok(credited)
}

/// Credits the partner of a link for a visit that counts.
pub fn credit_click(
    tx: &mut Tx<'_>,
    world: World,
    event: &Event<'_>,
    link: &Link,
) -> Result<Credited, Error> {
    let mut credited = Credited::default();
    let by = By { kind: Some(Kind::Click), link: Some(&link.id), click: None };
    let all = (link.partner.clone(), by, Part::whole());
    credit_one(tx, world, event, all, &mut credited)?;
    Ok(credited)
}

/// The reward that pays a partner for an event.
pub fn applying<'a>(
    tx: &mut Tx<'_>,
    event: &Event<'a>,
    partner: &PartnerId,
) -> Result<Option<&'a Reward>, Error> {
    let (_, terms) = event.program.version_at(event.at);
    let known = tx.known_partner(&event.program.vendor, &event.program.id, partner)?;
    let occasion = occasion(tx, event, terms, partner, &known)?;
    Ok(occasion.and_then(|occasion| reward::applying(&terms.rewards, &occasion)))
}

fn credit_one(
    tx: &mut Tx<'_>,
    world: World,
    event: &Event<'_>,
    (partner, by, part): (PartnerId, By<'_>, Part),
    credited: &mut Credited,
) -> Result<(), Error> {
    let (version, terms) = event.program.version_at(event.at);
    let known = tx.known_partner(&event.program.vendor, &event.program.id, &partner)?;
    let Some(occasion) = occasion(tx, event, terms, &partner, &known)? else { return Ok(()) };
    let again = matches!(event.happened, Happened::Lead(_)) && !event.first_sign_up;
    let eligible = |reward: &Reward| !again || reward.event != reward::Event::Lead;
    let rewards: Vec<Reward> = terms.rewards.iter().filter(|r| eligible(r)).cloned().collect();
    let fits = reward::fits(&rewards, &occasion);
    let applying = fits.iter().find(|(_, fit)| *fit == Fit::Applies).map(|(reward, _)| *reward);
    credited.fits.extend(fits.iter().map(|(reward, fit)| told(reward, *fit, &partner)));
    let Some(reward) = applying else { return Ok(()) };
    let unit = terms.unit(reward);
    let customer = event.customer.map(|customer| &customer.id);
    let earner = Earner { program: &event.program.id, customer, partner: &partner, at: event.at };
    let (before, baseline) = brought(tx, &earner, reward)?;
    let calculation = Calculation {
        formula: reward.formula(&occasion, before, baseline),
        paid: event.order.paid,
        exchange: event.exchanged.rate(),
        room: room(tx, &earner, terms, reward)?,
        part,
    };
    let found = suspicion::examine(tx, event, (&partner, &known), by)?;
    let step = commission::credit(Commission {
        id: CommissionId::from_bits(world.bits()),
        partner,
        currency: unit,
        calculation,
        amount: event.order.paid,
        refunded: 0,
        earnings: 0,
        status: risk::opening(&found.signals),
        clears_at: terms.clears_at(event.at),
        source: if terms.budgeted && unit != Currency::POINTS { Source::Budget } else { Source::Expense },
        in_payout: false,
    });
    credited.referred = credited.referred.take().or_else(|| reward.referred.clone());
    let row = row(event, version, reward, by.link.cloned(), step.commission);
    credited.suspected.add(&row, found)?;
    credited.commissions.push((row, step.transfer));
    Ok(())
}

fn row(
    event: &Event<'_>,
    version: i64,
    reward: &Reward,
    link: Option<LinkId>,
    commission: Commission,
) -> CommissionRow {
    CommissionRow {
        vendor: event.program.vendor.clone(),
        program: event.program.id.clone(),
        customer: event.customer.map(|customer| customer.id.clone()),
        link,
        lead: event.lead.clone(),
        sale: event.sale.clone(),
        click: event.click.clone(),
        corrects: None,
        reward: Some(reward.id.clone()),
        version,
        earnings_at_first: commission.earnings,
        note: None,
        at: event.at,
        invoice_id: event.invoice_id.clone(),
        event_name: event.event_name.clone(),
        payout: None,
        commission,
    }
}

fn told(reward: &Reward, fit: Fit, partner: &PartnerId) -> RewardFit {
    RewardFit {
        partner_id: partner.to_string(),
        reward_id: reward.id.to_string(),
        name: reward.name.clone(),
        event: reward.event.word().into(),
        fit: fit.word().into(),
    }
}

fn occasion<'a>(
    tx: &mut Tx<'_>,
    event: &Event<'a>,
    terms: &Terms,
    partner: &'a PartnerId,
    known: &'a Arc<KnownPartner>,
) -> Result<Option<Occasion<'a>>, Error> {
    let Some(group) = &known.group else { return Ok(None) };
    let first = event.customer.and_then(|customer| customer.first_commissioned_at);
    let returning = match event.customer {
        Some(customer) if first.is_none() && terms.asks_who_paid() => {
            tx.has_bought(&customer.id, event.at)?
        }
        _ => first.is_some_and(|first| first <= event.at),
    };
    Ok(Some(Occasion {
        event: event.happened,
        at: event.at,
        partner,
        group: (group, &known.group_name),
        first_commissioned_sale: first,
        returning,
        order: event.order,
        country: event.country,
        metadata: event.metadata,
    }))
}

/// Whose caps and tiers an event counts towards.
struct Earner<'a> {
    program: &'a ProgramId,
    customer: Option<&'a CustomerId>,
    partner: &'a PartnerId,
    at: Instant,
}

/// A commission's figures, now that there is a rate: what was earned since it began to wait counts before it.
pub fn recalculated(
    tx: &mut Tx<'_>,
    program: &Program,
    row: &CommissionRow,
    exchange: &Exchange,
) -> Result<Calculation, Error> {
    let version = program.versions.iter().find(|version| version.number == row.version);
    let terms = version.map_or(&program.terms, |version| &version.terms);
    let exchanged = Calculation { exchange: Some(exchange.clone()), ..row.commission.calculation.clone() };
    let reward = row.reward.as_ref().and_then(|id| terms.rewards.iter().find(|reward| reward.id == *id));
    let Some(reward) = reward else { return Ok(exchanged) };
    let (customer, partner) = (row.customer.as_ref(), &row.commission.partner);
    let earner = Earner { program: &program.id, customer, partner, at: row.at };
    let room = room(tx, &earner, terms, reward)?;
    let mut formula = exchanged.formula;
    if let Formula::Tiers { before, baseline, .. } = &mut formula {
        (*before, *baseline) = brought(tx, &earner, reward)?;
    }
    Ok(Calculation { formula, room, ..exchanged })
}

/// What the partner brought by a tiered reward in the period so far, and in the one before.
fn brought(tx: &mut Tx<'_>, e: &Earner<'_>, reward: &Reward) -> Result<(Volume, i64), Error> {
    let Amount::Tiers(tiers) = &reward.amount else { return Ok((Volume::default(), 0)) };
    let (start, end) = tiers.period.around(e.at);
    let before = tx.volume_brought(e.program, e.partner, &reward.id, start, end)?;
    let on_growth = tiers.mode == reward::Mode::RetroactiveOnGrowth && tiers.period != Period::Ever;
    if !on_growth {
        return Ok((before, 0));
    }
    let (start, end) = tiers.period.around(Instant(start.0 - 1));
    Ok((before, tiers.measured(tx.volume_brought(e.program, e.partner, &reward.id, start, end)?)))
}

/// What the caps and the budget leave.
fn room(tx: &mut Tx<'_>, e: &Earner<'_>, terms: &Terms, reward: &Reward) -> Result<Room, Error> {
    let (caps, unit) = (reward.caps, terms.unit(reward));
    let mut room = Room::default().whole_at_most(caps.event);
    if let (Some(cap), Some(customer)) = (caps.customer, e.customer) {
        let earned = tx.earned_on_customer(customer, &reward.id)?;
        room = room.whole_at_most(Some(cap - earned));
    }
    if let Some((cap, period)) = caps.total {
        let (start, end) = period.around(e.at);
        let earned = tx.earned_by_reward(e.program, None, &reward.id, start, end)?;
        room = room.whole_at_most(Some(cap - earned));
    }
    if let Some((cap, period)) = caps.partner {
        let (start, end) = period.around(e.at);
        let earned = tx.earned_by_reward(e.program, Some(e.partner), &reward.id, start, end)?;
        room.own = Some((cap - earned).max(0));
    }
    if terms.budgeted && unit != Currency::POINTS {
        room = room.whole_at_most(Some(tx.budget_left(e.program, unit)?));
    }
    Ok(room)
}
