//! The people of the console, what proves them, and what was changed by whom.

use crate::Qr;
use serde::{Deserialize, Serialize};

/// Everybody who may log in, and whoever was asked to join.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct People {
    /// The people, oldest first.
    pub people: Vec<Member>,
    /// Invitations that can still be accepted.
    pub invitations: Vec<Invitation>,
}

/// Somebody who may log in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// `usr_…`.
    pub id: String,
    /// The e-mail address.
    pub email: String,
    /// The name.
    pub name: String,
    /// `owner`, `manager`, `analyst` or `finance`.
    pub role: String,
    /// Whether logging in takes a code of an authenticator too.
    pub two_factor: bool,
    /// Since when.
    pub created_at: String,
    /// When one of the sessions that are open was last used; null if none is open.
    pub seen_at: Option<String>,
}

/// Somebody who was asked to join.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Invitation {
    /// `inv_…`.
    pub id: String,
    /// Where the link went.
    pub email: String,
    /// The role he or she will have.
    pub role: String,
    /// Who asked.
    pub invited_by: String,
    /// When.
    pub created_at: String,
    /// Until when the link works.
    pub expires_at: String,
}

/// Somebody to ask.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct InvitationInput {
    /// Where the link goes.
    pub email: Option<String>,
    /// `owner`, `manager`, `analyst` or `finance`.
    pub role: Option<String>,
}

/// An invitation that is accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct AcceptInput {
    /// What stands in the link after `token=`.
    pub token: Option<String>,
    /// The name others see.
    pub name: Option<String>,
    /// The password to log in with, at least 10 characters.
    pub password: Option<String>,
}

/// What somebody may from now on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct MemberChange {
    /// `owner`, `manager`, `analyst` or `finance`.
    pub role: Option<String>,
}

/// Logging in takes one step more: a code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CodeNeeded {
    /// Always true: send the same again with `code`.
    pub needs_code: bool,
}

/// One's own security.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Security {
    /// Whether logging in takes a code of an authenticator too.
    pub two_factor: bool,
    /// How many recovery codes are left.
    pub recovery_codes: i64,
    /// The sessions that are open, the one used last first.
    pub sessions: Vec<OpenSession>,
}

/// A session that is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct OpenSession {
    /// `ses_…`.
    pub id: String,
    /// What the browser calls itself.
    pub agent: String,
    /// When it began.
    pub created_at: String,
    /// When it was last used, to the minute.
    pub used_at: String,
    /// When it ends at the latest.
    pub expires_at: String,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// Another password.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct PasswordInput {
    /// The one so far.
    pub current: Option<String>,
    /// The one from now on, at least 10 characters.
    pub new: Option<String>,
}

/// Somebody who has forgotten the password.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ForgotInput {
    /// Where the link goes, if it is somebody's.
    pub email: Option<String>,
}

/// Another password, by the link.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ResetInput {
    /// What stands in the link after `token=`.
    pub token: Option<String>,
    /// The password from now on, at least 10 characters.
    pub password: Option<String>,
}

/// A secret for an authenticator, which is in force once a code of it was sent back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Authenticator {
    /// The secret, to be typed.
    pub secret: String,
    /// The address for apps on the same device.
    pub uri: String,
    /// The same as a QR code.
    pub qr: Qr,
}

/// What proves that it is still oneself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ProofInput {
    /// One's password.
    pub password: Option<String>,
    /// The six digits of the authenticator, where they are asked for.
    pub code: Option<String>,
}

/// Codes that stand in for the authenticator, each once; shown once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RecoveryCodes {
    /// Ten codes.
    pub codes: Vec<String>,
}

/// A key to make.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct KeyInput {
    /// `secret` or `publishable`.
    pub kind: Option<String>,
    /// What it is for, at most 60 characters.
    pub name: Option<String>,
}

/// How long a key that is rotated goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct KeyRotation {
    /// Hours until the old key ends: 0 to 168. Default: 24.
    pub overlap_hours: Option<i64>,
}

/// A key that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct NewKey {
    /// The key itself. A secret one is never shown again.
    pub value: String,
    /// As it is listed.
    pub key: crate::Key,
}

/// A line of the audit log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    /// `aud_…`.
    pub id: String,
    /// When.
    pub at: String,
    /// `live` or `test`.
    pub mode: String,
    /// `person` or `key`.
    pub actor_kind: String,
    /// `usr_…` or `key_…`.
    pub actor_id: String,
    /// The name at that time.
    pub actor: String,
    /// What was done, as in `program.changed`.
    pub action: String,
    /// What it was done to, in a word; may be empty.
    pub subject_kind: String,
    /// Its id; may be empty.
    pub subject_id: String,
    /// What was otherwise before; null where nothing was there, or nothing is shown. Never a secret.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub before: Option<serde_json::Value>,
    /// What it is since.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub after: Option<serde_json::Value>,
}
