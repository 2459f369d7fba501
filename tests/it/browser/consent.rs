//! What is written on a visitor's device before, with and without consent: asked of the browser itself, not of the page.

use super::chromium::{Browser, Wish};
use super::site::Page;
use super::world::{CODE, World};
use serde_json::{Value, json};

const BODY: &str = "<goodword-join></goodword-join><goodword-signup code=\"MARA\"></goodword-signup>
    <form data-goodword><input name=\"mail\"></form><a href=\"https://buy.stripe.com/abc\">Pay</a>";

/// Everything there is on the device: every cookie, and of the page's origin both storages, databases and caches. Another
/// origin could write only from a frame, and there is none.
async fn written(browser: &Browser, origin: &str) -> Vec<String> {
    browser.cdp("DOMStorage.enable", json!({})).await;
    let cookies = browser.cdp("Network.getAllCookies", json!({})).await;
    let mut found = words(&cookies["cookies"], |cookie| cookie["name"].clone(), "cookie");
    for (local, kind) in [(true, "localStorage"), (false, "sessionStorage")] {
        let id = json!({ "storageId": { "securityOrigin": origin, "isLocalStorage": local } });
        let items = browser.cdp("DOMStorage.getDOMStorageItems", id).await;
        found.extend(words(&items["entries"], |entry| entry[0].clone(), kind));
    }
    let of = json!({ "securityOrigin": origin });
    let databases = browser.cdp("IndexedDB.requestDatabaseNames", of.clone()).await;
    found.extend(words(&databases["databaseNames"], Clone::clone, "database"));
    let caches = browser.cdp("CacheStorage.requestCacheNames", of).await;
    found.extend(words(&caches["caches"], |cache| cache["cacheName"].clone(), "cache"));
    found.sort();
    found
}

fn words(list: &Value, word: impl Fn(&Value) -> Value, kind: &str) -> Vec<String> {
    let list = list.as_array().into_iter().flatten();
    list.map(|entry| format!("{kind} {}", word(entry).as_str().unwrap_or("?"))).collect()
}

/// A page whose tag has this in it, referred by a partner, with everything of ours that could write something.
async fn referred(world: &World, head: &str, attributes: &str) -> Browser {
    let page = world.site.put("/", Page::new(&format!("{head}{}", world.tag(attributes)), BODY));
    let browser = Browser::open().await;
    browser.goto(&format!("{page}?via=mara&gw_sub=story-7")).await;
    ready(&browser).await;
    browser
}

/// Waits until the script has run and what it reported was answered.
async fn ready(browser: &Browser) {
    let loaded = async || browser.js::<bool>("return !!window.Goodword?.call", json!([])).await.then_some(());
    browser.until("the script has run", loaded).await;
    let () = browser.js_later("goodword('ready', () => done(null))").await;
}

/// Lets the page and the script's own timers get on.
async fn a_moment(browser: &Browser) {
    let () = browser.js_later("setTimeout(() => done(null), 700)").await;
}

async fn nothing_is_written(world: &World, browser: &Browser, what: &str) {
    a_moment(browser).await;
    let found = written(browser, &world.site.origin).await;
    assert!(found.is_empty(), "{what}: {found:?}");
}

const ALL_OF_OURS: [&str; 5] = [
    "cookie gw_click",
    "cookie gw_visitor",
    "localStorage gw_click",
    "localStorage gw_key",
    "localStorage gw_visitor",
];

/// Waits until the referral is remembered, and nothing else but what is to be sent.
async fn the_referral_is_written(world: &World, browser: &Browser) {
    let both = async || {
        let found = written(browser, &world.site.origin).await;
        let has = |name: &str| found.iter().any(|entry| entry == name);
        (has("cookie gw_click") && has("localStorage gw_click")).then_some(found)
    };
    let found = browser.until("cookie and mirror are written", both).await;
    let strange =
        |entry: &&String| !ALL_OF_OURS.contains(&entry.as_str()) && *entry != "sessionStorage gw_queue";
    let strange: Vec<_> = found.iter().filter(strange).collect();
    assert!(strange.is_empty(), "{strange:?}");
}

async fn say(browser: &Browser, script: &str) {
    let () = browser.js(script, json!([])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn before_consent_nothing_is_written_whatever_happens_on_the_page() {
    let world = World::open().await;
    for word in ["required", "tcf", "google", "a-word-we-do-not-know"] {
        let browser = referred(&world, "", &format!("data-consent=\"{word}\"")).await;
        browser.see("goodword-join >>> form", "").await;
        browser.see("goodword-signup >>> form", "").await;
        say(&browser, "history.pushState(null, '', '/deep?via=MARA&gw_id=clk_1'); document.body.click();
            dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })); dispatchEvent(new Event('online'));
            goodword('lead', { customerEmail: 'ann@friends.example' }); goodword('consent'); goodword('consent', 'perhaps')")
        .await;
        nothing_is_written(&world, &browser, word).await;
        let key: Value = browser.js("return Goodword.referral.key", json!([])).await;
        assert_eq!(key, CODE, "in memory it is known");
        browser.assert_quiet().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_denial_our_keys_are_gone_and_codes_still_work() {
    let world = World::open().await;
    let browser = referred(&world, "", "data-consent=\"required\"").await;
    say(&browser, "localStorage.theirs = '1'; goodword('consent', 'granted')").await;
    let field = "return document.querySelector('form [name=gw_click]').value";
    let handed = async || browser.js::<String>(field, json!([])).await.starts_with("clk_").then_some(());
    browser.until("the form carries the click", handed).await;
    say(&browser, "delete localStorage.theirs").await;
    the_referral_is_written(&world, &browser).await;

    say(&browser, "goodword('consent', 'denied')").await;
    nothing_is_written(&world, &browser, "after the denial").await;
    assert_eq!(browser.js::<String>(field, json!([])).await, "", "the form still carries the click");
    let href: String = browser.js("return document.querySelector('a').href", json!([])).await;
    assert_eq!(href, "https://buy.stripe.com/abc", "the link still carries the click");
    let referral: Value = browser.js("return Goodword.referral", json!([])).await;
    assert_eq!(referral, json!({ "clickId": null, "key": CODE }));

    say(&browser, "goodword('lead', { code: Goodword.referral.key, customerEmail: 'ann@friends.example' })")
        .await;
    let lead = async || world.events("lead").into_iter().next();
    let lead = browser.until("the lead is stored", lead).await;
    assert_eq!(lead.partner.map(|partner| partner.name), Some(format!("Partner {CODE}")));
    nothing_is_written(&world, &browser, "after a lead by code").await;
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_never_stores_never_does() {
    let world = World::open().await;
    let browser = referred(&world, "", "data-consent=\"none\"").await;
    say(&browser, "history.pushState(null, '', '/deep?via=MARA')").await;
    nothing_is_written(&world, &browser, "none").await;
    let referral: Value = browser.js("return Goodword.referral", json!([])).await;
    // The code stands as it was in the address: nobody was asked what it means.
    assert_eq!(referral, json!({ "clickId": null, "key": "MARA" }));
    assert_eq!(world.events("click").len(), 0);
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_wants_no_tracking_is_left_alone_even_by_the_redirect() {
    let world = World::open().await;
    let page = world.page(BODY);
    let browser = Browser::with(Wish { privacy_signal: true, ..Wish::default() }).await;
    browser.cdp("Network.enable", json!({})).await;
    browser.cdp("Network.setExtraHTTPHeaders", json!({ "headers": { "Sec-GPC": "1" } })).await;
    let partners: Vec<goodword_wire::Partner> = world.backend().get("/v1/partners").ok();
    let with = json!({ "partnerId": partners[0].id, "url": page, "code": "STRANGER" });
    let link: goodword_wire::Link = world.backend().post("/v1/partners/links", &with).ok();
    browser.goto(&link.short_link).await;
    ready(&browser).await;
    let address = browser.address().await;
    assert!(!address.contains("gw_id") && address.contains("via="), "{address}");
    say(&browser, "goodword('consent', 'granted')").await;
    nothing_is_written(&world, &browser, "a privacy signal").await;
    let key: String = browser.js("return Goodword.referral.key", json!([])).await;
    assert_eq!(key.to_uppercase(), "STRANGER");
    assert_eq!(world.events("click").len(), 1, "it is counted, and nobody knows whose it is");
    browser.assert_quiet().await;
}

const TCF: &str = "<script>
    window.cmp = { listeners: [], data: null };
    window.answer = (data) => { cmp.data = data; cmp.listeners.forEach((listener) => listener(data, true)) };
    window.install = () => { window.__tcfapi = (command, version, callback) => {
        if (command != 'addEventListener' || version != 2) return callback(null, false);
        cmp.listeners.push(callback); if (cmp.data) callback(cmp.data, true); } };
</script>";

#[tokio::test(flavor = "multi_thread")]
async fn a_tcf_tool_is_asked_and_listened_to() {
    let world = World::open().await;
    let browser = referred(&world, TCF, "data-consent=\"tcf\"").await;
    nothing_is_written(&world, &browser, "no tool yet").await;
    say(&browser, "install(); answer({ gdprApplies: true, eventStatus: 'cmpuishown', purpose: { consents: { 1: true } } })").await;
    nothing_is_written(&world, &browser, "the question is on the screen").await;
    say(&browser, "answer({ gdprApplies: true, eventStatus: 'useractioncomplete', purpose: { consents: { 1: true } } })").await;
    the_referral_is_written(&world, &browser).await;
    say(&browser, "answer({ gdprApplies: true, eventStatus: 'useractioncomplete', purpose: { consents: { 1: false, 7: true } } })").await;
    nothing_is_written(&world, &browser, "a change of mind").await;
    browser.assert_quiet().await;

    // Where the law does not apply, the tool says so and nobody is asked.
    let there =
        format!("{TCF}<script>install(); answer({{ gdprApplies: false, eventStatus: 'tcloaded' }})</script>");
    let browser = referred(&world, &there, "data-consent=\"tcf\"").await;
    the_referral_is_written(&world, &browser).await;
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tcf_tool_must_grant_every_purpose_that_is_named_and_may_be_broken() {
    let world = World::open().await;
    let there = format!(
        "{TCF}<script>install(); answer({{ gdprApplies: true, eventStatus: 'tcloaded', purpose: {{ consents: {{ 1: true }} }} }})</script>"
    );
    let browser = referred(&world, &there, "data-consent=\"tcf\" data-purposes=\"1, 7\"").await;
    nothing_is_written(&world, &browser, "purpose 7 is missing").await;
    say(&browser, "answer(null); answer({}); answer({ eventStatus: 'tcloaded' })").await;
    nothing_is_written(&world, &browser, "answers that say nothing").await;
    browser.assert_quiet().await;
    let broken = "<script>window.__tcfapi = () => { throw new Error('out of order') }</script>";
    let browser = referred(&world, broken, "data-consent=\"tcf\"").await;
    nothing_is_written(&world, &browser, "a broken tool").await;
    browser.assert_quiet().await;
}

const GTAG: &str = "<script>window.dataLayer = window.dataLayer || []; function gtag() { dataLayer.push(arguments) }</script>";

#[tokio::test(flavor = "multi_thread")]
async fn google_consent_mode_is_listened_to() {
    let world = World::open().await;
    let head = format!(
        "{GTAG}<script>gtag('consent', 'default', {{ ad_storage: 'denied', analytics_storage: 'granted', wait_for_update: 500 }})</script>"
    );
    let browser = referred(&world, &head, "data-consent=\"google\"").await;
    nothing_is_written(&world, &browser, "denied by default").await;
    say(&browser, "dataLayer.push({ event: 'consent' }, null, ['consent']); gtag('consent', 'update', { analytics_storage: 'granted' })").await;
    nothing_is_written(&world, &browser, "an update of something else").await;
    say(&browser, "gtag('consent', 'update', { ad_storage: 'granted' })").await;
    the_referral_is_written(&world, &browser).await;
    say(&browser, "gtag('consent', 'update', { ad_storage: 'denied' })").await;
    nothing_is_written(&world, &browser, "a change of mind").await;
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn google_defaults_count_where_they_hold_for_everybody() {
    let world = World::open().await;
    let with = |defaults: &str| format!("{GTAG}<script>{defaults}</script>");
    let granted = with("gtag('consent', 'default', { ad_storage: 'granted' })");
    let browser = referred(&world, &granted, "data-consent=\"google\"").await;
    the_referral_is_written(&world, &browser).await;

    // Where the visitor is, is not ours to guess; a tag manager that knows says so in its own record.
    let by_region = with(
        "gtag('consent', 'default', { ad_storage: 'granted' }); gtag('consent', 'default', { ad_storage: 'denied', region: ['AT', 'DE'] })",
    );
    let browser = referred(&world, &by_region, "data-consent=\"google\"").await;
    nothing_is_written(&world, &browser, "denied in some regions").await;
    say(&browser, "window.google_tag_data = { ics: { entries: { ad_storage: { default: true } }, addListener: (types, heard) => { window.heard = heard } } }").await;
    the_referral_is_written(&world, &browser).await;
    say(&browser, "google_tag_data.ics.entries.ad_storage.update = false; heard()").await;
    nothing_is_written(&world, &browser, "an update without a word in the data layer").await;
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_denies_and_then_agrees_is_remembered_on_the_same_page() {
    let world = World::open().await;
    for attributes in ["data-consent=\"required\"", "data-consent=\"none\""] {
        let browser = referred(&world, "", attributes).await;
        say(&browser, "goodword('consent', 'denied')").await;
        nothing_is_written(&world, &browser, attributes).await;
        say(&browser, "goodword('consent', 'granted')").await;
        the_referral_is_written(&world, &browser).await;
        let field = "return document.querySelector('form [name=gw_click]').value";
        let handed = async || browser.js::<String>(field, json!([])).await.starts_with("clk_").then_some(());
        browser.until("the form carries the click again", handed).await;
        browser.assert_quiet().await;
    }
}

/// Stands for a tool that manages consent, in the page around ours: it answers what the framework defines, and nothing else.
const AROUND: &str = "<script>let tell = () => 0; const locator = document.createElement('iframe'); locator.name = '__tcfapiLocator';
    addEventListener('DOMContentLoaded', () => document.body.append(locator));
    addEventListener('message', ({ data, source }) => { const call = data && data.__tcfapiCall; if (!call || call.command !== 'addEventListener' || call.version !== 2) return;
        tell = (eventStatus, consent) => source.postMessage({ __tcfapiReturn: { callId: call.callId, success: true,
            returnValue: { gdprApplies: true, eventStatus, purpose: { consents: { 1: consent } } } } }, '*');
        source.postMessage({ __tcfapiReturn: { callId: 'another', success: true, returnValue: { gdprApplies: false } } }, '*');
        tell('cmpuishown', false); window.asked = true })</script>";

#[tokio::test(flavor = "multi_thread")]
async fn a_page_in_a_frame_asks_the_page_around_it_for_consent() {
    let world = World::open().await;
    let inner = world.site.put("/inner", Page::new(&world.tag("data-consent=\"tcf\""), BODY));
    let outer = world
        .site
        .put("/", Page::new(AROUND, &format!("<iframe id=\"ours\" src=\"{inner}?via=mara\"></iframe>")));
    let browser = Browser::open().await;
    browser.goto(&outer).await;
    let asked = async || browser.js::<bool>("return window.asked === true", json!([])).await.then_some(());
    browser.until("the tool is asked", asked).await;
    nothing_is_written(&world, &browser, "before the answer").await;
    say(&browser, "tell('useractioncomplete', true)").await;
    the_referral_is_written(&world, &browser).await;
    say(&browser, "tell('useractioncomplete', false)").await;
    let gone = async || written(&browser, &world.site.origin).await.is_empty().then_some(());
    browser.until("after a denial all of it is gone", gone).await;
    browser.assert_quiet().await;
}
