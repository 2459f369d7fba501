//! Keys are made, rotated and revoked in the console, by owners.

use crate::harness::Server;
use goodword_wire::{Key, NewKey};
use serde_json::{Value, json};

#[test]
fn a_key_is_shown_once_and_opens_its_mode() {
    let server = Server::start();
    let owner = server.console();
    let made: NewKey = owner.post("/v1/keys", &json!({ "kind": "secret", "name": "Shop backend" })).ok();
    assert!(made.value.starts_with("sk_test_") && !made.key.shown.contains(&made.value), "{made:?}");
    let key = server.bearer(&made.value);
    key.program(json!({}));
    let listed = owner.get("/v1/keys");
    assert!(!listed.text.contains(&made.value[12..]));
    let listed: Vec<Key> = listed.ok();
    let row = listed.iter().find(|key| key.id == made.key.id).expect("it is listed");
    assert_eq!((row.name.as_str(), row.ends_at.as_deref()), ("Shop backend", None));
    let live: NewKey =
        owner.with("goodword-mode", "live").post("/v1/keys", &json!({ "kind": "publishable" })).ok();
    assert!(live.value.starts_with("pk_live_") && live.key.shown == live.value);
    owner.post("/v1/keys", &json!({ "kind": "golden" })).refused(422);
    owner.post("/v1/keys", &json!({ "kind": "secret", "name": "x".repeat(61) })).refused(422);
}

#[test]
fn a_key_that_is_rotated_goes_on_for_a_while() {
    let server = Server::start();
    let owner = server.console();
    let made: NewKey = owner.post("/v1/keys", &json!({ "kind": "secret", "name": "Shop" })).ok();
    let path = format!("/v1/keys/{}/rotate", made.key.id);
    owner.post(&path, &json!({ "overlapHours": 169 })).refused(422);
    let next: NewKey = owner.post(&path, &json!({ "overlapHours": 2 })).ok();
    assert_eq!(next.key.name, "Shop");
    let (old, new) = (server.bearer(&made.value), server.bearer(&next.value));
    old.program(json!({}));
    old.partner("MAYA10");
    // Reports are let in by another way, which remembers keys.
    let sale = json!({ "customerExternalId": "u-1", "amount": 1000, "code": "MAYA10", "invoiceId": "in_1" });
    old.sale(sale.clone());
    server.change(&format!("update api_key set ends_at = ends_at - 7200000 where id = '{}'", made.key.id));
    server.change("update directory set version = version + 1");
    old.get("/v1/programs").refused(401);
    old.post("/v1/track/sale", &sale).refused(401);
    new.sale(sale);
    let at_once: NewKey =
        owner.post(&format!("/v1/keys/{}/rotate", next.key.id), &json!({ "overlapHours": 0 })).ok();
    new.get("/v1/programs").refused(401);
    server.bearer(&at_once.value).get("/v1/programs").ok::<Value>();
}

#[test]
fn a_revoked_key_opens_nothing() {
    let server = Server::start();
    let owner = server.console();
    let made: NewKey = owner.post("/v1/keys", &json!({ "kind": "secret" })).ok();
    let key = server.bearer(&made.value);
    key.get("/v1/programs").ok::<Value>();
    let path = format!("/v1/keys/{}", made.key.id);
    // A key of the other mode is not there.
    owner.with("goodword-mode", "live").delete(&path).refused(404);
    let other = server.another_vendor("Coffee Shop", "owner@coffee.example", &["https://coffee.example"]);
    server.console_of(&other.owner.email, &other.owner.password).delete(&path).refused(404);
    owner.delete(&path).ok::<Value>();
    key.get("/v1/programs").refused(401);
    owner.delete(&path).refused(404);
    assert!(owner.get("/v1/keys").ok::<Vec<Key>>().iter().all(|key| key.id != made.key.id));
}

#[test]
fn when_a_key_was_last_used_is_written_down() {
    let server = Server::start();
    let owner = server.console();
    let made: NewKey = owner.post("/v1/keys", &json!({ "kind": "secret" })).ok();
    server.bearer(&made.value).get("/v1/programs").ok::<Value>();
    // It is written down once a minute, and when the server ends.
    server.ask_to_stop();
    assert!(server.wait().success());
    server.restart();
    let keys: Vec<Key> = server.console().get("/v1/keys").ok();
    let used = |id: &str| keys.iter().find(|key| key.id == id).and_then(|key| key.used_at.clone());
    assert!(used(&made.key.id).is_some(), "{keys:?}");
    assert!(keys.iter().any(|key| key.used_at.is_none()), "{keys:?}");
}
