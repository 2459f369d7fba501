//! Whether the server lives, and where to go from its front door.

use crate::app::Shared;
use crate::error::Error;
use axum::extract::State;
use axum::http::header;
use axum::response::{Html, IntoResponse, Redirect, Response};

/// `GET /healthz`: the process answers.
pub async fn alive() -> &'static str {
    "ok"
}

/// `GET /readyz`: the database answers too.
pub async fn ready(State(app): State<Shared>) -> Result<&'static str, Error> {
    app.store.read(|tx| Ok(tx.vendors()?)).await?;
    Ok("ok")
}

/// `GET /`: the console.
pub async fn home() -> Redirect {
    Redirect::to("/console")
}

/// `GET /docs/api`: the reference, drawn from the `OpenAPI` document.
pub async fn api_page() -> Response {
    let policy = "default-src 'self'; style-src 'self'; script-src 'self'; frame-ancestors 'none'";
    ([(header::CONTENT_SECURITY_POLICY, policy)], Html(include_str!("../../templates/api.html"))).into_response()
}
