//! The ledger: accounts and immutable transfers.
//!
//! A transfer moves one positive amount from one account to another of the same currency, so the sum of debits equals
//! the sum of credits by construction. Nothing is changed or deleted; a correction is one more transfer. A hold is
//! money in the partner's `held` account; its release moves it to `payable`; a refund moves it back to where the program
//! took it from. Funds set money aside in `fund`, give it to partners in `allocated`, and commit it to requests in `committed`,
//! from where claims that are paid take it to `payable`. What was sent with a payout and is taken back later is owed in `clawback`, until a payout nets it off.

use crate::id::{BudgetId, CommissionId, FundRequestId, LotId, PartnerId, PayoutId, RedemptionId};
use crate::money::Currency;
use std::collections::BTreeMap;
use std::fmt;

/// What an account is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccountKind {
    /// What the program has spent on commissions or set aside for them; its balance is negative.
    Expense,
    /// What the program has set aside and not spent.
    Budget,
    /// What a partner has earned that is not cleared yet.
    Held,
    /// What a partner can be paid.
    Payable,
    /// What is on its way to a partner in a payout.
    Sent,
    /// What a partner was paid.
    Paid,
    /// What a partner owes, because it was taken back after it was sent; its balance is negative or nothing.
    Clawback,
    /// What the program has set aside in funds, neither allocated nor committed.
    Fund,
    /// What a partner has in funds, and is not committed.
    Allocated,
    /// What is committed to a partner's requests to funds, and not paid.
    Committed,
}

/// An account of a program: its own, or one of a partner's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Account {
    /// What it is for.
    pub kind: AccountKind,
    /// Whose; none for the program's own.
    pub partner: Option<PartnerId>,
    /// What is counted in it.
    pub currency: Currency,
}

/// Why money moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransferKind {
    /// A commission was credited.
    Hold,
    /// Its hold ended.
    Release,
    /// A refund or a dispute took it back, wholly or in part.
    TakeBack,
    /// A dispute that was won gave it back.
    Restore,
    /// The vendor voided it.
    Void,
    /// A payout nets off what the partner owes, or points cover it.
    Net,
    /// It went out with a payout, or points were taken by a redemption.
    Send,
    /// The payout arrived, or the redemption was fulfilled.
    Pay,
    /// The payout failed or came back, or the redemption was refused or cancelled.
    Return,
    /// Money was set aside for the program.
    Allocate,
    /// Money set aside was taken away again.
    Withdraw,
    /// It happened before, in another program: what stood there stands here.
    Import,
    /// Money of a fund was given to a partner.
    Grant,
    /// A partner's purchases brought money into a fund.
    Accrue,
    /// Money of a fund was committed to a request.
    Commit,
    /// What was committed and not claimed is free again.
    Free,
    /// A claim on a fund was paid.
    Reimburse,
    /// Money of a fund, or points, have expired.
    Expire,
}

/// What caused a transfer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A commission.
    Commission(CommissionId),
    /// A payout to one partner.
    Payout(PayoutId),
    /// A change of a program's budget.
    Budget(BudgetId),
    /// A lot of a fund, or of points.
    Lot(LotId),
    /// A request to a fund.
    FundRequest(FundRequestId),
    /// A redemption of points.
    Redemption(RedemptionId),
}

/// One positive amount, moved once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Where it is taken from.
    pub debit: Account,
    /// Where it is added.
    pub credit: Account,
    /// Minor units, at least 1.
    pub amount: i64,
    /// Why.
    pub kind: TransferKind,
    /// What caused it.
    pub cause: Cause,
}

impl Account {
    /// One of the program's own.
    pub fn own(kind: AccountKind, currency: Currency) -> Self {
        Self { kind, partner: None, currency }
    }

    /// One of a partner's.
    pub fn of(kind: AccountKind, partner: PartnerId, currency: Currency) -> Self {
        Self { kind, partner: Some(partner), currency }
    }
}

impl Transfer {
    /// A transfer, unless there is nothing to move. `amount` in minor units.
    pub fn of(
        kind: TransferKind,
        debit: Account,
        credit: Account,
        amount: i64,
        cause: Cause,
    ) -> Option<Self> {
        (amount > 0).then_some(Self { debit, credit, amount, kind, cause })
    }
}

impl AccountKind {
    /// The words of the wire and the store.
    pub const WORDS: [(Self, &'static str); 10] = [
        (Self::Expense, "expense"),
        (Self::Budget, "budget"),
        (Self::Held, "held"),
        (Self::Payable, "payable"),
        (Self::Sent, "sent"),
        (Self::Paid, "paid"),
        (Self::Clawback, "clawback"),
        (Self::Fund, "fund"),
        (Self::Allocated, "allocated"),
        (Self::Committed, "committed"),
    ];

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize].1
    }
}

impl TransferKind {
    /// Every one.
    pub const ALL: [Self; 18] = [
        Self::Hold,
        Self::Release,
        Self::TakeBack,
        Self::Restore,
        Self::Void,
        Self::Net,
        Self::Send,
        Self::Pay,
        Self::Return,
        Self::Allocate,
        Self::Withdraw,
        Self::Import,
        Self::Grant,
        Self::Accrue,
        Self::Commit,
        Self::Free,
        Self::Reimburse,
        Self::Expire,
    ];

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Hold => "hold",
            Self::Release => "release",
            Self::TakeBack => "take_back",
            Self::Restore => "restore",
            Self::Void => "void",
            Self::Net => "net",
            Self::Send => "send",
            Self::Pay => "pay",
            Self::Return => "return",
            Self::Allocate => "allocate",
            Self::Withdraw => "withdraw",
            Self::Import => "import",
            Self::Grant => "grant",
            Self::Accrue => "accrue",
            Self::Commit => "commit",
            Self::Free => "free",
            Self::Reimburse => "reimburse",
            Self::Expire => "expire",
        }
    }
}

impl fmt::Display for Cause {
    /// The id; its prefix tells of what.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Commission(id) => id.fmt(f),
            Self::Payout(id) => id.fmt(f),
            Self::Budget(id) => id.fmt(f),
            Self::Lot(id) => id.fmt(f),
            Self::FundRequest(id) => id.fmt(f),
            Self::Redemption(id) => id.fmt(f),
        }
    }
}

/// Balances derived from transfers: credits less debits, minor units.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Balances(BTreeMap<Account, i64>);

impl Balances {
    /// Adds one transfer, if there is one.
    pub fn post(&mut self, transfer: Option<&Transfer>) {
        if let Some(t) = transfer {
            *self.0.entry(t.debit.clone()).or_default() -= t.amount;
            *self.0.entry(t.credit.clone()).or_default() += t.amount;
        }
    }

    /// The sum over all accounts of a kind.
    pub fn of(&self, kind: AccountKind) -> i64 {
        self.0.iter().filter(|(account, _)| account.kind == kind).map(|(_, balance)| balance).sum()
    }

    /// Every account with its balance, in order.
    pub fn all(&self) -> impl Iterator<Item = (&Account, i64)> {
        self.0.iter().map(|(account, balance)| (account, *balance))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_in_order() {
        for (index, (kind, _)) in AccountKind::WORDS.iter().enumerate() {
            assert_eq!(*kind as usize, index);
        }
    }
}
