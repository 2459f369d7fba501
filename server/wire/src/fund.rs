//! Funds: budgets that partners draw on by request and claim.

use crate::{PartnerRef, TierStep};
use serde::{Deserialize, Serialize};

/// A fund of a program, as its document says it. It pays a share of what something costs; with `tranches` as evidence reaches
/// thresholds; with `instalments` by periods.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Fund {
    /// `fnd_…`; left out of a new one. A fund of the same name is the same fund.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// 1 to 100 characters, unique in the program.
    pub name: String,
    /// Whose the money is: `partner` (default; each has lots of his or her own) or `shared` (all draw on the budget).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The vendor's share of what something costs, percent: decimal text. Default `"100"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share: Option<String>,
    /// Whether somebody decides about requests (default), or they are approved as far as there is money.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reviewed: Option<bool>,
    /// The most that is committed to one request, minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_request: Option<i64>,
    /// The most that is committed to a partner in a period, minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_partner: Option<i64>,
    /// That period: `month`, `quarter`, `year` (UTC) or `ever` (default).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_partner_period: Option<String>,
    /// How long a partner has to claim after the activity's end, or after the approval: 1 to 730 days of 24 hours. Default 60.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claim_days: Option<i64>,
    /// What comes in expires after so many days of 24 hours: 1 to 3,650.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lot_days: Option<i64>,
    /// Or with the end of the `month`, `quarter` or `year` (UTC) it came in. Without either it never expires.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lots_end: Option<String>,
    /// How many files a claim must come with: 0 (default) to 10.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proofs: Option<i64>,
    /// How purchases fill it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accrual: Option<FundAccrual>,
    /// Parts of the commitment, as evidence reaches thresholds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tranches: Option<Vec<FundTranche>>,
    /// The share of a yearly cost, by periods, prorated by days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instalments: Option<FundInstalments>,
}

/// How purchases fill a fund. A boundary belongs to the higher band.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct FundAccrual {
    /// `retroactive` (the band reached is for the whole amount) or `marginal` (each for what lies within it).
    pub mode: String,
    /// Over what purchases are added up: `month`, `quarter`, `year` (UTC) or `ever` (default).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// 1 to 20 bands, rising, each with a `percentage`.
    pub steps: Vec<TierStep>,
    /// Whether what partners sell in the program fills it by itself, day by day. Default false: purchases are told
    /// (`/v1/funds/{id}/purchases`).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub sales: bool,
}

/// A part of a commitment that is due from some evidence on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct FundTranche {
    /// 1 to 100 characters.
    pub name: String,
    /// What the evidence must reach, minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reaches: Option<i64>,
    /// Or a percentage of the amount the request names: decimal text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reaches_share: Option<String>,
    /// How much is due by it, minor units. The last one may leave it out: it pays the rest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pays: Option<i64>,
}

/// How a yearly cost is paid.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct FundInstalments {
    /// `month`, `quarter` or `year` (UTC).
    pub period: String,
    /// What must be reached for an instalment to be paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gate: Option<FundGate>,
}

/// A figure that must be reached.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct FundGate {
    /// What it is called, 1 to 100 characters.
    pub name: String,
    /// The least it must be, percent of what was agreed: decimal text.
    pub at_least: String,
}

/// A fund with its figures, all in minor units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct FundState {
    /// `fnd_…`.
    pub id: String,
    /// The program.
    pub program_id: String,
    /// The program's name.
    pub program_name: String,
    /// ISO 4217, lower case.
    pub currency: String,
    /// What it says.
    pub fund: Fund,
    /// What is set aside for all and good.
    pub budget: i64,
    /// What partners have of their own, neither committed nor expired.
    pub allocated: i64,
    /// What can be committed: of the partner asked for, or of all.
    pub available: i64,
    /// What is committed to requests and neither paid nor released.
    pub committed: i64,
    /// What was paid on claims.
    pub paid: i64,
    /// How many requests wait for a decision.
    pub open_requests: i64,
    /// How many claims wait.
    pub open_claims: i64,
}

/// An amount that came into a fund.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct FundLot {
    /// `lot_…`; the cause of transfers in the ledger.
    pub id: String,
    /// The fund.
    pub fund_id: String,
    /// The program.
    pub program_id: String,
    /// `budget` (set aside for all), `allocation` (given to a partner out of that) `accrual` (earned by purchases) or
    /// `settlement` (the part of a period's earnings that a settlement puts in).
    pub kind: String,
    /// Whose; none where it is set aside for all.
    pub partner: Option<PartnerRef>,
    /// ISO 4217, lower case.
    pub currency: String,
    /// How much came in, minor units.
    pub amount: i64,
    /// How much of it is neither drawn nor gone.
    pub left: i64,
    /// How much has expired or was taken away.
    pub gone: i64,
    /// Why; empty if nobody said.
    pub note: String,
    /// Who put it in.
    pub by: String,
    /// When.
    pub at: String,
    /// From when on what is left is gone; none where it never is.
    pub expires_at: Option<String>,
}

/// Money to put into a fund: set aside for all, or given to a partner out of that.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct FundLotInput {
    /// To whom; without it the amount is set aside for all.
    pub partner_id: Option<String>,
    /// Minor units, at least 1.
    pub amount: Option<i64>,
    /// From when on it is gone. Default: by the fund's rule.
    pub expires_at: Option<String>,
    /// Why. At most 500 characters.
    pub note: Option<String>,
}

/// A purchase that fills a partner's fund, as it stands now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct FundPurchaseInput {
    /// Whose purchase.
    pub partner_id: Option<String>,
    /// The number the vendor knows it by, 1 to 255 characters. Sent again with another amount, the purchase is corrected.
    pub external_id: Option<String>,
    /// What was bought less what was given back, minor units; 0 takes it all back.
    pub amount: Option<i64>,
    /// When; default now. Stays as it was told first.
    pub at: Option<String>,
}

/// Which sales are to fill partners' funds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct FundAccrualInput {
    /// Any day of the calendar period, as in `2026-03-31`. Default: today.
    pub day: Option<String>,
}

/// What a purchase has done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct FundPurchase {
    /// The fund.
    pub fund_id: String,
    /// Whose.
    pub partner_id: String,
    /// The number the vendor knows it by.
    pub external_id: String,
    /// What it is now, minor units.
    pub amount: i64,
    /// When it was made.
    pub at: String,
    /// All purchases of its period, minor units.
    pub purchased: i64,
    /// What they come to by the fund's bands.
    pub accrues: i64,
    /// What of that has come in. More than `accrues` only where money was used before a purchase was given back: what comes in
    /// next is lessened by it.
    pub accrued: i64,
}

/// A request to a fund.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct FundRequestInput {
    /// Which fund.
    pub fund_id: Option<String>,
    /// For whom.
    pub partner_id: Option<String>,
    /// What it is for, 1 to 200 characters.
    pub title: Option<String>,
    /// What it will cost, minor units: the activity, the revenue a tranche's percentages are of, or the yearly salary.
    pub cost: Option<i64>,
    /// When it begins.
    pub starts_at: Option<String>,
    /// When it has ended; not included.
    pub ends_at: Option<String>,
    /// More about it, at most 2,000 characters.
    pub note: Option<String>,
}

/// What is decided about a request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct FundDecisionInput {
    /// `approved`, `rejected`, `withdrawn`, or of an approved one `closed`.
    pub decision: Option<String>,
    /// How much is committed, minor units. Default: all that the request comes to.
    pub amount: Option<i64>,
    /// Why, at most 500 characters; the partner reads it.
    pub note: Option<String>,
}

/// A partner's request to a fund.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct FundRequest {
    /// `frq_…`.
    pub id: String,
    /// `requested`, `approved`, `rejected`, `withdrawn`, `closed` or `expired`.
    pub status: String,
    /// Who asks.
    pub partner: PartnerRef,
    /// The program.
    pub program_id: String,
    /// The fund as it was when the request came.
    pub fund: Fund,
    /// What it is for.
    pub title: String,
    /// ISO 4217, lower case.
    pub currency: String,
    /// What it will cost, minor units.
    pub cost: i64,
    /// When it begins.
    pub starts_at: Option<String>,
    /// When it has ended; not included.
    pub ends_at: Option<String>,
    /// What it comes to by the fund's rules.
    pub wanted: i64,
    /// What was committed.
    pub committed: i64,
    /// What of that was paid.
    pub paid: i64,
    /// What of that was released.
    pub released: i64,
    /// What can still be claimed.
    pub open: i64,
    /// Until when, not included.
    pub claim_by: Option<String>,
    /// The instalments of its term.
    pub instalments: Vec<FundInstalment>,
    /// When it came.
    pub created_at: String,
    /// When it was decided.
    pub decided_at: Option<String>,
    /// What happened to it, in order.
    pub trail: Vec<FundEvent>,
    /// Its claims, in order.
    pub claims: Vec<FundClaim>,
}

/// What one period is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct FundInstalment {
    /// Its first instant.
    pub from: String,
    /// The first instant after it.
    pub until: String,
    /// Minor units.
    pub amount: i64,
}

/// Something that happened to a request or a claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct FundEvent {
    /// When.
    pub at: String,
    /// Who: `partner`, `goodword` for what follows of itself, or a person or API key of the vendor; a partner sees `vendor`.
    pub by: String,
    /// The status from then on.
    pub status: String,
    /// What was said.
    pub note: Option<String>,
}

/// A claim on what a fund has committed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct FundClaimInput {
    /// On which request.
    pub request_id: Option<String>,
    /// What it has cost, minor units; where the fund pays a share of the cost.
    pub cost: Option<i64>,
    /// Whether it is the last claim, so that the rest is released once it is paid. Default true.
    pub last: Option<bool>,
    /// What the evidence has reached, minor units; where the fund pays in tranches.
    pub reached: Option<i64>,
    /// More about it, at most 2,000 characters.
    pub note: Option<String>,
    /// The files that prove it, `ffl_…`: at most 10.
    pub files: Vec<String>,
}

/// The figure that decides about a period.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct FundScoreInput {
    /// Percent of what was agreed: decimal text.
    pub score: Option<String>,
    /// More about it, at most 2,000 characters.
    pub note: Option<String>,
    /// The files that prove it, `ffl_…`: at most 10.
    pub files: Vec<String>,
}

/// What is decided about a claim.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct FundClaimDecisionInput {
    /// `paid`, `rejected`, or of a paid one `reversed`.
    pub decision: Option<String>,
    /// How much is paid, minor units. Default: all that is due.
    pub amount: Option<i64>,
    /// Why, at most 500 characters; the partner reads it.
    pub note: Option<String>,
}

/// A claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct FundClaim {
    /// `fcl_…`.
    pub id: String,
    /// `due` (the figure that decides is missing), `submitted`, `held` (the figure is too low), `paid`, `rejected` or `reversed`.
    pub status: String,
    /// The request.
    pub request_id: String,
    /// What that is for.
    pub title: String,
    /// Who claims.
    pub partner: PartnerRef,
    /// The program.
    pub program_id: String,
    /// The fund.
    pub fund_id: String,
    /// ISO 4217, lower case.
    pub currency: String,
    /// `cost`, `reached` or `period`.
    pub kind: String,
    /// What it has cost, minor units.
    pub cost: Option<i64>,
    /// Whether it is the last one.
    pub last: bool,
    /// What the evidence has reached, minor units.
    pub reached: Option<i64>,
    /// The first instant of its period.
    pub from: Option<String>,
    /// The first instant after it.
    pub until: Option<String>,
    /// The figure that decides, percent.
    pub score: Option<String>,
    /// What it is due, minor units.
    pub due: i64,
    /// What was paid.
    pub paid: i64,
    /// The commission that pays it.
    pub commission_id: Option<String>,
    /// The files that prove it.
    pub files: Vec<FundFile>,
    /// When it came.
    pub created_at: String,
    /// When it was decided.
    pub decided_at: Option<String>,
    /// What happened to it, in order.
    pub trail: Vec<FundEvent>,
}

/// A file that proves something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct FundFile {
    /// `ffl_…`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its media type.
    #[serde(rename = "type")]
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
    /// The claim it goes with, once it does.
    pub claim_id: Option<String>,
    /// When it came.
    pub created_at: String,
}

/// The calendar of what expires and what can no longer be claimed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct FundExpiry {
    /// When.
    pub at: String,
    /// `lot` for money that expires, `request` for a commitment whose deadline is then.
    pub kind: String,
    /// The id of the lot or the request.
    pub id: String,
    /// The fund.
    pub fund_id: String,
    /// The program.
    pub program_id: String,
    /// Whose; none where it is set aside for all.
    pub partner: Option<PartnerRef>,
    /// ISO 4217, lower case.
    pub currency: String,
    /// How much, minor units.
    pub amount: i64,
}
