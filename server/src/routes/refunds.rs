//! Refunds: after any series of them the commission equals the one on what remains.

use super::{find, view};
use crate::app::Shared;
use crate::auth::VendorCaller;
use crate::crediting;
use crate::error::Error;
use crate::http::Body;
use crate::reporting::parse_processor;
use crate::routes::sales::idempotency_key;
use crate::store::{Key, Refund, Sale, Tx};
use crate::time;
use crate::world::World;
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use goodword_domain::id::{ProgramId, RefundId, SaleId, VendorId};
use goodword_domain::money::Currency;
use goodword_domain::time::Instant;
use goodword_wire::{ErrorBody, RefundInput, RefundOutput};

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
    let hash = crediting::input_hash(&input)?;
    let sent = find::text("refundId", input.refund_id.as_ref(), 255)?.or(idempotency_key(&headers)?);
    let refund_id = sent.ok_or_else(|| {
        Error::field(
            "refundId",
            "is needed, so that a repeated report is harmless: send the processor's id of the refund.",
        )
    })?;
    let (world, real) = (app.world, app.world.now());
    let output = app.store.write(move |tx| {
        let now = find::now(tx, &caller.vendor, real)?;
        let sale = named_sale(tx, &caller.vendor, &input)?;
        let key = Key {
            program: sale.program.clone(),
            source: sale.id.to_string(),
            external_id: refund_id.clone(),
            kind: "refund",
        };
        crediting::once(tx, Some(&key), &hash, now, |tx| {
            let at = time::event_time(input.timestamp.as_deref(), now)?;
            let amount = amount(&input, &sale)?;
            let refund = Refund {
                id: RefundId::from_bits(world.bits()),
                vendor: sale.vendor.clone(),
                sale: sale.id.clone(),
                external_id: refund_id.clone(),
                amount,
                at,
            };
            take_back(tx, world, &sale, &refund)
        })
    });
    Ok(Json(output.await?))
}

fn named_sale(tx: &mut Tx<'_>, vendor: &VendorId, input: &RefundInput) -> Result<Sale, Error> {
    let program = input.program_id.as_deref().map(ProgramId::parse).transpose()?;
    let sale = match (&input.sale_id, &input.invoice_id) {
        (Some(id), _) => tx.sale(vendor, &SaleId::parse(id)?)?,
        (None, Some(invoice)) => {
            let processor = parse_processor(input.payment_processor.as_ref())?;
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

fn take_back(tx: &mut Tx<'_>, world: World, sale: &Sale, refund: &Refund) -> Result<RefundOutput, Error> {
    tx.insert_refund(sale, refund)?;
    let refunded = sale.refunded + refund.amount;
    if let Some(row) = tx.commission_of_sale(&sale.id)? {
        let step = row.commission.refund(refunded);
        tx.update_commission(&row, &step.commission, refunded)?;
        tx.post(world, &sale.vendor, &sale.program, step.transfer.as_ref(), posted_at(refund, row.at))?;
    }
    let commission = tx.commission_of_sale(&sale.id)?;
    Ok(RefundOutput {
        id: refund.id.to_string(),
        sale_id: sale.id.to_string(),
        amount: refund.amount,
        refunded,
        remaining: sale.amount - refunded,
        currency: sale.currency.wire(),
        commission: commission.map(|row| view::commission(tx, &row)).transpose()?,
    })
}

/// A refund told to be older than its sale is posted with the sale, so that no balance ever dips below what was held.
fn posted_at(refund: &Refund, earned: Instant) -> Instant {
    refund.at.max(earned)
}
