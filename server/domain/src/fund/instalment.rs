//! Instalments: a yearly cost, shared, in parts for calendar periods, prorated by days.

use super::day_of;
use crate::money::Percentage;
use crate::reward::Period;
use crate::time::{DAY_MS, Instant};
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

/// What one period is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instalment {
    /// Its first instant.
    pub from: Instant,
    /// The first instant after it.
    pub until: Instant,
    /// Minor units.
    pub amount: i64,
}

/// The instalments of a term `[starts_at, ends_at)`, whole UTC days, at most `most` of them. A period that the term covers whole is
/// due its even part of the year's share (a quarter of it, a twelfth); one it covers in part is due that part by days, each
/// rounded once, half away from zero.
pub fn instalments(
    (yearly, share): (i64, Percentage),
    period: Period,
    (starts_at, ends_at): (Instant, Instant),
    most: usize,
) -> Vec<Instalment> {
    let months = match period {
        Period::Day | Period::Month => 1,
        Period::Quarter => 3,
        Period::Year | Period::Ever => 12,
    };
    let (starts_at, ends_at) = (day_of(starts_at), day_of(ends_at));
    let (mut found, mut from) = (Vec::new(), starts_at);
    while from < ends_at && found.len() < most {
        let (first, next) = period.around(from);
        let until = next.min(ends_at);
        let (active, whole) = ((until.0 - from.0) / DAY_MS, (next.0 - first.0) / DAY_MS);
        found.push(Instalment { from, until, amount: part(yearly, share, (months, active, whole)) });
        from = until;
    }
    found
}

fn part(yearly: i64, share: Percentage, (months, active, whole): (i64, i64, i64)) -> i64 {
    let share = Decimal::from(u64::try_from(share.millionths()).unwrap_or(0));
    let above = Decimal::from(yearly) * share * Decimal::from(months * active);
    let below = Decimal::from(1_000_000_i64 * 12 * whole);
    let exact = above / below;
    exact.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero).to_i64().unwrap_or(0)
}
