//! Mails to send.

use super::{Row, StoreError, Tx, params};
use goodword_domain::id::{MailId, VendorId};
use goodword_domain::time::Instant;

/// A mail, written in the transaction that gave the reason to write.
#[derive(Clone, Debug)]
pub struct Mail {
    pub id: MailId,
    pub vendor: VendorId,
    pub recipient: String,
    /// Whose name stands before the sender's address.
    pub sender: Option<String>,
    pub subject: String,
    /// As plain text.
    pub body: String,
    pub html: Option<String>,
    /// What it is about, in a word.
    pub kind: String,
    /// The tag of its language.
    pub language: String,
    /// Where mails of this kind are declined.
    pub unsubscribe: Option<String>,
    pub attempts: i64,
    /// By the world's clock.
    pub created_at: Instant,
}

impl Tx<'_> {
    pub fn insert_mail(&mut self, m: &Mail) -> Result<(), StoreError> {
        let sql = "insert into mail (id, vendor_id, recipient, sender, subject, body, html, kind, language, unsubscribe, \
                   next_attempt_at, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)";
        self.execute(
            sql,
            params![
                &m.id,
                &m.vendor,
                &m.recipient,
                &m.sender,
                &m.subject,
                &m.body,
                &m.html,
                &m.kind,
                &m.language,
                &m.unsubscribe,
                m.created_at
            ],
        )?;
        Ok(())
    }

    /// Whether any mail is due.
    pub fn mail_is_due(&mut self, now: Instant) -> Result<bool, StoreError> {
        let sql =
            "select id from mail where sent_at is null and next_attempt_at <= $1 and attempts < 12 limit 1";
        Ok(self.row(sql, params![now])?.is_some())
    }

    /// Takes the next mail that is due and puts its next attempt off, so that no second worker takes it meanwhile.
    pub fn take_mail(
        &mut self,
        now: Instant,
        retry_at: impl Fn(i64) -> Instant,
    ) -> Result<Option<Mail>, StoreError> {
        let sql = "select id, vendor_id, recipient, sender, subject, body, html, kind, language, unsubscribe, attempts, created_at \
                   from mail where sent_at is null and next_attempt_at <= $1 and attempts < 12 order by next_attempt_at limit 1";
        let Some(row) = self.row(sql, params![now])? else { return Ok(None) };
        let mail = read_mail(row)?;
        let sql = "update mail set attempts = attempts + 1, next_attempt_at = $2 where id = $1";
        self.execute(sql, params![&mail.id, retry_at(mail.attempts)])?;
        Ok(Some(mail))
    }

    pub fn mail_sent(&mut self, id: &MailId, at: Instant) -> Result<(), StoreError> {
        self.execute("update mail set sent_at = $2 where id = $1", params![id, at])?;
        Ok(())
    }
}

fn read_mail(mut row: Row) -> Result<Mail, StoreError> {
    Ok(Mail {
        id: row.next()?,
        vendor: row.next()?,
        recipient: row.next()?,
        sender: row.next()?,
        subject: row.next()?,
        body: row.next()?,
        html: row.next()?,
        kind: row.next()?,
        language: row.next()?,
        unsubscribe: row.next()?,
        attempts: row.next()?,
        created_at: row.next()?,
    })
}
