//! What happened in a program, told so that it can be decided anew by other terms.

use serde::{Deserialize, Serialize};

/// A part of a program's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct History {
    /// Whoever may be credited; told with the first part alone.
    pub partners: Vec<HistoryPartner>,
    /// In the order of their reports.
    pub events: Vec<HistoryEvent>,
    /// From where the next part begins, milliseconds since 1970; null with the last.
    pub next: Option<i64>,
}

/// Somebody who may be credited, and what was in fact earned in the range asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct HistoryPartner {
    /// `ptn_…`.
    pub id: String,
    /// The name.
    pub name: String,
    /// The group; null for whom is not enrolled.
    pub group_id: Option<String>,
    /// Its name.
    pub group: Option<String>,
    /// Whether he or she may be credited now.
    pub approved: bool,
    /// What was in fact earned on leads, sales and completions, minor units.
    pub earned: i64,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct HistoryEvent {
    /// Milliseconds since 1970.
    pub at: i64,
    /// What.
    pub happened: HistoryHappened,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub enum HistoryHappened {
    /// A sign-up or another event.
    Lead(HistoryLead),
    /// A payment.
    Sale(HistorySale),
    /// Something of a sale was given back or is disputed, or no longer.
    Gone(HistoryGone),
    /// A partner has completed something.
    Completion(HistoryCompletion),
    /// Something was set aside, or taken away again.
    Budget(HistoryBudget),
}

/// A touchpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct HistoryTouch {
    /// `click`, `form`, `code`, `registration` or `manual`.
    pub kind: String,
    /// Whose.
    pub partner_id: String,
    /// By which link.
    pub link_id: String,
    /// When, milliseconds since 1970.
    pub at: i64,
    /// Until when a registered deal is protected, milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
    /// What keeps it from counting whatever the terms say, as its verdict is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bar: Option<String>,
    /// The weight it has, where the vendor named it.
    #[serde(default)]
    pub weight: u64,
}

/// A sign-up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct HistoryLead {
    /// `cus_…`.
    pub customer_id: String,
    /// What it is called.
    pub event_name: String,
    /// Every touchpoint that was considered.
    pub touches: Vec<HistoryTouch>,
    /// Names and values as text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metadata: Vec<(String, String)>,
}

/// Something a partner has completed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct HistoryCompletion {
    /// Who, `ptn_…`.
    pub partner_id: String,
    /// What it is called.
    pub event_name: String,
    /// Names and values as text, the badge among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metadata: Vec<(String, String)>,
}

/// Something is set aside for what is earned, or taken away again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct HistoryBudget {
    /// How much more, minor units or points; negative for what is taken away.
    pub amount: i64,
    /// The program's currency, or `points`.
    pub currency: String,
}

/// A payment; amounts are minor units of the currency it was made in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct HistorySale {
    /// A number that tells it from others.
    pub sale: u64,
    /// `cus_…`.
    pub customer_id: Option<String>,
    /// Every touchpoint that was considered.
    pub touches: Vec<HistoryTouch>,
    /// Whom the vendor named.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub named: Vec<HistoryTouch>,
    /// What the customer paid.
    pub paid: i64,
    /// The part of it that is tax.
    pub tax: i64,
    /// The part of it that is shipping.
    pub shipping: i64,
    /// What was taken off before.
    pub discount: i64,
    /// The articles.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<HistoryItem>,
    /// The rate; null where it was paid in the program's currency.
    pub rate: Option<HistoryRate>,
    /// Two letters.
    pub country: Option<String>,
    /// Names and values as text.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub metadata: Vec<(String, String)>,
}

/// An article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct HistoryItem {
    /// Which product.
    pub product: Option<String>,
    /// Which plan.
    pub plan: Option<String>,
    /// How many.
    pub quantity: i64,
    /// Minor units for all of them.
    pub amount: i64,
}

/// Something of a sale is gone, or back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct HistoryGone {
    /// The sale's number.
    pub sale: u64,
    /// How much more is gone, minor units; negative for what has come back.
    pub change: i64,
}

/// A rate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct HistoryRate {
    /// Decimal text; null while nobody has said it.
    pub rate: Option<String>,
    /// Of this currency.
    pub from: String,
    /// In this one.
    pub to: String,
}
