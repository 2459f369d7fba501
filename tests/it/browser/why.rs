//! What a partner asks: why this amount, why was that order not credited, and "this one was mine".

use super::axe::assert_accessible;
use super::role::Influencer;
use super::world::World;
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
    browser.click("goodword-share >>> li button", "Why this amount?").await;
    browser.see("goodword-share >>> li button[aria-expanded=true]", "").await;
    browser.see(TOLD, "a code was given").await;
    browser.see(TOLD, "100%").await;
    browser.see(TOLD, "20% of 100.00 USD = 20.00 USD").await;
    let told = browser.text(TOLD).await;
    assert!(!told.contains(":00.000Z") && !told.contains("T0"), "dates are for people: {told}");
    assert_accessible(browser, "goodword-share", "an opened explanation").await;
    browser.click("goodword-share >>> li button", "Why this amount?").await;
    browser.until("it is closed", async || (!browser.sees(TOLD, "").await).then_some(())).await;
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partner_claims_an_order_and_sees_the_answer() {
    let world = World::open().await;
    let ines = Influencer::new(&world).await;
    joined(&ines).await;
    let backend = world.backend();
    let sale: SaleOutput = backend.sale(json!({
        "customerExternalId": "u-2", "amount": 7800, "invoiceId": "B-2", "paymentProcessor": "custom",
    }));
    assert!(!sale.credited, "{sale:?}");
    let browser = &ines.browser;
    browser.click("goodword-share >>> button", "Orders not credited to you").await;
    browser.see("goodword-share >>> .panel", "None.").await;
    browser.click("goodword-share >>> button", "Missing an order?").await;
    browser.click("goodword-share >>> button[type=submit]", "Claim this order").await;
    browser.see("goodword-share >>> [part~=error]", "number of the order").await;
    browser.fill("goodword-share >>> input[name=invoiceId]", "B-2").await;
    browser.fill("goodword-share >>> input[name=note]", "She told me so").await;
    browser.click("goodword-share >>> button[type=submit]", "Claim this order").await;
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
        browser.click("goodword-share >>> button", "Missing an order?").await;
    }
    browser.see(CLAIMS, "B-2 · Granted").await;
    browser.see(CLAIMS, "You are right").await;
    browser.assert_quiet().await;
}
