//! Where the script is.

use serde::{Deserialize, Serialize};

/// A site the script was heard of from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Installation {
    /// The site's origin, such as `https://shop.example`.
    pub origin: String,
    /// Whether its pages may use the publishable keys.
    pub allowed: bool,
    /// When it was first heard of.
    pub first_seen_at: String,
    /// When it was last heard of, to the minute or so.
    pub last_seen_at: String,
}
