//! Taxes of partners, and invoices written in their names.

use crate::PartnerRef;
use serde::{Deserialize, Serialize};

/// What tax law wants to know of a partner.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct TaxProfile {
    /// Where the partner is taxed: the two letters of a country.
    pub country: Option<String>,
    /// The person's or firm's name on invoices.
    pub name: Option<String>,
    /// The postal address, in lines.
    pub address: Option<String>,
    /// Whether it is a firm, or a person in business.
    pub business: bool,
    /// A firm's VAT number with its country's letters; its format is checked for the European Union, GB, CHE and NO.
    pub vat_number: Option<String>,
    /// Whether a firm needs no VAT number: a small one.
    pub vat_exempt: bool,
    /// The form of the United States that you have of the partner: `w9` or `w8`. Said by you, not by partners.
    pub form: Option<String>,
    /// Whether the partner agrees that you write the invoices.
    pub self_billing: bool,
    /// The fields that are missing before the partner can be paid, where you require them; not read.
    pub missing: Vec<String>,
}

/// What a payer wants of partners' taxes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct TaxSettings {
    /// Whether payouts are withheld until a partner's fields are complete.
    pub required: bool,
    /// Your own country: its two letters.
    pub country: Option<String>,
    /// Whether an invoice is written with each payout that is paid to a partner who agrees to it.
    pub self_billing: bool,
    /// Percent of VAT that firms of your own country have in what they are paid: decimal text. Without it invoices show none.
    pub domestic_vat: Option<String>,
}

/// An invoice written in a partner's name, or what undoes one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct SelfInvoice {
    /// Its id, as in `SB-000012`: numbered by vendor without gaps.
    pub id: String,
    /// The number it undoes, because the payout came back.
    pub undoes: Option<String>,
    /// Whose name it is in.
    pub partner: PartnerRef,
    /// The payout.
    pub payout_id: String,
    /// The program.
    pub program_id: String,
    /// ISO 4217, lower case.
    pub currency: String,
    /// What was paid, minor units; negative where it undoes another.
    pub amount: i64,
    /// The VAT in it, minor units.
    pub vat: i64,
    /// When.
    pub created_at: String,
}
