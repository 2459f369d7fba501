//! Events on their way to endpoints, and every attempt.

use super::{Row, StoreError, Tx, params};
use goodword_domain::id::{DeliveryId, EventId, VendorId, WebhookId};
use goodword_domain::time::Instant;

/// The columns [`read_delivery`] reads, of `d` with its event `o` and its latest attempt `a`, then the rest of the query.
macro_rules! deliveries {
    ($rest:literal) => {
        concat!(
            "select d.id, d.event_id, o.kind, d.status, d.cause, d.attempts, d.next_attempt_at, \
             d.created_at, a.at, a.ms, a.code, a.error from delivery d join outbox o on o.id = d.event_id \
             left join delivery_attempt a on a.delivery_id = d.id and a.place = d.attempts ",
            $rest
        )
    };
}

/// An event on its way to an endpoint.
#[derive(Clone, Debug)]
pub struct Delivery {
    pub id: DeliveryId,
    pub event: EventId,
    /// The event's kind.
    pub kind: String,
    /// `waiting`, `delivered` or `failed`.
    pub status: String,
    /// `event`, `trigger`, `test` or `replay`.
    pub cause: String,
    /// Attempts of all time.
    pub attempts: i64,
    /// When the next one is due, while it waits.
    pub next_attempt_at: Instant,
    pub created_at: Instant,
    pub latest: Option<Attempt>,
}

/// One attempt.
#[derive(Clone, Debug)]
pub struct Attempt {
    pub at: Instant,
    /// How long it took, milliseconds.
    pub ms: i64,
    /// The status of HTTP that came back.
    pub code: Option<i64>,
    /// Why none did.
    pub error: Option<String>,
}

/// A delivery that was taken to be attempted.
#[derive(Clone, Debug)]
pub struct Due {
    pub id: DeliveryId,
    pub event: EventId,
    pub tries: i64,
    pub body: String,
}

/// Which deliveries to list.
#[derive(Clone, Debug, Default)]
pub struct DeliveryFilter {
    pub status: Option<String>,
    pub kind: Option<String>,
    pub event: Option<EventId>,
    pub after: Option<DeliveryId>,
    pub limit: i64,
}

/// Which deliveries to send again: those of events from one id to another.
#[derive(Clone, Debug)]
pub struct EventSpan {
    pub from: EventId,
    pub below: EventId,
}

/// What waits to be told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WebhookQueue {
    /// Events nobody has been told of yet.
    pub events: u64,
    /// How old the oldest of them is, milliseconds.
    pub event_age: u64,
    /// Deliveries that wait for an attempt.
    pub deliveries: u64,
    /// For how long the one that has waited longest is overdue, milliseconds.
    pub overdue: u64,
}

impl Tx<'_> {
    /// What waits to be told, by the indexes alone.
    pub fn webhook_queue(&mut self, now: Instant) -> Result<WebhookQueue, StoreError> {
        let since = |at: i64| u64::try_from(now.0 - at).unwrap_or_default();
        let mut queue = WebhookQueue::default();
        if let Some(mut row) = self.row("select count(*), min(id) from outbox where not spread", &[])? {
            let (count, first): (i64, Option<EventId>) = (row.next()?, row.next()?);
            queue.events = count.unsigned_abs();
            queue.event_age = first.map(|id| since(id.made_at().0)).unwrap_or_default();
        }
        let sql = "select count(*), min(next_attempt_at) from delivery where status = 'waiting'";
        if let Some(mut row) = self.row(sql, &[])? {
            let (count, first): (i64, Option<i64>) = (row.next()?, row.next()?);
            queue.deliveries = count.unsigned_abs();
            queue.overdue = first.map(since).unwrap_or_default();
        }
        Ok(queue)
    }

    /// Has an event sent to an endpoint, unless it is already; whether it was not.
    pub fn insert_delivery(
        &mut self,
        (id, vendor): (&DeliveryId, &VendorId),
        (webhook, event): (&WebhookId, &EventId),
        cause: &str,
        now: Instant,
    ) -> Result<bool, StoreError> {
        let sql = "insert into delivery (id, vendor_id, webhook_id, event_id, status, cause, tries, attempts, next_attempt_at, created_at) \
                   values ($1, $2, $3, $4, 'waiting', $5, 0, 0, $6, $6) on conflict (webhook_id, event_id) do nothing";
        Ok(self.execute(sql, params![id, vendor, webhook, event, cause, now])? == 1)
    }

    /// Takes deliveries of an endpoint that are due, as many as it may have under way, and marks them as taken until `lease`.
    pub fn take_due(
        &mut self,
        webhook: &WebhookId,
        most: i64,
        (now, lease): (Instant, Instant),
    ) -> Result<Vec<Due>, StoreError> {
        let sql = "select count(*) from delivery where webhook_id = $1 and busy_until is not null and busy_until > $2";
        let busy: i64 = self.row(sql, params![webhook, now])?.map_or(Ok(0), |mut row| row.next())?;
        if busy >= most {
            return Ok(Vec::new());
        }
        let sql = "select d.id, d.event_id, d.tries, o.body from delivery d join outbox o on o.id = d.event_id \
                   where d.webhook_id = $1 and d.status = 'waiting' and d.next_attempt_at <= $2 \
                   order by d.next_attempt_at, d.id limit $3";
        let mut due = Vec::new();
        for mut row in self.rows(sql, params![webhook, now, most - busy])? {
            let (id, event, tries): (DeliveryId, _, _) = (row.next()?, row.next()?, row.next()?);
            let body = row.next::<Option<String>>()?.unwrap_or_default();
            // Whoever does not come back from an attempt has it found due again when its time is over.
            let sql = "update delivery set busy_until = $2, next_attempt_at = $2 where id = $1";
            self.execute(sql, params![&id, lease])?;
            due.push(Due { id, event, tries, body });
        }
        Ok(due)
    }

    /// Saves an attempt and what comes next: an instant while it waits, none when it is over.
    pub fn attempted(
        &mut self,
        (vendor, id): (&VendorId, &DeliveryId),
        attempt: &Attempt,
        status: &str,
        next: Option<Instant>,
    ) -> Result<(), StoreError> {
        let sql = "update delivery set status = $2, tries = tries + 1, attempts = attempts + 1, busy_until = null, \
                   next_attempt_at = coalesce($3, next_attempt_at) where id = $1";
        self.execute(sql, params![id, status, next])?;
        let sql = "insert into delivery_attempt (delivery_id, place, vendor_id, at, ms, code, error) \
                   select id, attempts, $2, $3, $4, $5, $6 from delivery where id = $1";
        self.execute(sql, params![id, vendor, attempt.at, attempt.ms, attempt.code, &attempt.error])?;
        Ok(())
    }

    pub fn delivery(&mut self, webhook: &WebhookId, id: &DeliveryId) -> Result<Option<Delivery>, StoreError> {
        let sql = deliveries!("where d.webhook_id = $1 and d.id = $2");
        self.row(sql, params![webhook, id])?.map(read_delivery).transpose()
    }

    /// An endpoint's deliveries, newest first.
    pub fn deliveries(
        &mut self,
        webhook: &WebhookId,
        f: &DeliveryFilter,
    ) -> Result<Vec<Delivery>, StoreError> {
        let sql = deliveries!(
            "where d.webhook_id = $1 and (cast($2 as text) is null or d.status = $2) and (cast($3 as text) is null or o.kind = $3) \
             and (cast($4 as text) is null or d.event_id = $4) and (cast($5 as text) is null or d.id < $5) order by d.id desc limit $6"
        );
        let rows = self.rows(sql, params![webhook, &f.status, &f.kind, &f.event, &f.after, f.limit])?;
        rows.into_iter().map(read_delivery).collect()
    }

    /// All attempts of a delivery, in order.
    pub fn attempts(&mut self, id: &DeliveryId) -> Result<Vec<Attempt>, StoreError> {
        let sql = "select at, ms, code, error from delivery_attempt where delivery_id = $1 order by place";
        let read = |mut row: Row| {
            Ok(Attempt { at: row.next()?, ms: row.next()?, code: row.next()?, error: row.next()? })
        };
        self.rows(sql, params![id])?.into_iter().map(read).collect()
    }

    /// Begins a delivery anew, whatever became of it; its attempts stay in the log.
    pub fn replay(&mut self, webhook: &WebhookId, id: &DeliveryId, now: Instant) -> Result<bool, StoreError> {
        let sql = "update delivery set status = 'waiting', cause = 'replay', tries = 0, next_attempt_at = $3 \
                   where webhook_id = $1 and id = $2 and busy_until is null";
        Ok(self.execute(sql, params![webhook, id, now])? == 1)
    }

    /// Events of a span that an endpoint would have heard of, after one of them, with what became of the delivery of each.
    pub fn events_of_span(
        &mut self,
        vendor: &VendorId,
        webhook: &WebhookId,
        span: &EventSpan,
        limit: i64,
    ) -> Result<Vec<SpannedEvent>, StoreError> {
        let sql = "select o.id, o.kind, o.program_id, d.id, d.status from outbox o \
                   left join delivery d on d.webhook_id = $2 and d.event_id = o.id \
                   where o.vendor_id = $1 and o.id >= $3 and o.id < $4 and o.spread and o.body is not null and o.subject <> 'test' order by o.id limit $5";
        let read = |mut row: Row| {
            Ok(SpannedEvent {
                event: row.next()?,
                kind: row.next()?,
                program: row.next()?,
                delivery: row.next::<Option<DeliveryId>>()?.zip(row.next()?),
            })
        };
        let rows = self.rows(sql, params![vendor, webhook, &span.from, &span.below, limit])?;
        rows.into_iter().map(read).collect()
    }
}

/// An event with the delivery it has, if it has one, and that one's status.
#[derive(Clone, Debug)]
pub struct SpannedEvent {
    pub event: EventId,
    pub kind: String,
    pub program: goodword_domain::id::ProgramId,
    pub delivery: Option<(DeliveryId, String)>,
}

fn read_delivery(mut row: Row) -> Result<Delivery, StoreError> {
    Ok(Delivery {
        id: row.next()?,
        event: row.next()?,
        kind: row.next()?,
        status: row.next()?,
        cause: row.next()?,
        attempts: row.next()?,
        next_attempt_at: row.next()?,
        created_at: row.next()?,
        latest: match (row.next()?, row.next()?, row.next()?, row.next()?) {
            (Some(at), Some(ms), code, error) => Some(Attempt { at, ms, code, error }),
            _ => None,
        },
    })
}
