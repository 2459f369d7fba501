//! What time does to funds: lots expire, instalments arise, commitments reach their deadline, sales of the day fill them.

use super::{Step, of_each_vendor};
use crate::app::App;
use crate::error::Error;
use crate::funding::{self, Found, sweeping};
use crate::store::Tx;
use goodword_domain::id::VendorId;
use goodword_domain::time::Instant;

/// Looks at every vendor's funds.
pub async fn step(app: &App) -> Result<Step, Error> {
    of_each_vendor(app, step_of).await
}

/// Everything of one vendor's that is due now.
pub async fn all_of(app: &App, vendor: &VendorId) -> Result<(), Error> {
    while step_of(app, vendor.clone()).await? == Step::Done {}
    Ok(())
}

/// Whether anything is due is asked without writing, since nearly always nothing is.
async fn step_of(app: &App, vendor: VendorId) -> Result<Step, Error> {
    let (world, real) = (app.world, app.world.now());
    let whose = vendor.clone();
    let due = app.store.read(move |tx| {
        let Some(found) = tx.vendor(&whose)? else { return Ok((false, Vec::new(), Vec::new())) };
        let now = found.clock.now(real);
        let lots = !tx.lots_to_expire(&whose, now, 1)?.is_empty();
        Ok((lots, sweeping::due_requests(tx, &whose, now)?, to_fill(tx, &whose, now)?))
    });
    let (lots, requests, to_fill) = due.await?;
    if !lots && requests.is_empty() && to_fill.is_empty() {
        return Ok(Step::Idle);
    }
    let done = app.store.write(move |tx| {
        let Some(found) = tx.vendor(&vendor)? else { return Ok(()) };
        let now = found.clock.now(real);
        sweeping::expire_lots(tx, world, &vendor, now)?;
        requests.iter().try_for_each(|id| sweeping::look_at(tx, world, &vendor, id, now))?;
        to_fill.iter().try_for_each(|found| funding::of_the_day(tx, world, found, now))
    });
    done.await?;
    Ok(Step::Done)
}

/// The funds that the sales of their programs have still to fill today.
fn to_fill(tx: &mut Tx<'_>, vendor: &VendorId, now: Instant) -> Result<Vec<Found>, Error> {
    let mut due = Vec::new();
    for found in funding::all(tx, vendor, None)? {
        if funding::is_due(tx, &found, now)? {
            due.push(found);
        }
    }
    Ok(due)
}
