//! Customers: found, changed, and forgotten.

use super::webhooks::{bodies, endpoint, server as with_webhooks};
use crate::harness::{Client, Receiver, Server};
use serde_json::{Value, json};

fn shop(server: &Server) -> Client {
    let shop = server.test();
    shop.freeze("2026-03-01T09:00:00.000Z");
    shop.program(json!({}));
    shop.partner("MAYA10");
    shop
}

fn ann() -> Value {
    json!({
        "customerExternalId": "u-1", "customerName": "Ann", "customerEmail": "ann@example.com", "code": "MAYA10",
        "metadata": { "street": "Elm 1" },
    })
}

fn order() -> Value {
    json!({
        "customerExternalId": "u-1", "customerEmail": "ann@example.com", "amount": 1000, "invoiceId": "in_1",
        "metadata": { "street": "Elm 1" },
    })
}

#[test]
fn found_by_either_id_and_by_parts_of_names() {
    let server = Server::start();
    let shop = shop(&server);
    shop.lead(ann());
    shop.lead(json!({ "customerEmail": "bob_1@example.com" }));
    let by_own: Value = shop.get("/v1/customers/ext_u-1").ok();
    let by_ours: Value = shop.get(&format!("/v1/customers/{}", by_own["id"].as_str().unwrap())).ok();
    assert_eq!(by_own, by_ours);
    assert_eq!(by_own["partner"]["email"], "maya10@partners.example");
    let names = |query: &str| -> Vec<String> {
        let found: Vec<Value> = shop.get(&format!("/v1/customers?{query}")).ok();
        found.iter().map(|c| c["externalId"].as_str().unwrap_or("?").to_owned()).collect()
    };
    assert_eq!(names("search=ANN"), ["u-1"]);
    assert_eq!(names("search=b_1"), [""], "an underscore is one");
    assert_eq!(names("search=b-1"), [""; 0]);
    assert_eq!(names("email=ANN@example.com"), ["u-1"]);
    assert_eq!(names("sortOrder=asc"), ["u-1", ""]);
    assert_eq!(names("pageSize=1&page=2"), ["u-1"]);
    assert_eq!(names(&format!("partnerId={}", by_own["partner"]["id"].as_str().unwrap())), ["u-1"]);
    shop.get("/v1/customers?page=0").refused(422);
    shop.get("/v1/customers?sortBy=saleAmount").refused(422);
    shop.get("/v1/customers/ext_nobody").refused(404);
    server.live().get("/v1/customers/ext_u-1").refused(404);
}

#[test]
fn changed_in_what_is_the_vendors_to_say() {
    let server = Server::start();
    let shop = shop(&server);
    shop.lead(ann());
    shop.lead(json!({ "customerExternalId": "u-2" }));
    shop.lead(json!({ "customerEmail": "bob@example.com" }));
    let changed: Value =
        shop.patch("/v1/customers/ext_u-1", &json!({ "externalId": "u-9", "country": "de" })).ok();
    assert_eq!((&changed["externalId"], &changed["country"]), (&json!("u-9"), &json!("DE")));
    let forgotten: Value = shop.patch("/v1/customers/ext_u-9", &json!({ "name": "", "email": "" })).ok();
    assert_eq!((&forgotten["name"], &forgotten["email"]), (&Value::Null, &Value::Null));
    assert!(
        shop.patch("/v1/customers/ext_u-9", &json!({ "externalId": "u-2" })).refused(409).contains("u-2")
    );
    shop.patch("/v1/customers/ext_u-9", &json!({ "email": "nonsense" })).refused(422);
    shop.patch("/v1/customers/ext_u-9", &json!({ "partnerId": "x" })).refused(422);
    let bob: Vec<Value> = shop.get("/v1/customers?email=bob@example.com").ok();
    let path = format!("/v1/customers/{}", bob[0]["id"].as_str().unwrap());
    shop.patch(&path, &json!({ "email": "" })).refused(422);
    let named: Value = shop.patch(&path, &json!({ "externalId": "u-3" })).ok();
    assert_eq!(named["externalId"], "u-3");
}

#[test]
fn forgotten_everywhere_but_in_the_books() {
    let server = Server::start();
    let shop = shop(&server);
    shop.lead(ann());
    let sale = shop.sale(order());
    let keyed = shop.with("idempotency-key", "k-1");
    keyed.post("/v1/track/sale", &json!({ "customerExternalId": "u-1", "amount": 500 })).ok::<Value>();
    shop.refund(json!({ "saleId": sale.id, "refundId": "re_1", "amount": 100 }));
    let erased: Value = shop.delete("/v1/customers/ext_u-1").ok();
    assert_eq!(erased["id"], json!(sale.customer.expect("a buyer").id));
    shop.get("/v1/customers/ext_u-1").refused(404);
    shop.get(&format!("/v1/customers/{}", erased["id"].as_str().unwrap())).refused(404);
    let tells = |text: &str| text.contains("Ann") || text.contains("ann@") || text.contains("Elm 1");
    let again = [
        shop.post("/v1/track/sale", &order()).text,
        keyed.post("/v1/track/sale", &json!({ "customerExternalId": "u-1", "amount": 500 })).text,
        shop.post("/v1/track/refund", &json!({ "saleId": sale.id, "refundId": "re_1", "amount": 100 })).text,
        shop.get("/v1/events?event=sale").text,
        shop.get("/v1/events?event=leads").text,
        shop.get("/v1/commissions").text,
        shop.get(&format!("/v1/sales/{}", sale.id)).text,
    ];
    for text in again {
        assert!(text.starts_with(['{', '[']) && !text.contains("\"error\"") && !tells(&text), "{text}");
    }
    let again: Value = shop.post("/v1/track/sale", &order()).ok();
    let (first, buyer) = (&again["commissions"][0], &again["customer"]["id"]);
    assert_eq!((&again["commission"], &first["customer"]["id"]), (first, buyer), "what it repeats is there");
    assert_eq!((first["earnings"].as_i64(), buyer), (Some(200), &erased["id"]));
    assert_eq!(shop.commissions().iter().map(|c| c.earnings).sum::<i64>(), 280);
    let anew = shop.lead(ann());
    assert_ne!(json!(anew.customer.id), erased["id"], "a later report is about somebody new");
    let output = server.operate("check", &[]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

/// What webhooks were told of a person is kept for a while, and is sent again on demand: without the person.
#[test]
fn forgotten_in_what_was_told() {
    let (server, receiver) = (with_webhooks(), Receiver::start());
    let shop = shop(&server);
    let webhook = endpoint(&shop, &receiver, json!({ "events": ["*"] }));
    shop.lead(ann());
    shop.sale(order());
    for kind in ["lead.created", "sale.created", "commission.created"] {
        receiver.wait_for_kind(kind);
    }
    let tells = |text: &str| ["Ann", "ann@", "Elm 1", "u-1"].iter().any(|word| text.contains(word));
    assert!(bodies(&shop, &webhook).iter().any(|body| tells(body)));
    shop.delete("/v1/customers/ext_u-1").ok::<Value>();
    let left = bodies(&shop, &webhook);
    assert!(left.len() >= 3 && left.iter().any(|body| body.contains("\"amount\":1000")), "{left:#?}");
    for body in left {
        assert!(!tells(&body), "{body}");
    }
}
