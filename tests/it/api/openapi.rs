//! The document that describes the API is the one checked in, and tells the truth.

use super::auth::routes;
use crate::harness::{Server, goodword};
use serde_json::Value;
use std::path::Path;

fn checked_in() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi.json");
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|e| panic!("{}: {e}: run `goodword openapi > openapi.json`", path.display()));
    serde_json::from_str(&text).expect("openapi.json is JSON")
}

#[test]
fn it_is_the_one_checked_in() {
    let output = goodword().arg("openapi").output().expect("goodword starts");
    let printed: Value = serde_json::from_slice(&output.stdout).expect("it prints JSON");
    assert!(printed == checked_in(), "openapi.json is out of date: run `goodword openapi > openapi.json`");
    let server = Server::start();
    assert!(server.nobody().get("/openapi.json").json() == printed, "another one is served");
}

#[test]
fn every_route_is_there() {
    let server = Server::start();
    for (method, path) in routes(&server) {
        let body = (method.as_str() != "GET" && method.as_str() != "DELETE").then(|| b"{}".to_vec());
        let answer = server.nobody().send(method.clone(), &path.replace("{id}", "x"), body);
        assert!(
            !matches!(answer.status, 404 | 405 | 500..),
            "{method} {path} was answered {}: {}",
            answer.status,
            answer.text
        );
        answer.refused(answer.status);
    }
}

#[test]
fn what_is_not_there_is_refused_in_the_same_shape() {
    let server = Server::start();
    server.nobody().get("/v1/nothing").refused(404);
    server.nobody().get("/nothing").refused(404);
    server.test().delete("/v1/programs").refused(405);
}

#[test]
fn it_is_up() {
    let server = Server::start();
    assert_eq!(server.nobody().get("/healthz").text, "ok");
    assert_eq!(server.nobody().get("/readyz").text, "ok");
}
