//! What is settled in the product: credits and free months, beside money and never among it.

use super::sums::{assert_checked, assert_sound};
use crate::harness::{Client, Server};
use goodword_wire::{DueList, Gift, Payout, PayoutBatch};
use serde_json::{Value, json};

/// A free month for each friend who signs up, and 20 % of what the friend buys; no hold.
fn shop(server: &Server) -> Client {
    let shop = server.test();
    shop.freeze("2026-03-01T09:00:00.000Z");
    let rewards = json!([
        { "event": "lead", "type": "flat", "amount": 1, "unit": "months" },
        { "event": "sale", "type": "percentage", "percentage": "20" },
    ]);
    shop.program(json!({ "rewards": rewards, "holdDays": 0 }));
    shop.partner("ROSA10");
    for friend in ["kim", "lee", "mo"] {
        shop.lead(json!({ "customerExternalId": friend, "code": "ROSA10" }));
    }
    shop.sale(json!({ "customerExternalId": "kim", "amount": 10_000, "invoiceId": "in_1" }));
    shop.clock(json!({ "advanceDays": 1 }));
    shop
}

fn due(shop: &Client, unit: &str) -> DueList {
    shop.get(&format!("/v1/payouts/due?currency={unit}")).ok()
}

fn balances(shop: &Client, unit: &str) -> Vec<(String, i64)> {
    let mut all: Vec<(String, i64)> = shop
        .ledger()
        .accounts
        .into_iter()
        .filter(|account| account.currency == unit && account.balance != 0)
        .map(|account| (account.kind, account.balance))
        .collect();
    all.sort();
    all
}

/// Trello's way: three friends are three free months, settled in the product in one batch; the money waits for its own.
#[test]
fn free_months_are_settled_in_the_product() {
    let server = Server::start();
    let shop = shop(&server);
    let months = due(&shop, "months");
    assert_eq!(
        (months.currency.as_str(), months.minimum, months.amount, months.eligible),
        ("months", 1, 3, 1)
    );
    let money = due(&shop, "usd");
    assert_eq!(money.partners[0].reason.as_deref(), Some("below_minimum"), "20.00 of 50.00");
    assert!(due(&shop, "credits").partners.is_empty());
    let body = json!({ "batchKey": "months-03", "currency": "months" });
    let batch: PayoutBatch = shop.post("/v1/payouts/batches", &body).ok();
    assert_eq!((batch.currency.as_str(), batch.amount), ("months", 3));
    shop.post(&format!("/v1/payouts/batches/{}/approve", batch.id), &json!({})).ok::<Value>();
    let payouts: Vec<Payout> = shop.get(&format!("/v1/payouts?batchId={}", batch.id)).ok();
    let mark = json!({ "payouts": [payouts[0].id], "status": "paid", "note": "Three months added" });
    shop.post("/v1/payouts/mark", &mark).ok::<Value>();
    let settled = [("expense".to_owned(), -3), ("paid".to_owned(), 3)];
    assert_eq!(balances(&shop, "months"), settled);
    assert_eq!(balances(&shop, "usd"), [("expense".to_owned(), -2_000), ("payable".to_owned(), 2_000)]);
    assert!(due(&shop, "months").partners.is_empty());
    let totals = shop.get("/v1/analytics").json()["totals"].clone();
    assert_eq!((totals["processed"].as_i64(), totals["paid"].as_i64()), (Some(2_000), Some(0)), "{totals}");
    assert_sound(&shop);
    assert_checked(&server);
}

/// A bonus in credits, what may not be mixed, and what stays no money.
#[test]
fn credits_are_given_by_hand_and_units_do_not_mix() {
    let server = Server::start();
    let shop = shop(&server);
    let rosa: Vec<Value> = shop.get("/v1/partners").ok();
    let bonus =
        json!({ "partnerId": rosa[0]["id"], "amount": 50, "currency": "credits", "note": "Thank you" });
    shop.post("/v1/commissions", &bonus).ok::<Value>();
    shop.clock(json!({ "advanceDays": 1 }));
    assert_eq!(due(&shop, "credits").amount, 50);
    let points = json!({ "batchKey": "a", "currency": "points" });
    assert!(shop.post("/v1/payouts/batches", &points).refused(422).contains("redeemed"));
    shop.post("/v1/payouts/batches", &json!({ "batchKey": "b", "currency": "eur" })).refused(422);
    let program = json!({ "name": "X", "url": "https://x.example/", "currency": "months" });
    shop.post("/v1/programs", &program).refused(422);
    let documents: Vec<Value> = shop.get("/v1/programs").ok();
    assert_eq!(documents[0]["rewards"][0]["unit"], "months");
}

/// The friend's free month is held with the partner's, due with it, given once, and undone by the same refund.
#[test]
fn a_friends_free_month_is_settled_like_the_partners() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-03-01T09:00:00.000Z");
    let gift = json!({ "type": "months", "amount": 2 });
    let reward = json!({ "event": "sale", "type": "flat", "amount": 1, "unit": "months", "maxDuration": 0, "referred": gift });
    let program = shop.program(json!({ "rewards": [reward], "holdDays": 30 }));
    shop.partner("ROSA10");
    let buy = |friend: &str| {
        let sale =
            json!({ "customerExternalId": friend, "code": "ROSA10", "amount": 4_900, "invoiceId": friend });
        let gift = shop.sale(sale).referred.expect("a gift");
        assert_eq!((gift.kind.as_str(), gift.amount), ("months", Some(2)));
    };
    let gifts = |status: &str| -> Vec<Gift> { shop.get(&format!("/v1/gifts?status={status}")).ok() };
    ["kim", "lee", "mo"].into_iter().for_each(buy);
    let kim = gifts("held").pop().expect("the first");
    assert_eq!(kim.customer.as_ref().and_then(|who| who.external_id.as_deref()), Some("kim"));
    assert_eq!((kim.gift.amount, kim.due_at.as_str()), (Some(2), "2026-03-31T09:00:00.000Z"));
    let give = |gift: &Gift| shop.post(&format!("/v1/gifts/{}/give", gift.id), &json!({ "note": "Added" }));
    assert!(give(&kim).refused(409).contains("2026-03-31"));
    shop.refund(json!({ "invoiceId": "lee", "refundId": "re_1", "amount": 4_900 }));
    let lee = gifts("canceled").pop().expect("Lee's");
    assert!(give(&lee).refused(409).contains("refunded"));
    // What was promised stays so, whatever is promised from now on.
    let other = json!({ "event": "sale", "type": "flat", "amount": 1, "unit": "months", "id": program.rewards[0].id });
    shop.patch(&format!("/v1/programs/{}", program.id), &json!({ "rewards": [other] })).ok::<Value>();
    shop.freeze("2026-03-31T09:00:00.000Z");
    assert_eq!(gifts("due").len(), 2);
    let given: Gift = give(&kim).ok();
    assert_eq!((given.status.as_str(), given.note.as_deref()), ("given", Some("Added")));
    shop.freeze("2026-04-02T09:00:00.000Z");
    assert_eq!(give(&kim).ok::<Gift>(), given, "once");
    shop.refund(json!({ "invoiceId": "kim", "refundId": "re_2", "amount": 4_900 }));
    assert_eq!(gifts("to_take_back").pop().map(|gift| gift.id), Some(kim.id));
    let page: Vec<Gift> = shop.get("/v1/gifts?pageSize=2").ok();
    let rest: Vec<Gift> = shop.get(&format!("/v1/gifts?pageSize=2&startingAfter={}", page[1].id)).ok();
    assert_eq!((page.len(), rest.len()), (2, 1));
    assert!(shop.get("/v1/gifts?status=lost").refused(422).contains("`status`"));
    shop.post(&format!("/v1/gifts/{}/give", "com_00000000000000000000000000000000"), &json!({})).refused(404);
    assert_sound(&shop);
}
