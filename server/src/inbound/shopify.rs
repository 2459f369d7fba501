//! Shopify's orders and refunds. The signature covers the body alone, so that what a header claims must be borne out by the body.

use super::money::{Total, decimal};
use super::provider::Envelope;
use super::said::{Act, Buyer, Refunded, Returned, Said, Says, Sold};
use super::tree::Tree;
use crate::error::Error;
use goodword_domain::id::ClickId;
use goodword_domain::money::Currency;
use goodword_wire::{Metadata, SaleInput, SaleItem};

/// The headers that are part of what it says.
pub const HEADERS: [&str; 3] = ["x-shopify-topic", "x-shopify-webhook-id", "x-shopify-shop-domain"];

/// Attributes of a cart under which a theme or an app may have put these.
const CLICK_NAMES: [&str; 4] = ["gw_click", "gw_id", "clickId", "click_id"];
const CODE_NAMES: [&str; 5] = ["gw_code", "goodword_code", "code", "via", "ref"];
const CUSTOMER_NAMES: [&str; 2] = ["customerExternalId", "customer_external_id"];

/// Reads an event.
pub fn read(event: &Envelope<'_>) -> Result<Said, Error> {
    let header = |name: &str| event.headers.get(name).cloned();
    let Some(kind) = header("x-shopify-topic") else {
        return Err(Error::BadRequest("The header X-Shopify-Topic is missing.".into()));
    };
    let event_id = header("x-shopify-webhook-id").unwrap_or_else(|| format!("{kind}:{}", event.hash));
    let shop = header("x-shopify-shop-domain");
    let says = match (&event.options.shop, shop) {
        (Some(ours), told) if told.as_ref() != Some(ours) => {
            Says::Nothing(format!("It is not from the shop {ours}."))
        }
        _ => said(&kind, event).unwrap_or_else(|refusal| Says::Unreadable(refusal.to_string())),
    };
    Ok(Said { event_id, kind, says })
}

fn said(kind: &str, event: &Envelope<'_>) -> Result<Says, Error> {
    let money = Money { presentment: event.options.money.as_deref() == Some("presentment") };
    match kind {
        "orders/paid" | "orders/cancelled" if event.tree.is_true("test") && !event.test => {
            Ok(Says::Nothing("It is a test order, and this is the live address.".into()))
        }
        "orders/paid" => paid(event.tree, money),
        "orders/cancelled" => cancelled(event.tree),
        "refunds/create" => refunded(event.tree, money),
        _ => Ok(Says::Unknown),
    }
}

/// In which of its two currencies an order is counted.
#[derive(Clone, Copy)]
struct Money {
    presentment: bool,
}

impl Money {
    /// The amount of a field: of its pair of currencies where there is one, else as it stands.
    fn of(self, object: &Tree, field: &'static str, currency: Currency) -> Result<i64, Error> {
        let side = if self.presentment { "presentment_money" } else { "shop_money" };
        let in_set = object.text(&format!("{field}_set.{side}.amount"));
        let text = in_set.or_else(|| object.text(field));
        text.map_or(Ok(0), |text| decimal(currency, field, &text))
    }

    fn currency(self, order: &Tree) -> Result<Currency, Error> {
        let presented = order.text("presentment_currency").filter(|_| self.presentment);
        let code = presented.or_else(|| order.text("currency"));
        Ok(Currency::parse(&code.ok_or_else(|| Error::field("currency", "is missing."))?)?)
    }
}

fn id(object: &Tree, field: &'static str) -> Result<String, Error> {
    let id = object.text(field).filter(|id| id.bytes().all(|b| b.is_ascii_digit()));
    id.ok_or_else(|| Error::field(field, "is no number of Shopify's."))
}

fn paid(order: &Tree, money: Money) -> Result<Says, Error> {
    let number = id(order, "id")?;
    if !matches!(order.at("line_items"), Tree::List(_)) {
        return Err(Error::field("line_items", "is missing: this is no order."));
    }
    let status = order.text("financial_status");
    if matches!(status.as_deref(), Some("pending" | "authorized" | "voided" | "partially_paid" | "expired")) {
        return Ok(Says::Nothing("The order is not paid.".into()));
    }
    let currency = money.currency(order)?;
    let whole = money.of(order, "total_price", currency)?;
    let shipping = shipping(order, money, currency)?;
    let total = Total {
        whole,
        tax: money.of(order, "total_tax", currency)?,
        shipping,
        discount: money.of(order, "total_discounts", currency)?,
        items: items(order, money, currency)?,
    };
    let timestamp = order.text("processed_at").or_else(|| order.text("created_at"));
    Ok(Says::Acts(vec![Act::Sold(Box::new(Sold {
        order: number,
        input: SaleInput { timestamp, metadata: metadata(order), ..total.sale(whole, currency) },
        buyer: buyer(order),
        customer: order.text("customer.id"),
        awaits: None,
    }))]))
}

/// Shipping without the tax on it, which is part of the order's tax.
fn shipping(order: &Tree, money: Money, currency: Currency) -> Result<i64, Error> {
    let side = if money.presentment { "presentment_money" } else { "shop_money" };
    let told = order.text(&format!("total_shipping_price_set.{side}.amount"));
    let mut shipping = told.map_or(Ok(0), |text| decimal(currency, "total_shipping_price", &text))?;
    if order.is_true("taxes_included") {
        for tax in order.at("shipping_lines").items().iter().flat_map(|line| line.at("tax_lines").items()) {
            shipping -= money.of(tax, "price", currency)?;
        }
    }
    Ok(shipping)
}

fn items(order: &Tree, money: Money, currency: Currency) -> Result<Vec<SaleItem>, Error> {
    let included = order.is_true("taxes_included");
    let item = |line: &Tree| {
        let quantity = line.whole("quantity").unwrap_or(1);
        let mut amount = money.of(line, "price", currency)?.saturating_mul(quantity);
        for discount in line.at("discount_allocations").items() {
            amount -= money.of(discount, "amount", currency)?;
        }
        for tax in line.at("tax_lines").items().iter().filter(|_| included) {
            amount -= money.of(tax, "price", currency)?;
        }
        let quantity = Some(quantity).filter(|n| *n > 0);
        Ok(SaleItem { product: line.text("product_id"), plan: line.text("sku"), quantity, amount })
    };
    order.at("line_items").items().iter().map(item).collect()
}

fn buyer(order: &Tree) -> Buyer {
    let attribute = |names: &[&str]| {
        let named = |name: &&str| {
            let mut all = order.at("note_attributes").items().iter();
            all.find(|item| item.text("name").is_some_and(|told| told.trim_start_matches('_') == *name))?
                .text("value")
        };
        names.iter().find_map(named)
    };
    let landed = Landing::of(order.text("landing_site").as_deref());
    let click_id = attribute(&CLICK_NAMES).or(landed.click);
    let typed = order.at("discount_codes").items().iter().filter_map(|code| code.text("code"));
    let mut codes: Vec<String> = typed.chain(attribute(&CODE_NAMES)).collect();
    // A link without a click's id still names the partner; with one the click says more.
    codes.extend(landed.code.filter(|_| click_id.is_none()));
    let (first, last) = (order.text("customer.first_name"), order.text("customer.last_name"));
    let name: Vec<String> = first.into_iter().chain(last).collect();
    let country = ["billing_address.country_code", "shipping_address.country_code"];
    Buyer {
        external_id: attribute(&CUSTOMER_NAMES).or_else(|| order.text("customer.id")),
        email: order
            .text("email")
            .or_else(|| order.text("contact_email"))
            .or_else(|| order.text("customer.email")),
        name: (!name.is_empty()).then(|| name.join(" ")),
        country: country.iter().find_map(|path| order.text(path)),
        click_id,
        codes,
    }
}

/// What the address of the first page says.
#[derive(Default)]
struct Landing {
    click: Option<String>,
    code: Option<String>,
}

impl Landing {
    fn of(site: Option<&str>) -> Self {
        let query = site.and_then(|site| site.split_once('?')).map_or("", |(_, query)| query);
        let query = query.split('#').next().unwrap_or_default();
        let mut landed = Self::default();
        for (key, value) in url::form_urlencoded::parse(query.as_bytes()) {
            match key.as_ref() {
                "gw_id" if ClickId::parse(&value).is_ok() => landed.click = Some(value.into_owned()),
                "via" | "ref" | "gw" if landed.code.is_none() => landed.code = Some(value.into_owned()),
                _ => {}
            }
        }
        landed
    }
}

fn metadata(order: &Tree) -> Option<Metadata> {
    let mut found = Metadata::new();
    for (key, path) in [("orderName", "name"), ("source", "source_name"), ("tags", "tags")] {
        found.extend(order.text(path).map(|word| (key.to_owned(), word.into())));
    }
    (!found.is_empty()).then_some(found)
}

fn cancelled(order: &Tree) -> Result<Says, Error> {
    let number = id(order, "id")?;
    let Some(at) = order.text("cancelled_at") else {
        return Err(Error::field("cancelled_at", "is missing: this order is not cancelled."));
    };
    if matches!(
        order.text("financial_status").as_deref(),
        Some("pending" | "authorized" | "voided" | "expired")
    ) {
        return Ok(Says::Nothing("The order was never paid.".into()));
    }
    let amount = Returned::Rest { id: format!("cancelled:{number}") };
    Ok(Says::Acts(vec![Act::Refunded(Refunded {
        orders: vec![number],
        amount,
        currency: None,
        at: Some(at),
    })]))
}

fn refunded(refund: &Tree, money: Money) -> Result<Says, Error> {
    let (number, order) = (id(refund, "id")?, id(refund, "order_id")?);
    let is_counted = |t: &&Tree| {
        t.text("kind").as_deref() == Some("refund") && t.text("status").as_deref() == Some("success")
    };
    let transactions: Vec<&Tree> = refund.at("transactions").items().iter().filter(is_counted).collect();
    let Some(first) = transactions.first() else {
        return Ok(Says::Nothing("No money was given back by it.".into()));
    };
    let paid_in = Currency::parse(&first.text("currency").unwrap_or_default())?;
    let counted_in = counted_in(refund, money)?.unwrap_or(paid_in);
    let amount = if counted_in == paid_in {
        let amounts = transactions.iter().map(|t| money_of_transaction(t, paid_in));
        amounts.sum::<Result<i64, Error>>()?
    } else {
        by_lines(refund, money, counted_in)?
    };
    if amount <= 0 {
        return Ok(Says::Nothing("No money was given back by it.".into()));
    }
    Ok(Says::Acts(vec![Act::Refunded(Refunded {
        orders: vec![order],
        amount: Returned::One { id: number, amount },
        currency: Some(counted_in.wire()),
        at: refund.text("processed_at").or_else(|| refund.text("created_at")),
    })]))
}

fn money_of_transaction(transaction: &Tree, currency: Currency) -> Result<i64, Error> {
    let text = transaction.text("amount").ok_or_else(|| Error::field("amount", "is missing."))?;
    decimal(currency, "amount", &text)
}

/// The currency in which the order is counted, where the refund tells it.
fn counted_in(refund: &Tree, money: Money) -> Result<Option<Currency>, Error> {
    let side = if money.presentment { "presentment_money" } else { "shop_money" };
    let lines = refund.at("refund_line_items").items().iter().map(|line| line.at("subtotal_set"));
    let adjustments = refund.at("order_adjustments").items().iter().map(|line| line.at("amount_set"));
    let mut codes = lines.chain(adjustments).filter_map(|set| set.text(&format!("{side}.currency_code")));
    Ok(codes.next().map(|code| Currency::parse(&code)).transpose()?)
}

/// What was given back in the shop's currency where the buyer paid in another: by lines, and by what was adjusted.
fn by_lines(refund: &Tree, money: Money, currency: Currency) -> Result<i64, Error> {
    let mut sum = 0;
    for line in refund.at("refund_line_items").items() {
        sum += money.of(line, "subtotal", currency)? + money.of(line, "total_tax", currency)?;
    }
    // Adjustments are told as changes of what the order comes to: shipping given back is negative.
    for line in refund.at("order_adjustments").items() {
        sum -= money.of(line, "amount", currency)? + money.of(line, "tax_amount", currency)?;
    }
    Ok(sum)
}
