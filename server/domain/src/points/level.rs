//! Levels: what a partner is by the points of a period. Up at once, down after the period and a time of grace.
//!
//! A level follows from what was earned alone: nothing is remembered. With calendar periods each period counts until `grace_days`
//! after its end; with rolling ones the best of the last `grace_days` does. A threshold belongs to the level it begins.

use super::{check_name, within};
use crate::Invalid;
use crate::reward::Period;
use crate::time::{DAY_MS, Instant};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::fmt;
use std::str::FromStr;

/// How many levels a program may have.
pub const MOST_LEVELS: usize = 10;

/// A program's levels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Levels {
    /// Over what points are counted.
    pub over: Over,
    /// How long a level is kept after what it was reached by counts no more: 0 to 366 days of 24 hours.
    pub grace_days: i64,
    /// The levels; at least one, in rising order.
    pub steps: Vec<Level>,
}

/// Over what points are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// The last so many days of 24 hours: what was earned at `at` counts in `[at, at + days × 24 h)`. 1 to 1,100.
    Rolling(i64),
    /// A calendar period in UTC.
    Calendar(Period),
}

/// One level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    /// 1 to 100 characters.
    pub name: String,
    /// From how many points on.
    pub from: i64,
    /// What rewards in points are multiplied by for whoever has it.
    pub times: Multiplier,
    /// Whether it is shown as elite.
    pub elite: bool,
}

/// By how much points are multiplied: hundredths, from 1 to 10 times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Multiplier(i64);

/// Points earned at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Earned {
    /// When.
    pub at: Instant,
    /// How many, by now.
    pub points: i64,
}

/// How a partner stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing<'a> {
    /// The level; none below the first.
    pub level: Option<&'a Level>,
    /// The points of the current period.
    pub points: i64,
    /// The next level, and how many points are missing.
    pub next: Option<(&'a Level, i64)>,
}

/// Where a change of level leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To a higher level.
    Up,
    /// To a lower one, or to none.
    Down,
    /// Nowhere: what the partner had is not among the levels any more, as after a change of names.
    Aside,
}

impl Multiplier {
    /// As it is without any.
    pub const ONCE: Self = Self(100);

    /// From decimal text such as `1.5`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let hundredths = Decimal::from_str(text).ok().map(|d| (d * Decimal::ONE_HUNDRED).normalize());
        let whole = hundredths.filter(|d| d.fract().is_zero()).and_then(|d| d.to_i64());
        whole.and_then(Self::of).ok_or_else(|| {
            Invalid::new("times", "must be decimal text from \"1\" to \"10\" with at most two decimals.")
        })
    }

    /// From hundredths.
    pub fn of(hundredths: i64) -> Option<Self> {
        (100..=1_000).contains(&hundredths).then_some(Self(hundredths))
    }

    /// In hundredths.
    pub fn hundredths(self) -> i64 {
        self.0
    }

    /// So many points multiplied, rounded down.
    pub fn times(self, points: i64) -> i64 {
        let all = i128::from(points) * i128::from(self.0);
        i64::try_from(all.div_euclid(100)).unwrap_or(i64::MAX)
    }
}

impl fmt::Display for Multiplier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Decimal::new(self.0, 2).normalize())
    }
}

impl Levels {
    /// The same, once every figure is within its range.
    pub fn checked(self) -> Result<Self, Invalid> {
        within("graceDays", self.grace_days, 0, 366)?;
        match self.over {
            Over::Rolling(days) => within("days", days, 1, 1_100)?,
            Over::Calendar(Period::Day) => {
                return Err(Invalid::new("period", "must be `month`, `quarter`, `year` or `ever`."));
            }
            Over::Calendar(_) => {}
        }
        if self.steps.is_empty() || self.steps.len() > MOST_LEVELS {
            return Err(Invalid::new("steps", format!("must be 1 to {MOST_LEVELS} levels.")));
        }
        for (place, level) in self.steps.iter().enumerate() {
            let at = |e: Invalid| e.within(&format!("steps[{place}]"));
            check_name(&level.name).map_err(at)?;
            within("from", level.from, 1, crate::money::MAX_AMOUNT).map_err(at)?;
            let before = place.checked_sub(1).map(|before| &self.steps[before]);
            if before.is_some_and(|before| before.from >= level.from || before.times > level.times) {
                return Err(at(Invalid::new("from", "must rise from level to level, and `times` not fall.")));
            }
            if self.steps[..place].iter().any(|other| other.name.eq_ignore_ascii_case(&level.name)) {
                return Err(at(Invalid::new("name", "is another level's.")));
            }
        }
        Ok(self)
    }

    /// How far back what was earned matters at an instant.
    pub fn since(&self, now: Instant) -> Instant {
        match self.over {
            Over::Rolling(days) => now.plus_days(-(days + self.grace_days)),
            Over::Calendar(_) => self.spans(now).into_iter().map(|(start, _)| start).min().unwrap_or(now),
        }
    }

    /// How a partner stands.
    pub fn standing(&self, earned: &[Earned], now: Instant) -> Standing<'_> {
        let points = self.counted(earned, now);
        let best = self.best(earned, now).max(points);
        let next = self.steps.iter().find(|level| level.from > points.max(best));
        Standing { level: self.reached(best), points, next: next.map(|level| (level, level.from - points)) }
    }

    /// Where a change leads from one level to another by their names; empty is none.
    pub fn way(&self, from: &str, to: &str) -> Way {
        let rank = |name: &str| self.steps.iter().position(|level| level.name == name).map(|place| place + 1);
        let before = if from.is_empty() { Some(0) } else { rank(from) };
        match (before, rank(to).unwrap_or(0)) {
            (None, after) if after > 0 => Way::Aside,
            (Some(before), after) if after > before => Way::Up,
            (Some(before), after) if after == before => Way::Aside,
            _ => Way::Down,
        }
    }

    /// The next instant at which the level may be another, if nothing is earned until then.
    pub fn next_look(&self, earned: &[Earned], now: Instant) -> Option<Instant> {
        let ends: Vec<Instant> = match self.over {
            Over::Rolling(days) => {
                earned.iter().map(|earned| earned.at.plus_days(days + self.grace_days)).collect()
            }
            Over::Calendar(Period::Ever) => Vec::new(),
            Over::Calendar(_) => {
                self.spans(now).into_iter().map(|(_, end)| end.plus_days(self.grace_days)).collect()
            }
        };
        ends.into_iter().filter(|end| *end > now).min()
    }

    fn reached(&self, points: i64) -> Option<&Level> {
        self.steps.iter().rev().find(|level| level.from <= points)
    }

    /// What counts now.
    fn counted(&self, earned: &[Earned], now: Instant) -> i64 {
        match self.over {
            Over::Rolling(days) => rolled(earned, days, now),
            Over::Calendar(period) => within_span(earned, period.around(now), now),
        }
    }

    /// The most that has counted within the time of grace.
    fn best(&self, earned: &[Earned], now: Instant) -> i64 {
        match self.over {
            Over::Calendar(_) => {
                let sums = self.spans(now).into_iter().map(|span| within_span(earned, span, now));
                sums.max().unwrap_or(0)
            }
            Over::Rolling(days) => {
                let since = now.0 - self.grace_days * DAY_MS;
                let of_grace = earned.iter().map(|e| e.at).filter(|at| at.0 >= since && *at <= now);
                let looks = of_grace.chain([Instant(since), now]);
                looks.map(|at| rolled(earned, days, at)).max().unwrap_or(0)
            }
        }
    }

    /// The period of now, and those whose time of grace is not over.
    fn spans(&self, now: Instant) -> Vec<(Instant, Instant)> {
        let Over::Calendar(period) = self.over else { return Vec::new() };
        let mut spans = vec![period.around(now)];
        while let Some((start, _)) = spans.last().filter(|_| period != Period::Ever) {
            let before = period.around(Instant(start.0 - 1));
            if before.1.plus_days(self.grace_days) <= now {
                break;
            }
            spans.push(before);
        }
        spans
    }
}

fn rolled(earned: &[Earned], days: i64, at: Instant) -> i64 {
    earned.iter().filter(|e| e.at <= at && at < e.at.plus_days(days)).map(|e| e.points).sum()
}

fn within_span(earned: &[Earned], (start, end): (Instant, Instant), now: Instant) -> i64 {
    earned.iter().filter(|e| start <= e.at && e.at < end && e.at <= now).map(|e| e.points).sum()
}
