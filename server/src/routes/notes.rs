//! What the vendor's people say of a partner among themselves.

use super::find;
use crate::app::Shared;
use crate::auth::{Speaker, VendorCaller};
use crate::error::Error;
use crate::http::Body;
use crate::store::{Note, Tx};
use crate::time::show;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use goodword_domain::id::{NoteId, PartnerId, VendorId};
use goodword_wire::{ErrorBody, NoteInput, PartnerNote};

fn known(tx: &mut Tx<'_>, vendor: &VendorId, id: &PartnerId) -> Result<(), Error> {
    let missing = || Error::NotFound("There is no such partner in this mode: see GET /v1/partners.".into());
    tx.partner(vendor, id)?.map(drop).ok_or_else(missing)
}

fn told(n: Note) -> PartnerNote {
    PartnerNote { id: n.id.to_string(), author: n.author, text: n.text, created_at: show(n.created_at) }
}

/// A partner's notes, the newest first
///
/// Partners never see them.
#[utoipa::path(get, path = "/v1/partners/{id}/notes", tag = "partners",
    params(("id" = String, Path, description = "`ptn_…`")),
    responses((status = 200, body = Vec<PartnerNote>), (status = "4XX", body = ErrorBody)))]
pub async fn list(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
) -> Result<Json<Vec<PartnerNote>>, Error> {
    let id = PartnerId::parse(&id)?;
    let notes = app.store.read(move |tx| {
        known(tx, &caller.vendor, &id)?;
        Ok(tx.notes(&caller.vendor, &id)?)
    });
    Ok(Json(notes.await?.into_iter().map(told).collect()))
}

/// Add a note about a partner
#[utoipa::path(post, path = "/v1/partners/{id}/notes", tag = "partners", request_body = NoteInput,
    params(("id" = String, Path, description = "`ptn_…`")),
    responses((status = 201, body = PartnerNote), (status = "4XX", body = ErrorBody)))]
pub async fn add(
    State(app): State<Shared>,
    caller: VendorCaller,
    Speaker(author): Speaker,
    Path(id): Path<String>,
    Body(input): Body<NoteInput>,
) -> Result<(StatusCode, Json<PartnerNote>), Error> {
    let id = PartnerId::parse(&id)?;
    find::required("text", input.text.as_ref())?;
    let text = find::text("text", input.text.as_ref(), 4000)?.unwrap_or_default();
    let note = Note { id: NoteId::from_bits(app.world.bits()), author, text, created_at: app.world.now() };
    let saved = app.store.write(move |tx| {
        known(tx, &caller.vendor, &id)?;
        tx.insert_note(&caller.vendor, &id, &note)?;
        Ok(told(note.clone()))
    });
    Ok((StatusCode::CREATED, Json(saved.await?)))
}

/// Delete a note
#[utoipa::path(delete, path = "/v1/partners/{id}/notes/{noteId}", tag = "partners",
    params(("id" = String, Path, description = "`ptn_…`"), ("noteId" = String, Path, description = "`nte_…`")),
    responses((status = 200, description = "It is gone"), (status = "4XX", body = ErrorBody)))]
pub async fn delete(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path((id, note)): Path<(String, String)>,
) -> Result<Json<serde_json::Value>, Error> {
    let (id, note) = (PartnerId::parse(&id)?, NoteId::parse(&note)?);
    let was = app.store.write(move |tx| Ok(tx.delete_note(&caller.vendor, &id, &note)?)).await?;
    if was { Ok(Json(serde_json::json!({}))) } else { Err(Error::NotFound("There is no such note.".into())) }
}
