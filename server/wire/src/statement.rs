//! What a partner's accounts say about a month.

use crate::PartnerRef;
use serde::{Deserialize, Serialize};

/// A partner's statement of a month in a program. A line belongs to the month in which its event happened, in UTC, so an event
/// that is told late is in the month it happened in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Statement {
    /// Whose.
    pub partner: PartnerRef,
    /// The program.
    pub program_id: String,
    /// Its name.
    pub program_name: String,
    /// As in `2026-11`.
    pub month: String,
    /// Its first instant.
    pub from: String,
    /// The first instant after it.
    pub to: String,
    /// A part for each currency, and for points, in which anything was held, or moved.
    pub currencies: Vec<CurrencyStatement>,
}

/// The part of a statement that is in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CurrencyStatement {
    /// ISO 4217, lower case; or `points`.
    pub currency: String,
    /// Decimal digits of its minor unit.
    pub exponent: u32,
    /// What the accounts held when the month began.
    pub opening: StatementBalances,
    /// What moved, in order.
    pub lines: Vec<StatementLine>,
    /// What they hold when it ends.
    pub closing: StatementBalances,
}

/// What a partner's accounts hold, minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct StatementBalances {
    /// Earned and not cleared yet.
    pub held: i64,
    /// Cleared, to be paid.
    pub payable: i64,
    /// Owed by the partner, as a negative amount; the next payout nets it off.
    pub clawback: i64,
    /// On its way.
    pub sent: i64,
    /// Paid, ever.
    pub paid: i64,
}

/// One movement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct StatementLine {
    /// When.
    pub at: String,
    /// `credited`, `cleared`, `taken_back` (a refund or a dispute), `restored`, `voided`, `netted`, `sent`, `paid` or `returned`.
    pub what: String,
    /// Minor units, at least 1.
    pub amount: i64,
    /// From which of the partner's accounts; null where it came from the program.
    pub from: Option<String>,
    /// Into which of them; null where it went back to the program.
    pub to: Option<String>,
    /// What caused it: a commission (`com_…`) or a payout (`po_…`).
    pub cause: String,
    /// The transfer in the ledger, `trf_…`.
    pub transfer_id: String,
    /// What the accounts hold after it.
    pub balances: StatementBalances,
}
