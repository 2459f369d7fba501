//! Accounts and transfers. Transfers are inserted, and nothing else is ever done to them.

use super::balance::{balance, credits, debits};
use super::page::turned;
use super::value::Value;
use super::{Page, Row, StoreError, Tx, params, row};
use crate::hash;
use crate::world::World;
use goodword_domain::id::{AccountId, PartnerId, ProgramId, TransferId, VendorId};
use goodword_domain::ledger::{Account, Transfer};
use goodword_domain::money::Currency;
use goodword_domain::time::Instant;
use std::collections::BTreeMap;
use std::fmt::{Display, Write};

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
    /// The id of what caused it.
    pub cause: String,
    pub at: Instant,
    /// Its place in the program's chain, from 1.
    pub place: i64,
    pub hash: String,
}

/// What a partner holds in a program, minor units, derived from the transfers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PartnerBalances {
    pub held: i64,
    /// What can be paid, less what is owed.
    pub payable: i64,
    /// What is on its way.
    pub sent: i64,
    pub paid: i64,
}

impl TransferRow {
    /// The hash that chains it to the transfer whose hash is `before` (empty for the first): SHA-256 over that hash and its own
    /// fields, separated by line ends.
    pub fn chained(&self, before: &str) -> String {
        let Self { id, debit, credit, amount, currency, kind, cause, at, place, hash: _ } = self;
        chained(before, &[place, id, debit, credit, amount, currency, kind, cause, &at.0])
    }
}

/// A hash over another and a row's fields, separated by line ends.
pub(super) fn chained(before: &str, fields: &[&dyn Display]) -> String {
    let mut text = before.to_owned();
    for field in fields {
        let _ = write!(text, "\n{field}");
    }
    hash::sha256(&text)
}

/// The id of an account follows from what it is, so that nobody has to look it up, and nobody can change it unseen.
pub(super) fn account_number(program: &str, kind: &str, partner: &str, currency: &str) -> AccountId {
    AccountId::from_bits(hash::wide_number(&format!("{program}|{kind}|{partner}|{currency}")))
}

/// A transfer of a program's ledger.
#[derive(Clone, Debug)]
pub struct Posting {
    pub vendor: VendorId,
    pub program: ProgramId,
    pub transfer: Transfer,
    pub at: Instant,
}

/// A posting with the ids of the accounts it moves money between: from the first to the second.
type Between<'a> = (&'a Posting, [AccountId; 2]);

impl Posting {
    fn row(&self, [debit, credit]: [AccountId; 2], id: TransferId, place: i64, before: &str) -> TransferRow {
        let t = &self.transfer;
        let (currency, kind, cause) =
            (t.debit.currency.wire(), t.kind.word().to_owned(), t.cause.to_string());
        let unchained = TransferRow {
            id,
            debit,
            credit,
            amount: t.amount,
            currency,
            kind,
            cause,
            at: self.at,
            place,
            hash: String::new(),
        };
        TransferRow { hash: unchained.chained(before), ..unchained }
    }

    fn between(&self) -> Between<'_> {
        let id = |a: &Account| {
            let partner = a.partner.as_ref().map_or("", PartnerId::as_str);
            account_number(self.program.as_str(), a.kind.word(), partner, &a.currency.wire())
        };
        (self, [id(&self.transfer.debit), id(&self.transfer.credit)])
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

    /// Posts transfers, opening their accounts where they are new, each chained to the one before it in its program.
    pub fn post_all(&mut self, world: World, postings: &[Posting]) -> Result<(), StoreError> {
        let postings: Vec<Between<'_>> = postings.iter().map(Posting::between).collect();
        self.open_accounts(&postings)?;
        let mut by_program: BTreeMap<&ProgramId, Vec<Between<'_>>> = BTreeMap::new();
        for between in postings {
            by_program.entry(&between.0.program).or_default().push(between);
        }
        // In the order of their ids, so that rivals wait for one another and never in a ring.
        let locks: Vec<i64> = by_program.keys().map(|id| hash::number(&format!("chain:{id}"))).collect();
        self.lock(&locks)?;
        for (program, postings) in by_program {
            self.post_of(world, program, postings)?;
        }
        Ok(())
    }

    fn post_of(
        &mut self,
        world: World,
        program: &ProgramId,
        postings: Vec<Between<'_>>,
    ) -> Result<(), StoreError> {
        let head = self.row("select place, hash from chain where program_id = $1", params![program])?;
        let (mut place, mut last) = match head {
            Some(mut row) => (row.next()?, row.next()?),
            None => (0_i64, String::new()),
        };
        let before = place;
        let mut rows = Vec::with_capacity(postings.len());
        for (posting, accounts) in postings {
            place += 1;
            let transfer = posting.row(accounts, TransferId::from_bits(world.bits()), place, &last);
            last.clone_from(&transfer.hash);
            rows.push(values(posting, &transfer));
        }
        let sql = "insert into transfer (id, vendor_id, program_id, place, debit_account, credit_account, amount, currency, kind, \
                   cause, at, hash) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
        self.execute_all(sql, &rows)?;
        let sql = "insert into chain (program_id, place, hash) values ($1, $2, $3) \
                   on conflict (program_id) do update set place = excluded.place, hash = excluded.hash";
        self.execute(sql, params![program, place, last])?;
        self.keep_balances(program, before, place)
    }

    /// In the order of their ids, so that rivals wait for one another and never in a ring.
    fn open_accounts(&mut self, postings: &[Between<'_>]) -> Result<(), StoreError> {
        let mut new = BTreeMap::new();
        for (posting, ids) in postings {
            for (id, account) in ids.iter().zip([&posting.transfer.debit, &posting.transfer.credit]) {
                if self.learn_account(id) {
                    new.insert(id, (*posting, account));
                }
            }
        }
        let sql = "insert into account (id, vendor_id, program_id, kind, partner_id, currency) values ($1, $2, $3, $4, $5, $6) \
                   on conflict (id) do nothing";
        let row = |(id, (p, a)): (&AccountId, (&Posting, &Account))| {
            let partner = a.partner.as_ref().map_or("", PartnerId::as_str);
            row![id, &p.vendor, &p.program, a.kind.word(), partner, a.currency]
        };
        self.execute_all(sql, &new.into_iter().map(row).collect::<Vec<_>>())
    }

    /// The accounts of a vendor, with their sums.
    pub fn accounts(
        &mut self,
        vendor: &VendorId,
        program: Option<&ProgramId>,
    ) -> Result<Vec<AccountRow>, StoreError> {
        let sql = concat!(
            "select a.id, a.program_id, a.kind, a.partner_id, a.currency, ",
            credits!(),
            ", ",
            debits!(),
            " from account a where a.vendor_id = $1 and (cast($2 as text) is null or a.program_id = $2) \
             order by a.program_id, a.kind, a.partner_id, a.currency"
        );
        self.rows(sql, params![vendor, program])?.into_iter().map(read_account).collect()
    }

    /// The transfers of a vendor.
    pub fn transfers(
        &mut self,
        vendor: &VendorId,
        program: Option<&ProgramId>,
        cause: Option<&str>,
        after: Option<&TransferId>,
        page: Page,
    ) -> Result<Vec<TransferRow>, StoreError> {
        macro_rules! listed {
            ($of:literal, $than:literal, $order:literal) => {
                concat!(
                    "select id, debit_account, credit_account, amount, currency, kind, cause, at, place, hash from transfer \
                     where vendor_id = $1 and (cast($2 as text) is null or program_id = $2) and ", $of,
                    " and (cast($4 as text) is null or id ", $than, " $4) order by id ", $order, " limit $5 offset $6"
                )
            };
        }
        macro_rules! all {
            ($than:literal, $order:literal) => {
                listed!("cast($3 as text) is null", $than, $order)
            };
        }
        // What one thing caused is found by it alone, and put in order then: the order's own index leads through everything.
        macro_rules! caused {
            ($than:literal, $order:literal) => {
                listed!("cause = $3", $than, $order)
            };
        }
        let sql = if cause.is_some() { turned!(page, caused) } else { turned!(page, all) };
        let rows = self.rows(sql, params![vendor, program, cause, after, page.limit, page.skip])?;
        rows.into_iter().map(read_transfer).collect()
    }

    /// A program's transfers in the order of its chain, after a place.
    pub fn transfers_in_order(
        &mut self,
        program: &ProgramId,
        after: i64,
        limit: i64,
    ) -> Result<Vec<TransferRow>, StoreError> {
        let sql = "select id, debit_account, credit_account, amount, currency, kind, cause, at, place, hash from transfer \
                   where program_id = $1 and place > $2 order by place limit $3";
        self.rows(sql, params![program, after, limit])?.into_iter().map(read_transfer).collect()
    }

    pub fn partner_balances(
        &mut self,
        program: &ProgramId,
        partner: &PartnerId,
        currency: Currency,
    ) -> Result<PartnerBalances, StoreError> {
        let sql = concat!(
            "select a.kind, ",
            balance!(),
            " from account a where a.program_id = $1 and a.partner_id = $2 and a.currency = $3"
        );
        let mut balances = PartnerBalances::default();
        for mut row in self.rows(sql, params![program, partner, currency])? {
            let (kind, balance): (String, i64) = (row.next()?, row.next()?);
            match kind.as_str() {
                "held" => balances.held += balance,
                "payable" | "clawback" => balances.payable += balance,
                "sent" => balances.sent += balance,
                "paid" => balances.paid += balance,
                _ => {}
            }
        }
        Ok(balances)
    }
}

fn values(p: &Posting, t: &TransferRow) -> Vec<Value> {
    row![
        &t.id,
        &p.vendor,
        &p.program,
        t.place,
        &t.debit,
        &t.credit,
        t.amount,
        &t.currency,
        &t.kind,
        &t.cause,
        t.at,
        &t.hash
    ]
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

pub(super) fn read_transfer(mut row: Row) -> Result<TransferRow, StoreError> {
    Ok(TransferRow {
        id: row.next()?,
        debit: row.next()?,
        credit: row.next()?,
        amount: row.next()?,
        currency: row.next()?,
        kind: row.next()?,
        cause: row.next()?,
        at: row.next()?,
        place: row.next()?,
        hash: row.next()?,
    })
}
