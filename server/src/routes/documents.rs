//! A program as one readable document, and all versions of its terms.

use super::{find, programs, view};
use crate::app::Shared;
use crate::auth::VendorCaller;
use crate::document;
use crate::error::Error;
use crate::http::{Query, Text, header};
use crate::program_file::{self, Format, Source};
use crate::time::show;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header as names};
use axum::response::{IntoResponse, Response};
use goodword_domain::id::ProgramId;
use goodword_wire::{self as wire, ErrorBody, ProgramInput, ProgramVersion};

/// How a document is to be written.
#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FormatQuery {
    /// `toml` or `json`. Default: JSON if `Accept` asks for it, else TOML.
    format: Option<String>,
}

/// A program as a document
///
/// As TOML or JSON, with the fields of `ProgramInput`: to be read, kept, compared, edited, and put back.
#[utoipa::path(get, path = "/v1/programs/{id}/document", tag = "programs",
    params(("id" = String, Path, description = "`prg_…`"), FormatQuery),
    responses((status = 200, content((ProgramInput = "application/json"), (String = "application/toml"))),
        (status = "4XX", body = ErrorBody)))]
pub async fn read(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
    Query(query): Query<FormatQuery>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let id = ProgramId::parse(&id)?;
    let asks_for_json =
        header(&headers, names::ACCEPT).is_some_and(|taken| taken.contains("application/json"));
    let unless_told = if asks_for_json { Format::Json } else { Format::Toml };
    let format = query.format.as_deref().map_or(Ok(unless_told), Format::parse)?;
    let document = app.store.read(move |tx| {
        let program = find::program_by_id(tx, &caller.vendor, &id)?;
        Ok(program_file::show(&program, &tx.groups(&id)?))
    });
    let text = program_file::write(format, &document.await?)?;
    Ok(([(names::CONTENT_TYPE, format.media_type())], text).into_response())
}

/// Replace a program by a document
///
/// As TOML (`Content-Type: application/toml`) or JSON. What is left out takes its default; `currency` stays as it is. Rewards
/// with the id of one before, or that say the same, go on counting. Terms that differ are a new version.
#[utoipa::path(put, path = "/v1/programs/{id}/document", tag = "programs",
    request_body(content((ProgramInput = "application/json"), (String = "application/toml"))),
    params(("id" = String, Path, description = "`prg_…`")),
    responses((status = 200, body = wire::Program), (status = "4XX", body = ErrorBody)))]
pub async fn replace(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
    headers: HeaderMap,
    Text(text): Text,
) -> Result<Json<wire::Program>, Error> {
    let id = ProgramId::parse(&id)?;
    let format = Format::of_media_type(header(&headers, names::CONTENT_TYPE))?;
    let input = Source::new(format, &text).read()?;
    let (world, real) = (app.world, app.world.now());
    let program = app.store.write(move |tx| {
        let now = find::now(tx, &caller.vendor, real)?;
        let old = find::program_by_id(tx, &caller.vendor, &id)?;
        let program = programs::replace(tx, world, old, &input, now)?;
        view::program(tx, &program)
    });
    let program = program.await.map_err(|error| Source::new(format, &text).located(error))?;
    Ok(Json(program))
}

/// All versions of a program's terms
///
/// The first one first; the last is in force. What happened is credited by the version that was in force then.
#[utoipa::path(get, path = "/v1/programs/{id}/versions", tag = "programs",
    params(("id" = String, Path, description = "`prg_…`")),
    responses((status = 200, body = Vec<ProgramVersion>), (status = "4XX", body = ErrorBody)))]
pub async fn versions(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
) -> Result<Json<Vec<ProgramVersion>>, Error> {
    let id = ProgramId::parse(&id)?;
    let program = app.store.read(move |tx| find::program_by_id(tx, &caller.vendor, &id)).await?;
    let version = |v: &crate::store::Version| ProgramVersion {
        version: v.number,
        since: show(v.since),
        terms: document::show(&v.terms),
    };
    Ok(Json(program.versions.iter().map(version).collect()))
}
