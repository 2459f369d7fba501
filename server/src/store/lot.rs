//! Lots and what was drawn from them.

use super::value::Value;
use super::{Row, StoreError, Tx, params, row};
use goodword_domain::fund::LotKind;
use goodword_domain::id::{FundId, LotId, PartnerId, ProgramId, VendorId};
use goodword_domain::lot::{Lot, Part};
use goodword_domain::money::Currency;
use goodword_domain::settlement::Span;
use goodword_domain::time::Instant;

/// The columns [`read_lot`] reads, then the rest of the query.
macro_rules! lots {
    ($($rest:literal),+) => {
        concat!(
            "select l.id, l.vendor_id, l.program_id, l.purse, l.partner_id, l.kind, l.currency, l.amount, l.remaining, l.gone, \
             l.period_start, l.note, l.by, l.at, l.expires_at from lot l ",
            $($rest),+
        )
    };
}

/// An amount that came into a fund.
#[derive(Clone, Debug)]
pub struct LotRow {
    pub vendor: VendorId,
    pub program: ProgramId,
    pub fund: FundId,
    /// Whose; none where it is set aside for all.
    pub partner: Option<PartnerId>,
    pub kind: LotKind,
    pub currency: Currency,
    /// How much came in, minor units.
    pub amount: i64,
    /// How much has expired or was taken away.
    pub gone: i64,
    /// Of what accrued: the first instant of the period.
    pub period_start: Option<Instant>,
    pub note: String,
    /// Who put it in.
    pub by: String,
    pub lot: Lot,
}

/// Which lots to load.
#[derive(Clone, Copy, Debug)]
pub struct LotsOf<'a> {
    pub fund: &'a FundId,
    /// None for those set aside for all.
    pub partner: Option<&'a PartnerId>,
    /// Also those it drew from, though nothing is left in them.
    pub drawer: &'a str,
}

impl Tx<'_> {
    pub fn insert_lot(&mut self, l: &LotRow) -> Result<(), StoreError> {
        let sql = "insert into lot (id, vendor_id, program_id, purse, partner_id, kind, currency, amount, remaining, gone, \
                   period_start, note, by, at, expires_at) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
        let partner = l.partner.as_ref().map_or("", PartnerId::as_str);
        let values = params![
            &l.lot.id,
            &l.vendor,
            &l.program,
            &l.fund,
            partner,
            l.kind.word(),
            l.currency,
            l.amount,
            l.lot.left,
            l.gone,
            l.period_start,
            &l.note,
            &l.by,
            l.lot.came_at,
            l.lot.expires_at
        ];
        self.execute(sql, values)?;
        Ok(())
    }

    /// Lots with something left, and those a drawer drew from.
    pub fn lots(&mut self, of: LotsOf<'_>) -> Result<Vec<LotRow>, StoreError> {
        let sql = lots!(
            "where l.purse = $1 and l.partner_id = $2 and (l.remaining > 0 or exists \
             (select 1 from lot_draw d where d.lot_id = l.id and d.drawer = $3)) order by l.id"
        );
        let partner = of.partner.map_or("", PartnerId::as_str);
        self.rows(sql, params![of.fund, partner, of.drawer])?.into_iter().map(read_lot).collect()
    }

    /// All lots of a fund, the newest first: of one partner, or all.
    pub fn all_lots(
        &mut self,
        fund: &FundId,
        partner: Option<&PartnerId>,
        after: Option<&LotId>,
        limit: i64,
    ) -> Result<Vec<LotRow>, StoreError> {
        let sql = lots!(
            "where l.purse = $1 and (cast($2 as text) is null or l.partner_id = $2) \
             and (cast($3 as text) is null or l.id < $3) order by l.id desc limit $4"
        );
        self.rows(sql, params![fund, partner, after, limit])?.into_iter().map(read_lot).collect()
    }

    pub fn lot(&mut self, vendor: &VendorId, id: &LotId) -> Result<Option<LotRow>, StoreError> {
        let sql = lots!("where l.vendor_id = $1 and l.id = $2 and l.kind <> 'points'");
        self.row(sql, params![vendor, id])?.map(read_lot).transpose()
    }

    /// Lots of a vendor that have expired by an instant with something in them, partners' before what they came out of.
    pub fn lots_to_expire(
        &mut self,
        vendor: &VendorId,
        now: Instant,
        limit: i64,
    ) -> Result<Vec<LotRow>, StoreError> {
        let sql = lots!(
            "where l.vendor_id = $1 and l.kind <> 'points' and l.remaining > 0 and l.expires_at is not null and l.expires_at <= $2 \
             order by case when l.partner_id = '' then 1 else 0 end, l.id limit $3"
        );
        self.rows(sql, params![vendor, now, limit])?.into_iter().map(read_lot).collect()
    }

    /// Lots of a vendor that will expire, the soonest first.
    pub fn lots_that_expire(
        &mut self,
        vendor: &VendorId,
        (from, until): (Instant, Instant),
        limit: i64,
    ) -> Result<Vec<LotRow>, StoreError> {
        let sql = lots!(
            "where l.vendor_id = $1 and l.kind <> 'points' and l.remaining > 0 and l.expires_at is not null and l.expires_at > $2 \
             and l.expires_at <= $3 order by l.expires_at, l.id limit $4"
        );
        self.rows(sql, params![vendor, from, until, limit])?.into_iter().map(read_lot).collect()
    }

    /// The lots a period's purchases of a partner have made, the newest first.
    pub fn accrued_lots(
        &mut self,
        fund: &FundId,
        partner: &PartnerId,
        period: Instant,
    ) -> Result<Vec<LotRow>, StoreError> {
        let sql = lots!(
            "where l.purse = $1 and l.partner_id = $2 and l.kind = 'accrual' and l.period_start = $3 order by l.id desc"
        );
        self.rows(sql, params![fund, partner, period])?.into_iter().map(read_lot).collect()
    }

    /// The lots that settlements of a rule have made for a partner's period, the newest first.
    pub fn settled_lots(
        &mut self,
        program: &ProgramId,
        rule: &str,
        partner: &PartnerId,
        span: Span,
    ) -> Result<Vec<LotRow>, StoreError> {
        let sql = lots!(
            "join settlement_line n on n.lot_id = l.id join settlement s on s.id = n.settlement_id \
             where s.program_id = $1 and s.rule = $2 and n.partner_id = $3 and n.starts_at = $4 and n.ends_at = $5 \
             order by l.id desc"
        );
        let of = params![program, rule, partner, span.start, span.end];
        self.rows(sql, of)?.into_iter().map(read_lot).collect()
    }

    /// What a settlement takes back lessens what came in: of what is left, and of what has expired.
    pub fn take_from_lot(&mut self, id: &LotId, left: i64, gone: i64) -> Result<(), StoreError> {
        let sql = "update lot set amount = amount - $2 - $3, remaining = remaining - $2, gone = gone - $3 where id = $1";
        self.execute(sql, params![id, left, gone])?;
        Ok(())
    }

    /// What is left of a lot, and what is gone of it.
    pub fn update_lot(&mut self, id: &LotId, left: i64, gone: i64) -> Result<(), StoreError> {
        let sql = "update lot set remaining = $2, gone = $3 where id = $1";
        self.execute(sql, params![id, left, gone])?;
        Ok(())
    }

    /// What is taken back of what purchases had made lessens what came in.
    pub fn lessen_lot(&mut self, id: &LotId, amount: i64, left: i64) -> Result<(), StoreError> {
        self.execute(
            "update lot set amount = amount - $2, remaining = $3 where id = $1",
            params![id, amount, left],
        )?;
        Ok(())
    }

    /// Has a lot expire at an instant.
    pub fn end_lot(&mut self, id: &LotId, at: Instant) -> Result<(), StoreError> {
        self.execute("update lot set expires_at = $2 where id = $1", params![id, at])?;
        Ok(())
    }

    /// What a drawer drew, in the order it was drawn.
    pub fn draws(&mut self, drawer: &str) -> Result<Vec<Part>, StoreError> {
        let sql = "select lot_id, amount, back from lot_draw where drawer = $1 order by place";
        let read = |mut row: Row| Ok(Part { lot: row.next()?, amount: row.next()?, back: row.next()? });
        self.rows(sql, params![drawer])?.into_iter().map(read).collect()
    }

    pub fn insert_draws(
        &mut self,
        vendor: &VendorId,
        drawer: &str,
        parts: &[Part],
    ) -> Result<(), StoreError> {
        let sql = "insert into lot_draw (drawer, lot_id, vendor_id, place, amount, back) values ($1, $2, $3, $4, $5, $6)";
        let row = |(place, part): (usize, &Part)| -> Vec<Value> {
            let place = i64::try_from(place).unwrap_or(i64::MAX);
            row![drawer, &part.lot, vendor, place, part.amount, part.back]
        };
        self.execute_all(sql, &parts.iter().enumerate().map(row).collect::<Vec<_>>())
    }

    /// Saves what was given back.
    pub fn update_draws(&mut self, drawer: &str, parts: &[Part]) -> Result<(), StoreError> {
        for part in parts {
            let sql = "update lot_draw set back = $3 where drawer = $1 and lot_id = $2";
            self.execute(sql, params![drawer, &part.lot, part.back])?;
        }
        Ok(())
    }
}

fn read_lot(mut row: Row) -> Result<LotRow, StoreError> {
    let id: LotId = row.next()?;
    let (vendor, program, fund) = (row.next()?, row.next()?, row.next()?);
    let partner: String = row.next()?;
    let kind: String = row.next()?;
    let broken = || StoreError::Failed(format!("lot {id} is broken"));
    let partner =
        if partner.is_empty() { None } else { Some(PartnerId::parse(&partner).map_err(|_| broken())?) };
    let kind = LotKind::parse(&kind).ok_or_else(broken)?;
    let (currency, amount, left, gone) = (row.next()?, row.next()?, row.next()?, row.next()?);
    let (period_start, note, by) = (row.next()?, row.next()?, row.next()?);
    let lot = Lot { id, came_at: row.next()?, expires_at: row.next()?, left };
    Ok(LotRow { vendor, program, fund, partner, kind, currency, amount, gone, period_start, note, by, lot })
}
