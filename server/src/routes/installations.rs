//! Where the script is.

use super::find;
use crate::app::Shared;
use crate::auth::VendorCaller;
use crate::error::Error;
use crate::installations::{self, MOST_OF_ONE};
use crate::origin;
use crate::time::show;
use axum::Json;
use axum::extract::State;
use goodword_wire::{ErrorBody, Installation};

/// The sites the script was heard of from
///
/// The latest first. A site is noted when a page of it loads the script or uses a publishable key of this mode (which pages
/// loaded it without using a key is known of live data only), and forgotten after 90 days. Sites that are not allowed are
/// told of as well, as far as there is room.
#[utoipa::path(get, path = "/v1/installations", tag = "settings",
    responses((status = 200, body = Vec<Installation>), (status = "4XX", body = ErrorBody)))]
pub async fn list(State(app): State<Shared>, caller: VendorCaller) -> Result<Json<Vec<Installation>>, Error> {
    // Where the database takes no writes, what it knows is shown all the same.
    if let Err(error) = installations::write_down(&app).await {
        tracing::warn!(%error, "which sites were heard of was not written down");
    }
    let list = app.store.read(move |tx| {
        let vendor = find::vendor(tx, &caller.vendor)?;
        let origins = tx.origins(vendor.live_id())?;
        let sites = tx.installations(&vendor.id, MOST_OF_ONE)?;
        Ok(sites.into_iter().map(|site| shown(site, &origins)).collect())
    });
    Ok(Json(list.await?))
}

fn shown(site: crate::store::Installation, origins: &[String]) -> Installation {
    Installation {
        allowed: origin::allowed(&site.origin, origins),
        first_seen_at: show(site.first),
        last_seen_at: show(site.last),
        origin: site.origin,
    }
}
