//! What a visitor gets, and from whom.

use crate::harness::Server;
use goodword_wire::{EmbedConfig, EmbedOffer};
use serde_json::json;

#[test]
fn what_the_referred_gets_and_by_which_code() {
    let server = Server::start();
    let shop = server.test();
    shop.program(json!({ "rewards": [
        { "event": "sale", "type": "percentage", "percentage": "20", "referred": { "type": "coupon", "code": "TEN-OFF" } }] }));
    shop.partner("MAYA10");
    let offer: EmbedOffer = server.page().get("/v1/embed/offer?code=maya1o").ok();
    assert_eq!(
        (offer.code.as_str(), offer.coupon.as_deref(), offer.credit),
        ("MAYA10", Some("TEN-OFF"), None)
    );
    assert_eq!((offer.name, offer.event.as_deref(), offer.currency.as_str()), (None, Some("sale"), "usd"));
    let click = server.page().click(json!({ "key": "MAYA10", "visitorId": "b" })).click_id;
    let offer: EmbedOffer = server.page().get(&format!("/v1/embed/offer?clickId={click}")).ok();
    assert_eq!(offer.code, "MAYA10");
}

#[test]
fn credit_for_a_sign_up() {
    let server = Server::start();
    let shop = server.test();
    shop.program(json!({ "rewards": [
        { "event": "lead", "type": "flat", "amount": 500, "referred": { "type": "credit", "amount": 300 } }] }));
    shop.partner("MAYA10");
    let offer: EmbedOffer = server.page().get("/v1/embed/offer?code=MAYA10").ok();
    assert_eq!(
        (offer.credit, offer.coupon, offer.event.as_deref(), offer.exponent),
        (Some(300), None, Some("lead"), 2)
    );
}

/// Both get something of the product: the partner's free month is on the offer to partners, the friend's in the offer to visitors.
#[test]
fn free_months_and_credits_for_both() {
    let server = Server::start();
    let shop = server.test();
    let both = |kind: &str, amount: i64| json!({ "rewards": [{ "event": "lead", "type": "flat", "amount": 1, "unit": "months", "referred": { "type": kind, "amount": amount } }] });
    let program = shop.program(both("months", 2));
    shop.partner("MAYA10");
    let offer: EmbedOffer = server.page().get("/v1/embed/offer?code=MAYA10").ok();
    assert_eq!(
        (offer.months, offer.credits, offer.credit, offer.event.as_deref()),
        (Some(2), None, None, Some("lead"))
    );
    let config: EmbedConfig = server.page().get("/v1/embed/config").ok();
    assert_eq!((config.rewards[0].unit.as_deref(), config.rewards[0].amount), (Some("months"), Some(1)));
    let lead = shop.lead(json!({ "customerExternalId": "kim", "code": "MAYA10" }));
    let gift = lead.referred.expect("a gift");
    assert_eq!((gift.kind.as_str(), gift.amount), ("months", Some(2)), "the answer says what to give");
    let path = format!("/v1/programs/{}", program.id);
    shop.patch(&path, &both("credits", 50)).ok::<serde_json::Value>();
    assert_eq!(server.page().get("/v1/embed/offer?code=MAYA10").ok::<EmbedOffer>().credits, Some(50));
    for (kind, amount) in [("months", 0), ("months", 121), ("credits", 0)] {
        assert!(shop.patch(&path, &both(kind, amount)).refused(422).contains("`rewards[0].referred.amount`"));
    }
}

#[test]
fn codes_that_count_for_nobody_are_none() {
    let server = Server::start();
    let shop = server.test();
    shop.program(json!({}));
    let maya = shop.partner("MAYA10");
    server.page().get("/v1/embed/offer?code=OTTO").refused(404);
    assert!(server.page().get("/v1/embed/offer").refused(422).contains("`code`"));
    server.page().get("/v1/embed/offer?clickId=clk_1").refused(422);
    let foreign = server.another_vendor("Coffee Shop", "owner@coffee.example", &["https://coffee.example"]);
    let click = server.page().click(json!({ "key": "MAYA10", "visitorId": "b" })).click_id;
    let page = server.page_of(&foreign.test.publishable_key, "https://coffee.example");
    page.get("/v1/embed/offer?code=MAYA10").refused(404);
    page.get(&format!("/v1/embed/offer?clickId={click}")).refused(404);
    shop.post("/v1/partners/ban", &json!({ "partnerId": maya.id })).ok::<serde_json::Value>();
    server.page().get("/v1/embed/offer?code=MAYA10").refused(404);
}
