//! Commands for whoever runs the server; all of them work beside it, but for `restore`.

pub mod backup;
mod chain;
pub mod check;
pub mod rebuild;

use crate::error::Error;
use crate::store::{Database, Durability, Store};
use crate::world::World;
use goodword_domain::time::Instant;
use std::sync::Arc;

/// An open database, with somebody who watches how far it gets.
pub struct Operation {
    pub store: Store,
    pub progress: Progress,
}

impl Operation {
    /// On a database that is there: a mistyped name must not make one.
    pub fn open(database: &str) -> Result<Self, Error> {
        let database = Database::parse(database);
        if let Some(missing) = database.missing() {
            return Err(Error::NotFound(format!("{missing} Name another with --database.")));
        }
        Ok(Self { store: Store::open(&database, Durability::Full)?, progress: Progress::default() })
    }

    /// The numbers of all programs.
    async fn programs(&self) -> Result<Arc<[i64]>, Error> {
        Ok(self.store.read(|tx| Ok(tx.program_numbers()?)).await?.into())
    }

    /// Ends it.
    pub fn close(self) {
        self.store.close();
    }
}

/// Tells on the terminal how far a long step has come, at most once a second.
#[derive(Default)]
pub struct Progress {
    told: Option<Instant>,
}

impl Progress {
    /// `done` of `all` of something is done.
    #[expect(clippy::print_stderr, reason = "whoever waits at the terminal reads it")]
    pub fn tell(&mut self, what: &str, done: usize, all: usize) {
        let now = World.now();
        let told = *self.told.get_or_insert(now);
        if now.0 - told.0 >= 1000 {
            self.told = Some(now);
            eprintln!("  {what}: {done} of {all}");
        }
    }
}
