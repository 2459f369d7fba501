//! Figures, and lists of events.

use super::{Row, StoreError, Tx, params};
use goodword_domain::id::{LinkId, PartnerId, ProgramId, VendorId};
use goodword_domain::time::Instant;

/// What to count.
#[derive(Clone, Debug)]
pub struct ReportFilter {
    pub program: ProgramId,
    pub partner: Option<PartnerId>,
    pub start: Instant,
    pub end: Instant,
}

/// Counts of a day; the day is numbered from 1970-01-01.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayRow {
    pub day: i64,
    pub clicks: i64,
    pub leads: i64,
    pub sales: i64,
    pub sale_amount: i64,
    pub pending: i64,
    pub processed: i64,
    pub paid: i64,
}

/// A click, lead or sale in a list.
#[derive(Clone, Debug)]
pub struct EventRow {
    pub id: String,
    pub at: Instant,
    pub partner: Option<(PartnerId, String)>,
    pub link: Option<LinkId>,
    pub customer: Option<String>,
    pub amount: i64,
    pub currency: String,
    pub earnings: i64,
    pub reason: String,
}

/// Which events to list.
#[derive(Clone, Debug)]
pub struct EventFilter {
    pub program: Option<ProgramId>,
    pub partner: Option<PartnerId>,
    pub after: Option<String>,
    pub limit: i64,
}

impl Tx<'_> {
    /// Counts by UTC day, oldest first, from one snapshot.
    pub fn days(&mut self, f: &ReportFilter) -> Result<Vec<DayRow>, StoreError> {
        let sql = "select cast(day as bigint), cast(sum(clicks) as bigint), cast(sum(leads) as bigint), cast(sum(sales) as bigint), \
            cast(sum(amount) as bigint), cast(sum(pending) as bigint), cast(sum(processed) as bigint), cast(sum(paid) as bigint) from ( \
              select at / 86400000 as day, count(*) as clicks, 0 as leads, 0 as sales, 0 as amount, 0 as pending, 0 as processed, 0 as paid \
              from click where program_id = $1 and (cast($2 as text) is null or partner_id = $2) and at >= $3 and at < $4 group by at / 86400000 \
              union all \
              select at / 86400000, 0, count(*), 0, 0, 0, 0, 0 \
              from lead where program_id = $1 and (cast($2 as text) is null or partner_id = $2) and at >= $3 and at < $4 group by at / 86400000 \
              union all \
              select at / 86400000, 0, 0, count(*), sum(amount - refunded), 0, 0, 0 \
              from sale where program_id = $1 and (cast($2 as text) is null or partner_id = $2) and at >= $3 and at < $4 group by at / 86400000 \
              union all \
              select at / 86400000, 0, 0, 0, 0, sum(case when status = 'pending' then earnings else 0 end), \
                sum(case when status = 'processed' then earnings else 0 end), sum(case when status = 'paid' then earnings else 0 end) \
              from commission where program_id = $1 and (cast($2 as text) is null or partner_id = $2) and at >= $3 and at < $4 group by at / 86400000 \
            ) as parts group by day order by day";
        self.rows(sql, params![&f.program, &f.partner, f.start, f.end])?.into_iter().map(read_day).collect()
    }

    pub fn click_events(&mut self, vendor: &VendorId, f: &EventFilter) -> Result<Vec<EventRow>, StoreError> {
        let sql = "select c.id, c.at, p.id, p.name, c.link_id, c.referrer, cast(0 as bigint), g.currency, cast(0 as bigint), 'counted' \
                   from click c join partner p on p.id = c.partner_id join program g on g.id = c.program_id left join click a on a.id = $4 \
                   where c.vendor_id = $1 and (cast($2 as text) is null or c.program_id = $2) and (cast($3 as text) is null or c.partner_id = $3) \
                   and (cast($4 as text) is null or c.at < a.at or (c.at = a.at and c.id < a.id)) order by c.at desc, c.id desc limit $5";
        self.events(sql, vendor, f)
    }

    pub fn lead_events(&mut self, vendor: &VendorId, f: &EventFilter) -> Result<Vec<EventRow>, StoreError> {
        let sql = "select l.id, l.at, p.id, p.name, l.link_id, coalesce(k.name, k.email, k.external_id), cast(0 as bigint), \
                   g.currency, coalesce(m.earnings, 0), l.reason from lead l join customer k on k.id = l.customer_id \
                   join program g on g.id = l.program_id \
                   left join partner p on p.id = l.partner_id left join commission m on m.lead_id = l.id \
                   left join lead a on a.id = $4 \
                   where l.vendor_id = $1 and (cast($2 as text) is null or l.program_id = $2) and (cast($3 as text) is null or l.partner_id = $3) \
                   and (cast($4 as text) is null or l.at < a.at or (l.at = a.at and l.id < a.id)) order by l.at desc, l.id desc limit $5";
        self.events(sql, vendor, f)
    }

    pub fn sale_events(&mut self, vendor: &VendorId, f: &EventFilter) -> Result<Vec<EventRow>, StoreError> {
        let sql = "select s.id, s.at, p.id, p.name, s.link_id, coalesce(k.name, k.email, k.external_id), s.amount, s.currency, \
                   coalesce(m.earnings, 0), s.reason from sale s left join customer k on k.id = s.customer_id \
                   left join partner p on p.id = s.partner_id left join commission m on m.sale_id = s.id \
                   left join sale a on a.id = $4 \
                   where s.vendor_id = $1 and (cast($2 as text) is null or s.program_id = $2) and (cast($3 as text) is null or s.partner_id = $3) \
                   and (cast($4 as text) is null or s.at < a.at or (s.at = a.at and s.id < a.id)) order by s.at desc, s.id desc limit $5";
        self.events(sql, vendor, f)
    }

    fn events(
        &mut self,
        sql: &'static str,
        vendor: &VendorId,
        f: &EventFilter,
    ) -> Result<Vec<EventRow>, StoreError> {
        let rows = self.rows(sql, params![vendor, &f.program, &f.partner, &f.after, f.limit])?;
        rows.into_iter().map(read_event).collect()
    }
}

fn read_day(mut row: Row) -> Result<DayRow, StoreError> {
    Ok(DayRow {
        day: row.next()?,
        clicks: row.next()?,
        leads: row.next()?,
        sales: row.next()?,
        sale_amount: row.next()?,
        pending: row.next()?,
        processed: row.next()?,
        paid: row.next()?,
    })
}

fn read_event(mut row: Row) -> Result<EventRow, StoreError> {
    let (id, at) = (row.next()?, row.next()?);
    let (partner, name): (Option<PartnerId>, Option<String>) = (row.next()?, row.next()?);
    Ok(EventRow {
        id,
        at,
        partner: partner.zip(name),
        link: row.next()?,
        customer: row.next()?,
        amount: row.next()?,
        currency: row.next()?,
        earnings: row.next()?,
        reason: row.next()?,
    })
}
