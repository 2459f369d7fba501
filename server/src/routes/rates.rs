//! Exchange rates, loaded and listed.

use crate::app::Shared;
use crate::auth::{FinanceCaller, VendorCaller};
use crate::error::Error;
use crate::http::{Paging, Query, header, one_or_many, taken};
use crate::rates;
use crate::store::RateFilter;
use crate::time::show;
use crate::work::rates::all_of;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, header::CONTENT_TYPE};
use goodword_domain::Invalid;
use goodword_domain::exchange::Rate;
use goodword_domain::money::Currency;
use goodword_domain::time::Instant;
use goodword_wire::{ErrorBody, ExchangeRate, ExchangeRateInput, ExchangeRatesOutput};

/// The largest body taken.
pub const MAX_BODY: usize = 8 * 1024 * 1024;

/// Load exchange rates
///
/// One rate or a list of them as JSON; or, as `text/csv`, a file with the columns `base`, `quote`, `rate`, `source` and `at`; at
/// most 8 MiB. All are stored, or none. A rate that is known stays: the same again changes nothing, another one for the
/// same currencies and instant is refused with 409. Sales that waited for one of the rates are counted at once.
#[utoipa::path(post, path = "/v1/exchange-rates", tag = "programs",
    request_body(content((ExchangeRateInput = "application/json"), (String = "text/csv"))),
    responses((status = 200, body = ExchangeRatesOutput), (status = "4XX", body = ErrorBody)))]
pub async fn load(
    State(app): State<Shared>,
    caller: FinanceCaller,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<ExchangeRatesOutput>, Error> {
    let body = taken(body, MAX_BODY)?;
    let is_csv = header(&headers, CONTENT_TYPE).is_some_and(|kind| kind.starts_with("text/csv"));
    let reading = tokio::task::spawn_blocking(move || {
        if is_csv { rates::read_csv(&body) } else { rates::read_all(&one_or_many(&body)?) }
    });
    let told = reading.await.map_err(|e| Error::internal(e.to_string()))??;
    let (vendor, real) = (caller.vendor.clone(), app.world.now());
    let loaded = app.store.write(move |tx| rates::load(tx, &vendor, &told, real)).await?;
    let resumed = all_of(&app.store, app.world, &caller.vendor).await?;
    Ok(Json(ExchangeRatesOutput { resumed, ..loaded }))
}

/// Which rates to list.
#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct RateQuery {
    /// Only from this currency.
    base: Option<String>,
    /// Only to this currency.
    quote: Option<String>,
}

/// List exchange rates, the latest first
#[utoipa::path(get, path = "/v1/exchange-rates", tag = "programs", params(RateQuery, Paging),
    responses((status = 200, body = Vec<ExchangeRate>), (status = "4XX", body = ErrorBody)))]
pub async fn list(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(query): Query<RateQuery>,
    Query(paging): Query<Paging>,
) -> Result<Json<Vec<ExchangeRate>>, Error> {
    let currency = |field: &'static str, text: Option<&String>| {
        text.map(|text| Currency::parse(text)).transpose().map_err(|e| Error::field(field, e.remedy))
    };
    let filter = RateFilter {
        base: currency("base", query.base.as_ref())?,
        quote: currency("quote", query.quote.as_ref())?,
        after: paging.after(read_id)?,
        limit: paging.limit()?,
    };
    let found = app.store.read(move |tx| Ok(tx.rates(&caller.vendor, &filter)?)).await?;
    Ok(Json(found.iter().map(told).collect()))
}

fn told(rate: &Rate) -> ExchangeRate {
    let e = &rate.exchange;
    let (base, quote) = (e.from.wire(), e.to.wire());
    ExchangeRate {
        id: format!("{base}_{quote}_{}", rate.at.0),
        base,
        quote,
        rate: e.rate.to_string(),
        source: e.source.clone(),
        at: show(rate.at),
    }
}

fn read_id(id: &str) -> Result<(Currency, Currency, Instant), Invalid> {
    let unknown = || Invalid::new("id", "must be the `id` of a rate, as the list gives it.");
    let mut parts = id.splitn(3, '_');
    let mut next = || parts.next().ok_or_else(unknown);
    let (base, quote, at) = (next()?, next()?, next()?);
    Ok((Currency::parse(base)?, Currency::parse(quote)?, Instant(at.parse().map_err(|_| unknown())?)))
}
