//! From the outbox to endpoints, triggers and listeners; in a loop of its own, for endpoints may be slow.
//!
//! Each step spreads some events (builds what is sent, and writes down to whom), then begins attempts that are due. An attempt
//! is taken for a while by whoever makes it: several processes share the work, and what a process did not finish another takes
//! up when the time is over. So an event may come twice, with the same id, and never not at all.

mod attempt;
mod spread;

use super::{Step, told};
use crate::app::{App, Shared};
use crate::error::Error;
use crate::seldom::Seldom;
use goodword_domain::id::EventId;
use goodword_domain::time::Instant;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How many attempts of one endpoint are under way at once.
const MOST_OF_ONE: i64 = 4;

/// How many attempts are under way at once.
const MOST: usize = 64;

/// How long to rest when there is nothing to do.
const REST: Duration = Duration::from_millis(250);

/// How many rests lie between two looks for what is too old.
const RESTS_BETWEEN_SWEEPS: u32 = 4 * 60 * 10;

/// How many events are deleted at once.
const BATCH: i64 = 500;

/// For how many days events, deliveries and runs are kept.
pub const KEPT_DAYS: i64 = 30;

/// A listener that asked for nothing for so long is forgotten, milliseconds.
const LISTENER_MS: i64 = 3_600_000;

/// How long attempts under way may take once the server was asked to stop.
const PATIENCE: Duration = Duration::from_secs(3);

/// What is under way.
#[derive(Default)]
pub struct Flight {
    attempts: JoinSet<()>,
}

/// Runs until told to stop.
pub async fn run(app: Shared, mut stop: watch::Receiver<bool>) {
    static SELDOM: Seldom = Seldom::new();
    let (mut flight, mut rests) = (Flight::default(), RESTS_BETWEEN_SWEEPS);
    while !*stop.borrow() {
        let outcome = step(&app, &mut flight).await;
        if told(outcome, &SELDOM, "sending webhooks failed; it will be tried again") == Step::Idle {
            rests += 1;
            if rests >= RESTS_BETWEEN_SWEEPS {
                rests = 0;
                swept(&app).await;
            }
            tokio::select! {
                () = tokio::time::sleep(REST) => {}
                Some(_) = flight.attempts.join_next() => {}
                _ = stop.changed() => {}
            }
        }
    }
    let finished = async { while flight.attempts.join_next().await.is_some() {} };
    drop(tokio::time::timeout(PATIENCE, finished).await);
    // Whoever comes next finds what was cut off due again.
    flight.attempts.shutdown().await;
}

/// Spreads some events, and begins attempts that are due.
pub async fn step(app: &Shared, flight: &mut Flight) -> Result<Step, Error> {
    while flight.attempts.try_join_next().is_some() {}
    let spread = spread::step(app).await?;
    let room = MOST - flight.attempts.len().min(MOST);
    let begun = attempt::begin(app, room, &mut flight.attempts).await?;
    Ok(if begun == Step::Done { begun } else { spread })
}

async fn swept(app: &App) {
    static SELDOM: Seldom = Seldom::new();
    while told(forget(app).await, &SELDOM, "deleting old events failed; it will be tried again") == Step::Done
    {
    }
}

/// Deletes events that are older than they are kept, and all that hangs on them.
async fn forget(app: &App) -> Result<Step, Error> {
    let now = app.world.now();
    let below = first_id(now.plus_days(-KEPT_DAYS));
    let deleted = app.store.write(move |tx| {
        tx.forget_listeners(Instant(now.0 - LISTENER_MS))?;
        Ok(tx.forget_told(&below, BATCH)?)
    });
    Ok(if deleted.await? > 0 { Step::Done } else { Step::Idle })
}

/// Below which the ids of all events lie that are older than an instant: ids begin with the time.
pub fn first_id(at: Instant) -> EventId {
    EventId::from_bits(u128::try_from(at.0.max(0)).unwrap_or_default() << 80)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::World;

    #[test]
    fn ids_stand_in_the_order_of_time() {
        let (before, now) = (World.now(), EventId::from_bits(World.bits()));
        assert!(first_id(before) < now && now < first_id(Instant(World.now().0 + 1)));
        assert!(first_id(Instant(-5)) < first_id(Instant(1)));
    }
}
