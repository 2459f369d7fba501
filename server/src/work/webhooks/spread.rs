//! Spreading events: what is sent of each is built, and it is written down who gets it; what triggers do is done in the same
//! transaction, so that it is done once.

use crate::app::App;
use crate::error::Error;
use crate::store::{Listener, StoreError, Told, Tx, Webhook};
use crate::telling;
use crate::triggering::{self, Match};
use crate::work::Step;
use crate::world::World;
use goodword_domain::id::{DeliveryId, VendorId};
use goodword_domain::time::Instant;
use goodword_wire::Metadata;
use std::collections::HashMap;
use std::sync::Arc;

/// How many events one transaction spreads.
const BATCH: i64 = 100;

/// The most endpoints of a vendor.
pub const MOST_WEBHOOKS: i64 = 50;

/// An event with what is sent of it; none where what it is about is gone.
#[derive(Clone)]
struct Built {
    told: Told,
    sent: Option<(Arc<str>, Metadata)>,
}

/// Spreads some events, if there are any.
pub async fn step(app: &App) -> Result<Step, Error> {
    let public_url = app.public_url.clone();
    let told_at = public_url.clone();
    let built = app.store.read(move |tx| build_all(tx, &told_at)).await?;
    if built.is_empty() {
        return Ok(Step::Idle);
    }
    let world = app.world;
    let all = built.clone();
    let spread = app.store.write(move |tx| spread_all(tx, (world, &public_url), &all)).await;
    match spread {
        Err(Error::Store(StoreError::Failed(_)) | Error::Internal(_)) => one_by_one(app, built).await?,
        other => other?,
    }
    Ok(Step::Done)
}

/// Some event in a group cannot be spread: the others are, and that one is put aside, lest it stop all that come after it.
async fn one_by_one(app: &App, built: Vec<Built>) -> Result<(), Error> {
    let world = app.world;
    for one in built {
        let id = one.told.id.clone();
        let public_url = app.public_url.clone();
        let alone =
            app.store.write(move |tx| spread_all(tx, (world, &public_url), std::slice::from_ref(&one))).await;
        match alone {
            Err(error @ (Error::Store(StoreError::Failed(_)) | Error::Internal(_))) => {
                tracing::error!(event = %id, %error, "an event could not be told to anybody");
                app.store.write(move |tx| Ok(tx.spread(&id, None)?)).await?;
            }
            other => other?,
        }
    }
    Ok(())
}

fn build_all(tx: &mut Tx<'_>, public_url: &str) -> Result<Vec<Built>, Error> {
    let told = tx.unspread(BATCH)?;
    told.into_iter().map(|told| build(tx, public_url, told)).collect()
}

fn build(tx: &mut Tx<'_>, public_url: &str, told: Told) -> Result<Built, Error> {
    let data = match telling::data(tx, public_url, &told) {
        Err(Error::Store(failed)) => return Err(failed.into()),
        Err(error) => {
            tracing::error!(event = %told.id, %error, "what is told of an event could not be built");
            None
        }
        Ok(data) => data,
    };
    let sent = match data {
        Some(data) => Some((telling::body(told.kind, told.at, &data)?.into(), data)),
        None => None,
    };
    Ok(Built { told, sent })
}

/// Who of a vendor's hears of events.
struct Audience {
    webhooks: Vec<Webhook>,
    listeners: Vec<Listener>,
}

fn spread_all(tx: &mut Tx<'_>, (world, public_url): (World, &str), built: &[Built]) -> Result<(), Error> {
    let now = world.now();
    let mut audiences: HashMap<VendorId, Audience> = HashMap::new();
    for Built { told, sent } in built {
        if !tx.spread(&told.id, sent.as_ref().map(|(body, _)| &**body))? {
            continue;
        }
        let Some((_, data)) = sent else { continue };
        if !audiences.contains_key(&told.vendor) {
            let found = Audience {
                webhooks: tx.webhooks(&told.vendor, None, MOST_WEBHOOKS)?,
                listeners: tx.listeners(&told.vendor, now)?,
            };
            audiences.insert(told.vendor.clone(), found);
        }
        if let Some(audience) = audiences.get(&told.vendor) {
            hand_out(tx, world, told, audience, now)?;
        }
        let matches: Vec<Match> = triggering::matches(tx, told, data)?;
        for found in &matches {
            triggering::run(tx, (world, public_url), told, found)?;
        }
    }
    Ok(())
}

/// Writes down which endpoints and listeners get an event.
fn hand_out(
    tx: &mut Tx<'_>,
    world: World,
    told: &Told,
    audience: &Audience,
    now: Instant,
) -> Result<(), StoreError> {
    let wants = |w: &&Webhook| w.disabled.is_none() && w.kinds.has(told.kind) && w.is_for(&told.program);
    for webhook in audience.webhooks.iter().filter(wants) {
        let id = DeliveryId::from_bits(world.bits());
        tx.insert_delivery((&id, &told.vendor), (&webhook.id, &told.id), "event", now)?;
    }
    for listener in &audience.listeners {
        let is_for = listener.program.as_ref().is_none_or(|only| *only == told.program);
        if is_for && listener.kinds.has(told.kind) {
            tx.hear(listener, &told.id)?;
        }
    }
    Ok(())
}
