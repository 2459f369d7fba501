//! The console in other languages than English: nothing of it is left untranslated, and nobody objects to it from
//! right to left.

use super::accessible::settled;
use super::axe::objections;
use super::chromium::Browser;
use super::console::{address, some_trade};
use super::role::Marketer;
use super::world::World;
use serde_json::{Value, json};

const GERMAN: &str = include_str!("../../../www/console/text/de.po");
const ARABIC: &str = include_str!("../../../www/console/text/ar.po");

/// The texts of more than one word that a language says otherwise than English, and that nothing is filled into.
fn english(file: &str) -> Vec<&str> {
    let quoted = |line: &'static str| line.split_once('"').and_then(|(_, rest)| rest.strip_suffix('"'));
    let mut found = Vec::new();
    let mut known = "";
    for line in file.to_owned().leak().lines() {
        let text = quoted(line).unwrap_or_default();
        if line.starts_with("msgid ") {
            known = text;
        } else if line.starts_with("msgstr ")
            && text != known
            && known.contains(' ')
            && !known.contains(['{', '|', '\\'])
        {
            found.push(known);
        }
    }
    assert!(found.len() > 500, "the file is read");
    found
}

async fn speaks(browser: &Browser, language: &str) {
    let () = browser.js("localStorage.setItem('goodword.language', arguments[0])", json!([language])).await;
}

/// What a page says in English all the same. Options are left out: among them are the widget's own texts, to be replaced.
async fn left_in_english(browser: &Browser, known: &[&str]) -> Vec<String> {
    let look = "const known = new Set(arguments[0]), found = [];
        const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (walk.nextNode()) {
            const text = walk.currentNode.data.trim();
            const around = walk.currentNode.parentElement;
            if (known.has(text) && !around.closest('code,pre,script,style,option')) found.push(text + ' in ' + around.outerHTML.slice(0, 200));
        }
        for (const one of document.querySelectorAll('[aria-label],[title],[placeholder]'))
            for (const name of ['aria-label', 'title', 'placeholder'])
                if (known.has(one.getAttribute(name))) found.push(name + ': ' + one.getAttribute(name));
        return found";
    browser.js(look, json!([known])).await
}

/// What reaches out of a page, if anything does.
async fn too_wide(browser: &Browser, path: &str) -> Option<String> {
    let over = browser.overflow().await;
    (!over.is_empty()).then(|| format!("{path} is too wide: {over}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_stays_in_english() {
    let world = World::open().await;
    let trade = some_trade(&world);
    let owner = Marketer::logged_in(&world).await;
    let browser = &owner.browser;
    speaks(browser, "de").await;
    browser.narrow(360).await;
    let known = english(GERMAN);
    let mut found = Vec::new();
    for (path, _) in trade.pages() {
        browser.goto(&address(&world, &path)).await;
        browser.see("main h1", "").await;
        settled(browser).await;
        let left = left_in_english(browser, &known).await;
        found.extend(left.into_iter().map(|text| format!("{path}: {text}")));
        found.extend(too_wide(browser, &path).await);
    }
    assert!(found.is_empty(), "{found:#?}");
    let told: Value =
        browser.js("return [document.documentElement.lang, document.documentElement.dir]", json!([])).await;
    assert_eq!(told, json!(["de", "ltr"]));
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_right_to_left_nothing_stays_in_english() {
    let world = World::open().await;
    let trade = some_trade(&world);
    let owner = Marketer::logged_in(&world).await;
    let browser = &owner.browser;
    speaks(browser, "ar").await;
    browser.narrow(360).await;
    let known = english(ARABIC);
    let mut found = Vec::new();
    for (place, (path, _)) in trade.pages().into_iter().enumerate() {
        browser.goto(&address(&world, &path)).await;
        browser.see("main h1", "").await;
        settled(browser).await;
        found
            .extend(left_in_english(browser, &known).await.into_iter().map(|text| format!("{path}: {text}")));
        found.extend(too_wide(browser, &path).await);
        // Every page has its objections looked for in English; the direction adds what a few show.
        if place % 6 == 0 {
            found.extend(objections(browser, "html", &path).await);
        }
    }
    assert!(found.is_empty(), "{found:#?}");
    let told: Value =
        browser.js("return [document.documentElement.lang, document.documentElement.dir]", json!([])).await;
    assert_eq!(told, json!(["ar", "rtl"]));
    browser.assert_quiet().await;
}

/// Who is not in yet can choose, too.
#[tokio::test(flavor = "multi_thread")]
async fn a_language_is_chosen_before_the_log_in() {
    let world = World::alone().await;
    let browser = Browser::open().await;
    for path in ["", "/join?token=x"] {
        browser.goto(&format!("{}/console{path}", world.server.base)).await;
        browser.see("main.log-in h1", "").await;
        browser.pick("main.log-in select", "de").await;
        browser.see("html[lang=de] main.log-in h1", "").await;
        browser.pick("main.log-in select", "en").await;
        browser.see("html[lang=en] main.log-in h1", "").await;
        assert_eq!(browser.overflow().await, "");
    }
}

/// Whoever chooses a language in the settings sees the console in it, and again after a visit elsewhere.
#[tokio::test(flavor = "multi_thread")]
async fn a_language_is_chosen_in_the_settings() {
    let world = World::open().await;
    let owner = Marketer::logged_in(&world).await;
    let browser = &owner.browser;
    browser.goto(&address(&world, "/settings")).await;
    browser.see("main h1", "Settings").await;
    browser.pick("main select:has(option[lang=fr])", "fr").await;
    browser.see("main h1", "Réglages").await;
    browser.goto(&address(&world, "")).await;
    browser.see("html[lang=fr] nav.sections a[aria-current=page]", "").await;
    browser.assert_quiet().await;
}
