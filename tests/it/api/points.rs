//! Points are counted beside money, and never among it.

#![expect(clippy::needless_pass_by_value, reason = "`step(&shop, &redemption, json!({ … }))` reads better")]

mod catalogue;
mod levels;
mod lots;
mod stories;

use super::sums::assert_sound;
use crate::harness::{Answer, Client, Server};
use goodword_wire::{Completion, EmbedConfig, EmbedMe, Partner, PointsBalance, Redemption};
use serde_json::{Value, json};

#[test]
fn points_are_no_money() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-03-01T09:00:00.000Z");
    let rewards = json!([
        { "event": "lead", "type": "flat", "amount": 250, "unit": "points" },
        { "event": "sale", "type": "percentage", "percentage": "20" },
        { "event": "click", "type": "flat", "amount": 3, "unit": "points" },
    ]);
    shop.program(json!({ "rewards": rewards, "holdDays": 1 }));
    let maya = shop.partner("MAYA10");
    shop.click(json!({ "key": "MAYA10", "visitorId": "v-1" }));
    let lead = shop.lead(json!({ "customerExternalId": "u-1", "code": "MAYA10" }));
    let points = lead.commission.expect("a commission");
    assert_eq!(
        (points.currency.as_str(), points.earnings, points.arithmetic.as_str()),
        ("points", 250, "250 points flat")
    );
    shop.sale(json!({ "customerExternalId": "u-1", "amount": 10_000 }));
    for _ in 0..2 {
        assert_sound(&shop);
        let totals = shop.get("/v1/analytics").json()["totals"].clone();
        let money: i64 =
            ["pending", "processed", "paid"].iter().filter_map(|kind| totals[*kind].as_i64()).sum();
        assert_eq!(money, 2_000, "{totals}");
        let known: Value = shop.get(&format!("/v1/partners/{}", maya.id)).json();
        assert_eq!(known["totalCommissions"], 2_000);
        for (event, earnings) in [("lead", 0), ("click", 0), ("sale", 2_000)] {
            assert_eq!(
                shop.all_rows(&format!("/v1/events?event={event}"), 50)[0]["earnings"],
                earnings,
                "{event}"
            );
        }
        let breakdown: Vec<Value> = shop.get("/v1/analytics/breakdown?by=partners").ok();
        assert_eq!(breakdown[0]["earnings"], 2_000);
        shop.clock(json!({ "advanceDays": 2 }));
    }
    let mut balances: Vec<(String, String, i64)> = shop
        .ledger()
        .accounts
        .into_iter()
        .filter(|a| a.balance != 0)
        .map(|a| (a.kind, a.currency, a.balance))
        .collect();
    balances.sort();
    let expected = [
        ("expense", "points", -253),
        ("expense", "usd", -2_000),
        ("payable", "points", 253),
        ("payable", "usd", 2_000),
    ];
    assert_eq!(
        balances,
        expected.map(|(kind, currency, balance)| (kind.to_owned(), currency.to_owned(), balance))
    );
}

#[test]
fn the_widget_shows_money_alone_as_money() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-03-01T09:00:00.000Z");
    shop.program(
        json!({ "rewards": [{ "event": "lead", "type": "flat", "amount": 250, "unit": "points" }] }),
    );
    let hers = server.page().join("Maya", "maya@example.com");
    server.change("update partner set proven_at = 1");
    let code = shop.get("/v1/partners").json()[0]["links"][0]["code"].clone();
    shop.lead(json!({ "customerExternalId": "u-1", "code": code }));
    let me: Value =
        server.page().with("authorization", &format!("Bearer {}", hers.token)).get("/v1/embed/me").json();
    for kind in ["pending", "processed", "paid"] {
        assert_eq!((&me["totals"][kind], &me["earnings"][kind]), (&json!(0), &json!(0)), "{me}");
    }
    let commission = &me["earnings"]["commissions"][0];
    assert_eq!((&commission["currency"], &commission["earnings"]), (&json!("points"), &json!(250)));
}

/// Balance, what expires next, level, what can be redeemed, what was completed; nothing of it before the address is proven.
#[test]
fn the_widget_shows_points_and_what_they_are_good_for() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-03-01T09:00:00.000Z");
    let custom =
        json!({ "event": "custom", "eventName": "Course", "type": "flat", "amount": 100, "unit": "points" });
    let sale = json!({ "event": "sale", "type": "flat", "amount": 1, "unit": "points", "per": "amount", "perAmount": 1_000 });
    let months = json!({ "event": "lead", "type": "flat", "amount": 1, "unit": "months" });
    shop.program(json!({
        "rewards": [custom, sale, months], "holdDays": 1, "points": { "expireDays": 365 },
        "levels": { "period": "year", "steps": [{ "name": "Silver", "from": 100, "times": "1.5" }, { "name": "Gold", "from": 500, "times": "2" }] },
        "catalogue": [
            { "key": "mug", "name": "Mug", "kind": "material", "price": 80, "stock": 9, "perPartner": 1 },
            { "key": "trip", "name": "Trip", "kind": "voucher", "price": 1_000 },
        ],
    }));
    let hers = server.page().join("Maya", "maya@example.com");
    let page = server.page().with("authorization", &format!("Bearer {}", hers.token));
    let maya = shop.get("/v1/partners").ok::<Vec<Partner>>().remove(0);
    complete(&shop, &maya, "Course", "c-1");
    shop.lead(json!({ "customerExternalId": "u-1", "code": maya.links[0].code }));
    shop.clock(json!({ "advanceDays": 2 }));
    assert_eq!(page.get("/v1/embed/me").ok::<EmbedMe>().points, None, "the address is not proven");
    server.change("update partner set proven_at = 1");
    let me: EmbedMe = page.get("/v1/embed/me").ok();
    let points = me.points.expect("points");
    assert_eq!((points.available, points.held, points.owed, points.expiring), (100, 0, 0, 100));
    let level = points.level.expect("levels");
    assert_eq!(
        (level.name.as_deref(), level.next.as_deref(), level.missing),
        (Some("Silver"), Some("Gold"), 400)
    );
    let articles: Vec<_> = points.articles.iter().map(|a| (a.name.as_str(), a.missing, a.left)).collect();
    assert_eq!(articles, [("Mug", 0, Some(1)), ("Trip", 900, None)]);
    assert_eq!(points.completed[0].badge.as_deref(), Some("c-1"));
    assert!(
        points.url.ends_with(&format!("/p/account/points?program={}", maya.program_id)),
        "{}",
        points.url
    );
    assert_eq!((me.product[0].unit.as_str(), me.product[0].earned, me.product[0].pending), ("months", 1, 0));
    redeem(&shop, &maya, "mug").ok::<Redemption>();
    let me: EmbedMe = page.get("/v1/embed/me").ok();
    assert_eq!(me.points.expect("points").articles[0].left, Some(0), "one for each partner");
    let config: EmbedConfig = server.page().get("/v1/embed/config").ok();
    assert_eq!(
        (config.rewards[1].per_amount, config.rewards[1].unit.as_deref()),
        (Some(1_000), Some("points"))
    );
}

/// There is no amount to take a part of points of, and nothing is ever exchanged for them.
#[test]
fn points_are_no_currency() {
    let server = Server::start();
    let shop = server.test();
    let program = json!({ "name": "X", "url": "https://x.example/", "currency": "points" });
    shop.post("/v1/programs", &program).refused(422);
    shop.program(json!({}));
    shop.post("/v1/track/sale", &json!({ "customerExternalId": "u-1", "amount": 1, "currency": "points" }))
        .refused(422);
}

/// What a partner has of points.
#[track_caller]
fn balance(shop: &Client, partner: &Partner) -> PointsBalance {
    shop.get(&format!("/v1/partners/{}/points?programId={}", partner.id, partner.program_id)).ok()
}

fn redeem(shop: &Client, partner: &Partner, article: &str) -> Answer {
    redeem_for(shop, partner, article, None)
}

fn redeem_for(shop: &Client, partner: &Partner, article: &str, program: Option<&str>) -> Answer {
    let input = json!({ "partnerId": partner.id, "article": article, "programId": program });
    shop.post("/v1/redemptions", &input)
}

fn step(shop: &Client, redemption: &Redemption, what: Value) -> Answer {
    shop.post(&format!("/v1/redemptions/{}/step", redemption.id), &what)
}

#[track_caller]
fn complete(shop: &Client, partner: &Partner, event: &str, badge: &str) -> Completion {
    let input = json!({ "partnerId": partner.id, "eventName": event, "badge": badge });
    shop.post("/v1/completions", &input).ok()
}

#[track_caller]
fn checked(server: &Server) {
    let checked = server.operate("check", &[]);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
}
