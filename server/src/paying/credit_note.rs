//! Credit notes to print: one HTML document, a page for each partner.

use super::{File, Issuer, Line, reference, total};
use crate::error::Error;
use crate::time::show_day;
use askama::Template;
use goodword_domain::payout::method::Method;
use std::collections::HashMap;

#[derive(Template)]
#[template(path = "credit_note.html")]
struct Document<'a> {
    vendor: &'a str,
    program: &'a str,
    date: String,
    issuer: &'a Issuer,
    notes: Vec<Note<'a>>,
}

/// A credit note for one partner.
struct Note<'a> {
    number: String,
    name: &'a str,
    address: &'a str,
    tax_id: Option<&'a str>,
    entries: Vec<Entry<'a>>,
    total: String,
}

struct Entry<'a> {
    reference: String,
    note: &'a str,
    amount: String,
}

/// The document.
pub fn write(file: &File, issuer: &Issuer) -> Result<Vec<u8>, Error> {
    let document = Document {
        vendor: &file.vendor_name,
        program: &file.program_name,
        date: show_day(file.created_at.day()),
        issuer,
        notes: by_partner(&file.lines)
            .into_iter()
            .map(|lines| note(file, &lines))
            .collect::<Result<_, _>>()?,
    };
    let html = document.render().map_err(|error| Error::internal(format!("credit note: {error}")))?;
    Ok(html.into_bytes())
}

/// The lines of each partner, partners in the order of their first line. Who is named differently gets another note.
fn by_partner(lines: &[Line]) -> Vec<Vec<&Line>> {
    let mut groups: Vec<Vec<&Line>> = Vec::new();
    let mut places = HashMap::new();
    for line in lines {
        let place = *places.entry((&line.partner_id, line.method.details())).or_insert(groups.len());
        if place == groups.len() {
            groups.push(Vec::new());
        }
        groups[place].push(line);
    }
    groups
}

/// The note is numbered by its first payout, so that it keeps its number however often it is written.
fn note<'a>(file: &File, lines: &[&'a Line]) -> Result<Note<'a>, Error> {
    let first = lines[0];
    let Method::CreditNote { name, address, tax_id } = &first.method else {
        return Err(first.misplaced(file));
    };
    Ok(Note {
        number: reference(&first.id)?,
        name,
        address,
        tax_id: tax_id.as_deref(),
        entries: lines.iter().map(|line| entry(file, line)).collect::<Result<_, _>>()?,
        total: file.currency.show(total(lines.iter().copied())?),
    })
}

fn entry<'a>(file: &File, line: &'a Line) -> Result<Entry<'a>, Error> {
    Ok(Entry { reference: reference(&line.id)?, note: &line.note, amount: file.currency.show(line.amount) })
}

#[cfg(test)]
mod tests {
    use super::super::Format;
    use super::super::fixture::{file, formats, line, text};
    use super::*;

    fn notes(currency: &str) -> File {
        let [_, _, _, _, format, _] = formats();
        file(format, currency)
    }

    #[test]
    fn amounts_have_the_digits_of_their_currency() {
        for (currency, amount) in [("jpy", "1234"), ("usd", "12.34"), ("kwd", "1.234"), ("clf", "0.1234")] {
            let cell = format!("<td>{amount} {}</td>", currency.to_uppercase());
            assert!(text(&notes(currency)).contains(&cell), "{currency}");
        }
    }

    #[test]
    fn a_note_for_each_partner_with_its_total() {
        let mut file = notes("eur");
        let (first, method) = (file.lines[0].partner_id.clone(), file.lines[0].method.clone());
        file.lines.push(Line { partner_id: first, ..line(3, method, 66) });
        let html = text(&file);
        assert_eq!(html.matches("<article>").count(), 2);
        assert_eq!(html.matches("<h1>Credit note pyt-00000000000000000000000001</h1>").count(), 1);
        assert_eq!(html.matches("<h1>Credit note pyt-00000000000000000000000002</h1>").count(), 1);
        let totals: Vec<_> =
            html.split("Total</th><td>").skip(1).filter_map(|rest| rest.split('<').next()).collect();
        assert_eq!(totals, ["13.00 EUR", "0.05 EUR"]);
        assert!(html.contains("break-before: page"));
        for known in [
            "Tea &#38; Søn",
            "NL001234567B01",
            "Kade 5\n1011",
            "Maya GmbH",
            "Teeweg 1\n20095",
            "DE123456789",
            "2026-10-26",
        ] {
            assert!(html.contains(known), "{known} in {html}");
        }
    }

    #[test]
    fn a_partner_of_another_name_gets_another_note() {
        let mut file = notes("eur");
        file.lines[1].partner_id = file.lines[0].partner_id.clone();
        assert_eq!(text(&file).matches("<article>").count(), 1);
        file.lines[1].method =
            Method::CreditNote { name: "Maya SE".into(), address: "Teeweg 1".into(), tax_id: None };
        assert_eq!(text(&file).matches("<article>").count(), 2);
    }

    #[test]
    fn nothing_that_people_write_becomes_markup() {
        let evil = "</style><script>alert(1)</script>\"'&";
        let issuer = Issuer { address: evil.into(), tax_id: Some(evil.into()) };
        let mut file = notes("eur");
        file.format = Format::CreditNote(issuer);
        file.vendor_name = evil.into();
        file.program_name = evil.into();
        file.lines[0].note = evil.into();
        file.lines[0].method =
            Method::CreditNote { name: evil.into(), address: evil.into(), tax_id: Some(evil.into()) };
        let html = text(&file);
        assert!(!html.contains("<script>") && html.matches("</style>").count() == 1, "{html}");
    }
}
