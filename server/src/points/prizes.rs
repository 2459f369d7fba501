//! Prizes: who would get what, and giving it, once for each period.

use crate::error::Error;
use crate::granting;
use crate::hash;
use crate::store::{PrizeLine, PrizePeriodRow, Program, Tx};
use crate::world::World;
use goodword_domain::id::PartnerId;
use goodword_domain::money::Currency;
use goodword_domain::points::{Award, Prize, awards};
use goodword_domain::settlement::{Calendar, Span};
use goodword_domain::time::Instant;

/// Who gets what by what was earned in a period.
pub fn standings(
    tx: &mut Tx<'_>,
    program: &Program,
    prize: &Prize,
    span: Span,
) -> Result<Vec<Award<PartnerId>>, Error> {
    let earned = tx.points_by_partner(&program.id, (span.start, span.end))?;
    Ok(awards(&prize.places, earned))
}

/// The periods of a prize that are over, with their days of grace, and not given: the oldest first.
pub fn open_periods(
    tx: &mut Tx<'_>,
    program: &Program,
    prize: &Prize,
    now: Instant,
) -> Result<Vec<Span>, Error> {
    let given = tx.prize_periods(&program.id, &prize.key, i64::MAX)?;
    let since = program.versions.iter().find(|v| v.terms.prizes.iter().any(|p| p.key == prize.key));
    let since = since.map_or(program.created_at, |version| version.since);
    let closed = Calendar::Every(prize.period).closed(since, now.plus_days(-prize.grace_days));
    let is_open = |span: &Span| !given.iter().any(|row| row.starts_at == span.start);
    Ok(closed.into_iter().filter(is_open).collect())
}

/// Gives the prizes of a period, once: the same again finds that it was done.
pub fn give(
    tx: &mut Tx<'_>,
    world: World,
    program: &Program,
    (prize, span): (&Prize, Span),
    now: Instant,
) -> Result<(), Error> {
    tx.lock(&[hash::number(&format!("prize:{}:{}", program.id, prize.key))])?;
    let given = tx.prize_periods(&program.id, &prize.key, i64::MAX)?;
    if given.iter().any(|row| row.starts_at == span.start) {
        return Ok(());
    }
    let last = crate::time::show_day(Instant(span.end.0 - 1).day());
    let mut lines = Vec::new();
    for award in standings(tx, program, prize, span)? {
        let note = format!("{}, place {} in the {} to {last}", prize.name, award.rank, prize.period.word());
        let amount = (&award.who, award.prize, Currency::POINTS);
        let commission = granting::grant_in(tx, world, program, amount, note, now)?;
        let (rank, points, amount) = (award.rank, award.points, award.prize);
        lines.push(PrizeLine { partner: award.who, rank, points, amount, commission });
    }
    let row = PrizePeriodRow {
        vendor: program.vendor.clone(),
        program: program.id.clone(),
        prize: prize.key.clone(),
        name: prize.name.clone(),
        starts_at: span.start,
        ends_at: span.end,
        at: now,
    };
    Ok(tx.insert_prize_period(&row, &lines)?)
}
