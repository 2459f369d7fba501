//! Listening: the API, and `goodword listen`.

use super::server;
use crate::harness::{Client, Receiver, Server, goodword};
use goodword_wire::{HeardEvents, Listener};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

fn shop(server: &Server) -> Client {
    let shop = server.test();
    shop.program(json!({}));
    shop
}

fn sale(shop: &Client, number: usize) {
    shop.sale(json!({ "customerExternalId": "u1", "amount": 1000, "invoiceId": format!("in_{number}") }));
}

#[test]
fn a_listener_gets_each_event_once_in_order() {
    let server = Server::start();
    let shop = shop(&server);
    let listener: Listener = shop.post("/v1/webhooks/listeners", &json!({ "events": ["sale.created"] })).ok();
    let path = format!("/v1/webhooks/listeners/{}/events", listener.id);
    let none: HeardEvents = shop.get(&path).ok();
    assert_eq!((none.events.len(), none.after), (0, 0));
    sale(&shop, 1);
    let first: HeardEvents = shop.get(&format!("{path}?wait=20")).ok();
    assert_eq!(first.events.len(), 1);
    // An answer that was lost is given again.
    let again: HeardEvents = shop.get(&format!("{path}?wait=20")).ok();
    assert_eq!(again, first);
    sale(&shop, 2);
    sale(&shop, 3);
    let (mut after, mut invoices) = (first.after, Vec::new());
    while invoices.len() < 2 {
        let news: HeardEvents = shop.get(&format!("{path}?wait=20&after={after}")).ok();
        after = news.after;
        for event in news.events {
            let body: Value = serde_json::from_str(&event.body).expect("JSON");
            invoices.push(body["data"]["sale"]["invoiceId"].as_str().expect("an invoice").to_owned());
        }
    }
    assert_eq!(invoices, ["in_2", "in_3"]);
    server.live().get(&path).refused(404);
    shop.get(&format!("{path}?wait=21")).refused(422);
    shop.post("/v1/webhooks/listeners", &json!({ "events": ["sale.eaten"] })).refused(422);
}

#[test]
fn who_no_longer_asks_is_no_listener() {
    let server = Server::start();
    let shop = shop(&server);
    let listener: Listener = shop.post("/v1/webhooks/listeners", &json!({})).ok();
    let path = format!("/v1/webhooks/listeners/{}/events", listener.id);
    shop.get(&path).ok::<HeardEvents>();
    server.change("update listener set expires_at = 1");
    shop.get(&path).refused(404);
}

#[test]
fn the_command_prints_and_forwards() {
    let (server, receiver) = (server(), Receiver::start());
    let shop = shop(&server);
    let mut child = goodword()
        .args(["listen", "--server", &server.base, "--events", "sale.created,lead.created", "--count", "2"])
        .args(["--secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])
        .args(["--json", "--forward-to", &format!("{}/local", receiver.base)])
        .env("GOODWORD_KEY", &server.vendor.test.secret_key)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("goodword starts");
    let mut errors = BufReader::new(child.stderr.take().expect("it was piped")).lines().map_while(Result::ok);
    let hello = errors.find(|line| line.starts_with("Listening")).expect("it says that it listens");
    assert!(hello.contains("sale.created, lead.created"), "{hello}");
    sale(&shop, 1);
    shop.lead(json!({ "customerExternalId": "u2" }));
    let lines: Vec<String> =
        BufReader::new(child.stdout.take().expect("it was piped")).lines().map_while(Result::ok).collect();
    assert!(child.wait().expect("it ends").success());
    let kinds: Vec<Value> =
        lines.iter().map(|l| serde_json::from_str::<Value>(l).expect("JSON")["type"].clone()).collect();
    assert_eq!(kinds, ["sale.created", "lead.created"]);
    let posted = receiver.wait_for(2);
    assert_eq!((posted[0].path.as_str(), posted[0].body.as_str()), ("/local", lines[0].as_str()));
    assert!(posted[0].header("webhook-signature").starts_with("v1,"));
}

#[test]
fn the_command_says_what_is_wrong_with_the_key() {
    let server = Server::start();
    let output = goodword()
        .args(["listen", "--server", &server.base, "--key", "sk_test_nonsense"])
        .output()
        .expect("goodword starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("unknown or was revoked"), "{said}");
}
