//! Payouts: batches, and the payouts in them.

use super::page::turned;
use super::payee::{read_method, write_details};
use super::program::broken;
use super::{Fact, Figures, Page, Row, StoreError, Tallies, Tx, params, row};
use goodword_domain::commission::Status as Earned;
use goodword_domain::event::EventKind;
use goodword_domain::id::{BatchId, CommissionId, LinkId, PartnerId, PayoutId, ProgramId, VendorId};
use goodword_domain::money::Currency;
use goodword_domain::payout::method::Method;
use goodword_domain::payout::{BatchStatus, Payout, Status};
use goodword_domain::time::Instant;

/// The columns [`read_payout`] reads, then the rest of the query.
macro_rules! payouts {
    ($($rest:literal),+) => {
        concat!(
            "select o.id, o.partner_id, o.currency, o.amount, o.netted, o.status, o.vendor_id, o.program_id, \
             o.batch_id, p.name, p.email, o.method, o.details, o.commissions, o.period_start, o.period_end, o.note, \
             o.created_at, o.initiated_at, o.paid_at, o.ended_at from payout o join partner p on p.id = o.partner_id ",
            $($rest),+
        )
    };
}

/// The columns [`read_batch`] reads, then the rest of the query.
macro_rules! batches {
    ($($rest:literal),+) => {
        concat!(
            "select id, vendor_id, program_id, currency, minimum, status, created_by, created_by_name, created_at, \
             decided_by, decided_by_name, decided_at from payout_batch ",
            $($rest),+
        )
    };
}

/// Who did something, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// The id of a person or of an API key.
    pub by: String,
    pub name: String,
    pub at: Instant,
}

/// Payouts that go out together.
#[derive(Clone, Debug)]
pub struct BatchRow {
    pub id: BatchId,
    pub vendor: VendorId,
    pub program: ProgramId,
    pub currency: Currency,
    /// What was the least to be paid, minor units.
    pub minimum: i64,
    pub status: BatchStatus,
    pub created: Deed,
    /// The approval, or the cancellation.
    pub decided: Option<Deed>,
}

/// What some of a batch's payouts come to: those of one method that stand alike.
#[derive(Clone, Debug)]
pub struct BatchPart {
    pub method: String,
    pub status: Status,
    pub payouts: i64,
    /// Minor units.
    pub amount: i64,
}

/// A payout to one partner.
#[derive(Clone, Debug)]
pub struct PayoutRow {
    pub payout: Payout,
    pub vendor: VendorId,
    pub program: ProgramId,
    pub batch: BatchId,
    pub partner_name: String,
    pub partner_email: String,
    /// As it was when the payout was made.
    pub method: Method,
    /// How many commissions it was made of.
    pub commissions: i64,
    /// When the earliest of them was earned, and the latest.
    pub period: (Instant, Instant),
    /// What was said when it was marked.
    pub note: Option<String>,
    pub created_at: Instant,
    pub initiated_at: Option<Instant>,
    pub paid_at: Option<Instant>,
    /// When it failed, came back or was canceled.
    pub ended_at: Option<Instant>,
}

/// Which payouts to list.
#[derive(Clone, Debug, Default)]
pub struct PayoutFilter {
    pub program: Option<ProgramId>,
    pub partner: Option<PartnerId>,
    pub batch: Option<BatchId>,
    pub status: Option<&'static str>,
    /// Only to partners of this group.
    pub group: Option<String>,
    pub order: PayoutOrder,
    pub after: Option<PayoutId>,
    pub skip: i64,
    pub limit: i64,
}

/// In which order to list payouts; all but the first are that of a figure, the largest first where `true`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PayoutOrder {
    #[default]
    Newest,
    Amount(bool),
    Initiated(bool),
    Paid(bool),
}

impl Tx<'_> {
    pub fn insert_batch(&mut self, b: &BatchRow) -> Result<(), StoreError> {
        let sql = "insert into payout_batch (id, vendor_id, program_id, currency, minimum, status, created_by, \
                   created_by_name, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let (status, Deed { by, name, at }) = (b.status.word(), &b.created);
        self.execute(
            sql,
            params![&b.id, &b.vendor, &b.program, b.currency, b.minimum, status, by, name, at],
        )?;
        Ok(())
    }

    /// Saves a decision about a batch.
    pub fn decide_batch(&mut self, b: &BatchRow) -> Result<(), StoreError> {
        let sql = "update payout_batch set status = $2, decided_by = $3, decided_by_name = $4, decided_at = $5 where id = $1";
        let deed = b.decided.as_ref();
        let (by, name, at) = (deed.map(|d| &d.by), deed.map(|d| &d.name), deed.map(|d| d.at));
        self.execute(sql, params![&b.id, b.status.word(), by, name, at])?;
        Ok(())
    }

    pub fn batch(&mut self, vendor: &VendorId, id: &BatchId) -> Result<Option<BatchRow>, StoreError> {
        let sql = batches!("where vendor_id = $1 and id = $2");
        self.row(sql, params![vendor, id])?.map(read_batch).transpose()
    }

    /// A vendor's batches.
    pub fn batches(
        &mut self,
        vendor: &VendorId,
        program: Option<&ProgramId>,
        after: Option<&BatchId>,
        page: Page,
    ) -> Result<Vec<BatchRow>, StoreError> {
        macro_rules! listed {
            ($than:literal, $order:literal) => {
                batches!(
                    "where vendor_id = $1 and (cast($2 as text) is null or program_id = $2) \
                     and (cast($3 as text) is null or id ",
                    $than,
                    " $3) order by id ",
                    $order,
                    " limit $4 offset $5"
                )
            };
        }
        let sql = turned!(page, listed);
        self.rows(sql, params![vendor, program, after, page.limit, page.skip])?
            .into_iter()
            .map(read_batch)
            .collect()
    }

    /// What a batch comes to, by method and status.
    pub fn batch_parts(&mut self, batch: &BatchId) -> Result<Vec<BatchPart>, StoreError> {
        let sql = "select method, status, count(*), cast(sum(amount) as bigint) from payout where batch_id = $1 \
                   group by method, status order by method, status";
        let read = |mut row: Row| {
            Ok(BatchPart {
                method: row.next()?,
                status: Status::parse(&row.next::<String>()?).map_err(broken)?,
                payouts: row.next()?,
                amount: row.next()?,
            })
        };
        self.rows(sql, params![batch])?.into_iter().map(read).collect()
    }

    /// Stores payouts and has each take the commissions it was computed from. Where those are others by now, nothing is stored
    /// and the transaction runs again.
    pub fn insert_payouts(&mut self, rows: &[PayoutRow]) -> Result<(), StoreError> {
        self.insert_payout_rows(rows)?;
        for row in rows {
            self.claim(row)?;
            self.tell((&row.vendor, &row.program), EventKind::PayoutCreated, row.payout.id.as_str())?;
        }
        Ok(())
    }

    /// Stores a payout of the past with the commissions it was made of, which stand as payable.
    pub fn insert_past_payout(&mut self, row: &PayoutRow, commissions: &[String]) -> Result<(), StoreError> {
        self.insert_payout_rows(std::slice::from_ref(row))?;
        let sql = "update commission set payout_id = $1 where id = any($2)";
        self.execute(sql, params![&row.payout.id, commissions])?;
        self.no_longer_due(row)?;
        self.insert_items(&row.payout.id)
    }

    fn insert_payout_rows(&mut self, rows: &[PayoutRow]) -> Result<(), StoreError> {
        let sql = "insert into payout (id, vendor_id, program_id, batch_id, partner_id, currency, amount, netted, status, \
                   method, details, commissions, period_start, period_end, created_at) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
        let mut values = Vec::with_capacity(rows.len());
        for row in rows {
            let (o, details) = (&row.payout, write_details(&row.method)?);
            let (kind, (from, to)) = (row.method.kind().word(), row.period);
            values.push(row![
                &o.id,
                &row.vendor,
                &row.program,
                &row.batch,
                &o.partner,
                o.currency,
                o.amount,
                o.netted,
                o.status.word(),
                kind,
                details,
                row.commissions,
                from,
                to,
                row.created_at
            ]);
        }
        self.execute_all(sql, &values)
    }

    /// Writes down which commissions a payout was made of.
    fn insert_items(&mut self, payout: &PayoutId) -> Result<(), StoreError> {
        let sql = "insert into payout_item (payout_id, commission_id, vendor_id, earnings) \
                   select payout_id, id, vendor_id, earnings from commission where payout_id = $1";
        self.execute(sql, params![payout])?;
        Ok(())
    }

    fn claim(&mut self, row: &PayoutRow) -> Result<(), StoreError> {
        let o = &row.payout;
        let sql = "update commission set payout_id = $1 where program_id = $2 and partner_id = $3 and currency = $4 \
                   and status = 'processed' and payout_id is null and not exists (select 1 from split x \
                   where x.sale_id = commission.sale_id and x.status in ('proposed', 'agreed', 'disputed'))";
        self.execute(sql, params![&o.id, &row.program, &o.partner, o.currency])?;
        self.insert_items(&o.id)?;
        let taken = self.no_longer_due(row)?;
        if (taken.commissions, taken.amount()) == (row.commissions, o.amount) {
            return Ok(());
        }
        Err(StoreError::Conflict(format!("what {} is due changed while it was computed", o.partner)))
    }

    pub fn payout(&mut self, vendor: &VendorId, id: &PayoutId) -> Result<Option<PayoutRow>, StoreError> {
        let sql = payouts!("where o.vendor_id = $1 and o.id = $2");
        self.row(sql, params![vendor, id])?.map(read_payout).transpose()
    }

    /// In the order of the filter; a cursor goes with the newest first alone.
    pub fn payouts(&mut self, vendor: &VendorId, f: &PayoutFilter) -> Result<Vec<PayoutRow>, StoreError> {
        macro_rules! listed {
            ($order:literal) => {
                payouts!(
                    "where o.vendor_id = $1 and (cast($2 as text) is null or o.program_id = $2) \
                     and (cast($3 as text) is null or o.partner_id = $3) and (cast($4 as text) is null or o.batch_id = $4) \
                     and (cast($5 as text) is null or o.status = $5) and (cast($6 as text) is null or o.id < $6) \
                     and (cast($8 as text) is null or exists (select 1 from enrollment e where e.program_id = o.program_id \
                     and e.partner_id = o.partner_id and e.group_id = $8)) order by ",
                    $order,
                    " limit $7 offset $9"
                )
            };
        }
        let sql = match f.order {
            PayoutOrder::Newest => listed!("o.id desc"),
            PayoutOrder::Amount(true) => listed!("o.amount desc, o.id desc"),
            PayoutOrder::Amount(false) => listed!("o.amount, o.id"),
            PayoutOrder::Initiated(true) => listed!("coalesce(o.initiated_at, 0) desc, o.id desc"),
            PayoutOrder::Initiated(false) => listed!("coalesce(o.initiated_at, 0), o.id"),
            PayoutOrder::Paid(true) => listed!("coalesce(o.paid_at, 0) desc, o.id desc"),
            PayoutOrder::Paid(false) => listed!("coalesce(o.paid_at, 0), o.id"),
        };
        let filter =
            params![vendor, &f.program, &f.partner, &f.batch, f.status, &f.after, f.limit, &f.group, f.skip];
        self.rows(sql, filter)?.into_iter().map(read_payout).collect()
    }

    /// In the order in which they were made.
    pub fn payouts_of_batch(&mut self, batch: &BatchId) -> Result<Vec<PayoutRow>, StoreError> {
        let sql = payouts!("where o.batch_id = $1 order by o.id");
        self.rows(sql, params![batch])?.into_iter().map(read_payout).collect()
    }

    /// A partner's latest payouts in a program, newest first, without those that never went out.
    pub fn latest_payouts_of(
        &mut self,
        program: &ProgramId,
        partner: &PartnerId,
        limit: i64,
    ) -> Result<Vec<PayoutRow>, StoreError> {
        let sql = payouts!(
            "where o.partner_id = $1 and o.program_id = $2 and o.status not in ('pending', 'canceled') \
             order by o.id desc limit $3"
        );
        self.rows(sql, params![partner, program, limit])?.into_iter().map(read_payout).collect()
    }

    /// Saves where a payout stands, and where its commissions do: paid with it, or due again. `before` is where it stood.
    pub fn update_payout(
        &mut self,
        row: &PayoutRow,
        before: Status,
        tallies: &mut Tallies,
    ) -> Result<(), StoreError> {
        let sql = "update payout set status = $2, note = $3, initiated_at = $4, paid_at = $5, ended_at = $6 where id = $1";
        let (id, status) = (&row.payout.id, row.payout.status);
        self.execute(
            sql,
            params![id, status.word(), &row.note, row.initiated_at, row.paid_at, row.ended_at],
        )?;
        if let Some(kind) = kind_of(status) {
            self.tell((&row.vendor, &row.program), kind, id.as_str())?;
        }
        let stood = if before == Status::Completed { Earned::Paid } else { Earned::Processed };
        let stands = if status == Status::Completed { Earned::Paid } else { Earned::Processed };
        if stood != stands {
            // Figures are of money alone.
            if row.payout.currency.is_money() {
                self.tally_payout(row, stood, stands, tallies)?;
            }
            self.tell_commissions_of(row, stood)?;
            let sql = "update commission set status = $2, reason = $3 where payout_id = $1";
            self.execute(sql, params![id, stands.word(), stands.reason()])?;
        }
        if status.is_undone() {
            self.due_again(row)?;
            self.execute("update commission set payout_id = null where payout_id = $1", params![id])?;
        }
        Ok(())
    }

    fn tell_commissions_of(&mut self, row: &PayoutRow, stood: Earned) -> Result<(), StoreError> {
        if !self.is_listened(&row.vendor, EventKind::CommissionUpdated)? {
            return Ok(());
        }
        let sql = "select id, earnings from commission where payout_id = $1 order by id";
        for mut found in self.rows(sql, params![&row.payout.id])? {
            let (id, earnings): (CommissionId, i64) = (found.next()?, found.next()?);
            self.tell_updated((&row.vendor, &row.program), &id, stood, earnings)?;
        }
        Ok(())
    }

    fn tally_payout(
        &mut self,
        row: &PayoutRow,
        stood: Earned,
        stands: Earned,
        tallies: &mut Tallies,
    ) -> Result<(), StoreError> {
        let sql = "select id, link_id, at, earnings, origin from commission where payout_id = $1 and source <> 'fund'";
        for mut found in self.rows(sql, params![&row.payout.id])? {
            let (id, link): (String, Option<LinkId>) = (found.next()?, found.next()?);
            let (at, earnings, origin): (_, i64, _) = (found.next()?, found.next()?, found.next()?);
            let mut change = Figures::of_earnings(stands, earnings);
            change += Figures::of_earnings(stood, earnings).negative();
            let fact = Fact { program: &row.program, link: link.as_ref(), at, id: &id, origin };
            self.tally(tallies, &fact, change)?;
        }
        Ok(())
    }
}

/// What is told of a payout that came to stand so; nothing new of one that waits.
fn kind_of(status: Status) -> Option<EventKind> {
    match status {
        Status::Pending => None,
        Status::Processing => Some(EventKind::PayoutApproved),
        Status::Completed => Some(EventKind::PayoutPaid),
        Status::Failed => Some(EventKind::PayoutFailed),
        Status::Returned => Some(EventKind::PayoutReturned),
        Status::Canceled => Some(EventKind::PayoutCanceled),
    }
}

fn read_batch(mut row: Row) -> Result<BatchRow, StoreError> {
    Ok(BatchRow {
        id: row.next()?,
        vendor: row.next()?,
        program: row.next()?,
        currency: row.next()?,
        minimum: row.next()?,
        status: BatchStatus::parse(&row.next::<String>()?).map_err(broken)?,
        created: Deed { by: row.next()?, name: row.next()?, at: row.next()? },
        decided: match (row.next()?, row.next()?, row.next()?) {
            (Some(by), Some(name), Some(at)) => Some(Deed { by, name, at }),
            _ => None,
        },
    })
}

fn read_payout(mut row: Row) -> Result<PayoutRow, StoreError> {
    Ok(PayoutRow {
        payout: Payout {
            id: row.next()?,
            partner: row.next()?,
            currency: row.next()?,
            amount: row.next()?,
            netted: row.next()?,
            status: Status::parse(&row.next::<String>()?).map_err(broken)?,
        },
        vendor: row.next()?,
        program: row.next()?,
        batch: row.next()?,
        partner_name: row.next()?,
        partner_email: row.next()?,
        method: read_method(&row.next::<String>()?, &row.next::<String>()?)?,
        commissions: row.next()?,
        period: (row.next()?, row.next()?),
        note: row.next()?,
        created_at: row.next()?,
        initiated_at: row.next()?,
        paid_at: row.next()?,
        ended_at: row.next()?,
    })
}
