//! How partners are written to, and what they do not want to be told.

use super::{StoreError, Tx, params};
use goodword_domain::id::{PartnerId, VendorId};
use goodword_domain::language::Language;
use goodword_domain::time::Instant;

/// How a partner is written to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    pub language: Language,
    /// The page of the vendor's from which the partner came.
    pub page: Option<String>,
}

impl Tx<'_> {
    /// English and no page, while nothing is known.
    pub fn contact(&mut self, partner: &PartnerId) -> Result<Contact, StoreError> {
        let sql = "select language, page from contact where partner_id = $1";
        let Some(mut row) = self.row(sql, params![partner])? else { return Ok(Contact::default()) };
        let language = Language::of_tag(&row.next::<String>()?).unwrap_or_default();
        Ok(Contact { language, page: row.next()? })
    }

    pub fn set_contact(
        &mut self,
        vendor: &VendorId,
        partner: &PartnerId,
        c: &Contact,
    ) -> Result<(), StoreError> {
        let sql = "insert into contact (partner_id, vendor_id, language, page) values ($1, $2, $3, $4) \
                   on conflict (partner_id) do update set language = excluded.language, page = excluded.page";
        self.execute(sql, params![partner, vendor, c.language.tag(), &c.page])?;
        Ok(())
    }

    /// A partner does not want mails of a kind, or wants them again.
    pub fn refuse_mail(
        &mut self,
        vendor: &VendorId,
        partner: &PartnerId,
        kind: &str,
        refused: bool,
        at: Instant,
    ) -> Result<(), StoreError> {
        if !refused {
            self.execute(
                "delete from refused_mail where partner_id = $1 and kind = $2",
                params![partner, kind],
            )?;
            return Ok(());
        }
        let sql = "insert into refused_mail (partner_id, kind, vendor_id, at) values ($1, $2, $3, $4) on conflict do nothing";
        self.execute(sql, params![partner, kind, vendor, at])?;
        Ok(())
    }
}
