//! Tiers over many sales: whatever their order, and at once, they come to what the formula says of the whole.

#![expect(
    clippy::needless_pass_by_value,
    reason = "`sale(json!({ … }))` reads better than `sale(&json!({ … }))`"
)]

use super::sums::assert_sound;
use crate::harness::{Client, Server, at_once};
use goodword_wire::Commission;
use serde_json::{Value, json};

fn shop(server: &Server, tiers: Value) -> Client {
    let shop = server.test();
    shop.freeze("2026-03-10T12:00:00.000Z");
    shop.program(json!({ "rewards": [{ "event": "sale", "type": "tiers", "tiers": tiers }] }));
    shop.partner("MAYA10");
    shop
}

fn sale(shop: &Client, with: Value) -> Commission {
    let mut input = json!({ "customerExternalId": "u-1", "code": "MAYA10", "amount": 10_000 });
    for (name, value) in with.as_object().expect("an object") {
        input[name] = value.clone();
    }
    shop.sale(input).commission.expect("a commission")
}

fn sum(shop: &Client) -> i64 {
    shop.commissions().iter().map(|commission| commission.earnings).sum()
}

fn rebate(mode: &str) -> Value {
    let steps = json!([{ "from": 1_000_000, "percentage": "2" }, { "from": 2_000_000, "percentage": "3" }]);
    json!({ "mode": mode, "period": "quarter", "steps": steps })
}

/// Worked example: rebate, retroactive, 10,000 → 2 %, 20,000 → 3 %: 9,999.99 → 0; 10,000 → 200.00; 19,999.99 → 400.00; 20,000 → 600.00;
/// 25,000 → 750.00 [EXAMPLES: rewards over a period].
#[test]
fn a_retroactive_rebate() {
    let server = Server::start();
    let shop = shop(&server, rebate("retroactive"));
    for (amount, total) in [(999_999, 0), (1, 20_000), (999_999, 40_000), (1, 60_000), (500_000, 75_000)] {
        sale(&shop, json!({ "amount": amount }));
        assert_eq!(sum(&shop), total);
    }
    shop.freeze("2026-04-01T00:00:00.000Z");
    assert_eq!(sale(&shop, json!({ "amount": 999_999 })).earnings, 0, "another quarter begins at nothing");
    let late = json!({ "amount": 100_000, "timestamp": "2026-03-31T23:59:59.999Z" });
    assert_eq!(sale(&shop, late).earnings, 3_000, "what is told late counts in its own quarter");
    assert_sound(&shop);
}

/// Worked example: rebate, marginal, 5 % to 100, 10 % to 350, 15 % to 500: 60 → 3; 200 → 5 + 10 = 15 [`NetSuite`].
#[test]
fn a_marginal_rebate() {
    let server = Server::start();
    let steps = json!([{ "from": 0, "percentage": "5" }, { "from": 10_000, "percentage": "10" }, { "from": 35_000, "percentage": "15" }]);
    let shop = shop(&server, json!({ "mode": "marginal", "steps": steps }));
    sale(&shop, json!({ "amount": 6_000 }));
    assert_eq!(sum(&shop), 300);
    sale(&shop, json!({ "amount": 14_000, "invoiceId": "in_2" }));
    assert_eq!(sum(&shop), 1_500);
    shop.refund(json!({ "invoiceId": "in_2", "refundId": "re_1", "amount": 7_000 }));
    assert_eq!(sum(&shop), 800, "130.00 remain: 5.00 and 10 % of 30.00");
    sale(&shop, json!({ "amount": 7_000 }));
    assert_eq!(sum(&shop), 1_500);
    assert_sound(&shop);
}

/// Worked example: SPIF, per unit: 1–3 units 250 each, 4–6 400, from 7 600. Five units: marginal 1,550; retroactive 2,000.
#[test]
fn units_in_one_order_or_in_several() {
    let steps = json!([{ "from": 1, "amount": 25_000 }, { "from": 4, "amount": 40_000 }, { "from": 7, "amount": 60_000 }]);
    for (mode, expected) in [("marginal", 155_000), ("retroactive", 200_000)] {
        let server = Server::start();
        let shop = shop(&server, json!({ "mode": mode, "measure": "quantity", "steps": steps }));
        let units = |quantity: i64| json!({ "items": [{ "product": "phone", "quantity": quantity, "amount": 10_000 }] });
        sale(&shop, units(5));
        assert_eq!(sum(&shop), expected, "{mode}");
        let other = shop.partner("BERT22").links[0].code.clone();
        for quantity in [2, 1, 2] {
            let mut more = units(quantity);
            more["code"] = json!(other);
            more["customerExternalId"] = json!(format!("u-{quantity}-{}", shop.commissions().len()));
            sale(&shop, more);
        }
        assert_eq!(sum(&shop), 2 * expected, "{mode}, in three orders");
    }
}

#[test]
fn growth_over_the_period_before() {
    let server = Server::start();
    let steps = json!([{ "from": 100_000, "percentage": "10" }]);
    let shop = shop(&server, json!({ "mode": "retroactive_on_growth", "period": "month", "steps": steps }));
    sale(&shop, json!({ "amount": 60_000, "timestamp": "2026-02-03T00:00:00Z" }));
    assert_eq!(sum(&shop), 0);
    sale(&shop, json!({ "amount": 90_000 }));
    assert_eq!(sum(&shop), 0, "the tier is not reached");
    sale(&shop, json!({ "amount": 10_000 }));
    assert_eq!(sum(&shop), 4_000, "10 % of the 400.00 by which 1,000.00 are more than 600.00");
}

fn amounts() -> Vec<i64> {
    (0..50).map(|n| 1_001 + n * 1_237 % 9_973).collect()
}

/// Fifty sales at once come to what the formula says of their total.
#[test]
fn many_at_once() {
    let steps = json!([{ "from": 0, "percentage": "2.9" }, { "from": 50_001, "percentage": "7.3" }, { "from": 150_003, "percentage": "11.1" }]);
    let total: i64 = amounts().iter().sum();
    // In thousandths of a percent, rounded half away from zero, once.
    let rounded = |thousandths: i64| (thousandths + 50_000) / 100_000;
    let marginal = rounded(50_001 * 2_900 + 100_002 * 7_300 + (total - 150_003) * 11_100);
    for (mode, expected) in [("marginal", marginal), ("retroactive", rounded(total * 11_100))] {
        let server = Server::start();
        let shop = shop(&server, json!({ "mode": mode, "steps": steps }));
        let amounts = amounts();
        at_once(50, |n| {
            sale(
                &shop,
                json!({ "customerExternalId": format!("u-{n}"), "amount": amounts[n], "invoiceId": format!("in_{n}") }),
            )
        });
        assert_eq!((shop.commissions().len(), sum(&shop)), (50, expected), "{mode}");
        // The reports sent again change nothing.
        at_once(50, |n| {
            sale(
                &shop,
                json!({ "customerExternalId": format!("u-{n}"), "amount": amounts[n], "invoiceId": format!("in_{n}") }),
            )
        });
        assert_eq!((shop.commissions().len(), sum(&shop)), (50, expected), "{mode}, again");
        assert_sound(&shop);
    }
}

/// Sales in another currency that wait count towards the tiers once there is a rate, in their order of time.
#[test]
fn sales_that_waited_count_when_the_rate_comes() {
    let server = Server::start();
    let shop = shop(&server, rebate("retroactive"));
    let euros = |amount: i64, at: &str| json!({ "amount": amount, "currency": "eur", "timestamp": at });
    sale(&shop, euros(400_000, "2026-03-02T00:00:00Z"));
    sale(&shop, euros(500_000, "2026-03-01T00:00:00Z"));
    sale(&shop, json!({ "amount": 200_000 }));
    assert_eq!(sum(&shop), 0);
    let rate = json!({ "base": "eur", "quote": "usd", "rate": "2", "source": "x", "at": "2026-03-01" });
    assert_eq!(shop.post("/v1/exchange-rates", &rate).json()["resumed"], 2);
    assert_eq!(sum(&shop), 60_000, "3 % of 20,000.00");
    let mut euros: Vec<Commission> = shop.commissions().into_iter().filter(|c| c.amount != 200_000).collect();
    euros.sort_by_key(|commission| commission.amount);
    let told: Vec<i64> = euros.iter().map(|commission| commission.earnings).collect();
    assert_eq!(told, [60_000 - 24_000, 24_000], "the earlier first: 2 % of 12,000.00");
    assert_sound(&shop);
}
