//! Paid invoices: the sales of subscriptions, and of checkouts that make an invoice.

use super::{codes_of, from_metadata, instant, metadata, needed};
use crate::error::Error;
use crate::inbound::money::{Total, Unit};
use crate::inbound::said::{Act, Buyer, Says, Sold};
use crate::inbound::tree::Tree;
use goodword_wire::{SaleInput, SaleItem};

pub fn read(invoice: &Tree, at: Option<String>) -> Result<Says, Error> {
    let order = needed(invoice, "id")?;
    let unit = Unit::stripe(&needed(invoice, "currency")?)?;
    let paid = unit.exact(invoice.whole("amount_paid").unwrap_or(0))?;
    let all = metadata_of(invoice);
    let buyer = buyer(invoice, &all);
    let customer = invoice.id("customer");
    let timestamp = instant(invoice.whole("status_transitions.paid_at")).or(at);
    let mut acts: Vec<Act> =
        payments(invoice).map(|name| Act::OrderName { name, order: order.clone() }).collect();
    acts.push(Act::Sold(Box::new(Sold {
        awaits: awaits(invoice, &order, customer.as_ref(), &buyer),
        order,
        input: SaleInput {
            timestamp,
            metadata: metadata(&all),
            ..total(invoice, unit).sale(paid, unit.currency)
        },
        buyer,
        customer,
    })));
    Ok(Says::Acts(acts))
}

/// The invoice's own metadata, then its subscription's, where each version has it, then its first line's.
fn metadata_of(invoice: &Tree) -> Vec<&Tree> {
    let subscription = ["parent.subscription_details.metadata", "subscription_details.metadata"];
    let line = invoice.at("lines.data").items().first().map(|line| line.at("metadata"));
    let known = [invoice.at("metadata")].into_iter().chain(subscription.map(|path| invoice.at(path)));
    known.chain(line).collect()
}

fn buyer(invoice: &Tree, all: &[&Tree]) -> Buyer {
    let own = from_metadata(all);
    let discounts = [invoice.at("discount")].into_iter().chain(invoice.at("discounts").items());
    let codes = discounts.flat_map(codes_of).chain(own.codes.clone()).collect();
    Buyer {
        email: invoice.text("customer_email"),
        name: invoice.text("customer_name"),
        country: invoice.text("customer_address.country"),
        codes,
        ..own
    }
}

/// The payments of an invoice, where its version names them.
fn payments(invoice: &Tree) -> impl Iterator<Item = String> {
    let listed = invoice.at("payments.data").items().iter().map(|item| item.at("payment"));
    let listed = listed.flat_map(|payment| [payment.id("payment_intent"), payment.id("charge")]);
    [invoice.id("payment_intent"), invoice.id("charge")].into_iter().chain(listed).flatten()
}

/// The first invoice waits for its checkout session, and a later one for a first; unless it tells itself who and how.
fn awaits(invoice: &Tree, order: &str, customer: Option<&String>, buyer: &Buyer) -> Option<String> {
    if buyer.external_id.is_some() && buyer.came() {
        return None;
    }
    match invoice.text("billing_reason").as_deref() {
        Some("subscription_create" | "subscription" | "manual") | None => Some(order.to_owned()),
        Some(_) => customer.cloned(),
    }
}

fn total(invoice: &Tree, unit: Unit) -> Total {
    let sum = |path: &str| sum(invoice.at(path), unit);
    let taxes =
        [sum("total_taxes"), sum("total_tax_amounts"), invoice.whole("tax").map(|tax| unit.part(tax))];
    let cost = |field: &str| invoice.at("shipping_cost").whole(field).unwrap_or(0);
    Total {
        whole: unit.part(invoice.whole("total").unwrap_or(0)),
        tax: taxes.into_iter().flatten().next().unwrap_or(0),
        shipping: unit.part(cost("amount_total") - cost("amount_tax")),
        discount: sum("total_discount_amounts").unwrap_or(0),
        items: items(invoice, unit),
    }
}

/// The sum of the amounts of a list, if there is one.
fn sum(list: &Tree, unit: Unit) -> Option<i64> {
    let Tree::List(parts) = list else { return None };
    Some(unit.part(parts.iter().filter_map(|part| part.whole("amount")).sum()))
}

/// The articles. Where only some are told (the event holds ten), or some give back (a change of plan), none are.
fn items(invoice: &Tree, unit: Unit) -> Vec<SaleItem> {
    if invoice.is_true("lines.has_more") {
        return Vec::new();
    }
    invoice.at("lines.data").items().iter().map(|line| item(line, unit)).collect()
}

fn item(line: &Tree, unit: Unit) -> SaleItem {
    let sum_of = |path: &str, counts: &dyn Fn(&Tree) -> bool| -> i64 {
        let parts = line.at(path).items().iter().filter(|part| counts(part));
        parts.filter_map(|part| part.whole("amount")).sum()
    };
    let discounts = sum_of("discount_amounts", &|_| true);
    let inclusive =
        |tax: &Tree| tax.is_true("inclusive") || tax.text("tax_behavior").as_deref() == Some("inclusive");
    let included = sum_of("taxes", &inclusive) + sum_of("tax_amounts", &inclusive);
    let (new, old, plan) = (line.at("pricing.price_details"), line.at("price"), line.at("plan"));
    SaleItem {
        product: new.id("product").or_else(|| old.id("product")).or_else(|| plan.id("product")),
        plan: new.id("price").or_else(|| line.id("price")).or_else(|| line.id("plan")),
        quantity: line.whole("quantity").filter(|n| *n > 0),
        amount: unit.part(line.whole("amount").unwrap_or(0) - discounts - included),
    }
}
