//! PostgreSQL: a few threads, each with its own connection.
//!
//! A closure is one serializable transaction, run again on conflict. Jobs of a lane share one transaction that reads what
//! is committed and holds advisory locks on what it is about; unique keys guard the rest.

mod begin;
mod cells;
mod line;
mod lists;
mod whole;

use super::click::told;
use super::job::{self, Job, Outcome, Task};
use super::memory::Memory;
use super::meters::Meters;
use super::queue::Group;
use super::tally::SUMS_ASIDE;
use super::value::{Row, Value};
use super::{Driver, Queues, StoreError, Threads, Tx};
use begin::Begin;
use cells::{Column, as_params, columns, numbers, read};
use line::Line;
use lists::{added_up, with_lists};
use std::collections::HashMap;
use std::error::Error as StdError;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::Type;
use tokio_postgres::{Config, Statement};
use whole::Whole;

/// How many threads write, and how many read.
const THREADS: usize = 6;
/// How many jobs of a lane share a transaction at the most.
const GROUP: usize = 512;
/// How often a transaction is run before its conflict is reported.
const ATTEMPTS: u32 = 10;
/// After how many transactions of a connection plans are made anew for the first time.
const YOUNG: u64 = 8;
/// How long a server may take to accept a connection.
const PATIENCE: Duration = Duration::from_secs(5);
/// No statement of ours runs long enough to be worth compiling; one whose plan has a step we forbid below looks dear enough to be.
const READERS: &[&str] = &["set jit = off"];
/// A group looks rows up by their keys, however few the planner believes there are: its plans are made when tables are
/// young. Closures, which are seldom, ask for other plans themselves.
const WRITERS: &[&str] = &[
    "set default_transaction_isolation = 'read committed'; set jit = off; set enable_seqscan = off; \
     set enable_hashjoin = off; set enable_mergejoin = off",
    begin::PREPARED,
];
/// The number of the advisory lock under which the schema is changed.
const MIGRATION_LOCK: i64 = 0x600d_0001;

#[derive(Clone, Copy)]
enum Kind {
    Read,
    Write,
}

/// A connection with its prepared statements.
pub(super) struct Client {
    url: String,
    /// What is set for the connection as a whole.
    session: &'static [&'static str],
    line: Line,
    /// What of a group was not sent yet.
    whole: Whole,
    statements: HashMap<(usize, usize), Statement>,
    /// The same for many rows at once.
    of_many: HashMap<(usize, usize), Statement>,
    /// How many transactions it has begun or tried to, and when the last was committed, if none has failed since.
    begun: u64,
    committed: Option<Instant>,
    meters: Arc<Meters>,
}

/// Runs work on a thread of its own: the driver waits for the network, which an asynchronous caller's thread must not.
pub(super) fn aside<T: Send>(work: impl FnOnce() -> Result<T, StoreError> + Send) -> Result<T, StoreError> {
    let running = thread::scope(|scope| scope.spawn(work).join());
    running.unwrap_or_else(|_| Err(StoreError::Failed("connecting to PostgreSQL panicked".into())))
}

pub(super) fn start(url: &str, queues: &Queues, memory: &Memory) -> Result<Threads, StoreError> {
    aside(|| connect_all(url, queues, memory))
}

/// Runs `work` in a transaction of its own, while no other process does.
pub(super) fn prepare<T: Send>(
    url: &str,
    work: impl FnOnce(&mut Tx<'_>) -> Result<T, StoreError> + Send,
) -> Result<T, StoreError> {
    aside(|| {
        let mut client = Client::connect(url)?;
        client.line.batch("begin")?;
        client.lock(&[MIGRATION_LOCK])?;
        let result = work(&mut Tx::new(&mut client, &mut Memory::default()));
        client.line.batch(if result.is_ok() { "commit" } else { "rollback" })?;
        result
    })
}

/// Whether a database has no tables yet.
pub(super) fn is_empty(url: &str) -> Result<bool, StoreError> {
    let sql = "select cast(relname as text) from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace limit 1";
    aside(|| Ok(Client::connect(url)?.rows(sql, &[])?.is_empty()))
}

/// Fails when others are connected to a database.
pub(super) fn nobody_else(url: &str) -> Result<(), StoreError> {
    let sql = "select cast(pid as bigint) from pg_stat_activity where datname = current_database() \
               and backend_type = 'client backend' and pid <> pg_backend_pid() limit 1";
    let others = aside(|| Ok(!Client::connect(url)?.rows(sql, &[])?.is_empty()))?;
    if others {
        return Err(StoreError::Failed(
            "the database is open elsewhere: stop the servers and whatever else is connected, then restore."
                .into(),
        ));
    }
    Ok(())
}

fn connect_all(url: &str, queues: &Queues, memory: &Memory) -> Result<Threads, StoreError> {
    let mut threads = Threads { readers: Vec::new(), writers: Vec::new() };
    for kind in [Kind::Write, Kind::Read] {
        for _ in 0..THREADS {
            let session = if matches!(kind, Kind::Write) { WRITERS } else { READERS };
            let client = Client::connect_for(session, url)?;
            let (all, fresh) = (queues.clone(), memory.fresh());
            let body = move || serve(client, kind, fresh, &all);
            let thread = thread::Builder::new().name("postgres".into()).spawn(body);
            let same_kind = match kind {
                Kind::Read => &mut threads.readers,
                Kind::Write => &mut threads.writers,
            };
            same_kind.push(thread.map_err(|e| StoreError::Failed(e.to_string()))?);
        }
    }
    Ok(threads)
}

fn serve(mut client: Client, kind: Kind, mut memory: Memory, queues: &Queues) {
    let meters = &queues.meters;
    let (queue, durations) = match kind {
        Kind::Read => (&queues.reads, &meters.reads),
        Kind::Write => (&queues.writes, &meters.writes),
    };
    client.meters = Arc::clone(meters);
    while let Some(mut group) = queue.take(GROUP) {
        let lane = group.lane();
        let begun = Meters::start();
        let result = client.transact(kind, &mut memory, &mut group);
        durations.record_since(begun);
        // The next group may start while these are being answered.
        queue.done(lane);
        queues.finish(group.jobs.into_iter().zip(result).collect());
        if matches!(kind, Kind::Write) && memory.logged.is_enough(SUMS_ASIDE) {
            client.settle_tallies(&mut memory);
        }
    }
    if matches!(kind, Kind::Write) && memory.logged.has_some() {
        client.settle_tallies(&mut memory);
    }
}

impl Client {
    pub(super) fn connect(url: &str) -> Result<Self, StoreError> {
        Self::connect_for(READERS, url)
    }

    fn connect_for(session: &'static [&'static str], url: &str) -> Result<Self, StoreError> {
        let runtime = line::runtime().map_err(|e| StoreError::Failed(e.to_string()))?;
        let line = settings(url).and_then(|settings| Line::connect(&settings, runtime));
        let mut line = line.map_err(|e| cannot_connect(&e))?;
        for sql in session {
            line.batch(sql)?;
        }
        Ok(Self {
            url: url.to_owned(),
            session,
            line,
            whole: Whole::default(),
            statements: HashMap::new(),
            of_many: HashMap::new(),
            begun: 0,
            committed: None,
            meters: Arc::default(),
        })
    }

    /// Runs a group, and tells of each of its jobs whether what it did is committed.
    fn transact(
        &mut self,
        kind: Kind,
        memory: &mut Memory,
        group: &mut Group,
    ) -> Vec<Result<(), StoreError>> {
        if group.lane().is_none() {
            return group.jobs.iter_mut().map(|job| self.run_closure(kind, memory, job)).collect();
        }
        let together = self.run_lane(memory, &mut group.jobs);
        if together.is_ok() || group.jobs.len() == 1 {
            return vec![together; group.jobs.len()];
        }
        group.jobs.chunks_mut(1).map(|job| self.run_lane(memory, job)).collect()
    }

    fn run_lane(&mut self, memory: &mut Memory, jobs: &mut [Box<dyn Job>]) -> Result<(), StoreError> {
        let mut result = Ok(());
        for attempt in 0..ATTEMPTS {
            let begin = if attempt == 0 { Begin::Trusting } else { Begin::Together };
            result = self.attempt(begin, memory, jobs);
            let Err(StoreError::Conflict(conflict)) = &result else { break };
            if !conflict.contains(begin::CHANGED) {
                memory.heads.mistrust();
            }
        }
        result
    }

    /// The tallies take over what was logged: in a transaction of its own, so that no click waits for the rows of another's.
    fn settle_tallies(&mut self, memory: &mut Memory) {
        let (reply, _) = oneshot::channel();
        let tell = |error: &StoreError| {
            tracing::warn!(%error, "the tallies have not taken over their log; it is read until they have");
        };
        // What refuses it is nobody's answer; a conflict is told when it is the last.
        let work = move |tx: &mut Tx<'_>| {
            let settled = tx.settle_tallies();
            settled.as_ref().err().filter(|e| !matches!(e, StoreError::Conflict(_))).inspect(|e| tell(e));
            Ok(settled?)
        };
        match self.run_lane(memory, &mut [Box::new(Task::new(work, reply))]) {
            // It has lasted, or was undone.
            Ok(()) => memory.begin(),
            Err(error) => tell(&error),
        }
    }

    /// Runs a closure until it commits, refuses, or has met too many conflicts. Transactions first run side by side, each
    /// holding a shared lock; one that met a conflict runs again alone, holding it exclusively, so that rivals queue
    /// instead of undoing one another for ever. The lock is the session's, taken before the snapshot is.
    fn run_closure(
        &mut self,
        kind: Kind,
        memory: &mut Memory,
        job: &mut Box<dyn Job>,
    ) -> Result<(), StoreError> {
        let job = std::slice::from_mut(job);
        for attempt in 0..ATTEMPTS {
            let result = match (kind, attempt) {
                (Kind::Read, _) => self.attempt(Begin::Read, memory, job),
                (Kind::Write, 0) => self.locked("select pg_advisory_lock_shared(1611464706)", memory, job),
                (Kind::Write, _) => self.locked("select pg_advisory_lock(1611464706)", memory, job),
            };
            if !matches!(result, Err(StoreError::Conflict(_))) {
                return result;
            }
        }
        Err(StoreError::Conflict("it did not come through after many attempts".into()))
    }

    fn locked(
        &mut self,
        lock: &'static str,
        memory: &mut Memory,
        job: &mut [Box<dyn Job>],
    ) -> Result<(), StoreError> {
        self.first(lock)?;
        let result = self.attempt(Begin::Write, memory, job);
        let unlocked = self.line.batch("select pg_advisory_unlock_all()");
        // The lock ends with the connection; and what was committed before that stays committed.
        if self.line.is_closed() { result } else { result.and(unlocked.map_err(StoreError::from)) }
    }

    /// The first statements of a transaction, and the number the last of them gives: a server that was restarted has closed our
    /// connection, and says so only when asked, so that a new one is tried once.
    fn first(&mut self, sql: &str) -> Result<Option<i64>, StoreError> {
        match self.line.batch_for_number(sql).map_err(StoreError::from) {
            Err(StoreError::Away(_)) => {}
            Err(error) => {
                // It may have begun before it failed.
                drop(self.line.batch("rollback"));
                return Err(error);
            }
            answered => return answered,
        }
        *self = Self { meters: Arc::clone(&self.meters), ..Self::connect_for(self.session, &self.url)? };
        Ok(self.line.batch_for_number(sql)?)
    }

    fn attempt(
        &mut self,
        begin: Begin,
        memory: &mut Memory,
        jobs: &mut [Box<dyn Job>],
    ) -> Result<(), StoreError> {
        self.forget_young_plans();
        self.begin(begin, memory)?;
        let result = match job::run(jobs, &mut Tx::new(self, memory)) {
            Outcome::Done => match self.commit(begin, jobs.len()) {
                Ok(()) => return Ok(()),
                Err(error) => Err(error),
            },
            Outcome::Refused if jobs.len() == 1 => Ok(()),
            Outcome::Refused => Err(StoreError::Failed("one of several was refused".into())),
            Outcome::Conflict => Err(StoreError::Conflict("run it again".into())),
        };
        memory.rolled_back();
        // What was refused by what is remembered is told only if that was right.
        let unsure = result.is_ok() && begin == Begin::Trusting;
        if !unsure {
            self.line.forget();
        }
        if self.whole.forget(unsure) {
            return result;
        }
        let asked = self.go_out();
        let undone = self.line.batch("rollback").map_err(StoreError::from);
        result.and(asked).and(undone)
    }

    /// A plan made when its table was empty takes one index for as good as another, and is kept until somebody analyzes the table: a
    /// look-up by a whole key may go through all a vendor has. So plans are made anew after 8 transactions, 16, 32, and so on.
    fn forget_young_plans(&mut self) {
        self.begun += 1;
        if self.begun >= YOUNG && self.begun.is_power_of_two() {
            self.line.post_trifle("discard plans");
        }
    }

    fn commit(&mut self, begun_as: Begin, size: usize) -> Result<(), StoreError> {
        let begun = Meters::start();
        if !self.commit_whole()? {
            self.line()?.batch("commit")?;
        }
        self.committed = Some(Meters::start());
        if begun_as != Begin::Read {
            self.meters.commits.record_since(begun);
            self.meters.commit_size.record(size);
        }
        Ok(())
    }

    /// What is asked goes out after what was held back.
    fn line(&mut self) -> Result<&mut Line, StoreError> {
        self.go_out()?;
        Ok(&mut self.line)
    }

    fn prepared(&mut self, sql: &'static str) -> Result<Statement, StoreError> {
        let name = (sql.as_ptr() as usize, sql.len());
        if let Some(statement) = self.statements.get(&name) {
            return Ok(statement.clone());
        }
        let statement = self.line.prepare(&sql.replace("/* hold */", "for update"))?;
        self.statements.insert(name, statement.clone());
        Ok(statement)
    }

    /// The statement that takes a list for every parameter of `insert … values (…)`.
    fn prepared_for_many(&mut self, sql: &'static str) -> Result<Statement, StoreError> {
        let name = (sql.as_ptr() as usize, sql.len());
        if let Some(statement) = self.of_many.get(&name) {
            return Ok(statement.clone());
        }
        let types: Vec<Type> = self.prepared(sql)?.params().to_vec();
        self.prepare_for_many(sql, &types)
    }

    /// The same for a query, of which the database could not tell what the values are.
    fn prepared_look_up(
        &mut self,
        sql: &'static str,
        ty: &Type,
        width: usize,
    ) -> Result<Statement, StoreError> {
        match self.of_many.get(&(sql.as_ptr() as usize, sql.len())) {
            Some(statement) => Ok(statement.clone()),
            None => self.prepare_for_many(sql, &vec![ty.clone(); width]),
        }
    }

    /// The query with its rows added up by their first column.
    fn prepared_sums(&mut self, sql: &'static str) -> Result<Statement, StoreError> {
        let name = (sql.as_ptr() as usize, sql.len());
        if let Some(statement) = self.of_many.get(&name) {
            return Ok(statement.clone());
        }
        let columns = self.prepared(sql)?.columns().len();
        let statement = self.line.prepare(&added_up(sql, columns))?;
        self.of_many.insert(name, statement.clone());
        Ok(statement)
    }

    fn prepare_for_many(&mut self, sql: &'static str, types: &[Type]) -> Result<Statement, StoreError> {
        let with_lists = with_lists(sql, types)?.replace("/* hold */", "for update");
        let statement = self.line.prepare(&with_lists)?;
        self.of_many.insert((sql.as_ptr() as usize, sql.len()), statement.clone());
        Ok(statement)
    }
}

impl Driver for Client {
    fn rows(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        let statement = self.prepared(sql)?;
        let rows = self.line()?.query(&statement, &as_params(params))?;
        rows.iter().map(read).collect()
    }

    fn numbers(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Option<i64>>, StoreError> {
        let statement = self.prepared(sql)?;
        numbers(&self.line()?.query(&statement, &as_params(params))?)
    }

    fn sums(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<i64>, StoreError> {
        let statement = self.prepared_sums(sql)?;
        let found = numbers(&self.line()?.query(&statement, &as_params(params))?)?;
        found.into_iter().map(told).collect()
    }

    fn execute(&mut self, sql: &'static str, params: &[Value]) -> Result<u64, StoreError> {
        let statement = self.prepared(sql)?;
        Ok(self.line()?.execute(&statement, &as_params(params))?)
    }

    fn execute_all(&mut self, sql: &'static str, rows: &[Vec<Value>]) -> Result<(), StoreError> {
        if self.whole.holds(sql) {
            let width = rows.first().map_or(0, Vec::len);
            let columns: Vec<Column<'_>> = (0..width).map(|i| Column(rows, i)).collect();
            return self.hold_back(sql, &as_params(&columns));
        }
        if let [row] = rows {
            let statement = self.prepared(sql)?;
            return Ok(self.line()?.post(&statement, &as_params(row))?);
        }
        let statement = self.prepared_for_many(sql)?;
        let columns: Vec<Column<'_>> = (0..statement.params().len()).map(|i| Column(rows, i)).collect();
        Ok(self.line()?.post(&statement, &as_params(&columns))?)
    }

    fn execute_numbers(
        &mut self,
        sql: &'static str,
        width: usize,
        cells: &[Option<i64>],
    ) -> Result<(), StoreError> {
        if self.whole.holds(sql) {
            return self.hold_back(sql, &as_params(&columns(width, cells)));
        }
        if cells.len() == width {
            let statement = self.prepared(sql)?;
            return Ok(self.line()?.post(&statement, &as_params(cells))?);
        }
        let statement = self.prepared_for_many(sql)?;
        Ok(self.line()?.post(&statement, &as_params(&columns(width, cells)))?)
    }

    fn look_up(&mut self, sql: &'static str, width: usize, cells: &[&str]) -> Result<Vec<Row>, StoreError> {
        let statement = self.prepared_look_up(sql, &Type::TEXT, width)?;
        let rows = self.line()?.query(&statement, &as_params(&columns(width, cells)))?;
        rows.iter().map(read).collect()
    }

    fn look_up_numbers(
        &mut self,
        sql: &'static str,
        width: usize,
        cells: &[i64],
    ) -> Result<Vec<Option<i64>>, StoreError> {
        let statement = self.prepared_look_up(sql, &Type::INT8, width)?;
        numbers(&self.line()?.query(&statement, &as_params(&columns(width, cells)))?)
    }

    fn script(&mut self, sql: &str) -> Result<(), StoreError> {
        Ok(self.line()?.batch(sql)?)
    }

    fn lock(&mut self, keys: &[i64]) -> Result<(), StoreError> {
        let mut keys = keys.to_vec();
        keys.sort_unstable();
        keys.dedup();
        let statement = self.prepared("select pg_advisory_xact_lock(k) from unnest($1::bigint[]) k")?;
        Ok(self.line()?.post(&statement, &[&keys])?)
    }

    fn stop_counting(&mut self) -> Result<(), StoreError> {
        Ok(self.line()?.batch("lock table tally, tally_log, due in share row exclusive mode")?)
    }

    fn stop_settling(&mut self) -> Result<(), StoreError> {
        Ok(self.line()?.batch("lock table tally in share row exclusive mode")?)
    }

    fn writes_alone(&self) -> bool {
        false
    }

    /// PostgreSQL checks its pages as it reads them and foreign keys as rows are written; what it may know of is here.
    fn broken_storage(&mut self) -> Result<Vec<String>, StoreError> {
        let indexes = "select cast(indexrelid::regclass as text) from pg_index where not indisvalid";
        let keys = "select cast(conname as text) from pg_constraint where not convalidated";
        let pages =
            "select coalesce(checksum_failures, 0) from pg_stat_database where datname = current_database()";
        let mut found = Vec::new();
        for mut row in self.rows(indexes, &[])? {
            found.push(format!(
                "the index {} is not valid (`reindex index` may mend it)",
                row.next::<String>()?
            ));
        }
        for mut row in self.rows(keys, &[])? {
            found.push(format!("the constraint {} was never checked", row.next::<String>()?));
        }
        for mut row in self.rows(pages, &[])? {
            let pages: i64 = row.next()?;
            found.extend((pages > 0).then(|| format!("{pages} pages did not match their checksums")));
        }
        Ok(found)
    }
}

/// With limits to how long a server that does not answer is waited for, unless the URL sets its own.
fn settings(url: &str) -> Result<Config, tokio_postgres::Error> {
    let mut settings: Config = url.parse()?;
    if settings.get_connect_timeout().is_none() {
        settings.connect_timeout(PATIENCE);
    }
    if settings.get_tcp_user_timeout().is_none() {
        settings.tcp_user_timeout(PATIENCE * 4);
    }
    Ok(settings)
}

fn cannot_connect(error: &tokio_postgres::Error) -> StoreError {
    let cause = error.source().map_or_else(String::new, |cause| format!(": {cause}"));
    let text = format!("cannot connect to PostgreSQL: {error}{cause}");
    let refused = error.as_db_error().is_some_and(|e| !is_away(e.code()));
    if refused { StoreError::Failed(text) } else { StoreError::Away(text) }
}

/// Whether a server says that it is stopping, starting, or has no connection to spare.
fn is_away(code: &SqlState) -> bool {
    [
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::CANNOT_CONNECT_NOW,
        SqlState::TOO_MANY_CONNECTIONS,
    ]
    .contains(code)
}

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        let text = error.as_db_error().map_or_else(|| error.to_string(), ToString::to_string);
        match error.code() {
            Some(
                &(SqlState::T_R_SERIALIZATION_FAILURE
                | SqlState::T_R_DEADLOCK_DETECTED
                | SqlState::UNIQUE_VIOLATION
                | SqlState::IN_FAILED_SQL_TRANSACTION),
            ) => Self::Conflict(text),
            Some(&SqlState::INVALID_TEXT_REPRESENTATION) if text.contains(begin::CHANGED) => {
                Self::Conflict(text)
            }
            Some(&SqlState::DISK_FULL) => Self::Full(text),
            Some(&SqlState::READ_ONLY_SQL_TRANSACTION) => Self::ReadOnly(text),
            Some(code) if is_away(code) => Self::Away(text),
            None if error.is_closed() || error.source().is_some_and(<dyn StdError>::is::<std::io::Error>) => {
                Self::Away(text)
            }
            _ => Self::Failed(text),
        }
    }
}
