//! What an event earns those it is credited to: the reward of each, what the caps leave, and the commissions.

use super::exchange::Exchanged;
use super::sharers;
use super::suspicion::{self, Suspected, Trail};
use crate::error::Error;
use crate::store::{CommissionRow, Customer, KnownPartner, Program, Tx};
use crate::world::World;
use goodword_domain::attribution::{Decision, Kind};
use goodword_domain::commission::{self, Commission, Source, Status};
use goodword_domain::id::{ClickId, CommissionId, LeadId, LinkId, PartnerId, SaleId};
use goodword_domain::ledger::Transfer;
use goodword_domain::money::Currency;
use goodword_domain::program::Terms;
use goodword_domain::reward::{
    self, Amount, Calculation, Fit, Formula, Happened, Occasion, Order, Part, Period, Referred, Reward, Room,
    Volume,
};
use goodword_domain::risk;
use goodword_domain::time::Instant;
use goodword_wire::RewardFit;
use std::sync::Arc;

/// What is credited.
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
    decision: &Decision,
) -> Result<Credited, Error> {
    let mut credited = Credited::default();
    let weights: Vec<u64> = decision.credits.iter().map(|credit| credit.weight).collect();
    for (partner, mine) in sharers(decision) {
        let last = mine.last().map(|place| &decision.credits[*place]);
        let part = Part { weights: weights.clone(), mine: mine.clone() };
        let by =
            (decision.by, last.map(|credit| &credit.link), last.and_then(|credit| credit.click.as_ref()));
        credit_one(tx, world, event, (partner, by, part), &mut credited)?;
    }
    Ok(credited)
}

fn credit_one(
    tx: &mut Tx<'_>,
    world: World,
    event: &Event<'_>,
    (partner, by, part): (PartnerId, (Option<Kind>, Option<&LinkId>, Option<&ClickId>), Part),
    credited: &mut Credited,
) -> Result<(), Error> {
    let (version, terms) = event.program.version_at(event.at);
    let known = tx.known_partner(&event.program.vendor, &event.program.id, &partner)?;
    let Some(occasion) = occasion(tx, event, terms, &partner, &known)? else { return Ok(()) };
    let eligible = |reward: &Reward| event.first_sign_up || reward.event != reward::Event::Lead;
    let rewards: Vec<Reward> = terms.rewards.iter().filter(|r| eligible(r)).cloned().collect();
    let fits = reward::fits(&rewards, &occasion);
    let applying = fits.iter().find(|(_, fit)| *fit == Fit::Applies).map(|(reward, _)| *reward);
    credited.fits.extend(fits.iter().map(|(reward, fit)| told(reward, *fit, &partner)));
    let Some(reward) = applying else { return Ok(()) };
    let unit = terms.unit(reward);
    let (before, baseline) = brought(tx, event, reward, &partner)?;
    let calculation = Calculation {
        formula: reward.formula(&occasion, before, baseline),
        paid: event.order.paid,
        exchange: event.exchanged.rate(),
        room: room(tx, event, terms, reward, &partner, unit)?,
        part,
    };
    let found = suspicion::examine(tx, event, (&partner, &known), by)?;
    let needs_rate = *event.exchanged == Exchanged::Missing && needs_rate(&calculation.formula);
    let step = commission::credit(Commission {
        id: CommissionId::from_bits(world.bits()),
        partner,
        currency: unit,
        calculation,
        amount: event.order.paid,
        refunded: 0,
        earnings: 0,
        status: if needs_rate { Status::NeedsRate } else { risk::opening(&found.signals) },
        clears_at: terms.clears_at(event.at),
        source: if terms.budgeted && unit != Currency::POINTS { Source::Budget } else { Source::Expense },
        in_payout: false,
    });
    credited.referred = credited.referred.take().or_else(|| reward.referred.clone());
    let row = row(event, version, reward, by.1.cloned(), step.commission);
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
        Some(customer) if first.is_none() && terms.asks_who_paid() => tx.has_bought(&customer.id)?,
        _ => first.is_some(),
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

/// A bounty is in the program's currency, whatever was paid in.
fn needs_rate(formula: &Formula) -> bool {
    matches!(formula, Formula::Percentage { .. } | Formula::Tiers { .. })
}

/// What the partner brought by a tiered reward in the period so far, and in the one before.
fn brought(
    tx: &mut Tx<'_>,
    event: &Event<'_>,
    reward: &Reward,
    partner: &PartnerId,
) -> Result<(Volume, i64), Error> {
    let Amount::Tiers(tiers) = &reward.amount else { return Ok((Volume::default(), 0)) };
    let (start, end) = tiers.period.around(event.at);
    let before = tx.volume_brought(&event.program.id, partner, &reward.id, start, end)?;
    let on_growth = tiers.mode == reward::Mode::RetroactiveOnGrowth && tiers.period != Period::Ever;
    if !on_growth {
        return Ok((before, 0));
    }
    let (start, end) = tiers.period.around(Instant(start.0 - 1));
    Ok((before, tiers.measured(tx.volume_brought(&event.program.id, partner, &reward.id, start, end)?)))
}

/// What the caps and the budget leave.
fn room(
    tx: &mut Tx<'_>,
    event: &Event<'_>,
    terms: &Terms,
    reward: &Reward,
    partner: &PartnerId,
    unit: Currency,
) -> Result<Room, Error> {
    let (caps, program) = (reward.caps, &event.program.id);
    let mut room = Room::default().whole_at_most(caps.event);
    if let (Some(cap), Some(customer)) = (caps.customer, event.customer) {
        let earned = tx.earned_on_customer(&customer.id, &reward.id)?;
        room = room.whole_at_most(Some(cap - earned));
    }
    if let Some((cap, period)) = caps.total {
        let (start, end) = period.around(event.at);
        let earned = tx.earned_by_reward(program, None, &reward.id, start, end)?;
        room = room.whole_at_most(Some(cap - earned));
    }
    if let Some((cap, period)) = caps.partner {
        let (start, end) = period.around(event.at);
        let earned = tx.earned_by_reward(program, Some(partner), &reward.id, start, end)?;
        room.own = Some((cap - earned).max(0));
    }
    if terms.budgeted && unit != Currency::POINTS {
        room = room.whole_at_most(Some(tx.budget_left(program, unit)?));
    }
    Ok(room)
}
