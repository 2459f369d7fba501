//! What `/metrics` tells is what was done, and only the server's own machine is told.

use crate::api::webhooks::endpoint;
use crate::harness::{Client, Receiver, Server, Start, at_once};
use serde_json::json;
use std::collections::HashMap;
use std::time::Duration;

/// Every sample, by its name with its labels.
type Samples = HashMap<String, f64>;

/// Reads the exposition format as strictly as Prometheus does: each sample belongs to a family whose type was told.
fn samples(client: &Client) -> Samples {
    let answer = client.get("/metrics");
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    let (mut families, mut samples) = (HashMap::new(), Samples::new());
    for line in answer.text.lines() {
        if let Some(told) = line.strip_prefix("# TYPE ") {
            let (name, kind) = told.split_once(' ').expect("a name and a type");
            assert!(["histogram", "counter", "gauge"].contains(&kind), "{line}");
            assert!(families.insert(name, kind).is_none(), "{name} is told twice");
        } else if !line.starts_with("# HELP ") {
            let (name, value) = line.rsplit_once(' ').expect("a name and a value");
            let bare = name.split('{').next().expect("a name");
            let parts = ["_bucket", "_sum", "_count"];
            let family = parts.iter().find_map(|part| bare.strip_suffix(part)).unwrap_or(bare);
            assert!(families.contains_key(family), "{line} is of no family");
            let value = value.parse().unwrap_or_else(|e| panic!("{line}: {e}"));
            assert!(samples.insert(name.to_owned(), value).is_none(), "{name} is told twice");
        }
    }
    samples
}

fn requests(samples: &Samples, route: &str, status: &str) -> f64 {
    let name = format!("goodword_request_duration_seconds_count{{route=\"{route}\",status=\"{status}\"}}");
    samples.get(&name).copied().unwrap_or_default()
}

/// The smallest bucket's limit that a share of the values does not exceed.
fn quantile(samples: &Samples, family: &str, labels: &str, share: f64) -> f64 {
    let prefix = format!("{family}_bucket{{{labels}le=\"");
    let mut buckets: Vec<(f64, f64)> = samples
        .iter()
        .filter_map(|(name, count)| Some((name.strip_prefix(&prefix)?.strip_suffix("\"}")?, *count)))
        .map(|(limit, count)| (limit.replace("+Inf", "inf").parse().expect("a limit"), count))
        .collect();
    buckets.sort_by(|a, b| a.0.total_cmp(&b.0));
    assert!(buckets.is_sorted_by_key(|bucket| bucket.1), "counts add up: {buckets:?}");
    let all = buckets.last().expect("a bucket for the rest").1;
    buckets.iter().find(|bucket| bucket.1 >= share * all).expect("the last one").0
}

#[test]
fn counts_rise_by_what_was_done() {
    let server = Server::special(Start::with(&["--metrics"]));
    let (shop, nobody) = (server.test(), server.nobody());
    shop.program(json!({}));
    shop.partner("MAYA10");
    shop.sale(json!({ "customerExternalId": "u-0", "amount": 1000, "code": "MAYA10", "invoiceId": "in_0" }));
    let before = samples(&nobody);
    at_once(7, |i| shop.click(json!({ "key": "MAYA10", "visitorId": format!("b{i}") })));
    for i in 0..3 {
        shop.sale(
            json!({ "customerExternalId": format!("u{i}"), "amount": 1000, "invoiceId": format!("in_{i}x") }),
        );
    }
    nobody.get("/r/NOBODY").refused(404);
    assert_eq!(nobody.get("/r/MAYA10").status, 302);
    nobody.post("/v1/track/sale", &json!({})).refused(401);
    let after = samples(&nobody);
    for (route, status, count) in [
        ("/v1/track/click", "2xx", 7.0),
        ("/v1/track/sale", "2xx", 3.0),
        ("/v1/track/sale", "4xx", 1.0),
        ("/r/{key}", "4xx", 1.0),
        ("/r/{key}", "3xx", 1.0),
        ("/v1/track/lead", "2xx", 0.0),
        ("/metrics", "2xx", 1.0),
    ] {
        let risen = requests(&after, route, status) - requests(&before, route, status);
        assert!((risen - count).abs() < 0.1, "{route} {status}: {risen}, not {count}");
    }
    let commits = after["goodword_commit_writes_count"] - before["goodword_commit_writes_count"];
    let writes = after["goodword_commit_writes_sum"] - before["goodword_commit_writes_sum"];
    assert!(commits > 3.0 && commits <= writes && writes >= 12.0, "{writes} writes in {commits} commits");
    for family in [
        "goodword_commit_duration_seconds",
        "goodword_write_duration_seconds",
        "goodword_read_duration_seconds",
    ] {
        let p99 = quantile(&after, family, "", 0.99);
        assert!(p99 > 0.0 && p99 < 5.0, "{family}: {p99}");
    }
    let p99 = quantile(
        &after,
        "goodword_request_duration_seconds",
        "route=\"/v1/track/click\",status=\"2xx\",",
        0.99,
    );
    assert!(p99 > 0.0 && p99 < 5.0, "{p99}");
    assert!(after["process_resident_memory_bytes"] > 1e6);
    assert!(
        after["goodword_queue_depth{kind=\"writes\"}"] < 2.0 && after["goodword_queue_refusals_total"] < 1.0
    );
}

#[test]
fn jobs_are_counted() {
    let server = Server::special(Start::with(&["--metrics"]));
    server.test().program(json!({}));
    server.page().join("Maya", "maya@example.com");
    server.links_mailed("maya@example.com", "/verify?token=", 1);
    // The mail is there a moment before the step that wrote it ends.
    let counted = |after: &Samples| after["goodword_job_steps_total{job=\"mail\"}"] >= 1.0;
    let mut after = samples(&server.nobody());
    for _ in 0..200 {
        if counted(&after) {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
        after = samples(&server.nobody());
    }
    assert!(counted(&after), "{after:?}");
    assert!(after["goodword_job_failures_total{job=\"mail\"}"] < 1.0, "{after:?}");
}

#[test]
fn nobody_else_is_told() {
    let silent = Server::start();
    silent.nobody().get("/metrics").refused(404);
    let server = Server::special(Start::with(&["--metrics"]));
    for header in ["x-forwarded-for", "forwarded", "x-real-ip"] {
        server.nobody().with(header, "127.0.0.1").get("/metrics").refused(404);
    }
    samples(&server.nobody());
    let open = Server::special(Start::with(&["--metrics", "anyone"]));
    samples(&open.nobody().with("x-forwarded-for", "192.0.2.1"));
}

/// Waits until samples stand so.
#[track_caller]
fn samples_once(server: &Server, stand: impl Fn(&Samples) -> bool) -> Samples {
    for _ in 0..200 {
        let now = samples(&server.nobody());
        if stand(&now) {
            return now;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("it never came to stand so: {:#?}", samples(&server.nobody()));
}

#[test]
fn what_became_of_webhooks_is_counted() {
    let server = Server::special(Start::with(&["--metrics", "--local-webhooks"]));
    let (shop, receiver) = (server.test(), Receiver::start());
    shop.program(json!({}));
    let sell = |number: usize| {
        shop.sale(json!({ "customerExternalId": "u", "amount": 1000, "invoiceId": format!("in_{number}") }));
    };
    let attempts = |outcome: &str| format!("goodword_webhook_attempts_total{{outcome=\"{outcome}\"}}");
    endpoint(&shop, &receiver, json!({ "events": ["sale.created"] }));
    let waiting = ["goodword_webhook_deliveries", "goodword_outbox_events", "goodword_webhook_lag_seconds"];
    let told = |now: &Samples| waiting.map(|name| now[name].to_string());
    let came_to = |now: &Samples, name: &str, count: &str| now[name].to_string() == count;
    let before = samples(&server.nobody());
    assert!(came_to(&before, &attempts("delivered"), "0"));
    assert_eq!(told(&before), ["0"; 3]);
    sell(1);
    let now = samples_once(&server, |now| came_to(now, &attempts("delivered"), "1"));
    assert_eq!(told(&now), ["0"; 3]);

    receiver.answer("500 Internal Server Error");
    sell(2);
    let now = samples_once(&server, |now| came_to(now, &attempts("refused"), "1"));
    // It waits for its next attempt, which is not due yet.
    assert_eq!(told(&now), ["1", "0", "0"]);
    assert!(came_to(&now, "goodword_outbox_age_seconds", "0"));

    // 410 says that the endpoint is gone: the delivery is given up, and the endpoint disabled.
    receiver.answer("410 Gone");
    sell(3);
    let now = samples_once(&server, |now| came_to(now, "goodword_webhook_disabled_total", "1"));
    assert!(came_to(&now, "goodword_webhook_given_up_total", "1"));
    assert!(came_to(&now, &attempts("unreachable"), "0"));

    // Nobody is at that address.
    let nobody = json!({ "url": "http://127.0.0.1:1/hooks", "events": ["sale.created"] });
    shop.post("/v1/webhooks", &nobody).ok::<serde_json::Value>();
    sell(4);
    samples_once(&server, |now| came_to(now, &attempts("unreachable"), "1"));
}
