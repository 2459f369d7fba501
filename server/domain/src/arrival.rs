//! Events of payment providers arrive late, twice and in any order. What one needs of another decides whether it is carried
//! out now, waits, or is given up; so that in the end the order does not matter.

use crate::time::{DAY_MS, Instant};

/// How long a sale waits for who bought and how he or she came, milliseconds: the event that tells is sent within seconds, and
/// never where the sale had no checkout.
pub const BUYER_PATIENCE_MS: i64 = 3_600_000;

/// How long a refund or a dispute waits for its sale, milliseconds. Providers send again for three days at most.
pub const ORDER_PATIENCE_MS: i64 = 4 * DAY_MS;

/// What an event needs that another one tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Nothing, or it is known.
    Nothing,
    /// Who bought. It can do without, if it must.
    Buyer,
    /// The sale it is about.
    Order,
}

/// What becomes of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is carried out.
    Now,
    /// It waits, and is looked at again then if nothing comes before.
    Later(Instant),
    /// What it needs will not come.
    Never,
}

/// Decides about an event that was received at `received` and has been tried `attempts` times. `forced` is the vendor's word that
/// nothing more will come.
pub fn fate(need: Need, received: Instant, now: Instant, attempts: i64, forced: bool) -> Fate {
    let waited = now.0 - received.0;
    match need {
        Need::Nothing => Fate::Now,
        Need::Buyer if forced || waited >= BUYER_PATIENCE_MS => Fate::Now,
        Need::Buyer => Fate::Later(Instant(now.0 + pause(attempts).min(BUYER_PATIENCE_MS - waited))),
        Need::Order if waited >= ORDER_PATIENCE_MS => Fate::Never,
        Need::Order => Fate::Later(Instant(now.0 + pause(attempts).min(ORDER_PATIENCE_MS - waited))),
    }
}

/// How many milliseconds a second has after its first.
const REST_OF_A_SECOND_MS: i64 = 999;

/// When something happened that was told as `told`. Who tells whole seconds has cut off the rest, so that a buyer who clicked and
/// paid within one second would seem to have paid first: then it is the end of that second, but not after it was `received`. What
/// is told ahead of `now` happened now, for clocks differ.
pub fn happened(told: Instant, in_whole_seconds: bool, received: Instant, now: Instant) -> Instant {
    let end = Instant(told.0.saturating_add(REST_OF_A_SECOND_MS));
    let at = if in_whole_seconds { end.min(received).max(told) } else { told };
    at.min(now)
}

/// How long to wait before looking again, milliseconds: a minute, then twice as long each time, up to an hour.
fn pause(attempts: i64) -> i64 {
    60_000 << attempts.clamp(0, 6)
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Instant = Instant(1_000_000);

    fn after(ms: i64) -> Instant {
        Instant(START.0 + ms)
    }

    #[test]
    fn what_needs_nothing_is_carried_out() {
        assert_eq!(fate(Need::Nothing, START, START, 0, false), Fate::Now);
    }

    #[test]
    fn a_sale_waits_an_hour_for_its_buyer_and_then_does_without() {
        assert_eq!(fate(Need::Buyer, START, START, 0, false), Fate::Later(after(60_000)));
        assert_eq!(fate(Need::Buyer, START, after(3_590_000), 6, false), Fate::Later(after(3_600_000)));
        assert_eq!(fate(Need::Buyer, START, after(3_600_000), 7, false), Fate::Now);
        assert_eq!(fate(Need::Buyer, START, START, 0, true), Fate::Now);
    }

    #[test]
    fn a_refund_waits_four_days_for_its_sale_and_no_word_makes_one() {
        assert_eq!(fate(Need::Order, START, START, 0, false), Fate::Later(after(60_000)));
        assert_eq!(fate(Need::Order, START, START, 3, true), Fate::Later(after(480_000)));
        assert_eq!(fate(Need::Order, START, after(ORDER_PATIENCE_MS), 99, true), Fate::Never);
    }

    #[test]
    fn a_whole_second_is_told_by_its_start_and_meant_to_its_end() {
        let told = after(5_000);
        let at = |whole, received, now| happened(told, whole, after(received), after(now));
        assert_eq!(at(true, 9_000, 9_000), after(5_999), "a click at 5.4 s was before it");
        assert_eq!(at(true, 5_300, 9_000), after(5_300), "it was received at 5.3 s");
        assert_eq!(at(false, 9_000, 9_000), told, "the millisecond was told");
        assert_eq!(at(true, 4_000, 9_000), told, "their clock is ahead of ours");
        for whole in [true, false] {
            assert_eq!(at(whole, 4_000, 4_000), after(4_000), "nothing happens later than now");
        }
        assert_eq!(happened(Instant(i64::MAX), true, told, told), told);
    }

    #[test]
    fn pauses_grow_to_about_an_hour() {
        assert_eq!(
            [0, 1, 6, 7, 500, -1].map(pause),
            [60_000, 120_000, 3_840_000, 3_840_000, 3_840_000, 60_000]
        );
    }
}
