//! What all routes share: ids of requests, limits, tags of answers, keys of requests, and how bad manners are refused.

use crate::harness::{Client, Server, Start, at_once};
use goodword_wire::{Partner, Program};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::time::Duration;
use ureq::http::Method;

#[test]
fn every_answer_has_the_id_of_its_request() {
    let server = Server::start();
    for path in ["/v1/programs", "/v1/nothing", "/healthz", "/goodword.js"] {
        let answer = server.test().get(path);
        let id = answer.header("x-request-id").unwrap_or_else(|| panic!("{path} has no id")).to_owned();
        assert!(id.starts_with("req_"), "{id}");
        assert_ne!(server.test().get(path).header("x-request-id"), Some(id.as_str()), "{path}");
    }
    let named = server.test().with("x-request-id", "order-4711");
    assert_eq!(named.get("/v1/programs").header("x-request-id"), Some("order-4711"));
    let sale = json!({ "customerExternalId": "u-1", "amount": 100 });
    assert_eq!(
        named.post("/v1/track/sale", &sale).header("x-request-id"),
        Some("order-4711"),
        "also in a hurry"
    );
    let unfit = server.test().with("x-request-id", "a b\"c");
    assert!(unfit.get("/v1/programs").header("x-request-id").is_some_and(|id| id.starts_with("req_")));
}

#[test]
fn what_failed_is_found_in_the_log_by_its_id() {
    let server = Server::start();
    server.test().program(json!({}));
    server.change("alter table customer rename to lost");
    let answer = server.test().with("x-request-id", "find-me-again").get("/v1/customers");
    answer.refused(500);
    let log = server.log();
    let line = log.lines().find(|line| line.contains("a request failed")).expect("it is in the log");
    assert!(line.contains("find-me-again"), "{line}");
}

fn figure(client: &Client, path: &str, header: &str) -> Option<u64> {
    client.get(path).header(header).map(|value| value.parse().expect("a number"))
}

#[test]
fn a_key_that_asks_too_often_is_told_to_wait_and_others_are_not() {
    let server = Server::special(Start::with(&["--rate-limit", "5"]));
    let shop = server.test();
    assert_eq!(figure(&shop, "/v1/programs", "x-ratelimit-remaining"), Some(4));
    assert_eq!(figure(&shop, "/v1/customers", "x-ratelimit-limit"), Some(5));
    let now = figure(&shop, "/v1/customers", "x-ratelimit-reset").expect("it is told");
    assert!(now > 1_700_000_000, "{now} are seconds since 1970");
    let answers: Vec<_> = (0..4).map(|_| shop.get("/v1/programs")).collect();
    let refused = answers.last().expect("four");
    assert!(refused.refused(429).contains("--rate-limit"));
    assert_eq!(refused.header("x-ratelimit-remaining"), Some("0"));
    let seconds: u64 = refused.header("retry-after").expect("when to come").parse().expect("seconds");
    assert!((1..=12).contains(&seconds), "{seconds}");
    assert_eq!(figure(&server.live(), "/v1/programs", "x-ratelimit-remaining"), Some(4), "another key");
    let sale = json!({ "customerExternalId": "u-1", "amount": 100 });
    for _ in 0..10 {
        assert_ne!(shop.post("/v1/track/sale", &sale).status, 429, "events are never turned away");
    }
}

#[test]
fn pages_behind_a_proxy_are_not_taken_for_one_caller() {
    let server = Server::special(Start::with(&["--rate-limit", "2"]));
    server.test().program(json!({}));
    for _ in 0..5 {
        let answer = server.page().get("/v1/embed/config");
        assert_eq!((answer.status, answer.header("x-ratelimit-limit")), (200, None));
    }
}

#[test]
fn without_a_limit_none_is_told() {
    let server = Server::special(Start::with(&["--rate-limit", "0"]));
    assert_eq!(server.test().get("/v1/programs").header("x-ratelimit-limit"), None);
}

#[test]
fn what_has_not_changed_is_not_sent_again() {
    let server = Server::start();
    let shop = server.test();
    shop.program(json!({}));
    shop.partner("MAYA10");
    for path in ["/v1/programs", "/v1/partners", "/openapi.json", "/docs/api"] {
        let first = shop.get(path);
        let tag = first.header("etag").unwrap_or_else(|| panic!("{path} has no tag")).to_owned();
        let again = shop.with("if-none-match", &tag).get(path);
        assert_eq!(
            (again.status, again.text.as_str(), again.header("etag")),
            (304, "", Some(tag.as_str())),
            "{path}"
        );
        assert_eq!(shop.with("if-none-match", &format!("W/{tag}, \"x\"")).get(path).status, 304, "{path}");
        assert_eq!(shop.with("if-none-match", "\"x\"").get(path).text, first.text, "{path}");
    }
    let tag = shop.get("/v1/partners").header("etag").expect("a tag").to_owned();
    shop.partner("NOAH20");
    let changed = shop.with("if-none-match", &tag).get("/v1/partners");
    assert_eq!(changed.status, 200);
    assert_eq!(changed.ok::<Vec<Partner>>().len(), 2);
    assert_eq!(server.live().with("if-none-match", &tag).get("/v1/partners").status, 200, "another's list");
}

/// A POST that makes something, and the list in which it then stands.
fn creations() -> Vec<(&'static str, Value, &'static str)> {
    vec![
        (
            "/v1/programs",
            json!({ "name": "New", "url": "https://shop.example/", "currency": "usd" }),
            "/v1/programs",
        ),
        ("/v1/partners", json!({ "name": "New", "email": "new@example.com" }), "/v1/partners"),
    ]
}

#[test]
fn a_post_under_a_key_is_done_once() {
    let server = Server::start();
    let shop = server.test();
    shop.program(json!({}));
    for (path, body, list) in creations() {
        let before = shop.all_rows(list, 100).len();
        let keyed = shop.with("idempotency-key", "first");
        let first = keyed.post(path, &body);
        assert_eq!(
            (first.status / 100, first.header("idempotent-replayed")),
            (2, None),
            "{path}: {}",
            first.text
        );
        let again = keyed.post(path, &body);
        assert_eq!((again.status, &again.text), (first.status, &first.text), "{path}");
        assert_eq!(again.header("idempotent-replayed"), Some("true"), "{path}");
        assert_eq!(again.header("content-type"), Some("application/json"));
        assert_eq!(shop.all_rows(list, 100).len(), before + 1, "{path}");
        let mut other = body.clone();
        other["name"] = json!("Other");
        assert!(keyed.post(path, &other).refused(409).contains("Idempotency-Key"), "{path}");
        assert_eq!(shop.all_rows(list, 100).len(), before + 1, "{path}");
        shop.with("idempotency-key", "").post(path, &body).refused(400);
        shop.with("idempotency-key", &"x".repeat(256)).post(path, &body).refused(400);
        server.change("delete from keyed_request");
    }
}

#[test]
fn a_key_names_one_request_at_one_address_of_one_caller() {
    let server = Server::start();
    let (shop, live) = (server.test(), server.live());
    let body = json!({ "name": "New", "url": "https://shop.example/", "currency": "usd" });
    let first: Program = shop.with("idempotency-key", "k").post("/v1/programs", &body).ok();
    let theirs: Program = live.with("idempotency-key", "k").post("/v1/programs", &body).ok();
    assert_ne!(first.id, theirs.id, "the live data has keys of its own");
    let elsewhere = json!({ "name": "New", "email": "new@example.com" });
    shop.with("idempotency-key", "k").post("/v1/partners", &elsewhere).refused(409);
    let in_console = server.console().with("idempotency-key", "k").post("/v1/programs", &body);
    assert_ne!(in_console.ok::<Program>().id, theirs.id, "a person has keys of his or her own");
    let unknown = server.bearer("sk_test_0").with("idempotency-key", "k");
    unknown.post("/v1/programs", &body).refused(401);
}

#[test]
fn what_was_refused_may_be_sent_again_under_its_key() {
    let server = Server::start();
    let shop = server.test().with("idempotency-key", "k");
    shop.post("/v1/programs", &json!({ "name": "New" })).refused(422);
    let body = json!({ "name": "New", "url": "https://shop.example/", "currency": "usd" });
    assert_eq!(shop.post("/v1/programs", &body).status, 200);
}

#[test]
fn many_at_once_under_a_key_make_one() {
    let server = Server::start();
    let shop = server.test();
    shop.program(json!({}));
    let keyed = shop.with("idempotency-key", "k");
    let body = json!({ "name": "New", "email": "new@example.com" });
    let answers = at_once(12, |_| keyed.post("/v1/partners", &body));
    let done: HashSet<&str> = answers.iter().filter(|a| a.status == 201).map(|a| a.text.as_str()).collect();
    assert_eq!(done.len(), 1, "{answers:?}");
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        assert!(answer.refused(409).contains("not answered yet"), "{}", answer.text);
    }
    assert_eq!(shop.all_rows("/v1/partners", 100).len(), 1);
    assert_eq!(keyed.post("/v1/partners", &body).status, 201);
}

#[test]
fn a_request_the_server_ended_under_is_not_done_twice() {
    let server = Server::start();
    let keyed = server.test().with("idempotency-key", "k");
    let body = json!({ "name": "New", "url": "https://shop.example/", "currency": "usd" });
    assert_eq!(keyed.post("/v1/programs", &body).status, 200);
    // As it stands between the program and its answer.
    server.change("update keyed_request set status = null, answer = null");
    server.stop();
    server.restart();
    let keyed = server.test().with("idempotency-key", "k");
    assert!(keyed.post("/v1/programs", &body).refused(409).contains("look whether it was done"));
    assert_eq!(server.test().all_rows("/v1/programs", 100).len(), 1);
}

#[test]
fn keys_are_forgotten_after_a_week() {
    let server = Server::start();
    let keyed = server.test().with("idempotency-key", "k");
    let body = json!({ "name": "New", "url": "https://shop.example/", "currency": "usd" });
    let first: Program = keyed.post("/v1/programs", &body).ok();
    server.stop();
    server.change("update keyed_request set at = at - 86400000 * 6");
    server.restart();
    let again: Program = keyed.post("/v1/programs", &body).ok();
    assert_eq!(again.id, first.id, "after six days it is known");
    server.stop();
    server.change("update keyed_request set at = at - 86400000 * 2");
    server.restart();
    let known = |_: &u32| keyed.post("/v1/programs", &body).ok::<Program>().id == first.id;
    let forgotten = (0..400).find(|turn| {
        std::thread::sleep(Duration::from_millis(25));
        !known(turn)
    });
    assert!(forgotten.is_some(), "after eight days it is still known");
}

#[test]
fn a_method_that_is_not_taken_is_refused_with_those_that_are() {
    let server = Server::start();
    for (method, path, taken) in [
        (Method::DELETE, "/v1/programs", "GET"),
        (Method::GET, "/v1/track/sale", "POST"),
        (Method::PUT, "/v1/partners", "POST"),
        (Method::POST, "/openapi.json", "GET"),
    ] {
        let body = (method != Method::GET && method != Method::DELETE).then(|| b"{}".to_vec());
        let answer = server.test().send(method.clone(), path, body);
        answer.refused(405);
        let allow = answer.header("allow").unwrap_or_default();
        assert!(allow.contains(taken), "{method} {path}: {allow}");
    }
}

#[test]
fn a_body_of_another_type_is_refused_unread() {
    let server = Server::start();
    let shop = server.test();
    let body = json!({ "name": "New", "url": "https://shop.example/", "currency": "usd" });
    for kind in [
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "image/png",
        "",
    ] {
        for path in ["/v1/programs", "/v1/track/sale"] {
            let message = shop.with("content-type", kind).post(path, &body).refused(415);
            assert!(message.contains("application/json"), "{message}");
        }
    }
    assert_eq!(shop.all_rows("/v1/programs", 10).len(), 0);
    for kind in
        ["application/json; charset=utf-8", "Application/JSON", "text/plain", "application/vnd.shop+json"]
    {
        assert_eq!(shop.with("content-type", kind).post("/v1/programs", &body).status, 200, "{kind}");
    }
}

#[test]
fn whoever_takes_no_json_is_told_before_anything_is_done() {
    let server = Server::start();
    let picky = server.test().with("accept", "application/xml");
    let body = json!({ "name": "New", "url": "https://shop.example/", "currency": "usd" });
    picky.post("/v1/programs", &body).refused(406);
    assert_eq!(server.test().all_rows("/v1/programs", 10).len(), 0);
    server.test().post("/v1/programs", &body).ok::<Program>();
    assert!(picky.get("/v1/programs").refused(406).contains("application/json"));
    for accept in ["*/*", "text/html, application/*;q=0.1", "application/json"] {
        assert_eq!(server.test().with("accept", accept).get("/v1/programs").status, 200, "{accept}");
    }
}

#[test]
fn bodies_that_are_nested_without_end_are_refused() {
    let server = Server::start();
    let shop = server.test();
    shop.program(json!({}));
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        for depth in [200, 10_000, 60_000] {
            let nested = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            let bare = nested.clone().into_bytes();
            let within =
                format!("{{\"customerExternalId\":\"u\",\"amount\":1,\"metadata\":{{\"x\":{nested}}}}}");
            for path in
                ["/v1/track/sale", "/v1/track/lead", "/v1/partners", "/v1/programs", "/v1/exchange-rates"]
            {
                for body in [bare.clone(), within.clone().into_bytes()] {
                    // A server that has read enough may close the door while the rest is still being sent.
                    let Ok(answer) = shop.try_send(Method::POST, path, Some(body)) else { continue };
                    assert!((400..500).contains(&answer.status), "{path}: {} {}", answer.status, answer.text);
                    answer.refused(answer.status);
                }
            }
        }
    }
    assert_eq!(shop.all_rows("/v1/events?event=sale", 10).len(), 0);
}
