//! `goodword verify-install`: what it says of pages, as they are served.

use super::site::{Page, Site};
use super::world::World;
use crate::harness::goodword;
use serde_json::Value;

/// Runs the command with `--json`: whether it ended well, and what it printed.
fn verify(url: &str, more: &[&str]) -> (bool, Value) {
    let run =
        || goodword().args(["verify-install", url, "--json"]).args(more).output().expect("goodword starts");
    let output = tokio::task::block_in_place(run);
    let printed = String::from_utf8_lossy(&output.stdout);
    let report = serde_json::from_str(&printed).unwrap_or_else(|e| panic!("{e}: {printed} {output:?}"));
    (output.status.success(), report)
}

/// The checks that are not fine, as `id state`.
fn wrong(report: &Value) -> Vec<String> {
    let checks = report["checks"].as_array().cloned().unwrap_or_default();
    let word = |check: &Value, name: &str| check[name].as_str().unwrap_or_default().to_owned();
    let bad = checks.iter().filter(|check| !["ok", "info"].contains(&word(check, "state").as_str()));
    bad.map(|check| format!("{} {}", word(check, "id"), word(check, "state"))).collect()
}

#[track_caller]
fn remedy<'a>(report: &'a Value, id: &str) -> &'a str {
    let found = report["checks"].as_array().into_iter().flatten().find(|check| check["id"] == id);
    found
        .and_then(|check| check["remedy"].as_str())
        .unwrap_or_else(|| panic!("no remedy for {id} in {report:#}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_page_is_good() {
    let world = World::open().await;
    let page = world.page("<goodword-join></goodword-join><form data-goodword></form>");
    let (good, report) = verify(&page, &[]);
    assert!(good && report["ok"] == true && wrong(&report).is_empty(), "{report:#}");
    for id in ["page", "tag", "script", "files", "key", "origin", "policy", "element", "forms"] {
        let found = report["checks"].as_array().into_iter().flatten().find(|check| check["id"] == id);
        assert_eq!(found.map(|check| &check["state"]), Some(&Value::from("ok")), "{id} in {report:#}");
    }
    for demo in [&world.shop, &world.blog] {
        let (good, report) = verify(demo, &[]);
        assert!(good, "{report:#}");
    }
    let run = || goodword().args(["verify-install", &page]).output().expect("goodword starts");
    let output = tokio::task::block_in_place(run);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && text.contains("The key is good: program “Tea list”"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_named_with_what_to_write() {
    let world = World::open().await;
    let host = &world.server.base;
    let put = |page: Page| world.site.put("/", page);
    let join = "<goodword-join></goodword-join>";
    let tag = world.tag("");

    let (good, report) = verify(&put(Page::new("", join)), &[]);
    assert!(!good && wrong(&report) == ["script bad"], "{report:#}");
    let manager = "<script src=\"https://www.googletagmanager.com/gtm.js\"></script>";
    assert_eq!(wrong(&verify(&put(Page::new(manager, "")), &[]).1), ["script warn"]);

    let (_, report) = verify(&put(Page::new(&tag.replace("pk_test_", "pk_test_0"), "")), &[]);
    assert_eq!(wrong(&report), ["key bad"]);
    let secret = format!("<script>const key = '{}'</script>", world.server.vendor.test.secret_key);
    let (_, report) = verify(&put(Page::new(&format!("{tag}{secret}"), "")), &[]);
    assert_eq!(wrong(&report), ["secret-key bad"]);
    assert!(!report.to_string().contains(&world.server.vendor.test.secret_key), "the report repeats the key");

    let elsewhere = world.tag("data-program=\"prg_0000000000000000000000000000\"");
    assert_eq!(wrong(&verify(&put(Page::new(&elsewhere, "")), &[]).1), ["server bad"]);
    let nowhere = world.tag("data-api-host=\"http://127.0.0.1:9\"");
    assert_eq!(wrong(&verify(&put(Page::new(&nowhere, "")), &[]).1), ["files bad", "server bad"]);

    let (_, report) =
        verify(&put(Page::new(&tag, join).under(&format!("script-src {host}; connect-src 'none'"))), &[]);
    assert_eq!(wrong(&report), ["policy-connect bad", "policy-wasm warn"]);
    assert_eq!(remedy(&report, "policy-connect"), format!("connect-src {host}"));
    assert_eq!(remedy(&report, "policy-wasm"), format!("script-src {host} 'wasm-unsafe-eval'"));

    let foreign = Site::open("foreign.localhost").await;
    let (_, report) = verify(&foreign.put("/", Page::new(&tag, "")), &[]);
    assert_eq!(wrong(&report), ["origin bad"]);
    assert_eq!(remedy(&report, "origin"), format!("goodword admin allow-origin {}", foreign.origin));
    assert_eq!(wrong(&verify(&format!("{}/missing", world.site.origin), &[]).1), ["page bad", "script bad"]);
    assert_eq!(wrong(&verify("http://127.0.0.1:9/", &[]).1), ["page bad"]);
}
