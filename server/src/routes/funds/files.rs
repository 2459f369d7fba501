//! Files that prove something to a fund.

use super::shown;
use crate::app::Shared;
use crate::auth::{FinanceCaller, VendorCaller};
use crate::error::Error;
use crate::funding::{self, Upload};
use crate::http::{Query, taken};
use crate::routes::find;
use crate::store::{FundFile, Tx};
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use goodword_domain::id::{FundFileId, PartnerId, VendorId};
use goodword_wire::{self as wire, ErrorBody};

/// The largest body taken.
pub const MAX_BODY: usize = funding::MAX_FILE;

/// Whose file, and what it is called.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct FileQuery {
    /// Whose.
    partner_id: Option<String>,
    /// In which program. Default: the vendor's default program.
    program_id: Option<String>,
    /// Its name, such as `invoice.pdf`.
    name: Option<String>,
}

/// Store a file for a partner
///
/// The body is the file: a PDF, PNG, JPEG or WebP of at most 5 MiB, told by its first bytes. The same content again is the same
/// file. It proves something once it goes with a claim.
#[utoipa::path(post, path = "/v1/fund-files", tag = "funds", params(FileQuery),
    request_body(content = String, content_type = "application/octet-stream"),
    responses((status = 200, body = wire::FundFile), (status = "4XX", body = ErrorBody)))]
pub async fn store(
    State(app): State<Shared>,
    FinanceCaller { vendor, .. }: FinanceCaller,
    Query(query): Query<FileQuery>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<wire::FundFile>, Error> {
    let partner = PartnerId::parse(find::required("partnerId", query.partner_id.as_ref())?)?;
    let bytes = taken(body, MAX_BODY)?;
    let (world, real) = (app.world, app.world.now());
    let file = app.store.write(move |tx| {
        let program = find::program(tx, &vendor, query.program_id.as_deref())?;
        let now = find::now(tx, &vendor, real)?;
        let upload = Upload { name: query.name.as_deref().unwrap_or_default(), bytes: &bytes };
        funding::store_file(tx, world, &program, &partner, &upload, now)
    });
    Ok(Json(shown::file(&file.await?)))
}

/// A file
///
/// Its bytes, to be saved: never to be shown as a page.
#[utoipa::path(get, path = "/v1/fund-files/{id}", tag = "funds", params(("id" = String, Path, description = "`ffl_…`")),
    responses((status = 200, content_type = "application/octet-stream"), (status = "4XX", body = ErrorBody)))]
pub async fn read(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let id = FundFileId::parse(&id)?;
    let found = app.store.read(move |tx| found(tx, &caller.vendor, &id)).await?;
    sent(&found.0, &found.1)
}

/// A file with its content, base64.
pub fn found(tx: &mut Tx<'_>, vendor: &VendorId, id: &FundFileId) -> Result<(FundFile, String), Error> {
    let gone = || Error::NotFound("There is no such file in this mode: see GET /v1/fund-claims.".into());
    let file = tx.fund_file(vendor, id)?.ok_or_else(gone)?;
    let content = tx.fund_file_content(id)?.filter(|content| !content.is_empty()).ok_or_else(gone)?;
    Ok((file, content))
}

/// The bytes of a file, to be saved: a browser neither guesses what it is nor runs anything in it.
pub fn sent(file: &FundFile, content: &str) -> Result<Response, Error> {
    let bytes = BASE64_STANDARD.decode(content).map_err(|e| Error::internal(format!("{}: {e}", file.id)))?;
    let plain: String = file.name.chars().map(|c| if c.is_ascii() { c } else { '_' }).collect();
    let headers = [
        (header::CONTENT_TYPE, file.media_type.clone()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{plain}\"")),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".into()),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".into()),
        (header::CACHE_CONTROL, "private, no-store".into()),
    ];
    Ok((headers, bytes).into_response())
}
