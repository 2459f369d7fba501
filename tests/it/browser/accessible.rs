//! No objection from axe-core, in any state of the widget and on any page of the console, in light and in dark.

use super::axe::{assert_accessible, objections};
use super::chromium::Browser;
use super::console::{address, some_trade};
use super::role::{Influencer, Marketer, Visitor, fill_join_form};
use super::signup::scroll_to;
use super::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn joining_and_what_comes_of_it() {
    let world = World::open().await;
    let ines = Influencer::new(&world).await;
    ines.visits_the_partner_page().await;
    ines.browser.see("goodword-join >>> form", "").await;
    assert_accessible(&ines.browser, "goodword-join", "the form to join").await;
    ines.browser.click("goodword-join >>> button[type=submit]", "").await;
    ines.browser.see("goodword-join >>> .error", "").await;
    assert_accessible(&ines.browser, "goodword-join", "the form with its errors").await;
    ines.browser.see("goodword-share >>> form", "").await;
    assert_accessible(&ines.browser, "goodword-share", "signing in").await;

    let given = ines.joins("Ines Hartl", "ines@hartl.example").await;
    assert_accessible(&ines.browser, "goodword-join", "code, link and QR code").await;
    ines.browser.see("goodword-share >>> bdi.code", "").await;
    assert_accessible(&ines.browser, "goodword-share", "the partner's page before the proof").await;

    ines.confirms_the_address("ines@hartl.example").await;
    let friend = Visitor::new(&world).await;
    friend.follows(&given.link).await;
    friend.signs_up("Ben Moreau", "ben@moreau.example").await;
    ines.visits_the_partner_page().await;
    ines.browser.see("goodword-share >>> [part~=commissions] li", "").await;
    assert_accessible(&ines.browser, "goodword-share", "the partner's page with earnings").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_up() {
    let world = World::open().await;
    let reader = Browser::open().await;
    reader.goto(&world.blog).await;
    scroll_to(&reader, "goodword-signup").await;
    reader.see("goodword-signup >>> form", "").await;
    assert_accessible(&reader, "goodword-signup", "the form to sign up").await;
    reader.fill("goodword-signup >>> input[name=name]", "Elif Jansen").await;
    reader.fill("goodword-signup >>> input[name=email]", "elif@jansen.example").await;
    reader.click("goodword-signup >>> button[type=submit]", "").await;
    reader.see("goodword-signup >>> [role=status]", "Welcome to").await;
    assert_accessible(&reader, "goodword-signup", "signed up").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn our_own_pages_and_the_frame() {
    let world = World::open().await;
    let browser = Browser::open().await;
    let key = &world.server.vendor.test.publishable_key;
    browser.goto(&format!("{}/embed/frame?element=join&pk={key}", world.server.base)).await;
    fill_join_form(&browser, "goodword-join >>> ", "Olivia Evans", "olivia@evans.example").await;
    browser.see("goodword-join >>> bdi.code", "").await;
    assert_accessible(&browser, "goodword-join", "the frame").await;
    let mailed = world.server.links_mailed("olivia@evans.example", "/verify", 1);
    browser.goto(&format!("{}/outbox", world.server.base)).await;
    assert_accessible(&browser, "html", "the outbox").await;
    browser.goto(&format!("{}{}", world.server.base, mailed[0])).await;
    assert_accessible(&browser, "html", "proving an address").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_console() {
    let world = World::open().await;
    let trade = some_trade(&world);
    let owner = Marketer::new(&world).await;
    assert_accessible(&owner.browser, "html", "logging in").await;
    owner.tries_to_log_in("not the password").await;
    owner.browser.see("[role=alert]", "").await;
    assert_accessible(&owner.browser, "html", "the wrong password").await;
    for door in ["join", "reset"] {
        owner.browser.goto(&format!("{}/console/{door}?token=x", world.server.base)).await;
        owner.browser.see("input[name=again]", "").await;
        assert_accessible(&owner.browser, "html", door).await;
    }
    owner.browser.goto(&format!("{}/console/?mode=test", world.server.base)).await;
    owner.logs_in().await;
    let mut found = Vec::new();
    for (path, title) in trade.pages() {
        owner.browser.goto(&address(&world, &path)).await;
        owner.browser.see("main h1", title).await;
        settled(&owner.browser).await;
        found.extend(objections(&owner.browser, "html", &path).await);
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    owner.browser.assert_quiet().await;
}

/// Waits until nothing on the page is on its way any more.
pub async fn settled(browser: &Browser) {
    let busy = async || browser.sees(".skeleton", "").await;
    browser.until("the page has its data", async || (!busy().await).then_some(())).await;
}
