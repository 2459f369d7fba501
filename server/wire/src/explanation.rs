//! Why something was credited as it was.

use crate::{Commission, Customer, PartnerRef, Touchpoint, Windows};
use serde::{Deserialize, Serialize};

/// A reward, and whether it applied to an event for a partner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RewardFit {
    /// Whose commission it would be.
    pub partner_id: String,
    /// `rwd_…`.
    pub reward_id: String,
    /// What the vendor calls it.
    pub name: Option<String>,
    /// What it rewards.
    pub event: String,
    /// `applies`, `earlier_reward_applies`, `other_event`, `not_started`, `ended`, `other_group`, `duration_over`,
    /// `condition_not_met`.
    pub fit: String,
}

/// Something suspicious about an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Signal {
    /// Which rule.
    pub rule: String,
    /// `hold` or `block`.
    pub action: String,
    /// What it saw, with the figures.
    pub why: String,
}

/// What decided besides the touchpoints.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Grounds {
    /// The version of the program's terms that was in force.
    pub program_version: i64,
    /// How credit was given among touchpoints.
    pub attribution_model: String,
    /// How long touchpoints counted.
    pub attribution_windows: Windows,
    /// Every reward, and whether it applied.
    pub rewards: Vec<RewardFit>,
    /// What was suspicious.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub signals: Vec<Signal>,
}

/// Why a lead, a sale, a visit or a bonus was credited as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// `led_…` or `sal_…`; of a visit its `clk_…`, of a bonus its `com_…`.
    pub id: String,
    /// `lead`, `sale`, `click` or `bonus`.
    pub event: String,
    /// The program.
    pub program_id: String,
    /// When it happened.
    pub at: String,
    /// What was paid, minor units; 0 where it was no sale.
    pub amount: i64,
    /// Minor units given back or in dispute.
    pub gone: i64,
    /// ISO 4217, lower case.
    pub currency: String,
    /// Whether anybody is credited.
    pub credited: bool,
    /// Why, in one word.
    pub reason: String,
    /// Why, in a sentence.
    pub says: String,
    /// Everything that was considered, in order, each with why it counted or not.
    pub touchpoints: Vec<ExplainedTouchpoint>,
    /// What decided besides.
    pub grounds: Grounds,
    /// Every reward with why it applied or not, in sentences.
    pub rewards: Vec<ExplainedReward>,
    /// What was earned, with the arithmetic and the dates.
    pub commissions: Vec<ExplainedCommission>,
    /// What happened to it since, oldest first.
    pub history: Vec<Happening>,
}

/// Why a lead, a sale, a visit or a bonus was credited as it was, as far as it is one partner's business: nothing about the buyer, and no other
/// partner's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct OwnExplanation {
    /// `led_…` or `sal_…`; of a visit its `clk_…`, of a bonus its `com_…`.
    pub id: String,
    /// `lead`, `sale`, `click` or `bonus`.
    pub event: String,
    /// The program.
    pub program_id: String,
    /// When it happened.
    pub at: String,
    /// Whether this partner shares in the credit.
    pub credited: bool,
    /// Why it was credited as it was, in one word.
    pub reason: String,
    /// Why, in a sentence.
    pub says: String,
    /// How credit was given among touchpoints.
    pub attribution_model: String,
    /// How long touchpoints counted.
    pub attribution_windows: Windows,
    /// The partner's own touchpoints, in order, each with why it counted or not.
    pub touchpoints: Vec<ExplainedTouchpoint>,
    /// The others, in order, a sentence each, without names.
    pub others: Vec<String>,
    /// Every reward with why it applied to this partner or not.
    pub rewards: Vec<ExplainedReward>,
    /// What this partner earned, with the arithmetic and the dates.
    pub commissions: Vec<ExplainedCommission>,
    /// What happened to it since, oldest first.
    pub history: Vec<Happening>,
}

/// A commission in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ExplainedCommission {
    /// The commission. `createdAt` is when it was earned, `clearsAt` when its hold ends.
    #[serde(flatten)]
    pub commission: Commission,
    /// From when on it can be paid: with the first payout after that in which the program's least amount is reached. Null where it
    /// is not to be paid.
    pub pays_from: Option<String>,
    /// When it was paid; null where it was not yet.
    pub paid_at: Option<String>,
    /// Who gets what, how that was computed, and when it is paid.
    pub says: String,
}

/// Something that happened to an event after it was reported.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Happening {
    /// When.
    pub at: String,
    /// What, in a sentence.
    pub says: String,
    /// What, in a word: `recorded`, `completed`, `given`, `refunded`, `dispute_opened`, `dispute_won`, `dispute_lost`; of money that
    /// moved `hold`, `release`, `take_back`, `restore`, `void`, `send`, `pay`, `return`, `net`, `import`, `reimburse`.
    pub what: String,
    /// How much, minor units, where it is about an amount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
    /// The unit of `amount`: ISO 4217, lower case, or what else commissions are counted in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// The payout it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payout_id: Option<String>,
    /// Whose money moved, as the reader may know him or her.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner: Option<String>,
}

/// A sale in a list, with why it was credited or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SaleSummary {
    /// `sal_…`.
    pub id: String,
    /// The program.
    pub program_id: String,
    /// When it happened.
    pub at: String,
    /// What was paid, minor units.
    pub amount: i64,
    /// Minor units given back or in dispute.
    pub gone: i64,
    /// ISO 4217, lower case.
    pub currency: String,
    /// Where it was paid.
    pub payment_processor: String,
    /// The invoice number, if it has one.
    pub invoice_id: Option<String>,
    /// The buyer.
    pub customer: Option<Customer>,
    /// The partner with the largest part of the credit.
    pub partner: Option<PartnerRef>,
    /// Whether anybody is credited.
    pub credited: bool,
    /// Why, in one word; see `GET /v1/sales/{id}/explanation` for all of it.
    pub reason: String,
}

/// A touchpoint with its verdict in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ExplainedTouchpoint {
    /// The touchpoint.
    #[serde(flatten)]
    pub touchpoint: Touchpoint,
    /// Its share of the credit, decimal text in percent; null where it has none.
    pub share: Option<String>,
    /// The code of the link, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Why it counted or not, in a sentence.
    pub says: String,
}

/// A reward with its fit in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ExplainedReward {
    /// The reward and its fit.
    #[serde(flatten)]
    pub fit: RewardFit,
    /// Why it applied or not, in a sentence.
    pub says: String,
}
