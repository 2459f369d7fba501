//! Where texts about a person are kept that are not rows about him or her: what was told of events, what requests under keys were
//! answered, what triggers did, what providers told of buyers. A person is found in them by an id that nobody else has.

use super::partner::like;
use super::{Row, StoreError, Tx, params};
use goodword_domain::id::VendorId;

/// A text with its key.
pub type Kept = (String, String);

impl Tx<'_> {
    /// What was sent of a vendor's events that tells of an id.
    pub fn events_that_tell(&mut self, vendor: &VendorId, of: &str) -> Result<Vec<Kept>, StoreError> {
        let sql = "select id, body from outbox where vendor_id = $1 and body like $2 escape '!'";
        self.kept(sql, vendor, of)
    }

    pub fn set_event_text(&mut self, id: &str, body: &str) -> Result<(), StoreError> {
        self.execute("update outbox set body = $2 where id = $1", params![id, body])?;
        Ok(())
    }

    /// What a vendor's triggers did on events about an id, or wrote down a word of.
    pub fn runs_that_tell(
        &mut self,
        vendor: &VendorId,
        of: &str,
        word: &str,
    ) -> Result<Vec<Kept>, StoreError> {
        let sql = "select r.id, r.detail from trigger_run r join outbox o on o.id = r.event_id where r.vendor_id = $1 \
                   and (o.body like $2 escape '!' or r.detail like $3 escape '!')";
        let rows = self.rows(sql, params![vendor, like(of), like(word)])?;
        rows.into_iter().map(read).collect()
    }

    pub fn set_run_text(&mut self, id: &str, detail: &str) -> Result<(), StoreError> {
        self.execute("update trigger_run set detail = $2 where id = $1", params![id, detail])?;
        Ok(())
    }

    /// What requests under keys were answered that tells of an id: whose key, the key, the answer.
    pub fn answers_that_tell(&mut self, of: &str) -> Result<Vec<([String; 2], String)>, StoreError> {
        let sql = "select whose, key, answer from keyed_request where answer like $1 escape '!'";
        let read = |mut row: Row| Ok(([row.next()?, row.next()?], row.next()?));
        self.rows(sql, params![like(of)])?.into_iter().map(read).collect()
    }

    pub fn set_keyed_answer(&mut self, [whose, key]: &[String; 2], answer: &str) -> Result<(), StoreError> {
        let sql = "update keyed_request set answer = $3 where whose = $1 and key = $2";
        self.execute(sql, params![whose, key, answer])?;
        Ok(())
    }

    /// Forgets what providers have told of a buyer: a word of what was noted, or of the body of an event that has failed.
    pub fn forget_buyer(&mut self, vendor: &VendorId, word: &str) -> Result<(), StoreError> {
        let noted =
            "delete from inbound_note where vendor_id = $1 and kind = 'buyer' and value like $2 escape '!'";
        self.execute(noted, params![vendor, like(word)])?;
        let failed = "update inbound_event set body = '' where vendor_id = $1 and outcome = 'failed' and body like $2 escape '!'";
        self.execute(failed, params![vendor, like(word)])?;
        Ok(())
    }

    fn kept(&mut self, sql: &'static str, vendor: &VendorId, of: &str) -> Result<Vec<Kept>, StoreError> {
        self.rows(sql, params![vendor, like(of)])?.into_iter().map(read).collect()
    }
}

fn read(mut row: Row) -> Result<Kept, StoreError> {
    Ok((row.next()?, row.next()?))
}
