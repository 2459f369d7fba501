//! SQLite: one writing thread that commits in groups, a few reading threads.

mod dialect;
mod following;
mod settling;

use super::job::{self, Job, Outcome};
use super::memory::Memory;
use super::meters::Meters;
use super::value::{Row, Value};
use super::{Driver, Durability, Queues, StoreError, Threads, Tx};
use crate::seldom::Seldom;
use dialect::{dialect, of_many};
use following::Following;
use rusqlite::types::{ToSql, ValueRef};
use rusqlite::{ErrorCode, OpenFlags, Statement};
use rustc_hash::FxHashMap;
use std::path::Path;
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How many writes share one commit at the most.
const GROUP: usize = 512;
/// How many turns other threads have before a small group is taken: with three a group is twice as large.
const TURNS: usize = 3;
/// How much of the file a writer keeps at hand, kB: no more, for after a commit that split a page amidst others SQLite looks through all
/// of it; 96 MB stored clicks and sales no faster than 24 in a file of 3 GB, nor 24 than 16 in a small one. What it lacks the system's
/// cache has.
const WRITERS_CACHE: i64 = 16_384;
const READERS_CACHE: i64 = 16_384;
const TO_WRITE: OpenFlags = OpenFlags::SQLITE_OPEN_READ_WRITE.union(OpenFlags::SQLITE_OPEN_CREATE);
/// After how many pages of 4 kB the log is brought into the file: the more, the more often a page that was written many
/// times is copied once.
const CHECKPOINT: i64 = 8000;
/// How many threads read.
const READERS: usize = 3;
/// How many rows one statement stores or looks for: a row costs a sixth less than alone, and among twice as many hardly less again.
const AT_ONCE: usize = 16;
/// How often a write that met a conflict (a number drawn twice) is run before it is reported.
const ATTEMPTS: u32 = 3;
/// The extended result codes for a key that is taken already.
const UNIQUE: [i32; 2] =
    [rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE, rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY];
/// The extended result codes for a disk, a quota or a limit that is full.
const NO_ROOM: [i32; 4] = [
    rusqlite::ffi::SQLITE_FULL,
    rusqlite::ffi::SQLITE_IOERR_WRITE,
    rusqlite::ffi::SQLITE_IOERR_FSYNC,
    rusqlite::ffi::SQLITE_IOERR_SHMSIZE,
];

pub(super) fn start(
    path: &Path,
    durability: Durability,
    queues: &Queues,
    memory: &Memory,
) -> Result<Threads, StoreError> {
    let main = open_for_groups(path, durability)?;
    let (all, fresh) = (queues.clone(), memory.fresh());
    let follows = durability == Durability::Normal;
    let following = follows.then(|| Following::begin(&main, path)).transpose()?;
    let write = move || {
        write_all(&mut Session::new(&main), fresh, &all, following.as_ref());
        // Before the connection ends, which takes the log away.
        drop(following);
    };
    let writer = spawn("sqlite-writer", write)?;
    let mut readers = Vec::new();
    for _ in 0..READERS {
        let reader = open(path, durability, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let (all, fresh) = (queues.clone(), memory.fresh());
        readers.push(spawn("sqlite-reader", move || read_all(&mut Session::new(&reader), fresh, &all))?);
    }
    Ok(Threads { readers, writers: vec![writer] })
}

/// Opens the file, or makes it, and runs `work` in a transaction of its own.
pub(super) fn prepare<T>(
    path: &Path,
    durability: Durability,
    work: impl FnOnce(&mut Tx<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let main = open(path, durability, TO_WRITE)?;
    main.execute_batch("begin immediate").map_err(|e| located(path, e.into()))?;
    let mut session = Session::new(&main);
    let result = work(&mut Tx::new(&mut session, &mut Memory::default()));
    drop(session);
    let end = if result.is_ok() { "commit" } else { "rollback" };
    let ended = main.execute_batch(end).map_err(StoreError::from);
    result.and_then(|value| ended.map(|()| value)).map_err(|e| located(path, e))
}

fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, StoreError> {
    thread::Builder::new().name(name.into()).spawn(body).map_err(|e| StoreError::Failed(e.to_string()))
}

/// With the name of the file, and what to do.
fn located(path: &Path, error: StoreError) -> StoreError {
    let path = path.display();
    match error {
        StoreError::ReadOnly(text) => StoreError::ReadOnly(format!(
            "{path}: {text}; the folder must be there, and it and the file must be writable by the user this runs as"
        )),
        StoreError::Full(text) => StoreError::Full(format!("{path}: {text}; make room on its disk")),
        StoreError::Failed(text) => StoreError::Failed(format!("{path}: {text}")),
        other => other,
    }
}

pub(super) fn open(
    path: &Path,
    durability: Durability,
    flags: OpenFlags,
) -> Result<rusqlite::Connection, StoreError> {
    let opened = rusqlite::Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX);
    set_up(opened, durability, flags).map_err(|e| located(path, e))
}

/// One that writes groups, whose commits are gathered.
fn open_for_groups(path: &Path, durability: Durability) -> Result<rusqlite::Connection, StoreError> {
    let opened = goodword_wal::open(path, TO_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX);
    set_up(opened, durability, TO_WRITE).map_err(|e| located(path, e))
}

fn set_up(
    opened: rusqlite::Result<rusqlite::Connection>,
    durability: Durability,
    flags: OpenFlags,
) -> Result<rusqlite::Connection, StoreError> {
    let connection = opened?;
    let synchronous = match durability {
        Durability::Full => "full",
        Durability::Normal => "normal",
        Durability::Off => "off",
    };
    connection.busy_timeout(Duration::from_secs(10))?;
    let cache = if flags.contains(OpenFlags::SQLITE_OPEN_READ_ONLY) { READERS_CACHE } else { WRITERS_CACHE };
    let settings = format!(
        "pragma journal_mode = wal; pragma synchronous = {synchronous}; pragma foreign_keys = on; \
         pragma temp_store = memory; pragma cache_size = -{cache}; pragma wal_autocheckpoint = {CHECKPOINT};"
    );
    connection.execute_batch(&settings)?;
    Ok(connection)
}

/// Takes whatever queued while the last commit was under way as the next group; where commits do not wait for the disk, which is so short
/// that few would have come, it lets them come.
fn write_all(session: &mut Session<'_>, mut memory: Memory, queues: &Queues, following: Option<&Following>) {
    let seldom = Seldom::default();
    let turns = if following.is_some() { TURNS } else { 0 };
    while let Some(mut group) = queues.writes.take_all(GROUP, turns) {
        let begun = Meters::start();
        let committed = run_group(session, &mut memory, &queues.meters, &mut group);
        queues.meters.writes.record_since(begun);
        if let Some(following) = following {
            following.committed();
        }
        if let Err(error) = &committed {
            if let Some(unsaid) = seldom.may_speak() {
                tracing::error!(%error, unsaid, "a group of writes was not committed");
            }
            memory.failed();
            if !session.connection.is_autocommit() {
                drop(session.connection.execute_batch("rollback"));
            }
        }
        queues.finish(group.into_iter().map(|job| (job, committed.clone())).collect());
    }
    settling::leave_nothing(session, &mut memory);
}

/// Runs a group first as if nothing in it would have to be undone, for what that takes costs more than most jobs; and, where
/// something has to be, once more.
fn run_group(
    session: &mut Session<'_>,
    memory: &mut Memory,
    meters: &Meters,
    group: &mut [Box<dyn Job>],
) -> Result<(), StoreError> {
    session.trouble = None;
    memory.begin();
    session.execute("begin immediate", &[])?;
    if !run_hopefully(session, memory, group)? {
        session.execute("rollback", &[])?;
        memory.rolled_back();
        session.execute("begin immediate", &[])?;
        memory.begin();
        run_carefully(session, memory, group)?;
    }
    settling::some(&mut Tx::new(session, memory))?;
    let begun = Meters::start();
    goodword_wal::commit(|| session.execute("commit", &[]))?;
    meters.commits.record_since(begun);
    meters.commit_size.record(group.len());
    Ok(())
}

/// How many at the front of a group can run together: those of a lane that stand next to one another, or one that has none.
fn alike(group: &[Box<dyn Job>]) -> usize {
    let lane = group.first().and_then(|job| job.lane());
    if lane.is_none() { 1 } else { group.iter().take_while(|job| job.lane() == lane).count() }
}

/// Runs lanes without a way back: SQLite keeps a copy of every page that is changed after a savepoint. Returns whether none was
/// needed.
fn run_hopefully(
    session: &mut Session<'_>,
    memory: &mut Memory,
    mut group: &mut [Box<dyn Job>],
) -> Result<bool, StoreError> {
    while !group.is_empty() {
        let (jobs, rest) = group.split_at_mut(alike(group));
        if jobs[0].lane().is_none() {
            run_alone(session, memory, jobs)?;
        } else if run_open(session, memory, jobs)? != Outcome::Done {
            return Ok(false);
        }
        group = rest;
    }
    Ok(true)
}

fn run_carefully(
    session: &mut Session<'_>,
    memory: &mut Memory,
    mut group: &mut [Box<dyn Job>],
) -> Result<(), StoreError> {
    while !group.is_empty() {
        let (jobs, rest) = group.split_at_mut(alike(group));
        if jobs.len() == 1 {
            run_alone(session, memory, jobs)?;
        } else if run_together(session, memory, jobs)? != Outcome::Done {
            for job in jobs.chunks_mut(1) {
                run_alone(session, memory, job)?;
            }
        }
        group = rest;
    }
    Ok(())
}

/// Runs jobs within the open transaction. What the disk refuses to one it refuses to all, and SQLite may have undone the whole
/// transaction already.
fn run_open(
    session: &mut Session<'_>,
    memory: &mut Memory,
    jobs: &mut [Box<dyn Job>],
) -> Result<Outcome, StoreError> {
    let outcome = job::run(jobs, &mut Tx::new(session, memory));
    session.trouble.take().map_or(Ok(outcome), Err)
}

/// A job that was refused undoes only itself; one that met a conflict is run again.
fn run_alone(
    session: &mut Session<'_>,
    memory: &mut Memory,
    job: &mut [Box<dyn Job>],
) -> Result<(), StoreError> {
    for _ in 0..ATTEMPTS {
        if run_together(session, memory, job)? != Outcome::Conflict {
            break;
        }
    }
    Ok(())
}

fn run_together(
    session: &mut Session<'_>,
    memory: &mut Memory,
    jobs: &mut [Box<dyn Job>],
) -> Result<Outcome, StoreError> {
    session.execute("savepoint job", &[])?;
    let outcome = run_open(session, memory, jobs)?;
    if outcome != Outcome::Done {
        session.execute("rollback to job", &[])?;
        memory.rolled_back();
    }
    session.execute("release job", &[])?;
    Ok(outcome)
}

fn read_all(session: &mut Session<'_>, mut memory: Memory, queues: &Queues) {
    while let Some(group) = queues.reads.take(1) {
        for mut job in group.jobs {
            let begun = Meters::start();
            let result = read_one(session, &mut memory, &mut job);
            queues.meters.reads.record_since(begun);
            job.finish(result);
        }
    }
}

fn read_one(
    session: &mut Session<'_>,
    memory: &mut Memory,
    job: &mut Box<dyn Job>,
) -> Result<(), StoreError> {
    session.execute("begin", &[])?;
    memory.begin();
    job.run(&mut [], &mut Tx::new(session, memory));
    session.execute("commit", &[])?;
    Ok(())
}

/// A connection with its prepared statements, found by where their text stands in the program.
pub(super) struct Session<'c> {
    connection: &'c rusqlite::Connection,
    statements: FxHashMap<(usize, usize), Statement<'c>>,
    /// The same for several rows at once.
    of_many: FxHashMap<(usize, usize), Statement<'c>>,
    /// That the disk refused something.
    trouble: Option<StoreError>,
}

impl<'c> Session<'c> {
    pub(super) fn new(connection: &'c rusqlite::Connection) -> Self {
        Self { connection, statements: FxHashMap::default(), of_many: FxHashMap::default(), trouble: None }
    }

    /// Remembers trouble with the disk, for it is nobody's alone.
    fn heard<T>(&mut self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        if let Err(error @ (StoreError::Full(_) | StoreError::ReadOnly(_))) = &result {
            self.trouble = Some(error.clone());
        }
        result
    }

    fn prepared(&mut self, sql: &'static str) -> Result<&mut Statement<'c>, StoreError> {
        match self.statements.entry((sql.as_ptr() as usize, sql.len())) {
            std::collections::hash_map::Entry::Occupied(found) => Ok(found.into_mut()),
            std::collections::hash_map::Entry::Vacant(room) => {
                Ok(room.insert(self.connection.prepare(&dialect(sql))?))
            }
        }
    }

    /// Runs `… values (…) …` for rows of so many cells: for as many at once as are worth it, then for each that is left.
    fn each<T>(
        &mut self,
        sql: &'static str,
        width: usize,
        cells: &[T],
        mut run: impl FnMut(&mut Statement<'c>, &[T]) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let many = cells.chunks_exact(width * AT_ONCE);
        let rest = many.remainder();
        if many.len() > 0 {
            let statement = self.prepared_for_many(sql, width)?;
            many.into_iter().try_for_each(|rows| run(statement, rows))?;
        }
        let statement = self.prepared(sql)?;
        rest.chunks_exact(width).try_for_each(|row| run(statement, row))
    }

    fn prepared_for_many(
        &mut self,
        sql: &'static str,
        width: usize,
    ) -> Result<&mut Statement<'c>, StoreError> {
        match self.of_many.entry((sql.as_ptr() as usize, sql.len())) {
            std::collections::hash_map::Entry::Occupied(found) => Ok(found.into_mut()),
            std::collections::hash_map::Entry::Vacant(room) => {
                Ok(room.insert(self.connection.prepare(&of_many(sql, width, AT_ONCE))?))
            }
        }
    }
}

impl Driver for Session<'_> {
    fn rows(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        let statement = self.prepared(sql)?;
        bind(statement, params)?;
        let mut all = Vec::new();
        read_rows(statement, &mut all)?;
        Ok(all)
    }

    fn numbers(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Option<i64>>, StoreError> {
        let statement = self.prepared(sql)?;
        bind(statement, params)?;
        let mut cells = Vec::new();
        read_numbers(statement, &mut cells)?;
        Ok(cells)
    }

    /// Not by `group by`, for which SQLite sorts all rows first.
    fn sums(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<i64>, StoreError> {
        let statement = self.prepared(sql)?;
        bind(statement, params)?;
        read_sums(statement)
    }

    fn execute(&mut self, sql: &'static str, params: &[Value]) -> Result<u64, StoreError> {
        let statement = self.prepared(sql)?;
        bind(statement, params)?;
        let written = statement.raw_execute().map_err(StoreError::from);
        Ok(u64::try_from(self.heard(written)?).unwrap_or(u64::MAX))
    }

    fn execute_all(&mut self, sql: &'static str, rows: &[Vec<Value>]) -> Result<(), StoreError> {
        let statement = self.prepared(sql)?;
        let mut execute = |row: &Vec<Value>| {
            bind(statement, row)?;
            statement.raw_execute()?;
            Ok(())
        };
        let written = rows.iter().try_for_each(&mut execute);
        self.heard(written)
    }

    fn execute_numbers(
        &mut self,
        sql: &'static str,
        width: usize,
        cells: &[Option<i64>],
    ) -> Result<(), StoreError> {
        self.each(sql, width, cells, |statement, rows| {
            bind_all(statement, rows)?;
            statement.raw_execute()?;
            Ok(())
        })
    }

    fn look_up(&mut self, sql: &'static str, width: usize, cells: &[&str]) -> Result<Vec<Row>, StoreError> {
        let mut found = Vec::new();
        self.each(sql, width, cells, |statement, wanted| {
            bind_all(statement, wanted)?;
            read_rows(statement, &mut found)
        })?;
        Ok(found)
    }

    fn look_up_numbers(
        &mut self,
        sql: &'static str,
        width: usize,
        cells: &[i64],
    ) -> Result<Vec<Option<i64>>, StoreError> {
        let mut found = Vec::new();
        self.each(sql, width, cells, |statement, wanted| {
            bind_all(statement, wanted)?;
            read_numbers(statement, &mut found)
        })?;
        Ok(found)
    }

    fn script(&mut self, sql: &str) -> Result<(), StoreError> {
        let clustered = sql.replace("/* clustered */", "without rowid");
        // Only this spelling makes the key the row's own number, which needs no index beside the table.
        Ok(self.connection.execute_batch(&clustered.replace("bigint primary key", "integer primary key"))?)
    }

    /// Only one thread writes.
    fn lock(&mut self, _: &[i64]) -> Result<(), StoreError> {
        Ok(())
    }

    /// It does so while it writes.
    fn stop_counting(&mut self) -> Result<(), StoreError> {
        Ok(())
    }

    /// Only one thread does.
    fn stop_settling(&mut self) -> Result<(), StoreError> {
        Ok(())
    }

    fn writes_alone(&self) -> bool {
        true
    }

    fn broken_storage(&mut self) -> Result<Vec<String>, StoreError> {
        let mut found = broken_pages(self.connection)?;
        for mut row in self.rows("pragma foreign_key_check", &[])? {
            let (table, row): (String, Option<i64>) = (row.next()?, row.next()?);
            found.push(format!("row {} of {table} belongs to something that is not there", row.unwrap_or(0)));
        }
        Ok(found)
    }
}

/// What SQLite finds wrong with a file's pages, rows and indexes.
pub(super) fn broken_pages(connection: &rusqlite::Connection) -> Result<Vec<String>, StoreError> {
    let mut statement = connection.prepare("pragma integrity_check")?;
    let lines = statement.query_map([], |row| row.get(0))?;
    let lines: Vec<String> = lines.collect::<Result<_, _>>()?;
    Ok(lines.into_iter().filter(|line| line != "ok").collect())
}

fn bind_all(statement: &mut Statement<'_>, params: &[impl ToSql]) -> Result<(), StoreError> {
    check_count(statement, params.len())?;
    for (index, param) in (1..).zip(params) {
        statement.raw_bind_parameter(index, param)?;
    }
    Ok(())
}

fn read_rows(statement: &mut Statement<'_>, found: &mut Vec<Row>) -> Result<(), StoreError> {
    let columns = statement.column_count();
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        let values = (0..columns).map(|i| read(row.get_ref(i)?)).collect::<Result<_, StoreError>>()?;
        found.push(Row::new(values));
    }
    Ok(())
}

fn read_numbers(statement: &mut Statement<'_>, found: &mut Vec<Option<i64>>) -> Result<(), StoreError> {
    let columns = statement.column_count();
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        for index in 0..columns {
            found.push(row.get(index)?);
        }
    }
    Ok(())
}

fn read_sums(statement: &mut Statement<'_>) -> Result<Vec<i64>, StoreError> {
    let columns = statement.column_count();
    let (mut sums, mut places) = (Vec::<i64>::new(), FxHashMap::<i64, usize>::default());
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        let key = row.get(0)?;
        let place = *places.entry(key).or_insert(sums.len());
        if place == sums.len() {
            sums.push(key);
            sums.resize(place + columns, 0);
        }
        for index in 1..columns {
            let sum = &mut sums[place + index];
            // As SQLite says of its own sums.
            let too_much = || StoreError::Failed("integer overflow".into());
            *sum = sum.checked_add(row.get(index)?).ok_or_else(too_much)?;
        }
    }
    Ok(sums)
}

fn bind(statement: &mut Statement<'_>, params: &[Value]) -> Result<(), StoreError> {
    let needed = check_count(statement, params.len())?;
    for (index, value) in (1..=needed).zip(params) {
        match value {
            Value::Null => statement.raw_bind_parameter(index, rusqlite::types::Null)?,
            Value::Int(i) => statement.raw_bind_parameter(index, i)?,
            Value::Text(t) => statement.raw_bind_parameter(index, t)?,
            Value::Bool(b) => statement.raw_bind_parameter(index, b)?,
            Value::Ints(all) => statement.raw_bind_parameter(index, json(all)?)?,
            Value::Texts(all) => statement.raw_bind_parameter(index, json(all)?)?,
        }
    }
    Ok(())
}

/// How many parameters a statement needs, if as many were given.
fn check_count(statement: &Statement<'_>, given: usize) -> Result<usize, StoreError> {
    let needed = statement.parameter_count();
    if given < needed {
        return Err(StoreError::Failed(format!("{needed} parameters are needed, {given} were given")));
    }
    Ok(needed)
}

fn json(list: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(list).map_err(|e| StoreError::Failed(e.to_string()))
}

fn read(value: ValueRef<'_>) -> Result<Value, StoreError> {
    match value {
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(i) => Ok(Value::Int(i)),
        ValueRef::Text(t) => Ok(Value::Text(text(t))),
        ValueRef::Real(_) | ValueRef::Blob(_) => Err(StoreError::Failed("a column of no known type".into())),
    }
}

/// What is no UTF-8 is put right letter by letter, which takes its time; nothing that we write is.
fn text(bytes: &[u8]) -> String {
    str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes).into_owned(), str::to_owned)
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let text = error.to_string();
        match error.sqlite_error() {
            Some(e) if UNIQUE.contains(&e.extended_code) => Self::Conflict(text),
            Some(e) if NO_ROOM.contains(&e.extended_code) => Self::Full(text),
            Some(e) => match e.code {
                ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Conflict(text),
                ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied => {
                    Self::ReadOnly(text)
                }
                _ => Self::Failed(text),
            },
            None => Self::Failed(text),
        }
    }
}
