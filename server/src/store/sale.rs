//! Sales and refunds.

use super::value::Value;
use super::{Fact, Figures, Origin, Page, Row, StoreError, Tallies, Tx, params, row};
use goodword_domain::event::EventKind;
use goodword_domain::exchange::RATE_DAYS;
use goodword_domain::id::{CustomerId, LinkId, PartnerId, ProgramId, RefundId, SaleId, VendorId};
use goodword_domain::money::Currency;
use goodword_domain::time::{DAY_MS, Instant};
use std::collections::HashMap;

/// The columns [`read_sale`] reads, then the rest of the query.
macro_rules! sales {
    ($($rest:literal),+) => {
        concat!(
            "select id, vendor_id, program_id, customer_id, partner_id, link_id, processor, \
             invoice_id, event_name, amount, refunded, disputed, currency, value_left, rate, rate_source, rate_at, \
             reason, touchpoints, grounds, detail, metadata, at, origin from sale ",
            $($rest),+
        )
    };
}

pub(super) use sales;

/// A payment and who is credited for it.
#[derive(Clone, Debug)]
pub struct Sale {
    pub id: SaleId,
    pub vendor: VendorId,
    pub program: ProgramId,
    pub customer: Option<CustomerId>,
    pub partner: Option<PartnerId>,
    pub link: Option<LinkId>,
    pub processor: String,
    pub invoice_id: Option<String>,
    pub event_name: String,
    pub amount: i64,
    pub refunded: i64,
    /// What is disputed and not decided, or was lost.
    pub disputed: i64,
    pub currency: Currency,
    /// What is left of it in the program's currency; none while no rate is known.
    pub value_left: Option<i64>,
    /// The rate by which, where the currencies differ.
    pub rate: Option<SaleRate>,
    pub reason: String,
    /// The touchpoints considered, as JSON of the wire.
    pub touchpoints: String,
    /// What else decided, as JSON of the wire.
    pub grounds: String,
    /// The order's parts, as JSON of the wire.
    pub detail: Option<String>,
    pub metadata: Option<String>,
    pub at: Instant,
    /// How it came.
    pub origin: Origin,
}

/// The rate by which a sale is counted in its program's currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaleRate {
    /// Decimal text.
    pub rate: String,
    pub source: String,
    pub at: Instant,
}

impl Sale {
    /// What is given back or in dispute, minor units.
    pub fn gone(&self) -> i64 {
        (self.refunded + self.disputed).min(self.amount)
    }

    /// As it is counted.
    pub fn fact(&self) -> Fact<'_> {
        let Self { program, link, at, id, origin, .. } = self;
        Fact { program, link: link.as_ref(), at: *at, id: id.as_str(), origin: *origin }
    }
}

/// Money given back.
#[derive(Clone, Debug)]
pub struct Refund {
    pub id: RefundId,
    pub vendor: VendorId,
    pub sale: SaleId,
    pub external_id: String,
    pub amount: i64,
    pub at: Instant,
}

/// Which sales to list.
#[derive(Clone, Debug, Default)]
pub struct SaleFilter {
    pub program: Option<ProgramId>,
    pub invoice: Option<String>,
    /// By the vendor's own id.
    pub customer: Option<String>,
    /// Whether somebody is credited.
    pub credited: Option<bool>,
    pub reason: Option<String>,
    pub after: Option<SaleId>,
    pub page: Page,
}

impl Tx<'_> {
    /// Stores sales, and counts them.
    pub fn insert_sales(&mut self, sales: &[Sale], tallies: &mut Tallies) -> Result<(), StoreError> {
        let sql = "insert into sale (id, vendor_id, program_id, customer_id, partner_id, link_id, processor, invoice_id, \
                   event_name, amount, currency, value_left, rate, rate_source, rate_at, reason, touchpoints, grounds, detail, metadata, \
                   at, origin) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)";
        for sale in sales {
            self.tally(tallies, &sale.fact(), Figures::of_sale(sale.value_left.unwrap_or(0)))?;
            self.tell((&sale.vendor, &sale.program), EventKind::SaleCreated, sale.id.as_str())?;
        }
        self.execute_all(sql, &sales.iter().map(values).collect::<Vec<_>>())
    }

    /// The programs that invoices were reported to, by vendor, processor and invoice.
    pub fn programs_of_invoices(
        &mut self,
        invoices: &[[&str; 3]],
    ) -> Result<HashMap<(VendorId, String, String), ProgramId>, StoreError> {
        let sql = "with wanted (vendor_id, processor, invoice_id) as (values ($1, $2, $3)) \
                   select s.vendor_id, s.processor, s.invoice_id, s.program_id from wanted w cross join sale s \
                   where s.vendor_id = w.vendor_id and s.processor = w.processor and s.invoice_id = w.invoice_id";
        let rows = self.look_up(sql, invoices)?;
        rows.into_iter().map(|mut row| Ok(((row.next()?, row.next()?, row.next()?), row.next()?))).collect()
    }

    pub fn sale(&mut self, vendor: &VendorId, id: &SaleId) -> Result<Option<Sale>, StoreError> {
        let sql = sales!("where vendor_id = $1 and id = $2");
        self.row(sql, params![vendor, id])?.map(read_sale).transpose()
    }

    pub fn sale_by_invoice(
        &mut self,
        vendor: &VendorId,
        program: Option<&ProgramId>,
        processor: &str,
        invoice: &str,
    ) -> Result<Option<Sale>, StoreError> {
        let sql = sales!(
            "where vendor_id = $1 and (cast($2 as text) is null or program_id = $2) and processor \
             = $3 and invoice_id = $4 order by id limit 1"
        );
        self.row(sql, params![vendor, program, processor, invoice])?.map(read_sale).transpose()
    }

    pub fn insert_refund(&mut self, r: &Refund) -> Result<(), StoreError> {
        let sql = "insert into refund (id, vendor_id, sale_id, external_id, amount, at) values ($1, $2, $3, $4, $5, $6)";
        self.execute(sql, params![&r.id, &r.vendor, &r.sale, &r.external_id, r.amount, r.at])?;
        Ok(())
    }

    /// The refund of an id.
    pub fn refund(&mut self, vendor: &VendorId, id: &RefundId) -> Result<Option<Refund>, StoreError> {
        let sql = "select id, vendor_id, sale_id, external_id, amount, at from refund where vendor_id = $1 and id = $2";
        self.row(sql, params![vendor, id])?.map(read_refund).transpose()
    }

    /// A sale's refunds, oldest first.
    pub fn refunds_of(&mut self, sale: &SaleId) -> Result<Vec<Refund>, StoreError> {
        let sql = "select id, vendor_id, sale_id, external_id, amount, at from refund where sale_id = $1 order by at, id";
        self.rows(sql, params![sale])?.into_iter().map(read_refund).collect()
    }

    /// A vendor's sales.
    pub fn sales(&mut self, vendor: &VendorId, f: &SaleFilter) -> Result<Vec<Sale>, StoreError> {
        /// What is asked besides the way in, and the page.
        macro_rules! found {
            ($than:literal, $order:literal, $way_in:literal) => {
                sales!(
                    "where vendor_id = $1 and (cast($2 as text) is null or program_id = $2) \
                     and (cast($3 as text) is null or reason = $3) \
                     and (cast($4 as bigint) is null or (partner_id is not null) = ($4 = 1)) \
                     and (cast($5 as text) is null or at ",
                    $than,
                    " (select at from sale where id = $5 and vendor_id = $1) \
                     or (at = (select at from sale where id = $5 and vendor_id = $1) and id ",
                    $than,
                    " $5)) ",
                    $way_in,
                    " order by at ",
                    $order,
                    ", id ",
                    $order,
                    " limit $6 offset $7"
                )
            };
        }
        /// The same, either way round.
        macro_rules! listed {
            ($way_in:literal) => {
                if f.page.oldest_first { found!(">", "asc", $way_in) } else { found!("<", "desc", $way_in) }
            };
        }
        let (credited, page) = (f.credited.map(i64::from), f.page);
        let asked = params![vendor, &f.program, &f.reason, credited, &f.after, page.limit, page.skip];
        let with = |more: &[Value]| [asked.as_slice(), more].concat();
        let rows = match (&f.invoice, &f.customer) {
            (Some(invoice), None) => self.rows(listed!("and invoice_id = $8"), &with(params![invoice])),
            (None, Some(customer)) => self.rows(
                listed!(
                    "and customer_id in (select id from customer where vendor_id = $1 and external_id = $8)"
                ),
                &with(params![customer]),
            ),
            (Some(invoice), Some(customer)) => self.rows(
                listed!(
                    "and invoice_id = $8 \
                     and customer_id in (select id from customer where vendor_id = $1 and external_id = $9)"
                ),
                &with(params![invoice, customer]),
            ),
            (None, None) => self.rows(listed!(""), asked),
        }?;
        rows.into_iter().map(read_sale).collect()
    }

    /// Saves what is left of a sale that stood as `before`.
    pub fn update_sale(&mut self, before: &Sale, now: &Sale) -> Result<(), StoreError> {
        let sql = "update sale set refunded = $2, disputed = $3, value_left = $4, rate = $5, rate_source = $6, rate_at = $7 \
                   where id = $1";
        let (rate, source, at) = rate_columns(now);
        self.execute(sql, params![&now.id, now.refunded, now.disputed, now.value_left, rate, source, at])?;
        let amount = now.value_left.unwrap_or(0) - before.value_left.unwrap_or(0);
        self.forget_journey_day(now)?;
        // The rate does not change, so what is less of the sale is what was given back.
        self.count(&now.fact(), Figures { amount, gone: -amount, ..Figures::default() })
    }

    /// A program's sales in the order in which they were made, after one of them.
    pub fn sales_in_order(
        &mut self,
        program: &ProgramId,
        (at, id): (Instant, &str),
        limit: i64,
    ) -> Result<Vec<Sale>, StoreError> {
        let sql =
            sales!("where program_id = $1 and at >= $2 and (at > $2 or id > $3) order by at, id limit $4");
        self.rows(sql, params![program, at, id, limit])?.into_iter().map(read_sale).collect()
    }

    /// Sales of a program that wait for a rate that has come, the earliest first.
    pub fn sales_to_exchange(&mut self, program: &ProgramId, limit: i64) -> Result<Vec<Sale>, StoreError> {
        let sql = sales!(
            "where value_left is null and program_id = $1 and vendor_id = (select vendor_id from program where id = $1) \
             and exists (select 1 from exchange_rate r where r.vendor_id = sale.vendor_id and r.base = sale.currency \
             and r.quote = (select currency from program where id = $1) and r.at <= sale.at and r.at > sale.at - $2) \
             order by sale.at, sale.id limit $3"
        );
        let rows = self.rows(sql, params![program, RATE_DAYS * DAY_MS, limit])?;
        rows.into_iter().map(read_sale).collect()
    }
}

fn rate_columns(s: &Sale) -> (Option<&str>, Option<&str>, Option<Instant>) {
    let rate = s.rate.as_ref();
    (rate.map(|r| r.rate.as_str()), rate.map(|r| r.source.as_str()), rate.map(|r| r.at))
}

fn values(s: &Sale) -> Vec<Value> {
    let (rate, source, rate_at) = rate_columns(s);
    row![
        &s.id,
        &s.vendor,
        &s.program,
        &s.customer,
        &s.partner,
        &s.link,
        &s.processor,
        &s.invoice_id,
        &s.event_name,
        s.amount,
        s.currency,
        s.value_left,
        rate.map(str::to_owned),
        source.map(str::to_owned),
        rate_at,
        &s.reason,
        &s.touchpoints,
        &s.grounds,
        &s.detail,
        &s.metadata,
        s.at,
        s.origin
    ]
}

pub(super) fn read_sale(mut row: Row) -> Result<Sale, StoreError> {
    Ok(Sale {
        id: row.next()?,
        vendor: row.next()?,
        program: row.next()?,
        customer: row.next()?,
        partner: row.next()?,
        link: row.next()?,
        processor: row.next()?,
        invoice_id: row.next()?,
        event_name: row.next()?,
        amount: row.next()?,
        refunded: row.next()?,
        disputed: row.next()?,
        currency: row.next()?,
        value_left: row.next()?,
        rate: read_rate(&mut row)?,
        reason: row.next()?,
        touchpoints: row.next()?,
        grounds: row.next()?,
        detail: row.next()?,
        metadata: row.next()?,
        at: row.next()?,
        origin: row.next()?,
    })
}

fn read_refund(mut row: Row) -> Result<Refund, StoreError> {
    Ok(Refund {
        id: row.next()?,
        vendor: row.next()?,
        sale: row.next()?,
        external_id: row.next()?,
        amount: row.next()?,
        at: row.next()?,
    })
}

fn read_rate(row: &mut Row) -> Result<Option<SaleRate>, StoreError> {
    let (rate, source, at): (Option<String>, Option<String>, Option<Instant>) =
        (row.next()?, row.next()?, row.next()?);
    Ok(rate.zip(source).zip(at).map(|((rate, source), at)| SaleRate { rate, source, at }))
}
