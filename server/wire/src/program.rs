//! Programs and their rewards.

use serde::{Deserialize, Serialize};

/// A vendor's offer to its partners.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Program {
    /// `prg_…`.
    pub id: String,
    /// The name partners see.
    pub name: String,
    /// Where links lead.
    pub url: String,
    /// ISO 4217, lower case.
    pub currency: String,
    /// `last_touch` or `first_touch`.
    pub attribution_model: String,
    /// How long a touchpoint counts, in days of 24 hours: 1 to 3,650.
    pub attribution_window_days: i64,
    /// How long a commission is held, in days: 0 to 365.
    pub hold_days: i64,
    /// The least balance that is paid out, minor units.
    pub min_payout: i64,
    /// Whether who joins is approved at once.
    pub auto_approve: bool,
    /// `open` or `closed`.
    pub status: String,
    /// Whether it is the one meant when none is named.
    pub default: bool,
    /// The terms partners agree to.
    pub terms: Terms,
    /// Link parameters read besides `via`, `ref` and `gw`.
    pub link_parameters: Vec<String>,
    /// For how many days clicks are kept; 0 = for ever. Figures and explanations stay when the clicks go.
    pub click_retention_days: i64,
    /// The rewards, in order: for each event the first that applies is paid.
    pub rewards: Vec<Reward>,
    /// The groups of partners.
    pub groups: Vec<Group>,
    /// When it was made.
    pub created_at: String,
}

/// The terms partners agree to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Terms {
    /// Changes whenever the terms do. At most 40 characters.
    pub version: String,
    /// Where they can be read; empty if there is no page.
    pub url: String,
}

/// A rule that turns an event into a commission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Reward {
    /// `rwd_…`.
    pub id: String,
    /// `lead` or `sale`.
    pub event: String,
    /// `flat` or `percentage`.
    #[serde(rename = "type")]
    pub kind: String,
    /// For `flat`: minor units of the program's currency.
    pub amount: Option<i64>,
    /// For `percentage`: decimal text, `"0"` to `"100"`, at most four decimals.
    pub percentage: Option<String>,
    /// Calendar months from the customer's first commissioned sale in which sales still earn; 0 = the first sale only, null = for ever.
    pub max_duration: Option<i64>,
    /// Only for partners in this group; null = all.
    pub group_id: Option<String>,
}

/// A reward to set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct RewardInput {
    /// `lead` or `sale`.
    pub event: Option<String>,
    /// `flat` or `percentage`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// For `flat`: minor units, 0 to 1,000,000,000.
    pub amount: Option<i64>,
    /// For `percentage`: decimal text.
    pub percentage: Option<String>,
    /// Calendar months; 0 = the first sale only, null = for ever.
    pub max_duration: Option<i64>,
    /// Only for partners in this group.
    pub group_id: Option<String>,
}

/// Partners that share terms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Group {
    /// `grp_…`.
    pub id: String,
    /// The name.
    pub name: String,
    /// Whether new partners go here.
    pub default: bool,
}

/// A program to add, or what to change of one; what is left out stays, or takes its default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ProgramInput {
    /// 1 to 100 characters.
    pub name: Option<String>,
    /// Where links lead; `https:` (or `http:` on a loopback host).
    pub url: Option<String>,
    /// ISO 4217. Cannot be changed later.
    pub currency: Option<String>,
    /// `last_touch` (default) or `first_touch`.
    pub attribution_model: Option<String>,
    /// Default 60.
    pub attribution_window_days: Option<i64>,
    /// Default 30.
    pub hold_days: Option<i64>,
    /// Default: 50 units of the currency.
    pub min_payout: Option<i64>,
    /// Default true.
    pub auto_approve: Option<bool>,
    /// `open` (default) or `closed`.
    pub status: Option<String>,
    /// The terms partners agree to.
    pub terms: Option<Terms>,
    /// Link parameters read besides `via`, `ref` and `gw`.
    pub link_parameters: Option<Vec<String>>,
    /// 0 (default) = for ever; else the attribution window to 36,500 days.
    pub click_retention_days: Option<i64>,
    /// Replaces all rewards. Default: none.
    pub rewards: Option<Vec<RewardInput>>,
}

/// A group to add to a program.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct GroupInput {
    /// 1 to 100 characters, unique in the program.
    pub name: Option<String>,
}
