//! What a partner is due, and what keeps it from being paid.

use crate::time::Instant;

/// What a partner's cleared commissions in no payout come to, in one program and currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The sum of what was earned: the balance of the partner's `payable` account. Minor units.
    pub earned: i64,
    /// The sum of what was taken back after it was sent: what `clawback` lacks. Minor units, not negative.
    pub owed: i64,
    /// How many commissions.
    pub commissions: i64,
    /// When the earliest was earned, and the latest.
    pub period: (Instant, Instant),
}

/// What is known of whoever is to be paid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Payee {
    /// Whether a way of paying is known.
    pub has_method: bool,
    /// Whether the vendor holds the partner's payouts back.
    pub on_hold: bool,
    /// Whether something is missing that tax law wants to know, and the vendor requires.
    pub lacks_tax: bool,
}

/// Why somebody is not paid now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The vendor holds the partner's payouts back.
    OnHold,
    /// The partner owes more than was earned since: it is carried forward.
    NegativeBalance,
    /// What was earned and what is owed are the same.
    NothingDue,
    /// It is less than is worth sending: it is carried forward.
    BelowMinimum,
    /// Nobody has said how the partner is paid.
    NoMethod,
    /// Something is missing that tax law wants to know.
    TaxIncomplete,
}

impl Due {
    /// What is to be paid, minor units; negative where the partner owes more than was earned.
    pub fn amount(&self) -> i64 {
        self.earned - self.owed
    }

    /// What keeps it from being paid, the vendor's own word first. `minimum` in minor units.
    pub fn obstacle(&self, payee: Payee, minimum: i64) -> Option<Obstacle> {
        match self.amount() {
            _ if payee.on_hold => Some(Obstacle::OnHold),
            amount if amount < 0 => Some(Obstacle::NegativeBalance),
            0 => Some(Obstacle::NothingDue),
            amount if amount < minimum => Some(Obstacle::BelowMinimum),
            _ if !payee.has_method => Some(Obstacle::NoMethod),
            _ if payee.lacks_tax => Some(Obstacle::TaxIncomplete),
            _ => None,
        }
    }
}

impl Obstacle {
    /// Its word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::OnHold => "on_hold",
            Self::NegativeBalance => "negative_balance",
            Self::NothingDue => "nothing_due",
            Self::BelowMinimum => "below_minimum",
            Self::NoMethod => "no_method",
            Self::TaxIncomplete => "tax_incomplete",
        }
    }
}
