//! Clicks of the past: many in one request.

use crate::app::Shared;
use crate::auth::VendorCaller;
use crate::error::Error;
use crate::hash::{self, Keyed};
use crate::http::taken;
use crate::importing::{self, Asked, Import};
use crate::routes::sales::idempotency_key;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::HeaderMap;
use goodword_wire::{ClickImportLine, ClickImportOutput, ErrorBody};

/// The largest body taken.
pub const MAX_BODY: usize = 8 * 1024 * 1024;

/// Import clicks
///
/// From a server (secret key). The body is one JSON object a line, at most 20,000 lines and 8 MiB. Each line is treated
/// like a report to `/v1/track/click`, in the order of their time; a bad line refuses only itself. The same body again
/// under the same `Idempotency-Key` header gets the first answer, and after an interruption goes on where it stopped;
/// another body under that key is refused with 409. Without the header only clicks with a `visitorId` are recognised.
#[utoipa::path(post, path = "/v1/clicks/import", tag = "track",
    request_body(content = ClickImportLine, content_type = "application/x-ndjson", description = "One such object a line."),
    responses((status = 200, body = ClickImportOutput), (status = "4XX", body = ErrorBody)))]
pub async fn clicks(
    State(app): State<Shared>,
    caller: VendorCaller,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<ClickImportOutput>, Error> {
    let key = idempotency_key(&headers)?;
    let body = taken(body, MAX_BODY)?;
    let visitors = Keyed::new(&app.token_key);
    let reading = tokio::task::spawn_blocking(move || {
        let asked = key.map(|key| Asked { key, hash: hash::sha256_of_bytes(&body) });
        Ok::<_, Error>((importing::read(&body, &visitors)?, asked))
    });
    let (batch, asked) = reading.await.map_err(|e| Error::internal(e.to_string()))??;
    let import = Import { vendor: caller.vendor, asked, real: app.world.now(), batch };
    Ok(Json(importing::store(&app.store, import).await?))
}
