//! An element's life in a DOM that belongs to somebody else: twice on a page, moved, taken out, put back.

use super::chromium::Browser;
use super::proxy::Proxy;
use super::role::fill_join_form;
use super::site::Page;
use super::world::World;
use serde_json::json;

const JOIN: &str = "<div id=\"a\"><goodword-join></goodword-join></div><div id=\"b\"></div>";

#[tokio::test(flavor = "multi_thread")]
async fn several_elements_of_one_page_know_of_one_another() {
    let world = World::open().await;
    let browser = Browser::open().await;
    let body = "<goodword-join id=\"one\"></goodword-join><goodword-join id=\"two\"></goodword-join><goodword-share></goodword-share>";
    browser.goto(&world.page(body)).await;
    for path in [
        "#one >>> form[data-gw=join]",
        "#two >>> form[data-gw=join]",
        "goodword-share >>> form[data-gw=sign-in]",
    ] {
        browser.see(path, "").await;
    }
    fill_join_form(&browser, "#two >>> ", "Klara Park", "klara@park.example").await;
    let code = browser.text("#two >>> bdi.code").await;
    browser.see("#one >>> bdi.code", &code).await;
    browser.see("goodword-share >>> bdi.code", &code).await;
    let joined: Vec<_> = browser
        .notes("events")
        .await
        .into_iter()
        .filter(|event| event.starts_with("goodword-join joined"))
        .collect();
    assert_eq!(joined.len(), 1, "{joined:?}");
    browser.click("goodword-share >>> button", "Sign out").await;
    for path in [
        "#one >>> form[data-gw=join]",
        "#two >>> form[data-gw=join]",
        "goodword-share >>> form[data-gw=sign-in]",
    ] {
        browser.see(path, "").await;
    }
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_elements_share_one_module() {
    let world = World::open().await;
    let proxy = Proxy::before(&world.server.base).await;
    let body = "<goodword-join></goodword-join><goodword-signup code=\"MARA\"></goodword-signup>".repeat(5);
    let page = Page::new(&world.tag_from(&proxy.base, ""), &body);
    let browser = Browser::open().await;
    browser.narrow(1200).await;
    browser.goto(&world.site.put("/", page)).await;
    let all = async || {
        let () = browser.js("scrollBy(0, 400)", json!([])).await;
        let shown = "return [...document.querySelectorAll('goodword-join,goodword-signup')].filter((e) => e.shadowRoot?.querySelector('form')).length";
        (browser.js::<u32>(shown, json!([])).await == 10).then_some(())
    };
    browser.until("all ten are there", all).await;
    let ready = browser.notes("events").await.into_iter().filter(|event| event.contains(" ready ")).count();
    assert_eq!((ready, proxy.asked(".wasm")), (10, 1), "ready, and modules");
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_included_twice_works_once_and_loses_no_call() {
    let world = World::open().await;
    let proxy = Proxy::before(&world.server.base).await;
    let stub = "<script>window.goodword = window.goodword || function () { (goodword.q = goodword.q || []).push(arguments) };
        window.calls = 0; goodword('ready', () => calls++);</script>";
    let tag = world.tag_from(&proxy.base, "");
    let again = "<script>const again = document.currentScript; addEventListener('load', () => {
            const waiting = [['ready', () => calls++]]; window.goodword = function () {}; goodword.q = waiting;
            const copy = document.createElement('script'); copy.src = document.querySelector('script[data-key]').src;
            copy.onload = () => { window.twice = true }; document.head.append(copy);
        })</script>";
    let page = world.site.put("/", Page::new(&format!("{stub}{tag}{tag}{again}"), JOIN));
    let browser = Browser::open().await;
    browser.goto(&format!("{page}?via=mara")).await;
    browser.see("goodword-join >>> form", "").await;
    let done = async || {
        browser.js::<bool>("return window.twice === true && calls === 2", json!([])).await.then_some(())
    };
    browser.until("both calls that waited were made", done).await;
    assert_eq!((proxy.asked("/v1/track/click"), proxy.asked("/v1/embed/config")), (1, 1));
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_element_survives_being_moved_and_taken_out_for_a_while() {
    let world = World::open().await;
    let proxy = Proxy::before(&world.server.base).await;
    let browser = Browser::open().await;
    browser.goto(&world.site.put("/", Page::new(&world.tag_from(&proxy.base, ""), JOIN))).await;
    browser.fill("goodword-join >>> input[name=name]", "Rosa Quinn").await;
    let name =
        "return document.querySelector('goodword-join').shadowRoot.querySelector('input[name=name]').value";

    let () = browser
        .js("document.getElementById('b').append(document.querySelector('goodword-join'))", json!([]))
        .await;
    assert_eq!(browser.js::<String>(name, json!([])).await, "Rosa Quinn");
    let away = "window.kept = document.querySelector('goodword-join'); kept.remove(); setTimeout(() => done(null), 300)";
    let () = browser.js_later(away).await;
    let () = browser.js("document.getElementById('a').append(kept)", json!([])).await;
    assert_eq!(browser.js::<String>(name, json!([])).await, "Rosa Quinn");
    assert_eq!(proxy.asked("/v1/embed/config"), 1, "it was begun anew");

    // Gone for good as far as anybody can tell, it lets go of everything; and still it can come back.
    let () = browser.js("kept.remove()", json!([])).await;
    let empty = async || {
        browser.js::<bool>("return !kept.shadowRoot.querySelector('form')", json!([])).await.then_some(())
    };
    browser.until("what was in it is gone", empty).await;
    let () = browser.js("document.getElementById('b').append(kept)", json!([])).await;
    fill_join_form(&browser, "goodword-join >>> ", "Rosa Quinn", "rosa@quinn.example").await;
    browser.see("goodword-join >>> bdi.code", "").await;
    browser.assert_quiet().await;
}

/// Listeners and nodes of the page, once garbage is collected.
async fn weight(browser: &Browser) -> (i64, i64) {
    browser.cdp("HeapProfiler.collectGarbage", json!({})).await;
    let metrics = browser.cdp("Performance.getMetrics", json!({})).await;
    let value = |name: &str| {
        let list = metrics["metrics"].as_array().into_iter().flatten();
        list.into_iter().find(|metric| metric["name"] == name).and_then(|metric| metric["value"].as_f64())
    };
    #[expect(clippy::cast_possible_truncation, reason = "counts are small")]
    let whole = |name| value(name).expect("the browser counts it") as i64;
    (whole("JSEventListeners"), whole("Nodes"))
}

#[tokio::test(flavor = "multi_thread")]
async fn three_hundred_remounts_leave_nothing_behind() {
    let world = World::open().await;
    let browser = Browser::open().await;
    browser.goto(&world.page(JOIN)).await;
    browser.see("goodword-join >>> form", "").await;
    browser.cdp("Performance.enable", json!({})).await;
    let same = "const element = document.querySelector('goodword-join'); let left = 300;
        const step = () => { if (!left--) return done(null); element.remove(); setTimeout(() => {
            document.getElementById(left % 2 ? 'a' : 'b').append(element); setTimeout(step) }) }; step();";
    let () = browser.js_later(same).await;
    let before = weight(&browser).await;
    let () = browser.js_later(same).await;
    let after = weight(&browser).await;
    assert!(
        after.0 <= before.0 && after.1 <= before.1 + 10,
        "listeners and nodes went from {before:?} to {after:?}"
    );

    // New elements each time: they are let go of some seconds after they were taken out.
    let fresh = "const place = document.getElementById('a'); place.textContent = ''; let left = 30;
        const step = () => { if (!left--) return done(null); const element = document.createElement('goodword-join');
            element.addEventListener('goodword-ready', () => { element.remove(); setTimeout(step) }, { once: true });
            place.append(element) }; step();";
    let () = browser.js_later(fresh).await;
    let lighter = async || {
        let now = weight(&browser).await;
        (now.0 <= before.0 && now.1 <= before.1 + 60).then_some(now)
    };
    browser.until(&format!("thirty elements more are gone again (before: {before:?})"), lighter).await;
    browser.assert_quiet().await;
}
