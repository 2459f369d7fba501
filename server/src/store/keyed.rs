//! Requests under an `Idempotency-Key`, and their first answers.

use super::{StoreError, Tx, params};
use goodword_domain::time::Instant;

/// A request under a key.
#[derive(Clone, Debug)]
pub struct KeyedRequest {
    /// Whose key it is: two callers may choose the same.
    pub whose: String,
    pub key: String,
    /// The hash of what is asked.
    pub hash: String,
}

/// What is known of a request when it comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// Nothing: it is the caller's to do now.
    New,
    /// Something else was asked under its key.
    Other,
    /// It is being done, or the server ended while it was.
    UnderWay,
    /// It was done, and answered with this status and body.
    Done(i64, String),
}

impl Tx<'_> {
    /// Takes the key for a request, unless it was taken before.
    pub fn take_key(&mut self, request: &KeyedRequest, now: Instant) -> Result<Known, StoreError> {
        let KeyedRequest { whose, key, hash } = request;
        let sql = "insert into keyed_request (whose, key, input_hash, at) values ($1, $2, $3, $4) \
                   on conflict (whose, key) do nothing";
        if self.execute(sql, params![whose, key, hash, now])? > 0 {
            return Ok(Known::New);
        }
        let sql = "select input_hash, status, answer from keyed_request where whose = $1 and key = $2";
        let Some(mut row) = self.row(sql, params![whose, key])? else { return Ok(Known::UnderWay) };
        let (first, status, answer): (String, Option<i64>, Option<String>) =
            (row.next()?, row.next()?, row.next()?);
        Ok(match status.zip(answer) {
            _ if first != *hash => Known::Other,
            Some((status, answer)) => Known::Done(status, answer),
            None => Known::UnderWay,
        })
    }

    /// Keeps the answer to a request that took its key.
    pub fn answer_key(
        &mut self,
        request: &KeyedRequest,
        status: i64,
        answer: &str,
    ) -> Result<(), StoreError> {
        let sql = "update keyed_request set status = $3, answer = $4 where whose = $1 and key = $2";
        self.execute(sql, params![&request.whose, &request.key, status, answer])?;
        Ok(())
    }

    /// Gives the key back: nothing was done under it.
    pub fn give_key_back(&mut self, request: &KeyedRequest) -> Result<(), StoreError> {
        let sql = "delete from keyed_request where whose = $1 and key = $2 and status is null";
        self.execute(sql, params![&request.whose, &request.key])?;
        Ok(())
    }

    /// Forgets requests that came before an instant.
    pub fn forget_keys_before(&mut self, old: Instant) -> Result<(), StoreError> {
        self.execute("delete from keyed_request where at < $1", params![old])?;
        Ok(())
    }
}
