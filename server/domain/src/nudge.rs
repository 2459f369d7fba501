//! What is next for a partner: the nearest of the tiers and milestones not yet reached; and when money comes.

use crate::reward::{Rate, Tiers, Volume};
use crate::time::{DAY_MS, Instant, civil, days_from_civil};

/// Something not yet reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ahead<T> {
    /// How many there are.
    pub have: i64,
    /// How many there must be: more than there are.
    pub at: i64,
    /// What it brings.
    pub brings: T,
}

impl<T> Ahead<T> {
    /// None once it is reached.
    pub fn new(have: i64, at: i64, brings: T) -> Option<Self> {
        (have < at).then_some(Self { have: have.max(0), at, brings })
    }

    /// How many are missing.
    pub fn left(&self) -> i64 {
        self.at - self.have
    }

    /// Whether a smaller part of it is missing than of another.
    fn is_nearer_than<U>(&self, other: &Ahead<U>) -> bool {
        let missing = |left: i64, at: i64| i128::from(left) * i128::from(at);
        missing(self.left(), other.at) < missing(other.left(), self.at)
    }
}

/// The nearest: of which the smallest part is missing. The first of those that are as near.
pub fn nearest<T>(all: impl IntoIterator<Item = Ahead<T>>) -> Option<Ahead<T>> {
    all.into_iter().reduce(|best, next| if next.is_nearer_than(&best) { next } else { best })
}

/// The next tier that pays more than the one reached, by what was brought in the period so far.
pub fn next_tier(tiers: &Tiers, brought: Volume) -> Option<Ahead<Rate>> {
    let have = tiers.measured(brought);
    let next = tiers.steps.iter().find(|step| step.from > have)?;
    Ahead::new(have, next.from, next.rate)
}

/// The first midnight (UTC) after `now` that begins the `day`th of a month, 1 to 28.
pub fn next_payday(now: Instant, day: i64) -> Instant {
    let (year, month, _) = civil(now.day());
    let this = Instant(days_from_civil(year, month, day) * DAY_MS);
    if this > now { this } else { this.plus_months(1) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reward::{Measure, Mode, Period, Step};

    #[test]
    fn the_nearest_comes_first() {
        let ahead = |have, at, name| Ahead::new(have, at, name).unwrap();
        let found = nearest([ahead(1, 10, "far"), ahead(90, 100, "near"), ahead(9, 10, "as near")]);
        assert_eq!(found.map(|f| (f.left(), f.brings)), Some((10, "near")));
        assert_eq!(Ahead::new(10, 10, ()), None);
        assert_eq!(nearest(Vec::<Ahead<()>>::new()), None);
    }

    #[test]
    fn tiers_that_begin_with_the_fourth() {
        let step = |from, amount| Step { from, rate: Rate::Flat(amount) };
        let steps = vec![step(1, 250), step(4, 400), step(7, 600)];
        let tiers = Tiers { mode: Mode::Retroactive, measure: Measure::Count, period: Period::Month, steps };
        let next = |units| next_tier(&tiers, Volume { amount: 0, units }).map(|a| (a.left(), a.brings));
        assert_eq!(next(0), Some((1, Rate::Flat(250))));
        assert_eq!(next(3), Some((1, Rate::Flat(400))));
        assert_eq!(next(4), Some((3, Rate::Flat(600))));
        assert_eq!(next(7), None);
    }

    #[test]
    fn paydays() {
        let at = |year, month, day| Instant(days_from_civil(year, month, day) * DAY_MS);
        assert_eq!(next_payday(at(2026, 11, 29), 15), at(2026, 12, 15));
        assert_eq!(next_payday(at(2026, 12, 15), 15), at(2027, 1, 15));
        assert_eq!(next_payday(at(2026, 12, 14), 15), at(2026, 12, 15));
        assert_eq!(next_payday(Instant(at(2026, 1, 31).0 + 1), 28), at(2026, 2, 28));
    }
}
