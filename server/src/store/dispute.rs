//! Disputes: complaints to the bank about sales.

use super::program::broken;
use super::{Row, StoreError, Tx, params};
use goodword_domain::dispute::Status;
use goodword_domain::id::{DisputeId, SaleId, VendorId};
use goodword_domain::time::Instant;

/// A buyer's complaint to the bank about a sale.
#[derive(Clone, Debug)]
pub struct Dispute {
    pub id: DisputeId,
    pub vendor: VendorId,
    pub sale: SaleId,
    /// The processor's id.
    pub external_id: String,
    /// Minor units.
    pub amount: i64,
    pub status: Status,
    pub at: Instant,
    pub closed_at: Option<Instant>,
}

impl Tx<'_> {
    /// Stores a dispute, new or changed.
    pub fn save_dispute(&mut self, d: &Dispute) -> Result<(), StoreError> {
        let sql = "insert into dispute (id, vendor_id, sale_id, external_id, amount, status, at, closed_at) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8) \
                   on conflict (id) do update set status = excluded.status, closed_at = excluded.closed_at";
        let status = d.status.word();
        self.execute(
            sql,
            params![&d.id, &d.vendor, &d.sale, &d.external_id, d.amount, status, d.at, d.closed_at],
        )?;
        Ok(())
    }

    /// What is disputed of a sale and not won, minor units.
    pub fn disputed(&mut self, sale: &SaleId) -> Result<i64, StoreError> {
        let sql = "select cast(coalesce(sum(amount), 0) as bigint) from dispute where sale_id = $1 and status <> 'won'";
        self.row(sql, params![sale])?.map_or(Ok(0), |mut row| row.next())
    }

    /// A sale's disputes, oldest first.
    pub fn disputes_of(&mut self, sale: &SaleId) -> Result<Vec<Dispute>, StoreError> {
        let sql = "select id, vendor_id, sale_id, external_id, amount, status, at, closed_at from dispute \
                   where sale_id = $1 order by at, id";
        self.rows(sql, params![sale])?.into_iter().map(read_dispute).collect()
    }

    /// The dispute of our own id.
    pub fn dispute_by_id(
        &mut self,
        vendor: &VendorId,
        id: &DisputeId,
    ) -> Result<Option<Dispute>, StoreError> {
        let sql = "select id, vendor_id, sale_id, external_id, amount, status, at, closed_at from dispute \
                   where vendor_id = $1 and id = $2";
        self.row(sql, params![vendor, id])?.map(read_dispute).transpose()
    }

    /// A dispute of a sale, by the processor's id.
    pub fn dispute(&mut self, sale: &SaleId, external_id: &str) -> Result<Option<Dispute>, StoreError> {
        let sql = "select id, vendor_id, sale_id, external_id, amount, status, at, closed_at from dispute \
                   where sale_id = $1 and external_id = $2";
        self.row(sql, params![sale, external_id])?.map(read_dispute).transpose()
    }
}

fn read_dispute(mut row: Row) -> Result<Dispute, StoreError> {
    Ok(Dispute {
        id: row.next()?,
        vendor: row.next()?,
        sale: row.next()?,
        external_id: row.next()?,
        amount: row.next()?,
        status: Status::parse(&row.next::<String>()?).map_err(broken)?,
        at: row.next()?,
        closed_at: row.next()?,
    })
}
