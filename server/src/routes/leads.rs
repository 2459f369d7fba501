//! Leads, reported.

use crate::app::Shared;
use crate::auth::Reporter;
use crate::crediting;
use crate::error::Error;
use crate::http::{Body, JsonText};
use crate::reporting::{self, LeadReport, Named, Told};
use crate::routes::find;
use crate::time;
use axum::extract::State;
use goodword_domain::id::ProgramId;
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
    let told = Told {
        world: app.world,
        reporter,
        real: app.world.now(),
        at: input.timestamp.as_deref().map(|text| time::parse("timestamp", text)).transpose()?,
        program: input.program_id.as_deref().map(ProgramId::parse).transpose()?,
        named: Named::parse(
            input.customer_external_id.as_ref(),
            input.customer_name.as_ref(),
            input.customer_email.as_ref(),
        )?,
        click_id: reporting::click_id(input.click_id.as_ref())?,
        code: find::text("code", input.code.as_ref(), 255)?,
        event_name: find::text("eventName", input.event_name.as_ref(), 100)?
            .unwrap_or_else(|| "Sign up".into()),
        metadata: find::metadata(input.metadata.as_ref())?,
        hash: crediting::input_hash(&input)?,
    };
    Ok(JsonText(app.store.together(LeadReport { told, public_url: app.public_url.as_str().into() }).await?))
}
