//! On which sites a vendor's script is.

use super::{Row, StoreError, Tx, params};
use goodword_domain::id::VendorId;
use goodword_domain::time::Instant;

/// A site, and when its pages first and last used a key or loaded the script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installation {
    pub origin: String,
    pub first: Instant,
    pub last: Instant,
}

impl Tx<'_> {
    /// A site was heard of; several processes may tell so in any order.
    pub fn hear_of_installation(
        &mut self,
        vendor: &VendorId,
        origin: &str,
        at: Instant,
    ) -> Result<(), StoreError> {
        let sql = "insert into installation (vendor_id, origin, first_at, last_at) values ($1, $2, $3, $3) \
                   on conflict (vendor_id, origin) do update set last_at = \
                   case when excluded.last_at > installation.last_at then excluded.last_at else installation.last_at end";
        self.execute(sql, params![vendor, origin, at])?;
        Ok(())
    }

    /// A vendor's sites, the latest first; at most `limit`.
    pub fn installations(&mut self, vendor: &VendorId, limit: i64) -> Result<Vec<Installation>, StoreError> {
        let sql = "select origin, first_at, last_at from installation where vendor_id = $1 \
                   order by last_at desc, origin limit $2";
        let read =
            |mut row: Row| Ok(Installation { origin: row.next()?, first: row.next()?, last: row.next()? });
        self.rows(sql, params![vendor, limit])?.into_iter().map(read).collect()
    }

    /// Forgets sites that were last heard of before an instant.
    pub fn forget_installations_before(&mut self, at: Instant) -> Result<(), StoreError> {
        self.execute("delete from installation where last_at < $1", params![at])?;
        Ok(())
    }
}
