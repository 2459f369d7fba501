//! Payouts: what is due, batches, and how partners are paid.

use crate::{PartnerRef, TaxSettings};
use serde::{Deserialize, Serialize};

/// How a partner is paid. Each method has its details; those of others are refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct PayoutMethod {
    /// `paypal`, `wise`, `sepa`, `gift_card`, `credit_note` or `manual`. Null while nobody has said.
    pub method: Option<String>,
    /// For `paypal`, `wise` and `gift_card`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// For `sepa`, and for `wise` with an account: whose it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holder: Option<String>,
    /// For `sepa`, and for `wise` with an account. A partner's page shows the last four characters alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iban: Option<String>,
    /// For `sepa`, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bic: Option<String>,
    /// For `credit_note`: to whom it is made out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// For `credit_note`: the postal address in lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// For `credit_note`, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_id: Option<String>,
}

/// Whether a partner's payouts are held back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct PayoutHold {
    /// Whether they are.
    pub on_hold: bool,
    /// Why, for the vendor's own people. At most 255 characters.
    pub reason: Option<String>,
}

/// Who approves payouts, and what files say of whoever pays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct PayoutSettings {
    /// `none` (default: anybody may approve), or `second_person`: a person in the console other than the one who created the
    /// batch.
    pub approval: Option<String>,
    /// The account that a bank pays from; needed for SEPA files.
    pub sepa: Option<SepaPayer>,
    /// What gift cards are paid from; needed for Tremendous files.
    pub tremendous: Option<TremendousPayer>,
    /// Who issues credit notes, besides the vendor's name.
    pub credit_note: Option<CreditNoteIssuer>,
    /// What you want of partners' taxes.
    pub tax: Option<TaxSettings>,
}

/// The account that a bank pays from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct SepaPayer {
    /// Whose it is.
    pub name: String,
    /// The account, in the SEPA area.
    pub iban: String,
    /// The bank, if known.
    pub bic: Option<String>,
}

/// What gift cards are paid from, and what they can be spent on: a campaign, or products.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct TremendousPayer {
    /// The funding source's id at Tremendous. Default `balance`.
    pub funding_source: Option<String>,
    /// A campaign's id at Tremendous.
    pub campaign_id: Option<String>,
    /// The ids of products at Tremendous, where there is no campaign.
    pub products: Option<Vec<String>>,
}

/// Who issues credit notes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct CreditNoteIssuer {
    /// The postal address in lines.
    pub address: String,
    /// The number the vendor is taxed under.
    pub tax_id: Option<String>,
}

/// What every partner of a program is due now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct DueList {
    /// The program.
    pub program_id: String,
    /// ISO 4217, lower case. Points are not paid out in money.
    pub currency: String,
    /// The least that is paid out, minor units.
    pub minimum: i64,
    /// What a batch would pay now, minor units.
    pub amount: i64,
    /// How many partners it would pay.
    pub eligible: i64,
    /// Everybody with cleared commissions in no payout.
    pub partners: Vec<DuePartner>,
}

/// What a partner is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct DuePartner {
    /// Who.
    pub partner: PartnerRef,
    /// What is due, minor units: `earned` less `owed`; negative where more was taken back than earned since.
    pub amount: i64,
    /// What was earned, minor units.
    pub earned: i64,
    /// What was taken back after it was paid, minor units.
    pub owed: i64,
    /// How many commissions.
    pub commissions: i64,
    /// When the earliest of them was earned.
    pub period_start: String,
    /// When the latest was.
    pub period_end: String,
    /// The method of payment; null while nobody has said.
    pub method: Option<String>,
    /// Whether a batch would pay it.
    pub eligible: bool,
    /// Why not: `on_hold`, `negative_balance`, `nothing_due`, `below_minimum`, `no_method` or `tax_incomplete`; what is due is carried forward.
    pub reason: Option<String>,
    /// The fields of the partner's taxes that are missing, where you require them.
    #[serde(default)]
    pub missing: Vec<String>,
}

/// A batch to create.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct PayoutBatchInput {
    /// The program. Default: the vendor's default program.
    pub program_id: Option<String>,
    /// The program's currency (default), or what is settled in the product: `credits` or `months`.
    pub currency: Option<String>,
    /// Only these partners; each must be eligible. Default: everybody who is.
    pub partner_ids: Option<Vec<String>>,
    /// Another minimum than the program's, minor units.
    pub minimum: Option<i64>,
    /// What makes this request the same when it is sent again; needed, unless there is an `Idempotency-Key` header.
    pub batch_key: Option<String>,
}

/// Payouts that go out together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PayoutBatch {
    /// `bat_…`.
    pub id: String,
    /// The program.
    pub program_id: String,
    /// ISO 4217, lower case; of every payout.
    pub currency: String,
    /// `draft`, `approved` or `canceled`.
    pub status: String,
    /// What was the least to be paid, minor units.
    pub minimum: i64,
    /// The sum of its payouts, minor units.
    pub amount: i64,
    /// How many payouts.
    pub payouts: i64,
    /// The same by method and status; `GET /v1/payouts?batchId=` lists the payouts.
    pub parts: Vec<PayoutBatchPart>,
    /// Who created it: a person's name or an API key.
    pub created_by: String,
    /// When.
    pub created_at: String,
    /// Who approved or canceled it.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<String>,
}

/// The payouts of a batch that have one method and stand alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PayoutBatchPart {
    /// The method of payment.
    pub method: String,
    /// As of a payout.
    pub status: String,
    /// How many.
    pub payouts: i64,
    /// Their sum, minor units.
    pub amount: i64,
}

/// A payout to one partner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Payout {
    /// `po_…`.
    pub id: String,
    /// The batch.
    pub batch_id: String,
    /// The program.
    pub program_id: String,
    /// Who is paid.
    pub partner: PartnerRef,
    /// How much, minor units.
    pub amount: i64,
    /// ISO 4217, lower case.
    pub currency: String,
    /// What the partner owed and this payout set off, minor units.
    pub netted: i64,
    /// `pending` (its batch is not approved), `processing` (approved), `completed`, `failed`, `returned` or `canceled`.
    pub status: String,
    /// The method of payment when it was made.
    pub method: String,
    /// How many commissions it was made of.
    pub commissions: i64,
    /// When the earliest of them was earned.
    pub period_start: String,
    /// When the latest was.
    pub period_end: String,
    /// When it was made.
    pub created_at: String,
    /// When its batch was approved.
    pub initiated_at: Option<String>,
    /// When it was marked paid.
    pub paid_at: Option<String>,
    /// When it was marked failed or returned, or its batch was canceled.
    pub ended_at: Option<String>,
    /// What was said when it was marked.
    pub note: Option<String>,
}

/// What became of payouts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct MarkInput {
    /// Their ids, or their references as banks and providers send them back; 1 to 1,000. All are marked, or none.
    pub payouts: Option<Vec<String>>,
    /// `paid`, `failed` or `returned`.
    pub status: Option<String>,
    /// What is to be remembered with it. At most 500 characters.
    pub note: Option<String>,
}

/// A payout as its partner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct EmbedPayout {
    /// `po_…`.
    pub id: String,
    /// Minor units.
    pub amount: i64,
    /// `processing`, `completed`, `failed` or `returned`.
    pub status: String,
    /// The method of payment.
    pub method: String,
    /// When it was made.
    pub created_at: String,
    /// When it was paid.
    pub paid_at: Option<String>,
}
