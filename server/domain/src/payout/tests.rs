use super::*;
use crate::commission::{self, Change, Commission, Source};
use crate::id::{CommissionId, PartnerId, PayoutId};
use crate::ledger::{AccountKind, Balances, TransferKind};
use crate::money::{Currency, Percentage};
use crate::reward::{Calculation, Formula, Part, Room};
use crate::time::Instant;
use proptest::prelude::*;

fn usd() -> Currency {
    Currency::parse("usd").unwrap()
}

fn due(earned: i64, owed: i64) -> Due {
    Due { earned, owed, commissions: 1, period: (Instant(0), Instant(0)) }
}

fn payout(earned: i64, owed: i64) -> Option<Payout> {
    Payout::of(PayoutId::from_bits(1), PartnerId::from_bits(1), usd(), &due(earned, owed))
}

#[test]
fn words_stand_in_order() {
    for (index, (status, word)) in Status::WORDS.iter().enumerate() {
        assert_eq!((*status as usize, Status::parse(word)), (index, Ok(*status)));
    }
    for (index, (status, word)) in BatchStatus::WORDS.iter().enumerate() {
        assert_eq!((*status as usize, BatchStatus::parse(word)), (index, Ok(*status)));
    }
    for approval in [Approval::Anybody, Approval::SecondPerson] {
        assert_eq!(Approval::parse(approval.word()), Ok(approval));
    }
    assert!(
        Status::parse("sent").is_err() && BatchStatus::parse("").is_err() && Mark::parse("approved").is_err()
    );
}

/// Tolt's example: four times 14.70 = 58.80 are paid at a minimum of 50.00.
#[test]
fn who_is_paid() {
    let ready = Payee { has_method: true, on_hold: false, lacks_tax: false };
    let word = |due: Due, payee: Payee| due.obstacle(payee, 5_000).map(Obstacle::word);
    assert_eq!(word(due(5_880, 0), ready), None);
    assert_eq!(word(due(5_000, 0), ready), None);
    assert_eq!(word(due(4_999, 0), ready), Some("below_minimum"));
    assert_eq!(word(due(5_880, 1_470), ready), Some("below_minimum"));
    assert_eq!(word(due(1_470, 1_470), ready), Some("nothing_due"));
    assert_eq!(word(due(0, 1_470), ready), Some("negative_balance"));
    assert_eq!(word(due(5_880, 0), Payee { has_method: false, ..ready }), Some("no_method"));
    assert_eq!(word(due(5_880, 0), Payee { lacks_tax: true, ..ready }), Some("tax_incomplete"));
    assert_eq!(
        word(due(5_880, 0), Payee { has_method: false, on_hold: true, lacks_tax: true }),
        Some("on_hold")
    );
    assert_eq!(due(1, 0).obstacle(ready, 0), None);
}

#[test]
fn nothing_and_points_make_no_payout() {
    assert_eq!(payout(100, 100), None);
    assert_eq!(payout(100, 101), None);
    let points = Payout::of(PayoutId::from_bits(1), PartnerId::from_bits(1), Currency::POINTS, &due(100, 0));
    assert_eq!(points, None);
}

#[test]
fn what_is_owed_is_set_off() {
    use AccountKind::{Clawback, Paid, Payable, Sent};
    let moved = |transfers: Vec<crate::ledger::Transfer>| {
        let row = |t: crate::ledger::Transfer| (t.kind, t.debit.kind, t.credit.kind, t.amount);
        transfers.into_iter().map(row).collect::<Vec<_>>()
    };
    let payout = payout(5_880, 1_470).unwrap();
    let (net, send) =
        ((TransferKind::Net, Payable, Clawback, 1_470), (TransferKind::Send, Payable, Sent, 4_410));
    assert_eq!(moved(payout.reserve()), [net, send]);
    let (approved, nothing) = payout.step(Mark::Approved).unwrap().unwrap();
    assert_eq!(nothing, []);
    let (paid, posts) = approved.step(Mark::Paid).unwrap().unwrap();
    assert_eq!(moved(posts), [(TransferKind::Pay, Sent, Paid, 4_410)]);
    let undone = (TransferKind::Return, Clawback, Payable, 1_470);
    for (from, payout, mark) in
        [(Sent, &payout, Mark::Canceled), (Sent, &approved, Mark::Failed), (Paid, &paid, Mark::Returned)]
    {
        let (after, posts) = payout.step(mark).unwrap().unwrap();
        assert_eq!(moved(posts), [(TransferKind::Return, from, Payable, 4_410), undone]);
        assert!(after.status.is_undone());
        assert_eq!(after.step(mark), Ok(None), "said again");
        for other in [Mark::Approved, Mark::Paid].into_iter().filter(|other| *other != mark) {
            assert!(after.step(other).is_err(), "{other:?} after {mark:?}");
        }
    }
}

#[test]
fn what_contradicts_is_refused() {
    let pending = payout(100, 0).unwrap();
    let processing = Payout { status: Status::Processing, ..pending.clone() };
    let completed = Payout { status: Status::Completed, ..pending.clone() };
    for (payout, marks) in [
        (&pending, &[Mark::Paid, Mark::Failed, Mark::Returned][..]),
        (&processing, &[Mark::Canceled, Mark::Returned]),
        (&completed, &[Mark::Canceled, Mark::Failed, Mark::Approved]),
    ] {
        for mark in marks {
            let refused = payout.step(*mark).unwrap_err().to_string();
            assert!(refused.contains(payout.id.as_str()), "{mark:?}: {refused}");
        }
    }
}

#[test]
fn who_may_approve() {
    let actor = |id: &str, is_person| Actor { id: id.into(), name: "N".into(), is_person };
    assert!(Approval::Anybody.lets(&actor("usr_1", true), "usr_1"));
    assert!(!Approval::SecondPerson.lets(&actor("usr_1", true), "usr_1"));
    assert!(Approval::SecondPerson.lets(&actor("usr_2", true), "usr_1"));
    assert!(Approval::SecondPerson.lets(&actor("usr_1", true), "key_1"));
    assert!(!Approval::SecondPerson.lets(&actor("key_2", false), "key_1"), "an API key is no person");
}

#[test]
fn a_batch_is_decided_once() {
    use BatchStatus::{Approved, Canceled, Draft};
    assert_eq!([Draft.decide(Approved), Draft.decide(Canceled)], [Ok(true), Ok(true)]);
    assert_eq!([Approved.decide(Approved), Canceled.decide(Canceled)], [Ok(false), Ok(false)]);
    assert!(Approved.decide(Canceled).is_err() && Canceled.decide(Approved).is_err());
}

/// What can happen to one partner, by numbers that say to which sale or payout.
#[derive(Clone, Debug)]
enum Event {
    Sale(i64),
    Release(usize),
    /// So many hundredths of the sale are given back in all; fewer than before where a dispute is won.
    Remain(usize, i64),
    Payout,
    Mark(usize, usize),
}

struct Earned {
    commission: Commission,
    payout: Option<usize>,
    corrects: Option<usize>,
}

#[derive(Default)]
struct History {
    earned: Vec<Earned>,
    payouts: Vec<Payout>,
    balances: Balances,
}

impl History {
    fn commission(&self, place: usize) -> Commission {
        let corrected = self.earned.iter().any(|e| e.corrects == Some(place));
        let in_payout = self.earned[place].payout.is_some() || corrected;
        Commission { in_payout, ..self.earned[place].commission.clone() }
    }

    fn add(&mut self, step: commission::Step, corrects: Option<usize>) {
        self.balances.post(step.transfer.as_ref());
        self.earned.push(Earned { commission: step.commission, payout: None, corrects });
    }

    fn sell(&mut self, amount: i64) {
        let formula = Formula::Percentage { percentage: Percentage::parse("20").unwrap(), base: amount };
        let commission = Commission {
            id: CommissionId::from_bits(self.earned.len() as u128),
            partner: PartnerId::from_bits(1),
            currency: usd(),
            calculation: Calculation {
                formula,
                paid: amount,
                exchange: None,
                room: Room::default(),
                part: Part::whole(),
            },
            amount,
            refunded: 0,
            earnings: 0,
            status: commission::Status::Pending,
            clears_at: Instant(10),
            source: Source::Expense,
            in_payout: false,
        };
        self.add(commission::credit(commission), None);
    }

    fn remain(&mut self, place: usize, hundredths: i64) {
        let whole = self.commission(place);
        match whole.remain(whole.amount * hundredths / 100, Instant(10)) {
            Change::Same(step) => {
                self.balances.post(step.transfer.as_ref());
                self.earned[place].commission = step.commission;
            }
            Change::Correction(kept, amount) => {
                self.earned[place].commission = kept.clone();
                let correction = Commission {
                    calculation: Calculation::fixed(amount),
                    amount: 0,
                    refunded: 0,
                    in_payout: false,
                    ..kept
                };
                if amount != 0 {
                    self.add(commission::correct(correction), Some(place));
                }
            }
        }
    }

    fn is_due(earned: &Earned) -> bool {
        earned.payout.is_none() && earned.commission.status == commission::Status::Processed
    }

    fn due(&self) -> Due {
        let due = self.earned.iter().filter(|e| Self::is_due(e)).map(|e| e.commission.earnings);
        let (earned, owed) = due.fold((0, 0), |(earned, owed), e| (earned + e.max(0), owed + (-e).max(0)));
        Due { earned, owed, ..due_of_nothing() }
    }

    fn pay_out(&mut self) {
        let place = self.payouts.len();
        let id = PayoutId::from_bits(place as u128);
        let Some(payout) = Payout::of(id, PartnerId::from_bits(1), usd(), &self.due()) else { return };
        for transfer in &payout.reserve() {
            self.balances.post(Some(transfer));
        }
        for earned in self.earned.iter_mut().filter(|e| Self::is_due(e)) {
            earned.payout = Some(place);
        }
        self.payouts.push(payout);
    }

    fn mark(&mut self, place: usize, mark: Mark) {
        let Ok(Some((after, posts))) = self.payouts[place].step(mark) else { return };
        for transfer in &posts {
            self.balances.post(Some(transfer));
        }
        for earned in self.earned.iter_mut().filter(|e| e.payout == Some(place)) {
            let paid = after.status == Status::Completed;
            earned.commission.status =
                if paid { commission::Status::Paid } else { commission::Status::Processed };
            earned.payout = earned.payout.filter(|_| !after.status.is_undone());
        }
        self.payouts[place] = after;
    }

    fn happen(&mut self, event: &Event) {
        let sales: Vec<_> = (0..self.earned.len()).filter(|i| self.earned[*i].corrects.is_none()).collect();
        let of = |n: usize| sales.get(n % sales.len().max(1)).copied();
        match *event {
            Event::Sale(amount) => self.sell(amount),
            Event::Release(n) => {
                let step =
                    of(n).and_then(|place| Some((place, self.commission(place).release(Instant(10))?)));
                if let Some((place, step)) = step {
                    self.balances.post(step.transfer.as_ref());
                    self.earned[place].commission = step.commission;
                }
            }
            Event::Remain(n, hundredths) => of(n).map_or((), |place| self.remain(place, hundredths)),
            Event::Payout => self.pay_out(),
            Event::Mark(n, mark) if !self.payouts.is_empty() => {
                let marks = [Mark::Approved, Mark::Canceled, Mark::Paid, Mark::Failed, Mark::Returned];
                self.mark(n % self.payouts.len(), marks[mark % marks.len()]);
            }
            Event::Mark(..) => {}
        }
    }

    /// What lies in each account is what the commissions and payouts say, and what a sale earned in all is what remains of it.
    fn check(&self) {
        let sum = |wanted: &[Status]| -> i64 {
            self.payouts.iter().filter(|p| wanted.contains(&p.status)).map(|p| p.amount).sum()
        };
        let due = self.due();
        assert_eq!(self.balances.of(AccountKind::Payable), due.earned);
        assert_eq!(self.balances.of(AccountKind::Clawback), -due.owed);
        assert_eq!(self.balances.of(AccountKind::Sent), sum(&[Status::Pending, Status::Processing]));
        assert_eq!(self.balances.of(AccountKind::Paid), sum(&[Status::Completed]));
        assert_eq!(self.balances.all().map(|(_, balance)| balance).sum::<i64>(), 0);
        for (place, sale) in self.earned.iter().enumerate().filter(|(_, e)| e.corrects.is_none()) {
            let all =
                self.earned.iter().enumerate().filter(|(i, e)| *i == place || e.corrects == Some(place));
            let earned: i64 = all.map(|(_, e)| e.commission.earnings).sum();
            assert_eq!(earned, sale.commission.calculation.earns(sale.commission.refunded));
            assert!(sale.commission.earnings >= 0);
        }
        for (place, payout) in self.payouts.iter().enumerate().filter(|(_, p)| !p.status.is_undone()) {
            let hers = self.earned.iter().filter(|e| e.payout == Some(place)).map(|e| e.commission.earnings);
            assert_eq!(hers.sum::<i64>(), payout.amount, "what is in a payout is never changed");
        }
    }
}

fn due_of_nothing() -> Due {
    Due { commissions: 0, ..due(0, 0) }
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        3 => (1_i64..100_000).prop_map(Event::Sale),
        3 => any::<usize>().prop_map(Event::Release),
        4 => (any::<usize>(), prop_oneof![Just(0_i64), Just(100), 0_i64..=100]).prop_map(|(n, part)| Event::Remain(n, part)),
        3 => Just(Event::Payout),
        5 => (any::<usize>(), any::<usize>()).prop_map(|(n, mark)| Event::Mark(n, mark)),
    ]
}

proptest! {
    #[test]
    fn balances_are_what_is_due_sent_and_paid(events in prop::collection::vec(event(), 0..80)) {
        let mut history = History::default();
        for event in &events {
            history.happen(event);
            history.check();
        }
    }
}
