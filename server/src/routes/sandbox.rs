//! The sandbox's clock: test data lives by a time of its own, which the owner of the key sets and advances.

use super::find;
use crate::app::Shared;
use crate::auth::VendorCaller;
use crate::error::Error;
use crate::http::Body;
use crate::time::{self, show};
use crate::work::{deals, funds, points, release};
use axum::Json;
use axum::extract::State;
use goodword_domain::time::{Clock, DAY_MS, Instant};
use goodword_wire::{ErrorBody, SandboxClock, SandboxClockInput};

/// The latest instant a clock can show: the end of the year 9000.
const LATEST: i64 = 221_845_392_000_000;

/// What the sandbox's clock shows
#[utoipa::path(get, path = "/v1/sandbox/clock", tag = "sandbox",
    responses((status = 200, body = SandboxClock), (status = "4XX", body = ErrorBody)))]
pub async fn read(State(app): State<Shared>, caller: VendorCaller) -> Result<Json<SandboxClock>, Error> {
    only_in_the_sandbox(&caller)?;
    let real = app.world.now();
    let clock = app.store.read(move |tx| Ok(find::vendor(tx, &caller.vendor)?.clock)).await?;
    Ok(Json(shown(clock, real)))
}

/// Set or advance the sandbox's clock
///
/// Holds that have ended by then are released before the answer, and funds do what is due. Facts keep their instants: setting the clock back
/// undoes nothing.
#[utoipa::path(post, path = "/v1/sandbox/clock", tag = "sandbox", request_body = SandboxClockInput,
    responses((status = 200, body = SandboxClock), (status = "4XX", body = ErrorBody)))]
pub async fn set(
    State(app): State<Shared>,
    caller: VendorCaller,
    Body(input): Body<SandboxClockInput>,
) -> Result<Json<SandboxClock>, Error> {
    only_in_the_sandbox(&caller)?;
    let real = app.world.now();
    let vendor = caller.vendor.clone();
    let clock = app.store.write(move |tx| {
        let old = find::vendor(tx, &vendor)?.clock;
        let clock = moved(old, &input, real)?;
        tx.set_clock(&vendor, clock)?;
        Ok(clock)
    });
    let clock = clock.await?;
    deals::all_of(&app, &caller.vendor).await?;
    points::give_of(&app, caller.vendor.clone()).await?;
    release::all_of(&app, &caller.vendor).await?;
    funds::all_of(&app, &caller.vendor).await?;
    points::all_of(&app, &caller.vendor).await?;
    Ok(Json(shown(clock, real)))
}

fn only_in_the_sandbox(caller: &VendorCaller) -> Result<(), Error> {
    if caller.test {
        Ok(())
    } else {
        Err(Error::Forbidden("Live data lives by the world's clock: use a test key (`sk_test_…`).".into()))
    }
}

fn moved(old: Clock, input: &SandboxClockInput, real: Instant) -> Result<Clock, Error> {
    let days = input.advance_days.unwrap_or(0);
    let millis = input.advance_ms.unwrap_or(0);
    if input.now.is_some() && (input.advance_days.is_some() || input.advance_ms.is_some()) {
        return Err(Error::field("now", "does not go with an advance: send one or the other."));
    }
    if !(0..=36_500).contains(&days) {
        return Err(Error::field("advanceDays", "must be 0 to 36,500."));
    }
    if !(0..=36_500 * DAY_MS).contains(&millis) {
        return Err(Error::field("advanceMs", "must be 0 to 3,153,600,000,000 milliseconds (100 years)."));
    }
    let from =
        input.now.as_deref().map(|text| time::parse("now", text)).transpose()?.unwrap_or(old.now(real));
    let now = Instant(from.plus_days(days).0 + millis);
    if now.0 > LATEST {
        return Err(Error::field("now", "must come before the year 9000."));
    }
    Ok(Clock::set(now, input.frozen.unwrap_or(old.frozen.is_some()), real))
}

fn shown(clock: Clock, real: Instant) -> SandboxClock {
    SandboxClock { now: show(clock.now(real)), frozen: clock.frozen.is_some() }
}
