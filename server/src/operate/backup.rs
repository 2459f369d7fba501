//! `goodword backup` and `goodword restore`.
#![expect(clippy::print_stdout, reason = "these commands answer on the terminal")]

use super::Progress;
use crate::config::{Backup, Restore};
use crate::error::Error;
use crate::store::{Database, beside, rename};
use std::path::Path;

/// Copies the database to a file; the file has its name only once the copy is whole, checked and on disk.
pub async fn save(command: Backup) -> Result<(), Error> {
    aside(move || {
        let database = Database::parse(&command.storage.database);
        if let Some(missing) = database.missing() {
            return Err(Error::NotFound(format!("{missing} Name another with --database.")));
        }
        if command.file.exists() && !command.force {
            return Err(Error::Conflict(format!(
                "{} is there already: name another file, or replace it with --force.",
                command.file.display()
            )));
        }
        let part = beside(&command.file, "part");
        remove(&part)?;
        let made = copy(&database, &part).and_then(|()| Ok(rename(&part, &command.file)?));
        if made.is_err() {
            remove(&part)?;
        }
        made?;
        println!("{} is a whole copy of the database.", command.file.display());
        Ok(())
    })
    .await
}

fn copy(database: &Database, part: &Path) -> Result<(), Error> {
    let mut progress = Progress::default();
    database.copy_to(part, &mut |done, all| progress.tell("pages copied", done, all))?;
    Ok(database.check_copy(part)?)
}

fn remove(part: &Path) -> Result<(), Error> {
    match std::fs::remove_file(part) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::internal(format!("cannot remove {}: {error}", part.display())))
        }
        _ => Ok(()),
    }
}

/// Puts a backup in the place of the database.
pub async fn restore(command: Restore) -> Result<(), Error> {
    aside(move || {
        if !command.file.exists() {
            return Err(Error::NotFound(format!("There is no backup at {}.", command.file.display())));
        }
        let database = Database::parse(&command.storage.database);
        database.check_copy(&command.file)?;
        if !command.force && !database.is_empty()? {
            return Err(Error::Conflict(
                "The database is not empty: name another, or replace it with --force.".into(),
            ));
        }
        database.replace_by(&command.file)?;
        println!("The database is that of {}.", command.file.display());
        Ok(())
    })
    .await
}

/// Runs work that waits for the disk, where it may.
async fn aside(work: impl FnOnce() -> Result<(), Error> + Send + 'static) -> Result<(), Error> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::internal(error.to_string()))?
}
