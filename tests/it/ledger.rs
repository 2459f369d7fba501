//! Whatever happens, in whatever order: the ledger balances, its balances are the sums of its transfers, and what each
//! partner is owed is what a small independent model in this file computes.

mod exports;
mod model;
pub mod rich;

use crate::harness::{Client, Server};
use goodword_wire::{Account, Commission, Transfer};
pub use model::Rng;
use model::{Model, Outcome, Report};
use serde_json::json;
use std::collections::HashMap;

/// How many histories are played, each on a program of its own, and how many things happen in each.
const HISTORIES: u64 = 24;
const STEPS: usize = 40;

#[test]
fn random_histories() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-01-31T10:00:00.000Z");
    for seed in 1..=HISTORIES {
        play(&shop, seed);
    }
    assert_whole_ledger(&shop);
}

/// The same history twice ends in the same figures.
#[test]
fn a_history_repeated_elsewhere_ends_alike() {
    let figures = || {
        let server = Server::start();
        let shop = server.test();
        shop.freeze("2026-01-31T10:00:00.000Z");
        play(&shop, 7);
        let rows = shop.commissions();
        rows.into_iter().map(|c| (c.earnings, c.status, c.created_at)).collect::<Vec<_>>()
    };
    assert_eq!(figures(), figures());
}

fn play(shop: &Client, seed: u64) {
    let mut rng = Rng(seed);
    let mut model = Model::new(shop, seed, &mut rng);
    for step in 0..STEPS {
        let report = model.next(&mut rng);
        send(shop, &mut model, &report, &format!("seed {seed}, step {step}"));
        if step % 10 == 9 {
            assert_alike(shop, &model, seed);
        }
    }
    assert_alike(shop, &model, seed);
}

/// Sends a report, sometimes twice, and compares the answer with what the model says.
fn send(shop: &Client, model: &mut Model, report: &Report, context: &str) {
    let expected = model.apply(report);
    let answer = shop.post(report.path(), &report.body(model));
    assert_eq!(
        answer.status,
        if expected == Outcome::Refused { 422 } else { 200 },
        "{context}: {report:?}: {}",
        answer.text
    );
    if let Outcome::Stored(Some(earnings)) = expected {
        assert_eq!(
            answer.json()["commission"]["earnings"],
            earnings,
            "{context}: {report:?}: {}",
            answer.text
        );
    }
    if report.can_repeat() && expected != Outcome::Refused {
        let again = shop.post(report.path(), &report.body(model));
        assert_eq!(again.text, answer.text, "{context}: {report:?} repeated");
    }
}

/// Compares the server's commissions and balances with the model's.
fn assert_alike(shop: &Client, model: &Model, seed: u64) {
    let commissions: Vec<Commission> = shop.all(&format!("/v1/commissions?programId={}", model.program), 100);
    let accounts = ledger_of(shop, &model.program);
    for (index, partner) in model.partners.iter().enumerate() {
        let expected = model.owed(index);
        let sum = |statuses: &[&str]| {
            let hers = commissions
                .iter()
                .filter(|c| c.partner.id == *partner && statuses.contains(&c.status.as_str()));
            hers.map(|c| c.earnings).sum::<i64>()
        };
        assert_eq!(
            (sum(&["pending"]), sum(&["processed"])),
            expected,
            "seed {seed}, partner {index}: commissions"
        );
        let balance = |kind: &str| {
            accounts
                .iter()
                .filter(|a| a.partner_id.as_ref() == Some(partner) && a.kind == kind)
                .map(|a| a.balance)
                .sum::<i64>()
        };
        assert_eq!((balance("held"), balance("payable")), expected, "seed {seed}, partner {index}: balances");
    }
    let by_id: HashMap<_, _> = commissions.iter().map(|c| (c.id.as_str(), c)).collect();
    assert_eq!(by_id.len(), commissions.len());
    assert_eq!(commissions.len(), model.commissions(), "seed {seed}: count of commissions");
}

/// The accounts of a program, checked against its transfers.
fn ledger_of(shop: &Client, program: &str) -> Vec<Account> {
    let ledger: goodword_wire::Ledger = shop.get(&format!("/v1/ledger?programId={program}")).ok();
    let transfers: Vec<Transfer> = shop.all(&format!("/v1/ledger/transfers?programId={program}"), 100);
    assert_eq!(ledger.total_debits, ledger.total_credits);
    assert_eq!(ledger.accounts.iter().map(|a| a.balance).sum::<i64>(), 0);
    assert_balances(&ledger.accounts, &transfers);
    ledger.accounts
}

/// Balances recomputed from the transfers are those the server tells.
pub fn assert_balances(accounts: &[Account], transfers: &[Transfer]) {
    let mut flows: HashMap<&str, (i64, i64)> = HashMap::new();
    for t in transfers {
        assert!(t.amount > 0 && t.debit_account != t.credit_account, "{t:?}");
        flows.entry(&t.credit_account).or_default().0 += t.amount;
        flows.entry(&t.debit_account).or_default().1 += t.amount;
    }
    for account in accounts {
        let flow = flows.remove(account.id.as_str()).unwrap_or_default();
        assert_eq!((account.credits, account.debits), flow, "{account:?}");
        assert_eq!(account.balance, account.credits - account.debits);
        assert!(account.kind == "expense" || account.balance >= 0, "{account:?}");
    }
    assert!(flows.is_empty(), "transfers to accounts that are not there: {flows:?}");
}

/// The vendor's whole ledger: it balances, and each commission's transfers come to its earnings.
pub fn assert_whole_ledger(shop: &Client) {
    let (ledger, transfers) = (shop.ledger(), shop.transfers());
    assert_eq!(ledger.total_debits, ledger.total_credits);
    assert_eq!(ledger.total_credits, transfers.iter().map(|t| t.amount).sum::<i64>());
    assert_balances(&ledger.accounts, &transfers);
    let mut left: HashMap<&str, i64> = HashMap::new();
    for t in &transfers {
        let sign = match t.kind.as_str() {
            "hold" => 1,
            "take_back" => -1,
            _ => 0,
        };
        *left.entry(&t.cause).or_default() += sign * t.amount;
    }
    for commission in shop.commissions() {
        let posted = left.remove(commission.id.as_str()).unwrap_or_default();
        assert_eq!(posted, commission.earnings, "{commission:?}");
    }
    assert!(left.is_empty(), "transfers without a commission: {left:?}");
}

#[test]
fn an_empty_ledger_balances() {
    let server = Server::start();
    let shop = server.test();
    shop.program(json!({}));
    assert_whole_ledger(&shop);
    assert_eq!(shop.ledger().total_credits, 0);
}
