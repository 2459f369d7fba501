//! Prizes: points for whoever earned most in a period, settled once.

use super::{check_key, check_name, within};
use crate::Invalid;
use crate::leaderboard::ranked;
use crate::reward::{MAX_FLAT, Period};
use crate::split::largest_remainder;

/// How many prizes a program may have.
pub const MOST_PRIZES: usize = 10;
/// For how many places a prize may be.
pub const MOST_PLACES: usize = 100;

/// Points for the first places of a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prize {
    /// Tells it from the others.
    pub key: String,
    /// 1 to 100 characters.
    pub name: String,
    /// A calendar month, quarter or year, in UTC.
    pub period: Period,
    /// How many days of 24 hours after the period's end it is settled: 0 to 90.
    pub grace_days: i64,
    /// Points for the first place, the second and so on; never more for a later one.
    pub places: Vec<i64>,
}

/// What somebody gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Award<T> {
    /// Who.
    pub who: T,
    /// The place; who earned as much shares it.
    pub rank: i64,
    /// What was earned in the period.
    pub points: i64,
    /// The prize, points.
    pub prize: i64,
}

impl Prize {
    /// The same, once every figure is within its range.
    pub fn checked(self) -> Result<Self, Invalid> {
        check_key(&self.key)?;
        check_name(&self.name)?;
        if matches!(self.period, Period::Ever | Period::Day) {
            return Err(Invalid::new("period", "must be `month`, `quarter` or `year`."));
        }
        within("graceDays", self.grace_days, 0, 90)?;
        if self.places.is_empty() || self.places.len() > MOST_PLACES {
            return Err(Invalid::new("places", format!("must be points for 1 to {MOST_PLACES} places.")));
        }
        if self.places.iter().any(|points| !(1..=MAX_FLAT).contains(points)) {
            return Err(Invalid::new("places", format!("must be 1 to {MAX_FLAT} points each.")));
        }
        if self.places.windows(2).any(|pair| pair[1] > pair[0]) {
            return Err(Invalid::new("places", "must not rise from place to place."));
        }
        Ok(self)
    }
}

/// Who gets what. Those who share a place share the prizes of all the places they take up, in equal parts by the largest remainder,
/// what is over in the order of `T`; so no more is given than the places hold, however many tie.
pub fn awards<T: Ord + Clone>(places: &[i64], counts: Vec<(T, i64)>) -> Vec<Award<T>> {
    let standings = ranked(counts);
    let mut awards = Vec::new();
    for group in standings.chunk_by(|a, b| a.rank == b.rank) {
        let first = usize::try_from(group[0].rank - 1).unwrap_or(usize::MAX);
        let together: i64 = places.iter().skip(first).take(group.len()).sum();
        let parts = largest_remainder(together, &vec![1; group.len()]);
        let award = |(standing, prize): (&crate::leaderboard::Standing<T>, i64)| Award {
            who: standing.who.clone(),
            rank: standing.rank,
            points: standing.count,
            prize,
        };
        awards.extend(group.iter().zip(parts).map(award).filter(|award| award.prize > 0));
    }
    awards
}
