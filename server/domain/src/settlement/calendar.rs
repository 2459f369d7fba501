//! When a settlement's periods begin and end. All instants are UTC, and spans are half-open.

use crate::reward::Period;
use crate::time::Instant;

/// For how many months after a promotion corrections of it are settled.
pub const MONTHS_AFTER: i64 = 12;

/// Over what a rule is settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calendar {
    /// Every month, quarter or year of the calendar; never [`Period::Ever`], which never closes.
    Every(Period),
    /// Once: from an instant until another, not including.
    Once(Instant, Instant),
}

/// One period: from an instant until another, not including.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Its first instant.
    pub start: Instant,
    /// The first after it.
    pub end: Instant,
}

impl Span {
    /// Whether an instant lies in it.
    pub fn has(self, at: Instant) -> bool {
        self.start <= at && at < self.end
    }
}

impl Calendar {
    /// The period an instant lies in; none outside a promotion.
    pub fn around(self, at: Instant) -> Option<Span> {
        match self {
            Self::Every(period) => {
                let (start, end) = period.around(at);
                Some(Span { start, end })
            }
            Self::Once(start, end) => Some(Span { start, end }).filter(|span| span.has(at)),
        }
    }

    /// The period before another; none before a promotion.
    pub fn before(self, span: Span) -> Option<Span> {
        match self {
            Self::Every(period) => {
                let (start, end) = period.around(Instant(span.start.0 - 1));
                Some(Span { start, end })
            }
            Self::Once(..) => None,
        }
    }

    /// Every period that touches the time from `since` on and is closed at `now`, the oldest first. After a promotion the months
    /// follow in which corrections of it are settled; they have nothing of their own.
    pub fn closed(self, since: Instant, now: Instant) -> Vec<Span> {
        let mut spans = Vec::new();
        let mut next = match self {
            Self::Every(period) => {
                let (start, end) = period.around(since);
                Span { start, end }
            }
            Self::Once(start, end) => Span { start, end },
        };
        while next.end <= now && next.end > next.start && spans.len() < 1_200 {
            spans.push(next);
            let Some(after) = self.after(next) else { break };
            next = after;
        }
        spans
    }

    /// Whether a period is one of those after a promotion.
    pub fn is_after(self, span: Span) -> bool {
        matches!(self, Self::Once(_, end) if span.start >= end)
    }

    fn after(self, span: Span) -> Option<Span> {
        match self {
            Self::Every(period) => {
                let (start, end) = period.around(span.end);
                Some(Span { start, end })
            }
            Self::Once(_, end) => {
                let (_, next) = Period::Month.around(span.end);
                (span.end < end.plus_months(MONTHS_AFTER)).then_some(Span { start: span.end, end: next })
            }
        }
    }
}
