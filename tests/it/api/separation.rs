//! Live and test data, and two vendors, know nothing of each other.

use crate::harness::{Client, ORIGIN, Server};
use goodword_wire::{Analytics, EmbedConfig, Ledger, Program};
use serde_json::{Value, json};

const LISTS: [&str; 10] = [
    "/v1/programs",
    "/v1/partners",
    "/v1/partners/links",
    "/v1/customers",
    "/v1/commissions",
    "/v1/events?event=click",
    "/v1/events?event=lead",
    "/v1/events?event=sale",
    "/v1/ledger/transfers",
    "/v1/ledger",
];

/// Fills every list of a caller's.
fn fill(shop: &Client, code: &str) {
    shop.program(json!({}));
    shop.partner(code);
    let click = shop.click(json!({ "key": code })).click_id;
    shop.lead(json!({ "customerExternalId": "u-1", "clickId": click }));
    shop.sale(json!({ "customerExternalId": "u-1", "amount": 1000, "invoiceId": "in_1" }));
}

fn count(client: &Client, path: &str) -> usize {
    match client.get(path).ok::<Value>() {
        Value::Array(rows) => rows.len(),
        ledger => ledger["accounts"].as_array().map_or(0, Vec::len),
    }
}

fn assert_empty(client: &Client) {
    for path in LISTS {
        assert_eq!(count(client, path), 0, "{path}");
    }
}

#[test]
fn live_and_test() {
    let server = Server::start();
    let (live, test) = (server.live(), server.test());
    fill(&test, "MAYA10");
    for path in LISTS {
        assert!(count(&test, path) > 0, "{path}");
    }
    assert_empty(&live);
    let console = server.console();
    assert_eq!(count(&console, "/v1/commissions"), 1);
    assert_empty(&console.with("goodword-mode", "live"));
    assert_empty(&console.without("goodword-mode"));
    console.with("goodword-mode", "both").get("/v1/programs").refused(400);
    fill(&live, "MAYA10");
    assert_eq!(count(&test, "/v1/commissions"), 1);
    assert_eq!(live.ledger().total_credits, 200);
}

#[test]
fn each_key_has_its_mode() {
    let server = Server::start();
    server.test().program(json!({ "name": "Trial" }));
    server.live().program(json!({ "name": "Real" }));
    let config = |key: &str| server.page_of(key, ORIGIN).get("/v1/embed/config").ok::<EmbedConfig>();
    let (live, test) =
        (config(&server.vendor.live.publishable_key), config(&server.vendor.test.publishable_key));
    assert_eq!((live.mode.as_str(), live.name.as_str()), ("live", "Real"));
    assert_eq!((test.mode.as_str(), test.name.as_str()), ("test", "Trial"));
}

/// A live link stands before a test one of the same key; neither takes the other's code.
#[test]
fn a_test_link_never_takes_a_live_key() {
    let server = Server::start();
    let (live, test) = (server.live(), server.test());
    live.program(json!({ "url": "https://shop.example/live" }));
    test.program(json!({ "url": "https://shop.example/test" }));
    let trial = test.partner("MAYA10");
    let real = live.partner("MAYA10");
    assert_eq!((trial.links[0].code.as_str(), real.links[0].key.as_str()), ("MAYA10", "MAYA10"));
    let to = server.nobody().get("/r/MAYA10");
    assert!(to.header("location").is_some_and(|l| l.starts_with("https://shop.example/live")), "{to:?}");
    assert_eq!(count(&live, "/v1/events?event=click"), 1);
    assert_eq!(count(&test, "/v1/events?event=click"), 0);
    let later = test.partner_with("OTTO22", json!({}));
    assert_eq!(later.links[0].key, "OTTO22");
}

#[test]
fn two_vendors() {
    let server = Server::start();
    let other = server.another_vendor("Coffee Shop", "owner@coffee.example", &["https://coffee.example"]);
    fill(&server.test(), "MAYA10");
    let foreign = server.bearer(&other.test.secret_key);
    assert_empty(&foreign);
    fill(&foreign, "MAYA10");
    assert_eq!(foreign.get("/v1/ledger").ok::<Ledger>().total_credits, 200);
    assert_eq!(server.test().ledger().total_credits, 200);
    let theirs: Vec<Program> = foreign.get("/v1/programs").ok();
    for path in ["/v1/analytics", "/v1/ledger", "/v1/partners", "/v1/commissions", "/v1/ledger/transfers"] {
        let answer = server.test().get(&format!("{path}?programId={}", theirs[0].id));
        let empty = answer.status == 404 || answer.text == "[]" || answer.text.contains("\"accounts\":[]");
        assert!(empty, "{path}: {}", answer.text);
    }
    let console = server.console_of(&other.owner.email, &other.owner.password);
    assert_eq!(count(&console, "/v1/partners"), 1);
    assert_eq!(server.test().get("/v1/analytics").ok::<Analytics>().totals.sales, 1);
}
