//! Whom the vendor names as signed in, in the page and in a frame; and what else a frame is told.

use super::chromium::Browser;
use super::site::Page;
use super::world::{CODE, World};
use goodword_wire::{EmbedTokenOutput, Event};
use serde_json::json;

const FRAME_ONLY: &str = "script-src HOST 'unsafe-inline'; connect-src HOST; frame-src HOST";

fn token(world: &World) -> String {
    let who = json!({ "partner": { "email": "maya@example.com", "name": "Maya", "tenantId": "user_7" } });
    world.backend().post("/v1/tokens/embed/referrals", &who).ok::<EmbedTokenOutput>().public_token
}

fn queue(token: &str) -> String {
    format!(
        "<script>window.goodword = window.goodword || function () {{ (goodword.q = goodword.q || []).push(arguments) }}; goodword('identify', '{token}')</script>"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_signed_in_at_the_vendors_sees_the_partners_page_without_a_mail() {
    let world = World::open().await;
    let token = token(&world);
    let browser = Browser::open().await;
    let body = "<goodword-share></goodword-share><goodword-join></goodword-join>";
    browser.goto(&world.site.put("/", Page::new(&format!("{}{}", queue(&token), world.tag("")), body))).await;
    browser.see("goodword-share >>> bdi.code", "").await;
    browser.see("goodword-share >>> h2", "Maya").await;
    browser.see("goodword-join >>> bdi.code", "").await;
    // The page may say so later as well.
    let other = Browser::open().await;
    other.goto(&world.page(body)).await;
    other.see("goodword-share >>> form[data-gw=sign-in]", "").await;
    let () = other.js("goodword('identify', arguments[0])", json!([token])).await;
    other.see("goodword-share >>> bdi.code", "").await;
    assert_eq!(world.server.mails_to("maya@example.com"), 0);
    browser.assert_quiet().await;
    other.assert_quiet().await;
}

/// A page whose policy leaves the widget a frame alone.
fn framed(world: &World, head: &str, body: &str) -> String {
    let policy = format!("default-src 'none'; {}", FRAME_ONLY.replace("HOST", &world.server.base));
    world.site.put("/", Page::new(&format!("{head}{}", world.tag("")), body).under(&policy))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_knows_who_is_signed_in_and_the_pages_own_words() {
    let world = World::open().await;
    let browser = Browser::open().await;
    let words =
        "<script>document.querySelector('goodword-share').texts = { meTitle: 'Welcome back' }</script>";
    let body = format!(
        "<goodword-share><b slot=\"header\" id=\"above\">Above</b><i slot=\"footer\" id=\"below\">Below</i></goodword-share>{words}"
    );
    browser.goto(&framed(&world, &queue(&token(&world)), &body)).await;
    browser.event("goodword-share ready").await;
    browser.see("#above", "Above").await;
    browser.see("#below", "Below").await;
    browser.enter("goodword-share >>> iframe").await;
    browser.see("goodword-share >>> bdi.code", "").await;
    browser.see("goodword-share >>> h2", "Welcome back").await;
    let address: String = browser.js("return location.href", json!([])).await;
    assert!(!address.contains('#') && !address.contains("identity"), "{address}");
    browser.leave().await;
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_in_a_frame_fills_the_pages_field_and_knows_the_browser() {
    let world = World::open().await;
    let browser = Browser::open().await;
    let body = format!(
        "<input id=\"coupon\"><input id=\"typed\" value=\"MINE\"><goodword-offer code=\"{CODE}\" fill=\"#coupon\"></goodword-offer>
         <goodword-offer id=\"two\" code=\"{CODE}\" fill=\"#typed\"></goodword-offer><goodword-join></goodword-join>"
    );
    browser.goto(&format!("{}?via=mara", framed(&world, "", &body))).await;
    let filled = async || {
        browser
            .js::<bool>("return document.getElementById('coupon').value === arguments[0]", json!([CODE]))
            .await
            .then_some(())
    };
    browser.until("the field is filled", filled).await;
    browser.event("goodword-join ready").await;
    let typed: String = browser.js("return document.getElementById('typed').value", json!([])).await;
    assert_eq!(typed, "MINE");
    let visitor: String = browser.js("return localStorage.gw_visitor", json!([])).await;
    assert!(!visitor.is_empty());
    // A forged message fills nothing.
    let () = browser.js("document.getElementById('coupon').value = ''; postMessage({ goodword: 'fill', value: 'EVIL' }, '*')", json!([])).await;
    let () = browser.js_later("setTimeout(() => done(null), 300)").await;
    assert_eq!(browser.js::<String>("return document.getElementById('coupon').value", json!([])).await, "");
    let clicks: Vec<Event> = world.events("click");
    assert_eq!(clicks.len(), 1);
    browser.assert_quiet().await;
}
