//! The overview of a program, and what the explorer asks.

use crate::Day;
use serde::{Deserialize, Serialize};

/// The answer of `/v1/analytics/overview`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Overview {
    /// The program's currency; all amounts are in it.
    pub currency: String,
    /// The vendor's clock when the figures were read.
    pub as_of: String,
    /// The range asked for.
    pub range: OverviewRange,
    /// The range it is compared with, where one was asked for.
    pub before: Option<OverviewRange>,
}

/// The figures of one range.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct OverviewRange {
    /// From this instant on.
    pub start: String,
    /// Up to this one, which is not included.
    pub end: String,
    /// All of it.
    pub figures: OverviewFigures,
    /// One row per day (UTC), oldest first, days without events left out.
    pub days: Vec<Day>,
}

/// Counts, and amounts in minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct OverviewFigures {
    /// Clicks counted.
    pub clicks: i64,
    /// Distinct visitors of each UTC day, added up; null where only a part of the program is meant.
    pub visitors: Option<i64>,
    /// Sign-ups, credited or not.
    pub leads: i64,
    /// Sales, credited or not.
    pub sales: i64,
    /// What the sales came to, refunds and disputes taken off.
    pub sale_amount: i64,
    /// What was given back of them, or is disputed.
    pub refunded_amount: i64,
    /// Sales somebody is credited for.
    pub partner_sales: i64,
    /// What those came to.
    pub partner_sale_amount: i64,
    /// Sales by a code that was typed.
    pub code_sales: i64,
    /// Sales by a link that was followed.
    pub link_sales: i64,
    /// Commissions in hold. What claims on funds give back is no commission here, for nothing was earned by it.
    pub pending: i64,
    /// Commissions payable.
    pub processed: i64,
    /// Commissions paid.
    pub paid: i64,
}

/// Leads and sales of those who first came in one calendar month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Cohort {
    /// `2026-08`: when their first touchpoint was (UTC).
    pub month: String,
    /// All of theirs in the range.
    pub total: CohortFigures,
    /// The same by how many months later it was: the first is the same month. Months up to the last with anything.
    pub months: Vec<CohortFigures>,
}

/// What a cohort did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CohortFigures {
    /// Sign-ups.
    pub leads: i64,
    /// Sales.
    pub sales: i64,
    /// What the sales came to, minor units.
    pub sale_amount: i64,
}

/// How many leads and sales took so long to come about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ConversionTime {
    /// At least so long after the first touchpoint, milliseconds.
    pub from_ms: i64,
    /// Less than so long, milliseconds; null for as long as there is.
    pub to_ms: Option<i64>,
    /// Sign-ups.
    pub leads: i64,
    /// Sales.
    pub sales: i64,
    /// What the sales came to, minor units.
    pub sale_amount: i64,
}

/// The ways of those who signed up or bought, or went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Paths {
    /// What the steps are: `partner`, `channel`, `link` or `site`.
    pub by: String,
    /// What they led to: `sales` or `leads`.
    pub of: String,
    /// The currency of the values.
    pub currency: String,
    /// How many ways there are that differ.
    pub different: i64,
    /// The most frequent first.
    pub paths: Vec<PathTaken>,
}

/// One way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PathTaken {
    /// Its touchpoints in the order of time; the same twice in a row stands once.
    pub steps: Vec<String>,
    /// How many went it and bought, or signed up.
    pub conversions: i64,
    /// What that was worth, minor units.
    pub value: i64,
}
