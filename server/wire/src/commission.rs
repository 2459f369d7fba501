//! Commissions.

use crate::{Customer, PartnerRef};
use serde::{Deserialize, Serialize};

/// An amount credited to one partner for one event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Commission {
    /// `com_…`.
    pub id: String,
    /// `click`, `lead` (or a custom event) or `sale`; `correction` for what changes one that was sent; `bonus` for one given by hand; `fund_claim` for a claim on a fund.
    #[serde(rename = "type")]
    pub kind: String,
    /// `pending` (held), `processed` (payable), `paid`, `refunded`, `canceled`, `hold` (in review), `fraud` (rejected in review) or
    /// `needs_rate` (waiting for an exchange rate).
    pub status: String,
    /// Why the status is what it is: `in_hold`, `hold_ended`, `paid_out`, `refunded_in_full`, `voided`, `in_review`,
    /// `rejected_in_review`, `no_exchange_rate`.
    pub reason: String,
    /// The amount of the event it was earned on, minor units of the sale's currency; 0 for a lead.
    pub amount: i64,
    /// What the partner gets, minor units, refunds already taken back; negative for a correction that takes back what was paid.
    pub earnings: i64,
    /// What the partner was first credited, minor units.
    pub earnings_at_first: i64,
    /// ISO 4217, lower case; or `points`.
    pub currency: String,
    /// How the figure came about, in words and numbers: `20% of 78.00 USD = 15.60 USD`.
    pub arithmetic: String,
    /// Who gets it.
    pub partner: PartnerRef,
    /// The program.
    pub program_id: String,
    /// The sale, where it was one.
    pub sale_id: Option<String>,
    /// The commission it corrects, where it is a correction.
    pub corrects: Option<String>,
    /// The reward it was earned by.
    pub reward_id: Option<String>,
    /// The payout it is part of.
    pub payout_id: Option<String>,
    /// What was said with it, where it was given or voided by hand.
    pub note: Option<String>,
    /// What the event is called, where it was a lead or a custom event.
    pub event_name: Option<String>,
    /// The invoice, where it was a sale with one.
    pub invoice_id: Option<String>,
    /// When the event happened.
    pub created_at: String,
    /// When the hold ends and the commission becomes payable.
    pub clears_at: String,
    /// The buyer; left out of what a partner sees.
    pub customer: Option<Customer>,
}
