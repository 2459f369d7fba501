//! The console's people: coming in, finding one's way, and deciding about many at once.

use super::accessible::settled;
use super::axe::assert_accessible;
use super::chromium::Browser;
use super::console::address;
use super::role::Marketer;
use super::world::World;
use goodword_wire::{AuditEntry, Partner};
use serde_json::json;

const PASSWORD: &str = "a long enough password";

#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_invited_and_sees_what_the_role_may() {
    let world = World::open().await;
    let owner = Marketer::logged_in(&world).await;
    owner.browser.goto(&address(&world, "/settings?tab=people")).await;
    owner.browser.click("main button", "Invite somebody").await;
    owner.browser.fill("dialog input[name=email]", "ana@shop.example").await;
    let choose = "document.querySelector('dialog select').value = 'analyst'; return null";
    let () = owner.browser.js(choose, json!([])).await;
    assert_accessible(&owner.browser, "dialog", "inviting").await;
    owner.browser.click("dialog button[type=submit]", "Send the link").await;
    owner.browser.see("main tbody th", "ana@shop.example").await;
    let link = world.server.links_mailed("ana@shop.example", "/console/join?token=", 1).remove(0);

    let ana = Browser::open().await;
    ana.goto(&format!("{}{link}", world.server.base)).await;
    ana.fill("input[name=name]", "Ana").await;
    ana.fill("input[name=password]", PASSWORD).await;
    ana.fill("input[name=again]", "something else altogether").await;
    ana.click("button[type=submit]", "Come in").await;
    ana.see("[role=alert]", "not the same").await;
    ana.fill("input[name=again]", PASSWORD).await;
    ana.click("button[type=submit]", "Come in").await;
    ana.see("nav.sections a[aria-current=page]", "Overview").await;
    ana.goto(&address(&world, "/settings")).await;
    ana.see("main h2", "Test keys").await;
    settled(&ana).await;
    assert!(!ana.sees("nav.tabs a", "People").await && !ana.sees("main button", "Make a key").await);
    ana.goto(&address(&world, "/partners")).await;
    ana.see("main tbody th", "").await;
    assert!(!ana.sees(".bulk", "").await, "an analyst decides about nobody");
    ana.assert_quiet().await;
    owner.browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_palette_leads_anywhere_by_the_keyboard() {
    let world = World::open().await;
    let owner = Marketer::logged_in(&world).await;
    let press = "document.dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true, bubbles: true, cancelable: true })); return null";
    let () = owner.browser.js(press, json!([])).await;
    owner.browser.see("dialog [role=option][aria-selected=true]", "Overview").await;
    assert_accessible(&owner.browser, "dialog", "the palette").await;
    owner.browser.fill("dialog input", "aud").await;
    owner.browser.see("dialog [role=option][aria-selected=true]", "Audit log").await;
    owner.browser.press("dialog input", "it\u{e007}").await;
    owner.browser.see("main h1", "Audit log").await;
    assert!(!owner.browser.sees("dialog", "").await);
    let () = owner.browser.js(press, json!([])).await;
    owner.browser.fill("dialog input", "mara").await;
    owner.browser.click("dialog [role=option]", "Partner MARA").await;
    owner.browser.see("main h1", "Partner MARA").await;
    owner.browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn applications_are_approved_together_and_a_partners_page_is_looked_at() {
    let world = World::with(json!({ "autoApprove": false })).await;
    let page = world.server.page_of(&world.server.vendor.test.publishable_key, &world.shop);
    for (name, email) in [("Ines Hartl", "ines@hartl.example"), ("Otto Brandt", "otto@brandt.example")] {
        page.try_join(name, email, json!({ "termsVersion": "2026-09" })).ok::<goodword_wire::JoinOutput>();
    }
    let owner = Marketer::logged_in(&world).await;
    owner.browser.goto(&address(&world, "/partners?status=pending")).await;
    owner.browser.see("main tbody th", "Ines Hartl").await;
    owner.browser.click(".bulk .tick-all input", "").await;
    owner.browser.see(".bulk strong", "2 chosen").await;
    owner.browser.click(".bulk button", "Approve").await;
    assert_accessible(&owner.browser, "dialog", "approving").await;
    owner.browser.click("dialog button[type=submit]", "Approve 2 partners").await;
    owner.browser.see("main", "Nobody in this state").await;
    let approved: Vec<Partner> = world.backend().get("/v1/partners?status=approved&search=hartl").ok();
    let id = &approved[0].id;
    owner.browser.goto(&address(&world, &format!("/partners/{id}"))).await;
    owner.browser.click("main button", "See as partner").await;
    owner.browser.see("dialog iframe.seen", "").await;
    assert_accessible(&owner.browser, "dialog", "the partner's page").await;
    owner.browser.click("dialog button", "Close").await;
    let log: Vec<AuditEntry> = world.server.console().get(&format!("/v1/audit?subjectId={id}")).ok();
    let actions: Vec<_> = log.iter().map(|line| line.action.as_str()).collect();
    assert_eq!(actions, ["partner.viewed_as", "partner.decided"]);
    owner.browser.assert_quiet().await;
}
