//! SQLite whose write-ahead log is written many pages at a time.
//!
//! SQLite writes a commit's pages into its log one after the other, each with two calls: the 24 bytes before a page, then the page. A
//! group of sales is some two hundred pages, and these calls take longer than to copy the pages. Within [`commit`] a connection that
//! [`open`] opened gathers them and makes one call of thirty pages. The file's bytes are the same and are written before SQLite tells
//! anybody of the commit or asks for it to be on disk, so that readers, other processes, and what is found after a crash know no
//! difference.

mod gathered;
mod vfs;

use rusqlite::{Connection, OpenFlags, Result};
use std::cell::Cell;
use std::path::Path;

thread_local! {
    /// Whether this thread commits, and what it writes into a log may be gathered.
    static COMMITS: Cell<bool> = const { Cell::new(false) };
}

/// Opens a connection that writes, like [`Connection::open_with_flags`] with `flags`.
pub fn open(path: &Path, flags: OpenFlags) -> Result<Connection> {
    Connection::open_with_flags_and_vfs(path, flags, vfs::registered()?)
}

/// Does what commits a transaction, and nothing else. Pages that SQLite writes before, because they are more than its cache holds, are
/// written at once: what was gathered of a transaction that is undone could be written when another process has long put its own pages
/// there.
pub fn commit<T>(work: impl FnOnce() -> T) -> T {
    COMMITS.set(true);
    let done = work();
    COMMITS.set(false);
    done
}
