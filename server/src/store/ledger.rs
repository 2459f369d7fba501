//! Accounts and transfers. Transfers are inserted, and nothing else is ever done to them.

use super::{Row, StoreError, Tx, params};
use crate::world::World;
use goodword_domain::id::{AccountId, CommissionId, PartnerId, ProgramId, TransferId, VendorId};
use goodword_domain::ledger::{Account, Transfer};
use goodword_domain::time::Instant;

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

impl Tx<'_> {
    /// Posts a transfer, if there is one, opening its accounts where they are new.
    pub fn post(
        &mut self,
        world: World,
        vendor: &VendorId,
        program: &ProgramId,
        transfer: Option<&Transfer>,
        at: Instant,
    ) -> Result<(), StoreError> {
        let Some(t) = transfer else { return Ok(()) };
        let debit = self.account(world, vendor, program, &t.debit)?;
        let credit = self.account(world, vendor, program, &t.credit)?;
        let sql = "insert into transfer (id, vendor_id, program_id, debit_account, credit_account, amount, currency, kind, \
                   commission_id, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        let id = TransferId::from_bits(world.bits());
        let currency = t.debit.currency;
        self.execute(
            sql,
            params![
                &id,
                vendor,
                program,
                &debit,
                &credit,
                t.amount,
                currency,
                t.kind.word(),
                &t.commission,
                at
            ],
        )?;
        Ok(())
    }

    fn account(
        &mut self,
        world: World,
        vendor: &VendorId,
        program: &ProgramId,
        a: &Account,
    ) -> Result<AccountId, StoreError> {
        let partner = a.partner.as_ref().map_or("", PartnerId::as_str);
        let find = "select id from account where program_id = $1 and kind = $2 and partner_id = $3 and currency = $4";
        let found = self.row(find, params![program, a.kind.word(), partner, a.currency])?;
        if let Some(mut row) = found {
            return row.next();
        }
        let id = AccountId::from_bits(world.bits());
        let sql = "insert into account (id, vendor_id, program_id, kind, partner_id, currency) values ($1, $2, $3, $4, $5, $6)";
        self.execute(sql, params![&id, vendor, program, a.kind.word(), partner, a.currency])?;
        Ok(id)
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
