//! Lighthouse, the usual judge of pages: nothing to object to in what it knows of accessibility and of best practice.

use super::chromium::Browser;
use super::console::{address, some_trade};
use super::npm;
use super::role::Marketer;
use super::world::World;
use std::path::PathBuf;

const VERSION: &str = "12.8.2";

/// What it objects to on pages, in a tab of the browser: whoever is logged in there is logged in for it.
async fn objections(browser: &Browser, pages: &[String]) -> Vec<String> {
    let judge = npm::file("lighthouse", VERSION, "core/index.js");
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("clients/lighthouse.mjs");
    let mut node = tokio::process::Command::new("node");
    node.arg(script).arg(judge).arg(browser.debugging_port().to_string()).args(pages);
    let said = node.output().await.expect("Node.js is here");
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    serde_json::from_slice(&said.stdout).expect("a list of objections")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_the_console() {
    let world = World::open().await;
    let trade = some_trade(&world);
    let owner = Marketer::logged_in(&world).await;
    let pages: Vec<String> = trade.pages().into_iter().map(|(path, _)| address(&world, &path)).collect();
    assert_eq!(objections(&owner.browser, &pages).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_before_anybody_has_logged_in_and_the_guide() {
    let world = World::open().await;
    let browser = Browser::open().await;
    let paths = ["/console", "/docs", "/docs/start-html", "/docs/api", "/p/account"];
    let pages = paths.map(|path| format!("{}{path}", world.server.base));
    let mut found = objections(&browser, &pages).await;
    // Whoever has not logged in is told so by 401, and the browser writes that down as an error.
    found.retain(|objection| !objection.contains("/v1/session"));
    assert_eq!(found, Vec::<String>::new());
}
