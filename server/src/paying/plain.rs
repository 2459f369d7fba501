//! Plain CSV with everything that is known of a batch, for partners with any method: what is paid by hand, and what a
//! bookkeeper imports.

use super::cell::{Cell, table};
use super::{File, Line, reference};
use crate::error::Error;
use crate::time;

/// The columns, as the API spells such fields.
const COLUMNS: [&str; 20] = [
    "id",
    "reference",
    "batchId",
    "createdAt",
    "vendor",
    "program",
    "partnerId",
    "partnerName",
    "partnerEmail",
    "method",
    "email",
    "holder",
    "iban",
    "bic",
    "name",
    "address",
    "taxId",
    "amount",
    "currency",
    "note",
];

/// Headings, and a payout in each line.
pub fn write(file: &File) -> Result<Vec<u8>, Error> {
    let headings = COLUMNS.map(Cell::word).into();
    let rows = file.lines.iter().map(|line| row(file, line));
    table(std::iter::once(Ok(headings)).chain(rows).collect::<Result<_, _>>()?)
}

fn row(file: &File, line: &Line) -> Result<Vec<Cell>, Error> {
    let to = line.method.details();
    let detail = |told: Option<&str>| Cell::text(told.unwrap_or_default());
    Ok(vec![
        Cell::text(&line.id),
        Cell::word(reference(&line.id)?),
        Cell::text(&file.batch_id),
        Cell::word(time::show(file.created_at)),
        Cell::text(&file.vendor_name),
        Cell::text(&file.program_name),
        Cell::text(&line.partner_id),
        Cell::text(&line.partner_name),
        Cell::text(&line.email),
        Cell::word(line.method.kind().word()),
        detail(to.email),
        detail(to.holder),
        detail(to.iban),
        detail(to.bic),
        detail(to.name),
        detail(to.address),
        detail(to.tax_id),
        Cell::amount(file, line.amount),
        Cell::word(file.currency.to_string()),
        Cell::text(&line.note),
    ])
}

#[cfg(test)]
mod tests {
    use super::super::Format;
    use super::super::fixture::{file, formats, line, rows, text};
    use super::*;
    use goodword_domain::payout::method::Method;

    #[test]
    fn amounts_have_the_digits_of_their_currency() {
        for (currency, amount) in [("jpy", "1234"), ("usd", "12.34"), ("kwd", "1.234"), ("clf", "0.1234")] {
            assert_eq!(rows(&file(Format::Plain, currency))[1][17..19], [amount, &currency.to_uppercase()]);
        }
    }

    #[test]
    fn every_method_with_its_details() {
        let of_all = formats().into_iter().enumerate().map(|(n, format)| {
            let method = file(format, "eur").lines[0].method.clone();
            line(u32::try_from(n).unwrap(), method, 100)
        });
        let rows = rows(&File { lines: of_all.collect(), ..file(Format::Plain, "eur") });
        let methods: Vec<_> = rows[1..].iter().map(|row| row[9].as_str()).collect();
        assert_eq!(methods, ["paypal", "wise", "sepa", "gift_card", "credit_note", "manual"]);
        assert_eq!(rows[3][11..14], ["Zoë Größl", "DE89370400440532013000", "COBADEFFXXX"]);
        assert_eq!(rows[5][14..17], ["Maya GmbH", "Teeweg 1\n20095 Hamburg", "DE123456789"]);
    }

    #[test]
    fn formulas_are_text_in_every_cell_that_people_fill() {
        let mut file = file(Format::Plain, "usd");
        let evil = "=HYPERLINK(\"http://evil.example\",\"x\")";
        file.vendor_name = evil.into();
        file.program_name = evil.into();
        let line = &mut file.lines[0];
        line.partner_name = evil.into();
        line.email = "+maya@example.com".into();
        line.note = " @SUM(A1)".into();
        line.method =
            Method::CreditNote { name: evil.into(), address: "-1\n+2".into(), tax_id: Some("=1".into()) };
        for cell in rows(&file).into_iter().flatten() {
            assert!(!cell.trim_start().starts_with(['=', '+', '-', '@']), "{cell}");
        }
        assert!(text(&file).contains("\"'=HYPERLINK(\"\"http://evil.example\"\",\"\"x\"\")\""));
    }
}
