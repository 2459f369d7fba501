//! Bad input: refused with a message that names the field, and nothing stored by halves.

use crate::harness::{Client, Server};
use goodword_wire::Program;
use serde_json::{Value, json};
use ureq::http::Method;

const LISTS: [&str; 9] = [
    "/v1/programs",
    "/v1/partners",
    "/v1/partners/links",
    "/v1/customers",
    "/v1/commissions",
    "/v1/events?event=click",
    "/v1/events?event=lead",
    "/v1/events?event=sale",
    "/v1/ledger/transfers",
];

fn shop(server: &Server) -> (Client, Program) {
    let shop = server.test();
    shop.freeze("2026-03-01T09:00:00.000Z");
    let program = shop.program(json!({}));
    shop.partner("MAYA10");
    shop.sale(json!({ "customerExternalId": "u-1", "amount": 7800, "code": "MAYA10", "invoiceId": "in_1" }));
    (shop, program)
}

fn all(shop: &Client) -> Vec<Vec<Value>> {
    LISTS.iter().map(|path| shop.all_rows(path, 100)).collect()
}

/// Sends bodies to an address; each is refused with a message that holds the text beside it, and nothing has changed.
#[track_caller]
fn refused(method: &Method, path: &str, cases: &[(Value, &str)]) {
    let server = Server::start();
    let (shop, program) = shop(&server);
    let path = path.replace("{id}", &program.id);
    let before = all(&shop);
    for (body, part) in cases {
        let answer = shop.send(method.clone(), &path, Some(body.to_string().into_bytes()));
        assert!(
            (400..500).contains(&answer.status),
            "{path} {body} was answered {}: {}",
            answer.status,
            answer.text
        );
        let message = answer.refused(answer.status);
        assert!(message.contains(part), "{path} {body}: `{part}` is not in: {message}");
    }
    assert_eq!(all(&shop), before, "{path} stored something");
}

fn long(count: usize) -> String {
    "x".repeat(count)
}

#[test]
fn sales() {
    let good = |with: Value| {
        let mut body = json!({ "customerExternalId": "u-9", "amount": 100, "code": "MAYA10" });
        body.as_object_mut().expect("an object").extend(with.as_object().expect("an object").clone());
        body
    };
    refused(
        &Method::POST,
        "/v1/track/sale",
        &[
            (json!({}), "`amount`"),
            (json!({ "amount": 100 }), "`customerExternalId`"),
            (json!({ "customerExternalId": "u-9" }), "`amount`"),
            (good(json!({ "amount": -1 })), "`amount`"),
            (good(json!({ "amount": 1_000_000_000_001_i64 })), "`amount`"),
            (good(json!({ "amount": 9_223_372_036_854_775_808_u64 })), "`amount`"),
            (good(json!({ "amount": 1.5 })), "`amount`"),
            (good(json!({ "amount": "100" })), "`amount`"),
            (good(json!({ "amount": null })), "`amount`"),
            (good(json!({ "currency": "dollars" })), "`currency`"),
            (good(json!({ "customerExternalId": long(101) })), "`customerExternalId`"),
            (good(json!({ "customerExternalId": 7 })), "`customerExternalId`"),
            (good(json!({ "customerName": long(101) })), "`customerName`"),
            (good(json!({ "customerEmail": "not an address" })), "`customerEmail`"),
            (good(json!({ "eventName": long(101) })), "`eventName`"),
            (good(json!({ "invoiceId": long(256) })), "`invoiceId`"),
            (good(json!({ "invoiceId": "a\u{0}b" })), "U+0000"),
            (good(json!({ "paymentProcessor": "my processor" })), "`paymentProcessor`"),
            (good(json!({ "paymentProcessor": long(41) })), "`paymentProcessor`"),
            (good(json!({ "clickId": "a b" })), "`clickId`"),
            (good(json!({ "code": "NOBODY" })), "`code`"),
            (good(json!({ "timestamp": "yesterday" })), "`timestamp`"),
            (good(json!({ "timestamp": "2026-03-02T09:00:00Z" })), "`timestamp`"),
            (good(json!({ "metadata": [1] })), "`metadata`"),
            (good(json!({ "metadata": { "long": long(10_000) } })), "`metadata`"),
            (good(json!({ "programId": "prg_nonsense" })), "program"),
        ],
    );
}

#[test]
fn leads_and_clicks() {
    refused(
        &Method::POST,
        "/v1/track/lead",
        &[
            (json!({}), "`customerExternalId`"),
            (json!({ "customerExternalId": "   " }), "`customerExternalId`"),
            (json!({ "customerExternalId": "u-9", "code": "NOBODY" }), "`code`"),
            (json!({ "customerExternalId": "u-9", "clickId": "../x" }), "`clickId`"),
            (json!({ "customerExternalId": "u-9", "clickId": long(65) }), "`clickId`"),
            (json!({ "customerEmail": "a@b" }), "`customerEmail`"),
            (json!({ "customerEmail": format!("{}@example.com", long(250)) }), "`customerEmail`"),
            (json!({ "customerExternalId": "u-9", "eventName": long(101) }), "`eventName`"),
            (json!({ "customerExternalId": "u-9", "metadata": "x" }), "`metadata`"),
            (json!({ "customerExternalId": "u-9", "timestamp": 7 }), "`timestamp`"),
        ],
    );
    refused(
        &Method::POST,
        "/v1/track/click",
        &[
            (json!({}), "`key`"),
            (json!({ "key": "" }), "`key`"),
            (json!({ "key": "NOBODY" }), "`key`"),
            (json!({ "key": 7 }), "`key`"),
            (json!({ "key": "MAYA10", "visitorId": "a b" }), "`visitorId`"),
            (json!({ "key": "MAYA10", "visitorId": long(65) }), "`visitorId`"),
            (json!({ "key": "MAYA10", "subId": long(65) }), "`subId`"),
            (json!({ "key": "MAYA10", "timestamp": "2026-03-01" }), "`timestamp`"),
        ],
    );
}

#[test]
fn refunds() {
    refused(
        &Method::POST,
        "/v1/track/refund",
        &[
            (json!({}), "`refundId`"),
            (json!({ "refundId": "re_1" }), "`invoiceId`"),
            (json!({ "refundId": "re_1", "invoiceId": "in_9" }), "`invoiceId`"),
            (json!({ "refundId": "re_1", "invoiceId": "in_1", "amount": 0 }), "`amount`"),
            (json!({ "refundId": "re_1", "invoiceId": "in_1", "amount": -5 }), "`amount`"),
            (json!({ "refundId": "re_1", "invoiceId": "in_1", "amount": 7801 }), "`amount`"),
            (json!({ "refundId": "re_1", "invoiceId": "in_1", "amount": "all" }), "`amount`"),
            (json!({ "refundId": "re_1", "invoiceId": "in_1", "currency": "eur" }), "`currency`"),
            (json!({ "refundId": long(256), "invoiceId": "in_1" }), "`refundId`"),
            (json!({ "refundId": "re_1", "saleId": "nonsense" }), "sale"),
            (
                json!({ "refundId": "re_1", "invoiceId": "in_1", "timestamp": "2026-03-02T09:00:00Z" }),
                "`timestamp`",
            ),
        ],
    );
}

#[test]
fn partners() {
    refused(
        &Method::POST,
        "/v1/partners",
        &[
            (json!({}), "`name`"),
            (json!({ "name": "New" }), "`email`"),
            (json!({ "name": long(101), "email": "new@example.com" }), "`name`"),
            (json!({ "name": "a\nb", "email": "new@example.com" }), "`name`"),
            (json!({ "name": "New", "email": "new" }), "`email`"),
            (json!({ "name": "New", "email": "new@example.com\r\nBcc: all@example.com" }), "`email`"),
            (json!({ "name": "New", "email": "new@example.com", "code": "a" }), "`code`"),
            (json!({ "name": "New", "email": "new@example.com", "code": "maya1o" }), "taken"),
            (json!({ "name": "New", "email": "new@example.com", "url": "https://evil.example/" }), "`url`"),
            (json!({ "name": "New", "email": "new@example.com", "url": "javascript:alert(1)" }), "`url`"),
            (json!({ "name": "New", "email": "new@example.com", "admin": true }), "`admin`"),
            (json!({ "name": "New", "email": "MAYA10@PARTNERS.example" }), "partner"),
        ],
    );
    for word in ["approve", "reject", "ban"] {
        refused(
            &Method::POST,
            &format!("/v1/partners/{word}"),
            &[
                (json!({}), "`partnerId`"),
                (json!({ "partnerId": "nonsense" }), "partner"),
                (json!({ "partnerId": "u-1", "reason": long(501) }), "`reason`"),
            ],
        );
    }
}

#[test]
fn programs() {
    let bad_in_both = [
        (json!({ "rewardz": [] }), "`rewardz`"),
        (json!({ "attributionWindowDays": 0 }), "`attributionWindowDays`"),
        (json!({ "attributionWindowDays": 3651 }), "`attributionWindowDays`"),
        (json!({ "holdDays": -1 }), "`holdDays`"),
        (json!({ "holdDays": 366 }), "`holdDays`"),
        (json!({ "minPayout": -1 }), "`minPayout`"),
        (json!({ "attributionModel": "quadratic" }), "`attributionModel`"),
        (json!({ "status": "asleep" }), "`status`"),
        (json!({ "name": "" }), "`name`"),
        (json!({ "url": "http://shop.example" }), "`url`"),
        (json!({ "url": "javascript:alert(1)" }), "`url`"),
        (json!({ "terms": { "version": long(41), "url": "" } }), "`terms.version`"),
        (json!({ "terms": { "version": "1", "url": "ftp://x.example" } }), "`terms.url`"),
        (json!({ "linkParameters": ["a b"] }), "`linkParameters`"),
        (json!({ "rewards": [{ "event": "sale", "type": "flat" }] }), "`rewards[0].amount`"),
        (json!({ "rewards": [{ "event": "sale", "type": "flat", "amount": -1 }] }), "`rewards[0].amount`"),
        (
            json!({ "rewards": [{ "event": "sale", "type": "percentage", "percentage": "101" }] }),
            "`rewards[0].percentage`",
        ),
        (json!({ "rewards": [{ "event": "sale", "type": "percentage", "percentage": 20 }] }), "percentage"),
        (json!({ "rewards": [{ "event": "smile", "type": "flat", "amount": 1 }] }), "`rewards[0].event`"),
        (json!({ "rewards": [{ "event": "sale", "type": "bonus", "amount": 1 }] }), "`rewards[0].type`"),
        (
            json!({ "rewards": [{ "event": "sale", "type": "flat", "amount": 1, "maxDuration": -1 }] }),
            "`rewards[0].maxDuration`",
        ),
        (
            json!({ "rewards": vec![json!({ "event": "sale", "type": "flat", "amount": 1 }); 51] }),
            "`rewards`",
        ),
        (json!({ "holdDays": "30" }), "`holdDays`"),
    ];
    refused(&Method::PATCH, "/v1/programs/{id}", &bad_in_both);
    let complete = |with: &Value| {
        let mut body = json!({ "name": "New", "url": "https://shop.example/", "currency": "usd" });
        body.as_object_mut().expect("an object").extend(with.as_object().expect("an object").clone());
        body
    };
    let mut cases: Vec<_> = bad_in_both.iter().map(|(body, part)| (complete(body), *part)).collect();
    cases.extend([
        (json!({ "url": "https://shop.example/", "currency": "usd" }), "`name`"),
        (json!({ "name": "New", "currency": "usd" }), "`url`"),
        (json!({ "name": "New", "url": "https://shop.example/" }), "`currency`"),
        (complete(&json!({ "currency": "xyz" })), "`currency`"),
        (complete(&json!({ "currency": "us" })), "`currency`"),
    ]);
    refused(&Method::POST, "/v1/programs", &cases);
}

#[test]
fn what_is_not_even_json() {
    let server = Server::start();
    let (shop, program) = shop(&server);
    let before = all(&shop);
    let patch = format!("/v1/programs/{}", program.id);
    let writes = [
        (Method::POST, "/v1/track/sale"),
        (Method::POST, "/v1/track/lead"),
        (Method::POST, "/v1/track/click"),
        (Method::POST, "/v1/track/refund"),
        (Method::POST, "/v1/partners"),
        (Method::POST, "/v1/partners/links"),
        (Method::POST, "/v1/programs"),
        (Method::PATCH, patch.as_str()),
        (Method::POST, "/v1/sandbox/clock"),
        (Method::PUT, "/v1/origins"),
    ];
    for (method, path) in writes {
        for body in ["", "{", "[]", "null", "7", "\"x\"", "{\"name\":\"a\\u0000b\"}", "<xml/>"] {
            shop.send(method.clone(), path, Some(body.as_bytes().to_vec())).refused(400);
        }
        shop.send(method.clone(), path, Some(vec![b'{', b'"', 0xff, 0xfe, b'"', b'}'])).refused(400);
        let large = format!("{{\"metadata\":{{\"x\":\"{}\"}}}}", long(140_000));
        shop.send(method.clone(), path, Some(large.into_bytes())).refused(413);
    }
    assert_eq!(all(&shop), before);
}

#[test]
fn a_closed_program_takes_nothing_new_but_answers_repeats() {
    let server = Server::start();
    let (shop, program) = shop(&server);
    let closed: Program =
        shop.patch(&format!("/v1/programs/{}", program.id), &json!({ "status": "closed" })).ok();
    assert_eq!(closed.status, "closed");
    let before = all(&shop);
    for (path, body) in [
        ("/v1/track/sale", json!({ "customerExternalId": "u-1", "amount": 100, "invoiceId": "in_2" })),
        ("/v1/track/lead", json!({ "customerExternalId": "u-9", "code": "MAYA10" })),
        ("/v1/track/click", json!({ "key": "MAYA10" })),
        ("/v1/partners", json!({ "name": "New", "email": "new@example.com" })),
    ] {
        assert!(shop.post(path, &body).refused(409).contains("closed"), "{path}");
    }
    assert!(server.page().try_join("New", "new@example.com", json!({})).refused(409).contains("closed"));
    assert_eq!(all(&shop), before);
    shop.sale(json!({ "customerExternalId": "u-1", "amount": 7800, "code": "MAYA10", "invoiceId": "in_1" }));
    assert_eq!(all(&shop), before);
    shop.refund(json!({ "invoiceId": "in_1", "refundId": "re_1" }));
    assert_eq!(shop.commissions()[0].status, "refunded", "what was sold before can still be given back");
}

#[test]
fn joining() {
    let server = Server::start();
    let (shop, _) = shop(&server);
    let before = all(&shop);
    for (name, email, with, part) in [
        ("", "new@example.com", json!({}), "`name`"),
        ("New", "new", json!({}), "`email`"),
        ("New", "new@example.com", json!({ "termsAccepted": false }), "`termsAccepted`"),
        ("New", "new@example.com", json!({ "termsAccepted": null }), "`termsAccepted`"),
        ("New", "new@example.com", json!({ "code": "x" }), "`code`"),
        ("New", "new@example.com", json!({ "code": "MAYA10" }), "taken"),
        ("New", "new@example.com", json!({ "programId": "nonsense" }), "program"),
    ] {
        let answer = server.page().try_join(name, email, with);
        let message = answer.refused(answer.status);
        assert!(message.contains(part), "{part} is not in: {message}");
    }
    assert_eq!(all(&shop), before);
    assert_eq!(server.mails_to("new@example.com"), 0);
}
