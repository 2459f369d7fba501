//! What comes by the thousand: clicks, sign-ups and sales, on a router of their own. Layers copy and box themselves for each
//! request. So these few routes are looked for first, and do in one wrapper what the layers do for the others, but for the
//! log's span; everything else is left to the rest.

use crate::app::Shared;
use crate::error::Error;
use crate::manners;
use crate::routes::{clicks, leads, sales};
use crate::store::StoreError;
use axum::Router;
use axum::extract::Request;
use axum::handler::Handler;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::time::Duration;
use tokio::time::timeout;

/// These routes, before the rest, which also answers their other methods.
pub fn router(rest: &Router) -> Router<Shared> {
    Router::new()
        .route("/r/{key}", get(Brisk(clicks::redirect)).fallback_service(rest.clone()))
        .route("/v1/track/click", post(Brisk(clicks::track)).fallback_service(rest.clone()))
        .route("/v1/track/lead", post(Brisk(leads::track)).fallback_service(rest.clone()))
        .route("/v1/track/sale", post(Brisk(sales::track)).fallback_service(rest.clone()))
        // The same at the addresses public SDKs and the browser script of Dub know.
        .route("/track/click", post(Brisk(clicks::track_from_script)).fallback_service(rest.clone()))
        .route("/track/lead", post(Brisk(leads::track)).fallback_service(rest.clone()))
        .route("/track/sale", post(Brisk(sales::track)).fallback_service(rest.clone()))
}

/// Whether an address is one of these.
#[cfg(debug_assertions)]
pub fn is_brisk(path: &str) -> bool {
    matches!(path, "/r/{key}" | "/v1/track/click" | "/v1/track/lead" | "/v1/track/sale")
}

/// A handler that ends in time, whose panic is an answer, and which pages of any origin may hear.
#[derive(Clone)]
struct Brisk<H>(H);

impl<H, T> Handler<T, Shared> for Brisk<H>
where
    H: Handler<T, Shared>,
    T: 'static,
{
    type Future = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn call(self, request: Request, app: Shared) -> Self::Future {
        let patience = Duration::from_secs(app.config.request_timeout);
        let id = manners::sent(request.headers()).cloned();
        let answer = AssertUnwindSafe(self.0.call(request, app)).catch_unwind();
        Box::pin(async move {
            let mut response = match timeout(patience, answer).await {
                Ok(Ok(response)) => response,
                Ok(Err(_)) => Error::internal("a request panicked").into_response(),
                Err(_) => Error::Store(StoreError::Busy).into_response(),
            };
            let anybody = HeaderValue::from_static("*");
            response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, anybody);
            manners::echo(id, &mut response);
            response
        })
    }
}
