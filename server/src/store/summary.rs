//! What happened in a whole program, summed up.

use super::{Row, StoreError, Tx, params};
use goodword_domain::id::ProgramId;

/// Sign-ups or sales that were decided alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReasonSum {
    pub reason: String,
    pub credited: bool,
    pub count: i64,
    /// Minor units of the program's currency, refunds taken off; 0 for sign-ups.
    pub amount: i64,
}

/// Commissions that stand alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusSum {
    pub status: String,
    pub currency: String,
    pub count: i64,
    /// Minor units.
    pub earnings: i64,
}

impl Tx<'_> {
    /// A program's sign-ups, by the reason of their credit.
    pub fn lead_sums(&mut self, program: &ProgramId) -> Result<Vec<ReasonSum>, StoreError> {
        let sql = "select reason, partner_id is not null, count(*), cast(0 as bigint) from lead where program_id = $1 \
                   group by reason, partner_id is not null order by 3 desc, 1";
        self.rows(sql, params![program])?.into_iter().map(read_reason).collect()
    }

    /// A program's sales, by the reason of their credit.
    pub fn sale_sums(&mut self, program: &ProgramId) -> Result<Vec<ReasonSum>, StoreError> {
        let sql = "select reason, partner_id is not null, count(*), cast(coalesce(sum(value_left), 0) as bigint) from sale \
                   where program_id = $1 group by reason, partner_id is not null order by 3 desc, 1";
        self.rows(sql, params![program])?.into_iter().map(read_reason).collect()
    }

    /// A program's commissions, by status and currency.
    pub fn commission_sums(&mut self, program: &ProgramId) -> Result<Vec<StatusSum>, StoreError> {
        let sql = "select status, currency, count(*), cast(coalesce(sum(earnings), 0) as bigint) from commission \
                   where program_id = $1 group by status, currency order by 2, 1";
        let read = |mut row: Row| {
            Ok(StatusSum {
                status: row.next()?,
                currency: row.next()?,
                count: row.next()?,
                earnings: row.next()?,
            })
        };
        self.rows(sql, params![program])?.into_iter().map(read).collect()
    }
}

fn read_reason(mut row: Row) -> Result<ReasonSum, StoreError> {
    Ok(ReasonSum { reason: row.next()?, credited: row.next()?, count: row.next()?, amount: row.next()? })
}
