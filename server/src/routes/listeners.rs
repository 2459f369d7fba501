//! Listeners: who develops against webhooks hears of events without being reachable from outside.

use super::webhooks::{parse_events, program_of};
use crate::app::Shared;
use crate::auth::VendorCaller;
use crate::error::Error;
use crate::http::{Body, Query};
use crate::store::Listener;
use crate::time::show;
use axum::Json;
use axum::extract::{Path, State};
use goodword_domain::event::{EVERYTHING, EventKinds};
use goodword_domain::id::ListenerId;
use goodword_domain::time::Instant;
use goodword_wire::{self as wire, ErrorBody, HeardEvent, HeardEvents, ListenerInput};
use std::time::Duration;

/// How long a listener is kept after it last asked, milliseconds.
const KEPT_MS: i64 = 90_000;

/// How many listeners a vendor may have at once.
const MOST: usize = 20;

/// The longest a request is held back, seconds.
const MOST_WAIT: u64 = 20;

/// How long to wait between two looks.
const LOOK: Duration = Duration::from_millis(250);

/// How many events are handed over at once.
const BATCH: i64 = 100;

/// Begin to listen
///
/// From now on events are kept for this listener, as long as it asks for them.
#[utoipa::path(post, path = "/v1/webhooks/listeners", tag = "webhooks", request_body = ListenerInput,
    responses((status = 200, body = wire::Listener), (status = "4XX", body = ErrorBody)))]
pub async fn begin(
    State(app): State<Shared>,
    caller: VendorCaller,
    Body(input): Body<ListenerInput>,
) -> Result<Json<wire::Listener>, Error> {
    let (events, kinds) = match &input.events {
        Some(events) => parse_events(events)?,
        None => (EVERYTHING.to_owned(), EventKinds::usual()),
    };
    let (world, now) = (app.world, app.world.now());
    let listener = app.store.write(move |tx| {
        if tx.listeners(&caller.vendor, now)?.len() >= MOST {
            return Err(Error::Conflict(format!(
                "{MOST} listen already: end one, and wait for a minute and a half."
            )));
        }
        let program = input.program_id.as_deref().map(|id| program_of(tx, &caller.vendor, id)).transpose()?;
        let listener = Listener {
            id: ListenerId::from_bits(world.bits()),
            vendor: caller.vendor.clone(),
            program: program.flatten(),
            kinds,
            events: events.clone(),
            expires_at: Instant(now.0 + KEPT_MS),
        };
        tx.insert_listener(&listener, now)?;
        Ok(listener)
    });
    let listener = listener.await?;
    Ok(Json(wire::Listener {
        id: listener.id.to_string(),
        events: listener.events.split_whitespace().map(str::to_owned).collect(),
        expires_at: show(listener.expires_at),
    }))
}

/// Which events to hand over.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct EarQuery {
    /// The `after` of the answer before: what came with it counts as fetched. Default 0.
    after: Option<i64>,
    /// For how long to wait for an event, seconds: 0 to 20. Default 0.
    #[param(minimum = 0, maximum = 20)]
    wait: Option<u64>,
}

/// Fetch events
///
/// Answers at once where there are some, else when one comes or the wait is over. Keeps the listener for another minute and a half.
#[utoipa::path(get, path = "/v1/webhooks/listeners/{id}/events", tag = "webhooks",
    params(("id" = String, Path, description = "`lsn_…`"), EarQuery),
    responses((status = 200, body = HeardEvents), (status = "4XX", body = ErrorBody)))]
pub async fn events(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
    Query(query): Query<EarQuery>,
) -> Result<Json<HeardEvents>, Error> {
    let id = ListenerId::parse(&id)?;
    let (after, wait) = (query.after.unwrap_or(0), query.wait.unwrap_or(0));
    if wait > MOST_WAIT {
        return Err(Error::field("wait", format!("must be 0 to {MOST_WAIT} seconds; it is {wait}.")));
    }
    let (now, listener) = (app.world.now(), id.clone());
    let until = Instant(now.0 + KEPT_MS);
    let renewed = app.store.write(move |tx| {
        let renewed = tx.renew_listener(&caller.vendor, &listener, (now, until))?;
        if renewed {
            tx.fetched(&listener, after)?;
        }
        Ok(renewed)
    });
    if !renewed.await? {
        let remedy = "There is no such listener (any more): begin with POST /v1/webhooks/listeners.";
        return Err(Error::NotFound(remedy.into()));
    }
    let begun = app.world.stopwatch();
    loop {
        let listener = id.clone();
        let heard = app.store.read(move |tx| Ok(tx.heard(&listener, after, BATCH)?)).await?;
        if !heard.is_empty() || begun.elapsed() >= Duration::from_secs(wait) {
            let after = heard.last().map_or(after, |(place, _)| *place);
            let event = |(_, told): (i64, crate::store::Told)| {
                Some(HeardEvent { id: told.id.to_string(), body: told.body? })
            };
            return Ok(Json(HeardEvents { events: heard.into_iter().filter_map(event).collect(), after }));
        }
        tokio::time::sleep(LOOK).await;
    }
}
