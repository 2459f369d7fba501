//! The stream by which the console hears that figures have changed.

use crate::app::Shared;
use crate::auth::{ConsoleCaller, mode_of};
use crate::error::Error;
use crate::http::Query;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use goodword_domain::id::VendorId;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// After so long a stream ends: the browser comes again, and shows whether it is still logged in.
const LIFE: Duration = Duration::from_mins(5);
/// Whoever stands between learns that the stream is alive.
const ALIVE: Duration = Duration::from_secs(15);

/// Whose figures.
#[derive(serde::Deserialize)]
pub struct LiveQuery {
    /// `live` (the default) or `test`: a stream takes no header.
    mode: Option<String>,
}

/// Says `figures` at once, and whenever figures of the vendor have changed, at most about once a second. What they are now is asked
/// by whoever wants to know.
pub async fn stream(
    State(app): State<Shared>,
    caller: ConsoleCaller,
    Query(query): Query<LiveQuery>,
) -> Result<impl IntoResponse, Error> {
    let vendor: VendorId = mode_of(&app, &caller.person, query.mode.as_deref()).await?;
    let heard = app.live.listen(&vendor).ok_or(crate::store::StoreError::Busy)?;
    let stream = Sse::new(told(heard)).keep_alive(KeepAlive::new().interval(ALIVE));
    // A proxy that gathers what it passes on would hold it back.
    Ok(([("x-accel-buffering", "no"), ("cache-control", "no-store")], stream))
}

fn told(heard: watch::Receiver<Vec<i64>>) -> impl Stream<Item = Result<Event, Infallible>> {
    let end = Instant::now() + LIFE;
    let figures = || Ok(Event::default().event("figures").data("changed"));
    futures_util::stream::unfold((heard, true), move |(mut heard, first)| async move {
        if first {
            return Some((figures(), (heard, false)));
        }
        match tokio::time::timeout_at(end, heard.changed()).await {
            Ok(Ok(())) => Some((figures(), (heard, false))),
            Ok(Err(_)) | Err(_) => None,
        }
    })
}
