//! Figures by day, what is next, and when money comes.

use crate::harness::{Client, ORIGIN, Server};
use goodword_wire::{EmbedFigures, EmbedMe, EmbedTokenOutput, Partner, TokenOutput};
use serde_json::{Value, json};

/// A partner's page, by way of the vendor's server.
fn page_of(server: &Server, email: &str) -> Client {
    let body = json!({ "partner": { "email": email, "username": "MAYA10" } });
    let made: EmbedTokenOutput = server.test().post("/v1/tokens/embed/referrals", &body).ok();
    let token: TokenOutput =
        server.page().post("/v1/embed/identify", &json!({ "token": made.public_token })).ok();
    server.bearer(&token.token).with("origin", ORIGIN)
}

fn sell(shop: &Client, customer: &str, amount: i64) {
    shop.sale(json!({ "customerExternalId": customer, "amount": amount, "code": "MAYA10" }));
}

#[test]
fn every_day_has_its_figures() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-11-10T12:00:00.000Z");
    shop.program(json!({}));
    let maya = page_of(&server, "maya@example.com");
    sell(&shop, "u-1", 1000);
    shop.freeze("2026-11-12T12:00:00.000Z");
    sell(&shop, "u-2", 500);
    server.page().click(json!({ "key": "MAYA10", "visitorId": "b" }));
    let told: EmbedFigures = maya.get("/v1/embed/figures?days=7").ok();
    assert_eq!(told.from, "2026-11-06");
    assert_eq!(told.sales, [0, 0, 0, 0, 1, 0, 1]);
    assert_eq!(told.earnings, [0, 0, 0, 0, 200, 0, 100]);
    assert_eq!(told.clicks, [0, 0, 0, 0, 0, 0, 1]);
    let month: EmbedFigures = maya.get("/v1/embed/figures").ok();
    assert_eq!((month.sales.len(), month.from.as_str()), (30, "2026-10-14"));
    assert_eq!(maya.get("/v1/embed/figures?days=90").ok::<EmbedFigures>().leads.len(), 90);
    for bad in ["6", "367", "x"] {
        assert!(maya.get(&format!("/v1/embed/figures?days={bad}")).status >= 400, "{bad}");
    }
}

fn nudge(page: &Client) -> Value {
    page.get("/v1/embed/me").ok::<Value>()["nudge"].clone()
}

#[test]
fn the_nearest_of_tiers_and_milestones_is_next() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-11-10T12:00:00.000Z");
    shop.program(json!({
        "rewards": [{ "event": "sale", "type": "tiers", "tiers": { "mode": "retroactive", "measure": "count", "period": "month", "steps": [
            { "from": 1, "amount": 100 }, { "from": 3, "amount": 400 }] } }],
        "widget": { "milestones": [{ "of": "sales", "at": 10, "text": "a mug" }] },
    }));
    let maya = page_of(&server, "maya@example.com");
    sell(&shop, "u-1", 1000);
    assert_eq!(
        nudge(&maya),
        json!({ "of": "sales", "left": 2, "at": 3, "amount": 400, "until": "2026-12-01T00:00:00.000Z" })
    );
    sell(&shop, "u-2", 1000);
    sell(&shop, "u-3", 1000);
    assert_eq!(nudge(&maya), json!({ "of": "sales", "left": 7, "at": 10, "text": "a mug" }));
    shop.freeze("2026-12-01T00:00:00.000Z");
    assert_eq!(nudge(&maya)["text"], json!("a mug"), "seven of ten are nearer than one of one");
}

#[test]
fn the_next_payout_is_what_clears_by_then() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-11-10T12:00:00.000Z");
    shop.program(json!({ "holdDays": 10, "minPayout": 300, "widget": { "payoutDay": 15 } }));
    let maya = page_of(&server, "maya@example.com");
    let earnings = || maya.get("/v1/embed/me").ok::<EmbedMe>().earnings.expect("earnings");
    sell(&shop, "u-1", 1000);
    let partners: Vec<Partner> = shop.get("/v1/partners").ok();
    let paid = json!({ "method": "paypal", "email": "maya@example.com" });
    shop.put(&format!("/v1/partners/{}/payout-method", partners[0].id), &paid).ok::<Value>();
    assert_eq!(earnings().next_payout_at, None, "200 are not enough, and clear after the 15th");
    sell(&shop, "u-2", 1000);
    assert_eq!(earnings().next_payout_at, None, "they clear on the 20th");
    shop.freeze("2026-11-15T00:00:00.000Z");
    let told = earnings();
    assert_eq!(
        (told.next_payout_at.as_deref(), told.next_payout),
        (Some("2026-12-15T00:00:00.000Z"), Some(400))
    );
    assert_eq!(told.months, ["2026-11"]);
    shop.freeze("2027-01-02T00:00:00.000Z");
    assert_eq!(earnings().months, ["2027-01", "2026-12", "2026-11"]);
}
