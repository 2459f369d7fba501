//! People who are signed in at the vendor's.

use crate::harness::{Kind, ORIGIN, Server};
use goodword_wire::{EmbedMe, EmbedTokenOutput, Partner, TokenOutput};
use serde_json::{Value, json};

const OTHER: &str = "https://app.shop.example";

fn token(server: &Server, body: &Value) -> String {
    let answer = server.test().post("/v1/tokens/embed/referrals", body);
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.ok::<EmbedTokenOutput>().public_token
}

fn identify(server: &Server, origin: &str, token: &str) -> crate::harness::Answer {
    let page = server.page_of(&server.vendor.test.publishable_key, origin);
    page.post("/v1/embed/identify", &json!({ "token": token }))
}

#[test]
fn a_customer_becomes_a_partner_without_a_mail() {
    let server = Server::start();
    let shop = server.test();
    shop.program(json!({ "autoApprove": false }));
    let who = json!({ "partner": { "email": "maya@example.com", "name": "Maya", "tenantId": "user_7", "username": "maya-tea" } });
    let page: TokenOutput = identify(&server, ORIGIN, &token(&server, &who)).ok();
    let me: EmbedMe = server.bearer(&page.token).with("origin", ORIGIN).get("/v1/embed/me").ok();
    assert_eq!((me.name.as_str(), me.status.as_str(), me.email_proven), ("Maya", "approved", true));
    assert_eq!(me.link.map(|link| link.code), Some("MAYA-TEA".into()));
    assert!(me.earnings.is_some());
    assert_eq!(server.mails_to("maya@example.com"), 0);
    // The same person again, by whatever name of theirs.
    token(&server, &who);
    token(&server, &json!({ "tenantId": "user_7" }));
    let rows: Vec<Partner> = shop.get("/v1/partners").ok();
    assert_eq!(rows.len(), 1);
    token(&server, &json!({ "partnerId": rows[0].id }));
}

#[test]
fn whom_the_vendor_means_must_be_clear() {
    let server = Server::start();
    let shop = server.test();
    shop.program(json!({}));
    let ask = |body: Value| shop.post("/v1/tokens/embed/referrals", &body);
    ask(json!({})).refused(422);
    ask(json!({ "tenantId": "a", "partnerId": "b" })).refused(422);
    ask(json!({ "tenantId": "nobody" })).refused(404);
    ask(json!({ "partner": { "name": "Maya" } })).refused(422);
    assert!(ask(json!({ "partner": { "email": "nonsense" } })).refused(422).contains("`partner.email`"));
    token(&server, &json!({ "partner": { "email": "maya@example.com", "tenantId": "a" } }));
    ask(json!({ "partner": { "email": "maya@example.com", "tenantId": "b" } })).refused(409);
    server.page().post("/v1/tokens/embed/referrals", &json!({ "tenantId": "a" })).refused(403);
}

#[test]
fn a_token_is_for_its_vendor_its_mode_and_its_origin() {
    let server = Server::with_origins(Kind::chosen(), &[ORIGIN, OTHER]);
    server.test().program(json!({}));
    server.live().program(json!({}));
    let who = |with: Value| {
        let mut body = json!({ "partner": { "email": "maya@example.com" } });
        body.as_object_mut().expect("an object").extend(with.as_object().expect("an object").clone());
        token(&server, &body)
    };
    let anywhere = who(json!({}));
    identify(&server, ORIGIN, &anywhere).ok::<TokenOutput>();
    let there: TokenOutput = identify(&server, OTHER, &anywhere).ok();
    server.bearer(&there.token).with("origin", ORIGIN).get("/v1/embed/me").refused(403);
    server.bearer(&there.token).with("origin", OTHER).get("/v1/embed/me").ok::<EmbedMe>();
    let here = who(json!({ "origin": ORIGIN }));
    identify(&server, ORIGIN, &here).ok::<TokenOutput>();
    identify(&server, OTHER, &here).refused(403);
    let live = server.page_of(&server.vendor.live.publishable_key, ORIGIN);
    live.post("/v1/embed/identify", &json!({ "token": anywhere })).refused(401);
    identify(&server, "https://evil.example", &anywhere).refused(403);
    for bad in ["et_", "nonsense", &anywhere[..anywhere.len() - 1], &anywhere.replacen("et_", "pt_", 1)] {
        identify(&server, ORIGIN, bad).refused(401);
    }
    server.bearer(&anywhere).with("origin", ORIGIN).get("/v1/embed/me").refused(401);
}
