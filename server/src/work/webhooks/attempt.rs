//! Attempts: taken, made, judged.

use super::MOST_OF_ONE;
use crate::app::{App, Shared};
use crate::calling::{Called, Signed, TIMEOUT};
use crate::error::Error;
use crate::mails;
use crate::store::{Attempt, Due, Tx, Webhook};
use crate::work::Step;
use crate::world::World;
use goodword_domain::time::Instant;
use goodword_domain::webhook::{Disabled, Next, Verdict, judge};
use std::sync::Arc;
use tokio::task::JoinSet;

/// For how long an attempt is taken, milliseconds: longer than any takes.
const LEASE_MS: i64 = 30_000;

const _: () = assert!(LEASE_MS as u128 > 2 * TIMEOUT.as_millis());

/// Takes what is due, at most `room`, and begins to send it.
pub async fn begin(app: &Shared, room: usize, attempts: &mut JoinSet<()>) -> Result<Step, Error> {
    let now = app.world.now();
    if room == 0 {
        return Ok(Step::Idle);
    }
    let webhooks = app.store.read(move |tx| Ok(tx.webhooks_with_due(now)?)).await?;
    let (mut room, mut step) = (room, Step::Idle);
    for webhook in webhooks {
        let most = MOST_OF_ONE.min(i64::try_from(room).unwrap_or(MOST_OF_ONE));
        if most == 0 {
            break;
        }
        let (webhook, id) = (Arc::new(webhook.clone()), webhook.id);
        let lease = Instant(now.0 + LEASE_MS);
        let due = app.store.write(move |tx| Ok(tx.take_due(&id, most, (now, lease))?)).await?;
        for due in due {
            (room, step) = (room.saturating_sub(1), Step::Done);
            attempts.spawn(make(Arc::clone(app), Arc::clone(&webhook), due));
        }
    }
    Ok(step)
}

/// Makes one attempt and writes down what came of it.
async fn make(app: Shared, webhook: Arc<Webhook>, due: Due) {
    let at = app.world.now();
    let signed = Signed::new(due.event.as_str(), at.0 / 1000, due.body.clone(), &webhook.secrets(at));
    let called = app.caller.call(app.world, &webhook.url, &signed).await;
    if let Err(error) = finish(&app, webhook, due, called, at).await {
        // It is found due again when its time is over.
        tracing::error!(%error, "an attempt to send a webhook could not be written down");
    }
}

async fn finish(
    app: &App,
    webhook: Arc<Webhook>,
    due: Due,
    called: Called,
    at: Instant,
) -> Result<(), Error> {
    let code = called.code;
    let (world, spread) = (app.world, (app.world.random() % 100).cast_signed());
    let console = format!("{}/console/webhooks", app.public_url);
    let written = app.store.write(move |tx| {
        let now = world.now();
        // It may have been changed, disabled or deleted while the attempt was under way.
        let known = tx.webhook(&webhook.vendor, &webhook.id)?;
        let failing_since = known.as_ref().and_then(|known| known.failing_since);
        let tries = usize::try_from(due.tries + 1).unwrap_or(usize::MAX);
        let verdict = judge(called.answer(), tries, failing_since, now, spread);
        let (status, next) = match verdict.next {
            Next::Delivered => ("delivered", None),
            Next::At(at) => ("waiting", Some(at)),
            Next::GiveUp => ("failed", None),
        };
        let attempt =
            Attempt { at, ms: called.ms, code: called.code.map(i64::from), error: called.error.clone() };
        tx.attempted((&webhook.vendor, &due.id), &attempt, status, next)?;
        let disabled = match known {
            Some(known) => judged(tx, world, &known, verdict, &console)?,
            None => None,
        };
        Ok((status == "failed", disabled))
    });
    let (given_up, disabled) = written.await?;
    app.metrics.calls.count(code, given_up);
    if let Some(why) = disabled {
        app.metrics.calls.count_disabled();
        tracing::warn!(reason = why.word(), "a webhook endpoint was disabled");
    }
    Ok(())
}

/// Writes down what an attempt means for the endpoint; why it was disabled, if it was.
fn judged(
    tx: &mut Tx<'_>,
    world: World,
    webhook: &Webhook,
    verdict: Verdict,
    console: &str,
) -> Result<Option<Disabled>, Error> {
    if verdict.failing_since != webhook.failing_since {
        tx.set_failing(&webhook.id, verdict.failing_since)?;
    }
    let Some(why) = verdict.disable else { return Ok(None) };
    if !tx.disable_webhook(&webhook.id, why, world.now())? {
        return Ok(None);
    }
    let vendor = crate::routes::find::vendor(tx, &webhook.vendor)?;
    for address in tx.owner_addresses(vendor.live_id())? {
        let mail = mails::webhook_disabled(world, &vendor.id, &address, (&webhook.url, why), console)?;
        tx.insert_mail(&mail)?;
    }
    Ok(Some(why))
}
