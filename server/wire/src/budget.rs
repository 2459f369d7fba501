//! What a program sets aside for its commissions.

use serde::{Deserialize, Serialize};

/// A change of a program's budget.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct BudgetInput {
    /// Minor units of the program's currency, up to 10¹²: set aside, or taken away again where it is negative.
    pub amount: Option<i64>,
    /// The program's currency (default), or `points`: then `amount` is points.
    pub currency: Option<String>,
    /// Why. At most 500 characters.
    pub note: Option<String>,
}

/// A change that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct BudgetChange {
    /// `bud_…`; the cause of a transfer in the ledger.
    pub id: String,
    /// Minor units: set aside, or taken away where it is negative.
    pub amount: i64,
    /// ISO 4217, lower case.
    pub currency: String,
    /// Why; empty if nobody said.
    pub note: String,
    /// Who: a person's e-mail address, or `API key`.
    pub by: String,
    /// When.
    pub at: String,
}

/// A program's budget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Budget {
    /// The program.
    pub program_id: String,
    /// Whether the program's commissions are taken from it.
    pub budgeted: bool,
    /// ISO 4217, lower case.
    pub currency: String,
    /// What was set aside and not taken away again, minor units.
    pub set_aside: i64,
    /// What commissions took of that, less what refunds brought back.
    pub spent: i64,
    /// What is left. Negative only where a dispute that was won, or a review, gave back more than was left.
    pub left: i64,
    /// The changes, newest first.
    pub changes: Vec<BudgetChange>,
}
