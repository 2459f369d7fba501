//! The audit log: who changed what, and nothing secret.

use crate::harness::Server;
use goodword_wire::{AuditEntry, NewKey, Partner};
use serde_json::{Value, json};

fn lines(server: &Server, query: &str) -> Vec<AuditEntry> {
    server.console().get(&format!("/v1/audit?pageSize=100{query}")).ok()
}

#[test]
fn a_change_is_told_with_what_was_before_and_after() {
    let server = Server::start();
    let owner = server.console();
    let program = owner.program(json!({}));
    owner
        .patch(&format!("/v1/programs/{}", program.id), &json!({ "name": "Friends of Coffee" }))
        .ok::<Value>();
    let found = lines(&server, &format!("&subjectId={}", program.id));
    let [changed, created] = &found[..] else { panic!("two lines: {found:?}") };
    assert_eq!((created.action.as_str(), &created.before), ("program.created", &None));
    assert_eq!(created.after.as_ref().expect("after")["name"], "Friends of Tea");
    assert_eq!(changed.action, "program.changed");
    assert_eq!(changed.before, Some(json!({ "name": "Friends of Tea" })));
    assert_eq!(changed.after, Some(json!({ "name": "Friends of Coffee" })));
    assert_eq!((changed.actor_kind.as_str(), changed.mode.as_str()), ("person", "test"));
}

#[test]
fn terms_are_told_by_what_differs() {
    let server = Server::start();
    let shop = server.test();
    let program = shop.program(json!({}));
    let document = json!({
        "name": "Friends of Tea", "url": "https://shop.example/", "currency": "usd", "holdDays": 14,
        "rewards": [{ "event": "sale", "type": "percentage", "percentage": "20" }],
    });
    let changed = shop
        .with("content-type", "application/json")
        .put(&format!("/v1/programs/{}/document", program.id), &document);
    assert_eq!(changed.status, 200, "{}", changed.text);
    let found = lines(&server, "&action=program.terms_changed");
    let [line] = &found[..] else { panic!("one line: {found:?}") };
    let after = line.after.as_ref().expect("after").to_string();
    let before = line.before.as_ref().expect("before").to_string();
    assert!(after.contains("14") && !after.contains("percentage"), "{after}");
    assert!(before.contains("30") && !before.contains("percentage"), "{before}");
    assert_eq!((line.actor_kind.as_str(), line.actor.starts_with("API key sk_test_")), ("key", true));
}

#[test]
fn what_is_refused_or_only_asked_is_not_told() {
    let server = Server::start();
    let shop = server.test();
    let program = shop.program(json!({}));
    let before = lines(&server, "").len();
    shop.patch(&format!("/v1/programs/{}", program.id), &json!({ "currency": "nope" })).refused(422);
    shop.patch("/v1/programs/prg_00000000000000000000000000000000", &json!({ "name": "X" })).refused(404);
    shop.partner("MAYA10");
    shop.click(json!({ "key": "MAYA10" }));
    shop.sale(json!({ "customerExternalId": "u-1", "amount": 1000, "code": "MAYA10", "invoiceId": "in_1" }));
    // The partner, and whoever logged in to look.
    let found = lines(&server, "");
    let added: Vec<_> = found.iter().map(|line| line.action.as_str()).take(found.len() - before).collect();
    assert_eq!(added, ["person.logged_in", "partner.added"]);
}

#[test]
fn decisions_are_told_one_by_one() {
    let server = Server::start();
    let shop = server.test();
    shop.program(json!({ "autoApprove": false }));
    let ids = ["maya", "otto"].map(|name| {
        server.page().join(name, &format!("{name}@example.com"));
        shop.get(&format!("/v1/partners?search={name}")).ok::<Vec<Partner>>().remove(0).id
    });
    shop.post("/v1/partners/decide", &json!({ "partnerIds": ids, "decision": "approve" })).ok::<Value>();
    for id in &ids {
        let found = lines(&server, &format!("&subjectId={id}"));
        let [line] = &found[..] else { panic!("one line: {found:?}") };
        let of = |state: &Option<Value>| {
            let programs = state.as_ref().and_then(Value::as_object).expect("programs");
            programs.values().next().expect("one")["status"].clone()
        };
        assert_eq!((of(&line.before), of(&line.after)), (json!("pending"), json!("approved")));
    }
}

#[test]
fn no_secret_comes_into_the_log() {
    let server = Server::start();
    let owner = server.console();
    owner.program(json!({}));
    let partner = owner.partner("MAYA10");
    let webhook: Value =
        owner.post("/v1/webhooks", &json!({ "url": "https://shop.example/hook", "events": ["*"] })).json();
    let key: NewKey = owner.post("/v1/keys", &json!({ "kind": "secret" })).ok();
    let integration = json!({ "secrets": ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"] });
    owner.put("/v1/integrations/stripe", &integration);
    let iban = "DE89370400440532013000";
    owner
        .put(
            &format!("/v1/partners/{}/payout-method", partner.id),
            &json!({ "method": "sepa", "holder": "Maya", "iban": iban }),
        )
        .ok::<Value>();
    owner.patch("/v1/customers/ext_u-1", &json!({ "email": "private@customer.example" }));
    owner
        .post("/v1/people/invitations", &json!({ "email": "x@shop.example", "role": "analyst" }))
        .ok::<Value>();
    let link = server.links_mailed("x@shop.example", "/console/join?token=", 1).remove(0);
    owner
        .post(
            "/v1/security/password",
            &json!({ "current": server.vendor.owner.password, "new": "quite another password" }),
        )
        .ok::<Value>();
    let log = owner.get("/v1/audit?pageSize=100").text;
    let secret = webhook["secret"].as_str().expect("a secret");
    assert!(
        log.contains("webhook.created")
            && log.contains("key.created")
            && log.contains("payout_method_changed"),
        "{log}"
    );
    let token = link.split_once("token=").expect("a token").1;
    for hidden in [
        secret,
        &key.value,
        iban,
        "whsec_MfKQ",
        token,
        "quite another password",
        "private@customer",
        "argon2",
    ] {
        assert!(!log.contains(hidden), "{hidden} in {log}");
    }
}

#[test]
fn lines_are_filtered_turned_and_exported() {
    let server = Server::start();
    let owner = server.console();
    owner.program(json!({}));
    for n in 0..5 {
        owner.partner(&format!("CODE{n}0"));
    }
    owner
        .with("goodword-mode", "live")
        .put("/v1/origins", &json!({ "origins": ["https://tea.example"] }))
        .ok::<Value>();
    let added = lines(&server, "&action=partner");
    assert_eq!(added.len(), 5);
    let page: Vec<AuditEntry> = owner.get("/v1/audit?action=partner&pageSize=2").ok();
    let rest: Vec<AuditEntry> =
        owner.get(&format!("/v1/audit?action=partner&startingAfter={}", page[1].id)).ok();
    assert_eq!([page, rest].concat(), added);
    assert!(lines(&server, "&mode=live").iter().all(|line| line.mode == "live"));
    assert_eq!(lines(&server, "&mode=test&action=origins").len(), 0);
    let origins = lines(&server, "&mode=live&action=origins");
    assert_eq!(origins[0].after, Some(json!({ "origins": ["https://tea.example"] })));
    let actor = &added[0].actor_id;
    assert!(lines(&server, &format!("&actorId={actor}")).len() >= 7);
    assert!(lines(&server, "&actorId=usr_00000000000000000000000000000000").is_empty());
    assert!(lines(&server, "&from=2999-01-01T00:00:00Z").is_empty());
    assert!(!lines(&server, "&to=2999-01-01T00:00:00Z").is_empty());
    owner.get("/v1/audit?mode=both").refused(422);
    let file = owner.get("/v1/audit/export?action=partner");
    assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
    let mut sheet = csv::Reader::from_reader(file.text.as_bytes());
    let ids: Vec<String> = sheet.records().map(|row| row.expect("a row")[7].to_owned()).collect();
    assert_eq!(ids, added.iter().map(|line| line.subject_id.clone()).collect::<Vec<_>>());
}

#[test]
fn a_vendor_reads_its_own_log_alone() {
    let server = Server::start();
    server.test().program(json!({}));
    let other = server.another_vendor("Coffee Shop", "owner@coffee.example", &["https://coffee.example"]);
    let stranger = server.console_of(&other.owner.email, &other.owner.password);
    let theirs: Vec<AuditEntry> = stranger.get("/v1/audit").ok();
    assert_eq!(theirs.iter().map(|line| line.action.as_str()).collect::<Vec<_>>(), ["person.logged_in"]);
}
