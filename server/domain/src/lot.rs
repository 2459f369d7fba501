//! Lots: amounts that came in at one instant and may expire at another, drawn oldest first.
//!
//! A lot is good in `[came_at, expires_at)`: at the instant it expires it is gone. What is drawn is taken from the lot that
//! expires first, among those that expire together (or never) from the one that came first, and among those that came together
//! in the order of their ids. A draw remembers which lots it took from, so that what is given back goes to where it came from:
//! to the lot that would have been drawn last first, so that the outcome is as if less had been drawn. What is given back to
//! a lot that has expired meanwhile expires with it.

use crate::id::LotId;
use crate::time::Instant;

/// An amount that came in at one instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lot {
    /// Its id.
    pub id: LotId,
    /// When it came in.
    pub came_at: Instant,
    /// From when on it is gone; none where it never expires.
    pub expires_at: Option<Instant>,
    /// How much of it is neither drawn nor expired: minor units, or points; never negative.
    pub left: i64,
}

/// What a draw took from one lot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// From which.
    pub lot: LotId,
    /// How much was taken: minor units, or points; positive.
    pub amount: i64,
    /// How much of that was given back since; from 0 to `amount`.
    pub back: i64,
}

/// What became of an amount that was given back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GivenBack {
    /// What lies in its lots again.
    pub back: i64,
    /// What had expired meanwhile, and is gone.
    pub expired: i64,
}

impl Lot {
    /// Whether it can be drawn from at that instant.
    pub fn is_good(&self, now: Instant) -> bool {
        self.came_at <= now && !self.has_expired(now)
    }

    /// Whether it is gone.
    pub fn has_expired(&self, now: Instant) -> bool {
        self.expires_at.is_some_and(|end| now >= end)
    }

    fn order(&self) -> (Instant, Instant, &LotId) {
        (self.expires_at.unwrap_or(Instant(i64::MAX)), self.came_at, &self.id)
    }
}

impl Part {
    /// How much of it is still drawn.
    pub fn open(&self) -> i64 {
        self.amount - self.back
    }
}

/// How much can be drawn at that instant.
pub fn available(lots: &[Lot], now: Instant) -> i64 {
    lots.iter().filter(|lot| lot.is_good(now)).map(|lot| lot.left).sum()
}

/// The next instant at which something expires, and how much does.
pub fn next_expiry(lots: &[Lot], now: Instant) -> Option<(Instant, i64)> {
    let open = || lots.iter().filter(|lot| lot.is_good(now) && lot.left > 0);
    let first = open().filter_map(|lot| lot.expires_at).min()?;
    Some((first, open().filter(|lot| lot.expires_at == Some(first)).map(|lot| lot.left).sum()))
}

/// Draws an amount, oldest lots first. None, and nothing changed, where it is negative or more than is available.
pub fn draw(lots: &mut [Lot], amount: i64, now: Instant) -> Option<Vec<Part>> {
    if amount < 0 || amount > available(lots, now) {
        return None;
    }
    let mut good: Vec<&mut Lot> = lots.iter_mut().filter(|lot| lot.is_good(now) && lot.left > 0).collect();
    good.sort_by(|a, b| a.order().cmp(&b.order()));
    let (mut wanted, mut parts) = (amount, Vec::new());
    for lot in good {
        let taken = wanted.min(lot.left);
        if taken > 0 {
            (lot.left, wanted) = (lot.left - taken, wanted - taken);
            parts.push(Part { lot: lot.id.clone(), amount: taken, back: 0 });
        }
    }
    Some(parts)
}

/// Gives back part of what was drawn, to the lots it came from, the last drawn first. None, and nothing changed, where it is
/// negative, more than is still drawn, or a lot is missing.
pub fn give_back(lots: &mut [Lot], parts: &mut [Part], amount: i64, now: Instant) -> Option<GivenBack> {
    let open: i64 = parts.iter().map(Part::open).sum();
    let known = |part: &Part| lots.iter().any(|lot| lot.id == part.lot);
    if amount < 0 || amount > open || !parts.iter().all(known) {
        return None;
    }
    let (mut wanted, mut result) = (amount, GivenBack::default());
    for part in parts.iter_mut().rev() {
        let given = wanted.min(part.open());
        (part.back, wanted) = (part.back + given, wanted - given);
        for lot in lots.iter_mut().filter(|lot| lot.id == part.lot) {
            if lot.has_expired(now) {
                result.expired += given;
            } else {
                lot.left += given;
                result.back += given;
            }
        }
    }
    Some(result)
}

/// Takes out of lots what has expired by that instant, and says how much of which.
pub fn expire(lots: &mut [Lot], now: Instant) -> Vec<(LotId, i64)> {
    let gone = lots.iter_mut().filter(|lot| lot.has_expired(now) && lot.left > 0);
    gone.map(|lot| (lot.id.clone(), std::mem::take(&mut lot.left))).collect()
}

#[cfg(test)]
#[path = "lot_tests.rs"]
mod tests;
