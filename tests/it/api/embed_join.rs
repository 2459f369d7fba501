//! Joining tells strangers nothing of who is a partner, and asks what the vendor wants to know.

use crate::harness::{Answer, Client, Hers, ORIGIN, Server};
use goodword_wire::{EmbedFigures, EmbedMe, JoinOutput, Partner};
use serde_json::{Value, json};

fn holder(server: &Server, token: &str) -> Client {
    server.bearer(token).with("origin", ORIGIN)
}

/// The names and types in an answer, at whatever depth, and the values that must not depend on who asks.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), shape(value))).collect(),
        Value::Array(items) => items.iter().map(shape).collect(),
        Value::String(_) => json!("text"),
        other => other.clone(),
    }
}

fn both(server: &Server, with: &Value) -> (Answer, Answer) {
    let join = |name: &str, email: &str| server.page().try_join(name, email, with.clone());
    (join("Maya", "maya@example.com"), join("Otto", "otto@example.com"))
}

#[test]
fn the_answer_to_a_known_address_is_that_to_a_new_one() {
    for approve in [true, false] {
        let server = Server::start();
        server.test().program(json!({ "autoApprove": approve }));
        server.page().join("Maya", "maya@example.com");
        let (known, new) = both(&server, &json!({}));
        assert_eq!(known.status, new.status);
        let link = |answer: &Answer| shape(&answer.json())["me"]["qr"]["size"].clone();
        assert_eq!(link(&known), link(&new), "both have a QR code of an own link, or neither has");
        let mut shapes = [shape(&known.json()), shape(&new.json())];
        for shape in &mut shapes {
            shape["me"]["qr"] = Value::Null;
        }
        assert_eq!(shapes[0], shapes[1]);
        let me = |answer: Answer| {
            let token = answer.ok::<JoinOutput>().token.expect("a token");
            let holder = holder(&server, &token);
            let mut page = holder.get("/v1/embed/me").json();
            page["qr"] = Value::Null;
            (page["name"].clone(), shape(&page), shape(&holder.get("/v1/embed/figures").json()))
        };
        let (known, new) = (me(known), me(new));
        assert_eq!((known.1, known.2), (new.1, new.2));
        assert_eq!((known.0, new.0), (json!("Maya"), json!("Otto")), "each has the name that was typed");
    }
}

#[test]
fn a_taken_or_reserved_code_is_refused_to_both_alike() {
    let server = Server::start();
    let shop = server.test();
    shop.program(json!({}));
    server.page().join("Maya", "maya@example.com");
    shop.partner("TEATIME");
    for code in ["teatime", "admin", "TeaShop"] {
        let (known, new) = both(&server, &json!({ "code": code }));
        assert_eq!((known.status, &known.text), (new.status, &new.text), "{code}");
        assert!([409, 422].contains(&known.status), "{}", known.text);
    }
}

/// Somebody joins with an address that is Maya's.
fn impostor(server: &Server) -> (Hers, Hers) {
    server.test().program(json!({}));
    let maya = server.page().join("Maya", "maya@example.com");
    let link = server.links_mailed("maya@example.com", "/verify?token=", 1).remove(0);
    let token = link.split_once("token=").map(|(_, token)| token).unwrap_or_default();
    let form = server.nobody().with("content-type", "application/x-www-form-urlencoded");
    let proven =
        form.send("POST".parse().expect("a method"), "/verify", Some(format!("token={token}").into_bytes()));
    assert_eq!(proven.status, 200);
    (maya, server.page().join("Impostor", "Maya@Example.com"))
}

#[test]
fn whoever_joins_under_a_known_address_sees_one_code_and_no_money() {
    let server = Server::start();
    let (maya, impostor) = impostor(&server);
    let code = |hers: &Hers| hers.join.me.as_ref().and_then(|me| me.link.clone()).expect("a link").code;
    assert_ne!(code(&maya), code(&impostor));
    server.test().sale(json!({ "customerExternalId": "u-1", "amount": 1000, "code": code(&maya) }));
    server.test().sale(json!({ "customerExternalId": "u-2", "amount": 1000, "code": code(&impostor) }));
    let guest = holder(&server, &impostor.token);
    let me: EmbedMe = guest.get("/v1/embed/me").ok();
    assert_eq!((me.totals.sales, me.totals.sale_amount, me.earnings.is_none()), (1, 0, true));
    assert_eq!((me.email_proven, me.posts.is_empty(), me.code_changes), (false, true, 0));
    let figures: EmbedFigures = guest.get("/v1/embed/figures").ok();
    assert_eq!((figures.sales.iter().sum::<i64>(), figures.earnings.is_empty()), (1, true));
    for path in ["/v1/embed/claims", "/v1/embed/uncredited", "/v1/embed/statement?month=2026-11"] {
        guest.get(path).refused(403);
    }
    guest.post("/v1/embed/code", &json!({ "code": "MINE" })).refused(403);
    guest.post("/v1/embed/links", &json!({ "label": "a" })).refused(403);
    guest
        .post("/v1/embed/payout-method", &json!({ "method": "paypal", "email": "x@example.com" }))
        .refused(403);
    let renewed: goodword_wire::TokenOutput = guest.post("/v1/embed/renew", &json!({})).ok();
    holder(&server, &renewed.token).get("/v1/embed/claims").refused(403);
    // The owner has it all, the other code included.
    let me: EmbedMe = holder(&server, &maya.token).get("/v1/embed/me").ok();
    assert_eq!((me.totals.sales, me.earnings.map(|e| e.pending), me.name.as_str()), (2, Some(400), "Maya"));
    assert_eq!(me.posts.iter().map(|p| p.code.clone()).collect::<Vec<_>>(), [code(&impostor)]);
    let mail = server.links_mailed("maya@example.com", "/p/open?token=", 1);
    assert_eq!(mail.len(), 1);
}

#[test]
fn a_newcomer_hears_what_a_guest_hears_until_the_address_is_proven() {
    let server = Server::start();
    server.test().program(json!({}));
    let maya = server.page().join("Maya", "maya@example.com");
    let new = holder(&server, &maya.token);
    let guest = holder(&server, &server.page().join("Maya", "maya@example.com").token);
    for path in ["/v1/embed/claims", "/v1/embed/uncredited", "/v1/embed/statement?month=2026-11"] {
        assert_eq!(new.get(path).text, guest.get(path).text, "{path}");
    }
    let post = |who: &Client, path: &str, body: &Value| who.post(path, body).text;
    for (path, body) in [
        ("/v1/embed/code", json!({ "code": "MINE" })),
        ("/v1/embed/links", json!({ "label": "x" })),
        ("/v1/embed/payout-method", json!({ "method": "manual" })),
    ] {
        assert_eq!(post(&new, path, &body), post(&guest, path, &body), "{path}");
    }
}

#[test]
fn what_the_vendor_asks_is_kept_and_shown() {
    let server = Server::start();
    let shop = server.test();
    shop.program(json!({ "widget": { "questions": [
        { "id": "site", "label": "Your site", "type": "url", "required": true },
        { "id": "size", "label": "How many?", "type": "choice", "options": ["few", "many"] }] } }));
    let join =
        |answers: Value| server.page().try_join("Maya", "maya@example.com", json!({ "answers": answers }));
    assert!(join(json!({})).refused(422).contains("`answers.site`"));
    assert!(join(json!({ "site": "not one" })).refused(422).contains("`answers.site`"));
    assert!(
        join(json!({ "site": "https://maya.example", "size": "huge" }))
            .refused(422)
            .contains("`answers.size`")
    );
    assert!(
        join(json!({ "site": "https://maya.example", "other": "x" }))
            .refused(422)
            .contains("`answers.other`")
    );
    join(json!({ "site": "https://maya.example", "size": "many" })).ok::<JoinOutput>();
    let rows: Vec<Partner> = shop.get("/v1/partners").ok();
    assert_eq!(
        serde_json::to_value(&rows[0].answers).expect("JSON"),
        json!({ "site": "https://maya.example", "size": "many" })
    );
}

#[test]
fn the_visitor_may_stand_in_the_address() {
    let server = Server::start();
    server.test().program(json!({}));
    let body = json!({ "name": "Maya", "email": "maya@example.com", "termsAccepted": true });
    server.page().post("/v1/embed/join?visitorId=a%20b", &body).refused(422);
    server.page().post("/v1/embed/join?visitorId=browser-1", &body).ok::<JoinOutput>();
}

#[test]
fn who_is_known_is_not_told_by_the_time_it_takes() {
    let server = Server::start();
    server.test().program(json!({}));
    server.page().join("Maya", "maya@example.com");
    // Ten mails to an address are allowed an hour, so there are as many known addresses as are asked for.
    let time = |email: &str| {
        let watch = crate::harness::stopwatch();
        server.page().try_join("Maya", email, json!({})).ok::<JoinOutput>();
        watch.elapsed()
    };
    let mut known: Vec<_> = Vec::new();
    let mut new: Vec<_> = Vec::new();
    for i in 0..8 {
        known.push(time("maya@example.com"));
        new.push(time(&format!("new{i}@example.com")));
    }
    known.sort();
    new.sort();
    let (slow, fast) = (known[4].max(new[4]), known[4].min(new[4]));
    assert!(slow < fast * 3, "known {known:?}, new {new:?}");
}
