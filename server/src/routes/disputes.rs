//! Disputes: a buyer's complaint to the bank.

use super::find;
use super::refunds::{SaleName, commissions, named_sale};
use crate::app::Shared;
use crate::auth::VendorCaller;
use crate::error::Error;
use crate::http::Body;
use crate::remaining;
use crate::store::{Dispute, Sale, Tx};
use crate::time;
use crate::world::World;
use axum::Json;
use axum::extract::State;
use goodword_domain::dispute::{Status, Step, step};
use goodword_domain::event::EventKind;
use goodword_domain::id::{DisputeId, VendorId};
use goodword_domain::money::parse_amount;
use goodword_domain::time::Instant;
use goodword_wire::{DisputeInput, DisputeOutput, ErrorBody};

/// Report a dispute
///
/// Opened, it takes the commission back; won, it gives it back. The same again changes nothing, and an opening that is told
/// after the end neither.
#[utoipa::path(post, path = "/v1/track/dispute", tag = "track", request_body = DisputeInput,
    responses((status = 200, body = DisputeOutput), (status = "4XX", body = ErrorBody)))]
pub async fn track(
    State(app): State<Shared>,
    caller: VendorCaller,
    Body(input): Body<DisputeInput>,
) -> Result<Json<DisputeOutput>, Error> {
    let (world, real) = (app.world, app.world.now());
    let output = app.store.write(move |tx| {
        let now = find::now(tx, &caller.vendor, real)?;
        carry_out(tx, world, &caller.vendor, &input, now)
    });
    Ok(Json(output.await?))
}

/// Does what a report says, once. `now` is what the vendor's clock shows. What is refused has written nothing.
pub fn carry_out(
    tx: &mut Tx<'_>,
    world: World,
    vendor: &VendorId,
    input: &DisputeInput,
    now: Instant,
) -> Result<DisputeOutput, Error> {
    let external_id = find::text("disputeId", input.dispute_id.as_ref(), 255)?
        .ok_or_else(|| Error::field("disputeId", "is needed: send the processor's id of the dispute."))?;
    let told = input.status.as_deref().map_or(Ok(Status::Open), Status::parse)?;
    let at = time::event_time(input.timestamp.as_deref(), now)?;
    let sale = sale_of(tx, vendor, input)?;
    let known = tx.dispute(&sale.id, &external_id)?;
    match (step(known.as_ref().map(|d| d.status), told), known) {
        (Step::Nothing, Some(known)) => show(tx, &sale, &known),
        (Step::Contradicts, Some(known)) => Err(Error::Conflict(format!(
            "This dispute was {} already: a new one needs a `disputeId` of its own.",
            known.status.word()
        ))),
        (_, known) => {
            let dispute = match known {
                Some(known) => Dispute { status: told, closed_at: Some(at), ..known },
                None => opened(world, &sale, input, &external_id, told, at)?,
            };
            decided(tx, world, &sale, &dispute, at, now)
        }
    }
}

fn sale_of(tx: &mut Tx<'_>, vendor: &VendorId, input: &DisputeInput) -> Result<Sale, Error> {
    let name = SaleName {
        program: input.program_id.as_ref(),
        sale: input.sale_id.as_ref(),
        invoice: input.invoice_id.as_ref(),
        processor: input.payment_processor.as_ref(),
    };
    named_sale(tx, vendor, &name)
}

fn opened(
    world: World,
    sale: &Sale,
    input: &DisputeInput,
    external_id: &str,
    status: Status,
    at: Instant,
) -> Result<Dispute, Error> {
    let left = sale.amount - sale.gone();
    let amount = parse_amount("amount", input.amount.unwrap_or(left))?;
    if !(1..=left).contains(&amount) {
        let remedy = if left == 0 {
            "cannot be disputed: nothing of this sale remains.".to_owned()
        } else {
            format!("must be 1 to {left}, what remains of the sale in minor units; it is {amount}.")
        };
        return Err(Error::field("amount", remedy));
    }
    Ok(Dispute {
        id: DisputeId::from_bits(world.bits()),
        vendor: sale.vendor.clone(),
        sale: sale.id.clone(),
        external_id: external_id.to_owned(),
        amount,
        status,
        at,
        closed_at: (status != Status::Open).then_some(at),
    })
}

/// Saves a dispute and what it takes or gives back.
fn decided(
    tx: &mut Tx<'_>,
    world: World,
    sale: &Sale,
    dispute: &Dispute,
    at: Instant,
    now: Instant,
) -> Result<DisputeOutput, Error> {
    tx.save_dispute(dispute)?;
    tx.tell((&sale.vendor, &sale.program), EventKind::SaleDisputed, dispute.id.as_str())?;
    let disputed = tx.disputed(&sale.id)?;
    let after = Sale { disputed, ..sale.clone() };
    let sale = remaining::settle(tx, world, sale, after, at, now)?;
    show(tx, &sale, dispute)
}

fn show(tx: &mut Tx<'_>, sale: &Sale, dispute: &Dispute) -> Result<DisputeOutput, Error> {
    Ok(DisputeOutput {
        id: dispute.id.to_string(),
        sale_id: sale.id.to_string(),
        status: dispute.status.word().into(),
        amount: dispute.amount,
        currency: sale.currency.wire(),
        commissions: commissions(tx, sale)?,
    })
}
