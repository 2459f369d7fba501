//! Writes down the journeys of days that are over, for reports: program by program, a day at a time.

use super::Step;
use crate::app::App;
use crate::error::Error;
use crate::journeys::{Of, write_down};
use crate::store::{Journeying, Tx};
use goodword_domain::id::ProgramId;
use goodword_domain::time::{DAY_MS, Instant};

/// A day with fewer events is read from them as fast.
const LEAST: i64 = 20;

/// What is still to be looked at.
#[derive(Default)]
pub struct Days {
    programs: Vec<(i64, ProgramId)>,
    /// Days of the program looked at last.
    waiting: Vec<(Of, Journeying)>,
    is_new_look: bool,
}

impl Days {
    /// Asks for a look at all programs, once the one under way has ended.
    pub fn look_again(&mut self) {
        self.is_new_look = true;
    }
}

/// Writes down one day, or finds out about one program.
pub async fn step(app: &App, days: &mut Days) -> Result<Step, Error> {
    if let Some((of, about)) = days.waiting.pop() {
        app.store.write(move |tx| write_down(tx, of, &about)).await?;
        return Ok(Step::Done);
    }
    if let Some((number, program)) = days.programs.pop() {
        let today = app.world.now().day();
        days.waiting = app.store.read(move |tx| waiting(tx, number, &program, today)).await?;
        return Ok(Step::Done);
    }
    if !std::mem::take(&mut days.is_new_look) {
        return Ok(Step::Idle);
    }
    days.programs = app.store.read(|tx| Ok(tx.numbered_programs()?)).await?;
    Ok(Step::Done)
}

fn waiting(
    tx: &mut Tx<'_>,
    number: i64,
    program: &ProgramId,
    today: i64,
) -> Result<Vec<(Of, Journeying)>, Error> {
    let mut waiting = Vec::new();
    for of in [Of::Sales, Of::Leads] {
        for day in tx.days_to_write_down(number, of == Of::Sales, (today, LEAST))? {
            let (from, to) = (Instant(day * DAY_MS), Instant((day + 1) * DAY_MS));
            waiting.push((of, Journeying { program: program.clone(), number, from, to }));
        }
    }
    Ok(waiting)
}
