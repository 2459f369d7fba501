//! What would have been earned by other terms: the history of a program decided anew, from its beginning, by the code that decides
//! about new events. Nothing is paid out in between, as in a replay.

use crate::attribution::{self, Binding, BoundShare, Buyer, Credit, Kind, Touch};
use crate::commission::{self, Change, Commission, Source, Status};
use crate::earning::{self, Past};
use crate::id::{CommissionId, CustomerId, GroupId, PartnerId, RewardId};
use crate::money::Currency;
use crate::points::Earned;
use crate::program::Terms;
use crate::reward::{Exchange, Happened, Order, Part, Volume};
use crate::time::Instant;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::convert::Infallible;

/// Somebody who may be credited, as he or she stands now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partner {
    /// The group and its name; none for whom is not enrolled.
    pub group: Option<(GroupId, String)>,
    /// Whether he or she may be credited.
    pub approved: bool,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: Instant,
    /// What.
    pub kind: Happening,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// A sign-up or another event.
    Lead(Lead),
    /// A payment.
    Sale(Sale),
    /// So much more of a sale is given back or disputed, or less, minor units, by the number of the sale.
    Gone(u64, i64),
    /// A partner has completed something.
    Completion(Completion),
    /// So much was set aside, or taken away again: minor units of the program's currency, or points.
    Budget(Currency, i64),
}

/// What a partner has completed: a course, a certificate, a good action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// Who.
    pub partner: PartnerId,
    /// What it is called.
    pub name: String,
    /// Free data of the vendor's, the badge among it.
    pub metadata: Vec<(String, String)>,
}

/// A sign-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lead {
    /// Who.
    pub customer: CustomerId,
    /// What it is called.
    pub name: String,
    /// Every touchpoint that was considered.
    pub touches: Vec<Touch>,
    /// Free data of the vendor's.
    pub metadata: Vec<(String, String)>,
}

/// A payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sale {
    /// What tells it from others.
    pub number: u64,
    /// Who.
    pub customer: Option<CustomerId>,
    /// Every touchpoint that was considered.
    pub touches: Vec<Touch>,
    /// Whom the vendor named, with the weights they had; nobody, where it named none.
    pub named: Vec<Credit>,
    /// What was paid.
    pub order: Order,
    /// The rate, as if it had been known at once; none where it was paid in the program's currency.
    pub exchange: Option<Exchange>,
    /// Two letters, upper case, where known.
    pub country: Option<String>,
    /// Free data of the vendor's.
    pub metadata: Vec<(String, String)>,
}

/// What somebody would have earned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Earnings {
    /// How many commissions in money.
    pub commissions: i64,
    /// What they come to, minor units of the program's currency.
    pub money: i64,
    /// What of that is still held, minor units.
    pub held: i64,
    /// Points.
    pub points: i64,
}

/// The history of a program, decided by terms.
pub struct Simulation<'a> {
    terms: &'a Terms,
    partners: &'a HashMap<PartnerId, Partner>,
    range: (Instant, Instant),
    customers: HashMap<CustomerId, Customer>,
    sales: HashMap<u64, Sold>,
    rows: Vec<Row>,
    past: Books,
}

#[derive(Clone, Debug, Default)]
struct Customer {
    bound: Option<(Vec<Credit>, Kind)>,
    first_commissioned: Option<Instant>,
    /// What the leads are called that have earned a commission.
    commissioned: HashSet<String>,
}

/// A sale that has earned something.
#[derive(Clone, Debug)]
struct Sold {
    /// Its commissions, by their places.
    places: Vec<usize>,
    paid: i64,
    /// What was given back or is disputed, also where that is more than was paid.
    gone: i64,
}

#[derive(Clone, Debug)]
struct Row {
    at: Instant,
    customer: Option<CustomerId>,
    reward: RewardId,
    commission: Commission,
}

/// What was earned so far, by what caps, tiers and levels ask for: their periods are whole days.
#[derive(Clone, Debug, Default)]
struct Books {
    paid: HashMap<CustomerId, Instant>,
    by_partner: HashMap<(RewardId, PartnerId), BTreeMap<i64, (i64, Volume)>>,
    by_reward: HashMap<RewardId, BTreeMap<i64, i64>>,
    by_customer: HashMap<(CustomerId, RewardId), i64>,
    /// What is left of what was set aside.
    budget: HashMap<Currency, i64>,
    points: HashMap<PartnerId, BTreeMap<Instant, i64>>,
}

/// The days of a range whose ends are beginnings of days, or the ends of time.
fn days((from, to): (Instant, Instant)) -> std::ops::Range<i64> {
    from.day()..to.day()
}

impl Past for Books {
    type Error = Infallible;

    fn has_bought(&mut self, customer: &CustomerId, by: Instant) -> Result<bool, Infallible> {
        Ok(self.paid.get(customer).is_some_and(|first| *first <= by))
    }

    fn brought(
        &mut self,
        partner: &PartnerId,
        reward: &RewardId,
        range: (Instant, Instant),
    ) -> Result<Volume, Infallible> {
        let known = self.by_partner.get(&(reward.clone(), partner.clone()));
        let of = known.into_iter().flat_map(|known| known.range(days(range)));
        Ok(of.fold(Volume::default(), |sum, (_, (_, volume))| Volume {
            amount: sum.amount + volume.amount,
            units: sum.units + volume.units,
        }))
    }

    fn earned_on(&mut self, customer: &CustomerId, reward: &RewardId) -> Result<i64, Infallible> {
        Ok(self.by_customer.get(&(customer.clone(), reward.clone())).copied().unwrap_or(0))
    }

    fn earned(
        &mut self,
        partner: Option<&PartnerId>,
        reward: &RewardId,
        range: (Instant, Instant),
    ) -> Result<i64, Infallible> {
        let Some(partner) = partner else {
            let known = self.by_reward.get(reward);
            return Ok(known
                .into_iter()
                .flat_map(|known| known.range(days(range)))
                .map(|(_, earned)| earned)
                .sum());
        };
        let known = self.by_partner.get(&(reward.clone(), partner.clone()));
        let of = known.into_iter().flat_map(|known| known.range(days(range)));
        Ok(of.map(|(_, (earned, _))| earned).sum())
    }

    fn budget_left(&mut self, unit: Currency) -> Result<i64, Infallible> {
        Ok(self.budget.get(&unit).copied().unwrap_or(0))
    }

    fn points_earned(
        &mut self,
        partner: &PartnerId,
        (from, to): (Instant, Instant),
    ) -> Result<Vec<Earned>, Infallible> {
        let known = self.points.get(partner).into_iter().flat_map(|known| known.range(from..to));
        Ok(known.map(|(at, points)| Earned { at: *at, points: *points }).collect())
    }
}

impl Books {
    /// Adds what a commission earns and brought, or takes it away again.
    fn add(&mut self, row: &Row, sign: i64) {
        let c = &row.commission;
        let counts = !matches!(c.status, Status::Canceled | Status::Fraud | Status::NeedsRate);
        let volume = if counts { c.calculation.volume(c.refunded) } else { Volume::default() };
        let (day, earned) = (row.at.day(), sign * c.earnings);
        let of = self.by_partner.entry((row.reward.clone(), c.partner.clone())).or_default();
        let (sum, brought) = of.entry(day).or_default();
        *sum += earned;
        brought.amount += sign * volume.amount;
        brought.units += sign * volume.units;
        *self.by_reward.entry(row.reward.clone()).or_default().entry(day).or_default() += earned;
        if let Some(customer) = &row.customer {
            *self.by_customer.entry((customer.clone(), row.reward.clone())).or_default() += earned;
        }
        if c.source == Source::Budget {
            *self.budget.entry(c.currency).or_default() -= earned;
        }
        if c.currency == Currency::POINTS {
            *self.points.entry(c.partner.clone()).or_default().entry(row.at).or_default() += earned;
        }
    }
}

/// The value of what cannot fail.
fn sure<T>(result: Result<T, Infallible>) -> T {
    let Ok(value) = result;
    value
}

/// An event with those it may be credited to.
struct Credited<'a> {
    happened: Happened<'a>,
    at: Instant,
    customer: Option<&'a CustomerId>,
    first_sign_up: bool,
    order: &'a Order,
    exchange: Option<&'a Exchange>,
    country: Option<&'a str>,
    metadata: &'a [(String, String)],
}

impl<'a> Simulation<'a> {
    /// Of terms, with whoever may be credited; only what was earned on events of the half-open range is told.
    pub fn new(
        terms: &'a Terms,
        partners: &'a HashMap<PartnerId, Partner>,
        range: (Instant, Instant),
    ) -> Self {
        Self {
            terms,
            partners,
            range,
            customers: HashMap::new(),
            sales: HashMap::new(),
            rows: Vec::new(),
            past: Books::default(),
        }
    }

    /// Decides about what happened next.
    pub fn play(&mut self, event: &Event) {
        match &event.kind {
            Happening::Lead(lead) => self.lead(lead, event.at),
            Happening::Sale(sale) => self.sale(sale, event.at),
            Happening::Gone(sale, gone) => self.gone(*sale, *gone, event.at),
            Happening::Completion(done) => self.completion(done, event.at),
            Happening::Budget(unit, amount) => *self.past.budget.entry(*unit).or_default() += amount,
        }
    }

    /// What each partner would have earned, and how much of it would be held at `now`.
    pub fn earnings(&self, now: Instant) -> BTreeMap<PartnerId, Earnings> {
        let mut sums: BTreeMap<PartnerId, Earnings> = BTreeMap::new();
        for row in self.rows.iter().filter(|row| self.range.0 <= row.at && row.at < self.range.1) {
            let sum = sums.entry(row.commission.partner.clone()).or_default();
            if row.commission.currency == Currency::POINTS {
                sum.points += row.commission.earnings;
            } else if row.commission.currency.is_money() {
                sum.commissions += 1;
                sum.money += row.commission.earnings;
                sum.held += if row.commission.clears_at > now { row.commission.earnings } else { 0 };
            }
        }
        sums
    }

    fn is_approved(&self, partner: &PartnerId) -> bool {
        self.partners.get(partner).is_some_and(|partner| partner.approved)
    }

    /// Who is credited, and by what.
    fn decide(
        &mut self,
        customer: &Customer,
        id: &CustomerId,
        touches: &[Touch],
        at: Instant,
    ) -> attribution::Decision {
        let binding = customer.bound.as_ref().map(|(shares, by)| Binding {
            shares: shares
                .iter()
                .map(|credit| BoundShare {
                    credit: credit.clone(),
                    approved: self.is_approved(&credit.partner),
                })
                .collect(),
            by: *by,
            earned: customer.first_commissioned.is_some(),
        });
        let asks = self.terms.new_customers_only && customer.bound.is_none();
        let bought_before = asks && sure(self.past.has_bought(id, at));
        attribution::decide(binding.as_ref(), touches, self.terms.policy(), Buyer { bought_before }, at)
    }

    fn lead(&mut self, lead: &Lead, at: Instant) {
        let mut customer = self.customers.remove(&lead.customer).unwrap_or_default();
        let decision = self.decide(&customer, &lead.customer, &lead.touches, at);
        let commissioned = customer.commissioned.iter().any(|name| !self.terms.is_custom(name));
        bind(&mut customer, &decision);
        let event = Credited {
            happened: Happened::Lead(&lead.name),
            at,
            customer: Some(&lead.customer),
            first_sign_up: !self.terms.is_custom(&lead.name) && !commissioned,
            order: &Order::default(),
            exchange: None,
            country: None,
            metadata: &lead.metadata,
        };
        let first = customer.first_commissioned;
        if !self.credit(&event, &decision.credits, first).is_empty() {
            customer.commissioned.insert(lead.name.clone());
        }
        self.customers.insert(lead.customer.clone(), customer);
    }

    fn sale(&mut self, sale: &Sale, at: Instant) {
        let nobody = CustomerId::from_bits(0);
        let id = sale.customer.as_ref().unwrap_or(&nobody);
        let mut customer = self.customers.remove(id).unwrap_or_default();
        let decision = self.decide(&customer, id, &sale.touches, at);
        let credits = if sale.named.is_empty() {
            bind(&mut customer, &decision);
            decision.credits
        } else {
            // Partners named with one sale share that sale; whom the customer is bound to stays.
            sale.named.clone()
        };
        if sale.order.paid > 0 {
            let event = Credited {
                happened: Happened::Sale,
                at,
                customer: sale.customer.as_ref(),
                first_sign_up: false,
                order: &sale.order,
                exchange: sale.exchange.as_ref(),
                country: sale.country.as_deref(),
                metadata: &sale.metadata,
            };
            let places = self.credit(&event, &credits, customer.first_commissioned);
            let counts =
                |row: &Row| row.commission.earnings > 0 || row.commission.status == Status::NeedsRate;
            if places.iter().any(|place| counts(&self.rows[*place])) {
                customer.first_commissioned =
                    Some(customer.first_commissioned.map_or(at, |first| first.min(at)));
            }
            self.sales.insert(sale.number, Sold { places, paid: sale.order.paid, gone: 0 });
            // A sale is stored with what it earns, and counts as bought from then on.
            let first = self.past.paid.entry(id.clone()).or_insert(at);
            *first = (*first).min(at);
        }
        if sale.customer.is_some() {
            self.customers.insert(id.clone(), customer);
        }
    }

    /// What a partner does is nobody else's, and waits for no hold of a customer's.
    fn completion(&mut self, done: &Completion, at: Instant) {
        let event = Credited {
            happened: Happened::Lead(&done.name),
            at,
            customer: None,
            first_sign_up: false,
            order: &Order::default(),
            exchange: None,
            country: None,
            metadata: &done.metadata,
        };
        if let Some(row) = self.earned(&event, (&done.partner, Part::whole()), None) {
            self.past.add(&row, 1);
            self.rows.push(row);
        }
    }

    /// Credits everybody who shares in an event; the places of the commissions.
    fn credit(&mut self, event: &Credited<'_>, credits: &[Credit], first: Option<Instant>) -> Vec<usize> {
        let weights: Vec<u64> = credits.iter().map(|credit| credit.weight).collect();
        let mut sharers: Vec<(&PartnerId, Vec<usize>)> = Vec::new();
        for (place, credit) in credits.iter().enumerate() {
            match sharers.iter_mut().find(|(partner, _)| **partner == credit.partner) {
                Some((_, places)) => places.push(place),
                None => sharers.push((&credit.partner, vec![place])),
            }
        }
        let mut rows = Vec::new();
        for (partner, mine) in sharers {
            let part = Part { weights: weights.clone(), mine };
            rows.extend(self.earned(event, (partner, part), first));
        }
        // What one report earns is stored together, so that those who share it share the room under a cap.
        let begins = self.rows.len();
        for row in &rows {
            self.past.add(row, 1);
        }
        self.rows.extend(rows);
        (begins..self.rows.len()).collect()
    }

    fn earned(
        &mut self,
        event: &Credited<'_>,
        (partner, part): (&PartnerId, Part),
        first: Option<Instant>,
    ) -> Option<Row> {
        let (group, name) = self.partners.get(partner)?.group.as_ref()?;
        let asked = earning::Event {
            happened: event.happened,
            at: event.at,
            partner,
            group: (group, name),
            customer: event.customer,
            first_commissioned_sale: first,
            first_sign_up: event.first_sign_up,
            order: event.order,
            country: event.country,
            metadata: event.metadata,
        };
        let earned = sure(earning::earn(&mut self.past, self.terms, &asked, (part, event.exchange.cloned())));
        let (reward, calculation) = earned.pays?;
        let unit = self.terms.unit(reward);
        let step = commission::credit(Commission {
            id: CommissionId::from_bits(0),
            partner: partner.clone(),
            currency: unit,
            calculation,
            amount: event.order.paid,
            refunded: 0,
            earnings: 0,
            status: Status::Pending,
            clears_at: self.terms.clears_at(event.at),
            source: if self.terms.is_budgeted(unit) { Source::Budget } else { Source::Expense },
            in_payout: false,
        });
        let (at, customer, reward) = (event.at, event.customer.cloned(), reward.id.clone());
        Some(Row { at, customer, reward, commission: step.commission })
    }

    fn gone(&mut self, sale: u64, gone: i64, at: Instant) {
        let Some(sold) = self.sales.get_mut(&sale) else { return };
        sold.gone += gone;
        let gone = sold.gone.clamp(0, sold.paid);
        for place in sold.places.clone() {
            if let Change::Same(step) = self.rows[place].commission.remain(gone, at) {
                self.replace(place, step.commission);
            }
        }
    }

    fn replace(&mut self, place: usize, commission: Commission) {
        self.past.add(&self.rows[place], -1);
        self.rows[place].commission = commission;
        self.past.add(&self.rows[place], 1);
    }
}

fn bind(customer: &mut Customer, decision: &attribution::Decision) {
    if let (false, Some(by)) = (decision.credits.is_empty(), decision.by) {
        customer.bound = Some((decision.credits.clone(), by));
    }
}

#[cfg(test)]
#[path = "simulation_tests.rs"]
mod tests;
