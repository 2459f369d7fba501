//! Works out the figures of before, day by day, once there are new ones that were not kept then.

use super::Step;
use crate::app::App;
use crate::error::Error;

/// One day.
pub async fn step(app: &App) -> Result<Step, Error> {
    let waits = app.store.read(|tx| Ok(tx.figures_to_work_out()?)).await?;
    let Some(after) = waits else { return Ok(Step::Idle) };
    app.store
        .write(move |tx| {
            let programs = tx.program_numbers()?;
            match tx.days_of_figures()?.into_iter().find(|day| *day > after) {
                Some(day) => {
                    tx.rebuild_day(&programs, day)?;
                    tx.figures_worked_out(Some(day))?;
                }
                None => tx.figures_worked_out(None)?,
            }
            Ok(())
        })
        .await?;
    Ok(Step::Done)
}
