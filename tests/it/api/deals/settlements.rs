//! Period settlement: once, right to the cent, and corrected in the next period.

use super::{earned, progress, settle};
use crate::api::sums::assert_sound;
use crate::harness::{Client, Server};
use goodword_wire::{Commission, Settlement};
use serde_json::{Value, json};

fn shop(server: &Server, rule: Value) -> Client {
    let shop = server.test();
    shop.freeze("2026-01-05T12:00:00.000Z");
    let mut all = json!({ "key": "volume", "name": "Quarterly volume", "period": "quarter" });
    for (name, value) in rule.as_object().expect("an object") {
        all[name] = value.clone();
    }
    shop.program(json!({ "rewards": [], "settlements": [all] }));
    shop.partner("MAYA");
    shop
}

fn rebate(mode: &str) -> Value {
    let steps = json!([{ "from": 1_000_000, "percentage": "2" }, { "from": 2_000_000, "percentage": "3" }]);
    json!({ "tiers": { "mode": mode, "steps": steps } })
}

fn sell(shop: &Client, invoice: &str, amount: i64, at: &str) {
    shop.sale(json!({ "customerExternalId": format!("c-{invoice}"), "code": "MAYA", "amount": amount, "invoiceId": invoice,
        "timestamp": at }));
}

fn refund(shop: &Client, invoice: &str, amount: i64) {
    shop.refund(json!({ "invoiceId": invoice, "refundId": format!("re-{invoice}"), "amount": amount }));
}

/// "340.00 more by 31 March unlocks 600.00"; settled ten days after the quarter, by itself, and never again.
#[test]
fn a_quarter_is_settled_once_its_grace_is_over() {
    let server = Server::start();
    let shop = shop(&server, rebate("retroactive"));
    sell(&shop, "in_1", 1_966_000, "2026-01-05T12:00:00.000Z");
    let near = progress(&shop, "volume");
    assert_eq!((near.measured, near.earned), (1_966_000, 39_320));
    assert_eq!(near.says, "340.00 more by 31 March unlocks 600.00");
    assert_eq!(near.next.map(|next| (next.missing, next.by)), Some((34_000, "2026-03-31".into())));
    shop.freeze("2026-03-31T23:59:59.999Z");
    let body = json!({ "rule": "volume", "day": "2026-03-31" });
    assert!(shop.post("/v1/settlements", &body).refused(409).contains("not over"));
    sell(&shop, "in_2", 34_000, "2026-03-31T23:59:59.999Z");
    shop.freeze("2026-04-10T23:59:59.999Z");
    assert_eq!(earned(&shop), [0_i64; 0], "its grace is not over");
    let open: Vec<Settlement> = shop.get("/v1/settlements/open").ok();
    assert_eq!((open.len(), open[0].total, open[0].id.as_str()), (1, 60_000, ""));
    shop.freeze("2026-04-11T00:00:00.000Z");
    assert_eq!(earned(&shop), [60_000]);
    let all: Vec<Settlement> = shop.all("/v1/settlements", 10);
    assert_eq!((all.len(), all[0].by.as_str(), all[0].total), (1, "goodword", 60_000));
    assert_eq!(shop.get(&format!("/v1/settlements/{}", all[0].id)).ok::<Settlement>(), all[0]);
    assert_eq!(settle(&shop, "volume", "2026-02-01"), all[0], "the one that is there");
    shop.clock(json!({ "advanceDays": 0 }));
    assert_eq!(earned(&shop), [60_000]);
    let commission: Commission = shop.commissions().remove(0);
    assert_eq!((commission.status.as_str(), commission.kind.as_str()), ("pending", "bonus"));
    assert_eq!(commission.note.as_deref(), Some("Quarterly volume, 2026-01-01 to 2026-03-31: 600.00 USD"));
    shop.clock(json!({ "advanceDays": 30 }));
    assert_eq!(shop.commissions()[0].status, "processed");
    assert_sound(&shop);
}

/// A refund and a late report of a settled quarter correct it in the next, to the same total as if they had been in time.
#[test]
fn what_comes_late_corrects_the_next_period() {
    let server = Server::start();
    let shop = shop(&server, rebate("retroactive"));
    sell(&shop, "in_1", 1_500_000, "2026-01-05T12:00:00.000Z");
    sell(&shop, "in_2", 500_000, "2026-01-05T12:00:00.000Z");
    shop.freeze("2026-04-02T00:00:00.000Z");
    let first = settle(&shop, "volume", "2026-03-01");
    assert_eq!((first.total, first.lines.len()), (60_000, 1));
    refund(&shop, "in_2", 1);
    sell(&shop, "in_3", 1_000_000, "2026-04-02T00:00:00.000Z");
    assert_eq!(settle(&shop, "volume", "2026-03-01"), first, "what is settled stays");
    let body = json!({ "rule": "volume", "day": "2026-06-30" });
    let preview: Settlement = shop.post("/v1/settlements/preview", &body).ok();
    assert_eq!(preview.total, 0, "20,000 of this quarter; and of the first 40,000 in the place of 60,000");
    shop.freeze("2026-07-15T00:00:00.000Z");
    let all: Vec<Settlement> = shop.all("/v1/settlements", 10);
    let amounts: Vec<(bool, i64)> = all[0].lines.iter().map(|line| (line.corrects, line.amount)).collect();
    assert_eq!(amounts, [(false, 20_000), (true, -20_000)]);
    assert_eq!(
        (all[0].lines[0].commission_id.as_ref(), earned(&shop)),
        (None, vec![60_000]),
        "nothing in all"
    );
    sell(&shop, "in_4", 1, "2026-02-01T00:00:00.000Z");
    refund(&shop, "in_3", 1_000_000);
    shop.freeze("2026-10-11T00:00:00.000Z");
    let all: Vec<Settlement> = shop.all("/v1/settlements", 10);
    let amounts: Vec<(bool, i64)> = all[0].lines.iter().map(|line| (line.corrects, line.amount)).collect();
    assert_eq!(
        amounts,
        [(true, -20_000), (true, 20_000)],
        "20,000 less of the second, 20,000 more of the first"
    );
    assert_eq!(earned(&shop), [60_000]);
    assert_sound(&shop);
}

/// What was paid out and turns out to be too much is owed.
#[test]
fn too_much_is_owed() {
    let server = Server::start();
    let shop = shop(&server, rebate("retroactive"));
    sell(&shop, "in_1", 2_000_000, "2026-01-05T12:00:00.000Z");
    shop.freeze("2026-04-11T00:00:00.000Z");
    refund(&shop, "in_1", 1_500_000);
    shop.freeze("2026-07-11T00:00:00.000Z");
    assert_eq!(earned(&shop), [60_000, -60_000]);
    let owed = shop.commissions().remove(0);
    assert_eq!(owed.status, "processed");
    let note =
        "Quarterly volume, 2026-04-01 to 2026-06-30: 0.00 USD; corrections of earlier periods: -600.00 USD";
    assert_eq!(owed.note.as_deref(), Some(note));
    assert_sound(&shop);
}

/// A period goes by the terms that were in force when it ended, also when it is corrected.
#[test]
fn a_new_version_changes_no_period_that_is_over() {
    let server = Server::start();
    let shop = shop(&server, rebate("retroactive"));
    let program: Vec<Value> = shop.get("/v1/programs").ok();
    sell(&shop, "in_1", 1_000_000, "2026-01-05T12:00:00.000Z");
    shop.freeze("2026-04-02T00:00:00.000Z");
    let double = json!([{ "key": "volume", "period": "quarter", "tiers": { "mode": "retroactive",
        "steps": [{ "from": 1_000_000, "percentage": "4" }] } }]);
    let path = format!("/v1/programs/{}", program[0]["id"].as_str().expect("an id"));
    shop.patch(&path, &json!({ "settlements": double })).ok::<Value>();
    sell(&shop, "in_2", 1_000_000, "2026-04-02T00:00:00.000Z");
    shop.freeze("2026-07-11T00:00:00.000Z");
    assert_eq!(earned(&shop), [20_000, 40_000]);
}

#[test]
fn rules_are_refused_by_their_fields() {
    let server = Server::start();
    let shop = server.test();
    let path = format!("/v1/programs/{}", shop.program(json!({})).id);
    let good = json!({ "key": "a", "period": "month", "tiers": { "mode": "marginal", "steps": [{ "from": 0, "percentage": "1" }] } });
    let with = |name: &str, value: Value| {
        let mut rule = good.clone();
        rule[name] = value;
        rule
    };
    for (rule, field) in [
        (with("key", json!("No")), "key"),
        (with("period", json!("ever")), "period"),
        (with("startsAt", json!("2026-01-01T00:00:00Z")), "period"),
        (with("graceDays", json!(91)), "graceDays"),
        (with("per", json!("person")), "per"),
        (with("multiples", json!([{ "times": "8" }])), "tiers"),
        (with("tiers", json!({ "mode": "marginal", "period": "month", "steps": [] })), "tiers.period"),
        (with("tiers", json!({ "mode": "marginal", "steps": [] })), "tiers.steps"),
        (with("coop", json!({ "percentage": "0", "fund": "Co-op" })), "coop.percentage"),
        (with("coop", json!({ "percentage": "40", "fund": "Co-op" })), "coop.fund"),
    ] {
        let message = shop.patch(&path, &json!({ "settlements": [good, rule] })).refused(422);
        assert!(message.starts_with(&format!("`settlements[1].{field}`")), "{message}");
    }
    let twice = shop.patch(&path, &json!({ "settlements": [good, good] })).refused(422);
    assert!(twice.starts_with("`settlements[1].key`"), "{twice}");
}

/// Erasing a customer takes nothing back: the two figures of a contract stay.
#[test]
fn an_erased_customers_contract_stays_settled() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-01-05T12:00:00.000Z");
    shop.program(json!({ "rewards": [], "settlements": [{ "key": "mrr", "period": "month",
        "multiples": [{ "months": 12, "times": "2" }] }] }));
    shop.partner("MAYA");
    let metadata = json!({ "mrr": 45_000, "termMonths": "12", "who": "Jo Buyer" });
    let sale = shop
        .sale(json!({ "customerExternalId": "u-1", "code": "MAYA", "amount": 45_000, "metadata": metadata }));
    shop.freeze("2026-02-11T00:00:00.000Z");
    assert_eq!(earned(&shop), [90_000]);
    let id = sale.customer.expect("a customer").id;
    assert_eq!(shop.delete(&format!("/v1/customers/{id}")).status, 200);
    assert!(!shop.get(&format!("/v1/sales/{}", sale.id)).text.contains("Jo Buyer"));
    shop.freeze("2026-03-11T00:00:00.000Z");
    assert_eq!(earned(&shop), [90_000]);
}
