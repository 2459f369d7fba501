//! Statements: each month closes where the next opens, and its lines explain the difference.

use crate::harness::{Client, ORIGIN, Server};
use crate::ledger::rich::play;
use goodword_wire::{Account, CurrencyStatement, Ledger, Statement, StatementBalances};
use serde_json::json;
use std::collections::BTreeMap;

const MONTHS: [&str; 7] = ["2025-12", "2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06"];

fn statement(shop: &Client, partner: &str, program: &str, month: &str) -> Statement {
    shop.get(&format!("/v1/partners/{partner}/statements?programId={program}&month={month}")).ok()
}

/// Moves an amount into an account, or out of it.
fn add(balances: &mut StatementBalances, kind: Option<&String>, amount: i64) {
    let balance = match kind.map(String::as_str) {
        None => return,
        Some("held") => &mut balances.held,
        Some("payable") => &mut balances.payable,
        Some("clawback") => &mut balances.clawback,
        Some("sent") => &mut balances.sent,
        Some("paid") => &mut balances.paid,
        Some(other) => panic!("{other} is no account of a partner"),
    };
    *balance += amount;
}

/// Every line leads from the balances before it to those after it.
fn assert_explained(part: &CurrencyStatement, month: &str) {
    let mut balances = part.opening;
    let mut before = String::new();
    for line in &part.lines {
        assert!(line.amount > 0 && line.at.starts_with(month) && line.at >= before, "{line:?}");
        add(&mut balances, line.from.as_ref(), -line.amount);
        add(&mut balances, line.to.as_ref(), line.amount);
        assert_eq!(line.balances, balances, "{line:?}");
        before.clone_from(&line.at);
    }
    assert_eq!(part.closing, balances);
}

/// What the ledger says of a partner, by currency.
fn in_ledger(shop: &Client, partner: &str, program: &str) -> BTreeMap<String, StatementBalances> {
    let ledger: Ledger = shop.get(&format!("/v1/ledger?programId={program}")).ok();
    let hers = |account: &&Account| account.partner_id.as_deref() == Some(partner);
    let mut all: BTreeMap<String, StatementBalances> = BTreeMap::new();
    for account in ledger.accounts.iter().filter(hers) {
        add(all.entry(account.currency.clone()).or_default(), Some(&account.kind), account.balance);
    }
    all.retain(|_, balances| *balances != StatementBalances::default());
    all
}

#[test]
fn each_month_closes_where_the_next_opens() {
    let server = Server::start();
    let rich = play(&server, 1, 250);
    let mut lines = 0;
    for (program, partners) in rich.programs.iter().zip(&rich.partners) {
        for partner in partners {
            lines += assert_continuous(&rich.shop, partner, program);
        }
    }
    assert!(lines > 200, "{lines} lines are too few");
}

/// Reads a partner's statements of all months; how many lines they have.
fn assert_continuous(shop: &Client, partner: &str, program: &str) -> usize {
    let mut open: BTreeMap<String, StatementBalances> = BTreeMap::new();
    let mut lines = 0;
    for month in MONTHS {
        let statement = statement(shop, partner, program, month);
        assert_eq!((statement.month.as_str(), statement.partner.id.as_str()), (month, partner));
        let opening = statement.currencies.iter().map(|part| (part.currency.clone(), part.opening));
        let opening: BTreeMap<_, _> = opening.filter(|(_, b)| *b != StatementBalances::default()).collect();
        assert_eq!(opening, open, "{month}");
        let closing = statement.currencies.iter().map(|part| (part.currency.clone(), part.closing));
        open = closing.filter(|(_, b)| *b != StatementBalances::default()).collect();
        for part in &statement.currencies {
            assert_explained(part, month);
            lines += part.lines.len();
        }
    }
    assert_eq!(open, in_ledger(shop, partner, program));
    lines
}

/// Worked example: a sale of 78.00 at 20 %, held; some of it is given back; the hold ends in the month after.
#[test]
fn a_month_as_json_as_a_table_and_to_print() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-12-24T12:00:00.000Z");
    let program = shop.program(json!({ "holdDays": 30, "name": "+Tea" })).id;
    let partner = shop
        .partner_with("ANNA11", json!({ "name": "=<b>Anna</b>", "timestamp": "2026-11-01T00:00:00Z" }))
        .id;
    let commission = shop.sale(json!({ "customerExternalId": "u", "invoiceId": "i", "amount": 7_800, "code": "ANNA11", "timestamp": "2026-11-20T09:00:00Z" })).commission.expect("one");
    shop.refund(json!({ "invoiceId": "i", "refundId": "r", "amount": 1_950, "timestamp": "2026-11-30T23:59:59.999Z" }));
    shop.clock(json!({ "advanceMs": 1 }));
    let november = statement(&shop, &partner, &program, "2026-11");
    let part = &november.currencies[0];
    let told: Vec<_> = part
        .lines
        .iter()
        .map(|l| (l.what.as_str(), l.amount, l.from.as_deref(), l.to.as_deref(), l.balances.held))
        .collect();
    assert_eq!(
        told,
        [("credited", 1_560, None, Some("held"), 1_560), ("taken_back", 390, Some("held"), None, 1_170)]
    );
    assert!(part.lines.iter().all(|line| line.cause == commission.id));
    let december = statement(&shop, &partner, &program, "2026-12");
    assert_eq!((december.currencies[0].opening.held, december.currencies[0].closing.payable), (1_170, 1_170));
    assert_eq!(december.currencies[0].lines[0].what, "cleared");
    let path = format!("/v1/partners/{partner}/statements?month=2026-11");
    let table = shop.get(&format!("{path}&format=csv"));
    assert_eq!(table.header("content-type"), Some("text/csv; charset=utf-8"));
    assert_eq!(table.text.lines().count(), 5);
    let line = table.text.lines().nth(3).expect("the refund");
    assert!(
        line.starts_with(
            "'+Tea,'=<b>Anna</b>,2026-11,2026-11-30T23:59:59.999Z,taken_back,held,,3.90,usd,11.70,"
        ),
        "{line}"
    );
    let page = shop.get(&format!("{path}&format=html"));
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    assert!(page.text.contains("11.70") && !page.text.contains("<b>Anna"), "{}", page.text);
    let nothing = statement(&shop, &partner, &program, "2026-01");
    assert!(nothing.currencies.is_empty());
}

#[test]
fn what_names_no_statement_is_refused() {
    let server = Server::start();
    let shop = server.test();
    shop.program(json!({}));
    let partner = shop.partner("ANNA11").id;
    let path = format!("/v1/partners/{partner}/statements");
    for (query, field) in
        [("", "`month`"), ("?month=2026-13", "`month`"), ("?month=2026-11&format=pdf", "`format`")]
    {
        let refusal = shop.get(&format!("{path}{query}")).refused(422);
        assert!(refusal.contains(field), "{refusal}");
    }
    server.live().get(&format!("{path}?month=2026-11")).refused(404);
    server.page().get(&format!("{path}?month=2026-11")).refused(403);
    shop.get(&format!("/v1/partners/ptn_{}/statements?month=2026-11", "0".repeat(32))).refused(404);
}

/// Money shows once the address is proven, here as everywhere.
#[test]
fn a_partner_reads_her_own() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-11-24T12:00:00.000Z");
    let program = shop.program(json!({})).id;
    let maya = server.page().join("Maya", "maya@example.com");
    let code = maya.join.me.as_ref().and_then(|me| me.link.as_ref()).expect("a link").code.clone();
    shop.sale(json!({ "customerExternalId": "u", "amount": 5_000, "code": code }));
    let hers = server.bearer(&maya.token).with("origin", ORIGIN);
    let refusal = hers.get("/v1/embed/statement?month=2026-11").refused(403);
    assert!(refusal.contains("proven"), "{refusal}");
    server.change("update partner set proven_at = 1");
    let own: Statement = hers.get("/v1/embed/statement?month=2026-11").ok();
    assert_eq!(own.currencies[0].closing.held, 1_000);
    assert_eq!(own, statement(&shop, &own.partner.id, &program, "2026-11"));
    assert!(
        hers.get("/v1/embed/statement?month=2026-11&format=csv")
            .text
            .contains(",credited,,held,10.00,usd,10.00,")
    );
    server.nobody().get("/v1/embed/statement?month=2026-11").refused(401);
}
