//! Periods whose prizes were given.

use super::{Row, StoreError, Tx, params};
use goodword_domain::id::{CommissionId, PartnerId, ProgramId, VendorId};
use goodword_domain::time::Instant;

/// A period whose prizes were given.
#[derive(Clone, Debug)]
pub struct PrizePeriodRow {
    pub vendor: VendorId,
    pub program: ProgramId,
    /// The prize's key.
    pub prize: String,
    /// Its name then.
    pub name: String,
    pub starts_at: Instant,
    pub ends_at: Instant,
    pub at: Instant,
}

/// Who got what for which place.
#[derive(Clone, Debug)]
pub struct PrizeLine {
    pub partner: PartnerId,
    pub rank: i64,
    pub points: i64,
    pub amount: i64,
    pub commission: Option<CommissionId>,
}

impl Tx<'_> {
    pub fn insert_prize_period(&mut self, p: &PrizePeriodRow, lines: &[PrizeLine]) -> Result<(), StoreError> {
        let sql = "insert into prize_period (program_id, prize, starts_at, ends_at, vendor_id, name, at) \
                   values ($1, $2, $3, $4, $5, $6, $7)";
        let values = params![&p.program, &p.prize, p.starts_at, p.ends_at, &p.vendor, &p.name, p.at];
        self.execute(sql, values)?;
        let sql = "insert into prize_line (program_id, prize, starts_at, partner_id, vendor_id, rank, points, amount, \
                   commission_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        for l in lines {
            let (of, start) = ((&p.program, &p.prize), p.starts_at);
            let values =
                params![of.0, of.1, start, &l.partner, &p.vendor, l.rank, l.points, l.amount, &l.commission];
            self.execute(sql, values)?;
        }
        Ok(())
    }

    /// Every period of a prize that was given, the latest first.
    pub fn prize_periods(
        &mut self,
        program: &ProgramId,
        prize: &str,
        limit: i64,
    ) -> Result<Vec<PrizePeriodRow>, StoreError> {
        let sql = "select vendor_id, program_id, prize, name, starts_at, ends_at, at from prize_period \
                   where program_id = $1 and prize = $2 order by starts_at desc limit $3";
        let read = |mut row: Row| {
            Ok(PrizePeriodRow {
                vendor: row.next()?,
                program: row.next()?,
                prize: row.next()?,
                name: row.next()?,
                starts_at: row.next()?,
                ends_at: row.next()?,
                at: row.next()?,
            })
        };
        self.rows(sql, params![program, prize, limit])?.into_iter().map(read).collect()
    }

    /// Who got what for a period, the best first.
    pub fn prize_lines(&mut self, p: &PrizePeriodRow) -> Result<Vec<PrizeLine>, StoreError> {
        let sql = "select partner_id, rank, points, amount, commission_id from prize_line \
                   where program_id = $1 and prize = $2 and starts_at = $3 order by rank, partner_id";
        let read = |mut row: Row| {
            Ok(PrizeLine {
                partner: row.next()?,
                rank: row.next()?,
                points: row.next()?,
                amount: row.next()?,
                commission: row.next()?,
            })
        };
        self.rows(sql, params![&p.program, &p.prize, p.starts_at])?.into_iter().map(read).collect()
    }
}
