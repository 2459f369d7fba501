//! Claims of partners on orders, and what happened to each.

use super::page::turned;
use super::{Page, Row, Sale, StoreError, Tx, params};
use goodword_domain::event::EventKind;
use goodword_domain::id::{ClaimId, CommissionId, FundFileId, PartnerId, ProgramId, SaleId, VendorId};
use goodword_domain::time::Instant;

/// The columns [`read_claim`] reads, then the rest of the query.
macro_rules! claims {
    ($($rest:literal),+) => {
        concat!(
            "select c.id, c.vendor_id, c.program_id, c.partner_id, c.invoice_id, c.ordered_at, c.amount, c.status, c.reason, \
             c.sale_id, c.created_at, c.is_content, c.file_id, c.commission_id from claim c ",
            $($rest),+
        )
    };
}

/// An order a partner says he or she brought.
#[derive(Clone, Debug)]
pub struct Claim {
    pub id: ClaimId,
    pub vendor: VendorId,
    pub program: ProgramId,
    pub partner: PartnerId,
    pub invoice_id: String,
    pub ordered_at: Option<Instant>,
    pub amount: Option<i64>,
    /// `open`, `granted` or `refused`.
    pub status: String,
    /// Why, in a word; empty while it is open.
    pub reason: String,
    pub sale: Option<SaleId>,
    pub created_at: Instant,
    /// Whether it is about content; then `invoice_id` is its address.
    pub is_content: bool,
    /// What shows the content.
    pub file: Option<FundFileId>,
    /// What paid for the content.
    pub commission: Option<CommissionId>,
}

/// Something that happened to a claim.
#[derive(Clone, Debug)]
pub struct ClaimEvent {
    pub status: String,
    pub by: String,
    pub note: Option<String>,
    pub at: Instant,
}

/// Which claims to list.
#[derive(Clone, Debug, Default)]
pub struct ClaimFilter {
    pub program: Option<ProgramId>,
    pub partner: Option<PartnerId>,
    pub status: Option<String>,
    pub after: Option<ClaimId>,
    pub page: Page,
}

impl Tx<'_> {
    pub fn insert_claim(&mut self, c: &Claim) -> Result<(), StoreError> {
        let sql = "insert into claim (id, vendor_id, program_id, partner_id, invoice_id, ordered_at, amount, status, reason, \
                   sale_id, created_at, is_content, file_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
        self.execute(
            sql,
            params![
                &c.id,
                &c.vendor,
                &c.program,
                &c.partner,
                &c.invoice_id,
                c.ordered_at,
                c.amount,
                &c.status,
                &c.reason,
                &c.sale,
                c.created_at,
                c.is_content,
                &c.file
            ],
        )?;
        self.tell((&c.vendor, &c.program), EventKind::ClaimFiled, c.id.as_str())
    }

    /// Saves what was decided.
    pub fn update_claim(&mut self, c: &Claim) -> Result<(), StoreError> {
        let sql = "update claim set status = $2, reason = $3, sale_id = $4, commission_id = $5 where id = $1";
        self.execute(sql, params![&c.id, &c.status, &c.reason, &c.sale, &c.commission])?;
        self.tell((&c.vendor, &c.program), EventKind::ClaimDecided, c.id.as_str())
    }

    /// Adds to what happened to a claim.
    pub fn insert_claim_event(&mut self, claim: &Claim, e: &ClaimEvent) -> Result<(), StoreError> {
        let sql = "insert into claim_event (claim_id, place, vendor_id, status, by, note, at) \
                   select $1, coalesce(max(place), 0) + 1, $2, $3, $4, $5, $6 from claim_event where claim_id = $1";
        self.execute(sql, params![&claim.id, &claim.vendor, &e.status, &e.by, &e.note, e.at])?;
        Ok(())
    }

    pub fn claim_events(&mut self, claim: &ClaimId) -> Result<Vec<ClaimEvent>, StoreError> {
        let sql = "select status, by, note, at from claim_event where claim_id = $1 order by place";
        let read = |mut row: Row| {
            Ok(ClaimEvent { status: row.next()?, by: row.next()?, note: row.next()?, at: row.next()? })
        };
        self.rows(sql, params![claim])?.into_iter().map(read).collect()
    }

    pub fn partner_claim(&mut self, vendor: &VendorId, id: &ClaimId) -> Result<Option<Claim>, StoreError> {
        let sql = claims!("where c.vendor_id = $1 and c.id = $2");
        self.row(sql, params![vendor, id])?.map(read_claim).transpose()
    }

    /// A partner's claim on an order.
    pub fn claim_on(
        &mut self,
        program: &ProgramId,
        partner: &PartnerId,
        invoice: &str,
    ) -> Result<Option<Claim>, StoreError> {
        let sql = claims!("where c.program_id = $1 and c.partner_id = $2 and c.invoice_id = $3");
        self.row(sql, params![program, partner, invoice])?.map(read_claim).transpose()
    }

    /// Whether content of an address is in, or was paid, in another partner's name.
    pub fn is_content_of_others(
        &mut self,
        program: &ProgramId,
        partner: &PartnerId,
        address: &str,
    ) -> Result<bool, StoreError> {
        let sql = "select id from claim where program_id = $1 and invoice_id = $2 and is_content and partner_id <> $3 \
                   and status <> 'refused' limit 1";
        Ok(self.row(sql, params![program, address, partner])?.is_some())
    }

    /// How many claims a partner has filed since an instant.
    pub fn claims_since(
        &mut self,
        program: &ProgramId,
        partner: &PartnerId,
        at: Instant,
    ) -> Result<i64, StoreError> {
        let sql = "select count(*) from claim where program_id = $1 and partner_id = $2 and created_at > $3";
        self.row(sql, params![program, partner, at])?.map_or(Ok(0), |mut row| row.next())
    }

    /// A vendor's claims.
    pub fn claims(&mut self, vendor: &VendorId, f: &ClaimFilter) -> Result<Vec<Claim>, StoreError> {
        macro_rules! listed {
            ($than:literal, $order:literal) => {
                claims!(
                    "left join claim a on a.id = $5 and a.vendor_id = $1 where c.vendor_id = $1 \
                     and (cast($2 as text) is null or c.program_id = $2) and (cast($3 as text) is null or c.partner_id = $3) \
                     and (cast($4 as text) is null or c.status = $4) and (cast($5 as text) is null or (c.created_at, c.id) ",
                    $than, " (a.created_at, a.id)) order by c.created_at ", $order, ", c.id ", $order, " limit $6 offset $7"
                )
            };
        }
        let (sql, page) = (turned!(f.page, listed), f.page);
        let filter = params![vendor, &f.program, &f.partner, &f.status, &f.after, page.limit, page.skip];
        let rows = self.rows(sql, filter)?;
        rows.into_iter().map(read_claim).collect()
    }

    /// The id of the sale of an order number, wherever it was paid; of several one that nobody is credited for.
    pub fn sale_of_order(
        &mut self,
        vendor: &VendorId,
        program: &ProgramId,
        invoice: &str,
    ) -> Result<Option<SaleId>, StoreError> {
        let sql = "select id from sale where vendor_id = $1 and invoice_id = $2 and program_id = $3 \
                   order by case when partner_id is null then 0 else 1 end, id limit 1";
        self.row(sql, params![vendor, invoice, program])?.map(|mut row| row.next()).transpose()
    }

    /// Credits a sale that nobody was credited for: saves to whom, and why.
    pub fn credit_sale(&mut self, before: &Sale, sale: &Sale) -> Result<(), StoreError> {
        let sql = "update sale set partner_id = $2, link_id = $3, reason = $4, touchpoints = $5, grounds = $6, origin = $7 where id = $1";
        let Sale { id, partner, link, reason, touchpoints, grounds, origin, .. } = sale;
        self.execute(sql, params![id, partner, link, reason, touchpoints, grounds, *origin])?;
        self.forget_journey_day(sale)?;
        let figures = self.uncount(&before.fact())?;
        self.count(&sale.fact(), figures)
    }
}

fn read_claim(mut row: Row) -> Result<Claim, StoreError> {
    Ok(Claim {
        id: row.next()?,
        vendor: row.next()?,
        program: row.next()?,
        partner: row.next()?,
        invoice_id: row.next()?,
        ordered_at: row.next()?,
        amount: row.next()?,
        status: row.next()?,
        reason: row.next()?,
        sale: row.next()?,
        created_at: row.next()?,
        is_content: row.next()?,
        file: row.next()?,
        commission: row.next()?,
    })
}
