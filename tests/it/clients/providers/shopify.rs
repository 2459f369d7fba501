//! Shopify: orders with 64-bit ids and two currencies, refunds, cancellations.

use super::{Job, Shop};
use serde_json::json;

fn job(body: String, topic: &str, id: &str) -> Job {
    Job::new("shopify", body).with(json!({ "topic": topic, "id": id }))
}

/// 119.00 with 19.00 tax (1.60 of it on shipping) and 8.40 shipping without it: 91.60 are shared, at 20 %.
#[test]
fn an_order_is_credited_by_its_code_and_counted_exactly() {
    let shop = Shop::open(json!({ "currency": "eur" }));
    let shopify = shop.connect("shopify", json!({ "shop": "Tea.myshopify.com" }));
    let order = shop.body("shopify/orders-paid");
    let jobs = [job(order.clone(), "orders/paid", "w1"), job(order, "orders/paid", "w2")];
    assert_eq!(shop.take(&shopify, &jobs), ["taken", "ignored"]);
    let sale = shop.sale(&shopify, "w1");
    assert_eq!(
        sale.sale.invoice_id.as_deref(),
        Some("9007199254740993"),
        "an id of 64 bits stays what it is"
    );
    assert_eq!((sale.sale.amount, sale.sale.currency.as_str()), (11_900, "eur"));
    assert_eq!(sale.customer.and_then(|c| c.external_id).as_deref(), Some("706405506930370084"));
    assert!(
        sale.touchpoints.iter().any(|t| t.kind == "code" && t.verdict == "credited"),
        "{:?}",
        sale.touchpoints
    );
    assert!(sale.touchpoints.iter().any(|t| t.kind == "click"), "the landing page told the click");
    assert_eq!(shop.vendor.commissions()[0].earnings, 1832);
}

#[test]
fn the_buyers_currency_where_that_is_wanted() {
    let shop = Shop::open(json!({}));
    let shopify = shop.connect("shopify", json!({ "money": "presentment" }));
    assert_eq!(shop.take(&shopify, &[job(shop.body("shopify/orders-paid"), "orders/paid", "w1")]), ["taken"]);
    let sale = shop.sale(&shopify, "w1");
    assert_eq!((sale.sale.amount, sale.sale.currency.as_str()), (13_090, "usd"));
}

#[test]
fn refunds_and_cancellations_in_any_order_leave_nothing() {
    for cancelled_first in [false, true] {
        let shop = Shop::open(json!({ "currency": "eur" }));
        let shopify = shop.connect("shopify", json!({}));
        let refund = job(shop.body("shopify/refunds-create"), "refunds/create", "w2");
        let cancelled = job(shop.body("shopify/orders-cancelled"), "orders/cancelled", "w3");
        let paid = job(shop.body("shopify/orders-paid"), "orders/paid", "w1");
        let jobs = if cancelled_first { [cancelled, refund, paid] } else { [paid, refund, cancelled] };
        shop.take(&shopify, &jobs);
        let sale = shop.sale(&shopify, "w1");
        assert_eq!(sale.sale.refunded, 11_900, "{cancelled_first}: {:?}", shop.events(&shopify));
        assert_eq!(shop.vendor.commissions()[0].earnings, 0);
        assert!(shop.events(&shopify).iter().all(|e| !matches!(e.outcome.as_str(), "waiting" | "failed")));
    }
}

/// The buyer paid in dollars, and the shop counts in euros: what was given back is read from the lines.
#[test]
fn a_refund_in_the_buyers_currency_is_counted_in_the_shops() {
    let shop = Shop::open(json!({ "currency": "eur" }));
    let shopify = shop.connect("shopify", json!({}));
    let refund = shop.body("shopify/refunds-create").replace(
        "\"amount\": \"54.50\",\n      \"currency\": \"EUR\"",
        "\"amount\": \"59.95\",\n      \"currency\": \"USD\"",
    );
    assert!(refund.contains("59.95\",\n      \"currency\": \"USD\""));
    let jobs =
        [job(shop.body("shopify/orders-paid"), "orders/paid", "w1"), job(refund, "refunds/create", "w2")];
    assert_eq!(shop.take(&shopify, &jobs), ["taken", "taken"]);
    assert_eq!(shop.sale(&shopify, "w1").sale.refunded, 6320, "54.50 and 8.70 tax");
}

/// The signature covers the body alone: a header may claim anything.
#[test]
fn a_body_under_another_topic_does_nothing() {
    let shop = Shop::open(json!({ "currency": "eur" }));
    let shopify = shop.connect("shopify", json!({ "shop": "tea.myshopify.com" }));
    let paid = shop.body("shopify/orders-paid");
    let jobs = [
        job(paid.clone(), "orders/paid", "w1"),
        job(paid.clone(), "orders/cancelled", "w2"),
        job(paid.clone(), "refunds/create", "w3"),
        Job::new("shopify", paid)
            .with(json!({ "topic": "orders/paid", "id": "w4", "shop": "other.myshopify.com" })),
    ];
    assert_eq!(shop.take(&shopify, &jobs), ["taken", "failed", "failed", "ignored"]);
    assert_eq!(shop.sale(&shopify, "w1").sale.refunded, 0);
}

#[test]
fn a_test_order_is_not_counted_live() {
    let shop = Shop::open(json!({}));
    let live = shop.server.live();
    let shopify = live.put("/v1/integrations/shopify", &json!({ "secrets": [super::SECRET] })).ok();
    let order = shop.body("shopify/orders-paid").replace("\"test\": false", "\"test\": true");
    assert_eq!(shop.take(&shopify, &[job(order, "orders/paid", "w1")]), ["ignored"]);
}
