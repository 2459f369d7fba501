//! How sales are to be shared: proposals, what those concerned say, and what happened to each.

use super::page::turned;
use super::program::broken;
use super::{Page, Row, StoreError, Tx, params};
use goodword_domain::event::EventKind;
use goodword_domain::id::{PartnerId, ProgramId, SaleId, SplitId, VendorId};
use goodword_domain::split::proposal::{Answer, Consent, Proposal, Share, Status};
use goodword_domain::time::Instant;

/// The columns [`read_split`] reads, then the rest of the query.
macro_rules! splits {
    ($($rest:literal),+) => {
        concat!(
            "select x.id, x.vendor_id, x.program_id, x.sale_id, x.partner_id, x.status, x.created_at, x.due_at, x.decided_at \
             from split x ",
            $($rest),+
        )
    };
}

/// A proposal with what is stored beside it.
#[derive(Clone, Debug)]
pub struct SplitRow {
    pub vendor: VendorId,
    pub program: ProgramId,
    pub sale: SaleId,
    pub created_at: Instant,
    /// Until when the vendor is to decide.
    pub due_at: Instant,
    pub decided_at: Option<Instant>,
    pub proposal: Proposal,
}

/// Something that happened to a proposal.
#[derive(Clone, Debug)]
pub struct SplitEvent {
    /// What it came to be, or how somebody answered.
    pub status: String,
    /// `partner`, or a person or key of the vendor.
    pub by: String,
    pub partner: Option<PartnerId>,
    pub note: Option<String>,
    pub at: Instant,
}

/// Which proposals to list.
#[derive(Clone, Debug, Default)]
pub struct SplitFilter {
    pub program: Option<ProgramId>,
    /// Only those this partner is concerned by.
    pub partner: Option<PartnerId>,
    pub sale: Option<SaleId>,
    /// A status, or `open` for those that wait for a decision.
    pub status: Option<String>,
    pub after: Option<SplitId>,
    pub page: Page,
}

impl Tx<'_> {
    pub fn insert_split(&mut self, s: &SplitRow) -> Result<(), StoreError> {
        let sql = "insert into split (id, vendor_id, program_id, sale_id, partner_id, status, created_at, due_at) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8)";
        let p = &s.proposal;
        let values = params![
            &p.id,
            &s.vendor,
            &s.program,
            &s.sale,
            &p.proposer,
            p.status.word(),
            s.created_at,
            s.due_at
        ];
        self.execute(sql, values)?;
        self.insert_split_parts(p, &p.parts, false)?;
        let sql = "insert into split_consent (split_id, place, partner_id, answer) values ($1, $2, $3, $4)";
        for (place, consent) in (0_i64..).zip(&p.consents) {
            self.execute(sql, params![&p.id, place, &consent.partner, consent.answer.word()])?;
        }
        self.tell((&s.vendor, &s.program), EventKind::SplitCreated, p.id.as_str())
    }

    fn insert_split_parts(&mut self, p: &Proposal, parts: &[Share], decided: bool) -> Result<(), StoreError> {
        let sql = "insert into split_part (split_id, decided, place, partner_id, role, weight) \
                   values ($1, $2, $3, $4, $5, $6)";
        for (place, share) in (0_i64..).zip(parts) {
            let weight = i64::try_from(share.weight).unwrap_or(i64::MAX);
            self.execute(sql, params![&p.id, decided, place, &share.partner, &share.role, weight])?;
        }
        Ok(())
    }

    /// Saves what an answer or the decision changed.
    pub fn update_split(&mut self, s: &SplitRow) -> Result<(), StoreError> {
        let p = &s.proposal;
        let sql = "update split set status = $2, decided_at = $3 where id = $1";
        self.execute(sql, params![&p.id, p.status.word(), s.decided_at])?;
        for consent in &p.consents {
            let sql = "update split_consent set answer = $3 where split_id = $1 and partner_id = $2";
            self.execute(sql, params![&p.id, &consent.partner, consent.answer.word()])?;
        }
        self.insert_split_parts(p, &p.decided, true)?;
        self.tell((&s.vendor, &s.program), EventKind::SplitUpdated, p.id.as_str())
    }

    pub fn split(&mut self, vendor: &VendorId, id: &SplitId) -> Result<Option<SplitRow>, StoreError> {
        let sql = splits!("where x.vendor_id = $1 and x.id = $2");
        let row = self.row(sql, params![vendor, id])?.map(read_split).transpose()?;
        row.map(|row| self.with_shares(row)).transpose()
    }

    pub fn splits(&mut self, vendor: &VendorId, f: &SplitFilter) -> Result<Vec<SplitRow>, StoreError> {
        macro_rules! listed {
            ($than:literal, $order:literal) => {
                splits!(
                    "where x.vendor_id = $1 and (cast($2 as text) is null or x.program_id = $2) \
                     and (cast($3 as text) is null or exists (select 1 from split_consent c where c.split_id = x.id \
                     and c.partner_id = $3)) and (cast($4 as text) is null or x.sale_id = $4) \
                     and (cast($5 as text) is null or x.status = $5 \
                     or ($5 = 'open' and x.status in ('proposed', 'agreed', 'disputed'))) \
                     and (cast($6 as text) is null or x.id ", $than, " $6) order by x.id ", $order, " limit $7 offset $8"
                )
            };
        }
        let sql = turned!(f.page, listed);
        let filter =
            params![vendor, &f.program, &f.partner, &f.sale, &f.status, &f.after, f.page.limit, f.page.skip];
        let rows = self.rows(sql, filter)?;
        rows.into_iter().map(|row| read_split(row).and_then(|row| self.with_shares(row))).collect()
    }

    /// Whether a proposal about a sale waits for a decision.
    pub fn has_open_split(&mut self, sale: &SaleId) -> Result<bool, StoreError> {
        let sql = "select id from split where sale_id = $1 and status in ('proposed', 'agreed', 'disputed')";
        Ok(self.row(sql, params![sale])?.is_some())
    }

    fn with_shares(&mut self, mut row: SplitRow) -> Result<SplitRow, StoreError> {
        let id = row.proposal.id.clone();
        row.proposal.parts = self.split_parts(&id, false)?;
        row.proposal.decided = self.split_parts(&id, true)?;
        let sql = "select partner_id, answer from split_consent where split_id = $1 order by place";
        let read = |mut row: Row| {
            let partner = row.next()?;
            Ok(Consent { partner, answer: Answer::parse(&row.next::<String>()?).map_err(broken)? })
        };
        row.proposal.consents =
            self.rows(sql, params![&id])?.into_iter().map(read).collect::<Result<_, StoreError>>()?;
        Ok(row)
    }

    fn split_parts(&mut self, id: &SplitId, decided: bool) -> Result<Vec<Share>, StoreError> {
        let sql = "select partner_id, role, weight from split_part where split_id = $1 and decided = $2 order by place";
        let read = |mut row: Row| {
            let (partner, role, weight) = (row.next()?, row.next()?, row.next::<i64>()?);
            Ok(Share { partner, role, weight: u64::try_from(weight).unwrap_or(0) })
        };
        self.rows(sql, params![id, decided])?.into_iter().map(read).collect()
    }

    /// Adds to what happened to a proposal.
    pub fn insert_split_event(
        &mut self,
        vendor: &VendorId,
        id: &SplitId,
        e: &SplitEvent,
    ) -> Result<(), StoreError> {
        let sql = "insert into split_event (split_id, place, vendor_id, status, by, partner_id, note, at) \
                   select $1, coalesce(max(place), 0) + 1, $2, $3, $4, $5, $6, $7 from split_event where split_id = $1";
        self.execute(sql, params![id, vendor, &e.status, &e.by, &e.partner, &e.note, e.at])?;
        Ok(())
    }

    pub fn split_events(&mut self, id: &SplitId) -> Result<Vec<SplitEvent>, StoreError> {
        let sql =
            "select status, by, partner_id, note, at from split_event where split_id = $1 order by place";
        let read = |mut row: Row| {
            Ok(SplitEvent {
                status: row.next()?,
                by: row.next()?,
                partner: row.next()?,
                note: row.next()?,
                at: row.next()?,
            })
        };
        self.rows(sql, params![id])?.into_iter().map(read).collect()
    }

    /// Forgets what a partner has said about splits.
    pub fn erase_split_notes(&mut self, partner: &PartnerId) -> Result<(), StoreError> {
        self.execute("update split_event set note = null where partner_id = $1", params![partner])?;
        Ok(())
    }
}

fn read_split(mut row: Row) -> Result<SplitRow, StoreError> {
    let id = row.next()?;
    let (vendor, program, sale, proposer) = (row.next()?, row.next()?, row.next()?, row.next()?);
    let status = Status::parse(&row.next::<String>()?).map_err(broken)?;
    let proposal =
        Proposal { id, status, proposer, parts: Vec::new(), decided: Vec::new(), consents: Vec::new() };
    Ok(SplitRow {
        vendor,
        program,
        sale,
        created_at: row.next()?,
        due_at: row.next()?,
        decided_at: row.next()?,
        proposal,
    })
}
