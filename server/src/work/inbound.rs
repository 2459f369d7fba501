//! Looks again at events of payment providers that wait for other ones, and forgets those that were decided long ago.

use super::Step;
use crate::app::App;
use crate::error::Error;
use crate::inbound;
use goodword_domain::time::Instant;

/// How many days events are kept once they are decided about.
const KEPT_DAYS: i64 = 90;
/// How many are forgotten at once.
const BATCH: i64 = 500;

/// For how long one that is broken is left alone, milliseconds.
const PAUSE_MS: i64 = 3_600_000;

/// Looks at one.
pub async fn step(app: &App) -> Result<Step, Error> {
    let (world, real) = (app.world, app.world.now());
    if app.store.read(move |tx| Ok(tx.inbound_due(real)?)).await?.is_none() {
        return Ok(Step::Idle);
    }
    let looked = app.store.write(move |tx| {
        let Some((of, id)) = tx.inbound_due(real)? else { return Ok(Step::Idle) };
        let found = tx.integration(&of)?.zip(tx.inbound(&of, &id)?);
        let Some((integration, event)) = found else { return Ok(Step::Idle) };
        inbound::again(tx, world, &integration, event, real, false)?;
        Ok(Step::Done)
    });
    match looked.await {
        Err(Error::Internal(text)) => {
            // The others shall not wait for one that is broken.
            app.store.write(move |tx| Ok(tx.postpone_inbound(real, Instant(real.0 + PAUSE_MS))?)).await?;
            Err(Error::Internal(text))
        }
        looked => looked,
    }
}

/// Forgets what is old.
pub async fn forget(app: &App) -> Result<Step, Error> {
    let before = app.world.now().plus_days(-KEPT_DAYS);
    if !app.store.read(move |tx| Ok(tx.inbound_to_forget(before)?)).await? {
        return Ok(Step::Idle);
    }
    app.store.write(move |tx| Ok(tx.forget_inbound(before, BATCH)?)).await?;
    Ok(Step::Done)
}
