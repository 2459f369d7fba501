//! Whether the server lives, and where to go from its front door.

use crate::app::Shared;
use crate::error::Error;
use axum::extract::State;
use axum::response::Redirect;

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
