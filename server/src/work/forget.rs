//! Deletes clicks that are older than their program keeps them, and what only they needed. Figures stay.
//!
//! Clicks stand in the order of time, whosever they are: a sweep goes over all that might be too old, a step at a time,
//! and begins again when a day has gone by or a program has changed its mind.

use super::Step;
use crate::app::App;
use crate::error::Error;
use crate::manners;
use crate::seeing::KEPT_DAYS;
use crate::store::{Kept, OldClick, Tx};
use crate::visiting::first_key_of_day;
use goodword_domain::click::ClickNumber;
use goodword_domain::time::Instant;
use std::collections::BTreeMap;

/// How many rows one transaction looks at and deletes.
const BATCH: i64 = 1000;
/// For how many days browsers met by address are known by it, today included: who came before midnight may be stored after.
const DAYS_MET: i64 = 2;

/// How far the deleting has come.
#[derive(Default)]
pub struct Sweep {
    /// The first day each program keeps, of the sweep under way or the last one.
    first_days: BTreeMap<i64, i64>,
    /// Where to go on; none when there is nothing left to look at.
    next: Option<ClickNumber>,
    /// The programs whose browsers met by address are still to be forgotten, and for which day.
    met: Vec<i64>,
    day: Option<i64>,
}

/// Looks at a batch of clicks, or forgets a batch of browsers.
pub async fn step(app: &App, sweep: &mut Sweep) -> Result<Step, Error> {
    let real = app.world.now();
    let kept = app.store.read(|tx| Ok(tx.programs_that_forget()?)).await?;
    let first_days = first_days(&kept, real);
    if first_days != sweep.first_days {
        begin(app, &kept, &first_days).await?;
        sweep.first_days = first_days;
        sweep.next = Some(ClickNumber(i64::MIN));
    }
    if let Some(from) = sweep.next {
        sweep.next = clicks(app, &sweep.first_days, from).await?;
        return Ok(Step::Done);
    }
    browsers(app, sweep, real).await
}

/// The first day each program keeps; never one before a day that was deleted, whatever its clock shows since.
fn first_days(kept: &[Kept], real: Instant) -> BTreeMap<i64, i64> {
    let first = |k: &Kept| (k.clock.now(real).day() - k.days).max(k.since.unwrap_or(i64::MIN));
    kept.iter().map(|k| (k.program, first(k))).collect()
}

/// Tells what will be deleted before the first of it is.
async fn begin(app: &App, kept: &[Kept], first_days: &BTreeMap<i64, i64>) -> Result<(), Error> {
    let changed = kept.iter().filter(|k| k.since != first_days.get(&k.program).copied());
    let changed: Vec<i64> = changed.map(|k| k.program).collect();
    if changed.is_empty() {
        return Ok(());
    }
    let first_days = first_days.clone();
    let told = app.store.write(move |tx| {
        for program in &changed {
            tx.forget_clicks_before(*program, first_days.get(program).copied().unwrap_or(i64::MIN))?;
        }
        Ok(())
    });
    told.await
}

/// Deletes what is too old of a batch of clicks; returns where the next begins.
async fn clicks(
    app: &App,
    first_days: &BTreeMap<i64, i64>,
    from: ClickNumber,
) -> Result<Option<ClickNumber>, Error> {
    let Some(latest) = first_days.values().max() else { return Ok(None) };
    let below = ClickNumber::first_of_day(*latest);
    let batch = app.store.read(move |tx| Ok(tx.clicks_from(from, below, BATCH)?)).await?;
    let next = batch.last().filter(|_| i64::try_from(batch.len()) == Ok(BATCH));
    let next = next.map(|click| ClickNumber(click.number.0 + 1));
    let old = old(&batch, first_days);
    if !old.is_empty() {
        app.store.write(move |tx| delete(tx, &old)).await?;
    }
    Ok(next)
}

/// The numbers of those of a batch that are too old, by program.
fn old(batch: &[OldClick], first_days: &BTreeMap<i64, i64>) -> BTreeMap<i64, Vec<i64>> {
    let mut old: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for click in batch {
        if first_days.get(&click.program).is_some_and(|first| click.number.at().day() < *first) {
            old.entry(click.program).or_default().push(click.number.0);
        }
    }
    old
}

fn delete(tx: &mut Tx<'_>, old: &BTreeMap<i64, Vec<i64>>) -> Result<(), Error> {
    for (program, numbers) in old {
        tx.delete_clicks(*program, numbers)?;
    }
    Ok(())
}

/// Forgets a batch of browsers met by address on days gone by, of every program, once a day; what partners used a year ago, and
/// requests under keys that nobody repeats any more.
async fn browsers(app: &App, sweep: &mut Sweep, real: Instant) -> Result<Step, Error> {
    if sweep.day != Some(real.day()) {
        sweep.met = app.store.read(|tx| Ok(tx.program_numbers()?)).await?;
        sweep.day = Some(real.day());
        let old = real.plus_days(-KEPT_DAYS);
        app.store.write(move |tx| Ok(tx.forget_seen_before(old)?)).await?;
        let old = real.plus_days(-manners::KEPT_DAYS);
        app.store.write(move |tx| Ok(tx.forget_keys_before(old)?)).await?;
    }
    let Some(program) = sweep.met.last().copied() else { return Ok(Step::Idle) };
    let key = first_key_of_day(real.day() - DAYS_MET + 1);
    let forgotten = app.store.write(move |tx| Ok(tx.delete_heads_below(program, key, BATCH)?)).await?;
    if forgotten < BATCH.unsigned_abs() {
        sweep.met.pop();
    }
    Ok(Step::Done)
}

#[cfg(test)]
mod tests {
    use super::*;
    use goodword_domain::time::{Clock, DAY_MS};

    fn kept(program: i64, days: i64, since: Option<i64>) -> Kept {
        Kept { program, days, clock: Clock::default(), since }
    }

    #[test]
    fn what_is_kept_is_counted_from_today_and_never_comes_back() {
        let real = Instant(100 * DAY_MS + 7);
        let days = first_days(&[kept(1, 30, None), kept(2, 90, Some(5)), kept(3, 90, Some(40))], real);
        assert_eq!(days, BTreeMap::from([(1, 70), (2, 10), (3, 40)]));
    }

    #[test]
    fn each_program_has_a_day_of_its_own() {
        let click = |program, day| OldClick { number: ClickNumber::first_of_day(day), program };
        let batch = [click(1, 69), click(1, 70), click(2, 69), click(3, 1)];
        let old = old(&batch, &BTreeMap::from([(1, 70), (2, 10)]));
        assert_eq!(old, BTreeMap::from([(1, vec![batch[0].number.0])]));
    }
}
