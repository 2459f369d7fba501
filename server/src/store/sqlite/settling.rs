//! What was only logged comes into its tables: some of it now and then with a commit, all when a server ends.

use super::Session;
use crate::store::memory::Memory;
use crate::store::tally::SUMS;
use crate::store::{Driver, StoreError, Tx};

/// Before a commit.
pub(super) fn some(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    tx.settle_some_heads()?;
    if tx.memory.logged.is_enough(SUMS) { tx.settle_tallies() } else { Ok(()) }
}

/// When a server ends.
pub(super) fn leave_nothing(session: &mut Session<'_>, memory: &mut Memory) {
    for (settled, what) in
        [(settle_tallies(session, memory), "tallies"), (settle_heads(session, memory), "visitors")]
    {
        if let Err(error) = settled {
            tracing::warn!(%error, "the table of {what} does not have all of its log yet; the next server reads that");
        }
    }
}

/// Leaves no log of tallies behind, where this process knows of one.
fn settle_tallies(session: &mut Session<'_>, memory: &mut Memory) -> Result<(), StoreError> {
    memory.begin();
    if !memory.logged.has_some() {
        return Ok(());
    }
    session.execute("begin immediate", &[])?;
    let settled = Tx::new(session, memory).settle_tallies();
    session.execute(if settled.is_ok() { "commit" } else { "rollback" }, &[])?;
    settled
}

/// Leaves a short log of heads behind, where this process knows of one.
fn settle_heads(session: &mut Session<'_>, memory: &mut Memory) -> Result<(), StoreError> {
    memory.begin();
    let mut more = memory.heads.is_known();
    while more {
        session.execute("begin immediate", &[])?;
        memory.begin();
        more = Tx::new(session, memory).settle_more_heads()?;
        session.execute("commit", &[])?;
    }
    Ok(())
}
