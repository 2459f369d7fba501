//! Funds: what is set aside is committed by request and paid by claim, never above either, and goes out as any commission does.

use super::programs::templates::in_sandbox;
use crate::harness::{Answer, Client, Kind, Server, assert_each, at_once, stopwatch};
use goodword_wire::{
    Commission, FundClaim, FundExpiry, FundFile, FundLot, FundPurchase, FundRequest, FundState, Ledger,
    Payout, PayoutBatch, PayoutMethod, Program, Transfer,
};
use serde_json::{Value, json};
use std::time::Duration;
use ureq::http::Method;

/// A program with one fund, and a partner.
pub struct Stage {
    pub server: Server,
    pub shop: Client,
    pub program: String,
    pub fund: String,
    pub partner: String,
}

/// What a file that proves something may look like.
pub fn pdf(text: &str) -> Vec<u8> {
    format!("%PDF-1.7\n{text}\n%%EOF\n").into_bytes()
}

impl Stage {
    pub fn with(fund: &Value) -> Self {
        Self::on(Kind::chosen(), fund)
    }

    pub fn on(kind: Kind, fund: &Value) -> Self {
        let server = Server::on(kind);
        let shop = server.test();
        shop.freeze("2026-03-01T09:00:00.000Z");
        let program = shop.program(json!({ "funds": [fund], "minPayout": 1 }));
        let (fund, program) = (program.funds[0].id.clone().expect("an id"), program.id);
        let partner = shop.partner("ANNA11").id;
        shop.put(&format!("/v1/partners/{partner}/payout-method"), &json!({ "method": "manual" }))
            .ok::<PayoutMethod>();
        Self { server, shop, program, fund, partner }
    }

    /// The program of a template, with a partner who is paid by hand.
    pub fn of_template(name: &str) -> Self {
        let server = Server::start();
        let shop = server.test();
        shop.freeze("2026-03-01T09:00:00.000Z");
        let program = in_sandbox(&server, name);
        let (fund, program) = (program.funds[0].id.clone().expect("an id"), program.id);
        let partner = shop.partner("ANNA11").id;
        shop.put(&format!("/v1/partners/{partner}/payout-method"), &json!({ "method": "manual" }))
            .ok::<PayoutMethod>();
        Self { server, shop, program, fund, partner }
    }

    #[track_caller]
    pub fn set_aside(&self, amount: i64) -> FundLot {
        self.shop.post(&format!("/v1/funds/{}/lots", self.fund), &json!({ "amount": amount })).ok()
    }

    #[track_caller]
    pub fn allocate(&self, amount: i64) -> FundLot {
        let body = json!({ "amount": amount, "partnerId": self.partner });
        self.shop.post(&format!("/v1/funds/{}/lots", self.fund), &body).ok()
    }

    pub fn try_ask(&self, with: &Value) -> Answer {
        let mut body = json!({ "fundId": self.fund, "partnerId": self.partner, "title": "Stand at the fair", "cost": 1_000_000 });
        for (name, value) in with.as_object().expect("an object") {
            body[name] = value.clone();
        }
        self.shop.post("/v1/fund-requests", &body)
    }

    #[track_caller]
    pub fn ask(&self, with: &Value) -> FundRequest {
        self.try_ask(with).ok()
    }

    pub fn try_decide(&self, request: &str, body: &Value) -> Answer {
        self.shop.post(&format!("/v1/fund-requests/{request}/decide"), body)
    }

    #[track_caller]
    pub fn approve(&self, request: &FundRequest) -> FundRequest {
        self.try_decide(&request.id, &json!({ "decision": "approved" })).ok()
    }

    pub fn try_claim(&self, request: &FundRequest, with: &Value) -> Answer {
        let mut body = json!({ "requestId": request.id });
        for (name, value) in with.as_object().expect("an object") {
            body[name] = value.clone();
        }
        self.shop.post("/v1/fund-claims", &body)
    }

    #[track_caller]
    pub fn claim(&self, request: &FundRequest, with: &Value) -> FundClaim {
        self.try_claim(request, with).ok()
    }

    pub fn try_claim_decision(&self, claim: &str, body: &Value) -> Answer {
        self.shop.post(&format!("/v1/fund-claims/{claim}/decide"), body)
    }

    #[track_caller]
    pub fn pay(&self, claim: &FundClaim) -> FundClaim {
        self.try_claim_decision(&claim.id, &json!({ "decision": "paid" })).ok()
    }

    #[track_caller]
    pub fn request(&self, id: &str) -> FundRequest {
        self.shop.get(&format!("/v1/fund-requests/{id}")).ok()
    }

    /// Available, committed, paid: the partner's.
    #[track_caller]
    pub fn figures(&self) -> (i64, i64, i64) {
        let funds: Vec<FundState> = self.shop.get(&format!("/v1/funds?partnerId={}", self.partner)).ok();
        (funds[0].available, funds[0].committed, funds[0].paid)
    }

    pub fn upload(&self, name: &str, bytes: Vec<u8>) -> Answer {
        let path = format!("/v1/fund-files?partnerId={}&name={name}", self.partner);
        self.shop.with("content-type", "application/octet-stream").send(Method::POST, &path, Some(bytes))
    }

    /// The balance of all accounts of a kind.
    pub fn balance(&self, kind: &str) -> i64 {
        let ledger: Ledger = self.shop.ledger();
        ledger.accounts.iter().filter(|a| a.kind == kind).map(|a| a.credits - a.debits).sum()
    }

    /// Pays out all that is due, and says what that was.
    pub fn pay_out(&self) -> i64 {
        let batch: PayoutBatch =
            self.shop.with("idempotency-key", "batch").post("/v1/payouts/batches", &json!({})).ok();
        self.shop.post(&format!("/v1/payouts/batches/{}/approve", batch.id), &json!({})).ok::<PayoutBatch>();
        let payouts: Vec<Payout> = self.shop.all(&format!("/v1/payouts?batchId={}", batch.id), 10);
        let ids: Vec<&str> = payouts.iter().map(|payout| payout.id.as_str()).collect();
        let marked = self.shop.post("/v1/payouts/mark", &json!({ "payouts": ids, "status": "paid" }));
        assert_eq!(marked.status, 200, "{}", marked.text);
        payouts.iter().map(|payout| payout.amount).sum()
    }

    #[track_caller]
    pub fn assert_sound(&self) {
        let printed = self.server.operate("check", &[]);
        assert!(printed.status.success(), "{}", String::from_utf8_lossy(&printed.stdout));
    }
}

fn half() -> Value {
    json!({ "name": "Market development", "share": "50" })
}

/// Our own arithmetic: 20,000 allocated; a 10,000 activity at 50 % commits 5,000; actual cost 8,400 pays 4,200 and releases 800.
#[test]
fn from_the_budget_to_the_payout() {
    let stage = Stage::with(&half());
    stage.set_aside(5_000_000);
    stage.allocate(2_000_000);
    let request = stage.ask(&json!({ "endsAt": "2026-05-04T00:00:00Z", "note": "In May" }));
    assert_eq!(
        (request.status.as_str(), request.wanted, stage.figures()),
        ("requested", 500_000, (2_000_000, 0, 0))
    );
    let approved = stage.approve(&request);
    assert_eq!((approved.committed, stage.figures()), (500_000, (1_500_000, 500_000, 0)));
    assert_eq!(approved.claim_by.as_deref(), Some("2026-07-03T00:00:00.000Z"));
    let again = stage.approve(&request);
    assert_eq!(
        (again, stage.figures()),
        (approved.clone(), (1_500_000, 500_000, 0)),
        "the same again changes nothing"
    );
    let claim = stage.claim(&approved, &json!({ "cost": 840_000 }));
    let paid = stage.pay(&claim);
    assert_eq!(
        (paid.status.as_str(), paid.due, paid.paid, stage.figures()),
        ("paid", 420_000, 420_000, (1_580_000, 0, 420_000))
    );
    assert_eq!(stage.pay(&claim), paid, "the same again pays nothing");
    let closed = stage.request(&request.id);
    assert_eq!(
        (closed.status.as_str(), closed.paid, closed.released, closed.open),
        ("closed", 420_000, 80_000, 0)
    );
    let commission: Commission = stage.shop.commission(paid.commission_id.as_deref().expect("a commission"));
    assert_eq!(
        (commission.earnings, commission.status.as_str(), commission.kind.as_str()),
        (420_000, "processed", "fund_claim")
    );
    assert!(commission.note.as_deref().is_some_and(|note| note.contains("Stand at the fair")));
    let mut transfers: Vec<Transfer> = stage.shop.transfers();
    transfers.sort_by_key(|transfer| transfer.place);
    let kinds: Vec<&str> = transfers.iter().map(|t| t.kind.as_str()).collect();
    assert_eq!(kinds, ["allocate", "grant", "commit", "reimburse", "free"]);
    assert_eq!(
        ["fund", "allocated", "committed", "payable"].map(|kind| stage.balance(kind)),
        [3_000_000, 1_580_000, 0, 420_000]
    );
    assert_eq!(stage.pay_out(), 420_000);
    assert_eq!((stage.balance("payable"), stage.balance("paid")), (0, 420_000));
    stage.assert_sound();
}

#[test]
fn what_contradicts_is_refused_and_changes_nothing() {
    let stage = Stage::with(&half());
    stage.set_aside(400_000);
    let too_much = stage.shop.post(
        &format!("/v1/funds/{}/lots", stage.fund),
        &json!({ "amount": 400_001, "partnerId": stage.partner }),
    );
    assert!(too_much.refused(422).contains("400000"));
    stage.allocate(400_000);
    let request = stage.ask(&json!({}));
    let refusal = stage.try_decide(&request.id, &json!({ "decision": "approved" })).refused(422);
    assert!(refusal.contains("`amount`") && refusal.contains("500000 of 400000"), "{refusal}");
    for (body, status) in [
        (json!({ "decision": "approved", "amount": 400_001 }), 422),
        (json!({ "decision": "approved", "amount": 0 }), 422),
        (json!({ "decision": "eaten" }), 422),
        (json!({}), 422),
        (json!({ "decision": "closed" }), 409),
    ] {
        stage.try_decide(&request.id, &body).refused(status);
    }
    stage.try_claim(&request, &json!({ "cost": 5 })).refused(422);
    let part: FundRequest =
        stage.try_decide(&request.id, &json!({ "decision": "approved", "amount": 400_000 })).ok();
    assert_eq!(part.committed, 400_000);
    stage.try_decide(&request.id, &json!({ "decision": "rejected" })).refused(409);
    for (body, status) in [
        (json!({}), 422),
        (json!({ "cost": 0 }), 422),
        (json!({ "cost": 5, "reached": 5 }), 422),
        (json!({ "reached": 5 }), 422),
        (json!({ "cost": 5, "files": ["ffl_x"] }), 422),
        (json!({ "cost": 5, "files": ["ffl_00000000000000000000000000000000"] }), 422),
    ] {
        stage.try_claim(&part, &body).refused(status);
    }
    let claim = stage.claim(&part, &json!({ "cost": 900_000 }));
    assert_eq!(claim.due, 400_000, "never above the commitment");
    stage.try_claim_decision(&claim.id, &json!({ "decision": "paid", "amount": 400_001 })).refused(422);
    stage.try_claim_decision(&claim.id, &json!({ "decision": "reversed" })).refused(409);
    stage.try_decide(&part.id, &json!({ "decision": "closed" })).refused(409);
    let none = format!("frq_{}", "0".repeat(32));
    stage.try_decide(&none, &json!({ "decision": "approved" })).refused(404);
    stage.server.live().get(&format!("/v1/fund-claims/{}", claim.id)).refused(404);
    stage.server.page().get("/v1/funds").refused(403);
    for bad in [
        json!({ "cost": -1 }),
        json!({ "title": "" }),
        json!({ "endsAt": "2026-02-01T00:00:00Z" }),
        json!({ "fundId": "x" }),
    ] {
        stage.try_ask(&bad).refused(422);
    }
    assert_eq!(stage.figures(), (0, 400_000, 0));
    stage.assert_sound();
}

#[test]
fn paid_in_part_and_reversed_before_and_after_the_payout() {
    let stage = Stage::with(&half());
    stage.set_aside(1_000_000);
    stage.allocate(1_000_000);
    let request = stage.approve(&stage.ask(&json!({})));
    let first = stage.claim(&request, &json!({ "cost": 200_000, "last": false }));
    let part: FundClaim = stage
        .try_claim_decision(
            &first.id,
            &json!({ "decision": "paid", "amount": 60_000, "note": "Without the drinks" }),
        )
        .ok();
    assert_eq!((part.paid, part.due, stage.figures()), (60_000, 100_000, (500_000, 440_000, 60_000)));
    let cancel = stage.shop.post(
        &format!("/v1/commissions/{}/cancel", part.commission_id.clone().unwrap_or_default()),
        &json!({}),
    );
    assert!(cancel.refused(409).contains("reverse"), "a fund's commission is not canceled behind its back");
    let back: FundClaim = stage.try_claim_decision(&first.id, &json!({ "decision": "reversed" })).ok();
    assert_eq!(
        (back.status.as_str(), stage.figures(), stage.balance("payable")),
        ("reversed", (500_000, 500_000, 0), 0)
    );
    let second = stage.pay(&stage.claim(&request, &json!({ "cost": 300_000 })));
    assert_eq!((second.paid, stage.figures()), (150_000, (850_000, 0, 150_000)));
    assert_eq!(stage.pay_out(), 150_000);
    let back: FundClaim = stage
        .try_claim_decision(&second.id, &json!({ "decision": "reversed", "note": "The fair was canceled" }))
        .ok();
    assert_eq!(
        (back.paid, stage.figures()),
        (0, (1_000_000, 0, 0)),
        "the request had ended, so it is free again"
    );
    assert_eq!(
        (stage.balance("clawback"), stage.balance("paid")),
        (-150_000, 150_000),
        "the partner owes it"
    );
    assert_eq!(stage.balance("committed"), 0);
    stage.assert_sound();
}

#[test]
fn lots_are_used_oldest_first_and_expire_at_an_exact_instant() {
    let stage = Stage::with(&half());
    stage.set_aside(1_000_000);
    let put = |amount: i64, expires_at: &str| -> FundLot {
        let body = json!({ "amount": amount, "partnerId": stage.partner, "expiresAt": expires_at });
        stage.shop.post(&format!("/v1/funds/{}/lots", stage.fund), &body).ok()
    };
    let (july, june) = (put(200_000, "2026-07-01T00:00:00Z"), put(100_000, "2026-06-01T00:00:00Z"));
    let request = stage.approve(&stage.ask(&json!({ "cost": 300_000 })));
    let left = |lot: &FundLot| {
        let lots: Vec<FundLot> =
            stage.shop.get(&format!("/v1/funds/{}/lots?partnerId={}", stage.fund, stage.partner)).ok();
        lots.iter().find(|l| l.id == lot.id).map(|l| (l.left, l.gone)).expect("a lot")
    };
    assert_eq!((left(&june), left(&july)), ((0, 0), (150_000, 0)));
    let calendar: Vec<FundExpiry> = stage.shop.get("/v1/fund-expiries?days=200").ok();
    let lines: Vec<_> =
        calendar.iter().map(|line| (line.kind.as_str(), line.at.as_str(), line.amount)).collect();
    assert_eq!(
        lines,
        [("request", "2026-04-30T09:00:00.000Z", 150_000), ("lot", "2026-07-01T00:00:00.000Z", 150_000)]
    );
    stage.shop.clock(json!({ "now": "2026-04-30T08:59:59.999Z" }));
    assert_eq!(stage.request(&request.id).status, "approved");
    stage.shop.clock(json!({ "now": "2026-04-30T09:00:00.000Z" }));
    let expired = stage.request(&request.id);
    assert_eq!((expired.status.as_str(), expired.released), ("expired", 150_000));
    assert_eq!((left(&june), left(&july)), ((100_000, 0), (200_000, 0)), "given back to where it came from");
    stage.shop.clock(json!({ "now": "2026-06-30T23:59:59.999Z" }));
    assert_eq!((left(&june), left(&july), stage.figures().0), ((0, 100_000), (200_000, 0), 200_000));
    stage.shop.clock(json!({ "now": "2026-07-01T00:00:00.000Z" }));
    assert_eq!((left(&july), stage.figures().0), ((0, 200_000), 0));
    assert_eq!((stage.balance("fund"), stage.balance("allocated")), (1_000_000, 0), "back in the budget");
    stage.assert_sound();
}

#[test]
fn a_lot_can_be_ended_and_a_fund_with_money_stays() {
    let stage = Stage::with(&half());
    let budget = stage.set_aside(1_000);
    let given = stage.allocate(400);
    let path = format!("/v1/programs/{}", stage.program);
    assert!(stage.shop.patch(&path, &json!({ "funds": [] })).refused(422).contains("`funds`"));
    let end = |lot: &FundLot| -> FundLot {
        stage.shop.post(&format!("/v1/fund-lots/{}/end", lot.id), &json!({})).ok()
    };
    assert_eq!((end(&given).left, stage.balance("fund")), (0, 1_000));
    assert_eq!((end(&budget).gone, stage.balance("fund"), stage.balance("expense")), (1_000, 0, 0));
    assert_eq!(end(&budget).gone, 1_000, "the same again changes nothing");
    let program: Program = stage.shop.patch(&path, &json!({ "funds": [] })).ok();
    assert_eq!(program.funds, []);
    stage.assert_sound();
}

#[test]
fn proof_is_kept_and_given_out_for_saving_alone() {
    let stage = Stage::with(&json!({ "name": "Market development", "share": "50", "proofs": 1 }));
    stage.set_aside(1_000_000);
    stage.allocate(1_000_000);
    let request = stage.approve(&stage.ask(&json!({})));
    stage.try_claim(&request, &json!({ "cost": 10_000 })).refused(422);
    let file: FundFile = stage.upload("Invoice%20%22May%22.pdf", pdf("one")).ok();
    assert_eq!(
        (file.media_type.as_str(), file.name.as_str(), file.size),
        ("application/pdf", "Invoice _May_.pdf", 19)
    );
    assert_eq!(
        stage.upload("other.pdf", pdf("one")).ok::<FundFile>(),
        file,
        "the same content is the same file"
    );
    let claim = stage.claim(&request, &json!({ "cost": 10_000, "last": false, "files": [file.id] }));
    assert_eq!((claim.files.len(), claim.files[0].sha256.as_str()), (1, file.sha256.as_str()));
    let twice = stage.try_claim(&request, &json!({ "cost": 10_000, "files": [file.id] })).refused(422);
    assert!(twice.contains("`files[0]`") && twice.contains("another claim"), "{twice}");
    let sent = stage.shop.get(&format!("/v1/fund-files/{}", file.id));
    assert_eq!(sent.text.as_bytes(), pdf("one"));
    assert_eq!(sent.header("x-content-type-options"), Some("nosniff"));
    assert!(
        sent.header("content-disposition")
            .is_some_and(|how| how.starts_with("attachment; filename=\"Invoice"))
    );
    for bad in [b"<!doctype html><script>alert(1)</script>".to_vec(), b"MZ".to_vec(), Vec::new()] {
        stage.upload("invoice.pdf", bad).refused(415);
    }
    let mut large = pdf("");
    large.resize(5 * 1024 * 1024 + 1, b' ');
    stage.upload("large.pdf", large).refused(413);
    stage.server.live().get(&format!("/v1/fund-files/{}", file.id)).refused(404);
}

/// AMSOIL's bands on a year's purchases, which come one by one, are corrected and given back: what has come in is always that of
/// all of them.
#[test]
fn purchases_fill_a_fund_in_any_order() {
    let steps = json!([
        { "from": 0, "percentage": "3" }, { "from": 750_000, "percentage": "4" }, { "from": 2_500_000, "percentage": "5" },
    ]);
    let stage = Stage::with(&json!({
        "name": "Co-op", "share": "50", "lotsEnd": "year", "accrual": { "mode": "retroactive", "period": "year", "steps": steps },
    }));
    let buy = |id: &str, amount: i64| -> FundPurchase {
        let body = json!({ "partnerId": stage.partner, "externalId": id, "amount": amount });
        stage.shop.post(&format!("/v1/funds/{}/purchases", stage.fund), &body).ok()
    };
    let first = buy("a", 749_900);
    assert_eq!((first.accrues, first.accrued, stage.figures().0), (22_497, 22_497, 22_497));
    assert_eq!(buy("a", 749_900), first, "the same again changes nothing");
    assert_eq!(buy("b", 100).accrued, 30_000);
    assert_eq!(buy("c", 1_749_900).accrued, 99_996);
    assert_eq!((buy("c", 2_250_000).accrued, stage.figures().0), (150_000, 150_000));
    assert_eq!((buy("c", 0).accrued, stage.figures().0), (30_000, 30_000), "given back");
    // What was used is not taken away, and lessens what comes in next.
    let request = stage.approve(&stage.ask(&json!({ "cost": 60_000 })));
    assert_eq!((request.committed, stage.figures().0), (30_000, 0));
    let owed = buy("b", 0);
    assert_eq!((owed.accrues, owed.accrued), (22_497, 30_000));
    let next = buy("d", 100);
    assert_eq!((next.accrues, next.accrued, stage.figures().0), (30_000, 30_000, 0));
    assert_eq!((buy("d", 200_100).accrued, stage.figures().0), (38_000, 8_000));
    stage.shop.clock(json!({ "now": "2026-12-31T23:59:59.999Z" }));
    assert_eq!(stage.figures().0, 38_000, "the request has expired meanwhile");
    stage.shop.clock(json!({ "now": "2027-01-01T00:00:00.000Z" }));
    assert_eq!((stage.figures().0, stage.balance("allocated"), stage.balance("expense")), (0, 0, 0));
    stage.assert_sound();
}

#[test]
fn unreviewed_requests_are_approved_as_far_as_there_is_money() {
    let stage = Stage::with(
        &json!({ "name": "Small things", "scope": "shared", "reviewed": false, "maxPartner": 90_000, "maxPartnerPeriod": "year" }),
    );
    stage.set_aside(100_000);
    let ask = |cost: i64| stage.ask(&json!({ "cost": cost })).status;
    assert_eq!(
        [ask(35_000), ask(35_000), ask(35_000), ask(20_000)],
        ["approved", "approved", "requested", "approved"]
    );
    assert_eq!(stage.figures(), (10_000, 90_000, 0));
    stage.assert_sound();
}

/// Asks again as long as the server is busy, as it says, for a minute: on a machine that does other things as well it may be.
fn patiently(ask: impl Fn() -> Answer) -> Answer {
    let begun = stopwatch();
    loop {
        let answer = ask();
        if answer.status != 503 || begun.elapsed() > Duration::from_mins(1) {
            return answer;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Many approvals and many payments of one commitment at once, from everywhere.
fn never_twice(kind: Kind) {
    let stage = Stage::on(kind, &json!({ "name": "Shared", "scope": "shared", "share": "100" }));
    stage.set_aside(1_000_000);
    let requests: Vec<FundRequest> =
        (0..12).map(|n| stage.ask(&json!({ "cost": 150_000, "title": format!("R{n}") }))).collect();
    let approve = |n: usize| stage.try_decide(&requests[n % 12].id, &json!({ "decision": "approved" }));
    let answers = at_once(24, |n| patiently(|| approve(n)));
    assert_each(&answers, &[200, 422]);
    let approved: Vec<FundRequest> = stage.shop.all("/v1/fund-requests?status=approved", 100);
    assert_eq!(
        (approved.len(), stage.figures()),
        (6, (100_000, 900_000, 0)),
        "six of 150,000 fit into 1,000,000"
    );
    let claims: Vec<FundClaim> = approved
        .iter()
        .flat_map(|r| [0, 1].map(|_| stage.claim(r, &json!({ "cost": 100_000, "last": false }))))
        .collect();
    let pay = |n: usize| stage.try_claim_decision(&claims[n % 12].id, &json!({ "decision": "paid" }));
    let answers = at_once(24, |n| patiently(|| pay(n)));
    assert_each(&answers, &[200, 409]);
    assert_eq!(
        stage.figures(),
        (100_000, 0, 900_000),
        "two claims of 100,000 on each 150,000 come to 150,000"
    );
    let commissions: Vec<Commission> = stage.shop.commissions();
    assert_eq!(commissions.iter().map(|c| c.earnings).sum::<i64>(), 900_000);
    let keyed = stage.shop.with("idempotency-key", "once");
    let path = format!("/v1/funds/{}/lots", stage.fund);
    let lots = at_once(6, |_| keyed.post(&path, &json!({ "amount": 50_000 })));
    assert!(lots.iter().all(|answer| answer.text == lots[0].text), "{lots:?}");
    assert_eq!(stage.figures().0, 150_000);
    stage.assert_sound();
}

#[test]
fn many_at_once_never_pay_twice_on_sqlite() {
    never_twice(Kind::Sqlite);
}

#[test]
fn many_at_once_never_pay_twice_on_postgresql() {
    never_twice(Kind::Postgres);
}

#[test]
fn a_document_names_the_field_of_a_fund() {
    let server = Server::start();
    let shop = server.test();
    let refused = |fund: Value| {
        let body =
            json!({ "name": "Tea", "url": "https://shop.example/", "currency": "usd", "funds": [fund] });
        shop.post("/v1/programs", &body).refused(422)
    };
    for (fund, field) in [
        (json!({ "name": "" }), "`funds[0].name`"),
        (json!({ "name": "F", "share": "101" }), "`funds[0].share`"),
        (json!({ "name": "F", "scope": "mine" }), "`funds[0].scope`"),
        (json!({ "name": "F", "claimDays": 0 }), "`funds[0].claimDays`"),
        (json!({ "name": "F", "lotDays": 5, "lotsEnd": "year" }), "`funds[0].lotDays`"),
        (json!({ "name": "F", "accrual": { "mode": "marginal", "steps": [] } }), "`funds[0].accrual.steps`"),
        (json!({ "name": "F", "accrual": { "mode": "flat", "steps": [] } }), "`funds[0].accrual.mode`"),
        (json!({ "name": "F", "tranches": [{ "name": "T" }] }), "`funds[0].tranches[0].reaches`"),
        (json!({ "name": "F", "instalments": { "period": "week" } }), "`funds[0].instalments.period`"),
        (
            json!({ "name": "F", "instalments": { "period": "month", "gate": { "name": "K", "atLeast": "x" } } }),
            "`funds[0].instalments.gate.atLeast`",
        ),
        (json!({ "name": "F", "id": "fnd_00000000000000000000000000000000" }), "`funds[0].id`"),
        (json!({ "name": "F", "precentage": 1 }), "funds[0].precentage"),
    ] {
        let message = refused(fund);
        assert!(message.contains(field), "{field}: {message}");
    }
}
