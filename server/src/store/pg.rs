//! PostgreSQL: a few threads, each with its own connection; serializable transactions, run again on conflict.

use super::job::{Job, Outcome};
use super::value::{Row, Value};
use super::{Connection, StoreError, Threads, Tx, migrate};
use postgres::error::SqlState;
use postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use postgres::{NoTls, Statement};
use std::collections::HashMap;
use std::error::Error as StdError;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex};
use std::thread;

/// How many threads write, and how many read.
const THREADS: usize = 6;
/// How often a transaction is run before its conflict is reported.
const ATTEMPTS: u32 = 10;
const READ: &str = "begin isolation level repeatable read read only";
const WRITE: &str = "begin isolation level serializable";
/// The number of the advisory lock under which the schema is changed.
const MIGRATION_LOCK: i64 = 0x600d_0001;

#[derive(Clone, Copy)]
enum Kind {
    Read,
    Write,
}

/// A connection with its prepared statements.
pub struct Client {
    url: String,
    connection: postgres::Client,
    statements: HashMap<&'static str, Statement>,
}

/// Connects on a thread of its own: the driver waits for the network, which an asynchronous caller's thread must not.
pub(super) fn start(
    url: &str,
    writes: Receiver<Box<dyn Job>>,
    reads: Receiver<Box<dyn Job>>,
) -> Result<Threads, StoreError> {
    let connecting = thread::scope(|scope| scope.spawn(|| connect_all(url, writes, reads)).join());
    connecting.unwrap_or_else(|_| Err(StoreError::Failed("connecting to PostgreSQL panicked".into())))
}

fn connect_all(
    url: &str,
    writes: Receiver<Box<dyn Job>>,
    reads: Receiver<Box<dyn Job>>,
) -> Result<Threads, StoreError> {
    let mut first = Client::connect(url)?;
    first.migrate()?;
    drop(first);
    let mut threads = Threads { readers: Vec::new(), writers: Vec::new() };
    for (kind, queue) in
        [(Kind::Write, Arc::new(Mutex::new(writes))), (Kind::Read, Arc::new(Mutex::new(reads)))]
    {
        for _ in 0..THREADS {
            let client = Client::connect(url)?;
            let queue = Arc::clone(&queue);
            let body = move || serve(client, kind, &queue);
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

fn serve(mut client: Client, kind: Kind, queue: &Mutex<Receiver<Box<dyn Job>>>) {
    loop {
        let next = queue.lock().unwrap_or_else(std::sync::PoisonError::into_inner).recv();
        let Ok(mut job) = next else { return };
        let result = client.transact(kind, job.as_mut());
        job.finish(result);
    }
}

impl Client {
    fn connect(url: &str) -> Result<Self, StoreError> {
        let connection = postgres::Client::connect(url, NoTls)
            .map_err(|e| StoreError::Failed(format!("cannot connect to PostgreSQL: {e}")))?;
        Ok(Self { url: url.to_owned(), connection, statements: HashMap::new() })
    }

    fn migrate(&mut self) -> Result<(), StoreError> {
        self.connection.batch_execute("begin")?;
        self.connection.execute("select pg_advisory_xact_lock($1)", &[&MIGRATION_LOCK])?;
        let result = migrate::run(&mut Tx(Connection::Postgres(self)));
        self.connection.batch_execute(if result.is_ok() { "commit" } else { "rollback" })?;
        result
    }

    /// Runs a job until it commits, refuses, or has met too many conflicts. Transactions first run side by side, each
    /// holding a shared lock; one that met a conflict runs again alone, holding it exclusively, so that rivals queue
    /// instead of undoing one another for ever. The lock is the session's, taken before the snapshot is.
    fn transact(&mut self, kind: Kind, job: &mut dyn Job) -> Result<(), StoreError> {
        self.reconnect_if_lost()?;
        for attempt in 0..ATTEMPTS {
            let result = match (kind, attempt) {
                (Kind::Read, _) => self.attempt(READ, job),
                (Kind::Write, 0) => self.locked("select pg_advisory_lock_shared(1611464706)", job),
                (Kind::Write, _) => self.locked("select pg_advisory_lock(1611464706)", job),
            };
            if !matches!(result, Err(StoreError::Conflict(_))) {
                return result;
            }
        }
        Err(StoreError::Conflict("it did not come through after many attempts".into()))
    }

    /// A server that was restarted has closed our connection, and says so only when asked.
    fn reconnect_if_lost(&mut self) -> Result<(), StoreError> {
        if self.connection.is_closed() || self.connection.batch_execute("").is_err() {
            *self = Self::connect(&self.url)?;
        }
        Ok(())
    }

    fn locked(&mut self, lock: &'static str, job: &mut dyn Job) -> Result<(), StoreError> {
        self.connection.batch_execute(lock)?;
        let result = self.attempt(WRITE, job);
        self.connection.batch_execute("select pg_advisory_unlock_all()")?;
        result
    }

    fn attempt(&mut self, begin: &'static str, job: &mut dyn Job) -> Result<(), StoreError> {
        self.connection.batch_execute(begin)?;
        match job.run(&mut Tx(Connection::Postgres(self))) {
            Outcome::Done => match self.connection.batch_execute("commit") {
                Ok(()) => Ok(()),
                Err(error) => {
                    drop(self.connection.batch_execute("rollback"));
                    Err(error.into())
                }
            },
            Outcome::Refused => Ok(self.connection.batch_execute("rollback")?),
            Outcome::Conflict => {
                self.connection.batch_execute("rollback")?;
                Err(StoreError::Conflict("run it again".into()))
            }
        }
    }

    pub(super) fn rows(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        let statement = self.prepared(sql)?;
        let rows = self.connection.query(&statement, &as_dyn(params))?;
        rows.iter().map(read).collect()
    }

    pub(super) fn execute(&mut self, sql: &'static str, params: &[Value]) -> Result<u64, StoreError> {
        let statement = self.prepared(sql)?;
        Ok(self.connection.execute(&statement, &as_dyn(params))?)
    }

    pub(super) fn script(&mut self, sql: &str) -> Result<(), StoreError> {
        Ok(self.connection.batch_execute(sql)?)
    }

    fn prepared(&mut self, sql: &'static str) -> Result<Statement, StoreError> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.connection.prepare(sql)?;
        self.statements.insert(sql, statement.clone());
        Ok(statement)
    }
}

fn as_dyn(params: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    params.iter().map(|p| p as &(dyn ToSql + Sync)).collect()
}

fn read(row: &postgres::Row) -> Result<Row, StoreError> {
    let cell = |(i, column): (usize, &postgres::Column)| match *column.type_() {
        Type::INT8 => Ok(row.get::<_, Option<i64>>(i).map_or(Value::Null, Value::Int)),
        Type::TEXT => Ok(row.get::<_, Option<String>>(i).map_or(Value::Null, Value::Text)),
        Type::BOOL => Ok(row.get::<_, Option<bool>>(i).map_or(Value::Null, Value::Bool)),
        ref other => {
            Err(StoreError::Failed(format!("column {} is {other}, of no known type", column.name())))
        }
    };
    row.columns().iter().enumerate().map(cell).collect::<Result<_, _>>().map(Row::new)
}

impl ToSql for Value {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut bytes::BytesMut,
    ) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(i) => i.to_sql_checked(ty, out),
            Self::Text(t) => t.to_sql_checked(ty, out),
            Self::Bool(b) => b.to_sql_checked(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl From<postgres::Error> for StoreError {
    fn from(error: postgres::Error) -> Self {
        let text = error.as_db_error().map_or_else(|| error.to_string(), ToString::to_string);
        match error.code() {
            Some(
                &(SqlState::T_R_SERIALIZATION_FAILURE
                | SqlState::T_R_DEADLOCK_DETECTED
                | SqlState::UNIQUE_VIOLATION
                | SqlState::IN_FAILED_SQL_TRANSACTION),
            ) => Self::Conflict(text),
            _ => Self::Failed(text),
        }
    }
}
