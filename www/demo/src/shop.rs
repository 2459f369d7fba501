//! Alpine Tea, a shop that pays its partners. Accounts, carts and orders live in memory, one set per browser.

mod actions;
mod catalog;
mod pages;
mod report;
mod state;
mod views;

use crate::{Config, Goodword, policy};
use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderValue, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use state::Books;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

const COOKIE: &str = "alpine_session";

/// Everything a request of the shop may need.
struct Shop {
    config: Config,
    goodword: Goodword,
    books: Mutex<Books>,
}

impl Shop {
    /// The shop's memory. A panic elsewhere must not close the shop, so a poisoned lock is taken as it is.
    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Which browser asks.
#[derive(Clone)]
struct Visitor(String);

/// The shop, ready to be served. Must be called within a tokio runtime only when it is served, not when it is made.
pub fn shop(config: Config) -> Router {
    let goodword = Goodword::new(&config.goodword, &config.secret_key);
    let shop = Arc::new(Shop { config, goodword, books: Mutex::default() });
    Router::new()
        .route("/", get(pages::home))
        .route("/tea/{slug}", get(pages::tea))
        .route("/partners", get(pages::partners))
        .route("/partners/terms", get(pages::terms))
        .route("/theme", get(pages::theme))
        .route("/sign-up", get(pages::sign_up).post(actions::sign_up))
        .route("/account", get(pages::account))
        .route("/cart", get(pages::cart).post(actions::add))
        .route("/cart/remove", post(actions::remove))
        .route("/checkout", get(pages::cart).post(actions::check_out))
        .route("/orders/{id}", get(pages::order))
        .route("/orders/{id}/refund", post(actions::refund))
        .route("/clock", get(pages::clock).post(actions::move_clock))
        .fallback(pages::missing)
        .layer(middleware::from_fn_with_state(shop.clone(), session))
        .route(
            "/shop.css",
            get(|| async { asset("text/css; charset=utf-8", include_str!("../assets/shop.css")) }),
        )
        .route(
            "/shop.js",
            get(|| async { asset("text/javascript; charset=utf-8", include_str!("../assets/shop.js")) }),
        )
        .route(
            "/theme.js",
            get(|| async { asset("text/javascript; charset=utf-8", include_str!("../assets/theme.js")) }),
        )
        .route("/favicon.svg", get(|| async { asset("image/svg+xml", include_str!("../assets/shop.svg")) }))
        .route("/healthz", get(|| async { "ok" }))
        .with_state(shop)
}

pub(crate) fn asset(kind: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "max-age=60")], text).into_response()
}

/// Knows the browser by its cookie, gives it one if it has none, and sets the page's policy.
async fn session(State(shop): State<Arc<Shop>>, mut request: Request, next: Next) -> Response {
    let known = request.headers().get(header::COOKIE).and_then(|value| cookie(value.to_str().ok()?));
    let (id, new) = known.map_or_else(|| (state::random(26), true), |id| (id, false));
    request.extensions_mut().insert(Visitor(id.clone()));
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if new {
        let cookie = format!("{COOKIE}={id}; Path=/; HttpOnly; SameSite=Lax");
        headers.extend(HeaderValue::from_str(&cookie).map(|value| (header::SET_COOKIE, value)));
    }
    let policy = HeaderValue::from_str(&policy(&shop.config.goodword));
    headers.extend(policy.map(|value| (header::CONTENT_SECURITY_POLICY, value)));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn cookie(header: &str) -> Option<String> {
    let id = header.split("; ").find_map(|pair| pair.strip_prefix(COOKIE)?.strip_prefix('='))?;
    (id.len() == 26 && id.bytes().all(|byte| byte.is_ascii_alphanumeric())).then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_ours_or_ignored() {
        let ours = format!("a=b; {COOKIE}=abcdefghijklmnopqrstuvwxyz; c=d");
        assert_eq!(cookie(&ours).as_deref(), Some("abcdefghijklmnopqrstuvwxyz"));
        assert_eq!(cookie(&format!("{COOKIE}=short")), None);
        assert_eq!(cookie("other=abcdefghijklmnopqrstuvwxyz"), None);
    }
}
