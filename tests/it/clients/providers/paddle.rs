//! Paddle: transactions, refunds once they are approved, chargebacks and their reversal.

use super::{Job, Shop};
use serde_json::json;

#[test]
fn a_transaction_its_refund_and_its_chargeback() {
    let shop = Shop::open(json!({}));
    let paddle = shop.connect("paddle", json!({}));
    let job = |name: &str| Job::new("paddle", shop.body(&format!("paddle/{name}")));
    // The refund comes first, and waits.
    let jobs = [
        job("adjustment.created.refund"),
        job("adjustment.updated.refund"),
        job("transaction.completed"),
        job("transaction.completed"),
    ];
    assert_eq!(shop.take(&paddle, &jobs), ["ignored", "waiting", "taken", "taken"]);
    let sale = shop.sale(&paddle, "evt_01hv8x2axyb5zqkqd3mjtqv0rk");
    assert_eq!((sale.sale.amount, sale.sale.refunded, sale.credited), (11_900, 2975, true));
    assert_eq!(sale.sale.invoice_id.as_deref(), Some("txn_01hv8wptq8987qeep44cyrewp9"));
    // 20 % of 100.00 net, of which three quarters remain.
    let earnings = || shop.vendor.commissions()[0].earnings;
    assert_eq!(earnings(), 1500);
    assert_eq!(shop.take(&paddle, &[job("adjustment.created.chargeback")]), ["taken"]);
    assert_eq!(earnings(), 0);
    assert_eq!(shop.take(&paddle, &[job("adjustment.created.chargeback_reverse")]), ["taken"]);
    assert_eq!(earnings(), 1500);
}

#[test]
fn a_discount_names_the_partner() {
    let shop = Shop::open(json!({}));
    let paddle = shop.connect("paddle", json!({ "codes": { "dsc_01": "MAYA27" } }));
    let text = shop
        .body("paddle/transaction.completed")
        .replace("\"discount_id\": null", "\"discount_id\": \"dsc_01\"");
    let text = text.replace(&shop.click, "clk_unknown");
    assert_eq!(shop.take(&paddle, &[Job::new("paddle", text)]), ["taken"]);
    let sale = shop.sale(&paddle, "evt_01hv8x2axyb5zqkqd3mjtqv0rk");
    assert!(sale.touchpoints.iter().any(|t| t.kind == "code" && t.verdict == "credited"), "{sale:?}");
}
