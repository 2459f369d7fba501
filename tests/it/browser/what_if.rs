//! What a marketer reads in the browser before saving is what `goodword replay` says of the same history, to the minor unit.

use super::chromium::Browser;
use crate::harness::{Client, Server};
use crate::replay::simulated::{Sums, comparable, replayed};
use crate::replay::{history, simulated};
use goodword_wire::{Partner, Program};
use serde_json::{Value, json};

/// Which random histories; each has another model, other rewards and other windows.
const HISTORIES: [u64; 3] = [1, 3, 4];

/// Each partner's id, and what he or she would have earned by the terms in force and by the changed ones.
const ROWS: &str = "const digits = (text) => Number((text.match(/[−-]/) ? '-' : '') + text.replace(/[^0-9]/g, ''));
    const sums = (cell) => [digits(cell.firstChild.textContent), digits(cell.querySelector('small')?.textContent ?? '0')];
    return [...document.querySelectorAll('.what-if tbody tr')].slice(1).map((row) =>
        [row.querySelector('a').getAttribute('href').match(/ptn_[0-9a-f]+/)[0], sums(row.children[2]), sums(row.children[3])])";

/// What a partner would have earned: money, and points.
type Earned = (i64, i64);

/// The editor of the program's terms, in a browser of the vendor's owner.
async fn editor(server: &Server, program: &Program) -> Browser {
    let browser = Browser::open().await;
    browser.goto(&format!("{}/console/?mode=test", server.base)).await;
    browser.fill("input[name=email]", &server.vendor.owner.email).await;
    browser.fill("input[name=password]", &server.vendor.owner.password).await;
    browser.click("button[type=submit]", "Log in").await;
    browser.see("nav.sections a[aria-current=page]", "Overview").await;
    let path = format!("{}/console/programs/{}?mode=test&tab=edit&range=all", server.base, program.id);
    browser.goto(&path).await;
    browser.see(".what-if button", "Work it out").await;
    browser
}

/// Works it out; what stands in the two columns.
async fn worked_out(browser: &Browser, shop: &Client) -> [Sums; 2] {
    let () = browser.js("document.querySelector('.what-if .head-row > button').click()", json!([])).await;
    browser.see(".what-if tbody tr", "All partners").await;
    let is_fresh = async || (!browser.sees(".what-if [role=status]", "").await).then_some(());
    browser.until("what is shown is of what is typed", is_fresh).await;
    let rows: Vec<(String, Earned, Earned)> = browser.js(ROWS, json!([])).await;
    let known: Vec<Partner> = shop.all("/v1/partners", 100);
    let code = |id: &str| known.iter().find(|p| p.id == id).expect("a partner").links[0].code.clone();
    let mut columns = [Sums::new(), Sums::new()];
    for (id, in_force, changed) in rows {
        for (column, sums) in columns.iter_mut().zip([in_force, changed]) {
            if sums != (0, 0) {
                column.insert(code(&id), sums);
            }
        }
    }
    columns
}

fn with_model(document: &Value, model: &str) -> Value {
    let mut changed = document.clone();
    changed["attributionModel"] = model.into();
    changed
}

#[tokio::test(flavor = "multi_thread")]
async fn the_browsers_figures_are_those_of_a_replay() {
    let mut compared = 0;
    for seed in HISTORIES {
        let (document, events) = comparable(seed);
        let (server, shop) = history::told_to_a_server(&document, &events);
        let program = shop.get("/v1/programs").ok::<Vec<Program>>().remove(0);
        let browser = editor(&server, &program).await;
        for model in ["linear", "first_touch", "time_decay"] {
            browser.pick("select[id$=attributionModel]", model).await;
            let [in_force, changed] = worked_out(&browser, &shop).await;
            assert_eq!(in_force, replayed(&document, &events), "history {seed}, the terms in force");
            let there = replayed(&with_model(&document, model), &events);
            assert_eq!(changed, there, "history {seed}, {model}");
            compared += there.len();
        }
        assert_eq!(simulated::simulated(&shop, &document), replayed(&document, &events));
        browser.assert_quiet().await;
    }
    assert!(compared > 15, "too little was earned to compare: {compared}");
}
