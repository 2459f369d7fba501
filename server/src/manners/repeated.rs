//! `Idempotency-Key`: a POST under a key is done once, and the same again gets the first answer.
//!
//! The key is taken in a transaction of its own before the route is asked, and the answer is kept in another after it: so whatever
//! route there is has it. What ends between the two, with the server's process, was done or was not, and nobody can say; the key
//! then stays taken, and whoever repeats the request is told to look. A refusal gives the key back, for nothing was done. The work
//! goes on when the caller hangs up, since that is when he will ask again.
//!
//! Reports of events and the steps that move money keep their keys with what they store, in one transaction (`crediting::once`),
//! and are left alone here.

use crate::app::{App, Shared};
use crate::auth;
use crate::error::Error;
use crate::hash;
use crate::http::{MAX_BODY, read};
use crate::routes::sales::idempotency_key;
use crate::shared::Words;
use crate::store::{KeyedRequest, Known};
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header as names, request::Parts};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use tracing::Instrument;

/// How long answers are kept, days.
pub const KEPT_DAYS: i64 = 7;

/// Routes with keys of their own. Their reports are recognised by more than the header.
const OWN: &[&str] = &[
    "/v1/track/sale",
    "/v1/track/refund",
    "/v1/clicks/import",
    "/v1/programs/{id}/budget",
    "/v1/payouts/batches",
    "/v1/commissions",
    "/v1/commissions/{id}/cancel",
    "/v1/funds/{id}/lots",
];
/// Routes that need none: they only read, or the same again changes nothing. Nor do providers' events, which have ids.
const NONE: &[&str] = &[
    "/v1/track/click",
    "/v1/track/lead",
    "/v1/exchange-rates",
    "/v1/attribution/report",
    "/v1/session",
    "/v1/session/join",
    "/v1/session/forgot",
    "/v1/session/reset",
    // Their answers hold secrets, which are not kept.
    "/v1/keys",
    "/v1/keys/{id}/rotate",
    "/v1/security/password",
    "/v1/security/authenticator",
    "/v1/security/authenticator/confirm",
    "/v1/people/invitations",
    "/v1/partners/{id}/view",
    "/v1/embed/join",
    "/v1/embed/sign-in",
    "/v1/embed/ticket",
    "/v1/embed/identify",
    "/v1/embed/renew",
    "/v1/fund-files",
];

/// Whether a POST to an address is done once under a key, here or by the route itself.
pub fn takes_key(path: &str) -> bool {
    !NONE.contains(&path) && !path.starts_with("/hooks/")
}

/// Does a request under a key once.
pub async fn once(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let is_ours = request
        .extensions()
        .get::<MatchedPath>()
        .is_some_and(|path| takes_key(path.as_str()) && !OWN.contains(&path.as_str()));
    if !is_ours || request.method() != Method::POST || !request.headers().contains_key("idempotency-key") {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    // Whoever is nobody is refused by the route itself.
    let Ok(whose) = auth::whose(&parts, &app).await else {
        return next.run(Request::from_parts(parts, body)).await;
    };
    keyed(&app, &whose, parts, body, next).await.unwrap_or_else(IntoResponse::into_response)
}

async fn keyed(app: &Shared, whose: &str, parts: Parts, body: Body, next: Next) -> Result<Response, Error> {
    let key = idempotency_key(&parts.headers)?.unwrap_or_default();
    let body = read(Request::new(body)).await?;
    let asked = KeyedRequest { whose: whose.to_owned(), key, hash: hash_of(&parts, &body) };
    let (taken, now) = (asked.clone(), app.world.now());
    match app.store.write(move |tx| Ok(tx.take_key(&taken, now)?)).await? {
        Known::New => done(app, asked, Request::from_parts(parts, Body::from(body)), next).await,
        Known::Done(status, answer) => again(status, answer),
        Known::Other => Err(Error::Conflict(
            "Another request was sent under this `Idempotency-Key`: send that one again, or this one under a key of its own.".into(),
        )),
        Known::UnderWay => Err(Error::Conflict(
            "The request under this `Idempotency-Key` is not answered yet, or the server ended while it was under way: look \
             whether it was done before you send it under another key."
                .into(),
        )),
    }
}

/// The hash by which two requests are the same.
fn hash_of(parts: &Parts, body: &Bytes) -> String {
    let address = parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
    // Asked in the words of public SDKs, the same is answered otherwise.
    let words = if parts.extensions.get::<Words>().is_some() { "shared" } else { "ours" };
    hash::sha256(&format!("{address} {words}\n{}", hash::sha256_of_bytes(body)))
}

/// Asks the route, and keeps its answer.
async fn done(app: &Shared, asked: KeyedRequest, request: Request, next: Next) -> Result<Response, Error> {
    let app = Arc::clone(app);
    let work = async move {
        let (parts, body) = next.run(request).await.into_parts();
        let body = to_bytes(body, 64 * MAX_BODY).await.map_err(|e| Error::internal(e.to_string()))?;
        keep(&app, asked, parts.status, &body).await?;
        Ok(Response::from_parts(parts, Body::from(body)))
    };
    let work = tokio::spawn(work.in_current_span());
    work.await.unwrap_or_else(|_| Err(Error::internal("a request panicked")))
}

async fn keep(app: &App, asked: KeyedRequest, status: StatusCode, body: &Bytes) -> Result<(), Error> {
    let text = String::from_utf8(body.to_vec()).map_err(|e| Error::internal(e.to_string()))?;
    let kept = app.store.write(move |tx| {
        if status.is_success() {
            tx.answer_key(&asked, i64::from(status.as_u16()), &text)?;
        } else {
            tx.give_key_back(&asked)?;
        }
        Ok(())
    });
    kept.await
}

/// The first answer, once more.
fn again(status: i64, answer: String) -> Result<Response, Error> {
    let status = u16::try_from(status).ok().and_then(|status| StatusCode::from_u16(status).ok());
    let status = status.ok_or_else(|| Error::internal("a stored answer is broken"))?;
    let mut response = (status, answer).into_response();
    let headers = response.headers_mut();
    headers.insert(names::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert("idempotent-replayed", HeaderValue::from_static("true"));
    Ok(response)
}
