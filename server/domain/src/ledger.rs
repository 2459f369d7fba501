//! The ledger: accounts and immutable transfers.
//!
//! A transfer moves one positive amount from one account to another of the same currency, so the sum of debits equals
//! the sum of credits by construction. Nothing is changed or deleted; a correction is one more transfer. A hold is
//! money in the partner's `held` account; its release moves it to `payable`; a refund moves it back to the expense.

use crate::commission::Commission;
use crate::id::{CommissionId, PartnerId};
use crate::money::Currency;
use std::collections::BTreeMap;

/// What an account is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccountKind {
    /// What the program has spent on commissions; its balance is negative.
    Expense,
    /// What a partner has earned that is not cleared yet.
    Held,
    /// What a partner can be paid.
    Payable,
    /// What a partner was paid.
    Paid,
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
    /// A refund took it back, wholly or in part.
    TakeBack,
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
    /// The commission that caused it.
    pub commission: CommissionId,
}

impl Account {
    /// The program's expense.
    pub fn expense(currency: Currency) -> Self {
        Self { kind: AccountKind::Expense, partner: None, currency }
    }

    /// A partner's held earnings.
    pub fn held(partner: PartnerId, currency: Currency) -> Self {
        Self { kind: AccountKind::Held, partner: Some(partner), currency }
    }

    /// A partner's payable earnings.
    pub fn payable(partner: PartnerId, currency: Currency) -> Self {
        Self { kind: AccountKind::Payable, partner: Some(partner), currency }
    }
}

impl Transfer {
    /// The program's expense becomes the partner's, held.
    pub(crate) fn hold(c: &Commission, amount: i64) -> Option<Self> {
        let held = Account::held(c.partner.clone(), c.currency);
        Self::of(TransferKind::Hold, c, Account::expense(c.currency), held, amount)
    }

    /// Held becomes payable.
    pub(crate) fn release(c: &Commission, amount: i64) -> Option<Self> {
        let held = Account::held(c.partner.clone(), c.currency);
        Self::of(TransferKind::Release, c, held, Account::payable(c.partner.clone(), c.currency), amount)
    }

    /// The partner's, wherever it lies, goes back to the program.
    pub(crate) fn take_back(c: &Commission, amount: i64) -> Option<Self> {
        Self::of(TransferKind::TakeBack, c, c.account(), Account::expense(c.currency), amount)
    }

    fn of(kind: TransferKind, c: &Commission, debit: Account, credit: Account, amount: i64) -> Option<Self> {
        (amount > 0).then(|| Self { debit, credit, amount, kind, commission: c.id.clone() })
    }
}

impl AccountKind {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Expense => "expense",
            Self::Held => "held",
            Self::Payable => "payable",
            Self::Paid => "paid",
        }
    }
}

impl TransferKind {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Hold => "hold",
            Self::Release => "release",
            Self::TakeBack => "take_back",
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
}
