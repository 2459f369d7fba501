//! Names by which old links call a link, and what was imported from where.

use super::{Link, StoreError, Tx, params};
use goodword_domain::commission::Status;
use goodword_domain::id::{PartnerId, ProgramId};
use goodword_domain::money::Currency;
use goodword_domain::time::Instant;

/// What a partner's imported commissions come to by now, minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportedSums {
    pub held: i64,
    pub payable: i64,
    pub paid: i64,
}

impl Tx<'_> {
    /// Has a link answer to one more name.
    pub fn insert_alias(
        &mut self,
        link: &Link,
        (alias, folded): (&str, &str),
        source: &str,
        at: Instant,
    ) -> Result<(), StoreError> {
        let sql = "insert into link_alias (program_id, alias_folded, vendor_id, link_id, alias, source, created_at) \
                   values ($1, $2, $3, $4, $5, $6, $7)";
        self.execute(sql, params![&link.program, folded, &link.vendor, &link.id, alias, source, at])?;
        Ok(())
    }

    /// Whether a code is a link's in a program, or a name that old links use.
    pub fn code_is_taken(&mut self, program: &ProgramId, folded: &str) -> Result<bool, StoreError> {
        let sql = "select id from link where program_id = $1 and code_folded = $2 union all \
                   select link_id from link_alias where program_id = $1 and alias_folded = $2";
        Ok(self.row(sql, params![program, folded])?.is_some())
    }

    /// What a partner's commissions come to that came from one source, refunds since then taken off.
    pub fn imported_sums(
        &mut self,
        program: &ProgramId,
        partner: &PartnerId,
        currency: Currency,
        source: &str,
    ) -> Result<ImportedSums, StoreError> {
        let sql = "select c.status, cast(sum(c.earnings) as bigint) from commission c where c.program_id = $1 and c.partner_id = $2 \
                   and c.currency = $3 and exists (select 1 from answered n where n.program_id = $1 and n.source = $4 \
                   and n.kind = 'import-commission' and n.answer = coalesce(c.corrects, c.id)) group by c.status";
        let mut sums = ImportedSums::default();
        for mut row in self.rows(sql, params![program, partner, currency, source])? {
            let (status, earnings): (String, i64) = (row.next()?, row.next()?);
            match Status::parse(&status).map_err(super::program::broken)? {
                Status::Pending | Status::Hold => sums.held += earnings,
                Status::Processed => sums.payable += earnings,
                Status::Paid => sums.paid += earnings,
                Status::Refunded | Status::Canceled | Status::Fraud | Status::NeedsRate => {}
            }
        }
        Ok(sums)
    }
}
