use super::*;
use crate::id::{FundClaimId, FundRequestId, LotId};
use crate::lot::{Lot, available};
use crate::reward::{Rate, Step};

/// An instant on a day, UTC.
pub fn on(year: i64, month: i64, day: i64) -> Instant {
    Instant(days_from_civil(year, month, day) * DAY_MS)
}

pub fn percent(text: &str) -> Percentage {
    Percentage::parse(text).unwrap()
}

pub fn fund(share: &str, pays: Pays) -> Fund {
    Fund {
        id: FundId::from_bits(1),
        name: "Fund".into(),
        scope: Scope::Partner,
        share: percent(share),
        reviewed: true,
        request_cap: None,
        partner_cap: None,
        claim_days: CLAIM_DAYS,
        expiry: Expiry::Never,
        proofs: 0,
        accrual: None,
        pays,
    }
    .checked()
    .unwrap()
}

fn lot(amount: i64) -> Vec<Lot> {
    vec![Lot { id: LotId::from_bits(1), came_at: on(2026, 1, 1), expires_at: None, left: amount }]
}

fn asked(cost: i64) -> Asked {
    Asked { cost, starts_at: None, ends_at: None }
}

/// A request that is approved whole on a day, with the lots it drew on.
fn approved(fund: Fund, asked: Asked, put_in: i64) -> (Request, Vec<Lot>) {
    let mut lots = lot(put_in);
    let request = Request::new(FundRequestId::from_bits(1), fund, asked, on(2026, 1, 1)).unwrap();
    let approval = Approval { amount: None, at: on(2026, 1, 1) };
    let request = request.approve(approval, &mut lots, Spent::default()).unwrap();
    (request, lots)
}

fn file(request: &Request, what: For) -> Claim {
    Claim::file(FundClaimId::from_bits(1), request, what, on(2026, 1, 2)).unwrap()
}

fn cost(cost: i64, last: bool) -> For {
    For::Cost { cost, last }
}

/// Market development, our own arithmetic: allocation 20,000; a 10,000 activity approved at 50 % commits 5,000 and leaves 15,000.
/// Actual cost 8,400 pays 4,200, releases 800, leaves 15,800. Actual 11,000 pays 5,000, the commitment.
#[test]
fn a_share_of_the_cost_up_to_the_commitment() {
    for (actual, paid, left) in [(840_000, 420_000, 1_580_000), (1_100_000, 500_000, 1_500_000)] {
        let (request, mut lots) = approved(fund("50", Pays::Cost), asked(1_000_000), 2_000_000);
        assert_eq!((request.committed, available(&lots, on(2026, 1, 1))), (500_000, 1_500_000));
        let claim = file(&request, cost(actual, true));
        let done = claim.pay(&request, None, &mut lots).unwrap();
        assert_eq!((done.amount, done.released), (paid, 500_000 - paid));
        assert_eq!(available(&lots, on(2026, 1, 2)), left);
        assert_eq!((done.request.status, done.request.open()), (RequestStatus::Closed, 0));
    }
}

/// AMSOIL's co-op credit on a year's purchases, the whole amount at the band reached: under 7,500 3 %, under 25,000 4 %, else
/// 5 %. 7,499 accrue 224.97; 7,500 300.00; 24,999 999.96; 30,000 1,500.00; lots expire with 31 December.
#[test]
fn purchases_accrue_by_bands() {
    let step = |from: i64, rate: &str| Step { from, rate: Rate::Percentage(percent(rate)) };
    let steps = vec![step(0, "3"), step(750_000, "4"), step(2_500_000, "5")];
    let bands = |mode| Tiers { mode, measure: Measure::Amount, period: Period::Year, steps: steps.clone() };
    let whole = Accrual::new(bands(Mode::Retroactive).checked().unwrap(), false).unwrap();
    let accrued = [749_900, 750_000, 2_499_900, 3_000_000].map(|purchases| whole.of(purchases));
    assert_eq!(accrued, [22_497, 30_000, 99_996, 150_000]);
    // The same bands, each for what lies within it: 225.00 + 700.00 + 250.00.
    let marginal = Accrual::new(bands(Mode::Marginal).checked().unwrap(), false).unwrap();
    assert_eq!(marginal.of(3_000_000), 117_500);
    assert!(Accrual::new(bands(Mode::RetroactiveOnGrowth).checked().unwrap(), false).is_err());
    let coop = Fund { expiry: Expiry::End(Period::Year), ..fund("50", Pays::Cost) };
    assert_eq!(coop.expires_at(on(2026, 7, 1)), Some(on(2027, 1, 1)));
    assert_eq!(coop.expires_at(Instant(on(2027, 1, 1).0 - 1)), Some(on(2027, 1, 1)));
    assert_eq!(coop.expires_at(on(2027, 1, 1)), Some(on(2028, 1, 1)));
}

/// Periods are worked out anew back to the first sale, and for 36 months at the most.
#[test]
fn periods_that_may_still_change() {
    let over = |period| {
        let steps = vec![Step { from: 0, rate: Rate::Percentage(percent("3")) }];
        let bands = Tiers { mode: Mode::Retroactive, measure: Measure::Amount, period, steps };
        Accrual::new(bands.checked().unwrap(), true).unwrap()
    };
    let quarters = |first: Instant, now: Instant| over(Period::Quarter).open(first, now);
    let starts =
        |all: Vec<Instant>| all.into_iter().map(|at| Period::Quarter.around(at).0).collect::<Vec<_>>();
    let (now, first) = (on(2026, 8, 20), on(2026, 2, 28));
    assert_eq!(starts(quarters(first, now)), [on(2026, 7, 1), on(2026, 4, 1), on(2026, 1, 1)]);
    assert_eq!(starts(quarters(on(2026, 4, 1), now)), [on(2026, 7, 1), on(2026, 4, 1)]);
    let long_ago = starts(quarters(on(2000, 1, 1), now));
    assert_eq!((long_ago.len(), long_ago.last()), (13, Some(&on(2023, 7, 1))));
    assert_eq!(over(Period::Ever).open(first, now), [now]);
}

/// A solution fund after AWS MAP (secondary source): 20 % of the yearly revenue, at most 2,000,000; 400,000 when spend reaches
/// 50,000, the rest when it reaches 20 % of the revenue. Revenue 5,000,000 pays 400,000, then 600,000.
#[test]
fn tranches_on_evidence() {
    let tranches = vec![
        Tranche { name: "Start".into(), reaches: Threshold::Amount(5_000_000), pays: Some(40_000_000) },
        Tranche { name: "Rest".into(), reaches: Threshold::Share(percent("20")), pays: None },
    ];
    let solution = Fund { request_cap: Some(200_000_000), ..fund("20", Pays::Tranches(tranches)) };
    let (request, mut lots) = approved(solution.clone(), asked(500_000_000), 200_000_000);
    assert_eq!(request.committed, 100_000_000);
    let refused =
        Claim::file(FundClaimId::from_bits(1), &request, For::Reached { reached: 4_999_999 }, on(2026, 1, 2));
    assert_eq!(refused.unwrap_err().field, "reached");
    let first = file(&request, For::Reached { reached: 5_000_000 });
    let again = file(&request, For::Reached { reached: 5_000_000 });
    let done = first.pay(&request, None, &mut lots).unwrap();
    assert_eq!((done.amount, done.request.open()), (40_000_000, 60_000_000));
    assert!(again.pay(&done.request, None, &mut lots).is_err(), "one tranche is paid once");
    let second = file(&done.request, For::Reached { reached: 100_000_000 });
    let done = second.pay(&done.request, None, &mut lots).unwrap();
    assert_eq!((done.amount, done.request.status), (60_000_000, RequestStatus::Closed));
    // The cap, and evidence that reaches all at once.
    let (request, mut lots) = approved(solution, asked(1_500_000_000), 200_000_000);
    assert_eq!(request.committed, 200_000_000);
    let all = file(&request, For::Reached { reached: 300_000_000 });
    assert_eq!(all.pay(&request, None, &mut lots).unwrap().amount, 200_000_000);
}

fn embedded() -> Fund {
    let gate = Some(Gate { name: "Certified".into(), at_least: Score::parse("atLeast", "70").unwrap() });
    fund("50", Pays::Instalments(Instalments { period: Period::Quarter, gate }))
}

/// An embedded head, our own arithmetic: salary 60,000, share 50 %, 7,500 a quarter; started on 15 February, 45 of 90 days,
/// 3,750.
#[test]
fn instalments_are_prorated_by_days() {
    let term = Asked { cost: 6_000_000, starts_at: Some(on(2026, 2, 15)), ends_at: Some(on(2026, 10, 1)) };
    let (request, _) = approved(embedded(), term, 2_000_000);
    let parts: Vec<_> =
        request.instalments().iter().map(|part| (part.from, part.until, part.amount)).collect();
    assert_eq!(
        parts,
        [
            (on(2026, 2, 15), on(2026, 4, 1), 375_000),
            (on(2026, 4, 1), on(2026, 7, 1), 750_000),
            (on(2026, 7, 1), on(2026, 10, 1), 750_000),
        ]
    );
    assert_eq!(request.committed, 1_875_000);
    let year = Asked { starts_at: Some(on(2026, 2, 15)), ends_at: None, ..asked(6_000_000) };
    let (request, _) = approved(embedded(), year, 3_000_000);
    let last = request.instalments().last().copied().unwrap();
    assert_eq!((last.from, last.until, last.amount), (on(2027, 1, 1), on(2027, 2, 15), 375_000));
}

/// The same with its gate of 70 %: 80 % are paid, 60 % are held.
#[test]
fn a_figure_below_the_gate_holds_the_instalment() {
    let term = Asked { cost: 6_000_000, starts_at: Some(on(2026, 1, 1)), ends_at: None };
    let (request, mut lots) = approved(embedded(), term, 3_000_000);
    let part = request.instalments()[0];
    let id = || FundClaimId::from_bits(1);
    assert_eq!(Claim::arise(id(), &request, part, Instant(part.until.0 - 1)), None, "not over yet");
    let due = Claim::arise(id(), &request, part, part.until).unwrap();
    assert_eq!((due.status, due.due), (ClaimStatus::Due, 750_000));
    assert!(due.pay(&request, None, &mut lots).is_err(), "nobody has told the figure");
    let score = |text: &str| Score::parse("score", text).unwrap();
    let held = due.scored(&request, score("60")).unwrap();
    assert_eq!(held.status, ClaimStatus::Held);
    assert_eq!(held.pay(&request, None, &mut lots).unwrap_err().field, "status");
    for reached in ["80", "70"] {
        let met = held.scored(&request, score(reached)).unwrap();
        assert_eq!(met.pay(&request, None, &mut lots).unwrap().amount, 750_000);
    }
    assert_eq!(held.scored(&request, score("69.9999")).unwrap().status, ClaimStatus::Held);
}

#[test]
fn more_than_is_available_is_refused_whole() {
    let mut lots = lot(100_000);
    let ask =
        |n| Request::new(FundRequestId::from_bits(n), fund("100", Pays::Cost), asked(35_000), on(2026, 1, 1));
    let approve = |request: Request, lots: &mut [Lot]| {
        request.approve(Approval { amount: None, at: on(2026, 1, 1) }, lots, Spent::default())
    };
    assert!(approve(ask(1).unwrap(), &mut lots).is_ok() && approve(ask(2).unwrap(), &mut lots).is_ok());
    assert_eq!(approve(ask(3).unwrap(), &mut lots).unwrap_err().field, "amount");
    assert_eq!(available(&lots, on(2026, 1, 1)), 30_000);
}

#[test]
fn caps_and_smaller_approvals() {
    let capped = Fund {
        request_cap: Some(40_000),
        partner_cap: Some((50_000, Period::Year)),
        ..fund("50", Pays::Cost)
    };
    let request = Request::new(FundRequestId::from_bits(1), capped, asked(100_000), on(2026, 1, 1)).unwrap();
    assert_eq!(request.wanted, 40_000);
    let approve = |amount, by_partner| {
        let approval = Approval { amount, at: on(2026, 1, 1) };
        request.approve(approval, &mut lot(1_000_000), Spent { by_partner })
    };
    assert_eq!(approve(None, 10_000).unwrap().committed, 40_000);
    assert_eq!(approve(Some(12_345), 0).unwrap().committed, 12_345);
    for (amount, before) in [(Some(40_001), 0), (Some(0), 0), (Some(-1), 0), (None, 10_001)] {
        assert_eq!(approve(amount, before).unwrap_err().field, "amount");
    }
}

#[test]
fn the_deadline_is_an_exact_instant() {
    let ends = Asked { ends_at: Some(on(2026, 3, 1)), ..asked(100_000) };
    let (request, mut lots) = approved(fund("50", Pays::Cost), ends, 100_000);
    let deadline = on(2026, 4, 30);
    assert_eq!(request.claim_by, Some(deadline), "60 days after 1 March");
    let claim = |at| Claim::file(FundClaimId::from_bits(1), &request, cost(1_000, true), at);
    assert!(claim(Instant(deadline.0 - 1)).is_ok() && claim(deadline).is_err());
    assert!(!request.is_over(Instant(deadline.0 - 1)) && request.is_over(deadline));
    let (expired, released) = request.close(RequestStatus::Expired, &mut lots).unwrap();
    assert_eq!(
        (expired.status, released, available(&lots, deadline)),
        (RequestStatus::Expired, 50_000, 100_000)
    );
    assert!(expired.close(RequestStatus::Expired, &mut lots).is_err(), "never twice");
}

#[test]
fn what_is_taken_back_is_open_again_or_released() {
    let (request, mut lots) = approved(fund("50", Pays::Cost), asked(100_000), 50_000);
    let part = file(&request, cost(40_000, false)).pay(&request, None, &mut lots).unwrap();
    assert_eq!((part.amount, part.request.open(), part.released), (20_000, 30_000, 0));
    let (open, reversed, released) = part.claim.reverse(&part.request, &mut lots).unwrap();
    assert_eq!((open.open(), reversed.status, released), (50_000, ClaimStatus::Reversed, 0));
    assert!(reversed.reverse(&open, &mut lots).is_err(), "never twice");
    let last = file(&open, cost(60_000, true)).pay(&open, Some(25_000), &mut lots).unwrap();
    assert_eq!((last.amount, last.released, available(&lots, on(2026, 1, 3))), (25_000, 25_000, 25_000));
    let (closed, _, released) = last.claim.reverse(&last.request, &mut lots).unwrap();
    assert_eq!(
        (closed.paid, closed.open(), released, available(&lots, on(2026, 1, 3))),
        (0, 0, 25_000, 50_000)
    );
}

#[test]
fn decisions_are_made_once() {
    let waiting =
        Request::new(FundRequestId::from_bits(1), fund("50", Pays::Cost), asked(100_000), on(2026, 1, 1))
            .unwrap();
    let rejected = waiting.end(RequestStatus::Rejected).unwrap();
    assert_eq!(rejected.end(RequestStatus::Rejected).unwrap(), rejected, "the same again changes nothing");
    assert!(rejected.end(RequestStatus::Withdrawn).is_err());
    let approval = Approval { amount: None, at: on(2026, 1, 1) };
    assert!(rejected.approve(approval, &mut lot(100_000), Spent::default()).is_err());
    let (request, mut lots) = approved(fund("50", Pays::Cost), asked(100_000), 50_000);
    assert!(request.approve(approval, &mut lots, Spent::default()).is_err(), "never twice");
    let claim = file(&request, cost(10_000, false));
    let no = claim.reject().unwrap();
    assert_eq!(no.reject().unwrap(), no);
    assert!(no.pay(&request, None, &mut lots).is_err());
    let paid = claim.pay(&request, None, &mut lots).unwrap();
    assert!(paid.claim.reject().is_err() && paid.claim.pay(&paid.request, None, &mut lots).is_err());
}

#[test]
fn what_makes_no_fund_is_refused_by_field() {
    let refused = |change: &dyn Fn(&mut Fund)| {
        let mut changed = fund("50", Pays::Cost);
        change(&mut changed);
        changed.checked().unwrap_err().field
    };
    assert_eq!(refused(&|f| f.claim_days = 0), "claimDays");
    assert_eq!(refused(&|f| f.expiry = Expiry::Days(0)), "lotDays");
    assert_eq!(refused(&|f| f.request_cap = Some(0)), "maxRequest");
    assert_eq!(refused(&|f| f.partner_cap = Some((-1, Period::Year))), "maxPartner");
    assert_eq!(refused(&|f| f.proofs = 11), "proofs");
    assert_eq!(refused(&|f| f.pays = Pays::Tranches(Vec::new())), "tranches");
    let tranche = |reached, pays| Tranche { name: "T".into(), reaches: Threshold::Amount(reached), pays };
    assert_eq!(
        refused(&|f| f.pays = Pays::Tranches(vec![tranche(5, None), tranche(6, None)])),
        "tranches[0]"
    );
    assert_eq!(
        refused(&|f| f.pays = Pays::Tranches(vec![tranche(5, Some(1)), tranche(5, None)])),
        "tranches[1]"
    );
    for (bad, field) in [
        (asked(0), "cost"),
        (asked(-5), "cost"),
        (Asked { ends_at: Some(on(2025, 1, 1)), ..asked(5) }, "endsAt"),
    ] {
        let refusal = Request::new(FundRequestId::from_bits(1), fund("50", Pays::Cost), bad, on(2026, 1, 1));
        assert_eq!(refusal.unwrap_err().field, field);
    }
    for bad in ["", "-1", "10001", "70%", "1.23456"] {
        assert!(Score::parse("score", bad).is_err(), "{bad}");
    }
}
