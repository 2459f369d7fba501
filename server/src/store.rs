//! Where facts are kept: the only file that names two databases. Below it, `store/` holds all SQL there is, once, in
//! the dialect both understand.
//!
//! A caller says `store.write(|tx| …)` or `store.read(|tx| …)` with a synchronous closure and knows nothing of threads:
//! * on SQLite one thread owns the writing connection and commits what has queued as a group, each closure in its own
//!   savepoint, and answers only after the commit is on disk; readers have connections of their own and never wait;
//! * on PostgreSQL a few threads each own a connection; a write is one serializable transaction, run again when the
//!   database reports a conflict, so that several server processes behave as one. That is why closures may run twice.

mod commission;
mod customer;
mod event;
mod job;
mod key;
mod ledger;
mod mail;
mod migrate;
mod once;
mod partner;
mod pg;
mod program;
mod report;
mod sale;
mod sqlite;
mod value;
mod vendor;

pub use commission::*;
pub use customer::*;
pub use event::*;
pub use key::*;
pub use ledger::*;
pub use mail::*;
pub use once::*;
pub use partner::*;
pub use program::*;
pub use report::*;
pub use sale::*;
pub use value::{Row, Value};

use value::params;
pub use vendor::*;

use crate::error::Error;
use job::{Job, Task};
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// What may wait for a thread before callers are told to come back later.
const QUEUE: usize = 4096;

/// What the database refused.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another transaction got in between, or a unique key was taken meanwhile: run it again.
    #[error("a concurrent transaction was in the way: {0}")]
    Conflict(String),
    /// Anything else.
    #[error("the database failed: {0}")]
    Failed(String),
    /// More is waiting than can be served soon.
    #[error("too many requests are waiting for the database")]
    Busy,
}

/// Where the data is.
#[derive(Clone, Debug)]
pub enum Database {
    /// A file.
    Sqlite(PathBuf),
    /// A server, by its URL.
    Postgres(String),
}

impl Database {
    /// From `postgres://…`, `sqlite:PATH` or a bare path.
    pub fn parse(text: &str) -> Self {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            Self::Postgres(text.to_owned())
        } else {
            let path = text.strip_prefix("sqlite:").unwrap_or(text);
            Self::Sqlite(PathBuf::from(path.strip_prefix("//").unwrap_or(path)))
        }
    }
}

/// How durable a commit on SQLite is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Durability {
    /// Every answered write survives a power cut.
    Full,
    /// Every answered write survives a crash of the process; a power cut may undo the last few.
    Normal,
}

/// An open transaction.
pub struct Tx<'a>(Connection<'a>);

enum Connection<'a> {
    Sqlite(&'a rusqlite::Connection),
    Postgres(&'a mut pg::Client),
}

impl Tx<'_> {
    /// All rows.
    pub fn rows(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        match &mut self.0 {
            Connection::Sqlite(c) => sqlite::rows(c, sql, params),
            Connection::Postgres(c) => c.rows(sql, params),
        }
    }

    /// The first row, if any.
    pub fn row(&mut self, sql: &'static str, params: &[Value]) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(sql, params)?.into_iter().next())
    }

    /// How many rows were written.
    pub fn execute(&mut self, sql: &'static str, params: &[Value]) -> Result<u64, StoreError> {
        match &mut self.0 {
            Connection::Sqlite(c) => sqlite::execute(c, sql, params),
            Connection::Postgres(c) => c.execute(sql, params),
        }
    }

    /// Runs a script without parameters.
    fn script(&mut self, sql: &str) -> Result<(), StoreError> {
        match &mut self.0 {
            Connection::Sqlite(c) => sqlite::script(c, sql),
            Connection::Postgres(c) => c.script(sql),
        }
    }
}

/// The store: cheap to share behind an `Arc`.
pub struct Store {
    writes: SyncSender<Box<dyn Job>>,
    reads: SyncSender<Box<dyn Job>>,
    readers: Mutex<Vec<JoinHandle<()>>>,
    writers: Mutex<Vec<JoinHandle<()>>>,
}

impl Store {
    /// Opens the database, brings its schema up to date, and starts the threads.
    pub fn open(database: &Database, durability: Durability) -> Result<Self, StoreError> {
        let (writes, write_queue) = sync_channel(QUEUE);
        let (reads, read_queue) = sync_channel(QUEUE);
        let Threads { readers, writers } = match database {
            Database::Sqlite(path) => sqlite::start(path, durability, write_queue, read_queue)?,
            Database::Postgres(url) => pg::start(url, write_queue, read_queue)?,
        };
        Ok(Self { writes, reads, readers: Mutex::new(readers), writers: Mutex::new(writers) })
    }

    /// Runs `work` in one transaction and answers once it is durable. `work` may run more than once.
    pub async fn write<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
    {
        Self::submit(&self.writes, work).await
    }

    /// Runs `work` on one consistent snapshot.
    pub async fn read<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
    {
        Self::submit(&self.reads, work).await
    }

    async fn submit<T, F>(queue: &SyncSender<Box<dyn Job>>, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        queue.try_send(Box::new(Task::new(work, reply))).map_err(|e| match e {
            TrySendError::Full(_) => StoreError::Busy,
            TrySendError::Disconnected(_) => StoreError::Failed("the store is closed".into()),
        })?;
        answer.await.map_err(|_| StoreError::Failed("the store was closed before it answered".into()))?
    }

    /// Lets the threads finish what has queued, and waits for them: the writer last, so that it can leave everything in
    /// the one file.
    pub fn close(self) {
        drop(self.reads);
        join(self.readers);
        drop(self.writes);
        join(self.writers);
    }
}

/// The threads that serve an open database.
struct Threads {
    readers: Vec<JoinHandle<()>>,
    writers: Vec<JoinHandle<()>>,
}

fn join(threads: Mutex<Vec<JoinHandle<()>>>) {
    for thread in threads.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner) {
        if thread.join().is_err() {
            tracing::error!("a database thread had panicked");
        }
    }
}
