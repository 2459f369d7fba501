//! Checkout sessions: who bought, and how he or she came. Where there is an invoice the sale comes with that.

use super::{codes_of, from_metadata, metadata, needed};
use crate::error::Error;
use crate::inbound::money::{Total, Unit};
use crate::inbound::said::{Act, Buyer, Says, Sold};
use crate::inbound::tree::Tree;
use goodword_domain::id::ClickId;
use goodword_wire::{SaleInput, SaleItem};

pub fn read(session: &Tree, at: Option<String>) -> Result<Says, Error> {
    let buyer = buyer(session);
    let customer = session.id("customer");
    let mut acts = Vec::new();
    let payment = session.id("payment_intent");
    if let Some(invoice) = session.id("invoice") {
        acts.push(Act::Buyer { name: invoice.clone(), buyer: buyer.clone() });
        acts.extend(payment.map(|name| Act::OrderName { name, order: invoice }));
        // Who the customer is becomes known by the first invoice: what comes later waits for that.
        return Ok(Says::Acts(acts));
    }
    if session.text("mode").as_deref() == Some("payment") {
        if session.text("payment_status").as_deref() == Some("unpaid") {
            return Ok(Says::Nothing(
                "Nothing is paid yet: `checkout.session.async_payment_succeeded` will tell.".into(),
            ));
        }
        let order = payment.map_or_else(|| needed(session, "id"), Ok)?;
        acts.push(Act::Sold(Box::new(Sold {
            order,
            input: SaleInput {
                timestamp: at,
                metadata: metadata(&[session.at("metadata")]),
                ..total(session)?
            },
            buyer: buyer.clone(),
            customer: customer.clone(),
            awaits: None,
        })));
    }
    acts.extend(customer.map(|name| Act::Buyer { name, buyer: buyer.identity() }));
    if acts.is_empty() {
        return Ok(Says::Nothing("Nothing is paid by this session.".into()));
    }
    Ok(Says::Acts(acts))
}

fn buyer(session: &Tree) -> Buyer {
    // What begins like a click's id is one; anything else is the vendor's own id of the person.
    let reference = session.text("client_reference_id");
    let is_click = reference.as_deref().is_some_and(|text| ClickId::parse(text).is_ok());
    let (click_id, external_id) = if is_click { (reference, None) } else { (None, reference) };
    let details = session.at("customer_details");
    let discounts = [session.at("discounts"), session.at("total_details.breakdown.discounts")];
    let discounts = discounts
        .into_iter()
        .flat_map(Tree::items)
        .flat_map(|item| [item, item.at("discount")].into_iter().flat_map(codes_of).collect::<Vec<_>>());
    let own = from_metadata(&[session.at("metadata")]);
    let codes = discounts.chain(own.codes.clone()).collect();
    let told = Buyer {
        external_id,
        email: details.text("email").or_else(|| session.text("customer_email")),
        name: details.text("name"),
        country: details.text("address.country"),
        click_id,
        codes,
    };
    Buyer { external_id: own.external_id.clone().or(told.external_id.clone()), ..told }.or(own)
}

fn total(session: &Tree) -> Result<SaleInput, Error> {
    let unit = Unit::stripe(&needed(session, "currency")?)?;
    let paid = session.whole("amount_total").ok_or_else(|| Error::field("amount_total", "is missing."))?;
    let paid = unit.exact(paid)?;
    let part = |path: &str| session.whole(path).map(|amount| unit.part(amount));
    let shipping = part("shipping_cost.amount_total").zip(part("shipping_cost.amount_tax"));
    let total = Total {
        whole: paid,
        tax: part("total_details.amount_tax").unwrap_or(0),
        shipping: shipping
            .map(|(total, tax)| total - tax)
            .or_else(|| part("total_details.amount_shipping"))
            .unwrap_or(0),
        discount: part("total_details.amount_discount").unwrap_or(0),
        items: items(session, unit),
    };
    Ok(total.sale(paid, unit.currency))
}

/// The articles, where whoever forwards the event has put them in.
fn items(session: &Tree, unit: Unit) -> Vec<SaleItem> {
    if session.is_true("line_items.has_more") {
        return Vec::new();
    }
    let item = |line: &Tree| SaleItem {
        product: line.at("price").id("product"),
        plan: line.id("price"),
        quantity: line.whole("quantity").filter(|n| *n > 0),
        amount: unit.part(line.whole("amount_total").unwrap_or(0) - line.whole("amount_tax").unwrap_or(0)),
    };
    session.at("line_items.data").items().iter().map(item).collect()
}
