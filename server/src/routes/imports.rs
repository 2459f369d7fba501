//! Clicks of the past, and what other programs have exported: many in one request.

use super::find;
use crate::app::Shared;
use crate::auth::VendorCaller;
use crate::bringing::{self, Batch, Foreseen, Job, Reading, Zone};
use crate::error::Error;
use crate::hash;
use crate::http::Query;
use crate::http::{refuse_types, taken};
use crate::importing::{self, Asked, Import};
use crate::routes::sales::idempotency_key;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::HeaderMap;
use goodword_domain::import::amount::DecimalMark;
use goodword_domain::import::date::DayOrder;
use goodword_domain::import::{Kind, Source};
use goodword_wire::{ClickImportLine, ClickImportOutput, ErrorBody, ImportOutput};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The largest body taken.
pub const MAX_BODY: usize = 8 * 1024 * 1024;

/// Import clicks
///
/// From a server (secret key). The body is one JSON object a line, at most 20,000 lines and 8 MiB. Each line is treated
/// like a report to `/v1/track/click`, in the order of their time; a bad line refuses only itself. The same body again
/// under the same `Idempotency-Key` header gets the first answer, and after an interruption goes on where it stopped;
/// another body under that key is refused with 409. Without the header only clicks with a `visitorId` are recognised.
#[utoipa::path(post, path = "/v1/clicks/import", tag = "track",
    request_body(content = ClickImportLine, content_type = "application/x-ndjson", description = "One such object a line."),
    responses((status = 200, body = ClickImportOutput), (status = "4XX", body = ErrorBody)))]
pub async fn clicks(
    State(app): State<Shared>,
    caller: VendorCaller,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<ClickImportOutput>, Error> {
    let key = idempotency_key(&headers)?;
    refuse_types(&headers, &["text/csv"], "application/x-ndjson")?;
    let body = taken(body, MAX_BODY)?;
    let visitors = app.visitors.clone();
    let reading = tokio::task::spawn_blocking(move || {
        let asked = key.map(|key| Asked { key, hash: hash::sha256_of_bytes(&body) });
        Ok::<_, Error>((importing::read(&body, &visitors)?, asked))
    });
    let (batch, asked) = reading.await.map_err(|e| Error::internal(e.to_string()))??;
    let import = Import { vendor: caller.vendor, asked, real: app.world.now(), batch };
    Ok(Json(importing::store(&app.store, import).await?))
}

/// How many rows of another program's export are taken at once.
const MOST_ROWS: usize = 20_000;

/// How an export is to be read.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct ImportQuery {
    /// The program it comes from: `rewardful`, `firstpromoter`, `tolt`, `partnerstack` or `tapfiliate`.
    source: Option<String>,
    /// What the rows are: `partners`, `links`, `codes`, `customers`, `commissions` or `balances`. Default: told by the columns.
    kind: Option<String>,
    /// Into which program. Default: the vendor's default program.
    program_id: Option<String>,
    /// `true` to store nothing and be told what would happen.
    dry_run: Option<bool>,
    /// What columns hold that are named otherwise, as JSON: `{"Their column": "partner_email"}`; `ignore` leaves one aside.
    map: Option<String>,
    /// What stands before decimals: `point` or `comma`. Default: told by each amount.
    decimal: Option<String>,
    /// Whether days or months come first in dates such as `03/04/2024`: `dmy` or `mdy`. Default: told by the dates.
    dates: Option<String>,
    /// The time zone of dates that name none, such as `Europe/Berlin`. Default: `UTC`.
    time_zone: Option<String>,
}

/// Import from another program
///
/// The body is a CSV file as that program exports it, at most 20,000 rows and 8 MiB. Columns are found by their names, whatever
/// their order; a bad row refuses only itself, and says which line and column is wrong. The same file again stores nothing
/// twice, and goes on where an earlier request was interrupted; a newer export moves on what has moved there.
#[utoipa::path(post, path = "/v1/imports", tag = "imports", params(ImportQuery),
    request_body(content = String, content_type = "text/csv"),
    responses((status = 200, body = ImportOutput), (status = "4XX", body = ErrorBody)))]
pub async fn bring(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(query): Query<ImportQuery>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<ImportOutput>, Error> {
    refuse_types(&headers, &["application/json", "application/x-ndjson"], "text/csv")?;
    let body = taken(body, MAX_BODY)?;
    let (vendor, named) = (caller.vendor.clone(), query.program_id.clone());
    let program = app.store.read(move |tx| find::program(tx, &vendor, named.as_deref())).await?;
    let reading = query.reading(program.terms.currency)?;
    let job = Job {
        vendor: caller.vendor,
        program: program.id,
        source: reading.source,
        dry_run: query.dry_run.unwrap_or_default(),
        world: app.world,
    };
    let read = tokio::task::spawn_blocking(move || Batch::read(&body, &reading)).await;
    let batch = read.map_err(|e| Error::internal(e.to_string()))??;
    let foreseen = Arc::new(Foreseen::default());
    Ok(Json(bringing::bring(&app.store, &job, &batch, &foreseen, |_| {}).await?))
}

impl ImportQuery {
    fn reading(&self, currency: goodword_domain::money::Currency) -> Result<Reading, Error> {
        let map: BTreeMap<String, String> = match &self.map {
            None => BTreeMap::new(),
            Some(text) => serde_json::from_str(text)
                .map_err(|e| Error::field("map", format!("must be a JSON object of texts: {e}.")))?,
        };
        Ok(Reading {
            source: Source::parse(find::required("source", self.source.as_ref())?)?,
            kind: self.kind.as_deref().map(Kind::parse).transpose()?,
            currency,
            decimal: self.decimal.as_deref().map(DecimalMark::parse).transpose()?.unwrap_or_default(),
            dates: self.dates.as_deref().map(DayOrder::parse).transpose()?.unwrap_or_default(),
            zone: self.time_zone.as_deref().map(Zone::parse).transpose()?.unwrap_or_default(),
            map: map.into_iter().collect(),
            most: MOST_ROWS,
        })
    }
}
