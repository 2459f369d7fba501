//! The ledger, read only.

use serde::{Deserialize, Serialize};

/// An account and its balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// `acc_…`.
    pub id: String,
    /// `expense`, `budget`, `held`, `payable`, `sent`, `paid` or `clawback`.
    pub kind: String,
    /// The partner it belongs to; null for the program's own.
    pub partner_id: Option<String>,
    /// The program.
    pub program_id: String,
    /// ISO 4217, lower case; or `points`.
    pub currency: String,
    /// Sum of transfers in, minor units.
    pub credits: i64,
    /// Sum of transfers out, minor units.
    pub debits: i64,
    /// `credits − debits`.
    pub balance: i64,
}

/// One positive amount moved from one account to another; never changed, never deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Transfer {
    /// `trf_…`.
    pub id: String,
    /// The account it was taken from.
    pub debit_account: String,
    /// The account it was added to.
    pub credit_account: String,
    /// Minor units, at least 1.
    pub amount: i64,
    /// ISO 4217, lower case; or `points`.
    pub currency: String,
    /// `hold`, `release`, `take_back`, `restore`, `void`, `net`, `send`, `pay`, `return`, `allocate` or `withdraw`.
    pub kind: String,
    /// The id of what caused it: a commission, a payout, a change of budget.
    pub cause: String,
    /// The commission, where it was one.
    pub commission_id: Option<String>,
    /// Its place in the program's chain, counted from 1.
    pub place: i64,
    /// SHA-256, in hexadecimal, over the hash of the one before it and its own content; see the API guide.
    pub hash: String,
    /// When.
    pub at: String,
}

/// All accounts of a vendor, with the proof that they balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Ledger {
    /// The accounts.
    pub accounts: Vec<Account>,
    /// Sum of all debits, minor units, over every currency.
    pub total_debits: i64,
    /// Sum of all credits; equal to the debits or something is broken.
    pub total_credits: i64,
}
