//! What a program says of settlements.

use super::Calendar;
use crate::Invalid;
use crate::money::{Percentage, parse_amount};
use crate::reward::{Basis, Measure, Mode, Period, Rate, Step, Tiers};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::str::FromStr;

/// How many of them a program may have.
pub const MOST_RULES: usize = 20;

/// What is paid for a whole period, once it is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// By which it is known through all versions: 1 to 40 lower-case letters, digits, `-` and `_`, unique in the program.
    pub key: String,
    /// What it is called.
    pub name: String,
    /// Over what it is settled.
    pub calendar: Calendar,
    /// How many days of 24 hours after a period's end it is settled: 0 to 90. What comes later corrects it in the next.
    pub grace_days: i64,
    /// What it pays.
    pub scheme: Scheme,
    /// What is measured by itself.
    pub per: Per,
    /// Of which amount of an order.
    pub basis: Basis,
    /// Only these products; all where none is named.
    pub products: Vec<String>,
    /// What a group must bring to count at all, by the scheme's measure.
    pub threshold: i64,
    /// The most one partner gets for a period, minor units.
    pub cap: Option<i64>,
    /// The part that goes into a fund of the partner's.
    pub coop: Option<Coop>,
}

/// What a rule pays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// By what was brought: a rebate, or so much per unit. Its `period` is not used: the calendar says it.
    Tiers(Tiers),
    /// By how much of a target was brought.
    Target {
        /// How the target is found.
        target: Target,
        /// How a higher step changes what was earned below it.
        mode: Mode,
        /// From which part of the target on what is paid; at least one, rising.
        steps: Vec<Attainment>,
    },
    /// Monthly recurring revenue so many times, by the term and by how many deals there were.
    Multiple(Vec<Multiple>),
}

/// A target of a partner's own: the mean of the periods before, and more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// Of how many: 1 to 12.
    pub periods: i64,
    /// How much more than the mean, percent.
    pub plus: Percentage,
    /// At least so much, minor units.
    pub floor: i64,
    /// At most so much, minor units.
    pub cap: Option<i64>,
}

/// What is paid from a part of the target on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attainment {
    /// Whole percent of the target: 0 to 1,000.
    pub from: i64,
    /// What is paid of what was brought.
    pub percentage: Percentage,
}

/// What a deal pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Multiple {
    /// With a term of at least so many months.
    pub months: i64,
    /// Where there were at least so many deals in the period.
    pub deals: i64,
    /// How many times its monthly recurring revenue: more than 0, to 100, with at most four decimals.
    pub times: Decimal,
}

/// What is measured by itself; what each part earns is added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Per {
    /// All of the period together.
    Period,
    /// Each sale.
    Line,
    /// Each customer.
    Customer,
    /// Each product.
    Product,
}

/// The part of earnings that goes into a fund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coop {
    /// Which part: more than nothing.
    pub percentage: Percentage,
    /// The name of the fund: one of the program's, in which each partner has money of his or her own.
    pub fund: String,
    /// A part of less than this is paid as cash, minor units.
    pub least: i64,
}

impl Rule {
    /// The same, once its parts are sure to go together. Fields of errors are within the rule.
    pub fn checked(self) -> Result<Self, Invalid> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
        if !(1..=40).contains(&self.key.len()) || !self.key.chars().all(plain) {
            return Err(Invalid::new("key", "must be 1 to 40 lower-case letters, digits, `-` and `_`."));
        }
        match self.calendar {
            Calendar::Every(Period::Ever) => {
                return Err(Invalid::new(
                    "period",
                    "must be `month`, `quarter` or `year`: `ever` is never over.",
                ));
            }
            Calendar::Once(start, end) if end <= start => {
                return Err(Invalid::new("endsAt", "must be after `startsAt`."));
            }
            Calendar::Every(_) | Calendar::Once(..) => {}
        }
        if !(0..=90).contains(&self.grace_days) {
            return Err(Invalid::new(
                "graceDays",
                format!("must be from 0 to 90; it is {}.", self.grace_days),
            ));
        }
        if self.products.len() > 100 {
            return Err(Invalid::new("products", "must be at most 100."));
        }
        parse_amount("threshold", self.threshold)?;
        self.cap.map(|cap| parse_amount("cap", cap)).transpose()?;
        if let Some(coop) = &self.coop {
            parse_amount("coop.least", coop.least)?;
            if coop.percentage.millionths() == 0 {
                return Err(Invalid::new("coop.percentage", "must be more than 0."));
            }
        }
        let on_growth = matches!(&self.scheme, Scheme::Tiers(t) if t.mode == Mode::RetroactiveOnGrowth);
        if on_growth && matches!(self.calendar, Calendar::Once(..)) {
            return Err(Invalid::new(
                "tiers.mode",
                "must be `marginal` or `retroactive` in a promotion: none came before it.",
            ));
        }
        if on_growth && self.per == Per::Line {
            return Err(Invalid::new(
                "per",
                "must not be `line` where growth is paid: a sale does not grow.",
            ));
        }
        match &self.scheme {
            Scheme::Tiers(tiers) => tiers.clone().checked().map(|_| ())?,
            Scheme::Target { target, mode, steps } => self.check_target(*target, *mode, steps)?,
            Scheme::Multiple(rows) => check_multiples(rows)?,
        }
        Ok(self)
    }

    fn check_target(&self, target: Target, mode: Mode, steps: &[Attainment]) -> Result<(), Invalid> {
        if self.per != Per::Period || matches!(self.calendar, Calendar::Once(..)) {
            return Err(Invalid::new(
                "target",
                "goes with a `period`, and without `per`: it is one partner's of all periods.",
            ));
        }
        if !(1..=12).contains(&target.periods) {
            return Err(Invalid::new(
                "target.periods",
                format!("must be from 1 to 12; it is {}.", target.periods),
            ));
        }
        parse_amount("target.floor", target.floor)?;
        target.cap.map(|cap| parse_amount("target.cap", cap)).transpose()?;
        if target.cap.is_some_and(|cap| cap < target.floor) {
            return Err(Invalid::new("target.cap", "must not be below `target.floor`."));
        }
        if mode == Mode::RetroactiveOnGrowth {
            return Err(Invalid::new(
                "target.mode",
                "must be `marginal` or `retroactive`: a target is growth already.",
            ));
        }
        if steps.is_empty() || steps.len() > 20 {
            return Err(Invalid::new("target.steps", "must be 1 to 20 steps."));
        }
        let out = |step: &Attainment| !(0..=1_000).contains(&step.from);
        if let Some(place) = steps.iter().position(out) {
            return Err(Invalid::new(
                format!("target.steps[{place}].from"),
                "must be 0 to 1,000 percent of the target.",
            ));
        }
        let fallen = (1..steps.len()).find(|i| steps[*i].from <= steps[i - 1].from);
        if let Some(place) = fallen {
            return Err(Invalid::new(format!("target.steps[{place}].from"), "must rise from step to step."));
        }
        let paid = |i: &usize| steps[*i].percentage.millionths() < steps[i - 1].percentage.millionths();
        if mode == Mode::Retroactive && (1..steps.len()).any(|i| paid(&i)) {
            return Err(Invalid::new(
                "target.steps",
                "must not fall where the step reached is for all of the period.",
            ));
        }
        Ok(())
    }
}

fn check_multiples(rows: &[Multiple]) -> Result<(), Invalid> {
    if rows.is_empty() || rows.len() > 40 {
        return Err(Invalid::new("multiples", "must be 1 to 40 rows."));
    }
    for (place, row) in rows.iter().enumerate() {
        let at = |field: &str| format!("multiples[{place}].{field}");
        if !(0..=240).contains(&row.months) {
            return Err(Invalid::new(at("months"), "must be 0 to 240 months."));
        }
        if !(1..=1_000_000).contains(&row.deals) {
            return Err(Invalid::new(at("deals"), "must be 1 to 1,000,000 deals."));
        }
        let fits = row.times > Decimal::ZERO && row.times <= Decimal::ONE_HUNDRED && row.times.scale() <= 4;
        if !fits {
            return Err(Invalid::new(
                at("times"),
                "must be decimal text above \"0\", to \"100\", with at most four decimals.",
            ));
        }
    }
    Ok(())
}

impl Target {
    /// The target after periods that brought so much, minor units, the latest last; what came before them brought nothing. The mean
    /// and what is added are rounded once, half away from zero.
    pub fn of(&self, past: &[i64]) -> i64 {
        let sum: i128 = past.iter().map(|brought| i128::from(*brought)).sum();
        let plus = i128::try_from(1_000_000 + self.plus.millionths()).unwrap_or(i128::MAX);
        let (above, below) = (sum.max(0).saturating_mul(plus), i128::from(self.periods) * 1_000_000);
        let mean = i64::try_from((2 * above + below) / (2 * below)).unwrap_or(i64::MAX);
        let raised = mean.max(self.floor);
        self.cap.map_or(raised, |cap| raised.min(cap))
    }

    /// Steps of a target as tiers of amounts: one begins with the first minor unit at which so much of the target is reached.
    pub(super) fn tiers(target: i64, mode: Mode, steps: &[Attainment]) -> Tiers {
        let from = |percent: i64| {
            let reached = (i128::from(target) * i128::from(percent) + 99) / 100;
            i64::try_from(reached).unwrap_or(i64::MAX)
        };
        let mut all: Vec<Step> = Vec::with_capacity(steps.len());
        for step in steps {
            let step = Step { from: from(step.from), rate: Rate::Percentage(step.percentage) };
            // Of steps of a target of nothing the last is reached at once.
            match all.last_mut() {
                Some(last) if last.from >= step.from => last.rate = step.rate,
                _ => all.push(step),
            }
        }
        Tiers { mode, measure: Measure::Amount, period: Period::Ever, steps: all }
    }
}

impl Multiple {
    /// A row, as it is told: `times` is decimal text. Whether it is within its ranges is the rule's to check.
    pub fn parse(months: i64, deals: i64, times: &str) -> Result<Self, Invalid> {
        let times = Decimal::from_str(times)
            .map_err(|_| Invalid::new("times", "must be decimal text such as \"8\"."))?;
        Ok(Self { months, deals, times: times.normalize() })
    }

    /// That many times an amount of minor units, rounded once, half away from zero.
    pub(super) fn of(&self, mrr: i64) -> i64 {
        use rust_decimal::RoundingStrategy::MidpointAwayFromZero;
        let product = self.times.checked_mul(Decimal::from(mrr)).unwrap_or(Decimal::MAX);
        product.round_dp_with_strategy(0, MidpointAwayFromZero).to_i64().unwrap_or(i64::MAX)
    }
}

impl Coop {
    /// Cash and the fund's part of earnings, minor units; together they are the whole.
    pub fn split(&self, earned: i64) -> (i64, i64) {
        let part = self.percentage.of(earned.max(0));
        let part = if part < self.least { 0 } else { part };
        (earned - part, part)
    }
}

impl Per {
    /// The words of the wire.
    pub const WORDS: [(Self, &'static str); 4] = [
        (Self::Period, "period"),
        (Self::Line, "line"),
        (Self::Customer, "customer"),
        (Self::Product, "product"),
    ];

    /// From its word.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        let found = Self::WORDS.iter().find(|(_, w)| *w == word).map(|(per, _)| *per);
        found.ok_or_else(|| Invalid::new("per", "must be `period`, `line`, `customer` or `product`."))
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize].1
    }
}
