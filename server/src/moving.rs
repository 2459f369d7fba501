//! `goodword migrate-database`: moves an installation to another database, and says what came of it.
#![expect(clippy::print_stderr, reason = "the command tells on the terminal how far it has come")]

use crate::config::MigrateDatabase;
use crate::error::Error;
use crate::store::{Database, move_all};

/// Runs the command; both sides differing is a failure.
pub async fn run(command: MigrateDatabase) -> Result<(), Error> {
    let (from, to) = (Database::parse(&command.from), Database::parse(&command.to));
    let moving = tokio::task::spawn_blocking(move || {
        move_all(&from, &to, &mut |table, rows| eprintln!("{table:16} {rows:>12} rows copied"))
    });
    let moved = moving.await.map_err(|e| Error::internal(e.to_string()))??;
    if moved.differences.is_empty() {
        eprintln!(
            "Both sides agree: {} rows, the totals of every account, the sums of all tallies.",
            moved.rows
        );
        return Ok(());
    }
    for difference in &moved.differences {
        eprintln!("{difference}");
    }
    Err(Error::Conflict(
        "The target differs from the source: do not serve from it. If it was served from since, that is why; \
         if not, empty it and move again."
            .into(),
    ))
}
