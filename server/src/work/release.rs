//! Ends holds: held becomes payable once the vendor's clock has reached the commission's date.

use super::{Step, of_each_vendor};
use crate::app::App;
use crate::error::Error;
use crate::points;
use crate::store::Tx;
use crate::world::World;
use goodword_domain::id::VendorId;
use goodword_domain::time::Instant;

/// How many commissions one transaction releases.
const BATCH: i64 = 200;

/// Releases a batch of every vendor's.
pub async fn step(app: &App) -> Result<Step, Error> {
    of_each_vendor(app, step_of).await
}

/// Releases everything of one vendor's that is due now.
pub async fn all_of(app: &App, vendor: &VendorId) -> Result<(), Error> {
    while step_of(app, vendor.clone()).await? == Step::Done {}
    Ok(())
}

async fn step_of(app: &App, vendor: VendorId) -> Result<Step, Error> {
    let (world, real) = (app.world, app.world.now());
    let due = vendor.clone();
    let any = app.store.read(move |tx| {
        let Some(vendor) = tx.vendor(&due)? else { return Ok(false) };
        Ok(!tx.commissions_to_release(&due, vendor.clock.now(real), 1)?.is_empty())
    });
    if !any.await? {
        return Ok(Step::Idle);
    }
    let released = app.store.write(move |tx| {
        let Some(vendor) = tx.vendor(&vendor)? else { return Ok(0) };
        let now = vendor.clock.now(real);
        release(tx, world, &vendor.id, now, now)
    });
    Ok(if released.await? > 0 { Step::Done } else { Step::Idle })
}

/// Releases a batch of what is due by `now`, and says how many that were. What became due after `since` is posted at its own
/// time, all before at `since`: nobody had looked earlier.
pub fn release(
    tx: &mut Tx<'_>,
    world: World,
    vendor: &VendorId,
    now: Instant,
    since: Instant,
) -> Result<usize, Error> {
    let due = tx.commissions_to_release(vendor, now, BATCH)?;
    for row in &due {
        let Some(step) = row.commission.release(now) else { continue };
        tx.update_commission(row, &step.commission)?;
        points::post(tx, world, row, &step, row.commission.clears_at.max(since))?;
    }
    Ok(due.len())
}
