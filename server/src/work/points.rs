//! What time does to points: lots expire, levels end, prizes of periods are given.

use super::{Step, of_each_vendor};
use crate::app::App;
use crate::error::Error;
use crate::points::{self, levels, prizes};
use crate::store::{Page, Program, Tx};
use goodword_domain::id::VendorId;
use goodword_domain::points::Prize;
use goodword_domain::settlement::Span;
use goodword_domain::time::Instant;

/// How many programs of a vendor are looked through.
const MOST_PROGRAMS: i64 = 1_000;

/// Looks at every vendor's points.
pub async fn step(app: &App) -> Result<Step, Error> {
    of_each_vendor(app, step_of).await
}

/// Everything of one vendor's that is due now, but prizes.
pub async fn all_of(app: &App, vendor: &VendorId) -> Result<(), Error> {
    while step_of(app, vendor.clone()).await? == Step::Done {}
    Ok(())
}

/// Whether anything is due is asked without writing, since nearly always nothing is.
async fn step_of(app: &App, vendor: VendorId) -> Result<Step, Error> {
    let (world, real) = (app.world, app.world.now());
    let whose = vendor.clone();
    let due = app.store.read(move |tx| {
        let Some(found) = tx.vendor(&whose)? else { return Ok(false) };
        let now = found.clock.now(real);
        Ok(points::any_to_expire(tx, &whose, now)? || levels::any_to_look_at(tx, &whose, now)?)
    });
    if !due.await? {
        return Ok(Step::Idle);
    }
    let done = app.store.write(move |tx| {
        let Some(found) = tx.vendor(&vendor)? else { return Ok(()) };
        let now = found.clock.now(real);
        points::expire(tx, world, &vendor, now)?;
        levels::look(tx, world, &vendor, now).map(drop)
    });
    done.await?;
    Ok(Step::Done)
}

/// Gives every vendor's prizes that are due.
pub async fn give(app: &App) -> Result<Step, Error> {
    of_each_vendor(app, give_of).await
}

/// One period's prizes of a vendor. What a budget does not cover waits, and holds up nothing else.
pub async fn give_of(app: &App, vendor: VendorId) -> Result<Step, Error> {
    let (world, real) = (app.world, app.world.now());
    let whose = vendor.clone();
    let due = app.store.read(move |tx| {
        let Some(found) = tx.vendor(&whose)? else { return Ok(Vec::new()) };
        open(tx, &whose, found.clock.now(real))
    });
    let mut outcome = Step::Idle;
    for (program, prize, span) in due.await? {
        let vendor = vendor.clone();
        let given = app.store.write(move |tx| {
            let Some(found) = tx.vendor(&vendor)? else { return Ok(()) };
            prizes::give(tx, world, &program, (&prize, span), found.clock.now(real))
        });
        match given.await {
            Ok(()) => outcome = Step::Done,
            Err(Error::Conflict(why)) => tracing::warn!(why, "a prize waits"),
            Err(other) => return Err(other),
        }
    }
    Ok(outcome)
}

fn open(tx: &mut Tx<'_>, vendor: &VendorId, now: Instant) -> Result<Vec<(Program, Prize, Span)>, Error> {
    let page = Page { limit: MOST_PROGRAMS, oldest_first: true, ..Page::default() };
    let mut open = Vec::new();
    for program in tx.programs(vendor, None, page)? {
        for prize in &program.terms.prizes {
            for span in prizes::open_periods(tx, &program, prize, now)? {
                open.push((program.clone(), prize.clone(), span));
            }
        }
    }
    Ok(open)
}
