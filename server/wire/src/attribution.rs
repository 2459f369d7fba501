//! Models of attribution side by side.

use serde::{Deserialize, Serialize};

/// What several models would credit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AttributionReport {
    /// What is credited: `partner`, `channel`, `link` or `site`.
    pub by: String,
    /// ISO 4217, lower case, of the values; null where they are minor units of nobody knows what.
    pub currency: Option<String>,
    /// What there was to share; what each model credits adds up to it.
    pub total: AttributionFigures,
    /// What each model credits.
    pub models: Vec<ModelCredits>,
    /// Where the journeys come from; left out where they were sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub journeys: Option<JourneysTold>,
}

/// Conversions and what they were worth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AttributionFigures {
    /// How many, decimal text with six decimals: a program that reads it as a float decides so itself.
    pub conversions: String,
    /// Minor units; left out where the journeys say nothing of a value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<i64>,
}

/// What one model credits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ModelCredits {
    /// Its word.
    pub model: String,
    /// The half-life of `time_decay`, days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub half_life_days: Option<i64>,
    /// What each name gets; whoever gets most under the first model comes first, under every model.
    pub credits: Vec<NamedCredit>,
}

/// What a name gets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct NamedCredit {
    /// The name: a partner's (with the id behind it where two are called the same), a link's code, a channel, a site.
    pub name: String,
    /// `ptn_…` or `lnk_…`, where it is a partner or a link of ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// How much.
    #[serde(flatten)]
    pub figures: AttributionFigures,
}

/// Where the journeys of a report come from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct JourneysTold {
    /// What they led to: `sales` or `leads`.
    pub of: String,
    /// How many led to one.
    pub converted: i64,
    /// How many led to none: visitors with clicks in the range of whom no event in it is known. Only `markov` asks for them.
    pub lost: i64,
    /// Whether there were more clicks in the range than are read, so that the earliest of them are left out of `lost`.
    pub clicks_left_out: bool,
    /// Events nobody's touchpoint led to: they are not in the total.
    pub direct: i64,
    /// What they were worth, minor units.
    pub direct_value: i64,
    /// Sales in another currency that wait for a rate; they count as worth nothing.
    pub without_rate: i64,
    /// Models that were left out of `all`, and why.
    pub left_out: Vec<String>,
}
