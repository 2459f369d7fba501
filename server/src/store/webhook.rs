//! Endpoints that hear of events.

use super::outbox::read_kinds;
use super::{Row, StoreError, Tx, params};
use goodword_domain::event::EventKinds;
use goodword_domain::id::{ProgramId, VendorId, WebhookId};
use goodword_domain::time::Instant;
use goodword_domain::webhook::Disabled;

/// The columns [`read_webhook`] reads, then the rest of the query.
macro_rules! webhooks {
    ($rest:literal) => {
        concat!(
            "select w.id, w.vendor_id, w.program_id, w.url, w.description, w.events, w.secret, w.old_secret, w.old_secret_until, \
             w.disabled_reason, w.disabled_at, w.failing_since, w.created_at from webhook w ",
            $rest
        )
    };
}

/// An endpoint.
#[derive(Clone, Debug)]
pub struct Webhook {
    pub id: WebhookId,
    pub vendor: VendorId,
    /// Only events of this program.
    pub program: Option<ProgramId>,
    pub url: String,
    pub description: String,
    /// The words of the events it hears of, between blanks.
    pub events: String,
    pub kinds: EventKinds,
    pub secret: String,
    /// The secret before it, and until when that goes on signing.
    pub old_secret: Option<(String, Instant)>,
    /// Why it is disabled, and since when.
    pub disabled: Option<(String, Instant)>,
    /// Since when it has taken nothing.
    pub failing_since: Option<Instant>,
    pub created_at: Instant,
}

impl Webhook {
    /// Whether it hears of events of a program.
    pub fn is_for(&self, program: &ProgramId) -> bool {
        self.program.as_ref().is_none_or(|only| only == program)
    }

    /// The secrets that sign at an instant, the newest first.
    pub fn secrets(&self, now: Instant) -> Vec<&str> {
        let old = self.old_secret.as_ref().filter(|(_, until)| *until > now).map(|(old, _)| old.as_str());
        [Some(self.secret.as_str()), old].into_iter().flatten().collect()
    }
}

impl Tx<'_> {
    pub fn insert_webhook(&mut self, w: &Webhook) -> Result<(), StoreError> {
        let sql = "insert into webhook (id, vendor_id, program_id, url, description, events, secret, created_at) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8)";
        self.execute(
            sql,
            params![&w.id, &w.vendor, &w.program, &w.url, &w.description, &w.events, &w.secret, w.created_at],
        )?;
        self.directory_changed()
    }

    /// Saves everything that can be changed.
    pub fn update_webhook(&mut self, w: &Webhook) -> Result<(), StoreError> {
        let sql = "update webhook set program_id = $2, url = $3, description = $4, events = $5, secret = $6, old_secret = $7, \
                   old_secret_until = $8, disabled_reason = $9, disabled_at = $10, failing_since = $11 where id = $1";
        let (old, until) = w.old_secret.clone().unzip();
        let (reason, at) = w.disabled.clone().unzip();
        self.execute(
            sql,
            params![
                &w.id,
                &w.program,
                &w.url,
                &w.description,
                &w.events,
                &w.secret,
                old,
                until,
                reason,
                at,
                w.failing_since
            ],
        )?;
        self.directory_changed()
    }

    /// Takes it away. Its log stays until its events are deleted; its secrets go at once.
    pub fn delete_webhook(&mut self, id: &WebhookId, at: Instant) -> Result<(), StoreError> {
        let sql = "update webhook set deleted_at = $2, secret = '', old_secret = null where id = $1";
        self.execute(sql, params![id, at])?;
        self.directory_changed()
    }

    /// Writes down since when it has taken nothing.
    pub fn set_failing(&mut self, id: &WebhookId, since: Option<Instant>) -> Result<(), StoreError> {
        self.execute("update webhook set failing_since = $2 where id = $1", params![id, since])?;
        Ok(())
    }

    /// Disables it, unless it is already; whether it was not.
    pub fn disable_webhook(
        &mut self,
        id: &WebhookId,
        why: Disabled,
        at: Instant,
    ) -> Result<bool, StoreError> {
        let sql = "update webhook set disabled_reason = $2, disabled_at = $3 where id = $1 and disabled_reason is null";
        Ok(self.execute(sql, params![id, why.word(), at])? == 1)
    }

    pub fn webhook(&mut self, vendor: &VendorId, id: &WebhookId) -> Result<Option<Webhook>, StoreError> {
        let sql = webhooks!("where w.vendor_id = $1 and w.id = $2 and w.deleted_at is null");
        self.row(sql, params![vendor, id])?.map(read_webhook).transpose()
    }

    /// A vendor's endpoints, newest first.
    pub fn webhooks(
        &mut self,
        vendor: &VendorId,
        after: Option<&WebhookId>,
        limit: i64,
    ) -> Result<Vec<Webhook>, StoreError> {
        let sql = webhooks!(
            "where w.vendor_id = $1 and w.deleted_at is null and (cast($2 as text) is null or w.id < $2) \
             order by w.id desc limit $3"
        );
        self.rows(sql, params![vendor, after, limit])?.into_iter().map(read_webhook).collect()
    }

    /// How many endpoints a vendor has.
    pub fn count_webhooks(&mut self, vendor: &VendorId) -> Result<i64, StoreError> {
        let sql = "select count(*) from webhook where vendor_id = $1 and deleted_at is null";
        self.row(sql, params![vendor])?.map_or(Ok(0), |mut row| row.next())
    }

    /// Endpoints that are enabled and have a delivery due, whosever they are.
    pub fn webhooks_with_due(&mut self, now: Instant) -> Result<Vec<Webhook>, StoreError> {
        let sql = webhooks!(
            "where w.disabled_reason is null and w.deleted_at is null and exists (select 1 from delivery d \
             where d.webhook_id = w.id and d.status = 'waiting' and d.next_attempt_at <= $1) order by w.id"
        );
        self.rows(sql, params![now])?.into_iter().map(read_webhook).collect()
    }

    /// The addresses of those who own a vendor's account.
    pub fn owner_addresses(&mut self, live: &VendorId) -> Result<Vec<String>, StoreError> {
        let sql = "select email from person where vendor_id = $1 and role = 'owner' order by id";
        self.rows(sql, params![live])?.into_iter().map(|mut row| row.next()).collect()
    }
}

fn read_webhook(mut row: Row) -> Result<Webhook, StoreError> {
    let (id, vendor, program) = (row.next()?, row.next()?, row.next()?);
    let (url, description, events): (_, _, String) = (row.next()?, row.next()?, row.next()?);
    let (secret, old, until) = (row.next()?, row.next::<Option<String>>()?, row.next::<Option<Instant>>()?);
    let (reason, at) = (row.next::<Option<String>>()?, row.next::<Option<Instant>>()?);
    Ok(Webhook {
        id,
        vendor,
        program,
        url,
        description,
        kinds: read_kinds(&events)?,
        events,
        secret,
        old_secret: old.zip(until),
        disabled: reason.zip(at),
        failing_since: row.next()?,
        created_at: row.next()?,
    })
}
