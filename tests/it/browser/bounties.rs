//! Bounties and what is agreed about them, in a browser: the partner's path in the widget and on the account page, the vendor's in the console.

use super::axe::assert_accessible;
use super::role::{Influencer, Marketer};
use super::world::World;
use crate::harness::goodword;
use goodword_wire::{Claim, Commission, Gift, SplitProposal, TaxProfile};
use serde_json::{Value, json};
use std::time::Duration;

/// How soon a sale is seen.
const SOON: Duration = Duration::from_secs(5);

/// The rewards of a template, in the world's program.
fn rewards(template: &str) -> Value {
    let printed = goodword().args(["program", "new", "--template", template, "--print"]).output();
    let text = String::from_utf8(printed.expect("goodword starts").stdout).expect("text");
    let document: toml::Table = text.parse().expect("TOML");
    let all = serde_json::to_value(document).expect("JSON");
    json!({ "rewards": all["rewards"], "holdDays": all["holdDays"], "newCustomersOnly": all["newCustomersOnly"] })
}

fn with(mut program: Value, name: &str, value: Value) -> Value {
    program[name] = value;
    program
}

/// A partner who joined in the widget, with a proven address; the code.
async fn joined(world: &World) -> (Influencer<'_>, String) {
    world.backend().freeze("2036-03-01T09:00:00.000Z");
    let ines = Influencer::new(world).await;
    let code = ines.joins("Ines Hartl", "ines@hartl.example").await.code;
    ines.confirms_the_address("ines@hartl.example").await;
    (ines, code)
}

async fn opens_her_account(world: &World, ines: &Influencer<'_>) {
    ines.browser.goto(&format!("{}/p/account?program={}", world.server.base, world.program.id)).await;
    ines.browser.see("h1", "Your partner account").await;
}

fn sell(world: &World, code: &str, customer: &str, invoice: &str, amount: i64) {
    let sale = json!({ "customerExternalId": customer, "code": code, "currency": "usd", "amount": amount, "invoiceId": invoice });
    assert!(world.backend().sale(sale).credited);
}

/// Canva: of a yearly plan 36.00, of three months at 18.00 two; a film that shows the product pays 50.00 once.
#[tokio::test(flavor = "multi_thread")]
async fn an_influencer_earns_a_capped_bounty_and_a_bonus_for_a_film() {
    let widget = json!({ "content": true, "disclosure": "#ad" });
    let world = World::with(with(rewards("influencer"), "widget", widget)).await;
    let (ines, code) = joined(&world).await;
    sell(&world, &code, "yearly", "in_1", 12_000);
    ines.visits_the_partner_page().await;
    ines.sees_earned(SOON, "$36.00", "pending").await;
    for month in ["in_2", "in_3"] {
        sell(&world, &code, "monthly", month, 1_800);
    }
    ines.sees_earned(SOON, "$18.00", "pending").await;

    opens_her_account(&world, &ines).await;
    ines.browser.see("main", "#ad").await;
    ines.browser.fill("input[name=url]", "https://video.example/watch?v=1").await;
    ines.browser.click("form[action$=content] button", "Send it in").await;
    ines.browser.see("[role=status]", "It is sent in").await;

    let owner = Marketer::logged_in(&world).await;
    owner.goes_to("Commissions").await;
    owner.sees_earned(SOON, "$36.00", "Held").await;
    owner.goes_to("Claims").await;
    owner.browser.click("main tbody a", "https://video.example").await;
    owner.browser.click("main button", "Grant").await;
    owner.browser.fill("dialog input[name=amount]", "50").await;
    owner.browser.click("dialog button[type=submit]", "Grant").await;
    owner.browser.see("main .badge", "Granted").await;
    let claims: Vec<Claim> = world.backend().get("/v1/claims?status=granted").ok();
    assert_eq!(claims[0].commission.as_ref().map(|paid| paid.earnings), Some(5_000));
    opens_her_account(&world, &ines).await;
    ines.browser.see("article.deal", "Taken").await;
    owner.browser.assert_quiet().await;
    ines.browser.assert_quiet().await;
}

/// Trello: who refers has 10.00 for a friend's first purchase, and the friend is promised as much.
#[tokio::test(flavor = "multi_thread")]
async fn both_sides_of_a_referral_get_something() {
    let world = World::with(rewards("referral")).await;
    let (ines, code) = joined(&world).await;
    let sale = json!({ "customerExternalId": "kim", "code": code, "currency": "usd", "amount": 4_900, "invoiceId": "in_1" });
    let sale: Value = world.backend().post("/v1/track/sale", &sale).ok();
    assert_eq!((&sale["referred"]["type"], &sale["referred"]["amount"]), (&json!("credit"), &json!(1_000)));
    ines.visits_the_partner_page().await;
    ines.sees_earned(SOON, "$10.00", "pending").await;
    sell(&world, &code, "lee", "in_2", 4_900);
    let owner = Marketer::logged_in(&world).await;
    owner.goes_to("Commissions").await;
    owner.sees_earned(SOON, "$10.00", "Held").await;
    let earned: Vec<Commission> = world.backend().get("/v1/commissions").ok();
    assert_eq!(earned.iter().map(|one| one.earnings).collect::<Vec<_>>(), [1_000, 1_000]);
    gives_the_friends_theirs(&world, &owner).await;
    owner.browser.assert_quiet().await;
    ines.browser.assert_quiet().await;
}

/// What the two friends are promised is held with the commissions; then one is given, and written down.
async fn gives_the_friends_theirs(world: &World, owner: &Marketer<'_>) {
    owner.goes_to("Gifts").await;
    owner.browser.see("main .empty", "Nothing is to be given").await;
    owner.browser.click("nav.tabs a", "Held").await;
    owner.browser.see("main tbody tr", "$10.00 of credit").await;
    world.backend().clock(json!({ "advanceDays": 31 }));
    owner.browser.click("nav.tabs a", "To be given").await;
    owner.browser.see("main tbody tr", "kim").await;
    owner.browser.click("main tbody button[aria-label$=lee]", "Given…").await;
    assert_accessible(&owner.browser, "dialog", "a gift").await;
    owner.browser.fill("dialog textarea", "credit 4711").await;
    owner.browser.click("dialog button[type=submit]", "It was given").await;
    let given = async || {
        let all: Vec<Gift> = world.backend().get("/v1/gifts?status=given").ok();
        all.into_iter().next()
    };
    let gift = owner.browser.until("a gift is given", given).await;
    assert_eq!(gift.note.as_deref(), Some("credit 4711"));
    owner.browser.click("nav.tabs a", "Given").await;
    owner.browser.see("main tbody tr", "credit 4711").await;
}

/// A sale that two brought: proposed on the account page, decided in the console, where taxes are asked for besides.
#[tokio::test(flavor = "multi_thread")]
async fn a_sale_is_shared_by_agreement_and_taxes_are_asked_for() {
    let world = World::open().await;
    let vendor = world.backend();
    let (ines, code) = joined(&world).await;
    vendor.partner("BERT22");
    sell(&world, &code, "acme", "in_1", 10_000);
    opens_her_account(&world, &ines).await;
    ines.browser.fill("form[action$='account/split'] input[name=code]", "bert22").await;
    ines.browser.fill("form[action$='account/split'] input[name=part]", "40").await;
    ines.browser.click("form[action$='account/split'] button", "Propose").await;
    ines.browser.see("[role=status]", "Your proposal is sent").await;

    let owner = Marketer::logged_in(&world).await;
    owner.goes_to("Splits").await;
    owner.browser.see("main section", "Sale in_1").await;
    owner.browser.see("main section tbody tr", "60.00 %").await;
    owner.browser.click("main section button", "Share it so").await;
    owner.browser.click("dialog button[type=submit]", "Share").await;
    let shared = async || {
        let all: Vec<SplitProposal> = vendor.get("/v1/splits?status=approved").ok();
        all.into_iter().next()
    };
    let split = owner.browser.until("the sale is shared", shared).await;
    assert_eq!(split.decided.iter().map(|part| part.amount).collect::<Vec<_>>(), [800, 1_200]);

    owner.goes_to("Payouts").await;
    owner.browser.click("nav.tabs a", "How you pay").await;
    owner.browser.see("select[name=taxRequired]", "").await;
    owner
        .browser
        .js::<Option<bool>>("document.querySelector('select[name=taxRequired]').value = 'yes'", json!([]))
        .await;
    owner.browser.click("main form button[type=submit]", "Save").await;
    owner.browser.see("main form [role=status]", "Saved.").await;
    opens_her_account(&world, &ines).await;
    ines.browser.see("main", "Payouts wait until this is filled in").await;
    ines.browser.fill("input[name=legal_name]", "Ines Hartl").await;
    ines.browser.fill("form[action$=tax] textarea[name=address]", "Gasse 1, 1010 Wien").await;
    ines.browser.fill("input[name=country]", "AT").await;
    ines.browser.click("form[action$=tax] button", "Save").await;
    ines.browser.see("[role=status]", "Your tax details are saved.").await;
    let hers = split.decided.iter().find(|part| part.partner.name == "Ines Hartl").expect("her part");
    let profile: TaxProfile = vendor.get(&format!("/v1/partners/{}/tax", hers.partner.id)).ok();
    assert_eq!((profile.country.as_deref(), profile.missing.len()), (Some("AT"), 0));
    owner.browser.assert_quiet().await;
    ines.browser.assert_quiet().await;
}
