//! What a commission comes to: rates, rounding, groups, durations, currencies.

use crate::harness::{Client, Server};
use goodword_wire::{Commission, Group, Program};
use serde_json::{Value, json};

fn shop(server: &Server, rewards: &Value) -> (Client, Program) {
    let shop = server.test();
    shop.freeze("2026-01-31T10:00:00.000Z");
    let program = shop.program(json!({ "rewards": rewards }));
    shop.partner("MAYA10");
    (shop, program)
}

fn sale(shop: &Client, customer: &str, amount: i64) -> Option<Commission> {
    shop.sale(json!({ "customerExternalId": customer, "amount": amount, "code": "MAYA10" })).commission
}

fn percent(rate: &str) -> Value {
    json!([{ "event": "sale", "type": "percentage", "percentage": rate }])
}

/// Worked example: percent commissions, half away from zero, minor units [Dub's published tests].
#[test]
fn percentages_round_half_away_from_zero() {
    let server = Server::start();
    let (shop, program) = shop(&server, &json!([]));
    let path = format!("/v1/programs/{}", program.id);
    let cases = [
        (1000, "20", 200),
        (7, "20", 1),
        (2, "20", 0),
        (3, "20", 1),
        (15, "10", 2),
        (1, "50", 1),
        (500, "2.9", 15),
    ];
    for (amount, rate, expected) in cases {
        shop.patch(&path, &json!({ "rewards": percent(rate) })).ok::<Program>();
        let earned = sale(&shop, &format!("{amount} at {rate}"), amount).map(|c| c.earnings);
        assert_eq!(earned, Some(expected), "{amount} @ {rate} %");
    }
}

#[test]
fn flat_for_the_lead_and_a_percentage_of_the_sale() {
    let server = Server::start();
    let rewards = json!([{ "event": "lead", "type": "flat", "amount": 150 }, { "event": "sale", "type": "percentage", "percentage": "12.5" }]);
    let (shop, _) = shop(&server, &rewards);
    let lead =
        shop.lead(json!({ "customerExternalId": "u-1", "code": "MAYA10" })).commission.expect("a commission");
    assert_eq!(
        (lead.kind.as_str(), lead.earnings, lead.amount, lead.arithmetic.as_str()),
        ("lead", 150, 0, "1.50 USD flat")
    );
    let sale = sale(&shop, "u-1", 1000).expect("a commission");
    assert_eq!((sale.kind.as_str(), sale.earnings, sale.amount), ("sale", 125, 1000));
    let second =
        shop.lead(json!({ "customerExternalId": "u-1", "code": "MAYA10", "eventName": "Newsletter" }));
    assert!(second.commission.is_none(), "a person signs up once: {second:?}");
}

#[test]
fn a_group_has_its_own_terms() {
    let server = Server::start();
    let (shop, program) = shop(&server, &percent("20"));
    let path = format!("/v1/programs/{}", program.id);
    let vips: Group = shop.post(&format!("{path}/groups"), &json!({ "name": "VIP" })).ok();
    let everyone = program.groups.iter().find(|g| g.default).expect("a group").id.clone();
    let rewards = |group: &str| {
        json!({ "rewards": [
        { "event": "sale", "type": "percentage", "percentage": "30", "groupId": group },
        { "event": "sale", "type": "percentage", "percentage": "20" },
    ] })
    };
    shop.patch(&path, &rewards(&vips.id)).ok::<Program>();
    assert_eq!(sale(&shop, "u-1", 1000).map(|c| c.earnings), Some(200), "Maya is not of that group");
    shop.patch(&path, &rewards(&everyone)).ok::<Program>();
    assert_eq!(sale(&shop, "u-2", 1000).map(|c| c.earnings), Some(300));
    let offer: Value = server.page().get("/v1/embed/config").ok();
    assert_eq!(
        offer["rewards"].as_array().map(Vec::len),
        Some(1),
        "what a group gets is between it and the vendor"
    );
    shop.patch(&path, &rewards("grp_00000000-0000-7000-8000-000000000000")).refused(422);
    shop.post(&format!("{path}/groups"), &json!({ "name": "VIP" })).refused(409);
}

/// Worked example: Canva-like, a bounty of 36.00 once per subscriber of the yearly plan [our arithmetic on Canva's terms].
#[test]
fn a_duration_of_zero_months_pays_once() {
    let server = Server::start();
    let (shop, _) =
        shop(&server, &json!([{ "event": "sale", "type": "flat", "amount": 3600, "maxDuration": 0 }]));
    assert_eq!(sale(&shop, "u-1", 12_000).map(|c| c.earnings), Some(3600));
    let late = json!({ "customerExternalId": "u-1", "amount": 12_000, "code": "MAYA10", "timestamp": "2026-01-01T00:00:00Z" });
    assert!(
        shop.sale(late).commission.is_none(),
        "once is once, also for an earlier sale that is reported later"
    );
    shop.clock(json!({ "advanceDays": 365 }));
    let again = shop.sale(json!({ "customerExternalId": "u-1", "amount": 12_000 }));
    assert_eq!((again.credited, again.reason.as_str(), again.commission), (true, "no_reward_applies", None));
    assert_eq!(sale(&shop, "u-2", 12_000).map(|c| c.earnings), Some(3600), "another subscriber pays again");
}

#[test]
fn a_duration_of_a_month_ends_at_its_last_instant() {
    let server = Server::start();
    let (shop, _) = shop(
        &server,
        &json!([{ "event": "sale", "type": "percentage", "percentage": "10", "maxDuration": 1 }]),
    );
    assert!(sale(&shop, "u-1", 1000).is_some());
    shop.freeze("2026-02-28T09:59:59.999Z");
    assert!(
        sale(&shop, "u-1", 1000).is_some(),
        "31 January and one month is 28 February, at the same time of day"
    );
    shop.freeze("2026-02-28T10:00:00.000Z");
    assert!(sale(&shop, "u-1", 1000).is_none());
}

#[test]
fn without_an_end_it_pays_for_ever() {
    let server = Server::start();
    let (shop, _) = shop(&server, &percent("10"));
    assert!(sale(&shop, "u-1", 1000).is_some());
    shop.freeze("2046-01-31T10:00:00.000Z");
    assert!(sale(&shop, "u-1", 1000).is_some());
}

#[test]
fn currencies_keep_their_digits() {
    let server = Server::start();
    let shop = server.test();
    for (currency, exponent, min_payout, shown) in
        [("jpy", 0, 50, "10% of 1005 JPY = 101 JPY"), ("kwd", 3, 50_000, "10% of 1.005 KWD = 0.101 KWD")]
    {
        let program = shop.program(json!({ "currency": currency, "rewards": percent("10") }));
        assert_eq!(program.min_payout, min_payout);
        let partner = shop.partner_with(&format!("{currency}-1"), json!({ "programId": program.id }));
        let sale = json!({ "customerExternalId": currency, "amount": 1005, "currency": currency, "code": partner.links[0].code, "programId": program.id });
        let commission = shop.sale(sale).commission.expect("a commission");
        assert_eq!(
            (commission.arithmetic.as_str(), commission.earnings, commission.currency.as_str()),
            (shown, 101, currency)
        );
        let config: Value = server.page().get(&format!("/v1/embed/config?programId={}", program.id)).ok();
        assert_eq!(config["exponent"], exponent);
    }
}

#[test]
fn the_largest_amount_is_computed_exactly() {
    let server = Server::start();
    let (shop, _) = shop(&server, &percent("33.3333"));
    assert_eq!(sale(&shop, "u-1", 1_000_000_000_000).map(|c| c.earnings), Some(333_333_000_000));
}

/// A trial, or a voucher for the whole price, earns nothing and uses up nothing of a reward's duration.
#[test]
fn where_nothing_was_paid_nothing_is_earned() {
    let server = Server::start();
    let (shop, _) =
        shop(&server, &json!([{ "event": "sale", "type": "flat", "amount": 500, "maxDuration": 0 }]));
    let trial = shop.sale(json!({ "customerExternalId": "u-1", "amount": 0, "code": "MAYA10" }));
    assert_eq!((trial.credited, trial.reason.as_str(), trial.commission), (true, "nothing_paid", None));
    let paid = shop.sale(json!({ "customerExternalId": "u-1", "amount": 900 }));
    assert_eq!(paid.commission.map(|c| c.earnings), Some(500));
}
