//! How a referral leaves the browser early: in forms, in Stripe's links and elements, in a checkout's field for a code, and in
//! links to the vendor's other domains.

use super::chromium::Browser;
use super::site::Page;
use super::world::{CODE, World};
use serde_json::{Value, json};

/// A page with this tag and body, referred by a partner, and the click's id once the page hands it on.
async fn referred(world: &World, attributes: &str, body: &str) -> (Browser, String) {
    let page = world.site.put("/", Page::new(&world.tag(attributes), body));
    let browser = Browser::open().await;
    browser.goto(&format!("{page}?via=mara")).await;
    let id = async || {
        let id: String = browser.js("return window.Goodword?.referral?.clickId || ''", json!([])).await;
        id.starts_with("clk_").then_some(id)
    };
    let id = browser.until("the click is known", id).await;
    (browser, id)
}

/// Asks until a script answers so.
async fn until(browser: &Browser, script: &str, expected: &Value) {
    let ask = async || (browser.js::<Value>(script, json!([])).await == *expected).then_some(());
    browser.until(&format!("{script} is {expected}"), ask).await;
}

/// Waits until the part that not every page needs has come.
async fn more_is_there(browser: &Browser) {
    let marker = "const a = document.body.appendChild(Object.assign(document.createElement('a'), { href: 'https://buy.stripe.com/marker' })); a.id = 'marker'";
    let () = browser.js(marker, json!([])).await;
    let has = "return document.getElementById('marker').href.includes('client_reference_id=')";
    until(browser, has, &json!(true)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_carry_the_click_however_they_are_read() {
    let world = World::open().await;
    let body = "<form data-goodword id=\"early\"><input name=\"elements\"></form><form id=\"theirs\"></form>";
    let (browser, id) = referred(&world, "", body).await;
    let read = "const late = document.createElement('form'); late.dataset.goodword = ''; document.body.append(late);
        const read = (form) => new FormData(form).getAll('gw_click').join();
        return [read(late), read(document.getElementById('early')), read(document.getElementById('theirs')), read(late)]";
    let found: Vec<String> = browser.js(read, json!([])).await;
    assert_eq!(found, [id.as_str(), &id, "", &id]);
    // A form sent by the page's own script has no submit event.
    let sent = "const form = document.createElement('form'); form.dataset.goodword = ''; form.method = 'get'; form.action = '/sent';
        document.body.append(form); setTimeout(() => form.submit())";
    world.site.put("/sent", Page::new("", "thank you"));
    let () = browser.js(sent, json!([])).await;
    let there = async || browser.address().await.contains(&format!("/sent?gw_click={id}")).then_some(());
    browser.until("the form took the click along", there).await;
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stripe_gets_the_click_never_blank_and_never_in_place_of_the_vendors_own() {
    let world = World::open().await;
    let body = "<a class=pay href=\"https://buy.stripe.com/a?prefilled_email=x%40y.example\">1</a>
        <a class=pay href=\"https://donate.stripe.com/b\">2</a><a class=pay href=\"https://book.stripe.com/c?client_reference_id=\">3</a>
        <a class=pay href=\"https://buy.stripe.com/d?client_reference_id=order_9\">4</a>
        <a class=pay data-goodword href=\"https://pay.shop.example/e\">5</a><a class=pay href=\"https://docs.stripe.com/\">6</a>
        <a class=pay href=\"https://evil.example/?https://buy.stripe.com/\">7</a>
        <stripe-pricing-table client-reference-id=\"order_9\"></stripe-pricing-table><stripe-buy-button></stripe-buy-button>";
    let (browser, id) = referred(&world, "", body).await;
    more_is_there(&browser).await;
    let links = "return [...document.querySelectorAll('.pay')].map((a) => new URL(a.href).searchParams.getAll('client_reference_id').join())";
    let found: Vec<String> = browser.js(links, json!([])).await;
    assert_eq!(found, [id.as_str(), &id, &id, "order_9", &id, "", ""]);
    assert!(id.len() <= 200 && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-'), "{id}");
    let kept = browser.js::<String>("return document.querySelector('.pay').href", json!([])).await;
    assert!(kept.contains("prefilled_email=x%40y.example"), "{kept}");
    let elements = "return [...document.querySelectorAll('stripe-pricing-table,stripe-buy-button')].map((e) => e.getAttribute('client-reference-id'))";
    until(&browser, elements, &json!(["order_9", id])).await;

    // What an app draws later is found without anybody's click.
    let () = browser.js("document.body.append(document.createElement('stripe-buy-button'))", json!([])).await;
    until(&browser, elements, &json!(["order_9", id, id])).await;
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn visitors_nobody_referred_are_not_handed_on_and_fetch_nothing_for_it() {
    let world = World::open().await;
    let body = "<a id=\"pay\" href=\"https://buy.stripe.com/a\">1</a><stripe-buy-button></stripe-buy-button><input data-goodword-code>";
    let page = world.site.put("/", Page::new(&world.tag("data-domains=\"shop.localhost\""), body));
    let browser = Browser::open().await;
    browser.goto(&page).await;
    let ready = async || browser.js::<bool>("return !!window.Goodword?.call", json!([])).await.then_some(());
    browser.until("the script has run", ready).await;
    let () = browser.js_later("document.body.click(); setTimeout(() => done(null), 500)").await;
    let found: Value = browser
        .js("return [document.getElementById('pay').search, document.querySelector('stripe-buy-button').attributes.length, document.querySelector('input').value,
            performance.getEntriesByType('resource').filter((entry) => entry.name.includes('/w/')).length]", json!([]))
        .await;
    assert_eq!(found, json!(["", 0, "", 0]));
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checkout_field_gets_the_code_once_and_as_if_typed() {
    let world = World::open().await;
    let body = "<input id=\"empty\" data-goodword-code><input id=\"typed\" data-goodword-code value=\"SPRING\">
        <script>window.heard = []; const empty = document.getElementById('empty');
            for (const type of ['input', 'change']) document.addEventListener(type, (event) => heard.push(type + ' ' + event.target.value));
            // As React does, to know what was typed from what it wrote itself.
            Object.defineProperty(empty, 'value', { get() { return Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').get.call(this) },
                set() { heard.push('written past the framework') } });</script>";
    let (browser, _) = referred(&world, "", body).await;
    until(&browser, "return heard", &json!([format!("input {CODE}"), format!("change {CODE}")])).await;
    assert_eq!(
        browser.js::<String>("return document.getElementById('typed').value", json!([])).await,
        "SPRING"
    );
    browser.press("#empty", "OTHER").await;
    let clear = "const field = document.getElementById('empty'); field.setAttribute('value', ''); field.form; field.select();
        document.execCommand('delete'); document.body.append('drawn again'); setTimeout(() => done(field.value), 500)";
    assert_eq!(browser.js_later::<String>(clear).await, "", "what the visitor took out came back");
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn links_to_the_vendors_other_domains_take_the_click_along() {
    let world = World::open().await;
    let body = format!(
        "<a id=\"out\" href=\"{0}/?size=2#top\">Shop</a><a id=\"own\" href=\"/deep\">Here</a><a id=\"other\" href=\"{1}/\">Blog</a>
        <a id=\"theirs\" href=\"{0}/?via=OTHER\">Shop by another</a><a id=\"mail\" href=\"mailto:a@shop.localhost\">Mail</a>",
        world.shop, world.blog
    );
    let (browser, id) = referred(&world, "data-domains=\"*.example, Shop.localhost\"", &body).await;
    more_is_there(&browser).await;
    let press = "addEventListener('click', (event) => event.preventDefault());
        return ['own', 'other', 'theirs', 'mail', 'out'].map((id) => { const a = document.getElementById(id); a.click(); return a.href })";
    let hrefs: Vec<String> = browser.js(press, json!([])).await;
    assert_eq!(hrefs[0], format!("{}/deep", world.site.origin));
    assert_eq!(hrefs[1], format!("{}/", world.blog));
    assert_eq!(hrefs[2], format!("{}/?via=OTHER", world.shop));
    assert_eq!(hrefs[3], "mailto:a@shop.localhost");
    assert_eq!(hrefs[4], format!("{}/?size=2&gw_id={id}&via={CODE}#top", world.shop));

    browser.goto(&hrefs[4]).await;
    let cookie = "return (/(?:^|; )gw_click=([^;]*)/.exec(document.cookie) || [])[1] || ''";
    until(&browser, cookie, &json!(id)).await;
    assert_eq!(world.events("click").len(), 1, "one visitor, one click, on two domains");
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_sent_to_the_vendors_other_domains_take_the_click_along() {
    let world = World::open().await;
    let body = format!(
        "<form id=\"search\" action=\"{0}/\"><input name=\"size\" value=\"2\"></form><form id=\"order\" method=\"post\" action=\"{0}/cart?x=1\"></form>",
        world.shop
    );
    let (browser, id) = referred(&world, "data-domains=\"shop.localhost\"", &body).await;
    more_is_there(&browser).await;
    let send = "addEventListener('submit', (event) => event.preventDefault()); const [search, order] = ['search', 'order'].map((id) => document.getElementById(id));
        search.requestSubmit(); order.requestSubmit(); search.requestSubmit();
        return [new URLSearchParams(new FormData(search)).toString(), order.action]";
    let found: Vec<String> = browser.js(send, json!([])).await;
    assert_eq!(found[0], format!("size=2&gw_id={id}&via={CODE}"));
    assert_eq!(found[1], format!("{}/cart?x=1&gw_id={id}&via={CODE}", world.shop));
    browser.assert_quiet().await;
}
