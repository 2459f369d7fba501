//! What was sent to an endpoint, and sending it again.

use super::webhooks::{enabled, webhook_of};
use crate::app::Shared;
use crate::auth::VendorCaller;
use crate::error::Error;
use crate::http::{Body, Paging, Query};
use crate::store::{Attempt, Delivery, DeliveryFilter, EventSpan, SpannedEvent, Tx, Webhook};
use crate::time::{self, show};
use crate::work::webhooks::first_id;
use crate::world::World;
use axum::Json;
use axum::extract::{Path, State};
use goodword_domain::event::EventKind;
use goodword_domain::id::{DeliveryId, EventId};
use goodword_domain::time::Instant;
use goodword_wire::{self as wire, DeliveryAttempt, DeliveryDetail, ErrorBody, ReplayInput, ReplayOutput};

/// How many deliveries can be named at once.
const MOST_NAMED: usize = 100;

/// How many events of a span are looked at at once.
const MOST_OF_SPAN: i64 = 1000;

/// Which deliveries to list.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct DeliveryQuery {
    /// `waiting`, `delivered` or `failed`.
    status: Option<String>,
    /// Only of this kind of event.
    event: Option<String>,
    /// Only of this event, `evt_…`.
    event_id: Option<String>,
}

/// List what was sent to an endpoint, newest first
///
/// Kept for 30 days.
#[utoipa::path(get, path = "/v1/webhooks/{id}/deliveries", tag = "webhooks", params(("id" = String, Path, description = "`whk_…`"), DeliveryQuery, Paging),
    responses((status = 200, body = Vec<wire::Delivery>), (status = "4XX", body = ErrorBody)))]
pub async fn list(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
    Query(query): Query<DeliveryQuery>,
    Query(paging): Query<Paging>,
) -> Result<Json<Vec<wire::Delivery>>, Error> {
    let status = query.status.as_deref();
    if status.is_some_and(|s| !["waiting", "delivered", "failed"].contains(&s)) {
        return Err(Error::field("status", "must be `waiting`, `delivered` or `failed`."));
    }
    let filter = DeliveryFilter {
        status: query.status,
        kind: query.event.as_deref().map(EventKind::parse).transpose()?.map(|kind| kind.word().to_owned()),
        event: query.event_id.as_deref().map(EventId::parse).transpose()?,
        after: paging.after(DeliveryId::parse)?,
        limit: paging.limit()?,
    };
    let deliveries = app.store.read(move |tx| {
        let webhook = webhook_of(tx, &caller.vendor, &id)?;
        Ok(tx.deliveries(&webhook.id, &filter)?)
    });
    Ok(Json(deliveries.await?.iter().map(view).collect()))
}

/// One delivery, with every attempt and what was sent
#[utoipa::path(get, path = "/v1/webhooks/{id}/deliveries/{deliveryId}", tag = "webhooks",
    params(("id" = String, Path, description = "`whk_…`"), ("deliveryId" = String, Path, description = "`dlv_…`")),
    responses((status = 200, body = DeliveryDetail), (status = "4XX", body = ErrorBody)))]
pub async fn one(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path((id, delivery)): Path<(String, String)>,
) -> Result<Json<DeliveryDetail>, Error> {
    let delivery = DeliveryId::parse(&delivery)?;
    let detail = app.store.read(move |tx| {
        let webhook = webhook_of(tx, &caller.vendor, &id)?;
        let found = tx.delivery(&webhook.id, &delivery)?.ok_or_else(no_such_delivery)?;
        let told = tx.told(&caller.vendor, &found.event)?;
        let body = told.and_then(|told| told.body).and_then(|body| serde_json::from_str(&body).ok());
        let tries = tx.attempts(&delivery)?.into_iter().map(attempt).collect();
        Ok(DeliveryDetail { delivery: view(&found), tries, body })
    });
    Ok(Json(detail.await?))
}

/// Send events again
///
/// Deliveries by name, or what was missed in a span of time: failed, or never begun because the endpoint was disabled or not
/// there yet. The event keeps its id, by which you know it again.
#[utoipa::path(post, path = "/v1/webhooks/{id}/replay", tag = "webhooks", request_body = ReplayInput,
    params(("id" = String, Path, description = "`whk_…`")),
    responses((status = 200, body = ReplayOutput), (status = "4XX", body = ErrorBody)))]
pub async fn replay(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
    Body(input): Body<ReplayInput>,
) -> Result<Json<ReplayOutput>, Error> {
    let world = app.world;
    let wish = Wish::parse(&input, world.now())?;
    let replayed = app.store.write(move |tx| {
        let webhook = enabled(webhook_of(tx, &caller.vendor, &id)?)?;
        match &wish {
            Wish::Named(ids) => named(tx, world, &webhook, ids),
            Wish::Span(span, all) => spanned(tx, world, &webhook, span, *all),
        }
    });
    Ok(Json(replayed.await?))
}

/// What is wished to be sent again.
enum Wish {
    Named(Vec<DeliveryId>),
    /// Of a span what was missed, or all of it.
    Span(EventSpan, bool),
}

impl Wish {
    fn parse(input: &ReplayInput, now: Instant) -> Result<Self, Error> {
        let all = match input.which.as_deref() {
            None | Some("missed") => false,
            Some("all") => true,
            Some(_) => return Err(Error::field("which", "must be `missed` or `all`.")),
        };
        match (&input.deliveries, &input.from) {
            (Some(ids), None) if (1..=MOST_NAMED).contains(&ids.len()) => {
                let parse = |(place, id): (usize, &String)| {
                    DeliveryId::parse(id).map_err(|e| Error::at(format!("deliveries[{place}]"), e.remedy))
                };
                Ok(Self::Named(ids.iter().enumerate().map(parse).collect::<Result<_, _>>()?))
            }
            (Some(_), None) => Err(Error::field("deliveries", format!("must be 1 to {MOST_NAMED} ids."))),
            (None, Some(from)) => {
                let from = time::parse("from", from)?;
                let until = input
                    .until
                    .as_deref()
                    .map_or(Ok(Instant(now.0 + 1)), |until| time::parse("until", until))?;
                if until <= from {
                    return Err(Error::field("until", "must be after `from`."));
                }
                Ok(Self::Span(EventSpan { from: first_id(from), below: first_id(until) }, all))
            }
            _ => Err(Error::field("deliveries", "or `from` is needed: one of the two.")),
        }
    }
}

fn named(
    tx: &mut Tx<'_>,
    world: World,
    webhook: &Webhook,
    ids: &[DeliveryId],
) -> Result<ReplayOutput, Error> {
    let mut replayed = 0;
    for (place, id) in ids.iter().enumerate() {
        if tx.delivery(&webhook.id, id)?.is_none() {
            return Err(Error::NotFound(format!("`deliveries[{place}]` is no delivery of this endpoint.")));
        }
        replayed += i64::from(tx.replay(&webhook.id, id, world.now())?);
    }
    Ok(ReplayOutput { replayed, more_from: None })
}

fn spanned(
    tx: &mut Tx<'_>,
    world: World,
    webhook: &Webhook,
    span: &EventSpan,
    all: bool,
) -> Result<ReplayOutput, Error> {
    let rows = tx.events_of_span(&webhook.vendor, &webhook.id, span, MOST_OF_SPAN)?;
    let mut replayed = 0;
    for row in &rows {
        if again(tx, world, webhook, row, all)? {
            replayed += 1;
        }
    }
    let full = i64::try_from(rows.len()) == Ok(MOST_OF_SPAN);
    let more_from = rows.last().filter(|_| full).map(|row| show(row.event.made_at()));
    Ok(ReplayOutput { replayed, more_from })
}

/// Sends one event again, if it is to be; whether it is.
fn again(
    tx: &mut Tx<'_>,
    world: World,
    webhook: &Webhook,
    row: &SpannedEvent,
    all: bool,
) -> Result<bool, Error> {
    match &row.delivery {
        Some((id, status)) if status == "failed" || (all && status == "delivered") => {
            Ok(tx.replay(&webhook.id, id, world.now())?)
        }
        None if webhook.kinds.has(EventKind::parse(&row.kind)?) && webhook.is_for(&row.program) => {
            let id = DeliveryId::from_bits(world.bits());
            Ok(tx.insert_delivery(
                (&id, &webhook.vendor),
                (&webhook.id, &row.event),
                "replay",
                world.now(),
            )?)
        }
        _ => Ok(false),
    }
}

fn no_such_delivery() -> Error {
    Error::NotFound(
        "There is no such delivery to this endpoint: see GET /v1/webhooks/{id}/deliveries.".into(),
    )
}

fn attempt(a: Attempt) -> DeliveryAttempt {
    DeliveryAttempt { at: show(a.at), ms: a.ms, code: a.code, error: a.error }
}

/// A delivery as it is told.
pub fn view(d: &Delivery) -> wire::Delivery {
    let latest = d.latest.as_ref();
    wire::Delivery {
        id: d.id.to_string(),
        event_id: d.event.to_string(),
        event: d.kind.clone(),
        status: d.status.clone(),
        cause: d.cause.clone(),
        attempts: d.attempts,
        code: latest.and_then(|a| a.code),
        error: latest.and_then(|a| a.error.clone()),
        ms: latest.map(|a| a.ms),
        attempted_at: latest.map(|a| show(a.at)),
        next_attempt_at: (d.status == "waiting").then(|| show(d.next_attempt_at)),
        created_at: show(d.created_at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_tells_when_it_was_made() {
        let at = Instant(1_789_000_000_123);
        assert_eq!(first_id(at).made_at(), at);
    }
}
