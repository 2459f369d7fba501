//! Tiers: rates that grow with what a partner brings in a period.

use super::Rate;
use super::exact::quotient;
use crate::Invalid;
use crate::time::{DAY_MS, Instant, civil, days_from_civil};

/// How a higher tier changes what was earned below it. A boundary belongs to the higher tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Each tier's rate is for what lies within it.
    Marginal,
    /// The rate of the tier reached is for all of the period.
    Retroactive,
    /// The rate of the tier reached is for what the period has more than the one before.
    RetroactiveOnGrowth,
}

/// What is measured against the tiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// The amount, minor units of the program's currency.
    Amount,
    /// The quantities of the orders.
    Quantity,
    /// The number of events.
    Count,
}

/// What tiers and caps count over, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// A calendar day; for caps alone.
    Day,
    /// A calendar month.
    Month,
    /// A quarter of a calendar year.
    Quarter,
    /// A calendar year.
    Year,
    /// All of the program.
    Ever,
}

/// One tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Where it begins: an amount in minor units, or the ordinal of the first unit or event in it.
    pub from: i64,
    /// What it pays.
    pub rate: Rate,
}

/// The tiers of a reward; at least one, in rising order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tiers {
    /// How a higher one changes what was earned below it.
    pub mode: Mode,
    /// What is measured.
    pub measure: Measure,
    /// Over what.
    pub period: Period,
    /// The tiers.
    pub steps: Vec<Step>,
}

/// How much was brought: minor units, and units or events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Volume {
    /// Minor units.
    pub amount: i64,
    /// Units or events.
    pub units: i64,
}

impl Tiers {
    /// The same, once it is sure to make sense.
    pub fn checked(self) -> Result<Self, Invalid> {
        let before = |place: usize| place.checked_sub(1).map_or(-1, |before| self.steps[before].from);
        let fallen = (0..self.steps.len()).find(|place| self.steps[*place].from <= before(*place));
        let flat = |step: &Step| matches!(step.rate, Rate::Flat(_));
        let flats = self.steps.iter().filter(|step| flat(step)).count();
        if self.steps.is_empty() || self.steps.len() > 20 {
            Err(Invalid::new("tiers.steps", "must be 1 to 20 tiers."))
        } else if let Some(place) = fallen {
            let remedy = "must rise from tier to tier, from 0 up.";
            Err(Invalid::new(format!("tiers.steps[{place}].from"), remedy))
        } else if let Some(place) = self.steps.iter().position(|step| flat(step) != flat(&self.steps[0])) {
            let remedy = "must pay as the first tier does: all an `amount`, or all a `percentage`.";
            Err(Invalid::new(format!("tiers.steps[{place}]"), remedy))
        } else if self.mode != Mode::Marginal && !self.is_rising() {
            let remedy = "must not fall from tier to tier where the tier reached is for all of the period: it would take back what was earned.";
            Err(Invalid::new("tiers.steps", remedy))
        } else if flats > 0 && self.measure == Measure::Amount {
            Err(Invalid::new("tiers.measure", "must be `quantity` or `count` where tiers pay a flat amount."))
        } else if flats == 0 && self.measure != Measure::Amount && self.mode == Mode::RetroactiveOnGrowth {
            Err(Invalid::new("tiers.measure", "must be `amount` where percentages are paid on growth."))
        } else {
            Ok(self)
        }
    }

    fn is_rising(&self) -> bool {
        self.steps.windows(2).all(|pair| pair[0].rate.scaled() <= pair[1].rate.scaled())
    }

    /// What one event earns: what all earn with it, less what they earned without. `baseline` is the measure of the period
    /// before, used on growth alone.
    pub fn earns(&self, before: Volume, mine: Volume, baseline: i64) -> i64 {
        if self.is_percentage_by_number() {
            return self.percentage_of_mine(before.units, mine);
        }
        let after = Volume { amount: before.amount + mine.amount, units: before.units + mine.units };
        self.total(after, baseline) - self.total(before, baseline)
    }

    /// What a period's volume earns.
    fn total(&self, all: Volume, baseline: i64) -> i64 {
        let reached = self.steps.iter().rev().find(|step| step.from <= self.measured(all));
        match (self.mode, reached) {
            (_, None) => 0,
            (Mode::Marginal, Some(_)) => self.marginal(all),
            (Mode::Retroactive, Some(step)) => step.rate.pays(all),
            (Mode::RetroactiveOnGrowth, Some(step)) => {
                let more = |figure: i64| (figure - baseline).max(0);
                let growth = match self.measure {
                    Measure::Amount => Volume { amount: more(all.amount), units: 0 },
                    Measure::Quantity | Measure::Count => Volume { amount: 0, units: more(all.units) },
                };
                step.rate.pays(growth)
            }
        }
    }

    /// Each tier's rate on what lies within it, rounded once for all of them.
    fn marginal(&self, all: Volume) -> i64 {
        let ends = self.steps.iter().skip(1).map(|step| self.floor(step.from)).chain([i64::MAX]);
        let within = |(step, end): (&Step, i64)| {
            let slice = self.measured(all).min(end) - self.floor(step.from);
            (slice > 0).then(|| step.rate.scaled() * u128::from(slice.unsigned_abs()))
        };
        let sum = self.steps.iter().zip(ends).filter_map(within).sum();
        quotient(vec![sum], vec![Rate::SCALE])
    }

    /// What lies below a tier: a tier of units that begins with the fourth has three below it.
    fn floor(&self, from: i64) -> i64 {
        if self.measure == Measure::Amount { from } else { (from - 1).max(0) }
    }

    /// Percentages by number: the event's amount, spread evenly over its units, each at the rate of its own tier.
    fn percentage_of_mine(&self, before: i64, mine: Volume) -> i64 {
        let rate_of = |unit: i64| self.steps.iter().rev().find(|step| step.from <= unit).map(|s| s.rate);
        let units = mine.units.max(1);
        let mut sum = 0_u128;
        for (index, step) in self.steps.iter().enumerate() {
            let end = self.steps.get(index + 1).map_or(i64::MAX, |next| next.from - 1);
            let (low, high) = (step.from.max(before + 1), end.min(before + units));
            if low <= high && rate_of(low).is_some() {
                sum += step.rate.scaled() * u128::from((high - low + 1).unsigned_abs());
            }
        }
        quotient(
            vec![sum, u128::from(mine.amount.unsigned_abs())],
            vec![Rate::SCALE, u128::from(units.unsigned_abs())],
        )
    }

    /// Whether each unit or event has a percentage of its own.
    pub(super) fn is_percentage_by_number(&self) -> bool {
        self.measure != Measure::Amount && self.mode == Mode::Marginal && self.is_percentage()
    }

    /// Whether its tiers pay percentages.
    pub fn is_percentage(&self) -> bool {
        self.steps.iter().any(|step| step.rate.is_percentage())
    }

    /// What is compared with the tiers.
    pub fn measured(&self, volume: Volume) -> i64 {
        match self.measure {
            Measure::Amount => volume.amount,
            Measure::Quantity | Measure::Count => volume.units,
        }
    }
}

impl Rate {
    /// One whole of a scaled rate: four decimals of a percentage.
    const SCALE: u128 = 1_000_000;

    /// The rate per unit or minor unit, in millionths.
    fn scaled(self) -> u128 {
        match self {
            Self::Flat(each) => u128::from(each.unsigned_abs()) * Self::SCALE,
            Self::Percentage(percentage) => percentage.millionths(),
        }
    }

    /// Whether it is a part of an amount.
    pub fn is_percentage(self) -> bool {
        matches!(self, Self::Percentage(_))
    }

    fn pays(self, volume: Volume) -> i64 {
        match self {
            Self::Flat(each) => each.saturating_mul(volume.units),
            Self::Percentage(percentage) => percentage.of(volume.amount),
        }
    }
}

impl Mode {
    /// The words of the wire.
    pub const WORDS: [(Self, &'static str); 3] = [
        (Self::Marginal, "marginal"),
        (Self::Retroactive, "retroactive"),
        (Self::RetroactiveOnGrowth, "retroactive_on_growth"),
    ];

    /// From its word.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        let found = Self::WORDS.iter().find(|(_, w)| *w == word).map(|(mode, _)| *mode);
        let remedy = "is needed: `marginal`, `retroactive` or `retroactive_on_growth`.";
        found.ok_or_else(|| Invalid::new("tiers.mode", remedy))
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize].1
    }
}

impl Measure {
    /// The words of the wire.
    pub const WORDS: [(Self, &'static str); 3] =
        [(Self::Amount, "amount"), (Self::Quantity, "quantity"), (Self::Count, "count")];

    /// From its word.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        let found = Self::WORDS.iter().find(|(_, w)| *w == word).map(|(measure, _)| *measure);
        found.ok_or_else(|| Invalid::new("tiers.measure", "must be `amount`, `quantity` or `count`."))
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize].1
    }

    /// The units of one event whose quantity is `quantity`.
    pub(super) fn units(self, quantity: i64) -> i64 {
        if self == Self::Count { 1 } else { quantity }
    }
}

impl Period {
    /// The words of the wire.
    pub const WORDS: [(Self, &'static str); 5] = [
        (Self::Day, "day"),
        (Self::Month, "month"),
        (Self::Quarter, "quarter"),
        (Self::Year, "year"),
        (Self::Ever, "ever"),
    ];

    /// From its word; days are for caps alone.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        let found = Self::of_caps(word).ok().filter(|period| *period != Self::Day);
        found.ok_or_else(|| Invalid::new("period", "must be `month`, `quarter`, `year` or `ever`."))
    }

    /// From its word.
    pub fn of_caps(word: &str) -> Result<Self, Invalid> {
        crate::invalid::meaning("period", &Self::WORDS, word)
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize].1
    }

    /// The period an instant lies in: its first instant, and the first after it. In UTC.
    pub fn around(self, at: Instant) -> (Instant, Instant) {
        let (year, month, _) = civil(at.day());
        let months = match self {
            Self::Day => {
                let start = Instant(at.day() * DAY_MS);
                return (start, start.plus_days(1));
            }
            Self::Month => 1,
            Self::Quarter => 3,
            Self::Year => 12,
            Self::Ever => return (Instant(i64::MIN), Instant(i64::MAX)),
        };
        let first = (month - 1) / months * months + 1;
        let start = Instant(days_from_civil(year, first, 1) * DAY_MS);
        (start, start.plus_months(months))
    }
}

#[cfg(test)]
#[path = "tiers_tests.rs"]
mod tests;
