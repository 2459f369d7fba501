//! Journals of every kind of transfer, held against what the real programs say.

use super::*;
use crate::exporting::beancount::Beancount;
use crate::exporting::hledger::Hledger;
use crate::store::{ChainHead, TransferRow};
use goodword_domain::id::{AccountId, PartnerId, TransferId};
use goodword_domain::time::{Instant, days_from_civil};
use std::process::{Command, Stdio};

/// A history of transfers, each `kind`, `from`, `to`, `minor units`, `currency`: credited, cleared, refunded, sent, paid, returned,
/// taken back after it was paid, netted off.
const HISTORY: &[(&str, &str, &str, i64, &str)] = &[
    ("allocate", "expense", "budget", 100_000, "usd"),
    ("hold", "budget", "held", 1_560, "usd"),
    ("take_back", "held", "budget", 390, "usd"),
    ("release", "held", "payable", 1_170, "usd"),
    ("send", "payable", "sent", 1_170, "usd"),
    ("return", "sent", "payable", 1_170, "usd"),
    ("send", "payable", "sent", 1_170, "usd"),
    ("pay", "sent", "paid", 1_170, "usd"),
    ("take_back", "clawback", "budget", 1_170, "usd"),
    ("hold", "budget", "held", 5_000, "usd"),
    ("release", "held", "payable", 5_000, "usd"),
    ("net", "payable", "clawback", 700, "usd"),
    ("withdraw", "budget", "expense", 90_000, "usd"),
    ("hold", "expense", "held", 1_234_567, "jpy"),
    ("void", "held", "expense", 34_567, "jpy"),
    ("hold", "expense", "held", 1_234, "kwd"),
    ("hold", "expense", "held", 1, "clf"),
    ("hold", "expense", "held", 350, "points"),
    ("release", "held", "payable", 350, "points"),
];

fn owned(kind: &str) -> Owned {
    let own = matches!(kind, "expense" | "budget");
    Owned { kind: kind.into(), partner: (!own).then(|| PartnerId::from_bits(7).to_string()) }
}

fn entry(place: i64, (kind, debit, credit, amount, currency): (&str, &str, &str, i64, &str)) -> Entry {
    let transfer = TransferRow {
        id: TransferId::from_bits(place.unsigned_abs().into()),
        debit: AccountId::from_bits(1),
        credit: AccountId::from_bits(2),
        amount,
        currency: currency.into(),
        kind: kind.into(),
        cause: "com_1".into(),
        at: Instant((days_from_civil(2026, 3, 1) + place * 3 % 10) * 86_400_000 + place),
        place,
        hash: format!("{place:064}"),
    };
    Entry { transfer, debit: owned(debit), credit: owned(credit) }
}

fn source(program: u128) -> Source {
    let mut accounts = Vec::new();
    for (_, debit, credit, _, currency) in HISTORY {
        for kind in [debit, credit] {
            let currency = Currency::parse_unit(currency).unwrap();
            let name = "Anna\n; type:Z \"\\".to_owned();
            accounts.push(HeldAccount { owned: owned(kind), currency, partner_name: Some(name) });
        }
    }
    let head = ChainHead { place: 19, hash: "abc".into() };
    Source { id: ProgramId::from_bits(program), name: "Tea\n\"; type:Z".into(), head, accounts }
}

/// Two programs with that history each, the second one's beginning in opening balances.
fn journal(dialect: &dyn Dialect) -> String {
    let mut out = Vec::new();
    let sources = [source(1), source(2)];
    let mut journal = Journal::begin(dialect, &mut out, &sources).unwrap();
    for (place, told) in (1..).zip(HISTORY) {
        journal.entry(&sources[0], &entry(place, *told)).unwrap();
    }
    let held = |kind: &str, balance| {
        let currency = Currency::parse("usd").unwrap();
        (HeldAccount { owned: owned(kind), currency, partner_name: None }, balance)
    };
    let opening = [held("expense", -900), held("payable", 1_000), held("clawback", -100), held("sent", 0)];
    journal.open(&sources[1], days_from_civil(2026, 2, 1), &opening).unwrap();
    journal.end(None).unwrap();
    String::from_utf8(out).unwrap()
}

/// Whether a program takes a journal, and what it says.
fn taken(program: &str, args: &[&str], journal: &str) -> (bool, String) {
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command
        .spawn()
        .unwrap_or_else(|e| panic!("{program} is missing ({e}): install hledger and beancount"));
    child.stdin.take().unwrap().write_all(journal.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

fn hledger(journal: &str) -> (bool, String) {
    taken("hledger", &["-f", "-", "check", "--strict"], journal)
}

fn beancount(journal: &str) -> (bool, String) {
    taken("bean-check", &["--no-cache", "/dev/stdin"], journal)
}

#[track_caller]
fn check(dialect: &dyn Dialect, holds: fn(&str) -> (bool, String)) {
    let whole = journal(dialect);
    let (good, said) = holds(&whole);
    assert!(good, "{said}\n{whole}");
    for (from, to) in [
        // One posting differs in its last digit.
        ("  15.60 USD\n", "  15.61 USD\n"),
        ("  1234567 JPY\n", "  1234568 JPY\n"),
        ("  0.0001 CLF\n", "  0.0002 CLF\n"),
        ("  1.234 KWD\n", "  1.235 KWD\n"),
        ("  -350 POINTS\n", "  -351 POINTS\n"),
    ] {
        let broken = whole.replacen(from, to, 1);
        assert!(broken != whole, "there is no {from:?} in\n{whole}");
        assert!(!holds(&broken).0, "{from:?} became {to:?} and was taken");
    }
    let both = whole.replacen("11.70 USD\n", "11.71 USD\n", 1).replacen("-11.70 USD\n", "-11.71 USD\n", 1);
    assert!(!holds(&both).0, "a transfer of another amount was taken");
}

#[test]
fn hledger_takes_what_is_right_and_nothing_else() {
    check(&Hledger, hledger);
    let whole = journal(&Hledger);
    for (from, to) in [
        ("= -53.00 USD", "= -53.01 USD"),
        ("= -1.234 KWD", "= -1.235 KWD"),
        ("= -1200000 JPY", "= -1200001 JPY"),
        ("account Liabilities", "; account Liabilities"),
        ("commodity 1000. POINTS", ""),
    ] {
        let broken = whole.replacen(from, to, 1);
        assert!(broken != whole, "there is no {from:?} in\n{whole}");
        assert!(!hledger(&broken).0, "{from:?} became {to:?} and was taken");
    }
}

#[test]
fn beancount_takes_what_is_right_and_nothing_else() {
    check(&Beancount, beancount);
    let whole = journal(&Beancount);
    for (from, to) in [
        ("  -53.00 ~ 0 USD", "  -53.01 ~ 0 USD"),
        ("  -1.234 ~ 0 KWD", "  -1.235 ~ 0 KWD"),
        ("  -1200000 ~ 0 JPY", "  -1200001 ~ 0 JPY"),
        ("1970-01-01 open Liabilities", "; 1970-01-01 open Liabilities"),
    ] {
        let broken = whole.replacen(from, to, 1);
        assert!(broken != whole, "there is no {from:?} in\n{whole}");
        assert!(!beancount(&broken).0, "{from:?} became {to:?} and was taken");
    }
}

/// What accountants look for: costs and receivables are debits, what is owed are credits.
#[test]
fn signs_are_those_of_accountants() {
    let whole = journal(&Hledger);
    let program = format!("G{:032x}", 1);
    let partner = format!("P{:032x}", 7);
    for line in [
        format!("    Expenses:Program:{program}:Commissions  0.00 USD = 100.00 USD\n"),
        format!("    Liabilities:Program:{program}:Budget  0.00 USD = -50.00 USD\n"),
        format!("    Liabilities:Partner:{partner}:Payable  0.00 USD = -53.00 USD\n"),
        format!("    Assets:Partner:{partner}:Clawback  0.00 USD = 5.70 USD\n"),
        format!("    Assets:Payouts:{partner}  0.00 USD = -11.70 USD\n"),
    ] {
        assert!(whole.contains(&line), "{line} is not in\n{whole}");
    }
}

#[test]
fn the_same_ledger_gives_the_same_bytes() {
    for dialect in [&Hledger as &dyn Dialect, &Beancount] {
        assert_eq!(journal(dialect), journal(dialect));
    }
}

#[test]
fn an_empty_ledger_is_taken_too() {
    for (dialect, holds) in [(&Hledger as &dyn Dialect, hledger as fn(&str) -> _), (&Beancount, beancount)] {
        let mut out = Vec::new();
        Journal::begin(dialect, &mut out, &[]).unwrap().end(Some(20_000)).unwrap();
        let (good, said): (bool, String) = holds(&String::from_utf8(out).unwrap());
        assert!(good, "{said}");
    }
}
