//! Programs: made with sensible defaults, changed without touching what was earned.

mod templates;

use crate::harness::Server;
use goodword_wire::{Commission, EmbedConfig, Program};
use serde_json::json;

#[test]
fn defaults() {
    let server = Server::start();
    let shop = server.test();
    let made: Program = shop
        .post("/v1/programs", &json!({ "name": " Tea ", "url": "https://shop.example", "currency": "USD" }))
        .ok();
    assert_eq!(
        (made.name.as_str(), made.url.as_str(), made.currency.as_str()),
        ("Tea", "https://shop.example/", "usd")
    );
    assert_eq!(
        (made.attribution_model.as_str(), made.attribution_window_days, made.hold_days),
        ("last_touch", 60, 30)
    );
    assert_eq!(
        (made.min_payout, made.auto_approve, made.status.as_str(), made.default),
        (5000, true, "open", true)
    );
    assert_eq!((made.rewards.len(), made.groups.len(), made.groups[0].default), (0, 1, true));
    let second = shop.program(json!({ "name": "Second" }));
    assert!(!second.default);
    assert_eq!(shop.get(&format!("/v1/programs/{}", second.id)).ok::<Program>(), second);
    assert_eq!(shop.get("/v1/programs").ok::<Vec<Program>>(), [second, made]);
}

#[test]
fn a_change_leaves_what_was_earned_alone() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-03-01T00:00:00.000Z");
    let program = shop.program(json!({}));
    shop.partner("MAYA10");
    let earn = |customer: &str| {
        let sale = json!({ "customerExternalId": customer, "amount": 10_000, "code": "MAYA10", "invoiceId": customer });
        shop.sale(sale).commission.expect("a commission")
    };
    let old = earn("u-1");
    let change =
        json!({ "holdDays": 10, "rewards": [{ "event": "sale", "type": "percentage", "percentage": "50" }] });
    let changed: Program = shop.patch(&format!("/v1/programs/{}", program.id), &change).ok();
    assert_eq!((changed.hold_days, changed.name.as_str()), (10, "Friends of Tea"), "what is left out stays");
    let same: Commission = shop.commission(&old.id);
    assert_eq!(same, old);
    let new = earn("u-2");
    assert_eq!((new.earnings, new.clears_at.as_str()), (5000, "2026-03-11T00:00:00.000Z"));
    assert_eq!((old.earnings, old.clears_at.as_str()), (2000, "2026-03-31T00:00:00.000Z"));
    let refund = shop.refund(json!({ "invoiceId": "u-1", "refundId": "re_1", "amount": 5000 }));
    assert_eq!(refund.commission.map(|c| c.earnings), Some(1000), "by the rate it was earned at");
}

#[test]
fn the_currency_stays() {
    let server = Server::start();
    let shop = server.test();
    let program = shop.program(json!({}));
    let path = format!("/v1/programs/{}", program.id);
    assert!(shop.patch(&path, &json!({ "currency": "eur" })).refused(422).contains("`currency`"));
    shop.patch(&path, &json!({ "currency": "USD", "name": "Same" })).ok::<Program>();
}

#[test]
fn changed_terms_are_agreed_to_anew() {
    let server = Server::start();
    let shop = server.test();
    let program = shop.program(json!({ "terms": { "version": "2", "url": "https://shop.example/terms" } }));
    let config: EmbedConfig = server.page().get("/v1/embed/config").ok();
    assert_eq!(
        (config.terms.version.as_str(), config.terms.url.as_str()),
        ("2", "https://shop.example/terms")
    );
    let join = |version: &str| {
        server.page().try_join(
            "Maya",
            &format!("maya{version}@example.com"),
            json!({ "termsVersion": version }),
        )
    };
    assert!(join("1").refused(409).contains('2'));
    join("2").ok::<serde_json::Value>();
    shop.patch(&format!("/v1/programs/{}", program.id), &json!({ "terms": { "version": "3", "url": "" } }))
        .ok::<Program>();
    join("2").refused(409);
    let refused = server.page().try_join(
        "Maya",
        "m@example.com",
        json!({ "termsAccepted": false, "termsVersion": "3" }),
    );
    assert!(refused.refused(422).contains("`termsAccepted`"));
}
