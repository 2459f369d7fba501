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

/// What became of an export of another program, or what would become of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ImportOutput {
    /// `rewardful`, `firstpromoter`, `tolt`, `partnerstack` or `tapfiliate`.
    pub source: String,
    /// `partners`, `links`, `codes`, `customers`, `commissions` or `balances`.
    pub kind: String,
    /// Into which program.
    pub program_id: String,
    /// Whether nothing was stored.
    pub dry_run: bool,
    /// How many rows the file has.
    pub rows: usize,
    /// How many of them are new here.
    pub made: usize,
    /// How many were brought before and have moved on, or were given a new name.
    pub changed: usize,
    /// How many were here already.
    pub known: usize,
    /// How many were refused.
    pub refused_count: usize,
    /// The first hundred of those.
    pub refused: Vec<ImportRefusal>,
    /// How many remarks there are about rows that were brought all the same.
    pub remark_count: usize,
    /// The first hundred of those.
    pub remarks: Vec<ImportRefusal>,
    /// Columns that were not read.
    pub ignored_columns: Vec<String>,
    /// The currency of the amounts.
    pub currency: String,
    /// Decimal digits of its minor unit.
    pub exponent: u32,
    /// What became held, minor units.
    pub pending: i64,
    /// What became payable, minor units.
    pub processed: i64,
    /// What is recorded as paid there, minor units.
    pub paid: i64,
    /// The parameters by which links may name a partner, besides `via`, `ref` and `gw`: the script must be told of them.
    pub link_parameters: Vec<String>,
    /// How many balances were compared.
    pub compared: usize,
    /// Those that differ.
    pub differences: Vec<ImportDifference>,
}

/// A figure of a partner's that differs from what was brought.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ImportDifference {
    /// Which line of the file, counted from 1.
    pub line: usize,
    /// Whose.
    pub partner_id: String,
    /// The partner's name.
    pub partner_name: String,
    /// `pending`, `payable`, `paid` or `earned`.
    pub figure: String,
    /// What the file says, minor units.
    pub theirs: i64,
    /// What the commissions come to that were brought, minor units.
    pub ours: i64,
    /// The one less the other.
    pub difference: i64,
}
