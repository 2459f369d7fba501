//! Figures.

use serde::{Deserialize, Serialize};

/// Totals of a range. By default those of a program in which nothing happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// Clicks counted.
    pub clicks: i64,
    /// Distinct visitors of each UTC day, added up; null for a single partner.
    pub visitors: Option<i64>,
    /// Sign-ups, credited or not.
    pub leads: i64,
    /// Sales, credited or not.
    pub sales: i64,
    /// What the sales came to, minor units, refunds taken off.
    pub sale_amount: i64,
    /// Commissions in hold, minor units.
    pub pending: i64,
    /// Commissions payable, minor units.
    pub processed: i64,
    /// Commissions paid, minor units.
    pub paid: i64,
}

impl Default for Totals {
    fn default() -> Self {
        let visitors = Some(0);
        Self { clicks: 0, visitors, leads: 0, sales: 0, sale_amount: 0, pending: 0, processed: 0, paid: 0 }
    }
}

/// The answer of `/v1/analytics`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Analytics {
    /// The program's currency; all amounts are in it.
    pub currency: String,
    /// The vendor's clock when the figures were read.
    pub as_of: String,
    /// The whole range.
    pub totals: Totals,
    /// One row per day (UTC), oldest first, days without events left out.
    pub days: Vec<Day>,
}

/// One item of `/v1/analytics/breakdown`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct BreakdownItem {
    /// A partner's or link's id, a site, a country's two letters, a kind of device, an hour of the day (UTC); empty for
    /// unknown.
    pub id: String,
    /// A partner's name or a link's code; else as `id`.
    pub name: String,
    /// Clicks.
    pub clicks: i64,
    /// Sign-ups; like the rest 0 except for partners and links.
    pub leads: i64,
    /// Sales.
    pub sales: i64,
    /// What the sales came to, minor units, refunds taken off.
    pub sale_amount: i64,
    /// Commissions earned, minor units.
    pub earnings: i64,
}

/// One day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Day {
    /// `2026-08-19`.
    pub date: String,
    /// Clicks.
    pub clicks: i64,
    /// Distinct visitors; null for a single partner.
    pub visitors: Option<i64>,
    /// Sign-ups.
    pub leads: i64,
    /// Sales.
    pub sales: i64,
    /// What the sales came to, minor units.
    pub sale_amount: i64,
    /// Commissions earned, minor units.
    pub earnings: i64,
}
