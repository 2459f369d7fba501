//! The panel that tells a page's owner what works: `?goodword_test=1`.

use super::axe::assert_accessible;
use super::chromium::Browser;
use super::site::{Page, Site};
use super::world::World;
use serde_json::json;

/// What the panel says, each line as `id state: text | remedy`.
async fn told(browser: &Browser) -> Vec<String> {
    browser.event("document tested").await;
    let read = "return [...document.querySelector('goodword-tester').shadowRoot.querySelectorAll('li')].map((item) =>
        item.dataset.id + ' ' + item.dataset.state + ': ' + [...item.children].map((child) => child.textContent).join(' | '))";
    browser.js(read, json!([])).await
}

#[track_caller]
fn says(told: &[String], start: &str, words: &[&str]) {
    let line =
        told.iter().find(|line| line.starts_with(start) && words.iter().all(|word| line.contains(word)));
    assert!(line.is_some(), "no `{start}` with {words:?} in {told:#?}");
}

#[track_caller]
fn nothing_is(told: &[String], state: &str) {
    let found: Vec<_> = told.iter().filter(|line| line.contains(&format!(" {state}: "))).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_says_that_everything_works() {
    let world = World::open().await;
    let body = "<goodword-join></goodword-join><form data-goodword></form><a href=\"https://buy.stripe.com/a\">Pay</a>";
    let browser = Browser::open().await;
    browser.goto(&format!("{}?via=mara&goodword_test=1", world.page(body))).await;
    let all = told(&browser).await;
    nothing_is(&all, "bad");
    nothing_is(&all, "warn");
    says(&all, "script ok", &[&world.server.base]);
    says(&all, "key-valid ok", &["Tea list", "sandbox"]);
    says(&all, "origin ok", &[&world.site.origin]);
    says(&all, "consent ok", &["granted"]);
    says(&all, "storage ok", &[]);
    says(&all, "click ok", &["clk_", "MARA"]);
    says(&all, "policy ok", &[]);
    says(&all, "forms ok", &["1 form"]);
    browser.see("goodword-tester >>> [role=status]", "works").await;
    // What is still on its way is seen with another look.
    browser.see("goodword-join >>> form", "").await;
    browser.click("goodword-tester >>> button", "Look again").await;
    browser.see("goodword-tester >>> li[data-id=element][data-state=ok]", "goodword-join").await;
    let left: Vec<String> =
        browser.js("return Object.keys(localStorage).filter((name) => name == 'gw_test')", json!([])).await;
    assert!(left.is_empty(), "{left:?}");
    assert_accessible(&browser, "goodword-tester", "the tester").await;
    browser.click("goodword-tester >>> button", "Close").await;
    assert!(!browser.sees("goodword-tester", "").await);
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_stays_away_where_nobody_asked_for_it() {
    let world = World::open().await;
    let browser = Browser::open().await;
    browser.goto(&format!("{}?via=mara", world.page(""))).await;
    browser.until("the click is stored", async || (world.events("click").len() == 1).then_some(())).await;
    assert!(!browser.js::<bool>("return !!document.querySelector('goodword-tester')", json!([])).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_names_what_to_mend() {
    let world = World::open().await;
    let foreign = Site::open("foreign.localhost").await;
    let page = foreign.put("/", Page::new(&world.tag(""), "<goodword-joins></goodword-joins>"));
    let browser = Browser::open().await;
    browser.goto(&format!("{page}?via=mara&goodword_test=1")).await;
    let all = told(&browser).await;
    says(&all, "origin bad", &[&format!("goodword admin allow-origin {}", foreign.origin)]);
    says(&all, "click bad", &["mara"]);
    says(&all, "element bad", &["goodword-joins", "goodword-join,"]);
    browser.assert_quiet().await;

    let wrong = world.tag("").replace("pk_test_", "pk_test_0");
    let page = world.site.put("/", Page::new(&format!("{wrong}{wrong}"), ""));
    browser.goto(&format!("{page}?goodword_test=1")).await;
    let all = told(&browser).await;
    says(&all, "key-valid bad", &["unknown or was revoked"]);
    says(&all, "twice warn", &["2 times"]);
    says(&all, "click info", &["via=CODE"]);
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_names_the_directives_a_policy_lacks() {
    let world = World::open().await;
    let host = &world.server.base;
    let body = "<goodword-join></goodword-join>";
    let browser = Browser::open().await;
    for (path, policy, expected) in [
        (
            "/a",
            format!("script-src {host} 'wasm-unsafe-eval'; connect-src 'self'"),
            vec![("connect bad", format!("connect-src {host}"))],
        ),
        (
            "/b",
            format!("script-src {host}; connect-src {host}; frame-src {host}"),
            vec![("policy warn", format!("script-src {host} 'wasm-unsafe-eval'; connect-src {host}"))],
        ),
        (
            "/c",
            format!("default-src 'none'; script-src {host}"),
            vec![
                ("connect bad", format!("connect-src {host}")),
                ("policy bad", format!("'wasm-unsafe-eval'; connect-src {host}; or frame-src {host}")),
            ],
        ),
    ] {
        let page = world.site.put(path, Page::new(&world.tag(""), body).under(&policy));
        browser.goto(&format!("{page}?goodword_test=1")).await;
        let all = told(&browser).await;
        for (start, directive) in expected {
            says(&all, start, &[&format!("| {directive}").replace("| '", "'")]);
        }
        browser.assert_quiet().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_writes_nothing_before_consent_and_reads_the_programs_parameters() {
    let world = World::with(json!({ "linkParameters": ["friend"] })).await;
    let page =
        world.site.put("/", Page::new(&world.tag("data-consent=\"required\" data-params=\"aff\""), ""));
    let browser = Browser::open().await;
    browser.goto(&format!("{page}?via=mara&goodword_test=1")).await;
    let all = told(&browser).await;
    says(&all, "consent info", &["required", "not given yet"]);
    says(&all, "storage info", &[]);
    says(&all, "params warn", &["friend", "data-params=\"aff friend\""]);
    let written: Vec<String> = browser
        .js("return [document.cookie, ...Object.keys(localStorage), ...Object.keys(sessionStorage)].filter(Boolean)", json!([]))
        .await;
    assert!(written.is_empty(), "{written:?}");
    browser.assert_quiet().await;
}
