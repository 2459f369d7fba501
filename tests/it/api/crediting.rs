//! Who is credited for a sale, by window, model, precedence and binding, and the reason where nobody is.

use crate::harness::{Client, Server};
use goodword_wire::SaleOutput;
use serde_json::{Value, json};

fn shop(server: &Server, program: Value) -> Client {
    let shop = server.test();
    shop.freeze("2026-06-01T00:00:00.000Z");
    shop.program(program);
    shop.partner_with("ANNA11", json!({ "timestamp": "2020-01-01T00:00:00Z" }));
    shop.partner_with("BERT22", json!({ "timestamp": "2020-01-01T00:00:00Z" }));
    shop
}

/// A click of a certain browser at a certain time, back-filled.
fn click(shop: &Client, key: &str, at: &str) -> String {
    shop.click(json!({ "key": key, "timestamp": at, "visitorId": "browser-1" })).click_id
}

fn sale(shop: &Client, with: &Value) -> SaleOutput {
    let mut input = json!({ "customerExternalId": "u-1", "amount": 10_000 });
    for (name, value) in with.as_object().expect("an object") {
        input[name] = value.clone();
    }
    shop.sale(input)
}

#[track_caller]
fn check(sale: &SaleOutput, partner: Option<&str>, reason: &str) {
    let name = sale.partner.as_ref().map(|p| p.name.as_str());
    let expected = partner.map(|code| format!("Partner {code}"));
    assert_eq!(
        (name, sale.reason.as_str(), sale.credited),
        (expected.as_deref(), reason, partner.is_some()),
        "{sale:#?}"
    );
    assert_eq!(sale.commission.is_some(), partner.is_some());
}

fn verdicts(sale: &SaleOutput) -> Vec<(&str, &str, &str)> {
    let of = |t: &'_ goodword_wire::Touchpoint| t.partner.name.len();
    assert!(sale.touchpoints.iter().all(|t| of(t) > 0));
    sale.touchpoints.iter().map(|t| (t.kind.as_str(), t.partner.name.as_str(), t.verdict.as_str())).collect()
}

/// Worked example: window 60 days, touchpoint 2020-08-19T16:13:12.109Z → valid until, not including,
/// 2020-10-18T16:13:12.109Z [Rewardful].
#[test]
fn the_window_is_half_open_to_the_millisecond() {
    let server = Server::start();
    let shop = shop(&server, json!({ "attributionWindowDays": 60 }));
    let id = click(&shop, "ANNA11", "2020-08-19T16:13:12.109Z");
    let at = |customer: &str, at: &str| {
        sale(&shop, &json!({ "customerExternalId": customer, "clickId": id, "timestamp": at }))
    };
    check(&at("first", "2020-08-19T16:13:12.109Z"), Some("ANNA11"), "last_touch");
    check(&at("last", "2020-10-18T16:13:12.108Z"), Some("ANNA11"), "last_touch");
    check(&at("late", "2020-10-18T16:13:12.109Z"), None, "outside_window");
    check(&at("early", "2020-08-19T16:13:12.108Z"), None, "after_the_event");
}

#[test]
fn the_window_by_the_frozen_clock() {
    let server = Server::start();
    let shop = shop(&server, json!({ "attributionWindowDays": 1 }));
    let id = shop.click(json!({ "key": "ANNA11" })).click_id;
    shop.clock(json!({ "advanceMs": 86_399_999 }));
    check(&sale(&shop, &json!({ "clickId": id })), Some("ANNA11"), "last_touch");
    shop.clock(json!({ "advanceMs": 1 }));
    check(&sale(&shop, &json!({ "clickId": id, "customerExternalId": "u-2" })), None, "outside_window");
}

/// Worked example: window 30 d, click 1 Jan, order 15 Feb → recorded, uncredited: outside the window [Refersion].
#[test]
fn an_order_after_the_window_is_recorded_uncredited() {
    let server = Server::start();
    let shop = shop(&server, json!({ "attributionWindowDays": 30 }));
    let id = click(&shop, "ANNA11", "2026-01-01T00:00:00Z");
    let sale =
        sale(&shop, &json!({ "clickId": id, "timestamp": "2026-02-15T00:00:00Z", "invoiceId": "in_1" }));
    check(&sale, None, "outside_window");
    assert_eq!(verdicts(&sale), [("click", "Partner ANNA11", "outside_window")]);
    let kept: SaleOutput = shop.get(&format!("/v1/sales/{}", sale.id)).ok();
    assert_eq!(kept, sale);
    assert_eq!(shop.all_rows("/v1/events?event=sale", 50)[0]["reason"], "outside_window");
}

/// Worked example: partner S clicked day 1, M day 5: last touch → M; a third partner's code typed at checkout
/// beats both [Avada].
#[test]
fn last_touch_and_a_code_that_beats_both() {
    let server = Server::start();
    let shop = shop(&server, json!({ "attributionModel": "last_touch" }));
    shop.partner("CARA33");
    click(&shop, "ANNA11", "2026-05-01T00:00:00Z");
    let id = click(&shop, "BERT22", "2026-05-05T00:00:00Z");
    let last = sale(&shop, &json!({ "clickId": id }));
    check(&last, Some("BERT22"), "last_touch");
    assert_eq!(
        verdicts(&last),
        [("click", "Partner ANNA11", "later_touch_won"), ("click", "Partner BERT22", "credited")]
    );
    let typed = sale(&shop, &json!({ "clickId": id, "code": "cara33", "customerExternalId": "u-2" }));
    check(&typed, Some("CARA33"), "code_typed");
    let expected = [
        ("click", "Partner ANNA11", "code_won"),
        ("click", "Partner BERT22", "code_won"),
        ("code", "Partner CARA33", "credited"),
    ];
    assert_eq!(verdicts(&typed), expected);
}

#[test]
fn first_touch() {
    let server = Server::start();
    let shop = shop(&server, json!({ "attributionModel": "first_touch", "attributionWindowDays": 30 }));
    click(&shop, "ANNA11", "2026-05-01T00:00:00Z");
    let id = click(&shop, "BERT22", "2026-05-05T00:00:00Z");
    let inside = sale(&shop, &json!({ "clickId": id, "timestamp": "2026-05-30T23:59:59.999Z" }));
    check(&inside, Some("ANNA11"), "first_touch");
    assert_eq!(verdicts(&inside)[1].2, "earlier_touch_won");
    let later = sale(
        &shop,
        &json!({ "clickId": id, "timestamp": "2026-05-31T00:00:00Z", "customerExternalId": "u-2" }),
    );
    check(&later, Some("BERT22"), "first_touch");
    assert_eq!(verdicts(&later)[0].2, "outside_window");
}

/// Worked example: click day 0, lead day 12, window 30 d, payments from day 42 on → credited (the lead bound the
/// customer). 49.00 × 30 % = 14.70; four of them 58.80 [Tolt].
#[test]
fn the_lead_binds_the_customer() {
    let server = Server::start();
    let rewards = json!([{ "event": "sale", "type": "percentage", "percentage": "30" }]);
    let shop = shop(&server, json!({ "attributionWindowDays": 30, "rewards": rewards }));
    let id = click(&shop, "ANNA11", "2026-01-01T00:00:00Z");
    let lead =
        shop.lead(json!({ "customerExternalId": "u-1", "clickId": id, "timestamp": "2026-01-13T00:00:00Z" }));
    assert_eq!((lead.credited, lead.reason.as_str()), (true, "last_touch"));
    let payments =
        ["2026-02-12T00:00:00Z", "2026-03-12T00:00:00Z", "2026-04-12T00:00:00Z", "2026-05-12T00:00:00Z"];
    let earned: i64 = payments
        .iter()
        .map(|at| {
            let sale = sale(&shop, &json!({ "amount": 4900, "timestamp": at, "invoiceId": at }));
            check(&sale, Some("ANNA11"), "bound_at_sign_up");
            sale.commission.expect("a commission").earnings
        })
        .sum();
    assert_eq!(earned, 5880);
}

#[test]
fn a_later_click_does_not_take_a_bound_customer() {
    let server = Server::start();
    let shop = shop(&server, json!({}));
    let id = click(&shop, "ANNA11", "2026-05-01T00:00:00Z");
    shop.lead(json!({ "customerExternalId": "u-1", "clickId": id }));
    let other = click(&shop, "BERT22", "2026-05-05T00:00:00Z");
    let kept = sale(&shop, &json!({ "clickId": other }));
    check(&kept, Some("ANNA11"), "bound_at_sign_up");
    assert!(verdicts(&kept).contains(&("click", "Partner BERT22", "binding_won")), "{:?}", verdicts(&kept));
}

#[test]
fn a_code_at_the_first_checkout_beats_a_click_that_bound_but_not_later() {
    let server = Server::start();
    let shop = shop(&server, json!({}));
    let id = click(&shop, "ANNA11", "2026-05-01T00:00:00Z");
    shop.lead(json!({ "customerExternalId": "u-1", "clickId": id }));
    check(&sale(&shop, &json!({ "code": "BERT22" })), Some("BERT22"), "code_typed");
    check(&sale(&shop, &json!({})), Some("BERT22"), "bound_at_sign_up");
    check(&sale(&shop, &json!({ "code": "ANNA11" })), Some("BERT22"), "bound_at_sign_up");
}

#[test]
fn a_sale_nobody_brought_is_recorded_with_the_reason() {
    let server = Server::start();
    let shop = shop(&server, json!({}));
    check(&sale(&shop, &json!({})), None, "no_touchpoint");
    check(
        &sale(&shop, &json!({ "customerExternalId": "u-2", "clickId": "never-seen" })),
        None,
        "unknown_click",
    );
    assert!(
        shop.post("/v1/track/sale", &json!({ "customerExternalId": "u-3", "amount": 1, "code": "NOBODY" }))
            .refused(422)
            .contains("`code`")
    );
    assert_eq!(shop.all_rows("/v1/events?event=sale", 50).len(), 2);
    assert!(shop.commissions().is_empty());
}

#[test]
fn a_banned_partner_is_not_credited_and_the_reason_says_so() {
    let server = Server::start();
    let shop = shop(&server, json!({}));
    let id = click(&shop, "ANNA11", "2026-05-01T00:00:00Z");
    shop.lead(json!({ "customerExternalId": "bound", "clickId": id }));
    let anna: Vec<Value> = shop.get("/v1/partners?search=anna11").ok();
    let decision = json!({ "partnerId": anna[0]["id"], "reason": "spam" });
    let banned: Value = shop.post("/v1/partners/ban", &decision).ok();
    assert_eq!((&banned["status"], &banned["reason"]), (&json!("banned"), &json!("spam")));
    check(&sale(&shop, &json!({ "clickId": id })), None, "partner_not_approved");
    check(&sale(&shop, &json!({ "customerExternalId": "bound" })), None, "partner_not_approved");
    check(
        &sale(&shop, &json!({ "customerExternalId": "u-3", "code": "ANNA11" })),
        None,
        "partner_not_approved",
    );
}

#[test]
fn back_filling_is_for_secret_keys_and_not_for_the_future() {
    let server = Server::start();
    let shop = shop(&server, json!({}));
    let page = server.page();
    let past = "2026-05-01T00:00:00Z";
    page.post("/v1/track/click", &json!({ "key": "ANNA11", "timestamp": past })).refused(403);
    page.post("/v1/track/lead", &json!({ "customerEmail": "a@example.com", "timestamp": past })).refused(403);
    let future = "2026-06-01T00:05:00.001Z";
    for (path, mut body) in [
        ("/v1/track/click", json!({ "key": "ANNA11" })),
        ("/v1/track/lead", json!({ "customerExternalId": "u-1" })),
        ("/v1/track/sale", json!({ "customerExternalId": "u-1", "amount": 1 })),
        ("/v1/partners", json!({ "name": "New", "email": "new@example.com" })),
    ] {
        body["timestamp"] = json!(future);
        assert!(shop.post(path, &body).refused(422).contains("`timestamp`"), "{path}");
    }
    let lead = shop.lead(json!({ "customerExternalId": "u-9", "timestamp": past }));
    assert_eq!(lead.customer.created_at, "2026-05-01T00:00:00.000Z");
}
