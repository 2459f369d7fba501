//! How a page's life goes on after it was loaded: an app that draws its own pages, a page that comes back from the browser's
//! memory, one that is prepared before anybody asks for it; and a server reached by a path of the vendor's own domain.

use super::chromium::Browser;
use super::proxy::{Fault, Proxy};
use super::role::fill_join_form;
use super::site::Page;
use super::world::World;
use serde_json::{Value, json};

async fn ready(browser: &Browser) {
    let loaded = async || browser.js::<bool>("return !!window.Goodword?.call", json!([])).await.then_some(());
    browser.until("the script has run", loaded).await;
}

/// Bytes of the page's JavaScript heap, once garbage is collected.
async fn heap(browser: &Browser) -> f64 {
    for _ in 0..2 {
        browser.cdp("HeapProfiler.collectGarbage", json!({})).await;
    }
    let usage = browser.cdp("Runtime.getHeapUsage", json!({})).await;
    usage["usedSize"].as_f64().expect("the browser counts it")
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_route_changes_cost_no_memory() {
    let world = World::alone().await;
    let browser = Browser::open().await;
    let body = "<div id=\"view\"></div><goodword-join></goodword-join>";
    browser.goto(&format!("{}?via=mara", world.page(body))).await;
    browser.see("goodword-join >>> form", "").await;
    // Each route draws a page of its own, with what we look after on it; the element moves along.
    let drive = |count: u32| {
        format!(
            "const join = document.querySelector('goodword-join'), view = document.getElementById('view'); let left = {count};
            const step = () => {{ if (!left--) return done(null); history.pushState(null, '', '/route/' + left + '?via=mara&page=' + left);
                view.innerHTML = '<form data-goodword></form><a href=\"https://buy.stripe.com/a\">Pay</a><input data-goodword-code>';
                view.append(join); document.body.click(); setTimeout(step, 5) }}; step();"
        )
    };
    let () = browser.js_later(&drive(40)).await;
    let before = heap(&browser).await;
    let () = browser.js_later(&drive(200)).await;
    let after = heap(&browser).await;
    assert!(after - before < 1_048_576.0, "the heap grew by {} bytes", after - before);
    browser.see("goodword-join >>> form", "").await;
    assert_eq!(world.events("click").len(), 1, "one visit is one click");
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_comes_back_repairs_what_was_lost_and_sends_what_waits() {
    let world = World::open().await;
    let proxy = Proxy::before(&world.server.base).await;
    let page =
        world.site.put("/", Page::new(&world.tag_from(&proxy.base, ""), "<form data-goodword></form>"));
    let browser = Browser::open().await;
    proxy.set(Fault::Broken);
    browser.goto(&format!("{page}?via=mara")).await;
    let event = browser.event("document error").await;
    assert!(event.contains("network"), "{event}");
    let queued: String = browser.js("return sessionStorage.gw_queue", json!([])).await;
    assert!(queued.contains("mara"), "{queued}");
    proxy.set(Fault::None);
    let back = "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))";
    let () = browser.js(back, json!([])).await;
    let known = async || {
        let id: Value = browser.js("return Goodword.referral?.clickId || null", json!([])).await;
        id.as_str().map(str::to_owned)
    };
    let id = browser.until("what waited was sent", known).await;
    assert_eq!(browser.js::<String>("return sessionStorage.gw_queue", json!([])).await, "[]");

    browser.lose_cookie("gw_click").await;
    let () = browser.js("localStorage.clear()", json!([])).await;
    let () = browser.js(back, json!([])).await;
    let kept: Value =
        browser.js("return [document.cookie.includes('gw_click='), localStorage.gw_click]", json!([])).await;
    assert_eq!(kept, json!([true, id]));
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_sent_goes_with_the_next_page() {
    let world = World::open().await;
    let proxy = Proxy::before(&world.server.base).await;
    let page = world.site.put("/", Page::new(&world.tag_from(&proxy.base, ""), ""));
    let browser = Browser::open().await;
    proxy.set(Fault::Broken);
    browser.goto(&format!("{page}?via=mara")).await;
    browser.event("document error").await;
    assert_eq!(world.events("click").len(), 0);
    proxy.set(Fault::None);
    browser.goto(&page).await;
    browser.until("the click is stored", async || (world.events("click").len() == 1).then_some(())).await;
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_prepared_in_advance_acts_when_it_is_shown() {
    let world = World::open().await;
    let browser = Browser::open().await;
    let prepare = "let prepared = true; Object.defineProperty(Document.prototype, 'prerendering', { get: () => prepared });
        window.show = () => { prepared = false; document.dispatchEvent(new Event('prerenderingchange')) };";
    browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": prepare })).await;
    browser.goto(&format!("{}?via=mara", world.page(""))).await;
    ready(&browser).await;
    let () = browser.js("window.fired = 0; goodword('ready', () => fired++)", json!([])).await;
    let () = browser.js_later("setTimeout(() => done(null), 500)").await;
    let still: Value =
        browser.js("return [fired, document.cookie, Object.keys(localStorage)]", json!([])).await;
    assert_eq!(still, json!([0, "", []]));
    assert_eq!(world.events("click").len(), 0);
    let () = browser.js("show()", json!([])).await;
    let shown = async || {
        let told: Value = browser.js("return [fired, !!Goodword.referral?.clickId]", json!([])).await;
        (told == json!([1, true])).then_some(())
    };
    browser.until("it has acted once it was shown", shown).await;
    assert_eq!(world.events("click").len(), 1);
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_of_the_vendors_own_domain_serves_everything() {
    let world = World::open().await;
    let proxy = Proxy::before(&world.server.base).await;
    world.server.admin("allow-origin", &[&proxy.base]);
    let body = "<goodword-join></goodword-join><goodword-share></goodword-share>";
    // The script itself may come from anywhere; the path is relative, and the page has a base of its own.
    let head = format!("<base href=\"/else/where/\">{}", world.tag("data-api-host=\"/gw/\""));
    let page = proxy.put("/shop", Page::new(&head, body));
    let browser = Browser::open().await;
    browser.goto(&format!("{page}?via=mara")).await;
    browser.see("goodword-join >>> form", "").await;
    assert!(proxy.asked("/w/") >= 2 && proxy.asked("/v1/track/click") == 1);
    fill_join_form(&browser, "goodword-join >>> ", "Hugo Costa", "hugo@costa.example").await;
    // What the page asks of its own origin by GET has no Origin header, and is the partner's all the same.
    let code = browser.text("goodword-join >>> bdi.code").await;
    browser.goto(&page).await;
    browser.see("goodword-share >>> bdi.code", &code).await;
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_of_the_vendors_own_domain_serves_the_frame_as_well() {
    let world = World::open().await;
    let proxy = Proxy::before(&world.server.base).await;
    world.server.admin("allow-origin", &[&proxy.base]);
    let key = &world.server.vendor.test.publishable_key;
    let tag = format!("<script async src=\"/gw/goodword.js\" data-key=\"{key}\"></script>");
    let page = Page::new(&tag, "<goodword-join></goodword-join>");
    let policy = "default-src 'none'; script-src 'self'; connect-src 'self'; frame-src 'self'";
    let browser = Browser::open().await;
    browser.goto(&proxy.put("/shop", page.under(policy))).await;
    browser.event("goodword-join ready").await;
    browser.enter("goodword-join >>> iframe").await;
    fill_join_form(&browser, "goodword-join >>> ", "Hugo Costa", "hugo@costa.example").await;
    browser.see("goodword-join >>> bdi.code", "").await;
    browser.leave().await;
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cookie_is_on_the_widest_domain_that_takes_it() {
    let world = World::open().await;
    let browser = Browser::open().await;
    // A public suffix takes no cookie; the names under it do.
    let page = world.page("").replace("stranger.localhost", "www.shop.test");
    let origin = page.trim_end_matches('/').to_owned();
    world.server.admin("allow-origin", &[&origin]);
    browser.goto(&format!("{page}?via=mara")).await;
    let cookie = async || {
        let all = browser.cdp("Network.getAllCookies", json!({})).await;
        let all = all["cookies"].as_array().cloned().unwrap_or_default();
        all.into_iter().find(|cookie| cookie["name"] == "gw_click")
    };
    let cookie = browser.until("the cookie is set", cookie).await;
    assert_eq!(
        (&cookie["domain"], &cookie["path"], &cookie["sameSite"]),
        (&json!(".shop.test"), &json!("/"), &json!("Lax"))
    );
    browser.assert_quiet().await;
}
