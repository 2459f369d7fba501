//! The partner's token: short, and bound to a program and to the origin that got it.

use crate::harness::{Kind, ORIGIN, Server};
use goodword_wire::{EmbedMe, TokenOutput};
use serde_json::json;

const OTHER: &str = "https://blog.example";

#[test]
fn it_is_bound_to_its_origin() {
    let server = Server::with_origins(Kind::chosen(), &[ORIGIN, OTHER]);
    server.test().program(json!({}));
    let maya = server.page().join("Maya", "maya@example.com");
    let holder = server.bearer(&maya.token);
    holder.with("origin", ORIGIN).get("/v1/embed/me").ok::<EmbedMe>();
    holder.with("origin", OTHER).get("/v1/embed/me").refused(403);
    holder.with("origin", OTHER).post("/v1/embed/renew", &json!({})).refused(403);
    holder.with("origin", &server.base).get("/v1/embed/me").refused(403);
    holder.get("/v1/embed/me").refused(403);
}

#[test]
fn on_our_own_pages_the_origin_may_be_missing() {
    let server = Server::start();
    server.test().program(json!({}));
    let own = server.page_of(&server.vendor.test.publishable_key, &server.base);
    let maya = own.join("Maya", "maya@example.com");
    server.bearer(&maya.token).get("/v1/embed/me").ok::<EmbedMe>();
    server.bearer(&maya.token).with("origin", ORIGIN).get("/v1/embed/me").refused(403);
}

#[test]
fn it_cannot_be_changed_or_made_up() {
    let server = Server::start();
    server.test().program(json!({}));
    let maya = server.page().join("Maya", "maya@example.com");
    let (payload, signature) = maya.token.split_once('.').expect("a payload and a signature");
    let last = if payload.ends_with('0') { "1" } else { "0" };
    let changed = format!("{}{last}.{signature}", &payload[..payload.len() - 1]);
    let unsigned = format!("{payload}.");
    for bad in
        [changed.as_str(), &unsigned, payload, "pt_", "pt_.", "pt_zz.zz", &maya.token[..maya.token.len() - 1]]
    {
        server.bearer(bad).with("origin", ORIGIN).get("/v1/embed/me").refused(401);
    }
    let elsewhere = Server::start();
    elsewhere.bearer(&maya.token).with("origin", ORIGIN).get("/v1/embed/me").refused(401);
}

#[test]
fn it_is_bound_to_its_program() {
    let server = Server::start();
    let shop = server.test();
    let (first, second) = (shop.program(json!({})), shop.program(json!({ "name": "Other" })));
    let maya = server.page().join("Maya", "maya@example.com");
    let otto = server
        .page()
        .try_join("Otto", "otto@example.com", json!({ "programId": second.id }))
        .ok::<goodword_wire::JoinOutput>();
    let me = |token: &str| server.bearer(token).with("origin", ORIGIN).get("/v1/embed/me").ok::<EmbedMe>();
    assert_eq!(me(&maya.token).link.map(|l| l.program_id), Some(first.id));
    assert_eq!(me(&otto.token.expect("a token")).link.map(|l| l.program_id), Some(second.id));
}

#[test]
fn it_is_renewed() {
    let server = Server::start();
    server.test().program(json!({}));
    let maya = server.page().join("Maya", "maya@example.com");
    let renewed: TokenOutput =
        server.bearer(&maya.token).with("origin", ORIGIN).post("/v1/embed/renew", &json!({})).ok();
    assert!(renewed.expires_at >= maya.join.expires_at.expect("an end"));
    server.bearer(&renewed.token).with("origin", ORIGIN).get("/v1/embed/me").ok::<EmbedMe>();
}

#[test]
fn asking_often_costs_little() {
    let server = Server::start();
    let shop = server.test();
    shop.program(json!({}));
    let maya = server.page().join("Maya", "maya@example.com");
    let holder = server.bearer(&maya.token).with("origin", ORIGIN);
    let tag = holder.get("/v1/embed/me").header("etag").expect("a tag").to_owned();
    let again = holder.with("if-none-match", &tag).get("/v1/embed/me");
    assert_eq!((again.status, again.text.as_str()), (304, ""));
    let key = maya.join.me.and_then(|me| me.link).expect("a link").key;
    server.page().click(json!({ "key": key, "visitorId": "b" }));
    let changed = holder.with("if-none-match", &tag).get("/v1/embed/me").ok::<EmbedMe>();
    assert_eq!(changed.totals.clicks, 1);
}
