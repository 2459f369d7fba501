//! The most a reward pays: for an event, a customer, a partner and all together.

#![expect(
    clippy::needless_pass_by_value,
    reason = "`sale(json!({ … }))` reads better than `sale(&json!({ … }))`"
)]

use super::sums::assert_sound;
use crate::harness::{Client, Server, at_once};
use goodword_wire::Commission;
use serde_json::{Value, json};

fn shop(server: &Server, rewards: Value) -> Client {
    let shop = server.test();
    shop.freeze("2026-01-10T12:00:00.000Z");
    shop.program(json!({ "rewards": rewards }));
    shop.partner("MAYA10");
    shop.partner("BERT22");
    shop
}

fn twenty_percent(caps: &Value) -> Value {
    json!([{ "event": "sale", "type": "percentage", "percentage": "20", "caps": caps }])
}

fn sale(shop: &Client, customer: &str, code: &str, with: Value) -> Commission {
    let mut input = json!({ "customerExternalId": customer, "code": code, "amount": 10_000 });
    for (name, value) in with.as_object().expect("an object") {
        input[name] = value.clone();
    }
    shop.sale(input).commission.expect("a commission")
}

fn sum(shop: &Client) -> i64 {
    shop.commissions().iter().map(|commission| commission.earnings).sum()
}

/// Worked example: bounty cap 36.00 per subscriber. Yearly plan: 36.00 once. Monthly plan at 18.00 a month: months 1 and 2 → 36.00,
/// month 3 → 0; cancelled after month 1 → 18.00 [Canva's terms].
#[test]
fn a_bounty_per_subscriber() {
    let server = Server::start();
    let plan = |plan: &str, amount: i64| json!({ "event": "sale", "type": "flat", "amount": amount, "caps": { "customer": 3_600 }, "when": { "field": "plan", "is": [plan] } });
    let shop = shop(&server, json!([plan("yearly", 3_600), plan("monthly", 1_800)]));
    let item = |plan: &str| json!({ "items": [{ "plan": plan, "amount": 10_000 }] });
    let yearly = sale(&shop, "yearly", "MAYA10", item("yearly"));
    assert_eq!(yearly.earnings, 3_600);
    let months: Vec<i64> = (0..3)
        .map(|_| {
            let earned = sale(&shop, "monthly", "MAYA10", item("monthly")).earnings;
            shop.clock(json!({ "advanceDays": 31 }));
            earned
        })
        .collect();
    assert_eq!(months, [1_800, 1_800, 0]);
    assert_eq!(sale(&shop, "cancelled", "MAYA10", item("monthly")).earnings, 1_800);
    shop.clock(json!({ "advanceDays": 300 }));
    assert_eq!(sale(&shop, "yearly", "MAYA10", item("yearly")).earnings, 0, "the next year");
    assert_eq!(sum(&shop), 3_600 + 3_600 + 1_800);
    assert_sound(&shop);
}

#[test]
fn a_refund_makes_room_under_the_cap_of_a_customer() {
    let server = Server::start();
    let shop = shop(&server, twenty_percent(&json!({ "customer": 3_000 })));
    sale(&shop, "u-1", "MAYA10", json!({ "invoiceId": "in_1" }));
    let second = sale(&shop, "u-1", "MAYA10", json!({}));
    assert_eq!(
        (second.earnings, second.arithmetic.as_str()),
        (1_000, "20% of 100.00 USD = 20.00 USD; capped to 10.00 USD")
    );
    shop.refund(json!({ "invoiceId": "in_1", "refundId": "re_1" }));
    assert_eq!(sum(&shop), 1_000);
    assert_eq!(sale(&shop, "u-1", "MAYA10", json!({})).earnings, 2_000);
    assert_eq!(sale(&shop, "u-1", "MAYA10", json!({})).earnings, 0);
    assert_sound(&shop);
}

#[test]
fn an_event_and_a_partner_in_a_month() {
    let server = Server::start();
    let shop = shop(&server, twenty_percent(&json!({ "event": 1_500, "partner": 4_000, "period": "month" })));
    let of = |code: &str, at: &str| {
        sale(&shop, &format!("{code} {at}"), code, json!({ "timestamp": at })).earnings
    };
    let january: Vec<i64> = (1..=4).map(|day| of("MAYA10", &format!("2026-01-0{day}T00:00:00Z"))).collect();
    assert_eq!(january, [1_500, 1_500, 1_000, 0]);
    assert_eq!(of("BERT22", "2026-01-05T00:00:00Z"), 1_500, "another partner");
    assert_eq!(of("MAYA10", "2025-12-31T23:59:59.999Z"), 1_500, "another month");
    shop.freeze("2026-02-01T00:00:00.000Z");
    assert_eq!(of("MAYA10", "2026-02-01T00:00:00Z"), 1_500);
    assert_eq!(of("MAYA10", "2026-01-31T23:59:59.999Z"), 0);
    assert_sound(&shop);
}

#[test]
fn all_together_at_once() {
    let server = Server::start();
    let shop =
        shop(&server, twenty_percent(&json!({ "total": 33_333, "partner": 17_777, "period": "quarter" })));
    at_once(50, |n| {
        let code = if n % 2 == 0 { "MAYA10" } else { "BERT22" };
        sale(&shop, &format!("u-{n}"), code, json!({}))
    });
    let all = shop.commissions();
    assert_eq!((all.len(), sum(&shop)), (50, 33_333));
    for name in ["Partner MAYA10", "Partner BERT22"] {
        let hers: i64 = all.iter().filter(|c| c.partner.name == name).map(|c| c.earnings).sum();
        assert!(hers <= 17_777, "{name}: {hers}");
    }
    assert_sound(&shop);
}

#[test]
fn a_customer_at_once() {
    let server = Server::start();
    let shop = shop(&server, twenty_percent(&json!({ "customer": 7_001 })));
    at_once(20, |n| sale(&shop, "u-1", "MAYA10", json!({ "invoiceId": format!("in_{n}") })));
    assert_eq!((shop.commissions().len(), sum(&shop)), (20, 7_001));
    assert_sound(&shop);
}

/// The cap is for the sale; those who share it share what is left under it.
#[test]
fn partners_who_share_a_sale_share_the_room() {
    let server = Server::start();
    let shop = shop(&server, twenty_percent(&json!({ "total": 1_001 })));
    let partners =
        json!([{ "code": "MAYA10", "percentage": "50" }, { "code": "BERT22", "percentage": "50" }]);
    let shared = shop.sale(json!({ "customerExternalId": "u-1", "amount": 10_000, "partners": partners }));
    let earned: Vec<i64> = shared.commissions.iter().map(|commission| commission.earnings).collect();
    assert_eq!(earned, [501, 500]);
    assert_sound(&shop);
}

/// The same for a sale that waits for its rate.
#[test]
fn the_room_is_that_of_the_moment_the_rate_comes() {
    let server = Server::start();
    let shop = shop(&server, twenty_percent(&json!({ "total": 3_001 })));
    let partners =
        json!([{ "code": "MAYA10", "percentage": "50" }, { "code": "BERT22", "percentage": "50" }]);
    let waiting = shop.sale(
        json!({ "customerExternalId": "u-1", "amount": 10_000, "currency": "eur", "partners": partners }),
    );
    assert!(waiting.commissions.iter().all(|commission| commission.status == "needs_rate"));
    assert_eq!(sale(&shop, "u-2", "MAYA10", json!({})).earnings, 2_000);
    let rate = json!({ "base": "eur", "quote": "usd", "rate": "1.1", "source": "x", "at": "2026-01-10" });
    assert_eq!(shop.post("/v1/exchange-rates", &rate).json()["resumed"], 1);
    let mut earned: Vec<i64> = shop.commissions().iter().map(|commission| commission.earnings).collect();
    earned.sort_unstable();
    assert_eq!(earned, [500, 501, 2_000]);
    assert_sound(&shop);
}
