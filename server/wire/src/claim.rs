//! Claims: a partner says that an order was his or hers.

use crate::{Commission, PartnerRef};
use serde::{Deserialize, Serialize};

/// A claim to file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ClaimInput {
    /// For whom; from a page it is left out, for the token tells.
    pub partner_id: Option<String>,
    /// In which program; from a page it is left out. Default: the vendor's default program.
    pub program_id: Option<String>,
    /// The number of the order or invoice, at most 255 characters.
    pub invoice_id: Option<String>,
    /// Or the address of content that the partner has made, at most 255 characters.
    pub url: Option<String>,
    /// With `url`: a file that shows it, `ffl_…`.
    pub file_id: Option<String>,
    /// When it was ordered, as far as the partner knows.
    pub ordered_at: Option<String>,
    /// What was paid, as far as the partner knows: minor units.
    pub amount: Option<i64>,
    /// Why it was his or hers, at most 500 characters.
    pub note: Option<String>,
}

/// A claim on an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Claim {
    /// `clm_…`.
    pub id: String,
    /// `open`, `granted` or `refused`.
    pub status: String,
    /// Why, in a word: of an open one `not_reported_yet`, `waiting_for_decision`, `already_credited`, `nothing_paid` or `content_waiting`; else
    /// `claim_granted`, `content_granted`, `refused_by_vendor`, `already_credited` or `already_yours`.
    pub reason: String,
    /// The same in a sentence.
    pub says: String,
    /// Who claims.
    pub partner: PartnerRef,
    /// The program.
    pub program_id: String,
    /// The number of the order or invoice; of content its address.
    pub invoice_id: String,
    /// The address of content, where it is about that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// A file that shows the content: GET /v1/fund-files/{id}.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_id: Option<String>,
    /// When it was ordered, as it was told.
    pub ordered_at: Option<String>,
    /// What was paid, as it was told: minor units.
    pub amount: Option<i64>,
    /// The sale it is about, once it is known; left out of what a partner sees.
    pub sale_id: Option<String>,
    /// What it earned, where it was granted; without the buyer.
    pub commission: Option<Commission>,
    /// When it was filed.
    pub created_at: String,
    /// What happened to it, in order.
    pub trail: Vec<ClaimEvent>,
}

/// Something that happened to a claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ClaimEvent {
    /// When.
    pub at: String,
    /// Who: `partner`, `goodword` for what follows of itself, or a person or API key of the vendor; a partner sees `vendor`.
    pub by: String,
    /// The claim's status from then on.
    pub status: String,
    /// What was said.
    pub note: Option<String>,
}

/// What is decided about a claim.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ClaimDecisionInput {
    /// `granted` or `refused`.
    pub decision: Option<String>,
    /// Why, at most 500 characters; the partner reads it.
    pub note: Option<String>,
    /// What content is paid that is granted: minor units of the program's currency; 0 pays nothing.
    pub bonus: Option<i64>,
}
