//! Signals, and the reviews they ask for.

use crate::{Commission, Signal};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A rule that looks for something suspicious.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SignalRule {
    /// Its name, as in a program's `signals`.
    pub rule: String,
    /// What it means, in a sentence.
    pub explanation: String,
    /// What it does in a program that says nothing: `off`, `hold` or `block`.
    pub action: String,
    /// How long it stays cleared: `event`, or `customer`: for every event of that customer with that partner.
    pub scope: String,
    /// Its figures.
    pub settings: Vec<SignalSetting>,
}

/// A figure of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SignalSetting {
    /// Its name within the rule.
    pub name: String,
    /// What it is in a program that says nothing.
    pub default: i64,
    /// The least it can be.
    pub least: i64,
    /// The most it can be.
    pub most: i64,
}

/// Every rule there is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SignalRules {
    /// The rules, in the order in which they are shown.
    pub rules: Vec<SignalRule>,
    /// The names of the lists of sites a program can keep.
    pub lists: Vec<String>,
    /// The settings of a program that says nothing, as a program's `signals` tells them.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub defaults: Value,
}

/// A commission that signals speak against.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Review {
    /// That of the commission: `com_…`.
    pub id: String,
    /// `waiting`, `cleared` or `rejected`.
    pub status: String,
    /// What speaks against it, each with what the rule means.
    pub signals: Vec<ExplainedSignal>,
    /// The commission as it is now, with the buyer.
    pub commission: Commission,
    /// `lead` or `sale`.
    pub event: String,
    /// `led_…` or `sal_…`.
    pub event_id: String,
    /// When it was opened.
    pub opened_at: String,
    /// When somebody decided.
    pub decided_at: Option<String>,
    /// Who decided: a person of the console, or an API key by its beginning and end.
    pub decided_by: Option<String>,
    /// What was said with the decision.
    pub note: Option<String>,
}

/// A signal with what its rule means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ExplainedSignal {
    /// What was found.
    #[serde(flatten)]
    pub signal: Signal,
    /// What the rule means, in a sentence.
    pub explanation: String,
}

/// What is decided about commissions in review.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ReviewDecisionInput {
    /// The commissions, `com_…`: 1 to 100.
    pub ids: Vec<String>,
    /// `cleared`: they are like any other from now on; or `rejected`: the partner gets nothing for them.
    pub decision: Option<String>,
    /// Why, at most 500 characters.
    pub note: Option<String>,
}

/// What became of one of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ReviewDecision {
    /// `com_…`.
    pub id: String,
    /// `decided`; `unchanged`: the same was decided before; or `refused`.
    pub result: String,
    /// Why it was refused.
    pub message: Option<String>,
    /// The review as it is now; null where there is none.
    pub review: Option<Review>,
}

/// A commission to cancel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct CancelInput {
    /// Why, at most 500 characters; the partner reads it.
    pub note: Option<String>,
}

/// A commission given by hand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct BonusInput {
    /// Who gets it.
    pub partner_id: Option<String>,
    /// In which program. Default: the vendor's default program.
    pub program_id: Option<String>,
    /// How much: minor units, or points; at least 1.
    pub amount: Option<i64>,
    /// The program's currency (default) or `points`.
    pub currency: Option<String>,
    /// What for, at most 500 characters; the partner reads it.
    pub note: Option<String>,
    /// `custom`, as public SDKs say; then the answer is 202.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// `note` under the name that public SDKs have for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// When it was earned. Default: now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
}

/// The answer to a bonus of a `type`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct BonusReceipt {
    /// True.
    pub success: bool,
    /// A sentence for a person.
    pub message: String,
    /// The commission.
    pub commission: Commission,
}
