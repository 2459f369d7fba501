//! Providers that tell whole seconds: what happened within one is not put before what happened at its start.

use super::{Job, Shop};
use serde_json::{Value, json};

/// 24 November 2025, 19:59:30 UTC.
const SECOND: i64 = 1_764_014_370;

/// A shop in which somebody clicks at that second, so many milliseconds from its start; the order is told some seconds later.
fn clicked_at(milliseconds: i64) -> Shop {
    let mut shop = Shop::open(json!({ "currency": "usd" }));
    shop.vendor.freeze(&format!("2025-11-24T19:59:{}.{:03}Z", 30 + milliseconds / 1000, milliseconds % 1000));
    shop.click = shop.server.page().click(json!({ "key": "MAYA27" })).click_id;
    shop.vendor.freeze("2025-11-24T19:59:33.000Z");
    shop
}

/// When the sale of an event happened, and whether it was credited.
fn outcome(shop: &Shop, provider: &str, job: Job, event: &str) -> (String, bool) {
    let integration = shop.connect(provider, json!({}));
    assert_eq!(shop.take(&integration, &[job]), ["taken"]);
    let sale = shop.sale(&integration, event);
    (sale.sale.created_at.clone(), sale.credited)
}

fn by_stripe(shop: &Shop) -> (String, bool) {
    let body = shop.body("stripe-2026-10-28/checkout.session.completed.payment");
    let mut event: Value = serde_json::from_str(&body).expect("an event");
    event["created"] = json!(SECOND);
    outcome(shop, "stripe", Job::new("stripe", event.to_string()), "evt_pay_session")
}

fn by_shopify(shop: &Shop) -> (String, bool) {
    let order = json!({
        "id": 820_982_911, "currency": "USD", "total_price": "20.00", "financial_status": "paid", "line_items": [],
        "email": "ann@example.com", "processed_at": "2025-11-24T14:59:30-05:00",
        "note_attributes": [{ "name": "gw_click", "value": shop.click }]
    });
    let job = Job::new("shopify", order.to_string()).with(json!({ "topic": "orders/paid", "id": "w1" }));
    outcome(shop, "shopify", job, "w1")
}

fn by_paddle(shop: &Shop, at: &str) -> (String, bool) {
    let mut event: Value =
        serde_json::from_str(&shop.body("paddle/transaction.completed")).expect("an event");
    (event["event_id"], event["occurred_at"]) = (json!("evt_second"), json!(at));
    (event["data"]["billed_at"], event["data"]["custom_data"]) =
        (json!(at), json!({ "clickId": shop.click }));
    outcome(shop, "paddle", Job::new("paddle", event.to_string()), "evt_second")
}

#[test]
fn a_click_within_the_second_is_before_the_sale() {
    let end = || ("2025-11-24T19:59:30.999Z".to_owned(), true);
    assert_eq!(by_stripe(&clicked_at(0)), end());
    assert_eq!(by_stripe(&clicked_at(999)), end());
    assert_eq!(by_shopify(&clicked_at(640)), end());
    assert_eq!(by_paddle(&clicked_at(640), "2025-11-24T19:59:30Z"), end());
}

#[test]
fn a_click_of_the_next_second_is_after_it() {
    assert!(!by_stripe(&clicked_at(1000)).1);
    assert!(!by_shopify(&clicked_at(1000)).1);
}

/// Paddle tells milliseconds, and is taken at its word.
#[test]
fn a_time_with_a_fraction_is_taken_as_it_stands() {
    let told = "2025-11-24T19:59:30.500Z";
    assert_eq!(by_paddle(&clicked_at(501), told), (told.to_owned(), false));
    assert_eq!(by_paddle(&clicked_at(500), told), (told.to_owned(), true));
}

#[test]
fn nothing_is_later_than_when_it_was_received() {
    let shop = clicked_at(400);
    shop.vendor.freeze("2025-11-24T19:59:30.450Z");
    assert_eq!(by_stripe(&shop), ("2025-11-24T19:59:30.450Z".to_owned(), true));
}
