//! Paddle's transactions and adjustments. Amounts are text of minor units.

use super::money::{Total, Unit};
use super::provider::Envelope;
use super::said::{Act, Buyer, Disputed, Refunded, Returned, Said, Says, Sold};
use super::tree::Tree;
use crate::error::Error;
use goodword_wire::{Metadata, SaleInput, SaleItem};

/// Names under which the vendor may have put these into `custom_data`.
const CLICK_KEYS: [&str; 4] = ["clickId", "click_id", "gw_click", "gw_id"];
const CODE_KEYS: [&str; 5] = ["code", "partnerCode", "partner_code", "via", "ref"];
const CUSTOMER_KEYS: [&str; 4] = ["customerExternalId", "customer_external_id", "userId", "user_id"];
const EMAIL_KEYS: [&str; 3] = ["customerEmail", "customer_email", "email"];

/// Reads an event.
pub fn read(event: &Envelope<'_>) -> Result<Said, Error> {
    let tree = event.tree;
    let (Some(event_id), Some(kind)) = (tree.text("event_id"), tree.text("event_type")) else {
        let remedy = "This is no event of Paddle's: `event_id` or `event_type` is missing.";
        return Err(Error::BadRequest(remedy.into()));
    };
    let (data, at) = (tree.at("data"), tree.text("occurred_at"));
    let says = match kind.as_str() {
        "transaction.completed" => completed(data, at),
        "adjustment.created" | "adjustment.updated" => adjusted(data, at),
        "discount.created" | "discount.updated" | "discount.imported" => Ok(discount(data)),
        _ => Ok(Says::Unknown),
    };
    Ok(Said { event_id, kind, says: says.unwrap_or_else(|refusal| Says::Unreadable(refusal.to_string())) })
}

fn needed(object: &Tree, field: &'static str) -> Result<String, Error> {
    object.text(field).ok_or_else(|| Error::field(field, "is missing."))
}

fn completed(transaction: &Tree, at: Option<String>) -> Result<Says, Error> {
    let order = needed(transaction, "id")?;
    let unit = Unit::iso(&needed(transaction, "currency_code")?)?;
    let totals = transaction.at("details.totals");
    let amount = |field: &'static str| totals.whole(field).unwrap_or(0);
    let Some(whole) = totals.whole("total") else {
        return Err(Error::field("details.totals.total", "is missing."));
    };
    // What a credit has covered was not paid.
    let paid = totals.whole("grand_total").unwrap_or(whole).min(whole);
    let total = Total {
        whole,
        tax: amount("tax"),
        shipping: 0,
        discount: amount("discount"),
        items: transaction.at("details.line_items").items().iter().map(item).collect(),
    };
    let data = transaction.at("custom_data");
    let input = SaleInput {
        timestamp: transaction.text("billed_at").or(at),
        metadata: metadata(data),
        ..total.sale(paid, unit.currency)
    };
    let customer = transaction.text("customer_id");
    let buyer = buyer(transaction, data);
    Ok(Says::Acts(vec![Act::Sold(Box::new(Sold { order, input, buyer, customer, awaits: None }))]))
}

fn item(line: &Tree) -> SaleItem {
    let amount = |field: &str| line.at("totals").whole(field).unwrap_or(0);
    SaleItem {
        product: line.text("product.id"),
        plan: line.text("price_id"),
        quantity: line.whole("quantity").filter(|n| *n > 0),
        amount: amount("total") - amount("tax"),
    }
}

fn buyer(transaction: &Tree, data: &Tree) -> Buyer {
    let first = |keys: &[&str]| keys.iter().find_map(|key| data.text(key));
    Buyer {
        external_id: first(&CUSTOMER_KEYS),
        email: first(&EMAIL_KEYS),
        name: None,
        country: transaction.text("address.country_code"),
        click_id: first(&CLICK_KEYS),
        codes: transaction.text("discount_id").into_iter().chain(first(&CODE_KEYS)).collect(),
    }
}

fn metadata(data: &Tree) -> Option<Metadata> {
    let words = data.fields().filter_map(|(key, value)| Some((key.clone(), value.word()?.into())));
    let found: Metadata = words.collect();
    (!found.is_empty()).then_some(found)
}

fn adjusted(adjustment: &Tree, at: Option<String>) -> Result<Says, Error> {
    let (id, action) = (needed(adjustment, "id")?, needed(adjustment, "action")?);
    let order = needed(adjustment, "transaction_id")?;
    let unit = Unit::iso(&needed(adjustment, "currency_code")?)?;
    let status = needed(adjustment, "status")?;
    let amount = adjustment.at("totals").whole("total").map(i64::abs);
    match (action.as_str(), status.as_str()) {
        (_, "pending_approval") => Ok(Says::Nothing("Paddle has not approved it yet.".into())),
        (_, "rejected") => Ok(Says::Nothing("Paddle has rejected it.".into())),
        ("refund", "approved") => {
            let amount = amount.ok_or_else(|| Error::field("totals.total", "is missing."))?;
            let amount = Returned::One { id, amount };
            let currency = Some(unit.currency.wire());
            Ok(Says::Acts(vec![Act::Refunded(Refunded { orders: vec![order], amount, currency, at })]))
        }
        ("refund", "reversed") => Ok(Says::Unreadable(
            "A refund was reversed after it was counted: nothing gives it back by itself. Pay the partner by a bonus.".into(),
        )),
        ("chargeback", "reversed") | ("chargeback_reverse", "approved") => {
            Ok(dispute(order, None, unit, "won", at))
        }
        ("chargeback", "approved") => Ok(dispute(order, amount, unit, "open", at)),
        _ => Ok(Says::Nothing(format!("An adjustment of the kind `{action}` gives no money back."))),
    }
}

/// The adjustment that ends a chargeback has an id of its own; so the transaction's names it.
fn dispute(order: String, amount: Option<i64>, unit: Unit, status: &'static str, at: Option<String>) -> Says {
    let (id, currency) = (format!("chargeback:{order}"), Some(unit.currency.wire()));
    Says::Acts(vec![Act::Disputed(Disputed { id, orders: vec![order], amount, currency, status, at })])
}

fn discount(discount: &Tree) -> Says {
    match (discount.text("id"), discount.text("code")) {
        (Some(name), Some(code)) => Says::Acts(vec![Act::CodeName { name, code }]),
        _ => Says::Nothing("It has no code.".into()),
    }
}
