//! SQLite: one writing thread that commits in groups, a few reading threads.

use super::job::{Job, Outcome};
use super::value::{Row, Value};
use super::{Connection, Durability, StoreError, Threads, Tx, migrate};
use rusqlite::types::ValueRef;
use rusqlite::{ErrorCode, OpenFlags};
use std::path::Path;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How many writes share one commit at the most.
const GROUP: usize = 256;
/// How many threads read.
const READERS: usize = 3;
/// The extended result codes for a key that is taken already.
const UNIQUE: [i32; 2] =
    [rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE, rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY];
/// How many statements each connection keeps prepared.
const STATEMENTS: usize = 256;

pub(super) fn start(
    path: &Path,
    durability: Durability,
    writes: Receiver<Box<dyn Job>>,
    reads: Receiver<Box<dyn Job>>,
) -> Result<Threads, StoreError> {
    let main = open(path, durability, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
    in_one_transaction(&main, migrate::run)?;
    let writing = vec![spawn("sqlite-writer", move || write_all(&main, &writes))?];
    let mut readers = Vec::new();
    let reads = Arc::new(Mutex::new(reads));
    for _ in 0..READERS {
        let reader = open(path, durability, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let reads = Arc::clone(&reads);
        readers.push(spawn("sqlite-reader", move || read_all(&reader, &reads))?);
    }
    Ok(Threads { readers, writers: writing })
}

fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, StoreError> {
    thread::Builder::new().name(name.into()).spawn(body).map_err(|e| StoreError::Failed(e.to_string()))
}

fn open(path: &Path, durability: Durability, flags: OpenFlags) -> Result<rusqlite::Connection, StoreError> {
    let connection = rusqlite::Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .map_err(|e| StoreError::Failed(format!("cannot open {}: {e}", path.display())))?;
    let synchronous = if durability == Durability::Full { "full" } else { "normal" };
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.execute_batch(&format!(
        "pragma journal_mode = wal; pragma synchronous = {synchronous}; pragma foreign_keys = on; \
         pragma temp_store = memory; pragma cache_size = -32768;"
    ))?;
    Ok(connection)
}

fn in_one_transaction(
    connection: &rusqlite::Connection,
    work: impl FnOnce(&mut Tx<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    connection.execute_batch("begin immediate")?;
    let result = work(&mut Tx(Connection::Sqlite(connection)));
    connection.execute_batch(if result.is_ok() { "commit" } else { "rollback" })?;
    result
}

/// Takes whatever queued while the last commit was under way as the next group.
fn write_all(connection: &rusqlite::Connection, queue: &Receiver<Box<dyn Job>>) {
    while let Ok(first) = queue.recv() {
        let mut group = vec![first];
        while group.len() < GROUP
            && let Ok(next) = queue.try_recv()
        {
            group.push(next);
        }
        commit_together(connection, group);
    }
}

fn commit_together(connection: &rusqlite::Connection, mut group: Vec<Box<dyn Job>>) {
    let committed = run_group(connection, &mut group);
    if let Err(error) = &committed {
        tracing::error!(%error, "a group of writes was not committed");
        if !connection.is_autocommit() {
            drop(connection.execute_batch("rollback"));
        }
    }
    let failed = committed.err().map(|e| e.to_string());
    for job in group {
        job.finish(failed.clone().map_or(Ok(()), |e| Err(StoreError::Failed(e))));
    }
}

fn run_group(connection: &rusqlite::Connection, group: &mut [Box<dyn Job>]) -> Result<(), StoreError> {
    connection.prepare_cached("begin immediate")?.execute([])?;
    for job in group.iter_mut() {
        connection.prepare_cached("savepoint job")?.execute([])?;
        if job.run(&mut Tx(Connection::Sqlite(connection))) != Outcome::Done {
            connection.prepare_cached("rollback to job")?.execute([])?;
        }
        connection.prepare_cached("release job")?.execute([])?;
    }
    connection.prepare_cached("commit")?.execute([])?;
    Ok(())
}

fn read_all(connection: &rusqlite::Connection, queue: &Mutex<Receiver<Box<dyn Job>>>) {
    loop {
        let next = queue.lock().unwrap_or_else(std::sync::PoisonError::into_inner).recv();
        let Ok(mut job) = next else { return };
        let mut read = || -> Result<(), StoreError> {
            connection.prepare_cached("begin")?.execute([])?;
            job.run(&mut Tx(Connection::Sqlite(connection)));
            connection.prepare_cached("commit")?.execute([])?;
            Ok(())
        };
        let result = read();
        job.finish(result);
    }
}

pub(super) fn rows(
    connection: &rusqlite::Connection,
    sql: &'static str,
    params: &[Value],
) -> Result<Vec<Row>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    bind(&mut statement, params)?;
    let columns = statement.column_count();
    let mut rows = statement.raw_query();
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let values = (0..columns).map(|i| read(row.get_ref(i)?)).collect::<Result<_, StoreError>>()?;
        all.push(Row::new(values));
    }
    Ok(all)
}

pub(super) fn execute(
    connection: &rusqlite::Connection,
    sql: &'static str,
    params: &[Value],
) -> Result<u64, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    bind(&mut statement, params)?;
    Ok(u64::try_from(statement.raw_execute()?).unwrap_or(u64::MAX))
}

pub(super) fn script(connection: &rusqlite::Connection, sql: &str) -> Result<(), StoreError> {
    Ok(connection.execute_batch(sql)?)
}

/// SQLite numbers `$2` by where it first stands, not by its digit, so parameters are bound by name.
fn bind(statement: &mut rusqlite::Statement<'_>, params: &[Value]) -> Result<(), StoreError> {
    for index in 1..=statement.parameter_count() {
        let number: Option<usize> = statement.parameter_name(index).and_then(|name| name[1..].parse().ok());
        let value = number.and_then(|n| params.get(n - 1));
        let value = value.ok_or_else(|| StoreError::Failed(format!("parameter {index} was not given")))?;
        match value {
            Value::Null => statement.raw_bind_parameter(index, rusqlite::types::Null)?,
            Value::Int(i) => statement.raw_bind_parameter(index, i)?,
            Value::Text(t) => statement.raw_bind_parameter(index, t)?,
            Value::Bool(b) => statement.raw_bind_parameter(index, b)?,
        }
    }
    Ok(())
}

fn read(value: ValueRef<'_>) -> Result<Value, StoreError> {
    match value {
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(i) => Ok(Value::Int(i)),
        ValueRef::Text(t) => Ok(Value::Text(String::from_utf8_lossy(t).into_owned())),
        ValueRef::Real(_) | ValueRef::Blob(_) => Err(StoreError::Failed("a column of no known type".into())),
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let taken = error.sqlite_error().is_some_and(|e| UNIQUE.contains(&e.extended_code));
        let busy =
            matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked));
        if taken || busy { Self::Conflict(error.to_string()) } else { Self::Failed(error.to_string()) }
    }
}
