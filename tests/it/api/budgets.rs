//! What programs set aside: never overspent, and never taken away once it is spent.

use crate::harness::{Client, Kind, Server, at_once};
use goodword_wire::{Budget, BudgetChange};
use serde_json::{Value, json};

/// A program that pays 3.50 a sale from what was set aside.
fn budgeted(server: &Server) -> (Client, String) {
    let shop = server.test();
    let reward = json!({ "event": "sale", "type": "flat", "amount": 350 });
    let program = shop.program(json!({ "budgeted": true, "rewards": [reward], "holdDays": 30 })).id;
    shop.partner("ANNA11");
    (shop, program)
}

fn set(shop: &Client, program: &str, body: &Value) -> crate::harness::Answer {
    shop.post(&format!("/v1/programs/{program}/budget"), body)
}

fn budget(shop: &Client, program: &str) -> Budget {
    shop.get(&format!("/v1/programs/{program}/budget")).ok()
}

fn figures(shop: &Client, program: &str) -> (i64, i64, i64) {
    let budget = budget(shop, program);
    (budget.set_aside, budget.spent, budget.left)
}

/// What the sale of a customer earns.
fn earned(shop: &Client, customer: &str) -> i64 {
    let sale = shop.sale(
        json!({ "customerExternalId": customer, "invoiceId": customer, "amount": 9_900, "code": "ANNA11" }),
    );
    sale.commission.map_or(0, |commission| commission.earnings)
}

/// Worked example: a budget of 1,000 and three times 350. Money is paid as far as the budget goes.
#[test]
fn the_last_commission_gets_what_is_left() {
    let server = Server::start();
    let (shop, program) = budgeted(&server);
    assert_eq!(earned(&shop, "before"), 0, "nothing was set aside yet");
    let change: BudgetChange = set(&shop, &program, &json!({ "amount": 1_000, "note": "Spring" })).ok();
    assert_eq!((change.amount, change.note.as_str(), change.by.as_str()), (1_000, "Spring", "API key"));
    assert_eq!(["1", "2", "3", "4"].map(|customer| earned(&shop, customer)), [350, 350, 300, 0]);
    assert_eq!(figures(&shop, &program), (1_000, 1_000, 0));
    shop.refund(json!({ "invoiceId": "1", "refundId": "r1" }));
    assert_eq!(figures(&shop, &program), (1_000, 650, 350), "a refund brings back what the commission took");
    assert_eq!(earned(&shop, "5"), 350);
}

#[test]
fn no_more_is_taken_away_than_is_left() {
    let server = Server::start();
    let (shop, program) = budgeted(&server);
    set(&shop, &program, &json!({ "amount": 1_000 })).ok::<BudgetChange>();
    assert_eq!(earned(&shop, "1"), 350);
    let refusal = set(&shop, &program, &json!({ "amount": -651 })).refused(422);
    assert!(refusal.contains("`amount`") && refusal.contains("-650"), "{refusal}");
    let change: BudgetChange =
        set(&server.console(), &program, &json!({ "amount": -650, "note": "Over" })).ok();
    assert_eq!((change.amount, change.by.as_str()), (-650, "owner@shop.example"));
    let budget = budget(&shop, &program);
    assert_eq!((budget.set_aside, budget.spent, budget.left, budget.budgeted), (350, 350, 0, true));
    assert_eq!(budget.changes.iter().map(|change| change.amount).collect::<Vec<_>>(), [-650, 1_000]);
    let kinds = |cause: &str| shop.all_rows(&format!("/v1/ledger/transfers?cause={cause}"), 10);
    let transfers = kinds(&change.id);
    assert_eq!((transfers.len(), transfers[0]["kind"].as_str()), (1, Some("withdraw")));
}

#[test]
fn the_same_change_again_is_made_once() {
    let server = Server::start();
    let (shop, program) = budgeted(&server);
    let keyed = shop.with("idempotency-key", "spring-1");
    let first = set(&keyed, &program, &json!({ "amount": 700 }));
    let again = at_once(4, |_| set(&keyed, &program, &json!({ "amount": 700 })));
    assert!(first.status == 200 && again.iter().all(|answer| answer.text == first.text), "{again:?}");
    set(&keyed, &program, &json!({ "amount": 800 })).refused(409);
    assert_eq!(figures(&shop, &program), (700, 0, 700));
}

#[test]
fn what_is_no_change_is_refused() {
    let server = Server::start();
    let (shop, program) = budgeted(&server);
    for bad in [
        json!({}),
        json!({ "amount": 0 }),
        json!({ "amount": 1_000_000_000_001_i64 }),
        json!({ "amount": 1.5 }),
        json!({ "amount": 5, "by": "me" }),
    ] {
        set(&shop, &program, &bad).refused(422);
    }
    set(&shop, &format!("prg_{}", "0".repeat(32)), &json!({ "amount": 5 })).refused(404);
    set(&server.live(), &program, &json!({ "amount": 5 })).refused(404);
    set(&server.page(), &program, &json!({ "amount": 5 })).refused(403);
    assert_eq!(figures(&shop, &program), (0, 0, 0));
}

/// Fifty sales and some withdrawals at once.
fn never_overspent(kind: Kind) {
    let server = Server::on(kind);
    let (shop, program) = budgeted(&server);
    set(&shop, &program, &json!({ "amount": 10_000 })).ok::<BudgetChange>();
    let earned: i64 = at_once(50, |n| earned(&shop, &n.to_string())).iter().sum();
    assert_eq!(earned, 10_000, "28 times 350, and the rest of 200");
    assert_eq!(figures(&shop, &program), (10_000, 10_000, 0));
    set(&shop, &program, &json!({ "amount": 5_000 })).ok::<BudgetChange>();
    let amounts = at_once(40, |n| {
        if n % 4 > 0 {
            return self::earned(&shop, &format!("again-{n}"));
        }
        let answer = set(&shop, &program, &json!({ "amount": -700 }));
        assert!(matches!(answer.status, 200 | 422), "{}", answer.text);
        if answer.status == 200 { 700 } else { 0 }
    });
    assert_eq!(amounts.iter().sum::<i64>() + figures(&shop, &program).2, 5_000, "{amounts:?}");
    assert!(figures(&shop, &program).2 >= 0);
    let printed = server.operate("check", &[]);
    assert!(printed.status.success(), "{}", String::from_utf8_lossy(&printed.stdout));
}

#[test]
fn fifty_sales_at_once_never_overspend_on_sqlite() {
    never_overspent(Kind::Sqlite);
}

#[test]
fn fifty_sales_at_once_never_overspend_on_postgresql() {
    never_overspent(Kind::Postgres);
}
