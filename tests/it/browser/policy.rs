//! Pages under a strict Content-Security-Policy.

use super::chromium::Browser;
use super::role::fill_join_form;
use super::site::Page;
use super::world::World;

/// Where the widget ends up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tier {
    /// In the page itself.
    Page,
    /// In a frame of our own origin.
    Frame,
    /// Nowhere: the page shows what its owner wrote.
    Fallback,
}

const BODY: &str = "<goodword-join><p id=\"fallback\">Write to us instead.</p></goodword-join>";

/// Fails unless the widget reaches that tier on a page with this head, under the policies, and nothing is thrown.
async fn reaches(world: &World, head: &str, policy: &str, tier: Tier) {
    let policy = policy.replace("HOST", &world.server.base);
    let page = Page::new(head, BODY);
    let page = if policy.is_empty() { page } else { page.under(&policy) };
    let browser = Browser::open().await;
    browser.goto(&world.site.put("/", page)).await;
    let end = if tier == Tier::Fallback { "goodword-join error" } else { "goodword-join ready" };
    browser.event(end).await;
    let reached =
        match (browser.sees("#fallback", "").await, browser.sees("goodword-join >>> iframe", "").await) {
            (true, _) => Tier::Fallback,
            (false, true) => Tier::Frame,
            (false, false) => Tier::Page,
        };
    assert_eq!(reached, tier, "{policy}");
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_policy_reaches_its_tier() {
    let world = World::open().await;
    let tag = world.tag("");
    let nonce = world.tag("nonce=\"abc\"");
    for (head, policy, tier) in [
        (&tag, "script-src HOST 'wasm-unsafe-eval'; connect-src HOST; style-src 'self'", Tier::Page),
        (&tag, "script-src HOST 'unsafe-eval'; connect-src HOST; object-src 'none'", Tier::Page),
        (
            &tag,
            "require-trusted-types-for 'script'; trusted-types 'none'; script-src HOST 'wasm-unsafe-eval'; connect-src HOST",
            Tier::Page,
        ),
        (&nonce, "script-src 'nonce-abc' 'wasm-unsafe-eval'; connect-src HOST", Tier::Page),
        (&nonce, "script-src 'nonce-abc' 'strict-dynamic' 'wasm-unsafe-eval'; base-uri 'none'", Tier::Page),
        (&tag, "default-src HOST", Tier::Frame),
        (
            &tag,
            "require-trusted-types-for 'script'; trusted-types 'none'; script-src HOST; frame-src HOST; connect-src HOST",
            Tier::Frame,
        ),
        (&tag, "default-src 'none'; script-src HOST", Tier::Fallback),
        (&tag, "script-src HOST 'wasm-unsafe-eval'; connect-src 'none'", Tier::Fallback),
        (&tag, "script-src HOST/goodword.js 'wasm-unsafe-eval'", Tier::Fallback),
    ] {
        reaches(&world, head, policy, tier).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_in_the_page_counts_as_one_in_its_header() {
    let world = World::open().await;
    let host = &world.server.base;
    for (policy, tier) in [
        (format!("script-src {host} 'wasm-unsafe-eval'; connect-src {host}"), Tier::Page),
        (format!("script-src {host}; connect-src {host}; frame-src {host}"), Tier::Frame),
    ] {
        let meta = format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">");
        reaches(&world, &format!("{meta}{}", world.tag("")), "", tier).await;
    }
}

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
