//! What a partner asks: why this amount, why was that order not credited, and "this one was mine".

use super::axe::assert_accessible;
use super::chromium::Browser;
use super::role::Influencer;
use super::world::{CODE, World};
use goodword_wire::{Claim, SaleOutput};
use serde_json::json;

const MAIL: &str = "ines@hartl.example";
const TOLD: &str = "goodword-share >>> [part~=told]";
const CLAIMS: &str = "goodword-share >>> [data-text='embed/claims'] ~ [part~=told]";

/// Joined, with a proven address, on the shop's page for partners; her code.
async fn joined(ines: &Influencer<'_>) -> String {
    let given = ines.joins("Ines Hartl", MAIL).await;
    ines.confirms_the_address(MAIL).await;
    ines.visits_the_partner_page().await;
    ines.browser.see("goodword-share >>> [part~=figures]", "Held").await;
    given.code
}

/// Presses a button of the partner's page, in the middle of the screen: the shop's bar lies over the lower edge.
async fn press(browser: &Browser, text: &str) {
    browser.see("goodword-share >>> button", text).await;
    let body = "[...document.querySelector('goodword-share').shadowRoot.querySelectorAll('button')]
        .find((button) => button.textContent.includes(arguments[0]))?.scrollIntoView({ block: 'center', behavior: 'instant' })";
    let () = browser.js(body, json!([text])).await;
    browser.click("goodword-share >>> button", text).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partner_is_told_why_an_amount_is_what_it_is() {
    let world = World::open().await;
    let ines = Influencer::new(&world).await;
    let code = joined(&ines).await;
    let sale: SaleOutput = world.backend().sale(json!({
        "customerExternalId": "u-1", "amount": 10_000, "code": code, "invoiceId": "A-1", "paymentProcessor": "custom",
    }));
    assert!(sale.credited, "{sale:?}");
    let browser = &ines.browser;
    press(browser, "Why this amount?").await;
    browser.see("goodword-share >>> li button[aria-expanded=true]", "").await;
    browser.see(TOLD, "a code was given").await;
    browser.see(TOLD, "Code · 100%").await;
    browser.see(TOLD, "20% of 100.00 USD = 20.00 USD").await;
    let told = browser.text(TOLD).await;
    let machine = |word: &str| word.starts_with("20") && word.trim_end_matches(['.', ',']).ends_with('Z');
    assert!(!told.split_whitespace().any(machine), "dates are for people: {told}");
    assert_accessible(browser, "goodword-share", "an opened explanation").await;
    press(browser, "Why this amount?").await;
    browser.until("it is closed", async || (!browser.sees(TOLD, "").await).then_some(())).await;
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partner_claims_an_order_and_sees_the_answer() {
    let world = World::open().await;
    let ines = Influencer::new(&world).await;
    let code = joined(&ines).await;
    let backend = world.backend();
    let sale: SaleOutput = backend.sale(json!({
        "customerExternalId": "u-2", "amount": 7800, "invoiceId": "B-2", "paymentProcessor": "custom",
    }));
    assert!(!sale.credited, "{sale:?}");
    // Her click, and another's code, which comes first.
    let click = world.click(&code.to_lowercase()).click_id;
    let lost: SaleOutput = backend.sale(json!({
        "customerExternalId": "u-3", "clickId": click, "code": CODE, "amount": 5000, "invoiceId": "B-3", "paymentProcessor": "custom",
    }));
    assert!(lost.credited, "{lost:?}");
    let browser = &ines.browser;
    press(browser, "Orders not credited to you").await;
    browser.see(TOLD, "a code and a form come before a click").await;
    press(browser, "Missing an order?").await;
    press(browser, "Claim this order").await;
    browser.see("goodword-share >>> [part~=error]", "number of the order").await;
    browser.fill("goodword-share >>> input[name=invoiceId]", "B-2").await;
    browser.fill("goodword-share >>> input[name=note]", "She told me so").await;
    press(browser, "Claim this order").await;
    browser.see("goodword-share >>> [role=status]", "the vendor decides").await;
    browser.see(CLAIMS, "B-2 · Open").await;
    browser.see(CLAIMS, "She told me so").await;
    assert_accessible(browser, "goodword-share", "an open claim").await;

    let claims: Vec<Claim> = backend.get("/v1/claims?status=open").ok();
    let [claim] = &claims[..] else { panic!("one claim: {claims:#?}") };
    let decision = json!({ "decision": "granted", "note": "You are right" });
    let _: Claim = backend.post(&format!("/v1/claims/{}/decide", claim.id), &decision).ok();
    browser.see("goodword-share >>> [part~=commissions] li", "$15.60").await;
    for _ in 0..2 {
        press(browser, "Missing an order?").await;
    }
    browser.see(CLAIMS, "B-2 · Granted").await;
    browser.see(CLAIMS, "You are right").await;
    browser.assert_quiet().await;
}
