//! What the widget shows of what a partner has reached besides money.

use serde::{Deserialize, Serialize};

/// A partner's points, and what they are good for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct EmbedPoints {
    /// What can be redeemed.
    pub available: i64,
    /// What is held, and can be redeemed once its hold has ended.
    pub held: i64,
    /// What was taken back after it was redeemed: what comes in next covers it.
    pub owed: i64,
    /// How many points expire next.
    pub expiring: i64,
    /// From when on those are gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
    /// How the partner stands; none where the program has no levels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<EmbedLevel>,
    /// The catalogue, in its order.
    pub articles: Vec<EmbedArticle>,
    /// What the partner has completed, the latest first; at most 20.
    pub completed: Vec<EmbedCompleted>,
    /// Where to redeem, on our own origin, to be opened in a tab.
    pub url: String,
}

/// How a partner stands by points earned.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct EmbedLevel {
    /// The level's name; none below the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether it is elite.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub elite: bool,
    /// What points are multiplied by: decimal text.
    pub times: String,
    /// The points of the current period.
    pub points: i64,
    /// The next level; none above the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// How many points are missing to it.
    pub missing: i64,
}

/// Something points can be redeemed for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct EmbedArticle {
    /// What it is called.
    pub name: String,
    /// What it costs, points.
    pub price: i64,
    /// How many points the partner lacks for it.
    pub missing: i64,
    /// How many of it the partner can still have, by the stock and by what one partner may have; null = no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<i64>,
}

/// Something a partner has completed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct EmbedCompleted {
    /// What it is called.
    pub event_name: String,
    /// Which one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub badge: Option<String>,
    /// When.
    pub at: String,
}

/// What a partner has earned of something that is settled in the product.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct EmbedProduct {
    /// `credits` or `months`.
    pub unit: String,
    /// What is held.
    pub pending: i64,
    /// What is the partner's, whether it was given already or not.
    pub earned: i64,
}
