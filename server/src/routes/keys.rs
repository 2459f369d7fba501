//! API keys: made, rotated, revoked.

use super::find;
use crate::app::Shared;
use crate::auth::{OwnerCaller, VendorCaller};
use crate::error::Error;
use crate::http::Body;
use crate::setup;
use crate::store::{KeyKind, KeyRow, Tx};
use crate::time::show;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use goodword_domain::id::{KeyId, VendorId};
use goodword_domain::time::Instant;
use goodword_wire::{ErrorBody, Key, KeyInput, KeyRotation, NewKey};

/// How many keys of one mode there may be.
const MOST: usize = 50;
const HOUR_MS: i64 = 60 * 60 * 1000;

/// List the API keys of this mode
#[utoipa::path(get, path = "/v1/keys", tag = "settings",
    responses((status = 200, body = Vec<Key>), (status = "4XX", body = ErrorBody)))]
pub async fn list(State(app): State<Shared>, caller: VendorCaller) -> Result<Json<Vec<Key>>, Error> {
    let now = app.world.now();
    let rows = app.store.read(move |tx| Ok(tx.keys(&caller.vendor, now)?)).await?;
    Ok(Json(rows.into_iter().map(told).collect()))
}

fn told(k: KeyRow) -> Key {
    Key {
        id: k.id.to_string(),
        kind: k.kind,
        shown: k.shown,
        name: k.name,
        created_at: show(k.created_at),
        used_at: k.used_at.map(show),
        ends_at: k.ends_at.map(show),
    }
}

/// Make an API key of this mode
///
/// For owners in the console alone. The answer holds the key; a secret one is never shown again.
#[utoipa::path(post, path = "/v1/keys", tag = "settings", request_body = KeyInput,
    responses((status = 201, body = NewKey), (status = "4XX", body = ErrorBody)))]
pub async fn create(
    State(app): State<Shared>,
    caller: OwnerCaller,
    Body(input): Body<KeyInput>,
) -> Result<(StatusCode, Json<NewKey>), Error> {
    let kind = kind(find::required("kind", input.kind.as_ref())?)?;
    let name = find::text("name", input.name.as_ref(), 60)?.unwrap_or_default();
    let (world, now) = (app.world, app.world.now());
    let made = app.store.write(move |tx| {
        if tx.keys(&caller.vendor, now)?.len() >= MOST {
            return Err(Error::Conflict(format!("There are {MOST} keys already: revoke some first.")));
        }
        let vendor = find::vendor(tx, &caller.vendor)?;
        setup::create_key(tx, world, &vendor, (kind, &name), now)
    });
    let (value, row) = made.await?;
    Ok((StatusCode::CREATED, Json(NewKey { value, key: told(row) })))
}

fn kind(word: &str) -> Result<KeyKind, Error> {
    let kinds = [KeyKind::Secret, KeyKind::Publishable];
    let found = kinds.into_iter().find(|kind| kind.word() == word);
    found.ok_or_else(|| Error::field("kind", "must be `secret` or `publishable`."))
}

fn known(tx: &mut Tx<'_>, vendor: &VendorId, id: &KeyId) -> Result<KeyRow, Error> {
    let found = tx.key(vendor, id)?;
    found.ok_or_else(|| Error::NotFound("There is no such key in this mode: see GET /v1/keys.".into()))
}

/// Rotate an API key
///
/// Makes another one like it. The old one goes on for `overlapHours`, so that servers can be changed one after the other.
#[utoipa::path(post, path = "/v1/keys/{id}/rotate", tag = "settings", request_body = KeyRotation,
    params(("id" = String, Path, description = "`key_…`")),
    responses((status = 201, body = NewKey), (status = "4XX", body = ErrorBody)))]
pub async fn rotate(
    State(app): State<Shared>,
    caller: OwnerCaller,
    Path(id): Path<String>,
    Body(input): Body<KeyRotation>,
) -> Result<(StatusCode, Json<NewKey>), Error> {
    let id = KeyId::parse(&id)?;
    let hours = input.overlap_hours.unwrap_or(24);
    if !(0..=168).contains(&hours) {
        return Err(Error::field("overlapHours", "must be 0 to 168."));
    }
    let (world, now) = (app.world, app.world.now());
    let made = app.store.write(move |tx| {
        let old = known(tx, &caller.vendor, &id)?;
        let vendor = find::vendor(tx, &caller.vendor)?;
        let made = setup::create_key(tx, world, &vendor, (kind(&old.kind)?, &old.name), now)?;
        tx.end_key(&id, Instant(now.0 + hours * HOUR_MS))?;
        Ok(made)
    });
    let (value, row) = made.await?;
    Ok((StatusCode::CREATED, Json(NewKey { value, key: told(row) })))
}

/// Revoke an API key
///
/// From then on it opens nothing.
#[utoipa::path(delete, path = "/v1/keys/{id}", tag = "settings",
    params(("id" = String, Path, description = "`key_…`")),
    responses((status = 200, description = "It opens nothing any more"), (status = "4XX", body = ErrorBody)))]
pub async fn revoke(
    State(app): State<Shared>,
    caller: OwnerCaller,
    Path(id): Path<String>,
) -> Result<Json<serde_json::Value>, Error> {
    let (id, now) = (KeyId::parse(&id)?, app.world.now());
    let revoked = app.store.write(move |tx| {
        known(tx, &caller.vendor, &id)?;
        Ok(tx.revoke_key(id.as_str(), "", now)?)
    });
    revoked.await?;
    Ok(Json(serde_json::json!({})))
}
