//! Pages under a strict Content-Security-Policy.

use super::chromium::Browser;
use super::role::fill_join_form;
use super::site::Page;
use super::world::World;

const BODY: &str = "<goodword-join><p id=\"fallback\">Write to us instead.</p></goodword-join>";

/// A browser on a page with the widget under a policy, in which `HOST` stands for our origin.
async fn visit(world: &World, policy: &str) -> Browser {
    let policy = format!("default-src 'none'; {}", policy.replace("HOST", &world.server.base));
    let page = world.site.put("/", Page::new(&world.tag(""), BODY).under(&policy));
    let browser = Browser::open().await;
    browser.goto(&page).await;
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn three_entries_are_enough_for_the_widget_in_the_page() {
    let world = World::open().await;
    let browser = visit(&world, "script-src HOST 'wasm-unsafe-eval'; connect-src HOST").await;
    browser.see("goodword-join >>> form", "").await;
    assert!(!browser.sees("goodword-join >>> iframe", "").await);
    assert!(!browser.sees("#fallback", "").await, "the fallback is still there");
    fill_join_form(&browser, "goodword-join >>> ", "Hugo Costa", "hugo@costa.example").await;
    browser.see("goodword-join >>> svg.qr path", "").await;
    // A style sheet that the policy refuses would leave the button as the browser draws it.
    let (_, height) = browser.size("goodword-join >>> [part~=copy-button]").await;
    assert!(height >= 24.0, "{height}");
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_wasm_in_the_page_a_frame_does_the_same() {
    let world = World::open().await;
    let browser = visit(&world, "script-src HOST; connect-src HOST; frame-src HOST").await;
    browser.see("goodword-join >>> iframe", "").await;
    browser.event("goodword-join ready").await;
    assert!(!browser.sees("#fallback", "").await, "the fallback is still there");
    let (_, height) = browser.size("goodword-join >>> iframe").await;
    assert!(height > 200.0, "the frame is {height} px high");
    browser.enter("goodword-join >>> iframe").await;
    fill_join_form(&browser, "goodword-join >>> ", "Hugo Costa", "hugo@costa.example").await;
    let code = browser.text("goodword-join >>> bdi.code").await;
    browser.leave().await;
    let event = browser.event("goodword-join joined").await;
    assert!(event.contains(&code), "{event}");
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_neither_the_fallback_stays_and_one_warning_says_what_to_add() {
    let world = World::open().await;
    let browser = visit(&world, "script-src HOST").await;
    browser.event("goodword-join error").await;
    browser.see("#fallback", "Write to us instead.").await;
    let warnings = browser.notes("warnings").await;
    let directive = format!("frame-src {}", world.server.base);
    assert!(warnings.iter().any(|warning| warning.contains(&directive)), "{warnings:?}");
    assert!(warnings.iter().any(|warning| warning.contains("'wasm-unsafe-eval'")), "{warnings:?}");
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    browser.assert_quiet().await;
}
