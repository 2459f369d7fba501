//! The four kinds of fund, each as its template makes it, lived through to the payout with its known example's numbers. The same
//! stories are told in the guide.

use super::super::funds::{Stage, pdf};
use goodword_wire::{FundClaim, FundFile, FundPurchase, FundRequest};
use serde_json::{Value, json};

fn uploaded(stage: &Stage, text: &str) -> String {
    stage.upload("proof.pdf", pdf(text)).ok::<FundFile>().id
}

fn claims(stage: &Stage) -> Vec<FundClaim> {
    stage.shop.all("/v1/fund-claims?sortOrder=asc", 100)
}

/// AWS Partner Network: allocation, approval beforehand, share of the actual cost, deadline. 20,000.00 allocated, an activity of
/// 10,000.00 approved at 50 %: 5,000.00 committed, 15,000.00 available; it did cost 8,400.00: 4,200.00 paid, 800.00 released,
/// 15,800.00 available. At 11,000.00 the commitment is paid. Nobody claims: 60 days after the activity it is available again.
#[test]
fn market_development_fund() {
    let stage = Stage::of_template("market-development-fund");
    stage.set_aside(5_000_000);
    stage.allocate(2_000_000);
    let may = json!({ "title": "Stand at the May fair", "startsAt": "2026-05-01T00:00:00Z", "endsAt": "2026-05-04T00:00:00Z" });
    let request = stage.approve(&stage.ask(&may));
    assert_eq!((request.committed, stage.figures()), (500_000, (1_500_000, 500_000, 0)));
    stage.shop.clock(json!({ "now": "2026-05-10T09:00:00.000Z" }));
    stage.try_claim(&request, &json!({ "cost": 840_000 })).refused(422);
    let invoice = uploaded(&stage, "Fair, 8,400.00");
    let paid = stage.pay(&stage.claim(&request, &json!({ "cost": 840_000, "files": [invoice] })));
    assert_eq!((paid.paid, stage.figures()), (420_000, (1_580_000, 0, 420_000)));
    let more = stage.approve(&stage.ask(&may_of(6)));
    stage.shop.clock(json!({ "now": "2026-06-10T09:00:00.000Z" }));
    let invoice = uploaded(&stage, "Workshop, 11,000.00");
    let paid = stage.pay(&stage.claim(&more, &json!({ "cost": 1_100_000, "files": [invoice] })));
    assert_eq!((paid.due, paid.paid, stage.figures().0), (500_000, 500_000, 1_080_000), "the commitment");
    let late = stage.approve(&stage.ask(&may_of(7)));
    assert_eq!(late.claim_by.as_deref(), Some("2026-09-02T00:00:00.000Z"));
    stage.shop.clock(json!({ "now": "2026-09-02T00:00:00.000Z" }));
    let invoice = uploaded(&stage, "Too late");
    stage.try_claim(&late, &json!({ "cost": 10_000, "files": [invoice] })).refused(422);
    assert_eq!(
        (stage.request(&late.id).status.as_str(), stage.figures()),
        ("expired", (1_080_000, 0, 920_000))
    );
    assert_eq!(stage.pay_out(), 920_000);
    stage.assert_sound();
}

fn may_of(month: u32) -> Value {
    json!({ "title": "Workshop", "startsAt": format!("2026-{month:02}-01T00:00:00Z"), "endsAt": format!("2026-{month:02}-04T00:00:00Z") })
}

/// Microsoft's co-op with AMSOIL's bands: a year's purchases of 7,499.00 accrue 224.97; 7,500.00 300.00; 24,999.00 999.96; 30,000.00
/// 1,500.00. A campaign of 2,000.00 commits 1,000.00, did cost 1,800.00: 900.00 paid. What is left on 1 January is gone.
#[test]
fn co_op_fund() {
    let stage = Stage::of_template("co-op-fund");
    let buy = |number: &str, amount: i64| -> FundPurchase {
        let body = json!({ "partnerId": stage.partner, "externalId": number, "amount": amount });
        stage.shop.post(&format!("/v1/funds/{}/purchases", stage.fund), &body).ok()
    };
    let accrued = [("R-1", 749_900), ("R-2", 100), ("R-3", 1_749_900), ("R-4", 500_100)]
        .map(|(n, amount)| buy(n, amount).accrued);
    assert_eq!(accrued, [22_497, 30_000, 99_996, 150_000]);
    let request = stage
        .approve(&stage.ask(&json!({ "title": "Radio", "cost": 200_000, "endsAt": "2026-04-01T00:00:00Z" })));
    assert_eq!((request.committed, stage.figures()), (100_000, (50_000, 100_000, 0)));
    let invoice = uploaded(&stage, "Radio, 1,800.00");
    let paid = stage.pay(&stage.claim(&request, &json!({ "cost": 180_000, "files": [invoice] })));
    assert_eq!((paid.paid, stage.figures()), (90_000, (60_000, 0, 90_000)));
    let back = buy("R-4", 0);
    assert_eq!((back.purchased, back.accrued, stage.figures().0), (2_499_900, 99_996, 9_996), "given back");
    assert_eq!((buy("R-4", 500_100).accrued, stage.figures().0), (150_000, 60_000));
    stage.shop.clock(json!({ "now": "2026-12-31T23:59:59.999Z" }));
    assert_eq!(stage.figures().0, 60_000);
    stage.shop.clock(json!({ "now": "2027-01-01T00:00:00.000Z" }));
    assert_eq!((stage.figures().0, stage.balance("allocated")), (0, 0));
    assert_eq!(buy("R-5", 10_000).accrued, 300, "a new year begins with its lowest band");
    assert_eq!(stage.pay_out(), 90_000);
    stage.assert_sound();
}

/// The same from the program's own sales, as often as somebody asks: 7,500.00 sold accrue 300.00; when half is given back, 112.50.
#[test]
fn sales_of_the_program_fill_a_co_op_fund() {
    let stage = Stage::of_template("co-op-fund");
    let accrue = || -> Vec<FundPurchase> {
        stage.shop.post(&format!("/v1/funds/{}/accruals", stage.fund), &json!({})).ok()
    };
    assert!(accrue().is_empty(), "nobody has sold anything");
    for (invoice, amount) in [("in_1", 375_000), ("in_2", 375_000)] {
        stage.shop.sale(json!({ "customerExternalId": invoice, "code": "ANNA11", "amount": amount, "invoiceId": invoice }));
    }
    assert_eq!(
        (accrue()[0].accrued, accrue()[0].accrued, stage.figures().0),
        (30_000, 30_000, 30_000),
        "once"
    );
    stage.shop.refund(json!({ "invoiceId": "in_2", "refundId": "re_1", "amount": 375_000 }));
    assert_eq!((accrue()[0].purchased, stage.figures().0), (375_000, 11_250));
    let body = json!({ "day": "2031-01-01" });
    stage.shop.post(&format!("/v1/funds/{}/accruals", stage.fund), &body).refused(422);
    stage.assert_sound();
}

/// By itself with each day, and once: 7,500.00 sold in March accrue 300.00; a sale told late and a refund in the next year correct the
/// year that is over; what goes over to another partner goes with its accrual.
#[test]
fn sales_fill_a_co_op_fund_by_themselves() {
    let stage = Stage::of_template("co-op-fund");
    let day = |now: &str| stage.shop.clock(json!({ "now": now, "frozen": true }));
    let sell = |invoice: &str, amount: i64, at: &str| {
        stage.shop.sale(json!({ "customerExternalId": invoice, "code": "ANNA11", "amount": amount, "invoiceId": invoice, "timestamp": at }));
    };
    let accrued = |day: &str| -> Vec<(i64, i64)> {
        let path = format!("/v1/funds/{}/accruals", stage.fund);
        let all: Vec<FundPurchase> = stage.shop.post(&path, &json!({ "day": day })).ok();
        all.iter().map(|one| (one.purchased, one.accrued)).collect()
    };
    day("2026-03-02T00:00:00.000Z");
    sell("in_1", 375_000, "2026-03-02T00:00:00.000Z");
    sell("in_2", 375_000, "2026-03-02T00:00:00.000Z");
    day("2026-03-03T00:00:00.000Z");
    assert_eq!(stage.figures().0, 30_000, "nobody asked");
    day("2026-03-04T00:00:00.000Z");
    assert_eq!((stage.figures().0, accrued("2026-03-03")), (30_000, vec![(750_000, 30_000)]), "once");
    stage.shop.refund(json!({ "invoiceId": "in_2", "refundId": "re_1", "amount": 375_000 }));
    day("2026-03-05T00:00:00.000Z");
    assert_eq!(stage.figures().0, 11_250);
    sell("in_3", 375_000, "2026-03-02T00:00:00.000Z");
    day("2026-03-05T23:59:59.999Z");
    assert_eq!(stage.figures().0, 11_250, "with the next day");
    day("2026-03-06T00:00:00.000Z");
    assert_eq!(stage.figures().0, 30_000);
    // The year is over, and its lots with it; what it comes to is corrected all the same.
    day("2027-01-02T00:00:00.000Z");
    stage.shop.refund(json!({ "invoiceId": "in_3", "refundId": "re_2", "amount": 375_000 }));
    day("2027-01-03T00:00:00.000Z");
    assert_eq!(accrued("2026-06-01")[0].0, 375_000);
    assert_eq!((stage.figures().0, stage.balance("allocated")), (0, 0));
    stage.assert_sound();
}

/// IBM's tranches with the AWS Migration Acceleration Program's numbers: 20 % of the yearly revenue, at most 2,000,000.00; 400,000.00
/// when spend reaches 50,000.00, the rest at 20 % of the revenue. 5,000,000.00 pay 400,000.00, then 600,000.00.
#[test]
fn solution_fund() {
    let stage = Stage::of_template("solution-fund");
    stage.set_aside(300_000_000);
    let request = stage.approve(&stage.ask(&json!({ "title": "Migration kit", "cost": 500_000_000 })));
    assert_eq!((request.committed, stage.figures()), (100_000_000, (200_000_000, 100_000_000, 0)));
    let claim = |reached: i64, proof: &str| {
        let file = uploaded(&stage, proof);
        stage.try_claim(&request, &json!({ "reached": reached, "files": [file] }))
    };
    assert!(claim(4_999_999, "a").refused(422).contains("`reached`"));
    let first = stage.pay(&claim(5_000_000, "b").ok());
    assert_eq!((first.paid, stage.figures()), (40_000_000, (200_000_000, 60_000_000, 40_000_000)));
    claim(5_000_000, "c").refused(422);
    let second = stage.pay(&claim(100_000_000, "d").ok());
    assert_eq!((second.paid, stage.figures()), (60_000_000, (200_000_000, 0, 100_000_000)));
    assert_eq!(stage.request(&request.id).status, "closed");
    let large = stage.ask(&json!({ "title": "Suite", "cost": 1_500_000_000 }));
    assert_eq!((large.wanted, stage.approve(&large).committed), (200_000_000, 200_000_000), "the cap");
    assert_eq!(stage.pay_out(), 100_000_000);
    stage.assert_sound();
}

/// Nebulon's embedded people: salary 60,000.00, share 50 %, 7,500.00 a quarter; started on 15 February (45 of 90 days) 3,750.00; gate
/// 70 %: 80 % is paid, 60 % is held.
#[test]
fn embedded_headcount() {
    let stage = Stage::of_template("embedded-headcount");
    stage.set_aside(5_000_000);
    let asked = json!({ "title": "Engineer", "cost": 6_000_000, "startsAt": "2026-02-15T00:00:00Z", "endsAt": "2027-01-01T00:00:00Z" });
    let request: FundRequest = stage.approve(&stage.ask(&asked));
    let parts: Vec<i64> = request.instalments.iter().map(|part| part.amount).collect();
    assert_eq!((parts.as_slice(), request.committed), (&[375_000, 750_000, 750_000, 750_000][..], 2_625_000));
    let score = |claim: &FundClaim, score: &str| -> FundClaim {
        stage.shop.post(&format!("/v1/fund-claims/{}/score", claim.id), &json!({ "score": score })).ok()
    };
    stage.shop.clock(json!({ "now": "2026-03-31T23:59:59.999Z" }));
    assert_eq!(claims(&stage), [], "the quarter is not over");
    stage.shop.clock(json!({ "now": "2026-04-01T00:00:00.000Z" }));
    let first = claims(&stage).remove(0);
    assert_eq!((first.status.as_str(), first.due), ("due", 375_000));
    stage.try_claim_decision(&first.id, &json!({ "decision": "paid" })).refused(409);
    assert_eq!(stage.pay(&score(&first, "80")).paid, 375_000);
    stage.shop.clock(json!({ "now": "2026-07-01T00:00:00.000Z" }));
    let second = claims(&stage).remove(1);
    let held = score(&second, "60");
    assert_eq!((held.status.as_str(), held.due), ("held", 750_000));
    stage.try_claim_decision(&held.id, &json!({ "decision": "paid" })).refused(409);
    assert_eq!(stage.pay(&score(&held, "75")).paid, 750_000);
    stage.shop.clock(json!({ "now": "2026-10-01T00:00:00.000Z" }));
    let third = claims(&stage).remove(2);
    assert_eq!(stage.pay(&score(&third, "70")).paid, 750_000, "the gate is reached");
    stage.shop.clock(json!({ "now": "2027-01-01T00:00:00.000Z" }));
    let all = claims(&stage);
    assert_eq!(
        (all.len(), all[3].status.as_str(), stage.figures()),
        (4, "due", (2_375_000, 750_000, 1_875_000))
    );
    stage
        .try_claim_decision(&all[3].id, &json!({ "decision": "rejected", "note": "No figure" }))
        .ok::<FundClaim>();
    stage.shop.clock(json!({ "now": "2027-03-02T00:00:00.000Z" }));
    assert_eq!((stage.request(&request.id).status.as_str(), stage.figures().0), ("expired", 3_125_000));
    assert_eq!(stage.pay_out(), 1_875_000);
    stage.assert_sound();
}
