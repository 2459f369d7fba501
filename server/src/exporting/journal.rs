//! A journal, written from its beginning to its closing balances.

use super::{Source, names};
use crate::error::Error;
use crate::store::{Entry, HeldAccount, Owned};
use crate::time::show;
use goodword_domain::id::ProgramId;
use goodword_domain::money::Currency;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

/// What a program of plain-text accounting wants to be told, and how.
pub trait Dialect {
    /// A remark.
    fn remark(&self, text: &str) -> String;
    /// Before all else.
    fn preamble(&self) -> String;
    /// A currency, or points.
    fn commodity(&self, currency: Currency) -> String;
    /// An account, what may lie in it, and whose it is.
    fn account(&self, name: &str, currencies: &BTreeSet<Currency>, note: &str) -> String;
    /// A movement.
    fn booking(&self, booking: &Booking<'_>) -> String;
    /// Before the closing balances, which hold at the end of a day.
    fn closing(&self, day: i64) -> String;
    /// What an account holds at the end of a day.
    fn assertion(&self, day: i64, posting: &Posting) -> String;
}

/// A movement whose postings come to nothing.
pub struct Booking<'a> {
    /// The UTC day, counted from 1970-01-01.
    pub day: i64,
    /// The id of the transfer, unless it is the opening balances.
    pub id: Option<&'a str>,
    pub title: &'a str,
    /// Names and values of what else is known of it.
    pub tags: Vec<(&'static str, String)>,
    pub postings: Vec<Posting>,
}

/// What is added to an account, as accountants have it: positive for a debit.
pub struct Posting {
    pub account: String,
    /// Minor units.
    pub minor: i64,
    pub currency: Currency,
}

impl Posting {
    /// The amount with exactly the currency's digits.
    pub fn amount(&self) -> String {
        format!("{} {}", self.currency.decimal(self.minor), names::commodity(self.currency))
    }
}

/// A journal on its way out, with the balances so far.
pub struct Journal<'a, W> {
    dialect: &'a dyn Dialect,
    out: W,
    balances: BTreeMap<(String, Currency), i64>,
    last_day: Option<i64>,
}

impl<'a, W: Write> Journal<'a, W> {
    /// Writes what comes before the movements.
    pub fn begin(dialect: &'a dyn Dialect, out: W, sources: &[Source]) -> Result<Self, Error> {
        let mut journal = Self { dialect, out, balances: BTreeMap::new(), last_day: None };
        let (mut accounts, mut notes) = (BTreeMap::<String, BTreeSet<Currency>>::new(), BTreeMap::new());
        for source in sources {
            let HeldBy { id, name, place, hash } = HeldBy::of(source);
            journal.remark(&format!("program {id}, {name}: {place} transfers, the last with hash {hash}"))?;
            for account in &source.accounts {
                let name = named(&account.owned, &source.id);
                journal.balances.insert((name.clone(), account.currency), 0);
                notes.insert(name.clone(), note(account, source));
                accounts.entry(name).or_default().insert(account.currency);
            }
        }
        journal.write(&dialect.preamble())?;
        let currencies: BTreeSet<Currency> = accounts.values().flatten().copied().collect();
        for currency in currencies {
            journal.write(&dialect.commodity(currency))?;
        }
        for (name, currencies) in &accounts {
            journal.write(&dialect.account(name, currencies, &notes[name]))?;
        }
        Ok(journal)
    }

    /// Writes what a program's accounts held before a day; together they come to nothing.
    pub fn open(&mut self, source: &Source, day: i64, balances: &[(HeldAccount, i64)]) -> Result<(), Error> {
        let held = balances.iter().filter(|(_, balance)| *balance != 0);
        let posting = |(account, balance): &(HeldAccount, i64)| Posting {
            account: named(&account.owned, &source.id),
            minor: -balance,
            currency: account.currency,
        };
        let postings: Vec<Posting> = held.map(posting).collect();
        if postings.is_empty() {
            return Ok(());
        }
        let tags = vec![("program", source.id.to_string())];
        self.book(&Booking { day, id: None, title: "opening balances", tags, postings })
    }

    /// Writes a transfer.
    pub fn entry(&mut self, source: &Source, entry: &Entry) -> Result<(), Error> {
        let t = &entry.transfer;
        let currency = Currency::parse_unit(&t.currency)?;
        let posting = |owned, minor| Posting { account: named(owned, &source.id), minor, currency };
        let tags = vec![
            ("kind", t.kind.clone()),
            ("cause", t.cause.clone()),
            ("program", source.id.to_string()),
            ("place", t.place.to_string()),
            ("at", show(t.at)),
            ("hash", t.hash.clone()),
        ];
        self.book(&Booking {
            day: t.at.day(),
            id: Some(t.id.as_str()),
            title: &t.kind.replace('_', " "),
            tags,
            postings: vec![posting(&entry.debit, t.amount), posting(&entry.credit, -t.amount)],
        })
    }

    fn book(&mut self, booking: &Booking<'_>) -> Result<(), Error> {
        for posting in &booking.postings {
            *self.balances.entry((posting.account.clone(), posting.currency)).or_default() += posting.minor;
        }
        self.last_day = self.last_day.max(Some(booking.day));
        self.write(&self.dialect.booking(booking))
    }

    /// Writes what every account holds at last; `day` is when, if nothing happened.
    pub fn end(mut self, day: Option<i64>) -> Result<(), Error> {
        if let Some(day) = self.last_day.or(day).filter(|_| !self.balances.is_empty()) {
            self.write(&self.dialect.closing(day))?;
            for ((account, currency), minor) in std::mem::take(&mut self.balances) {
                self.write(&self.dialect.assertion(day, &Posting { account, minor, currency }))?;
            }
        }
        self.out.flush().map_err(|error| lost(&error))
    }

    fn remark(&mut self, text: &str) -> Result<(), Error> {
        self.write(&self.dialect.remark(text))
    }

    fn write(&mut self, text: &str) -> Result<(), Error> {
        self.out.write_all(text.as_bytes()).map_err(|error| lost(&error))
    }
}

/// What the head of a journal tells of a program.
struct HeldBy<'a> {
    id: &'a ProgramId,
    name: String,
    place: i64,
    hash: &'a str,
}

impl<'a> HeldBy<'a> {
    fn of(source: &'a Source) -> Self {
        let hash = if source.head.place == 0 { "-" } else { &source.head.hash };
        Self { id: &source.id, name: names::plain(&source.name), place: source.head.place, hash }
    }
}

fn named(owned: &Owned, program: &ProgramId) -> String {
    names::account(&owned.kind, owned.partner.as_deref(), program)
}

/// Whose an account is.
fn note(account: &HeldAccount, source: &Source) -> String {
    match (&account.owned.partner, &account.partner_name) {
        (Some(id), name) => names::plain(&format!("{id} {}", name.as_deref().unwrap_or_default())),
        (None, _) => names::plain(&format!("{} {}", source.id, source.name)),
    }
}

fn lost(error: &std::io::Error) -> Error {
    Error::internal(format!("the export cannot be written: {error}"))
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
