//! Clicks of the past, imported in one request: each line on its own, and each only once.

use crate::harness::{Answer, Client, Server};
use goodword_wire::{Analytics, ClickImportLine, ClickImportOutput, ImportInstant};
use serde_json::{Value, json};
use std::thread;
use ureq::http::Method;

const DAY_MS: i64 = 86_400_000;
/// 2026-03-01T00:00:00Z.
const MARCH: i64 = 1_772_323_200_000;

fn shop(server: &Server) -> Client {
    let shop = server.test();
    shop.freeze("2026-06-01T00:00:00.000Z");
    shop.program(json!({}));
    shop.partner("MAYA10");
    shop.partner("BERT22");
    shop
}

fn line(key: &str, at: i64) -> ClickImportLine {
    ClickImportLine {
        key: key.into(),
        timestamp: ImportInstant::Milliseconds(at),
        ..ClickImportLine::default()
    }
}

fn by(visitor: &str, line: ClickImportLine) -> ClickImportLine {
    ClickImportLine { visitor_id: Some(visitor.into()), ..line }
}

fn body(lines: &[ClickImportLine]) -> String {
    lines.iter().map(|line| serde_json::to_string(line).expect("it is JSON") + "\n").collect()
}

#[track_caller]
fn send(client: &Client, body: impl Into<Vec<u8>>) -> Answer {
    let client = client.with("content-type", "application/x-ndjson");
    client.send(Method::POST, "/v1/clicks/import", Some(body.into()))
}

#[track_caller]
fn import(client: &Client, lines: &[ClickImportLine]) -> ClickImportOutput {
    send(client, body(lines)).ok()
}

/// How many lines were stored, were duplicates, were refused.
fn counts(output: &ClickImportOutput) -> (usize, usize, usize) {
    (output.stored, output.duplicates, output.refused_count)
}

fn analytics(shop: &Client) -> Analytics {
    shop.get("/v1/analytics?start=2020-01-01T00:00:00Z").ok()
}

#[track_caller]
fn clicks_by(shop: &Client, dimension: &str) -> Vec<(String, i64)> {
    let path = format!("/v1/analytics/breakdown?by={dimension}&start=2020-01-01T00:00:00Z");
    let items: Vec<Value> = shop.get(&path).ok();
    let mut items: Vec<_> = items
        .iter()
        .map(|item| {
            (item["name"].as_str().expect("a name").to_owned(), item["clicks"].as_i64().expect("clicks"))
        })
        .filter(|(_, clicks)| *clicks > 0)
        .collect();
    items.sort();
    items
}

#[test]
fn what_a_line_tells_is_kept() {
    let server = Server::start();
    let shop = shop(&server);
    let text = [
        r#"{"key":"maya10","timestamp":"2026-03-01T10:30:00+02:00","visitorId":"v-1","url":"https://shop.example/tea?x=1","#,
        r#""referrer":"https://www.blog.example/post","subId":"story-1","country":"de","device":"mobile","more":1}"#,
        "\r\n\r\n",
        r#"  {"key":"BERT22","timestamp":1772323200000}"#,
    ]
    .concat();
    let plain = shop.with("content-type", "text/plain");
    let output: ClickImportOutput =
        plain.send(Method::POST, "/v1/clicks/import", Some(text.into_bytes())).ok();
    assert_eq!(counts(&output), (2, 0, 0), "{output:?}");
    let events = shop.all_rows("/v1/events?event=click", 10);
    let at: Vec<_> = events.iter().map(|event| event["timestamp"].as_str().expect("a time")).collect();
    assert_eq!(at, ["2026-03-01T08:30:00.000Z", "2026-03-01T00:00:00.000Z"]);
    let one = |name: &str| (name.to_owned(), 1);
    assert_eq!(clicks_by(&shop, "countries"), [one(""), one("DE")]);
    assert_eq!(clicks_by(&shop, "devices"), [one(""), one("mobile")]);
    assert_eq!(clicks_by(&shop, "sites"), [one(""), one("blog.example")]);
}

#[test]
fn the_same_visitor_within_the_hour_is_one_click() {
    let server = Server::start();
    let shop = shop(&server);
    let hour = 3_600_000;
    let lines = [
        by("v-1", line("MAYA10", MARCH)),
        by("v-1", line("maya1o", MARCH + hour - 1)),
        by("v-1", line("BERT22", MARCH + 1)),
        by("v-2", line("MAYA10", MARCH + 1)),
        by("v-1", line("MAYA10", MARCH + hour)),
        line("MAYA10", MARCH),
        line("MAYA10", MARCH),
    ];
    assert_eq!(counts(&import(&shop, &lines)), (6, 1, 0));
    assert_eq!(counts(&import(&shop, &lines)), (2, 5, 0), "only lines without a visitor are stored again");
    let click =
        shop.click(json!({ "key": "MAYA10", "visitorId": "v-2", "timestamp": "2026-03-01T00:30:00Z" }));
    assert!(click.duplicate, "an imported click is one like any other");
    let totals = analytics(&shop).totals;
    assert_eq!(
        (totals.clicks, totals.visitors),
        (8, Some(6)),
        "each line without a visitor is one of its own"
    );
}

#[test]
fn a_bad_line_refuses_only_itself() {
    let server = Server::start();
    let shop = shop(&server);
    let of_others = server.another_vendor("Coffee Shop", "owner@coffee.example", &[]);
    let others = server.bearer(&of_others.test.secret_key);
    others.program(json!({}));
    others.partner("KOFI99");
    let good = r#"{"key":"MAYA10","timestamp":1772323200000"#;
    let with = |more: &str| format!("{good},{more}}}");
    let cases: Vec<(String, Option<&str>, &str)> = vec![
        ("nonsense".into(), None, "JSON object"),
        ("[1]".into(), None, "JSON object"),
        (good.to_owned(), None, "not valid JSON"),
        (r#"{"timestamp":1772323200000}"#.into(), Some("key"), "is needed"),
        (r#"{"key":" ","timestamp":1772323200000}"#.into(), Some("key"), "is needed"),
        (r#"{"key":7,"timestamp":1772323200000}"#.into(), Some("key"), "documented"),
        (r#"{"key":"NOBODY","timestamp":1772323200000}"#.into(), Some("key"), "spelling"),
        (r#"{"key":"KOFI99","timestamp":1772323200000}"#.into(), Some("key"), "spelling"),
        (r#"{"key":"A\u0000","timestamp":1772323200000}"#.into(), Some("key"), "U+0000"),
        (format!(r#"{{"key":"{}","timestamp":1772323200000}}"#, "X".repeat(65)), Some("key"), "64"),
        (r#"{"key":"MAYA10"}"#.into(), Some("timestamp"), "is needed"),
        (r#"{"key":"MAYA10","timestamp":"yesterday"}"#.into(), Some("timestamp"), "RFC 3339"),
        (r#"{"key":"MAYA10","timestamp":-1}"#.into(), Some("timestamp"), "1970"),
        (r#"{"key":"MAYA10","timestamp":9999999999999999999}"#.into(), Some("timestamp"), "2159"),
        (r#"{"key":"MAYA10","timestamp":1.5}"#.into(), Some("timestamp"), "milliseconds"),
        (r#"{"key":"MAYA10","timestamp":"2026-06-01T00:05:00.001Z"}"#.into(), Some("timestamp"), "future"),
        (with(r#""visitorId":"a b""#), Some("visitorId"), "must be"),
        (with(&format!(r#""visitorId":"{}""#, "x".repeat(65))), Some("visitorId"), "64"),
        (with(r#""url":1"#), Some("url"), "documented"),
        (with(r#""referrer":{}"#), Some("referrer"), "documented"),
        (with(&format!(r#""subId":"{}""#, "x".repeat(65))), Some("subId"), "64"),
        (with(r#""subId":"\u0000""#), Some("subId"), "U+0000"),
        (with(r#""country":"DEU""#), Some("country"), "two letters"),
        (with(r#""device":"watch""#), Some("device"), "tablet"),
    ];
    let lines = cases.iter().map(|(line, _, _)| line.as_str()).collect::<Vec<_>>();
    let between = format!("\n{good}}}\n");
    let last = with(r#""country":"xx","subId":"","visitorId":"""#);
    let text = lines.join(&between) + between.as_str() + last.as_str();
    let output: ClickImportOutput = send(&shop, text).ok();
    assert_eq!(counts(&output), (cases.len() + 1, 0, cases.len()), "{output:#?}");
    for ((line, field, part), (refusal, number)) in
        cases.iter().zip(output.refused.iter().zip((1..).step_by(2)))
    {
        assert_eq!((refusal.line, refusal.field.as_deref()), (number, *field), "{line}: {refusal:?}");
        assert!(refusal.message.contains(part), "{line}: `{part}` is not in: {}", refusal.message);
    }
}

#[test]
fn a_hundred_refusals_are_listed_and_all_are_counted() {
    let server = Server::start();
    let shop = shop(&server);
    let mut lines: Vec<_> = (0..2_500).map(|n| line("NOBODY", MARCH - n)).collect();
    lines.push(line("MAYA10", MARCH));
    let output: ClickImportOutput = send(&shop, format!("{{}}\n{}", body(&lines))).ok();
    assert_eq!(counts(&output), (1, 0, 2_501));
    let listed: Vec<_> = output.refused.iter().map(|refusal| refusal.line).collect();
    assert_eq!(listed.len(), 100);
    assert!(listed.is_sorted() && listed[0] == 1, "{listed:?}");
}

#[test]
fn a_link_that_takes_no_clicks_takes_none_of_the_past() {
    let server = Server::start();
    let shop = shop(&server);
    let partners: Vec<Value> = shop.get("/v1/partners").ok();
    let bert = partners.iter().find(|p| p["name"] == "Partner BERT22").expect("Bert");
    shop.post("/v1/partners/ban", &json!({ "partnerId": bert["id"] })).ok::<Value>();
    let lines = [line("BERT22", MARCH), line("MAYA10", MARCH)];
    let output = import(&shop, &lines);
    assert_eq!((counts(&output), output.refused[0].line), ((1, 0, 1), 1));
    assert!(output.refused[0].message.contains("approve"), "{output:?}");
    let program: Vec<Value> = shop.get("/v1/programs").ok();
    let path = format!("/v1/programs/{}", program[0]["id"].as_str().expect("an id"));
    shop.patch(&path, &json!({ "status": "closed" })).ok::<Value>();
    let output = import(&shop, &lines);
    assert_eq!(counts(&output), (0, 0, 2));
    assert!(output.refused[0].message.contains("closed"), "{output:?}");
}

#[test]
fn who_may_import_and_how_much() {
    let server = Server::start();
    let shop = shop(&server);
    let one = body(&[line("MAYA10", MARCH)]);
    send(&server.nobody(), one.as_str()).refused(401);
    send(&server.page(), one.as_str()).refused(403);
    assert!(send(&shop, "").refused(422).contains("`body`"));
    assert!(send(&shop, "\n \n").refused(422).contains("`body`"));
    let many = vec![line("MAYA10", MARCH); 20_000];
    assert!(send(&shop, body(&many) + one.as_str()).refused(422).contains("20001"));
    assert_eq!(analytics(&shop).totals.clicks, 0, "what is refused as a whole is stored in no part");
    assert_eq!(counts(&import(&shop, &many)), (20_000, 0, 0));
    let padding = " ".repeat(8 * 1024 * 1024 - one.len());
    assert_eq!(counts(&send(&shop, padding.clone() + one.as_str()).ok()), (1, 0, 0));
    send(&shop, padding + " " + one.as_str()).refused(413);
}

#[test]
fn the_same_import_again_gets_the_first_answer() {
    let server = Server::start();
    let shop = shop(&server);
    let mut lines: Vec<_> = (0..4_500).map(|n| line("MAYA10", MARCH + n)).collect();
    lines[7] = line("NOBODY", MARCH);
    let keyed = shop.with("idempotency-key", "january");
    let first = import(&keyed, &lines);
    assert_eq!(counts(&first), (4_499, 0, 1));
    shop.partner("NOBODY");
    assert_eq!(import(&keyed, &lines), first, "though the refused line would be good by now");
    lines.pop();
    assert!(send(&keyed, body(&lines)).refused(409).contains("january"));
    assert_eq!(analytics(&shop).totals.clicks, 4_499);
    let other = shop.with("idempotency-key", "february");
    assert_eq!(counts(&import(&other, &lines)), (4_499, 0, 0));
}

/// The server dies somewhere in the middle, or before, or after: the outcome must not depend on it.
#[test]
fn an_interrupted_import_goes_on_where_it_stopped() {
    let server = Server::start();
    let shop = shop(&server);
    let lines: Vec<_> = (0..20_000).map(|n| line("MAYA10", MARCH + n)).collect();
    let (keyed, text) = (shop.with("idempotency-key", "january"), body(&lines));
    thread::scope(|scope| {
        let sent = text.clone().into_bytes();
        let sending = scope.spawn(|| keyed.try_send(Method::POST, "/v1/clicks/import", Some(sent)));
        while analytics(&shop).totals.clicks == 0 && !sending.is_finished() {}
        server.kill();
        drop(sending.join().expect("the sender ends"));
    });
    server.restart();
    let before = analytics(&shop).totals.clicks;
    assert!(before >= 2_000, "a part was answered for before the end: {before}");
    assert_eq!(counts(&send(&keyed, text).ok()), (20_000, 0, 0));
    assert_eq!(analytics(&shop).totals.clicks, 20_000);
}

/// Two at once under one key, as an impatient caller sends them.
#[test]
fn rivals_under_one_key_store_once() {
    let server = Server::start();
    let shop = shop(&server);
    let lines: Vec<_> = (0..6_000).map(|n| line("MAYA10", MARCH + n)).collect();
    let (keyed, text) = (shop.with("idempotency-key", "january"), body(&lines));
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| assert_eq!(counts(&send(&keyed, text.as_str()).ok()), (6_000, 0, 0)));
        }
    });
    assert_eq!(analytics(&shop).totals.clicks, 6_000);
}

/// Visitors return over ten days; the days arrive shuffled, in several requests, some older than what is stored.
#[test]
fn the_figures_are_those_of_the_lines_in_whatever_order() {
    let server = Server::start();
    let shop = shop(&server);
    let mut lines = Vec::new();
    for day in 0..10 {
        for visitor in 0..=day {
            let at = MARCH + day * DAY_MS + visitor * 60_000;
            lines.push(by(&format!("v-{visitor}"), line("MAYA10", at)));
            lines.push(by(&format!("v-{visitor}"), line("BERT22", at + 7_200_000)));
        }
    }
    let shuffled: Vec<_> = (0..lines.len()).map(|n| lines[n * 37 % lines.len()].clone()).collect();
    for some in shuffled.chunks(17) {
        let output = import(&shop, some);
        assert_eq!(counts(&output), (some.len(), 0, 0));
    }
    let days: Vec<_> = analytics(&shop).days.iter().map(|d| (d.clicks, d.visitors)).collect();
    let expected: Vec<_> = (1..=10).map(|n| (2 * n, Some(n))).collect();
    assert_eq!(days, expected);
    assert_eq!(clicks_by(&shop, "links"), [("BERT22".to_owned(), 55), ("MAYA10".to_owned(), 55)]);
    for some in lines.chunks(20) {
        assert_eq!(counts(&import(&shop, some)), (0, some.len(), 0), "all are known");
    }
}

#[test]
fn a_sale_is_explained_by_imported_clicks_too() {
    let server = Server::start();
    let shop = shop(&server);
    let at = |day: &str| json!({ "key": "MAYA10", "visitorId": "v-1", "timestamp": format!("2026-05-{day}T12:00:00Z") });
    shop.click(at("20"));
    let day = |day: i64| 1_777_593_600_000 + (day - 1) * DAY_MS;
    let lines = [
        by("v-1", line("BERT22", day(25))),
        by("v-1", line("BERT22", day(10))),
        by("v-1", line("MAYA10", day(15))),
    ];
    assert_eq!(counts(&import(&shop, &lines)), (3, 0, 0));
    let last = shop.click(at("28"));
    let sale = shop.sale(json!({ "customerExternalId": "u-1", "amount": 100, "clickId": last.click_id }));
    let touched: Vec<_> = sale.touchpoints.iter().map(|t| (&t.at[..10], t.partner.name.as_str())).collect();
    let (maya, bert) = ("Partner MAYA10", "Partner BERT22");
    assert_eq!(
        touched,
        [
            ("2026-05-10", bert),
            ("2026-05-15", maya),
            ("2026-05-20", maya),
            ("2026-05-25", bert),
            ("2026-05-28", maya)
        ]
    );
}
