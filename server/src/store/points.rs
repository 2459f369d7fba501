//! Lots of points, what partners have completed, and what was earned.

use super::balance::balance;
use super::{Row, StoreError, Tx, params};
use goodword_domain::id::{CommissionId, CompletionId, PartnerId, ProgramId, VendorId};
use goodword_domain::ledger::{Account, AccountKind};
use goodword_domain::lot::Lot;
use goodword_domain::money::Currency;
use goodword_domain::points::{Credited, Earned};
use goodword_domain::time::Instant;
use std::collections::BTreeMap;

/// The columns [`read_lot`] reads, then the rest of the query.
macro_rules! lots {
    ($($rest:literal),+) => {
        concat!(
            "select l.id, l.commission_id, l.amount, l.remaining, l.gone, l.owed, l.at, l.expires_at from lot l ",
            $($rest),+
        )
    };
}

/// The columns [`read_completion`] reads, then the rest of the query.
macro_rules! completions {
    ($rest:literal) => {
        concat!(
            "select id, vendor_id, program_id, partner_id, event_name, badge, badge_key, external_id, metadata, commission_id, at \
             from completion ",
            $rest
        )
    };
}
pub(super) use completions;

/// Which lots of points to load.
#[derive(Clone, Copy, Debug)]
pub struct PointsOf<'a> {
    pub program: &'a ProgramId,
    pub partner: &'a PartnerId,
    /// Also those of this commission, though nothing is left in them.
    pub commission: Option<&'a CommissionId>,
    /// Also those it drew from.
    pub drawer: &'a str,
}

/// Something a partner has completed.
#[derive(Clone, Debug)]
pub struct CompletionRow {
    pub id: CompletionId,
    pub vendor: VendorId,
    pub program: ProgramId,
    pub partner: PartnerId,
    pub event_name: String,
    pub badge: Option<String>,
    /// The event and the badge, folded.
    pub badge_key: Option<String>,
    pub external_id: Option<String>,
    /// Free data of the vendor's, JSON.
    pub metadata: Option<String>,
    pub commission: Option<CommissionId>,
    pub at: Instant,
}

impl Tx<'_> {
    /// Lots of points with something left, and those that are asked for, in the order they came.
    pub fn points_lots(&mut self, of: PointsOf<'_>) -> Result<Vec<Credited>, StoreError> {
        let sql = lots!(
            "where l.purse = $1 and l.partner_id = $2 and l.kind = 'points' and (l.remaining > 0 or l.commission_id = $3 or exists \
             (select 1 from lot_draw d where d.lot_id = l.id and d.drawer = $4)) order by l.at, l.id"
        );
        let values = params![of.program, of.partner, of.commission, of.drawer];
        self.rows(sql, values)?.into_iter().map(read_lot).collect()
    }

    pub fn insert_points_lot(
        &mut self,
        (vendor, program, partner): (&VendorId, &ProgramId, &PartnerId),
        c: &Credited,
    ) -> Result<(), StoreError> {
        let sql = "insert into lot (id, vendor_id, program_id, purse, partner_id, kind, currency, amount, remaining, gone, owed, \
                   commission_id, note, by, at, expires_at) \
                   values ($1, $2, $3, $3, $4, 'points', $5, $6, $7, $8, $9, $10, '', 'goodword', $11, $12)";
        let (at, expires_at) = (c.lot.came_at, c.lot.expires_at);
        let values = params![
            &c.lot.id,
            vendor,
            program,
            partner,
            Currency::POINTS,
            c.amount,
            c.lot.left,
            c.gone,
            c.owed,
            &c.commission,
            at,
            expires_at
        ];
        self.execute(sql, values)?;
        Ok(())
    }

    pub fn update_points_lot(&mut self, c: &Credited) -> Result<(), StoreError> {
        let sql = "update lot set amount = $2, remaining = $3, gone = $4, owed = $5 where id = $1";
        self.execute(sql, params![&c.lot.id, c.amount, c.lot.left, c.gone, c.owed])?;
        Ok(())
    }

    /// Partners of a vendor some of whose points have expired by an instant, each once.
    pub fn points_to_expire(
        &mut self,
        vendor: &VendorId,
        now: Instant,
        limit: i64,
    ) -> Result<Vec<(ProgramId, PartnerId)>, StoreError> {
        let sql = "select distinct program_id, partner_id from lot where vendor_id = $1 and kind = 'points' and remaining > 0 \
                   and expires_at is not null and expires_at <= $2 order by program_id, partner_id limit $3";
        let read = |mut row: Row| Ok((row.next()?, row.next()?));
        self.rows(sql, params![vendor, now, limit])?.into_iter().map(read).collect()
    }

    /// What a partner holds in each kind of account of points.
    pub fn points_accounts(
        &mut self,
        program: &ProgramId,
        partner: &PartnerId,
    ) -> Result<BTreeMap<String, i64>, StoreError> {
        let sql = concat!(
            "select a.kind, ",
            balance!(),
            " from account a where a.program_id = $1 and a.partner_id = $2 and a.currency = $3"
        );
        let read = |mut row: Row| Ok((row.next()?, row.next()?));
        self.rows(sql, params![program, partner, Currency::POINTS])?.into_iter().map(read).collect()
    }

    /// What was taken back of a partner's points after they were redeemed, and is not covered.
    pub fn points_owed(&mut self, program: &ProgramId, partner: &PartnerId) -> Result<i64, StoreError> {
        let account = Account::of(AccountKind::Clawback, partner.clone(), Currency::POINTS);
        let accounts = self.points_accounts(program, partner)?;
        Ok(-accounts.get(account.kind.word()).copied().unwrap_or(0))
    }

    /// The points a partner earned in a half-open range, prizes aside; of what is held for review none.
    pub fn points_earned(
        &mut self,
        program: &ProgramId,
        partner: &PartnerId,
        (from, to): (Instant, Instant),
    ) -> Result<Vec<Earned>, StoreError> {
        let sql = "select c.at, c.earnings from commission c where c.program_id = $1 and c.partner_id = $2 and c.currency = $3 \
                   and c.at >= $4 and c.at < $5 and c.status in ('pending', 'processed') and c.earnings > 0 \
                   and not exists (select 1 from prize_line p where p.commission_id = c.id) order by c.at, c.id";
        let read = |mut row: Row| Ok(Earned { at: row.next()?, points: row.next()? });
        let values = params![program, partner, Currency::POINTS, from, to];
        self.rows(sql, values)?.into_iter().map(read).collect()
    }

    /// The points each partner of a program earned in a half-open range, prizes aside.
    pub fn points_by_partner(
        &mut self,
        program: &ProgramId,
        (from, to): (Instant, Instant),
    ) -> Result<Vec<(PartnerId, i64)>, StoreError> {
        let sql = "select c.partner_id, cast(sum(c.earnings) as bigint) from commission c join enrollment e \
                   on e.program_id = c.program_id and e.partner_id = c.partner_id and e.status = 'approved' \
                   where c.program_id = $1 and c.currency = $2 \
                   and c.at >= $3 and c.at < $4 and c.status in ('pending', 'processed') and c.earnings > 0 \
                   and not exists (select 1 from prize_line p where p.commission_id = c.id) \
                   group by c.partner_id order by c.partner_id";
        let read = |mut row: Row| Ok((row.next()?, row.next()?));
        self.rows(sql, params![program, Currency::POINTS, from, to])?.into_iter().map(read).collect()
    }

    pub fn insert_completion(&mut self, c: &CompletionRow) -> Result<(), StoreError> {
        let sql = "insert into completion (id, vendor_id, program_id, partner_id, event_name, badge_key, badge, external_id, \
                   metadata, commission_id, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        let values = params![
            &c.id,
            &c.vendor,
            &c.program,
            &c.partner,
            &c.event_name,
            &c.badge_key,
            &c.badge,
            &c.external_id,
            &c.metadata,
            &c.commission,
            c.at
        ];
        self.execute(sql, values)?;
        Ok(())
    }

    /// What a partner has completed under the key of a badge.
    pub fn completion_of_badge(
        &mut self,
        program: &ProgramId,
        partner: &PartnerId,
        key: &str,
    ) -> Result<Option<CompletionRow>, StoreError> {
        let sql = completions!("where program_id = $1 and partner_id = $2 and badge_key = $3");
        self.row(sql, params![program, partner, key])?.map(read_completion).transpose()
    }

    /// What a partner has completed, the latest first.
    pub fn completions_of(
        &mut self,
        program: &ProgramId,
        partner: &PartnerId,
        limit: i64,
    ) -> Result<Vec<CompletionRow>, StoreError> {
        let sql =
            completions!("where partner_id = $2 and program_id = $1 order by at desc, id desc limit $3");
        self.rows(sql, params![program, partner, limit])?.into_iter().map(read_completion).collect()
    }
}

fn read_lot(mut row: Row) -> Result<Credited, StoreError> {
    let (id, commission) = (row.next()?, row.next()?);
    let (amount, left, gone, owed) = (row.next()?, row.next()?, row.next()?, row.next()?);
    let lot = Lot { id, came_at: row.next()?, expires_at: row.next()?, left };
    Ok(Credited { commission, lot, amount, gone, owed })
}

pub fn read_completion(mut row: Row) -> Result<CompletionRow, StoreError> {
    Ok(CompletionRow {
        id: row.next()?,
        vendor: row.next()?,
        program: row.next()?,
        partner: row.next()?,
        event_name: row.next()?,
        badge: row.next()?,
        badge_key: row.next()?,
        external_id: row.next()?,
        metadata: row.next()?,
        commission: row.next()?,
        at: row.next()?,
    })
}
