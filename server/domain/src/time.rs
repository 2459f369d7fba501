//! Instants in epoch milliseconds, and the calendar arithmetic the rules need.

/// Milliseconds in a day of 24 hours.
pub const DAY_MS: i64 = 86_400_000;
/// Milliseconds of an hour.
pub const HOUR_MS: i64 = 3_600_000;

/// An instant: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(pub i64);

impl Instant {
    /// The instant that many days of exactly 24 hours later.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        Self(self.0.saturating_add(days.saturating_mul(DAY_MS)))
    }

    /// The same time of day that many calendar months later; the last day of the month where the day does not exist
    /// (31 January and one month is 28 or 29 February), as payment providers count subscriptions.
    #[must_use]
    pub fn plus_months(self, months: i64) -> Self {
        let (year, month, day) = civil(self.0.div_euclid(DAY_MS));
        let index = year * 12 + (month - 1) + months;
        let (year, month) = (index.div_euclid(12), index.rem_euclid(12) + 1);
        let day = day.min(days_in_month(year, month));
        Self(days_from_civil(year, month, day) * DAY_MS + self.0.rem_euclid(DAY_MS))
    }

    /// The number of the UTC day, counted from 1970-01-01.
    pub fn day(self) -> i64 {
        self.0.div_euclid(DAY_MS)
    }

    /// The number of the UTC month, counted from January of the year 0.
    pub fn month(self) -> i64 {
        let (year, month, _) = civil(self.day());
        year * 12 + month - 1
    }
}

/// A vendor's clock: the world's for live data, one of its own for the sandbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clock {
    /// Milliseconds ahead of the world's clock, while it runs.
    pub offset: i64,
    /// Where it stands still, if it does.
    pub frozen: Option<Instant>,
}

impl Clock {
    /// What it shows when the world's clock shows `world`.
    pub fn now(self, world: Instant) -> Instant {
        self.frozen.unwrap_or(Instant(world.0.saturating_add(self.offset)))
    }

    /// Set to show `now`, running or standing still.
    #[must_use]
    pub fn set(now: Instant, frozen: bool, world: Instant) -> Self {
        Self { offset: now.0.saturating_sub(world.0), frozen: frozen.then_some(now) }
    }
}

/// Year, month (1–12) and day of a day number. Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
pub fn civil(day_number: i64) -> (i64, i64, i64) {
    let z = day_number + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// The inverse of [`civil`], from the same source.
pub fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let shifted = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * shifted + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn days_in_month(year: i64, month: i64) -> i64 {
    let next =
        if month == 12 { days_from_civil(year + 1, 1, 1) } else { days_from_civil(year, month + 1, 1) };
    next - days_from_civil(year, month, 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(year: i64, month: i64, day: i64) -> Instant {
        Instant(days_from_civil(year, month, day) * DAY_MS + 3_661_007)
    }

    #[test]
    fn months_keep_the_day_or_take_the_last() {
        assert_eq!(at(2026, 1, 31).plus_months(1), at(2026, 2, 28));
        assert_eq!(at(2028, 1, 31).plus_months(1), at(2028, 2, 29));
        assert_eq!(at(2026, 11, 23).plus_months(12), at(2027, 11, 23));
        assert_eq!(at(2026, 12, 31).plus_months(2), at(2027, 2, 28));
        assert_eq!(at(2026, 5, 5).plus_months(0), at(2026, 5, 5));
    }

    #[test]
    fn known_dates() {
        assert_eq!(civil(0), (1970, 1, 1));
        assert_eq!(days_from_civil(2000, 3, 1), 11_017);
        assert_eq!(civil(-1), (1969, 12, 31));
        assert_eq!(at(2026, 12, 31).month() + 1, at(2027, 1, 1).month());
        assert_eq!(at(2026, 1, 31).month(), 2026 * 12);
    }

    #[test]
    fn a_clock_runs_from_where_it_was_set_or_stands_still() {
        let world = Instant(1_000);
        assert_eq!(Clock::default().now(world), world);
        let running = Clock::set(Instant(50_000), false, world);
        assert_eq!(running.now(Instant(1_500)), Instant(50_500));
        let frozen = Clock::set(Instant(50_000), true, world);
        assert_eq!(frozen.now(Instant(1_500)), Instant(50_000));
    }

    proptest! {
        #[test]
        fn civil_and_back(day in -1_000_000_i64..3_000_000) {
            let (y, m, d) = civil(day);
            prop_assert_eq!(days_from_civil(y, m, d), day);
            prop_assert!((1..=12).contains(&m) && (1..=31).contains(&d));
        }
    }
}
