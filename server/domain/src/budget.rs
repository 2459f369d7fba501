//! What a program sets aside for its commissions.

use crate::Invalid;
use crate::id::BudgetId;
use crate::ledger::{Account, AccountKind, Cause, Transfer, TransferKind};
use crate::money::{Currency, MAX_AMOUNT};

/// What a change of a budget writes to the ledger: a positive `amount` is set aside, a negative one is taken away again, of
/// which there must be so much `left`; all in minor units.
pub fn change(id: BudgetId, currency: Currency, amount: i64, left: i64) -> Result<Transfer, Invalid> {
    let refused = |remedy: String| Invalid::new("amount", remedy);
    if amount < 0 && amount < -left.max(0) {
        return Err(refused(format!(
            "withdraws more than is left: send at least -{} (minor units); it is {amount}.",
            left.max(0)
        )));
    }
    let (expense, budget) = (own(AccountKind::Expense, currency), own(AccountKind::Budget, currency));
    let cause = Cause::Budget(id);
    let transfer = if amount < 0 {
        Transfer::of(TransferKind::Withdraw, budget, expense, -amount, cause)
    } else {
        Transfer::of(TransferKind::Allocate, expense, budget, amount, cause)
    };
    transfer.filter(|transfer| transfer.amount <= MAX_AMOUNT).ok_or_else(|| {
        refused(format!(
            "must be minor units (cents) from -{MAX_AMOUNT} to {MAX_AMOUNT}, and not 0; it is {amount}."
        ))
    })
}

fn own(kind: AccountKind, currency: Currency) -> Account {
    Account::own(kind, currency)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Balances;

    fn made(amount: i64, left: i64) -> Result<Transfer, Invalid> {
        change(BudgetId::from_bits(1), Currency::parse("usd").unwrap(), amount, left)
    }

    #[test]
    fn money_is_set_aside_and_taken_away_again() {
        let mut balances = Balances::default();
        balances.post(Some(&made(1_000, 0).unwrap()));
        assert_eq!((balances.of(AccountKind::Budget), balances.of(AccountKind::Expense)), (1_000, -1_000));
        balances.post(Some(&made(-1_000, 1_000).unwrap()));
        assert_eq!((balances.of(AccountKind::Budget), balances.of(AccountKind::Expense)), (0, 0));
        assert_eq!(made(5, 0).unwrap().kind, TransferKind::Allocate);
        assert_eq!(made(-5, 5).unwrap().kind, TransferKind::Withdraw);
    }

    #[test]
    fn no_more_is_taken_away_than_is_left() {
        for (amount, left) in [(-1, 0), (-11, 10), (-1, -5), (i64::MIN, 10)] {
            let refusal = made(amount, left).unwrap_err();
            assert!(refusal.to_string().contains("more than is left"), "{refusal}");
        }
    }

    #[test]
    fn nothing_and_absurd_amounts_are_refused() {
        for (amount, left) in [(0, 10), (MAX_AMOUNT + 1, 0), (i64::MAX, 0), (-MAX_AMOUNT - 1, i64::MAX)] {
            assert!(made(amount, left).is_err(), "{amount}");
        }
        assert!(made(MAX_AMOUNT, 0).is_ok());
    }
}
