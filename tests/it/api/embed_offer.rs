//! What a visitor gets, and from whom.

use crate::harness::Server;
use goodword_wire::EmbedOffer;
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
