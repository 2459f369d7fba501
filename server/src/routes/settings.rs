//! The vendor's own settings: the origins whose pages may use publishable keys.

use super::find;
use crate::app::Shared;
use crate::auth::VendorCaller;
use crate::error::Error;
use crate::http::Body;
use crate::origin;
use axum::Json;
use axum::extract::State;
use goodword_wire::{ErrorBody, Origins};

/// The origins whose pages may use the publishable keys
#[utoipa::path(get, path = "/v1/origins", tag = "settings",
    responses((status = 200, body = Origins), (status = "4XX", body = ErrorBody)))]
pub async fn origins(State(app): State<Shared>, caller: VendorCaller) -> Result<Json<Origins>, Error> {
    let origins = app.store.read(move |tx| {
        let vendor = find::vendor(tx, &caller.vendor)?;
        Ok(tx.origins(vendor.live_id())?)
    });
    Ok(Json(Origins { origins: origins.await? }))
}

/// Replace the list of origins
///
/// One list serves live and test keys alike.
#[utoipa::path(put, path = "/v1/origins", tag = "settings", request_body = Origins,
    responses((status = 200, body = Origins), (status = "4XX", body = ErrorBody)))]
pub async fn set_origins(
    State(app): State<Shared>,
    caller: VendorCaller,
    Body(input): Body<Origins>,
) -> Result<Json<Origins>, Error> {
    if input.origins.len() > 100 {
        return Err(Error::field("origins", "must be at most 100."));
    }
    let parsed = input.origins.iter().map(|text| origin::parse(text)).collect::<Result<Vec<_>, _>>()?;
    let origins = app.store.write(move |tx| {
        let vendor = find::vendor(tx, &caller.vendor)?;
        tx.set_origins(vendor.live_id(), &parsed)?;
        Ok(tx.origins(vendor.live_id())?)
    });
    Ok(Json(Origins { origins: origins.await? }))
}
