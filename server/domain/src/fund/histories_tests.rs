//! Random histories of a fund: whatever the order of requests, claims, refunds and expiries, nothing is paid above the budget or a
//! commitment, and the lots and the ledger tell the same.

use super::tests::{fund, on, percent};
use super::*;
use crate::commission::{Commission, Source, Status, Step, reimburse};
use crate::id::{CommissionId, FundClaimId, FundRequestId, LotId, PartnerId};
use crate::ledger::{AccountKind, Balances};
use crate::lot::{self, Lot, Part};
use crate::money::Currency;
use crate::reward::Calculation;
use proptest::prelude::*;

/// Everything a fund has, as the server stores it.
struct Book {
    fund: Fund,
    now: Instant,
    number: u128,
    pool: Vec<Lot>,
    /// The lots of each of two partners, and what allocations drew from the pool.
    lots: [Vec<Lot>; 2],
    given: Vec<(LotId, Part)>,
    kinds: Vec<(LotId, LotKind)>,
    requests: Vec<(usize, Request)>,
    claims: Vec<(usize, Claim, Option<Commission>)>,
    balances: Balances,
    put_in: i64,
}

#[derive(Clone, Debug)]
enum Act {
    SetAside(i64),
    Allocate(usize, i64),
    Accrue(usize, i64),
    Request(usize, i64, i64),
    Approve(usize, Option<i64>),
    Claim(usize, i64, bool),
    Score(usize, i64),
    Pay(usize, Option<i64>),
    Reverse(usize),
    Close(usize),
    Sweep,
}

fn usd() -> Currency {
    Currency::parse("usd").unwrap()
}

fn partner(which: usize) -> PartnerId {
    PartnerId::from_bits(which as u128)
}

impl Book {
    fn new(fund: Fund) -> Self {
        Self {
            fund,
            now: on(2026, 1, 1),
            number: 0,
            pool: Vec::new(),
            lots: [Vec::new(), Vec::new()],
            given: Vec::new(),
            kinds: Vec::new(),
            requests: Vec::new(),
            claims: Vec::new(),
            balances: Balances::default(),
            put_in: 0,
        }
    }

    fn next(&mut self) -> u128 {
        self.number += 1;
        self.number
    }

    fn lot(&mut self, kind: LotKind, amount: i64) -> Lot {
        let id = LotId::from_bits(self.next());
        self.kinds.push((id.clone(), kind));
        Lot { id, came_at: self.now, expires_at: self.fund.expires_at(self.now), left: amount }
    }

    fn drawn_on(&mut self, who: usize) -> &mut Vec<Lot> {
        match self.fund.scope {
            Scope::Partner => &mut self.lots[who],
            Scope::Shared => &mut self.pool,
        }
    }

    fn act(&mut self, act: &Act) {
        match act {
            Act::SetAside(amount) => {
                let lot = self.lot(LotKind::Budget, *amount);
                self.balances.post(made(LotKind::Budget, lot.id.clone(), None, (*amount, usd())).as_ref());
                self.put_in += amount;
                self.pool.push(lot);
            }
            Act::Allocate(who, amount) => {
                let Some(parts) = lot::draw(&mut self.pool, *amount, self.now) else { return };
                let lot = self.lot(LotKind::Allocation, *amount);
                let posted =
                    made(LotKind::Allocation, lot.id.clone(), Some(&partner(*who)), (*amount, usd()));
                self.balances.post(posted.as_ref());
                self.given.extend(parts.into_iter().map(|part| (lot.id.clone(), part)));
                self.lots[*who].push(lot);
            }
            Act::Accrue(who, amount) => {
                let lot = self.lot(LotKind::Accrual, *amount);
                let posted = made(LotKind::Accrual, lot.id.clone(), Some(&partner(*who)), (*amount, usd()));
                self.balances.post(posted.as_ref());
                self.put_in += amount;
                self.lots[*who].push(lot);
            }
            Act::Request(who, cost, days) => {
                let id = FundRequestId::from_bits(self.next());
                let asked = Asked { cost: *cost, starts_at: None, ends_at: Some(self.now.plus_days(*days)) };
                if let Ok(request) = Request::new(id, self.fund.clone(), asked, self.now) {
                    self.requests.push((*who, request));
                }
            }
            Act::Sweep => self.sweep(),
            other => self.decide(other),
        }
    }

    fn decide(&mut self, act: &Act) {
        let (Act::Approve(n, _)
        | Act::Claim(n, ..)
        | Act::Score(n, _)
        | Act::Pay(n, _)
        | Act::Reverse(n)
        | Act::Close(n)) = act
        else {
            return;
        };
        match act {
            Act::Approve(_, amount) => self.approve(*n, *amount),
            Act::Claim(_, figure, last) => self.claim(*n, *figure, *last),
            Act::Close(_) => {
                if let Some((who, request)) = self.requests.get(*n).cloned() {
                    self.close(*n, who, &request, RequestStatus::Closed);
                }
            }
            _ => self.about_claim(*n, act),
        }
    }

    fn approve(&mut self, n: usize, amount: Option<i64>) {
        let Some((who, request)) = self.requests.get(n).cloned() else { return };
        let approval = Approval { amount, at: self.now };
        let Ok(approved) = request.approve(approval, self.drawn_on(who), Spent::default()) else { return };
        let money = (approved.committed, usd());
        self.balances.post(committed(self.fund.scope, approved.id.clone(), &partner(who), money).as_ref());
        self.requests[n].1 = approved;
    }

    fn claim(&mut self, n: usize, figure: i64, last: bool) {
        let Some((_, request)) = self.requests.get(n).cloned() else { return };
        let what = match request.fund.pays {
            Pays::Tranches(_) => For::Reached { reached: figure },
            Pays::Cost | Pays::Instalments(_) => For::Cost { cost: figure, last },
        };
        let id = FundClaimId::from_bits(self.next());
        if let Ok(claim) = Claim::file(id, &request, what, self.now) {
            self.claims.push((n, claim, None));
        }
    }

    fn about_claim(&mut self, n: usize, act: &Act) {
        let Some((of, claim, commission)) = self.claims.get(n).cloned() else { return };
        let (who, request) = self.requests[of].clone();
        match act {
            Act::Score(_, score) => {
                let score = Score::parse("score", &score.to_string()).unwrap();
                if let Ok(scored) = claim.scored(&request, score) {
                    self.claims[n].1 = scored;
                }
            }
            Act::Pay(_, amount) => {
                let Ok(paid) = claim.pay(&request, *amount, self.drawn_on(who)) else { return };
                let step = self.reimbursed(who, paid.amount);
                self.balances.post(step.transfer.as_ref());
                self.free(who, &paid.request, paid.released);
                self.requests[of].1 = paid.request;
                self.claims[n] = (of, paid.claim, Some(step.commission));
            }
            _ => {
                let Some(commission) = commission else { return };
                let Ok((request, claim, released)) = claim.reverse(&request, self.drawn_on(who)) else {
                    return;
                };
                let void = commission.void(Status::Canceled).unwrap();
                self.balances.post(void.transfer.as_ref());
                self.free(who, &request, released);
                self.requests[of].1 = request;
                self.claims[n] = (of, claim, None);
            }
        }
    }

    fn reimbursed(&mut self, who: usize, amount: i64) -> Step {
        reimburse(Commission {
            id: CommissionId::from_bits(self.next()),
            partner: partner(who),
            currency: usd(),
            calculation: Calculation::fixed(amount),
            amount: 0,
            refunded: 0,
            earnings: 0,
            status: Status::Processed,
            clears_at: self.now,
            source: Source::Fund,
            in_payout: false,
        })
    }

    fn close(&mut self, n: usize, who: usize, request: &Request, status: RequestStatus) {
        let Ok((closed, released)) = request.close(status, self.drawn_on(who)) else { return };
        self.free(who, &closed, released);
        self.requests[n].1 = closed;
    }

    fn free(&mut self, who: usize, request: &Request, released: i64) {
        let posted = freed(self.fund.scope, request.id.clone(), &partner(who), (released, usd()));
        self.balances.post(posted.as_ref());
    }

    /// What the background step does: instalments arise, requests expire, lots expire.
    fn sweep(&mut self) {
        for n in 0..self.requests.len() {
            let (who, request) = self.requests[n].clone();
            for part in request.instalments() {
                let known = self.claims.iter().any(|(of, claim, _)| {
                    *of == n && matches!(claim.what, For::Period { from, .. } if from == part.from)
                });
                let id = FundClaimId::from_bits(self.next());
                if !known && let Some(claim) = Claim::arise(id, &request, part, self.now) {
                    self.claims.push((n, claim, None));
                }
            }
            let waits = self.claims.iter().any(|(of, claim, _)| *of == n && claim.is_open());
            if request.is_over(self.now) && !waits {
                self.close(n, who, &request, RequestStatus::Expired);
            }
        }
        for who in 0..2 {
            for (id, amount) in lot::expire(&mut self.lots[who], self.now) {
                self.lapse(&id, Some(&partner(who)), amount);
                let mut parts: Vec<_> = self.given.iter_mut().filter(|(of, _)| *of == id).collect();
                let mut own: Vec<Part> = parts.iter().map(|(_, part)| part.clone()).collect();
                if !own.is_empty() {
                    lot::give_back(&mut self.pool, &mut own, amount).unwrap();
                    parts.iter_mut().zip(own).for_each(|(place, part)| place.1 = part);
                }
            }
        }
        for (id, amount) in lot::expire(&mut self.pool, self.now) {
            self.lapse(&id, None, amount);
            self.put_in -= amount;
        }
    }

    fn lapse(&mut self, id: &LotId, partner: Option<&PartnerId>, amount: i64) {
        let kind = self.kinds.iter().find(|(known, _)| known == id).unwrap().1;
        self.balances.post(lapsed(kind, id.clone(), partner, (amount, usd())).as_ref());
        if kind == LotKind::Accrual {
            self.put_in -= amount;
        }
    }

    fn check(&self) -> Result<(), TestCaseError> {
        let left = |lots: &[Lot]| lots.iter().map(|lot| lot.left).sum::<i64>();
        let requests = || self.requests.iter().map(|(_, request)| request);
        for request in requests() {
            prop_assert!(request.paid >= 0 && request.released >= 0 && request.open() >= 0);
            prop_assert!(request.committed <= request.wanted);
            prop_assert_eq!(
                request.parts.iter().map(Part::open).sum::<i64>(),
                request.committed - request.released
            );
        }
        let paid: i64 = requests().map(|request| request.paid).sum();
        prop_assert_eq!(paid, self.claims.iter().map(|(_, claim, _)| claim.paid).sum::<i64>());
        prop_assert!(paid <= self.put_in, "{} of {}", paid, self.put_in);
        let of = |kind| self.balances.of(kind);
        prop_assert_eq!(of(AccountKind::Fund), left(&self.pool));
        prop_assert_eq!(of(AccountKind::Allocated), self.lots.iter().map(|lots| left(lots)).sum::<i64>());
        prop_assert_eq!(of(AccountKind::Committed), requests().map(Request::open).sum::<i64>());
        prop_assert_eq!(of(AccountKind::Payable), paid);
        prop_assert_eq!(of(AccountKind::Expense), -self.put_in);
        Ok(())
    }
}

fn pays() -> impl Strategy<Value = Pays> {
    let tranche = |reached, pays| Tranche { name: "T".into(), reaches: Threshold::Amount(reached), pays };
    let gate = Gate { name: "KPI".into(), at_least: Score::parse("atLeast", "70").unwrap() };
    prop_oneof![
        Just(Pays::Cost),
        Just(Pays::Tranches(vec![tranche(100, Some(40)), tranche(300, None)])),
        Just(Pays::Instalments(Instalments { period: Period::Month, gate: None })),
        Just(Pays::Instalments(Instalments { period: Period::Month, gate: Some(gate) })),
    ]
}

fn funds() -> impl Strategy<Value = Fund> {
    let scope = prop_oneof![Just(Scope::Partner), Just(Scope::Shared)];
    let expiry = prop_oneof![Just(Expiry::Never), Just(Expiry::Days(30)), Just(Expiry::End(Period::Month))];
    (scope, pays(), expiry, 1_i64..=1_000_000, 1_i64..60).prop_map(
        |(scope, pays, expiry, share, claim_days)| Fund {
            scope,
            expiry,
            claim_days,
            share: percent(&format!("{}.{:04}", share / 10_000, share % 10_000)),
            ..fund("100", pays)
        },
    )
}

fn acts(shared: bool) -> impl Strategy<Value = (i64, Act)> {
    let (who, n) = (0_usize..2, 0_usize..6);
    let some = prop::option::of(1_i64..400);
    let act = prop_oneof![
        (1_i64..800).prop_map(Act::SetAside),
        (who.clone(), 1_i64..500).prop_map(move |(who, amount)| {
            if shared { Act::SetAside(amount) } else { Act::Allocate(who, amount) }
        }),
        (who.clone(), 1_i64..300).prop_map(move |(who, amount)| {
            if shared { Act::SetAside(amount) } else { Act::Accrue(who, amount) }
        }),
        (who, 1_i64..900, 1_i64..120).prop_map(|(who, cost, days)| Act::Request(who, cost, days)),
        (n.clone(), some.clone()).prop_map(|(n, amount)| Act::Approve(n, amount)),
        n.clone().prop_map(|n| Act::Approve(n, None)),
        (n.clone(), 1_i64..900, any::<bool>()).prop_map(|(n, figure, last)| Act::Claim(n, figure, last)),
        (n.clone(), 0_i64..120).prop_map(|(n, score)| Act::Score(n, score)),
        (n.clone(), some).prop_map(|(n, amount)| Act::Pay(n, amount)),
        n.clone().prop_map(|n| Act::Pay(n, None)),
        n.clone().prop_map(Act::Reverse),
        n.prop_map(Act::Close),
        Just(Act::Sweep),
    ];
    (0_i64..12, act)
}

proptest! {
    #[test]
    fn never_above_the_budget_or_a_commitment(
        (fund, acts) in funds().prop_flat_map(|fund| {
            let shared = fund.scope == Scope::Shared;
            (Just(fund), prop::collection::vec(acts(shared), 1..80))
        })
    ) {
        let mut book = Book::new(fund);
        for (days, act) in acts {
            book.now = book.now.plus_days(days);
            book.act(&act);
            book.check()?;
        }
        book.sweep();
        book.check()?;
    }
}
