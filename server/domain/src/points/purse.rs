//! One partner's points: lots, and what is owed.

use crate::id::{CommissionId, PartnerId};
use crate::ledger::{Account, AccountKind, Cause, Transfer, TransferKind};
use crate::lot::{self, Lot, Part};
use crate::money::Currency;
use crate::time::Instant;

/// A lot with what became of it. What came in is in the lot, gone, or drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credited {
    /// Of which commission it is.
    pub commission: CommissionId,
    /// What can be drawn of it.
    pub lot: Lot,
    /// How much came in, less what was taken back of what was there.
    pub amount: i64,
    /// How much of that has expired.
    pub gone: i64,
    /// How much of it was taken back though it was drawn.
    pub owed: i64,
}

/// A partner's points in a program, as far as a step needs them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purse {
    /// Whose.
    pub partner: PartnerId,
    /// The lots: all that hold something, those of the commission that changes, and those a redemption drew from.
    pub lots: Vec<Credited>,
    /// What was taken back after it was redeemed, and not covered since; not negative.
    pub owed: i64,
}

/// What a step of a purse writes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// What to post before the commission's own transfer.
    pub before: Vec<Transfer>,
    /// What to post after it.
    pub after: Vec<Transfer>,
    /// What was drawn to cover what is owed.
    pub covered: Vec<Part>,
}

impl Credited {
    /// How much of the commission stands in it.
    fn counts(&self) -> i64 {
        self.amount - self.owed
    }

    /// How much of it was drawn and not given back.
    pub fn drawn(&self) -> i64 {
        self.amount - self.lot.left - self.gone
    }
}

impl Purse {
    /// How much can be redeemed.
    pub fn available(&self, now: Instant) -> i64 {
        lot::available(&self.inner(), now)
    }

    /// The next instant at which points expire, and how many do.
    pub fn next_expiry(&self, now: Instant) -> Option<(Instant, i64)> {
        lot::next_expiry(&self.inner(), now)
    }

    /// Draws points, the lots that expire first before the others; none, and nothing changed, where there are not enough.
    pub(super) fn draw(&mut self, amount: i64, now: Instant) -> Option<Vec<Part>> {
        let mut lots = self.inner();
        let parts = lot::draw(&mut lots, amount, now)?;
        self.put_back(lots);
        Some(parts)
    }

    /// Gives points back to the lots they came from.
    pub(super) fn give_back(&mut self, parts: &mut [Part], amount: i64) -> Option<()> {
        let mut lots = self.inner();
        lot::give_back(&mut lots, parts, amount)?;
        self.put_back(lots);
        Some(())
    }

    /// Has a commission stand with `target` points, 0 or more: puts in what is missing, as the lot `new`, or takes back what is too
    /// much.
    pub fn level(&mut self, commission: &CommissionId, target: i64, new: Lot, now: Instant) -> Done {
        let stands: i64 = self.of(commission).map(Credited::counts).sum();
        if target < stands {
            let before = self.take(commission, stands - target);
            return Done { before, ..self.cover(now) };
        }
        if target == stands {
            return Done::default();
        }
        // What is given again expires when what was taken back would have.
        let expires_at = self.of(commission).map(|lot| lot.lot.expires_at).next().unwrap_or(new.expires_at);
        let amount = target - stands;
        let lot = Lot { left: amount, expires_at, ..new };
        self.lots.push(Credited { commission: commission.clone(), lot, amount, gone: 0, owed: 0 });
        self.cover(now)
    }

    /// Takes back part of a commission: what is in its lots, then what has expired of them, then what was redeemed, which is owed.
    fn take(&mut self, commission: &CommissionId, amount: i64) -> Vec<Transfer> {
        let mut rest = amount;
        for lot in self.lots.iter_mut().rev().filter(|lot| lot.commission == *commission) {
            let taken = rest.min(lot.lot.left).min(lot.counts());
            (lot.lot.left, lot.amount, rest) = (lot.lot.left - taken, lot.amount - taken, rest - taken);
        }
        let mut before = Vec::new();
        for lot in self.lots.iter_mut().rev().filter(|lot| lot.commission == *commission) {
            let taken = rest.min(lot.gone).min(lot.counts());
            (lot.gone, lot.amount, rest) = (lot.gone - taken, lot.amount - taken, rest - taken);
            let (from, to) = (expense(), account(AccountKind::Payable, &self.partner));
            let cause = Cause::Lot(lot.lot.id.clone());
            before.extend(Transfer::of(TransferKind::Restore, from, to, taken, cause));
        }
        for lot in self.lots.iter_mut().rev().filter(|lot| lot.commission == *commission) {
            let taken = rest.min(lot.counts());
            (lot.owed, self.owed, rest) = (lot.owed + taken, self.owed + taken, rest - taken);
            let accounts = [AccountKind::Clawback, AccountKind::Payable];
            let [from, to] = accounts.map(|kind| account(kind, &self.partner));
            let cause = Cause::Lot(lot.lot.id.clone());
            before.extend(Transfer::of(TransferKind::TakeBack, from, to, taken, cause));
        }
        before
    }

    /// Covers what is owed, as far as there are points.
    pub fn cover(&mut self, now: Instant) -> Done {
        let amount = self.owed.min(self.available(now));
        let covered = self.draw(amount, now).unwrap_or_default();
        self.owed -= amount;
        let (from, to) = (self.account(AccountKind::Payable), self.account(AccountKind::Clawback));
        let net = |part: &Part| {
            let cause = Cause::Lot(part.lot.clone());
            Transfer::of(TransferKind::Net, from.clone(), to.clone(), part.amount, cause)
        };
        Done { before: Vec::new(), after: covered.iter().filter_map(net).collect(), covered }
    }

    /// Takes out what has expired.
    pub fn expire(&mut self, now: Instant) -> Vec<Transfer> {
        let mut lots = self.inner();
        let gone = lot::expire(&mut lots, now);
        self.put_back(lots);
        for (id, amount) in &gone {
            self.lots.iter_mut().filter(|lot| lot.lot.id == *id).for_each(|lot| lot.gone += amount);
        }
        let posted = |(id, amount)| {
            let from = self.account(AccountKind::Payable);
            Transfer::of(TransferKind::Expire, from, expense(), amount, Cause::Lot(id))
        };
        gone.into_iter().filter_map(posted).collect()
    }

    fn of<'a>(&'a self, commission: &'a CommissionId) -> impl Iterator<Item = &'a Credited> {
        self.lots.iter().filter(move |lot| lot.commission == *commission)
    }

    fn inner(&self) -> Vec<Lot> {
        self.lots.iter().map(|credited| credited.lot.clone()).collect()
    }

    fn put_back(&mut self, lots: Vec<Lot>) {
        for (credited, lot) in self.lots.iter_mut().zip(lots) {
            credited.lot = lot;
        }
    }

    fn account(&self, kind: AccountKind) -> Account {
        account(kind, &self.partner)
    }
}

fn account(kind: AccountKind, partner: &PartnerId) -> Account {
    Account::of(kind, partner.clone(), Currency::POINTS)
}

fn expense() -> Account {
    Account::own(AccountKind::Expense, Currency::POINTS)
}
