//! Cells of CSV files that spreadsheets open without running anything.

use super::{File, Line};
use crate::cell::{is_formula, safe};
use crate::error::Error;
use csv::{Terminator, WriterBuilder};

/// What may stand in a CSV file. Text from outside becomes one only by [`Cell::text`] or [`Cell::exact`].
pub struct Cell(String);

impl Cell {
    /// Text that people read. What a spreadsheet would take for a formula gets an apostrophe before it.
    pub fn text(text: &str) -> Self {
        Self(safe(text).into_owned())
    }

    /// Text that a provider pays by, such as an address, and that must not be changed: a formula is refused.
    pub fn exact(line: &Line, text: &str) -> Result<Self, Error> {
        if is_formula(text) {
            return Err(line.refused("which is paid to something that a spreadsheet takes for a formula."));
        }
        Ok(Self(text.to_owned()))
    }

    /// An amount as a number with exactly the currency's digits.
    pub fn amount(file: &File, minor: i64) -> Self {
        Self(file.decimal(minor))
    }

    /// A word of ours.
    pub fn word(word: impl Into<String>) -> Self {
        Self(word.into())
    }
}

/// The rows as RFC 4180 has them: commas, quotes where needed, lines that end in CR LF.
pub fn table(rows: Vec<Vec<Cell>>) -> Result<Vec<u8>, Error> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row.into_iter().map(|cell| cell.0)).map_err(failed)?;
    }
    writer.into_inner().map_err(failed)
}

/// Writing to memory fails only if the rows are uneven, which is our own fault.
fn failed(error: impl std::fmt::Display) -> Error {
    Error::internal(format!("CSV: {error}"))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{file, line};
    use super::*;
    use goodword_domain::payout::method::Method;

    #[test]
    fn formulas_become_text() {
        for bad in [
            "=HYPERLINK(\"http://evil.example\")",
            "+1",
            "-1+cmd",
            "@SUM(A1)",
            "\tx",
            "\rx",
            "\nx",
            "  =1",
            "\u{a0}=1",
            "\u{feff}=1",
            " \t@x",
            "＝1",
        ] {
            assert_eq!(Cell::text(bad).0, format!("'{bad}"));
            assert!(Cell::exact(&line(1, Method::Manual, 1), bad).is_err(), "{bad}");
        }
        for good in ["", "Maya", "Tea & Co = good", "a-b", "1.5", "'=1", "用户"] {
            assert_eq!(Cell::text(good).0, good);
            assert!(Cell::exact(&line(1, Method::Manual, 1), good).is_ok(), "{good}");
        }
    }

    #[test]
    fn amounts_stay_numbers() {
        let file = file(super::super::Format::Plain, "usd");
        assert_eq!(Cell::amount(&file, 1234).0, "12.34");
    }

    #[test]
    fn quotes_commas_and_lines_stay_in_their_cell() {
        let rows =
            vec![vec![Cell::text("a \"b\", c"), Cell::text("d\ne")], vec![Cell::word("f"), Cell::word("")]];
        assert_eq!(table(rows).unwrap(), b"\"a \"\"b\"\", c\",\"d\ne\"\r\nf,\r\n");
    }
}
