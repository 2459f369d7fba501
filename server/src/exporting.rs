//! `goodword export`: the ledger as a journal for programs of plain-text accounting.
//!
//! The ledger is read a part at a time, each chain up to the head it had when the export began: a running server adds
//! behind it, so that the journal is of one moment without a transaction that stays open. What is kept meanwhile grows with
//! the accounts, not with the transfers. The same ledger gives the same bytes.

mod beancount;
mod hledger;
mod journal;
mod names;

use crate::admin::chosen;
use crate::config::{ExportLedger, JournalFormat};
use crate::error::Error;
use crate::operate::Operation;
use crate::store::{ChainHead, HeldAccount, Span, Tx};
use crate::time;
use goodword_domain::id::{ProgramId, VendorId};
use goodword_domain::time::{DAY_MS, Instant};
use journal::Journal;
use std::io::{BufWriter, Write, stdout};

/// How many transfers are read at a time.
const PART: usize = 2000;

/// A program whose ledger is exported.
#[derive(Clone, Debug)]
struct Source {
    id: ProgramId,
    name: String,
    head: ChainHead,
    accounts: Vec<HeldAccount>,
}

/// Runs the command.
pub async fn run(command: ExportLedger) -> Result<(), Error> {
    let days = Days::parse(&command)?;
    let mut operation = Operation::open(&command.storage.database)?;
    let out = BufWriter::with_capacity(1 << 16, stdout());
    let done = export(&mut operation, &command, days, out).await;
    operation.close();
    done
}

/// Which days are exported: from one, until another, not including.
#[derive(Clone, Copy)]
struct Days {
    from: Option<i64>,
    to: Option<i64>,
}

impl Days {
    fn parse(command: &ExportLedger) -> Result<Self, Error> {
        let day =
            |field, text: &Option<String>| text.as_deref().map(|t| time::parse_day(field, t)).transpose();
        let days = Self { from: day("from", &command.from)?, to: day("to", &command.to)? };
        match (days.from, days.to) {
            (Some(from), Some(to)) if to <= from => {
                Err(Error::field("to", "must be a later day than `from`."))
            }
            _ => Ok(days),
        }
    }

    fn span(self) -> Span {
        let at = |day: i64| Instant(day * DAY_MS);
        Span { from: self.from.map_or(Instant(0), at), to: self.to.map_or(Instant(i64::MAX), at) }
    }

    /// The day after which the balances are those at the end, where nothing happened in between.
    fn last(self) -> Option<i64> {
        self.from.or(self.to.map(|to| to - 1))
    }
}

async fn export(
    operation: &mut Operation,
    command: &ExportLedger,
    days: Days,
    out: impl Write,
) -> Result<(), Error> {
    let sources = sources(operation, command).await?;
    let dialect: &dyn journal::Dialect = match command.format {
        JournalFormat::Hledger => &hledger::Hledger,
        JournalFormat::Beancount => &beancount::Beancount,
    };
    let mut journal = Journal::begin(dialect, out, &sources)?;
    for source in &sources {
        if let Some(from) = days.from {
            open(operation, source, from, &mut journal).await?;
        }
        transfers(operation, source, days.span(), &mut journal).await?;
    }
    journal.end(days.last())
}

/// What is exported: the program that was named, or all of a vendor's.
async fn sources(operation: &Operation, command: &ExportLedger) -> Result<Vec<Source>, Error> {
    let (program, vendor) = (command.program.clone(), command.vendor.clone());
    let test = command.mode == "test";
    let sources = operation.store.read(move |tx| {
        let named = if let Some(id) = &program {
            let found = tx.named_program(&ProgramId::parse(id)?)?;
            let missing = || Error::NotFound(format!("There is no program {id}: see GET /v1/programs."));
            vec![found.ok_or_else(missing)?]
        } else {
            let vendor = vendor_of(tx, vendor.as_deref(), test)?;
            tx.named_programs(&vendor)?
        };
        named.into_iter().map(|named| source(tx, named)).collect()
    });
    sources.await
}

fn vendor_of(tx: &mut Tx<'_>, named: Option<&str>, test: bool) -> Result<VendorId, Error> {
    let live = chosen(tx, named)?;
    let sandbox = if test { tx.sandbox_of(&live.id)? } else { None };
    Ok(sandbox.unwrap_or(live).id)
}

/// The head first: what is opened later has no transfers before it.
fn source(tx: &mut Tx<'_>, (id, name): (ProgramId, String)) -> Result<Source, Error> {
    let head = tx.chain_head(id.as_str())?;
    let accounts = tx.accounts_held(&id)?;
    Ok(Source { id, name, head, accounts })
}

/// The balances before the first day.
async fn open<W: Write>(
    operation: &Operation,
    source: &Source,
    day: i64,
    journal: &mut Journal<'_, W>,
) -> Result<(), Error> {
    let (id, last) = (source.id.clone(), source.head.place);
    let at = Instant(day * DAY_MS);
    let balances = operation.store.read(move |tx| Ok(tx.balances_at(&id, last, at)?)).await?;
    journal.open(source, day, &balances)
}

async fn transfers<W: Write>(
    operation: &mut Operation,
    source: &Source,
    span: Span,
    journal: &mut Journal<'_, W>,
) -> Result<(), Error> {
    let limit = i64::try_from(PART).unwrap_or(i64::MAX);
    let mut place = 0;
    loop {
        let (id, last) = (source.id.clone(), source.head.place);
        let part = operation.store.read(move |tx| Ok(tx.entries(&id, (place, last), span, limit)?)).await?;
        for entry in &part {
            journal.entry(source, entry)?;
        }
        match part.last() {
            Some(entry) if part.len() == PART => place = entry.transfer.place,
            _ => return Ok(()),
        }
        let count = |place: i64| usize::try_from(place).unwrap_or(0);
        operation.progress.tell("transfers exported", count(place), count(last));
    }
}
