//! How partners are paid, and how vendors pay.

use super::program::broken;
use super::{Row, StoreError, Tx, params};
use goodword_domain::id::{PartnerId, VendorId};
use goodword_domain::payout::method::{Details, Method};
use goodword_domain::time::Instant;
use serde::{Deserialize, Serialize};

/// Whoever is to be paid.
#[derive(Clone, Debug, Default)]
pub struct PayeeRow {
    pub method: Option<Method>,
    /// Whether the vendor holds the payouts back, and why.
    pub on_hold: bool,
    pub hold_reason: Option<String>,
}

/// A method's details as they are stored.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Stored {
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    holder: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iban: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bic: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tax_id: Option<String>,
}

impl PayeeRow {
    pub(super) fn next(row: &mut Row) -> Result<Self, StoreError> {
        let (method, details): (Option<String>, Option<String>) = (row.next()?, row.next()?);
        let method = method.map(|word| read_method(&word, &details.unwrap_or_default())).transpose()?;
        Ok(Self {
            method,
            on_hold: row.next::<Option<bool>>()?.unwrap_or_default(),
            hold_reason: row.next()?,
        })
    }
}

/// A method's details as JSON.
pub(super) fn write_details(method: &Method) -> Result<String, StoreError> {
    let d = method.details();
    let stored = Stored {
        email: d.email.map(str::to_owned),
        holder: d.holder.map(str::to_owned),
        iban: d.iban.map(str::to_owned),
        bic: d.bic.map(str::to_owned),
        name: d.name.map(str::to_owned),
        address: d.address.map(str::to_owned),
        tax_id: d.tax_id.map(str::to_owned),
    };
    serde_json::to_string(&stored).map_err(|e| StoreError::Failed(format!("a method of payment: {e}")))
}

/// A method from its word and its details as JSON.
pub(super) fn read_method(word: &str, details: &str) -> Result<Method, StoreError> {
    let told: Stored = serde_json::from_str(details)
        .map_err(|e| StoreError::Failed(format!("a method of payment is broken: {e}")))?;
    let details = Details {
        email: told.email.as_deref(),
        holder: told.holder.as_deref(),
        iban: told.iban.as_deref(),
        bic: told.bic.as_deref(),
        name: told.name.as_deref(),
        address: told.address.as_deref(),
        tax_id: told.tax_id.as_deref(),
    };
    Method::parse(word, &details).map_err(broken)
}

impl Tx<'_> {
    /// Whoever is to be paid; nobody has said how, and nothing is held back, while there is no row.
    pub fn payee(&mut self, partner: &PartnerId) -> Result<PayeeRow, StoreError> {
        let sql = "select method, details, on_hold, hold_reason from payee where partner_id = $1";
        let row = self.row(sql, params![partner])?;
        row.map_or(Ok(PayeeRow::default()), |mut row| PayeeRow::next(&mut row))
    }

    pub fn set_method(
        &mut self,
        vendor: &VendorId,
        partner: &PartnerId,
        method: &Method,
        at: Instant,
    ) -> Result<(), StoreError> {
        let sql = "insert into payee (partner_id, vendor_id, method, details, changed_at) values ($1, $2, $3, $4, $5) \
                   on conflict (partner_id) do update set method = excluded.method, details = excluded.details, \
                   changed_at = excluded.changed_at";
        let details = write_details(method)?;
        self.execute(sql, params![partner, vendor, method.kind().word(), details, at])?;
        Ok(())
    }

    /// Holds a partner's payouts back for a reason, or no longer.
    pub fn set_hold(
        &mut self,
        vendor: &VendorId,
        partner: &PartnerId,
        on_hold: bool,
        reason: Option<&String>,
        at: Instant,
    ) -> Result<(), StoreError> {
        let sql = "insert into payee (partner_id, vendor_id, on_hold, hold_reason, changed_at) values ($1, $2, $3, $4, $5) \
                   on conflict (partner_id) do update set on_hold = excluded.on_hold, hold_reason = excluded.hold_reason, \
                   changed_at = excluded.changed_at";
        self.execute(sql, params![partner, vendor, on_hold, reason, at])?;
        Ok(())
    }

    /// How a vendor pays, as JSON; none while nothing was said.
    pub fn payout_settings(&mut self, vendor: &VendorId) -> Result<Option<String>, StoreError> {
        let sql = "select document from payout_setting where vendor_id = $1";
        self.row(sql, params![vendor])?.map(|mut row| row.next()).transpose()
    }

    pub fn set_payout_settings(&mut self, vendor: &VendorId, document: &str) -> Result<(), StoreError> {
        let sql = "insert into payout_setting (vendor_id, document) values ($1, $2) \
                   on conflict (vendor_id) do update set document = excluded.document";
        self.execute(sql, params![vendor, document])?;
        Ok(())
    }
}
