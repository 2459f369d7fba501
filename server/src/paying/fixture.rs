//! Batches for tests.

use super::{Choice, File, Format, GiftCards, Issuer, Line, Payer, write};
use goodword_domain::money::Currency;
use goodword_domain::payout::iban::{Bic, Iban};
use goodword_domain::payout::method::{Account, Method};
use goodword_domain::person::Email;
use goodword_domain::time::Instant;

pub fn email(text: &str) -> Email {
    Email::parse("email", text).unwrap()
}

pub fn account(holder: &str, iban: &str) -> Account {
    Account { holder: holder.into(), iban: Iban::parse("iban", iban).unwrap() }
}

pub fn line(n: u32, method: Method, amount: i64) -> Line {
    Line {
        id: format!("pyt_{n:032x}"),
        partner_id: format!("ptn_{n:032x}"),
        partner_name: "Maya Núñez".into(),
        email: "maya@example.com".into(),
        method,
        amount,
        note: "October 2026".into(),
    }
}

/// One of each, in the order of [`goodword_domain::payout::method::Kind::ALL`].
pub fn formats() -> [Format; 6] {
    let iban = Iban::parse("iban", "NL91ABNA0417164300").unwrap();
    let bic = Some(Bic::parse("bic", "ABNANL2A").unwrap());
    let choice = Choice::Campaign("CAMP1".into());
    [
        Format::PayPal,
        Format::Wise,
        Format::Sepa(Payer { name: "Tea & Søn".into(), iban, bic }),
        Format::Tremendous(GiftCards { funding_source: "balance".into(), choice }),
        Format::CreditNote(Issuer {
            address: "Kade 5\n1011 Amsterdam".into(),
            tax_id: Some("NL001234567B01".into()),
        }),
        Format::Plain,
    ]
}

fn method(format: &Format) -> Method {
    let email = email("maya@example.com");
    match format {
        Format::PayPal => Method::PayPal { email },
        Format::Wise => Method::Wise { email, account: None },
        Format::Sepa(_) => Method::Sepa {
            account: account("Zoë Größl", "DE89370400440532013000"),
            bic: Some(Bic::parse("bic", "COBADEFFXXX").unwrap()),
        },
        Format::Tremendous(_) => Method::GiftCard { email },
        Format::CreditNote(_) => Method::CreditNote {
            name: "Maya GmbH".into(),
            address: "Teeweg 1\n20095 Hamburg".into(),
            tax_id: Some("DE123456789".into()),
        },
        Format::Plain => Method::Manual,
    }
}

/// Two payouts, of 1234 and of 5 minor units.
pub fn file(format: Format, currency: &str) -> File {
    let method = method(&format);
    File {
        format,
        batch_id: format!("bat_{:032x}", 304),
        program_name: "Tea friends".into(),
        vendor_name: "Tea & Søn".into(),
        currency: Currency::parse(currency).unwrap(),
        created_at: Instant(1_793_000_000_123),
        execution_day: 20_755,
        lines: vec![line(1, method.clone(), 1234), line(2, method, 5)],
    }
}

pub fn text(file: &File) -> String {
    String::from_utf8(write(file).unwrap().bytes).unwrap()
}

pub fn refusal(file: &File) -> String {
    write(file).unwrap_err().to_string()
}

/// The cells of a CSV file, as a reader of such files sees them.
pub fn rows(file: &File) -> Vec<Vec<String>> {
    let text = text(file);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}
