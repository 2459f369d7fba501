//! What an event earns a partner: the reward that pays, what was brought before, and what the caps leave. Whoever asks says what
//! is known of the past: the server from its database, a simulation from what it has decided so far.

use crate::id::{CustomerId, GroupId, PartnerId, RewardId};
use crate::money::Currency;
use crate::points::{Earned, Multiplier};
use crate::program::Terms;
use crate::reward::{
    self, Amount, Calculation, Exchange, Fit, Formula, Happened, Mode, Occasion, Order, Part, Period, Reward,
    Room, Unit, Volume,
};
use crate::time::Instant;

/// What is known of what happened before.
pub trait Past {
    /// Why it could not be asked.
    type Error;

    /// Whether a customer has paid by an instant; a trial is no payment.
    fn has_bought(&mut self, customer: &CustomerId, by: Instant) -> Result<bool, Self::Error>;

    /// What a partner brought by a reward in a half-open range; what was voided does not count.
    fn brought(
        &mut self,
        partner: &PartnerId,
        reward: &RewardId,
        range: (Instant, Instant),
    ) -> Result<Volume, Self::Error>;

    /// What a reward has paid on a customer, whoever was credited, minor units.
    fn earned_on(&mut self, customer: &CustomerId, reward: &RewardId) -> Result<i64, Self::Error>;

    /// What a reward has paid one partner, or all, in a half-open range, minor units.
    fn earned(
        &mut self,
        partner: Option<&PartnerId>,
        reward: &RewardId,
        range: (Instant, Instant),
    ) -> Result<i64, Self::Error>;

    /// What is left of the program's budget, minor units.
    fn budget_left(&mut self, unit: Currency) -> Result<i64, Self::Error>;

    /// The points a partner earned in a half-open range, prizes aside, in any order; of what is held for review none.
    fn points_earned(
        &mut self,
        partner: &PartnerId,
        range: (Instant, Instant),
    ) -> Result<Vec<Earned>, Self::Error>;
}

/// An event one partner may be paid for.
#[derive(Clone, Copy, Debug)]
pub struct Event<'a> {
    /// What happened.
    pub happened: Happened<'a>,
    /// When.
    pub at: Instant,
    /// The partner.
    pub partner: &'a PartnerId,
    /// The partner's group and its name.
    pub group: (&'a GroupId, &'a str),
    /// Who bought or signed up.
    pub customer: Option<&'a CustomerId>,
    /// When that person's first sale was commissioned, if one was.
    pub first_commissioned_sale: Option<Instant>,
    /// Whether this may be rewarded as a sign-up: only a person's first is.
    pub first_sign_up: bool,
    /// What was paid.
    pub order: &'a Order,
    /// Two letters, upper case, where known.
    pub country: Option<&'a str>,
    /// Free data of the vendor's.
    pub metadata: &'a [(String, String)],
}

/// What an event earns a partner.
#[derive(Clone, Debug)]
pub struct Earning<'a> {
    /// Every reward that was asked, with whether it applies.
    pub fits: Vec<(&'a Reward, Fit)>,
    /// The one that pays, and the figures of the commission.
    pub pays: Option<(&'a Reward, Calculation)>,
}

/// The occasion an event is for the rewards of terms.
pub fn occasion<'a, P: Past>(
    past: &mut P,
    terms: &Terms,
    event: &Event<'a>,
) -> Result<Occasion<'a>, P::Error> {
    let first = event.first_commissioned_sale;
    let returning = match event.customer {
        Some(customer) if first.is_none() && terms.asks_who_paid() => past.has_bought(customer, event.at)?,
        _ => first.is_some_and(|first| first <= event.at),
    };
    Ok(Occasion {
        event: event.happened,
        at: event.at,
        partner: event.partner,
        group: event.group,
        first_commissioned_sale: first,
        returning,
        order: event.order,
        country: event.country,
        metadata: event.metadata,
    })
}

/// What an event earns by terms. `share` is the partner's part of it.
pub fn earn<'t, P: Past>(
    past: &mut P,
    terms: &'t Terms,
    event: &Event<'_>,
    (share, exchange): (Part, Option<Exchange>),
) -> Result<Earning<'t>, P::Error> {
    let occasion = occasion(past, terms, event)?;
    let again = matches!(event.happened, Happened::Lead(_)) && !event.first_sign_up;
    let eligible = |reward: &&Reward| !again || reward.event != reward::Event::Lead;
    let fits = reward::fits(terms.rewards.iter().filter(eligible), &occasion);
    let applying = fits.iter().find(|(_, fit)| *fit == Fit::Applies).map(|(reward, _)| *reward);
    let Some(reward) = applying else { return Ok(Earning { fits, pays: None }) };
    let whom = (event.partner, event.at);
    let formula = reward.formula(&occasion, brought(past, whom, reward)?, terms.currency);
    let calculation = Calculation {
        formula: by_level(past, whom, (terms, reward), formula)?,
        paid: event.order.paid,
        exchange,
        room: room(past, whom, event.customer, (terms, reward))?,
        part: share,
    };
    let calculation = within_points(past, (terms, reward), calculation)?;
    Ok(Earning { fits, pays: Some((reward, calculation)) })
}

/// Points are multiplied by what the partner is by the points earned before.
fn by_level<P: Past>(
    past: &mut P,
    (partner, at): (&PartnerId, Instant),
    (terms, reward): (&Terms, &Reward),
    formula: Formula,
) -> Result<Formula, P::Error> {
    let Some(levels) = terms.levels.as_ref().filter(|_| reward.unit == Unit::Points) else {
        return Ok(formula);
    };
    let earned = past.points_earned(partner, (levels.since(at), at))?;
    let times = levels.standing(&earned, at).level.map_or(Multiplier::ONCE, |level| level.times);
    if times == Multiplier::ONCE {
        return Ok(formula);
    }
    Ok(Formula::Times { formula: Box::new(formula), times })
}

/// Points that the budget does not hold whole are refused whole.
fn within_points<P: Past>(
    past: &mut P,
    (terms, reward): (&Terms, &Reward),
    mut calculation: Calculation,
) -> Result<Calculation, P::Error> {
    let is_budgeted = reward.unit == Unit::Points && terms.points.budgeted;
    if is_budgeted && calculation.earns(0) > past.budget_left(Currency::POINTS)? {
        calculation.room.own = Some(0);
    }
    Ok(calculation)
}

/// A commission's figures, now that there is a rate: what was earned since it began to wait counts before it.
pub fn exchanged<P: Past>(
    past: &mut P,
    calculation: &Calculation,
    (partner, at): (&PartnerId, Instant),
    customer: Option<&CustomerId>,
    (terms, reward): (&Terms, Option<&RewardId>),
    exchange: &Exchange,
) -> Result<Calculation, P::Error> {
    let exchanged = Calculation { exchange: Some(exchange.clone()), ..calculation.clone() };
    let reward = reward.and_then(|id| terms.rewards.iter().find(|reward| reward.id == *id));
    let Some(reward) = reward else { return Ok(exchanged) };
    let room = room(past, (partner, at), customer, (terms, reward))?;
    let mut formula = exchanged.formula;
    let inner = if let Formula::Times { formula, .. } = &mut formula { &mut **formula } else { &mut formula };
    if let Formula::Tiers { before, baseline, .. } = inner {
        (*before, *baseline) = brought(past, (partner, at), reward)?;
    }
    within_points(past, (terms, reward), Calculation { formula, room, ..exchanged })
}

/// What the partner brought by a tiered reward in the period so far, and in the one before.
fn brought<P: Past>(
    past: &mut P,
    (partner, at): (&PartnerId, Instant),
    reward: &Reward,
) -> Result<(Volume, i64), P::Error> {
    let Amount::Tiers(tiers) = &reward.amount else { return Ok((Volume::default(), 0)) };
    let (start, end) = tiers.period.around(at);
    let before = past.brought(partner, &reward.id, (start, end))?;
    let on_growth = tiers.mode == Mode::RetroactiveOnGrowth && tiers.period != Period::Ever;
    if !on_growth {
        return Ok((before, 0));
    }
    let (start, end) = tiers.period.around(Instant(start.0 - 1));
    Ok((before, tiers.measured(past.brought(partner, &reward.id, (start, end))?)))
}

/// What the caps and the budget leave.
fn room<P: Past>(
    past: &mut P,
    (partner, at): (&PartnerId, Instant),
    customer: Option<&CustomerId>,
    (terms, reward): (&Terms, &Reward),
) -> Result<Room, P::Error> {
    let (caps, unit) = (reward.caps, terms.unit(reward));
    let mut room = Room::default().whole_at_most(caps.event);
    if let (Some(cap), Some(customer)) = (caps.customer, customer) {
        room = room.whole_at_most(Some(cap - past.earned_on(customer, &reward.id)?));
    }
    if let Some((cap, period)) = caps.total {
        room = room.whole_at_most(Some(cap - past.earned(None, &reward.id, period.around(at))?));
    }
    if let Some((cap, period)) = caps.partner {
        let earned = past.earned(Some(partner), &reward.id, period.around(at))?;
        room.own = Some((cap - earned).max(0));
    }
    if terms.budgeted && unit.is_money() {
        room = room.whole_at_most(Some(past.budget_left(unit)?));
    }
    Ok(room)
}
