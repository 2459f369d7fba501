//! Points: how they behave, what they are redeemed for, levels, prizes; and what partners have of them.

use crate::{Metadata, PartnerRef};
use serde::{Deserialize, Serialize};

/// How a program's points behave.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct PointsTerms {
    /// A lot of points expires so many days of 24 hours after they can be redeemed: 1 to 3,650. Default: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expire_days: Option<i64>,
    /// Or with the end of the `month`, `quarter` or `year` (UTC) in which they could be redeemed first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expire_end: Option<String>,
    /// Whether points are taken from what was set aside (`/v1/programs/{id}/budget` with the currency `points`): what an event earns
    /// and is not there whole is refused whole. Default false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budgeted: Option<bool>,
}

/// An article of a catalogue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ArticleTerms {
    /// By which it is known through all versions: 1 to 40 lower-case letters, digits, `-` and `_`, unique in the program.
    pub key: String,
    /// What partners see: 1 to 100 characters.
    pub name: String,
    /// `voucher`, `gift_card`, `credit_note`, `material` or `product_credit`.
    pub kind: String,
    /// What it costs: points, 1 to 1,000,000,000.
    pub price: i64,
    /// How many there are for all partners together, those that were asked for or handed over included: 0 to 1,000,000. Default: no
    /// limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stock: Option<i64>,
    /// How many one partner may have: 1 to 1,000,000. Default: no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_partner: Option<i64>,
}

/// What partners are by the points they earn; with exactly one of `days`, `period`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct LevelsTerms {
    /// Points of the last so many days of 24 hours count: 1 to 1,100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<i64>,
    /// Or those of the calendar `month`, `quarter` or `year` (UTC), or `ever`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// How many days of 24 hours a level is kept after what it was reached by counts no more: 0 (default) to 366.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grace_days: Option<i64>,
    /// 1 to 10 levels, rising.
    pub steps: Vec<LevelTerms>,
}

/// A level.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct LevelTerms {
    /// 1 to 100 characters.
    pub name: String,
    /// From how many points on; the threshold belongs to the level.
    pub from: i64,
    /// What rewards in points are multiplied by for whoever has it, rounded down: decimal text, `"1"` (default) to `"10"`, at most
    /// two decimals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<String>,
    /// Whether it is shown as elite. Default false.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub elite: bool,
}

/// Points for whoever earns most in a period.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct PrizeTerms {
    /// By which it is known through all versions: 1 to 40 lower-case letters, digits, `-` and `_`, unique in the program.
    pub key: String,
    /// What partners see. Default: the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Every `month`, `quarter` or `year` (UTC).
    pub period: String,
    /// How many days of 24 hours after a period's end it is settled: 0 to 90. Default 10.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grace_days: Option<i64>,
    /// Points for the first place, the second and so on: 1 to 100, never rising. Who ties shares the prizes of the places taken up.
    pub places: Vec<i64>,
}

/// What a partner has of points in a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PointsBalance {
    /// The program.
    pub program_id: String,
    /// Whose.
    pub partner: PartnerRef,
    /// What can be redeemed.
    pub available: i64,
    /// What is held, and can be redeemed once its hold has ended.
    pub held: i64,
    /// What is taken by redemptions that wait to be fulfilled.
    pub requested: i64,
    /// What was redeemed.
    pub redeemed: i64,
    /// What was taken back after it was redeemed: what comes in next covers it.
    pub owed: i64,
    /// When points expire next.
    pub expires_at: Option<String>,
    /// How many do.
    pub expiring: i64,
    /// How the partner stands; none where the program has no levels.
    pub level: Option<LevelStanding>,
    /// The lots that hold something, in the order in which they are drawn.
    pub lots: Vec<PointsLot>,
}

/// How a partner stands by points earned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct LevelStanding {
    /// The level's name; none below the first.
    pub name: Option<String>,
    /// Whether it is elite.
    pub elite: bool,
    /// What points are multiplied by.
    pub times: String,
    /// The points of the current period.
    pub points: i64,
    /// The next level; none above the last.
    pub next: Option<String>,
    /// How many points are missing to it.
    pub missing: i64,
    /// When it was another, the latest first.
    pub history: Vec<LevelChange>,
}

/// A change of a partner's level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct LevelChange {
    /// The level from then on; none below the first.
    pub name: Option<String>,
    /// The points of the period then.
    pub points: i64,
    /// When.
    pub at: String,
}

/// Points that came in at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PointsLot {
    /// `lot_…`; the cause of transfers in the ledger.
    pub id: String,
    /// The commission they are of.
    pub commission_id: String,
    /// How many came in, less what was taken back.
    pub amount: i64,
    /// How many can be redeemed.
    pub left: i64,
    /// When they came in.
    pub came_at: String,
    /// From when on they are gone; none where they never expire.
    pub expires_at: Option<String>,
}

/// What a partner asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct RedemptionInput {
    /// `prg_…`; the default program where it is left out. From a page the token knows it.
    pub program_id: Option<String>,
    /// `ptn_…`. From a page the token knows it.
    pub partner_id: Option<String>,
    /// The key of an article of the program's catalogue.
    pub article: Option<String>,
    /// At most 1,000 characters.
    pub note: Option<String>,
}

/// What is done about a redemption.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct RedemptionStepInput {
    /// `fulfil`, `refuse` or `cancel`.
    pub step: Option<String>,
    /// With `fulfil`: the voucher's code, the credit note's number, or where to find it. At most 500 characters. The partner sees it.
    pub reference: Option<String>,
    /// At most 1,000 characters. The partner sees it.
    pub note: Option<String>,
}

/// Points on their way to what they are redeemed for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Redemption {
    /// `rdm_…`; the cause of transfers in the ledger.
    pub id: String,
    /// The program.
    pub program_id: String,
    /// Whose.
    pub partner: PartnerRef,
    /// The article, as it was when it was asked for.
    pub article: ArticleTerms,
    /// `requested`, `fulfilled`, `refused` or `canceled`.
    pub status: String,
    /// What was handed over, once it was.
    pub reference: Option<String>,
    /// When it was asked for.
    pub created_at: String,
    /// When it was decided.
    pub decided_at: Option<String>,
    /// What happened to it, in order.
    pub trail: Vec<RedemptionEvent>,
}

/// Something that happened to a redemption.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RedemptionEvent {
    /// The status from then on.
    pub status: String,
    /// Who: `partner`, or a person or key of the vendor.
    pub by: String,
    /// What was said with it.
    pub note: Option<String>,
    /// When.
    pub at: String,
}

/// Something a partner has completed: a course, a certificate, a good action found in the vendor's data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct CompletionInput {
    /// `prg_…`; the default program where it is left out.
    pub program_id: Option<String>,
    /// `ptn_…`.
    pub partner_id: Option<String>,
    /// What it is called: 1 to 100 characters. A reward of the event `custom` under this name pays for it.
    pub event_name: Option<String>,
    /// Which one, such as the course: at most 100 characters. The same badge of the same event earns a partner nothing again.
    pub badge: Option<String>,
    /// The vendor's own number of it. The same again gets the first answer.
    pub external_id: Option<String>,
    /// When it was completed, RFC 3339; now where it is left out.
    pub timestamp: Option<String>,
    /// Free data; rewards can ask for `metadata.NAME`, and for `metadata.badge`.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub metadata: Option<Metadata>,
}

/// Something a partner has completed, and what it earned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Completion {
    /// `cpl_…`.
    pub id: String,
    /// The program.
    pub program_id: String,
    /// Whose.
    pub partner: PartnerRef,
    /// What it is called.
    pub event_name: String,
    /// Which one.
    pub badge: Option<String>,
    /// What it earned, in `currency`: 0 where a badge was there already, a cap or the budget left nothing, or no reward applies.
    pub earned: i64,
    /// ISO 4217, lower case; or `points`.
    pub currency: String,
    /// Why it earned nothing: `badge_there`, `no_reward`, `capped` or `budget_exhausted`; none where it earned something.
    pub reason: Option<String>,
    /// The commission, where there is one.
    pub commission_id: Option<String>,
    /// When it was completed.
    pub at: String,
}

/// A prize of a period: as it was settled, or as the period stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PrizePeriod {
    /// The program.
    pub program_id: String,
    /// The prize's key.
    pub prize: String,
    /// Its name.
    pub name: String,
    /// The period's first instant.
    pub starts_at: String,
    /// The first after it.
    pub ends_at: String,
    /// When it was settled; none while it is not.
    pub settled_at: Option<String>,
    /// Who has earned a prize, the best first.
    pub places: Vec<PrizePlace>,
}

/// Somebody's place and prize.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PrizePlace {
    /// From 1 on; who earned as much shares it.
    pub rank: i64,
    /// Who.
    pub partner: PartnerRef,
    /// What was earned in the period.
    pub points: i64,
    /// What the place gives, points.
    pub prize: i64,
}
