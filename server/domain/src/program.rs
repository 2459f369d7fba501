//! A program's terms, each within its range.

use crate::Invalid;
use crate::attribution::{Model, Policy};
use crate::money::{Currency, parse_amount};
use crate::reward::Reward;
use crate::time::Instant;

/// What a program pays for, how it credits, and when it pays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The program's currency; all its money is in it.
    pub currency: Currency,
    /// How one of several touchpoints is chosen.
    pub model: Model,
    /// How long a touchpoint counts: 1 to 3,650 days of 24 hours.
    pub window_days: i64,
    /// How long a commission is held: 0 to 365 days of 24 hours.
    pub hold_days: i64,
    /// The least balance that is paid out, minor units.
    pub min_payout: i64,
    /// In order; for each event the first that applies is paid.
    pub rewards: Vec<Reward>,
}

/// The default window, days.
pub const WINDOW_DAYS: i64 = 60;
/// The default hold, days.
pub const HOLD_DAYS: i64 = 30;
/// The default minimum payout, whole units of the currency.
pub const MIN_PAYOUT_UNITS: i64 = 50;

impl Terms {
    /// The terms a program has when only its currency is said.
    pub fn default_for(currency: Currency) -> Self {
        Self {
            currency,
            model: Model::LastTouch,
            window_days: WINDOW_DAYS,
            hold_days: HOLD_DAYS,
            min_payout: currency.units(MIN_PAYOUT_UNITS),
            rewards: Vec::new(),
        }
    }

    /// The same, once every figure has been found within its range.
    pub fn checked(self) -> Result<Self, Invalid> {
        within("attributionWindowDays", self.window_days, 1, 3650)?;
        within("holdDays", self.hold_days, 0, 365)?;
        parse_amount("minPayout", self.min_payout)?;
        if self.rewards.len() > 50 {
            return Err(Invalid::new("rewards", "must be at most 50."));
        }
        Ok(self)
    }

    /// What attribution goes by.
    pub fn policy(&self) -> Policy {
        Policy { model: self.model, window_days: self.window_days }
    }

    /// When a commission earned at `at` becomes payable.
    pub fn clears_at(&self, at: Instant) -> Instant {
        at.plus_days(self.hold_days)
    }
}

fn within(field: &'static str, value: i64, low: i64, high: i64) -> Result<(), Invalid> {
    if (low..=high).contains(&value) {
        Ok(())
    } else {
        Err(Invalid::new(field, format!("must be from {low} to {high}; it is {value}.")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_and_ranges() {
        let yen = Terms::default_for(Currency::parse("jpy").unwrap());
        assert_eq!((yen.min_payout, yen.window_days, yen.hold_days), (50, 60, 30));
        let refused = |change: fn(&mut Terms)| {
            let mut terms = yen.clone();
            change(&mut terms);
            terms.checked().unwrap_err().field
        };
        assert_eq!(refused(|t| t.window_days = 0), "attributionWindowDays");
        assert_eq!(refused(|t| t.hold_days = 366), "holdDays");
        assert_eq!(refused(|t| t.min_payout = -1), "minPayout");
    }
}
