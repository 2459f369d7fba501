//! Rewards as documents: what the API takes and gives, what the console edits, what a program file holds.

use crate::Customer;
use serde::{Deserialize, Serialize};

/// A rule that turns an event into a commission.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Reward {
    /// `rwd_…`. Given back to us with a change, it says that this is the same rule; caps and tiers then go on counting.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What you call it. At most 100 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `click`, `lead`, `sale`, `renewal` (a sale to somebody who has paid before) or `custom`.
    pub event: String,
    /// For `custom`: the name under which the event is reported to `/v1/track/lead`, or to `/v1/completions`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_name: Option<String>,
    /// `flat`, `percentage` or `tiers`.
    #[serde(rename = "type")]
    pub kind: String,
    /// For `flat`: minor units of the program's currency, or points; 0 to 1,000,000,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
    /// For `percentage`: decimal text, `"0"` to `"100"`, at most four decimals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percentage: Option<String>,
    /// For `tiers`: the rates by how much the partner brings in a period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tiers: Option<Tiers>,
    /// `money` (default), `points`, or what is settled in the product: `credits` or `months`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// What a percentage is taken of: `net` (default: after discount, before tax and shipping), `paid` or `before_discount`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
    /// What a flat amount is paid for: `event` (default), `unit` of the quantity, or each whole `amount` of `perAmount`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per: Option<String>,
    /// With `per = "amount"`: for how much of `basis` a flat amount is paid, minor units of the program's currency; what is less than
    /// that earns nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_amount: Option<i64>,
    /// Calendar months from the customer's first commissioned sale in which sales still earn; 0 = the first sale only, null = for ever.
    pub max_duration: Option<i64>,
    /// From when on it applies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<String>,
    /// Until when, not including.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<String>,
    /// Only for partners in this group; null = all.
    pub group_id: Option<String>,
    /// The same by the group's name, in place of `groupId`. Program files name groups so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// What must be so. With comparisons of `product`, `plan` or `quantity` it is paid on the matching articles alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// The most it pays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caps: Option<Caps>,
    /// How it is shared among several partners named with a sale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub split: Option<Split>,
    /// What the person who was referred gets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referred: Option<Referred>,
}

/// A group of conditions or one comparison: exactly one of `all`, `any`, `not`, `field`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Condition {
    /// All of these must be so.
    #[cfg_attr(feature = "openapi", schema(no_recursion))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub all: Option<Vec<Condition>>,
    /// At least one of these must be so.
    #[cfg_attr(feature = "openapi", schema(no_recursion))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub any: Option<Vec<Condition>>,
    /// This must not be so.
    #[cfg_attr(feature = "openapi", schema(no_recursion))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not: Option<Box<Condition>>,
    /// `product`, `plan`, `quantity`, `amount`, `country`, `customer` (`new` or `returning`), `group` (its name), `partner` (the id) or
    /// `metadata.NAME`; with exactly one of `is`, `isNot`, `atLeast`, `atMost`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// It is one of these, whatever the case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is: Option<Vec<String>>,
    /// It is none of these, or not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_not: Option<Vec<String>>,
    /// It is a number of at least this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_least: Option<i64>,
    /// It is a number of at most this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_most: Option<i64>,
}

/// Rates by how much a partner brings in a period. A boundary belongs to the higher tier.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Tiers {
    /// `marginal` (each rate for what lies within its tier), `retroactive` (the rate reached for all of the period) or
    /// `retroactive_on_growth` (the rate reached for what the period has more than the one before).
    pub mode: String,
    /// What is measured: `amount` (default), `quantity` or `count` of events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measure: Option<String>,
    /// Over what: `month`, `quarter`, `year` (UTC) or `ever` (default).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// 1 to 20 tiers, rising.
    pub steps: Vec<TierStep>,
}

/// One tier.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct TierStep {
    /// Where it begins: an amount in minor units, or the number of the first unit or event in it.
    pub from: i64,
    /// For each unit or event: minor units, or points.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
    /// Or a part of the amount: decimal text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percentage: Option<String>,
}

/// The most a reward pays, minor units or points; what is left out is not limited.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Caps {
    /// For one event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<i64>,
    /// For one customer, ever, whoever is credited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<i64>,
    /// For one partner in each period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner: Option<i64>,
    /// For all partners in each period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<i64>,
    /// The period of `partner` and `total`: `day`, `month`, `quarter`, `year` (UTC) or `ever` (default).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
}

/// How a commission is shared among several partners named with a sale (`partners`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Split {
    /// `percentage` (each partner's own, the rest for the one who has none), `role` or `position`.
    pub by: String,
    /// For `role`: the weight of each role, 1 to 1,000,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<std::collections::BTreeMap<String, u64>>,
    /// For `position`: whole percent for the first, besides its share of the rest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<u64>,
    /// For `position`: whole percent for the last, besides its share of the rest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<u64>,
}

/// What the person who was referred gets; the vendor gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Referred {
    /// `coupon`, `credit` (money), `credits` (to be spent on the product) or `months` (free months of the product).
    #[serde(rename = "type")]
    pub kind: String,
    /// For `coupon`: the code to use at the checkout.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// For `credit`: minor units of the program's currency; for `credits` how many, at least 1; for `months` 1 to 120.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
}

/// What somebody who was referred is promised, and where that stands. It goes with a partner's commission: held as long, and undone
/// by the same refunds and decisions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Gift {
    /// That of the commission: `com_…`.
    pub id: String,
    /// The program.
    pub program_id: String,
    /// Whose.
    pub customer: Option<Customer>,
    /// What.
    pub gift: Referred,
    /// The currency of a `credit`, ISO 4217, lower case.
    pub currency: String,
    /// `held`, `due` (to be given), `given`, `canceled` (what it was promised for is undone) or `to_take_back` (that was undone after
    /// it was given).
    pub status: String,
    /// When it was promised.
    pub created_at: String,
    /// When the hold ends, or has ended.
    pub due_at: String,
    /// When it was given.
    pub given_at: Option<String>,
    /// Who said so.
    pub given_by: Option<String>,
    /// What was said with it.
    pub note: Option<String>,
}

/// That a gift was given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct GiftInput {
    /// At most 1,000 characters, such as the number it has in your product.
    pub note: Option<String>,
}

/// How long each kind of touchpoint counts, in days of 24 hours: 1 to 3,650. What is left out is as long as
/// `attributionWindowDays`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Windows {
    /// Clicks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub click: Option<i64>,
    /// Forms on a partner's site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<i64>,
    /// Codes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<i64>,
    /// Registered deals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration: Option<i64>,
}
