//! Partners, their enrollments and links.

use crate::{LinkProps, LinkRef, PartnerRef};
use serde::{Deserialize, Serialize};

/// A partner in a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Partner {
    /// `ptn_…`.
    pub id: String,
    /// `enr_…`, of this partner in this program.
    pub enrollment_id: String,
    /// The name he or she joined under.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// Whether the address was proven by the link we mailed.
    pub email_proven: bool,
    /// The program.
    pub program_id: String,
    /// The group whose terms apply.
    pub group_id: String,
    /// `pending`, `approved`, `rejected` or `banned`.
    pub status: String,
    /// Why the status is what it is: `awaiting_review`, `approved_automatically`, `approved_by_hand`, or the reviewer's words.
    pub reason: String,
    /// When he or she joined.
    pub created_at: String,
    /// The partner's links.
    pub links: Vec<Link>,
    /// Clicks counted.
    pub total_clicks: i64,
    /// Sign-ups credited.
    pub total_leads: i64,
    /// Sales credited.
    pub total_sales: i64,
    /// What those sales came to, minor units, refunds taken off.
    pub total_sale_amount: i64,
    /// Commissions, minor units, refunds taken off.
    pub total_commissions: i64,
    /// What he or she answered to the program's questions, by the question's id.
    #[serde(default, skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub answers: std::collections::BTreeMap<String, String>,
    /// The name that others may see; null = none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown_as: Option<String>,
    /// What speaks against somebody who waits for a decision, the gravest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signals: Vec<ApplicantSignal>,
}

/// Something that speaks against an applicant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ApplicantSignal {
    /// `refused_elsewhere`, `same_mailbox`, `shared_device`, `disposable_email`, `shared_address` or `unproven_email`.
    pub rule: String,
    /// The other partners it is about, at most five.
    pub partners: Vec<PartnerRef>,
    /// What was found, in a sentence.
    pub says: String,
}

/// A partner to add.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct PartnerInput {
    /// The name. 1 to 100 characters.
    pub name: Option<String>,
    /// The e-mail address, unique within the vendor.
    pub email: Option<String>,
    /// The code wished for, 3 to 32 of letters, digits and `-`. Default: made from the name.
    pub code: Option<String>,
    /// The program. Default: the vendor's default program.
    pub program_id: Option<String>,
    /// Where the partner's link leads. Default: the program's address.
    pub url: Option<String>,
    /// When the partner joined, for back-filling. Default: now.
    pub timestamp: Option<String>,
    /// The vendor's own id of the partner, unique. With it, somebody who is a partner already is no conflict, but gets it.
    pub tenant_id: Option<String>,
    /// The group. Default: the program's default group.
    pub group_id: Option<String>,
    /// `code` under the name that public SDKs have for it.
    pub username: Option<String>,
    /// An address of a picture. At most 2,048 characters.
    pub image: Option<String>,
    /// Two letters of ISO 3166.
    pub country: Option<String>,
    /// What there is to say of the partner. At most 5,000 characters.
    pub description: Option<String>,
    /// What else is told of the first link.
    #[serde(deserialize_with = "crate::object")]
    pub link_props: Option<LinkProps>,
}

/// A partner's link with its code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Link {
    /// `lnk_…`.
    pub id: String,
    /// The partner.
    pub partner_id: String,
    /// The program.
    pub program_id: String,
    /// The code, as the partner writes it; unique in the program, case-insensitive.
    pub code: String,
    /// The key in `/r/KEY`.
    pub key: String,
    /// The short address, `https://HOST/r/KEY`, which redirects.
    pub short_link: String,
    /// The vendor's own page with `?via=KEY`, which needs no redirect.
    pub direct_link: String,
    /// Where the link leads.
    pub url: String,
    /// When it was made.
    pub created_at: String,
}

/// A link to add for a partner.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct LinkInput {
    /// The partner.
    pub partner_id: Option<String>,
    /// The program. Default: the vendor's default program.
    pub program_id: Option<String>,
    /// The code wished for. Default: made from the partner's name.
    pub code: Option<String>,
    /// Where it leads; must be on an allowed origin or the program's. Default: the program's address.
    pub url: Option<String>,
    /// The vendor's own id of the partner, in the place of `partnerId`.
    pub tenant_id: Option<String>,
    /// `code` under the name that public SDKs have for it.
    pub key: Option<String>,
    /// What the vendor notes. At most 500 characters.
    pub comments: Option<String>,
    /// What else is told of the link.
    #[serde(deserialize_with = "crate::object")]
    pub link_props: Option<LinkProps>,
}

/// What to decide about a partner: the body of approve, reject and ban.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct DecisionInput {
    /// The partner.
    pub partner_id: Option<String>,
    /// The program. Default: the vendor's default program.
    pub program_id: Option<String>,
    /// Why, in the reviewer's words; shown to the partner. At most 500 characters.
    pub reason: Option<String>,
    /// The vendor's own id of the partner, in the place of `partnerId`.
    pub tenant_id: Option<String>,
    /// The group to put an applicant into. Default: the one he or she is in.
    pub group_id: Option<String>,
    /// `reason` of a rejection under the name that public SDKs have for it.
    pub rejection_note: Option<String>,
    /// A word for the reason: `needsMoreDetail`, `doesNotMeetRequirements`, `notTheRightFit` or `other`.
    pub rejection_reason: Option<String>,
    /// Accepted for compatibility: whoever was rejected may always be approved.
    pub reapplication_timeframe: Option<String>,
    /// Accepted for compatibility: the partner says which application.
    pub application_id: Option<String>,
    /// Accepted for compatibility: nothing is shared with other vendors.
    pub flag_for_fraud: Option<bool>,
    /// The reason, where no other is told.
    pub flag_for_fraud_reason: Option<String>,
}

/// A click, lead or sale in a list of events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// `click`, `lead` or `sale`.
    pub event: String,
    /// The event's id.
    pub id: String,
    /// When it happened.
    pub timestamp: String,
    /// The partner concerned, if any.
    pub partner: Option<PartnerRef>,
    /// The link concerned, if any.
    pub link: Option<LinkRef>,
    /// The customer's name or e-mail, if known.
    pub customer: Option<String>,
    /// The sale's amount in minor units; 0 otherwise.
    pub amount: i64,
    /// ISO 4217, lower case.
    pub currency: String,
    /// What partners get for it in money, minor units.
    pub earnings: i64,
    /// The currency of that, which is the program's: ISO 4217, lower case.
    #[serde(default)]
    pub earnings_currency: String,
    /// Whether it was credited, and why or why not.
    pub reason: String,
}

/// A decision about several partners.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct DecisionsInput {
    /// The partners: 1 to 100.
    pub partner_ids: Vec<String>,
    /// The program. Default: the vendor's default program.
    pub program_id: Option<String>,
    /// `approve`, `reject` or `ban`.
    pub decision: Option<String>,
    /// Why, in the reviewer's words; shown to the partners. At most 500 characters.
    pub reason: Option<String>,
}

/// What became of it for one of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct DecisionOutput {
    /// `ptn_…`.
    pub partner_id: String,
    /// `decided` or `refused`.
    pub result: String,
    /// Why it was refused.
    pub message: Option<String>,
}

/// What is changed of a partner.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct PartnerChange {
    /// The group to put the partner into.
    pub group_id: Option<String>,
    /// The program. Default: the vendor's default program.
    pub program_id: Option<String>,
}

/// A mail to partners, in the vendor's own words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct MessageInput {
    /// To whom: 1 to 500 partners.
    pub partner_ids: Vec<String>,
    /// The program in whose name it is sent. Default: the vendor's default program.
    pub program_id: Option<String>,
    /// One line of at most 150 characters.
    pub subject: Option<String>,
    /// At most 10,000 characters; `{name}` becomes the partner's name.
    pub text: Option<String>,
}

/// How many mails are on their way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct MessageOutput {
    /// To so many partners.
    pub sent: i64,
}

/// A note to write.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct NoteInput {
    /// At most 4,000 characters. No partner ever sees it.
    pub text: Option<String>,
}

/// What the vendor's people say of a partner among themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PartnerNote {
    /// `nte_…`.
    pub id: String,
    /// Who wrote it.
    pub author: String,
    /// What it says.
    pub text: String,
    /// When.
    pub created_at: String,
}

/// A partner's account page as the partner sees it, to be looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PartnerView {
    /// The page as HTML. Nothing on it works: nobody is signed in by it.
    pub html: String,
}

/// What came of a file of partners.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PartnerSheetOutput {
    /// Rows that became, or would become, partners.
    pub added: i64,
    /// Rows of people who are partners of the program already.
    pub known: i64,
    /// Rows that are wrong; the others are stored nevertheless.
    pub refused: Vec<RefusedRow>,
}

/// A row that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RefusedRow {
    /// Its line in the file, from 1; the heading is one.
    pub line: i64,
    /// What is wrong.
    pub message: String,
}
