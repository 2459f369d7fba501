//! The public SDKs of Dub, pointed at our server and otherwise unchanged; and the requests of its browser script.

use crate::harness::{Client, ORIGIN, Script, Server};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The page in which we say which calls work.
const TABLE: &str = include_str!("../../../docs/compatibility.md");

#[test]
fn the_npm_package_reports_a_lead_and_a_sale() {
    let server = Server::start();
    let vendor = server.live();
    vendor.program(json!({}));
    vendor.partner("MAYA27");
    let click = vendor.click(json!({ "key": "MAYA27" })).click_id;
    let said = Script::new("dub-track.mjs")
        .with("SERVER", &server.base)
        .with("DUB_API_KEY", &server.vendor.live.secret_key)
        .with("CLICK_ID", &click)
        .run();
    assert_eq!(said["lead"]["customer"]["externalId"], "user_42");
    assert_eq!(said["lead"]["link"]["key"], "MAYA27");
    assert_eq!(said["sale"]["sale"]["amount"], 7800);
    assert_eq!(said["again"], said["sale"], "the same invoice again gets the first answer");
}

/// Runs a script of all calls in a sandbox whose clock stands still, with two applicants who wait.
#[track_caller]
fn run(script: &str) -> Value {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-03-01T09:00:00.000Z");
    shop.program(json!({ "autoApprove": false }));
    let page = server.page();
    page.try_join("Ines", "ines@partners.example", json!({})).ok::<Value>();
    page.try_join("Olav", "olav@partners.example", json!({})).ok::<Value>();
    let said = Script::new(script)
        .with("SERVER", &server.base)
        .with("HOST", &server.base)
        .with("DUB_API_KEY", &server.vendor.test.secret_key)
        .with("PUBLISHABLE_KEY", &server.vendor.test.publishable_key)
        .run();
    let checked = server.operate("check", &[]);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
    said
}

#[test]
fn the_npm_package_works() {
    let said = run("dub-sdk.mjs");
    check(&said);
    assert_told(&said);
}

#[test]
fn the_python_package_works() {
    let said = run("dub_sdk.py");
    check(&said);
    assert_told(&said);
}

/// Everything the table says works, or works otherwise, was called; and nothing that it says does not.
#[track_caller]
fn assert_told(said: &Value) {
    let called: BTreeSet<&str> = said
        .as_object()
        .into_iter()
        .flatten()
        .map(|(call, _)| call.split(' ').next().unwrap_or(call))
        .collect();
    let rows = rows();
    assert!(rows.len() > 40, "the table has {} rows", rows.len());
    for (call, answer) in rows {
        let works = match answer {
            "works" | "differs" => true,
            "not" => false,
            other => panic!("`{other}` is no answer for {call}"),
        };
        assert_eq!(called.contains(call), works, "{call} {answer}");
    }
}

/// The calls of the table, each with `works`, `differs` or `not`.
fn rows() -> Vec<(&'static str, &'static str)> {
    let cells = |line: &'static str| line.split('|').map(str::trim).collect::<Vec<_>>();
    let rows = TABLE.lines().filter(|line| line.starts_with("| `")).map(cells);
    rows.filter(|cells| cells.len() > 4).map(|cells| (cells[1].trim_matches('`'), cells[2])).collect()
}

/// What both packages must have read.
#[track_caller]
fn check(said: &Value) {
    check_partners(said);
    check_events(said);
    check_commissions(said);
    check_payouts(said);
    check_customers(said);
    check_figures(said);
    check_refusals(said);
}

#[track_caller]
fn check_partners(said: &Value) {
    let made = &said["partners.create"];
    assert_eq!(made[0]["tenantId"], "tenant_1");
    assert_eq!(made[0]["country"], "DE");
    assert_eq!(made[0]["links"][0]["key"], "MAYA27");
    assert_eq!(made[1]["id"], made[0]["id"], "a partner once more is the same partner");
    assert_eq!(made[2]["name"], "ben@partners.example");
    let links = &said["partners.upsertLink"];
    assert_eq!(links[0]["id"], said["partners.createLink"][0]["id"], "the link that leads there");
    assert_eq!(links[0]["comments"], "Tea alone.");
    assert_ne!(links[1]["id"], links[0]["id"]);
    let keys: BTreeSet<&str> = keys(&said["partners.retrieveLinks"][0]);
    assert!(keys.contains("MAYA27") && keys.contains("TEA27") && keys.len() == 3, "{keys:?}");
    assert_eq!(said["links.get"][0], said["links.get"][1], "by either name");
    assert_eq!(said["links.get"][0]["externalId"], "pots_1");
    assert_eq!(said["links.update"][0]["url"], "https://shop.example/jars");
    assert_eq!(said["links.upsert"][0]["id"], said["links.update"][0]["id"]);
    assert_eq!(said["links.count"][0].as_f64(), Some(4.0));
    assert_eq!(said["links.list"][0].as_array().map(Vec::len), Some(4));
    let tokens = &said["embedTokens.referrals"];
    assert!(tokens[0]["publicToken"].is_string() && tokens[1]["expires"].is_string(), "{tokens}");
    assert!(said["qrCodes.get"][0].as_str().is_some_and(|picture| picture.contains("PNG")), "a picture");
    let listed = &said["partners.list"];
    assert_eq!(listed[0][0]["name"], "Maya", "who brought most comes first");
    assert_eq!(listed[0].as_array().map(Vec::len), Some(6));
    assert_eq!(listed[0][0]["totalConversions"], 1);
    assert_eq!(listed[1].as_array().map(Vec::len), Some(1));
    assert_eq!(listed[2][0]["status"], "deactivated");
    let applicants = &said["partnerApplications.list"][0];
    assert_eq!(applicants[0]["partner"]["name"], "Ines");
    assert_eq!(said["partnerApplications.approve"][0]["partnerId"], applicants[0]["partner"]["id"]);
    assert_eq!(said["partnerApplications.reject"][0]["partnerId"], applicants[1]["partner"]["id"]);
    assert_eq!(said["partners.ban"][0]["partnerId"], made[3]["id"]);
    assert_eq!(said["partners.deactivate"][0]["partnerId"], made[2]["id"]);
}

fn keys(links: &Value) -> BTreeSet<&str> {
    links.as_array().into_iter().flatten().filter_map(|link| link["key"].as_str()).collect()
}

#[track_caller]
fn check_events(said: &Value) {
    let lead = &said["track.lead"];
    assert_eq!(lead[0]["link"]["key"], "TEA27");
    assert_ne!(lead[0]["click"]["id"], "");
    assert_eq!(lead[1]["click"]["id"], "", "nobody's click led to a stranger");
    let sale = &said["track.sale"];
    assert_eq!(sale[0], sale[1], "the same invoice again gets the first answer");
    assert_eq!(
        (&sale[0]["sale"]["amount"], &sale[0]["customer"]["externalId"]),
        (&json!(7800), &json!("user_42"))
    );
    let [clicks, leads, sales] = [0, 1, 2].map(|place| &said["events.list"][place]);
    assert_eq!(clicks.as_array().map(Vec::len), Some(2));
    assert_eq!(clicks[1]["click"]["url"], "https://shop.example/tea");
    assert_eq!(clicks[1]["click"]["referer"], "blog.example");
    assert_eq!(clicks[1]["link"]["key"], "TEA27");
    let ann = leads.as_array().into_iter().flatten().find(|lead| lead["customer"]["externalId"] == "user_42");
    let ann = ann.unwrap_or_else(|| panic!("no lead of Ann's: {leads}"));
    assert_eq!((&ann["metadata"]["plan"], &ann["click"]["id"]), (&json!("pro"), &lead[0]["click"]["id"]));
    assert_eq!(leads.as_array().map(Vec::len), Some(2));
    assert_eq!(sales.as_array().map(Vec::len), Some(4));
    let strange = sales.as_array().into_iter().flatten().find(|sale| sale["sale"]["invoiceId"] == "in_4");
    assert_eq!(strange.map(|sale| &sale["link"]["id"]), Some(&json!("")), "no link led to it");
    assert_eq!(
        said["events.list"][3].as_array().map(Vec::len),
        Some(1),
        "the third of three on the second page"
    );
    assert_eq!(said["events.list"][4], json!([]), "nothing in February");
}

#[track_caller]
fn check_commissions(said: &Value) {
    assert_eq!(said["commissions.create"][0]["success"], true);
    let lists = &said["commissions.list"];
    let list = |place: usize| lists[place].as_array().cloned().unwrap_or_default();
    let all = list(0);
    let all = all[0].as_array().unwrap_or(&all);
    let kinds: BTreeSet<&str> = all.iter().filter_map(|c| c["type"].as_str()).collect();
    assert_eq!((all.len(), kinds), (4, BTreeSet::from(["custom", "sale"])), "{all:?}");
    let first = all.iter().find(|c| c["invoiceId"] == "in_1").expect("one on the first invoice");
    assert_eq!((&first["earnings"], &first["amount"]), (&json!(1560), &json!(7800)));
    assert_eq!(first["partner"]["email"], "maya@partners.example");
    assert_eq!(first["customer"]["externalId"], "user_42");
    assert_eq!(first["metadata"]["seats"], 2);
    assert_eq!(list(1).len(), 1);
    assert_eq!((list(2).len(), &lists[2][0]["description"]), (1, &json!("A good talk.")));
    let changed = &said["commissions.update"];
    assert_eq!((&changed[0]["earnings"], &changed[0]["status"]), (&json!(780), &json!("pending")));
    assert_eq!((&changed[1]["earnings"], &changed[1]["status"]), (&json!(0), &json!("refunded")));
    assert_eq!(said["commissions.updateMany"][0][0]["status"], "canceled");
    let paid = list(3);
    assert_eq!(paid.len(), 1, "{paid:?}");
    assert!(paid[0]["paidAt"].is_string(), "{paid:?}");
    for call in ["commissions.update earnings", "commissions.update more", "commissions.create sale"] {
        assert_refused(&said[call], "UnprocessableEntity", "unprocessable_entity");
    }
}

#[track_caller]
fn check_payouts(said: &Value) {
    let lists = &said["payouts.list"];
    let amounts: Vec<_> = lists[0].as_array().into_iter().flatten().map(|o| o["amount"].as_i64()).collect();
    assert_eq!(amounts, [Some(780), Some(500)], "the largest first");
    assert_eq!((&lists[0][0]["method"], &lists[0][1]["method"]), (&Value::Null, &json!("paypal")));
    assert_eq!(lists[0][0]["partner"]["tenantId"], "tenant_1");
    assert_eq!((lists[1].as_array().map(Vec::len), &lists[1][0]["status"]), (Some(1), &json!("completed")));
    assert_eq!(lists[2].as_array().map(Vec::len), Some(1));
    let came_back = &lists[3][1];
    assert_eq!(
        (&came_back["status"], &came_back["failureReason"]),
        (&json!("failed"), &json!("No such account."))
    );
}

#[track_caller]
fn check_customers(said: &Value) {
    let lists = &said["customers.list"];
    assert_eq!(lists[0].as_array().map(Vec::len), Some(2));
    let got = &said["customers.get"];
    assert_eq!(got[0], got[1], "by either id");
    assert_eq!((&got[0]["sales"], &got[0]["saleAmount"]), (&json!(3), &json!(8900)), "refunds taken off");
    assert_eq!((&got[0]["partner"]["name"], &got[0]["link"]["key"]), (&json!("Maya"), &json!("TEA27")));
    let now = &said["customers.update"][0];
    let expected = json!(["Ann B.", "https://example.com/a.png", "FR", "cus_stripe", "ann@example.com"]);
    let fields = ["name", "avatar", "country", "stripeCustomerId", "email"].map(|field| now[field].clone());
    assert_eq!(json!(fields), expected);
    assert_eq!(said["customers.delete"][0]["id"], got[0]["id"]);
    assert_eq!(lists[2].as_array().map(Vec::len), Some(1), "one is forgotten");
    let leads = said["events.list"][5].to_string();
    assert!(!leads.contains("Ann") && !leads.contains("pro\""), "{leads}");
}

#[track_caller]
fn check_figures(said: &Value) {
    let of = |by: &str| &said[&format!("analytics.retrieve {by}")][0];
    assert_eq!(of("count")["clicks"], 2);
    let days = of("timeseries").as_array().cloned().unwrap_or_default();
    assert_eq!(days.iter().filter_map(|day| day["clicks"].as_i64()).sum::<i64>(), 2);
    assert!(days.len() > 40, "every day is told, also those on which nothing happened: {}", days.len());
    assert_eq!(of("countries")[0]["country"], "Unknown");
    assert_eq!(of("devices")[0]["clicks"], 2);
    assert_eq!(of("referers").as_array().map(Vec::len), Some(2));
    assert_eq!(of("top_links").as_array().map(Vec::len), Some(2));
    assert!(of("top_urls")[0]["url"].is_string());
    let others = &said["analytics.retrieve"];
    assert_eq!((&others[0]["leads"], &others[1]["leads"]), (&json!(2), &json!(1)));
    assert_eq!((&others[2]["sales"], &others[3]["sales"]), (&json!(4), &json!(3)));
    assert_eq!((&others[3]["saleAmount"], &others[5]["clicks"]), (&json!(8900), &json!(2)));
    assert_eq!(others[6]["sales"], 3, "of a day, through a link");
    let hers = &said["partners.analytics"];
    assert_eq!((&hers[0]["earnings"], &hers[0]["sales"]), (&json!(780), &json!(3)));
    assert!(hers[1].as_array().is_some_and(|days| days.len() > 40));
    let tea = hers[2].as_array().into_iter().flatten().find(|link| link["key"] == "TEA27");
    assert_eq!(tea.map(|link| &link["earnings"]), Some(&json!(780)));
    for what in ["browsers", "city", "timezone"] {
        assert_refused(
            &said[&format!("analytics.retrieve {what}")],
            "UnprocessableEntity",
            "unprocessable_entity",
        );
    }
}

#[track_caller]
fn check_refusals(said: &Value) {
    assert_refused(&said["unauthorized"], "Unauthorized", "unauthorized");
    assert_refused(&said["forbidden"], "Forbidden", "forbidden");
    assert_refused(&said["not_found"], "NotFound", "not_found");
    assert_refused(&said["conflict"], "Conflict", "conflict");
    assert_refused(&said["unprocessable_entity"], "UnprocessableEntity", "unprocessable_entity");
    assert_refused(&said["bad_request"], "BadRequest", "bad_request");
}

/// The SDK threw what it has for the code, with our words in it.
#[track_caller]
fn assert_refused(refusal: &Value, kind: &str, code: &str) {
    assert_eq!((&refusal["type"], &refusal["code"]), (&json!(kind), &json!(code)), "{refusal}");
    assert_eq!(refusal["docUrl"], json!(format!("/docs/api#{code}")));
    assert!(refusal["message"].as_str().is_some_and(|message| message.ends_with('.')), "{refusal}");
}

/// A request as the browser script makes it, whose source is public: `POST {data-api-host}/track/click` with these four fields, no
/// key, and the page's origin.
fn script_click(page: &Client, key: &str) -> Value {
    let body = json!({
        "domain": "refer.example", "key": key, "url": format!("{ORIGIN}/?via={key}"), "referrer": "https://blog.example/",
    });
    let answer = page.with("content-type", "application/json").post("/track/click", &body);
    let anybody = answer.header("access-control-allow-origin").map(str::to_owned);
    assert_eq!(anybody.as_deref(), Some("*"), "the page may read the answer");
    answer.json()
}

#[test]
fn the_browser_script_records_clicks() {
    let server = Server::start();
    let vendor = server.live();
    vendor.program(json!({}));
    vendor.partner("MAYA27");
    let page = server.nobody().with("origin", ORIGIN);
    let answer = script_click(&page, "MAYA27");
    let click = answer["clickId"].as_str().expect("a click");
    assert!(click.starts_with("clk_"), "{answer}");
    assert_eq!(answer["partner"]["name"], "Partner MAYA27");
    assert_eq!(script_click(&page, "maya27")["clickId"], click, "the same visitor within the hour");
    let lead = vendor.lead(json!({ "clickId": click, "customerExternalId": "user_42" }));
    assert!(lead.credited, "{lead:?}");
}

#[test]
fn the_browser_script_reports_for_its_own_pages_alone() {
    let server = Server::start();
    let vendor = server.live();
    vendor.program(json!({}));
    vendor.partner("MAYA27");
    let body = json!({ "key": "MAYA27" });
    let elsewhere = server.nobody().with("origin", "https://elsewhere.example");
    elsewhere.post("/track/click", &body).refused(403);
    server.nobody().post("/track/click", &body).refused(403);
    let page = server.nobody().with("origin", ORIGIN);
    page.post("/track/click", &json!({ "key": "NOBODY" })).refused(404);
    page.post("/track/click", &json!({})).refused(422);
    page.post("/v1/track/click", &body).refused(401);
    page.with("authorization", "Bearer pk_live_unknown").post("/track/click", &body).refused(401);
    page.with("authorization", &format!("Bearer {}", server.vendor.live.secret_key))
        .post("/track/click", &body)
        .ok::<Value>();
}

/// What the script's page asks beforehand, because it sends JSON.
#[test]
fn the_browser_script_may_ask() {
    let server = Server::start();
    let page = server
        .nobody()
        .with("origin", ORIGIN)
        .with("access-control-request-method", "POST")
        .with("access-control-request-headers", "content-type,authorization");
    for path in ["/track/click", "/track/lead/client"] {
        let answer = page.send(ureq::http::Method::OPTIONS, path, None);
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "{path}");
    }
}

#[test]
fn addresses_without_a_version_are_those_of_sdks_alone() {
    let server = Server::start();
    let vendor = server.live();
    vendor.get("/programs").refused(404);
    vendor.get("/nonsense").refused(404);
    assert_eq!(vendor.get("/partners").ok::<Value>(), json!([]));
    assert_eq!(vendor.get("/v1/program-applications").ok::<Value>(), json!([]));
    server.nobody().get("/partners").refused(401);
}
