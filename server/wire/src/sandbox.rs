//! The sandbox and its clock.

use serde::{Deserialize, Serialize};

/// The sandbox's clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SandboxClock {
    /// What the sandbox takes for now.
    pub now: String,
    /// Whether it stands still until it is moved.
    pub frozen: bool,
}

/// How to move the sandbox's clock: either `now`, or an advance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct SandboxClockInput {
    /// Set it to this instant.
    pub now: Option<String>,
    /// Advance it by days of 24 hours: 0 to 36,500.
    pub advance_days: Option<i64>,
    /// Advance it by milliseconds, besides any days.
    pub advance_ms: Option<i64>,
    /// Make it stand still (true) or run (false). Default: as it was.
    pub frozen: Option<bool>,
}
