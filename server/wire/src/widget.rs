//! What a program's own pages and its partners' pages look like, ask and offer: the `widget` part of a program.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the vendor sets of the widget.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct WidgetSettings {
    /// `plain` (default), `warm` or `bold`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub theme: Option<String>,
    /// The languages it may speak, of `en`, `fr`, `de`, `es`, `pt`, `ja` and `ar`; empty = all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<String>,
    /// What partners are ranked by: `sales`, `leads`, or `off` (default).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leaderboard: Option<String>,
    /// How many places are shown: 3 to 100. Default 10.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leaderboard_places: Option<i64>,
    /// How often a partner may change the code: 0 to 20. Default 3.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code_changes: Option<i64>,
    /// On which day of the month you pay, 1 to 28, so that partners are told what to expect. Default: nothing is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payout_day: Option<i64>,
    /// Texts that partners can share; `{link}` and `{code}` stand for theirs. At most 10, of at most 500 characters each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub share_texts: Vec<String>,
    /// What partners must say whenever they share, such as `#ad`: it is added to every text to share. At most 200 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disclosure: Option<String>,
    /// Whether partners can send in content they made, for a bonus, on their account page.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub content: bool,
    /// What you ask who applies, in order. At most 10.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Question>,
    /// What partners may use: logos, pictures, films. At most 50.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub assets: Vec<Asset>,
    /// What partners are told is next. At most 20.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub milestones: Vec<Milestone>,
    /// Custom properties of its style, such as `--goodword-accent`. At most 40.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: BTreeMap<String, String>,
    /// Your own words by language and name of the text. At most 200 for each language, of at most 500 characters each.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub texts: BTreeMap<String, BTreeMap<String, String>>,
}

/// A question to who applies.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Question {
    /// By which the answer is kept: 1 to 40 letters, digits, `_` and `-`, unique.
    pub id: String,
    /// What is asked. 1 to 200 characters.
    pub label: String,
    /// `text` (default), `choice` or `url`.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Whether it must be answered.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
    /// For `choice`: 2 to 20 answers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
}

/// Something partners may use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Asset {
    /// 1 to 100 characters.
    pub title: String,
    /// Where it is; `https:`.
    pub url: String,
    /// `image`, `video`, `document` or `link` (default).
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// Something a partner reaches.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Milestone {
    /// What is counted, ever: `clicks`, `leads` or `sales`.
    pub of: String,
    /// How many: 1 to 1,000,000,000.
    pub at: i64,
    /// What it brings, in your words. 1 to 200 characters.
    pub text: String,
}
