//! What a replay prints, a page at a time, so that a million commissions need no more memory than a hundred.

use super::Counts;
use super::playing::Stage;
use super::records::{Explanation, Names, Record};
use crate::config::{ReplayFormat, ReplayOut};
use crate::error::Error;
use crate::store::{ReasonSum, StatusSum, Store, Tx};
use goodword_domain::id::AccountId;
use goodword_domain::money::Currency;
use goodword_domain::time::Instant;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{BufWriter, Write};

/// How many rows are read at once.
const PAGE: i64 = 500;
/// Before every event.
const START: (Instant, String) = (Instant(i64::MIN), String::new());

/// A column with how wide it is in a table.
type Column = (&'static str, usize);

const COMMISSIONS: [Column; 14] = [
    ("at", 24),
    ("event", 10),
    ("invoiceId", 12),
    ("customer", 12),
    ("partner", 10),
    ("reward", 14),
    ("status", 10),
    ("amount", 10),
    ("earningsAtFirst", 15),
    ("earnings", 10),
    ("currency", 8),
    ("clearsAt", 24),
    ("version", 7),
    ("arithmetic", 0),
];
const TOUCHPOINTS: [Column; 12] = [
    ("at", 0),
    ("event", 0),
    ("invoiceId", 0),
    ("customer", 0),
    ("credited", 0),
    ("reason", 0),
    ("touchAt", 0),
    ("touchKind", 0),
    ("partner", 0),
    ("verdict", 0),
    ("weight", 0),
    ("earnings", 0),
];
const TRANSFERS: [Column; 9] = [
    ("place", 8),
    ("at", 24),
    ("kind", 10),
    ("amount", 10),
    ("currency", 8),
    ("debit", 20),
    ("credit", 20),
    ("invoiceId", 12),
    ("customer", 0),
];
const ACCOUNTS: [Column; 6] =
    [("kind", 10), ("partner", 12), ("currency", 8), ("debits", 12), ("credits", 12), ("balance", 0)];

/// Prints what was asked for.
pub async fn print(
    store: &Store,
    stage: &Stage,
    counts: &Counts,
    outs: &[ReplayOut],
    format: ReplayFormat,
) -> Result<(), Error> {
    let mut paper = Paper { to: BufWriter::new(std::io::stdout()), format };
    for (place, out) in outs.iter().enumerate() {
        if place > 0 && format == ReplayFormat::Table {
            paper.line("")?;
        }
        match out {
            ReplayOut::Summary => summary(store, stage, counts, &mut paper).await?,
            ReplayOut::Commissions => commissions(store, stage, &mut paper).await?,
            ReplayOut::Explanations => explanations(store, stage, &mut paper).await?,
            ReplayOut::Ledger => ledger(store, stage, &mut paper).await?,
        }
    }
    paper.to.flush().map_err(unwritten)
}

fn unwritten(error: impl std::fmt::Display) -> Error {
    Error::internal(format!("the answer cannot be written: {error}"))
}

/// What is written on.
struct Paper {
    to: BufWriter<std::io::Stdout>,
    format: ReplayFormat,
}

impl Paper {
    fn line(&mut self, text: &str) -> Result<(), Error> {
        writeln!(self.to, "{text}").map_err(unwritten)
    }

    /// The names of columns, where there are columns.
    fn head(&mut self, columns: &[Column]) -> Result<(), Error> {
        let names: Vec<String> = columns.iter().map(|(name, _)| (*name).to_owned()).collect();
        if self.format == ReplayFormat::Jsonl { Ok(()) } else { self.cells(columns, &names) }
    }

    fn record(&mut self, columns: &[Column], record: &Record) -> Result<(), Error> {
        if self.format == ReplayFormat::Jsonl {
            return self.line(&serde_json::to_string(record).map_err(unwritten)?);
        }
        let value = serde_json::to_value(record).map_err(unwritten)?;
        let cells: Vec<String> = columns.iter().map(|(name, _)| cell(&value[*name])).collect();
        self.cells(columns, &cells)
    }

    fn cells(&mut self, columns: &[Column], cells: &[String]) -> Result<(), Error> {
        if self.format == ReplayFormat::Csv {
            let mut csv = csv::WriterBuilder::new().from_writer(&mut self.to);
            csv.write_record(cells.iter().map(|cell| harmless(cell))).map_err(unwritten)?;
            return csv.flush().map_err(unwritten);
        }
        let padded = cells.iter().zip(columns).map(|(cell, (_, width))| format!("{cell:width$}"));
        let line = padded.collect::<Vec<_>>().join("  ");
        self.line(line.trim_end())
    }
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Text that no spreadsheet takes for a formula; numbers stay as they are. Source: OWASP, "CSV Injection".
fn harmless(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) && cell.parse::<i64>().is_err();
    if formula { format!("'{cell}") } else { cell.to_owned() }
}

/// Reads all of a list, page by page, and writes what each page makes.
async fn pages<C: Clone + Send + 'static>(
    store: &Store,
    stage: &Stage,
    paper: &mut Paper,
    first: C,
    page: impl Fn(&mut Tx<'_>, &Stage, &C) -> Result<(Vec<Record>, Option<C>), Error> + Copy + Send + 'static,
    columns: &'static [Column],
) -> Result<(), Error> {
    let mut next = Some(first);
    while let Some(from) = next {
        let stage = stage.clone();
        let (records, after) = store.read(move |tx| page(tx, &stage, &from)).await?;
        for record in &records {
            match record {
                Record::Explanation(told) if paper.format != ReplayFormat::Jsonl => explain(paper, told)?,
                record => paper.record(columns, record)?,
            }
        }
        next = after;
    }
    Ok(())
}

/// Where the next page begins, if this one was full.
fn after<T>(rows: &[T], place: impl Fn(&T) -> (Instant, String)) -> Option<(Instant, String)> {
    rows.last().filter(|_| i64::try_from(rows.len()) == Ok(PAGE)).map(place)
}

async fn commissions(store: &Store, stage: &Stage, paper: &mut Paper) -> Result<(), Error> {
    paper.head(&COMMISSIONS)?;
    let page = |tx: &mut Tx<'_>, stage: &Stage, (at, id): &(Instant, String)| {
        let rows = tx.commissions_in_order(&stage.program, (*at, id), PAGE)?;
        let mut names = Names::new(tx, stage)?;
        let told = rows.iter().map(|row| names.commission(tx, row).map(Record::Commission));
        let told = told.collect::<Result<Vec<_>, _>>()?;
        Ok((told, after(&rows, |row| (row.at, row.commission.id.to_string()))))
    };
    pages(store, stage, paper, START, page, &COMMISSIONS).await
}

/// The sign-ups, then the sales.
async fn explanations(store: &Store, stage: &Stage, paper: &mut Paper) -> Result<(), Error> {
    if paper.format == ReplayFormat::Csv {
        paper.head(&TOUCHPOINTS)?;
    }
    let leads = |tx: &mut Tx<'_>, stage: &Stage, (at, id): &(Instant, String)| {
        let rows = tx.leads_in_order(&stage.program, (*at, id), PAGE)?;
        let mut names = Names::new(tx, stage)?;
        let told = rows.iter().map(|row| names.lead(tx, row).map(Record::Explanation));
        let told = told.collect::<Result<Vec<_>, _>>()?;
        Ok((told, after(&rows, |row| (row.at, row.id.to_string()))))
    };
    pages(store, stage, paper, START, leads, &TOUCHPOINTS).await?;
    let sales = |tx: &mut Tx<'_>, stage: &Stage, (at, id): &(Instant, String)| {
        let rows = tx.sales_in_order(&stage.program, (*at, id), PAGE)?;
        let mut names = Names::new(tx, stage)?;
        let told = rows.iter().map(|row| names.sale(tx, row).map(Record::Explanation));
        let told = told.collect::<Result<Vec<_>, _>>()?;
        Ok((told, after(&rows, |row| (row.at, row.id.to_string()))))
    };
    pages(store, stage, paper, START, sales, &TOUCHPOINTS).await
}

/// An explanation for the eye, or a row for each of its touchpoints.
fn explain(paper: &mut Paper, e: &Explanation) -> Result<(), Error> {
    let earnings: i64 = e.commissions.iter().map(|c| c.earnings).sum();
    let (invoice, customer) =
        (e.invoice_id.clone().unwrap_or_default(), e.customer.clone().unwrap_or_default());
    if paper.format == ReplayFormat::Csv {
        let credited = e.credited.to_string();
        let event = [e.at.as_str(), e.event, &invoice, &customer, &credited, &e.reason];
        let none = [const { String::new() }; 5];
        let touched = e.touchpoints.iter().map(|t| {
            [t.at.clone(), t.kind.clone(), t.partner.clone(), t.verdict.clone(), t.weight.to_string()]
        });
        let rows: Vec<_> = if e.touchpoints.is_empty() { vec![none] } else { touched.collect() };
        for row in rows {
            let mut cells: Vec<String> = event.iter().map(|text| (*text).to_owned()).collect();
            cells.extend(row);
            cells.push(earnings.to_string());
            paper.cells(&TOUCHPOINTS, &cells)?;
        }
        return Ok(());
    }
    let amount = Currency::parse_unit(&e.currency).map_or_else(|_| String::new(), |c| c.show(e.amount));
    let credited = if e.credited { "credited" } else { "not credited" };
    let words = [e.event, &invoice, &customer, &amount].into_iter().filter(|word| !word.is_empty());
    let words: Vec<&str> = words.collect();
    paper.line(&format!("{} {}: {credited}, {}", e.at, words.join(" "), e.reason))?;
    for t in &e.touchpoints {
        paper.line(&format!(
            "    {:12} {}  {:12} {} (weight {})",
            t.kind, t.at, t.partner, t.verdict, t.weight
        ))?;
    }
    for fit in &e.rewards {
        paper.line(&format!("    reward {} for {}: {}", fit.reward, fit.partner, fit.word))?;
    }
    for c in &e.commissions {
        let line = format!("    {} earns {} ({}, clears {})", c.partner, c.arithmetic, c.status, c.clears_at);
        paper.line(&line)?;
    }
    Ok(())
}

async fn ledger(store: &Store, stage: &Stage, paper: &mut Paper) -> Result<(), Error> {
    let here = stage.clone();
    let (names, accounts) = store
        .read(move |tx| {
            let (mut known, mut names) = (Names::new(tx, &here)?, HashMap::new());
            let mut accounts = Vec::new();
            for row in tx.accounts(&here.vendor, Some(&here.program))? {
                names.insert(row.id.clone(), known.account_name(tx, &row)?);
                accounts.push(Record::Account(known.account(tx, row)?));
            }
            Ok((names, accounts))
        })
        .await?;
    let names: std::sync::Arc<HashMap<AccountId, String>> = names.into();
    paper.head(&TRANSFERS)?;
    let mut next = Some(0_i64);
    while let Some(from) = next {
        let (stage, names) = (stage.clone(), std::sync::Arc::clone(&names));
        let page = store.read(move |tx| {
            let rows = tx.transfers_in_order(&stage.program, from, PAGE)?;
            let next = rows.last().map(|row| row.place);
            let mut known = Names::new(tx, &stage)?;
            let told = rows.into_iter().map(|row| known.transfer(tx, row, &names).map(Record::Transfer));
            Ok((told.collect::<Result<Vec<_>, _>>()?, next))
        });
        let (records, after) = page.await?;
        records.iter().try_for_each(|record| paper.record(&TRANSFERS, record))?;
        next = after;
    }
    if paper.format == ReplayFormat::Csv {
        return Ok(());
    }
    if paper.format == ReplayFormat::Table {
        paper.line("")?;
    }
    paper.head(&ACCOUNTS)?;
    accounts.iter().try_for_each(|record| paper.record(&ACCOUNTS, record))
}

/// The sums of a whole program.
struct Sums {
    currency: Currency,
    leads: Vec<ReasonSum>,
    sales: Vec<ReasonSum>,
    commissions: Vec<StatusSum>,
    /// By kind and currency.
    balances: Vec<(String, String, i64)>,
}

fn sums(tx: &mut Tx<'_>, stage: &Stage) -> Result<Sums, Error> {
    let program = tx.program(&stage.vendor, &stage.program)?;
    let program = program.ok_or_else(|| Error::internal("the program vanished"))?;
    let mut balances: std::collections::BTreeMap<(String, String), i64> = std::collections::BTreeMap::new();
    for account in tx.accounts(&stage.vendor, Some(&stage.program))? {
        *balances.entry((account.kind, account.currency)).or_default() += account.credits - account.debits;
    }
    Ok(Sums {
        currency: program.terms.currency,
        leads: tx.lead_sums(&stage.program)?,
        sales: tx.sale_sums(&stage.program)?,
        commissions: tx.commission_sums(&stage.program)?,
        balances: balances.into_iter().map(|((kind, currency), sum)| (kind, currency, sum)).collect(),
    })
}

async fn summary(store: &Store, stage: &Stage, counts: &Counts, paper: &mut Paper) -> Result<(), Error> {
    let here = stage.clone();
    let sums = store.read(move |tx| sums(tx, &here)).await?;
    match paper.format {
        ReplayFormat::Jsonl => paper.line(&as_json(counts, &sums).to_string()),
        ReplayFormat::Csv => {
            let columns = [("figure", 0), ("of", 0), ("unit", 0), ("count", 0), ("amount", 0)];
            paper.head(&columns)?;
            figures(counts, &sums).iter().try_for_each(|row| paper.cells(&columns, row))
        }
        ReplayFormat::Table => {
            let columns = [("", 12), ("", 28), ("", 8), ("", 12), ("", 0)];
            figures(counts, &sums).iter().try_for_each(|row| paper.cells(&columns, row))
        }
    }
}

/// The summary in rows: what is summed up, which of it, the unit, how many, how much.
fn figures(counts: &Counts, sums: &Sums) -> Vec<[String; 5]> {
    let row = |figure: &str, of: String, unit: &str, count: String, amount: String| {
        [figure.to_owned(), of, unit.to_owned(), count, amount]
    };
    let shown = |currency: &str, minor: i64| {
        Currency::parse_unit(currency).map_or_else(|_| minor.to_string(), |c| c.decimal(minor))
    };
    let mut rows = Vec::new();
    for (kind, told) in &counts.kinds {
        for (word, count) in OUTCOMES.iter().zip(told).filter(|(_, count)| **count > 0) {
            rows.push(row("events", format!("{kind} {word}"), "", count.to_string(), String::new()));
        }
    }
    if counts.unreadable > 0 {
        rows.push(row("events", "unreadable".into(), "", counts.unreadable.to_string(), String::new()));
    }
    let currency = sums.currency.wire();
    for (figure, sums) in [("leads", &sums.leads), ("sales", &sums.sales)] {
        for sum in sums {
            let credited = if sum.credited { "credited" } else { "not credited" };
            let amount = if figure == "sales" { shown(&currency, sum.amount) } else { String::new() };
            let unit = if figure == "sales" { currency.as_str() } else { "" };
            rows.push(row(
                figure,
                format!("{credited}, {}", sum.reason),
                unit,
                sum.count.to_string(),
                amount,
            ));
        }
    }
    for sum in &sums.commissions {
        let amount = shown(&sum.currency, sum.earnings);
        rows.push(row("commissions", sum.status.clone(), &sum.currency, sum.count.to_string(), amount));
    }
    for (kind, currency, balance) in &sums.balances {
        rows.push(row("balances", kind.clone(), currency, String::new(), shown(currency, *balance)));
    }
    rows
}

/// The words of [`Counts`].
const OUTCOMES: [&str; 4] = ["taken", "repeated", "not counted", "refused"];

fn as_json(counts: &Counts, sums: &Sums) -> Value {
    let reasons = |sums: &[ReasonSum]| -> Vec<Value> {
        let row = |s: &ReasonSum| json!({ "credited": s.credited, "reason": s.reason, "count": s.count, "amount": s.amount });
        sums.iter().map(row).collect()
    };
    let events: serde_json::Map<String, Value> = counts
        .kinds
        .iter()
        .map(|(kind, [taken, repeated, not_counted, refused])| {
            let told = json!({ "taken": taken, "repeated": repeated, "notCounted": not_counted, "refused": refused });
            ((*kind).to_owned(), told)
        })
        .collect();
    let commission = |s: &StatusSum| json!({ "status": s.status, "currency": s.currency, "count": s.count, "earnings": s.earnings });
    let balance = |(kind, currency, balance): &(String, String, i64)| json!({ "account": kind, "currency": currency, "balance": balance });
    json!({
        "type": "summary",
        "currency": sums.currency.wire(),
        "events": events,
        "unreadable": counts.unreadable,
        "leads": reasons(&sums.leads),
        "sales": reasons(&sums.sales),
        "commissions": sums.commissions.iter().map(commission).collect::<Vec<_>>(),
        "balances": sums.balances.iter().map(balance).collect::<Vec<_>>(),
    })
}
