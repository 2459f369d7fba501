//! Events of payment providers, what became of them, and what they told that others need.

use super::{Integration, Row, StoreError, Tx, params};
use goodword_domain::id::{InboundId, IntegrationId, SaleId, VendorId};
use goodword_domain::time::Instant;

/// The columns [`read_event`] reads, then the rest of the query.
macro_rules! events {
    ($rest:literal) => {
        concat!(
            "select e.id, e.vendor_id, e.integration_id, e.event_id, e.type, e.body, e.headers, e.outcome, e.reason, e.sale_id, \
             e.awaits, e.attempts, e.next_attempt_at, e.received_at, e.decided_at from inbound_event e ",
            $rest
        )
    };
}

/// An event of a provider.
#[derive(Clone, Debug)]
pub struct Inbound {
    pub id: InboundId,
    pub vendor: VendorId,
    pub integration: IntegrationId,
    /// The provider's own id.
    pub event_id: String,
    pub kind: String,
    /// What was sent, as long as it may be needed again; then empty.
    pub body: String,
    /// The headers that are part of what it says, as JSON.
    pub headers: String,
    /// `taken`, `noted`, `waiting`, `ignored` or `failed`.
    pub outcome: &'static str,
    /// Why, in a sentence.
    pub reason: String,
    pub sale: Option<SaleId>,
    /// The name of what it waits for.
    pub awaits: Option<String>,
    pub attempts: i64,
    pub next_attempt_at: Option<Instant>,
    /// By the world's clock, as all times here.
    pub received_at: Instant,
    pub decided_at: Instant,
}

/// Which events to list.
#[derive(Clone, Debug, Default)]
pub struct InboundFilter {
    pub outcome: Option<String>,
    pub after: Option<InboundId>,
    pub limit: i64,
}

/// What a note is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteKind {
    /// Another name of an order.
    Order,
    /// Another name of a code.
    Code,
    /// Who bought, and how he or she came.
    Buyer,
}

/// The outcomes there are.
pub const OUTCOMES: [&str; 5] = ["taken", "noted", "waiting", "ignored", "failed"];

impl NoteKind {
    fn word(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Code => "code",
            Self::Buyer => "buyer",
        }
    }
}

impl Tx<'_> {
    /// Stores an event, new or decided about again.
    pub fn save_inbound(&mut self, e: &Inbound) -> Result<(), StoreError> {
        let sql = "insert into inbound_event (id, vendor_id, integration_id, event_id, type, body, headers, outcome, reason, \
                   sale_id, awaits, attempts, next_attempt_at, received_at, decided_at) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
                   on conflict (id) do update set body = excluded.body, outcome = excluded.outcome, reason = excluded.reason, \
                   sale_id = excluded.sale_id, awaits = excluded.awaits, attempts = excluded.attempts, \
                   next_attempt_at = excluded.next_attempt_at, decided_at = excluded.decided_at";
        let values = params![
            &e.id,
            &e.vendor,
            &e.integration,
            &e.event_id,
            &e.kind,
            &e.body,
            &e.headers,
            e.outcome,
            &e.reason,
            &e.sale,
            &e.awaits,
            e.attempts,
            e.next_attempt_at,
            e.received_at,
            e.decided_at
        ];
        self.execute(sql, values)?;
        Ok(())
    }

    /// An event by the provider's own id.
    pub fn inbound_told(
        &mut self,
        of: &IntegrationId,
        event_id: &str,
    ) -> Result<Option<Inbound>, StoreError> {
        let sql = events!("where e.integration_id = $1 and e.event_id = $2");
        self.row(sql, params![of, event_id])?.map(read_event).transpose()
    }

    pub fn inbound(&mut self, of: &IntegrationId, id: &InboundId) -> Result<Option<Inbound>, StoreError> {
        let sql = events!("where e.integration_id = $1 and e.id = $2");
        self.row(sql, params![of, id])?.map(read_event).transpose()
    }

    /// An integration's events, newest first.
    pub fn inbounds(&mut self, of: &IntegrationId, f: &InboundFilter) -> Result<Vec<Inbound>, StoreError> {
        let sql = events!(
            "left join inbound_event a on a.id = $3 and a.integration_id = $1 where e.integration_id = $1 \
             and (cast($2 as text) is null or e.outcome = $2) and (cast($3 as text) is null \
               or (e.received_at, e.id) < (a.received_at, a.id)) order by e.received_at desc, e.id desc limit $4"
        );
        self.rows(sql, params![of, &f.outcome, &f.after, f.limit])?.into_iter().map(read_event).collect()
    }

    /// Events that wait for something of this name, in the order in which they came.
    pub fn inbound_awaiting(&mut self, of: &IntegrationId, name: &str) -> Result<Vec<Inbound>, StoreError> {
        let sql =
            events!("where e.integration_id = $1 and e.awaits = $2 order by e.received_at, e.id limit 200");
        self.rows(sql, params![of, name])?.into_iter().map(read_event).collect()
    }

    /// An event that is to be looked at again, whosever it is, and its integration.
    pub fn inbound_due(&mut self, now: Instant) -> Result<Option<(IntegrationId, InboundId)>, StoreError> {
        let sql = "select integration_id, id from inbound_event where next_attempt_at is not null and next_attempt_at <= $1 \
                   order by next_attempt_at, id limit 1";
        self.row(sql, params![now])?.map(|mut row| Ok((row.next()?, row.next()?))).transpose()
    }

    /// Leaves the event that would be looked at next alone until later.
    pub fn postpone_inbound(&mut self, now: Instant, until: Instant) -> Result<(), StoreError> {
        let sql = "update inbound_event set next_attempt_at = $2, attempts = attempts + 1 where id = $1";
        if let Some((_, id)) = self.inbound_due(now)? {
            self.execute(sql, params![&id, until])?;
        }
        Ok(())
    }

    /// Forgets events that were decided before an instant and need nothing more; tells how many.
    pub fn forget_inbound(&mut self, before: Instant, limit: i64) -> Result<u64, StoreError> {
        let sql = "delete from inbound_event where id in (select id from inbound_event where decided_at < $1 \
                   and outcome <> 'waiting' order by decided_at limit $2)";
        self.execute(sql, params![before, limit])
    }

    /// Whether there is an event to forget.
    pub fn inbound_to_forget(&mut self, before: Instant) -> Result<bool, StoreError> {
        let sql =
            "select decided_at from inbound_event where decided_at < $1 and outcome <> 'waiting' limit 1";
        Ok(self.row(sql, params![before])?.is_some())
    }

    /// Notes something for other events; what was noted later stands.
    pub fn note(
        &mut self,
        of: &Integration,
        (kind, name): (NoteKind, &str),
        value: &str,
        now: Instant,
    ) -> Result<(), StoreError> {
        let sql = "insert into inbound_note (integration_id, kind, name, vendor_id, value, at) values ($1, $2, $3, $4, $5, $6) \
                   on conflict (integration_id, kind, name) do update set value = excluded.value, at = excluded.at";
        self.execute(sql, params![&of.id, kind.word(), name, &of.vendor, value, now])?;
        Ok(())
    }

    /// What was noted under a name.
    pub fn noted(
        &mut self,
        of: &IntegrationId,
        kind: NoteKind,
        name: &str,
    ) -> Result<Option<String>, StoreError> {
        let sql = "select value from inbound_note where integration_id = $1 and kind = $2 and name = $3";
        self.row(sql, params![of, kind.word(), name])?.map(|mut row| row.next()).transpose()
    }

    /// All other names of an order.
    pub fn names_of_order(&mut self, of: &IntegrationId, order: &str) -> Result<Vec<String>, StoreError> {
        let sql = "select name from inbound_note where integration_id = $1 and kind = 'order' and value = $2 order by name";
        self.rows(sql, params![of, order])?.into_iter().map(|mut row| row.next()).collect()
    }
}

fn read_event(mut row: Row) -> Result<Inbound, StoreError> {
    Ok(Inbound {
        id: row.next()?,
        vendor: row.next()?,
        integration: row.next()?,
        event_id: row.next()?,
        kind: row.next()?,
        body: row.next()?,
        headers: row.next()?,
        outcome: outcome(&row.next::<String>()?)?,
        reason: row.next()?,
        sale: row.next()?,
        awaits: row.next()?,
        attempts: row.next()?,
        next_attempt_at: row.next()?,
        received_at: row.next()?,
        decided_at: row.next()?,
    })
}

fn outcome(word: &str) -> Result<&'static str, StoreError> {
    let known = OUTCOMES.into_iter().find(|known| *known == word);
    known.ok_or_else(|| StoreError::Failed(format!("an inbound event is `{word}`")))
}
