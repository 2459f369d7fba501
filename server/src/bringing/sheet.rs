//! A CSV file as rows of cells, whatever separates them.

use crate::error::Error;
use csv::{ReaderBuilder, StringRecord};

/// A file taken apart.
pub struct Sheet {
    pub headers: Vec<String>,
    /// With the line on which each begins, from 1.
    pub rows: Vec<(usize, StringRecord)>,
}

impl Sheet {
    /// From the bytes of a file; at most so many rows.
    pub fn of(bytes: &[u8], most: usize) -> Result<Self, Error> {
        let text = std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes));
        let text = text.map_err(|_| bad("is not UTF-8: save it as CSV in UTF-8."))?;
        if text.contains('\0') {
            return Err(bad("is not text: save it as CSV in UTF-8."));
        }
        let mut reader = ReaderBuilder::new()
            .delimiter(separator(text))
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let headers = reader.headers().map_err(|e| unreadable(&e))?.iter().map(str::to_owned).collect();
        let mut rows = Vec::new();
        let mut lines = Lines { text, counted_to: 0, line: 1 };
        for record in reader.records() {
            let record = record.map_err(|e| unreadable(&e))?;
            let line = lines.of(record.position().map_or(0, csv::Position::byte));
            if record.iter().all(str::is_empty) {
                continue;
            }
            if rows.len() == most {
                return Err(bad(&format!("has more than {most} rows: cut it into several.")));
            }
            rows.push((line, record));
        }
        Ok(Self { headers, rows })
    }
}

/// Counts lines up to where rows begin. The reader's own count stands before the end of the line above, and before blank lines.
struct Lines<'a> {
    text: &'a str,
    /// How many bytes have been looked at.
    counted_to: usize,
    line: usize,
}

impl Lines<'_> {
    /// The line a row is on that was read from this byte on; rows come in their order.
    #[expect(clippy::naive_bytecount, reason = "a file of some thousand lines is not worth a crate")]
    fn of(&mut self, start: u64) -> usize {
        let bytes = self.text.as_bytes();
        let start = usize::try_from(start).unwrap_or(bytes.len()).min(bytes.len());
        let ends = bytes[start..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let begin = start + ends;
        self.line += bytes[self.counted_to..begin].iter().filter(|byte| **byte == b'\n').count();
        self.counted_to = begin;
        self.line
    }
}

/// What stands most often between the names of the columns.
fn separator(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let count = |sign: u8| first.bytes().filter(|b| *b == sign).count();
    [b',', b';', b'\t'].into_iter().rev().max_by_key(|sign| count(*sign)).unwrap_or(b',')
}

fn bad(remedy: &str) -> Error {
    Error::field("file", remedy)
}

fn unreadable(error: &csv::Error) -> Error {
    bad(&format!("cannot be read as CSV: {error}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<(usize, Vec<String>)> {
        let sheet = Sheet::of(text.as_bytes(), 10).unwrap();
        assert_eq!(sheet.headers, ["a", "b"]);
        sheet.rows.iter().map(|(line, row)| (*line, row.iter().map(str::to_owned).collect())).collect()
    }

    #[test]
    fn whatever_separates_cells() {
        for text in ["a,b\n1,2\n", "\u{feff}a;b\r\n1;2\r\n", "a\tb\n1\t2", "a , b\n 1 , 2 \n\n"] {
            assert_eq!(cells(text), [(2, vec!["1".into(), "2".into()])], "{text:?}");
        }
        let quoted = cells("a,b\n\"1\n1\",\"x, \"\"y\"\"\"\n,\n3\n");
        assert_eq!(quoted, [(2, vec!["1\n1".into(), "x, \"y\"".into()]), (5, vec!["3".into()])]);
    }

    #[test]
    fn what_is_no_sheet() {
        assert!(Sheet::of(b"a\xff", 10).is_err());
        assert!(Sheet::of(b"a,b\n1\0,2", 10).is_err());
        assert!(Sheet::of(b"a\n1\n2\n", 1).is_err());
    }
}
