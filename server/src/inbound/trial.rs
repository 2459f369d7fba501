//! An event read without carrying it out: what it says, in the words of `/v1/track/*`.

use super::provider::{Envelope, Headers, Options, Provider};
use super::said::{Act, Buyer, Returned, Says};
use super::tree::Tree;
use crate::error::Error;
use crate::hash;
use goodword_wire::{DisputeInput, InboundTrial, RefundInput, SaleInput};
use serde::Serialize;
use serde_json::{Value, json};

/// Reads an event and tells what it would report.
pub fn try_out(
    provider: Provider,
    options: &Options,
    body: &str,
    headers: &Headers,
    test: bool,
) -> Result<InboundTrial, Error> {
    let tree = Tree::read(body)?;
    let hash = hash::sha256(body);
    let said = provider.read(&Envelope { tree: &tree, headers, options, test, hash: &hash })?;
    let (ignored, reports) = match said.says {
        Says::Unknown => (Some(format!("Events of the type `{}` mean nothing here.", said.kind)), Vec::new()),
        Says::Nothing(reason) => (Some(reason), Vec::new()),
        Says::Unreadable(reason) => return Err(Error::BadRequest(reason)),
        Says::Acts(acts) => {
            let processor = provider.processor(options);
            (None, acts.iter().map(|act| told(act, &processor)).collect::<Result<_, _>>()?)
        }
    };
    Ok(InboundTrial { event_id: said.event_id, r#type: said.kind, ignored, reports })
}

fn told(act: &Act, processor: &str) -> Result<Value, Error> {
    let processor = Some(processor.to_owned());
    match act {
        Act::OrderName { name, order } => Ok(json!({ "note": { "order": order, "isAlsoCalled": name } })),
        Act::CodeName { name, code } => Ok(json!({ "note": { "code": code, "isAlsoCalled": name } })),
        Act::Buyer { name, buyer } => {
            let mut shown = record("note", &as_sale(buyer, SaleInput::default()))?;
            shown["note"]["buyerOf"] = json!(name);
            Ok(shown)
        }
        Act::Sold(sold) => {
            let input = as_sale(&sold.buyer, sold.input.clone());
            let invoice_id = Some(sold.order.clone());
            let mut shown = record("sale", &SaleInput { payment_processor: processor, invoice_id, ..input })?;
            if sold.buyer.codes.len() > 1 {
                shown["sale"]["code"] = json!(sold.buyer.codes);
            }
            Ok(shown)
        }
        Act::Refunded(refunded) => {
            let (id, amount) = match &refunded.amount {
                Returned::One { id, amount } => (id.clone(), Some(*amount)),
                Returned::UpToNow { payment, amount } => (payment.clone(), Some(*amount)),
                Returned::Rest { id } => (id.clone(), None),
            };
            record(
                "refund",
                &RefundInput {
                    invoice_id: refunded.orders.first().cloned(),
                    payment_processor: processor,
                    refund_id: Some(id),
                    amount,
                    currency: refunded.currency.clone(),
                    timestamp: refunded.at.clone(),
                    ..RefundInput::default()
                },
            )
        }
        Act::Disputed(disputed) => record(
            "dispute",
            &DisputeInput {
                invoice_id: disputed.orders.first().cloned(),
                payment_processor: processor,
                dispute_id: Some(disputed.id.clone()),
                status: Some(disputed.status.into()),
                amount: disputed.amount,
                timestamp: disputed.at.clone(),
                ..DisputeInput::default()
            },
        ),
    }
}

fn as_sale(buyer: &Buyer, input: SaleInput) -> SaleInput {
    SaleInput {
        customer_external_id: buyer.external_id.clone(),
        customer_email: buyer.email.clone(),
        customer_name: buyer.name.clone(),
        country: buyer.country.clone(),
        click_id: buyer.click_id.clone(),
        code: buyer.codes.first().cloned(),
        ..input
    }
}

fn record(kind: &str, input: &impl Serialize) -> Result<Value, Error> {
    let input = serde_json::to_value(input).map_err(|e| Error::internal(e.to_string()))?;
    Ok(json!({ kind: input }))
}
