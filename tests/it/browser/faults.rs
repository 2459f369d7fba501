//! What a stranger's page must never notice: our server being down, slow, broken or wrong.

use super::chromium::{Browser, Wish};
use super::proxy::{Fault, Proxy};
use super::site::Page;
use super::world::World;
use serde_json::json;

const BODY: &str = "<goodword-join><p id=\"fallback\">Write to us instead.</p></goodword-join>";

/// What every page of a careful owner has: calls that wait for the script, and a form.
const CALLS: &str = "<script>window.goodword = window.goodword || function () { (goodword.q = goodword.q || []).push(arguments) };
    window.fired = []; goodword('ready', (referral) => fired.push(referral)); goodword('lead', { customerEmail: 'ann@friends.example' });
    goodword('identify', 'not-a-token')</script>";

/// Opens a page whose widget comes through a proxy with that fault, as a referred visitor: the page shows what its owner wrote,
/// the event is fired, calls are answered, and nothing is thrown.
async fn survives(world: &World, fault: Fault) {
    let proxy = Proxy::before(&world.server.base).await;
    proxy.set(fault);
    let head = format!("{CALLS}{}", world.tag_from(&proxy.base, ""));
    let page = world.site.put("/", Page::new(&head, BODY));
    let browser = Browser::open().await;
    browser.goto(&format!("{page}?via=mara")).await;
    falls_back(&browser, &format!("{fault:?}")).await;
    let fired = async || browser.js::<bool>("return fired.length === 1", json!([])).await.then_some(());
    browser.until(&format!("{fault:?}: ready is called"), fired).await;
    browser.assert_quiet().await;
}

/// The same of the widget in a frame, on a page whose policy lets it run nowhere else.
async fn survives_in_a_frame(world: &World, fault: Fault) {
    let proxy = Proxy::before(&world.server.base).await;
    proxy.set(fault);
    let policy = format!("script-src {0}; connect-src {0}; frame-src {0}", proxy.base);
    let page = Page::new(&world.tag_from(&proxy.base, ""), BODY).under(&policy);
    let browser = Browser::open().await;
    browser.goto(&world.site.put("/", page)).await;
    falls_back(&browser, &format!("{fault:?} in a frame")).await;
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

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_of_a_broken_server_leaves_the_fallback() {
    let world = World::open().await;
    survives_in_a_frame(&world, Fault::Broken).await;
    survives_in_a_frame(&world, Fault::Malformed).await;
    survives_in_a_frame(&world, Fault::NoModule).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_believes_no_forged_messages_and_neither_does_the_page() {
    let world = World::open().await;
    let host = &world.server.base;
    let policy = format!("script-src {host} 'unsafe-inline'; connect-src {host}; frame-src {host} 'self'");
    let page = Page::new(&world.tag(""), BODY).under(&policy);
    world.site.put("/forger", Page::new("", "<script>for (const goodword of ['joined', 'error', 'height', 'ready'])
        parent.postMessage({ goodword, height: 5, detail: { code: 'FORGED' } }, '*'); parent.postMessage(null, '*')</script>"));
    let browser = Browser::open().await;
    browser.goto(&world.site.put("/", page)).await;
    browser.event("goodword-join ready").await;
    // Its height is told after it is drawn, once more when the fonts are there.
    let drawn = async || {
        let (_, first) = browser.size("goodword-join >>> iframe").await;
        let () = browser.js_later("setTimeout(() => done(null), 300)").await;
        let (_, second) = browser.size("goodword-join >>> iframe").await;
        (first > 200.0 && (first - second).abs() < 1.0).then_some(second)
    };
    let before = browser.until("the frame has its height", drawn).await;
    let forge = "for (const goodword of ['joined', 'error', 'height']) postMessage({ goodword, height: 5, detail: { code: 'FORGED' } }, '*');
        const frame = document.querySelector('goodword-join').shadowRoot.querySelector('iframe').contentWindow;
        for (const message of [null, 1, '', [], { goodword: 'height' }, { gw: 1 }]) { postMessage(message, '*'); frame.postMessage(message, '*') }
        const forger = document.body.appendChild(document.createElement('iframe')); forger.onload = () => setTimeout(() => done(null), 200);
        forger.src = '/forger'";
    let () = browser.js_later(forge).await;
    let events = browser.notes("events").await;
    assert!(!events.iter().any(|event| event.contains("FORGED")), "{events:?}");
    let (_, after) = browser.size("goodword-join >>> iframe").await;
    assert!((before - after).abs() < 1.0, "the frame went from {before} to {after} px");
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_fetched_for_referred_visitors_may_be_missing() {
    let world = World::open().await;
    let proxy = Proxy::before(&world.server.base).await;
    proxy.set(Fault::NoMore);
    let head = format!("{CALLS}{}", world.tag_from(&proxy.base, "data-domains=\"shop.localhost\""));
    let body = "<form data-goodword></form><a href=\"https://buy.stripe.com/a\">Pay</a>";
    let browser = Browser::open().await;
    browser.goto(&format!("{}?via=mara", world.site.put("/", Page::new(&head, body)))).await;
    let event = browser.event("document error").await;
    assert!(event.contains("load"), "{event}");
    let click = "return document.querySelector('form [name=gw_click]')?.value || ''";
    let handed = async || browser.js::<String>(click, json!([])).await.starts_with("clk_").then_some(());
    browser.until("the form carries the click", handed).await;
    browser.until("the lead is stored", async || (world.events("lead").len() == 1).then_some(())).await;
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_module_that_dies_takes_nothing_with_it() {
    let world = World::open().await;
    // A page may break what we build on. What the browser throws goes through the module as a panic would.
    let hostile = "<script>Intl.NumberFormat = function () { throw new RuntimeError('hostile') }; class RuntimeError extends Error {}</script>";
    let page = world.site.put("/", Page::new(&format!("{hostile}{}", world.tag("")), BODY));
    let browser = Browser::open().await;
    browser.goto(&page).await;
    falls_back(&browser, "a dead module").await;
    // Nobody enters again, whatever the page does with the element.
    let again =
        "const join = document.querySelector('goodword-join'); join.remove(); document.body.append(join);
        document.body.append(document.createElement('goodword-signup')); setTimeout(() => done(null), 500)";
    let () = browser.js_later(again).await;
    browser.see("#fallback", "Write to us instead.").await;
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_in_a_sandbox_and_one_with_traps_in_its_markup_are_survived() {
    let world = World::open().await;
    let tag = world.tag("");
    let inner = format!("{tag}{BODY}<p id=\"alive\">Alive</p>").replace('"', "&quot;");
    let sandbox = format!(
        "<iframe sandbox=\"allow-scripts\" width=\"600\" height=\"600\" srcdoc=\"{inner}\"></iframe>"
    );
    let browser = Browser::open().await;
    browser.goto(&world.site.put("/", Page::new("", &sandbox))).await;
    browser.enter("iframe").await;
    browser.see("#alive", "Alive").await;
    let run = async || browser.js::<bool>("return !!window.Goodword?.call", json!([])).await.then_some(());
    browser.until("the script has run in the sandbox", run).await;
    browser.assert_quiet().await;
    browser.leave().await;

    // Markup that stands in the place of what scripts ask the document for.
    let traps = "<img name=\"currentScript\" data-key=\"pk_evil\" data-api-host=\"https://evil.example\" src=\"/x.png\">
        <form data-goodword name=\"forms\"><input name=\"elements\"><input name=\"append\"><input name=\"target\"></form>";
    let page = world.site.put("/", Page::new("", &format!("{traps}{tag}")));
    browser.goto(&format!("{page}?via=mara")).await;
    browser.until("the click is stored", async || (world.events("click").len() == 1).then_some(())).await;
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_of_every_kind_and_shape_throw_nothing() {
    let world = World::open().await;
    let browser = Browser::open().await;
    browser.goto(&world.page("")).await;
    let loaded = async || browser.js::<bool>("return !!window.Goodword?.call", json!([])).await.then_some(());
    browser.until("the script has run", loaded).await;
    let calls = "const cyclic = {}; cyclic.cyclic = cyclic; const fired = [];
        for (const name of ['ready', 'lead', 'sale', 'consent', 'identify', 'toString', '__proto__', undefined, null, 1, {}])
            for (const value of [undefined, null, 1, 'x', {}, [], cyclic, () => { throw new Error('the page\\'s own') }]) goodword(name, value);
        goodword('consent', 'granted'); goodword('ready', (referral) => { fired.push(referral); setTimeout(() => done([fired, Goodword.referral]), 300) })";
    let fired: serde_json::Value = browser.js_later(calls).await;
    assert_eq!(fired, json!([[null], null]), "ready fires, and the referral is null where there is none");
    browser.assert_quiet().await;
}
