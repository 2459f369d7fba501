//! Figures in the console: filters that combine and lead to the events, trying other terms, and how soon a page is there.

use super::accessible::settled;
use super::axe::assert_accessible;
use super::console::some_trade;
use super::role::Marketer;
use super::world::{CODE, World};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_press_on_a_row_shows_that_part_and_its_events() {
    let world = World::open().await;
    some_trade(&world);
    let owner = Marketer::logged_in(&world).await;
    let browser = &owner.browser;
    browser.see(".stamp.live", "live").await;
    browser.click(".ranked a", "Partner MARA").await;
    browser.see(".chip strong", "Partner MARA").await;
    browser.click(".ranked a", "Link followed").await;
    browser.see(".chip strong", "Link followed").await;
    let address = browser.address().await;
    assert!(address.contains("partner=ptn_") && address.contains("touchpoint=click"), "{address}");
    assert_accessible(browser, "main", "the overview with filters").await;
    // The address alone says what is shown.
    browser.goto(&address).await;
    browser.see(".chip strong", "Partner MARA").await;
    let shown = browser.text(".funnel li:nth-child(3) strong").await;
    browser.click(".funnel li:nth-child(3) .behind", "Show them").await;
    browser.see("main h1", "Events").await;
    browser.see("main tbody tr", "").await;
    let rows: i64 = browser.js("return document.querySelectorAll('main tbody tr').length", json!([])).await;
    assert_eq!(rows.to_string(), shown, "as many sales as the figure counts");
    browser.click(".chip a", "Link followed").await;
    browser.see(".chip strong", "Partner MARA").await;
    assert!(!browser.sees(".chip strong", "Link followed").await);
    browser.assert_quiet().await;
}

/// The largest sale there can be, on every width.
#[tokio::test(flavor = "multi_thread")]
async fn a_figure_is_never_cut() {
    let world = World::open().await;
    let sale = json!({ "customerExternalId": "acct_1", "code": CODE, "amount": 1_000_000_000_000_i64, "currency": "usd", "invoiceId": "AT-1" });
    world.backend().sale(sale);
    let owner = Marketer::logged_in(&world).await;
    owner.browser.see(".funnel li:nth-child(4) strong", "10,000,000,000.00").await;
    for width in [360, 700, 900, 1280] {
        owner.browser.narrow(width).await;
        let cut = "const box = (e) => { const range = document.createRange(); range.selectNodeContents(e); return range.getBoundingClientRect() };
            return [...document.querySelectorAll('.funnel strong')].filter((e) => {
                const [text, room] = [box(e), e.closest('li').getBoundingClientRect()];
                return text.left < room.left || text.right > room.right || text.height > 40 }).map((e) => e.textContent)";
        let cut: Vec<String> = owner.browser.js(cut, json!([])).await;
        assert_eq!(cut, Vec::<String>::new(), "cut or broken at {width} px");
    }
    owner.browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_table_shows_its_beginning_until_somebody_asks_for_all() {
    let world = World::open().await;
    let vendor = world.backend();
    for number in 0..42 {
        let code = format!("LONG{number}");
        vendor.partner(&code);
        vendor.sale(json!({ "customerExternalId": code, "code": code, "amount": 1_000, "currency": "usd", "invoiceId": code }));
    }
    let owner = Marketer::logged_in(&world).await;
    let browser = &owner.browser;
    let rows = async || -> usize {
        browser
            .js("return document.querySelectorAll('main table')[0].tBodies[0].rows.length", json!([]))
            .await
    };
    for section in ["Attribution", "Ledger"] {
        owner.goes_to(section).await;
        browser.see("main h1", section).await;
        browser.see(".more button", "Show all").await;
        assert_eq!(rows().await, 40, "{section}");
        let button = browser.text(".more button").await;
        let all: usize = button.trim_start_matches("Show all ").parse().expect("the button says how many");
        assert!(all >= 42, "{section}: {all}");
        browser.click(".more button", "Show all").await;
        browser.until("every row", async || (rows().await == all).then_some(())).await;
    }
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_explorer_shows_every_view() {
    let world = World::open().await;
    some_trade(&world);
    let owner = Marketer::logged_in(&world).await;
    owner.goes_to("Explorer").await;
    let browser = &owner.browser;
    for (tab, words) in [
        ("Funnel", "Partner MARA"),
        ("Cohorts", "20"),
        ("Time to convert", "Within 1 hour"),
        ("Journeys", "Partner MARA"),
    ] {
        browser.click("nav.tabs a", tab).await;
        browser.see("main tbody tr", words).await;
        settled(browser).await;
        assert_accessible(browser, "main", tab).await;
    }
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn terms_are_tried_in_the_browser_before_they_are_saved() {
    let world = World::open().await;
    some_trade(&world);
    let owner = Marketer::logged_in(&world).await;
    let browser = &owner.browser;
    let earned = |row: usize, column: usize| {
        let path = format!(".what-if tbody tr:nth-child({row}) td:nth-child({column})");
        async move { browser.text(&path).await }
    };
    browser
        .goto(&format!("{}/console/programs/{}?mode=test&tab=edit", world.server.base, world.program.id))
        .await;
    browser.see(".what-if button", "Work it out").await;
    // Away from under the bar that stays in sight, as a person would.
    let () = browser.js("scrollTo(0, document.body.scrollHeight)", json!([])).await;
    browser.click(".what-if button", "Work it out").await;
    browser.see(".what-if tbody tr", "All partners").await;
    assert_eq!(earned(1, 3).await, earned(1, 4).await, "nothing was changed");
    let before = earned(1, 3).await;
    let open = "document.querySelector('[aria-label=\"Reward 2\"] [aria-expanded]').click()";
    let () = browser.js(open, json!([])).await;
    browser.see("input[id$=percentage]", "").await;
    let twice = "const reward = [...document.querySelectorAll('input')].find((field) => field.id.endsWith('percentage'));
        const value = String(2 * Number(reward.value));
        Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(reward, value);
        reward.dispatchEvent(new Event('input', { bubbles: true })); return value";
    let _: String = browser.js(twice, json!([])).await;
    browser.see(".what-if .note", "Something was changed").await;
    let () = browser.js("scrollTo(0, document.body.scrollHeight)", json!([])).await;
    browser.click(".what-if button", "Work it out").await;
    let changed = async || (!browser.sees(".what-if .note", "").await).then_some(());
    browser.until("the changed terms are worked out", changed).await;
    let after = earned(1, 4).await;
    assert_ne!(before, after);
    assert_eq!(earned(1, 3).await, before, "the terms in force are what they were");
    assert_accessible(browser, ".what-if", "what-if").await;
    let version: serde_json::Value = world.backend().get(&format!("/v1/programs/{}", world.program.id)).ok();
    assert_eq!(version["version"], 1, "nothing was saved");
    browser.assert_quiet().await;
}

/// Presses a section's link, and waits until its data stands where grey lines stood; milliseconds.
const PRESSED: &str = "const [title] = arguments;
    const link = [...document.querySelectorAll('nav.sections a')].find((a) => a.textContent.startsWith(title));
    const there = () => document.querySelector('main h1')?.textContent === title && !document.querySelector('main .skeleton');
    return new Promise((done) => {
        const begun = performance.now();
        const look = () => there() ? requestAnimationFrame(() => done(performance.now() - begun)) : requestAnimationFrame(look);
        link.click();
        look();
    })";

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_on_the_screen_soon_after_a_press() {
    let world = World::open().await;
    some_trade(&world);
    let owner = Marketer::logged_in(&world).await;
    let sections = ["Explorer", "Partners", "Events", "Commissions", "Programs", "Overview"];
    let mut best = std::collections::BTreeMap::new();
    // The first time warms it; of the others the best counts, for the machine does other things as well.
    for round in 0..6 {
        for title in sections {
            let ms: f64 = owner.browser.js(PRESSED, json!([title])).await;
            if round > 0 {
                let known = best.entry(title).or_insert(f64::MAX);
                *known = ms.min(*known);
            }
        }
    }
    // The server of the tests is not optimised, and other tests run beside this one: three times as much is let pass.
    assert!(best.values().all(|ms| *ms <= 300.0), "milliseconds: {best:?}");
}
