//! The habits all answers of the API share, whichever route gives them: a request id, the limit on requests, a tag by which
//! an answer that has not changed need not be sent again, keys under which a request is done once, and the audit log.
//!
//! `brisk.rs` does without most of them: what comes by the thousand has its own answers to a repetition, and no limit.

mod accept;
mod audited;
mod identity;
mod quota;
mod repeated;
mod unchanged;

#[cfg(test)]
pub use audited::is_listed;
pub use identity::{X_REQUEST_ID, echo, identify, sent, shown};
pub use quota::{HEADERS as QUOTA_HEADERS, Quotas, count};
#[cfg(debug_assertions)]
pub use repeated::takes_key;
pub use repeated::{KEPT_DAYS, once};
pub use unchanged::{tag_of, tagged, unless_known};

use crate::app::Shared;
use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use std::sync::Arc;

/// Gives the routes these habits. The first that meets a request is the limit, so that what is refused costs little.
pub fn teach(routes: Router<Shared>, app: &Shared) -> Router<Shared> {
    routes
        .route_layer(from_fn_with_state(Arc::clone(app), audited::written_down))
        .route_layer(from_fn_with_state(Arc::clone(app), once))
        .route_layer(from_fn(tagged))
        .route_layer(from_fn(accept::suit))
        .route_layer(from_fn_with_state(Arc::clone(app), count))
}
