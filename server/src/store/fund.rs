//! Requests to funds, claims on them, what happened to each, and the purchases that fill funds.

use super::page::turned;
use super::{Page, Row, StoreError, Tx, params};
use crate::document;
use goodword_domain::event::EventKind;
use goodword_domain::fund::{Asked, Claim, ClaimStatus, For, Request, RequestStatus, Score};
use goodword_domain::id::{CommissionId, FundClaimId, FundId, FundRequestId, PartnerId, ProgramId, VendorId};
use goodword_domain::money::Currency;
use goodword_domain::time::Instant;

/// A partner's request with what is stored beside it.
#[derive(Clone, Debug)]
pub struct RequestRow {
    pub vendor: VendorId,
    pub program: ProgramId,
    pub partner: PartnerId,
    pub currency: Currency,
    /// What it is for.
    pub title: String,
    pub created_at: Instant,
    pub decided_at: Option<Instant>,
    pub request: Request,
}

/// A claim with what is stored beside it.
#[derive(Clone, Debug)]
pub struct FundClaimRow {
    pub vendor: VendorId,
    pub program: ProgramId,
    pub request: FundRequestId,
    pub fund: FundId,
    pub partner: PartnerId,
    /// What paid it.
    pub commission: Option<CommissionId>,
    pub created_at: Instant,
    pub decided_at: Option<Instant>,
    pub claim: Claim,
}

/// Something that happened to a request or a claim.
#[derive(Clone, Debug)]
pub struct FundEvent {
    pub status: String,
    pub by: String,
    pub note: Option<String>,
    pub at: Instant,
}

/// Which requests or claims to list.
#[derive(Clone, Debug, Default)]
pub struct FundFilter {
    pub program: Option<ProgramId>,
    pub fund: Option<FundId>,
    pub partner: Option<PartnerId>,
    /// A status, or `open` for those that wait for a decision.
    pub status: Option<String>,
    pub after: Option<String>,
    pub page: Page,
}

/// The figures of a fund, minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FundSums {
    /// Set aside for all, and good.
    pub budget: i64,
    /// Partners' own, and good.
    pub allocated: i64,
    pub committed: i64,
    pub paid: i64,
    /// Requests that wait.
    pub requests: i64,
    /// Claims that wait.
    pub claims: i64,
}

/// A purchase as it stands now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purchase {
    pub id: String,
    pub vendor: VendorId,
    pub program: ProgramId,
    pub fund: FundId,
    pub partner: PartnerId,
    pub external_id: String,
    pub amount: i64,
    pub at: Instant,
}

/// The columns [`read_request`] reads, then the rest of the query.
macro_rules! requests {
    ($($rest:literal),+) => {
        concat!(
            "select r.id, r.vendor_id, r.program_id, r.partner_id, r.fund, r.currency, r.title, r.cost, r.starts_at, r.ends_at, \
             r.wanted, r.status, r.committed, r.paid, r.released, r.claim_by, r.created_at, r.decided_at from fund_request r ",
            $($rest),+
        )
    };
}

/// The columns [`read_claim`] reads, then the rest of the query.
macro_rules! claims {
    ($($rest:literal),+) => {
        concat!(
            "select c.id, c.vendor_id, c.program_id, c.request_id, c.fund_id, c.partner_id, c.kind, c.figure, c.last, \
             c.period_start, c.period_end, c.score, c.due, c.paid, c.status, c.commission_id, c.created_at, c.decided_at \
             from fund_claim c ",
            $($rest),+
        )
    };
}

impl Tx<'_> {
    pub fn insert_fund_request(&mut self, r: &RequestRow) -> Result<(), StoreError> {
        let sql = "insert into fund_request (id, vendor_id, program_id, fund_id, partner_id, fund, currency, title, cost, \
                   starts_at, ends_at, wanted, status, created_at) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
        let (q, fund) = (&r.request, document::write_fund(&r.request.fund));
        let values = params![
            &q.id,
            &r.vendor,
            &r.program,
            &q.fund.id,
            &r.partner,
            fund,
            r.currency,
            &r.title,
            q.asked.cost,
            q.asked.starts_at,
            q.asked.ends_at,
            q.wanted,
            q.status.word(),
            r.created_at
        ];
        self.execute(sql, values)?;
        self.tell((&r.vendor, &r.program), EventKind::FundRequestCreated, q.id.as_str())
    }

    /// Saves what a step changed.
    pub fn update_fund_request(&mut self, r: &RequestRow) -> Result<(), StoreError> {
        let q = &r.request;
        let sql = "update fund_request set status = $2, committed = $3, paid = $4, released = $5, claim_by = $6, \
                   decided_at = $7 where id = $1";
        let values =
            params![&q.id, q.status.word(), q.committed, q.paid, q.released, q.claim_by, r.decided_at];
        self.execute(sql, values)?;
        self.tell((&r.vendor, &r.program), EventKind::FundRequestUpdated, q.id.as_str())
    }

    pub fn fund_request(
        &mut self,
        vendor: &VendorId,
        id: &FundRequestId,
    ) -> Result<Option<RequestRow>, StoreError> {
        let sql = requests!("where r.vendor_id = $1 and r.id = $2");
        let row = self.row(sql, params![vendor, id])?.map(read_request).transpose()?;
        row.map(|row| self.with_parts(row)).transpose()
    }

    fn with_parts(&mut self, mut row: RequestRow) -> Result<RequestRow, StoreError> {
        row.request.parts = self.draws(row.request.id.as_str())?;
        Ok(row)
    }

    /// Requests of a vendor, without what they drew.
    pub fn fund_requests(
        &mut self,
        vendor: &VendorId,
        f: &FundFilter,
    ) -> Result<Vec<RequestRow>, StoreError> {
        macro_rules! listed {
            ($than:literal, $order:literal) => {
                requests!(
                    "where r.vendor_id = $1 and (cast($2 as text) is null or r.program_id = $2) \
                     and (cast($3 as text) is null or r.fund_id = $3) and (cast($4 as text) is null or r.partner_id = $4) \
                     and (cast($5 as text) is null or r.status = $5 or ($5 = 'open' and r.status = 'requested')) \
                     and (cast($6 as text) is null or r.id ", $than, " $6) order by r.id ", $order, " limit $7 offset $8"
                )
            };
        }
        let sql = turned!(f.page, listed);
        let values =
            params![vendor, &f.program, &f.fund, &f.partner, &f.status, &f.after, f.page.limit, f.page.skip];
        self.rows(sql, values)?.into_iter().map(read_request).collect()
    }

    /// Approved requests of a vendor for whose fund something is to do by an instant: their time has passed, or their fund pays by
    /// periods.
    pub fn fund_requests_to_look_at(
        &mut self,
        vendor: &VendorId,
        now: Instant,
        after: &str,
        limit: i64,
    ) -> Result<Vec<RequestRow>, StoreError> {
        let sql = requests!(
            "where r.vendor_id = $1 and r.status = 'approved' and r.id > $3 and (r.claim_by <= $2 or r.fund like \
             '%\"instalments\":{%') order by r.id limit $4"
        );
        let rows = self.rows(sql, params![vendor, now, after, limit])?;
        let rows: Vec<RequestRow> = rows.into_iter().map(read_request).collect::<Result<_, _>>()?;
        rows.into_iter().map(|row| self.with_parts(row)).collect()
    }

    /// Approved requests of a vendor whose deadline comes, the soonest first, without what they drew.
    pub fn fund_deadlines(
        &mut self,
        vendor: &VendorId,
        (from, until): (Instant, Instant),
        limit: i64,
    ) -> Result<Vec<RequestRow>, StoreError> {
        let sql = requests!(
            "where r.vendor_id = $1 and r.status = 'approved' and r.claim_by > $2 and r.claim_by <= $3 \
             and r.committed - r.paid - r.released > 0 order by r.claim_by, r.id limit $4"
        );
        self.rows(sql, params![vendor, from, until, limit])?.into_iter().map(read_request).collect()
    }

    /// What is committed to a partner by a fund's approvals in a range, less what was released of them.
    pub fn fund_committed(
        &mut self,
        fund: &FundId,
        partner: &PartnerId,
        (from, until): (Instant, Instant),
    ) -> Result<i64, StoreError> {
        let sql = "select cast(coalesce(sum(committed - released), 0) as bigint) from fund_request \
                   where fund_id = $1 and partner_id = $2 and decided_at >= $3 and decided_at < $4";
        self.row(sql, params![fund, partner, from, until])?.map_or(Ok(0), |mut row| row.next())
    }

    pub fn insert_fund_claim(&mut self, c: &FundClaimRow) -> Result<(), StoreError> {
        let sql = "insert into fund_claim (id, vendor_id, program_id, request_id, fund_id, partner_id, kind, figure, last, \
                   period_start, period_end, score, due, paid, status, created_at) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
        let flat = Flat::of(c.claim.what);
        let values = params![
            &c.claim.id,
            &c.vendor,
            &c.program,
            &c.request,
            &c.fund,
            &c.partner,
            flat.kind,
            flat.figure,
            flat.last,
            flat.period.map(|p| p.0),
            flat.period.map(|p| p.1),
            flat.score,
            c.claim.due,
            c.claim.paid,
            c.claim.status.word(),
            c.created_at
        ];
        self.execute(sql, values)?;
        self.tell((&c.vendor, &c.program), EventKind::FundClaimCreated, c.claim.id.as_str())
    }

    /// Saves what a step changed.
    pub fn update_fund_claim(&mut self, c: &FundClaimRow) -> Result<(), StoreError> {
        let sql = "update fund_claim set status = $2, paid = $3, score = $4, commission_id = $5, decided_at = $6 where id = $1";
        let (claim, score) = (&c.claim, Flat::of(c.claim.what).score);
        self.execute(
            sql,
            params![&claim.id, claim.status.word(), claim.paid, score, &c.commission, c.decided_at],
        )?;
        self.tell((&c.vendor, &c.program), EventKind::FundClaimUpdated, c.claim.id.as_str())
    }

    pub fn fund_claim(
        &mut self,
        vendor: &VendorId,
        id: &FundClaimId,
    ) -> Result<Option<FundClaimRow>, StoreError> {
        let sql = claims!("where c.vendor_id = $1 and c.id = $2");
        self.row(sql, params![vendor, id])?.map(read_claim).transpose()
    }

    pub fn fund_claims(
        &mut self,
        vendor: &VendorId,
        f: &FundFilter,
    ) -> Result<Vec<FundClaimRow>, StoreError> {
        macro_rules! listed {
            ($than:literal, $order:literal) => {
                claims!(
                    "where c.vendor_id = $1 and (cast($2 as text) is null or c.program_id = $2) \
                     and (cast($3 as text) is null or c.fund_id = $3) and (cast($4 as text) is null or c.partner_id = $4) \
                     and (cast($5 as text) is null or c.status = $5 or ($5 = 'open' and c.status in ('due', 'submitted', 'held'))) \
                     and (cast($6 as text) is null or c.id ", $than, " $6) order by c.id ", $order, " limit $7 offset $8"
                )
            };
        }
        let sql = turned!(f.page, listed);
        let values =
            params![vendor, &f.program, &f.fund, &f.partner, &f.status, &f.after, f.page.limit, f.page.skip];
        self.rows(sql, values)?.into_iter().map(read_claim).collect()
    }

    /// The claims of a request, in the order they came.
    pub fn claims_of_request(&mut self, request: &FundRequestId) -> Result<Vec<FundClaimRow>, StoreError> {
        let sql = claims!("where c.request_id = $1 order by c.id");
        self.rows(sql, params![request])?.into_iter().map(read_claim).collect()
    }

    /// Adds to what happened to a request or a claim.
    pub fn insert_fund_event(
        &mut self,
        vendor: &VendorId,
        subject: &str,
        e: &FundEvent,
    ) -> Result<(), StoreError> {
        let sql = "insert into fund_event (subject, place, vendor_id, status, by, note, at) \
                   select $1, coalesce(max(place), 0) + 1, $2, $3, $4, $5, $6 from fund_event where subject = $1";
        self.execute(sql, params![subject, vendor, &e.status, &e.by, &e.note, e.at])?;
        Ok(())
    }

    pub fn fund_events(&mut self, subject: &str) -> Result<Vec<FundEvent>, StoreError> {
        let sql = "select status, by, note, at from fund_event where subject = $1 order by place";
        let read = |mut row: Row| {
            Ok(FundEvent { status: row.next()?, by: row.next()?, note: row.next()?, at: row.next()? })
        };
        self.rows(sql, params![subject])?.into_iter().map(read).collect()
    }

    /// The figures of a fund: for one partner, or all.
    pub fn fund_sums(
        &mut self,
        fund: &FundId,
        partner: Option<&PartnerId>,
        now: Instant,
    ) -> Result<FundSums, StoreError> {
        let sql = "select cast(coalesce(sum(case when partner_id = '' then remaining else 0 end), 0) as bigint), \
                   cast(coalesce(sum(case when partner_id <> '' then remaining else 0 end), 0) as bigint) from lot \
                   where purse = $1 and (partner_id = '' or cast($2 as text) is null or partner_id = $2) and at <= $3 \
                   and (expires_at is null or expires_at > $3)";
        let mut sums = FundSums::default();
        if let Some(mut row) = self.row(sql, params![fund, partner, now])? {
            (sums.budget, sums.allocated) = (row.next()?, row.next()?);
        }
        let sql = "select cast(coalesce(sum(committed - paid - released), 0) as bigint), cast(coalesce(sum(paid), 0) as bigint), \
                   cast(coalesce(sum(case when status = 'requested' then 1 else 0 end), 0) as bigint) from fund_request \
                   where fund_id = $1 and (cast($2 as text) is null or partner_id = $2)";
        if let Some(mut row) = self.row(sql, params![fund, partner])? {
            (sums.committed, sums.paid, sums.requests) = (row.next()?, row.next()?, row.next()?);
        }
        let sql = "select count(*) from fund_claim where fund_id = $1 and (cast($2 as text) is null or partner_id = $2) \
                   and status in ('due', 'submitted', 'held')";
        if let Some(mut row) = self.row(sql, params![fund, partner])? {
            sums.claims = row.next()?;
        }
        Ok(sums)
    }

    /// A purchase by the number the vendor knows it by.
    pub fn fund_purchase(
        &mut self,
        fund: &FundId,
        external_id: &str,
    ) -> Result<Option<Purchase>, StoreError> {
        let sql = "select id, vendor_id, program_id, fund_id, partner_id, external_id, amount, at from fund_purchase \
                   where fund_id = $1 and external_id = $2";
        self.row(sql, params![fund, external_id])?.map(read_purchase).transpose()
    }

    /// Stores a purchase, or what it has become.
    pub fn put_fund_purchase(&mut self, p: &Purchase) -> Result<(), StoreError> {
        let sql = "insert into fund_purchase (id, vendor_id, program_id, fund_id, partner_id, external_id, amount, at) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8) \
                   on conflict (fund_id, external_id) do update set amount = excluded.amount";
        let values =
            params![&p.id, &p.vendor, &p.program, &p.fund, &p.partner, &p.external_id, p.amount, p.at];
        self.execute(sql, values)?;
        Ok(())
    }

    /// Purchases whose numbers begin and end like this. Neither may have a sign that stands for others (`%`, `_`).
    pub fn fund_purchases_like(
        &mut self,
        fund: &FundId,
        (start, end): (&str, &str),
    ) -> Result<Vec<Purchase>, StoreError> {
        let sql = "select id, vendor_id, program_id, fund_id, partner_id, external_id, amount, at from fund_purchase \
                   where fund_id = $1 and external_id like $2 order by partner_id";
        let rows = self.rows(sql, params![fund, format!("{start}%{end}")])?;
        rows.into_iter().map(read_purchase).collect()
    }

    /// The day on which a program's sales have filled a fund last.
    pub fn fund_round(&mut self, fund: &FundId) -> Result<Option<i64>, StoreError> {
        let row = self.row("select day from fund_round where fund_id = $1", params![fund])?;
        row.map(|mut row| row.next()).transpose()
    }

    pub fn set_fund_round(
        &mut self,
        (vendor, program): (&VendorId, &ProgramId),
        fund: &FundId,
        day: i64,
    ) -> Result<(), StoreError> {
        let sql = "insert into fund_round (fund_id, program_id, vendor_id, day) values ($1, $2, $3, $4) \
                   on conflict (fund_id) do update set day = excluded.day";
        self.execute(sql, params![fund, program, vendor, day])?;
        Ok(())
    }

    /// What a partner has purchased in a range, minor units.
    pub fn purchased(
        &mut self,
        fund: &FundId,
        partner: &PartnerId,
        (from, until): (Instant, Instant),
    ) -> Result<i64, StoreError> {
        let sql = "select cast(coalesce(sum(amount), 0) as bigint) from fund_purchase \
                   where fund_id = $1 and partner_id = $2 and at >= $3 and at < $4";
        self.row(sql, params![fund, partner, from, until])?.map_or(Ok(0), |mut row| row.next())
    }
}

/// What a claim is for, in columns.
struct Flat {
    kind: &'static str,
    figure: Option<i64>,
    last: bool,
    period: Option<(Instant, Instant)>,
    score: Option<String>,
}

impl Flat {
    fn of(what: For) -> Self {
        let blank = Self { kind: "cost", figure: None, last: false, period: None, score: None };
        match what {
            For::Cost { cost, last } => Self { figure: Some(cost), last, ..blank },
            For::Reached { reached } => Self { kind: "reached", figure: Some(reached), ..blank },
            For::Period { from, until, score } => {
                let score = score.map(|score| score.to_string());
                Self { kind: "period", period: Some((from, until)), score, ..blank }
            }
        }
    }
}

fn broken(id: &impl std::fmt::Display) -> StoreError {
    StoreError::Failed(format!("{id} is broken"))
}

fn read_purchase(mut row: Row) -> Result<Purchase, StoreError> {
    Ok(Purchase {
        id: row.next()?,
        vendor: row.next()?,
        program: row.next()?,
        fund: row.next()?,
        partner: row.next()?,
        external_id: row.next()?,
        amount: row.next()?,
        at: row.next()?,
    })
}

fn read_request(mut row: Row) -> Result<RequestRow, StoreError> {
    let id: FundRequestId = row.next()?;
    let (vendor, program, partner) = (row.next()?, row.next()?, row.next()?);
    let fund: String = row.next()?;
    let fund = document::read_stored_fund(&fund).map_err(|_| broken(&id))?;
    let (currency, title) = (row.next()?, row.next()?);
    let asked = Asked { cost: row.next()?, starts_at: row.next()?, ends_at: row.next()? };
    let wanted = row.next()?;
    let status: String = row.next()?;
    let status = RequestStatus::parse(&status).map_err(|_| broken(&id))?;
    let (committed, paid, released, claim_by) = (row.next()?, row.next()?, row.next()?, row.next()?);
    let parts = Vec::new();
    let request = Request { id, fund, asked, wanted, status, committed, paid, released, claim_by, parts };
    let (created_at, decided_at) = (row.next()?, row.next()?);
    Ok(RequestRow { vendor, program, partner, currency, title, created_at, decided_at, request })
}

fn read_claim(mut row: Row) -> Result<FundClaimRow, StoreError> {
    let id: FundClaimId = row.next()?;
    let (vendor, program, request, fund, partner) =
        (row.next()?, row.next()?, row.next()?, row.next()?, row.next()?);
    let (kind, figure, last): (String, Option<i64>, bool) = (row.next()?, row.next()?, row.next()?);
    let period = (row.next::<Option<Instant>>()?, row.next::<Option<Instant>>()?);
    let score: Option<String> = row.next()?;
    let score = score.map(|text| Score::parse("score", &text)).transpose().map_err(|_| broken(&id))?;
    let what = match (kind.as_str(), figure, period) {
        ("cost", Some(cost), _) => For::Cost { cost, last },
        ("reached", Some(reached), _) => For::Reached { reached },
        ("period", _, (Some(from), Some(until))) => For::Period { from, until, score },
        _ => return Err(broken(&id)),
    };
    let (due, paid) = (row.next()?, row.next()?);
    let status: String = row.next()?;
    let status = ClaimStatus::parse(&status).map_err(|_| broken(&id))?;
    let (commission, created_at, decided_at) = (row.next()?, row.next()?, row.next()?);
    let claim = Claim { id, what, due, status, paid };
    Ok(FundClaimRow { vendor, program, request, fund, partner, commission, created_at, decided_at, claim })
}
