//! Logging in to the console, and the vendor's own settings.

use serde::{Deserialize, Serialize};

/// Who wants in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct LoginInput {
    /// The user's e-mail address.
    pub email: Option<String>,
    /// The user's password.
    pub password: Option<String>,
    /// The six digits of the authenticator, or a recovery code, where one is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// Who is in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// The user.
    pub user: User,
    /// The vendor's name.
    pub vendor: String,
    /// When the session ends.
    pub expires_at: String,
}

/// A person who runs programs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// `usr_…`.
    pub id: String,
    /// The e-mail address.
    pub email: String,
    /// The name.
    pub name: String,
    /// `owner`, `manager`, `analyst` or `finance`.
    pub role: String,
}

/// An API key as it is listed; a secret one is never shown again after its making.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Key {
    /// `key_…`.
    pub id: String,
    /// `secret` or `publishable`.
    pub kind: String,
    /// `pk_…` in full, or the first letters of an `sk_…`.
    pub shown: String,
    /// What it is for, in the vendor's words; may be empty.
    #[serde(default)]
    pub name: String,
    /// When it was made.
    pub created_at: String,
    /// When it was last used, to the minute; null if it never was.
    #[serde(default)]
    pub used_at: Option<String>,
    /// When it ends, if it was rotated.
    #[serde(default)]
    pub ends_at: Option<String>,
}

/// The origins whose pages may use the publishable key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Origins {
    /// Such as `https://shop.example` or `https://*.shop.example`.
    pub origins: Vec<String>,
}
