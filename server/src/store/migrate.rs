//! Brings the schema up to date at every start, inside one transaction.

use super::value::params;
use super::{StoreError, Tx};

/// The migrations, in order. An entry, once released, is never changed.
const MIGRATIONS: [(&str, &str); 1] = [("0001_spine", include_str!("../../migrations/0001_spine.sql"))];

pub(super) fn run(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    tx.script("create table if not exists migration (name text primary key)")?;
    for (name, sql) in MIGRATIONS {
        if tx.row("select name from migration where name = $1", params![name])?.is_none() {
            tracing::info!(migration = name, "bringing the database up to date");
            tx.script(sql)?;
            tx.execute("insert into migration (name) values ($1)", params![name])?;
        }
    }
    Ok(())
}
