//! Sales and refunds.

use super::value::Value;
use super::{Figures, Row, StoreError, Tallies, Tx, params};
use goodword_domain::id::{CustomerId, LinkId, PartnerId, ProgramId, RefundId, SaleId, VendorId};
use goodword_domain::money::Currency;
use goodword_domain::time::Instant;
use std::collections::HashMap;

/// The columns [`read_sale`] reads, then the rest of the query.
macro_rules! sales {
    ($rest:literal) => {
        concat!(
            "select id, vendor_id, program_id, customer_id, partner_id, link_id, processor, \
             invoice_id, event_name, amount, refunded, currency, reason, touchpoints, metadata, at \
             from sale ",
            $rest
        )
    };
}

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
    pub currency: Currency,
    pub reason: String,
    /// The touchpoints considered, as JSON of the wire.
    pub touchpoints: String,
    pub metadata: Option<String>,
    pub at: Instant,
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

impl Tx<'_> {
    /// Stores sales, and counts them.
    pub fn insert_sales(&mut self, sales: &[Sale], tallies: &mut Tallies) -> Result<(), StoreError> {
        let sql = "insert into sale (id, vendor_id, program_id, customer_id, partner_id, link_id, processor, invoice_id, \
                   event_name, amount, currency, reason, touchpoints, metadata, at) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
        for sale in sales {
            self.tally(tallies, &sale.program, sale.link.as_ref(), sale.at, Figures::of_sale(sale.amount))?;
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

    pub fn insert_refund(&mut self, sale: &Sale, r: &Refund) -> Result<(), StoreError> {
        let sql = "insert into refund (id, vendor_id, sale_id, external_id, amount, at) values ($1, $2, $3, $4, $5, $6)";
        self.execute(sql, params![&r.id, &r.vendor, &r.sale, &r.external_id, r.amount, r.at])?;
        let sql = "update sale set refunded = refunded + $2 where id = $1";
        self.execute(sql, params![&r.sale, r.amount])?;
        let figures = Figures { amount: -r.amount, ..Figures::default() };
        self.count(&sale.program, sale.link.as_ref(), sale.at, figures)
    }
}

fn values(s: &Sale) -> Vec<Value> {
    params![
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
        &s.reason,
        &s.touchpoints,
        &s.metadata,
        s.at
    ]
    .to_vec()
}

fn read_sale(mut row: Row) -> Result<Sale, StoreError> {
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
        currency: row.next()?,
        reason: row.next()?,
        touchpoints: row.next()?,
        metadata: row.next()?,
        at: row.next()?,
    })
}
