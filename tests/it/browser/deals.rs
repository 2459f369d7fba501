//! Deals and periods in a browser: the partner's path in the widget, the vendor's in the console; one scenario for each template.

#![expect(clippy::needless_pass_by_value, reason = "`sell(&world, &code, id, json!({ … }))` reads better")]

use super::chromium::Browser;
use super::role::{Influencer, Marketer};
use super::world::World;
use crate::harness::goodword;
use goodword_wire::{Progress, Registration, Settlement};
use serde_json::{Value, json};

/// The tables of a template that make it what it is.
fn tables(template: &str) -> Value {
    let printed = goodword().args(["program", "new", "--template", template, "--print"]).output();
    let text = String::from_utf8(printed.expect("goodword starts").stdout).expect("text");
    let document: toml::Table = text.parse().expect("TOML");
    let all = serde_json::to_value(document).expect("JSON");
    let mut wanted = json!({});
    for name in ["registrations", "settlements", "funds"] {
        if let Some(table) = all.get(name) {
            wanted[name] = table.clone();
        }
    }
    wanted
}

/// A partner with a proven address, on the shop's page for partners.
async fn partner<'a>(world: &'a World, now: &str) -> (Influencer<'a>, String) {
    world.backend().freeze(now);
    let ines = Influencer::new(world).await;
    let code = ines.joins("Ines Hartl", "ines@hartl.example").await.code;
    ines.confirms_the_address("ines@hartl.example").await;
    ines.visits_the_partner_page().await;
    ines.browser.see("goodword-share >>> button", "Sign out").await;
    (ines, code)
}

fn sell(world: &World, code: &str, customer: &str, with: Value) {
    let mut input = json!({ "customerExternalId": customer, "code": code, "currency": "usd" });
    for (name, value) in with.as_object().expect("an object") {
        input[name] = value.clone();
    }
    assert!(world.backend().sale(input).credited);
}

/// What the partner reads of the current period, once it is there.
async fn reads(browser: &Browser, text: &str) {
    browser.click("goodword-share >>> button[data-gw=open]", "This period").await;
    browser.see("goodword-share >>> ul.told li", text).await;
}

/// What the vendor reads of the current period, and settles once it is over.
async fn settles(world: &World, says: &str, rule: &str, after: &str) -> Settlement {
    let owner = Marketer::logged_in(world).await;
    owner.goes_to("Settlements").await;
    owner.browser.see("main tbody tr", says).await;
    world.backend().freeze(after);
    owner.browser.click("nav.tabs a", "To be settled").await;
    owner.browser.click("main section button", "Settle now").await;
    owner.browser.click("dialog button[type=submit]", "Settle").await;
    let done = async || {
        let all: Vec<Settlement> = world.backend().get("/v1/settlements").ok();
        all.into_iter().find(|one| one.rule == rule && !one.lines.is_empty())
    };
    let settled = owner.browser.until("the period is settled", done).await;
    owner.browser.click("nav.tabs a", "Settled").await;
    owner.browser.see("main section h2", &settled.name).await;
    owner.browser.assert_quiet().await;
    settled
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deal_is_registered_in_the_widget_and_won_in_the_console() {
    let world = World::with(tables("deal-registration")).await;
    let vendor = world.backend();
    let (ines, _) = partner(&world, "2036-03-01T09:00:00.000Z").await;
    let other = vendor.partner("OTHER");
    let theirs = json!({ "partnerId": other.id, "customerName": "Globex", "contact": "globex.example" });
    vendor.post("/v1/registrations", &theirs).ok::<Registration>();
    ines.browser.click("goodword-share >>> button[data-gw=open]", "Register a deal").await;
    ines.browser.fill("goodword-share >>> input[name=customerName]", "Globex GmbH").await;
    ines.browser.fill("goodword-share >>> input[name=contact]", "globex.example").await;
    ines.browser.see("goodword-share >>> form[data-gw=deal]", "Another partner has this customer").await;
    ines.browser.fill("goodword-share >>> input[name=customerName]", "Acme").await;
    ines.browser.fill("goodword-share >>> input[name=contact]", "acme.example").await;
    ines.browser.fill("goodword-share >>> input[name=amount]", "20,000.00").await;
    ines.browser.click("goodword-share >>> form[data-gw=deal] button[type=submit]", "Register").await;
    ines.browser.see("goodword-share >>> ul.told li", "Acme").await;
    let filed: Vec<Registration> = vendor.get("/v1/registrations?status=submitted").ok();
    assert_eq!((filed[0].customer_name.as_str(), filed[0].amount), ("Acme", Some(2_000_000)));

    let owner = Marketer::logged_in(&world).await;
    owner.goes_to("Registrations").await;
    owner.browser.click("main tbody a", "Acme").await;
    owner.browser.click("main button", "Approve").await;
    owner.browser.click("dialog button[type=submit]", "Approve").await;
    owner.browser.see("main .badge", "Protected").await;
    owner.browser.click("main button", "Reach a stage").await;
    owner.browser.click("dialog button[type=submit]", "Reach a stage").await;
    owner.browser.see("main .timeline li", "Reached “Demo held”").await;
    owner.browser.click("main button", "Win").await;
    owner.browser.click("dialog button[type=submit]", "Win").await;
    owner.browser.see("main .badge", "Won").await;
    let won: Registration = vendor.get(&format!("/v1/registrations/{}", filed[0].id)).ok();
    let paid: Vec<i64> = won.payments.iter().map(|paid| paid.amount).collect();
    assert_eq!(paid, [20_000, 60_000], "the demo, and 3 % of 20,000.00");
    owner.browser.assert_quiet().await;
    ines.browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rebate_grows_in_the_widget_and_is_settled_in_the_console() {
    let world = World::with(tables("rebate")).await;
    let (ines, code) = partner(&world, "2036-03-01T09:00:00.000Z").await;
    sell(&world, &code, "c-1", json!({ "amount": 1_966_000 }));
    reads(&ines.browser, "$340.00 more by Mar 31: $600.00 in all").await;
    let says = "340.00 more by 31 March unlocks 600.00";
    let settled = settles(&world, says, "volume", "2036-04-01T00:00:00.000Z").await;
    assert_eq!(settled.total, 39_320);
    ines.browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resellers_target_is_seen_by_both() {
    let world = World::with(tables("value-added-reseller")).await;
    let (ines, code) = partner(&world, "2036-03-01T09:00:00.000Z").await;
    sell(&world, &code, "c-1", json!({ "amount": 480_000 }));
    reads(&ines.browser, "$200.00 more by Mar 31: $250.00 in all").await;
    sell(&world, &code, "c-2", json!({ "amount": 20_000 }));
    let says = "1000.00 more by 31 March unlocks 480.00";
    let settled = settles(&world, says, "sell-through", "2036-04-01T00:00:00.000Z").await;
    assert_eq!((settled.total, settled.lines[0].target), (25_000, Some(500_000)));
    ines.browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_promotion_is_seen_by_both() {
    // The template's dates, some years later than any clock.
    let spif = tables("spif").to_string().replace("2027-", "2036-");
    let world = World::with(serde_json::from_str(&spif).expect("JSON")).await;
    let (ines, code) = partner(&world, "2036-03-01T09:00:00.000Z").await;
    let items = json!([{ "product": "phone", "quantity": 5, "amount": 50_000 }]);
    sell(&world, &code, "c-1", json!({ "amount": 50_000, "items": items }));
    reads(&ines.browser, "2 more by May 31: $2,550.00 in all").await;
    let progress: Vec<Progress> = world.backend().get("/v1/settlements/progress").ok();
    assert!(progress.iter().any(|one| one.rule == "phones" && one.earned == 155_000), "{progress:?}");
    let says = "2 more by 31 May unlocks 2550.00";
    let settled = settles(&world, says, "phones", "2036-06-01T00:00:00.000Z").await;
    assert_eq!(settled.total, 155_000);
    ines.browser.assert_quiet().await;
}
