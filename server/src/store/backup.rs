//! Copies of a whole database: made of one moment beside a running server, checked, and put back.

use super::{Database, StoreError, pg, sqlite};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// How many pages are copied between two looks at the progress: some 4 MB.
const PAGES: i32 = 1024;

/// Told how much is done of how much.
pub type Told<'a> = &'a mut dyn FnMut(usize, usize);

impl Database {
    /// Writes a copy to a new file and waits until it is on disk.
    pub fn copy_to(&self, file: &Path, told: Told<'_>) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(path) => copy_sqlite(path, file, told)?,
            Self::Postgres(url) => {
                run(pg_tool("pg_dump", url)?.arg("--format=custom").arg("--file").arg(file))?;
            }
        }
        on_disk(file)
    }

    /// Whether a file is a whole copy of a database of this kind.
    pub fn check_copy(&self, file: &Path) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(_) => check_sqlite(file),
            // Reading all of it is the check there is.
            Self::Postgres(_) => {
                run(Command::new("pg_restore").arg("--file=/dev/null").arg(file)).map_err(|error| {
                    StoreError::Failed(format!("{} is not a whole backup: {error}", file.display()))
                })
            }
        }
    }

    /// Whether there is nothing in it yet.
    pub fn is_empty(&self) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(path) => Ok(std::fs::metadata(path).map_or(0, |file| file.len()) == 0),
            Self::Postgres(url) => pg::is_empty(url),
        }
    }

    /// Puts a copy that was checked in the place of what is there, if nobody has that open: all of it or nothing.
    pub fn replace_by(&self, file: &Path) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(path) => replace_sqlite(path, file),
            Self::Postgres(url) => {
                pg::nobody_else(url)?;
                let mut restore = pg_tool("pg_restore", url)?;
                restore.args(["--clean", "--if-exists", "--no-owner", "--single-transaction"]);
                run(restore.arg(file))
            }
        }
    }
}

/// Page by page while a reader's snapshot is held: writers go on, and the copy need not begin anew when they do.
fn copy_sqlite(path: &Path, file: &Path, told: Told<'_>) -> Result<(), StoreError> {
    let source = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    source.busy_timeout(Duration::from_secs(10))?;
    source.execute_batch("begin")?;
    source.query_row("select count(*) from migration", [], |_| Ok(()))?;
    let mut copy = Connection::open(file)?;
    // The copy has no name yet: if this is interrupted, nobody takes it for one.
    copy.execute_batch("pragma synchronous = off")?;
    let backup = Backup::new(&source, &mut copy)?;
    loop {
        let step = backup.step(PAGES)?;
        let progress = backup.progress();
        let count = |pages: i32| usize::try_from(pages).unwrap_or(0);
        told(count(progress.pagecount - progress.remaining), count(progress.pagecount));
        match step {
            StepResult::Done => break,
            StepResult::More => {}
            other => return Err(StoreError::Failed(format!("the copy cannot go on: {other:?}"))),
        }
    }
    drop(backup);
    // One file, with nothing beside it.
    copy.execute_batch("pragma journal_mode = delete")?;
    copy.close().map_err(|(_, error)| error.into())
}

fn check_sqlite(file: &Path) -> Result<(), StoreError> {
    let broken = |why: &str| {
        StoreError::Failed(format!("{} is not a whole backup of a Goodword database: {why}", file.display()))
    };
    let copy = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let pages = |name: &str| copy.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let whole = pages("page_count").and_then(|count| Ok(count * pages("page_size")?));
    let is = std::fs::metadata(file).map_err(|error| broken(&error.to_string()))?.len().cast_signed();
    if whole.map_err(|error| broken(&error.to_string()))? != is {
        return Err(broken("its end is missing"));
    }
    let found = sqlite::broken_pages(&copy).map_err(|error| broken(&error.to_string()))?;
    if let Some(first) = found.first() {
        return Err(broken(first));
    }
    copy.query_row("select count(*) from migration", [], |_| Ok(())).map_err(|e| broken(&e.to_string()))
}

fn replace_sqlite(path: &Path, file: &Path) -> Result<(), StoreError> {
    let held = if path.exists() { hold(path)? } else { None };
    let part = beside(path, "part");
    let io =
        |error: std::io::Error| StoreError::Failed(format!("cannot restore {}: {error}", path.display()));
    std::fs::copy(file, &part).map_err(io)?;
    on_disk(&part)?;
    // What a broken database left beside it must not be read as part of the new one.
    for name in ["-wal", "-shm", "-journal"] {
        let left = PathBuf::from(format!("{}{name}", path.display()));
        if left.exists() {
            std::fs::remove_file(left).map_err(io)?;
        }
    }
    rename(&part, path)?;
    drop(held);
    Ok(())
}

/// Opens a database so that nobody else can meanwhile; none when the file is no database at all. It leaves its
/// write-ahead log only when nobody else has it open, a server that is idle included.
fn hold(path: &Path) -> Result<Option<Connection>, StoreError> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(Duration::ZERO)?;
    match connection.execute_batch("pragma journal_mode = delete; begin exclusive") {
        Ok(()) => Ok(Some(connection)),
        Err(error)
            if matches!(
                error.sqlite_error_code(),
                Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
            ) =>
        {
            Err(StoreError::Failed(format!(
                "{} is open elsewhere: stop the server, then restore.",
                path.display()
            )))
        }
        Err(_) => Ok(None),
    }
}

/// The same name with an ending more.
pub fn beside(path: &Path, ending: &str) -> PathBuf {
    PathBuf::from(format!("{}.{ending}", path.display()))
}

/// Gives a file its name, and waits until that is on disk too.
pub fn rename(part: &Path, file: &Path) -> Result<(), StoreError> {
    let failed =
        |error: std::io::Error| StoreError::Failed(format!("cannot write {}: {error}", file.display()));
    std::fs::rename(part, file).map_err(failed)?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)
}

fn on_disk(file: &Path) -> Result<(), StoreError> {
    let failed = |error| StoreError::Failed(format!("cannot write {}: {error}", file.display()));
    File::options().write(true).open(file).and_then(|file| file.sync_all()).map_err(failed)
}

/// A program of PostgreSQL's on a database; the password goes by the environment, where other users cannot read it.
fn pg_tool(name: &str, url: &str) -> Result<Command, StoreError> {
    let broken = |_| StoreError::Failed("the URL of the database cannot be read".into());
    let mut public = url::Url::parse(url).map_err(broken)?;
    let config: tokio_postgres::Config = url.parse()?;
    let mut command = Command::new(name);
    if let Some(password) = config.get_password() {
        command.env("PGPASSWORD", String::from_utf8_lossy(password).as_ref());
        if public.set_password(None).is_err() {
            return Err(StoreError::Failed("the URL of the database has a password but no host".into()));
        }
    }
    command.arg(format!("--dbname={public}"));
    Ok(command)
}

fn run(command: &mut Command) -> Result<(), StoreError> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output().map_err(|error| {
        StoreError::Failed(format!(
            "{name} cannot be started ({error}): install PostgreSQL's client programs"
        ))
    })?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(StoreError::Failed(format!("{name} failed: {}", said.trim())))
}
