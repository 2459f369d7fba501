//! Endpoints that hear of events, and what was sent to them.

use crate::Metadata;
use serde::{Deserialize, Serialize};

/// An endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Webhook {
    /// `whk_…`.
    pub id: String,
    /// Where events are sent to.
    pub url: String,
    /// What it is for.
    pub description: String,
    /// The events it hears of; `*` stands for all but `link.clicked`.
    pub events: Vec<String>,
    /// Only events of this program.
    pub program_id: Option<String>,
    /// `enabled` or `disabled`.
    pub status: String,
    /// Why it is disabled: `by_hand`, `failing` (it took nothing for days) or `gone` (it answered 410).
    pub disabled_reason: Option<String>,
    /// Since when it is disabled.
    pub disabled_at: Option<String>,
    /// Since when it has taken nothing.
    pub failing_since: Option<String>,
    /// Until when the secret before this one signs too.
    pub old_secret_until: Option<String>,
    /// What signs the events, `whsec_…`. Only told when it was made: at creating and at rotating.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// When it was made.
    pub created_at: String,
}

/// An endpoint to add, or what is to be changed of one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct WebhookInput {
    /// Where to send events: `https`, on the public net. At most 2,048 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The events to hear of. Default: `["*"]`, all but `link.clicked`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub events: Option<Vec<String>>,
    /// Only events of this program; empty for all. Default: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub program_id: Option<String>,
    /// What it is for, at most 200 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// `enabled` or `disabled`; when it is enabled again, what waited goes out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

/// How a secret is replaced.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct RotateInput {
    /// For how many hours the secret before goes on signing beside the new one: 0 to 168. Default 24.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overlap_hours: Option<i64>,
}

/// Which example is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct TestEventInput {
    /// The event. Default: `sale.created`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
}

/// An event on its way to an endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    /// `dlv_…`.
    pub id: String,
    /// The event, `evt_…`: the `webhook-id` of every attempt.
    pub event_id: String,
    /// What happened.
    pub event: String,
    /// `waiting`, `delivered` or `failed`.
    pub status: String,
    /// Why it is sent: `event`, `trigger`, `test` or `replay`.
    pub cause: String,
    /// How often it was tried.
    pub attempts: i64,
    /// The status of HTTP that came back last.
    pub code: Option<i64>,
    /// Why none came back.
    pub error: Option<String>,
    /// How long the last attempt took, milliseconds.
    pub ms: Option<i64>,
    /// When it was last tried.
    pub attempted_at: Option<String>,
    /// When it is tried next, while it waits.
    pub next_attempt_at: Option<String>,
    /// When the event was handed over for sending.
    pub created_at: String,
}

/// A delivery with every attempt and what was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct DeliveryDetail {
    /// The delivery.
    #[serde(flatten)]
    pub delivery: Delivery,
    /// Every attempt, in order.
    pub tries: Vec<DeliveryAttempt>,
    /// What is sent, as it stands in the body.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub body: Option<Metadata>,
}

/// One attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct DeliveryAttempt {
    /// When.
    pub at: String,
    /// How long it took, milliseconds.
    pub ms: i64,
    /// The status of HTTP that came back.
    pub code: Option<i64>,
    /// Why none did.
    pub error: Option<String>,
}

/// What is to be sent again: deliveries by name, or all events of a span of time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ReplayInput {
    /// These deliveries, `dlv_…`, at most 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deliveries: Option<Vec<String>>,
    /// Or events from this instant on; needed without `deliveries`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Until this instant, not including. Default: now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// `missed` (default): what was not delivered, or never begun because the endpoint was not there or disabled; `all`: what
    /// was delivered too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub which: Option<String>,
}

/// What is sent again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ReplayOutput {
    /// How many events.
    pub replayed: i64,
    /// From when on to ask for the rest, where the span holds more than were looked at.
    pub more_from: Option<String>,
}

/// A kind of event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct EventType {
    /// Its name.
    pub event: String,
    /// What it means, in a sentence.
    pub explanation: String,
    /// What is sent, by way of example.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub example: Metadata,
}

/// Somebody who wants to hear of events for a while.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ListenerInput {
    /// The events to hear of. Default: `["*"]`, all but `link.clicked`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub events: Option<Vec<String>>,
    /// Only events of this program. Default: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub program_id: Option<String>,
}

/// Somebody who hears of events while he or she asks for them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Listener {
    /// `lsn_…`.
    pub id: String,
    /// The events heard of.
    pub events: Vec<String>,
    /// When it ends, unless events are asked for before.
    pub expires_at: String,
}

/// Events a listener has not fetched before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct HeardEvents {
    /// They, in order.
    pub events: Vec<HeardEvent>,
    /// What to send as `after` with the next request, by which these count as fetched.
    pub after: i64,
}

/// An event as it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct HeardEvent {
    /// `evt_…`: the `webhook-id`.
    pub id: String,
    /// The body, byte for byte as an endpoint gets it.
    pub body: String,
}
