//! Partners who had a touchpoint and earned nothing by a sale.

use super::value::Value;
use super::{StoreError, Tx, params, row};
use goodword_domain::id::{PartnerId, ProgramId, SaleId, VendorId};
use goodword_domain::time::Instant;

/// A partner by whom a sale passed.
#[derive(Clone, Debug)]
pub struct PassedOver {
    pub vendor: VendorId,
    pub program: ProgramId,
    pub partner: PartnerId,
    pub sale: SaleId,
    /// When the sale was.
    pub at: Instant,
}

impl Tx<'_> {
    /// Stores whom sales passed over.
    pub fn insert_passed_over(&mut self, all: &[PassedOver]) -> Result<(), StoreError> {
        let sql = "insert into passed_over (vendor_id, program_id, partner_id, sale_id, at) values ($1, $2, $3, $4, $5)";
        let row = |p: &PassedOver| -> Vec<Value> { row![&p.vendor, &p.program, &p.partner, &p.sale, p.at] };
        self.execute_all(sql, &all.iter().map(row).collect::<Vec<_>>())
    }

    /// The sales that passed a partner over and by which he or she has earned nothing since, newest first.
    pub fn passed_over(
        &mut self,
        program: &ProgramId,
        partner: &PartnerId,
        after: Option<&SaleId>,
        limit: i64,
    ) -> Result<Vec<SaleId>, StoreError> {
        let sql = "select o.sale_id from passed_over o where o.program_id = $1 and o.partner_id = $2 \
                   and not exists (select 1 from commission c where c.sale_id = o.sale_id and c.partner_id = o.partner_id) \
                   and (cast($3 as text) is null or o.at < (select at from sale where id = $3) \
                   or (o.at = (select at from sale where id = $3) and o.sale_id < $3)) \
                   order by o.at desc, o.sale_id desc limit $4";
        let rows = self.rows(sql, params![program, partner, after, limit])?;
        rows.into_iter().map(|mut row| row.next()).collect()
    }
}
