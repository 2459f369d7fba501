//! Whatever happens in whatever order.

use super::tests::{correction, twenty_percent};
use super::*;
use crate::ledger::Balances;
use crate::reward::{Formula, Measure, Mode, Part, Period, Rate, Room, Step as Tier, Tiers, Volume};
use crate::time::DAY_MS;
use proptest::prelude::*;

const AMOUNT: i64 = 10_000;

#[derive(Clone, Debug)]
enum Act {
    Refund(i64),
    Dispute,
    Win,
    Wait,
    Release,
    Suspect,
    Clear,
    Void(Status),
    Send,
    Arrive,
    Return,
}

fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (0_i64..4_000).prop_map(Act::Refund),
        2 => Just(Act::Dispute),
        2 => Just(Act::Win),
        2 => Just(Act::Wait),
        2 => Just(Act::Release),
        1 => Just(Act::Suspect),
        1 => Just(Act::Clear),
        1 => prop::sample::select(vec![Act::Void(Status::Canceled), Act::Void(Status::Fraud)]),
        2 => Just(Act::Send),
        1 => Just(Act::Arrive),
        1 => Just(Act::Return),
    ]
}

/// One commission with its corrections, and the ledger as the steps write it.
struct World {
    commission: Commission,
    corrections: Vec<Commission>,
    balances: Balances,
    now: Instant,
    refunded: i64,
    disputed: bool,
}

impl World {
    fn begin(commission: Commission) -> Self {
        let step = credit(commission);
        let mut balances = Balances::default();
        balances.post(step.transfer.as_ref());
        let commission = step.commission;
        Self { commission, corrections: Vec::new(), balances, now: Instant(0), refunded: 0, disputed: false }
    }

    fn take(&mut self, step: Option<Step>) {
        if let Some(step) = step {
            self.balances.post(step.transfer.as_ref());
            self.commission = step.commission;
        }
    }

    fn remain(&mut self) {
        let refunded = if self.disputed { self.commission.amount } else { self.refunded };
        match self.commission.remain(refunded, self.now) {
            Change::Same(step) => self.take(Some(step)),
            Change::Correction(commission, amount) => {
                let step = correct(correction(&commission, amount));
                self.balances.post(step.transfer.as_ref());
                self.corrections.push(step.commission);
                self.commission = commission;
            }
        }
    }

    /// What payouts write, which is not the business of a commission.
    fn post(&mut self, kind: TransferKind, from: AccountKind, to: AccountKind) {
        let c = &self.commission;
        let transfer = Transfer::of(kind, c.account(from), c.account(to), c.earnings, c.cause());
        self.balances.post(transfer.as_ref());
    }

    fn act_all(&mut self, acts: &[Act]) {
        for act in acts {
            self.act(act);
        }
    }

    fn refund_all(&mut self, parts: &[i64]) {
        for part in parts {
            self.act(&Act::Refund(*part));
        }
    }

    fn act(&mut self, act: &Act) {
        let (status, in_payout) = (self.commission.status, self.commission.in_payout);
        let under_way = in_payout && status == Status::Processed;
        match act {
            Act::Refund(part) => {
                self.refunded = (self.refunded + part).min(self.commission.amount);
                self.remain();
            }
            Act::Dispute => {
                self.disputed = true;
                self.remain();
            }
            Act::Win => {
                self.disputed = false;
                self.remain();
            }
            Act::Wait => self.now = Instant(self.now.0 + 11 * DAY_MS),
            Act::Release => self.take(self.commission.release(self.now)),
            Act::Suspect => self.commission = self.commission.suspect().unwrap_or(self.commission.clone()),
            Act::Clear => self.commission = self.commission.clear().unwrap_or(self.commission.clone()),
            Act::Void(status) => self.take(self.commission.void(*status)),
            Act::Send if status == Status::Processed && !in_payout && self.commission.earnings > 0 => {
                self.post(TransferKind::Send, AccountKind::Payable, AccountKind::Sent);
                self.commission.in_payout = true;
            }
            Act::Arrive if under_way => {
                self.post(TransferKind::Pay, AccountKind::Sent, AccountKind::Paid);
                self.commission.status = Status::Paid;
            }
            Act::Return if under_way => {
                self.post(TransferKind::Return, AccountKind::Sent, AccountKind::Payable);
                self.commission.in_payout = false;
            }
            Act::Send | Act::Arrive | Act::Return => {}
        }
    }

    /// What lies in each of the partner's accounts, by what the commissions say.
    fn expected(&self) -> [i64; 5] {
        let mut lies = [0; 5];
        lies[match (self.commission.status, self.commission.in_payout) {
            (Status::Pending | Status::Hold, _) => 0,
            (Status::Processed, true) => 2,
            (Status::Paid, _) => 3,
            _ => 1,
        }] = self.commission.earnings;
        for correction in &self.corrections {
            lies[if correction.earnings < 0 { 4 } else { 1 }] += correction.earnings;
        }
        lies
    }

    fn net(&self) -> i64 {
        self.commission.earnings + self.corrections.iter().map(|c| c.earnings).sum::<i64>()
    }
}

const ACCOUNTS: [AccountKind; 5] =
    [AccountKind::Held, AccountKind::Payable, AccountKind::Sent, AccountKind::Paid, AccountKind::Clawback];

fn any_commission() -> impl Strategy<Value = Commission> {
    let rising = |mode| {
        let steps = [(0, "5"), (6_000, "10"), (12_000, "20")];
        let rate = |text| Rate::parse("percentage", None, Some(text)).unwrap();
        let steps = steps.iter().map(|(from, text)| Tier { from: *from, rate: rate(text) }).collect();
        let tiers = Tiers { mode, measure: Measure::Amount, period: Period::Ever, steps }.checked().unwrap();
        let before = Volume { amount: 5_000, units: 1 };
        Formula::Tiers { tiers, before, mine: Volume { amount: AMOUNT, units: 1 }, baseline: 0 }
    };
    let formulas = prop::sample::select(vec![
        twenty_percent(AMOUNT).calculation.formula,
        Formula::Flat { each: 333, units: 3 },
        rising(Mode::Marginal),
        rising(Mode::Retroactive),
    ]);
    let part = prop::sample::select(vec![
        Part::whole(),
        Part { weights: vec![6, 6, 2], mine: vec![2] },
        Part { weights: vec![2, 1, 2], mine: vec![0, 2] },
    ]);
    let room = (prop::option::of(0_i64..1_500), prop::option::of(0_i64..1_500));
    let in_review = any::<bool>();
    (formulas, part, room, in_review).prop_map(|(formula, part, (whole, own), in_review)| {
        let sale = twenty_percent(AMOUNT);
        let calculation =
            Calculation { formula, part, room: Room { whole, own }, ..sale.calculation.clone() };
        let status = if in_review { Status::Hold } else { Status::Pending };
        Commission { calculation, status, ..sale }
    })
}

fn any_acts() -> impl Strategy<Value = Vec<Act>> {
    prop::collection::vec(any_act(), 0..24)
}

proptest! {
    /// After every step the ledger holds what the commissions say, and all of them together are what is earned on what
    /// remains, unless it was voided.
    #[test]
    fn the_ledger_follows(commission in any_commission(), acts in any_acts()) {
        let mut world = World::begin(commission);
        for act in &acts {
            world.act(act);
            let balances = ACCOUNTS.map(|kind| world.balances.of(kind));
            prop_assert_eq!(balances, world.expected(), "after {:?}", act);
            prop_assert_eq!(world.balances.of(AccountKind::Expense), -balances.iter().sum::<i64>());
            if !matches!(world.commission.status, Status::Canceled | Status::Fraud) {
                prop_assert_eq!(world.net(), world.commission.calculation.earns(world.commission.refunded));
            }
            if world.commission.status == Status::Refunded {
                prop_assert_eq!(world.commission.earnings, 0);
            }
        }
    }

    /// What was sent is not edited: neither its earnings nor its status, whatever comes; and the corrections come to the difference.
    #[test]
    fn what_was_paid_stays(commission in any_commission(), before in any_acts(), after in any_acts()) {
        let mut world = World::begin(commission);
        for act in before.iter().chain([&Act::Clear, &Act::Wait, &Act::Wait, &Act::Wait, &Act::Release, &Act::Send, &Act::Arrive]) {
            world.act(act);
        }
        if world.commission.status != Status::Paid {
            return Ok(());
        }
        let (paid, told) = (world.commission.clone(), world.corrections.len());
        let then = paid.calculation.earns(paid.refunded);
        for act in after {
            world.act(&act);
        }
        prop_assert_eq!(&Commission { refunded: paid.refunded, ..world.commission.clone() }, &paid);
        prop_assert_eq!(world.balances.of(AccountKind::Paid), paid.earnings);
        let corrections: i64 = world.corrections[told..].iter().map(|c| c.earnings).sum();
        prop_assert_eq!(corrections, paid.calculation.earns(world.commission.refunded) - then);
    }

    /// The same refunds in another order end alike, down to the ledger.
    #[test]
    fn refunds_in_any_order_end_alike(
        commission in any_commission(),
        (parts, shuffled) in prop::collection::vec(0_i64..4_000, 0..6).prop_flat_map(|parts| (Just(parts.clone()), Just(parts).prop_shuffle())),
        released: bool,
    ) {
        let end = |parts: &[i64]| {
            let mut world = World::begin(commission.clone());
            if released {
                world.act_all(&[Act::Clear, Act::Wait, Act::Wait, Act::Wait, Act::Release]);
            }
            world.refund_all(parts);
            (world.commission, ACCOUNTS.map(|kind| world.balances.of(kind)))
        };
        prop_assert_eq!(end(&parts), end(&shuffled));
        prop_assert_eq!(end(&parts), end(&[parts.iter().sum()]));
    }

    /// A dispute that is opened and won leaves everything as if it had not been, also when refunds came between.
    #[test]
    fn a_dispute_that_is_won_never_was(commission in any_commission(), before in any_acts(), between in prop::collection::vec(0_i64..4_000, 0..4)) {
        let end = |disputed: bool| {
            let mut world = World::begin(commission.clone());
            world.act_all(&before);
            world.act(&Act::Win);
            // A hold that ended in the meantime is over: let it end before.
            world.act(&Act::Release);
            if disputed {
                world.act(&Act::Dispute);
            }
            world.refund_all(&between);
            world.act(&Act::Win);
            let Commission { earnings, status, refunded, .. } = world.commission;
            let owed = world.net() - earnings;
            (earnings, status, refunded, owed, ACCOUNTS.map(|kind| world.balances.of(kind)).iter().sum::<i64>())
        };
        prop_assert_eq!(end(true), end(false));
    }

    /// What one sale earns three partners is what it earns, after any refunds and under any cap on the whole.
    #[test]
    fn parts_of_all_partners_are_the_whole(commission in any_commission(), refunds in prop::collection::vec(0_i64..4_000, 0..6)) {
        let commission = Commission { status: Status::Pending, ..commission };
        let mut worlds: Vec<World> = (0..3).map(|place| {
            let (part, room) = (Part { weights: vec![6, 6, 2], mine: vec![place] }, Room { own: None, ..commission.calculation.room });
            World::begin(Commission { calculation: Calculation { room, part, ..commission.calculation.clone() }, ..commission.clone() })
        }).collect();
        for part in refunds {
            for world in &mut worlds {
                world.act(&Act::Refund(part));
            }
            let refunded = worlds[0].commission.refunded;
            let sum: i64 = worlds.iter().map(|world| world.commission.earnings).sum();
            prop_assert_eq!(sum, commission.calculation.whole(refunded));
        }
    }
}
