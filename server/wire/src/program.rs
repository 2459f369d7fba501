//! Programs and their rewards.

use crate::{
    ArticleTerms, Fund, LevelsTerms, Metadata, PointsTerms, PrizeTerms, RegistrationTerms, Reward,
    SettlementTerms, WidgetSettings, Windows,
};
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
    /// The version of its terms that is in force, counted from 1.
    pub version: i64,
    /// `last_touch`, `first_touch`, `linear`, `position_based` or `time_decay`.
    pub attribution_model: String,
    /// How long a click counts, in days of 24 hours: 1 to 3,650.
    pub attribution_window_days: i64,
    /// How long touchpoints count, by kind.
    pub attribution_windows: Windows,
    /// Whether only somebody who never bought before can be referred.
    pub new_customers_only: bool,
    /// How long a commission is held, in days: 0 to 365.
    pub hold_days: i64,
    /// The least balance that is paid out, minor units.
    pub min_payout: i64,
    /// Whether commissions are taken from what was set aside (see `/v1/programs/{id}/budget`), and end with it.
    pub budgeted: bool,
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
    /// The funds: budgets that partners draw on by request and claim.
    #[serde(default)]
    pub funds: Vec<Fund>,
    /// The rules of registrations, if the program takes any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registrations: Option<RegistrationTerms>,
    /// What is settled by periods.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settlements: Vec<SettlementTerms>,
    /// How points expire, and whether they are budgeted; none where they never expire and are not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<PointsTerms>,
    /// What points are redeemed for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub catalogue: Vec<ArticleTerms>,
    /// What partners are by their points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub levels: Option<LevelsTerms>,
    /// Points for whoever earns most in a period.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prizes: Vec<PrizeTerms>,
    /// Every setting of the signals, as in `GET /v1/signals`.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub signals: Metadata,
    /// What the widget looks like, asks and offers.
    #[serde(default)]
    pub widget: WidgetSettings,
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

/// What a program pays for and how it credits; every version of it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct TermsDocument {
    /// ISO 4217, lower case.
    pub currency: String,
    /// `last_touch`, `first_touch`, `linear`, `position_based` or `time_decay`.
    pub attribution_model: String,
    /// How long touchpoints count, by kind.
    pub attribution_windows: Windows,
    /// Whether only somebody who never bought before can be referred.
    pub new_customers_only: bool,
    /// How long a commission is held, in days: 0 to 365.
    pub hold_days: i64,
    /// The least balance that is paid out, minor units.
    pub min_payout: i64,
    /// Whether commissions are taken from what was set aside.
    pub budgeted: bool,
    /// The rewards, in order.
    pub rewards: Vec<Reward>,
    /// The funds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub funds: Vec<Fund>,
    /// The rules of registrations, if the program takes any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registrations: Option<RegistrationTerms>,
    /// What is settled by periods.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub settlements: Vec<SettlementTerms>,
    /// How points behave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points: Option<PointsTerms>,
    /// What points are redeemed for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub catalogue: Vec<ArticleTerms>,
    /// What partners are by their points.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub levels: Option<LevelsTerms>,
    /// Points for whoever earns most in a period.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub prizes: Vec<PrizeTerms>,
    /// The settings of the signals that are not as they come: `{"velocity": {"action": "hold", "perHour": 60}, "bannedSources":
    /// ["deals.example"]}`.
    #[serde(skip_serializing_if = "Metadata::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub signals: Metadata,
}

/// One version of a program's terms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ProgramVersion {
    /// Counted from 1.
    pub version: i64,
    /// From when on it is in force.
    pub since: String,
    /// What it says.
    pub terms: TermsDocument,
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

/// A program to add, or what to change of one; what is left out stays, or takes its default. A program file holds the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ProgramInput {
    /// 1 to 100 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where links lead; `https:` (or `http:` on a loopback host).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// ISO 4217. Cannot be changed later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// `last_touch` (default), `first_touch`, `linear`, `position_based` or `time_decay`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribution_model: Option<String>,
    /// For every kind of touchpoint that `attributionWindows` does not name. Default 60.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribution_window_days: Option<i64>,
    /// By kind of touchpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribution_windows: Option<Windows>,
    /// Default false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_customers_only: Option<bool>,
    /// Default 30.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hold_days: Option<i64>,
    /// Default: 50 units of the currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_payout: Option<i64>,
    /// Default false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budgeted: Option<bool>,
    /// Default true.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_approve: Option<bool>,
    /// `open` (default) or `closed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The terms partners agree to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terms: Option<Terms>,
    /// Link parameters read besides `via`, `ref` and `gw`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link_parameters: Option<Vec<String>>,
    /// 0 (default) = for ever; else the attribution window to 36,500 days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub click_retention_days: Option<i64>,
    /// The names of groups of partners, besides the default one: 1 to 100 characters each. Those that are not there yet are added;
    /// none is removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub groups: Option<Vec<String>>,
    /// Replaces all rewards. Default: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rewards: Option<Vec<Reward>>,
    /// Replaces all funds; one of the same name is the same fund. Default: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub funds: Option<Vec<Fund>>,
    /// The rules of registrations; with them the program takes registrations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registrations: Option<RegistrationTerms>,
    /// Replaces all that is settled by periods; at most 20. Default: nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settlements: Option<Vec<SettlementTerms>>,
    /// How points behave. Replaces all of it. Default: they never expire, and are not budgeted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points: Option<PointsTerms>,
    /// Replaces all that points are redeemed for; at most 100. Default: nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub catalogue: Option<Vec<ArticleTerms>>,
    /// What partners are by their points; `{}` takes levels away. Default: there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub levels: Option<LevelsTerms>,
    /// Replaces all prizes; at most 10. Default: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prizes: Option<Vec<PrizeTerms>>,
    /// Settings of the signals, by the names of `GET /v1/signals`: `{"velocity": {"action": "hold", "perHour": 60},
    /// "bannedSources": ["deals.example"]}`.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub signals: Option<Metadata>,
    /// What the widget looks like, asks and offers. Replaces all of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub widget: Option<WidgetSettings>,
}

/// A group to add to a program.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct GroupInput {
    /// 1 to 100 characters, unique in the program.
    pub name: Option<String>,
}
