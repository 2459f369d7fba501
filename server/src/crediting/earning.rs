//! What an event earns those it is credited to: the reward of each, what the caps leave, and the commissions.

use super::exchange::Exchanged;
use super::suspicion::{self, By, Suspected, Trail};
use super::{Attributed, sharers};
use crate::error::Error;
use crate::store::{CommissionRow, Customer, KnownPartner, Link, Origin, Program, StoreError, Tx};
use crate::world::World;
use goodword_domain::attribution::Kind;
use goodword_domain::commission::{self, Commission, Source};
use goodword_domain::earning::{self, Past};
use goodword_domain::id::{
    ClickId, CommissionId, CustomerId, LeadId, LinkId, PartnerId, ProgramId, RewardId, SaleId,
};
use goodword_domain::ledger::Transfer;
use goodword_domain::money::Currency;
use goodword_domain::points::Earned;
use goodword_domain::reward::{
    self, Calculation, Exchange, Fit, Happened, Order, Part, Referred, Reward, Volume,
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
    Attributed { decision, spare, origin, .. }: &Attributed,
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
            origin: *origin,
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
    (link, origin): (&Link, Origin),
) -> Result<Credited, Error> {
    let mut credited = Credited::default();
    let by = By { kind: Some(Kind::Click), link: Some(&link.id), click: None, origin };
    let all = (link.partner.clone(), by, Part::whole());
    credit_one(tx, world, event, all, &mut credited)?;
    Ok(credited)
}

/// Credits a partner for what he or she has done, where a reward is for it.
pub fn credit_own(
    tx: &mut Tx<'_>,
    world: World,
    event: &Event<'_>,
    (partner, link): (&PartnerId, Option<&LinkId>),
) -> Result<Credited, Error> {
    let mut credited = Credited::default();
    let by = By { kind: None, link, click: None, origin: Origin::default() };
    credit_one(tx, world, event, (partner.clone(), by, Part::whole()), &mut credited)?;
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
    let Some(asked) = asked(event, partner, &known) else { return Ok(None) };
    let mut past = Kept { tx, program: &event.program.id };
    let occasion = earning::occasion(&mut past, terms, &asked)?;
    Ok(reward::applying(&terms.rewards, &occasion))
}

/// What is kept of what was earned before.
struct Kept<'a, 'b> {
    tx: &'a mut Tx<'b>,
    program: &'a ProgramId,
}

impl Past for Kept<'_, '_> {
    type Error = StoreError;

    fn has_bought(&mut self, customer: &CustomerId, by: Instant) -> Result<bool, StoreError> {
        self.tx.has_bought(customer, by)
    }

    fn brought(
        &mut self,
        partner: &PartnerId,
        reward: &RewardId,
        (from, to): (Instant, Instant),
    ) -> Result<Volume, StoreError> {
        self.tx.volume_brought(self.program, partner, reward, from, to)
    }

    fn earned_on(&mut self, customer: &CustomerId, reward: &RewardId) -> Result<i64, StoreError> {
        self.tx.earned_on_customer(customer, reward)
    }

    fn earned(
        &mut self,
        partner: Option<&PartnerId>,
        reward: &RewardId,
        (from, to): (Instant, Instant),
    ) -> Result<i64, StoreError> {
        self.tx.earned_by_reward(self.program, partner, reward, from, to)
    }

    fn budget_left(&mut self, unit: Currency) -> Result<i64, StoreError> {
        self.tx.budget_left(self.program, unit)
    }

    fn points_earned(
        &mut self,
        partner: &PartnerId,
        range: (Instant, Instant),
    ) -> Result<Vec<Earned>, StoreError> {
        self.tx.points_earned(self.program, partner, range)
    }
}

/// An event as the domain is asked about it; none for whom is not enrolled.
fn asked<'a>(
    event: &Event<'a>,
    partner: &'a PartnerId,
    known: &'a Arc<KnownPartner>,
) -> Option<earning::Event<'a>> {
    let group = known.group.as_ref()?;
    Some(earning::Event {
        happened: event.happened,
        at: event.at,
        partner,
        group: (group, &known.group_name),
        customer: event.customer.map(|customer| &customer.id),
        first_commissioned_sale: event.customer.and_then(|customer| customer.first_commissioned_at),
        first_sign_up: event.first_sign_up,
        order: event.order,
        country: event.country,
        metadata: event.metadata,
    })
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
    let Some(asked) = asked(event, &partner, &known) else { return Ok(()) };
    let mut before = Kept { tx, program: &event.program.id };
    let earned = earning::earn(&mut before, terms, &asked, (part, event.exchanged.rate()))?;
    credited.fits.extend(earned.fits.iter().map(|(reward, fit)| told(reward, *fit, &partner)));
    let Some((reward, calculation)) = earned.pays else { return Ok(()) };
    let unit = terms.unit(reward);
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
        source: if terms.is_budgeted(unit) { Source::Budget } else { Source::Expense },
        in_payout: false,
    });
    credited.referred = credited.referred.take().or_else(|| reward.referred.clone());
    let row = row(event, version, reward, &by, step.commission);
    credited.suspected.add(&row, found)?;
    credited.commissions.push((row, step.transfer));
    Ok(())
}

fn row(
    event: &Event<'_>,
    version: i64,
    reward: &Reward,
    by: &By<'_>,
    commission: Commission,
) -> CommissionRow {
    CommissionRow {
        vendor: event.program.vendor.clone(),
        program: event.program.id.clone(),
        customer: event.customer.map(|customer| customer.id.clone()),
        link: by.link.cloned(),
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
        origin: by.origin,
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

/// A commission's figures, now that there is a rate: what was earned since it began to wait counts before it.
pub fn recalculated(
    tx: &mut Tx<'_>,
    program: &Program,
    row: &CommissionRow,
    exchange: &Exchange,
) -> Result<Calculation, Error> {
    let version = program.versions.iter().find(|version| version.number == row.version);
    let terms = version.map_or(&program.terms, |version| &version.terms);
    let whom = (&row.commission.partner, row.at);
    let (customer, terms) = (row.customer.as_ref(), (terms, row.reward.as_ref()));
    let mut past = Kept { tx, program: &program.id };
    Ok(earning::exchanged(&mut past, &row.commission.calculation, whom, customer, terms, exchange)?)
}
