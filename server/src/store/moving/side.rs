//! A database that is moved from or to: one connection that nobody else may disturb.

use super::super::sqlite::{self, Session};
use super::super::{Database, Durability, Memory, StoreError, Tx, pg};
use crate::error::Error;
use rusqlite::OpenFlags;
use std::path::Path;
use std::time::Duration;

pub enum Side {
    Sqlite(rusqlite::Connection),
    Postgres(Box<pg::Client>),
}

/// Held by whoever moves to a database; an interrupted move's connection may take a moment to end.
const ALONE: &str = "select pg_advisory_lock(1611464707)";

impl Side {
    /// Opens what is moved from, and begins the one transaction it is read in. Refused while a server uses it.
    pub fn source(database: &Database) -> Result<Self, Error> {
        let in_use = || {
            Error::Conflict(
                "The source is in use: stop every server and command that has it open, and try again.".into(),
            )
        };
        match database {
            Database::Sqlite(path) => {
                let connection = alone(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
                connection.execute_batch("begin exclusive").map_err(|error| match error.into() {
                    StoreError::Conflict(_) => in_use(),
                    other => other.into(),
                })?;
                Ok(Self::Sqlite(connection))
            }
            Database::Postgres(url) => {
                let mut side = Self::Postgres(Box::new(pg::Client::connect(url)?));
                side.tx(|tx| {
                    tx.script("begin isolation level repeatable read read only")?;
                    // Who may not see everything sees at least the pid and the user of somebody else's.
                    let others = "select cast(pid as bigint) from pg_stat_activity where datname = current_database() \
                                  and pid <> pg_backend_pid() and usename is not null \
                                  and coalesce(backend_type, 'client backend') = 'client backend'";
                    if tx.row(others, &[])?.is_some() { Err(in_use()) } else { Ok(()) }
                })?;
                Ok(side)
            }
        }
    }

    /// Opens what is moved to.
    pub fn target(database: &Database) -> Result<Self, Error> {
        match database {
            Database::Sqlite(path) => {
                let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
                Ok(Self::Sqlite(sqlite::open(path, Durability::Full, flags)?))
            }
            Database::Postgres(url) => {
                let mut side = Self::Postgres(Box::new(pg::Client::connect(url)?));
                side.tx(|tx| Ok(tx.script(ALONE)?))?;
                Ok(side)
            }
        }
    }

    /// Runs `work` in whatever transaction is open.
    pub fn tx<T>(&mut self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, Error>) -> Result<T, Error> {
        let mut memory = Memory::default();
        match self {
            Self::Sqlite(connection) => work(&mut Tx::new(&mut Session::new(connection), &mut memory)),
            Self::Postgres(client) => work(&mut Tx::new(&mut **client, &mut memory)),
        }
    }

    /// Runs `work` in a transaction of its own.
    pub fn transaction<T>(&mut self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, Error>) -> Result<T, Error> {
        let begin = if matches!(self, Self::Sqlite(_)) { "begin immediate" } else { "begin" };
        self.tx(|tx| Ok(tx.script(begin)?))?;
        let result = self.tx(work);
        let end = if result.is_ok() { "commit" } else { "rollback" };
        let ended = self.tx(|tx| Ok(tx.script(end)?));
        result.and_then(|value| ended.map(|()| value))
    }
}

/// Opens a file so that nobody else can: refused by SQLite while any other connection is open.
fn alone(path: &Path, flags: OpenFlags) -> Result<rusqlite::Connection, Error> {
    let connection = rusqlite::Connection::open_with_flags(path, flags)
        .map_err(|e| StoreError::Failed(format!("cannot open {}: {e}", path.display())))?;
    connection.busy_timeout(Duration::from_secs(1)).map_err(StoreError::from)?;
    connection.execute_batch("pragma locking_mode = exclusive").map_err(StoreError::from)?;
    Ok(connection)
}
