//! How the script keeps a referral alive, and when it may not.

use super::chromium::{Browser, Wish};
use super::proxy::Proxy;
use super::signup::scroll_to;
use super::site::Page;
use super::world::{CODE, World};
use serde_json::{Value, json};

/// What the page remembers of the click: in the cookie, in localStorage.
async fn kept(browser: &Browser) -> (String, String) {
    let body = "return [(/(?:^|; )gw_click=([^;]*)/.exec(document.cookie) || [])[1] || '', localStorage.getItem('gw_click') || '']";
    browser.js(body, json!([])).await
}

/// Waits until both remember the same click; its id.
async fn click_id(browser: &Browser) -> String {
    let ask = async || {
        let (cookie, mirror) = kept(browser).await;
        (!cookie.is_empty() && cookie == mirror).then_some(cookie)
    };
    browser.until("cookie and mirror hold one click", ask).await
}

/// Everything our script has written into the browser.
async fn traces(browser: &Browser) -> Vec<String> {
    let body = "return [...document.cookie.split('; '), ...Object.keys(localStorage), ...Object.keys(sessionStorage)]
        .filter((name) => name.startsWith('gw'))";
    browser.js(body, json!([])).await
}

/// Waits until the script has run.
async fn ready(browser: &Browser) {
    let loaded = async || {
        browser.js::<bool>("return !!(window.Goodword && Goodword.call)", json!([])).await.then_some(())
    };
    browser.until("the script has run", loaded).await;
    let () = browser.js_later("goodword('ready', () => done(null))").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_direct_link_stores_a_click_and_cookie_and_mirror_repair_each_other() {
    let world = World::open().await;
    let page = world.page("");
    let browser = Browser::open().await;
    browser.goto(&format!("{page}?via=mara&gw_sub=story-7")).await;
    let id = click_id(&browser).await;
    assert_eq!(world.events("click").len(), 1);
    assert_eq!(world.events("click")[0].id, id);
    let referral: Value = browser.js("return Goodword.referral", json!([])).await;
    assert_eq!(referral, json!({ "clickId": id, "key": CODE }));

    browser.lose_cookie("gw_click").await;
    assert_eq!(kept(&browser).await, (String::new(), id.clone()));
    browser.goto(&page).await;
    assert_eq!(click_id(&browser).await, id);

    let () = browser.js("localStorage.clear()", json!([])).await;
    assert_eq!(kept(&browser).await, (id.clone(), String::new()));
    browser.goto(&page).await;
    assert_eq!(click_id(&browser).await, id);
    assert_eq!(world.events("click").len(), 1);
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_before_consent_and_all_of_it_goes_with_a_denial() {
    let world = World::open().await;
    let page = world.site.put("/", Page::new(&world.tag("data-consent=\"required\""), ""));
    let browser = Browser::open().await;
    browser.goto(&format!("{page}?via=mara")).await;
    ready(&browser).await;
    assert_eq!(traces(&browser).await, Vec::<String>::new());
    let () = browser.js("goodword('consent', 'granted')", json!([])).await;
    let id = click_id(&browser).await;
    assert!(world.events("click").iter().any(|click| click.id == id));
    let () = browser.js("goodword('consent', 'denied')", json!([])).await;
    let gone = async || traces(&browser).await.is_empty().then_some(());
    browser.until("nothing of ours is left", gone).await;
    let referral: Value =
        browser.js("return Goodword.referral && Goodword.referral.clickId", json!([])).await;
    assert_eq!(referral, Value::Null);
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_privacy_signal_is_a_denial() {
    let world = World::open().await;
    let page = world.page("");
    let browser = Browser::with(Wish { privacy_signal: true, ..Wish::default() }).await;
    browser.goto(&format!("{page}?via=mara")).await;
    ready(&browser).await;
    let () = browser.js("goodword('consent', 'granted')", json!([])).await;
    assert_eq!(traces(&browser).await, Vec::<String>::new());
    assert_eq!(world.events("click").len(), 0);
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_changes_its_address_itself_is_followed() {
    let world = World::open().await;
    let browser = Browser::open().await;
    browser.goto(&world.page("")).await;
    ready(&browser).await;
    assert_eq!(world.events("click").len(), 0);
    let () = browser.js("history.pushState(null, '', '/deep/inside?via=mara')", json!([])).await;
    let id = click_id(&browser).await;
    assert_eq!(world.events("click")[0].id, id);
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_click_of_a_redirect_is_kept_and_handed_on() {
    let world = World::open().await;
    let forms = "<form data-goodword id=\"early\"><button>Buy</button></form>
        <a id=\"bare\" href=\"https://buy.stripe.com/abc\">Pay</a>
        <a id=\"taken\" href=\"https://buy.stripe.com/abc?client_reference_id=mine\">Pay</a>
        <stripe-buy-button buy-button-id=\"b\"></stripe-buy-button>";
    let page = world.page(forms);
    let key = world.click("mara").link.key;
    let link = world.backend().post(
        "/v1/partners/links",
        &json!({ "partnerId": partner(&world), "url": page, "code": "STRANGER" }),
    );
    let link: goodword_wire::Link = link.ok();
    assert_ne!(link.key, key);
    let browser = Browser::open().await;
    browser.goto(&link.short_link).await;
    let id = click_id(&browser).await;
    assert!(browser.address().await.contains(&format!("gw_id={id}")), "{}", browser.address().await);
    assert_eq!(world.events("click").iter().filter(|click| click.id == id).count(), 1);

    let handed = "const late = document.getElementById('late') || document.createElement('form'); late.id = 'late'; late.dataset.goodword = ''; document.body.append(late);
        document.body.click();
        return ['early', 'late'].map((id) => document.getElementById(id).elements.gw_click?.value)
            .concat(['bare', 'taken'].map((id) => new URL(document.getElementById(id).href).searchParams.get('client_reference_id')),
                document.querySelector('stripe-buy-button').getAttribute('client-reference-id'))";
    let click = Some(id);
    let expected = [click.clone(), click.clone(), click.clone(), Some("mine".to_owned()), click];
    let all = async || (browser.js::<Vec<Option<String>>>(handed, json!([])).await == expected).then_some(());
    browser.until("everything carries the click", all).await;
    browser.assert_quiet().await;
}

fn partner(world: &World) -> String {
    let partners: Vec<goodword_wire::Partner> = world.backend().get("/v1/partners").ok();
    partners[0].id.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_module_is_fetched_only_when_an_element_comes_near() {
    let world = World::open().await;
    let proxy = Proxy::before(&world.server.base).await;
    let tag = world.tag_from(&proxy.base, "");
    let none = world.site.put("/none", Page::new(&tag, "<p>No element here.</p>"));
    let browser = Browser::open().await;
    browser.goto(&format!("{none}?via=mara")).await;
    click_id(&browser).await;
    assert_eq!((proxy.asked("/goodword.js"), proxy.asked("/v1/track/click")), (1, 1));
    assert_eq!(proxy.asked("/w/w."), 0, "a page without an element fetched the widget");

    let far = world
        .site
        .put("/far", Page::new(&tag, "<div style=\"height:5000px\"></div><goodword-join></goodword-join>"));
    browser.goto(&far).await;
    ready(&browser).await;
    // Two frames later the browser has told every observer what is near.
    let () = browser
        .js_later(
            "requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(null), 100)))",
        )
        .await;
    assert_eq!(proxy.asked("/w/w."), 0, "an element far below fetched the widget");
    scroll_to(&browser, "goodword-join").await;
    browser.see("goodword-join >>> form", "").await;
    assert_eq!(proxy.asked(".wasm"), 1);
    browser.assert_quiet().await;
}
