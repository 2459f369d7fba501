//! A partner's account page as the partner sees it, for the vendor's people to look at. Nobody is signed in by it, so nothing can
//! be changed; that somebody looked is in the audit log.

use super::account::looked_at;
use super::embed::Own;
use super::find;
use super::partners::{ProgramQuery, enrolled};
use super::words::Words;
use crate::app::Shared;
use crate::auth::VendorCaller;
use crate::error::Error;
use crate::http::Query;
use axum::Json;
use axum::extract::{Path, State};
use goodword_wire::{ErrorBody, PartnerView};

/// See a partner's account page
///
/// As HTML to be looked at. Nothing on it works.
#[utoipa::path(post, path = "/v1/partners/{id}/view", tag = "partners",
    params(("id" = String, Path, description = "`ptn_…`"), ProgramQuery),
    responses((status = 200, body = PartnerView), (status = "4XX", body = ErrorBody)))]
pub async fn view(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
    Query(query): Query<ProgramQuery>,
) -> Result<Json<PartnerView>, Error> {
    let real = app.world.now();
    // A write, though it only reads: what the audit log tells is written in its transaction.
    let html = app.store.write(move |tx| {
        let (enrollment, partner) = enrolled(tx, &caller.vendor, Some(&id), query.program_id.as_deref())?;
        let program = find::program_by_id(tx, &caller.vendor, &enrollment.program)?;
        let language = tx.contact(&partner.id)?.language;
        looked_at(tx, Words::of(language), &Own { program, partner, enrollment }, real)
    });
    Ok(Json(PartnerView { html: html.await? }))
}
