//! One-time secrets.

use super::{Row, StoreError, Tx, params};
use goodword_domain::id::{PartnerId, ProgramId, VendorId};
use goodword_domain::time::Instant;

/// What a one-time secret is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Proves an e-mail address.
    Prove,
    /// Opens a partner's page from a mail.
    Open,
    /// Brings that to the vendor's page, to be exchanged for a token.
    Ticket,
    /// Proves another e-mail address, which stands in the place of the page, for a partner to have from then on.
    Email,
}

/// A one-time secret; only its hash is stored.
#[derive(Clone, Debug)]
pub struct OneTime {
    pub purpose: Purpose,
    pub vendor: VendorId,
    pub program: ProgramId,
    pub partner: PartnerId,
    /// The page to come back to; for `Email` the address.
    pub page: String,
    pub expires_at: Instant,
}

impl Purpose {
    fn word(self) -> &'static str {
        match self {
            Self::Prove => "prove",
            Self::Open => "open",
            Self::Ticket => "ticket",
            Self::Email => "email",
        }
    }
}

impl Tx<'_> {
    /// Stores a secret, and forgets those that ended a month and more before this one will.
    pub fn insert_once(&mut self, token_hash: &str, o: &OneTime) -> Result<(), StoreError> {
        let long_gone = o.expires_at.plus_days(-37);
        self.execute("delete from one_time where expires_at < $1", params![long_gone])?;
        let sql = "insert into one_time (token_hash, vendor_id, purpose, program_id, partner_id, page, expires_at) \
                   values ($1, $2, $3, $4, $5, $6, $7)";
        let values =
            params![token_hash, &o.vendor, o.purpose.word(), &o.program, &o.partner, &o.page, o.expires_at];
        self.execute(sql, values)?;
        Ok(())
    }

    /// A secret that is still good, left as it is.
    pub fn once(
        &mut self,
        purpose: Purpose,
        token_hash: &str,
        now: Instant,
    ) -> Result<Option<OneTime>, StoreError> {
        let sql = "select vendor_id, program_id, partner_id, page, expires_at from one_time \
                   where token_hash = $1 and purpose = $2 and used_at is null and expires_at > $3";
        let row = self.row(sql, params![token_hash, purpose.word(), now])?;
        row.map(|row| read_once(purpose, row)).transpose()
    }

    /// The same, used up.
    pub fn use_once(
        &mut self,
        purpose: Purpose,
        token_hash: &str,
        now: Instant,
    ) -> Result<Option<OneTime>, StoreError> {
        let found = self.once(purpose, token_hash, now)?;
        let sql = "update one_time set used_at = $2 where token_hash = $1";
        if found.is_some() {
            self.execute(sql, params![token_hash, now])?;
        }
        Ok(found)
    }
}

fn read_once(purpose: Purpose, mut row: Row) -> Result<OneTime, StoreError> {
    Ok(OneTime {
        purpose,
        vendor: row.next()?,
        program: row.next()?,
        partner: row.next()?,
        page: row.next()?,
        expires_at: row.next()?,
    })
}
