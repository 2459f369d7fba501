//! The marketer's money: paying out, and deciding about what is held back.

use super::role::Marketer;
use super::world::World;
use goodword_wire::{DueList, Partner, Payout, PayoutBatch, Review};
use serde_json::json;

/// A partner who is paid by PayPal and has earned 20.00 that has cleared.
fn somebody_due(world: &World) -> Partner {
    let vendor = world.backend();
    let partner = vendor.partner("INES");
    let path = format!("/v1/partners/{}/payout-method", partner.id);
    vendor
        .put(&path, &json!({ "method": "paypal", "email": "ines@hartl.example" }))
        .ok::<serde_json::Value>();
    vendor.sale(json!({ "customerExternalId": "acct_9", "amount": 10_000, "currency": "usd", "code": "INES", "invoiceId": "AT-9" }));
    vendor.clock(json!({ "advanceDays": 31 }));
    partner
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_due_is_paid_once_however_often_one_presses() {
    let world = World::with(json!({ "minPayout": 1_000 })).await;
    let partner = somebody_due(&world);
    let vendor = world.backend();
    let due: DueList = vendor.get("/v1/payouts/due").ok();
    assert_eq!((due.amount, due.eligible), (2_000, 1), "{due:?}");

    let owner = Marketer::logged_in(&world).await;
    owner.goes_to("Payouts").await;
    owner.browser.see("main tbody tr", "Ready").await;
    owner.browser.click("main button", "Preview the batch").await;
    owner.browser.see("dialog", "PayPal").await;
    let twice = "const button = document.querySelector('dialog button[type=submit]'); button.click(); button.click();";
    owner.browser.js::<Option<bool>>(twice, json!([])).await;
    owner.browser.see("main h1", "Batch of $20.00").await;
    owner.browser.see("main", "It waits for approval").await;
    let batches: Vec<PayoutBatch> = vendor.get("/v1/payouts/batches").ok();
    assert_eq!(batches.len(), 1, "{batches:?}");

    owner.browser.click("main button", "Approve").await;
    owner.browser.click("dialog button[type=submit]", "Approve $20.00").await;
    owner.browser.see(".files li", "PayPal file").await;
    owner.browser.click("main tbody input[type=checkbox]", "").await;
    owner.browser.click("main button", "Mark as paid").await;
    owner.browser.fill("dialog textarea", "Transfer 4711").await;
    owner.browser.click("dialog button[type=submit]", "Mark as paid").await;
    owner.browser.see("main tbody tr", "Transfer 4711").await;
    let payouts: Vec<Payout> = vendor.get(&format!("/v1/payouts?partnerId={}", partner.id)).ok();
    assert_eq!((payouts.len(), payouts[0].status.as_str()), (1, "completed"), "{payouts:?}");
    owner.browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_held_back_is_explained_and_rejected_with_a_note() {
    let world = World::open().await;
    let vendor = world.backend();
    let partner = vendor.partner("INES");
    vendor.sale(json!({ "customerExternalId": "acct_8", "customerEmail": partner.email, "amount": 7_800, "currency": "usd",
        "code": "INES", "invoiceId": "AT-8" }));
    let owner = Marketer::logged_in(&world).await;
    owner.browser.see("nav.sections .count", "1").await;
    owner.goes_to("Reviews").await;
    owner.browser.see(".review .signals", "mailbox").await;
    owner.browser.click(".review input[type=checkbox]", "").await;
    owner.browser.click(".bulk button", "Reject").await;
    owner.browser.fill("dialog textarea", "Own purchase").await;
    owner.browser.click("dialog button[type=submit]", "Reject 1 commission").await;
    owner.browser.see("main", "Nothing waits for you").await;
    let reviews: Vec<Review> = vendor.get("/v1/reviews?status=rejected").ok();
    assert_eq!(reviews[0].note.as_deref(), Some("Own purchase"), "{reviews:?}");
    owner.browser.assert_quiet().await;
}
