//! A pool of `SQLite` connections. `sqlx` would be the usual one, but two crates cannot bring the same C library in two
//! versions, and the server's driver brings a newer one.

use anyhow::{Context, Result};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;

/// As many as `sqlx` opens when it is not told otherwise.
const SIZE: usize = 10;

/// Connections, lent one transaction long.
#[derive(Clone)]
pub struct Pool {
    free: Arc<Mutex<Vec<Connection>>>,
    permits: Arc<Semaphore>,
}

impl Pool {
    /// Opens all of them.
    pub fn open(path: &Path) -> Result<Self> {
        let connections = (0..SIZE).map(|_| open(path)).collect::<Result<_>>()?;
        Ok(Self { free: Arc::new(Mutex::new(connections)), permits: Arc::new(Semaphore::new(SIZE)) })
    }

    /// Runs a transaction on a thread that may wait, and answers after its commit.
    pub async fn write<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> Result<T> + Send + 'static,
    {
        let permit = Arc::clone(&self.permits).acquire_owned().await?;
        let free = Arc::clone(&self.free);
        let done = tokio::task::spawn_blocking(move || {
            let taken = free.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut connection = taken.context("a permit was given, and no connection is free")?;
            let answer = transact(&mut connection, work);
            free.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
            drop(permit);
            answer
        });
        done.await?
    }
}

fn transact<T>(connection: &mut Connection, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let answer = work(&transaction)?;
    transaction.commit()?;
    Ok(answer)
}

/// Write-ahead log and a durable commit: what Goodword promises by default.
pub fn open(path: &Path) -> Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_mins(1))?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    Ok(connection)
}
