//! A CSV file with named columns, whose cells know where they stand.

use crate::error::Error;
use csv::StringRecord;
use goodword_domain::money::{Currency, MAX_AMOUNT, parse_amount};

/// A file that was read.
pub struct Sheet {
    columns: Vec<String>,
    records: Vec<StringRecord>,
}

/// A column, by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column(usize);

/// A line of a sheet.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    sheet: &'a Sheet,
    record: &'a StringRecord,
}

/// Text and where it stands.
#[derive(Clone, Copy)]
pub struct Cell<'a> {
    line: u64,
    pub column: &'a str,
    pub text: &'a str,
}

impl Sheet {
    /// From bytes; the first line names the columns and shows what separates cells: a comma, a semicolon or a tab.
    pub fn of(bytes: &[u8]) -> Result<Self, Error> {
        let mut reader =
            csv::ReaderBuilder::new().delimiter(separator(bytes)).trim(csv::Trim::All).from_reader(bytes);
        let header = reader.headers().map_err(|error| unreadable(&error))?;
        let columns: Vec<_> = header.iter().map(str::to_ascii_lowercase).collect();
        if let Some(twice) = columns.iter().enumerate().find(|(i, name)| columns[..*i].contains(name)) {
            return Err(Error::BadRequest(format!("line 1: column `{}` is there twice; keep one.", twice.1)));
        }
        let records: Result<_, _> = reader.into_records().collect();
        Ok(Self { columns, records: records.map_err(|error| unreadable(&error))? })
    }

    /// The column with one of these names.
    pub fn column(&self, names: &[&str]) -> Option<Column> {
        self.columns.iter().position(|column| names.contains(&column.as_str())).map(Column)
    }

    /// The same, where it must be there.
    pub fn needed(&self, names: &[&str]) -> Result<Column, Error> {
        self.column(names).ok_or_else(|| {
            Error::BadRequest(format!("line 1: there is no column `{}`; {}", names[0], self.columns_told()))
        })
    }

    /// A misspelt column must not be taken for one that is not there.
    pub fn only(&self, known: &[&str]) -> Result<(), Error> {
        let unknown = self.columns.iter().find(|column| !known.contains(&column.as_str()));
        unknown.map_or(Ok(()), |column| {
            let known = known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            Err(Error::BadRequest(format!(
                "line 1: column `{column}` is unknown; remove it, or use {known}."
            )))
        })
    }

    /// What the columns are, as a clause.
    pub fn columns_told(&self) -> String {
        let columns = self.columns.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        format!("the columns are {columns}.")
    }

    /// Its lines but the first.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.records.iter().map(|record| Row { sheet: self, record })
    }
}

fn separator(bytes: &[u8]) -> u8 {
    let header = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
    [b',', b';', b'\t'].into_iter().find(|separator| header.contains(separator)).unwrap_or(b',')
}

/// Its own words name the line.
fn unreadable(error: &csv::Error) -> Error {
    let line = error.position().map_or(1, csv::Position::line);
    let what = match error.kind() {
        csv::ErrorKind::Utf8 { .. } => "is not UTF-8: save the file as UTF-8.".to_owned(),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!(
                "has {len} cells where line 1 has {expected_len}; quote cells that contain the separator."
            )
        }
        _ => format!("cannot be read: {error}."),
    };
    Error::BadRequest(format!("line {line}: it {what}"))
}

impl<'a> Row<'a> {
    /// Its cell in a column.
    pub fn cell(self, Column(place): Column) -> Cell<'a> {
        Cell {
            line: self.record.position().map_or(0, csv::Position::line),
            column: &self.sheet.columns[place],
            text: self.record.get(place).unwrap_or_default(),
        }
    }
}

impl Cell<'_> {
    /// Refuses it.
    pub fn refused(&self, remedy: &str) -> Error {
        Error::BadRequest(format!("line {}, column `{}`: {remedy}", self.line, self.column))
    }

    /// A count; nothing is 0.
    pub fn count(&self) -> Result<u32, Error> {
        if self.text.is_empty() {
            return Ok(0);
        }
        let digits = self.text.bytes().all(|b| b.is_ascii_digit());
        self.text.parse().ok().filter(|_| digits).ok_or_else(|| {
            self.refused(&format!("must be a whole number from 0 to {}; it is `{}`.", u32::MAX, self.text))
        })
    }

    /// Minor units; nothing is 0.
    pub fn amount(&self, currency: Option<Currency>) -> Result<i64, Error> {
        match (self.text, currency) {
            ("", _) => Ok(0),
            (text, Some(currency)) => {
                currency.read("value", text).map_err(|refused| self.refused(&refused.remedy))
            }
            (text, None) => {
                text.parse().ok().and_then(|minor| parse_amount("value", minor).ok()).ok_or_else(|| {
                    self.refused(&format!(
                        "must be minor units (cents) from 0 to {MAX_AMOUNT}; it is `{text}`. For amounts such as \
                         `140.00` say --currency."
                    ))
                })
            }
        }
    }
}
