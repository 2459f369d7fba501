//! Partners and links by the vendor's own ids, and in the order of what they brought.

use crate::harness::{Client, Server};
use serde_json::{Value, json};

fn shop(server: &Server) -> Client {
    let shop = server.test();
    shop.freeze("2026-03-01T09:00:00.000Z");
    shop.program(json!({}));
    shop
}

fn names(shop: &Client, query: &str) -> Vec<String> {
    let found: Vec<Value> = shop.get(&format!("/v1/partners?{query}")).ok();
    found.iter().map(|p| p["name"].as_str().unwrap_or_default().to_owned()).collect()
}

fn sell(shop: &Client, code: &str, amount: i64) {
    shop.sale(json!({ "customerExternalId": format!("of-{code}"), "code": code, "amount": amount }));
}

#[test]
fn in_the_order_of_a_figure() {
    let server = Server::start();
    let shop = shop(&server);
    for code in ["ANNA11", "BERT22", "CARL33"] {
        shop.partner(code);
    }
    sell(&shop, "BERT22", 5000);
    sell(&shop, "ANNA11", 1000);
    shop.click(json!({ "key": "CARL33" }));
    let of = |codes: [&str; 3]| codes.map(|code| format!("Partner {code}"));
    assert_eq!(names(&shop, "sortBy=totalSaleAmount"), of(["BERT22", "ANNA11", "CARL33"]));
    assert_eq!(names(&shop, "sortBy=totalSaleAmount&sortOrder=asc"), of(["CARL33", "ANNA11", "BERT22"]));
    assert_eq!(names(&shop, "sortBy=totalClicks")[0], "Partner CARL33");
    assert_eq!(names(&shop, "sortBy=totalConversions&pageSize=1&page=3"), ["Partner CARL33"]);
    assert_eq!(names(&shop, "sortOrder=asc"), of(["ANNA11", "BERT22", "CARL33"]));
    assert_eq!(names(&shop, "page=2&pageSize=2"), ["Partner ANNA11"]);
    shop.get("/v1/partners?sortBy=earningsPerClick").refused(422);
    shop.get("/v1/partners?sortBy=totalClicks&startingAfter=ptn_1").refused(422);
    shop.get("/v1/partners?endingBefore=ptn_1").refused(422);
    shop.get("/v1/partners?sortOrder=up").refused(422);
}

#[test]
fn by_an_id_of_the_vendors_own() {
    let server = Server::start();
    let shop = shop(&server);
    let anna = shop.partner_with("ANNA11", json!({ "tenantId": "t-1", "country": "at" })).id;
    shop.partner_with("BERT22", json!({ "tenantId": "t-2" }));
    assert_eq!(names(&shop, "tenantId=t-1"), ["Partner ANNA11"]);
    assert_eq!(names(&shop, "country=AT"), ["Partner ANNA11"]);
    let taken = json!({ "name": "Carl", "email": "carl@partners.example", "tenantId": "t-1" });
    assert!(shop.post("/v1/partners", &taken).refused(409).contains(&anna));
    assert_eq!(names(&shop, "email=carl@partners.example"), [""; 0], "what is refused stores nothing");
    let known = json!({ "name": "Anna", "email": "anna11@partners.example" });
    shop.post("/v1/partners", &known).refused(409);
    let link: Value = shop.post("/v1/partners/links", &json!({ "tenantId": "t-1", "code": "SPRING" })).ok();
    assert_eq!((&link["partnerId"], &link["tenantId"]), (&json!(anna), &json!("t-1")));
    let mine: Vec<Value> = shop.get("/v1/partners/links?tenantId=t-1").ok();
    assert_eq!(mine.len(), 2);
    shop.get("/v1/partners/links?tenantId=t-9").refused(404);
    let gone: Value = shop.post("/v1/partners/deactivate", &json!({ "tenantId": "t-1" })).ok();
    assert_eq!((&gone["status"], &gone["reason"]), (&json!("banned"), &json!("deactivated")));
    let sale = shop.sale(json!({ "customerExternalId": "u-1", "code": "BERT22", "amount": 1000 }));
    assert!(sale.credited);
    shop.click(json!({ "key": "BERT22" }));
    let back: Value = shop.post("/v1/partners/approve", &json!({ "tenantId": "t-1" })).ok();
    assert_eq!(back["status"], "approved");
}

#[test]
fn a_link_leads_elsewhere_and_keeps_its_name() {
    let server = Server::start();
    let shop = shop(&server);
    let anna = shop.partner("ANNA11");
    let path = format!("/v1/links/{}", anna.links[0].id);
    let to = || server.nobody().get("/r/ANNA11").header("location").unwrap_or_default().to_owned();
    assert!(to().starts_with("https://shop.example/?gw_id="), "{}", to());
    let sale = json!({ "url": "https://shop.example/sale", "externalId": "own-1" });
    shop.patch(&path, &sale).ok::<Value>();
    assert!(to().starts_with("https://shop.example/sale?gw_id="), "{}", to());
    shop.patch("/v1/links/ext_own-1", &json!({ "key": "ANNA99" })).refused(422);
    shop.patch("/v1/links/ext_own-1", &json!({ "url": "https://elsewhere.example/" })).refused(422);
    let other: Value = shop.post("/v1/links", &json!({ "partnerId": anna.id, "key": "TWO222" })).ok();
    let path = format!("/v1/links/{}", other["id"].as_str().unwrap());
    shop.patch(&path, &json!({ "externalId": "own-1" })).refused(409);
    shop.post("/v1/links", &json!({ "url": "https://shop.example/" })).refused(422);
    assert_eq!(shop.get("/v1/links/count?search=two").ok::<i64>(), 1);
    server.live().get("/v1/links/info?externalId=own-1").refused(404);
    shop.get("/v1/links/info").refused(422);
}
