//! Changes of commissions: no amount is edited, so that each becomes the step that means it.

use crate::harness::{Client, Server};
use goodword_wire::Commission;
use serde_json::{Value, json};

fn shop(server: &Server) -> Client {
    let shop = server.test();
    shop.freeze("2026-03-01T09:00:00.000Z");
    shop.program(json!({}));
    shop.partner("MAYA10");
    shop
}

/// A sale of 10.00 by somebody new, 20 % of it hers.
fn earned(shop: &Client, invoice: &str, address: &str) -> Commission {
    let sale = shop.sale(json!({
        "customerExternalId": invoice, "customerEmail": address, "code": "MAYA10", "amount": 1000, "invoiceId": invoice,
    }));
    sale.commission.expect("a commission")
}

#[expect(clippy::needless_pass_by_value, reason = "callers make it in place")]
fn change(shop: &Client, commission: &Commission, change: Value) -> Value {
    shop.patch(&format!("/v1/commissions/{}", commission.id), &change).ok()
}

fn told(commission: &Value) -> (&str, i64) {
    (commission["status"].as_str().unwrap_or_default(), commission["earnings"].as_i64().unwrap_or(-1))
}

#[track_caller]
fn assert_sound(server: &Server) {
    let output = server.operate("check", &[]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn a_smaller_amount_is_a_refund_of_the_difference() {
    let server = Server::start();
    let shop = shop(&server);
    let commission = earned(&shop, "in_1", "ann@example.com");
    assert_eq!(told(&change(&shop, &commission, json!({ "saleAmount": 600 }))), ("pending", 120));
    assert_eq!(told(&change(&shop, &commission, json!({ "amount": 600 }))), ("pending", 120));
    assert_eq!(told(&change(&shop, &commission, json!({ "modifySaleAmount": -100 }))), ("pending", 100));
    let path = format!("/v1/commissions/{}", commission.id);
    shop.patch(&path, &json!({ "saleAmount": 501 })).refused(422);
    shop.patch(&path, &json!({ "modifyAmount": -501 })).refused(422);
    shop.patch(&path, &json!({ "saleAmount": 400, "currency": "eur" })).refused(422);
    shop.patch(&path, &json!({ "earnings": 5 })).refused(422);
    shop.patch(&path, &json!({ "status": "paid" })).refused(422);
    shop.patch(&path, &json!({})).refused(422);
    assert_eq!(told(&change(&shop, &commission, json!({ "status": "refunded" }))), ("refunded", 0));
    assert_eq!(told(&change(&shop, &commission, json!({ "status": "refunded" }))), ("refunded", 0));
    let sale: Value = shop.get(&format!("/v1/sales/{}", commission.sale_id.unwrap_or_default())).ok();
    assert_eq!(sale["sale"]["refunded"], 1000);
    assert_sound(&server);
}

#[test]
fn what_was_paid_is_taken_from_the_next_payout() {
    let server = Server::start();
    let shop = shop(&server);
    let commission = earned(&shop, "in_1", "ann@example.com");
    shop.clock(json!({ "advanceDays": 31 }));
    let partner = commission.partner.id.clone();
    shop.put(&format!("/v1/partners/{partner}/payout-method"), &json!({ "method": "manual" })).ok::<Value>();
    let batch: Value = shop.post("/v1/payouts/batches", &json!({ "batchKey": "b", "minimum": 1 })).ok();
    shop.post(&format!("/v1/payouts/batches/{}/approve", batch["id"].as_str().unwrap()), &json!({}))
        .ok::<Value>();
    let payouts: Vec<Value> = shop.get("/v1/payouts").ok();
    shop.post("/v1/payouts/mark", &json!({ "payouts": [payouts[0]["id"]], "status": "paid" })).ok::<Value>();
    assert_eq!(told(&change(&shop, &commission, json!({ "saleAmount": 400 }))), ("paid", 200));
    let corrections: Vec<Value> = shop.get("/v1/commissions?type=correction").ok();
    assert_eq!(corrections.len(), 1);
    assert_eq!(
        (&corrections[0]["earnings"], &corrections[0]["corrects"]),
        (&json!(-120), &json!(commission.id))
    );
    shop.patch(&format!("/v1/commissions/{}", commission.id), &json!({ "status": "canceled" })).refused(409);
    assert_sound(&server);
}

#[test]
fn statuses_are_reached_by_the_steps_that_lead_to_them() {
    let server = Server::start();
    let shop = shop(&server);
    let suspect = earned(&shop, "in_1", "x1@mailinator.com");
    let other = earned(&shop, "in_2", "x2@mailinator.com");
    let plain = earned(&shop, "in_3", "ann@example.com");
    assert_eq!((suspect.status.as_str(), plain.status.as_str()), ("hold", "pending"));
    assert_eq!(told(&change(&shop, &plain, json!({ "status": "pending" }))), ("pending", 200));
    assert_eq!(told(&change(&shop, &suspect, json!({ "status": "pending" }))), ("pending", 200));
    assert_eq!(told(&change(&shop, &other, json!({ "status": "fraud" }))), ("fraud", 0));
    assert_eq!(told(&change(&shop, &other, json!({ "status": "fraud" }))), ("fraud", 0));
    let canceled = change(&shop, &plain, json!({ "status": "fraud" }));
    assert_eq!((told(&canceled), &canceled["description"]), (("canceled", 0), &json!("fraud")));
    assert_eq!(told(&change(&shop, &suspect, json!({ "status": "duplicate" }))), ("canceled", 0));
    shop.patch(&format!("/v1/commissions/{}", plain.id), &json!({ "status": "pending" })).refused(409);
    assert_sound(&server);
}

#[test]
fn several_are_changed_or_none() {
    let server = Server::start();
    let shop = shop(&server);
    let ids = ["in_1", "in_2"].map(|invoice| earned(&shop, invoice, "ann@example.com").id);
    let unknown = format!("com_{}", "0".repeat(32));
    let with_unknown = json!({ "commissionIds": [ids[0], unknown], "status": "canceled" });
    shop.patch("/v1/commissions/bulk", &with_unknown).refused(404);
    assert_eq!(shop.commission(&ids[0]).status, "pending");
    shop.patch("/v1/commissions/bulk", &json!({ "commissionIds": [], "status": "canceled" })).refused(422);
    shop.patch("/v1/commissions/bulk", &json!({ "commissionIds": ids })).refused(422);
    let both = json!({ "commissionIds": ids, "status": "canceled" });
    let states: Value = shop.patch("/v1/commissions/bulk", &both).ok();
    assert_eq!(states[1], json!({ "id": ids[1], "status": "canceled" }));
    assert_sound(&server);
}

#[test]
fn only_those_who_handle_money_may() {
    let server = Server::start();
    let shop = shop(&server);
    let commission = earned(&shop, "in_1", "ann@example.com");
    let path = format!("/v1/commissions/{}", commission.id);
    server.nobody().patch(&path, &json!({ "status": "canceled" })).refused(401);
    server.page().patch(&path, &json!({ "status": "canceled" })).refused(403);
    server.live().patch(&path, &json!({ "status": "canceled" })).refused(404);
}
