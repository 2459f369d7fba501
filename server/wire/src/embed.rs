//! What the widget asks and gets.

use crate::{
    Asset, Commission, EmbedPayout, EmbedPoints, EmbedProduct, Link, PayoutMethod, Question, Terms, Totals,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a page may know of a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct EmbedConfig {
    /// The program.
    pub program_id: String,
    /// The program's name.
    pub name: String,
    /// The vendor's name.
    pub vendor: String,
    /// Where links lead.
    pub url: String,
    /// ISO 4217, lower case.
    pub currency: String,
    /// Decimal digits of the currency's minor unit: 2 for USD, 0 for JPY.
    pub exponent: u32,
    /// `live` or `test`.
    pub mode: String,
    /// Whether people can join.
    pub open: bool,
    /// Whether who joins is approved at once.
    pub auto_approve: bool,
    /// How long a commission is held, in days.
    pub hold_days: i64,
    /// The terms to agree to.
    pub terms: Terms,
    /// Link parameters read besides `via`, `ref` and `gw`.
    pub link_parameters: Vec<String>,
    /// What partners earn: the rewards that are for everybody and in force, in order.
    pub rewards: Vec<EmbedReward>,
    /// What is asked of who joins.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Question>,
    /// `plain`, `warm` or `bold`; null = plain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theme: Option<String>,
    /// Custom properties of the style.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: BTreeMap<String, String>,
    /// The languages that may be spoken; none = all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<String>,
    /// The vendor's own words in the language asked for (`lang`), by the name of the text.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub texts: BTreeMap<String, String>,
    /// What partners are ranked by, `sales` or `leads`; null where there is no leaderboard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leaderboard: Option<String>,
    /// Texts to share, with `{link}` and `{code}` in them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub share_texts: Vec<String>,
    /// What partners may use.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assets: Vec<Asset>,
}

/// What partners earn, for the offer's text. What is left out is not so.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct EmbedReward {
    /// `click`, `lead`, `sale`, `renewal` or `custom`.
    pub event: String,
    /// For `custom`: what the event is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_name: Option<String>,
    /// `flat`, `percentage` or `tiers`.
    #[serde(rename = "type")]
    pub kind: String,
    /// For `flat`: minor units, or so many of `unit`.
    pub amount: Option<i64>,
    /// For `percentage`: decimal text.
    pub percentage: Option<String>,
    /// Calendar months; 0 = the first sale only, null = for ever.
    pub max_duration: Option<i64>,
    /// In what amounts are, where it is not money: `points`, `credits` or `months`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Whether a flat amount is paid for each unit of the quantity.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub per_unit: bool,
    /// Whether it is paid for each whole amount that was paid, and for which: minor units of the program's currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_amount: Option<i64>,
    /// For `tiers`: the rates, rising.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<EmbedStep>,
    /// For `tiers`: what is measured, `amount`, `quantity` or `count`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measure: Option<String>,
    /// For `tiers`: over what, `month`, `quarter`, `year` or `ever`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// The most it pays, minor units or so many of `unit`: the narrowest of the caps, in the order of `capPer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cap: Option<i64>,
    /// For what that is: `event`, `customer`, or for all of one partner's in a `month`, `quarter`, `year` or `ever`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cap_per: Option<String>,
    /// Until when it is paid, not including.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<String>,
}

/// A tier of a reward.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct EmbedStep {
    /// Where it begins: minor units, or a number of units or events.
    pub from: i64,
    /// Minor units, or so many of the reward's unit, for each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
    /// Or decimal text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percentage: Option<String>,
}

/// Somebody joins as a partner.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct JoinInput {
    /// 1 to 100 characters.
    pub name: Option<String>,
    /// The e-mail address; a link is mailed to it to prove it.
    pub email: Option<String>,
    /// The code wished for; empty = made from the name.
    pub code: Option<String>,
    /// Must be true.
    pub terms_accepted: Option<bool>,
    /// The version that was shown.
    pub terms_version: Option<String>,
    /// The page the widget is on, to come back to from the e-mail. Must be on an allowed origin.
    pub page: Option<String>,
    /// The program. Default: the vendor's default program.
    pub program_id: Option<String>,
    /// The page's own id of the browser, given with consent: as with `POST /v1/track/click`.
    pub visitor_id: Option<String>,
    /// The language to write mails in: a tag such as `de` or `pt-BR`. Default: what the browser accepts.
    pub lang: Option<String>,
    /// Answers to the program's questions, by the question's id.
    pub answers: Option<BTreeMap<String, String>>,
}

/// What came of it. It is the same whether the address was known before or not: only a mail to it tells its owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct JoinOutput {
    /// `joined`.
    pub status: String,
    /// A token for `/v1/embed/me`, valid 15 minutes, bound to the program and the origin.
    pub token: Option<String>,
    /// When the token ends.
    pub expires_at: Option<String>,
    /// The partner's page, as it is until the address is proven.
    pub me: Option<EmbedMe>,
}

/// A partner asks for a sign-in link by e-mail. The answer is the same whether the address is known or not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct SignInInput {
    /// The e-mail address.
    pub email: Option<String>,
    /// The page to come back to. Must be on an allowed origin.
    pub page: Option<String>,
    /// The program. Default: the vendor's default program.
    pub program_id: Option<String>,
}

/// A one-time ticket, brought back from our own origin in the page's `#gw_ticket=…`, against a token.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct TicketInput {
    /// The ticket.
    pub ticket: Option<String>,
}

/// A fresh token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct TokenOutput {
    /// Valid 15 minutes.
    pub token: String,
    /// When it ends.
    pub expires_at: String,
}

/// What a partner sees of himself or herself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct EmbedMe {
    /// The name.
    pub name: String,
    /// Whether the e-mail address is proven; earnings show only then.
    pub email_proven: bool,
    /// `pending`, `approved`, `rejected` or `banned`.
    pub status: String,
    /// Why.
    pub reason: String,
    /// The link and code; null until approved.
    pub link: Option<Link>,
    /// The short link as a QR code; null until approved.
    pub qr: Option<Qr>,
    /// Clicks, sign-ups and sales. Amounts are zero until the address is proven.
    pub totals: Totals,
    /// Money; null until the address is proven.
    pub earnings: Option<EmbedEarnings>,
    /// The vendor's clock.
    pub now: String,
    /// How often the code may still be changed (`POST /v1/embed/code`); 0 until the address is proven.
    #[serde(default)]
    pub code_changes: i64,
    /// Links made for posts (`POST /v1/embed/links`), newest first, each with what it brought; none until the address is proven.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub posts: Vec<EmbedPost>,
    /// What is next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nudge: Option<EmbedNudge>,
    /// The name shown to others, on the leaderboard and to whoever is referred; null = none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown_as: Option<String>,
    /// The partner's account on our own origin, to be opened in a tab: how he or she is paid, personal data, statements. It asks
    /// for a sign-in of its own, so it can be shown to anybody.
    #[serde(default)]
    pub account_url: String,
    /// What else there is to open: `registrations` (`/v1/embed/registrations`) where the program takes them, `progress`
    /// (`/v1/embed/progress`) where it is settled by periods; none until the address is proven.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub panels: Vec<String>,
    /// What the partner can draw on in the program's funds; null = it has none, or the address is not proven.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub funds: Option<EmbedFunds>,
    /// The partner's points; null = the program has none, or the address is not proven.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<EmbedPoints>,
    /// What the partner has earned that is settled in the product; none until the address is proven.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub product: Vec<EmbedProduct>,
}

/// What a partner can draw on in funds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct EmbedFunds {
    /// What can be asked for, of all funds together, minor units.
    pub available: i64,
    /// Where to ask and to claim, on our own origin, to be opened in a tab.
    pub url: String,
}

/// A link for one post.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct EmbedPost {
    /// `lnk_…`.
    pub id: String,
    /// What the partner calls the post; also its sub id in reports.
    pub label: String,
    /// Its code.
    pub code: String,
    /// The short address, which redirects.
    pub short_link: String,
    /// The vendor's page itself, which needs no redirect.
    pub direct_link: String,
    /// Clicks counted.
    pub clicks: i64,
    /// Sign-ups credited.
    pub leads: i64,
    /// Sales credited.
    pub sales: i64,
    /// Earned, minor units.
    pub earnings: i64,
}

/// What is next for a partner: so many more, and there is a better rate, or what the vendor promises.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct EmbedNudge {
    /// What is counted: `clicks`, `leads`, `sales`, `units`, or `amount` in minor units.
    pub of: String,
    /// How many more.
    pub left: i64,
    /// Of how many.
    pub at: i64,
    /// For a milestone: what it brings, in the vendor's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// For a tier: minor units, or so many of `unit`, for each from then on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
    /// Or decimal text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percentage: Option<String>,
    /// In what the amount is, where it is not money: `points`, `credits` or `months`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Until when it counts: the end of the period; null = ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

/// A QR code as an SVG path: draw it in a `viewBox` of `size` by `size`, four units of margin included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Qr {
    /// Units across.
    pub size: u32,
    /// The `d` of one path of dark squares.
    pub path: String,
}

/// What a proven partner has earned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct EmbedEarnings {
    /// ISO 4217, lower case.
    pub currency: String,
    /// Decimal digits of the minor unit.
    pub exponent: u32,
    /// In hold, minor units.
    pub pending: i64,
    /// Payable, minor units.
    pub processed: i64,
    /// Paid out, minor units.
    pub paid: i64,
    /// The least balance that is paid out, minor units.
    pub min_payout: i64,
    /// The latest commissions, newest first, at most 20.
    pub commissions: Vec<Commission>,
    /// How the partner is paid; an account shows its last four characters alone.
    pub payout_method: PayoutMethod,
    /// The latest payouts, newest first, at most 20.
    pub payouts: Vec<EmbedPayout>,
    /// When the next payout is to be expected, where the vendor says on which day it pays, and enough will have cleared by then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_payout_at: Option<String>,
    /// What it will be if nothing is taken back, minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_payout: Option<i64>,
    /// The months there are statements of, newest first, as in `2026-11`; at most 24.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub months: Vec<String>,
}

/// Figures by UTC day: each list has one for each day from `from` on, and today is the last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct EmbedFigures {
    /// The first day, as in `2026-11-01`.
    pub from: String,
    /// Clicks.
    pub clicks: Vec<i64>,
    /// Sign-ups.
    pub leads: Vec<i64>,
    /// Sales.
    pub sales: Vec<i64>,
    /// Earned, minor units, by the day of the event; empty until the address is proven.
    pub earnings: Vec<i64>,
}

/// Whether a code can be had.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct CodeAnswer {
    /// The code as it would be written.
    pub code: String,
    /// Whether it can be had.
    pub free: bool,
    /// Why not: `malformed`, `reserved` or `taken`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Another code for the partner. The one before goes on earning.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct CodeInput {
    /// The code wished for, 3 to 32 letters, digits or inner hyphens.
    pub code: Option<String>,
}

/// A link for a post.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct PostInput {
    /// The page it leads to: on the program's site or an allowed origin. Default: the program's page.
    pub url: Option<String>,
    /// What the partner calls the post: 1 to 60 characters, unique among his or hers.
    pub label: Option<String>,
}

/// Who invites, and what the visitor gets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct EmbedOffer {
    /// The partner's code, as it is written.
    pub code: String,
    /// The partner, if he or she agreed to be named.
    pub name: Option<String>,
    /// The coupon to use at the checkout.
    pub coupon: Option<String>,
    /// What is credited, minor units.
    pub credit: Option<i64>,
    /// So many credits of the product.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credits: Option<i64>,
    /// So many free months of the product.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub months: Option<i64>,
    /// For what: `lead` or `sale` (as with rewards); null where there is neither.
    pub event: Option<String>,
    /// ISO 4217, lower case.
    pub currency: String,
    /// Decimal digits of the minor unit.
    pub exponent: u32,
}

/// Who brings most. Only partners who brought something are in it, and nobody is named who did not agree.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct EmbedLeaderboard {
    /// What is counted: `sales` or `leads`.
    pub by: String,
    /// `month`, `quarter`, `year` or `all`; UTC.
    pub period: String,
    /// Its first day, as in `2026-11-01`; null = ever.
    pub from: Option<String>,
    /// The best, with all that share the last place shown; at most twice the places.
    pub rows: Vec<EmbedRank>,
    /// The partner who asks, also where he or she is in `rows`; null without a token, or where he or she brought nothing.
    pub own: Option<EmbedRank>,
    /// How many partners brought something.
    pub partners: i64,
}

/// A place. Who brought as much shares it, and the next comes after all of them: 1, 2, 2, 4.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct EmbedRank {
    /// From 1 on.
    pub rank: i64,
    /// The name; null where the partner did not agree to be named.
    pub name: Option<String>,
    /// How many.
    pub count: i64,
    /// Whether it is the partner who asks.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub own: bool,
}

/// A vendor's word that somebody is signed in there, for `goodword('identify', token)`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct EmbedTokenInput {
    /// A partner: `ptn_…`.
    pub partner_id: Option<String>,
    /// Or the partner of that id of yours.
    pub tenant_id: Option<String>,
    /// Or who becomes a partner, if he or she is none yet.
    pub partner: Option<EmbedTokenPartner>,
    /// The program. Default: the vendor's default program.
    pub program_id: Option<String>,
    /// The only origin whose pages may use it. Default: any of your allowed origins.
    pub origin: Option<String>,
}

/// Who is signed in at the vendor's. The address counts as proven: the vendor knows whose it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct EmbedTokenPartner {
    /// The e-mail address.
    pub email: Option<String>,
    /// 1 to 100 characters. Default: what stands before the `@`.
    pub name: Option<String>,
    /// Your own id of him or her. At most 255 characters.
    pub tenant_id: Option<String>,
    /// The code wished for.
    pub username: Option<String>,
}

/// What the vendor hands to its page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct EmbedTokenOutput {
    /// For `goodword('identify', token)`, valid 15 minutes.
    pub public_token: String,
    /// When it ends.
    pub expires: String,
}

/// What `goodword('identify', token)` was called with, against a token of the page's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct IdentifyInput {
    /// The `publicToken`.
    pub token: Option<String>,
}
