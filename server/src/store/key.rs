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
    /// What it is for, in the vendor's words; may be empty.
    pub name: String,
    pub created_at: Instant,
    /// When it was last used, as far as it was written down.
    pub used_at: Option<Instant>,
    /// When one that was rotated ends.
    pub ends_at: Option<Instant>,
}

/// Whose a key is, and until when it opens anything.
#[derive(Clone, Debug)]
pub struct KeyOwner {
    pub vendor: VendorId,
    pub kind: KeyKind,
    pub ends_at: Option<Instant>,
}

impl KeyOwner {
    /// Whether it has not ended.
    pub fn holds(&self, now: Instant) -> bool {
        self.ends_at.is_none_or(|ends_at| now < ends_at)
    }
}

impl Tx<'_> {
    pub fn insert_key(&mut self, key: &KeyRow, vendor: &VendorId, hash: &str) -> Result<(), StoreError> {
        let sql = "insert into api_key (id, vendor_id, kind, hash, shown, name, created_at) \
                   values ($1, $2, $3, $4, $5, $6, $7)";
        let k = key;
        self.execute(sql, params![&k.id, vendor, &k.kind, hash, &k.shown, &k.name, k.created_at])?;
        Ok(())
    }

    /// Whose key it is, unless it was revoked, and whether it is a secret one.
    pub fn key_owner(&mut self, hash: &str) -> Result<Option<KeyOwner>, StoreError> {
        let sql = "select vendor_id, kind, ends_at from api_key where hash = $1 and revoked_at is null";
        let Some(mut row) = self.row(sql, params![hash])? else { return Ok(None) };
        let (vendor, kind): (_, String) = (row.next()?, row.next()?);
        let kind = if kind == KeyKind::Secret.word() { KeyKind::Secret } else { KeyKind::Publishable };
        Ok(Some(KeyOwner { vendor, kind, ends_at: row.next()? }))
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

    /// Has a key end at an instant, unless it ends before.
    pub fn end_key(&mut self, id: &KeyId, at: Instant) -> Result<(), StoreError> {
        let sql = "update api_key set ends_at = $2 where id = $1 and (ends_at is null or ends_at > $2)";
        self.execute(sql, params![id, at])?;
        self.directory_changed()
    }

    /// A key of a hash was used.
    pub fn key_used(&mut self, hash: &str, at: Instant) -> Result<(), StoreError> {
        let sql = "update api_key set used_at = $2 where hash = $1 and (used_at is null or used_at < $2)";
        self.execute(sql, params![hash, at])?;
        Ok(())
    }

    /// One key of a vendor's, unless it was revoked.
    pub fn key(&mut self, vendor: &VendorId, id: &KeyId) -> Result<Option<KeyRow>, StoreError> {
        let sql = "select id, kind, shown, name, created_at, used_at, ends_at from api_key \
                   where vendor_id = $1 and id = $2 and revoked_at is null";
        self.row(sql, params![vendor, id])?.map(read_key).transpose()
    }

    /// The keys of a vendor that open something at `now`, oldest first.
    pub fn keys(&mut self, vendor: &VendorId, now: Instant) -> Result<Vec<KeyRow>, StoreError> {
        let sql = "select id, kind, shown, name, created_at, used_at, ends_at from api_key \
                   where vendor_id = $1 and revoked_at is null and (ends_at is null or ends_at > $2) order by id";
        self.rows(sql, params![vendor, now])?.into_iter().map(read_key).collect()
    }
}

fn read_key(mut row: Row) -> Result<KeyRow, StoreError> {
    Ok(KeyRow {
        id: row.next()?,
        kind: row.next()?,
        shown: row.next()?,
        name: row.next()?,
        created_at: row.next()?,
        used_at: row.next()?,
        ends_at: row.next()?,
    })
}
