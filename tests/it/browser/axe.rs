//! axe-core, the usual judge of accessibility, run inside the page.

use super::chromium::Browser;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

const VERSION: &str = "4.14.1";

/// The judge's source, fetched once with npm.
fn source() -> &'static str {
    static SOURCE: OnceLock<String> = OnceLock::new();
    SOURCE.get_or_init(|| {
        let home = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/tools").join(format!("axe-core-{VERSION}"));
        let file = home.join("node_modules/axe-core/axe.min.js");
        if !file.exists() {
            install(&home);
        }
        std::fs::read_to_string(&file).unwrap_or_else(|e| {
            panic!(
                "axe-core is not here ({e}): install Node.js with npm, or put axe-core {VERSION}'s axe.min.js at {}",
                file.display()
            )
        })
    })
}

fn install(home: &std::path::Path) {
    let quiet =
        ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error", "--fetch-retries=2"];
    let mut npm = Command::new("npm");
    npm.arg("install").args(quiet).arg("--prefix").arg(home).arg(format!("axe-core@{VERSION}"));
    // What came of it is seen by whether the file is there.
    let _ = npm.stdin(Stdio::null()).stdout(Stdio::null()).status();
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
