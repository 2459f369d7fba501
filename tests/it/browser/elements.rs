//! What each element of the widget does for who meets it: languages, codes, ways to share, offer, leaderboard, looks.

use super::axe::{assert_accessible, objections};
use super::chromium::Browser;
use super::role::{Influencer, fill_join_form};
use super::site::Page;
use super::world::{CODE, World};
use goodword_wire::{Commission, Review};
use serde_json::{Value, json};

const MAIL: &str = "ines@hartl.example";
const SHARE: &str = "goodword-share >>> ";

/// Presses something of the partner's page where it is not under the shop's bar.
async fn press(browser: &Browser, path: &str, text: &str) {
    let full = format!("{SHARE}{path}");
    browser.see(&full, text).await;
    let body = "[...document.querySelector('goodword-share').shadowRoot.querySelectorAll(arguments[0])]
        .find((e) => e.textContent.includes(arguments[1]))?.scrollIntoView({ block: 'center', behavior: 'instant' })";
    let () = browser.js(body, json!([path, text])).await;
    browser.click(&full, text).await;
}

/// Joined, with a proven address, on the shop's page for partners; her code.
async fn joined(ines: &Influencer<'_>) -> String {
    let given = ines.joins("Ines Hartl", MAIL).await;
    ines.confirms_the_address(MAIL).await;
    ines.visits_the_partner_page().await;
    ines.browser.see("goodword-share >>> [part~=figures]", "Held").await;
    given.code
}

#[tokio::test(flavor = "multi_thread")]
async fn each_language_is_spoken_and_only_that_one_is_loaded() {
    let world = World::open().await;
    let browser = Browser::open().await;
    for (lang, says, dir) in [
        ("de-AT", "Partner von", "ltr"),
        ("fr", "Devenez partenaire", "ltr"),
        ("es", "Hazte socio", "ltr"),
        ("pt-BR", "Seja parceiro", "ltr"),
        ("ja", "パートナーになる", "ltr"),
        ("ar", "كن شريك", "rtl"),
        ("xx", "Become a partner", "ltr"),
    ] {
        browser
            .goto(&world.page(&format!("<div lang=\"{lang}\"><goodword-join></goodword-join></div>")))
            .await;
        browser.see("goodword-join >>> h2", says).await;
        let shown: String = browser
            .js(
                "return document.querySelector('goodword-join').shadowRoot.querySelector('.gw').dir",
                json!([]),
            )
            .await;
        assert_eq!(shown, dir, "{lang}");
        let loaded = "return performance.getEntriesByType('resource').filter((one) => /\\/w\\/[a-z]{2}\\.[0-9a-f]+\\.js/.test(one.name)).length";
        assert_eq!(browser.js::<u32>(loaded, json!([])).await, 1, "{lang}");
        let found = objections(&browser, "goodword-join", lang).await;
        assert!(found.is_empty(), "{}", found.join("\n"));
    }
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_may_say_it_in_its_own_words() {
    let world = World::with(
        json!({ "widget": { "texts": { "en": { "do-join": "Give me a link", "already": "One of us?" } } } }),
    )
    .await;
    let browser = Browser::open().await;
    let page = "<goodword-join></goodword-join><script>document.querySelector('goodword-join').texts = { already: 'Been here?' }</script>";
    browser.goto(&world.page(page)).await;
    browser.see("goodword-join >>> button[type=submit]", "Give me a link").await;
    browser.see("goodword-join >>> .foot", "Been here?").await;
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_looked_up_while_it_is_typed_and_can_be_changed_later() {
    let world = World::open().await;
    let ines = Influencer::new(&world).await;
    ines.visits_the_partner_page().await;
    ines.browser.fill("goodword-join >>> input[name=code]", &CODE.to_lowercase()).await;
    ines.browser.see("goodword-join >>> form", "This code cannot be had.").await;
    ines.browser.fill("goodword-join >>> input[name=code]", "INES-TEA").await;
    ines.browser.see("goodword-join >>> form", "This code is free.").await;
    fill_join_form(&ines.browser, "goodword-join >>> ", "Ines Hartl", MAIL).await;
    ines.browser.see("goodword-join >>> bdi.code", "INES-TEA").await;
    ines.confirms_the_address(MAIL).await;
    ines.visits_the_partner_page().await;

    press(&ines.browser, "summary", "Change your code").await;
    ines.browser.fill("goodword-share >>> form[data-gw=code] input", "INES-HIKES").await;
    press(&ines.browser, "button[type=submit]", "Change my code").await;
    ines.browser.see("goodword-share >>> bdi.code", "INES-HIKES").await;
    ines.browser.see("goodword-share >>> [role=status]", "Your code is changed.").await;
    let sale =
        json!({ "customerExternalId": "u-1", "amount": 10_000, "code": "INES-TEA", "invoiceId": "A-1" });
    assert!(world.backend().sale(sale).credited, "the old code goes on earning");
    ines.browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_vendors_questions_are_asked_and_answered() {
    let questions = json!([
        { "id": "site", "label": "Where will you share it?", "type": "url", "required": true },
        { "id": "size", "label": "How many readers?", "type": "choice", "options": ["a few", "many"] },
    ]);
    let world = World::with(json!({ "widget": { "questions": questions } })).await;
    let ines = Influencer::new(&world).await;
    ines.visits_the_partner_page().await;
    fill_join_form(&ines.browser, "goodword-join >>> ", "Ines Hartl", MAIL).await;
    ines.browser.see("goodword-join >>> .error", "Please answer this.").await;
    assert_accessible(&ines.browser, "goodword-join", "questions unanswered").await;
    ines.browser.fill("goodword-join >>> input[type=url]", "https://hartl.example/").await;
    ines.browser.click("goodword-join >>> button[type=submit]", "").await;
    ines.browser.see("goodword-join >>> bdi.code", "").await;
    let partners: Vec<Value> = world.backend().get("/v1/partners?search=Ines").ok();
    assert!(partners[0].to_string().contains("https://hartl.example/"), "{partners:?}");
    ines.browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partner_shares_in_many_ways_and_makes_a_link_for_a_post() {
    let widget = json!({ "shareTexts": ["Say {code}: {link}"], "assets": [{ "title": "Logo", "url": "https://shop.example/logo.svg" }] });
    let world = World::with(json!({ "widget": widget })).await;
    let ines = Influencer::new(&world).await;
    let code = joined(&ines).await;
    let browser = &ines.browser;
    let links: Vec<String> = browser
        .js("return [...document.querySelector('goodword-share').shadowRoot.querySelectorAll('[part~=share-link]')].map((a) => a.href)", json!([]))
        .await;
    assert_eq!(links.len(), 8, "{links:?}");
    let encoded = format!("%2Fr%2F{code}");
    assert!(links.iter().all(|link| link.to_lowercase().contains(&encoded.to_lowercase())), "{links:?}");
    press(browser, "summary", "Ready-made texts").await;
    press(browser, "details button", "Copy").await;
    browser.see("goodword-share >>> [role=status]", "Text copied.").await;
    assert!(browser.event("goodword-share copied").await.contains(&format!("Say {code}: ")));

    press(browser, "summary", "Links for your posts").await;
    press(browser, "form[data-gw=link] button", "Make a link").await;
    browser.see("goodword-share >>> form[data-gw=link] .error", "Please answer this.").await;
    browser.fill("goodword-share >>> input[name=label]", "October reel").await;
    browser.fill("goodword-share >>> input[name=url]", &format!("{}/tea/larch-smoke", world.shop)).await;
    press(browser, "form[data-gw=link] button", "Make a link").await;
    browser.see("goodword-share >>> [part~=links] li", "October reel").await;
    browser.fill("goodword-share >>> input[name=label]", "Elsewhere").await;
    browser.fill("goodword-share >>> input[name=url]", "https://evil.example/").await;
    press(browser, "form[data-gw=link] button", "Make a link").await;
    browser.see("goodword-share >>> form[data-gw=link] .error", "").await;
    press(browser, "summary", "Pictures and logos").await;
    browser.see("goodword-share >>> [part~=assets] a", "Logo").await;
    assert_accessible(browser, "goodword-share", "everything that can be shared").await;
    browser.assert_quiet().await;
}

/// Takes what is being downloaded instead of the disk: the name and the bytes' beginning.
const DOWNLOADS: &str = "window.got = []; const make = URL.createObjectURL; URL.createObjectURL = (blob) => { window.blob = blob; return make(blob) };
    HTMLAnchorElement.prototype.click = function () { const name = this.download;
        blob.arrayBuffer().then((b) => got.push([name, blob.type, String.fromCharCode(...new Uint8Array(b).slice(0, 8)), b.byteLength])) }";

#[tokio::test(flavor = "multi_thread")]
async fn the_qr_code_is_saved_as_a_drawing_and_as_a_picture() {
    let world = World::open().await;
    let ines = Influencer::new(&world).await;
    let code = joined(&ines).await;
    let () = ines.browser.js(DOWNLOADS, json!([])).await;
    press(&ines.browser, "[data-gw=qr]", "SVG").await;
    press(&ines.browser, "[data-gw=qr]", "PNG").await;
    let both = async || {
        let got: Vec<(String, String, String, u32)> = ines.browser.js("return got", json!([])).await;
        (got.len() == 2).then_some(got)
    };
    let got = ines.browser.until("both were saved", both).await;
    assert_eq!((got[0].0.as_str(), got[0].1.as_str()), (format!("{code}.svg").as_str(), "image/svg+xml"));
    assert!(got[0].2.starts_with("<svg xml"), "{got:?}");
    assert_eq!((got[1].0.as_str(), got[1].1.as_str()), (format!("{code}.png").as_str(), "image/png"));
    assert!(got[1].2.contains("PNG") && got[1].3 > 500, "{got:?}");
    ines.browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_are_drawn_by_day_and_told_as_a_table() {
    let world = World::open().await;
    let ines = Influencer::new(&world).await;
    let code = joined(&ines).await;
    world.click(&code.to_lowercase());
    let browser = &ines.browser;
    browser.see("goodword-share >>> figcaption", "Clicks: 1").await;
    press(browser, "[data-gw=open]", "As a table").await;
    let rows: u32 = browser
        .js(
            "return document.querySelector('goodword-share').shadowRoot.querySelectorAll('tbody tr').length",
            json!([]),
        )
        .await;
    assert_eq!(rows, 30);
    press(browser, "[data-gw=chart]", "Sign-ups").await;
    browser.see("goodword-share >>> figcaption", "Sign-ups: 0").await;
    assert_accessible(browser, "goodword-share", "the chart and its table").await;
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_leaderboard_names_who_agreed_and_the_offer_says_what_one_gets() {
    let world = World::with(json!({ "widget": { "leaderboard": "sales" } })).await;
    let browser = Browser::open().await;
    let body = format!("<goodword-leaderboard><p>none</p></goodword-leaderboard><input id=\"coupon\"><goodword-offer code=\"{CODE}\" fill=\"#coupon\"></goodword-offer>
        <goodword-offer id=\"nobody\" code=\"NOBODY\"><p id=\"own\">Our own words</p></goodword-offer>");
    browser.goto(&world.page(&body)).await;
    browser.see("goodword-leaderboard >>> .muted", "Nobody yet.").await;
    assert_accessible(&browser, "goodword-leaderboard", "an empty leaderboard").await;
    browser.see("goodword-offer >>> h2", "You are invited to").await;
    browser.see("goodword-offer >>> .muted", CODE).await;
    assert_accessible(&browser, "goodword-offer", "an offer").await;
    let filled: String = browser.js("return document.getElementById('coupon').value", json!([])).await;
    assert_eq!(filled, CODE);
    browser.see("#own", "Our own words").await;

    world
        .backend()
        .sale(json!({ "customerExternalId": "u-1", "amount": 10_000, "code": CODE, "invoiceId": "A-1" }));
    let ranked = async || {
        browser.click("goodword-leaderboard >>> [data-gw=period]", "Quarter").await;
        browser.sees("goodword-leaderboard >>> tbody tr", "A partner").await.then_some(())
    };
    browser.within(std::time::Duration::from_secs(20), "the partner is ranked without a name", ranked).await;
    browser.see("goodword-leaderboard >>> [aria-pressed=true]", "Quarter").await;
    assert_accessible(&browser, "goodword-leaderboard", "a leaderboard").await;
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_purchase_in_the_partners_own_browser_is_held_for_review() {
    let world = World::open().await;
    let ines = Influencer::new(&world).await;
    let given = ines.joins("Ines Hartl", MAIL).await;
    // The same browser follows the link, and somebody of another name signs up and buys.
    ines.browser.goto(&given.link).await;
    ines.browser.see("h1", "Tea from where").await;
    let click = async || {
        let id: Option<String> =
            ines.browser.js("return window.Goodword?.referral?.clickId || null", json!([])).await;
        id
    };
    let click = ines.browser.until("the click is known to the page", click).await;
    world.backend().sale(json!({ "customerExternalId": "u-7", "customerEmail": "somebody@else.example", "amount": 10_000, "clickId": click, "invoiceId": "A-7" }));
    let commissions: Vec<Commission> = world.backend().get("/v1/commissions").ok();
    assert_eq!(commissions[0].status, "hold", "{commissions:?}");
    let reviews: Vec<Review> = world.backend().get("/v1/reviews").ok();
    assert!(format!("{reviews:?}").contains("self_referral_device"), "{reviews:?}");
    ines.browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn presets_and_an_owners_colours_stay_readable() {
    let world = World::with(json!({ "widget": { "theme": "warm", "properties": { "--goodword-radius": "3px", "--goodword-accent": "#ffe14d" } } })).await;
    let browser = Browser::open().await;
    let style = "return [getComputedStyle(document.querySelector('goodword-join').shadowRoot.querySelector(arguments[0]))[arguments[1]]][0]";
    let read = async |path: &str, name: &str| browser.js::<String>(style, json!([path, name])).await;
    for (theme, radius, accent, text) in [
        ("", "3px", "rgb(255, 225, 77)", "rgb(0, 0, 0)"),
        (
            "style=\"--goodword-accent: #102030; --goodword-radius: 7px\"",
            "7px",
            "rgb(16, 32, 48)",
            "rgb(255, 255, 255)",
        ),
        ("theme=\"bold dark\"", "3px", "rgb(255, 225, 77)", "rgb(0, 0, 0)"),
        ("style=\"--goodword-accent: lab(60% 20 40)\"", "3px", "lab(60 20 40)", "rgb(0, 0, 0)"),
    ] {
        browser.goto(&world.page(&format!("<goodword-join {theme}></goodword-join>"))).await;
        browser.see("goodword-join >>> form", "").await;
        assert_eq!(read(".card", "borderRadius").await, radius, "{theme}");
        assert_eq!(
            (
                read("button[type=submit]", "backgroundColor").await,
                read("button[type=submit]", "color").await
            ),
            (accent.to_owned(), text.to_owned()),
            "{theme}"
        );
        assert_accessible(&browser, "goodword-join", theme).await;
    }
    for theme in ["plain light", "plain dark", "warm light", "warm dark", "bold light", "bold dark"] {
        browser
            .goto(&world.site.put(
                "/",
                Page::new(&world.tag(""), &format!("<goodword-join theme=\"{theme}\"></goodword-join>")),
            ))
            .await;
        browser.see("goodword-join >>> form", "").await;
        assert_accessible(&browser, "goodword-join", theme).await;
    }
    browser.assert_quiet().await;
}

/// A place of one's own is told once the address is proven; what everybody sees, before that too.
#[tokio::test(flavor = "multi_thread")]
async fn who_has_proven_nothing_yet_sees_the_leaderboard() {
    let world = World::with(json!({ "widget": { "leaderboard": "sales" } })).await;
    let ines = Influencer::new(&world).await;
    joined(&ines).await;
    ines.browser.goto(&world.page("<goodword-leaderboard><p>none</p></goodword-leaderboard>")).await;
    ines.browser.see("goodword-leaderboard >>> .muted", "Nobody yet.").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_cut_off_on_a_narrow_page_or_at_four_hundred_percent() {
    let world = World::with(json!({ "widget": { "leaderboard": "sales" } })).await;
    let ines = Influencer::new(&world).await;
    joined(&ines).await;
    for (width, body) in [
        (
            320,
            "<goodword-join></goodword-join><goodword-share></goodword-share><goodword-leaderboard></goodword-leaderboard>",
        ),
        (
            320,
            "<div lang=\"ar\" dir=\"rtl\"><goodword-join></goodword-join><goodword-leaderboard></goodword-leaderboard></div>",
        ),
        (
            1280,
            "<style>html { font-size: 64px } goodword-join { --goodword-font-size: 64px }</style><goodword-join></goodword-join>",
        ),
    ] {
        ines.browser.narrow(width).await;
        ines.browser.goto(&world.page(body)).await;
        ines.browser.see("goodword-join >>> .card", "").await;
        let wide: (u32, u32) = ines
            .browser
            .js(
                "return [document.documentElement.scrollWidth, document.documentElement.clientWidth]",
                json!([]),
            )
            .await;
        assert!(wide.0 <= wide.1, "{wide:?} at {width}: {body}");
    }
    ines.browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_is_filled_by_keyboard_alone() {
    let world = World::open().await;
    let browser = Browser::open().await;
    browser.goto(&world.page("<goodword-join></goodword-join>")).await;
    browser.see("goodword-join >>> form", "").await;
    let focus = "const inner = document.querySelector('goodword-join').shadowRoot; return inner.activeElement ? inner.activeElement.name || inner.activeElement.textContent : ''";
    let mut seen = Vec::new();
    for _ in 0..7 {
        browser
            .cdp(
                "Input.dispatchKeyEvent",
                json!({ "type": "keyDown", "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9 }),
            )
            .await;
        browser
            .cdp(
                "Input.dispatchKeyEvent",
                json!({ "type": "keyUp", "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9 }),
            )
            .await;
        let now: String = browser.js(focus, json!([])).await;
        let typed = match now.as_str() {
            "name" => "Ada",
            "email" => "ada@lovelace.example",
            _ => "",
        };
        if !typed.is_empty() {
            browser.cdp("Input.insertText", json!({ "text": typed })).await;
        }
        if now == "terms" {
            let key = json!({ "type": "keyDown", "key": " ", "code": "Space", "text": " ", "windowsVirtualKeyCode": 32 });
            browser.cdp("Input.dispatchKeyEvent", key).await;
            browser
                .cdp(
                    "Input.dispatchKeyEvent",
                    json!({ "type": "keyUp", "key": " ", "code": "Space", "windowsVirtualKeyCode": 32 }),
                )
                .await;
        }
        if now.contains("Get my code") {
            let key = json!({ "type": "keyDown", "key": "Enter", "code": "Enter", "text": "\r", "unmodifiedText": "\r", "windowsVirtualKeyCode": 13 });
            browser.cdp("Input.dispatchKeyEvent", key).await;
            let up = json!({ "type": "keyUp", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13 });
            browser.cdp("Input.dispatchKeyEvent", up).await;
            seen.push(now);
            break;
        }
        seen.push(now);
    }
    assert_eq!(
        seen.iter().map(|one| one.trim()).collect::<Vec<_>>()[..4],
        ["name", "email", "code", "terms"],
        "{seen:?}"
    );
    browser.see("goodword-join >>> bdi.code", "").await;
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_module_takes_at_most_a_quarter_of_a_megabyte_of_memory() {
    let world = World::open().await;
    let browser = Browser::open().await;
    let spy = "<script>const real = WebAssembly.instantiateStreaming; WebAssembly.instantiateStreaming = (...all) =>
        real.apply(WebAssembly, all).then((made) => { window.memory = Object.values((made.instance || made).exports).find((one) => one instanceof WebAssembly.Memory); return made })</script>";
    let page = Page::new(&format!("{spy}{}", world.tag("")), "<goodword-join></goodword-join>");
    browser.goto(&world.site.put("/", page)).await;
    fill_join_form(&browser, "goodword-join >>> ", "Ines Hartl", MAIL).await;
    browser.see("goodword-join >>> bdi.code", "").await;
    let bytes: u32 = browser.js("return memory.buffer.byteLength", json!([])).await;
    assert!(bytes <= 256 * 1024, "{bytes} bytes");
    browser.assert_quiet().await;
}
