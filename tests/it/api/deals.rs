//! Registered deals and period settlement, on whichever database the run is about.

#![expect(clippy::needless_pass_by_value, reason = "`step(&shop, &deal, json!({ … }))` reads better")]

mod coop;
mod registrations;
mod rivals;
mod settlements;
mod stories;

use crate::harness::{Client, Hers, ORIGIN, Server, goodword};
use goodword_wire::{Program, Progress, Registration, Settlement};
use serde_json::{Value, json};

/// A program made of a template, in the sandbox.
fn program(shop: &Client, template: &str) -> Program {
    let printed = goodword().args(["program", "new", "--template", template, "--print"]).output();
    let text = String::from_utf8(printed.expect("goodword starts").stdout).expect("text");
    let text = text.replacen("\ncurrency", "\nurl = \"https://shop.example/\"\ncurrency", 1);
    let made = shop.program(json!({}));
    let path = format!("/v1/programs/{}/document", made.id);
    let toml = shop.with("content-type", "application/toml");
    toml.send(ureq::http::Method::PUT, &path, Some(text.into_bytes())).ok()
}

/// Joins, and proves the address.
fn joined(server: &Server, name: &str, address: &str) -> Hers {
    let hers = server.page().join(name, address);
    let proof = server.links_mailed(address, "/verify?token=", 1).remove(0);
    let token = proof.rsplit('=').next().expect("a token");
    let form = server.nobody().with("content-type", "application/x-www-form-urlencoded");
    let done = form.send(ureq::http::Method::POST, "/verify", Some(format!("token={token}").into_bytes()));
    assert_eq!(done.status, 200, "{}", done.text);
    hers
}

fn page(server: &Server, who: &Hers) -> Client {
    server.bearer(&who.token).with("origin", ORIGIN)
}

fn step(shop: &Client, deal: &Registration, what: Value) -> Registration {
    shop.post(&format!("/v1/registrations/{}/step", deal.id), &what).ok()
}

fn refused(shop: &Client, deal: &Registration, what: Value, status: u16) -> String {
    shop.post(&format!("/v1/registrations/{}/step", deal.id), &what).refused(status)
}

fn settle(shop: &Client, rule: &str, day: &str) -> Settlement {
    shop.post("/v1/settlements", &json!({ "rule": rule, "day": day })).ok()
}

fn progress(shop: &Client, rule: &str) -> Progress {
    let all: Vec<Progress> = shop.get("/v1/settlements/progress").ok();
    all.into_iter().find(|p| p.rule == rule).expect("progress of the rule")
}

/// What each commission earns now, the oldest first.
fn earned(shop: &Client) -> Vec<i64> {
    shop.commissions().iter().rev().map(|c| c.earnings).collect()
}
