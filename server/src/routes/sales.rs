//! Sales, reported and read.

use crate::app::Shared;
use crate::auth::{Reporter, VendorCaller, VendorReporter};
use crate::crediting::NamedPartner;
use crate::error::Error;
use crate::http::{Body, JsonText};
use crate::reporting::{SaleReport, parse_processor, sale_output, told};
use crate::routes::find;
use crate::world::World;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use goodword_domain::id::SaleId;
use goodword_domain::money::{Currency, parse_amount};
use goodword_domain::reward::{Item, Order};
use goodword_wire::{ErrorBody, SaleInput, SaleItem, SaleOutput};

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
    let report = report(app.world, reporter, &input, idempotency_key(&headers)?)?;
    Ok(JsonText(app.store.together(report).await?.in_full().json()?))
}

/// A report of a sale, from its fields.
pub fn report(
    world: World,
    reporter: Reporter,
    input: &SaleInput,
    idempotency_key: Option<String>,
) -> Result<SaleReport, Error> {
    Ok(SaleReport {
        order: order(input)?,
        detail: detail(input)?,
        partners: NamedPartner::parse_all(input.partners.as_ref())?,
        country: input.country.as_deref().map(country).transpose()?,
        currency: input.currency.as_deref().map(Currency::parse).transpose()?,
        processor: parse_processor(input.payment_processor.as_ref())?,
        invoice_id: find::text("invoiceId", input.invoice_id.as_ref(), 255)?,
        idempotency_key,
        told: told!(world, reporter, input, "Purchase"),
    })
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
        let commissions = tx.commissions_of_sale(&sale.id)?;
        let commissions: Vec<_> = commissions.iter().collect();
        let touchpoints = serde_json::from_str(&sale.touchpoints)
            .map_err(|e| Error::internal(format!("a stored sale is broken: {e}")))?;
        sale_output(tx, &sale, buyer.as_ref(), &commissions, touchpoints)
    });
    Ok(Json(sale.await?))
}

/// The figures of an order, checked.
pub fn order(input: &SaleInput) -> Result<Order, Error> {
    let amount =
        input.amount.ok_or_else(|| Error::field("amount", "is needed: send minor units (cents)."))?;
    let part = |field: &'static str, part: Option<i64>| parse_amount(field, part.unwrap_or(0));
    let order = Order {
        paid: parse_amount("amount", amount)?,
        tax: part("tax", input.tax)?,
        shipping: part("shipping", input.shipping)?,
        discount: part("discount", input.discount)?,
        items: input.items.iter().flatten().enumerate().map(item).collect::<Result<_, _>>()?,
    };
    if order.tax + order.shipping > order.paid {
        return Err(Error::field(
            "tax",
            "and `shipping` are parts of `amount`: together they must not exceed it.",
        ));
    }
    if order.items.len() > MOST_ITEMS {
        return Err(Error::field("items", format!("must be at most {MOST_ITEMS}.")));
    }
    Ok(order)
}

/// How many articles an order may have.
const MOST_ITEMS: usize = 100;

fn item((place, item): (usize, &SaleItem)) -> Result<Item, Error> {
    let at = |field: &str| format!("items[{place}].{field}");
    let quantity = item.quantity.unwrap_or(1);
    if !(1..=1_000_000).contains(&quantity) {
        return Err(Error::at(at("quantity"), "must be 1 to 1,000,000."));
    }
    let amount = parse_amount("amount", item.amount).map_err(|e| e.within(&format!("items[{place}]")))?;
    let short = |text: &Option<String>| text.as_ref().is_none_or(|t| t.chars().count() <= 255);
    if !short(&item.product) || !short(&item.plan) {
        return Err(Error::at(at("product"), "and `plan` must be at most 255 characters."));
    }
    Ok(Item { product: item.product.clone(), plan: item.plan.clone(), quantity, amount })
}

/// The order's parts as they were told, where any were.
fn detail(input: &SaleInput) -> Result<Option<String>, Error> {
    let parts = SaleInput {
        tax: input.tax,
        shipping: input.shipping,
        discount: input.discount,
        items: input.items.clone(),
        country: input.country.clone(),
        partners: input.partners.clone(),
        ..SaleInput::default()
    };
    let text = serde_json::to_string(&parts).map_err(|e| Error::internal(e.to_string()))?;
    Ok((text != "{}").then_some(text))
}

/// Two letters, upper case.
pub fn country(text: &str) -> Result<String, Error> {
    let text = text.trim();
    if text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic()) {
        Ok(text.to_ascii_uppercase())
    } else {
        Err(Error::field("country", "must be two letters of ISO 3166, such as `DE`."))
    }
}

/// The `Idempotency-Key` header, if one was sent.
pub fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Error> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let key = value.to_str().ok().filter(|key| (1..=255).contains(&key.len()));
    key.map(|key| Some(key.to_owned())).ok_or_else(|| {
        Error::BadRequest("The header `Idempotency-Key` must be 1 to 255 printable ASCII characters.".into())
    })
}
