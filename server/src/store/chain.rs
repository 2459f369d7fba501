//! A program's chain of transfers, read in its order, a part at a time: what `check` walks and what is exported.

use super::ledger::{account_number, chained};
use super::{Row, StoreError, TransferRow, Tx, params};
use goodword_domain::id::ProgramId;
use goodword_domain::money::Currency;
use goodword_domain::time::Instant;

/// The last link of a program's chain. What is added to the ledger later comes after it, so that a reader who stops here has
/// seen the ledger as of one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChainHead {
    /// The place of the last transfer, from 1; 0 for none.
    pub place: i64,
    /// Its hash.
    pub hash: String,
}

/// A transfer exactly as it stands in its row, whether or not that makes sense.
#[derive(Clone, Debug)]
pub struct Chained {
    pub id: String,
    pub place: i64,
    pub debit: String,
    pub credit: String,
    pub amount: i64,
    pub currency: String,
    pub kind: String,
    pub cause: String,
    pub at: i64,
    pub hash: String,
}

/// An account as a row has it: its kind and, unless it is the program's own, the partner.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Owned {
    pub kind: String,
    pub partner: Option<String>,
}

/// A transfer with the accounts it moved money between.
#[derive(Clone, Debug)]
pub struct Entry {
    pub transfer: TransferRow,
    pub debit: Owned,
    pub credit: Owned,
}

/// An account of a program, what is counted in it, and what the partner is called.
#[derive(Clone, Debug)]
pub struct HeldAccount {
    pub owned: Owned,
    pub currency: Currency,
    pub partner_name: Option<String>,
}

/// Instants from one to another, half-open.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    pub from: Instant,
    pub to: Instant,
}

impl Chained {
    /// The hash it must have after the transfer whose hash is `before`.
    pub fn chained(&self, before: &str) -> String {
        let Self { id, place, debit, credit, amount, currency, kind, cause, at, hash: _ } = self;
        chained(before, &[place, id, debit, credit, amount, currency, kind, cause, at])
    }
}

impl Tx<'_> {
    /// The programs that have, or should have, a chain.
    pub fn chained_programs(&mut self) -> Result<Vec<String>, StoreError> {
        let sql = "select id from program union select program_id from chain order by 1";
        self.rows(sql, &[])?.into_iter().map(|mut row| row.next()).collect()
    }

    /// Where a program's chain ends.
    pub fn chain_head(&mut self, program: &str) -> Result<ChainHead, StoreError> {
        let row = self.row("select place, hash from chain where program_id = $1", params![program])?;
        row.map_or(Ok(ChainHead::default()), |mut row| {
            Ok(ChainHead { place: row.next()?, hash: row.next()? })
        })
    }

    /// Links of a chain from a place on (after the row of this id, where several claim the place), up to and with another.
    pub fn links_of_chain(
        &mut self,
        program: &str,
        (place, id): (i64, &str),
        last: i64,
        limit: i64,
    ) -> Result<Vec<Chained>, StoreError> {
        let sql = "select id, place, debit_account, credit_account, amount, currency, kind, cause, at, hash from transfer \
                   where program_id = $1 and (place > $2 or (place = $2 and id > $3)) and place <= $4 order by place, id limit $5";
        self.rows(sql, params![program, place, id, last, limit])?.into_iter().map(read_link).collect()
    }

    /// The first transfers that stand after the end of their chain.
    pub fn links_after_head(
        &mut self,
        program: &str,
        head: i64,
        limit: i64,
    ) -> Result<Vec<Chained>, StoreError> {
        self.links_of_chain(program, (head + 1, ""), i64::MAX, limit)
    }

    /// Accounts after this id whose content is not what their id was made of, and the last id looked at, if there may be more.
    pub fn forged_accounts(
        &mut self,
        after: &str,
        limit: usize,
    ) -> Result<(Vec<String>, Option<String>), StoreError> {
        let sql = "select id, program_id, kind, partner_id, currency from account where id > $1 order by id limit $2";
        let most = i64::try_from(limit).unwrap_or(i64::MAX);
        let (mut forged, mut last, mut count) = (Vec::new(), None, 0);
        for mut row in self.rows(sql, params![after, most])? {
            let id: String = row.next()?;
            let [program, kind, partner, currency]: [String; 4] =
                [row.next()?, row.next()?, row.next()?, row.next()?];
            if account_number(&program, &kind, &partner, &currency).as_str() != id {
                forged.push(id.clone());
            }
            (last, count) = (Some(id), count + 1);
        }
        Ok((forged, last.filter(|_| count == limit)))
    }

    /// The accounts of a program.
    pub fn accounts_held(&mut self, program: &ProgramId) -> Result<Vec<HeldAccount>, StoreError> {
        let sql = "select a.kind, a.partner_id, a.currency, p.name from account a left join partner p on p.id = a.partner_id \
                   where a.program_id = $1 order by a.kind, a.partner_id, a.currency";
        self.rows(sql, params![program])?.into_iter().map(|mut row| read_held(&mut row)).collect()
    }

    /// What each account of a program held at an instant, by the transfers up to and with a place; credits less debits, minor
    /// units.
    pub fn balances_at(
        &mut self,
        program: &ProgramId,
        last: i64,
        at: Instant,
    ) -> Result<Vec<(HeldAccount, i64)>, StoreError> {
        let sql = "select a.kind, a.partner_id, a.currency, cast(null as text), \
                   (select cast(coalesce(sum(amount), 0) as bigint) from transfer where credit_account = a.id and place <= $2 and at < $3) \
                   - (select cast(coalesce(sum(amount), 0) as bigint) from transfer where debit_account = a.id and place <= $2 and at < $3) \
                   from account a where a.program_id = $1 order by a.kind, a.partner_id, a.currency";
        let rows = self.rows(sql, params![program, last, at])?;
        rows.into_iter().map(|mut row| Ok((read_held(&mut row)?, row.next()?))).collect()
    }

    /// The transfers of a program after a place, up to and with the last, that happened in a span; in their order.
    pub fn entries(
        &mut self,
        program: &ProgramId,
        (after, last): (i64, i64),
        span: Span,
        limit: i64,
    ) -> Result<Vec<Entry>, StoreError> {
        let sql = "select d.kind, d.partner_id, c.kind, c.partner_id, t.id, t.debit_account, t.credit_account, t.amount, t.currency, \
                   t.kind, t.cause, t.at, t.place, t.hash from transfer t join account d on d.id = t.debit_account \
                   join account c on c.id = t.credit_account where t.program_id = $1 and t.place > $2 and t.place <= $3 \
                   and t.at >= $4 and t.at < $5 order by t.place limit $6";
        let rows = self.rows(sql, params![program, after, last, span.from, span.to, limit])?;
        rows.into_iter().map(read_entry).collect()
    }
}

fn read_link(mut row: Row) -> Result<Chained, StoreError> {
    Ok(Chained {
        id: row.next()?,
        place: row.next()?,
        debit: row.next()?,
        credit: row.next()?,
        amount: row.next()?,
        currency: row.next()?,
        kind: row.next()?,
        cause: row.next()?,
        at: row.next()?,
        hash: row.next()?,
    })
}

fn read_held(row: &mut Row) -> Result<HeldAccount, StoreError> {
    Ok(HeldAccount { owned: read_owned(row)?, currency: row.next()?, partner_name: row.next()? })
}

fn read_owned(row: &mut Row) -> Result<Owned, StoreError> {
    Ok(Owned { kind: row.next()?, partner: Some(row.next::<String>()?).filter(|p| !p.is_empty()) })
}

pub(super) fn read_entry(mut row: Row) -> Result<Entry, StoreError> {
    let (debit, credit) = (read_owned(&mut row)?, read_owned(&mut row)?);
    Ok(Entry { debit, credit, transfer: super::ledger::read_transfer(row)? })
}
