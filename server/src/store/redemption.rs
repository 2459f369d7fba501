//! Redemptions of points.

use super::page::turned;
use super::program::broken;
use super::{Page, Row, StoreError, Tx, params};
use crate::document;
use goodword_domain::event::EventKind;
use goodword_domain::id::{PartnerId, ProgramId, RedemptionId, VendorId};
use goodword_domain::points::{Redemption, RedemptionStatus, Taken};
use goodword_domain::time::Instant;

/// The columns [`read_redemption`] reads, then the rest of the query.
macro_rules! redemptions {
    ($($rest:literal),+) => {
        concat!(
            "select r.id, r.vendor_id, r.program_id, r.partner_id, r.article, r.status, r.reference, r.created_at, r.decided_at \
             from redemption r ",
            $($rest),+
        )
    };
}

/// A redemption with when it happened.
#[derive(Clone, Debug)]
pub struct RedemptionRow {
    pub vendor: VendorId,
    pub program: ProgramId,
    /// What was handed over.
    pub reference: Option<String>,
    pub created_at: Instant,
    pub decided_at: Option<Instant>,
    /// Its parts are loaded apart, by [`Tx::draws`].
    pub redemption: Redemption,
}

/// Something that happened to a redemption.
#[derive(Clone, Debug)]
pub struct RedemptionEvent {
    pub status: String,
    pub by: String,
    pub note: Option<String>,
    pub at: Instant,
}

/// Which redemptions to list.
#[derive(Clone, Debug, Default)]
pub struct RedemptionFilter {
    pub program: Option<ProgramId>,
    pub partner: Option<PartnerId>,
    pub status: Option<String>,
    pub after: Option<RedemptionId>,
    pub page: Page,
}

impl Tx<'_> {
    pub fn insert_redemption(&mut self, r: &RedemptionRow) -> Result<(), StoreError> {
        let sql = "insert into redemption (id, vendor_id, program_id, partner_id, article_key, article, price, status, created_at) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let d = &r.redemption;
        let article = serde_json::to_string(&document::show_article(&d.article)).map_err(broken)?;
        let (key, price, status) = (&d.article.key, d.article.price, d.status.word());
        let values =
            params![&d.id, &r.vendor, &r.program, &d.partner, key, article, price, status, r.created_at];
        self.execute(sql, values)?;
        self.tell((&r.vendor, &r.program), EventKind::RedemptionCreated, d.id.as_str())
    }

    pub fn update_redemption(&mut self, r: &RedemptionRow) -> Result<(), StoreError> {
        let sql = "update redemption set status = $2, reference = $3, decided_at = $4 where id = $1";
        let d = &r.redemption;
        self.execute(sql, params![&d.id, d.status.word(), &r.reference, r.decided_at])?;
        self.tell((&r.vendor, &r.program), EventKind::RedemptionUpdated, d.id.as_str())
    }

    pub fn redemption(
        &mut self,
        vendor: &VendorId,
        id: &RedemptionId,
    ) -> Result<Option<RedemptionRow>, StoreError> {
        let sql = redemptions!("where r.vendor_id = $1 and r.id = $2");
        self.row(sql, params![vendor, id])?.map(read_redemption).transpose()
    }

    /// A vendor's redemptions.
    pub fn redemptions(
        &mut self,
        vendor: &VendorId,
        f: &RedemptionFilter,
    ) -> Result<Vec<RedemptionRow>, StoreError> {
        macro_rules! listed {
            ($than:literal, $order:literal) => {
                redemptions!(
                    "where r.vendor_id = $1 and (cast($2 as text) is null or r.program_id = $2) \
                     and (cast($3 as text) is null or r.partner_id = $3) and (cast($4 as text) is null or r.status = $4) \
                     and (cast($5 as text) is null or r.id ", $than, " $5) order by r.id ", $order, " limit $6 offset $7"
                )
            };
        }
        let sql = turned!(f.page, listed);
        let values = params![vendor, &f.program, &f.partner, &f.status, &f.after, f.page.limit, f.page.skip];
        self.rows(sql, values)?.into_iter().map(read_redemption).collect()
    }

    /// How many of an article wait or were handed over.
    pub fn redeemed(
        &mut self,
        program: &ProgramId,
        partner: &PartnerId,
        article: &str,
    ) -> Result<Taken, StoreError> {
        let sql = "select count(*), cast(coalesce(sum(case when partner_id = $3 then 1 else 0 end), 0) as bigint) from redemption \
                   where program_id = $1 and article_key = $2 and status in ('requested', 'fulfilled')";
        let row = self.row(sql, params![program, article, partner])?;
        row.map_or(Ok(Taken::default()), |mut row| Ok(Taken { by_all: row.next()?, by_partner: row.next()? }))
    }

    /// How many redemptions of a partner wait.
    pub fn redemptions_waiting(
        &mut self,
        program: &ProgramId,
        partner: &PartnerId,
    ) -> Result<i64, StoreError> {
        let sql = "select count(*) from redemption where program_id = $1 and partner_id = $2 and status = 'requested'";
        self.row(sql, params![program, partner])?.map_or(Ok(0), |mut row| row.next())
    }

    /// Forgets what was said with a partner's redemptions, and what was handed over.
    pub fn erase_from_redemptions(&mut self, partner: &PartnerId) -> Result<(), StoreError> {
        self.execute("update redemption set reference = null where partner_id = $1", params![partner])?;
        let said = "update redemption_event set note = null where redemption_id in \
                    (select id from redemption where partner_id = $1)";
        self.execute(said, params![partner])?;
        Ok(())
    }

    /// Adds what happened next to a redemption.
    pub fn insert_redemption_event(
        &mut self,
        vendor: &VendorId,
        id: &RedemptionId,
        e: &RedemptionEvent,
    ) -> Result<(), StoreError> {
        let sql = "insert into redemption_event (redemption_id, place, vendor_id, status, by, note, at) values ($1, \
                   (select coalesce(max(place), 0) + 1 from redemption_event where redemption_id = $1), $2, $3, $4, $5, $6)";
        self.execute(sql, params![id, vendor, &e.status, &e.by, &e.note, e.at])?;
        Ok(())
    }

    /// What happened to a redemption, in order.
    pub fn redemption_events(&mut self, id: &RedemptionId) -> Result<Vec<RedemptionEvent>, StoreError> {
        let sql = "select status, by, note, at from redemption_event where redemption_id = $1 order by place";
        let read = |mut row: Row| {
            Ok(RedemptionEvent { status: row.next()?, by: row.next()?, note: row.next()?, at: row.next()? })
        };
        self.rows(sql, params![id])?.into_iter().map(read).collect()
    }
}

fn read_redemption(mut row: Row) -> Result<RedemptionRow, StoreError> {
    let id = row.next()?;
    let (vendor, program, partner) = (row.next()?, row.next()?, row.next()?);
    let article = serde_json::from_str(&row.next::<String>()?).map_err(broken)?;
    let article = document::read_article(&article).map_err(broken)?;
    let status = RedemptionStatus::parse(&row.next::<String>()?).map_err(broken)?;
    let (reference, created_at, decided_at) = (row.next()?, row.next()?, row.next()?);
    let redemption = Redemption { id, partner, article, status, parts: Vec::new() };
    Ok(RedemptionRow { vendor, program, reference, created_at, decided_at, redemption })
}
