//! Models of attribution side by side, over stored journeys and over those a marketer brings.

use crate::harness::{Client, Server, goodword, stopwatch};
use goodword_wire::{AttributionReport, ModelCredits};
use serde_json::{Value, json};
use std::fmt::Write;
use std::time::Duration;

const RANGE: &str = "start=2026-05-01T00:00:00Z&end=2026-06-01T00:00:00Z";

fn shop(server: &Server) -> Client {
    let shop = server.test();
    shop.freeze("2026-06-01T00:00:00.000Z");
    shop.program(json!({}));
    for code in ["ANNA11", "BERT22"] {
        shop.partner_with(code, json!({ "timestamp": "2020-01-01T00:00:00Z" }));
    }
    shop
}

fn click(shop: &Client, key: &str, visitor: &str, day: u32, with: &Value) -> String {
    let mut input =
        json!({ "key": key, "timestamp": format!("2026-05-{day:02}T00:00:00Z"), "visitorId": visitor });
    for (name, value) in with.as_object().expect("an object") {
        input[name] = value.clone();
    }
    shop.click(input).click_id
}

/// A › B › A and a sale of 140.00; B and a sale nobody's click led to; A and nothing.
fn trade(shop: &Client) {
    click(shop, "ANNA11", "v1", 1, &json!({ "referrer": "https://www.blog.example/tea" }));
    click(
        shop,
        "BERT22",
        "v1",
        2,
        &json!({ "url": "https://shop.example/?utm_source=News&utm_medium=email" }),
    );
    let id = click(shop, "ANNA11", "v1", 3, &json!({}));
    let sale = |with: Value| {
        let mut input = json!({ "timestamp": "2026-05-04T00:00:00Z" });
        for (name, value) in with.as_object().expect("an object") {
            input[name] = value.clone();
        }
        shop.sale(input)
    };
    sale(json!({ "customerExternalId": "u-1", "amount": 14_000, "clickId": id }));
    sale(json!({ "customerExternalId": "u-2", "amount": 500 }));
    click(shop, "ANNA11", "v2", 1, &json!({}));
    click(shop, "ANNA11", "v2", 9, &json!({}));
}

#[track_caller]
fn report(shop: &Client, query: &str) -> AttributionReport {
    shop.get(&format!("/v1/attribution/report?{RANGE}&{query}")).ok()
}

fn credits(model: &ModelCredits) -> Vec<(&str, &str, i64)> {
    let told = model.credits.iter();
    told.map(|c| (c.name.as_str(), c.figures.conversions.as_str(), c.figures.value.unwrap_or(-1))).collect()
}

/// A model's word, a name, and what it is credited: of every model and name.
fn told(report: &AttributionReport) -> Vec<(&str, &str, &str, i64)> {
    report
        .models
        .iter()
        .flat_map(|model| {
            credits(model).into_iter().map(|(name, n, value)| (model.model.as_str(), name, n, value))
        })
        .collect()
}

/// Worked example: one sale of 140.00 over A › B › A: linear 93.33/46.67, `position_based` 112.00/28.00, first and last touch
/// A 140.00 [Snowplow's test data].
#[test]
fn models_side_by_side() {
    let server = Server::start();
    let shop = shop(&server);
    trade(&shop);
    let told = report(&shop, "by=partner");
    let of = |model: &str| {
        let found = told.models.iter().find(|m| m.model == model);
        credits(found.unwrap_or_else(|| panic!("no {model}")))
    };
    let (anna, bert) = ("Partner ANNA11", "Partner BERT22");
    assert_eq!(of("linear"), [(anna, "0.666667", 9333), (bert, "0.333333", 4667)]);
    assert_eq!(of("position_based"), [(anna, "0.800000", 11_200), (bert, "0.200000", 2800)]);
    for model in ["first_touch", "last_touch"] {
        assert_eq!(of(model), [(anna, "1.000000", 14_000), (bert, "0.000000", 0)]);
    }
    // A is left three times: to B, to conversion, to null; B once, to A. So half convert; a third without B, none without A.
    assert_eq!(of("markov"), [(anna, "0.750000", 10_500), (bert, "0.250000", 3500)]);
    assert_eq!((told.total.conversions.as_str(), told.total.value), ("1.000000", Some(14_000)));
    let from = told.journeys.as_ref().expect("where they come from");
    assert_eq!((from.converted, from.lost, from.direct, from.direct_value), (1, 1, 1, 500));
    let partner: Vec<Value> = shop.get("/v1/partners?search=anna11").ok();
    assert_eq!(told.models[0].credits[0].id.as_deref(), partner[0]["id"].as_str());
    let channels = report(&shop, "by=channel&models=linear");
    let mut names: Vec<_> = channels.models[0].credits.iter().map(|c| c.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["blog.example", "direct", "news / email"]);
    let links = report(&shop, "by=link&models=last_touch");
    assert_eq!(credits(&links.models[0]), [("ANNA11", "1.000000", 14_000), ("BERT22", "0.000000", 0)]);
    let sites = report(&shop, "by=site&models=first_touch");
    assert_eq!(credits(&sites.models[0])[0], ("blog.example", "1.000000", 14_000));
    let csv = shop.get(&format!("/v1/attribution/report?{RANGE}&models=linear&format=csv")).text;
    let expected = "partner,linear_conversions,linear_value\nPartner ANNA11,0.666667,93.33\nPartner BERT22,0.333333,46.67\n";
    assert_eq!(csv, expected);
}

#[test]
fn refunds_barred_touchpoints_and_bindings() {
    let server = Server::start();
    let shop = shop(&server);
    let id = click(&shop, "ANNA11", "v1", 1, &json!({ "referrer": "https://blog.example/" }));
    let day = |day: u32| format!("2026-05-{day:02}T00:00:00Z");
    shop.lead(json!({ "customerExternalId": "u-1", "clickId": id, "timestamp": day(2) }));
    let later = click(&shop, "BERT22", "v1", 3, &json!({}));
    let sale = json!({ "customerExternalId": "u-1", "amount": 1000, "invoiceId": "in_1", "timestamp": day(4), "clickId": later });
    shop.sale(sale);
    shop.sale(json!({ "customerExternalId": "u-1", "amount": 700, "timestamp": day(5) }));
    shop.refund(json!({ "invoiceId": "in_1", "refundId": "re_1", "amount": 400 }));
    let told = report(&shop, "by=channel&models=first_touch,last_touch");
    assert_eq!(told.total.value, Some(1300));
    // The journey has the click that bound once, and a binding alone stands for that click.
    assert_eq!(credits(&told.models[0]), [("blog.example", "2.000000", 1300), ("direct", "0.000000", 0)]);
    assert_eq!(credits(&told.models[1]), [("blog.example", "1.000000", 700), ("direct", "1.000000", 600)]);
    let leads = report(&shop, "of=leads&models=linear");
    assert_eq!(
        (leads.total.conversions.as_str(), leads.total.value, &leads.currency),
        ("1.000000", None, &None)
    );
    let bert: Vec<Value> = shop.get("/v1/partners?search=bert22").ok();
    let decision = json!({ "partnerId": bert[0]["id"], "reason": "spam" });
    shop.post("/v1/partners/ban", &decision).ok::<Value>();
    shop.sale(json!({ "customerExternalId": "u-9", "amount": 300, "timestamp": day(6), "code": "BERT22" }));
    let told = report(&shop, "models=linear");
    assert_eq!((told.total.value, told.journeys.map(|j| j.direct)), (Some(1300), Some(1)));
}

/// What is exported and brought back is credited as before; and the command says the same.
#[test]
fn there_and_back() {
    let server = Server::start();
    let shop = shop(&server);
    trade(&shop);
    let csv = shop.get(&format!("/v1/attribution/journeys?{RANGE}"));
    assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("journeys.csv");
    std::fs::write(&file, &csv.text).expect("it can be written");
    let sent = shop.with("content-type", "text/csv");
    for by in ["partner", "channel", "link"] {
        let path = format!("/v1/attribution/report?by={by}");
        let brought: AttributionReport =
            sent.send(ureq::http::Method::POST, &path, Some(csv.text.clone().into_bytes())).ok();
        let ours = report(&shop, &format!("by={by}"));
        assert_eq!(told(&brought), told(&ours), "{}", csv.text);
        assert_eq!(ours.models.len(), 6);
        let printed = goodword()
            .args(["attribute", "--model", "all", "--format", "json", "--by", by])
            .arg(&file)
            .output()
            .expect("goodword starts");
        let printed: AttributionReport = serde_json::from_slice(&printed.stdout).expect("the same record");
        assert_eq!(printed, brought);
    }
}

#[test]
fn what_is_refused_is_named() {
    let server = Server::start();
    let shop = shop(&server);
    for (query, field) in [
        ("by=colour", "`by`"),
        ("models=guess", "`models`"),
        ("of=clicks", "`of`"),
        ("format=pdf", "`format`"),
        ("halfLifeDays=0", "`halfLifeDays`"),
        ("start=yesterday", "`start`"),
    ] {
        let said = shop.get(&format!("/v1/attribution/report?{query}")).refused(422);
        assert!(said.contains(field), "{said}");
    }
    let sent = |query: &str, body: &str| {
        let body = body.as_bytes().to_vec();
        shop.send(ureq::http::Method::POST, &format!("/v1/attribution/report?{query}"), Some(body))
    };
    assert!(sent("", "path,conversions\n,1\n").refused(400).contains("line 2, column `path`"));
    let said = sent("models=time_decay", "path,conversions\na > b,1\n").refused(400);
    assert!(said.contains("`time_decay`"), "{said}");
    let paths: AttributionReport = sent("", "path,conversions\na > b,1\n").ok();
    assert_eq!(paths.models.len(), 5);
    server.nobody().get("/v1/attribution/report").refused(401);
    let empty = report(&shop, "");
    assert_eq!((empty.total.conversions.as_str(), empty.models.len()), ("0.000000", 6));
}

/// Forty partners, and 2,000 visitors with three clicks each that lead to nothing.
fn two_thousand_visitors(shop: &Client) {
    for n in 0..40 {
        shop.partner_with(&format!("MATE{n:02}"), json!({ "timestamp": "2020-01-01T00:00:00Z" }));
    }
    let sent = shop.with("content-type", "application/x-ndjson");
    for part in 0..4 {
        let mut lines = String::new();
        for visitor in part * 500..(part + 1) * 500 {
            for step in 0..3 {
                let (mate, day, site) =
                    ((visitor * 7 + step * 3) % 40, 1 + (visitor + step * 8) % 30, visitor % 25);
                let _ = writeln!(
                    lines,
                    r#"{{"key":"MATE{mate:02}","timestamp":"2026-05-{day:02}T00:0{step}:00Z","visitorId":"v{visitor}","referrer":"https://site{site}.example/"}}"#
                );
            }
        }
        let answer: Value =
            sent.send(ureq::http::Method::POST, "/v1/clicks/import", Some(lines.into_bytes())).ok();
        assert_eq!(answer["stored"], 1500, "{answer}");
    }
}

/// Ten sales, each after five clicks of different partners, and each of them a thousand times.
fn ten_thousand_sales(server: &Server, shop: &Client) {
    for base in 0..10 {
        let mut id = String::new();
        for step in 0..5 {
            let key = format!("MATE{:02}", (base * 3 + step * 5) % 40);
            id = click(
                shop,
                &key,
                &format!("buyer{base}"),
                1 + step,
                &json!({ "referrer": format!("https://s{step}.example/") }),
            );
        }
        let at = "2026-05-10T00:00:00Z";
        let customer = format!("u-{base}");
        shop.sale(
            json!({ "customerExternalId": customer, "amount": 1000 + base, "clickId": id, "timestamp": at }),
        );
    }
    server.change(
        "insert into sale (id, vendor_id, program_id, customer_id, partner_id, link_id, processor, event_name, amount, currency, \
         value_left, reason, touchpoints, grounds, at) \
         with recursive n (i) as (select 1 union all select i + 1 from n where i < 999) \
         select 'sal_f' || substr(cast(1000 + n.i as text), 2) || substr(s.id, 9), s.vendor_id, s.program_id, \
         s.customer_id, s.partner_id, s.link_id, s.processor, s.event_name, s.amount, s.currency, s.value_left, s.reason, \
         s.touchpoints, s.grounds, s.at + n.i from sale s cross join n",
    );
}

/// Says how long it takes: `cargo test -p goodword-tests --test it ten_thousand_stored -- --nocapture`.
#[test]
fn ten_thousand_stored_journeys() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-06-01T00:00:00.000Z");
    shop.program(json!({}));
    two_thousand_visitors(&shop);
    ten_thousand_sales(&server, &shop);
    for by in ["partner", "channel"] {
        let start = stopwatch();
        let told = report(&shop, &format!("by={by}"));
        let took = start.elapsed();
        println!("10,000 journeys that led to sales and 2,000 that did not, by {by}, six models: {took:?}");
        let from = told.journeys.as_ref().map(|j| (j.converted, j.lost, j.clicks_left_out));
        assert_eq!(from, Some((10_000, 2000, false)));
        assert_eq!((told.total.conversions.as_str(), told.total.value), ("10000.000000", Some(10_045_000)));
        for model in &told.models {
            let value: i64 = credits(model).iter().map(|(.., value)| value).sum();
            assert_eq!(value, 10_045_000, "{}", model.model);
        }
        assert!(took < Duration::from_secs(10), "{took:?}");
    }
    let start = stopwatch();
    let csv = shop.get(&format!("/v1/attribution/journeys?{RANGE}"));
    println!("the same as CSV, {} bytes: {:?}", csv.text.len(), start.elapsed());
    assert_eq!(csv.text.lines().count(), 1 + 10_000 * 6 + 2000 * 3);
}
