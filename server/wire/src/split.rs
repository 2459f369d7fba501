//! How a sale is shared, agreed among those who share it.

use crate::{PartnerRef, SalePartner};
use serde::{Deserialize, Serialize};

/// A proposal of how a sale is shared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct SplitInput {
    /// `sal_…`; or name the sale by `invoiceId`.
    pub sale_id: Option<String>,
    /// The sale's invoice id.
    pub invoice_id: Option<String>,
    /// The program of the invoice. Default: the default one.
    pub program_id: Option<String>,
    /// Who is to have which part: by `percentage`, where one may be left out and has the rest; or by `role`, where the reward is split by
    /// role; the same for each where neither is said.
    pub partners: Vec<SalePartner>,
    /// Why; those concerned read it.
    pub note: Option<String>,
}

/// A decision about a proposal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct SplitDecisionInput {
    /// `approved`, `rejected`, or `withdrawn` for one that the vendor proposed.
    pub decision: Option<String>,
    /// With `approved`: other parts than were proposed.
    pub partners: Option<Vec<SalePartner>>,
    /// Why; those concerned read it.
    pub note: Option<String>,
}

/// How a sale is to be shared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct SplitProposal {
    /// `spl_…`.
    pub id: String,
    /// The program.
    pub program_id: String,
    /// The sale.
    pub sale_id: String,
    /// Its invoice id.
    pub invoice_id: Option<String>,
    /// `proposed` (somebody concerned has not answered), `agreed`, `disputed`; `approved`, `rejected` or `withdrawn`.
    pub status: String,
    /// The partner who proposed it; none where the vendor did.
    pub proposed_by: Option<PartnerRef>,
    /// Who is to have which part.
    pub parts: Vec<SplitPart>,
    /// Who has which part, as the vendor decided.
    pub decided: Vec<SplitPart>,
    /// What each of those concerned says.
    pub consents: Vec<SplitConsent>,
    /// What everybody together has of the sale now, minor units.
    pub amount: i64,
    /// ISO 4217, lower case; or `points`.
    pub currency: String,
    /// When it was proposed.
    pub created_at: String,
    /// Until when the vendor is to decide.
    pub due_at: String,
    /// Whether that has passed without a decision.
    pub overdue: bool,
    /// When it was decided.
    pub decided_at: Option<String>,
    /// What happened to it, in order.
    pub trail: Vec<SplitEvent>,
}

/// What one partner is to have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct SplitPart {
    /// Who.
    pub partner: PartnerRef,
    /// As what.
    pub role: Option<String>,
    /// The part in percent, decimal text, rounded down to two decimals.
    pub percentage: String,
    /// What that is of what everybody has now, minor units, by the largest remainder.
    pub amount: i64,
}

/// What somebody concerned says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct SplitConsent {
    /// Who.
    pub partner: PartnerRef,
    /// `waiting`, `agreed` or `disputed`.
    pub answer: String,
}

/// Something that happened to a proposal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct SplitEvent {
    /// When.
    pub at: String,
    /// What: `proposed`, `agreed` or `disputed` by somebody, `approved`, `rejected`, `withdrawn`.
    pub status: String,
    /// `partner`, or who spoke for the vendor.
    pub by: String,
    /// Which partner.
    pub partner: Option<PartnerRef>,
    /// What was said with it.
    pub note: Option<String>,
}
