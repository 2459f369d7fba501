//! Caps: the most a reward pays.

use super::Period;

/// The most a reward pays, minor units of its unit; none: no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Caps {
    /// For one event.
    pub event: Option<i64>,
    /// For one customer, ever, whoever is credited.
    pub customer: Option<i64>,
    /// For one partner in each period.
    pub partner: Option<(i64, Period)>,
    /// For all partners in each period.
    pub total: Option<(i64, Period)>,
}

/// What is left under the caps when an event is credited, minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Room {
    /// For the event as a whole; none: no limit.
    pub whole: Option<i64>,
    /// For one partner's part; none: no limit.
    pub own: Option<i64>,
}

impl Room {
    /// The tighter of two limits on the whole.
    #[must_use]
    pub fn whole_at_most(self, limit: Option<i64>) -> Self {
        Self { whole: tighter(self.whole, limit), ..self }
    }
}

/// The tighter of two limits, never below nothing.
fn tighter(a: Option<i64>, b: Option<i64>) -> Option<i64> {
    let positive = |limit: i64| limit.max(0);
    match (a.map(positive), b.map(positive)) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
