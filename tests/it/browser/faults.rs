//! What a stranger's page must never notice: our server being down, slow, broken or wrong.

use super::chromium::{Browser, Wish};
use super::proxy::{Fault, Proxy};
use super::site::Page;
use super::world::World;
use serde_json::json;

const BODY: &str = "<goodword-join><p id=\"fallback\">Write to us instead.</p></goodword-join>";

/// Opens a page whose widget comes through a proxy with that fault: the page shows what its owner wrote, the event is
/// fired, and nothing is thrown.
async fn survives(world: &World, fault: Fault) {
    let proxy = Proxy::before(&world.server.base).await;
    proxy.set(fault);
    let page = world.site.put("/", Page::new(&world.tag_from(&proxy.base, ""), BODY));
    let browser = Browser::open().await;
    browser.goto(&page).await;
    falls_back(&browser, &format!("{fault:?}")).await;
}

async fn falls_back(browser: &Browser, what: &str) {
    let event = browser.event("goodword-join error").await;
    assert!(event.contains("code") && event.contains("message"), "{what}: {event}");
    browser.see("#fallback", "Write to us instead.").await;
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_of_500_leave_the_fallback() {
    survives(&World::open().await, Fault::Broken).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_answers_leave_the_fallback() {
    survives(&World::open().await, Fault::Malformed).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_that_take_ten_seconds_leave_the_fallback() {
    survives(&World::open().await, Fault::Slow).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_module_leaves_the_fallback() {
    let world = World::open().await;
    survives(&world, Fault::NoModule).await;
    survives(&world, Fault::NoShell).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_module_of_another_hash_is_refused() {
    survives(&World::open().await, Fault::WrongModule).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_down_leaves_the_fallback() {
    let world = World::open().await;
    let nobody = "http://127.0.0.1:9";
    let browser = Browser::open().await;
    // The script came from a cache or another host, and behind it is nobody any more.
    let page = Page::new(&world.tag(&format!("data-api-host=\"{nobody}\"")), BODY);
    browser.goto(&format!("{}?via=MARA", world.site.put("/", page))).await;
    falls_back(&browser, "down").await;
    // Not even the script comes.
    world.server.kill();
    let page = world.site.put("/gone", Page::new(&world.tag(""), BODY));
    let browser = Browser::open().await;
    browser.goto(&page).await;
    browser.see("#fallback", "Write to us instead.").await;
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_goes_down_later_is_said_and_survived() {
    let world = World::open().await;
    let browser = Browser::open().await;
    browser.goto(&world.page(BODY)).await;
    browser.see("goodword-join >>> form", "").await;
    world.server.kill();
    super::role::fill_join_form(&browser, "goodword-join >>> ", "Nils Dahl", "nils@dahl.example").await;
    browser.see("goodword-join >>> [part~=status]", "We could not reach the server.").await;
    world.server.restart();
    browser.click("goodword-join >>> button[type=submit]", "Get my code and link").await;
    browser.see("goodword-join >>> bdi.code", "").await;
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_storage_is_no_reason_to_fail() {
    let world = World::open().await;
    let browser = Browser::with(Wish { no_storage: true, ..Wish::default() }).await;
    browser.goto(&format!("{}?via=MARA", world.page(BODY))).await;
    let refused: bool =
        browser.js("try { localStorage.length; return false } catch { return true }", json!([])).await;
    assert!(refused, "the browser was to refuse storage");
    browser.until("the click is counted", async || (world.events("click").len() == 1).then_some(())).await;
    super::role::fill_join_form(&browser, "goodword-join >>> ", "Nils Dahl", "nils@dahl.example").await;
    browser.see("goodword-join >>> bdi.code", "").await;
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn forged_and_foreign_messages_are_ignored() {
    let world = World::open().await;
    let browser = Browser::open().await;
    browser.goto(&world.page(BODY)).await;
    browser.see("goodword-join >>> form", "").await;
    let post = "for (const message of [null, undefined, 1, '', [], { goodword: 'error' }, { goodword: 'ready', detail: {} }])
        postMessage(message, '*'); goodword(); goodword(null); goodword('nonsense'); goodword('lead', null); goodword('ready', null);
        dispatchEvent(new StorageEvent('storage', { key: null }));";
    let () = browser.js(post, json!([])).await;
    let () = browser.js_later("setTimeout(() => done(null), 0)").await;
    browser.see("goodword-join >>> form", "").await;
    let errors: Vec<_> =
        browser.notes("events").await.into_iter().filter(|e| e.starts_with("goodword-join error")).collect();
    assert!(errors.is_empty(), "{errors:?}");
    browser.assert_quiet().await;
}
