//! Exports of rich histories: the real `hledger` and `bean-check` take them, and their totals are those of the API.

use super::rich::{Rich, play};
use crate::harness::{Kind, Server, goodword};
use goodword_wire::{Account, Ledger};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, Output, Stdio};

/// What `goodword export ledger` prints of the sandbox.
fn export(server: &Server, format: &str, rest: &[&str]) -> String {
    let output = try_export(server, &[&["--format", format], rest].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it prints UTF-8")
}

fn try_export(server: &Server, rest: &[&str]) -> Output {
    let sandbox: &[&str] = if rest.contains(&"--program") { &[] } else { &["--mode", "test"] };
    let mut command = goodword();
    command.args(["export", "ledger", "--database", server.database()]).args(sandbox).args(rest);
    command.output().expect("goodword starts")
}

/// Gives a program a journal; whether it was content, and what it said.
fn give(program: &str, args: &[&str], journal: &str) -> (bool, String) {
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|e| panic!("{program} does not start ({e})"));
    child.stdin.take().expect("it was piped").write_all(journal.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

fn hledger(journal: &str) -> (bool, String) {
    give("hledger", &["-f", "-", "check", "--strict"], journal)
}

fn beancount(journal: &str) -> (bool, String) {
    give("bean-check", &["--no-cache", "/dev/stdin"], journal)
}

#[track_caller]
fn assert_taken((good, said): (bool, String)) {
    assert!(good, "{said}");
}

fn rich(kind: Kind) -> (Server, Rich) {
    let server = Server::on(kind);
    let rich = play(&server, 5, 300);
    (server, rich)
}

/// Where an account of the API lies in a journal; the figures of a partner's accounts in several programs are one there.
fn name(account: &Account) -> String {
    let digits = |id: &str| id.split('_').next_back().unwrap_or_default().to_owned();
    let partner = account.partner_id.as_deref().map(digits).unwrap_or_default();
    let program = digits(&account.program_id);
    match account.kind.as_str() {
        "expense" => format!("Expenses:Program:G{program}:Commissions"),
        "fund" => format!("Liabilities:Program:G{program}:Fund"),
        "allocated" => format!("Liabilities:Partner:P{partner}:Allocated"),
        "committed" => format!("Liabilities:Partner:P{partner}:Committed"),
        "budget" => format!("Liabilities:Program:G{program}:Budget"),
        "held" => format!("Liabilities:Partner:P{partner}:Held"),
        "payable" => format!("Liabilities:Partner:P{partner}:Payable"),
        other => panic!("no {other} in this history"),
    }
}

/// The API's balances as a journal has them: debits positive, in minor units, by account and commodity.
fn balances(ledger: &Ledger) -> BTreeMap<(String, String), i64> {
    let mut all = BTreeMap::new();
    for account in &ledger.accounts {
        *all.entry((name(account), account.currency.to_uppercase())).or_default() -= account.balance;
    }
    all.retain(|_, balance| *balance != 0);
    all
}

/// What `hledger balance` makes of a journal.
fn totals(journal: &str) -> BTreeMap<(String, String), i64> {
    let args = ["-f", "-", "balance", "--flat", "--no-total", "-O", "csv", "--layout=bare"];
    let (good, said) = give("hledger", &args, journal);
    assert!(good, "{said}");
    let cells =
        |line: &str| line.split(',').map(|cell| cell.trim_matches('"').to_owned()).collect::<Vec<_>>();
    let rows = said.lines().skip(1).map(cells).map(|row| {
        let minor = row[2].replace('.', "").parse::<i64>().unwrap_or_else(|e| panic!("{row:?}: {e}"));
        ((row[0].clone(), row[1].clone()), minor)
    });
    rows.filter(|(_, minor)| *minor != 0).collect()
}

fn real_programs_take_it(kind: Kind) {
    let (server, rich) = rich(kind);
    let (ours, theirs) = (export(&server, "hledger", &[]), export(&server, "beancount", &[]));
    assert_taken(hledger(&ours));
    assert_taken(beancount(&theirs));
    let transfers = rich.shop.transfers();
    assert!(transfers.len() > 150, "{}", transfers.len());
    for transfer in &transfers {
        for word in [&transfer.id, &transfer.hash, &transfer.cause, &transfer.at] {
            assert!(ours.contains(word.as_str()) && theirs.contains(word.as_str()), "{transfer:?}");
        }
    }
    assert_eq!(totals(&ours), balances(&rich.shop.ledger()));
    assert_eq!(ours, export(&server, "hledger", &[]), "the same ledger gives the same bytes");
    let checked = server.operate("check", &[]);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
}

#[test]
fn real_programs_take_it_on_sqlite() {
    real_programs_take_it(Kind::Sqlite);
}

#[test]
fn real_programs_take_it_on_postgresql() {
    real_programs_take_it(Kind::Postgres);
}

/// Every posting and every assertion counts, in its last digit.
#[test]
fn a_broken_export_is_refused() {
    let (server, _) = rich(Kind::chosen());
    let check = |journal: &str, holds: fn(&str) -> (bool, String), wanted: fn(&str) -> bool| {
        let lines: Vec<&str> = journal.lines().collect();
        let places: Vec<usize> = (0..lines.len()).filter(|place| wanted(lines[*place])).collect();
        assert!(places.len() > 20, "{} lines are too few", places.len());
        for place in places.iter().step_by(places.len() / 12) {
            let broken = altered(lines[*place]);
            let journal = [&lines[..*place], &[broken.as_str()], &lines[place + 1..]].concat().join("\n");
            assert!(!holds(&(journal + "\n")).0, "{} became {broken} and was taken", lines[*place]);
        }
    };
    let journal = export(&server, "hledger", &[]);
    check(&journal, hledger, |line| line.starts_with("    ") && !line.contains(';') && !line.contains('='));
    check(&journal, hledger, |line| line.contains(" = "));
    let journal = export(&server, "beancount", &[]);
    check(&journal, beancount, |line| {
        line.starts_with("  ") && line.contains("  ") && line.contains(':') && !line.contains('"')
    });
    check(&journal, beancount, |line| line.contains(" balance "));
}

/// The line with another last digit in its last amount.
fn altered(line: &str) -> String {
    let end = line.find(" ~").unwrap_or(line.len());
    let place = line[..end].rfind(|c: char| c.is_ascii_digit()).expect("an amount");
    let digit = if &line[place..=place] == "7" { "8" } else { "7" };
    format!("{}{digit}{}", &line[..place], &line[place + 1..])
}

/// One program, and one month of it after opening balances.
#[test]
fn a_program_and_a_span() {
    let (server, rich) = rich(Kind::chosen());
    let program = rich.programs[0].as_str();
    let all = export(&server, "hledger", &["--program", program]);
    let ledger: Ledger = rich.shop.get(&format!("/v1/ledger?programId={program}")).ok();
    assert_eq!(totals(&all), balances(&ledger));
    assert!(!rich.programs[1..].iter().any(|other| all.contains(other.as_str())));
    for format in ["hledger", "beancount"] {
        let holds = if format == "hledger" { hledger } else { beancount };
        let part = |rest: &[&str]| export(&server, format, &[&["--program", program], rest].concat());
        let march = part(&["--from", "2026-03-01", "--to", "2026-04-01"]);
        assert_taken(holds(&march));
        assert!(march.contains("opening balances") && march.contains("\n2026-03-"), "{march}");
        assert!(!march.contains("\n2026-02-"), "{march}");
        assert_taken(holds(&part(&["--to", "2020-01-01"])));
        assert_taken(holds(&part(&["--from", "2027-01-01"])));
    }
    let parts = |from: &str, to: &str| {
        totals(&export(&server, "hledger", &["--program", program, "--from", from, "--to", to]))
    };
    let february = export(&server, "hledger", &["--program", program, "--to", "2026-03-01"]);
    assert_eq!(
        parts("2026-02-01", "2026-03-01"),
        totals(&february),
        "what opens and what moves is what closes"
    );
    assert_eq!(parts("2026-04-01", "2030-01-01"), totals(&all));
}

#[test]
fn what_cannot_be_exported_is_told() {
    let server = Server::on(Kind::Sqlite);
    let unknown = format!("prg_{}", "0".repeat(32));
    for (rest, word) in [
        (vec!["--format", "hledger", "--from", "2026-1-1"], "`from`"),
        (vec!["--format", "hledger", "--from", "2026-02-01", "--to", "2026-02-01"], "`to`"),
        (vec!["--format", "hledger", "--program", &unknown], "There is no program"),
        (vec!["--format", "ods"], "hledger"),
        (vec![], "--format"),
    ] {
        let output = try_export(&server, &rest);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && said.contains(word), "{rest:?}: {said}");
    }
    assert_taken(hledger(&export(&server, "hledger", &[])));
}
