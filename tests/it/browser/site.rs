//! Pages of strangers: small sites of the test's own, each on a host name of its own so that no cookie is shared.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

type Pages = Arc<Mutex<HashMap<String, Page>>>;

/// One file of a site.
#[derive(Clone)]
pub struct Page {
    body: Vec<u8>,
    kind: &'static str,
    policy: Option<String>,
}

impl Page {
    /// A page with this in its head and this in its body.
    pub fn new(head: &str, body: &str) -> Self {
        let html = format!(
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>A stranger's page</title>{head}</head>\n<body>{body}</body></html>"
        );
        Self::file("page.html", html.into_bytes())
    }

    /// Any file.
    pub fn file(name: &str, body: Vec<u8>) -> Self {
        let kind = match name.rsplit('.').next() {
            Some("html") => "text/html; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("wasm") => "application/wasm",
            _ => "application/octet-stream",
        };
        Self { body, kind, policy: None }
    }

    /// The same under a Content-Security-Policy.
    pub fn under(self, policy: &str) -> Self {
        Self { policy: Some(policy.to_owned()), ..self }
    }
}

/// A running site.
pub struct Site {
    /// As in `http://stranger.localhost:40123`.
    pub origin: String,
    pages: Pages,
}

impl Site {
    /// Serves nothing yet, on a free port.
    pub async fn open(host: &str) -> Self {
        let pages = Pages::default();
        let router = Router::new().fallback(page).with_state(Arc::clone(&pages));
        let door = door().await;
        let origin = origin(host, &door);
        serve(door, router);
        Self { origin, pages }
    }

    /// Puts a page up; its address.
    pub fn put(&self, path: &str, page: Page) -> String {
        self.pages.lock().expect("nobody panics with the pages in hand").insert(path.to_owned(), page);
        format!("{}{path}", self.origin)
    }
}

async fn page(State(pages): State<Pages>, request: Request) -> Response {
    let page = pages.lock().expect("nobody panics with the pages in hand").get(request.uri().path()).cloned();
    page.map_or_else(|| StatusCode::NOT_FOUND.into_response(), IntoResponse::into_response)
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let headers = [(header::CONTENT_TYPE, self.kind), (header::CACHE_CONTROL, "no-store")];
        let mut response = (headers, self.body).into_response();
        if let Some(policy) = self.policy {
            let policy = policy.parse().expect("a policy is a header");
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        response
    }
}

/// A free port.
pub async fn door() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.expect("a port is free")
}

/// The origin of who listens there under a name.
pub fn origin(host: &str, door: &TcpListener) -> String {
    format!("http://{host}:{}", door.local_addr().expect("it is bound").port())
}

/// Serves until the test's runtime ends.
pub fn serve(door: TcpListener, router: Router) {
    tokio::spawn(async move { axum::serve(door, router).await });
}
