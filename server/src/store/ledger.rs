//! Accounts and transfers. Transfers are inserted, and nothing else is ever done to them.

use super::{Row, StoreError, Tx, params};
use crate::hash;
use crate::world::World;
use goodword_domain::id::{AccountId, CommissionId, PartnerId, ProgramId, TransferId, VendorId};
use goodword_domain::ledger::{Account, Transfer};
use goodword_domain::time::Instant;
use std::collections::BTreeMap;

/// An account with the sums of its transfers.
#[derive(Clone, Debug)]
pub struct AccountRow {
    pub id: AccountId,
    pub program: ProgramId,
    pub kind: String,
    pub partner: Option<String>,
    pub currency: String,
    pub credits: i64,
    pub debits: i64,
}

/// A transfer as it stands in the ledger.
#[derive(Clone, Debug)]
pub struct TransferRow {
    pub id: TransferId,
    pub debit: AccountId,
    pub credit: AccountId,
    pub amount: i64,
    pub currency: String,
    pub kind: String,
    pub commission: CommissionId,
    pub at: Instant,
}

/// What a partner holds in a program, minor units, derived from the transfers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PartnerBalances {
    pub held: i64,
    pub payable: i64,
    pub paid: i64,
}

/// A transfer of a program's ledger.
#[derive(Clone, Debug)]
pub struct Posting {
    pub vendor: VendorId,
    pub program: ProgramId,
    pub transfer: Transfer,
    pub at: Instant,
}

impl Posting {
    /// The id of an account follows from what it is, so that nobody has to look it up.
    fn account_id(&self, a: &Account) -> AccountId {
        let partner = a.partner.as_ref().map_or("", PartnerId::as_str);
        let name = format!("{}|{}|{partner}|{}", self.program, a.kind.word(), a.currency.wire());
        AccountId::from_bits(hash::wide_number(&name))
    }
}

impl Tx<'_> {
    /// Posts a transfer, if there is one.
    pub fn post(
        &mut self,
        world: World,
        vendor: &VendorId,
        program: &ProgramId,
        transfer: Option<&Transfer>,
        at: Instant,
    ) -> Result<(), StoreError> {
        let Some(transfer) = transfer.cloned() else { return Ok(()) };
        self.post_all(world, &[Posting { vendor: vendor.clone(), program: program.clone(), transfer, at }])
    }

    /// Posts transfers, opening their accounts where they are new.
    pub fn post_all(&mut self, world: World, postings: &[Posting]) -> Result<(), StoreError> {
        self.open_accounts(postings)?;
        let sql = "insert into transfer (id, vendor_id, program_id, debit_account, credit_account, amount, currency, kind, \
                   commission_id, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        let row = |p: &Posting| {
            let (t, id) = (&p.transfer, TransferId::from_bits(world.bits()));
            let (debit, credit) = (p.account_id(&t.debit), p.account_id(&t.credit));
            let (currency, kind) = (t.debit.currency, t.kind.word());
            params![
                &id,
                &p.vendor,
                &p.program,
                &debit,
                &credit,
                t.amount,
                currency,
                kind,
                &t.commission,
                p.at
            ]
            .to_vec()
        };
        self.execute_all(sql, &postings.iter().map(row).collect::<Vec<_>>())
    }

    /// In the order of their ids, so that rivals wait for one another and never in a ring.
    fn open_accounts(&mut self, postings: &[Posting]) -> Result<(), StoreError> {
        let mut new = BTreeMap::new();
        for posting in postings {
            for account in [&posting.transfer.debit, &posting.transfer.credit] {
                let id = posting.account_id(account);
                if self.learn_account(&id) {
                    new.insert(id, (posting, account));
                }
            }
        }
        let sql = "insert into account (id, vendor_id, program_id, kind, partner_id, currency) values ($1, $2, $3, $4, $5, $6) \
                   on conflict (id) do nothing";
        let row = |(id, (p, a)): (AccountId, (&Posting, &Account))| {
            let partner = a.partner.as_ref().map_or("", PartnerId::as_str);
            params![&id, &p.vendor, &p.program, a.kind.word(), partner, a.currency].to_vec()
        };
        self.execute_all(sql, &new.into_iter().map(row).collect::<Vec<_>>())
    }

    /// The accounts of a vendor, with their sums.
    pub fn accounts(
        &mut self,
        vendor: &VendorId,
        program: Option<&ProgramId>,
    ) -> Result<Vec<AccountRow>, StoreError> {
        let sql = "select a.id, a.program_id, a.kind, a.partner_id, a.currency, \
                   (select cast(coalesce(sum(amount), 0) as bigint) from transfer where credit_account = a.id), \
                   (select cast(coalesce(sum(amount), 0) as bigint) from transfer where debit_account = a.id) \
                   from account a where a.vendor_id = $1 and (cast($2 as text) is null or a.program_id = $2) \
                   order by a.program_id, a.kind, a.partner_id, a.currency";
        self.rows(sql, params![vendor, program])?.into_iter().map(read_account).collect()
    }

    /// The transfers of a vendor, newest first.
    pub fn transfers(
        &mut self,
        vendor: &VendorId,
        program: Option<&ProgramId>,
        commission: Option<&CommissionId>,
        after: Option<&TransferId>,
        limit: i64,
    ) -> Result<Vec<TransferRow>, StoreError> {
        let sql = "select id, debit_account, credit_account, amount, currency, kind, commission_id, at from transfer \
                   where vendor_id = $1 and (cast($2 as text) is null or program_id = $2) and (cast($3 as text) is null or commission_id = $3) \
                   and (cast($4 as text) is null or id < $4) order by id desc limit $5";
        let rows = self.rows(sql, params![vendor, program, commission, after, limit])?;
        rows.into_iter().map(read_transfer).collect()
    }

    pub fn partner_balances(
        &mut self,
        program: &ProgramId,
        partner: &PartnerId,
    ) -> Result<PartnerBalances, StoreError> {
        let sql = "select a.kind, \
                   (select cast(coalesce(sum(amount), 0) as bigint) from transfer where credit_account = a.id) \
                   - (select cast(coalesce(sum(amount), 0) as bigint) from transfer where debit_account = a.id) \
                   from account a where a.program_id = $1 and a.partner_id = $2";
        let mut balances = PartnerBalances::default();
        for mut row in self.rows(sql, params![program, partner])? {
            let (kind, balance): (String, i64) = (row.next()?, row.next()?);
            match kind.as_str() {
                "held" => balances.held += balance,
                "payable" => balances.payable += balance,
                "paid" => balances.paid += balance,
                _ => {}
            }
        }
        Ok(balances)
    }
}

fn read_account(mut row: Row) -> Result<AccountRow, StoreError> {
    Ok(AccountRow {
        id: row.next()?,
        program: row.next()?,
        kind: row.next()?,
        partner: Some(row.next::<String>()?).filter(|p| !p.is_empty()),
        currency: row.next()?,
        credits: row.next()?,
        debits: row.next()?,
    })
}

fn read_transfer(mut row: Row) -> Result<TransferRow, StoreError> {
    Ok(TransferRow {
        id: row.next()?,
        debit: row.next()?,
        credit: row.next()?,
        amount: row.next()?,
        currency: row.next()?,
        kind: row.next()?,
        commission: row.next()?,
        at: row.next()?,
    })
}
