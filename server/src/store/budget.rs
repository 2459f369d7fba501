//! Changes of what programs set aside.

use super::page::turned;
use super::{Page, Row, StoreError, Tx, params};
use goodword_domain::id::{BudgetId, ProgramId, VendorId};
use goodword_domain::money::Currency;
use goodword_domain::time::Instant;

/// Money set aside for a program, or taken away again.
#[derive(Clone, Debug)]
pub struct BudgetChange {
    pub id: BudgetId,
    pub vendor: VendorId,
    pub program: ProgramId,
    /// Minor units; negative where it was taken away.
    pub amount: i64,
    pub currency: Currency,
    pub note: String,
    /// Who did it.
    pub by: String,
    pub at: Instant,
}

impl Tx<'_> {
    pub fn insert_budget_change(&mut self, c: &BudgetChange) -> Result<(), StoreError> {
        let sql = "insert into budget_change (id, vendor_id, program_id, amount, currency, note, by, at) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8)";
        let values = params![&c.id, &c.vendor, &c.program, c.amount, c.currency, &c.note, &c.by, c.at];
        self.execute(sql, values)?;
        Ok(())
    }

    /// The changes of a program's budget in a currency.
    pub fn budget_changes(
        &mut self,
        (program, currency): (&ProgramId, Currency),
        after: Option<&BudgetId>,
        page: Page,
    ) -> Result<Vec<BudgetChange>, StoreError> {
        macro_rules! listed {
            ($than:literal, $order:literal) => {
                concat!(
                    "select id, vendor_id, program_id, amount, currency, note, by, at from budget_change where program_id = $1 \
                     and currency = $5 and (cast($2 as text) is null or id ", $than, " $2) order by id ", $order, " limit $3 offset $4"
                )
            };
        }
        let sql = turned!(page, listed);
        self.rows(sql, params![program, after, page.limit, page.skip, currency])?
            .into_iter()
            .map(read_change)
            .collect()
    }

    /// What was set aside for a program in a currency and not taken away again, minor units.
    pub fn set_aside(&mut self, program: &ProgramId, currency: Currency) -> Result<i64, StoreError> {
        let sql = "select cast(coalesce(sum(amount), 0) as bigint) from budget_change where program_id = $1 and currency = $2";
        self.row(sql, params![program, currency])?.map_or(Ok(0), |mut row| row.next())
    }
}

fn read_change(mut row: Row) -> Result<BudgetChange, StoreError> {
    Ok(BudgetChange {
        id: row.next()?,
        vendor: row.next()?,
        program: row.next()?,
        amount: row.next()?,
        currency: row.next()?,
        note: row.next()?,
        by: row.next()?,
        at: row.next()?,
    })
}
