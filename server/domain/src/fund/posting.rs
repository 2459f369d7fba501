//! What each step of a fund writes to the ledger.
//!
//! Money set aside lies in the program's `fund` account; what is a partner's own in his or her `allocated` one; what is committed
//! to requests in `committed`, from where a claim that is paid takes it to `payable`, as any commission lies there.

use super::Scope;
use crate::id::{FundRequestId, LotId, PartnerId};
use crate::ledger::{Account, AccountKind, Cause, Transfer, TransferKind};
use crate::money::Currency;

/// How a lot came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LotKind {
    /// Set aside for all.
    Budget,
    /// Given to a partner out of that.
    Allocation,
    /// Earned by a partner's purchases.
    Accrual,
    /// Earned by a partner's period, as the part of it that a settlement puts into a fund.
    Settlement,
}

impl LotKind {
    /// The words of the wire and the store.
    pub const WORDS: [(Self, &'static str); 4] = [
        (Self::Budget, "budget"),
        (Self::Allocation, "allocation"),
        (Self::Accrual, "accrual"),
        (Self::Settlement, "settlement"),
    ];

    /// From its word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(_, w)| *w == word).map(|(kind, _)| *kind)
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize].1
    }

    /// From where it comes, and where it lies.
    fn way(self, partner: Option<&PartnerId>, currency: Currency) -> (Account, Account) {
        let own = |kind| Account::own(kind, currency);
        let theirs = |kind| Account { kind, partner: partner.cloned(), currency };
        match self {
            Self::Budget => (own(AccountKind::Expense), own(AccountKind::Fund)),
            Self::Allocation => (own(AccountKind::Fund), theirs(AccountKind::Allocated)),
            Self::Accrual | Self::Settlement => (own(AccountKind::Expense), theirs(AccountKind::Allocated)),
        }
    }
}

/// A lot comes in. `amount` in minor units.
pub fn made(
    kind: LotKind,
    lot: LotId,
    partner: Option<&PartnerId>,
    (amount, currency): (i64, Currency),
) -> Option<Transfer> {
    let word = match kind {
        LotKind::Budget => TransferKind::Allocate,
        LotKind::Allocation => TransferKind::Grant,
        LotKind::Accrual | LotKind::Settlement => TransferKind::Accrue,
    };
    let (from, to) = kind.way(partner, currency);
    Transfer::of(word, from, to, amount, Cause::Lot(lot))
}

/// Part of a lot is taken away again: the budget is lessened, or a purchase was given back. Minor units.
pub fn unmade(
    kind: LotKind,
    lot: LotId,
    partner: Option<&PartnerId>,
    (amount, currency): (i64, Currency),
) -> Option<Transfer> {
    let (from, to) = kind.way(partner, currency);
    Transfer::of(TransferKind::Withdraw, to, from, amount, Cause::Lot(lot))
}

/// What is left of a lot expires, and goes back to where it came from. Minor units.
pub fn lapsed(
    kind: LotKind,
    lot: LotId,
    partner: Option<&PartnerId>,
    (amount, currency): (i64, Currency),
) -> Option<Transfer> {
    let (from, to) = kind.way(partner, currency);
    Transfer::of(TransferKind::Expire, to, from, amount, Cause::Lot(lot))
}

/// Money is committed to a request. Minor units.
pub fn committed(
    scope: Scope,
    request: FundRequestId,
    partner: &PartnerId,
    (amount, currency): (i64, Currency),
) -> Option<Transfer> {
    let (from, to) = commitment(scope, partner, currency);
    Transfer::of(TransferKind::Commit, from, to, amount, Cause::FundRequest(request))
}

/// What is open of a commitment is released. Minor units.
pub fn freed(
    scope: Scope,
    request: FundRequestId,
    partner: &PartnerId,
    (amount, currency): (i64, Currency),
) -> Option<Transfer> {
    let (from, to) = commitment(scope, partner, currency);
    Transfer::of(TransferKind::Free, to, from, amount, Cause::FundRequest(request))
}

fn commitment(scope: Scope, partner: &PartnerId, currency: Currency) -> (Account, Account) {
    let from = match scope {
        Scope::Partner => Account::of(AccountKind::Allocated, partner.clone(), currency),
        Scope::Shared => Account::own(AccountKind::Fund, currency),
    };
    (from, Account::of(AccountKind::Committed, partner.clone(), currency))
}
