//! The marketer's console.

use super::accessible::settled;
use super::role::Marketer;
use super::world::{CODE, World};
use crate::harness::Client;
use goodword_wire::{Claim, Integration, Partner, Trigger, Webhook};
use serde_json::json;

/// Ids of what there is to look at.
pub struct Trade {
    partner: String,
    sale: String,
    program: String,
    claim: String,
    webhook: String,
    trigger: String,
}

impl Trade {
    /// Every page of the console, with a word of its title.
    pub fn pages(&self) -> Vec<(String, &'static str)> {
        let fixed = [
            ("", "Overview"),
            ("/programs", "Programs"),
            ("/partners", "Partners"),
            ("/events", "Events"),
            ("/explorer", "Explorer"),
            ("/commissions", "Commissions"),
            ("/payouts", "Payouts"),
            ("/reviews", "Reviews"),
            ("/signals", "Signals"),
            ("/claims", "Claims"),
            ("/funds", "Funds"),
            ("/registrations", "Registrations"),
            ("/splits", "Splits"),
            ("/settlements", "Settlements"),
            ("/rates", "Exchange rates"),
            ("/ledger", "Ledger"),
            ("/triggers", "Triggers"),
            ("/triggers/new", "Add a trigger"),
            ("/webhooks", "Webhooks"),
            ("/integrations", "Integrations"),
            ("/imports", "Imports"),
            ("/settings", "Settings"),
        ];
        let mut pages: Vec<_> = fixed.map(|(path, title)| (path.to_owned(), title)).to_vec();
        pages.push(("/audit".to_owned(), "Audit log"));
        for tab in ["people", "security", "approval", "mail"] {
            pages.push((format!("/settings?tab={tab}"), "Settings"));
        }
        for tab in ["notes", "payouts", "statement"] {
            pages.push((format!("/partners/{}?tab={tab}", self.partner), "Partner MARA"));
        }
        pages.push(("/attribution".to_owned(), "Attribution"));
        pages.push((format!("/programs/{}", self.program), "Tea list"));
        pages.push((format!("/partners/{}", self.partner), "Partner MARA"));
        pages.push((format!("/sales/{}", self.sale), ""));
        pages.push((format!("/claims/{}", self.claim), "Claim on order AT-4"));
        pages.push((format!("/webhooks/{}", self.webhook), "Endpoint"));
        pages.push((format!("/triggers/{}", self.trigger), "Large sales"));
        pages
    }
}

/// The address of a page, in test mode.
pub fn address(world: &World, path: &str) -> String {
    let glue = if path.contains('?') { '&' } else { '?' };
    format!("{}/console{path}{glue}mode=test", world.server.base)
}

/// A click, a sign-up, a sale, a refund of a part, and somebody who waits to be approved.
pub fn some_trade(world: &World) -> Trade {
    let vendor = world.backend();
    let (webhook, trigger) = who_listens(&vendor);
    let click = world.click("mara");
    vendor.lead(json!({ "clickId": click.click_id, "customerExternalId": "acct_1", "customerName": "Ben Moreau", "customerEmail": "ben@moreau.example" }));
    let sale = vendor.sale(
        json!({ "customerExternalId": "acct_1", "amount": 7_800, "currency": "usd", "invoiceId": "AT-1" }),
    );
    assert!(sale.credited, "{sale:?}");
    vendor.refund(json!({ "invoiceId": "AT-1", "refundId": "RF-1", "amount": 1_950 }));
    vendor.put("/v1/integrations/stripe", &json!({ "secrets": ["whsec_of_a_test"] })).ok::<Integration>();
    let claim = some_money(&vendor, &click.partner.id);
    Trade {
        partner: click.partner.id,
        sale: sale.id,
        program: world.program.id.clone(),
        claim,
        webhook,
        trigger,
    }
}

/// An endpoint that nobody answers at, and a trigger that acts on the first sale.
fn who_listens(vendor: &Client) -> (String, String) {
    let endpoint = json!({ "url": "https://hooks.shop.invalid/tea", "description": "Warehouse" });
    let webhook: Webhook = vendor.post("/v1/webhooks", &endpoint).ok();
    let large =
        json!({ "any": [{ "field": "amount", "atLeast": 5_000 }, { "field": "totalSales", "atLeast": 10 }] });
    let actions = json!([{ "type": "points", "amount": 10 }, { "type": "mail", "to": "owner", "subject": "A large sale", "body": "Look." }]);
    let trigger =
        json!({ "name": "Large sales", "event": "sale.created", "when": large, "actions": actions });
    let trigger: Trigger = vendor.post("/v1/triggers", &trigger).ok();
    (webhook.id, trigger.id)
}

/// Something in review, something that waits for a rate, and a claim, whose id it answers.
fn some_money(vendor: &Client, partner: &str) -> String {
    let known: Partner = vendor.get(&format!("/v1/partners/{partner}")).ok();
    vendor.sale(json!({ "customerExternalId": "acct_2", "customerEmail": known.email, "amount": 5_200, "currency": "usd",
        "code": CODE, "invoiceId": "AT-2" }));
    vendor.sale(json!({ "customerExternalId": "acct_3", "amount": 4_000, "currency": "gbp", "code": CODE, "invoiceId": "AT-3" }));
    let claim =
        json!({ "partnerId": partner, "invoiceId": "AT-4", "amount": 3_000, "note": "Ordered by phone." });
    vendor.post("/v1/claims", &claim).ok::<Claim>().id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_refused_and_a_right_one_let_in() {
    let world = World::open().await;
    let owner = Marketer::new(&world).await;
    owner.tries_to_log_in("not the password").await;
    owner.browser.see("[role=alert]", "password is wrong").await;
    assert!(!owner.browser.sees("nav.sections", "").await);
    owner.logs_in().await;
    owner.browser.click("details.who summary", "").await;
    owner.browser.click("button", "Log out").await;
    owner.browser.see("h1", "Log in").await;
    owner.browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partner_who_waits_is_approved_and_gets_a_code() {
    let world = World::with(json!({ "autoApprove": false })).await;
    let vendor = &world.server.vendor;
    let page = world.server.page_of(&vendor.test.publishable_key, &world.shop);
    let waiting =
        page.try_join("Berghaus Sonnblick", "office@sonnblick.example", json!({ "termsVersion": "2026-09" }));
    let joined: goodword_wire::JoinOutput = waiting.ok();
    assert_eq!(joined.me.map(|me| me.status).as_deref(), Some("pending"));
    let owner = Marketer::logged_in(&world).await;
    owner.goes_to("Partners").await;
    owner.browser.click("nav.tabs a", "Awaiting review").await;
    owner.browser.click("main tbody button", "Approve Berghaus Sonnblick").await;
    owner.browser.see("main", "Nobody in this state").await;
    let partners: Vec<goodword_wire::Partner> = world.backend().get("/v1/partners?search=Sonnblick").ok();
    assert_eq!((partners[0].status.as_str(), partners[0].links.len()), ("approved", 1), "{partners:?}");
    owner.browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_appears_within_two_seconds_without_reloading() {
    let world = World::alone().await;
    let owner = Marketer::logged_in(&world).await;
    owner.goes_to("Events").await;
    owner.browser.click("nav.tabs a", "Clicks").await;
    owner.browser.see("main", "No click yet").await;
    world.click("mara");
    let soon = std::time::Duration::from_secs(2);
    let row = async || owner.browser.sees("main tbody tr", &format!("Partner {CODE}")).await.then_some(());
    owner.browser.within(soon, "the click is listed", row).await;
    owner.browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_provider_sent_is_listed_by_what_became_of_it() {
    let world = World::open().await;
    some_trade(&world);
    let owner = Marketer::logged_in(&world).await;
    owner.browser.goto(&address(&world, "/integrations")).await;
    owner.browser.see("main", "Nothing came yet").await;
    owner.browser.click("nav.tabs a", "Failed").await;
    owner.browser.see("main", "None in this state").await;
    owner.browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_overflows_a_phone_or_a_laptop() {
    let world = World::open().await;
    let trade = some_trade(&world);
    let owner = Marketer::logged_in(&world).await;
    for (path, title) in trade.pages() {
        owner.browser.goto(&address(&world, &path)).await;
        owner.browser.see("main h1", title).await;
        settled(&owner.browser).await;
        for width in [360, 700, 900, 1280] {
            owner.browser.narrow(width).await;
            assert_eq!(owner.browser.overflow().await, "", "{path} is wider than a screen of {width} px");
        }
    }
    owner.browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_whose_chapter_does_not_come_can_be_asked_for_again() {
    let world = World::alone().await;
    let owner = Marketer::logged_in(&world).await;
    let browser = &owner.browser;
    browser.cdp("Network.enable", json!({})).await;
    browser.cdp("Network.setCacheDisabled", json!({ "cacheDisabled": true })).await;
    browser.cdp("Network.setBlockedURLs", json!({ "urls": ["*/chapter-*"] })).await;
    // A browser that is never idle fetches no chapter by itself, which could come between the hindrance's end and the press.
    let busy = json!({ "source": "window.requestIdleCallback = () => 0;" });
    browser.cdp("Page.addScriptToEvaluateOnNewDocument", busy).await;
    browser.goto(&address(&world, "/triggers")).await;
    browser.see("main [role=alert]", "This page did not come").await;
    browser.see("nav.sections a[aria-current=page]", "Triggers").await;
    browser.click("nav.sections a", "Overview").await;
    browser.see("main h1", "Overview").await;
    browser.click("nav.sections a", "Triggers").await;
    browser.see("main [role=alert]", "This page did not come").await;
    browser.cdp("Network.setBlockedURLs", json!({ "urls": [] })).await;
    browser.click("main [role=alert] button", "Try again").await;
    browser.see("main h1", "Triggers").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_chapter_comes_while_nobody_waits() {
    let world = World::alone().await;
    let owner = Marketer::logged_in(&world).await;
    let browser = &owner.browser;
    let fetched = "return performance.getEntriesByType('resource').map((one) => one.name).filter((name) => name.includes('/chapter-'))";
    let all = async || {
        let fetched: Vec<String> = browser.js(fetched, json!([])).await;
        let come = |chapter| fetched.iter().any(|name| name.contains(&format!("/chapter-{chapter}.")));
        ["terms", "people", "money", "works"].into_iter().all(come).then_some(())
    };
    browser.until("all chapters are fetched", all).await;
    browser.see("main h1", "Overview").await;
    browser.assert_quiet().await;
}
