//! What comes by the thousand: clicks, sign-ups and sales. A router and its layers copy and box themselves for each request. So
//! these few routes are looked for first, by a comparison, and one function does what the layers do for the others, but for the
//! log's span; everything else is left to the rest.

use crate::app::Shared;
use crate::error::Error;
use crate::manners;
use crate::metrics::UnderWay;
use crate::routes::{clicks, leads, sales};
use crate::store::StoreError;
use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::handler::Handler;
use axum::http::{HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use axum::serve::{IncomingStream, Listener};
use futures_util::FutureExt;
use futures_util::future::Either;
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::timeout;
use tower::Service;

/// One of these routes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Route {
    Redirect,
    Click,
    ScriptsClick,
    Lead,
    Sale,
}

impl Route {
    /// The route of a request, with its pattern. Their other methods are answered by the rest.
    fn of(method: &Method, path: &str) -> Option<(Self, &'static str)> {
        if *method == Method::POST {
            return match path {
                "/v1/track/click" => Some((Self::Click, "/v1/track/click")),
                "/v1/track/lead" => Some((Self::Lead, "/v1/track/lead")),
                "/v1/track/sale" => Some((Self::Sale, "/v1/track/sale")),
                // The same at the addresses public SDKs and the browser script of Dub know.
                "/track/click" => Some((Self::ScriptsClick, "/track/click")),
                "/track/lead" => Some((Self::Lead, "/track/lead")),
                "/track/sale" => Some((Self::Sale, "/track/sale")),
                _ => None,
            };
        }
        let is_link = path.strip_prefix("/r/").is_some_and(|key| !key.is_empty() && !key.contains('/'));
        let is_met = is_link && (*method == Method::GET || *method == Method::HEAD);
        is_met.then_some((Self::Redirect, "/r/{key}"))
    }
}

/// Whether an address is one of these.
#[cfg(debug_assertions)]
pub fn is_brisk(path: &str) -> bool {
    matches!(path, "/r/{key}" | "/v1/track/click" | "/v1/track/lead" | "/v1/track/sale")
}

/// Answers these routes itself, and lets the rest answer all others. Makes one for each connection, which knows its peer.
#[derive(Clone)]
pub struct Brisk {
    app: Shared,
    rest: Router,
}

/// One connection's.
#[derive(Clone)]
pub struct Connected {
    brisk: Brisk,
    peer: SocketAddr,
}

impl Brisk {
    pub fn new(app: Shared, rest: Router) -> Self {
        Self { app, rest }
    }
}

impl<L: Listener<Addr = SocketAddr>> Service<IncomingStream<'_, L>> for Brisk {
    type Response = Connected;
    type Error = Infallible;
    type Future = Ready<Result<Connected, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, stream: IncomingStream<'_, L>) -> Self::Future {
        ready(Ok(Connected { brisk: self.clone(), peer: *stream.remote_addr() }))
    }
}

type Answer = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

impl Service<Request> for Connected {
    type Response = Response;
    type Error = Infallible;
    type Future = Either<Answer, <Router as Service<Request>>::Future>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        request.extensions_mut().insert(ConnectInfo(self.peer));
        match Route::of(request.method(), request.uri().path()) {
            Some((route, pattern)) => {
                let app = Shared::clone(&self.brisk.app);
                Either::Left(Box::pin(answer(app, route, pattern, request).map(Ok)))
            }
            None => Either::Right(self.brisk.rest.call(request)),
        }
    }
}

/// An answer that comes in time, also where its handler panics, and which pages of any origin may hear.
async fn answer(app: Shared, route: Route, pattern: &'static str, request: Request) -> Response {
    let under_way = app.config.metrics.map(|_| UnderWay::begin(&app.metrics, pattern));
    let patience = Duration::from_secs(app.config.request_timeout);
    let id = manners::sent(request.headers()).cloned();
    let work = AssertUnwindSafe(handle(app, route, request)).catch_unwind();
    let mut response = match timeout(patience, work).await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => Error::internal("a request panicked").into_response(),
        Err(_) => Error::Store(StoreError::Busy).into_response(),
    };
    let anybody = HeaderValue::from_static("*");
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, anybody);
    manners::echo(id, &mut response);
    if let Some(under_way) = under_way {
        under_way.ends(response.status());
    }
    response
}

async fn handle(app: Shared, route: Route, request: Request) -> Response {
    match route {
        Route::Redirect => clicks::redirect(State(app), request).await.into_response(),
        Route::Click => clicks::track.call(request, app).await,
        Route::ScriptsClick => clicks::track_from_script.call(request, app).await,
        Route::Lead => leads::track.call(request, app).await,
        Route::Sale => sales::track.call(request, app).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_are_told_by_method_and_whole_path() {
        let of = |method: Method, path: &str| Route::of(&method, path).map(|(route, _)| route);
        assert_eq!(of(Method::GET, "/r/MAYA"), Some(Route::Redirect));
        assert_eq!(of(Method::HEAD, "/r/MAYA"), Some(Route::Redirect));
        assert_eq!(of(Method::POST, "/track/click"), Some(Route::ScriptsClick));
        for path in ["/r/", "/r", "/r/MAYA/", "/r/MAYA/x", "/v1/track/click", "/track/sale"] {
            assert_eq!(of(Method::GET, path), None, "{path}");
        }
        for path in ["/r/MAYA", "/v1/track/clicks", "/v1/track/sale/"] {
            assert_eq!(of(Method::POST, path), None, "{path}");
        }
        assert_eq!(of(Method::OPTIONS, "/v1/track/click"), None);
    }
}
