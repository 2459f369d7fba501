//! Exchange rates: what one unit of a currency is worth in another, as the vendor says.

use crate::Invalid;
use crate::reward::Exchange;
use crate::time::Instant;
use rust_decimal::Decimal;
use std::str::FromStr;

/// How long a rate is used after the instant it is from, days. A rate is looked for at the time of the sale; an older one than
/// this is none.
pub const RATE_DAYS: i64 = 31;

/// A rate as it was loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rate {
    /// What it is, between which currencies, and who says so.
    pub exchange: Exchange,
    /// From when it is.
    pub at: Instant,
}

/// Decimal text above 0 and up to 1,000,000,000, with at most 12 decimals.
pub fn parse_rate(text: &str) -> Result<Decimal, Invalid> {
    let rate = Decimal::from_str(text.trim()).ok().map(|rate| rate.normalize());
    rate.filter(|r| *r > Decimal::ZERO && *r <= Decimal::from(1_000_000_000) && r.scale() <= 12).ok_or_else(
        || {
            Invalid::new(
                "rate",
                "must be decimal text above 0 with at most twelve decimals, such as \"1.0825\".",
            )
        },
    )
}

/// Whether a rate from `at` can be used for something that happened at `when`.
pub fn is_current(at: Instant, when: Instant) -> bool {
    at <= when && when < at.plus_days(RATE_DAYS)
}
