//! axe-core, the usual judge of accessibility, run inside the page.

use super::chromium::Browser;
use super::npm;
use serde_json::{Value, json};
use std::sync::OnceLock;

const VERSION: &str = "4.14.1";

/// The judge's source.
fn source() -> &'static str {
    static SOURCE: OnceLock<String> = OnceLock::new();
    SOURCE.get_or_init(|| {
        let file = npm::file("axe-core", VERSION, "axe.min.js");
        std::fs::read_to_string(file).expect("a package's file can be read")
    })
}

/// Fails if there is anything to object to within `scope`, a selector, in light or in dark.
pub async fn assert_accessible(browser: &Browser, scope: &str, what: &str) {
    let found = objections(browser, scope, what).await;
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Everything there is to object to.
pub async fn objections(browser: &Browser, scope: &str, what: &str) -> Vec<String> {
    let mut found = Vec::new();
    for scheme in ["light", "dark"] {
        browser.prefer(scheme).await;
        let here = violations(browser, scope).await;
        found.extend(here.into_iter().map(|violation| format!("{what} in {scheme}: {violation}")));
    }
    browser.prefer("light").await;
    found
}

async fn violations(browser: &Browser, scope: &str) -> Vec<String> {
    if !browser.js::<bool>("return typeof axe == 'object'", json!([])).await {
        let () = browser.js(&format!("{}; return null", source()), json!([])).await;
    }
    // Colours on their way from one scheme to the other are nobody's choice.
    let settled = "Promise.all(document.getAnimations().map((a) => a.finished.catch(() => 0)))
        .then(() => requestAnimationFrame(() => requestAnimationFrame(() => done(null))))";
    let () = browser.js_later(settled).await;
    let run = format!(
        "axe.run({}, {{ resultTypes: ['violations'] }})
        .then((result) => done({{ passes: result.passes.length, violations: result.violations }}), (error) => done(String(error)))",
        json!(scope)
    );
    let result: Value = browser.js_later(&run).await;
    assert!(
        result["passes"].as_u64().is_some_and(|n| n > 5),
        "axe-core judged nothing within {scope}: {result}"
    );
    let list = result["violations"].as_array().cloned().unwrap_or_default();
    list.iter().map(said).collect()
}

fn said(violation: &Value) -> String {
    let nodes = violation["nodes"].as_array().into_iter().flatten();
    let nodes: Vec<_> = nodes
        .map(|node| format!("    {} {}", node["target"], node["failureSummary"].as_str().unwrap_or_default()))
        .collect();
    format!("{}: {}\n{}", violation["id"], violation["help"], nodes.join("\n"))
}
