//! Leads, reported.

use crate::app::Shared;
use crate::auth::Reporter;
use crate::error::Error;
use crate::http::{Body, JsonText};
use crate::reporting::{LeadReport, Told, told};
use crate::world::World;
use axum::extract::State;
use goodword_wire::{ErrorBody, LeadInput, LeadOutput};

/// Report a sign-up
///
/// From a page (publishable key in the query) or from a server (secret key). The same person and event again gets the
/// first answer.
#[utoipa::path(post, path = "/v1/track/lead", tag = "track", request_body = LeadInput,
    responses((status = 200, body = LeadOutput), (status = "4XX", body = ErrorBody)))]
pub async fn track(
    State(app): State<Shared>,
    reporter: Reporter,
    Body(input): Body<LeadInput>,
) -> Result<JsonText, Error> {
    let report = report(app.world, reporter, &input, &app.public_url)?;
    Ok(JsonText(app.store.together(report).await?.json()?))
}

/// A report of a sign-up, from its fields.
pub fn report(
    world: World,
    reporter: Reporter,
    input: &LeadInput,
    public_url: &str,
) -> Result<LeadReport, Error> {
    let by_form = match input.touch.as_deref() {
        None | Some("code") => false,
        Some("form") => true,
        Some(_) => return Err(Error::field("touch", "must be `code` or `form`.")),
    };
    let told = Told { by_form, ..told!(world, reporter, input, "Sign up") };
    Ok(LeadReport { told, public_url: public_url.into() })
}
