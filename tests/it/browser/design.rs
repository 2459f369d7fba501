//! The widget's settings in the console, with the widget itself beside them.

use super::axe::assert_accessible;
use super::role::Marketer;
use super::world::World;
use goodword_wire::{EmbedConfig, Program};
use serde_json::{Value, json};

const FRAME: &str = ".preview iframe";

/// Opens the form.
async fn opens(owner: &Marketer<'_>, world: &World) {
    let address = format!("{}/console/programs/{}?mode=test&tab=widget", world.server.base, world.program.id);
    owner.browser.goto(&address).await;
    owner.browser.see("h2", "Preview").await;
}

/// Presses a button of the form.
async fn press(owner: &Marketer<'_>, text: &str) {
    owner.browser.see(".design form button", text).await;
    let body = "const found = [...document.querySelectorAll('.design form button')].find((one) => one.textContent.includes(arguments[0]));
        found.scrollIntoView({ block: 'center', behavior: 'instant' }); found.focus(); found.click()";
    let () = owner.browser.js(body, json!([text])).await;
}

/// Waits until the widget in the frame is as wanted.
async fn shows(owner: &Marketer<'_>, what: &str, script: &str, wanted: &Value) {
    owner.browser.enter(FRAME).await;
    let ask = async || {
        let body = format!(
            "const root = [...document.querySelectorAll('goodword-join,goodword-leaderboard')].at(-1)?.shadowRoot; return root ? (() => {{ {script} }})() : null"
        );
        let told: Value = owner.browser.js(&body, json!([])).await;
        (told == *wanted).then_some(())
    };
    owner.browser.until(what, ask).await;
    owner.browser.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_is_seen_at_once_and_saved_when_wanted() {
    let world = World::open().await;
    let owner = Marketer::logged_in(&world).await;
    opens(&owner, &world).await;
    let browser = &owner.browser;
    let button =
        "return getComputedStyle(root.querySelector('button[type=submit]') || root.host).backgroundColor";
    browser.fill("[id='widget.properties.--goodword-accent']", "#0a7d4f").await;
    shows(&owner, "the accent", button, &json!("rgb(10, 125, 79)")).await;
    press(&owner, "Add a question").await;
    browser.fill("[id='widget.questions[0].label']", "Where do you publish?").await;
    let label = "return [...root.querySelectorAll('label')].some((one) => one.textContent.includes('Where do you publish?'))";
    shows(&owner, "the question", label, &json!(true)).await;
    press(&owner, "Say something in your own words").await;
    browser.fill("[id='widget.texts[0].name']", "do-join").await;
    browser.see("label", "Get my code and link").await;
    browser.fill("[id='widget.texts[0].text']", "Count me in").await;
    let words = "return root.querySelector('button[type=submit]')?.textContent.trim()";
    shows(&owner, "own words", words, &json!("Count me in")).await;
    browser.see(".save-bar", "your pages do not yet").await;
    let config: EmbedConfig = world
        .server
        .page_of(&world.server.vendor.test.publishable_key, &world.shop)
        .get("/v1/embed/config")
        .ok();
    assert!(config.questions.is_empty() && config.properties.is_empty(), "nothing is saved yet");
    browser.click("button[type=submit]", "Save").await;
    browser.see(".save-bar", "Saved.").await;
    let program: Program = world.backend().get(&format!("/v1/programs/{}", world.program.id)).ok();
    assert_eq!(program.widget.properties.get("--goodword-accent").map(String::as_str), Some("#0a7d4f"));
    assert_eq!(program.widget.questions[0].label, "Where do you publish?");
    assert_eq!(program.widget.texts["en"]["do-join"], "Count me in");
    assert_eq!(program.version, world.program.version, "a change of the widget is no version of the terms");
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_said_at_its_field_and_what_is_typed_stays() {
    let world = World::with(json!({ "widget": { "theme": "warm", "leaderboard": "sales" } })).await;
    let owner = Marketer::logged_in(&world).await;
    opens(&owner, &world).await;
    let browser = &owner.browser;
    let accent = "[id='widget.properties.--goodword-accent']";
    browser.fill("[id='widget.payoutDay']", "soon").await;
    browser.click("button[type=submit]", "Save").await;
    browser.see("[id='widget.payoutDay-fault']", "whole number").await;
    browser.fill("[id='widget.payoutDay']", "15").await;
    browser.fill(accent, "url(x)").await;
    browser.click("button[type=submit]", "Save").await;
    browser.see("[id='widget.properties.--goodword-accent-fault']", "").await;
    browser.click("nav.tabs a", "Versions").await;
    browser.click("nav.tabs a", "Widget").await;
    browser.holds(accent, "url(x)").await;
    browser.click("button", "Discard").await;
    browser.holds(accent, "").await;
    let program: Program = world.backend().get(&format!("/v1/programs/{}", world.program.id)).ok();
    assert_eq!(program.widget, world.program.widget);
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn form_and_preview_are_accessible_and_fit_a_phone() {
    let world = World::with(json!({ "widget": { "theme": "bold", "leaderboard": "sales", "payoutDay": 1,
        "questions": [{ "id": "where", "label": "Where?", "type": "choice", "options": ["Blog", "Film"] }],
        "milestones": [{ "of": "leads", "at": 10, "text": "a mug" }], "shareTexts": ["Try {link}"],
        "assets": [{ "title": "Logo", "url": "https://shop.example/logo.svg" }], "texts": { "en": { "do-join": "Join" } } } }))
    .await;
    let owner = Marketer::logged_in(&world).await;
    opens(&owner, &world).await;
    let browser = &owner.browser;
    shows(&owner, "the preset", "return root.querySelector('.gw').classList.contains('bold')", &json!(true))
        .await;
    assert_accessible(browser, "main", "the widget's settings").await;
    // A preview sends nothing anywhere.
    browser.enter(FRAME).await;
    super::role::fill_form(browser, "goodword-join >>> ", "Eve", "eve@example.com", "Join").await;
    browser.see("goodword-join >>> [role=status]", "Test data").await;
    browser.leave().await;
    assert_eq!(world.server.mails_to("eve@example.com"), 0);
    browser.narrow(360).await;
    opens(&owner, &world).await;
    assert_eq!(browser.overflow().await, "", "wider than the screen");
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_but_the_console_tells_the_frame_what_to_show() {
    let world = World::open().await;
    let browser = super::chromium::Browser::open().await;
    let key = &world.server.vendor.test.publishable_key;
    let frame = format!(
        "{}/embed/frame?preview&element=join&pk={key}&origin={}",
        world.server.base, world.site.origin
    );
    let send = "<script>addEventListener('load', () => { const frame = document.querySelector('iframe').contentWindow;
        frame.postMessage({ goodword: 'preview', widget: { texts: { en: { joinTitle: 'Send us money' } } } }, '*'); setTimeout(() => (window.sent = true), 500) })</script>";
    let page = super::site::Page::new("", &format!("<iframe src=\"{frame}\"></iframe>{send}"));
    browser.goto(&world.site.put("/", page)).await;
    browser
        .until("it was told", async || {
            browser.js::<bool>("return window.sent === true", json!([])).await.then_some(())
        })
        .await;
    browser.enter("iframe").await;
    let elements: u32 = browser.js("return document.body.children.length", json!([])).await;
    assert_eq!(elements, 0, "a stranger's page was heard");
    browser.leave().await;
    browser.assert_quiet().await;
}
