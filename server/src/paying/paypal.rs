//! PayPal payouts: a CSV file without headings, a payout in each line. Source:
//! <https://docs.paypal.ai/growth/payouts/send-money/use-web-ui>.

use super::cell::{Cell, table};
use super::{File, Line, cut, reference};
use crate::error::Error;
use goodword_domain::payout::method::Method;

/// Payouts in a file, at most.
const MOST: usize = 5_000;
/// Characters of a note, at most.
const NOTE: usize = 400;

/// The columns: recipient, amount, currency, customer id, note, wallet.
pub fn write(file: &File) -> Result<Vec<u8>, Error> {
    file.at_most(MOST, "PayPal")?;
    table(file.lines.iter().map(|line| row(file, line)).collect::<Result<_, _>>()?)
}

fn row(file: &File, line: &Line) -> Result<Vec<Cell>, Error> {
    let Method::PayPal { email } = &line.method else { return Err(line.misplaced(file)) };
    Ok(vec![
        Cell::exact(line, email.as_str())?,
        Cell::amount(file, line.amount),
        Cell::word(file.currency.to_string()),
        Cell::word(reference(&line.id)?),
        Cell::text(&cut(&line.note, NOTE - 1)),
        Cell::word("PAYPAL"),
    ])
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{email, file, line, rows, text};
    use super::super::{Format, write};
    use super::*;

    #[test]
    fn amounts_have_the_digits_of_their_currency() {
        for (currency, amount) in [("jpy", "1234"), ("usd", "12.34"), ("kwd", "1.234"), ("clf", "0.1234")] {
            let rows = rows(&file(Format::PayPal, currency));
            assert_eq!(rows[0][1..3], [amount, &currency.to_uppercase()]);
        }
    }

    #[test]
    fn the_documented_columns_without_headings() {
        let written = text(&file(Format::PayPal, "usd"));
        assert_eq!(
            written,
            "maya@example.com,12.34,USD,pyt-00000000000000000000000001,October 2026,PAYPAL\r\n\
             maya@example.com,0.05,USD,pyt-00000000000000000000000002,October 2026,PAYPAL\r\n"
        );
    }

    #[test]
    fn a_formula_is_a_note_but_never_an_address() {
        let mut file = file(Format::PayPal, "usd");
        file.lines[0].note = "=HYPERLINK(\"http://evil.example\")".into();
        assert_eq!(rows(&file)[0][4], "'=HYPERLINK(\"http://evil.example\")");
        file.lines[1].method = Method::PayPal { email: email("=1+1@example.com") };
        assert!(write(&file).unwrap_err().to_string().contains(&file.lines[1].id));
    }

    #[test]
    fn long_notes_are_cut_and_long_files_refused() {
        let mut file = file(Format::PayPal, "usd");
        file.lines[0].note = format!("={}", "é".repeat(500));
        assert_eq!(rows(&file)[0][4].chars().count(), 400);
        let method = file.lines[0].method.clone();
        file.lines = (1..=5_001).map(|n| line(n, method.clone(), 1)).collect();
        assert!(write(&file).unwrap_err().to_string().contains("5000 in a file"));
        file.lines.pop();
        assert_eq!(rows(&file).len(), 5_000);
    }
}
