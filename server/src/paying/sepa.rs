//! SEPA credit transfers: ISO 20022 pain.001.001.09, as the European Payments Council's guidelines for customers and banks
//! (EPC132-08) narrow it. Sources: <https://www.iso20022.org/iso-20022-message-definitions> and
//! <https://www.europeanpaymentscouncil.eu/what-we-do/epc-payment-schemes/sepa-credit-transfer>.

use super::latin::latin;
use super::{File, Line, Payer, reference, total};
use crate::error::Error;
use crate::time::{show, show_day};
use goodword_domain::payout::iban::Bic;
use goodword_domain::payout::method::Method;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use std::io;

const NAMESPACE: &str = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09";
/// Characters of a name, at most.
const NAME: usize = 70;
/// Characters of the text that reaches the payee's statement, at most.
const REMITTANCE: usize = 140;
/// The most that one transfer moves, cents.
const MOST: i64 = 99_999_999_999;

type Xml = Writer<Vec<u8>>;

/// What the file says of all transfers.
struct Batch<'a> {
    reference: String,
    created_at: String,
    execution_day: String,
    count: String,
    total: String,
    name: String,
    payer: &'a Payer,
}

/// One transfer.
struct Transfer<'a> {
    reference: String,
    amount: String,
    bic: Option<&'a Bic>,
    name: String,
    iban: &'a str,
    remittance: String,
}

/// The message, with one payment instruction and a transfer for each line.
pub fn write(file: &File, payer: &Payer) -> Result<Vec<u8>, Error> {
    if file.currency.wire() != "eur" {
        let remedy = format!("is {}: SEPA moves euros alone; choose `wise` for others.", file.currency);
        return Err(Error::field("currency", remedy));
    }
    let batch = batch(file, payer)?;
    let transfers = file.lines.iter().map(|line| transfer(file, line)).collect::<Result<Vec<_>, _>>()?;
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    document(&mut xml, &batch, &transfers).map_err(|error| Error::internal(format!("XML: {error}")))?;
    Ok(xml.into_inner())
}

fn batch<'a>(file: &File, payer: &'a Payer) -> Result<Batch<'a>, Error> {
    let name = latin(&payer.name, NAME);
    if name.is_empty() || !payer.iban.in_sepa() {
        return Err(Error::field("payer", "needs a name in letters and an account in the SEPA area."));
    }
    let created_at = show(file.created_at);
    Ok(Batch {
        reference: reference(&file.batch_id)?,
        // Banks differ on fractions of a second.
        created_at: created_at.split_once('.').map_or(created_at.clone(), |(second, _)| format!("{second}Z")),
        execution_day: show_day(file.execution_day),
        count: file.lines.len().to_string(),
        total: file.decimal(total(&file.lines)?),
        name,
        payer,
    })
}

fn transfer<'a>(file: &File, line: &'a Line) -> Result<Transfer<'a>, Error> {
    let Method::Sepa { account, bic } = &line.method else { return Err(line.misplaced(file)) };
    let name = latin(&account.holder, NAME);
    if name.is_empty() {
        return Err(line.refused("whose account's holder has no letter that a bank can read."));
    }
    if line.amount > MOST {
        return Err(line.refused("which is more than the 999999999.99 EUR of one SEPA transfer."));
    }
    Ok(Transfer {
        reference: reference(&line.id)?,
        amount: file.decimal(line.amount),
        bic: bic.as_ref(),
        name,
        iban: account.iban.as_str(),
        remittance: latin(&line.note, REMITTANCE),
    })
}

fn document(xml: &mut Xml, batch: &Batch, transfers: &[Transfer]) -> io::Result<()> {
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let document = xml.create_element("Document").with_attribute(("xmlns", NAMESPACE));
    document.write_inner_content(|xml| {
        within(xml, &["CstmrCdtTrfInitn"], |xml| {
            header(xml, batch)?;
            within(xml, &["PmtInf"], |xml| {
                instruction(xml, batch)?;
                transfers.iter().try_for_each(|transfer| credit(xml, transfer))
            })
        })
    })?;
    Ok(())
}

fn header(xml: &mut Xml, batch: &Batch) -> io::Result<()> {
    within(xml, &["GrpHdr"], |xml| {
        leaf(xml, "MsgId", &batch.reference)?;
        leaf(xml, "CreDtTm", &batch.created_at)?;
        leaf(xml, "NbOfTxs", &batch.count)?;
        leaf(xml, "CtrlSum", &batch.total)?;
        within(xml, &["InitgPty"], |xml| leaf(xml, "Nm", &batch.name))
    })
}

fn instruction(xml: &mut Xml, batch: &Batch) -> io::Result<()> {
    leaf(xml, "PmtInfId", &batch.reference)?;
    leaf(xml, "PmtMtd", "TRF")?;
    leaf(xml, "NbOfTxs", &batch.count)?;
    leaf(xml, "CtrlSum", &batch.total)?;
    within(xml, &["PmtTpInf", "SvcLvl"], |xml| leaf(xml, "Cd", "SEPA"))?;
    within(xml, &["ReqdExctnDt"], |xml| leaf(xml, "Dt", &batch.execution_day))?;
    within(xml, &["Dbtr"], |xml| leaf(xml, "Nm", &batch.name))?;
    within(xml, &["DbtrAcct", "Id"], |xml| leaf(xml, "IBAN", batch.payer.iban.as_str()))?;
    within(xml, &["DbtrAgt"], |xml| bank(xml, batch.payer.bic.as_ref()))?;
    leaf(xml, "ChrgBr", "SLEV")
}

fn credit(xml: &mut Xml, transfer: &Transfer) -> io::Result<()> {
    within(xml, &["CdtTrfTxInf"], |xml| {
        within(xml, &["PmtId"], |xml| leaf(xml, "EndToEndId", &transfer.reference))?;
        within(xml, &["Amt"], |xml| {
            let amount = xml.create_element("InstdAmt").with_attribute(("Ccy", "EUR"));
            amount.write_text_content(BytesText::new(&transfer.amount)).map(|_| ())
        })?;
        within(xml, &["CdtrAgt"], |xml| bank(xml, transfer.bic))?;
        within(xml, &["Cdtr"], |xml| leaf(xml, "Nm", &transfer.name))?;
        within(xml, &["CdtrAcct", "Id"], |xml| leaf(xml, "IBAN", transfer.iban))?;
        if transfer.remittance.is_empty() {
            return Ok(());
        }
        within(xml, &["RmtInf"], |xml| leaf(xml, "Ustrd", &transfer.remittance))
    })
}

/// The bank by its BIC; without one it is found by the account's number.
fn bank(xml: &mut Xml, bic: Option<&Bic>) -> io::Result<()> {
    within(xml, &["FinInstnId"], |xml| match bic {
        Some(bic) => leaf(xml, "BICFI", bic.as_str()),
        None => within(xml, &["Othr"], |xml| leaf(xml, "Id", "NOTPROVIDED")),
    })
}

fn leaf(xml: &mut Xml, name: &str, text: &str) -> io::Result<()> {
    xml.create_element(name).write_text_content(BytesText::new(text)).map(|_| ())
}

/// Elements one inside the other, and what is in the innermost.
fn within(xml: &mut Xml, path: &[&str], inner: impl FnOnce(&mut Xml) -> io::Result<()>) -> io::Result<()> {
    for name in path {
        xml.write_event(Event::Start(BytesStart::new(*name)))?;
    }
    inner(xml)?;
    path.iter().rev().try_for_each(|name| xml.write_event(Event::End(BytesEnd::new(*name))))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{account, file, formats, line, refusal, text};
    use super::super::{Format, write};
    use super::*;
    use std::io::Write;
    use std::process::{Command, Output, Stdio};

    const SCHEMA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data/pain.001.001.09.xsd");

    fn sepa() -> File {
        let [_, _, format, ..] = formats();
        file(format, "eur")
    }

    fn validated(xml: &str) -> Output {
        let mut command = Command::new("xmllint");
        command.args(["--noout", "--nonet", "--schema", SCHEMA, "-"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("xmllint is missing: install libxml2-utils");
        child.stdin.take().unwrap().write_all(xml.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    #[track_caller]
    fn check_valid(file: &File) {
        let output = validated(&text(file));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// The texts of all elements of a name.
    fn values<'a>(xml: &'a str, name: &str) -> Vec<&'a str> {
        let tag = format!("<{name}");
        let opened = xml.split(tag.as_str()).skip(1);
        opened.filter_map(|rest| Some(rest.split_once('>')?.1.split_once("</")?.0)).collect()
    }

    #[test]
    fn the_schema_is_that_of_iso() {
        let schema = std::fs::read_to_string(SCHEMA).unwrap();
        assert!(schema.contains(&format!("targetNamespace=\"{NAMESPACE}\"")));
    }

    #[test]
    fn what_is_written_is_valid() {
        check_valid(&sepa());
        let mut bare = sepa();
        let Format::Sepa(payer) = &mut bare.format else { unreachable!() };
        payer.bic = None;
        payer.name = "Tea & <Søn> ]]> \"quoted\" 🙂".into();
        for line in &mut bare.lines {
            line.method =
                Method::Sepa { account: account(&"ß".repeat(100), "GB82WEST12345698765432"), bic: None };
            line.note = "<script>&amp;".repeat(30);
        }
        bare.lines[0].note = String::new();
        bare.lines[0].amount = MOST;
        check_valid(&bare);
        assert_eq!(text(&bare).matches("<Id>NOTPROVIDED</Id>").count(), 3);
        assert_eq!(values(&text(&bare), "Ustrd").len(), 1);
    }

    #[test]
    fn what_is_broken_is_found_by_the_schema() {
        let xml = text(&sepa());
        for (right, wrong) in [
            ("<ChrgBr>SLEV</ChrgBr>", "<ChrgBr>NONE</ChrgBr>"),
            ("<PmtMtd>TRF</PmtMtd>", "<PmtMtd>CASH</PmtMtd>"),
            ("DE89370400440532013000", "DE89 3704 0044 0532 0130 00"),
            ("COBADEFFXXX", "COBADEFFXX"),
            ("pyt-00000000000000000000000001", "pyt-000000000000000000000000000000001"),
            ("pain.001.001.09", "pain.001.001.03"),
            ("2026-10-29", "29.10.2026"),
        ] {
            let broken = xml.replace(right, wrong);
            assert_ne!(xml, broken, "{right}");
            assert!(!validated(&broken).status.success(), "{wrong}");
        }
    }

    #[test]
    fn control_sums_are_those_of_the_transfers() {
        let mut file = sepa();
        let method = file.lines[0].method.clone();
        file.lines = (1..=250).map(|n| line(n, method.clone(), i64::from(n) * 7_919)).collect();
        let xml = text(&file);
        let cents = |text: &str| text.replace('.', "").parse::<i64>().unwrap();
        let sum: i64 = values(&xml, "InstdAmt").into_iter().map(cents).sum();
        assert_eq!(values(&xml, "NbOfTxs"), ["250", "250"]);
        assert_eq!(values(&xml, "CtrlSum"), ["2484586.25", "2484586.25"]);
        assert_eq!(sum, 248_458_625);
        check_valid(&file);
    }

    #[test]
    fn a_transfer_says_whom_how_much_and_why() {
        let xml = text(&sepa());
        assert_eq!(values(&xml, "MsgId"), ["bat-0000000000000000000000009G"]);
        assert_eq!(values(&xml, "CreDtTm"), ["2026-10-26T07:33:20Z"]);
        assert!(xml.contains("<Dt>2026-10-29</Dt>"));
        assert_eq!(
            values(&xml, "EndToEndId"),
            ["pyt-00000000000000000000000001", "pyt-00000000000000000000000002"]
        );
        assert_eq!(values(&xml, "InstdAmt"), ["12.34", "0.05"]);
        assert_eq!(xml.matches("<InstdAmt Ccy=\"EUR\">").count(), 2);
        assert_eq!(values(&xml, "Nm"), ["Tea + Son", "Tea + Son", "Zoe Grossl", "Zoe Grossl"]);
        assert_eq!(values(&xml, "IBAN")[..2], ["NL91ABNA0417164300", "DE89370400440532013000"]);
        assert_eq!(values(&xml, "BICFI")[..2], ["ABNANL2A", "COBADEFFXXX"]);
        assert_eq!(values(&xml, "ChrgBr"), ["SLEV"]);
        assert_eq!(values(&xml, "Ustrd")[0], "October 2026");
    }

    #[test]
    fn what_sepa_cannot_pay() {
        for currency in ["jpy", "usd", "kwd"] {
            assert!(
                refusal(&File { currency: file(Format::Plain, currency).currency, ..sepa() })
                    .contains("`currency`")
            );
        }
        let mut nameless = sepa();
        nameless.lines[1].method =
            Method::Sepa { account: account("🙂", "DE89370400440532013000"), bic: None };
        assert!(refusal(&nameless).contains(&nameless.lines[1].id));
        let mut huge = sepa();
        huge.lines[1].amount = MOST + 1;
        assert!(refusal(&huge).contains(&huge.lines[1].id));
        let mut abroad = sepa();
        let Format::Sepa(payer) = &mut abroad.format else { unreachable!() };
        payer.iban = account("x", "KW81CBKU0000000000001234560101").iban;
        assert!(refusal(&abroad).contains("`payer`"));
        assert!(write(&sepa()).is_ok());
    }
}
