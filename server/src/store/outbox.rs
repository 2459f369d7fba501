//! The outbox: what happened, written in the transaction that stores the fact, where somebody listens.

use super::memory::Listened;
use super::program::broken;
use super::{Row, StoreError, Tx, params, row};
use crate::world::World;
use goodword_domain::event::{EventKind, EventKinds};
use goodword_domain::id::{EventId, ListenerId, ProgramId, VendorId};
use goodword_domain::time::Instant;

/// The columns [`read_told`] reads, then the rest of the query.
macro_rules! told {
    ($rest:literal) => {
        concat!(
            "select o.id, o.vendor_id, o.program_id, o.kind, o.subject, o.detail, o.depth, o.at, o.body from outbox o ",
            $rest
        )
    };
}

/// Something that happened in the open transaction and is not written down yet.
#[derive(Clone, Debug)]
pub struct News {
    vendor: VendorId,
    program: ProgramId,
    kind: EventKind,
    subject: String,
    detail: Option<String>,
    depth: i64,
    at: Instant,
}

/// An event of the outbox.
#[derive(Clone, Debug)]
pub struct Told {
    pub id: EventId,
    pub vendor: VendorId,
    pub program: ProgramId,
    pub kind: EventKind,
    /// The id of what it is about.
    pub subject: String,
    /// What could not be found out later, as JSON.
    pub detail: Option<String>,
    /// How many triggers led to it.
    pub depth: i64,
    /// When it happened, by the vendor's clock.
    pub at: Instant,
    /// What is sent, as JSON; none before it was built, or when what it is about is gone.
    pub body: Option<String>,
}

/// A developer's terminal that hears of events.
#[derive(Clone, Debug)]
pub struct Listener {
    pub id: ListenerId,
    pub vendor: VendorId,
    pub program: Option<ProgramId>,
    pub kinds: EventKinds,
    /// Their words between blanks.
    pub events: String,
    pub expires_at: Instant,
}

/// The kinds of stored words.
pub(super) fn read_kinds(words: &str) -> Result<EventKinds, StoreError> {
    EventKinds::parse(words.split_whitespace()).map_err(broken)
}

impl Tx<'_> {
    /// Whether anybody of a vendor's listens to a kind of event.
    pub fn is_listened(&mut self, vendor: &VendorId, kind: EventKind) -> Result<bool, StoreError> {
        Ok(self.known_listened(vendor)?.kinds.has(kind))
    }

    /// Tells that something happened to what has the id `subject`. Written at the end of the transaction, with all else it
    /// tells, where somebody listens; where nobody does it costs a look into memory.
    pub fn tell(
        &mut self,
        (vendor, program): (&VendorId, &ProgramId),
        kind: EventKind,
        subject: &str,
    ) -> Result<(), StoreError> {
        self.tell_with((vendor, program), kind, subject, || None)
    }

    /// The same with what could not be found out later, as JSON.
    pub fn tell_with(
        &mut self,
        (vendor, program): (&VendorId, &ProgramId),
        kind: EventKind,
        subject: &str,
        detail: impl FnOnce() -> Option<String>,
    ) -> Result<(), StoreError> {
        if self.is_listened(vendor, kind)? {
            let at = self.known_clock(vendor)?.now(World.now());
            let (vendor, program, subject) = (vendor.clone(), program.clone(), subject.to_owned());
            let depth = self.memory.depth;
            self.memory.news.push(News { vendor, program, kind, subject, detail: detail(), depth, at });
        }
        Ok(())
    }

    /// A piece of work begins: what an earlier one told and did not keep is gone.
    pub(super) fn begin_news(&mut self) {
        self.memory.news.clear();
        self.memory.depth = 0;
    }

    /// From here on what happens is the doing of a trigger that acts on this event; of none, where there is no event.
    pub fn act_on(&mut self, told: Option<&Told>) {
        self.memory.depth = told.map_or(0, |told| told.depth + 1);
    }

    /// Writes down what was told, in the order in which it was.
    pub(super) fn write_news(&mut self) -> Result<(), StoreError> {
        if self.memory.news.is_empty() {
            return Ok(());
        }
        let news = std::mem::take(&mut self.memory.news);
        // As many as are needed are drawn, and given out in order: a clock that is set back draws smaller ones.
        let mut ids: Vec<EventId> = news.iter().map(|_| EventId::from_bits(World.bits())).collect();
        ids.sort_unstable();
        let sql = "insert into outbox (id, vendor_id, program_id, kind, subject, detail, depth, at, spread) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let row = |(id, n): (&EventId, News)| {
            row![id, &n.vendor, &n.program, n.kind.word(), &n.subject, &n.detail, n.depth, n.at, false]
        };
        let rows: Vec<_> = ids.iter().zip(news).map(row).collect();
        self.execute_all(sql, &rows)
    }

    /// Which kinds of events a vendor's endpoints, triggers and listeners hear of, and until when that is known.
    pub(super) fn listened(&mut self, vendor: &VendorId, now: Instant) -> Result<Listened, StoreError> {
        let mut heard = Listened::default();
        let sql = "select events from webhook where vendor_id = $1 and deleted_at is null \
                   union all select event from trigger_rule where vendor_id = $1 and enabled and deleted_at is null";
        for mut row in self.rows(sql, params![vendor])? {
            heard.kinds = heard.kinds.and(read_kinds(&row.next::<String>()?)?);
        }
        let sql = "select events, expires_at from listener where vendor_id = $1 and expires_at > $2";
        for mut row in self.rows(sql, params![vendor, now])? {
            heard.kinds = heard.kinds.and(read_kinds(&row.next::<String>()?)?);
            let ends: Instant = row.next()?;
            heard.until = Some(heard.until.map_or(ends, |until| until.min(ends)));
        }
        Ok(heard)
    }

    /// Events nobody has been told of yet, the earliest first.
    pub fn unspread(&mut self, limit: i64) -> Result<Vec<Told>, StoreError> {
        let sql = told!("where not o.spread order by o.id limit $1");
        self.rows(sql, params![limit])?.into_iter().map(read_told).collect()
    }

    /// Keeps what is sent of an event; whether nobody else has done so meanwhile.
    pub fn spread(&mut self, id: &EventId, body: Option<&str>) -> Result<bool, StoreError> {
        let sql = "update outbox set spread = $3, body = $2 where id = $1 and not spread";
        Ok(self.execute(sql, params![id, body.map(str::to_owned), true])? == 1)
    }

    /// Stores an event that was made up, with what is sent of it.
    pub fn insert_told(&mut self, t: &Told) -> Result<(), StoreError> {
        let sql = "insert into outbox (id, vendor_id, program_id, kind, subject, detail, depth, at, body, spread) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        let kind = t.kind.word();
        let row =
            params![&t.id, &t.vendor, &t.program, kind, &t.subject, &t.detail, t.depth, t.at, &t.body, true];
        self.execute(sql, row)?;
        Ok(())
    }

    pub fn told(&mut self, vendor: &VendorId, id: &EventId) -> Result<Option<Told>, StoreError> {
        let sql = told!("where o.vendor_id = $1 and o.id = $2");
        self.row(sql, params![vendor, id])?.map(read_told).transpose()
    }

    /// The ids of what events of a kind would be about, the latest first: for trying a trigger on what was before it.
    pub fn latest_subjects(
        &mut self,
        (vendor, program): (&VendorId, &ProgramId),
        kind: EventKind,
        limit: i64,
    ) -> Result<Vec<(String, Instant)>, StoreError> {
        let sql = match kind {
            EventKind::PartnerApplicationSubmitted => {
                "select id, created_at from enrollment where vendor_id = $1 and program_id = $2 and status = 'pending' order by id desc limit $3"
            }
            EventKind::PartnerEnrolled | EventKind::PartnerGroupChanged | EventKind::PartnerLevelChanged => {
                "select id, created_at from enrollment where vendor_id = $1 and program_id = $2 and status = 'approved' order by id desc limit $3"
            }
            EventKind::PartnerRejected => {
                "select id, created_at from enrollment where vendor_id = $1 and program_id = $2 and status = 'rejected' order by id desc limit $3"
            }
            EventKind::PartnerBanned => {
                "select id, created_at from enrollment where vendor_id = $1 and program_id = $2 and status = 'banned' order by id desc limit $3"
            }
            EventKind::LinkCreated => {
                "select id, created_at from link where vendor_id = $1 and program_id = $2 order by id desc limit $3"
            }
            // A click's id is not stored as it is told.
            EventKind::LinkClicked => return Ok(Vec::new()),
            EventKind::LeadCreated => {
                "select id, at from lead where vendor_id = $1 and program_id = $2 order by at desc, id desc limit $3"
            }
            EventKind::SaleCreated => {
                "select id, at from sale where vendor_id = $1 and program_id = $2 order by at desc, id desc limit $3"
            }
            EventKind::SaleRefunded => {
                "select r.id, r.at from refund r join sale s on s.id = r.sale_id where s.vendor_id = $1 and s.program_id = $2 order by r.id desc limit $3"
            }
            EventKind::SaleDisputed => {
                "select d.id, d.at from dispute d join sale s on s.id = d.sale_id where s.vendor_id = $1 and s.program_id = $2 order by d.id desc limit $3"
            }
            EventKind::CommissionCreated | EventKind::CommissionUpdated => {
                "select id, at from commission where vendor_id = $1 and program_id = $2 order by at desc, id desc limit $3"
            }
            EventKind::PayoutCreated
            | EventKind::PayoutApproved
            | EventKind::PayoutPaid
            | EventKind::PayoutFailed
            | EventKind::PayoutReturned
            | EventKind::PayoutCanceled => {
                "select id, created_at from payout where vendor_id = $1 and program_id = $2 order by id desc limit $3"
            }
            EventKind::FundRequestCreated | EventKind::FundRequestUpdated => {
                "select id, created_at from fund_request where vendor_id = $1 and program_id = $2 order by id desc limit $3"
            }
            EventKind::FundClaimCreated | EventKind::FundClaimUpdated => {
                "select id, created_at from fund_claim where vendor_id = $1 and program_id = $2 order by id desc limit $3"
            }
            EventKind::RedemptionCreated | EventKind::RedemptionUpdated => {
                "select id, created_at from redemption where vendor_id = $1 and program_id = $2 order by id desc limit $3"
            }
            EventKind::RegistrationCreated | EventKind::RegistrationUpdated => {
                "select id, created_at from registration where vendor_id = $1 and program_id = $2 order by id desc limit $3"
            }
            EventKind::SplitCreated | EventKind::SplitUpdated => {
                "select id, created_at from split where vendor_id = $1 and program_id = $2 order by id desc limit $3"
            }
            EventKind::ClaimFiled | EventKind::ClaimDecided => {
                "select id, created_at from claim where vendor_id = $1 and program_id = $2 order by id desc limit $3"
            }
        };
        let rows = self.rows(sql, params![vendor, program, limit])?;
        rows.into_iter().map(|mut row| Ok((row.next()?, row.next()?))).collect()
    }

    pub fn insert_listener(&mut self, l: &Listener, now: Instant) -> Result<(), StoreError> {
        let sql = "insert into listener (id, vendor_id, program_id, events, places, created_at, expires_at) \
                   values ($1, $2, $3, $4, $5, $6, $7)";
        self.execute(sql, params![&l.id, &l.vendor, &l.program, &l.events, 0_i64, now, l.expires_at])?;
        self.directory_changed()
    }

    /// Keeps a listener for longer; whether it was still there.
    pub fn renew_listener(
        &mut self,
        vendor: &VendorId,
        id: &ListenerId,
        (now, until): (Instant, Instant),
    ) -> Result<bool, StoreError> {
        let sql = "update listener set expires_at = $4 where id = $1 and vendor_id = $2 and expires_at > $3";
        Ok(self.execute(sql, params![id, vendor, now, until])? == 1)
    }

    /// Those of a vendor that have not expired.
    pub fn listeners(&mut self, vendor: &VendorId, now: Instant) -> Result<Vec<Listener>, StoreError> {
        let sql = "select id, vendor_id, program_id, events, expires_at from listener \
                   where vendor_id = $1 and expires_at > $2 order by id";
        self.rows(sql, params![vendor, now])?.into_iter().map(read_listener).collect()
    }

    /// Puts an event where a listener will fetch it.
    pub fn hear(&mut self, listener: &Listener, event: &EventId) -> Result<(), StoreError> {
        let sql = "update listener set places = places + 1 where id = $1";
        self.execute(sql, params![&listener.id])?;
        let sql = "insert into heard (listener_id, place, vendor_id, event_id) \
                   select id, places, vendor_id, $2 from listener where id = $1";
        self.execute(sql, params![&listener.id, event])?;
        Ok(())
    }

    /// Forgets what a listener has fetched up to a place.
    pub fn fetched(&mut self, listener: &ListenerId, up_to: i64) -> Result<(), StoreError> {
        self.execute("delete from heard where listener_id = $1 and place <= $2", params![listener, up_to])?;
        Ok(())
    }

    /// What a listener has not fetched yet, in order, each with its place.
    pub fn heard(
        &mut self,
        listener: &ListenerId,
        after: i64,
        limit: i64,
    ) -> Result<Vec<(i64, Told)>, StoreError> {
        let sql = "select h.place, o.id, o.vendor_id, o.program_id, o.kind, o.subject, o.detail, o.depth, o.at, o.body \
                   from heard h join outbox o on o.id = h.event_id where h.listener_id = $1 and h.place > $2 \
                   order by h.place limit $3";
        let rows = self.rows(sql, params![listener, after, limit])?;
        rows.into_iter().map(|mut row| Ok((row.next()?, next_told(&mut row)?))).collect()
    }

    /// Deletes events with an id below `below`, and all that hangs on them, some at a time; returns how many.
    pub fn forget_told(&mut self, below: &EventId, limit: i64) -> Result<usize, StoreError> {
        let sql = "select id from outbox where id < $1 and spread order by id limit $2";
        let rows = self.rows(sql, params![below, limit])?;
        let ids: Vec<String> = rows.into_iter().map(|mut row| row.next()).collect::<Result<_, _>>()?;
        if ids.is_empty() {
            return Ok(0);
        }
        for sql in [
            "delete from delivery_attempt where delivery_id in (select id from delivery where event_id = any($1))",
            "delete from delivery where event_id = any($1)",
            "delete from heard where event_id = any($1)",
            "delete from trigger_run where event_id = any($1)",
            "delete from outbox where id = any($1)",
        ] {
            self.execute(sql, params![&ids[..]])?;
        }
        Ok(ids.len())
    }

    /// Deletes listeners that expired before an instant.
    pub fn forget_listeners(&mut self, before: Instant) -> Result<(), StoreError> {
        let sql = "delete from heard where listener_id in (select id from listener where expires_at < $1)";
        self.execute(sql, params![before])?;
        self.execute("delete from listener where expires_at < $1", params![before])?;
        Ok(())
    }
}

pub(super) fn read_told(mut row: Row) -> Result<Told, StoreError> {
    next_told(&mut row)
}

fn next_told(row: &mut Row) -> Result<Told, StoreError> {
    Ok(Told {
        id: row.next()?,
        vendor: row.next()?,
        program: row.next()?,
        kind: EventKind::parse(&row.next::<String>()?).map_err(broken)?,
        subject: row.next()?,
        detail: row.next()?,
        depth: row.next()?,
        at: row.next()?,
        body: row.next()?,
    })
}

fn read_listener(mut row: Row) -> Result<Listener, StoreError> {
    let (id, vendor, program) = (row.next()?, row.next()?, row.next()?);
    let events: String = row.next()?;
    Ok(Listener { id, vendor, program, kinds: read_kinds(&events)?, events, expires_at: row.next()? })
}
