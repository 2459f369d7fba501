//! Deliveries to endpoints: when to try again, when to give up, and when an endpoint has failed too long.

use crate::time::{DAY_MS, Instant};

/// The pauses before the second, third, … attempt, milliseconds: together nearly a day.
pub const PAUSES_MS: [i64; 8] =
    [5_000, 60_000, 5 * 60_000, 30 * 60_000, 2 * 3_600_000, 5 * 3_600_000, 8 * 3_600_000, 8 * 3_600_000];

/// An endpoint that has taken nothing for so many days is disabled.
pub const PATIENCE_DAYS: i64 = 3;

/// For how long an old secret goes on signing after it was replaced, unless said otherwise; hours.
pub const ROTATION_HOURS: i64 = 24;

/// What an endpoint answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It took the event: any 2xx.
    Taken,
    /// It wants no more: 410.
    Gone,
    /// Anything else, or nothing.
    Failed,
}

impl Answer {
    /// From the status of HTTP, if there was one.
    pub fn of(code: Option<u16>) -> Self {
        match code {
            Some(200..=299) => Self::Taken,
            Some(410) => Self::Gone,
            _ => Self::Failed,
        }
    }
}

/// Why an endpoint is disabled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disabled {
    /// Somebody did it.
    ByHand,
    /// It took nothing for days.
    Failing,
    /// It said that it wants no more.
    Gone,
}

impl Disabled {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::ByHand => "by_hand",
            Self::Failing => "failing",
            Self::Gone => "gone",
        }
    }
}

/// What comes after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing: it is delivered.
    Delivered,
    /// Another attempt.
    At(Instant),
    /// Nothing: that was the last attempt.
    GiveUp,
}

/// What an attempt means for the delivery and for the endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// For the delivery.
    pub next: Next,
    /// Since when the endpoint has taken nothing; none when it just did.
    pub failing_since: Option<Instant>,
    /// Whether the endpoint is to be disabled, and why.
    pub disable: Option<Disabled>,
}

/// Judges the `tries`-th attempt (counted from 1) of a delivery. `failing_since` is what was known of the endpoint before;
/// `spread` (0 to 99) lengthens the pause by up to a tenth, so that deliveries that failed together do not come back together.
pub fn judge(
    answer: Answer,
    tries: usize,
    failing_since: Option<Instant>,
    now: Instant,
    spread: i64,
) -> Verdict {
    if answer == Answer::Taken {
        return Verdict { next: Next::Delivered, failing_since: None, disable: None };
    }
    let since = failing_since.unwrap_or(now);
    let pause = PAUSES_MS.get(tries.saturating_sub(1));
    let next = pause
        .map_or(Next::GiveUp, |pause| Next::At(Instant(now.0 + pause + pause / 1000 * spread.clamp(0, 99))));
    let disable = match answer {
        Answer::Gone => Some(Disabled::Gone),
        _ if now.0 - since.0 >= PATIENCE_DAYS * DAY_MS => Some(Disabled::Failing),
        _ => None,
    };
    Verdict {
        next: if answer == Answer::Gone { Next::GiveUp } else { next },
        failing_since: Some(since),
        disable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Instant = Instant(1_000_000_000_000);

    #[test]
    fn nine_attempts_within_a_day() {
        let total: i64 = PAUSES_MS.iter().sum();
        assert!(total < DAY_MS && total > DAY_MS * 9 / 10);
        for (place, pause) in PAUSES_MS.iter().enumerate() {
            let verdict = judge(Answer::Failed, place + 1, None, NOW, 0);
            assert_eq!(verdict.next, Next::At(Instant(NOW.0 + pause)));
        }
        assert_eq!(judge(Answer::Failed, 9, None, NOW, 0).next, Next::GiveUp);
    }

    #[test]
    fn pauses_are_spread_by_a_tenth_at_the_most() {
        let Next::At(at) = judge(Answer::Failed, 2, None, NOW, 99).next else { panic!("another attempt") };
        assert!(at.0 > NOW.0 + 60_000 && at.0 <= NOW.0 + 66_000);
    }

    #[test]
    fn what_is_taken_ends_the_failing() {
        let verdict = judge(Answer::of(Some(204)), 3, Some(Instant(5)), NOW, 0);
        assert_eq!(verdict, Verdict { next: Next::Delivered, failing_since: None, disable: None });
    }

    #[test]
    fn an_endpoint_is_disabled_after_days_without_a_success_or_at_once_when_it_says_so() {
        let since = |days: i64| Some(NOW.plus_days(-days));
        assert_eq!(judge(Answer::of(None), 1, since(2), NOW, 0).disable, None);
        let lasting = judge(Answer::of(Some(500)), 1, since(3), NOW, 0);
        assert_eq!((lasting.disable, lasting.failing_since), (Some(Disabled::Failing), since(3)));
        let gone = judge(Answer::of(Some(410)), 1, None, NOW, 0);
        assert_eq!((gone.disable, gone.next), (Some(Disabled::Gone), Next::GiveUp));
        assert_eq!(judge(Answer::of(Some(302)), 1, None, NOW, 0).failing_since, Some(NOW));
    }
}
