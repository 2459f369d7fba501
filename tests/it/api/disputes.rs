//! Disputes: what is complained about is taken back, and given back where the vendor wins.

use super::sums::assert_sound;
use crate::harness::{Answer, Client, Server};
use goodword_wire::DisputeOutput;
use serde_json::{Value, json};

/// A program of 20 % with a sale of 100.00.
fn shop(server: &Server) -> Client {
    let shop = server.test();
    shop.freeze("2026-03-01T09:00:00.000Z");
    shop.program(json!({}));
    shop.partner("MAYA10");
    shop.sale(
        json!({ "customerExternalId": "u-1", "amount": 10_000, "code": "MAYA10", "invoiceId": "in_1" }),
    );
    shop
}

fn report(shop: &Client, id: &str, status: &str, amount: Option<i64>) -> Answer {
    shop.post(
        "/v1/track/dispute",
        &json!({ "invoiceId": "in_1", "disputeId": id, "status": status, "amount": amount }),
    )
}

#[track_caller]
fn dispute(shop: &Client, id: &str, status: &str, amount: Option<i64>) -> (i64, String) {
    let output: DisputeOutput = report(shop, id, status, amount).ok();
    assert_sound(shop);
    (output.commissions[0].earnings, output.commissions[0].status.clone())
}

fn told(earnings: i64, status: &str) -> (i64, String) {
    (earnings, status.to_owned())
}

fn refund(shop: &Client, id: &str, amount: Option<i64>) -> (i64, String) {
    let commission = shop
        .refund(json!({ "invoiceId": "in_1", "refundId": id, "amount": amount }))
        .commission
        .expect("a commission");
    assert_sound(shop);
    (commission.earnings, commission.status)
}

#[test]
fn opened_it_takes_back_and_won_it_gives_back() {
    let server = Server::start();
    let shop = shop(&server);
    assert_eq!(dispute(&shop, "d-1", "open", None), told(0, "refunded"));
    assert_eq!(dispute(&shop, "d-1", "open", None), told(0, "refunded"), "told again");
    assert_eq!(dispute(&shop, "d-1", "won", None), told(2_000, "pending"));
    assert_eq!(dispute(&shop, "d-1", "open", None), told(2_000, "pending"), "told out of order");
    report(&shop, "d-1", "lost", None).refused(409);
    shop.clock(json!({ "advanceDays": 30 }));
    assert_eq!(dispute(&shop, "d-2", "open", Some(2_500)), told(1_500, "processed"));
    assert_eq!(dispute(&shop, "d-2", "lost", None), told(1_500, "processed"));
    assert_eq!(refund(&shop, "re_1", Some(7_500)), told(0, "refunded"));
    shop.post("/v1/track/refund", &json!({ "invoiceId": "in_1", "refundId": "re_2", "amount": 2_501 }))
        .refused(422);
}

/// Won after the hold has ended, it lies where it would by then.
#[test]
fn won_after_the_hold() {
    let server = Server::start();
    let shop = shop(&server);
    dispute(&shop, "d-1", "open", None);
    shop.clock(json!({ "advanceDays": 30 }));
    assert_eq!(dispute(&shop, "d-1", "won", None), told(2_000, "processed"));
}

#[test]
fn refunds_and_disputes_of_one_sale() {
    let server = Server::start();
    let shop = shop(&server);
    assert_eq!(refund(&shop, "re_1", Some(2_000)), told(1_600, "pending"));
    assert_eq!(dispute(&shop, "d-1", "open", Some(5_000)), told(600, "pending"));
    assert_eq!(dispute(&shop, "d-2", "open", None), told(0, "refunded"), "the rest");
    let said = report(&shop, "d-3", "open", None).refused(422);
    assert!(said.contains("nothing of this sale remains"), "{said}");
    assert_eq!(refund(&shop, "re_2", Some(8_000)), told(0, "refunded"), "given back, though it is disputed");
    assert_eq!(dispute(&shop, "d-1", "won", None), told(0, "refunded"), "it was given back all the same");
    assert_eq!(dispute(&shop, "d-2", "won", None), told(0, "refunded"));
}

#[test]
fn told_at_its_end_alone() {
    let server = Server::start();
    let shop = shop(&server);
    assert_eq!(dispute(&shop, "d-1", "won", None), told(2_000, "pending"));
    assert_eq!(dispute(&shop, "d-2", "lost", Some(1)), told(2_000, "pending"), "20 % of 99.99 rounded");
    assert_eq!(dispute(&shop, "d-3", "lost", None), told(0, "refunded"));
}

#[test]
fn what_is_no_dispute_is_refused() {
    let server = Server::start();
    let shop = shop(&server);
    for (field, value) in [
        ("status", json!("closed")),
        ("amount", json!(0)),
        ("amount", json!(10_001)),
        ("disputeId", json!("")),
    ] {
        let mut input = json!({ "invoiceId": "in_1", "disputeId": "d-1" });
        input[field] = value;
        let said = shop.post("/v1/track/dispute", &input).refused(422);
        assert!(said.contains(&format!("`{field}`")), "{said}");
    }
    shop.post("/v1/track/dispute", &json!({ "invoiceId": "in_2", "disputeId": "d-1" })).refused(404);
    server.page().post("/v1/track/dispute", &json!({ "invoiceId": "in_1", "disputeId": "d-1" })).refused(403);
    assert_eq!(shop.commissions()[0].earnings, 2_000);
}

/// Our own arithmetic: 100.00 EUR at 1.1 are 110.00 USD, 20 % of it 22.00; 40.00 EUR disputed leave 13.20.
#[test]
fn of_a_sale_in_another_currency() {
    let server = Server::start();
    let shop = shop(&server);
    let rate = json!({ "base": "eur", "quote": "usd", "rate": "1.1", "source": "x", "at": "2026-03-01" });
    shop.post("/v1/exchange-rates", &rate).ok::<Value>();
    let sale = shop.sale(json!({ "customerExternalId": "u-2", "amount": 10_000, "currency": "eur", "code": "MAYA10", "invoiceId": "in_2" }));
    assert_eq!(sale.commission.map(|commission| commission.earnings), Some(2_200));
    let of = |status: &str| {
        let input = json!({ "invoiceId": "in_2", "disputeId": "d-1", "status": status, "amount": 4_000 });
        let output: DisputeOutput = shop.post("/v1/track/dispute", &input).ok();
        assert_sound(&shop);
        (output.commissions[0].earnings, shop.get("/v1/analytics").json()["totals"]["saleAmount"].as_i64())
    };
    assert_eq!(of("open"), (1_320, Some(10_000 + 6_600)));
    assert_eq!(of("won"), (2_200, Some(10_000 + 11_000)));
}
