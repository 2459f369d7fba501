//! The one shape of every refusal.

use serde::{Deserialize, Serialize};

/// The body of every answer that is not a success.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ErrorBody {
    /// What went wrong.
    pub error: ErrorDetail,
}

/// What went wrong, for a program (`code`) and for a person (`message`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ErrorDetail {
    /// A stable word to branch on: `bad_request`, `unauthorized`, `forbidden`, `not_found`, `conflict`, `unprocessable_entity`, `rate_limit_exceeded` or `internal_server_error`.
    pub code: String,
    /// A sentence that names the field and says what to do.
    pub message: String,
    /// Where to read more.
    pub doc_url: String,
    /// The same, under the name by which public SDKs look for it.
    #[serde(rename = "doc_url", default)]
    pub doc_url_for_sdks: String,
}
