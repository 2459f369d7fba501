//! A closure on its way to a database thread, and its answer on the way back.

use super::{StoreError, Tx};
use crate::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tokio::sync::oneshot;

/// How one run of a job ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Commit it.
    Done,
    /// Undo it, and answer with its refusal.
    Refused,
    /// Undo it, and run it again.
    Conflict,
}

/// What a database thread runs.
pub trait Job: Send {
    /// Runs the closure inside an open transaction.
    fn run(&mut self, tx: &mut Tx<'_>) -> Outcome;
    /// Answers the caller, once the commit succeeded or failed.
    fn finish(self: Box<Self>, committed: Result<(), StoreError>);
}

/// A closure with the channel its answer goes to.
pub struct Task<T, F> {
    work: F,
    result: Option<Result<T, Error>>,
    reply: oneshot::Sender<Result<T, Error>>,
}

impl<T, F> Task<T, F> {
    pub fn new(work: F, reply: oneshot::Sender<Result<T, Error>>) -> Self {
        Self { work, result: None, reply }
    }
}

impl<T, F> Job for Task<T, F>
where
    T: Send,
    F: FnMut(&mut Tx<'_>) -> Result<T, Error> + Send,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> Outcome {
        let work = &mut self.work;
        let result = catch_unwind(AssertUnwindSafe(|| work(tx)))
            .unwrap_or_else(|_| Err(StoreError::Failed("a transaction panicked".into()).into()));
        let outcome = match &result {
            Ok(_) => Outcome::Done,
            Err(Error::Store(StoreError::Conflict(_))) => Outcome::Conflict,
            Err(_) => Outcome::Refused,
        };
        self.result = Some(result);
        outcome
    }

    fn finish(self: Box<Self>, committed: Result<(), StoreError>) {
        let result = match (self.result, committed) {
            (Some(Ok(_)) | None, Err(error)) => Err(error.into()),
            (Some(result), _) => result,
            (None, Ok(())) => Err(StoreError::Failed("a transaction was never run".into()).into()),
        };
        // The caller may have gone away; what was committed stays committed.
        drop(self.reply.send(result));
    }
}
