//! Which database a server gets.

use super::postgres;
use std::path::Path;

/// The two databases there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

impl Kind {
    /// The one this run is about.
    pub fn chosen() -> Self {
        match std::env::var("GOODWORD_TEST_DATABASE").as_deref() {
            Err(_) | Ok("" | "sqlite") => Self::Sqlite,
            Ok("postgres") => Self::Postgres,
            Ok(other) => panic!("GOODWORD_TEST_DATABASE must be `sqlite` or `postgres`, not `{other}`"),
        }
    }

    /// Which one a `--database` names.
    pub fn of(database: &str) -> Self {
        if database.starts_with("postgres:") { Self::Postgres } else { Self::Sqlite }
    }

    /// What to pass as `--database` for a new, empty one; files go into `folder`. A durable one waits for the disk.
    pub fn create(self, folder: &Path, durable: bool) -> String {
        match self {
            Self::Sqlite => format!("sqlite:{}", folder.join("goodword.db").display()),
            Self::Postgres => postgres::new_database(durable),
        }
    }

    /// The same for one to be used at once, which may have its tables already.
    pub fn prepare(self, folder: &Path, durable: bool) -> String {
        match self {
            Self::Sqlite => self.create(folder, durable),
            Self::Postgres => postgres::ready_database(durable),
        }
    }
}

/// Removes a database whose test is over; a file goes with its folder.
pub fn remove(database: &str) {
    if Kind::of(database) == Kind::Postgres {
        postgres::drop_database(database);
    }
}

/// Runs statements on a database as an outsider would: nothing of ours is in between.
pub fn change(database: &str, sql: &str) {
    match database.strip_prefix("sqlite:") {
        Some(path) => {
            let connection = rusqlite::Connection::open(path).expect("the file opens");
            connection.busy_timeout(std::time::Duration::from_secs(10)).expect("it can wait");
            connection.execute_batch(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        }
        None => postgres::change(database, sql),
    }
}
