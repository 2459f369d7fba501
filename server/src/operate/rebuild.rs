//! `goodword rebuild-stats`: writes the tallies anew from the facts, one day at a time, beside a running server.

use super::Operation;
use crate::config::Storage;
use crate::error::Error;
use std::sync::Arc;

/// Runs the command.
#[expect(clippy::print_stdout, reason = "the command answers on the terminal")]
pub async fn run(storage: &Storage) -> Result<(), Error> {
    let mut operation = Operation::open(&storage.database)?;
    let result = all_days(&mut operation).await;
    operation.close();
    let (days, changed) = result?;
    println!("Statistics of {days} days are those of the facts; {changed} of them were not.");
    Ok(())
}

/// Each day is one transaction, in which nobody else counts: a fact is stored with its tally, so that both are there or
/// neither is.
async fn all_days(operation: &mut Operation) -> Result<(usize, usize), Error> {
    let programs = operation.programs().await?;
    let days = operation.store.read(|tx| Ok(tx.days_of_figures()?)).await?;
    let mut changed = 0;
    for (done, day) in days.iter().copied().enumerate() {
        operation.progress.tell("days rebuilt", done, days.len());
        let programs = Arc::clone(&programs);
        let rebuilt = operation.store.write(move |tx| Ok(tx.rebuild_day(&programs, day)?));
        changed += usize::from(rebuilt.await?);
    }
    let weeks = operation.store.read(|tx| Ok(tx.weeks_miscounted()?)).await?;
    for (program, day) in weeks {
        operation.store.write(move |tx| Ok(tx.recount_week(program, day)?)).await?;
    }
    operation.store.write(|tx| Ok(tx.recount_links()?)).await?;
    operation.store.write(|tx| Ok(tx.recount_due()?)).await?;
    Ok((days.len(), changed))
}
