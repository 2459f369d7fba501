//! SQLite whose write-ahead log is written a commit at a time.
//!
//! SQLite writes a commit's pages into its log one after the other, each with two calls: the 24 bytes before a page, then the page. A
//! group of sales is some two hundred pages, and half of what storing it takes was these calls. [`open`] opens a connection that gathers
//! them and makes one call of many. The file's bytes are the same and are written before SQLite tells anybody of the commit or asks for
//! it to be on disk, so that readers, other processes, and what is found after a crash know no difference.

mod gathered;
mod vfs;

use rusqlite::{Connection, OpenFlags, Result};
use std::path::Path;

/// Opens a connection that writes, like [`Connection::open_with_flags`] with `flags`.
///
/// It never writes pages of a transaction that may yet be undone: they stay in memory until the commit, however small the cache. What
/// was gathered of one that was undone could otherwise be written when another process has long put its own pages there.
pub fn open(path: &Path, flags: OpenFlags) -> Result<Connection> {
    let connection = Connection::open_with_flags_and_vfs(path, flags, vfs::registered()?)?;
    connection.execute_batch("pragma cache_spill = off")?;
    Ok(connection)
}
