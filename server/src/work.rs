//! What happens in the background: jobs that take one step at a time. Nobody sleeps but the loop below.

pub mod deals;
pub mod figures;
pub mod forget;
pub mod funds;
pub mod inbound;
pub mod journeys;
pub mod letters;
pub mod mail;
pub mod points;
pub mod rates;
pub mod release;
pub mod webhooks;

use crate::app::{App, Shared};
use crate::error::Error;
use crate::installations;
use crate::seldom::Seldom;
use crate::used_keys;
use goodword_domain::id::VendorId;
use std::time::Duration;
use tokio::sync::watch;

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Something was done, and there may be more.
    Done,
    /// There was nothing to do.
    Idle,
}

/// One step of each vendor's.
async fn of_each_vendor(
    app: &App,
    step: impl AsyncFn(&App, VendorId) -> Result<Step, Error>,
) -> Result<Step, Error> {
    let vendors = app.store.read(|tx| Ok(tx.vendors()?)).await?;
    let mut outcome = Step::Idle;
    for vendor in vendors {
        if step(app, vendor.id).await? == Step::Done {
            outcome = Step::Done;
        }
    }
    Ok(outcome)
}

/// How long to rest when there is nothing to do.
const REST: Duration = Duration::from_millis(500);

/// How many rests lie between two looks for sales whose exchange rate has come: who loads rates has counted those he found, and
/// there are few that were reported at the same moment.
const RESTS_BETWEEN_RATES: u32 = 10;

/// How many rests lie between two looks for what partners are told of a day or a month.
const RESTS_BETWEEN_LETTERS: u32 = 4;

/// How many rests lie between two looks for protections and periods that have ended.
const RESTS_BETWEEN_DEALS: u32 = 40;

/// How many rests lie between two looks for days whose journeys are to be written down.
const RESTS_BETWEEN_DAYS: u32 = 1_200;

/// How many rests make a quiet minute.
const RESTS_A_MINUTE: u32 = 120;

/// Runs every job until told to stop.
pub async fn run(app: Shared, mut stop: watch::Receiver<bool>) {
    let (mut rests, mut sweep, mut days) = (0_u32, forget::Sweep::default(), journeys::Days::default());
    while !*stop.borrow() {
        let busy = [
            released(&app).await,
            mailed(&app).await,
            forgotten(&app, &mut sweep).await,
            awaited(&app).await,
            worked_out(&app).await,
            wrote_down(&app, &mut days).await,
        ]
        .contains(&Step::Done);
        if !busy {
            if rests.is_multiple_of(RESTS_BETWEEN_DAYS) {
                days.look_again();
            }
            rests = rests.wrapping_add(1);
            if rests.is_multiple_of(RESTS_BETWEEN_RATES) {
                exchanged(&app).await;
                swept(&app).await;
                aged(&app).await;
            }
            if rests.is_multiple_of(RESTS_BETWEEN_DEALS) {
                dealt(&app).await;
            }
            if rests.is_multiple_of(RESTS_BETWEEN_LETTERS) {
                written(&app).await;
            }
            if rests.is_multiple_of(RESTS_A_MINUTE) {
                app.limits.forget_the_quiet();
                heard(&app).await;
                outlived(&app).await;
            }
            // Either way the loop's condition is asked next.
            drop(tokio::time::timeout(REST, stop.changed()).await);
        }
    }
    heard(&app).await;
}

async fn heard(app: &Shared) {
    if let Err(error) = installations::write_down(app).await {
        tracing::warn!(%error, "which sites were heard of was not written down");
    }
    if let Err(error) = used_keys::write_down(app).await {
        tracing::warn!(%error, "which keys were used was not written down");
    }
}

async fn released(app: &Shared) -> Step {
    static SELDOM: Seldom = Seldom::new();
    let outcome = release::step(app).await;
    app.metrics.release.count(&outcome);
    told(outcome, &SELDOM, "ending holds failed; it will be tried again")
}

async fn mailed(app: &Shared) -> Step {
    static SELDOM: Seldom = Seldom::new();
    let outcome = mail::step(app).await;
    app.metrics.mail.count(&outcome);
    told(outcome, &SELDOM, "sending mail failed; it will be tried again")
}

async fn awaited(app: &Shared) -> Step {
    static SELDOM: Seldom = Seldom::new();
    told(inbound::step(app).await, &SELDOM, "looking at events that wait failed; it will be tried again")
}

async fn worked_out(app: &Shared) -> Step {
    static SELDOM: Seldom = Seldom::new();
    told(
        figures::step(app).await,
        &SELDOM,
        "working out the figures of before failed; it will be tried again",
    )
}

async fn wrote_down(app: &Shared, days: &mut journeys::Days) -> Step {
    static SELDOM: Seldom = Seldom::new();
    let outcome = journeys::step(app, days).await;
    told(outcome, &SELDOM, "writing down the journeys of past days failed; it will be tried again")
}

async fn outlived(app: &Shared) {
    static SELDOM: Seldom = Seldom::new();
    let outcome = inbound::forget(app).await;
    told(outcome, &SELDOM, "forgetting old events failed; it will be tried again");
}

async fn exchanged(app: &Shared) {
    static SELDOM: Seldom = Seldom::new();
    while told(
        rates::step(app).await,
        &SELDOM,
        "counting sales by their exchange rates failed; it will be tried again",
    ) == Step::Done
    {}
}

async fn swept(app: &Shared) {
    static SELDOM: Seldom = Seldom::new();
    while told(funds::step(app).await, &SELDOM, "looking at funds failed; it will be tried again")
        == Step::Done
    {}
}

async fn aged(app: &Shared) {
    static SELDOM: Seldom = Seldom::new();
    while told(points::step(app).await, &SELDOM, "looking at points failed; it will be tried again")
        == Step::Done
    {}
}

async fn dealt(app: &Shared) {
    static SELDOM: Seldom = Seldom::new();
    let outcome = deals::step(app).await;
    told(outcome, &SELDOM, "ending protections and settling periods failed; it will be tried again");
    let outcome = points::give(app).await;
    told(outcome, &SELDOM, "giving prizes failed; it will be tried again");
}

async fn written(app: &Shared) {
    static SELDOM: Seldom = Seldom::new();
    while told(letters::step(app).await, &SELDOM, "writing to partners failed; it will be tried again")
        == Step::Done
    {}
}

fn told(outcome: Result<Step, Error>, seldom: &Seldom, what: &str) -> Step {
    outcome.unwrap_or_else(|error| {
        if let Some(unsaid) = seldom.may_speak() {
            tracing::error!(%error, unsaid, "{what}");
        }
        Step::Idle
    })
}

async fn forgotten(app: &Shared, sweep: &mut forget::Sweep) -> Step {
    forget::step(app, sweep).await.unwrap_or_else(|error| {
        tracing::error!(%error, "deleting old clicks failed; it will be tried again");
        Step::Idle
    })
}
