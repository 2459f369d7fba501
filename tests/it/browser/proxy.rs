//! A proxy before the server that misbehaves as a network or a broken deployment does, and notes what was asked.

use super::site::{Page, door, origin, serve};
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// The API answers 500.
    Broken,
    /// The API answers with half a JSON object.
    Malformed,
    /// The API takes ten seconds.
    Slow,
    /// The module is not there.
    NoModule,
    /// The module is not the one that was built with the loader.
    WrongModule,
    /// The shell around the module is not there.
    NoShell,
    /// What the loader fetches for referred visitors is not there.
    NoMore,
}

/// A running proxy.
pub struct Proxy {
    /// Its origin.
    pub base: String,
    shared: Arc<Shared>,
}

struct Shared {
    server: String,
    http: reqwest::Client,
    fault: Mutex<Fault>,
    asked: Mutex<Vec<String>>,
    pages: Mutex<HashMap<String, Page>>,
}

impl Proxy {
    /// Before this server, doing nothing wrong yet.
    pub async fn before(server: &str) -> Self {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build();
        let shared = Arc::new(Shared {
            server: server.to_owned(),
            http: http.expect("a client without TLS needs nothing that can be missing"),
            fault: Mutex::new(Fault::None),
            asked: Mutex::default(),
            pages: Mutex::default(),
        });
        let door = door().await;
        let base = origin("127.0.0.1", &door);
        serve(door, Router::new().fallback(pass).with_state(Arc::clone(&shared)));
        Self { base, shared }
    }

    /// From now on this goes wrong.
    pub fn set(&self, fault: Fault) {
        *self.shared.fault.lock().expect("nobody panics with it in hand") = fault;
    }

    /// Puts up a page of its own, beside which the server is reached under `/gw/`; its address.
    pub fn put(&self, path: &str, page: Page) -> String {
        self.shared.pages.lock().expect("nobody panics with it in hand").insert(path.to_owned(), page);
        format!("{}{path}", self.base)
    }

    /// How many requests for paths with this in them came so far.
    pub fn asked(&self, part: &str) -> usize {
        let asked = self.shared.asked.lock().expect("nobody panics with it in hand");
        asked.iter().filter(|path| path.contains(part)).count()
    }
}

async fn pass(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let page = shared.pages.lock().expect("nobody panics with it in hand").get(request.uri().path()).cloned();
    if let Some(page) = page {
        return page.into_response();
    }
    let path = request.uri().path_and_query().map_or_else(String::new, ToString::to_string);
    let path =
        path.strip_prefix("/gw").filter(|rest| rest.starts_with('/')).map_or(path.clone(), str::to_owned);
    shared.asked.lock().expect("nobody panics with it in hand").push(format!("{} {path}", request.method()));
    let fault = *shared.fault.lock().expect("nobody panics with it in hand");
    let (api, module) = (path.starts_with("/v1/"), path.contains(".wasm"));
    match fault {
        Fault::Broken if api => {
            (StatusCode::INTERNAL_SERVER_ERROR, open_to_all(), "{\"oops\"").into_response()
        }
        Fault::Malformed if api => (open_to_all(), "{\"programId\": \"prg_").into_response(),
        Fault::Slow if api => {
            tokio::time::sleep(Duration::from_secs(10)).await;
            forward(&shared, request, &path).await
        }
        Fault::NoModule if module => (StatusCode::NOT_FOUND, open_to_all(), "gone").into_response(),
        Fault::NoShell if path.starts_with("/w/") => {
            (StatusCode::NOT_FOUND, open_to_all(), "gone").into_response()
        }
        Fault::NoMore if path.starts_with("/w/more.") => {
            (StatusCode::NOT_FOUND, open_to_all(), "gone").into_response()
        }
        Fault::WrongModule if module => {
            ([(header::CONTENT_TYPE, "application/wasm")], open_to_all(), EMPTY_MODULE).into_response()
        }
        _ => forward(&shared, request, &path).await,
    }
}

/// A good module, only not ours.
const EMPTY_MODULE: &[u8] = &[0, 97, 115, 109, 1, 0, 0, 0];

fn open_to_all() -> [(HeaderName, &'static str); 2] {
    [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    ]
}

async fn forward(shared: &Shared, request: Request, path: &str) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap_or_default();
    let mut headers = parts.headers;
    headers.remove(header::HOST);
    let sent = shared
        .http
        .request(parts.method, format!("{}{path}", shared.server))
        .headers(headers)
        .body(body)
        .send()
        .await;
    let Ok(answer) = sent else { return (StatusCode::BAD_GATEWAY, open_to_all()).into_response() };
    let (status, headers) = (answer.status(), kept(answer.headers()));
    let body: Bytes = answer.bytes().await.unwrap_or_default();
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

/// What belongs to the answer and not to the connection.
fn kept(headers: &HeaderMap<HeaderValue>) -> HeaderMap<HeaderValue> {
    let hop = [header::CONNECTION, header::TRANSFER_ENCODING, header::CONTENT_LENGTH];
    headers
        .iter()
        .filter(|(name, _)| !hop.contains(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}
