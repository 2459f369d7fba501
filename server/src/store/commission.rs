//! Commissions.

use super::program::{broken, rate_columns, read_rate};
use super::value::Value;
use super::{Figures, Row, StoreError, Tallies, Tx, params};
use goodword_domain::commission::{Commission, Status};
use goodword_domain::id::{
    CommissionId, CustomerId, LeadId, LinkId, PartnerId, ProgramId, RewardId, SaleId, VendorId,
};
use goodword_domain::time::Instant;

/// The columns [`read_commission`] reads, then the rest of the query.
macro_rules! commissions {
    ($rest:literal) => {
        concat!(
            "select c.id, c.partner_id, c.currency, c.flat, c.percentage, c.amount, c.earnings, \
             c.status, c.clears_at, c.vendor_id, c.program_id, c.customer_id, c.link_id, c.lead_id, \
             c.sale_id, c.reward_id, c.refunded, c.earnings_at_first, c.at, s.invoice_id from \
             commission c left join sale s on s.id = c.sale_id ",
            $rest
        )
    };
}

/// A commission with what it was earned on.
#[derive(Clone, Debug)]
pub struct CommissionRow {
    pub vendor: VendorId,
    pub program: ProgramId,
    pub customer: CustomerId,
    pub link: LinkId,
    pub lead: Option<LeadId>,
    pub sale: Option<SaleId>,
    pub reward: RewardId,
    pub refunded: i64,
    pub earnings_at_first: i64,
    pub at: Instant,
    pub invoice_id: Option<String>,
    pub commission: Commission,
}

/// Which commissions to list.
#[derive(Clone, Debug, Default)]
pub struct CommissionFilter {
    pub program: Option<ProgramId>,
    pub partner: Option<PartnerId>,
    pub status: Option<String>,
    pub after: Option<CommissionId>,
    pub limit: i64,
}

impl Tx<'_> {
    /// Stores commissions, and counts them.
    pub fn insert_commissions(
        &mut self,
        commissions: &[CommissionRow],
        tallies: &mut Tallies,
    ) -> Result<(), StoreError> {
        let sql = "insert into commission (id, vendor_id, program_id, partner_id, customer_id, link_id, lead_id, sale_id, \
                   reward_id, flat, percentage, amount, earnings_at_first, earnings, currency, status, reason, at, clears_at) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)";
        for row in commissions {
            let figures = Figures::of_earnings(row.commission.status, row.commission.earnings);
            self.tally(tallies, &row.program, Some(&row.link), row.at, figures)?;
        }
        self.execute_all(sql, &commissions.iter().map(values).collect::<Vec<_>>())
    }

    /// Saves what a step changed of a commission that stood as `before`.
    pub fn update_commission(
        &mut self,
        before: &CommissionRow,
        c: &Commission,
        refunded: i64,
    ) -> Result<(), StoreError> {
        let sql =
            "update commission set earnings = $2, status = $3, reason = $4, refunded = $5 where id = $1";
        self.execute(sql, params![&c.id, c.earnings, c.status.word(), c.status.reason(), refunded])?;
        let was = Figures::of_earnings(before.commission.status, before.commission.earnings);
        let mut change = Figures::of_earnings(c.status, c.earnings);
        change += was.negative();
        self.count(&before.program, Some(&before.link), before.at, change)
    }

    pub fn commission(
        &mut self,
        vendor: &VendorId,
        id: &CommissionId,
    ) -> Result<Option<CommissionRow>, StoreError> {
        let sql = commissions!("where c.vendor_id = $1 and c.id = $2");
        self.row(sql, params![vendor, id])?.map(read_commission).transpose()
    }

    pub fn commission_of_sale(&mut self, sale: &SaleId) -> Result<Option<CommissionRow>, StoreError> {
        let sql = commissions!("where c.sale_id = $1");
        self.row(sql, params![sale])?.map(read_commission).transpose()
    }

    pub fn commission_of_lead(&mut self, lead: &LeadId) -> Result<Option<CommissionRow>, StoreError> {
        let sql = commissions!("where c.lead_id = $1");
        self.row(sql, params![lead])?.map(read_commission).transpose()
    }

    /// Newest first.
    pub fn commissions(
        &mut self,
        vendor: &VendorId,
        f: &CommissionFilter,
    ) -> Result<Vec<CommissionRow>, StoreError> {
        let sql = commissions!(
            "left join commission a on a.id = $5 and a.vendor_id = $1 where c.vendor_id = $1 and \
             (cast($2 as text) is null or c.program_id = $2) and (cast($3 as text) is null or \
             c.partner_id = $3) and (cast($4 as text) is null or c.status = $4) and (cast($5 as \
             text) is null or c.at < a.at or (c.at = a.at and c.id < a.id)) order by c.at desc, \
             c.id desc limit $6"
        );
        let rows = self.rows(sql, params![vendor, &f.program, &f.partner, &f.status, &f.after, f.limit])?;
        rows.into_iter().map(read_commission).collect()
    }

    /// A partner's latest commissions in a program, newest first.
    pub fn latest_commissions_of(
        &mut self,
        program: &ProgramId,
        partner: &PartnerId,
        limit: i64,
    ) -> Result<Vec<CommissionRow>, StoreError> {
        let sql = commissions!(
            "where c.program_id = $1 and c.partner_id = $2 order by c.at desc, c.id desc limit $3"
        );
        self.rows(sql, params![program, partner, limit])?.into_iter().map(read_commission).collect()
    }

    /// Held commissions of a vendor whose hold has ended, the earliest first.
    pub fn commissions_to_release(
        &mut self,
        vendor: &VendorId,
        now: Instant,
        limit: i64,
    ) -> Result<Vec<CommissionRow>, StoreError> {
        let sql = commissions!(
            "where c.vendor_id = $1 and c.status = 'pending' and c.clears_at <= $2 order by \
             c.clears_at, c.id limit $3"
        );
        self.rows(sql, params![vendor, now, limit])?.into_iter().map(read_commission).collect()
    }
}

fn values(c: &CommissionRow) -> Vec<Value> {
    let d = &c.commission;
    let (flat, percentage) = rate_columns(d.rate);
    params![
        &d.id,
        &c.vendor,
        &c.program,
        &d.partner,
        &c.customer,
        &c.link,
        &c.lead,
        &c.sale,
        &c.reward,
        flat,
        percentage,
        d.amount,
        c.earnings_at_first,
        d.earnings,
        d.currency,
        d.status.word(),
        d.status.reason(),
        c.at,
        d.clears_at
    ]
    .to_vec()
}

fn read_commission(mut row: Row) -> Result<CommissionRow, StoreError> {
    let commission = Commission {
        id: row.next()?,
        partner: row.next()?,
        currency: row.next()?,
        rate: read_rate(&mut row)?,
        amount: row.next()?,
        earnings: row.next()?,
        status: Status::parse(&row.next::<String>()?).map_err(broken)?,
        clears_at: row.next()?,
    };
    Ok(CommissionRow {
        vendor: row.next()?,
        program: row.next()?,
        customer: row.next()?,
        link: row.next()?,
        lead: row.next()?,
        sale: row.next()?,
        reward: row.next()?,
        refunded: row.next()?,
        earnings_at_first: row.next()?,
        at: row.next()?,
        invoice_id: row.next()?,
        commission,
    })
}
