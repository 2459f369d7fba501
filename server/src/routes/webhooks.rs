//! Endpoints that hear of events.

use super::find;
use crate::app::Shared;
use crate::auth::VendorCaller;
use crate::calling::{new_secret, parse_endpoint};
use crate::error::Error;
use crate::http::{Body, Paging, Query};
use crate::store::{Told, Tx, Webhook};
use crate::telling;
use crate::time::show;
use axum::Json;
use axum::extract::{Path, State};
use goodword_domain::event::{EVERYTHING, EventKind, EventKinds};
use goodword_domain::id::{DeliveryId, EventId, ProgramId, VendorId, WebhookId};
use goodword_domain::time::Instant;
use goodword_domain::webhook::{Disabled, ROTATION_HOURS};
use goodword_wire::{self as wire, ErrorBody, EventType, RotateInput, TestEventInput, WebhookInput};

/// How many endpoints a vendor may have.
const MOST: i64 = 50;

/// For how many hours an old secret may go on signing.
const MOST_OVERLAP_HOURS: i64 = 168;

/// List the kinds of events
///
/// With what each means, and an example of its `data`.
#[utoipa::path(get, path = "/v1/webhooks/event-types", tag = "webhooks",
    responses((status = 200, body = Vec<EventType>), (status = "4XX", body = ErrorBody)))]
pub async fn event_types(_: VendorCaller) -> Result<Json<Vec<EventType>>, Error> {
    Ok(Json(telling::event_types()?))
}

/// List endpoints, newest first
#[utoipa::path(get, path = "/v1/webhooks", tag = "webhooks", params(Paging),
    responses((status = 200, body = Vec<wire::Webhook>), (status = "4XX", body = ErrorBody)))]
pub async fn list(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(paging): Query<Paging>,
) -> Result<Json<Vec<wire::Webhook>>, Error> {
    let (limit, after, now) = (paging.limit()?, paging.after(WebhookId::parse)?, app.world.now());
    let webhooks = app.store.read(move |tx| Ok(tx.webhooks(&caller.vendor, after.as_ref(), limit)?));
    Ok(Json(webhooks.await?.iter().map(|webhook| view(webhook, now)).collect()))
}

/// Add an endpoint
///
/// The answer alone tells the secret that signs: keep it.
#[utoipa::path(post, path = "/v1/webhooks", tag = "webhooks", request_body = WebhookInput,
    responses((status = 200, body = wire::Webhook), (status = "4XX", body = ErrorBody)))]
pub async fn create(
    State(app): State<Shared>,
    caller: VendorCaller,
    Body(input): Body<WebhookInput>,
) -> Result<Json<wire::Webhook>, Error> {
    find::required("url", input.url.as_ref())?;
    let (world, local) = (app.world, app.caller.is_local());
    let now = world.now();
    let fresh = Webhook {
        id: WebhookId::from_bits(world.bits()),
        vendor: caller.vendor.clone(),
        program: None,
        url: String::new(),
        description: String::new(),
        events: EVERYTHING.into(),
        kinds: EventKinds::usual(),
        secret: new_secret(world),
        old_secret: None,
        disabled: None,
        failing_since: None,
        created_at: now,
    };
    let webhook = app.store.write(move |tx| {
        if tx.count_webhooks(&caller.vendor)? >= MOST {
            return Err(Error::Conflict(format!("There are {MOST} endpoints already: delete one first.")));
        }
        let webhook = changed(tx, fresh.clone(), &input, local, now)?;
        tx.insert_webhook(&webhook)?;
        if webhook.disabled.is_some() {
            tx.update_webhook(&webhook)?;
        }
        Ok(webhook)
    });
    let webhook = webhook.await?;
    Ok(Json(wire::Webhook { secret: Some(webhook.secret.clone()), ..view(&webhook, now) }))
}

/// One endpoint
#[utoipa::path(get, path = "/v1/webhooks/{id}", tag = "webhooks", params(("id" = String, Path, description = "`whk_…`")),
    responses((status = 200, body = wire::Webhook), (status = "4XX", body = ErrorBody)))]
pub async fn one(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
) -> Result<Json<wire::Webhook>, Error> {
    let now = app.world.now();
    let webhook = app.store.read(move |tx| webhook_of(tx, &caller.vendor, &id)).await?;
    Ok(Json(view(&webhook, now)))
}

/// Change an endpoint
///
/// What is not sent stays as it is.
#[utoipa::path(patch, path = "/v1/webhooks/{id}", tag = "webhooks", request_body = WebhookInput,
    params(("id" = String, Path, description = "`whk_…`")),
    responses((status = 200, body = wire::Webhook), (status = "4XX", body = ErrorBody)))]
pub async fn change(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
    Body(input): Body<WebhookInput>,
) -> Result<Json<wire::Webhook>, Error> {
    let (now, local) = (app.world.now(), app.caller.is_local());
    let webhook = app.store.write(move |tx| {
        let before = webhook_of(tx, &caller.vendor, &id)?;
        let webhook = changed(tx, before, &input, local, now)?;
        tx.update_webhook(&webhook)?;
        Ok(webhook)
    });
    Ok(Json(view(&webhook.await?, now)))
}

/// Delete an endpoint
///
/// Nothing more is sent to it, and its secret is forgotten. The answer is the endpoint as it was.
#[utoipa::path(delete, path = "/v1/webhooks/{id}", tag = "webhooks", params(("id" = String, Path, description = "`whk_…`")),
    responses((status = 200, body = wire::Webhook), (status = "4XX", body = ErrorBody)))]
pub async fn delete(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
) -> Result<Json<wire::Webhook>, Error> {
    let now = app.world.now();
    let webhook = app.store.write(move |tx| {
        let webhook = webhook_of(tx, &caller.vendor, &id)?;
        tx.delete_webhook(&webhook.id, now)?;
        Ok(webhook)
    });
    Ok(Json(view(&webhook.await?, now)))
}

/// Replace an endpoint's secret
///
/// The answer alone tells the new one. For a while both sign, so that nothing is lost while you put it in place.
#[utoipa::path(post, path = "/v1/webhooks/{id}/rotate", tag = "webhooks", request_body = RotateInput,
    params(("id" = String, Path, description = "`whk_…`")),
    responses((status = 200, body = wire::Webhook), (status = "4XX", body = ErrorBody)))]
pub async fn rotate(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
    Body(input): Body<RotateInput>,
) -> Result<Json<wire::Webhook>, Error> {
    let hours = input.overlap_hours.unwrap_or(ROTATION_HOURS);
    if !(0..=MOST_OVERLAP_HOURS).contains(&hours) {
        return Err(Error::field(
            "overlapHours",
            format!("must be 0 to {MOST_OVERLAP_HOURS}; it is {hours}."),
        ));
    }
    let (now, secret) = (app.world.now(), new_secret(app.world));
    let webhook = app.store.write(move |tx| {
        let mut webhook = webhook_of(tx, &caller.vendor, &id)?;
        let old = std::mem::replace(&mut webhook.secret, secret.clone());
        webhook.old_secret = (hours > 0).then_some((old, Instant(now.0 + hours * 3_600_000)));
        tx.update_webhook(&webhook)?;
        Ok(webhook)
    });
    let webhook = webhook.await?;
    Ok(Json(wire::Webhook { secret: Some(webhook.secret.clone()), ..view(&webhook, now) }))
}

/// Send a test event
///
/// An event by way of example, signed as any other; `GET …/deliveries` tells what became of it.
#[utoipa::path(post, path = "/v1/webhooks/{id}/test", tag = "webhooks", request_body = TestEventInput,
    params(("id" = String, Path, description = "`whk_…`")),
    responses((status = 200, body = wire::Delivery), (status = "4XX", body = ErrorBody)))]
pub async fn test(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
    Body(input): Body<TestEventInput>,
) -> Result<Json<wire::Delivery>, Error> {
    let kind = input.event.as_deref().map_or(Ok(EventKind::SaleCreated), EventKind::parse)?;
    let world = app.world;
    let example = telling::example(kind)?;
    let delivery = app.store.write(move |tx| {
        let webhook = enabled(webhook_of(tx, &caller.vendor, &id)?)?;
        let default = tx.default_program(&caller.vendor)?.map(|program| program.id);
        let at = find::now(tx, &caller.vendor, world.now())?;
        let told = Told {
            id: EventId::from_bits(world.bits()),
            vendor: caller.vendor.clone(),
            program: webhook.program.clone().or(default).unwrap_or_else(|| ProgramId::from_bits(0)),
            kind,
            subject: "test".into(),
            detail: None,
            depth: 0,
            at,
            body: Some(telling::body(kind, at, &example)?),
        };
        tx.insert_told(&told)?;
        let delivery = DeliveryId::from_bits(world.bits());
        tx.insert_delivery((&delivery, &told.vendor), (&webhook.id, &told.id), "test", world.now())?;
        let stored = tx.delivery(&webhook.id, &delivery)?;
        stored.ok_or_else(|| Error::internal("a delivery vanished".to_owned()))
    });
    Ok(Json(super::deliveries::view(&delivery.await?)))
}

/// The endpoint of an id.
pub fn webhook_of(tx: &mut Tx<'_>, vendor: &VendorId, id: &str) -> Result<Webhook, Error> {
    let missing = "There is no such endpoint in this mode: see GET /v1/webhooks.";
    tx.webhook(vendor, &WebhookId::parse(id)?)?.ok_or_else(|| Error::NotFound(missing.into()))
}

/// Refuses to send anything to an endpoint that is disabled.
pub fn enabled(webhook: Webhook) -> Result<Webhook, Error> {
    match webhook.disabled {
        None => Ok(webhook),
        Some(_) => Err(Error::Conflict("The endpoint is disabled: enable it first.".into())),
    }
}

fn changed(
    tx: &mut Tx<'_>,
    mut webhook: Webhook,
    input: &WebhookInput,
    local: bool,
    now: Instant,
) -> Result<Webhook, Error> {
    if let Some(url) = &input.url {
        webhook.url = parse_endpoint(url, local)?.to_string();
    }
    if let Some(events) = &input.events {
        (webhook.events, webhook.kinds) = parse_events(events)?;
    }
    if let Some(program) = &input.program_id {
        webhook.program = program_of(tx, &webhook.vendor, program)?;
    }
    if input.description.is_some() {
        webhook.description = find::text("description", input.description.as_ref(), 200)?.unwrap_or_default();
    }
    match input.status.as_deref() {
        Some("enabled") if webhook.disabled.is_some() => {
            (webhook.disabled, webhook.failing_since) = (None, None);
        }
        None | Some("enabled") => {}
        Some("disabled") => {
            webhook.disabled.get_or_insert_with(|| (Disabled::ByHand.word().into(), now));
        }
        Some(_) => return Err(Error::field("status", "must be `enabled` or `disabled`.")),
    }
    Ok(webhook)
}

/// Events as they are stored, and what they are.
pub fn parse_events(events: &[String]) -> Result<(String, EventKinds), Error> {
    if events.is_empty() || events.len() > EventKind::ALL.len() + 1 {
        return Err(Error::field(
            "events",
            "must name at least one event, each once; `*` is all but `link.clicked`.",
        ));
    }
    let kinds = EventKinds::parse(events.iter().map(String::as_str))?;
    Ok((events.join(" "), kinds))
}

/// The program a filter names; none where it names none.
pub fn program_of(tx: &mut Tx<'_>, vendor: &VendorId, id: &str) -> Result<Option<ProgramId>, Error> {
    if id.trim().is_empty() {
        return Ok(None);
    }
    Ok(Some(find::program_by_id(tx, vendor, &ProgramId::parse(id)?)?.id))
}

fn view(w: &Webhook, now: Instant) -> wire::Webhook {
    let disabled = w.disabled.as_ref();
    wire::Webhook {
        id: w.id.to_string(),
        url: w.url.clone(),
        description: w.description.clone(),
        events: w.events.split_whitespace().map(str::to_owned).collect(),
        program_id: w.program.as_ref().map(ToString::to_string),
        status: if disabled.is_some() { "disabled" } else { "enabled" }.into(),
        disabled_reason: disabled.map(|(reason, _)| reason.clone()),
        disabled_at: disabled.map(|(_, at)| show(*at)),
        failing_since: w.failing_since.map(show),
        old_secret_until: w
            .old_secret
            .as_ref()
            .filter(|(_, until)| *until > now)
            .map(|(_, until)| show(*until)),
        secret: None,
        created_at: show(w.created_at),
    }
}
