//! Random histories of a partner's points: whatever the order of earning, redeeming, taking back and expiring, no point is used
//! twice, the lots that expire first are used first, and the ledger's account is the sum of the lots.

use super::tests::{article, lot, on, purse};
use super::*;
use crate::commission::{self, Change, Commission, Source, Status};
use crate::id::{CommissionId, PartnerId, RedemptionId};
use crate::ledger::{Account, AccountKind, Balances, Transfer};
use crate::lot::Part;
use crate::money::Currency;
use crate::reward::{Calculation, Formula};
use crate::time::Instant;
use proptest::prelude::*;
use std::collections::BTreeMap;

#[derive(Clone, Debug)]
enum Act {
    /// A sale that earns so many points, which expire after so many days.
    Earn(i64, Option<i64>),
    Redeem(i64),
    Fulfil(usize),
    Refuse(usize),
    /// So much of a sale stands refunded.
    Refund(usize, i64),
    Void(usize),
    Wait(i64),
    Expire,
}

struct Book {
    now: Instant,
    number: u128,
    purse: Purse,
    commissions: Vec<(Commission, Option<Instant>)>,
    redemptions: Vec<Redemption>,
    /// What was drawn of each lot to cover what was owed.
    covered: BTreeMap<String, i64>,
    balances: Balances,
}

impl Book {
    fn new() -> Self {
        Self {
            now: on(2026, 1, 1),
            number: 0,
            purse: purse(),
            commissions: Vec::new(),
            redemptions: Vec::new(),
            covered: BTreeMap::new(),
            balances: Balances::default(),
        }
    }

    fn next(&mut self) -> u128 {
        self.number += 1;
        self.number
    }

    fn done(&mut self, done: Done, own: Option<&Transfer>) {
        done.before.iter().for_each(|transfer| self.balances.post(Some(transfer)));
        self.balances.post(own);
        done.after.iter().for_each(|transfer| self.balances.post(Some(transfer)));
        for part in done.covered {
            *self.covered.entry(part.lot.to_string()).or_default() += part.amount;
        }
    }

    fn stands(&mut self, which: usize, after: Commission, own: Option<&Transfer>) {
        let target = if after.status == Status::Processed { after.earnings } else { 0 };
        let lot = lot(self.next(), self.now, self.commissions[which].1);
        let done = self.purse.level(&after.id, target, lot, self.now);
        self.commissions[which].0 = after;
        self.done(done, own);
    }

    fn act(&mut self, act: &Act) {
        match act {
            Act::Earn(points, days) => self.earn(*points, days.map(|days| self.now.plus_days(days))),
            Act::Redeem(price) => {
                let id = RedemptionId::from_bits(self.next());
                let before = self.purse.clone();
                let asked =
                    Redemption::ask(id, &article(*price), &mut self.purse, Taken::default(), self.now);
                let Ok((asked, transfer)) = asked else { return };
                self.oldest_first(&before);
                self.balances.post(transfer.as_ref());
                self.redemptions.push(asked);
            }
            Act::Fulfil(which) => self.redemption(*which, |redemption, _| redemption.fulfil()),
            Act::Refuse(which) => {
                self.redemption(*which, |redemption, purse| redemption.end(RedemptionStatus::Refused, purse));
                let done = self.purse.cover(self.now);
                self.done(done, None);
            }
            Act::Refund(which, gone) => self.refund(*which, *gone),
            Act::Void(which) => {
                let Some(which) = self.which(*which) else { return };
                if let Some(step) = self.commissions[which].0.void(Status::Canceled) {
                    self.stands(which, step.commission, step.transfer.as_ref());
                }
            }
            Act::Wait(days) => self.now = self.now.plus_days(*days),
            Act::Expire => {
                let posted = self.purse.expire(self.now);
                for transfer in &posted {
                    self.balances.post(Some(transfer));
                }
            }
        }
    }

    fn which(&self, which: usize) -> Option<usize> {
        (!self.commissions.is_empty()).then(|| which % self.commissions.len())
    }

    fn earn(&mut self, points: i64, expires_at: Option<Instant>) {
        let (paid, currency) = (points * 10, Currency::parse("usd").unwrap());
        let formula = Formula::PerAmount { each: 1, per: 10, base: paid, currency };
        let step = commission::credit(Commission {
            id: CommissionId::from_bits(self.next()),
            partner: PartnerId::from_bits(1),
            currency: Currency::POINTS,
            calculation: Calculation { formula, paid, ..Calculation::fixed(0) },
            amount: paid,
            refunded: 0,
            earnings: 0,
            status: Status::Pending,
            clears_at: self.now,
            source: Source::Expense,
            in_payout: false,
        });
        self.balances.post(step.transfer.as_ref());
        let released = step.commission.release(self.now).unwrap();
        self.commissions.push((step.commission, expires_at));
        self.stands(self.commissions.len() - 1, released.commission, released.transfer.as_ref());
    }

    fn refund(&mut self, which: usize, gone: i64) {
        let Some(which) = self.which(which) else { return };
        let before = &self.commissions[which].0;
        let gone = gone.min(before.amount);
        let Change::Same(step) = before.remain(gone, self.now) else { panic!("points are in no payout") };
        self.stands(which, step.commission, step.transfer.as_ref());
    }

    fn redemption(
        &mut self,
        which: usize,
        step: impl Fn(&Redemption, &mut Purse) -> Result<(Redemption, Option<Transfer>), Invalid>,
    ) {
        if self.redemptions.is_empty() {
            return;
        }
        let which = which % self.redemptions.len();
        if let Ok((after, transfer)) = step(&self.redemptions[which], &mut self.purse) {
            self.balances.post(transfer.as_ref());
            self.redemptions[which] = after;
        }
    }

    /// No lot was drawn on while one that expires before it still holds something.
    fn oldest_first(&self, before: &Purse) {
        let end = |lot: &Credited| lot.lot.expires_at.unwrap_or(Instant(i64::MAX));
        let drawn =
            self.purse.lots.iter().zip(&before.lots).filter(|(after, was)| after.lot.left < was.lot.left);
        for (drawn, _) in drawn {
            let older =
                self.purse.lots.iter().filter(|lot| lot.lot.is_good(self.now) && end(lot) < end(drawn));
            assert_eq!(older.map(|lot| lot.lot.left).sum::<i64>(), 0);
        }
    }

    fn account(&self, kind: AccountKind) -> i64 {
        let account = Account::of(kind, PartnerId::from_bits(1), Currency::POINTS);
        self.balances.all().find(|(known, _)| **known == account).map_or(0, |(_, balance)| balance)
    }

    fn check(&self) {
        let lots = &self.purse.lots;
        assert_eq!(self.account(AccountKind::Payable), lots.iter().map(|lot| lot.lot.left).sum::<i64>());
        assert_eq!(self.account(AccountKind::Clawback), -self.purse.owed);
        let taken = |status| {
            let of = self.redemptions.iter().filter(move |redemption| redemption.status == status);
            of.map(|redemption| redemption.article.price).sum::<i64>()
        };
        assert_eq!(self.account(AccountKind::Sent), taken(RedemptionStatus::Requested));
        assert_eq!(self.account(AccountKind::Paid), taken(RedemptionStatus::Fulfilled));
        assert!(self.purse.owed == 0 || self.purse.available(self.now) == 0, "what is owed is covered first");
        for lot in lots {
            assert!(lot.lot.left >= 0 && lot.gone >= 0 && lot.owed >= 0 && lot.owed <= lot.amount);
            let parts = self.redemptions.iter().flat_map(|redemption| &redemption.parts);
            let by_redemptions: i64 = parts.filter(|part| part.lot == lot.lot.id).map(Part::open).sum();
            let by_debt = self.covered.get(lot.lot.id.as_str()).copied().unwrap_or(0);
            assert_eq!(lot.drawn(), by_redemptions + by_debt, "no point is used twice");
        }
        let earned: i64 = self.commissions.iter().map(|(commission, _)| commission.earnings).sum();
        let expired: i64 = lots.iter().map(|lot| lot.gone).sum();
        let partner: i64 =
            [AccountKind::Payable, AccountKind::Clawback, AccountKind::Sent, AccountKind::Paid]
                .into_iter()
                .map(|kind| self.account(kind))
                .sum();
        assert_eq!(partner, earned - expired, "and none is lost");
    }
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (1_i64..500, prop::option::of(1_i64..60)).prop_map(|(points, days)| Act::Earn(points, days)),
        3 => (1_i64..400).prop_map(Act::Redeem),
        1 => (0_usize..50).prop_map(Act::Fulfil),
        2 => (0_usize..50).prop_map(Act::Refuse),
        3 => (0_usize..50, 0_i64..5_000).prop_map(|(which, gone)| Act::Refund(which, gone)),
        1 => (0_usize..50).prop_map(Act::Void),
        2 => (1_i64..40).prop_map(Act::Wait),
        2 => Just(Act::Expire),
    ]
}

proptest! {
    #[test]
    fn no_point_is_used_twice_or_lost(acts in prop::collection::vec(act(), 1..60)) {
        let mut book = Book::new();
        for act in &acts {
            book.act(act);
            book.check();
        }
    }

    #[test]
    fn prizes_of_a_period_never_exceed_its_places(
        places in prop::collection::vec(1_i64..1_000, 1..6),
        counts in prop::collection::vec(0_i64..5, 0..12),
    ) {
        let mut places = places;
        places.sort_unstable_by(|a, b| b.cmp(a));
        let given: i64 = awards(&places, (0..).zip(counts.clone()).collect::<Vec<(i32, i64)>>()).iter().map(|a| a.prize).sum();
        let taking = counts.iter().filter(|count| **count > 0).count();
        prop_assert_eq!(given, places.iter().take(taking).sum::<i64>());
    }
}
