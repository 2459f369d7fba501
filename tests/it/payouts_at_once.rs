//! Many at the same moment, on one server or two: nobody is paid twice, nothing is lost, and the ledger says so.

use crate::harness::{Answer, Client, Kind, Server, assert_each, at_once};
use goodword_wire::{Commission, DueList, Payout, PayoutBatch, PayoutMethod, Transfer};
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};

const PARTNERS: usize = 4;
const SALES: usize = 6;

/// Several partners with cleared sales of 100.00, each of which earned 20.00; and the servers that are asked in turn.
struct Stage {
    servers: Vec<Server>,
}

impl Stage {
    /// On so many processes with one database.
    fn on(processes: usize) -> Self {
        let first = Server::durable(Kind::chosen());
        let mut servers: Vec<_> = (1..processes).map(|_| first.beside()).collect();
        servers.insert(0, first);
        let stage = Self { servers };
        let shop = stage.shop(0);
        shop.freeze("2026-03-01T09:00:00.000Z");
        shop.program(json!({ "holdDays": 1, "minPayout": 1 }));
        for code in 0..PARTNERS {
            let partner = shop.partner(&format!("CODE{code}")).id;
            let method = json!({ "method": "manual" });
            shop.put(&format!("/v1/partners/{partner}/payout-method"), &method).ok::<PayoutMethod>();
        }
        stage.sell(0..PARTNERS * SALES);
        stage
    }

    /// Sales that clear once the clock moves on.
    fn sell(&self, numbers: std::ops::Range<usize>) {
        for i in numbers {
            let code = format!("CODE{}", i % PARTNERS);
            self.shop(i).sale(json!({ "customerExternalId": format!("u{i}"), "amount": 10_000, "code": code,
                "invoiceId": format!("in_{i}") }));
        }
    }

    fn shop(&self, number: usize) -> Client {
        self.servers[number % self.servers.len()].test()
    }

    fn create(&self, number: usize, key: &str) -> Answer {
        self.shop(number).with("idempotency-key", key).post("/v1/payouts/batches", &json!({}))
    }

    fn clear(&self) {
        self.shop(0).clock(json!({ "advanceDays": 2 }));
    }

    fn payouts(&self) -> Vec<Payout> {
        self.shop(0).all("/v1/payouts", 100)
    }

    /// Approves and pays whatever is left of drafts, then what is due, until nothing is.
    fn pay_the_rest(&self) {
        for round in 0..3 {
            for batch in self.shop(0).all::<PayoutBatch>("/v1/payouts/batches", 100) {
                if batch.status == "draft" {
                    self.shop(0)
                        .post(&format!("/v1/payouts/batches/{}/approve", batch.id), &json!({}))
                        .ok::<Value>();
                }
            }
            let open: Vec<_> =
                self.payouts().into_iter().filter(|p| p.status == "processing").map(|p| p.id).collect();
            if !open.is_empty() {
                let marks = json!({ "payouts": open, "status": "paid" });
                self.shop(0).post("/v1/payouts/mark", &marks).ok::<Value>();
            }
            self.create(0, &format!("rest {round}"));
        }
    }

    /// Whatever was done: every account is what commissions and payouts say, and no commission is in two payouts.
    fn check(&self) {
        let shop = self.shop(0);
        let (ledger, payouts) = (shop.ledger(), self.payouts());
        let commissions: Vec<Commission> = shop.commissions();
        let balance = |kind: &str| -> i64 {
            ledger.accounts.iter().filter(|a| a.kind == kind).map(|a| a.balance).sum()
        };
        assert_eq!(ledger.accounts.iter().map(|a| a.balance).sum::<i64>(), 0);
        let free = |c: &&Commission| c.status == "processed" && c.payout_id.is_none();
        let due: Vec<i64> = commissions.iter().filter(free).map(|c| c.earnings).collect();
        assert_eq!(balance("payable"), due.iter().filter(|e| **e > 0).sum::<i64>());
        assert_eq!(balance("clawback"), due.iter().filter(|e| **e < 0).sum::<i64>());
        let sum = |statuses: &[&str]| -> i64 {
            payouts.iter().filter(|p| statuses.contains(&p.status.as_str())).map(|p| p.amount).sum()
        };
        assert_eq!(
            (balance("sent"), balance("paid")),
            (sum(&["pending", "processing"]), sum(&["completed"]))
        );
        let mut taken: HashMap<&str, i64> = HashMap::new();
        for c in &commissions {
            if let Some(payout) = &c.payout_id {
                *taken.entry(payout).or_default() += c.earnings;
            }
        }
        let live =
            payouts.iter().filter(|p| !matches!(p.status.as_str(), "failed" | "returned" | "canceled"));
        for payout in live {
            assert_eq!(taken.remove(payout.id.as_str()), Some(payout.amount), "{payout:?}");
        }
        assert!(taken.is_empty(), "commissions in payouts that came back: {taken:?}");
        let earned: i64 = commissions
            .iter()
            .filter(|c| c.payout_id.is_some() || c.status == "processed")
            .map(|c| c.earnings)
            .sum();
        assert_eq!(earned, due.iter().sum::<i64>() + balance("sent") + balance("paid"));
        assert_once(&shop.transfers());
    }

    /// The same as `goodword check` sees it, figures included.
    fn check_all(&self) {
        self.check();
        let output = self.servers[0].operate("check", &[]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }

    /// What was paid in all, minor units.
    fn paid(&self) -> i64 {
        self.shop(0).ledger().accounts.iter().filter(|a| a.kind == "paid").map(|a| a.balance).sum()
    }
}

/// Each payout sends and pays once at the most.
fn assert_once(transfers: &[Transfer]) {
    let mut seen = HashSet::new();
    for t in
        transfers.iter().filter(|t| matches!(t.kind.as_str(), "send" | "pay" | "net" | "release" | "hold"))
    {
        assert!(seen.insert((t.kind.as_str(), t.cause.as_str())), "twice: {t:?}");
    }
}

fn ok(answers: &[Answer]) -> Vec<PayoutBatch> {
    assert_each(answers, &[200, 409]);
    answers.iter().filter(|a| a.status == 200).map(|a| a.clone().ok()).collect()
}

fn batches_at_once(processes: usize) {
    let stage = Stage::on(processes);
    stage.clear();
    let due: DueList = stage.shop(0).get("/v1/payouts/due").ok();
    assert_eq!(due.amount, 48_000);
    let answers = at_once(12, |i| stage.create(i, &format!("run {i}")));
    let made = ok(&answers);
    assert_eq!(made.iter().map(|b| b.amount).sum::<i64>(), 48_000, "{made:?}");
    assert_eq!(made.len(), 1, "the others found nothing due");
    stage.check();
    stage.pay_the_rest();
    stage.check();
    assert_eq!(stage.paid(), 48_000);
}

#[test]
fn many_runs_pay_once() {
    batches_at_once(1);
}

#[test]
fn many_runs_of_two_processes_pay_once() {
    batches_at_once(2);
}

#[test]
fn one_key_is_one_batch_for_all_who_send_it() {
    let stage = Stage::on(2);
    stage.clear();
    let answers = at_once(12, |i| stage.create(i, "march"));
    let made = ok(&answers);
    assert_eq!(made.len(), 12, "{answers:?}");
    assert!(made.iter().all(|batch| *batch == made[0]), "the first answer is everybody's");
    assert_eq!(stage.payouts().len(), PARTNERS);
    stage.check();
}

/// While sales are made and holds end, batches are created: each commission is in one of them, or due afterwards.
#[test]
fn batches_while_holds_end() {
    let stage = Stage::on(2);
    for round in 0..3 {
        let first = PARTNERS * SALES * (round + 1);
        at_once(6, |i| match i {
            0 => stage.clear(),
            1 | 2 => stage.sell(first + i * 8..first + i * 8 + 8),
            _ => drop(stage.create(i, &format!("round {round} run {i}"))),
        });
        stage.check();
    }
    stage.clear();
    stage.pay_the_rest();
    stage.check_all();
    let all = i64::try_from(PARTNERS * SALES + 3 * 16).expect("few") * 2000;
    assert_eq!(stage.paid(), all);
    let due: DueList = stage.shop(1).get("/v1/payouts/due").ok();
    assert!(due.partners.is_empty(), "{due:?}");
}

/// Refunds come while a batch is created, approved, marked paid, and marked failed: what is paid is never more than what
/// remains, once the corrections are set off.
#[test]
fn refunds_while_payouts_are_under_way() {
    let stage = Stage::on(2);
    stage.clear();
    let refund = |i: usize, part: usize| {
        let body =
            json!({ "invoiceId": format!("in_{i}"), "refundId": format!("re_{i}_{part}"), "amount": 2500 });
        let answer = stage.shop(i).post("/v1/track/refund", &body);
        assert_eq!(answer.status, 200, "{}", answer.text);
    };
    at_once(9, |i| if i == 8 { drop(stage.create(i, "march")) } else { refund(i, 0) });
    stage.check();
    let batch: PayoutBatch = stage.create(0, "march").ok();
    at_once(9, |i| {
        if i == 8 {
            let approve = format!("/v1/payouts/batches/{}/approve", batch.id);
            stage.shop(i).post(&approve, &json!({})).ok::<PayoutBatch>();
        } else {
            refund(i, 1);
        }
    });
    stage.check();
    let payouts: Vec<_> = stage.payouts().into_iter().map(|p| p.id).collect();
    let mark = |i: usize, ids: &[String], status: &str| {
        let marked = stage.shop(i).post("/v1/payouts/mark", &json!({ "payouts": ids, "status": status }));
        assert_eq!(marked.status, 200, "{}", marked.text);
    };
    at_once(10, |i| match i {
        8 => mark(i, &payouts[..2], "paid"),
        9 => mark(i, &payouts[2..], "failed"),
        _ => refund(i, 2),
    });
    stage.check();
    at_once(9, |i| if i == 8 { mark(i, &payouts[..1], "returned") } else { refund(i, 3) });
    stage.check();
    stage.pay_the_rest();
    stage.check_all();
    let left: DueList = stage.shop(0).get("/v1/payouts/due").ok();
    let owed: i64 = left.partners.iter().map(|p| p.amount).sum();
    let remains = i64::try_from(PARTNERS * SALES - 8).expect("few") * 2000;
    assert_eq!(stage.paid() + owed, remains, "eight sales were given back in full");
}

/// Said at the same moment that it was paid and that it failed: one of the two is so.
#[test]
fn marks_that_contradict_have_one_winner() {
    let stage = Stage::on(2);
    stage.clear();
    let batch: PayoutBatch = stage.create(0, "march").ok();
    stage.shop(0).post(&format!("/v1/payouts/batches/{}/approve", batch.id), &json!({})).ok::<PayoutBatch>();
    for payout in stage.payouts() {
        let answers = at_once(8, |i| {
            let status = if i % 2 == 0 { "paid" } else { "failed" };
            let body = json!({ "payouts": [payout.id], "status": status });
            (status, stage.shop(i / 2).post("/v1/payouts/mark", &body))
        });
        let won: HashSet<_> = answers.iter().filter(|(_, a)| a.status == 200).map(|(s, _)| *s).collect();
        assert!(won.len() == 1 && answers.iter().all(|(_, a)| matches!(a.status, 200 | 409)), "{answers:?}");
        stage.check();
    }
}

/// Approved and canceled at the same moment: one of the two.
#[test]
fn a_batch_is_approved_or_canceled() {
    let stage = Stage::on(2);
    stage.clear();
    for round in 0..4 {
        let batch: PayoutBatch = stage.create(round, &format!("round {round}")).ok();
        let answers = at_once(6, |i| {
            let what = if i % 2 == 0 { "approve" } else { "cancel" };
            stage.shop(i / 2).post(&format!("/v1/payouts/batches/{}/{what}", batch.id), &json!({}))
        });
        let said: HashSet<_> = ok(&answers).into_iter().map(|b| b.status).collect();
        assert_eq!(said.len(), 1, "{answers:?}");
        stage.check();
        if said.contains("approved") {
            let ids: Vec<_> =
                stage.payouts().into_iter().filter(|p| p.status == "processing").map(|p| p.id).collect();
            stage
                .shop(0)
                .post("/v1/payouts/mark", &json!({ "payouts": ids, "status": "failed" }))
                .ok::<Value>();
        }
    }
    stage.pay_the_rest();
    assert_eq!(stage.paid(), 48_000);
}
