//! Deal registrations.

use serde::{Deserialize, Serialize};

/// A program's rules of registrations, which its partners may read. With this table a program takes registrations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct RegistrationTerms {
    /// For how many days of 24 hours an approved registration is protected: 1 to 3,650. Default 90.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protection_days: Option<i64>,
    /// Within how many hours a registration is reviewed: 1 to 8,760. Default 48. The clock stands still while the partner is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub review_hours: Option<i64>,
    /// What happens to one that is overdue: `wait` (default) or `approve`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overdue: Option<String>,
    /// How often the protection can be extended: 0 to 10. Default 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extensions: Option<i64>,
    /// By how many days of 24 hours: 1 to 3,650. Default 30.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extension_days: Option<i64>,
    /// Who registers a customer that somebody else has: is refused (`refuse`, default), or gets half (`half`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conflict: Option<String>,
    /// What is paid as a deal moves; at most 20. Taken back when it is disqualified.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<StageTerms>,
    /// What is paid when it is won.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bonus: Option<BonusTerms>,
}

/// A stage of a deal before it is won.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct StageTerms {
    /// 1 to 60 characters, unique in the program.
    pub name: String,
    /// What reaching it pays, minor units.
    pub amount: i64,
}

/// What winning a registered deal pays: either `amount` or `percentage`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct BonusTerms {
    /// Minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
    /// Or a part of what it was won for: decimal text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percentage: Option<String>,
    /// The most of that, minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cap: Option<i64>,
}

/// A registration to file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct RegistrationInput {
    /// By the vendor only. Default: the default program.
    pub program_id: Option<String>,
    /// By the vendor only: for which partner.
    pub partner_id: Option<String>,
    /// What the customer is called: 1 to 200 characters.
    pub customer_name: Option<String>,
    /// The customer's domain, or an e-mail address of somebody there.
    pub contact: Option<String>,
    /// What the partner expects to sell, minor units of the program's currency.
    pub amount: Option<i64>,
    /// Whatever else helps the review. At most 1,000 characters.
    pub note: Option<String>,
}

/// Something done about a registration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct RegistrationStepInput {
    /// `approve`, `reject`, `ask`, `answer`, `extend`, `advance`, `win`, `lose` or `disqualify`.
    pub step: Option<String>,
    /// Why, or what is asked or answered; the partner reads it. At most 1,000 characters.
    pub note: Option<String>,
    /// For `advance`: the stage that was reached.
    pub stage: Option<String>,
    /// For `win`: for how much, minor units. Default: the sale's amount where `invoiceId` names one, else what was expected.
    pub amount: Option<i64>,
    /// For `win`: the number of the order, where one was reported.
    pub invoice_id: Option<String>,
    /// For `win`: when. Default: when the sale was, else now.
    pub at: Option<String>,
    /// By which the vendor knows the customer: sales of this one are the registration's, too.
    pub customer_external_id: Option<String>,
}

/// Whom a registration would be about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct RegistrationCheckInput {
    /// What the customer is called.
    pub customer_name: Option<String>,
    /// The customer's domain, or an e-mail address.
    pub contact: Option<String>,
}

/// Whether a customer can be registered. Who has it is not told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct RegistrationCheck {
    /// `free`, `second` (half is paid), `own` or `taken`.
    pub standing: String,
}

/// A registration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Registration {
    /// `reg_…`.
    pub id: String,
    /// `submitted`, `more_information`, `approved`, `won`, `lost`, `expired`, `rejected` or `disqualified`.
    pub status: String,
    /// Why, in a word.
    pub reason: String,
    /// The same in a sentence.
    pub says: String,
    /// The program.
    pub program_id: String,
    /// Whose.
    pub partner: crate::PartnerRef,
    /// What the customer is called.
    pub customer_name: String,
    /// The customer's domain or e-mail address.
    pub contact: String,
    /// By which the vendor knows the customer; not told to partners.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_external_id: Option<String>,
    /// What the partner expects to sell, minor units.
    pub amount: Option<i64>,
    /// ISO 4217, lower case.
    pub currency: String,
    /// 1, or 2 for a second registrant, who gets half.
    pub place: i64,
    /// By when it is to be reviewed.
    pub due_at: String,
    /// Whether that has passed.
    pub overdue: bool,
    /// Since when it protects.
    pub protected_from: Option<String>,
    /// Until when, not including.
    pub protected_until: Option<String>,
    /// How often that can still be extended.
    pub extensions_left: i64,
    /// The program's stages.
    pub stages: Vec<RegistrationStage>,
    /// What it was won for, minor units.
    pub won_for: Option<i64>,
    /// The number of the order.
    pub invoice_id: Option<String>,
    /// Registrations of the same customer that keep others out; not told to partners.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<RegistrationConflict>,
    /// What it has paid.
    pub payments: Vec<RegistrationPayment>,
    /// When it was filed.
    pub created_at: String,
    /// What happened, oldest first.
    pub trail: Vec<RegistrationEvent>,
}

/// A stage, and whether it was reached.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct RegistrationStage {
    /// Its name.
    pub name: String,
    /// What it pays, minor units.
    pub amount: i64,
    /// Whether it was reached.
    pub reached: bool,
}

/// Another registration of the same customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct RegistrationConflict {
    /// `reg_…`.
    pub id: String,
    /// Whose.
    pub partner: crate::PartnerRef,
    /// Where it stands.
    pub status: String,
    /// Until when it protects.
    pub protected_until: Option<String>,
}

/// Something a registration paid.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct RegistrationPayment {
    /// `win`, or `stage:` and its name.
    pub name: String,
    /// Minor units, as it was paid.
    pub amount: i64,
    /// The commission; it tells what has become of it.
    pub commission_id: String,
}

/// Something that happened to a registration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct RegistrationEvent {
    /// When.
    pub at: String,
    /// `partner`, `goodword`, or who spoke for the vendor; a partner sees `vendor`.
    pub by: String,
    /// The status from then on, or the stage that was reached.
    pub status: String,
    /// What was said.
    pub note: Option<String>,
}
