//! Where payment providers send their events: `POST /hooks/{provider}/{id}`, signed by their own rules.

use crate::app::{App, Shared};
use crate::error::Error;
use crate::http::{header, taken};
use crate::inbound::{self, Delivery, Headers, Options};
use crate::store::Integration;
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderName};
use goodword_domain::id::IntegrationId;
use goodword_wire::{ErrorBody, InboundReceipt};

/// The largest body taken: orders of many lines are large.
pub const MAX_BODY: usize = 1024 * 1024;

/// Take an event of a payment provider
///
/// Signed by the provider's own rules over the body's bytes. The same event again changes nothing. What cannot be carried out is
/// kept with its reason, and answered 200: see `/v1/integrations/{provider}/events`.
#[utoipa::path(post, path = "/hooks/{provider}/{id}", tag = "hooks",
    params(("provider" = String, Path, description = "`stripe`, `shopify`, `paddle` or `generic`"),
        ("id" = String, Path, description = "`itg_…`")),
    request_body(content = Object, description = "The provider's event."),
    responses((status = 200, body = InboundReceipt), (status = "4XX", body = ErrorBody)))]
pub async fn receive(
    State(app): State<Shared>,
    Path((provider, id)): Path<(String, String)>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<InboundReceipt>, Error> {
    let body = taken(body, MAX_BODY)?;
    let integration = integration(&app, &provider, &id).await?;
    let options = Options::of(&integration)?;
    if is_ping(&integration, &body) {
        let reason = "A ping is answered and not kept.".to_owned();
        return Ok(Json(InboundReceipt { outcome: "ignored".into(), reason }));
    }
    is_json(&headers)?;
    let of = |name: &str| Some(header(&headers, HeaderName::try_from(name).ok()?)?.to_owned());
    let (world, real) = (app.world, app.world.now());
    let provider = inbound::verify(&integration, &options, of, &body, real)?;
    let body = String::from_utf8(body.to_vec())
        .map_err(|_| Error::BadRequest("The body is not UTF-8: send it as such.".into()))?;
    let kept = provider.headers(&options);
    let headers: Headers = kept.into_iter().filter_map(|name| Some((name.clone(), of(&name)?))).collect();
    let delivery = Delivery { body, headers };
    let sender = integration.provider.clone();
    let taken = app.store.write(move |tx| inbound::receive(tx, world, &integration, &delivery, real)).await?;
    tracing::info!(
        provider = sender,
        kind = taken.kind,
        outcome = taken.said.outcome,
        "an event was taken in"
    );
    Ok(Json(taken.said))
}

/// Whoever does not sign cannot tell which addresses there are: all of them refuse alike.
async fn integration(app: &App, provider: &str, id: &str) -> Result<Integration, Error> {
    let nothing = || Error::Unauthorized("No payment provider is connected at this address.".into());
    let id = IntegrationId::parse(id).map_err(|_| nothing())?;
    let found = app.store.read(move |tx| Ok(tx.integration(&id)?)).await?;
    found.filter(|found| found.active && found.provider == provider).ok_or_else(nothing)
}

fn is_json(headers: &HeaderMap) -> Result<(), Error> {
    let told = header(headers, CONTENT_TYPE).unwrap_or_default();
    let kind = told.split(';').next().unwrap_or_default().trim();
    if kind.eq_ignore_ascii_case("application/json") {
        Ok(())
    } else {
        Err(Error::BadRequest("The body must be sent as `Content-Type: application/json`.".into()))
    }
}

/// `WooCommerce` sends `webhook_id=…`, unsigned, to see whether anybody is there, and gives up on an address that refuses it.
fn is_ping(integration: &Integration, body: &[u8]) -> bool {
    let id = body.strip_prefix(b"webhook_id=").unwrap_or_default();
    integration.provider == "generic" && (1..=20).contains(&id.len()) && id.iter().all(u8::is_ascii_digit)
}
