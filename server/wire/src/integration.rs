//! Payment providers whose events are taken in: connecting them, and what came.

use crate::Metadata;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How a provider is to be connected. What is left out stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct IntegrationInput {
    /// What the provider signs with, one to four while secrets are changed: each 8 to 255 characters. They take the place of
    /// those known before, and are never given back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secrets: Option<Vec<String>>,
    /// Whether events are taken. Default `true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// The program that sales are reported to. Default: the customer's, else the code's, else the click's, else the default one.
    /// Empty text takes it away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub program_id: Option<String>,
    /// The provider's discount codes, promotion codes or coupons (by their text or id) that name a partner by his or her code:
    /// `{"promo_1PqAbC": "MAYA27"}`. At most 500.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub codes: Option<BTreeMap<String, String>>,
    /// Shopify alone: the shop that events must come from, such as `tea.myshopify.com`. Empty text takes it away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shop: Option<String>,
    /// Shopify alone: `shop` (default) counts orders in the shop's currency, `presentment` in the one the buyer saw.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub money: Option<String>,
    /// `generic` alone: how bodies are signed and read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mapping: Option<InboundMapping>,
}

/// A connected provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Integration {
    /// `itg_…`.
    pub id: String,
    /// `stripe`, `shopify`, `paddle` or `generic`.
    pub provider: String,
    /// Whether events are taken.
    pub active: bool,
    /// The address to give to the provider.
    pub url: String,
    /// How many secrets are known.
    pub secrets: usize,
    /// The program that sales are reported to.
    pub program_id: Option<String>,
    /// The provider's codes that name a partner by his or her code.
    pub codes: BTreeMap<String, String>,
    /// The shop that events must come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shop: Option<String>,
    /// `shop` or `presentment`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub money: Option<String>,
    /// How bodies are signed and read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mapping: Option<InboundMapping>,
    /// Types of events that came and mean nothing here, the latest first; at most 50.
    pub ignored: Vec<IgnoredType>,
    /// When it was connected.
    pub created_at: String,
    /// When it was last changed.
    pub changed_at: String,
}

/// A type of events that mean nothing here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct IgnoredType {
    /// The provider's word.
    pub r#type: String,
    /// How many came.
    pub count: i64,
    /// When the last one came.
    pub last_at: String,
}

/// How somebody else's events are signed, and where in them what is needed stands. Paths are described in
/// `www/docs/integrations.md`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct InboundMapping {
    /// How the body is signed.
    pub signature: InboundSignature,
    /// What `paymentProcessor` is to be. Default `generic`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_processor: Option<String>,
    /// Where the event's own id stands. Default: the hash of the body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_id: Option<String>,
    /// Where the event's type stands; only shown. Default: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_type: Option<String>,
    /// What to report of which event, 1 to 20. All whose conditions hold are used, in this order.
    pub rules: Vec<InboundRule>,
}

/// How a body is signed: HMAC with SHA-256.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct InboundSignature {
    /// The header that holds the signature. Default `Goodword-Signature`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<String>,
    /// `timestamped` (default): `t=UNIX SECONDS,v1=HEX` over `t.body`, refused when older than five minutes; `hex` or `base64`:
    /// over the body alone, with or without `sha256=` before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
}

/// What to report of events for which all conditions hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct InboundRule {
    /// All must hold. At most 10.
    pub when: Vec<InboundCondition>,
    /// `sale`, `refund` or `dispute`.
    pub report: String,
    /// Where a list stands of which every item is reported; its fields are read by paths that begin with `each.`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub each: Option<String>,
    /// `minor` (default): amounts are whole minor units; `decimal`: decimal text or numbers in the currency's own unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amounts: Option<String>,
    /// Where each field stands: a field's name as in `/v1/track/sale`, `/v1/track/refund` or `/v1/track/dispute`, and a path; or
    /// `=` and a fixed text.
    pub fields: BTreeMap<String, String>,
}

/// What must stand somewhere in an event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct InboundCondition {
    /// Where.
    pub path: String,
    /// One of these texts, at most 50; none: anything at all.
    pub is: Vec<String>,
}

/// An event of a provider and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct InboundEvent {
    /// `inb_…`.
    pub id: String,
    /// `stripe`, `shopify`, `paddle` or `generic`.
    pub provider: String,
    /// The provider's own id.
    pub event_id: String,
    /// The provider's word for what happened.
    pub r#type: String,
    /// `taken` (reported), `noted` (others need it), `waiting` (for another event), `ignored` or `failed`.
    pub outcome: String,
    /// Why, in a sentence.
    pub reason: String,
    /// The sale it was about, if that is known.
    pub sale_id: Option<String>,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is tried again, if it waits.
    pub next_attempt_at: Option<String>,
    /// When it came.
    pub at: String,
}

/// What a provider hears.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct InboundReceipt {
    /// `taken`, `noted`, `waiting`, `ignored` or `failed`.
    pub outcome: String,
    /// Why, in a sentence.
    pub reason: String,
}

/// An event to read without carrying it out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct InboundTrialInput {
    /// The body, as the provider would send it.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub body: Metadata,
    /// The headers that are read, such as `X-Shopify-Topic`.
    pub headers: BTreeMap<String, String>,
    /// `generic` alone: a mapping to try. Default: the one that is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mapping: Option<InboundMapping>,
}

/// What an event says, in the words of `/v1/track/*`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct InboundTrial {
    /// The provider's own id.
    pub event_id: String,
    /// The provider's word for what happened.
    pub r#type: String,
    /// Why nothing would be reported, if so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignored: Option<String>,
    /// The sales, refunds and disputes it would report, and what it would note for other events.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Object>))]
    pub reports: Vec<serde_json::Value>,
}
