//! What a connection with a gathered log stores, others find: at once, in the files as a crash would leave them, and in turns.

use rusqlite::{Connection, OpenFlags, Result};
use std::fs;
use std::path::Path;

/// A connection with a gathered log and a cache of a few pages.
fn gathering(path: &Path, synchronous: &str) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    with_settings(goodword_wal::open(path, flags)?, synchronous)
}

fn with_settings(connection: Connection, synchronous: &str) -> Result<Connection> {
    let settings =
        format!("pragma journal_mode = wal; pragma synchronous = {synchronous}; pragma cache_size = 10");
    connection.execute_batch(&settings)?;
    Ok(connection)
}

fn insert(connection: &Connection, from: i64, rows: i64) -> Result<()> {
    let mut statement = connection.prepare_cached("insert into row (id, text) values (?1, ?2)")?;
    for id in from..from + rows {
        statement.execute((id, format!("{id:0300}")))?;
    }
    Ok(())
}

fn commit(connection: &Connection) -> Result<()> {
    goodword_wal::commit(|| connection.execute_batch("commit"))
}

/// How many rows there are and what their numbers come to, if the file is sound.
fn read(connection: &Connection) -> Result<(i64, i64)> {
    let sound: String = connection.query_row("pragma integrity_check", [], |row| row.get(0))?;
    assert_eq!(sound, "ok");
    let sql = "select count(*), coalesce(sum(cast(text as integer)), 0) from row";
    connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
}

fn sum(rows: i64) -> (i64, i64) {
    (rows, rows * (rows - 1) / 2)
}

/// What somebody finds in copies of the files, as they are now.
fn found_after_a_crash(path: &Path) -> Result<(i64, i64)> {
    let folder = tempfile::tempdir().expect("a folder");
    let copy = folder.path().join("copy.db");
    for end in ["", "-wal"] {
        let file = |path: &Path| format!("{}{end}", path.display());
        fs::copy(file(path), file(&copy)).expect("it is copied");
    }
    read(&Connection::open(&copy)?)
}

#[test]
fn every_commit_is_in_the_files_at_once() -> Result<()> {
    for synchronous in ["full", "normal", "off"] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.db");
        let writer = gathering(&path, synchronous)?;
        let plain = Connection::open(&path)?;
        writer.execute_batch("create table row (id integer primary key, text text not null)")?;
        // Up to some 3 MB at once, and past the size at which the log begins anew.
        let mut stored = 0;
        for rows in [1, 2, 50, 7_000, 1, 3_000, 1, 9_000, 4] {
            writer.execute_batch("begin immediate")?;
            insert(&writer, stored, rows)?;
            // Pages that were written already change again, for which SQLite computes the log's sums anew.
            writer.execute_batch("update row set text = '0' || text where id % 9 = 0")?;
            commit(&writer)?;
            stored += rows;
            assert_eq!(read(&plain)?, sum(stored), "{synchronous}, after {rows}");
            assert_eq!(found_after_a_crash(&path)?, sum(stored), "{synchronous}, after {rows}");
        }
    }
    Ok(())
}

#[test]
fn what_was_undone_never_comes_back() -> Result<()> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.db");
    let writer = gathering(&path, "full")?;
    let plain = with_settings(Connection::open(&path)?, "full")?;
    writer.execute_batch("create table row (id integer primary key, text text not null)")?;
    let mut stored = 0;
    for turn in 0..20 {
        // The log begins anew, and what is read comes from elsewhere: nothing asks for what was gathered.
        plain.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(()))?;
        // More than the cache holds, undone as a whole and in part; then another connection writes to the same place.
        writer.execute_batch("begin immediate")?;
        insert(&writer, 1_000_000, 200 + 20 * turn)?;
        assert_eq!(found_after_a_crash(&path)?, sum(stored), "nothing counts before the commit");
        writer.execute_batch("rollback")?;
        insert(&plain, stored, 3 + turn)?;
        stored += 3 + turn;
        writer.execute_batch("begin immediate")?;
        insert(&writer, stored, 30)?;
        writer.execute_batch("savepoint part")?;
        insert(&writer, 1_000_000, 1_000)?;
        writer.execute_batch("rollback to part; release part")?;
        commit(&writer)?;
        stored += 30;
        assert_eq!(read(&plain)?, sum(stored));
        assert_eq!(found_after_a_crash(&path)?, sum(stored));
    }
    drop(writer);
    assert_eq!(read(&plain)?, sum(stored));
    Ok(())
}

#[test]
fn a_log_that_was_left_is_read() -> Result<()> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.db");
    let plain = with_settings(Connection::open(&path)?, "full")?;
    plain.execute_batch("create table row (id integer primary key, text text not null)")?;
    insert(&plain, 0, 500)?;
    let other = folder.path().join("b.db");
    for end in ["", "-wal"] {
        fs::copy(format!("{}{end}", path.display()), format!("{}{end}", other.display()))
            .expect("it is copied");
    }
    let writer = gathering(&other, "full")?;
    assert_eq!(read(&writer)?, sum(500));
    writer.execute_batch("begin immediate")?;
    insert(&writer, 500, 100)?;
    commit(&writer)?;
    assert_eq!(found_after_a_crash(&other)?, sum(600));
    Ok(())
}

#[test]
fn a_log_that_cannot_be_opened_is_an_error() -> Result<()> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.db");
    drop(gathering(&path, "full")?);
    fs::create_dir(folder.path().join("a.db-wal")).expect("a folder in the place of the log");
    let opened = gathering(&path, "full");
    assert!(opened.and_then(|writer| writer.execute_batch("create table row (id integer)")).is_err());
    fs::remove_dir(folder.path().join("a.db-wal")).expect("it is empty");
    gathering(&path, "full")?.execute_batch("create table row (id integer)")
}
