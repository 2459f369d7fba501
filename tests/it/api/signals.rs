//! What speaks against a sale: each rule by itself, what it does, and when it says nothing.

use crate::harness::{BROWSER, Client, ORIGIN, Server, Start};
use goodword_wire::{ClickOutput, Program, Review, SaleOutput, SignalRules};
use serde_json::{Value, json};

/// A program with one rule set, and a partner.
#[expect(clippy::needless_pass_by_value, reason = "callers make it in place")]
fn shop(server: &Server, signals: Value) -> Client {
    let shop = server.test();
    shop.freeze("2026-03-01T09:00:00.000Z");
    shop.program(json!({ "signals": signals }));
    shop.partner("MAYA10");
    shop
}

#[expect(clippy::needless_pass_by_value, reason = "callers make it in place")]
fn sale(shop: &Client, customer: &str, with: Value) -> SaleOutput {
    let mut input =
        json!({ "customerExternalId": customer, "amount": 1000, "invoiceId": format!("in_{customer}") });
    input.as_object_mut().expect("an object").extend(with.as_object().expect("an object").clone());
    shop.sale(input)
}

fn by_code(shop: &Client, customer: &str) -> SaleOutput {
    sale(shop, customer, json!({ "code": "MAYA10" }))
}

/// The rules that speak against a sale, and the status of its commission.
fn found(shop: &Client, sale: &SaleOutput) -> (Vec<String>, String) {
    let commission = sale.commission.as_ref().expect("a commission");
    let reviews: Vec<Review> = shop.all("/v1/reviews", 100);
    let review = reviews.into_iter().find(|review| review.id == commission.id);
    let rules = review.map_or_else(Vec::new, |review| {
        assert_eq!((review.event.as_str(), review.event_id.as_str()), ("sale", sale.id.as_str()));
        assert!(review.signals.iter().all(|s| !s.signal.why.is_empty() && !s.explanation.is_empty()));
        review.signals.into_iter().map(|signal| signal.signal.rule).collect()
    });
    (rules, commission.status.clone())
}

#[track_caller]
fn is(shop: &Client, sale: &SaleOutput, rules: &[&str], status: &str) {
    let expected = (rules.iter().map(|rule| (*rule).to_owned()).collect(), status.to_owned());
    assert_eq!(found(shop, sale), expected, "{sale:#?}");
}

#[test]
fn a_partners_own_mailbox() {
    let server = Server::start();
    let shop = shop(&server, json!({}));
    let own = json!({ "code": "MAYA10", "customerEmail": "Maya10+tea@Partners.example" });
    is(&shop, &sale(&shop, "u-1", own), &["self_referral_email"], "hold");
    let other = json!({ "code": "MAYA10", "customerEmail": "jo@partners.example" });
    is(&shop, &sale(&shop, "u-2", other), &[], "pending");
    let held = shop.ledger().accounts.into_iter().find(|a| a.kind == "held").expect("an account");
    assert_eq!(held.balance, 400, "what is in review is held like any other");
}

#[test]
fn throw_away_mail() {
    let server = Server::start();
    let shop = shop(&server, json!({}));
    let with = |address: &str| json!({ "code": "MAYA10", "customerEmail": address });
    is(&shop, &sale(&shop, "u-1", with("x@mailinator.com")), &["disposable_email"], "hold");
    is(&shop, &sale(&shop, "u-2", with("x@gmail.com")), &[], "pending");
}

#[test]
fn coupon_sites_and_leaked_codes() {
    let server = Server::start();
    let shop = shop(&server, json!({ "couponSites": ["deals.example"] }));
    let from = |referrer: &str| {
        shop.click(json!({ "key": "MAYA10", "referrer": referrer, "visitorId": referrer.replace(['/', ':', '.'], "-") })).click_id
    };
    let came = sale(&shop, "u-1", json!({ "clickId": from("https://www.retailmenot.com/view/shop") }));
    is(&shop, &came, &["coupon_site"], "hold");
    is(&shop, &by_code(&shop, "u-2"), &[], "pending");
    for (customer, site) in [("u-3", "https://retailmenot.com/"), ("u-4", "https://m.deals.example/")] {
        let both = json!({ "clickId": from(site), "code": "MAYA10" });
        is(&shop, &sale(&shop, customer, both), &["coupon_site"], "hold");
    }
    is(&shop, &by_code(&shop, "u-5"), &["coupon_site"], "hold");
}

#[test]
fn paid_ads_are_looked_for_where_the_program_says_so() {
    let server = Server::start();
    let shop = shop(&server, json!({ "paid_ads": { "action": "block" } }));
    let click = |visitor: &str, url: &str| {
        shop.click(json!({ "key": "MAYA10", "url": url, "visitorId": visitor })).click_id
    };
    let paid = sale(&shop, "u-1", json!({ "clickId": click("v1", "https://shop.example/?gclid=Personal1") }));
    is(&shop, &paid, &["paid_ads"], "fraud");
    assert_eq!(paid.commission.as_ref().expect("a commission").earnings, 0);
    assert_eq!(shop.transfers().len(), 0, "nothing is credited for what is blocked");
    assert!(paid.credited && paid.reason == "last_touch", "{paid:?}");
    let landing = paid.touchpoints[0].landing_page.as_deref();
    assert_eq!(landing, Some("https://shop.example/"), "the value of the ad's parameter is not kept");
    let unpaid = sale(
        &shop,
        "u-2",
        json!({ "clickId": click("v2", "https://shop.example/?utm_source=blog&fbclid=x") }),
    );
    is(&shop, &unpaid, &[], "pending");
    assert_eq!(unpaid.touchpoints[0].utm.as_ref().and_then(|utm| utm.source.as_deref()), Some("blog"));
    let address = "/r/MAYA10?msclkid=x".to_owned();
    let redirected = server.nobody().get(&address);
    let location = redirected.header("location").expect("where to").to_owned();
    let id = location.split("gw_id=").nth(1).expect("a click");
    is(&shop, &sale(&shop, "u-3", json!({ "clickId": id })), &["paid_ads"], "fraud");
}

#[test]
fn banned_sources_block() {
    let server = Server::start();
    let shop = shop(&server, json!({ "bannedSources": ["spam.example"] }));
    let click =
        shop.click(json!({ "key": "MAYA10", "referrer": "https://a.spam.example/x", "visitorId": "v1" }));
    is(&shop, &sale(&shop, "u-1", json!({ "clickId": click.click_id })), &["banned_source"], "fraud");
}

#[test]
fn more_than_people_make() {
    let server = Server::start();
    let shop = shop(&server, json!({ "velocity": { "perHour": 3, "perDay": 5 } }));
    for (n, rules) in [(1, 0), (2, 0), (3, 1), (4, 1)] {
        assert_eq!(found(&shop, &by_code(&shop, &format!("u-{n}"))).0.len(), rules, "number {n}");
    }
    shop.freeze("2026-03-01T10:00:02.000Z");
    is(&shop, &by_code(&shop, "u-5"), &["velocity"], "hold");
    shop.freeze("2026-03-02T11:00:00.000Z");
    is(&shop, &by_code(&shop, "u-6"), &[], "pending");
}

/// A threshold above what is counted for many at once is counted alone.
#[test]
fn velocity_of_a_large_partner() {
    let server = Server::start();
    let shop = shop(&server, json!({ "velocity": { "perHour": 1000, "perDay": 203 } }));
    for n in 0..202 {
        by_code(&shop, &format!("u-{n}"));
    }
    is(&shop, &by_code(&shop, "last"), &["velocity"], "hold");
    assert_eq!(shop.all::<Review>("/v1/reviews", 100).len(), 1);
}

#[test]
fn too_many_refunds() {
    let server = Server::start();
    let shop = shop(&server, json!({ "refund_rate": { "percent": 50, "sales": 3 } }));
    for n in 1..=3 {
        is(&shop, &by_code(&shop, &format!("u-{n}")), &[], "pending");
    }
    shop.refund(json!({ "invoiceId": "in_u-1", "refundId": "re_1", "amount": 1 }));
    is(&shop, &by_code(&shop, "u-4"), &[], "pending");
    shop.refund(json!({ "invoiceId": "in_u-2", "refundId": "re_2" }));
    is(&shop, &by_code(&shop, "u-5"), &["refund_rate"], "hold");
    shop.clock(json!({ "advanceDays": 91 }));
    is(&shop, &by_code(&shop, "u-6"), &[], "pending");
}

/// What they count is asked for apart.
#[test]
fn velocity_and_refunds_count_without_one_another() {
    let off = json!({ "action": "off" });
    let server = Server::start();
    let fast = shop(&server, json!({ "velocity": { "perHour": 2 }, "refund_rate": off }));
    is(&fast, &by_code(&fast, "u-1"), &[], "pending");
    is(&fast, &by_code(&fast, "u-2"), &["velocity"], "hold");

    let server = Server::start();
    let refunded = shop(&server, json!({ "velocity": off, "refund_rate": { "percent": 50, "sales": 1 } }));
    is(&refunded, &by_code(&refunded, "u-1"), &[], "pending");
    refunded.refund(json!({ "invoiceId": "in_u-1", "refundId": "re_1", "amount": 1 }));
    is(&refunded, &by_code(&refunded, "u-2"), &["refund_rate"], "hold");
}

fn redirected(server: &Server, agent: &str, referrer: Option<&str>) -> String {
    let visitor = server.nobody().with("user-agent", agent);
    let visitor = referrer.map_or(visitor.clone(), |referrer| visitor.with("referer", referrer));
    let answer = visitor.get("/r/MAYA10");
    answer.header("location").expect("where to").split("gw_id=").nth(1).expect("a click").to_owned()
}

#[test]
fn sales_at_once_from_nowhere() {
    let server = Server::start();
    let shop = shop(&server, json!({ "no_referrer_instant": { "sales": 2, "seconds": 1 } }));
    let bought = |n: u32, referrer: Option<&str>| {
        let id = redirected(&server, &format!("{BROWSER} {n}"), referrer);
        sale(&shop, &format!("u-{n}"), json!({ "clickId": id }))
    };
    is(&shop, &bought(1, None), &[], "pending");
    is(&shop, &bought(2, Some("https://blog.example/")), &[], "pending");
    is(&shop, &bought(3, None), &["no_referrer_instant"], "hold");
    let id = redirected(&server, &format!("{BROWSER} 4"), None);
    shop.freeze("2026-03-01T09:00:02.000Z");
    is(&shop, &sale(&shop, "u-4", json!({ "clickId": id })), &[], "pending");
}

/// Behind a proxy that is trusted, from public addresses.
#[test]
fn a_partners_own_address() {
    let server = Server::special(Start::with(&["--trust-proxy"]));
    let shop = server.test();
    shop.freeze("2026-03-01T09:00:00.000Z");
    shop.program(json!({}));
    let at = |client: Client, address: &str| client.with("x-forwarded-for", address);
    let maya = at(server.page(), "203.0.113.7").join("Maya", "maya@example.com");
    let key = maya.join.me.expect("her page").link.expect("a link").key;
    let from = |address: &str, n: u32| {
        let visitor = at(server.nobody(), address).with("user-agent", &format!("{BROWSER} {n}"));
        let answer = visitor.with("referer", "https://blog.example/").get(&format!("/r/{key}"));
        let id =
            answer.header("location").expect("where to").split("gw_id=").nth(1).expect("a click").to_owned();
        sale(&shop, &format!("u-{n}"), json!({ "clickId": id }))
    };
    is(&shop, &from("203.0.113.7", 1), &["self_referral_address"], "hold");
    is(&shop, &from("203.0.113.8", 2), &[], "pending");
    let page = at(server.bearer(&maya.token), "203.0.113.9").with("origin", ORIGIN);
    assert_eq!(page.get("/v1/embed/me").status, 200);
    is(&shop, &from("203.0.113.9", 3), &["self_referral_address"], "hold");
    is(&shop, &from("192.168.1.5", 4), &[], "pending");
}

#[test]
fn private_addresses_speak_against_nobody() {
    let server = Server::start();
    let shop = server.test();
    shop.program(json!({}));
    let maya = server.page().join("Maya", "maya@example.com");
    let key = maya.join.me.expect("her page").link.expect("a link").key;
    let answer = server.nobody().with("referer", "https://blog.example/").get(&format!("/r/{key}"));
    let id = answer.header("location").expect("where to").split("gw_id=").nth(1).expect("a click").to_owned();
    is(&shop, &sale(&shop, "u-1", json!({ "clickId": id })), &[], "pending");
}

#[test]
fn a_partners_own_browser() {
    let server = Server::start();
    let shop = server.test();
    shop.program(json!({ "rewards": [
        { "event": "lead", "type": "flat", "amount": 100 }, { "event": "sale", "type": "percentage", "percentage": "10" },
    ] }));
    let joined = server.page().try_join("Maya", "maya@example.com", json!({ "visitorId": "her-browser" }));
    let key = joined.json()["me"]["link"]["key"].as_str().expect("a key").to_owned();
    let click = |visitor: &str| -> ClickOutput {
        server.page().click(json!({ "key": key, "visitorId": visitor, "referrer": "https://blog.example/" }))
    };
    let own = click("her-browser").click_id;
    let lead = shop.lead(json!({ "customerExternalId": "u-1", "clickId": own }));
    assert_eq!(lead.commission.expect("a commission").status, "hold");
    let review = &shop.all::<Review>("/v1/reviews?rule=self_referral_device", 100)[0];
    assert_eq!((review.event.as_str(), review.event_id.as_str()), ("lead", lead.id.as_str()));
    let later = sale(&shop, "u-1", json!({}));
    assert_eq!(later.reason, "bound_at_sign_up");
    is(&shop, &later, &["self_referral_device"], "hold");
    let other = click("another").click_id;
    is(&shop, &sale(&shop, "u-2", json!({ "clickId": other })), &[], "pending");
}

#[test]
fn a_rule_that_is_off_finds_nothing() {
    let server = Server::start();
    let off = json!({ "action": "off" });
    let shop = shop(&server, json!({ "self_referral_email": off, "velocity": off, "refund_rate": off }));
    let own = json!({ "code": "MAYA10", "customerEmail": "maya10@partners.example" });
    is(&shop, &sale(&shop, "u-1", own), &[], "pending");
}

/// Settings are terms like any other: an event goes by the version in force when it happened.
#[test]
fn settings_are_versioned() {
    let server = Server::start();
    let shop = shop(&server, json!({}));
    let program = &shop.all::<Program>("/v1/programs", 100)[0];
    shop.freeze("2026-03-02T09:00:00.000Z");
    let input = json!({ "signals": { "velocity": { "action": "block", "perHour": 1 } } });
    let path = format!("/v1/programs/{}", program.id);
    assert_eq!(shop.patch(&path, &input).status, 200);
    let changed: Program = shop.get(&path).ok();
    assert_eq!((changed.version, &changed.signals["velocity"]["perHour"]), (2, &json!(1)));
    assert_eq!(changed.signals["velocity"]["perDay"], 200, "what was left out stays");
    let before = json!({ "code": "MAYA10", "timestamp": "2026-03-02T08:00:00.000Z" });
    is(&shop, &sale(&shop, "u-1", before), &[], "pending");
    shop.freeze("2026-03-02T12:00:00.000Z");
    is(&shop, &by_code(&shop, "u-2"), &["velocity"], "fraud");
}

#[test]
fn what_is_wrong_with_a_setting_is_told_by_its_name() {
    let server = Server::start();
    let shop = server.test();
    let refused = |signals: Value| {
        let input =
            json!({ "name": "Tea", "url": "https://shop.example/", "currency": "usd", "signals": signals });
        shop.post("/v1/programs", &input).refused(422)
    };
    for (signals, field) in [
        (json!({ "velocity": { "perHour": 0 } }), "`signals.velocity.perHour`"),
        (json!({ "velocity": { "action": "maybe" } }), "`signals.velocity.action`"),
        (json!({ "velocity": { "perMinute": 1 } }), "`velocity.perMinute`"),
        (json!({ "bannedSources": ["not a site"] }), "`signals.bannedSources`"),
        (json!({ "speed": 1 }), "`speed`"),
    ] {
        let message = refused(signals);
        assert!(message.contains(field), "{message}");
    }
}

#[test]
fn the_rules_are_told_with_their_ranges() {
    let server = Server::start();
    let shop = shop(&server, json!({}));
    let told: SignalRules = shop.get("/v1/signals").ok();
    assert_eq!((told.rules.len(), told.lists.len()), (10, 3));
    let velocity = told.rules.iter().find(|rule| rule.rule == "velocity").expect("a rule");
    let hour = &velocity.settings[0];
    assert_eq!((velocity.action.as_str(), velocity.scope.as_str()), ("hold", "event"));
    assert_eq!((hour.name.as_str(), hour.default, hour.least, hour.most), ("perHour", 30, 1, 100_000));
    let program = &shop.all::<Program>("/v1/programs", 100)[0];
    assert_eq!(json!(program.signals), told.defaults, "a program that says nothing");
}
