//! What partners are due: cleared commissions that are in no payout, kept summed up in the transaction that changes them.

use super::payee::PayeeRow;
use super::tax::{profile_columns, read_profile};
use super::{CommissionRow, PayoutRow, Row, StoreError, Tx, params, row};
use goodword_domain::commission::{Commission, Status};
use goodword_domain::id::{PartnerId, ProgramId, VendorId};
use goodword_domain::money::Currency;
use goodword_domain::payout::{Due, Obstacle, Payee};
use goodword_domain::tax::{Profile, Wanted};
use std::collections::BTreeMap;

/// The sums of some commissions, then the rest of the query.
macro_rules! sums {
    ($before:literal, $rest:literal) => {
        concat!(
            "select ",
            $before,
            "cast(coalesce(sum(case when c.earnings > 0 then c.earnings else 0 end), 0) as bigint) as earned, \
             cast(coalesce(sum(case when c.earnings < 0 then -c.earnings else 0 end), 0) as bigint) as owed, \
             count(*) as commissions from ",
            $rest
        )
    };
}

/// The instant of a commission that is due to a partner and not held back: the first in an order.
macro_rules! instant {
    ($order:literal) => {
        concat!(
            "(select k.at from commission k where k.program_id = d.program_id and k.partner_id = d.partner_id \
             and k.currency = d.currency and k.status = 'processed' and k.payout_id is null \
             and (k.sale_id is null or k.sale_id not in \
             (select sale_id from split where status in ('proposed', 'agreed', 'disputed'))) order by ",
            $order,
            " limit 1)"
        )
    };
}

/// What a partner is due in a program.
#[derive(Clone, Debug)]
pub struct DueRow {
    pub partner: PartnerId,
    pub name: String,
    pub email: String,
    pub payee: PayeeRow,
    pub due: Due,
    pub tax: Profile,
}

impl DueRow {
    /// What keeps it from being paid.
    pub fn obstacle(&self, wanted: &Wanted, minimum: i64, unit: Currency) -> Option<Obstacle> {
        let payee = Payee {
            has_method: self.payee.method.is_some() || unit.is_product(),
            on_hold: self.payee.on_hold,
            lacks_tax: self.tax.holds_up(wanted) && unit.is_money(),
        };
        self.due.obstacle(payee, minimum)
    }
}

/// By whom and to whom, in a program and a unit, how much more is due than before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Dues(BTreeMap<Key, Sums>);

type Key = (VendorId, ProgramId, PartnerId, Currency);

/// How much some commissions earn and take back, minor units, and how many they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sums {
    earned: i64,
    owed: i64,
    pub(super) commissions: i64,
}

impl Sums {
    fn of(earnings: i64) -> Self {
        Self { earned: earnings.max(0), owed: (-earnings).max(0), commissions: 1 }
    }

    /// What they come to.
    pub(super) fn amount(self) -> i64 {
        self.earned - self.owed
    }

    fn next(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self { earned: row.next()?, owed: row.next()?, commissions: row.next()? })
    }
}

impl Dues {
    /// Counts a commission, one of those in the row's place, as due if it is.
    pub(super) fn add(&mut self, row: &CommissionRow, commission: &Commission) {
        self.change(row, commission, 1);
    }

    /// Takes a commission out that stood so.
    pub(super) fn take(&mut self, row: &CommissionRow, commission: &Commission) {
        self.change(row, commission, -1);
    }

    fn change(&mut self, row: &CommissionRow, c: &Commission, sign: i64) {
        if c.status == Status::Processed && row.payout.is_none() && c.currency != Currency::POINTS {
            let of = (row.vendor.clone(), row.program.clone(), c.partner.clone(), c.currency);
            self.more(of, Sums::of(c.earnings), sign);
        }
    }

    fn more(&mut self, of: Key, sums: Sums, sign: i64) {
        let kept = self.0.entry(of).or_default();
        kept.earned += sign * sums.earned;
        kept.owed += sign * sums.owed;
        kept.commissions += sign * sums.commissions;
    }
}

impl Tx<'_> {
    /// What each partner of a program is due: all cleared commissions that are in no payout, and not of a sale about whose split is to
    /// be decided.
    pub fn due(&mut self, program: &ProgramId, currency: Currency) -> Result<Vec<DueRow>, StoreError> {
        let sql = concat!(
            "select d.partner_id, p.name, p.email, y.method, y.details, y.on_hold, y.hold_reason, \
             d.earned - coalesce(w.earned, 0), d.owed - coalesce(w.owed, 0), d.commissions - coalesce(w.commissions, 0), ",
            instant!("k.at"),
            ", ",
            instant!("k.at desc"),
            ", ",
            profile_columns!(),
            " from due d left join (",
            sums!(
                "c.partner_id, ",
                "split x cross join commission c where c.sale_id = x.sale_id \
                 and x.status in ('proposed', 'agreed', 'disputed') and c.program_id = $1 and c.currency = $2 \
                 and c.status = 'processed' and c.payout_id is null group by c.partner_id"
            ),
            ") w on w.partner_id = d.partner_id join partner p on p.id = d.partner_id \
             left join payee y on y.partner_id = d.partner_id left join partner_tax t on t.partner_id = d.partner_id \
             where d.program_id = $1 and d.currency = $2 and d.commissions > coalesce(w.commissions, 0) order by d.partner_id"
        );
        self.rows(sql, params![program, currency])?.into_iter().map(read_due).collect()
    }

    /// Adds to what is due, in the order of its keys.
    pub(super) fn add_dues(&mut self, dues: &Dues) -> Result<(), StoreError> {
        let sql = "insert into due (vendor_id, program_id, partner_id, currency, earned, owed, commissions) \
                   values ($1, $2, $3, $4, $5, $6, $7) on conflict (program_id, partner_id, currency) \
                   do update set earned = due.earned + excluded.earned, owed = due.owed + excluded.owed, commissions = due.commissions + excluded.commissions";
        let changed = dues.0.iter().filter(|(_, sums)| **sums != Sums::default());
        let rows: Vec<_> = changed
            .map(|((vendor, program, partner, currency), s)| {
                row![vendor, program, partner, *currency, s.earned, s.owed, s.commissions]
            })
            .collect();
        self.execute_all(sql, &rows)
    }

    /// What a payout has taken is due no longer; returns what that is.
    pub(super) fn no_longer_due(&mut self, payout: &PayoutRow) -> Result<Sums, StoreError> {
        self.change_due(payout, -1)
    }

    /// What a payout is about to give back is due again.
    pub(super) fn due_again(&mut self, payout: &PayoutRow) -> Result<(), StoreError> {
        self.change_due(payout, 1)?;
        Ok(())
    }

    fn change_due(&mut self, row: &PayoutRow, sign: i64) -> Result<Sums, StoreError> {
        let sql = sums!("", "commission c where c.payout_id = $1 and c.status = 'processed'");
        let payout = &row.payout;
        let sums = self
            .row(sql, params![&payout.id])?
            .map_or(Ok(Sums::default()), |mut row| Sums::next(&mut row))?;
        let mut dues = Dues::default();
        let of = (row.vendor.clone(), row.program.clone(), payout.partner.clone(), payout.currency);
        dues.more(of, sums, sign);
        self.add_dues(&dues)?;
        Ok(sums)
    }

    /// Adds up anew what everybody is due.
    pub fn recount_due(&mut self) -> Result<(), StoreError> {
        self.stop_counting()?;
        self.execute("delete from due", &[])?;
        let sql = concat!(
            "insert into due (vendor_id, program_id, partner_id, currency, earned, owed, commissions) ",
            sums!(
                "c.vendor_id, c.program_id, c.partner_id, c.currency, ",
                "commission c where c.status = 'processed' and c.payout_id is null and c.currency <> 'points' \
                 group by c.vendor_id, c.program_id, c.partner_id, c.currency"
            )
        );
        self.execute(sql, &[])?;
        Ok(())
    }

    /// Programs and partners, of whom something else is kept as due than their commissions come to.
    pub fn due_miscounted(&mut self) -> Result<Vec<(ProgramId, PartnerId)>, StoreError> {
        let sql = "select distinct program_id, partner_id from (select program_id, partner_id, currency, earned, owed, commissions \
                   from due union all select program_id, partner_id, currency, case when earnings > 0 then -earnings else 0 end, \
                   case when earnings < 0 then earnings else 0 end, -1 from commission where status = 'processed' \
                   and payout_id is null and currency <> 'points') x group by program_id, partner_id, currency \
                   having sum(earned) <> 0 or sum(owed) <> 0 or sum(commissions) <> 0 order by program_id, partner_id";
        self.rows(sql, &[])?.into_iter().map(|mut row| Ok((row.next()?, row.next()?))).collect()
    }
}

fn read_due(mut row: Row) -> Result<DueRow, StoreError> {
    Ok(DueRow {
        partner: row.next()?,
        name: row.next()?,
        email: row.next()?,
        payee: PayeeRow::next(&mut row)?,
        due: Due {
            earned: row.next()?,
            owed: row.next()?,
            commissions: row.next()?,
            period: (row.next()?, row.next()?),
        },
        tax: read_profile(&mut row)?,
    })
}
