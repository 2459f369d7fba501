//! Period settlement.

use crate::{PartnerRef, Tiers};
use serde::{Deserialize, Serialize};

/// A rule of what is paid for a whole period; with exactly one of `tiers`, `target`, `multiples`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct SettlementTerms {
    /// By which it is known through all versions: 1 to 40 lower-case letters, digits, `-` and `_`, unique in the program.
    pub key: String,
    /// What partners see. Default: the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Every `month`, `quarter` or `year` (UTC); or, once, `startsAt` and `endsAt`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// The first instant of a promotion.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<String>,
    /// The first instant after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<String>,
    /// How many days of 24 hours after a period's end it is settled: 0 to 90. Default 10. What comes later corrects it in the next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grace_days: Option<i64>,
    /// What is measured by itself: all of the `period` (default), each `line` (sale), each `customer`, each `product`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per: Option<String>,
    /// Of which amount of an order: `net` (default), `paid` or `before_discount`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
    /// Only these products, by the `product` of a sale's items; at most 100. Default: whatever was sold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub products: Vec<String>,
    /// What must be brought, by the measure, to count at all. Default 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threshold: Option<i64>,
    /// The most one partner gets for a period, minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cap: Option<i64>,
    /// By what was brought; without `period`, for the rule says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tiers: Option<Tiers>,
    /// By how much of a target was brought.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<TargetTerms>,
    /// Monthly recurring revenue (`metadata.mrr` of a sale, minor units) so many times, by the term (`metadata.termMonths`) and the
    /// number of deals; the highest that is reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub multiples: Option<Vec<MultipleTerms>>,
    /// The part of what is earned that goes into a fund of the partner's, in the place of cash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coop: Option<CoopTerms>,
}

/// The part of what a period earns that goes into a fund.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct CoopTerms {
    /// Which part, percent: decimal text.
    pub percentage: String,
    /// The name of the fund: one of the program's with `scope` `partner`.
    pub fund: String,
    /// A part of less than this is paid as cash, minor units. Default 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least: Option<i64>,
}

/// A target of each partner's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct TargetTerms {
    /// The mean of so many periods before: 1 to 12. Default 4.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub periods: Option<i64>,
    /// And so many percent more: decimal text, to "100". Default "0".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plus: Option<String>,
    /// At least so much, minor units. Default 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub floor: Option<i64>,
    /// At most so much, minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cap: Option<i64>,
    /// `marginal` or `retroactive`.
    pub mode: String,
    /// From which part of the target on what is paid: 1 to 20, rising. One above 100 percent is an accelerator.
    pub steps: Vec<AttainmentTerms>,
}

/// A step of a target.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct AttainmentTerms {
    /// Whole percent of the target: 0 to 1,000.
    pub from: i64,
    /// What is paid of what was brought: decimal text.
    pub percentage: String,
}

/// A row of multiples.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct MultipleTerms {
    /// With a term of at least so many months: 0 to 240. Default 0.
    pub months: i64,
    /// Where there were at least so many deals: 1 to 1,000,000. Default 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deals: Option<i64>,
    /// How many times: decimal text above "0", to "100".
    pub times: String,
}

/// A period to settle.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct SettlementInput {
    /// Default: the default program.
    pub program_id: Option<String>,
    /// The key of a rule.
    pub rule: Option<String>,
    /// Any day of the period, as in `2026-03-31`.
    pub day: Option<String>,
}

/// A period that was settled, or, without an id, what settling it now would post.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Settlement {
    /// `stl_…`; empty in a preview.
    pub id: String,
    /// The program.
    pub program_id: String,
    /// The rule's key.
    pub rule: String,
    /// What it is called.
    pub name: String,
    /// The period's first instant.
    pub starts_at: String,
    /// The first after it.
    pub ends_at: String,
    /// From when on it is settled by itself: its end, and the rule's days of grace.
    pub settles_at: String,
    /// When it was settled.
    pub settled_at: Option<String>,
    /// By whom: `goodword`, or who spoke for the vendor.
    pub by: String,
    /// The version of the terms it goes by.
    pub version: i64,
    /// ISO 4217, lower case.
    pub currency: String,
    /// What it posts in all as cash, minor units.
    pub total: i64,
    /// What it puts into the rule's fund in all, minor units.
    pub coop_total: i64,
    /// What it posts, partner by partner; of an earlier period what corrects it.
    pub lines: Vec<SettlementLine>,
}

/// What a settlement posts to a partner.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct SettlementLine {
    /// To whom.
    pub partner: PartnerRef,
    /// For which period: its first instant.
    pub starts_at: String,
    /// The first instant after it.
    pub ends_at: String,
    /// Whether it corrects an earlier period.
    pub corrects: bool,
    /// What was brought: minor units where the rule measures amounts, else units or deals.
    pub measured: i64,
    /// The target, minor units.
    pub target: Option<i64>,
    /// What that period earns as it is known now, minor units.
    pub earned: i64,
    /// What is posted as cash, minor units: negative where something is taken back.
    pub amount: i64,
    /// What is put into the rule's fund, or taken out of it, minor units.
    pub coop: i64,
    /// The commission: one for all lines of a partner; none where nothing is posted in all.
    pub commission_id: Option<String>,
}

/// How a partner's current period stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Progress {
    /// Whose.
    pub partner: PartnerRef,
    /// The rule's key.
    pub rule: String,
    /// What it is called.
    pub name: String,
    /// The period's first instant.
    pub starts_at: String,
    /// The first after it.
    pub ends_at: String,
    /// When it is settled.
    pub settles_at: String,
    /// What is measured: `amount` (minor units), `quantity` or `count`.
    pub measure: String,
    /// What was brought.
    pub measured: i64,
    /// The target, minor units.
    pub target: Option<i64>,
    /// What that earns so far, minor units.
    pub earned: i64,
    /// The part of that which goes into a fund, minor units.
    pub coop: i64,
    /// ISO 4217, lower case.
    pub currency: String,
    /// Decimal digits of the minor unit.
    pub exponent: u32,
    /// The next step, if there is one.
    pub next: Option<ProgressNext>,
    /// The distance in a sentence: `340.00 more by 31 March unlocks 600.00`; empty where nothing is next.
    pub says: String,
}

/// The next step of a period.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ProgressNext {
    /// Where it begins.
    pub from: i64,
    /// How much is missing.
    pub missing: i64,
    /// What all of the period earns then, minor units.
    pub unlocks: i64,
    /// The last day for it, as in `2026-03-31`.
    pub by: String,
}
