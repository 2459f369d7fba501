//! From the cells of a file to what its rows say. Each fault is told with the line and the column as the file names it.

use super::sheet::Sheet;
use super::zone::Zone;
use super::{Job, LISTED};
use crate::crediting::plain;
use crate::error::Error;
use crate::hash;
use csv::StringRecord;
use goodword_domain::code::fold;
use goodword_domain::enrollment::Status;
use goodword_domain::import::amount::{self, DecimalMark};
use goodword_domain::import::columns::{Columns, Field, guess, names_from_id};
use goodword_domain::import::date::{self, DayOrder};
use goodword_domain::import::words::{self, Standing};
use goodword_domain::import::{Kind, Source};
use goodword_domain::money::Currency;
use goodword_domain::person::{Email, parse_name};
use goodword_domain::time::Instant;
use goodword_wire::{ImportOutput, ImportRefusal};
use std::collections::HashMap;
use std::sync::Arc;
use url::Url;

/// How a file is to be read.
#[derive(Clone, Debug)]
pub struct Reading {
    pub source: Source,
    /// None: told by the columns.
    pub kind: Option<Kind>,
    /// The program's.
    pub currency: Currency,
    pub decimal: DecimalMark,
    pub dates: DayOrder,
    pub zone: Zone,
    /// What columns hold that are named otherwise.
    pub map: Vec<(String, String)>,
    /// How many rows are taken.
    pub most: usize,
}

/// A file that was read.
#[derive(Clone, Debug)]
pub struct Batch {
    pub kind: Kind,
    pub rows: Arc<Vec<Row>>,
    /// Names of link parameters that the file's links have.
    pub parameters: Vec<String>,
    columns: Arc<Columns>,
    count: usize,
    refused: Arc<ImportOutput>,
    currency: Currency,
}

/// A row.
#[derive(Clone, Debug)]
pub struct Row {
    pub line: usize,
    /// By which it is recognised when it comes again.
    pub key: String,
    pub what: Brought,
}

/// What a row says.
#[derive(Clone, Debug)]
pub enum Brought {
    Partner(Arc<PartnerRow>),
    Link(LinkRow),
    Customer(CustomerRow),
    Commission(Box<Earned>),
    Balance(BalanceRow),
}

/// By which names a row knows a partner.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Who {
    /// The other program's id.
    pub id: Option<String>,
    /// Folded.
    pub email: Option<String>,
    /// What stands in a link.
    pub code: Option<String>,
}

/// A partner.
#[derive(Clone, Debug)]
pub struct PartnerRow {
    pub id: Option<String>,
    pub email: Email,
    pub name: String,
    pub status: Status,
    /// What stands in links and is typed, the one to show first.
    pub names: Vec<String>,
    /// Where the links lead.
    pub page: Option<String>,
    pub group: Option<String>,
    pub paypal: Option<Email>,
    pub at: Option<Instant>,
}

/// Names of a partner's links or codes.
#[derive(Clone, Debug)]
pub struct LinkRow {
    pub who: Who,
    pub names: Vec<String>,
    pub page: Option<String>,
}

/// A customer or lead.
#[derive(Clone, Debug)]
pub struct CustomerRow {
    pub who: Who,
    pub buyer: Buyer,
    pub at: Option<Instant>,
}

/// Whoever bought or signed up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Buyer {
    pub id: Option<String>,
    pub email: Option<Email>,
    pub name: Option<String>,
}

/// A commission.
#[derive(Clone, Debug)]
pub struct Earned {
    pub who: Who,
    /// Minor units.
    pub amount: i64,
    /// What the customer paid, minor units.
    pub sale: Option<i64>,
    pub standing: Standing,
    pub at: Instant,
    pub due_at: Option<Instant>,
    pub paid_at: Option<Instant>,
    pub buyer: Buyer,
    pub invoice: Option<String>,
    pub note: Option<String>,
}

/// What a partner has there, minor units.
#[derive(Clone, Debug)]
pub struct BalanceRow {
    pub who: Who,
    pub pending: Option<i64>,
    pub due: Option<i64>,
    pub paid: Option<i64>,
    pub earned: Option<i64>,
}

impl PartnerRow {
    /// The names by which other rows may know the partner.
    pub fn names_for_rows(&self) -> impl Iterator<Item = String> {
        let id = self.id.iter().map(|id| format!("id:{id}"));
        let codes = self.names.iter().map(|name| format!("code:{}", fold(name)));
        id.chain([format!("email:{}", self.email.folded())]).chain(codes)
    }
}

impl Who {
    /// The same names, as [`PartnerRow::names_for_rows`] writes them.
    pub fn names(&self) -> impl Iterator<Item = String> {
        let email = self.email.iter().map(|email| format!("email:{email}"));
        let id = self.id.iter().map(|id| format!("id:{id}"));
        email.chain(id).chain(self.code.iter().map(|code| format!("code:{}", fold(code))))
    }
}

/// How many columns an answer names.
const MOST_SHOWN: usize = 40;

impl Batch {
    /// Reads a file.
    pub fn read(bytes: &[u8], reading: &Reading) -> Result<Self, Error> {
        let sheet = Sheet::of(bytes, reading.most)?;
        let kind = reading.kind.or_else(|| guess(&sheet.headers)).ok_or_else(|| {
            let shown: Vec<&str> = sheet.headers.iter().map(String::as_str).take(MOST_SHOWN).collect();
            let remedy = format!("cannot be told by the columns ({}): say which it is.", shown.join(", "));
            Error::field("kind", remedy)
        })?;
        let columns = Columns::of(kind, &sheet.headers, &reading.map)?;
        let dates = match reading.dates {
            DayOrder::Told => order_of_dates(&sheet, &columns),
            told => told,
        };
        let reading = &Reading { dates, ..reading.clone() };
        let mut reader =
            Reader { columns: &columns, reading, kind, same: HashMap::new(), parameters: Vec::new() };
        let mut batch = Self {
            kind,
            rows: Arc::default(),
            parameters: Vec::new(),
            columns: Arc::new(columns.clone()),
            count: sheet.rows.len(),
            refused: Arc::default(),
            currency: reading.currency,
        };
        let (mut rows, mut refused) = (Vec::with_capacity(sheet.rows.len()), ImportOutput::default());
        for (line, record) in &sheet.rows {
            match reader.row(*line, record) {
                Ok(row) => rows.push(row),
                Err(refusal) => batch.refuse(&mut refused, *line, &refusal),
            }
        }
        // What was paid on one day to one partner stands together then, and is one payout.
        rows.sort_by_cached_key(|row| match &row.what {
            Brought::Commission(c) => (c.who.names().next(), c.paid_at.map(Instant::day)),
            _ => (None, None),
        });
        (batch.rows, batch.parameters, batch.refused) =
            (Arc::new(rows), reader.parameters, Arc::new(refused));
        Ok(batch)
    }

    /// What is known before anything is stored.
    pub fn output(&self, job: &Job) -> ImportOutput {
        ImportOutput {
            source: job.source.word().into(),
            kind: self.kind.word().into(),
            program_id: job.program.to_string(),
            dry_run: job.dry_run,
            rows: self.count,
            currency: self.currency.wire(),
            exponent: self.currency.exponent(),
            ignored_columns: self.columns.ignored.clone(),
            ..ImportOutput::clone(&self.refused)
        }
    }

    /// A field's column as the file names it.
    pub fn header(&self, field: &str) -> Option<String> {
        let known = Field::parse(field).ok().and_then(|field| self.columns.of_field(field));
        known.map(|column| column.header.clone())
    }

    /// Adds a refusal.
    pub fn refuse(&self, sum: &mut ImportOutput, line: usize, refusal: &Error) {
        let (field, message) = match refusal {
            Error::Invalid(invalid) => {
                let header = self.header(&invalid.field);
                let name = header.clone().unwrap_or_else(|| invalid.field.to_string());
                (header, format!("`{name}` {}", invalid.remedy))
            }
            other => (None, other.to_string()),
        };
        sum.refused_count += 1;
        if sum.refused.len() < 2 * LISTED {
            sum.refused.push(ImportRefusal { line, field, message });
        }
    }
}

/// Whether days or months come first, as the file's own dates tell together.
fn order_of_dates(sheet: &Sheet, columns: &Columns) -> DayOrder {
    let places: Vec<usize> = [Field::At, Field::PaidAt, Field::DueAt]
        .iter()
        .filter_map(|field| columns.of_field(*field))
        .map(|column| column.place)
        .collect();
    DayOrder::of_column(
        sheet.rows.iter().flat_map(|(_, row)| places.iter().filter_map(|place| row.get(*place))),
    )
}

/// Reads rows.
struct Reader<'a> {
    columns: &'a Columns,
    reading: &'a Reading,
    kind: Kind,
    /// How often a row without an id came.
    same: HashMap<String, usize>,
    parameters: Vec<String>,
}

impl Reader<'_> {
    fn row(&mut self, line: usize, record: &StringRecord) -> Result<Row, Error> {
        let cells = Cells { columns: self.columns, record, reading: self.reading };
        let what = match self.kind {
            Kind::Partners => Brought::Partner(Arc::new(self.partner(&cells)?)),
            Kind::Links | Kind::Codes => {
                let (names, page) = self.names(&cells);
                if names.is_empty() {
                    return Err(Error::field("code", "is empty: a row of this kind names a link or a code."));
                }
                Brought::Link(LinkRow { who: cells.who()?, names, page })
            }
            Kind::Customers => Brought::Customer(customer(&cells)?),
            Kind::Commissions => Brought::Commission(Box::new(earned(&cells)?)),
            Kind::Balances => Brought::Balance(BalanceRow {
                who: cells.who()?,
                pending: cells.amount(Field::PendingSum)?,
                due: cells.amount(Field::DueSum)?,
                paid: cells.amount(Field::PaidSum)?,
                earned: cells.amount(Field::EarnedSum)?,
            }),
        };
        Ok(Row { line, key: self.key(&cells), what })
    }

    /// The other program's id, or a hash of all that is read, with a count where that comes several times.
    fn key(&mut self, cells: &Cells<'_>) -> String {
        if let Some(id) = cells.text(Field::Id) {
            return id.to_owned();
        }
        let texts = self.columns.read.iter().map(|column| cells.text(column.field).unwrap_or_default());
        let hash = hash::sha256(&texts.collect::<Vec<_>>().join("\u{1f}"));
        let count = self.same.entry(hash.clone()).or_default();
        *count += 1;
        format!("row {}/{count}", &hash[..32])
    }

    fn partner(&mut self, cells: &Cells<'_>) -> Result<PartnerRow, Error> {
        let email = Email::parse("partner_email", cells.needed(Field::PartnerEmail)?)?;
        let whole = [cells.text(Field::FirstName), cells.text(Field::LastName)];
        let whole = whole.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let name = cells.text(Field::PartnerName).map(str::to_owned).or((!whole.is_empty()).then_some(whole));
        let local = email.as_str().split('@').next().unwrap_or_default().to_owned();
        let status = match cells.text(Field::Status) {
            None => Status::Approved,
            Some(word) => words::enrollment(word).ok_or_else(|| {
                Error::field("status", format!("is `{word}`, which is not known: write `approved`, `pending`, `rejected` or `banned`."))
            })?,
        };
        let (mut names, page) = self.names(cells);
        let id = cells.text(Field::Id).map(str::to_owned);
        for name in id.iter().flat_map(|id| names_from_id(self.reading.source, id)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        Ok(PartnerRow {
            name: parse_name("partner_name", &name.unwrap_or(local))?,
            status,
            names,
            page,
            group: cells.text(Field::Group).map(str::to_owned),
            paypal: cells.text(Field::PayPal).map(|text| Email::parse("paypal_email", text)).transpose()?,
            at: cells.at(Field::At)?,
            id,
            email,
        })
    }

    /// What the row's links, tokens and coupons call the partner, and the page its first link leads to.
    fn names(&mut self, cells: &Cells<'_>) -> (Vec<String>, Option<String>) {
        let parameter = cells.text(Field::Parameter);
        let (mut names, mut page) = (Vec::new(), None);
        let mut put = |name: &str| {
            if !name.is_empty() && !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        };
        for field in [Field::Code, Field::Coupon] {
            cells.text(field).into_iter().flat_map(several).for_each(&mut put);
        }
        let mut parameters: Vec<String> = parameter.into_iter().map(str::to_owned).collect();
        for text in cells.text(Field::Link).into_iter().flat_map(several) {
            let link = Link::of(text, parameter, self.reading.source);
            put(&link.name);
            parameters.extend(link.parameter);
            page = page.or(link.page);
        }
        for name in parameters {
            if plain(&name) && (1..=32).contains(&name.len()) && !self.parameters.contains(&name) {
                self.parameters.push(name);
            }
        }
        (names, page)
    }
}

/// A cell may hold several, with blanks, commas or the like between.
fn several(text: &str) -> impl Iterator<Item = &str> {
    text.split([' ', ',', ';', '|', '\n']).map(str::trim).filter(|part| !part.is_empty())
}

/// An old link taken apart.
#[derive(Debug, PartialEq, Eq)]
struct Link {
    /// What it calls the partner.
    name: String,
    /// The parameter in which that stands.
    parameter: Option<String>,
    /// The page it leads to, without it.
    page: Option<String>,
}

impl Link {
    fn of(text: &str, parameter: Option<&str>, source: Source) -> Self {
        let plain = || Self { name: text.to_owned(), parameter: None, page: None };
        let Ok(mut url) = Url::parse(text) else {
            // `?via=abc`, or the token alone.
            return text.trim_start_matches('?').split_once('=').map_or_else(plain, |(name, value)| Self {
                name: value.to_owned(),
                parameter: Some(name.to_owned()),
                page: None,
            });
        };
        let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let known = |name: &str| {
            parameter == Some(name)
                || ["via", "ref", "gw"].contains(&name)
                || source.link_parameters().contains(&name)
        };
        let found = pairs.iter().find(|(name, _)| known(name)).or(if pairs.len() == 1 {
            pairs.first()
        } else {
            None
        });
        if let Some((name, value)) = found.cloned() {
            let rest: Vec<_> = pairs.into_iter().filter(|(other, _)| *other != name).collect();
            url.set_query(None);
            if !rest.is_empty() {
                url.query_pairs_mut().extend_pairs(rest);
            }
            return Self { name: value, parameter: Some(name), page: Some(url.into()) };
        }
        let last =
            url.path_segments().and_then(|mut parts| parts.rfind(|part| !part.is_empty()).map(str::to_owned));
        last.map_or_else(plain, |name| Self { name, parameter: None, page: None })
    }
}

fn customer(cells: &Cells<'_>) -> Result<CustomerRow, Error> {
    let buyer = cells.buyer()?;
    if buyer.id.is_none() && buyer.email.is_none() {
        return Err(Error::field("customer_id", "is empty, and there is no e-mail address either."));
    }
    Ok(CustomerRow { who: cells.who()?, buyer, at: cells.at(Field::At)? })
}

fn earned(cells: &Cells<'_>) -> Result<Earned, Error> {
    if let Some(unit) = cells.text(Field::Unit).filter(|unit| !unit.eq_ignore_ascii_case("cash")) {
        return Err(Error::field("unit", format!("is `{unit}`: commissions in money alone are brought.")));
    }
    if let Some(told) = cells.text(Field::Currency) {
        let (ours, theirs) = (cells.reading.currency, Currency::parse(told));
        if theirs.as_ref().ok() != Some(&ours) {
            let remedy =
                format!("is `{told}`, and the program in {ours}: bring it into a program of its currency.");
            return Err(Error::field("currency", remedy));
        }
    }
    let amount = cells.amount(Field::Amount)?;
    let amount = amount.ok_or_else(|| Error::field("amount", "is empty."))?;
    let (paid_at, due_at) = (cells.at(Field::PaidAt)?, cells.at(Field::DueAt)?);
    let at = cells.at(Field::At)?.ok_or_else(|| Error::field("created_at", "is empty."))?;
    Ok(Earned {
        who: cells.who()?,
        amount,
        sale: cells.amount(Field::SaleAmount)?.filter(|sale| *sale > 0),
        standing: standing(cells, paid_at)?,
        at,
        due_at,
        paid_at,
        buyer: cells.buyer()?,
        invoice: cells.text(Field::Invoice).map(|text| cut(text, 255)),
        note: cells.text(Field::Note).map(|text| cut(text, 400)),
    })
}

/// The word says it, unless another column says that it was paid; what was voided was not.
fn standing(cells: &Cells<'_>, paid_at: Option<Instant>) -> Result<Standing, Error> {
    let word = match cells.text(Field::Status) {
        None => None,
        Some(word) => {
            let known = words::standing(word).or_else(|| match words::yes(word) {
                Some(true) => Some(Standing::Payable),
                Some(false) => Some(Standing::Voided),
                None => None,
            });
            Some(known.ok_or_else(|| {
                Error::field(
                    "status",
                    format!(
                        "is `{word}`, which is not known: write `pending`, `due`, `paid`, `voided` or `hold`."
                    ),
                )
            })?)
        }
    };
    let paid = match cells.text(Field::Paid) {
        None => paid_at.is_some(),
        Some(word) => words::yes(word)
            .ok_or_else(|| Error::field("paid", format!("is `{word}`: write `yes` or `no`.")))?,
    };
    Ok(match (word, paid) {
        (Some(Standing::Voided), _) => Standing::Voided,
        (_, true) => Standing::Paid,
        (Some(standing), false) => standing,
        // Neither approved nor paid.
        (None, false) => Standing::Held,
    })
}

fn cut(text: &str, most: usize) -> String {
    text.chars().filter(|c| !c.is_control()).take(most).collect()
}

/// The cells of a row, by field.
struct Cells<'a> {
    columns: &'a Columns,
    record: &'a StringRecord,
    reading: &'a Reading,
}

impl<'a> Cells<'a> {
    /// None where it is empty.
    fn text(&self, field: Field) -> Option<&'a str> {
        let column = self.columns.of_field(field)?;
        self.record.get(column.place).map(str::trim).filter(|text| !text.is_empty() && *text != "-")
    }

    fn needed(&self, field: Field) -> Result<&'a str, Error> {
        self.text(field).ok_or_else(|| Error::field(field.word(), "is empty."))
    }

    fn amount(&self, field: Field) -> Result<Option<i64>, Error> {
        let Some(text) = self.text(field) else { return Ok(None) };
        let minor = self.columns.of_field(field).is_some_and(|column| column.minor);
        let read = if minor {
            amount::read_minor(text)
        } else {
            amount::read(text, self.reading.currency, self.reading.decimal)
        };
        read.map(Some).map_err(|e| Error::field(field.word(), e.remedy))
    }

    fn at(&self, field: Field) -> Result<Option<Instant>, Error> {
        let Some(text) = self.text(field) else { return Ok(None) };
        let told = date::read(text, self.reading.dates).map_err(|e| Error::field(field.word(), e.remedy))?;
        let at = self.reading.zone.instant(told).filter(|at| at.0 >= 0);
        at.map(Some)
            .ok_or_else(|| Error::field(field.word(), format!("is `{text}`, which no clock has shown.")))
    }

    fn who(&self) -> Result<Who, Error> {
        let email =
            self.text(Field::PartnerEmail).map(|text| Email::parse("partner_email", text)).transpose()?;
        let code = match (self.text(Field::Code), self.text(Field::Link)) {
            (Some(code), _) => Some(code.to_owned()),
            (None, Some(link)) => Some(Link::of(link, None, self.reading.source).name),
            (None, None) => None,
        };
        let who = Who {
            id: self.text(Field::PartnerId).map(str::to_owned),
            email: email.map(|e| e.folded()),
            code,
        };
        if who == Who::default() {
            return Err(Error::field("partner_email", "is empty, and nothing else names the partner."));
        }
        Ok(who)
    }

    fn buyer(&self) -> Result<Buyer, Error> {
        // `FirstPromoter` writes so of a customer that was given to another promoter.
        let email = self.text(Field::CustomerEmail).map(|text| text.trim_end_matches(" (moved)"));
        let id = self.text(Field::CustomerId).map(|id| cut(id, 100));
        let name = self.text(Field::CustomerName).map(|name| cut(name, 100));
        Ok(Buyer { id, email: email.map(|text| Email::parse("customer_email", text)).transpose()?, name })
    }
}

#[cfg(test)]
#[path = "reading_tests.rs"]
mod tests;
