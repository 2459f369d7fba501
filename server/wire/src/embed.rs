//! What the widget asks and gets.

use crate::{Commission, EmbedPayout, Link, PayoutMethod, Terms, Totals};
use serde::{Deserialize, Serialize};

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
    /// What partners earn.
    pub rewards: Vec<EmbedReward>,
}

/// What partners earn, for the offer's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct EmbedReward {
    /// `lead` or `sale`.
    pub event: String,
    /// `flat` or `percentage`.
    #[serde(rename = "type")]
    pub kind: String,
    /// For `flat`: minor units.
    pub amount: Option<i64>,
    /// For `percentage`: decimal text.
    pub percentage: Option<String>,
    /// Calendar months; 0 = the first sale only, null = for ever.
    pub max_duration: Option<i64>,
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
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct JoinOutput {
    /// `joined`, or `check_email` when that address must first show that it is its owner who asks.
    pub status: String,
    /// A token for `/v1/embed/me`, valid 15 minutes, bound to the program and the origin. Null with `check_email`.
    pub token: Option<String>,
    /// When the token ends.
    pub expires_at: Option<String>,
    /// The partner's page. Null with `check_email`.
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
}
