//! Where facts are kept: the only file that names two databases. Below it, `store/` holds all SQL there is, once, in
//! the dialect both understand.
//!
//! A caller says `store.write(|tx| …)` or `store.read(|tx| …)` with a synchronous closure and knows nothing of threads:
//! * on SQLite one thread owns the writing connection and commits what has queued as a group, each closure in its own
//!   savepoint, and answers only after the commit is on disk; readers have connections of their own and never wait;
//! * on PostgreSQL a few threads each own a connection; a write is one serializable transaction, run again when the
//!   database reports a conflict, so that several server processes behave as one. That is why closures may run twice.
//!
//! What comes by the thousand is not a closure but an item of a kind, `store.together(item)`: those that wait share one
//! transaction, on either database.

mod alias;
mod audit;
mod backup;
mod balance;
mod brought;
mod budget;
mod calculation;
mod card;
mod chain;
mod claim;
mod click;
mod commission;
mod contact;
mod converted;
mod customer;
mod delivery;
mod dispute;
mod due;
mod earned;
mod erasure;
mod event;
mod facts;
mod fund;
mod fund_file;
mod gift;
mod heads;
mod history;
mod inbound;
mod installation;
mod integration;
mod job;
mod journey;
mod key;
mod keyed;
mod ledger;
mod level;
mod listing;
mod lot;
mod mail;
mod memory;
mod meters;
mod migrate;
mod moving;
mod note;
mod once;
mod origin;
mod outbox;
mod page;
mod partner;
mod passed_over;
mod payee;
mod payout;
mod person;
mod pg;
mod points;
mod post;
mod prize;
mod profile;
mod program;
mod queue;
mod range;
mod rate;
mod redemption;
mod registration;
mod report;
mod retention;
mod review;
mod round;
mod sale;
mod scan;
mod seal;
mod seen;
mod settlement;
mod split;
mod sqlite;
mod statement;
mod summary;
mod tally;
mod tax;
mod trail;
mod trigger;
mod value;
mod vendor;
mod webhook;

pub use audit::*;
pub use backup::{beside, rename};
pub use brought::*;
pub use budget::*;
pub use card::*;
pub use chain::*;
pub use claim::*;
pub use click::*;
pub use commission::*;
pub use contact::*;
pub use customer::*;
pub use delivery::*;
pub use dispute::*;
pub use due::DueRow;
pub use event::*;
pub use fund::*;
pub use fund_file::*;
pub use gift::*;
pub use heads::{BROWSER_BITS, Moved};
pub use history::*;
pub use inbound::*;
pub use installation::*;
pub use integration::*;
pub use job::Together;
pub use journey::*;
pub use key::*;
pub use keyed::*;
pub use ledger::*;
pub use level::*;
pub use lot::*;
pub use mail::*;
pub use memory::*;
pub use meters::Meters;
pub use moving::move_all;
pub use note::*;
pub use once::*;
pub use origin::*;
pub use outbox::*;
pub use page::Page;
pub use partner::*;
pub use passed_over::*;
pub use payout::*;
pub use person::*;
pub use points::*;
pub use prize::*;
pub use profile::*;
pub use program::*;
pub use range::*;
pub use rate::*;
pub use redemption::*;
pub use registration::*;
pub use report::*;
pub use retention::*;
pub use review::*;
pub use round::*;
pub use sale::*;
pub use seal::Seal;
pub use seen::*;
pub use settlement::*;
pub use split::*;
pub use summary::*;
pub use tally::*;
pub use tax::*;
pub use trail::*;
pub use trigger::*;
pub use value::{Row, Value};

use value::{params, row};
pub use vendor::*;
pub use webhook::*;

use crate::error::Error;
use crate::hash;
use crate::world::World;
use job::{Job, Member, Task};
use queue::Queue;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use tokio::runtime::Handle;
use tokio::sync::oneshot;

/// What the database refused.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// Another transaction got in between, or a unique key was taken meanwhile: run it again.
    #[error("a concurrent transaction was in the way: {0}")]
    Conflict(String),
    /// There is no room left to write to.
    #[error("the database has no room to write: {0}")]
    Full(String),
    /// It may be read, and not written.
    #[error("the database may not be written to: {0}")]
    ReadOnly(String),
    /// Nobody answers where the database should be.
    #[error("the database cannot be reached: {0}")]
    Away(String),
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

impl Database {
    /// Why there is nothing to work on, if it is a file that is not there.
    pub fn missing(&self) -> Option<String> {
        match self {
            Self::Sqlite(path) if !path.exists() => {
                Some(format!("There is no database at {}.", path.display()))
            }
            Self::Sqlite(_) | Self::Postgres(_) => None,
        }
    }
}

/// How durable a commit on SQLite is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Durability {
    /// Every answered write survives a power cut.
    Full,
    /// Every answered write survives a crash of the process; a power cut may undo those of the last moments.
    Normal,
    /// Nothing need survive: the data is thrown away at the end.
    #[value(skip)]
    Off,
}

/// An open transaction.
pub struct Tx<'a> {
    driver: &'a mut (dyn Driver + 'a),
    memory: &'a mut Memory,
}

/// A connection with a transaction open on it.
trait Driver {
    fn rows(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>, StoreError>;
    fn numbers(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Option<i64>>, StoreError>;
    fn sums(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<i64>, StoreError>;
    fn execute(&mut self, sql: &'static str, params: &[Value]) -> Result<u64, StoreError>;
    fn execute_all(&mut self, sql: &'static str, rows: &[Vec<Value>]) -> Result<(), StoreError>;
    fn execute_numbers(
        &mut self,
        sql: &'static str,
        width: usize,
        cells: &[Option<i64>],
    ) -> Result<(), StoreError>;
    fn look_up(&mut self, sql: &'static str, width: usize, cells: &[&str]) -> Result<Vec<Row>, StoreError>;
    fn look_up_numbers(
        &mut self,
        sql: &'static str,
        width: usize,
        cells: &[i64],
    ) -> Result<Vec<Option<i64>>, StoreError>;
    fn script(&mut self, sql: &str) -> Result<(), StoreError>;
    fn lock(&mut self, keys: &[i64]) -> Result<(), StoreError>;
    fn stop_counting(&mut self) -> Result<(), StoreError>;
    /// Holds back whoever changes tallies in their log's place until the transaction ends.
    fn stop_settling(&mut self) -> Result<(), StoreError>;
    /// Whether nobody else writes while a transaction does.
    fn writes_alone(&self) -> bool;
    fn broken_storage(&mut self) -> Result<Vec<String>, StoreError>;
}

impl<'a> Tx<'a> {
    fn new(driver: &'a mut (dyn Driver + 'a), memory: &'a mut Memory) -> Self {
        Self { driver, memory }
    }

    /// All rows.
    pub fn rows(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        self.driver.rows(sql, params)
    }

    /// All rows of a query that gives numbers alone, which are many and need no room of their own.
    pub fn rows_of_numbers<const WIDTH: usize>(
        &mut self,
        sql: &'static str,
        params: &[Value],
    ) -> Result<Vec<[Option<i64>; WIDTH]>, StoreError> {
        in_rows(sql, &self.driver.numbers(sql, params)?)
    }

    /// Rows of numbers, none of them null, added up: those with the same first number are one. In no order.
    fn sums<const WIDTH: usize>(
        &mut self,
        sql: &'static str,
        params: &[Value],
    ) -> Result<Vec<[i64; WIDTH]>, StoreError> {
        in_rows(sql, &self.driver.sums(sql, params)?)
    }

    /// The first row, if any.
    pub fn row(&mut self, sql: &'static str, params: &[Value]) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(sql, params)?.into_iter().next())
    }

    /// How many rows were written.
    pub fn execute(&mut self, sql: &'static str, params: &[Value]) -> Result<u64, StoreError> {
        self.driver.execute(sql, params)
    }

    /// Runs `insert … values (…)` for every row, in as few steps as the database allows.
    pub fn execute_all(&mut self, sql: &'static str, rows: &[Vec<Value>]) -> Result<(), StoreError> {
        if rows.is_empty() { Ok(()) } else { self.driver.execute_all(sql, rows) }
    }

    /// The same for rows of numbers alone, which are many and need no room of their own.
    pub fn execute_numbers<const WIDTH: usize>(
        &mut self,
        sql: &'static str,
        rows: &[[Option<i64>; WIDTH]],
    ) -> Result<(), StoreError> {
        if rows.is_empty() { Ok(()) } else { self.driver.execute_numbers(sql, WIDTH, rows.as_flattened()) }
    }

    /// Runs `with wanted (…) as (values (…)) select …` for every row of texts, in as few steps as the database allows: a
    /// look-up of each by its whole key, which lists for the parts of a key would not be.
    pub fn look_up<const WIDTH: usize>(
        &mut self,
        sql: &'static str,
        wanted: &[[&str; WIDTH]],
    ) -> Result<Vec<Row>, StoreError> {
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        self.driver.look_up(sql, WIDTH, wanted.as_flattened())
    }

    /// The same of numbers, by numbers.
    pub fn look_up_numbers<const WIDTH: usize, const FOUND: usize>(
        &mut self,
        sql: &'static str,
        wanted: &[[i64; WIDTH]],
    ) -> Result<Vec<[Option<i64>; FOUND]>, StoreError> {
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        in_rows(sql, &self.driver.look_up_numbers(sql, WIDTH, wanted.as_flattened())?)
    }

    /// Holds keys until the transaction ends, so that rivals on other connections wait for it.
    pub fn lock(&mut self, keys: &[i64]) -> Result<(), StoreError> {
        if keys.is_empty() { Ok(()) } else { self.driver.lock(keys) }
    }

    /// The same of what has names, where there can be rivals.
    pub fn lock_names<'n>(&mut self, names: impl IntoIterator<Item = &'n String>) -> Result<(), StoreError> {
        if self.driver.writes_alone() {
            return Ok(());
        }
        self.lock(&names.into_iter().map(|name| hash::number(name)).collect::<Vec<_>>())
    }

    /// Holds back whoever adds to the tallies until the transaction ends; to be called first in it, so that it sees what
    /// they had done before.
    fn stop_counting(&mut self) -> Result<(), StoreError> {
        self.driver.stop_counting()
    }

    /// Runs a script without parameters.
    fn script(&mut self, sql: &str) -> Result<(), StoreError> {
        self.driver.script(sql)
    }
}

fn in_rows<T: Copy, const WIDTH: usize>(sql: &str, cells: &[T]) -> Result<Vec<[T; WIDTH]>, StoreError> {
    match cells.as_chunks() {
        (rows, []) => Ok(rows.to_vec()),
        _ => Err(StoreError::Failed(format!("not rows of {WIDTH} columns: {sql}"))),
    }
}

/// The store: cheap to share behind an `Arc`.
pub struct Store {
    queues: Queues,
    seal: Arc<Seal>,
    readers: Mutex<Vec<JoinHandle<()>>>,
    writers: Mutex<Vec<JoinHandle<()>>>,
}

/// What waits for the threads.
#[derive(Clone)]
struct Queues {
    reads: Arc<Queue>,
    writes: Arc<Queue>,
    meters: Arc<Meters>,
    /// Where those who wait for answers run.
    runtime: Option<Handle>,
}

impl Queues {
    /// Each with room for so many.
    fn new(room: usize) -> Self {
        let queue = || Arc::new(Queue::new(room));
        let runtime = Handle::try_current().ok();
        Self { reads: queue(), writes: queue(), meters: Arc::default(), runtime }
    }

    /// Answers a group, each job with whether it is committed. Waking many from a thread of our own is dear, for each time one of theirs must be found awake: so
    /// one task of the runtime is woken, and wakes the others.
    fn finish(&self, group: Vec<(Box<dyn Job>, Result<(), StoreError>)>) {
        let answer = move || {
            for (job, committed) in group {
                job.finish(committed);
            }
        };
        match &self.runtime {
            Some(runtime) => drop(runtime.spawn(async move { answer() })),
            None => answer(),
        }
    }
}

impl Store {
    /// Opens the database, brings its schema up to date, and starts the threads.
    pub fn open(database: &Database, durability: Durability) -> Result<Self, StoreError> {
        Self::with_room(database, durability, queue::ROOM)
    }

    /// The same; when `room` requests wait, more are refused.
    pub fn with_room(database: &Database, durability: Durability, room: usize) -> Result<Self, StoreError> {
        let (fresh_key, start) = (World.secret(""), World.random());
        let prepare = |tx: &mut Tx<'_>| {
            migrate::run(tx)?;
            tx.refuse_half_moved()?;
            if !tx.driver.writes_alone() {
                tx.empty_head_log()?;
            }
            Ok((tx.setting("click_key", &fresh_key)?, tx.has_log()?))
        };
        let (key, has_log) = match database {
            Database::Sqlite(path) => sqlite::prepare(path, durability, prepare),
            Database::Postgres(url) => pg::prepare(url, prepare),
        }?;
        let seal = Arc::new(Seal::new(&key));
        let (memory, queues) = (Memory::new(Arc::clone(&seal), start), Queues::new(room));
        if has_log {
            memory.logged.is_found();
        }
        let Threads { readers, writers } = match database {
            Database::Sqlite(path) => sqlite::start(path, durability, &queues, &memory)?,
            Database::Postgres(url) => pg::start(url, &queues, &memory)?,
        };
        Ok(Self { queues, seal, readers: Mutex::new(readers), writers: Mutex::new(writers) })
    }

    /// Runs `work` in one transaction and answers once it is durable. `work` may run more than once. Where the request is one
    /// that the audit log tells of, what it changes is written down in the same transaction.
    pub async fn write<T, F>(&self, mut work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
    {
        let Some(doing) = Doing::current() else { return self.write_aside(work).await };
        let change = Arc::clone(&doing);
        let done = self.write_aside(move |tx| change.around(tx, &mut work)).await?;
        doing.is_noted();
        Ok(done)
    }

    /// The same of what no request asked for, such as when a session was last used: the audit log does not tell of it.
    pub async fn write_aside<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        self.queue(&self.queues.writes, Box::new(Task::new(work, reply)))?;
        heard(answer).await
    }

    /// Runs `item` in one transaction with others of its kind that wait, and answers once it is durable.
    pub async fn together<I: Together>(&self, item: I) -> Result<I::Answer, Error> {
        let (reply, answer) = oneshot::channel();
        self.queue(&self.queues.writes, Box::new(Member::new(item, reply)))?;
        heard(answer).await
    }

    /// Runs `work` on one consistent snapshot.
    pub async fn read<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        self.queue(&self.queues.reads, Box::new(Task::new(work, reply)))?;
        heard(answer).await
    }

    fn queue(&self, queue: &Queue, job: Box<dyn Job>) -> Result<(), StoreError> {
        let queued = queue.push(job);
        if matches!(queued, Err(StoreError::Busy)) {
            self.queues.meters.refused.add_one();
        }
        queued
    }

    /// What the threads have measured.
    pub fn meters(&self) -> &Meters {
        &self.queues.meters
    }

    /// How many reads and how many writes wait.
    pub fn waiting(&self) -> [usize; 2] {
        [self.queues.reads.len(), self.queues.writes.len()]
    }

    /// What turns the numbers of clicks into ids and back.
    pub fn seal(&self) -> &Seal {
        &self.seal
    }

    /// Lets the threads finish what has queued, and waits for them: the writer last, so that it can leave everything in
    /// the one file.
    pub fn close(self) {
        self.queues.reads.close();
        join(self.readers);
        self.queues.writes.close();
        join(self.writers);
    }
}

async fn heard<T>(answer: oneshot::Receiver<Result<T, Error>>) -> Result<T, Error> {
    answer.await.map_err(|_| StoreError::Failed("the store was closed before it answered".into()))?
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
