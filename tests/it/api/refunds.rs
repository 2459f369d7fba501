//! Refunds: after any series of them the commission is the one on what remains.

use crate::harness::{Client, Server};
use goodword_wire::{RefundOutput, SaleOutput};
use serde_json::{Value, json};

/// A program of 20 % with a sale of 78.00.
fn shop(server: &Server) -> Client {
    let shop = server.test();
    shop.freeze("2026-03-01T09:00:00.000Z");
    shop.program(json!({}));
    shop.partner("MAYA10");
    shop.sale(json!({ "customerExternalId": "u-1", "amount": 7800, "code": "MAYA10", "invoiceId": "in_1" }));
    shop
}

fn refund(shop: &Client, id: &str, amount: Option<i64>) -> RefundOutput {
    shop.refund(json!({ "invoiceId": "in_1", "refundId": id, "amount": amount }))
}

fn earnings(output: &RefundOutput) -> (i64, &str) {
    let commission = output.commission.as_ref().expect("a commission");
    (commission.earnings, commission.status.as_str())
}

fn transfers(shop: &Client) -> Vec<(String, i64)> {
    shop.transfers().into_iter().rev().map(|t| (t.kind, t.amount)).collect()
}

/// Our own arithmetic: 78.00 sale, 20 % = 15.60 held. Refund 19.50 → 11.70; then 19.50 more → 7.80
/// (cumulative, no compounding); then the rest → 0. The same refund id again: nothing.
#[test]
fn before_the_release() {
    let server = Server::start();
    let shop = shop(&server);
    let first = refund(&shop, "re_1", Some(1950));
    assert_eq!(earnings(&first), (1170, "pending"));
    assert_eq!(earnings(&refund(&shop, "re_2", Some(1950))), (780, "pending"));
    assert_eq!(refund(&shop, "re_1", Some(1950)), first, "the first answer again");
    let rest = refund(&shop, "re_3", None);
    assert_eq!((rest.amount, rest.remaining), (3900, 0));
    assert_eq!(earnings(&rest), (0, "refunded"));
    let expected = [("hold", 1560), ("take_back", 390), ("take_back", 390), ("take_back", 780)];
    assert_eq!(transfers(&shop), expected.map(|(kind, amount)| (kind.to_owned(), amount)));
    shop.clock(json!({ "advanceDays": 31 }));
    assert_eq!(shop.commissions()[0].status, "refunded", "nothing is left to release");
    assert!(shop.ledger().accounts.iter().all(|a| a.balance == 0));
}

/// Our own arithmetic: the same after the release: −3.90, −3.90, −7.80.
#[test]
fn after_the_release() {
    let server = Server::start();
    let shop = shop(&server);
    shop.clock(json!({ "advanceDays": 30 }));
    assert_eq!(earnings(&refund(&shop, "re_1", Some(1950))), (1170, "processed"));
    assert_eq!(earnings(&refund(&shop, "re_2", Some(1950))), (780, "processed"));
    assert_eq!(earnings(&refund(&shop, "re_3", Some(3900))), (0, "refunded"));
    let expected =
        [("hold", 1560), ("release", 1560), ("take_back", 390), ("take_back", 390), ("take_back", 780)];
    assert_eq!(transfers(&shop), expected.map(|(kind, amount)| (kind.to_owned(), amount)));
    let payable = shop.ledger().accounts.into_iter().find(|a| a.kind == "payable").expect("an account");
    assert_eq!((payable.credits, payable.debits, payable.balance), (1560, 1560, 0));
}

#[test]
fn partly_before_and_partly_after() {
    let server = Server::start();
    let shop = shop(&server);
    refund(&shop, "re_1", Some(1950));
    shop.clock(json!({ "advanceDays": 30 }));
    assert_eq!(earnings(&refund(&shop, "re_2", Some(1950))), (780, "processed"));
    let expected = [("hold", 1560), ("take_back", 390), ("release", 1170), ("take_back", 390)];
    assert_eq!(transfers(&shop), expected.map(|(kind, amount)| (kind.to_owned(), amount)));
}

#[test]
fn more_than_remains_is_refused() {
    let server = Server::start();
    let shop = shop(&server);
    refund(&shop, "re_1", Some(7000));
    let over = json!({ "invoiceId": "in_1", "refundId": "re_2", "amount": 801 });
    assert!(shop.post("/v1/track/refund", &over).refused(422).contains("800"));
    for bad in [0, -1] {
        shop.post("/v1/track/refund", &json!({ "invoiceId": "in_1", "refundId": "re_3", "amount": bad }))
            .refused(422);
    }
    refund(&shop, "re_4", Some(800));
    shop.post("/v1/track/refund", &json!({ "invoiceId": "in_1", "refundId": "re_5" })).refused(422);
    assert_eq!(shop.commissions()[0].earnings, 0);
}

#[test]
fn a_refund_names_its_sale_and_itself() {
    let server = Server::start();
    let shop = shop(&server);
    shop.post("/v1/track/refund", &json!({ "invoiceId": "in_2", "refundId": "re_1" })).refused(404);
    shop.post(
        "/v1/track/refund",
        &json!({ "invoiceId": "in_1", "refundId": "re_1", "paymentProcessor": "stripe" }),
    )
    .refused(404);
    assert!(
        shop.post("/v1/track/refund", &json!({ "refundId": "re_1" })).refused(422).contains("`invoiceId`")
    );
    assert!(
        shop.post("/v1/track/refund", &json!({ "invoiceId": "in_1" })).refused(422).contains("`refundId`")
    );
    let other = json!({ "invoiceId": "in_1", "refundId": "re_1", "currency": "eur" });
    assert!(shop.post("/v1/track/refund", &other).refused(422).contains("`currency`"));
    let sale: Vec<Value> = shop.get("/v1/events?event=sale").ok();
    let by_id =
        shop.with("idempotency-key", "k-1").post("/v1/track/refund", &json!({ "saleId": sale[0]["id"] }));
    assert_eq!(by_id.ok::<RefundOutput>().remaining, 0);
}

#[test]
fn an_uncredited_sale_can_be_refunded() {
    let server = Server::start();
    let shop = shop(&server);
    let sale = shop.sale(json!({ "customerExternalId": "u-2", "amount": 500, "invoiceId": "in_2" }));
    let refund = shop.refund(json!({ "invoiceId": "in_2", "refundId": "re_1", "amount": 200 }));
    assert!(refund.commission.is_none());
    let now: SaleOutput = shop.get(&format!("/v1/sales/{}", sale.id)).ok();
    assert_eq!(now.sale.refunded, 200);
}

#[test]
fn a_bounty_stays_until_all_is_given_back() {
    let server = Server::start();
    let shop = server.test();
    shop.program(json!({ "rewards": [{ "event": "sale", "type": "flat", "amount": 500 }] }));
    shop.partner("MAYA10");
    shop.sale(json!({ "customerExternalId": "u-1", "amount": 100, "code": "MAYA10", "invoiceId": "in_1" }));
    assert_eq!(earnings(&refund(&shop, "re_1", Some(99))), (500, "pending"));
    assert_eq!(earnings(&refund(&shop, "re_2", Some(1))), (0, "refunded"));
}
