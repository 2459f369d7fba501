//! Exchange rates.

use serde::{Deserialize, Serialize};

/// What one unit of a currency is worth in another, from an instant on. All fields are needed. A rate is used for sales from its
/// instant on, for 31 days or until the next one; the inverse of a rate is not derived from it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ExchangeRateInput {
    /// ISO 4217: the sale's currency.
    pub base: String,
    /// ISO 4217: the program's currency.
    pub quote: String,
    /// Units of `quote` for one unit of `base`: decimal text above 0 with at most twelve decimals, such as `"1.0825"`.
    pub rate: String,
    /// Who says so. At most 100 characters.
    pub source: String,
    /// From when it is: RFC 3339 text, or a date, which is its first instant in UTC.
    pub at: String,
}

/// A rate that was loaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ExchangeRate {
    /// For `startingAfter`.
    pub id: String,
    /// ISO 4217, lower case.
    pub base: String,
    /// ISO 4217, lower case.
    pub quote: String,
    /// Units of `quote` for one unit of `base`, decimal text.
    pub rate: String,
    /// Who says so.
    pub source: String,
    /// From when it is.
    pub at: String,
}

/// What became of the rates that were sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ExchangeRatesOutput {
    /// How many are new.
    pub stored: usize,
    /// How many were known.
    pub known: usize,
    /// How many sales that waited are counted now.
    pub resumed: usize,
}
