//! Rewards: the rules that turn an event into a commission.
//!
//! A program lists its rewards in order; an event is paid by the first that applies, and the others are told why not.
//! How much it pays is a [`Calculation`]: all the figures that decided, so that it can be done again on what remains
//! after a refund, whatever has become of the rule since.

mod calculation;
mod caps;
mod condition;
mod exact;
mod tiers;

pub use calculation::{Calculation, Exchange, Formula, Part, imported};
pub use caps::{Caps, Room};
pub use condition::{Compared, Comparison, Condition, Field, MAX_DEPTH};
pub use tiers::{Measure, Mode, Period, Step, Tiers, Volume};

use crate::Invalid;
use crate::id::{GroupId, PartnerId, RewardId};
use crate::money::{Currency, Percentage};
use crate::time::Instant;

/// The largest flat reward: 10⁹ minor units, or points.
pub const MAX_FLAT: i64 = 1_000_000_000;

/// What is rewarded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A visit that counts.
    Click,
    /// A sign-up.
    Lead,
    /// A payment; a renewal is one too.
    Sale,
    /// A payment by a customer who has paid before.
    Renewal,
    /// Whatever the vendor reports under this name: a demo booked, a course completed.
    Custom(String),
}

/// How much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rate {
    /// A bounty for each unit: minor units of the program's currency, or points.
    Flat(i64),
    /// A part of what was paid.
    Percentage(Percentage),
}

/// How the amount of a reward is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Amount {
    /// The same for every event.
    Rate(Rate),
    /// By how much the partner has brought in a period.
    Tiers(Tiers),
}

/// In what a reward is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// The program's currency.
    Money,
    /// Points.
    Points,
    /// Credits to be spent on the product.
    Credits,
    /// Free months of the product.
    Months,
}

/// Of which amount a percentage is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// After discount, before tax and shipping.
    Net,
    /// What was paid, tax and shipping included.
    Paid,
    /// Before discount, tax and shipping.
    Listed,
}

/// What a flat reward is paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Per {
    /// Once for the event.
    Event,
    /// For each unit of the quantity.
    Unit,
    /// For each whole amount that was paid: minor units of the program's currency, at least 1.
    Amount(i64),
}

/// What the person who was referred gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Referred {
    /// A code to use at the checkout.
    Coupon(String),
    /// Minor units of the program's currency, to be credited by the vendor.
    Credit(i64),
    /// Credits to be spent on the product.
    Credits(i64),
    /// Free months of the product.
    Months(i64),
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reward {
    /// Its id, the same through all versions.
    pub id: RewardId,
    /// What the vendor calls it.
    pub name: Option<String>,
    /// What is rewarded.
    pub event: Event,
    /// How much.
    pub amount: Amount,
    /// In what.
    pub unit: Unit,
    /// Of what, where it is a percentage.
    pub basis: Basis,
    /// For what, where it is flat.
    pub per: Per,
    /// Calendar months from the customer's first commissioned sale in which sales earn; 0 = only the first; none = for ever.
    pub months: Option<i64>,
    /// From when on it applies.
    pub starts_at: Option<Instant>,
    /// Until when, not including.
    pub ends_at: Option<Instant>,
    /// Only partners of this group.
    pub group: Option<GroupId>,
    /// What must be so.
    pub condition: Condition,
    /// The most it pays.
    pub caps: Caps,
    /// How it is shared among several partners named with the sale.
    pub split: Option<Split>,
    /// What the person who was referred gets.
    pub referred: Option<Referred>,
}

/// How a commission is shared among several partners named with the sale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Split {
    /// By the part each is told to have; what is left goes to the one the sale is attributed to.
    Percentage,
    /// By role: a weight for each.
    Role(Vec<(String, u64)>),
    /// By place: percentages for the first and the last, and the rest over all.
    Position {
        /// Percent for the first; with `last` at most 100.
        first: u64,
        /// Percent for the last.
        last: u64,
    },
}

/// One article of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Which product.
    pub product: Option<String>,
    /// Which plan.
    pub plan: Option<String>,
    /// How many: at least 1.
    pub quantity: i64,
    /// Minor units for all of them, before tax and shipping, after discount.
    pub amount: i64,
}

/// The figures of a payment, minor units of the currency it was made in; all 0 where nothing was paid for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// What the customer paid.
    pub paid: i64,
    /// The part of it that is tax.
    pub tax: i64,
    /// The part of it that is shipping.
    pub shipping: i64,
    /// What was taken off before.
    pub discount: i64,
    /// The articles, if they were told.
    pub items: Vec<Item>,
}

/// An event a reward may apply to.
#[derive(Clone, Debug)]
pub struct Occasion<'a> {
    /// What happened.
    pub event: Happened<'a>,
    /// When.
    pub at: Instant,
    /// The partner to credit.
    pub partner: &'a PartnerId,
    /// The partner's group and its name.
    pub group: (&'a GroupId, &'a str),
    /// When the customer's first sale was commissioned, if one was.
    pub first_commissioned_sale: Option<Instant>,
    /// Whether the customer had paid before.
    pub returning: bool,
    /// What was paid.
    pub order: &'a Order,
    /// Two letters, upper case, where known.
    pub country: Option<&'a str>,
    /// Free data of the vendor's: names and values as text.
    pub metadata: &'a [(String, String)],
}

/// What happened, as rewards tell events apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happened<'a> {
    /// A visit that counts.
    Click,
    /// A sign-up or another event, by its name.
    Lead(&'a str),
    /// A payment.
    Sale,
}

/// What a sign-up is called unless it was said.
pub const SIGN_UP: &str = "Sign up";

/// Whether a reward applies, and if not, why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// It is the one that pays.
    Applies,
    /// One that stands before it pays already.
    EarlierRewardApplies,
    /// It is for another kind of event.
    OtherEvent,
    /// It had not begun.
    NotStarted,
    /// It was over.
    Ended,
    /// It is for partners of another group.
    OtherGroup,
    /// The customer's time is over.
    DurationOver,
    /// A condition is not met.
    ConditionNotMet,
}

/// Every reward with whether it applies, in their order. At most one does: an event is never credited twice.
pub fn fits<'a>(
    rewards: impl IntoIterator<Item = &'a Reward>,
    occasion: &Occasion<'_>,
) -> Vec<(&'a Reward, Fit)> {
    let mut taken = false;
    let mut fit = |reward: &'a Reward| match reward.fit(occasion) {
        Fit::Applies if taken => (reward, Fit::EarlierRewardApplies),
        Fit::Applies => {
            taken = true;
            (reward, Fit::Applies)
        }
        other => (reward, other),
    };
    rewards.into_iter().map(&mut fit).collect()
}

/// The one reward that applies: the first in order.
pub fn applying<'a>(rewards: &'a [Reward], occasion: &Occasion<'_>) -> Option<&'a Reward> {
    rewards.iter().find(|reward| reward.fit(occasion) == Fit::Applies)
}

impl Reward {
    /// Whether it applies by itself.
    pub fn fit(&self, occasion: &Occasion<'_>) -> Fit {
        if !self.event.is(occasion) {
            Fit::OtherEvent
        } else if self.starts_at.is_some_and(|start| occasion.at < start) {
            Fit::NotStarted
        } else if self.ends_at.is_some_and(|end| occasion.at >= end) {
            Fit::Ended
        } else if self.group.as_ref().is_some_and(|group| group != occasion.group.0) {
            Fit::OtherGroup
        } else if !self.lasts(occasion) {
            Fit::DurationOver
        } else if !self.condition.holds(occasion) {
            Fit::ConditionNotMet
        } else {
            Fit::Applies
        }
    }

    fn lasts(&self, occasion: &Occasion<'_>) -> bool {
        match (occasion.event, self.months, occasion.first_commissioned_sale) {
            (Happened::Click | Happened::Lead(_), ..) | (_, None, _) | (_, _, None) => true,
            // Once is once, also when an earlier sale is reported late.
            (Happened::Sale, Some(0), Some(_)) => false,
            (Happened::Sale, Some(months), Some(first)) => occasion.at < first.plus_months(months),
        }
    }

    /// The part of an order it is paid on, where it applies: the amount in minor units of the order's currency, and the units.
    pub fn share_of(&self, occasion: &Occasion<'_>) -> (i64, i64) {
        let order = occasion.order;
        let matching = || order.items.iter().filter(|item| self.condition.takes(occasion, item));
        let units: i64 = matching().map(|item| item.quantity).sum();
        let amount = if self.condition.is_about_items() && !order.items.is_empty() {
            matching().map(|item| item.amount).sum()
        } else {
            self.basis.of(order)
        };
        (amount, units.max(1))
    }

    /// What an event earns by this reward, before it is shared: `before` is what counted in the period already, `baseline`
    /// what counted in the period before that; `currency` is the program's.
    pub fn formula(
        &self,
        occasion: &Occasion<'_>,
        (before, baseline): (Volume, i64),
        currency: Currency,
    ) -> Formula {
        let (base, units) = self.share_of(occasion);
        match &self.amount {
            Amount::Rate(Rate::Flat(each)) => match self.per {
                Per::Event => Formula::Flat { each: *each, units: 1 },
                Per::Unit => Formula::Flat { each: *each, units },
                Per::Amount(per) => Formula::PerAmount { each: *each, per, base, currency },
            },
            Amount::Rate(Rate::Percentage(percentage)) => {
                Formula::Percentage { percentage: *percentage, base }
            }
            Amount::Tiers(tiers) => Formula::Tiers {
                tiers: tiers.clone(),
                before,
                mine: Volume { amount: base, units: tiers.measure.units(units) },
                baseline,
            },
        }
    }

    /// Whether it matters whether the buyer had paid before.
    pub fn asks_who_paid(&self) -> bool {
        self.event == Event::Renewal || self.condition.mentions(&Field::Customer)
    }

    /// Whether what it pays depends on what was paid before, so that two events must not be decided at once.
    pub fn counts(&self) -> bool {
        matches!(self.amount, Amount::Tiers(_)) || self.caps != Caps::default()
    }
}

impl Basis {
    /// Minor units of an order.
    pub fn of(self, order: &Order) -> i64 {
        let net = (order.paid - order.tax - order.shipping).max(0);
        match self {
            Self::Net => net,
            Self::Paid => order.paid,
            Self::Listed => net + order.discount,
        }
    }

    /// The words of the wire.
    pub const WORDS: [(Self, &'static str); 3] =
        [(Self::Net, "net"), (Self::Paid, "paid"), (Self::Listed, "before_discount")];

    /// From its word.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        let found = Self::WORDS.iter().find(|(_, w)| *w == word).map(|(basis, _)| *basis);
        found.ok_or_else(|| Invalid::new("basis", "must be `net`, `paid` or `before_discount`."))
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize].1
    }
}

impl Rate {
    /// From the three fields a reward is sent with.
    pub fn parse(kind: &str, amount: Option<i64>, percentage: Option<&str>) -> Result<Self, Invalid> {
        match (kind, amount, percentage) {
            ("flat", Some(amount), None) if (0..=MAX_FLAT).contains(&amount) => Ok(Self::Flat(amount)),
            ("flat", Some(_), None) => {
                Err(Invalid::new("amount", format!("must be minor units from 0 to {MAX_FLAT}.")))
            }
            ("flat", None, _) => {
                Err(Invalid::new("amount", "is needed for a flat reward: give minor units."))
            }
            ("flat", _, Some(_)) => {
                Err(Invalid::new("percentage", "does not go with a flat reward: leave it out."))
            }
            ("percentage", None, Some(text)) => Percentage::parse(text).map(Self::Percentage),
            ("percentage", _, None) => Err(Invalid::new(
                "percentage",
                "is needed for a percentage reward: give decimal text such as \"20\".",
            )),
            ("percentage", Some(_), _) => {
                Err(Invalid::new("amount", "does not go with a percentage: leave it out."))
            }
            _ => Err(Invalid::new("type", "must be `flat` or `percentage`.")),
        }
    }
}

impl Event {
    /// From its word, and the name of a custom event.
    pub fn parse(word: &str, name: Option<&str>) -> Result<Self, Invalid> {
        match (word, name) {
            ("custom", Some(name)) if !name.trim().is_empty() => Ok(Self::Custom(name.trim().to_owned())),
            ("custom", _) => Err(Invalid::new("eventName", "is needed for a custom event.")),
            (_, Some(_)) => Err(Invalid::new("eventName", "goes with `custom` alone: leave it out.")),
            ("click", None) => Ok(Self::Click),
            ("lead", None) => Ok(Self::Lead),
            ("sale", None) => Ok(Self::Sale),
            ("renewal", None) => Ok(Self::Renewal),
            _ => Err(Invalid::new("event", "must be one of `click`, `lead`, `sale`, `renewal`, `custom`.")),
        }
    }

    /// Its word.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Click => "click",
            Self::Lead => "lead",
            Self::Sale => "sale",
            Self::Renewal => "renewal",
            Self::Custom(_) => "custom",
        }
    }

    /// The name of a custom event.
    pub fn name(&self) -> Option<&str> {
        if let Self::Custom(name) = self { Some(name) } else { None }
    }

    /// Whether it is one without an amount.
    pub fn pays_nothing(&self) -> bool {
        !matches!(self, Self::Sale | Self::Renewal)
    }

    fn is(&self, occasion: &Occasion<'_>) -> bool {
        match (self, occasion.event) {
            // Any first sign-up counts, whatever the vendor calls it; which is the first is for the caller to say.
            (Self::Click, Happened::Click)
            | (Self::Lead, Happened::Lead(_))
            | (Self::Sale, Happened::Sale) => true,
            (Self::Renewal, Happened::Sale) => occasion.returning,
            (Self::Custom(name), Happened::Lead(happened)) => name.eq_ignore_ascii_case(happened),
            _ => false,
        }
    }
}

impl Fit {
    /// Every one.
    pub const ALL: [Self; 8] = [
        Self::Applies,
        Self::EarlierRewardApplies,
        Self::OtherEvent,
        Self::NotStarted,
        Self::Ended,
        Self::OtherGroup,
        Self::DurationOver,
        Self::ConditionNotMet,
    ];

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Applies => "applies",
            Self::EarlierRewardApplies => "earlier_reward_applies",
            Self::OtherEvent => "other_event",
            Self::NotStarted => "not_started",
            Self::Ended => "ended",
            Self::OtherGroup => "other_group",
            Self::DurationOver => "duration_over",
            Self::ConditionNotMet => "condition_not_met",
        }
    }
}

/// Calendar months a reward lasts: 0 to 1,200, or none for ever.
pub fn parse_months(months: Option<i64>) -> Result<Option<i64>, Invalid> {
    match months {
        Some(m) if !(0..=1200).contains(&m) => {
            Err(Invalid::new("maxDuration", "must be 0 to 1200 calendar months, or null for ever."))
        }
        other => Ok(other),
    }
}

impl Split {
    /// The weights of participants: each with the part it was told to have (hundredths of a percent) and a role; the
    /// first is the one the sale is attributed to.
    pub fn weights(&self, told: &[(Option<u64>, Option<&str>)]) -> Result<Vec<u64>, Invalid> {
        match self {
            Self::Percentage => percentages(told),
            Self::Role(roles) => told.iter().map(|(_, role)| weight_of(roles, *role)).collect(),
            Self::Position { first, last } => Ok(positions(told.len(), *first, *last)),
        }
    }
}

const WHOLE: u64 = 10_000;

fn percentages(told: &[(Option<u64>, Option<&str>)]) -> Result<Vec<u64>, Invalid> {
    let sum = told.iter().filter_map(|(part, _)| *part).fold(0, u64::saturating_add);
    if sum > WHOLE {
        return Err(Invalid::new("partners.percentage", "must add up to at most 100."));
    }
    let open = told.iter().filter(|(part, _)| part.is_none()).count();
    match open {
        0 if sum == WHOLE => Ok(told.iter().filter_map(|(part, _)| *part).collect()),
        1 => Ok(told.iter().map(|(part, _)| part.unwrap_or(WHOLE - sum)).collect()),
        0 => Err(Invalid::new(
            "partners.percentage",
            "must add up to 100, or be left out for the one partner who gets the rest.",
        )),
        _ => Err(Invalid::new("partners.percentage", "can be left out for one partner only.")),
    }
}

fn weight_of(roles: &[(String, u64)], role: Option<&str>) -> Result<u64, Invalid> {
    let known = |role: &str| roles.iter().find(|(name, _)| name == role).map(|(_, weight)| *weight);
    role.and_then(known).ok_or_else(|| {
        let names: Vec<&str> = roles.iter().map(|(name, _)| name.as_str()).collect();
        Invalid::new(
            "partners.role",
            format!("must be one of the roles of the reward: {}.", names.join(", ")),
        )
    })
}

/// The rest goes over all, the first and the last included. Source: Post Affiliate Pro, "Split commissions".
fn positions(n: usize, first: u64, last: u64) -> Vec<u64> {
    let count = n as u64;
    let rest = 100_u64.saturating_sub(first + last);
    let bonus = |i: usize| if i == 0 { first } else { 0 } + if i + 1 == n { last } else { 0 };
    (0..n).map(|i| bonus(i) * count + rest).collect()
}

#[cfg(test)]
#[path = "reward_tests.rs"]
mod tests;
