//! The document that describes the API, as other people's tools see it: a linter finds nothing wrong with it, and a fuzzer finds
//! no answer that is outside it.

use crate::harness::{Server, Start};
use serde_json::json;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

fn clients() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("clients")
}

#[test]
fn redocly_has_no_complaint() {
    let output = Command::new(clients().join("node_modules/.bin/redocly"))
        .args(["lint", "../../openapi.json", "--config", "redocly.yaml", "--format=json"])
        .env("REDOCLY_TELEMETRY", "off")
        .env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true")
        .current_dir(clients())
        .output();
    let output = output.expect("redocly runs");
    let said = String::from_utf8_lossy(&output.stdout);
    let found: serde_json::Value =
        serde_json::from_str(said.trim()).unwrap_or_else(|e| panic!("redocly said no JSON ({e}): {said}"));
    assert_eq!(found["totals"], json!({ "errors": 0, "warnings": 0, "ignored": 0 }), "{said}");
}

/// Asks every operation many things, right and wrong; answers how often there was which status.
#[track_caller]
fn fuzz(server: &Server, headers: &[&str], words: &[&str]) -> BTreeMap<u16, usize> {
    let report = server.folder().join("fuzz.ndjson");
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tools/python/bin/schemathesis");
    let mut command = Command::new(python);
    command.args(["--no-color", "--config-file"]).arg(clients().join("schemathesis.toml"));
    command.arg("run").arg(format!("{}/openapi.json", server.base));
    command.args(["--seed=7", "--warnings=off", "--continue-on-failure"]);
    command.args(["--generation-database=none", "--suppress-health-check=all", "--request-timeout=60"]);
    command.args(["--report=ndjson", "--report-ndjson-path"]).arg(&report).args(words);
    command.env("PYTHONPATH", clients()).env("SCHEMATHESIS_HOOKS", "schemathesis_hooks");
    for header in headers {
        command.arg("--header").arg(header);
    }
    let output = command.current_dir(server.folder()).output().expect("schemathesis runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    let report = std::fs::read_to_string(report).expect("a report");
    let mut statuses = BTreeMap::new();
    for part in report.split("\"status_code\":").skip(1) {
        let digits: String = part.trim_start().chars().take_while(char::is_ascii_digit).collect();
        // A case that was not answered has none.
        if let Ok(status) = digits.parse() {
            *statuses.entry(status).or_insert(0) += 1;
        }
    }
    statuses
}

/// A server on which something was sold, and the header that opens it.
fn shop() -> (Server, String) {
    let server = Server::special(Start::with(&["--rate-limit", "0"]));
    let shop = server.test();
    shop.freeze("2026-03-01T09:00:00.000Z");
    shop.program(json!({}));
    shop.partner("MAYA10");
    shop.sale(json!({ "customerExternalId": "u-1", "amount": 7800, "code": "MAYA10", "invoiceId": "in_1" }));
    let key = format!("Authorization: Bearer {}", server.vendor.test.secret_key);
    (server, key)
}

/// Asks in some phases, with a key; there must have been so many answers of each of the usual kinds.
#[track_caller]
fn nothing_outside(phases: &[&str], least: usize) {
    let (server, key) = shop();
    let statuses = fuzz(&server, &[&key], phases);
    for usual in [200, 400, 422] {
        let count = statuses.get(&usual).copied().unwrap_or(0);
        assert!(count >= least, "it asked too little: {statuses:?}");
    }
    assert!(statuses.keys().all(|status| *status < 500), "{statuses:?}");
    assert!(!server.log().contains("panicked"), "{}", server.log());
}

#[test]
fn schemathesis_finds_no_answer_outside_the_document_at_the_edges_of_every_field() {
    nothing_outside(&["--phases=coverage"], 200);
}

#[test]
fn schemathesis_finds_no_answer_outside_the_document_whatever_it_makes_up() {
    nothing_outside(&["--phases=fuzzing,stateful", "--max-examples=8"], 40);
}
