//! What we send, as the public libraries of Standard Webhooks see it: npm and `PyPI` `standardwebhooks`, unchanged.

use crate::api::webhooks::{endpoint, server};
use crate::harness::{Posted, Receiver, Script};
use goodword_wire::Webhook;
use serde_json::{Value, json};

/// What a library says to what was posted, with a secret.
fn verified(script: &str, posted: &Posted, secret: &str) -> Value {
    Script::new(script)
        .with("SECRET", secret)
        .with("HEADERS", &serde_json::to_string(&posted.headers).expect("JSON"))
        .with("BODY", &posted.body)
        .run()
}

fn check(script: &str) {
    let (server, receiver) = (server(), Receiver::start());
    let shop = server.test();
    shop.program(json!({}));
    let webhook = endpoint(&shop, &receiver, json!({ "events": ["sale.created"] }));
    let secret = webhook.secret.clone().expect("it is told once");
    let sale = |number: usize| {
        let order =
            json!({ "customerExternalId": "Ünïcode ✓", "amount": 1000, "invoiceId": format!("in_{number}") });
        shop.sale(order);
    };
    sale(1);
    let posted = receiver.wait_for(1).remove(0);
    let said = verified(script, &posted, &secret);
    assert_eq!(said["event"], posted.json(), "{said}");
    let stranger = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    assert_eq!(verified(script, &posted, stranger)["refused"], true);
    let forged = Posted { body: posted.body.replace("1000", "9000"), ..posted.clone() };
    assert_eq!(verified(script, &forged, &secret)["refused"], true);
    let mut late = posted.clone();
    late.headers.insert("webhook-timestamp".into(), "1600000000".into());
    assert_eq!(verified(script, &late, &secret)["refused"], true);

    // While a secret takes the place of another, either verifies.
    let rotated: Webhook = shop.post(&format!("/v1/webhooks/{}/rotate", webhook.id), &json!({})).ok();
    sale(2);
    let posted = receiver.wait_for(2).remove(1);
    for secret in [secret, rotated.secret.expect("it is told once")] {
        assert_eq!(verified(script, &posted, &secret)["event"], posted.json());
    }
}

#[test]
fn the_npm_library_verifies_what_is_sent() {
    check("standard-webhooks.mjs");
}

#[test]
fn the_python_library_verifies_what_is_sent() {
    check("standard_webhooks.py");
}
