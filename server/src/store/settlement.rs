//! Periods that were settled, what was posted for each, and the sales they are worked out from.

use super::page::turned;
use super::{Page, Row, StoreError, Tx, params};
use goodword_domain::id::{CommissionId, LotId, PartnerId, ProgramId, SettlementId, VendorId};
use goodword_domain::settlement::{Posted, Span};
use goodword_domain::time::Instant;

/// The columns [`read_settlement`] reads, then the rest of the query.
macro_rules! settlements {
    ($($rest:literal),+) => {
        concat!(
            "select s.id, s.vendor_id, s.program_id, s.rule, s.starts_at, s.ends_at, s.version, s.by, s.at from settlement s ",
            $($rest),+
        )
    };
}

/// A period that was settled.
#[derive(Clone, Debug)]
pub struct SettlementRow {
    pub id: SettlementId,
    pub vendor: VendorId,
    pub program: ProgramId,
    /// The rule's key.
    pub rule: String,
    pub span: Span,
    /// Of the program's terms.
    pub version: i64,
    pub by: String,
    pub at: Instant,
}

/// What was posted to a partner for a period.
#[derive(Clone, Debug)]
pub struct SettledLine {
    pub partner: PartnerId,
    pub span: Span,
    pub measured: i64,
    pub target: Option<i64>,
    pub earned: i64,
    pub cash: i64,
    pub coop: i64,
    /// What it has put into a fund.
    pub lot: Option<LotId>,
    pub commission: Option<CommissionId>,
}

/// A sale as settlements see it.
#[derive(Clone, Debug)]
pub struct SettledSale {
    pub partner: PartnerId,
    pub customer: String,
    pub amount: i64,
    /// What is given back or in dispute.
    pub gone: i64,
    /// What is left in the program's currency.
    pub value_left: i64,
    pub detail: Option<String>,
    pub metadata: Option<String>,
    pub at: Instant,
}

impl Tx<'_> {
    pub fn insert_settlement(&mut self, s: &SettlementRow, lines: &[SettledLine]) -> Result<(), StoreError> {
        let sql = "insert into settlement (id, vendor_id, program_id, rule, starts_at, ends_at, version, by, at) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let (start, end) = (s.span.start, s.span.end);
        self.execute(
            sql,
            params![&s.id, &s.vendor, &s.program, &s.rule, start, end, s.version, &s.by, s.at],
        )?;
        let sql = "insert into settlement_line (settlement_id, partner_id, starts_at, ends_at, measured, target, earned, cash, \
                   coop, lot_id, commission_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        for l in lines {
            let (start, end) = (l.span.start, l.span.end);
            let values = params![
                &s.id,
                &l.partner,
                start,
                end,
                l.measured,
                l.target,
                l.earned,
                l.cash,
                l.coop,
                &l.lot,
                &l.commission
            ];
            self.execute(sql, values)?;
        }
        Ok(())
    }

    pub fn settlement(
        &mut self,
        vendor: &VendorId,
        id: &SettlementId,
    ) -> Result<Option<SettlementRow>, StoreError> {
        let sql = settlements!("where s.vendor_id = $1 and s.id = $2");
        self.row(sql, params![vendor, id])?.map(read_settlement).transpose()
    }

    /// Every period of a rule's that was settled, the oldest first.
    pub fn settlements_of_rule(
        &mut self,
        program: &ProgramId,
        rule: &str,
    ) -> Result<Vec<SettlementRow>, StoreError> {
        let sql = settlements!("where s.program_id = $1 and s.rule = $2 order by s.starts_at, s.ends_at");
        self.rows(sql, params![program, rule])?.into_iter().map(read_settlement).collect()
    }

    /// A vendor's settlements.
    pub fn settlements(
        &mut self,
        vendor: &VendorId,
        program: Option<&ProgramId>,
        after: Option<&SettlementId>,
        page: Page,
    ) -> Result<Vec<SettlementRow>, StoreError> {
        macro_rules! listed {
            ($than:literal, $order:literal) => {
                settlements!(
                    "left join settlement a on a.id = $3 and a.vendor_id = $1 where s.vendor_id = $1 \
                     and (cast($2 as text) is null or s.program_id = $2) and (cast($3 as text) is null or (s.at, s.id) ",
                    $than, " (a.at, a.id)) order by s.at ", $order, ", s.id ", $order, " limit $4 offset $5"
                )
            };
        }
        let sql = turned!(page, listed);
        let filter = params![vendor, program, after, page.limit, page.skip];
        self.rows(sql, filter)?.into_iter().map(read_settlement).collect()
    }

    pub fn settlement_lines(&mut self, id: &SettlementId) -> Result<Vec<SettledLine>, StoreError> {
        let sql = "select partner_id, starts_at, ends_at, measured, target, earned, cash, coop, lot_id, commission_id \
                   from settlement_line where settlement_id = $1 order by partner_id, starts_at desc";
        let read = |mut row: Row| {
            Ok(SettledLine {
                partner: row.next()?,
                span: Span { start: row.next()?, end: row.next()? },
                measured: row.next()?,
                target: row.next()?,
                earned: row.next()?,
                cash: row.next()?,
                coop: row.next()?,
                lot: row.next()?,
                commission: row.next()?,
            })
        };
        self.rows(sql, params![id])?.into_iter().map(read).collect()
    }

    /// What all settlements of a rule have posted, by partner and period.
    pub fn posted_by_rule(
        &mut self,
        program: &ProgramId,
        rule: &str,
    ) -> Result<Vec<(PartnerId, Span, Posted)>, StoreError> {
        let sql = "select l.partner_id, l.starts_at, l.ends_at, cast(sum(l.cash) as bigint), cast(sum(l.coop) as bigint) \
                   from settlement s join settlement_line l on l.settlement_id = s.id where s.program_id = $1 and s.rule = $2 \
                   group by l.partner_id, l.starts_at, l.ends_at";
        let read = |mut row: Row| {
            let partner = row.next()?;
            let span = Span { start: row.next()?, end: row.next()? };
            let (cash, coop): (i64, i64) = (row.next()?, row.next()?);
            Ok((partner, span, Posted { earned: cash + coop, coop }))
        };
        self.rows(sql, params![program, rule])?.into_iter().map(read).collect()
    }

    /// What each partner of a program has sold from an instant until another, as it is left after refunds, in its currency.
    pub fn sold_by_partners(
        &mut self,
        program: &ProgramId,
        (from, until): (Instant, Instant),
    ) -> Result<Vec<(PartnerId, i64)>, StoreError> {
        let sql = "select partner_id, cast(sum(value_left) as bigint) from sale where program_id = $1 and at >= $2 and at < $3 \
                   and partner_id is not null and value_left is not null group by partner_id order by partner_id";
        let read = |mut row: Row| Ok((row.next()?, row.next()?));
        self.rows(sql, params![program, from, until])?.into_iter().map(read).collect()
    }

    /// When the first sale of a program was.
    pub fn first_sold(&mut self, program: &ProgramId) -> Result<Option<Instant>, StoreError> {
        let row =
            self.row("select at from sale where program_id = $1 order by at limit 1", params![program])?;
        row.map(|mut row| row.next()).transpose()
    }

    /// The sales of a program from an instant until another that are credited to somebody and counted in its currency.
    pub fn sales_to_settle(
        &mut self,
        program: &ProgramId,
        partner: Option<&PartnerId>,
        (from, until): (Instant, Instant),
    ) -> Result<Vec<SettledSale>, StoreError> {
        let sql = "select partner_id, coalesce(customer_id, id), amount, refunded + disputed, value_left, detail, metadata, at \
                   from sale where program_id = $1 and at >= $3 and at < $4 and partner_id is not null \
                   and value_left is not null and (cast($2 as text) is null or partner_id = $2) order by at, id";
        let read = |mut row: Row| {
            Ok(SettledSale {
                partner: row.next()?,
                customer: row.next()?,
                amount: row.next()?,
                gone: row.next()?,
                value_left: row.next()?,
                detail: row.next()?,
                metadata: row.next()?,
                at: row.next()?,
            })
        };
        self.rows(sql, params![program, partner, from, until])?.into_iter().map(read).collect()
    }
}

fn read_settlement(mut row: Row) -> Result<SettlementRow, StoreError> {
    Ok(SettlementRow {
        id: row.next()?,
        vendor: row.next()?,
        program: row.next()?,
        rule: row.next()?,
        span: Span { start: row.next()?, end: row.next()? },
        version: row.next()?,
        by: row.next()?,
        at: row.next()?,
    })
}
