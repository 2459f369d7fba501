//! Refunds: after any series of them the commission equals the one on what remains.

use super::{find, view};
use crate::app::Shared;
use crate::auth::VendorCaller;
use crate::crediting;
use crate::error::Error;
use crate::http::Body;
use crate::remaining;
use crate::reporting::parse_processor;
use crate::routes::sales::idempotency_key;
use crate::store::{Key, Refund, Sale, Tx};
use crate::time;
use crate::world::World;
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use goodword_domain::event::EventKind;
use goodword_domain::id::{ProgramId, RefundId, SaleId, VendorId};
use goodword_domain::money::Currency;
use goodword_domain::time::Instant;
use goodword_wire::{self as wire, ErrorBody, RefundInput, RefundOutput};

/// Report a refund
///
/// In full or in part, as often as the sale allows. The same `refundId` again gets the first answer.
#[utoipa::path(post, path = "/v1/track/refund", tag = "track", request_body = RefundInput,
    responses((status = 200, body = RefundOutput), (status = "4XX", body = ErrorBody)))]
pub async fn track(
    State(app): State<Shared>,
    caller: VendorCaller,
    headers: HeaderMap,
    Body(input): Body<RefundInput>,
) -> Result<Json<RefundOutput>, Error> {
    let key = idempotency_key(&headers)?;
    let (world, real) = (app.world, app.world.now());
    let output = app.store.write(move |tx| {
        let now = find::now(tx, &caller.vendor, real)?;
        carry_out(tx, world, &caller.vendor, &input, key.as_ref(), now)
    });
    Ok(Json(output.await?))
}

/// Takes back what a report says, once. `now` is what the vendor's clock shows. What is refused has written nothing.
pub fn carry_out(
    tx: &mut Tx<'_>,
    world: World,
    vendor: &VendorId,
    input: &RefundInput,
    idempotency_key: Option<&String>,
    now: Instant,
) -> Result<RefundOutput, Error> {
    let hash = crediting::input_hash(input)?;
    let sent = find::text("refundId", input.refund_id.as_ref(), 255)?.or(idempotency_key.cloned());
    let refund_id = sent.ok_or_else(|| {
        Error::field(
            "refundId",
            "is needed, so that a repeated report is harmless: send the processor's id of the refund.",
        )
    })?;
    let name = SaleName {
        program: input.program_id.as_ref(),
        sale: input.sale_id.as_ref(),
        invoice: input.invoice_id.as_ref(),
        processor: input.payment_processor.as_ref(),
    };
    let sale = named_sale(tx, vendor, &name)?;
    let key = Key {
        program: sale.program.clone(),
        source: sale.id.to_string(),
        external_id: refund_id.clone(),
        kind: "refund",
    };
    crediting::once(tx, Some(&key), &hash, now, |tx| {
        let at = time::event_time(input.timestamp.as_deref(), now)?;
        let amount = amount(input, &sale)?;
        let refund = Refund {
            id: RefundId::from_bits(world.bits()),
            vendor: sale.vendor.clone(),
            sale: sale.id.clone(),
            external_id: refund_id.clone(),
            amount,
            at,
        };
        take_back(tx, world, &sale, &refund, now)
    })
}

/// How a report names a sale.
pub struct SaleName<'a> {
    pub program: Option<&'a String>,
    pub sale: Option<&'a String>,
    pub invoice: Option<&'a String>,
    pub processor: Option<&'a String>,
}

/// The sale a report is about.
pub fn named_sale(tx: &mut Tx<'_>, vendor: &VendorId, name: &SaleName<'_>) -> Result<Sale, Error> {
    let program = name.program.map(|id| ProgramId::parse(id)).transpose()?;
    let sale = match (name.sale, name.invoice) {
        (Some(id), _) => tx.sale(vendor, &SaleId::parse(id)?)?,
        (None, Some(invoice)) => {
            let processor = parse_processor(name.processor)?;
            tx.sale_by_invoice(vendor, program.as_ref(), &processor, invoice.trim())?
        }
        (None, None) => {
            return Err(Error::field("invoiceId", "is needed: name the sale by `invoiceId` or `saleId`."));
        }
    };
    sale.ok_or_else(|| {
        Error::NotFound("There is no such sale: check `invoiceId`, `paymentProcessor` or `saleId`.".into())
    })
}

fn amount(input: &RefundInput, sale: &Sale) -> Result<i64, Error> {
    let currency = input.currency.as_deref().map(Currency::parse).transpose()?;
    if currency.is_some_and(|c| c != sale.currency) {
        return Err(Error::field(
            "currency",
            format!("must be {}, the sale's currency.", sale.currency.wire()),
        ));
    }
    let remaining = sale.amount - sale.refunded;
    let amount = input.amount.unwrap_or(remaining);
    if (1..=remaining).contains(&amount) {
        return Ok(amount);
    }
    let remedy = if remaining == 0 {
        "cannot be refunded: nothing of this sale remains.".to_owned()
    } else {
        format!("must be 1 to {remaining}, what remains of the sale in minor units; it is {amount}.")
    };
    Err(Error::field("amount", remedy))
}

fn take_back(
    tx: &mut Tx<'_>,
    world: World,
    sale: &Sale,
    refund: &Refund,
    now: Instant,
) -> Result<RefundOutput, Error> {
    tx.insert_refund(refund)?;
    tx.tell((&sale.vendor, &sale.program), EventKind::SaleRefunded, refund.id.as_str())?;
    let after = Sale { refunded: sale.refunded + refund.amount, ..sale.clone() };
    let sale = remaining::settle(tx, world, sale, after, refund.at, now)?;
    let commissions = commissions(tx, &sale)?;
    Ok(RefundOutput {
        id: refund.id.to_string(),
        sale_id: sale.id.to_string(),
        amount: refund.amount,
        refunded: sale.refunded,
        remaining: sale.amount - sale.refunded,
        currency: sale.currency.wire(),
        commission: commissions.first().cloned(),
        commissions,
    })
}

/// A sale's commissions as the vendor sees them.
pub fn commissions(tx: &mut Tx<'_>, sale: &Sale) -> Result<Vec<wire::Commission>, Error> {
    let rows = tx.commissions_of_sale(&sale.id)?;
    rows.iter().map(|row| view::commission(tx, row)).collect()
}
