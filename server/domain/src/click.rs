//! Clicks: their numbers, and which of them are one and the same.

use crate::time::{DAY_MS, Instant};

/// Within this time the same visitor on the same link is the same click: one hour, milliseconds.
pub const SAME_CLICK_MS: i64 = 3_600_000;

/// Where the numbers begin: 2020-01-01T00:00:00Z.
const EPOCH_MS: i64 = 1_577_836_800_000;
/// How many bits of a number tell clicks of one millisecond apart.
const COUNT_BITS: u32 = 21;
/// The farthest instant from 2020 that a number can hold, milliseconds: some 139 years.
const REACH_MS: i64 = 1 << (62 - COUNT_BITS + 1);

/// The number of a click: its time, and a count. Numbers therefore sort by time, and the time needs no column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClickNumber(pub i64);

impl ClickNumber {
    /// The number of a click at `at`; of `count` only the lowest 21 bits tell. None for instants before 1881 or after
    /// 2159.
    pub fn new(at: Instant, count: u64) -> Option<Self> {
        let since = at.0.checked_sub(EPOCH_MS).filter(|ms| (-REACH_MS..REACH_MS).contains(ms))?;
        let count = i64::try_from(count & ((1 << COUNT_BITS) - 1)).ok()?;
        Some(Self((since << COUNT_BITS) | count))
    }

    /// The smallest number a click at `at` or later can have.
    pub fn first_at(at: Instant) -> Self {
        let since = at.0.saturating_sub(EPOCH_MS).clamp(-REACH_MS, REACH_MS - 1);
        Self(since << COUNT_BITS)
    }

    /// The smallest number of a day, numbered from 1970-01-01.
    pub fn first_of_day(day: i64) -> Self {
        Self::first_at(Instant(day.saturating_mul(DAY_MS)))
    }

    /// When it happened.
    pub fn at(self) -> Instant {
        Instant((self.0 >> COUNT_BITS) + EPOCH_MS)
    }
}

/// What is known of one of a browser's clicks when the next is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Before {
    /// Which click.
    pub number: ClickNumber,
    /// The number of the link it went through.
    pub link: i64,
}

/// Whether a click at `at` on `link` is `before` once more: the same link within the hour.
pub fn is_same(before: Before, link: i64, at: Instant) -> bool {
    let earlier = before.number.at();
    before.link == link && earlier <= at && at.0 - earlier.0 < SAME_CLICK_MS
}

/// Whether a click that is older than `at` by so much can neither be the same as one at `at` nor be of its day: what lies
/// behind it in a browser's history need not be looked at.
pub fn is_out_of_sight(before: ClickNumber, at: Instant) -> bool {
    let earlier = before.at();
    at.0 - earlier.0 >= SAME_CLICK_MS && earlier.day() < at.day()
}

/// The site of an address: its host, without `www.`.
pub fn site(address: &str) -> Option<String> {
    let (_, rest) = address.split_once("://")?;
    let host = rest.split('/').next()?.rsplit('@').next()?;
    let host = host.split(':').next()?;
    let host = host
        .split_at_checked(4)
        .filter(|(www, _)| www.eq_ignore_ascii_case("www."))
        .map_or(host, |(_, rest)| rest);
    (!host.is_empty()).then(|| host.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::days_from_civil;
    use proptest::prelude::*;

    const NOON: i64 = 1_800_000_000_000;

    proptest! {
        #[test]
        fn a_number_tells_its_time(ms in -REACH_MS..REACH_MS, count in 0_u64..1 << COUNT_BITS) {
            let at = Instant(EPOCH_MS + ms);
            let number = ClickNumber::new(at, count).unwrap();
            prop_assert_eq!(number.at(), at);
            prop_assert!(ClickNumber::first_at(at) <= number);
            prop_assert!(number < ClickNumber::first_at(Instant(at.0 + 1)) || ms == REACH_MS - 1);
        }
    }

    #[test]
    fn numbers_reach_from_1881_to_2159() {
        assert!(ClickNumber::new(Instant(days_from_civil(1881, 1, 1) * DAY_MS), 0).is_some());
        assert!(ClickNumber::new(Instant(days_from_civil(2159, 1, 1) * DAY_MS), 0).is_some());
        assert_eq!(ClickNumber::new(Instant(days_from_civil(2160, 1, 1) * DAY_MS), 0), None);
        assert_eq!(ClickNumber::new(Instant(i64::MIN), 0), None);
    }

    #[test]
    fn the_same_within_the_hour() {
        let before = |ms| Before { number: ClickNumber::new(Instant(NOON - ms), 7).unwrap(), link: 1 };
        assert!(is_same(before(0), 1, Instant(NOON)));
        assert!(is_same(before(SAME_CLICK_MS - 1), 1, Instant(NOON)));
        assert!(!is_same(before(SAME_CLICK_MS), 1, Instant(NOON)));
        assert!(!is_same(before(1), 2, Instant(NOON)));
        assert!(!is_same(before(-1), 1, Instant(NOON)));
    }

    #[test]
    fn yesterday_is_out_of_sight_after_an_hour() {
        let midnight = Instant(days_from_civil(2026, 5, 1) * DAY_MS);
        let click = |ms| ClickNumber::new(Instant(midnight.0 - ms), 0).unwrap();
        assert!(!is_out_of_sight(click(1), midnight));
        assert!(is_out_of_sight(click(SAME_CLICK_MS), midnight));
        assert!(!is_out_of_sight(click(-1), Instant(midnight.0 + 2 * SAME_CLICK_MS)));
    }

    #[test]
    fn sites_of_addresses() {
        assert_eq!(site("https://www.Example.com:8080/a/b").as_deref(), Some("example.com"));
        assert_eq!(site("https://me@t.co/x").as_deref(), Some("t.co"));
        assert_eq!(site("android-app://com.reddit.frontpage/").as_deref(), Some("com.reddit.frontpage"));
        assert_eq!(site("nonsense"), None);
        assert_eq!(site("https://"), None);
    }
}
