//! Triggers, and what they did.

use super::program::broken;
use super::{Row, StoreError, Tx, params};
use goodword_domain::event::EventKind;
use goodword_domain::id::{EventId, ProgramId, TriggerId, TriggerRunId, VendorId};
use goodword_domain::time::Instant;

/// The columns [`read_trigger`] reads, then the rest of the query.
macro_rules! triggers {
    ($rest:literal) => {
        concat!(
            "select id, vendor_id, program_id, name, event, document, enabled, created_at from trigger_rule ",
            $rest
        )
    };
}

/// A trigger as it is stored.
#[derive(Clone, Debug)]
pub struct Trigger {
    pub id: TriggerId,
    pub vendor: VendorId,
    pub program: ProgramId,
    pub name: String,
    pub event: EventKind,
    /// The condition and the actions, as JSON of the wire.
    pub document: String,
    pub enabled: bool,
    pub created_at: Instant,
}

/// What a trigger did about one event.
#[derive(Clone, Debug)]
pub struct TriggerRun {
    pub id: TriggerRunId,
    pub vendor: VendorId,
    pub trigger: TriggerId,
    pub event: EventId,
    /// `done`, `partly`, `refused` or `too_deep`.
    pub outcome: String,
    /// What was compared, and what became of each action, as JSON of the wire.
    pub detail: String,
    pub at: Instant,
}

impl Tx<'_> {
    pub fn insert_trigger(&mut self, t: &Trigger) -> Result<(), StoreError> {
        let sql = "insert into trigger_rule (id, vendor_id, program_id, name, event, document, enabled, created_at) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8)";
        let event = t.event.word();
        self.execute(
            sql,
            params![&t.id, &t.vendor, &t.program, &t.name, event, &t.document, t.enabled, t.created_at],
        )?;
        self.directory_changed()
    }

    /// Saves everything that can be changed.
    pub fn update_trigger(&mut self, t: &Trigger) -> Result<(), StoreError> {
        let sql = "update trigger_rule set program_id = $2, name = $3, event = $4, document = $5, enabled = $6 where id = $1";
        self.execute(sql, params![&t.id, &t.program, &t.name, t.event.word(), &t.document, t.enabled])?;
        self.directory_changed()
    }

    /// Takes it away; what it did stays in the log until its events are deleted.
    pub fn delete_trigger(&mut self, id: &TriggerId, at: Instant) -> Result<(), StoreError> {
        self.execute("update trigger_rule set deleted_at = $2 where id = $1", params![id, at])?;
        self.directory_changed()
    }

    pub fn trigger(&mut self, vendor: &VendorId, id: &TriggerId) -> Result<Option<Trigger>, StoreError> {
        let sql = triggers!("where vendor_id = $1 and id = $2 and deleted_at is null");
        self.row(sql, params![vendor, id])?.map(read_trigger).transpose()
    }

    /// A vendor's triggers, newest first.
    pub fn triggers(
        &mut self,
        vendor: &VendorId,
        program: Option<&ProgramId>,
        after: Option<&TriggerId>,
        limit: i64,
    ) -> Result<Vec<Trigger>, StoreError> {
        let sql = triggers!(
            "where vendor_id = $1 and deleted_at is null and (cast($2 as text) is null or program_id = $2) \
             and (cast($3 as text) is null or id < $3) order by id desc limit $4"
        );
        self.rows(sql, params![vendor, program, after, limit])?.into_iter().map(read_trigger).collect()
    }

    /// Those that are enabled for an event of a program, in the order in which they were made.
    pub fn triggers_on(
        &mut self,
        vendor: &VendorId,
        program: &ProgramId,
        kind: EventKind,
    ) -> Result<Vec<Trigger>, StoreError> {
        let sql = triggers!(
            "where vendor_id = $1 and program_id = $2 and event = $3 and enabled and deleted_at is null order by id"
        );
        self.rows(sql, params![vendor, program, kind.word()])?.into_iter().map(read_trigger).collect()
    }

    /// How many triggers a vendor has.
    pub fn count_triggers(&mut self, vendor: &VendorId) -> Result<i64, StoreError> {
        let sql = "select count(*) from trigger_rule where vendor_id = $1 and deleted_at is null";
        self.row(sql, params![vendor])?.map_or(Ok(0), |mut row| row.next())
    }

    /// Begins a run, unless this trigger has had one on this event; whether it had not.
    pub fn begin_run(&mut self, r: &TriggerRun) -> Result<bool, StoreError> {
        let sql = "insert into trigger_run (id, vendor_id, trigger_id, event_id, outcome, detail, at) \
                   values ($1, $2, $3, $4, $5, $6, $7) on conflict (trigger_id, event_id) do nothing";
        let row = params![&r.id, &r.vendor, &r.trigger, &r.event, &r.outcome, &r.detail, r.at];
        Ok(self.execute(sql, row)? == 1)
    }

    /// Writes down how a run ended.
    pub fn end_run(&mut self, r: &TriggerRun) -> Result<(), StoreError> {
        let sql = "update trigger_run set outcome = $2, detail = $3 where id = $1";
        self.execute(sql, params![&r.id, &r.outcome, &r.detail])?;
        Ok(())
    }

    /// What a trigger did, newest first, with the kind of each event and what it was about.
    pub fn runs(
        &mut self,
        trigger: &TriggerId,
        after: Option<&TriggerRunId>,
        limit: i64,
    ) -> Result<Vec<(TriggerRun, String, String)>, StoreError> {
        let sql = "select r.id, r.vendor_id, r.trigger_id, r.event_id, r.outcome, r.detail, r.at, o.kind, o.subject \
                   from trigger_run r join outbox o on o.id = r.event_id where r.trigger_id = $1 \
                   and (cast($2 as text) is null or r.id < $2) order by r.id desc limit $3";
        let read = |mut row: Row| {
            let run = TriggerRun {
                id: row.next()?,
                vendor: row.next()?,
                trigger: row.next()?,
                event: row.next()?,
                outcome: row.next()?,
                detail: row.next()?,
                at: row.next()?,
            };
            Ok((run, row.next()?, row.next()?))
        };
        self.rows(sql, params![trigger, after, limit])?.into_iter().map(read).collect()
    }
}

fn read_trigger(mut row: Row) -> Result<Trigger, StoreError> {
    Ok(Trigger {
        id: row.next()?,
        vendor: row.next()?,
        program: row.next()?,
        name: row.next()?,
        event: EventKind::parse(&row.next::<String>()?).map_err(broken)?,
        document: row.next()?,
        enabled: row.next()?,
        created_at: row.next()?,
    })
}
