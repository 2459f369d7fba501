//! Stripe's events. What is read is there in every API version since 2019, or in the place where a version has put it.

mod invoice;
mod session;

use super::money::Unit;
use super::provider::Envelope;
use super::said::{Act, Buyer, Disputed, Refunded, Returned, Said, Says};
use super::tree::Tree;
use crate::error::Error;
use crate::time::show_seconds;
use goodword_wire::Metadata;

/// Names under which the vendor may have put these into `metadata`.
const CLICK_KEYS: [&str; 5] = ["clickId", "click_id", "gw_click", "gw_id", "goodword_click_id"];
const CODE_KEYS: [&str; 6] = ["code", "partnerCode", "partner_code", "via", "ref", "goodword_code"];
const CUSTOMER_KEYS: [&str; 4] = ["customerExternalId", "customer_external_id", "userId", "user_id"];

/// Reads an event.
pub fn read(event: &Envelope<'_>) -> Result<Said, Error> {
    let tree = event.tree;
    let (Some(event_id), Some(kind)) = (tree.text("id"), tree.text("type")) else {
        return Err(Error::BadRequest("This is no event of Stripe's: `id` or `type` is missing.".into()));
    };
    let says =
        if tree.is_true("livemode") == event.test { wrong_mode(event.test) } else { said(&kind, tree) };
    Ok(Said { event_id, kind, says })
}

fn wrong_mode(test: bool) -> Says {
    let (this, other) = if test { ("live", "sandbox's") } else { ("test", "live") };
    Says::Nothing(format!("It is a {this} event, and this is the {other} address."))
}

fn said(kind: &str, tree: &Tree) -> Says {
    let object = tree.at("data.object");
    let at = instant(tree.whole("created"));
    let says = match kind {
        "checkout.session.completed" | "checkout.session.async_payment_succeeded" => {
            session::read(object, at)
        }
        "invoice.paid" => invoice::read(object, at),
        "invoice_payment.paid" => Ok(invoice_payment(object)),
        "charge.refunded" => refunded(object, at),
        "charge.dispute.created"
        | "charge.dispute.updated"
        | "charge.dispute.closed"
        | "charge.dispute.funds_withdrawn"
        | "charge.dispute.funds_reinstated" => disputed(object, at),
        "promotion_code.created" | "promotion_code.updated" => Ok(promotion_code(object)),
        "customer.subscription.deleted" => Ok(Says::Nothing(
            "A subscription has ended: it earns nothing more, and what was earned stays.".into(),
        )),
        "refund.failed" => Ok(refund_failed()),
        "refund.created" | "refund.updated" | "charge.refund.updated" => {
            Ok(match object.text("status").as_deref() {
                Some("failed" | "canceled") => refund_failed(),
                _ => Says::Nothing("What is given back is read from `charge.refunded`.".into()),
            })
        }
        "invoice.payment_succeeded" => Ok(Says::Nothing("Sales are read from `invoice.paid`.".into())),
        _ => Ok(Says::Unknown),
    };
    says.unwrap_or_else(|refusal| Says::Unreadable(refusal.to_string()))
}

fn refund_failed() -> Says {
    Says::Unreadable(
        "A refund has failed after it was counted: nothing gives it back by itself. Pay the partner by a bonus.".into(),
    )
}

/// Seconds, as RFC 3339 without a fraction.
fn instant(seconds: Option<i64>) -> Option<String> {
    seconds.filter(|seconds| *seconds > 0).and_then(show_seconds)
}

/// An invoice has been paid by this payment: since 2025 neither names the other.
fn invoice_payment(object: &Tree) -> Says {
    let payment = object.at("payment");
    let names = [payment.id("payment_intent"), payment.id("charge")];
    let Some(order) = object.id("invoice") else { return Says::Nothing("It names no invoice.".into()) };
    Says::Acts(
        names.into_iter().flatten().map(|name| Act::OrderName { name, order: order.clone() }).collect(),
    )
}

/// By the sum so far: the events' single refunds are not in all versions, and come in any order.
fn refunded(charge: &Tree, at: Option<String>) -> Result<Says, Error> {
    let unit = Unit::stripe(&needed(charge, "currency")?)?;
    let id = needed(charge, "id")?;
    let amount = unit.exact(charge.whole("amount_refunded").unwrap_or(0))?;
    let orders = [charge.id("invoice"), charge.id("payment_intent"), Some(id.clone())];
    Ok(Says::Acts(vec![Act::Refunded(Refunded {
        orders: orders.into_iter().flatten().collect(),
        amount: Returned::UpToNow { payment: id, amount },
        currency: Some(unit.currency.wire()),
        at,
    })]))
}

fn disputed(dispute: &Tree, at: Option<String>) -> Result<Says, Error> {
    let status = match needed(dispute, "status")?.as_str() {
        "won" => "won",
        "lost" => "lost",
        "prevented" => return Ok(Says::Nothing("The dispute was prevented, and nothing was taken.".into())),
        inquiry if inquiry.starts_with("warning_") => {
            return Ok(Says::Nothing("It is an inquiry, for which the bank takes nothing.".into()));
        }
        _ => "open",
    };
    let unit = Unit::stripe(&needed(dispute, "currency")?)?;
    let orders = [dispute.id("payment_intent"), dispute.id("charge")];
    Ok(Says::Acts(vec![Act::Disputed(Disputed {
        id: needed(dispute, "id")?,
        orders: orders.into_iter().flatten().collect(),
        amount: dispute.whole("amount").map(|amount| unit.exact(amount)).transpose()?,
        currency: Some(unit.currency.wire()),
        status,
        at,
    })]))
}

fn promotion_code(object: &Tree) -> Says {
    match (object.text("id"), object.text("code")) {
        (Some(name), Some(code)) => Says::Acts(vec![Act::CodeName { name, code }]),
        _ => Says::Nothing("It names no code.".into()),
    }
}

fn needed(object: &Tree, field: &'static str) -> Result<String, Error> {
    object.id(field).ok_or_else(|| Error::field(field, "is missing."))
}

/// What the vendor has put into metadata, of several objects the first that has it.
fn from_metadata(all: &[&Tree]) -> Buyer {
    let first =
        |keys: &[&str]| all.iter().find_map(|metadata| keys.iter().find_map(|key| metadata.text(key)));
    Buyer {
        external_id: first(&CUSTOMER_KEYS),
        click_id: first(&CLICK_KEYS),
        codes: first(&CODE_KEYS).into_iter().collect(),
        ..Buyer::default()
    }
}

/// Metadata for the sale: texts alone, of several objects the first that has a key.
fn metadata(all: &[&Tree]) -> Option<Metadata> {
    let mut found = Metadata::new();
    for (key, value) in all.iter().flat_map(|tree| tree.fields()) {
        if let Some(word) = value.word() {
            found.entry(key.clone()).or_insert_with(|| word.into());
        }
    }
    (!found.is_empty()).then_some(found)
}

/// The codes of a discount, by text, then by id: of the promotion code, then of the coupon, which a vendor may name as the
/// partner's code is.
fn codes_of(discount: &Tree) -> Vec<String> {
    let promotion = discount.at("promotion_code");
    let coupons = [discount.at("coupon"), discount.at("source.coupon")];
    let of_coupons = coupons.into_iter().flat_map(|coupon| [coupon.word(), coupon.text("id")]);
    [promotion.text("code"), promotion.word(), promotion.text("id")]
        .into_iter()
        .chain(of_coupons)
        .flatten()
        .collect()
}
