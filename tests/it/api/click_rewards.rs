//! Rewards for visits: once for each that counts, under the caps, and for people alone.

#![expect(
    clippy::needless_pass_by_value,
    reason = "`sale(json!({ … }))` reads better than `sale(&json!({ … }))`"
)]

use super::sums::assert_sound;
use crate::harness::{Client, Server, at_once};
use goodword_wire::{ClickOutput, Commission, Program};
use serde_json::{Value, json};
use ureq::http::Method;

fn shop(server: &Server, rewards: Value) -> Client {
    let shop = server.test();
    shop.freeze("2026-03-10T12:00:00.000Z");
    shop.program(json!({ "rewards": rewards }));
    shop.partner("MAYA10");
    shop
}

fn five_cents(more: Value) -> Value {
    let mut reward = json!({ "event": "click", "type": "flat", "amount": 5 });
    for (name, value) in more.as_object().expect("an object") {
        reward[name] = value.clone();
    }
    json!([reward, { "event": "sale", "type": "percentage", "percentage": "20" }])
}

fn earned(shop: &Client) -> (usize, i64) {
    let all = shop.commissions();
    (all.len(), all.iter().map(|commission| commission.earnings).sum())
}

fn visitor(client: &Client, id: &str) -> ClickOutput {
    client.click(json!({ "key": "MAYA10", "visitorId": id }))
}

#[test]
fn a_visit_that_counts_earns_once_an_hour() {
    let server = Server::start();
    let shop = shop(&server, five_cents(json!({})));
    let follow = || assert_eq!(server.nobody().get("/r/maya10").status, 302);
    follow();
    let commission: Commission = shop.commissions().remove(0);
    let told = (commission.kind.as_str(), commission.status.as_str(), commission.earnings, commission.amount);
    assert_eq!(told, ("click", "pending", 5, 0));
    assert_eq!((commission.arithmetic.as_str(), commission.customer), ("0.05 USD flat", None));
    assert_eq!(shop.all_rows("/v1/events?event=click", 50)[0]["earnings"], 5);
    follow();
    shop.clock(json!({ "advanceMs": 3_599_999 }));
    follow();
    assert_eq!(earned(&shop), (1, 5), "the same visitor within the hour");
    shop.clock(json!({ "advanceMs": 1 }));
    follow();
    assert_eq!(earned(&shop), (2, 10));
    assert_sound(&shop);
    shop.clock(json!({ "advanceDays": 31 }));
    assert!(shop.commissions().iter().all(|commission| commission.status == "processed"));
    assert_sound(&shop);
}

#[test]
fn crawlers_prefetches_and_other_methods_earn_nothing() {
    let server = Server::start();
    let shop = shop(&server, five_cents(json!({})));
    let agent = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
    server.nobody().with("user-agent", agent).get("/r/MAYA10");
    server.nobody().with("sec-purpose", "prefetch;prerender").get("/r/MAYA10");
    server.nobody().with("purpose", "prefetch").get("/r/MAYA10");
    server.nobody().send(Method::HEAD, "/r/MAYA10", None);
    let told = json!({ "key": "MAYA10", "visitorId": "v-1" });
    server.page().with("user-agent", agent).post("/v1/track/click", &told).refused(403);
    assert_eq!(earned(&shop), (0, 0));
}

/// A click that is told of again, by whomever, is the click it was.
#[test]
fn what_is_told_again_earns_nothing_more() {
    let server = Server::start();
    let shop = shop(&server, five_cents(json!({})));
    let to = server.nobody().get("/r/MAYA10").header("location").expect("where to").to_owned();
    let (_, id) = to.split_once("gw_id=").expect("the click");
    server.page().click(json!({ "clickId": id, "visitorId": "v-1" }));
    visitor(&server.page(), "v-1");
    assert_eq!(earned(&shop), (1, 5));
    visitor(&server.page(), "v-2");
    visitor(&shop, "v-2");
    assert_eq!(earned(&shop), (2, 10));
}

/// A server's report without a visitor cannot be told from others, and an import is history.
#[test]
fn what_cannot_be_told_apart_and_what_is_imported_earns_nothing() {
    let server = Server::start();
    let shop = shop(&server, five_cents(json!({})));
    shop.click(json!({ "key": "MAYA10" }));
    let line = json!({ "key": "MAYA10", "timestamp": "2026-03-10T11:00:00Z", "visitorId": "v-1" });
    let body = Some(line.to_string().into_bytes());
    let imported =
        shop.with("content-type", "application/x-ndjson").send(Method::POST, "/v1/clicks/import", body);
    assert_eq!(imported.json()["stored"], 1);
    assert_eq!(earned(&shop), (0, 0));
    visitor(&shop, "v-1");
    assert_eq!(earned(&shop), (1, 5), "the hour of the imported one is over");
}

#[test]
fn the_same_visit_told_by_many_at_once_earns_once() {
    let server = Server::start();
    let shop = shop(&server, five_cents(json!({})));
    at_once(24, |n| visitor(&shop, &format!("v-{}", n % 3)));
    assert_eq!(earned(&shop), (3, 15));
    assert_sound(&shop);
}

#[test]
fn caps_hold_when_many_come_at_once() {
    let server = Server::start();
    let caps = json!({ "caps": { "partner": 22, "total": 32, "period": "month" } });
    let shop = shop(&server, five_cents(caps));
    shop.partner("BERT22");
    at_once(24, |n| {
        let key = if n % 2 == 0 { "MAYA10" } else { "BERT22" };
        shop.click(json!({ "key": key, "visitorId": format!("v-{n}") }))
    });
    assert_eq!(earned(&shop), (24, 32), "nobody gets more than 22, and all together 32");
    let mut of: std::collections::BTreeMap<String, i64> = std::collections::BTreeMap::new();
    for commission in shop.commissions() {
        *of.entry(commission.partner.name).or_default() += commission.earnings;
    }
    assert!(of.values().all(|sum| *sum <= 22), "{of:?}");
    shop.freeze("2026-04-01T00:00:00.000Z");
    visitor(&shop, "v-0");
    assert_eq!(earned(&shop), (25, 37), "another month");
    assert_sound(&shop);
}

#[test]
fn tiers_count_visits() {
    let server = Server::start();
    let steps = json!([{ "from": 1, "amount": 10 }, { "from": 3, "amount": 20 }]);
    let reward = json!({ "event": "click", "type": "tiers", "tiers": { "mode": "marginal", "measure": "count", "steps": steps } });
    let shop = shop(&server, json!([reward]));
    at_once(6, |n| visitor(&shop, &format!("v-{n}")));
    assert_eq!(earned(&shop), (6, 2 * 10 + 4 * 20));
}

#[test]
fn a_reward_counts_from_the_version_that_has_it() {
    let server = Server::start();
    let shop = shop(&server, json!([]));
    visitor(&shop, "v-0");
    assert_eq!(earned(&shop), (0, 0));
    let program: Vec<Program> = shop.get("/v1/programs").ok();
    shop.clock(json!({ "advanceMs": 1000 }));
    shop.patch(&format!("/v1/programs/{}", program[0].id), &json!({ "rewards": five_cents(json!({})) }))
        .ok::<Program>();
    visitor(&shop, "v-1");
    assert_eq!(earned(&shop), (1, 5));
    shop.click(json!({ "key": "MAYA10", "visitorId": "v-2", "timestamp": "2026-03-10T12:00:00Z" }));
    assert_eq!(earned(&shop), (1, 5), "it was before");
}

#[test]
fn a_condition_may_ask_for_the_partner_but_a_percentage_of_nothing_is_refused() {
    let server = Server::start();
    let when = json!({ "when": { "field": "customer", "is": ["returning"] } });
    let shop = shop(&server, five_cents(when));
    visitor(&shop, "v-0");
    assert_eq!(earned(&shop), (0, 0));
    let input = json!({ "name": "X", "url": "https://x.example/", "currency": "usd", "rewards": [{ "event": "click", "type": "percentage", "percentage": "1" }] });
    assert!(shop.post("/v1/programs", &input).refused(422).contains("rewards[0].type"));
}
