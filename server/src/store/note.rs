//! What the vendor's people say of a partner among themselves.

use super::{Row, StoreError, Tx, params};
use goodword_domain::id::{NoteId, PartnerId, VendorId};
use goodword_domain::time::Instant;

/// A note.
#[derive(Clone, Debug)]
pub struct Note {
    pub id: NoteId,
    /// Who wrote it, by name at that time.
    pub author: String,
    pub text: String,
    pub created_at: Instant,
}

impl Tx<'_> {
    pub fn insert_note(
        &mut self,
        vendor: &VendorId,
        partner: &PartnerId,
        n: &Note,
    ) -> Result<(), StoreError> {
        let sql = "insert into partner_note (id, vendor_id, partner_id, author, text, created_at) \
                   values ($1, $2, $3, $4, $5, $6)";
        self.execute(sql, params![&n.id, vendor, partner, &n.author, &n.text, n.created_at])?;
        Ok(())
    }

    /// A partner's notes, the newest first, at most two hundred.
    pub fn notes(&mut self, vendor: &VendorId, partner: &PartnerId) -> Result<Vec<Note>, StoreError> {
        let sql = "select id, author, text, created_at from partner_note where vendor_id = $1 and partner_id = $2 \
                   order by id desc limit 200";
        let read = |mut row: Row| {
            Ok(Note { id: row.next()?, author: row.next()?, text: row.next()?, created_at: row.next()? })
        };
        self.rows(sql, params![vendor, partner])?.into_iter().map(read).collect()
    }

    /// Takes a note away; tells whether there was one.
    pub fn delete_note(
        &mut self,
        vendor: &VendorId,
        partner: &PartnerId,
        id: &NoteId,
    ) -> Result<bool, StoreError> {
        let sql = "delete from partner_note where vendor_id = $1 and partner_id = $2 and id = $3";
        Ok(self.execute(sql, params![vendor, partner, id])? > 0)
    }
}
