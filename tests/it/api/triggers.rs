//! Triggers: what they do, when, why, and how often.

#![expect(
    clippy::needless_pass_by_value,
    reason = "`trigger(shop, …, json!({ … }), …)` reads better than with borrowed values"
)]

use super::webhooks::{endpoint, server};
use crate::harness::{Client, Receiver, Server};
use goodword_wire::{Commission, Delivery, DryRun, Partner, Trigger, TriggerRun};
use serde_json::{Value, json};

fn shop(server: &Server) -> Client {
    let shop = server.test();
    shop.freeze("2026-03-01T09:00:00.000Z");
    shop.program(json!({ "autoApprove": false }));
    shop
}

#[track_caller]
fn trigger(shop: &Client, event: &str, when: Value, actions: Value) -> Trigger {
    let input = json!({ "name": "Rule", "event": event, "when": when, "actions": actions });
    shop.post("/v1/triggers", &input).ok()
}

fn runs(shop: &Client, trigger: &Trigger) -> Vec<TriggerRun> {
    shop.all(&format!("/v1/triggers/{}/runs", trigger.id), 100)
}

#[track_caller]
fn wait_for_runs(shop: &Client, trigger: &Trigger, count: usize) -> Vec<TriggerRun> {
    for _ in 0..200 {
        let found = runs(shop, trigger);
        if found.len() >= count {
            return found;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    panic!("{} did not act {count} times: {:#?}", trigger.says, runs(shop, trigger));
}

fn sale(shop: &Client, number: usize, amount: i64) {
    shop.sale(json!({
        "customerExternalId": format!("u{number}"), "amount": amount, "code": "MAYA27", "invoiceId": format!("in_{number}"),
    }));
}

fn partner(shop: &Client, search: &str) -> Partner {
    shop.get(&format!("/v1/partners?search={search}")).ok::<Vec<Partner>>().remove(0)
}

#[test]
fn an_application_is_approved_greeted_and_rewarded() {
    let server = Server::start();
    let shop = shop(&server);
    let ours = json!({ "field": "emailDomain", "is": ["friends.example"] });
    let actions = json!([
        { "type": "approve" },
        { "type": "points", "amount": 50 },
        { "type": "mail", "subject": "Welcome, {{partner}}", "body": "You are in {{program}}: see {{nothing}}.\n\nSee <it>." },
    ]);
    let rule = trigger(&shop, "partner.application_submitted", ours, actions);
    assert_eq!(
        rule.says,
        "On partner.application_submitted, if emailDomain is friends.example: approve the partner; grant 50 points; \
         mail the partner “Welcome, {{partner}}”."
    );
    server.page().join("Ann Friend", "ann@friends.example");
    server.page().join("Max Stranger", "max@else.example");
    let run = wait_for_runs(&shop, &rule, 1).remove(0);
    assert_eq!((run.outcome.as_str(), run.event.as_str()), ("done", "partner.application_submitted"));
    assert_eq!(run.detail.compared[0].value.as_deref(), Some("friends.example"));
    assert!(run.detail.actions.iter().all(|action| action.done), "{run:#?}");
    let ann = partner(&shop, "ann");
    assert_eq!((ann.status.as_str(), ann.reason.as_str()), ("approved", "approved_by_trigger"));
    assert_eq!(partner(&shop, "max").status, "pending");
    let given: Vec<Commission> = shop.commissions();
    assert_eq!((given.len(), given[0].currency.as_str(), given[0].earnings), (1, "points", 50));
    assert_eq!(given[0].note.as_deref(), Some("Rule"));
    // The proof, the news of the approval, and the greeting: as text and as HTML, in the program's name.
    let mails = server.mailed("ann@friends.example", 3);
    let greeting =
        mails.iter().find(|mail| mail.contains("Subject: Welcome, Ann Friend")).expect("a greeting");
    for part in
        ["multipart/alternative", "text/plain", "text/html", "See <it>.\r\n", ">See &#60;it&#62;.</p>"]
    {
        assert!(greeting.contains(part), "{part}: {greeting}");
    }
    assert_eq!(greeting.matches("You are in Friends of Tea: see {{nothing}}.").count(), 3, "{greeting}");
    assert!(greeting.contains("From: \"Friends of Tea\""), "{greeting}");
}

#[test]
fn the_third_sale_moves_the_partner_once() {
    let server = Server::start();
    let shop = shop(&server);
    let program: Vec<Value> = shop.get("/v1/programs").ok();
    let path = format!("/v1/programs/{}/groups", program[0]["id"].as_str().expect("an id"));
    let gold: Value = shop.post(&path, &json!({ "name": "Gold" })).ok();
    shop.partner("MAYA27");
    let third =
        json!({ "all": [{ "field": "totalSales", "atLeast": 3 }, { "field": "group", "isNot": ["Gold"] }] });
    let rule =
        trigger(&shop, "sale.created", third, json!([{ "type": "move_to_group", "groupId": gold["id"] }]));
    for number in 0..2 {
        sale(&shop, number, 1000);
    }
    std::thread::sleep(std::time::Duration::from_millis(800));
    assert_eq!(runs(&shop, &rule).len(), 0);
    sale(&shop, 3, 1000);
    let run = wait_for_runs(&shop, &rule, 1).remove(0);
    assert_eq!(run.detail.actions[0].says, "The partner is in Gold now.");
    assert_eq!(partner(&shop, "maya27").group_id, gold["id"].as_str().expect("an id"));
    sale(&shop, 4, 1000);
    std::thread::sleep(std::time::Duration::from_millis(800));
    assert_eq!(runs(&shop, &rule).len(), 1);
}

#[test]
fn an_event_sets_a_trigger_off_once_though_it_is_replayed_and_two_processes_look() {
    let (one, receiver) = (server(), Receiver::start());
    let shop = shop(&one);
    let _two = one.beside();
    shop.partner("MAYA27");
    let webhook = endpoint(&shop, &receiver, json!({ "events": ["sale.created"] }));
    let rule =
        trigger(&shop, "sale.created", json!({ "all": [] }), json!([{ "type": "bonus", "amount": 100 }]));
    (0..6).for_each(|number| sale(&shop, number, 1000));
    receiver.wait_for(6);
    let replay = json!({ "from": "2020-01-01T00:00:00Z", "which": "all" });
    shop.post(&format!("/v1/webhooks/{}/replay", webhook.id), &replay).ok::<Value>();
    receiver.wait_for(7);
    assert_eq!(wait_for_runs(&shop, &rule, 6).len(), 6);
    let bonuses = shop.commissions().into_iter().filter(|c| c.kind == "bonus").count();
    assert_eq!(bonuses, 6);
    crate::ledger::assert_whole_ledger(&shop);
}

#[test]
fn chains_end_by_themselves() {
    let server = Server::start();
    let shop = shop(&server);
    shop.partner("MAYA27");
    let endless = trigger(
        &shop,
        "commission.created",
        json!({ "all": [] }),
        json!([{ "type": "points", "amount": 1 }]),
    );
    sale(&shop, 1, 1000);
    let found = wait_for_runs(&shop, &endless, 4);
    std::thread::sleep(std::time::Duration::from_secs(1));
    let outcomes: Vec<_> = found.iter().map(|run| run.outcome.as_str()).collect();
    assert_eq!(outcomes, ["too_deep", "done", "done", "done"], "newest first");
    assert_eq!(runs(&shop, &endless).len(), 4);
    assert_eq!(shop.commissions().len(), 4, "the sale's, and three grants");
}

#[test]
fn an_action_that_is_refused_keeps_none_of_the_others_back() {
    let (server, receiver) = (server(), Receiver::start());
    let shop = shop(&server);
    let webhook = endpoint(&shop, &receiver, json!({ "events": ["lead.created"] }));
    let actions = json!([{ "type": "points", "amount": 5 }, { "type": "webhook", "webhookId": webhook.id }]);
    let rule = trigger(&shop, "sale.created", json!({ "all": [] }), actions);
    // Nobody is credited: there is no partner to grant anything to.
    shop.sale(json!({ "customerExternalId": "u1", "amount": 1000, "invoiceId": "in_1" }));
    let run = wait_for_runs(&shop, &rule, 1).remove(0);
    assert_eq!(run.outcome, "partly");
    assert_eq!(run.detail.actions[0].says, "The event is about no partner of the program.");
    assert_eq!(receiver.wait_for_kind("sale.created").header("webhook-id"), run.event_id);
    let sent: Vec<Delivery> = shop.get(&format!("/v1/webhooks/{}/deliveries", webhook.id)).ok();
    assert_eq!(sent[0].cause, "trigger");
}

#[test]
fn a_bonus_beyond_the_budget_is_refused_and_told() {
    let server = Server::start();
    let shop = shop(&server);
    let program: Vec<Value> = shop.get("/v1/programs").ok();
    let path = format!("/v1/programs/{}", program[0]["id"].as_str().expect("an id"));
    shop.patch(&path, &json!({ "budgeted": true })).ok::<Value>();
    shop.partner("MAYA27");
    let rule =
        trigger(&shop, "lead.created", json!({ "all": [] }), json!([{ "type": "bonus", "amount": 100 }]));
    shop.lead(json!({ "customerExternalId": "u1", "code": "MAYA27" }));
    let run = wait_for_runs(&shop, &rule, 1).remove(0);
    assert_eq!(
        (run.outcome.as_str(), run.detail.actions[0].says.as_str()),
        ("refused", "The program’s budget does not cover it.")
    );
}

#[test]
fn a_dry_run_tells_and_does_nothing() {
    let server = Server::start();
    let shop = shop(&server);
    shop.partner("MAYA27");
    sale(&shop, 1, 1000);
    sale(&shop, 2, 9000);
    let described = json!({
        "name": "Large", "event": "sale.created", "when": { "field": "amount", "atLeast": 5000 },
        "actions": [{ "type": "bonus", "amount": 100 }],
    });
    let before = shop.commissions().len();
    let tried: Vec<DryRun> = shop.post("/v1/triggers/dry-run", &json!({ "trigger": described })).ok();
    let verdicts: Vec<_> = tried.iter().map(|run| run.verdict.as_str()).collect();
    assert_eq!(verdicts, ["acts", "condition_not_met"], "the latest first");
    assert_eq!(tried[0].detail.compared[0].value.as_deref(), Some("9000"));
    assert!(tried[0].detail.actions[0].done && tried[1].detail.actions.is_empty());
    let types: Vec<Value> = shop.get("/v1/webhooks/event-types").ok();
    let example = &types.iter().find(|kind| kind["event"] == "sale.created").expect("it is there")["example"];
    let made_up: Vec<DryRun> =
        shop.post("/v1/triggers/dry-run", &json!({ "trigger": described, "data": example })).ok();
    assert_eq!(made_up[0].verdict, "acts");
    assert!(!made_up[0].detail.actions[0].done, "its partner is not one of ours");
    assert_eq!(shop.commissions().len(), before);
    assert_eq!(shop.get("/v1/triggers").ok::<Vec<Trigger>>().len(), 0);
    let message = shop.post("/v1/triggers/dry-run", &json!({})).refused(422);
    assert!(message.starts_with("`trigger`"), "{message}");
}

#[test]
fn a_trigger_is_changed_disabled_and_deleted() {
    let server = Server::start();
    let shop = shop(&server);
    shop.partner("MAYA27");
    let rule =
        trigger(&shop, "lead.created", json!({ "all": [] }), json!([{ "type": "points", "amount": 5 }]));
    let path = format!("/v1/triggers/{}", rule.id);
    let off: Trigger = shop.patch(&path, &json!({ "status": "disabled", "name": "Off" })).ok();
    assert_eq!((off.status.as_str(), off.name.as_str(), &off.actions), ("disabled", "Off", &rule.actions));
    shop.lead(json!({ "customerExternalId": "u1", "code": "MAYA27" }));
    std::thread::sleep(std::time::Duration::from_millis(800));
    assert_eq!(runs(&shop, &rule).len(), 0);
    shop.patch(&path, &json!({ "status": "enabled" })).ok::<Trigger>();
    shop.lead(json!({ "customerExternalId": "u2", "code": "MAYA27" }));
    assert_eq!(wait_for_runs(&shop, &rule, 1).len(), 1);
    server.live().get(&path).refused(404);
    shop.delete(&path).ok::<Trigger>();
    shop.get(&path).refused(404);
    shop.lead(json!({ "customerExternalId": "u3", "code": "MAYA27" }));
    std::thread::sleep(std::time::Duration::from_millis(800));
    assert_eq!(shop.commissions().len(), 1);
}

#[test]
fn input_is_refused_by_field() {
    let server = Server::start();
    let shop = shop(&server);
    let fine = json!({ "name": "Rule", "event": "sale.created", "actions": [{ "type": "approve" }] });
    let check = |field: &str, with: Value| {
        let mut input = fine.clone();
        if let (Value::Object(input), Value::Object(with)) = (&mut input, with) {
            input.extend(with);
        }
        let message = shop.post("/v1/triggers", &input).refused(422);
        assert!(message.starts_with(&format!("`{field}`")), "{message}");
    };
    check("name", json!({ "name": " " }));
    check("event", json!({ "event": "sale.eaten" }));
    check("actions", json!({ "actions": [] }));
    check("actions[0].type", json!({ "actions": [{ "type": "explode" }] }));
    check(
        "actions[0].groupId",
        json!({ "actions": [{ "type": "move_to_group", "groupId": "grp_00000000000000000000000000000000" }] }),
    );
    check(
        "actions[0].webhookId",
        json!({ "actions": [{ "type": "webhook", "webhookId": "whk_00000000000000000000000000000000" }] }),
    );
    check("when.field", json!({ "when": { "field": "colour", "is": ["red"] } }));
    check("when.atLeast", json!({ "when": { "field": "group", "atLeast": 3 } }));
    check("status", json!({ "status": "asleep" }));
    shop.post("/v1/triggers", &fine).ok::<Trigger>();
}
