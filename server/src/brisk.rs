//! What comes by the thousand: clicks, sign-ups and sales. A router and its layers copy and box themselves for each request. So
//! these few routes are looked for first, by a comparison, and one function does what the layers do for the others, but for the
//! log's span; everything else is left to the rest.

use crate::app::Shared;
use crate::error::Error;
use crate::manners;
use crate::metrics::UnderWay;
use crate::routes::{clicks, leads, sales};
use crate::store::StoreError;
use crate::world::World;
use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::handler::Handler;
use axum::http::{HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use axum::serve::{IncomingStream, Listener};
use futures_util::FutureExt;
use futures_util::future::Either;
use std::convert::Infallible;
use std::future::{Ready, poll_fn, ready};
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Instant, Sleep, sleep_until};
use tower::Service;

/// What is waited where more than a clock can tell was asked for.
const FOR_EVER: Duration = Duration::from_hours(24 * 365);

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

/// One connection's. What is counted up and down for each redirect is the connection's own: what all share goes from one
/// processor's cache to the other's.
#[derive(Clone)]
pub struct Connected(Arc<Connection>);

struct Connection {
    brisk: Brisk,
    peer: SocketAddr,
    patience: Patience,
}

/// How long work is waited for, one after the other, with one timer: to set one for each is seldom of use, and makes its future wide.
#[derive(Default)]
struct Patience {
    /// While nothing is waited for.
    timer: Mutex<Option<Pin<Box<Sleep>>>>,
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
        let (brisk, peer, patience) = (self.clone(), *stream.remote_addr(), Patience::default());
        ready(Ok(Connected(Arc::new(Connection { brisk, peer, patience }))))
    }
}

type Answer = Result<Response, Infallible>;

impl Service<Request> for Connected {
    type Response = Response;
    type Error = Infallible;
    type Future = Either<Pin<Box<dyn Future<Output = Answer> + Send>>, <Router as Service<Request>>::Future>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let connection = &self.0;
        match Route::of(request.method(), request.uri().path()) {
            Some(route) => Either::Left(Box::pin(Arc::clone(connection).answer(route, request))),
            None => Either::Right(connection.brisk.rest.clone().call(connection.with_peer(request))),
        }
    }
}

impl Connection {
    /// An answer that comes in time, also where its handler panics, and which pages of any origin may hear.
    async fn answer(self: Arc<Self>, (route, pattern): (Route, &'static str), request: Request) -> Answer {
        let app = &self.brisk.app;
        let under_way = app.config.metrics.map(|_| UnderWay::begin(&app.metrics, pattern));
        let most = Duration::from_secs(app.config.request_timeout);
        let id = manners::sent(request.headers()).cloned();
        let work = pin!(AssertUnwindSafe(self.handle(route, request)).catch_unwind());
        let mut response = match self.patience.wait(most, work).await {
            Some(Ok(response)) => response,
            Some(Err(_)) => Error::internal("a request panicked").into_response(),
            None => Error::Store(StoreError::Busy).into_response(),
        };
        let anybody = HeaderValue::from_static("*");
        response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, anybody);
        manners::echo(id, &mut response);
        if let Some(under_way) = under_way {
            under_way.ends(response.status());
        }
        Ok(response)
    }

    async fn handle(&self, route: Route, request: Request) -> Response {
        let app = || Shared::clone(&self.brisk.app);
        match route {
            Route::Redirect => clicks::follow(&self.brisk.app, self.peer, request).await.into_response(),
            Route::Click => clicks::track.call(self.with_peer(request), app()).await,
            Route::ScriptsClick => clicks::track_from_script.call(self.with_peer(request), app()).await,
            Route::Lead => leads::track.call(self.with_peer(request), app()).await,
            Route::Sale => sales::track.call(self.with_peer(request), app()).await,
        }
    }

    /// A request that tells its handler who asks.
    fn with_peer(&self, mut request: Request) -> Request {
        request.extensions_mut().insert(ConnectInfo(self.peer));
        request
    }
}

impl Patience {
    /// What becomes of work, if it is done in time. A timer that was set for earlier work rings too early, and is set anew then.
    async fn wait<T>(&self, most: Duration, mut work: Pin<&mut impl Future<Output = T>>) -> Option<T> {
        let now = Instant::from_std(World.stopwatch());
        let ends = now.checked_add(most).unwrap_or(now + FOR_EVER);
        let kept = || self.timer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut timer = kept().take().unwrap_or_else(|| Box::pin(sleep_until(ends)));
        let done = poll_fn(|context| {
            if let Poll::Ready(done) = work.as_mut().poll(context) {
                return Poll::Ready(Some(done));
            }
            while timer.as_mut().poll(context).is_ready() {
                if timer.deadline() >= ends {
                    return Poll::Ready(None);
                }
                timer.as_mut().reset(ends);
            }
            Poll::Pending
        });
        let done = done.await;
        *kept() = Some(timer);
        done
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::pending;
    use tokio::time::sleep;

    #[tokio::test]
    async fn one_timer_gives_each_its_time() {
        let patience = Patience::default();
        let most = Duration::from_millis(400);
        assert_eq!(patience.wait(most, pin!(ready(1))).await, Some(1));
        // The first timer rings amidst the second work, and has rung before the third begins.
        for wait in [150, 300, 0, 500] {
            sleep(Duration::from_millis(wait)).await;
            let work = async {
                sleep(Duration::from_millis(300)).await;
                wait
            };
            assert_eq!(patience.wait(most, pin!(work)).await, Some(wait));
        }
        let begun = World.stopwatch();
        assert_eq!(patience.wait(most, pin!(pending::<()>())).await, None);
        assert!((400..2_000).contains(&begun.elapsed().as_millis()));
        assert_eq!(patience.wait(most, pin!(ready(2))).await, Some(2));
    }

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
