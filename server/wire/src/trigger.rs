//! Triggers: when an event meets a condition, something is done.

use crate::{Condition, Metadata};
use serde::{Deserialize, Serialize};

/// A trigger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Trigger {
    /// `trg_…`.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// The program whose events it sees.
    pub program_id: String,
    /// The event.
    pub event: String,
    /// What must be so; null: always.
    pub when: Option<Condition>,
    /// What it does, in order.
    pub actions: Vec<TriggerAction>,
    /// The whole of it as a sentence.
    pub says: String,
    /// `enabled` or `disabled`.
    pub status: String,
    /// When it was made.
    pub created_at: String,
}

/// A trigger to add, or what is to be changed of one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct TriggerInput {
    /// What it is called. 1 to 100 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The program. Default: the vendor's default program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub program_id: Option<String>,
    /// The event, as in `sale.created`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// What must be so, as in a reward, over the fields of www/docs/triggers.md; `{"all":[]}` for always, which is the default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// What it does, 1 to 10 actions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actions: Option<Vec<TriggerAction>>,
    /// `enabled` (default) or `disabled`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

/// What a trigger does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct TriggerAction {
    /// `approve`, `move_to_group`, `points`, `bonus`, `mail` or `webhook`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The group, for `move_to_group`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_id: Option<String>,
    /// How much: points, or for `bonus` minor units of the program's currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
    /// `partner` (default) or `owner`, for `mail`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// The subject, for `mail`, at most 200 characters; `{{partner}}`, `{{program}}` and `{{event}}` are filled in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The text, for `mail`, at most 5,000 characters, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The endpoint, for `webhook`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook_id: Option<String>,
}

/// What a trigger did about one event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct TriggerRun {
    /// `run_…`.
    pub id: String,
    /// The event, `evt_…`.
    pub event_id: String,
    /// What happened.
    pub event: String,
    /// The id of what it happened to.
    pub subject: String,
    /// `done`, `partly` (some actions were refused), `refused` (all were), or `too_deep` (three triggers had led to it).
    pub outcome: String,
    /// Why it acted, and what became of each action.
    #[serde(flatten)]
    pub detail: TriggerDetail,
    /// When.
    pub at: String,
}

/// Why a trigger acted, and what became of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct TriggerDetail {
    /// Every comparison of its condition.
    pub compared: Vec<TriggerCompared>,
    /// Every action, in order.
    pub actions: Vec<TriggerDone>,
}

/// A comparison and how it came out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct TriggerCompared {
    /// The field.
    pub field: String,
    /// With what it was compared: `is gold, silver`, `at least 10`.
    pub with: String,
    /// What it was; null where it is not known.
    pub value: Option<String>,
    /// Whether the comparison holds.
    pub holds: bool,
}

/// What became of an action.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct TriggerDone {
    /// What it does.
    #[serde(rename = "type")]
    pub kind: String,
    /// Whether it was done; in a dry run, whether it would be.
    pub done: bool,
    /// What was done, or why not.
    pub says: String,
}

/// A trigger tried out: nothing is done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct DryRunInput {
    /// The trigger, whether or not it is stored; or name one by `triggerId`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trigger: Option<TriggerInput>,
    /// A trigger that is stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trigger_id: Option<String>,
    /// On this event, `evt_…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_id: Option<String>,
    /// Or on an event as it would be sent: the `data` of the trigger's event.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<Metadata>,
    /// Or on what was before: the latest 1 to 100 of the trigger's kind, as they stand now. Default 20.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latest: Option<i64>,
}

/// What a trigger would do about one event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct DryRun {
    /// The id of what the event is about; empty where it was made up.
    pub subject: String,
    /// When that was.
    pub at: Option<String>,
    /// `acts`, `condition_not_met`, `other_event` or `too_deep`.
    pub verdict: String,
    /// Why, and what it would do.
    #[serde(flatten)]
    pub detail: TriggerDetail,
}
