//! Points: what partners earn besides money. They come in as lots when a commission in points becomes payable, expire by lot, and
//! are redeemed for what a catalogue offers, the lots that expire first before the others.
//!
//! The lots are those of [`crate::lot`], the same machine that funds draw on. What is taken back of a commission, by a refund or a
//! decision, leaves its own lots: first what is there, then what has expired, and what was redeemed is owed. Other lots cover that at
//! once, as far as they hold something, and else what comes in or is given back next. In the ledger a partner's points lie in `payable`, what a redemption
//! has taken in `sent` until it is fulfilled, and then in `paid`; what is owed lies in `clawback`. So `payable` is what the lots
//! hold, at every instant.

mod catalogue;
mod level;
mod prize;
mod purse;
mod redemption;

pub use catalogue::{Article, ArticleKind, MOST_ARTICLES, MOST_LEFT};
pub use level::{Earned, Level, Levels, MOST_LEVELS, Multiplier, Over, Standing, Way};
pub use prize::{Award, MOST_PLACES, MOST_PRIZES, Prize, awards};
pub use purse::{Credited, Done, Purse};
pub use redemption::{Redemption, RedemptionStatus, Taken};

use crate::Invalid;
use crate::fund::Expiry;
use crate::reward::Period;

/// How a program's points behave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// When a lot expires, counted from when its points can be redeemed.
    pub expiry: Expiry,
    /// Whether points are taken from what was set aside, and end with it: what a commission needs and is not there whole is refused
    /// whole.
    pub budgeted: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { expiry: Expiry::Never, budgeted: false }
    }
}

impl Settings {
    /// The same, once its figures are within their range.
    pub fn checked(self) -> Result<Self, Invalid> {
        match self.expiry {
            Expiry::Days(days) if !(1..=3650).contains(&days) => {
                Err(Invalid::new("expireDays", "must be 1 to 3650 days."))
            }
            Expiry::End(Period::Ever | Period::Day) => {
                Err(Invalid::new("expireEnd", "must be `month`, `quarter` or `year`."))
            }
            _ => Ok(self),
        }
    }
}

/// A word that tells parts of the terms apart: 1 to 40 lower-case letters, digits, `-` and `_`.
fn check_key(key: &str) -> Result<(), Invalid> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
    if (1..=40).contains(&key.len()) && key.bytes().all(plain) {
        return Ok(());
    }
    Err(Invalid::new("key", "must be 1 to 40 lower-case letters, digits, `-` and `_`."))
}

fn check_name(name: &str) -> Result<(), Invalid> {
    if (1..=100).contains(&name.chars().count()) && name.trim() == name {
        return Ok(());
    }
    Err(Invalid::new("name", "must be 1 to 100 characters."))
}

fn within(field: &'static str, figure: i64, least: i64, most: i64) -> Result<(), Invalid> {
    if (least..=most).contains(&figure) {
        return Ok(());
    }
    Err(Invalid::new(field, format!("must be {least} to {most}; it is {figure}.")))
}

#[cfg(test)]
mod histories_tests;
#[cfg(test)]
mod tests;
