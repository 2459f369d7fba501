//! Files of payouts: from a batch's lines to the text that a provider, a bank or a bookkeeper takes.
//!
//! Nothing here reads a database or a clock, so the same batch gives the same bytes each time it is asked for. Amounts carry
//! no currency of their own: a file has one, and cannot mix them.

mod cell;
mod credit_note;
mod due;
#[cfg(test)]
mod fixture;
mod latin;
mod paypal;
mod plain;
mod reference;
mod sepa;
mod tremendous;
mod wise;

use crate::error::Error;
use goodword_domain::money::Currency;
use goodword_domain::payout::iban::{Bic, Iban};
use goodword_domain::payout::method::{Kind, Method};
use goodword_domain::time::Instant;
use std::collections::HashSet;

pub use due::write as write_due;
pub use reference::{id_of, reference};

/// A batch of payouts that is written as one file.
#[derive(Clone, Debug)]
pub struct File {
    /// What is written.
    pub format: Format,
    /// The batch's id.
    pub batch_id: String,
    /// The program the partners earned in.
    pub program_name: String,
    /// Who pays.
    pub vendor_name: String,
    /// The currency of every amount.
    pub currency: Currency,
    /// When the batch was made.
    pub created_at: Instant,
    /// The day on which a bank is asked to pay, counted from 1970-01-01.
    pub execution_day: i64,
    /// The payouts, at least one.
    pub lines: Vec<Line>,
}

/// A kind of file, with what it must know of the one who pays.
#[derive(Clone, Debug)]
pub enum Format {
    /// CSV for PayPal payouts.
    PayPal,
    /// CSV for Wise batch payments.
    Wise,
    /// ISO 20022 pain.001.001.09 for a bank.
    Sepa(Payer),
    /// JSON for the gift cards of Tremendous.
    Tremendous(GiftCards),
    /// HTML to print, a credit note for each partner.
    CreditNote(Issuer),
    /// CSV with everything, for partners with any method.
    Plain,
}

/// The account that a bank pays from.
#[derive(Clone, Debug)]
pub struct Payer {
    /// The holder's name.
    pub name: String,
    /// The account, in the SEPA area.
    pub iban: Iban,
    /// The bank.
    pub bic: Option<Bic>,
}

/// What gift cards are paid from, and what they can be spent on.
#[derive(Clone, Debug)]
pub struct GiftCards {
    /// The funding source's id at Tremendous; `balance` is the account's balance.
    pub funding_source: String,
    /// What the recipient chooses from.
    pub choice: Choice,
}

/// What a recipient of a gift card chooses from.
#[derive(Clone, Debug)]
pub enum Choice {
    /// What a campaign with this id at Tremendous offers.
    Campaign(String),
    /// The products with these ids.
    Products(Vec<String>),
}

/// Who issues credit notes, besides the vendor's name.
#[derive(Clone, Debug)]
pub struct Issuer {
    /// The postal address in lines; may be empty.
    pub address: String,
    /// The number the vendor is taxed under.
    pub tax_id: Option<String>,
}

/// One payout.
#[derive(Clone, Debug)]
pub struct Line {
    /// The payout's id: however often it is sent, it is paid once.
    pub id: String,
    /// Who is paid.
    pub partner_id: String,
    /// The partner's name.
    pub partner_name: String,
    /// The partner's e-mail address.
    pub email: String,
    /// How the partner is paid.
    pub method: Method,
    /// How much: more than 0, in minor units of the file's currency.
    pub amount: i64,
    /// What it is for, such as a period; may be empty.
    pub note: String,
}

/// A file as it is downloaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: &'static str,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Writes the file. A line that does not fit the format is refused by its id.
pub fn write(file: &File) -> Result<Written, Error> {
    check(file)?;
    let (bytes, media_type, ending) = match &file.format {
        Format::PayPal => (paypal::write(file)?, "text/csv; charset=utf-8", "csv"),
        Format::Wise => (wise::write(file)?, "text/csv; charset=utf-8", "csv"),
        Format::Sepa(payer) => (sepa::write(file, payer)?, "application/xml", "xml"),
        Format::Tremendous(cards) => (tremendous::write(file, cards)?, "application/json", "json"),
        Format::CreditNote(issuer) => (credit_note::write(file, issuer)?, "text/html; charset=utf-8", "html"),
        Format::Plain => (plain::write(file)?, "text/csv; charset=utf-8", "csv"),
    };
    let name = format!("payouts-{}-{}.{ending}", reference(&file.batch_id)?, file.format.kind().word());
    Ok(Written { name, media_type, bytes })
}

impl Format {
    /// The method of payment it is for; the plain one serves all, and is the one of what is paid by hand.
    pub fn kind(&self) -> Kind {
        match self {
            Self::PayPal => Kind::PayPal,
            Self::Wise => Kind::Wise,
            Self::Sepa(_) => Kind::Sepa,
            Self::Tremendous(_) => Kind::GiftCard,
            Self::CreditNote(_) => Kind::CreditNote,
            Self::Plain => Kind::Manual,
        }
    }
}

/// What holds for every format: there is something to pay, nothing twice, nothing of nothing.
fn check(file: &File) -> Result<(), Error> {
    if file.lines.is_empty() {
        return Err(Error::field("lines", "holds no payout: there is nothing to write."));
    }
    let mut seen = HashSet::new();
    for line in &file.lines {
        reference(&line.id)?;
        if !seen.insert(&line.id) {
            return Err(line.refused("twice; a payout is paid once."));
        }
        if line.amount <= 0 {
            return Err(line.refused("whose amount is not more than 0."));
        }
    }
    total(&file.lines).map(|_| ())
}

/// What some lines come to, in minor units.
fn total<'a>(lines: impl IntoIterator<Item = &'a Line>) -> Result<i64, Error> {
    let mut lines = lines.into_iter();
    let sum = lines.try_fold(0_i64, |sum, line| sum.checked_add(line.amount));
    sum.ok_or_else(|| Error::field("lines", "holds more money than can be counted."))
}

impl Line {
    /// A refusal that names the line; `why` follows its id.
    fn refused(&self, why: &str) -> Error {
        Error::field("lines", format!("holds {}, {why}", self.id))
    }

    /// A refusal because of its method.
    fn misplaced(&self, file: &File) -> Error {
        let (method, format) = (self.method.kind().word(), file.format.kind().word());
        self.refused(&format!(
            "whose method is `{method}`: it cannot be in a file for `{format}`; put it into a batch of its own method."
        ))
    }
}

impl File {
    /// A line's amount as decimal text, with exactly the currency's digits.
    fn decimal(&self, minor: i64) -> String {
        self.currency.decimal(minor)
    }

    /// Refuses a file of more lines than a provider takes in one.
    fn at_most(&self, lines: usize, provider: &str) -> Result<(), Error> {
        if self.lines.len() <= lines {
            return Ok(());
        }
        let count = self.lines.len();
        let remedy =
            format!("holds {count} payouts; {provider} takes {lines} in a file: make smaller batches.");
        Err(Error::field("lines", remedy))
    }
}

/// The first characters of a text, `most` of them.
fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::fixture::{file, line, refusal};
    use super::*;

    #[test]
    fn there_is_something_to_pay_and_nothing_twice() {
        let lines = |lines: Vec<Line>| refusal(&File { lines, ..file(Format::Plain, "usd") });
        assert!(lines(Vec::new()).contains("no payout"));
        assert!(lines(vec![line(1, Method::Manual, 5), line(1, Method::Manual, 6)]).contains("twice"));
        assert!(lines(vec![line(1, Method::Manual, 0)]).contains("more than 0"));
        assert!(lines(vec![line(1, Method::Manual, -5)]).contains("more than 0"));
        let much = vec![line(1, Method::Manual, i64::MAX), line(2, Method::Manual, 1)];
        assert!(lines(much).contains("more money"));
        let bad = Line { id: "pyt_1".into(), ..line(1, Method::Manual, 5) };
        assert!(lines(vec![bad]).contains("pyt_1"));
    }

    #[test]
    fn the_same_batch_gives_the_same_bytes() {
        for format in fixture::formats() {
            let file = file(format, "eur");
            assert_eq!(write(&file).unwrap(), write(&file).unwrap());
        }
    }

    #[test]
    fn a_method_that_does_not_fit_is_named_with_its_line() {
        for format in fixture::formats() {
            let mut file = file(format, "eur");
            file.lines.push(line(7, Method::Manual, 5));
            if matches!(file.format, Format::Plain) {
                assert!(write(&file).is_ok());
            } else {
                let said = refusal(&file);
                assert!(said.contains(&file.lines[2].id) && said.contains("`manual`"), "{said}");
            }
        }
    }

    #[test]
    fn names_of_files() {
        let named = write(&file(Format::PayPal, "usd")).unwrap();
        assert_eq!(named.name, "payouts-bat-0000000000000000000000009G-paypal.csv");
        assert_eq!(named.media_type, "text/csv; charset=utf-8");
    }
}
