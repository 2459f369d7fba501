//! What a database thread runs: a closure, or one of many alike that run together.

use super::{StoreError, Tx};
use crate::error::Error;
use std::any::{Any, TypeId};
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

/// Work for which many requests share one transaction: what they need is loaded for all of them, each is decided, and
/// what they add is saved for all of them.
pub trait Together: Sized + Send + Sync + 'static {
    /// What the caller hears.
    type Answer: Send + 'static;
    /// How many groups run side by side where there are threads for it: two of those that take long, so that one is decided while the other's
    /// commit is under way.
    const SIDE_BY_SIDE: usize = 2;

    /// One answer for each of `items`, in their order. An item that is refused must have written nothing. May run more
    /// than once.
    fn together(tx: &mut Tx<'_>, items: &[&Self]) -> Result<Vec<Result<Self::Answer, Error>>, Error>;
}

/// What a database thread runs.
pub trait Job: Send {
    /// With which others it can share a run.
    fn lane(&self) -> Option<TypeId> {
        None
    }

    /// How many groups of its lane run side by side at the most.
    fn side_by_side(&self) -> usize {
        1
    }

    /// Runs inside an open transaction, with others of the same lane or alone.
    fn run(&mut self, others: &mut [Box<dyn Job>], tx: &mut Tx<'_>) -> Outcome;

    /// Answers the caller, once the commit succeeded or failed.
    fn finish(self: Box<Self>, committed: Result<(), StoreError>);

    /// Itself, for others of its lane to look into.
    fn as_any(&mut self) -> &mut dyn Any;
}

/// Runs jobs of one lane, or a single one, inside an open transaction.
pub fn run(jobs: &mut [Box<dyn Job>], tx: &mut Tx<'_>) -> Outcome {
    match jobs.split_first_mut() {
        Some((first, others)) => first.run(others, tx),
        None => Outcome::Done,
    }
}

/// A caller's answer, kept until the commit.
struct Reply<T> {
    result: Option<Result<T, Error>>,
    channel: oneshot::Sender<Result<T, Error>>,
}

impl<T> Reply<T> {
    fn send(self, committed: Result<(), StoreError>) {
        let result = match (self.result, committed) {
            // A refusal of which nobody could say whether it goes by what is true still is none.
            (Some(Err(_)), Err(error @ StoreError::Away(_))) | (Some(Ok(_)) | None, Err(error)) => {
                Err(error.into())
            }
            (Some(result), _) => result,
            (None, Ok(())) => Err(StoreError::Failed("a transaction was never run".into()).into()),
        };
        // The caller may have gone away; what was committed stays committed.
        drop(self.channel.send(result));
    }
}

fn caught<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(StoreError::Failed("a transaction panicked".into()).into()))
}

/// Writes down at the end what happened.
fn with_news<T>(tx: &mut Tx<'_>, work: impl FnOnce(&mut Tx<'_>) -> Result<T, Error>) -> Result<T, Error> {
    tx.begin_news();
    let done = work(tx)?;
    tx.write_news()?;
    Ok(done)
}

fn outcome<T>(result: &Result<T, Error>) -> Outcome {
    match result {
        Ok(_) => Outcome::Done,
        Err(Error::Store(StoreError::Conflict(_))) => Outcome::Conflict,
        Err(_) => Outcome::Refused,
    }
}

/// A closure with the channel its answer goes to.
pub struct Task<T, F> {
    work: F,
    reply: Reply<T>,
}

impl<T, F> Task<T, F> {
    pub fn new(work: F, channel: oneshot::Sender<Result<T, Error>>) -> Self {
        Self { work, reply: Reply { result: None, channel } }
    }
}

impl<T, F> Job for Task<T, F>
where
    T: Send + 'static,
    F: FnMut(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
{
    fn run(&mut self, _: &mut [Box<dyn Job>], tx: &mut Tx<'_>) -> Outcome {
        let work = &mut self.work;
        let result = caught(|| with_news(tx, work));
        let outcome = outcome(&result);
        self.reply.result = Some(result);
        outcome
    }

    fn finish(self: Box<Self>, committed: Result<(), StoreError>) {
        self.reply.send(committed);
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}

/// One of many alike, with the channel its answer goes to.
pub struct Member<I: Together> {
    item: I,
    reply: Reply<I::Answer>,
}

impl<I: Together> Member<I> {
    pub fn new(item: I, channel: oneshot::Sender<Result<I::Answer, Error>>) -> Self {
        Self { item, reply: Reply { result: None, channel } }
    }
}

impl<I: Together> Job for Member<I> {
    fn lane(&self) -> Option<TypeId> {
        Some(TypeId::of::<I>())
    }

    fn side_by_side(&self) -> usize {
        I::SIDE_BY_SIDE
    }

    fn run(&mut self, others: &mut [Box<dyn Job>], tx: &mut Tx<'_>) -> Outcome {
        let mut members: Vec<&mut Self> = vec![self];
        members.extend(others.iter_mut().filter_map(|job| job.as_any().downcast_mut::<Self>()));
        let items: Vec<&I> = members.iter().map(|member| &member.item).collect();
        let result = caught(|| with_news(tx, |tx| I::together(tx, &items)));
        let outcome = outcome(&result);
        match result {
            Ok(answers) => {
                for (member, answer) in members.into_iter().zip(answers) {
                    member.reply.result = Some(answer);
                }
            }
            // Only one that ran alone is told what went wrong; several are run again, one by one.
            Err(error) => members[0].reply.result = Some(Err(error)),
        }
        outcome
    }

    fn finish(self: Box<Self>, committed: Result<(), StoreError>) {
        self.reply.send(committed);
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}
