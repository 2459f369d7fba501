//! Every kind of event, as it really comes; the documented examples are held against that.

use super::{endpoint, server};
use crate::harness::{Client, Receiver};
use serde_json::{Map, Value, json};

/// Has one of everything happen.
fn everything(shop: &Client, server: &crate::harness::Server) {
    shop.freeze("2026-03-01T09:00:00.000Z");
    let program = shop.program(json!({
        "autoApprove": false, "funds": [{ "name": "Marketing", "share": "50" }],
        "catalogue": [{ "key": "gift-card", "name": "Gift card", "kind": "gift_card", "price": 500 }],
        "registrations": {}, "levels": { "period": "year", "steps": [{ "name": "Gold", "from": 100 }] },
    }));
    let group: Value =
        shop.post(&format!("/v1/programs/{}/groups", program.id), &json!({ "name": "Gold" })).ok();
    let maya = shop.partner("MAYA27");
    let action = json!({ "type": "move_to_group", "groupId": group["id"] });
    let trigger = json!({ "name": "Gold", "event": "lead.created", "actions": [action] });
    shop.post("/v1/triggers", &trigger).ok::<Value>();
    partners(shop, server);

    let click =
        server.page().click(json!({ "key": "MAYA27", "visitorId": "v1", "url": "https://shop.example/tea" }));
    shop.lead(json!({
        "clickId": click.click_id, "customerExternalId": "user_42", "customerName": "Ann Buyer",
        "customerEmail": "ann@buyers.example", "metadata": { "plan": "pro" },
    }));
    shop.sale(json!({
        "customerExternalId": "user_42", "amount": 7800, "invoiceId": "in_1", "paymentProcessor": "stripe",
        "metadata": { "plan": "pro" },
    }));
    let dispute =
        json!({ "invoiceId": "in_1", "paymentProcessor": "stripe", "disputeId": "dp_1", "amount": 1000 });
    shop.post("/v1/track/dispute", &dispute).ok::<Value>();
    let won =
        json!({ "invoiceId": "in_1", "paymentProcessor": "stripe", "disputeId": "dp_1", "status": "won" });
    shop.post("/v1/track/dispute", &won).ok::<Value>();
    shop.sale(
        json!({ "customerExternalId": "user_43", "amount": 90000, "code": "MAYA27", "invoiceId": "in_2" }),
    );
    shop.refund(
        json!({ "invoiceId": "in_1", "paymentProcessor": "stripe", "refundId": "re_1", "amount": 3900 }),
    );
    shop.sale(json!({ "customerExternalId": "user_44", "amount": 4000, "invoiceId": "in_3" }));
    let claim: Value = shop.post("/v1/claims", &json!({ "partnerId": maya.id, "invoiceId": "in_3" })).ok();
    let decided = format!("/v1/claims/{}/decide", claim["id"].as_str().expect("an id"));
    shop.post(&decided, &json!({ "decision": "granted" })).ok::<Value>();
    payouts(shop, &maya.id);
    fund(shop, program.funds[0].id.as_ref().expect("an id"), &maya.id);
    redemption(shop, &maya.id);
    deal_and_split(shop, &maya.id);
}

fn deal_and_split(shop: &Client, partner: &str) {
    let deal = json!({ "partnerId": partner, "customerName": "Globex", "contact": "globex.example", "amount": 2_000_000 });
    let deal: Value = shop.post("/v1/registrations", &deal).ok();
    let step = format!("/v1/registrations/{}/step", deal["id"].as_str().expect("an id"));
    shop.post(&step, &json!({ "step": "approve" })).ok::<Value>();
    let bert = shop.partner("BERT22");
    let parts = json!([{ "partnerId": partner, "percentage": "60" }, { "partnerId": bert.id, "percentage": "40", "role": "engineer" }]);
    let split: Value = shop.post("/v1/splits", &json!({ "invoiceId": "in_2", "partners": parts })).ok();
    let decide = format!("/v1/splits/{}/decide", split["id"].as_str().expect("an id"));
    shop.post(&decide, &json!({ "decision": "approved", "note": "As agreed" })).ok::<Value>();
}

fn fund(shop: &Client, fund: &str, partner: &str) {
    let made = |path: &str, body: Value| -> String {
        let made: Value = shop.post(path, &body).ok();
        made["id"].as_str().expect("an id").to_owned()
    };
    made(&format!("/v1/funds/{fund}/lots"), json!({ "amount": 1_000_000 }));
    made(&format!("/v1/funds/{fund}/lots"), json!({ "amount": 1_000_000, "partnerId": partner }));
    let asked =
        json!({ "fundId": fund, "partnerId": partner, "title": "Stand at the fair", "cost": 100_000 });
    let request = made("/v1/fund-requests", asked);
    made(&format!("/v1/fund-requests/{request}/decide"), json!({ "decision": "approved" }));
    let claim = made("/v1/fund-claims", json!({ "requestId": request, "cost": 90_000 }));
    made(&format!("/v1/fund-claims/{claim}/decide"), json!({ "decision": "paid" }));
}

fn redemption(shop: &Client, partner: &str) {
    let points = json!({ "partnerId": partner, "amount": 500, "currency": "points" });
    shop.post("/v1/commissions", &points).ok::<Value>();
    shop.clock(json!({ "advanceDays": 31 }));
    let asked: Value =
        shop.post("/v1/redemptions", &json!({ "partnerId": partner, "article": "gift-card" })).ok();
    let step = format!("/v1/redemptions/{}/step", asked["id"].as_str().expect("an id"));
    shop.post(&step, &json!({ "step": "fulfil", "reference": "GIFT-2K9F-7QXA" })).ok::<Value>();
}

fn partners(shop: &Client, server: &crate::harness::Server) {
    let page = server.page();
    page.join("Otto Rejected", "otto@example.com");
    page.join("Bea Banned", "bea@example.com");
    let of = |search: &str| -> Value {
        let found: Vec<Value> = shop.get(&format!("/v1/partners?search={search}")).ok();
        json!({ "partnerId": found[0]["id"] })
    };
    shop.post("/v1/partners/reject", &of("otto")).ok::<Value>();
    shop.post("/v1/partners/approve", &of("bea")).ok::<Value>();
    shop.post("/v1/partners/ban", &of("bea")).ok::<Value>();
}

fn payouts(shop: &Client, partner: &str) {
    shop.clock(json!({ "now": "2026-04-15T09:00:00.000Z", "frozen": true }));
    let method = json!({ "method": "paypal", "email": "maya@paypal.example" });
    shop.put(&format!("/v1/partners/{partner}/payout-method"), &method).ok::<Value>();
    let batch = |key: &str| -> (String, String) {
        let batch: Value = shop.post("/v1/payouts/batches", &json!({ "minimum": 100, "batchKey": key })).ok();
        let id = batch["id"].as_str().expect("an id").to_owned();
        let payouts: Vec<Value> = shop.get(&format!("/v1/payouts?batchId={id}")).ok();
        (id, payouts[0]["id"].as_str().expect("an id").to_owned())
    };
    let (id, _) = batch("canceled");
    shop.post(&format!("/v1/payouts/batches/{id}/cancel"), &json!({})).ok::<Value>();
    for marks in [["failed"].as_slice(), &["paid", "returned"]] {
        let (id, payout) = batch(marks[0]);
        shop.post(&format!("/v1/payouts/batches/{id}/approve"), &json!({})).ok::<Value>();
        for status in marks {
            shop.post("/v1/payouts/mark", &json!({ "payouts": [payout], "status": status })).ok::<Value>();
        }
    }
}

/// Whether two values have the same fields with the same kinds of values. What is null in one may be anything in the other, and
/// of a list the first entry speaks for all.
fn differs(real: &Value, example: &Value, path: &str) -> Option<String> {
    match (real, example) {
        (Value::Object(real), Value::Object(example)) => {
            let names =
                |map: &Map<String, Value>| map.keys().cloned().collect::<std::collections::BTreeSet<_>>();
            if names(real) != names(example) {
                return Some(format!("{path}: {:?} come, {:?} are shown", names(real), names(example)));
            }
            real.iter().find_map(|(name, value)| differs(value, &example[name], &format!("{path}.{name}")))
        }
        (Value::Array(real), Value::Array(example)) => {
            let both = real.first().zip(example.first());
            both.and_then(|(real, example)| differs(real, example, &format!("{path}[0]")))
        }
        (Value::Null, _)
        | (_, Value::Null)
        | (Value::Bool(_), Value::Bool(_))
        | (Value::Number(_), Value::Number(_))
        | (Value::String(_), Value::String(_)) => None,
        _ => Some(format!("{path}: {real} comes, {example} is shown")),
    }
}

#[test]
fn every_kind_comes_and_looks_like_its_example() {
    let (server, receiver) = (server(), Receiver::start());
    let shop = server.test();
    endpoint(&shop, &receiver, json!({ "events": ["*", "link.clicked"] }));
    everything(&shop, &server);
    let types: Vec<Value> = shop.get("/v1/webhooks/event-types").ok();
    assert_eq!(types.len(), 32);
    for kind in &types {
        let word = kind["event"].as_str().expect("a word");
        let real = receiver.wait_for_kind(word).json();
        assert_eq!(differs(&real["data"], &kind["example"], word), None);
    }
}

/// What the documentation shows is what the server gives as an example.
#[test]
fn the_documented_examples_are_the_servers_own() {
    let server = crate::harness::Server::start();
    let types: Vec<Value> = server.test().get("/v1/webhooks/event-types").ok();
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/docs/webhooks.md");
    let text = std::fs::read_to_string(page).expect("www/docs/webhooks.md");
    let mut shown = 0;
    for block in text.split("```json\n").skip(1).filter_map(|rest| rest.split_once("\n```")) {
        let body: Value = serde_json::from_str(block.0).unwrap_or_else(|e| panic!("{e} in {}", block.0));
        let Some(word) = body["type"].as_str() else { continue };
        let kind = types.iter().find(|kind| kind["event"] == word).expect("a kind there is");
        assert_eq!(body["data"], kind["example"], "{word}");
        shown += 1;
    }
    assert!(shown >= 5, "{shown} examples are shown");
    for kind in &types {
        let (word, means) =
            (kind["event"].as_str().expect("a word"), kind["explanation"].as_str().expect("a text"));
        assert!(
            text.contains(&format!("| `{word}` | {means} |")),
            "{word} is not in the table, or told otherwise"
        );
    }
}

/// In the order in which it happened, with what a commission was before.
#[test]
fn updates_tell_what_was_before() {
    let (server, receiver) = (server(), Receiver::start());
    let shop = server.test();
    shop.freeze("2026-03-01T09:00:00.000Z");
    shop.program(json!({}));
    shop.partner("MAYA27");
    endpoint(&shop, &receiver, json!({ "events": ["commission.updated"] }));
    shop.sale(json!({ "customerExternalId": "u1", "amount": 1000, "code": "MAYA27", "invoiceId": "in_1" }));
    shop.refund(json!({ "invoiceId": "in_1", "refundId": "re_1", "amount": 500 }));
    let first = receiver.wait_for(1)[0].json();
    assert_eq!(first["data"]["previous"], json!({ "status": "pending", "earnings": 200 }));
    assert_eq!(first["data"]["earnings"], 100);
    assert_eq!(first["timestamp"], "2026-03-01T09:00:00.000Z", "by the sandbox's clock");
    shop.freeze("2026-04-15T09:00:00.000Z");
    let second = receiver.wait_for(2)[1].json();
    assert_eq!(
        (&second["data"]["previous"]["status"], &second["data"]["status"]),
        (&json!("pending"), &json!("processed"))
    );
}

/// A vendor to whom nobody listens has nothing in its outbox.
#[test]
fn nothing_is_written_where_nobody_listens() {
    let (server, receiver) = (server(), Receiver::start());
    let (shop, live) = (server.test(), server.live());
    shop.program(json!({}));
    live.program(json!({}));
    let webhook = endpoint(&live, &receiver, json!({ "events": ["lead.created"] }));
    shop.lead(json!({ "customerExternalId": "a" }));
    live.sale(json!({ "customerExternalId": "a", "amount": 100, "invoiceId": "in_1" }));
    let asked = json!({ "from": "2020-01-01T00:00:00Z", "which": "all" });
    let all: Value = live.patch(&format!("/v1/webhooks/{}", webhook.id), &json!({ "events": ["*"] })).ok();
    assert_eq!(all["events"], json!(["*"]));
    std::thread::sleep(std::time::Duration::from_millis(700));
    let replayed: Value = live.post(&format!("/v1/webhooks/{}/replay", webhook.id), &asked).ok();
    assert_eq!(replayed["replayed"], 0, "the sale had not been kept");
    live.sale(json!({ "customerExternalId": "a", "amount": 100, "invoiceId": "in_2" }));
    receiver.wait_for_kind("sale.created");
}
