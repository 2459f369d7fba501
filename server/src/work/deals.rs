//! What the clock does to deals: ends protections, approves what nobody reviewed in time where the program says so, and settles
//! periods once their days of grace are over.

use super::{Step, of_each_vendor};
use crate::app::App;
use crate::error::Error;
use crate::registering;
use crate::settling;
use crate::store::{Page, Program, RegistrationRow, Tx};
use goodword_domain::id::VendorId;
use goodword_domain::registration::Overdue;
use goodword_domain::time::Instant;

/// How many registrations one transaction looks at.
const BATCH: i64 = 50;

/// One piece of every vendor's.
pub async fn step(app: &App) -> Result<Step, Error> {
    of_each_vendor(app, step_of).await
}

/// Everything of one vendor's that is due now.
pub async fn all_of(app: &App, vendor: &VendorId) -> Result<(), Error> {
    while step_of(app, vendor.clone()).await? == Step::Done {}
    Ok(())
}

async fn step_of(app: &App, vendor: VendorId) -> Result<Step, Error> {
    let (world, real) = (app.world, app.world.now());
    let of = vendor.clone();
    let due = app.store.read(move |tx| {
        let Some(vendor) = tx.vendor(&of)? else { return Ok((Vec::new(), Vec::new(), real)) };
        let now = vendor.clock.now(real);
        let programs = tx.programs(&of, None, Page { limit: 10_000, ..Page::default() })?;
        let registrations = registrations(tx, &of, &programs, now)?;
        let mut periods = Vec::new();
        for program in programs {
            let open = settling::open_periods(tx, &program, now)?;
            periods.extend(open.into_iter().map(|(key, span)| (program.clone(), key, span)));
        }
        Ok((registrations, periods, now))
    });
    let (registrations, periods, now) = due.await?;
    let mut done = Step::Idle;
    for row in registrations {
        let ticked = app.store.write(move |tx| {
            let Some(program) = tx.program(&row.vendor, &row.program)? else { return Ok(()) };
            registering::tick(tx, world, &program, &row.id, now)
        });
        done = after(ticked.await, done)?;
    }
    for (program, key, span) in periods {
        let settled = app.store.write(move |tx| {
            settling::settle(tx, world, &program, (&key, span), "goodword", now).map(|_| ())
        });
        done = after(settled.await, done)?;
    }
    Ok(done)
}

/// What a budget does not cover waits, and holds up nothing else.
fn after(outcome: Result<(), Error>, done: Step) -> Result<Step, Error> {
    match outcome {
        Ok(()) => Ok(Step::Done),
        Err(Error::Conflict(why)) => {
            tracing::warn!(why, "what is due waits");
            Ok(done)
        }
        Err(other) => Err(other),
    }
}

fn registrations(
    tx: &mut Tx<'_>,
    vendor: &VendorId,
    programs: &[Program],
    now: Instant,
) -> Result<Vec<RegistrationRow>, Error> {
    let approves = |program: &&Program| {
        program.terms.registrations.as_ref().is_some_and(|rules| rules.overdue == Overdue::Approve)
    };
    let approving: Vec<String> =
        programs.iter().filter(approves).map(|program| program.id.to_string()).collect();
    Ok(tx.registrations_due(vendor, now, &approving, BATCH)?)
}
