//! A partner's statement of a month: what the accounts held, what moved, what they hold; to read, to print, or as a table.

use crate::cell;
use crate::error::Error;
use crate::routes::view::partner_ref;
use crate::routes::words::Words;
use crate::store::{Entry, Owned, Program, Span, Tx};
use crate::time::show;
use askama::Template;
use csv::{Terminator, WriterBuilder};
use goodword_domain::Invalid;
use goodword_domain::id::PartnerId;
use goodword_domain::money::Currency;
use goodword_domain::time::{DAY_MS, Instant, days_from_civil};
use goodword_wire::{CurrencyStatement, Statement, StatementBalances, StatementLine};
use std::collections::BTreeMap;

/// A calendar month in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Month {
    year: i64,
    /// From 1.
    month: i64,
}

impl Month {
    /// From text such as `2026-11`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let digits = |text: &str, count: usize| {
            (text.len() == count && text.bytes().all(|b| b.is_ascii_digit()))
                .then(|| text.parse().ok())
                .flatten()
        };
        let parsed =
            text.split_once('-').and_then(|(year, month)| Some((digits(year, 4)?, digits(month, 2)?)));
        parsed
            .filter(|(year, month)| (1970..=9998).contains(year) && (1..=12).contains(month))
            .map(|(year, month)| Self { year, month })
            .ok_or_else(|| Invalid::new("month", "must be a month such as `2026-11`."))
    }

    /// The month of a number: they are counted from January of year 0.
    pub fn of_number(number: i64) -> Self {
        Self { year: number.div_euclid(12), month: number.rem_euclid(12) + 1 }
    }

    /// Year and month, from 1.
    pub fn parts(self) -> (i64, i64) {
        (self.year, self.month)
    }

    /// All of its instants.
    pub fn span(self) -> Span {
        let from = Instant(days_from_civil(self.year, self.month, 1) * DAY_MS);
        Span { from, to: from.plus_months(1) }
    }

    fn show(self) -> String {
        format!("{:04}-{:02}", self.year, self.month)
    }
}

/// The statement.
pub fn of_month(
    tx: &mut Tx<'_>,
    program: &Program,
    partner: &PartnerId,
    month: Month,
) -> Result<Statement, Error> {
    let span = month.span();
    let mut openings: BTreeMap<Currency, StatementBalances> = BTreeMap::new();
    for (currency, kind, balance) in tx.partner_accounts_at(&program.id, partner, span.from)? {
        add(openings.entry(currency).or_default(), &kind, balance);
    }
    let mut entries: BTreeMap<Currency, Vec<Entry>> = BTreeMap::new();
    for entry in tx.partner_entries(&program.id, partner, span)? {
        entries.entry(Currency::parse_unit(&entry.transfer.currency)?).or_default().push(entry);
    }
    let parts = openings
        .into_iter()
        .map(|(currency, opening)| part(currency, opening, &entries.remove(&currency).unwrap_or_default()));
    let told =
        |part: &CurrencyStatement| !part.lines.is_empty() || part.opening != StatementBalances::default();
    Ok(Statement {
        currencies: parts.filter(told).collect(),
        partner: partner_ref(tx, &program.vendor, &program.id, partner)?,
        program_id: program.id.to_string(),
        program_name: program.name.clone(),
        month: month.show(),
        from: show(span.from),
        to: show(span.to),
    })
}

fn part(currency: Currency, opening: StatementBalances, entries: &[Entry]) -> CurrencyStatement {
    let mut balances = opening;
    let lines = entries.iter().map(|entry| line(entry, &mut balances)).collect();
    CurrencyStatement {
        currency: currency.wire(),
        exponent: currency.exponent(),
        opening,
        lines,
        closing: balances,
    }
}

fn line(entry: &Entry, balances: &mut StatementBalances) -> StatementLine {
    let t = &entry.transfer;
    let hers = |owned: &Owned| owned.partner.is_some().then(|| owned.kind.clone());
    let (from, to) = (hers(&entry.debit), hers(&entry.credit));
    if let Some(from) = &from {
        add(balances, from, -t.amount);
    }
    if let Some(to) = &to {
        add(balances, to, t.amount);
    }
    StatementLine {
        at: show(t.at),
        what: what(&t.kind).into(),
        amount: t.amount,
        from,
        to,
        cause: t.cause.clone(),
        transfer_id: t.id.to_string(),
        balances: *balances,
    }
}

fn add(balances: &mut StatementBalances, kind: &str, amount: i64) {
    let balance = match kind {
        "held" => &mut balances.held,
        "payable" => &mut balances.payable,
        "clawback" => &mut balances.clawback,
        "sent" => &mut balances.sent,
        "paid" => &mut balances.paid,
        _ => return,
    };
    *balance += amount;
}

/// What a partner calls a transfer of a kind.
fn what(kind: &str) -> &str {
    match kind {
        "hold" => "credited",
        "release" => "cleared",
        "take_back" => "taken_back",
        "restore" => "restored",
        "void" => "voided",
        "net" => "netted",
        "send" => "sent",
        "pay" => "paid",
        "return" => "returned",
        "import" => "imported",
        other => other,
    }
}

const COLUMNS: [&str; 15] = [
    "program", "partner", "month", "at", "what", "from", "to", "amount", "currency", "held", "payable",
    "clawback", "sent", "paid", "cause",
];

/// As a table: a row for each line, one before them for the opening balances, one after them for the closing ones.
pub fn csv(statement: &Statement) -> Result<Vec<u8>, Error> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(COLUMNS).map_err(failed)?;
    for part in &statement.currencies {
        let currency = Currency::parse_unit(&part.currency)?;
        let mut row = |at: &str, what: &str, line: Option<&StatementLine>, balances| {
            writer.write_record(cells(statement, currency, (at, what), line, balances)).map_err(failed)
        };
        row(&statement.from, "opening", None, part.opening)?;
        for line in &part.lines {
            row(&line.at, &line.what, Some(line), line.balances)?;
        }
        row(&statement.to, "closing", None, part.closing)?;
    }
    writer.into_inner().map_err(failed)
}

fn cells(
    statement: &Statement,
    currency: Currency,
    (at, what): (&str, &str),
    line: Option<&StatementLine>,
    balances: StatementBalances,
) -> Vec<String> {
    let text = |text: Option<&str>| cell::safe(text.unwrap_or_default()).into_owned();
    // Amounts are numbers of ours, and stay numbers where they are negative.
    let StatementBalances { held, payable, clawback, sent, paid } = balances;
    vec![
        text(Some(&statement.program_name)),
        text(Some(&statement.partner.name)),
        statement.month.clone(),
        at.to_owned(),
        what.to_owned(),
        text(line.and_then(|line| line.from.as_deref())),
        text(line.and_then(|line| line.to.as_deref())),
        line.map_or_else(String::new, |line| currency.decimal(line.amount)),
        currency.wire(),
        currency.decimal(held),
        currency.decimal(payable),
        currency.decimal(clawback),
        currency.decimal(sent),
        currency.decimal(paid),
        text(line.map(|line| line.cause.as_str())),
    ]
}

/// Writing to memory fails only if the rows are uneven, which is our own fault.
fn failed(error: impl std::fmt::Display) -> Error {
    Error::internal(format!("CSV: {error}"))
}

#[derive(Template)]
#[template(path = "statement.html")]
struct Page<'a> {
    w: &'static Words,
    vendor: &'a str,
    statement: &'a Statement,
    parts: Vec<Part<'a>>,
}

struct Part<'a> {
    currency: String,
    rows: Vec<Row<'a>>,
}

/// A line as it is printed.
struct Row<'a> {
    date: &'a str,
    what: String,
    amount: String,
    balances: [String; 5],
    cause: &'a str,
}

/// As a page to print, in the words of a language.
pub fn html(w: &'static Words, vendor: &str, statement: &Statement) -> Result<String, Error> {
    let parts =
        statement.currencies.iter().map(|part| printed(w, statement, part)).collect::<Result<_, _>>()?;
    let page = Page { w, vendor, statement, parts };
    page.render().map_err(|error| Error::internal(format!("statement: {error}")))
}

/// What a line is called in a language: as the server says it where that has no word for it.
fn called(w: &'static Words, what: &str) -> String {
    let word = match what {
        "credited" => w.s_credited,
        "cleared" => w.s_cleared,
        "taken_back" => w.s_taken_back,
        "restored" => w.s_restored,
        "voided" => w.s_voided,
        "netted" => w.s_netted,
        "sent" => w.s_went_out,
        "paid" => w.s_was_paid,
        "returned" => w.s_returned,
        "imported" => w.s_imported,
        "expire" => w.s_expired,
        other => return other.replace('_', " "),
    };
    word.to_owned()
}

fn printed<'a>(
    w: &'static Words,
    statement: &'a Statement,
    part: &'a CurrencyStatement,
) -> Result<Part<'a>, Error> {
    let currency = Currency::parse_unit(&part.currency)?;
    let row = |at: &'a str, what: String, line: Option<&'a StatementLine>, b: StatementBalances| Row {
        date: at.get(..10).unwrap_or(at),
        what,
        amount: line.map_or_else(String::new, |line| currency.decimal(line.amount)),
        balances: [b.held, b.payable, b.clawback, b.sent, b.paid].map(|minor| currency.decimal(minor)),
        cause: line.map_or("", |line| &line.cause),
    };
    let mut rows = vec![row(&statement.from, w.s_opening.to_owned(), None, part.opening)];
    rows.extend(
        part.lines.iter().map(|line| row(&line.at, called(w, &line.what), Some(line), line.balances)),
    );
    rows.push(row(&statement.to, w.s_closing.to_owned(), None, part.closing));
    Ok(Part { currency: currency.to_string(), rows })
}

#[cfg(test)]
mod tests {
    use super::*;
    use goodword_domain::language::Language;
    use goodword_wire::PartnerRef;

    #[test]
    fn months() {
        let span = Month::parse("2028-02").unwrap().span();
        assert_eq!(
            (show(span.from).as_str(), show(span.to).as_str()),
            ("2028-02-01T00:00:00.000Z", "2028-03-01T00:00:00.000Z")
        );
        let december = Month::parse("2026-12").unwrap().span();
        assert_eq!(show(december.to), "2027-01-01T00:00:00.000Z");
        for bad in [
            "",
            "2026",
            "2026-13",
            "2026-00",
            "2026-1",
            "26-11",
            "2026-11-01",
            "9999-12",
            "+026-11",
            "2026-+1",
        ] {
            assert!(Month::parse(bad).is_err(), "{bad}");
        }
    }

    fn statement(name: &str) -> Statement {
        let balances =
            StatementBalances { held: 5, payable: 1_234, clawback: -390, ..StatementBalances::default() };
        let line = StatementLine {
            at: "2026-11-05T10:00:00.000Z".into(),
            what: "taken_back".into(),
            amount: 390,
            from: Some("clawback".into()),
            to: None,
            cause: "com_1".into(),
            transfer_id: "trf_1".into(),
            balances,
        };
        let part = CurrencyStatement {
            currency: "kwd".into(),
            exponent: 3,
            opening: StatementBalances::default(),
            lines: vec![line],
            closing: balances,
        };
        Statement {
            partner: PartnerRef { id: "ptn_1".into(), name: name.into() },
            program_id: "prg_1".into(),
            program_name: "Tea, Inc".into(),
            month: "2026-11".into(),
            from: "2026-11-01T00:00:00.000Z".into(),
            to: "2026-12-01T00:00:00.000Z".into(),
            currencies: vec![part],
        }
    }

    #[test]
    fn a_table_is_safe_in_a_spreadsheet_and_its_amounts_are_exact() {
        let table = String::from_utf8(csv(&statement("=1+1")).unwrap()).unwrap();
        let lines: Vec<&str> = table.split("\r\n").collect();
        assert_eq!(lines[0], COLUMNS.join(","));
        assert_eq!(
            lines[2],
            "\"Tea, Inc\",'=1+1,2026-11,2026-11-05T10:00:00.000Z,taken_back,clawback,,0.390,kwd,0.005,1.234,-0.390,0.000,0.000,com_1"
        );
        assert!(lines[1].contains(",opening,") && lines[3].contains(",closing,"), "{table}");
    }

    #[test]
    fn nothing_that_people_write_becomes_markup() {
        let evil = "</style><script>alert(1)</script>\"'&";
        let page =
            html(Words::of(Language::En), evil, &Statement { program_name: evil.into(), ..statement(evil) })
                .unwrap();
        assert!(!page.contains("<script>") && page.matches("</style>").count() == 1, "{page}");
        assert!(page.contains("taken back") && page.contains("<td>-0.390</td>"), "{page}");
    }
}
