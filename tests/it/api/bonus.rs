//! Commissions by hand: a bonus given, and a commission canceled.

use crate::harness::{Client, Server, at_once};
use goodword_wire::{Commission, Partner};
use serde_json::{Value, json};

fn shop(server: &Server) -> (Client, Partner) {
    let shop = server.test();
    shop.freeze("2026-03-01T09:00:00.000Z");
    shop.program(json!({}));
    let partner = shop.partner("MAYA10");
    (shop, partner)
}

fn bonus(partner: &Partner) -> Value {
    json!({ "partnerId": partner.id, "amount": 2500, "note": "Thanks for the talk" })
}

fn balance(shop: &Client, kind: &str) -> i64 {
    shop.ledger().accounts.iter().filter(|a| a.kind == kind).map(|a| a.balance).sum()
}

#[test]
fn a_bonus_is_held_like_any_other() {
    let server = Server::start();
    let (shop, maya) = shop(&server);
    let given: Commission = shop.post("/v1/commissions", &bonus(&maya)).ok();
    assert_eq!((given.kind.as_str(), given.status.as_str(), given.earnings), ("bonus", "pending", 2500));
    assert_eq!((given.note.as_deref(), given.currency.as_str()), (Some("Thanks for the talk"), "usd"));
    assert_eq!(given.clears_at, "2026-03-31T09:00:00.000Z");
    assert_eq!(balance(&shop, "held"), 2500);
    shop.clock(json!({ "advanceDays": 30 }));
    assert_eq!((balance(&shop, "payable"), shop.commission(&given.id).status.as_str()), (2500, "processed"));
    let points = json!({ "partnerId": maya.id, "amount": 7, "currency": "points" });
    assert_eq!(shop.post("/v1/commissions", &points).ok::<Commission>().currency, "points");
}

#[test]
fn the_same_key_gives_one_bonus() {
    let server = Server::start();
    let (shop, maya) = shop(&server);
    let keyed = shop.with("idempotency-key", "thanks-1");
    let answers = at_once(10, |_| keyed.post("/v1/commissions", &bonus(&maya)).ok::<Commission>());
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    assert_eq!((shop.commissions().len(), balance(&shop, "held")), (1, 2500));
    keyed.post("/v1/commissions", &json!({ "partnerId": maya.id, "amount": 2501 })).refused(409);
}

#[test]
fn what_is_wrong_with_a_bonus() {
    let server = Server::start();
    let (shop, maya) = shop(&server);
    let stranger = format!("ptn_{}", "0".repeat(32));
    for (input, field) in [
        (json!({ "amount": 1 }), "`partnerId`"),
        (json!({ "partnerId": stranger, "amount": 1 }), "`partnerId`"),
        (json!({ "partnerId": maya.id }), "`amount`"),
        (json!({ "partnerId": maya.id, "amount": 0 }), "`amount`"),
        (json!({ "partnerId": maya.id, "amount": -5 }), "`amount`"),
        (json!({ "partnerId": maya.id, "amount": 5, "currency": "eur" }), "`currency`"),
        (json!({ "partnerId": maya.id, "amount": 5, "note": "x".repeat(501) }), "`note`"),
    ] {
        let message = shop.post("/v1/commissions", &input).refused(422);
        assert!(message.contains(field), "{message}");
    }
    assert_eq!(shop.transfers().len(), 0);
}

#[test]
fn a_canceled_commission_goes_back() {
    let server = Server::start();
    let (shop, maya) = shop(&server);
    let sale = shop
        .sale(json!({ "customerExternalId": "u-1", "code": "MAYA10", "amount": 1000, "invoiceId": "in_1" }));
    let id = sale.commission.expect("a commission").id;
    let path = format!("/v1/commissions/{id}/cancel");
    let keyed = shop.with("idempotency-key", "c-1");
    let answers = at_once(8, |n| {
        let client = if n % 2 == 0 { &keyed } else { &shop };
        client.post(&path, &json!({ "note": "sent to the wrong partner" })).ok::<Commission>()
    });
    for canceled in &answers {
        assert_eq!((canceled.status.as_str(), canceled.earnings), ("canceled", 0));
        assert_eq!(canceled.note.as_deref(), Some("sent to the wrong partner"));
    }
    assert_eq!(balance(&shop, "held"), 0);
    let kinds: Vec<String> = shop.transfers().into_iter().rev().map(|t| t.kind).collect();
    assert_eq!(kinds, ["hold", "void"]);
    let payable: Commission = shop.post("/v1/commissions", &bonus(&maya)).ok();
    shop.clock(json!({ "advanceDays": 31 }));
    let canceled: Commission = shop.post(&format!("/v1/commissions/{}/cancel", payable.id), &json!({})).ok();
    assert_eq!((canceled.status.as_str(), balance(&shop, "payable")), ("canceled", 0));
    shop.refund(json!({ "invoiceId": "in_1", "refundId": "re_1" }));
    assert_eq!(shop.commission(&id).status, "canceled");
    let unknown = format!("/v1/commissions/com_{}/cancel", "0".repeat(32));
    shop.post(&unknown, &json!({})).refused(404);
}

#[test]
fn what_is_gone_cannot_be_canceled() {
    let server = Server::start();
    let (shop, _) = shop(&server);
    let sale = shop
        .sale(json!({ "customerExternalId": "u-1", "code": "MAYA10", "amount": 1000, "invoiceId": "in_1" }));
    shop.refund(json!({ "invoiceId": "in_1", "refundId": "re_1" }));
    let path = format!("/v1/commissions/{}/cancel", sale.commission.expect("a commission").id);
    assert!(shop.post(&path, &json!({})).refused(409).contains("refunded"));
}

/// Canceling what is in review decides the review.
#[test]
fn canceling_ends_a_review() {
    let server = Server::start();
    let (shop, _) = shop(&server);
    let sale = shop.sale(json!({
        "customerExternalId": "u-1", "code": "MAYA10", "amount": 1000, "customerEmail": "x@mailinator.com",
    }));
    let id = sale.commission.expect("a commission").id;
    let waiting = || shop.all_rows("/v1/reviews?status=waiting", 10).len();
    assert_eq!(waiting(), 1);
    shop.post(&format!("/v1/commissions/{id}/cancel"), &json!({ "note": "a test of ours" }))
        .ok::<Commission>();
    assert_eq!(waiting(), 0);
    assert_eq!(shop.all_rows("/v1/reviews?status=rejected", 10)[0]["note"], "a test of ours");
}
