//! Clicks of the past, many at a time.

use serde::{Deserialize, Serialize};

/// One line of an import: a click that happened elsewhere or before. `key` and `timestamp` are needed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ClickImportLine {
    /// The link's key, or the partner's code. Case-insensitive.
    pub key: String,
    /// When it happened: RFC 3339 text, or milliseconds since 1970.
    pub timestamp: ImportInstant,
    /// The vendor's own first-party id of the browser. At most 64 of `[A-Za-z0-9_-]`. With it, the same visitor on the
    /// same link within the hour is one click; a line without it is always one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visitor_id: Option<String>,
    /// The address of the page the visitor landed on. At most 2,048 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The address of the page the visitor came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referrer: Option<String>,
    /// A mark by which the partner tells posts apart. At most 64 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_id: Option<String>,
    /// The two letters of a country; `XX` for unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// `desktop`, `mobile` or `tablet`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
}

/// An instant as other systems export it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum ImportInstant {
    /// Milliseconds since 1970.
    Milliseconds(i64),
    /// RFC 3339 text.
    Text(String),
}

impl Default for ImportInstant {
    fn default() -> Self {
        Self::Milliseconds(0)
    }
}

/// What became of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ClickImportOutput {
    /// How many lines are new clicks.
    pub stored: usize,
    /// How many lines were a click once more: the same visitor on the same link within the hour.
    pub duplicates: usize,
    /// How many lines were refused.
    pub refused_count: usize,
    /// The first hundred of those.
    pub refused: Vec<ImportRefusal>,
}

/// Why a line was refused; the others are not touched by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ImportRefusal {
    /// Which line of the body, counted from 1.
    pub line: usize,
    /// The field, or null when the line could not be read.
    pub field: Option<String>,
    /// What is wrong and what to do.
    pub message: String,
}
