//! API keys.

use super::{Row, StoreError, Tx, params};
use goodword_domain::id::{KeyId, VendorId};
use goodword_domain::time::Instant;

/// What a key opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// Everything of the vendor's; for servers.
    Secret,
    /// Clicks, joining and leads; for pages.
    Publishable,
}

impl KeyKind {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::Publishable => "publishable",
        }
    }

    /// What its keys begin with.
    pub fn prefix(self, test: bool) -> &'static str {
        match (self, test) {
            (Self::Secret, false) => "sk_live_",
            (Self::Secret, true) => "sk_test_",
            (Self::Publishable, false) => "pk_live_",
            (Self::Publishable, true) => "pk_test_",
        }
    }
}

/// A key as it is listed.
#[derive(Clone, Debug)]
pub struct KeyRow {
    pub id: KeyId,
    pub kind: String,
    pub shown: String,
    pub created_at: Instant,
}

impl Tx<'_> {
    pub fn insert_key(&mut self, key: &KeyRow, vendor: &VendorId, hash: &str) -> Result<(), StoreError> {
        let sql = "insert into api_key (id, vendor_id, kind, hash, shown, created_at) values ($1, $2, $3, $4, $5, $6)";
        self.execute(sql, params![&key.id, vendor, &key.kind, hash, &key.shown, key.created_at])?;
        Ok(())
    }

    /// Whose key it is, unless it was revoked, and whether it is a secret one.
    pub fn key_owner(&mut self, hash: &str) -> Result<Option<(VendorId, KeyKind)>, StoreError> {
        let sql = "select vendor_id, kind from api_key where hash = $1 and revoked_at is null";
        let Some(mut row) = self.row(sql, params![hash])? else { return Ok(None) };
        let (vendor, kind): (_, String) = (row.next()?, row.next()?);
        let kind = if kind == KeyKind::Secret.word() { KeyKind::Secret } else { KeyKind::Publishable };
        Ok(Some((vendor, kind)))
    }

    /// A key's id and how it is shown, unless it was revoked.
    pub fn key_name(&mut self, hash: &str) -> Result<Option<(KeyId, String)>, StoreError> {
        let sql = "select id, shown from api_key where hash = $1 and revoked_at is null";
        self.row(sql, params![hash])?.map(|mut row| Ok((row.next()?, row.next()?))).transpose()
    }

    /// Revokes a key by its id or its hash; tells whether there was one.
    pub fn revoke_key(&mut self, id: &str, hash: &str, at: Instant) -> Result<bool, StoreError> {
        let sql = "update api_key set revoked_at = $3 where (id = $1 or hash = $2) and revoked_at is null";
        self.directory_changed()?;
        Ok(self.execute(sql, params![id, hash, at])? > 0)
    }

    pub fn keys(&mut self, vendor: &VendorId) -> Result<Vec<KeyRow>, StoreError> {
        let sql = "select id, kind, shown, created_at from api_key \
                   where vendor_id = $1 and revoked_at is null order by id";
        let read = |mut row: Row| {
            Ok(KeyRow { id: row.next()?, kind: row.next()?, shown: row.next()?, created_at: row.next()? })
        };
        self.rows(sql, params![vendor])?.into_iter().map(read).collect()
    }
}
