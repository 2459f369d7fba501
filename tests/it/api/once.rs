//! The same report again changes nothing and gets the same answer, however often and however fast it comes.

use crate::harness::{Client, Server, at_once};
use serde_json::{Value, json};

fn shop(server: &Server) -> Client {
    let shop = server.test();
    shop.freeze("2026-03-01T09:00:00.000Z");
    shop.program(json!({}));
    shop.partner("MAYA10");
    shop
}

fn sale() -> Value {
    json!({ "customerExternalId": "u-1", "amount": 7800, "code": "maya10", "paymentProcessor": "stripe", "invoiceId": "in_1" })
}

/// Sends the same to an address and checks that all answers are alike, byte for byte.
#[track_caller]
fn all_alike(client: &Client, path: &str, body: &Value, times: usize) -> Value {
    let answers = at_once(times, |_| client.post(path, body));
    for answer in &answers {
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(answer.text, answers[0].text);
    }
    answers[0].json()
}

#[test]
fn a_sale_reported_twice_is_credited_once() {
    let server = Server::start();
    let shop = shop(&server);
    let first = shop.post("/v1/track/sale", &sale()).text;
    shop.clock(json!({ "advanceDays": 40 }));
    let again = shop.post("/v1/track/sale", &sale()).text;
    assert_eq!(first, again, "the first answer, though the hold has ended since");
    assert_eq!(shop.commissions().len(), 1);
    assert_eq!(shop.all_rows("/v1/events?event=sale", 50).len(), 1);
}

#[test]
fn fifty_reports_at_once_credit_once() {
    let server = Server::start();
    let shop = shop(&server);
    let answer = all_alike(&shop, "/v1/track/sale", &sale(), 50);
    assert_eq!(answer["commission"]["earnings"], 1560);
    assert_eq!(shop.commissions().len(), 1);
    assert_eq!(shop.all_rows("/v1/events?event=sale", 50).len(), 1);
    assert_eq!(shop.all_rows("/v1/customers", 50).len(), 1);
    assert_eq!(shop.ledger().total_credits, 1560);
}

#[test]
fn fifty_leads_at_once_are_one() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-03-01T09:00:00.000Z");
    shop.program(json!({ "rewards": [{ "event": "lead", "type": "flat", "amount": 150 }] }));
    shop.partner("MAYA10");
    let lead = json!({ "customerExternalId": "u-1", "code": "MAYA10" });
    let answer = all_alike(&shop, "/v1/track/lead", &lead, 50);
    assert_eq!(answer["commission"]["earnings"], 150);
    assert_eq!(shop.all_rows("/v1/events?event=lead", 50).len(), 1);
    assert_eq!(shop.commissions().len(), 1);
}

#[test]
fn fifty_refunds_at_once_take_back_once() {
    let server = Server::start();
    let shop = shop(&server);
    shop.sale(sale());
    let refund =
        json!({ "paymentProcessor": "stripe", "invoiceId": "in_1", "refundId": "re_1", "amount": 1950 });
    let answer = all_alike(&shop, "/v1/track/refund", &refund, 50);
    assert_eq!((&answer["refunded"], &answer["commission"]["earnings"]), (&json!(1950), &json!(1170)));
    assert_eq!(shop.ledger().total_credits, 1560 + 390);
}

#[test]
fn different_refunds_at_once_never_take_more_than_there_is() {
    let server = Server::start();
    let shop = shop(&server);
    shop.sale(sale());
    let statuses = at_once(20, |i| {
        let refund = json!({ "paymentProcessor": "stripe", "invoiceId": "in_1", "refundId": format!("re_{i}"), "amount": 1000 });
        shop.post("/v1/track/refund", &refund).status
    });
    assert_eq!(
        statuses.iter().filter(|s| **s == 200).count(),
        7,
        "7,800 is seven times 1,000 and a rest: {statuses:?}"
    );
    assert_eq!(statuses.iter().filter(|s| **s == 422).count(), 13);
    assert_eq!(shop.commissions()[0].earnings, 160);
}

#[test]
fn the_same_key_with_other_content_is_a_conflict() {
    let server = Server::start();
    let shop = shop(&server);
    shop.sale(sale());
    let mut other = sale();
    other["amount"] = json!(7801);
    assert!(shop.post("/v1/track/sale", &other).refused(409).contains("in_1"));
    shop.lead(json!({ "customerExternalId": "u-2", "code": "MAYA10" }));
    shop.post("/v1/track/lead", &json!({ "customerExternalId": "u-2" })).refused(409);
    let refund = |amount: i64| json!({ "paymentProcessor": "stripe", "invoiceId": "in_1", "refundId": "re_1", "amount": amount });
    shop.refund(refund(100));
    shop.post("/v1/track/refund", &refund(200)).refused(409);
    assert_eq!(shop.commissions()[0].earnings, 1540);
}

#[test]
fn another_processor_may_use_the_same_number() {
    let server = Server::start();
    let shop = shop(&server);
    shop.sale(sale());
    let mut other = sale();
    other["paymentProcessor"] = json!("paddle");
    shop.sale(other);
    assert_eq!(shop.commissions().len(), 2);
}

#[test]
fn an_idempotency_key_stands_in_for_an_invoice() {
    let server = Server::start();
    let shop = shop(&server);
    let plain = json!({ "customerExternalId": "u-1", "amount": 1000, "code": "MAYA10" });
    let keyed = shop.with("idempotency-key", "order-7");
    let first = keyed.post("/v1/track/sale", &plain).text;
    assert_eq!(keyed.post("/v1/track/sale", &plain).text, first);
    assert_eq!(shop.commissions().len(), 1);
    keyed
        .post("/v1/track/sale", &json!({ "customerExternalId": "u-1", "amount": 1001, "code": "MAYA10" }))
        .refused(409);
    shop.sale(plain.clone());
    shop.sale(plain);
    assert_eq!(shop.commissions().len(), 3, "without any key each report is a sale of its own");
}

/// Anybody can send what a page sends, so it hears its own words back: not who was known before, nor to whom bound.
#[test]
fn a_page_hears_the_same_whoever_the_person_is() {
    let server = Server::start();
    let shop = shop(&server);
    shop.partner("OTTO22");
    shop.lead(json!({ "customerEmail": "known@example.com", "customerName": "Jo", "customerExternalId": "u-1", "code": "MAYA10" }));
    let ask = |email: &str| {
        let answer =
            server.page().post("/v1/track/lead", &json!({ "customerEmail": email, "code": "OTTO22" }));
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.text.replace(email, "…")
    };
    let known = ask("known@example.com");
    assert_eq!(known, ask("unknown@example.com"));
    assert_eq!(known, ask("known@example.com"));
    let stored = shop.all_rows("/v1/customers?email=known@example.com", 50);
    assert_eq!((&stored[0]["name"], &stored[0]["partner"]["name"]), (&json!("Jo"), &json!("Partner MAYA10")));
    assert_eq!(shop.all_rows("/v1/events?event=lead", 50).len(), 2, "one for each person");
}

#[test]
fn fifty_leads_of_a_page_at_once_are_one() {
    let server = Server::start();
    let shop = shop(&server);
    let lead = json!({ "customerEmail": "friend@example.com", "code": "MAYA10" });
    all_alike(&server.page(), "/v1/track/lead", &lead, 50);
    assert_eq!(shop.all_rows("/v1/events?event=lead", 50).len(), 1);
    assert_eq!(shop.all_rows("/v1/customers", 50).len(), 1);
}

#[test]
fn one_order_is_never_credited_in_two_programs() {
    let server = Server::start();
    let shop = shop(&server);
    let other = shop.program(json!({ "name": "Other" }));
    shop.partner_with("OTTO22", json!({ "programId": other.id }));
    let first = shop.sale(sale());
    let mut again = sale();
    again["programId"] = json!(other.id);
    again["code"] = json!("OTTO22");
    shop.post("/v1/track/sale", &again).refused(409);
    assert_eq!(shop.commissions().len(), 1);
    assert!(first.credited);
}
