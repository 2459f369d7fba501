//! Sales, reported and read.

use crate::app::Shared;
use crate::auth::{VendorCaller, VendorReporter};
use crate::error::Error;
use crate::http::{Body, JsonText};
use crate::reporting::{SaleReport, parse_processor, sale_output, told};
use crate::routes::find;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use goodword_domain::id::SaleId;
use goodword_domain::money::{Currency, parse_amount};
use goodword_wire::{ErrorBody, SaleInput, SaleOutput};

/// Report a sale
///
/// From a server (secret key). The same `invoiceId` of the same `paymentProcessor` again (or the same
/// `Idempotency-Key` header) gets the first answer; with other content it is refused with 409.
#[utoipa::path(post, path = "/v1/track/sale", tag = "track", request_body = SaleInput,
    responses((status = 200, body = SaleOutput), (status = "4XX", body = ErrorBody)))]
pub async fn track(
    State(app): State<Shared>,
    VendorReporter(reporter): VendorReporter,
    headers: HeaderMap,
    Body(input): Body<SaleInput>,
) -> Result<JsonText, Error> {
    let amount =
        input.amount.ok_or_else(|| Error::field("amount", "is needed: send minor units (cents)."))?;
    let report = SaleReport {
        amount: parse_amount("amount", amount)?,
        currency: input.currency.as_deref().map(Currency::parse).transpose()?,
        processor: parse_processor(input.payment_processor.as_ref())?,
        invoice_id: find::text("invoiceId", input.invoice_id.as_ref(), 255)?,
        idempotency_key: idempotency_key(&headers)?,
        told: told!(app, reporter, input, "Purchase"),
    };
    Ok(JsonText(app.store.together(report).await?))
}

/// One sale, with everything that was considered for it
#[utoipa::path(get, path = "/v1/sales/{id}", tag = "track", params(("id" = String, Path, description = "`sal_…`")),
    responses((status = 200, body = SaleOutput), (status = "4XX", body = ErrorBody)))]
pub async fn one(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
) -> Result<Json<SaleOutput>, Error> {
    let id = SaleId::parse(&id)?;
    let sale = app.store.read(move |tx| {
        let sale = tx.sale(&caller.vendor, &id)?;
        let sale = sale.ok_or_else(|| {
            Error::NotFound("There is no such sale in this mode: see GET /v1/events?event=sale.".into())
        })?;
        let buyer = sale.customer.as_ref().map(|id| tx.customer(&sale.vendor, id)).transpose()?.flatten();
        let commission = tx.commission_of_sale(&sale.id)?;
        let touchpoints = serde_json::from_str(&sale.touchpoints)
            .map_err(|e| Error::internal(format!("a stored sale is broken: {e}")))?;
        sale_output(tx, &sale, buyer.as_ref(), commission.as_ref(), touchpoints)
    });
    Ok(Json(sale.await?))
}

/// The `Idempotency-Key` header, if one was sent.
pub fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Error> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let key = value.to_str().ok().filter(|key| (1..=255).contains(&key.len()));
    key.map(|key| Some(key.to_owned())).ok_or_else(|| {
        Error::BadRequest("The header `Idempotency-Key` must be 1 to 255 printable ASCII characters.".into())
    })
}
