//! What accounts come to. Transfers are never changed, so a sum of the first so many of a program's chain holds for ever: it is kept,
//! and only what came later is added up when a balance is read. So a balance costs the same however long the ledger is.

use super::{StoreError, Tx, params};
use goodword_domain::id::ProgramId;

/// Sums are taken whenever a program's chain grows past a multiple of this. The migration that made the first knows it too.
const STEP: i64 = 4_096;

/// One side of the account `a`: the kept sum and what came later.
macro_rules! side {
    ($kept:literal, $account:literal) => {
        concat!(
            "(coalesce((select ",
            $kept,
            " from balance where account_id = a.id), 0) + (select cast(coalesce(sum(amount), 0) as bigint) from transfer where ",
            $account,
            " = a.id and place > coalesce((select place from balance where account_id = a.id), 0)))"
        )
    };
}

/// What was credited to the account `a`.
macro_rules! credits {
    () => {
        $crate::store::balance::side!("credits", "credit_account")
    };
}

/// What was debited from the account `a`.
macro_rules! debits {
    () => {
        $crate::store::balance::side!("debits", "debit_account")
    };
}

/// What the account `a` comes to.
macro_rules! balance {
    () => {
        concat!($crate::store::balance::credits!(), " - ", $crate::store::balance::debits!())
    };
}

pub(super) use {balance, credits, debits, side};

impl Tx<'_> {
    /// Keeps the sums of a program's accounts, if its chain has grown past a step.
    pub(super) fn keep_balances(
        &mut self,
        program: &ProgramId,
        from: i64,
        to: i64,
    ) -> Result<(), StoreError> {
        let (before, now) = (from / STEP * STEP, to / STEP * STEP);
        if before == now {
            return Ok(());
        }
        let sql = "insert into balance (account_id, program_id, place, credits, debits) \
            select s.account, $1, $3, cast(sum(s.credit) as bigint), cast(sum(s.debit) as bigint) from ( \
            select credit_account as account, amount as credit, 0 as debit from transfer \
            where program_id = $1 and place > $2 and place <= $3 union all \
            select debit_account, 0, amount from transfer where program_id = $1 and place > $2 and place <= $3) s \
            group by s.account \
            on conflict (account_id) do update set place = excluded.place, credits = balance.credits + excluded.credits, \
            debits = balance.debits + excluded.debits";
        self.execute(sql, params![program, before, now])?;
        Ok(())
    }

    /// Accounts whose kept sums are not those of their transfers.
    pub fn broken_balances(&mut self) -> Result<Vec<String>, StoreError> {
        let sql = "select b.account_id from balance b where b.credits <> \
            (select coalesce(sum(amount), 0) from transfer where credit_account = b.account_id and place <= b.place) or b.debits <> \
            (select coalesce(sum(amount), 0) from transfer where debit_account = b.account_id and place <= b.place) \
            order by b.account_id limit $1";
        self.ids(sql)
    }
}

#[cfg(test)]
mod tests {
    use super::super::ledger::Posting;
    use super::super::sqlite::Session;
    use super::super::{Memory, migrate};
    use super::*;
    use crate::world::World;
    use goodword_domain::id::{BudgetId, PartnerId, VendorId};
    use goodword_domain::ledger::{Account, AccountKind, Cause, Transfer, TransferKind};
    use goodword_domain::money::Currency;
    use goodword_domain::time::Instant;
    use std::collections::HashMap;

    /// The n-th of many postings among a program's own account and those of eleven partners.
    fn posting(n: u64) -> Posting {
        let partner = |n: u64| PartnerId::from_bits(u128::from(n % 11 + 1));
        let held = |n| Account::of(AccountKind::Held, partner(n), Currency::POINTS);
        let expense = Account::own(AccountKind::Expense, Currency::POINTS);
        let (debit, credit) = if n.is_multiple_of(5) { (held(n / 5), expense) } else { (expense, held(n)) };
        let cause = Cause::Budget(BudgetId::from_bits(u128::from(n + 1)));
        let amount = i64::try_from(n * 7_919 % 10_007 + 1).expect("it is small");
        Posting {
            vendor: VendorId::from_bits(1),
            program: ProgramId::from_bits(2),
            transfer: Transfer { debit, credit, amount, kind: TransferKind::Hold, cause },
            at: Instant(0),
        }
    }

    #[test]
    fn a_kept_balance_is_the_sum_of_all_transfers() {
        let connection = rusqlite::Connection::open_in_memory().expect("memory is a database");
        let mut session = Session::new(&connection);
        let mut memory = Memory::default();
        let mut tx = Tx::new(&mut session, &mut memory);
        migrate::run(&mut tx).expect("the tables are made");
        let (mut sums, mut kept) = (HashMap::<String, (i64, i64)>::new(), 0);
        // One by one, by many, and by more than a step at once.
        for (from, to) in
            [(0, 1), (1, 4_095), (4_095, 4_096), (4_096, 5_000), (5_000, 14_000), (14_000, 16_385)]
        {
            let postings: Vec<Posting> = (from..to).map(posting).collect();
            for Posting { transfer: t, .. } in &postings {
                let name = |a: &Account| {
                    format!("{} {}", a.kind.word(), a.partner.as_ref().map_or("", PartnerId::as_str))
                };
                sums.entry(name(&t.credit)).or_default().0 += t.amount;
                sums.entry(name(&t.debit)).or_default().1 += t.amount;
            }
            tx.post_all(World, &postings).expect("they are posted");
            let accounts = tx.accounts(&VendorId::from_bits(1), None).expect("they are read");
            let read: HashMap<String, (i64, i64)> = accounts
                .into_iter()
                .map(|a| (format!("{} {}", a.kind, a.partner.unwrap_or_default()), (a.credits, a.debits)))
                .collect();
            assert_eq!(read, sums, "after {to}");
            let rows = tx
                .rows("select distinct place from balance order by place desc", &[])
                .expect("they are read");
            kept = rows.into_iter().next().map_or(0, |mut row| row.next().expect("a place"));
            assert_eq!(kept, i64::try_from(to).expect("it is small") / STEP * STEP);
            assert!(tx.broken_balances().expect("they are compared").is_empty());
        }
        assert_eq!(kept, 16_384);
        tx.script("update balance set credits = credits + 1 where credits > 0").expect("it can be broken");
        assert_eq!(
            tx.broken_balances().expect("they are compared").len(),
            12,
            "each account that was credited"
        );
    }
}
