//! Whoever changes the ledger behind the server's back is found, and told by the transfer.

use super::history::play;
use super::{assert_clean, run};
use crate::harness::{Kind, Server};
use goodword_wire::Transfer;
use std::collections::BTreeMap;

/// A server with a long ledger, and its transfers by their places.
fn with_ledger(kind: Kind, seed: u64) -> (Server, BTreeMap<i64, Transfer>) {
    let server = Server::on(kind);
    let history = play(&server, seed, 500);
    let transfers: BTreeMap<i64, Transfer> =
        history.shop.transfers().into_iter().map(|transfer| (transfer.place, transfer)).collect();
    assert!(transfers.len() > 30, "{} transfers are too few to tamper with", transfers.len());
    (server, transfers)
}

/// The lines under the check of the chain, once something was done.
fn told(server: &Server, done: &str) -> Vec<String> {
    server.change(done);
    let printed = run(server, "check", &[], false);
    let mut lines = printed.lines().skip_while(|line| !line.starts_with("WRONG ledger chain"));
    assert!(lines.next().is_some(), "{done}\n{printed}");
    lines.take_while(|line| line.starts_with("      ")).map(str::to_owned).collect()
}

/// Does something to the transfers or the head of the chain, and puts everything back.
#[track_caller]
fn check(server: &Server, done: &str, expected: &[&str]) {
    server
        .change("create table kept as select * from transfer; create table kept_head as select * from chain");
    let told = told(server, done);
    assert_eq!(told.len(), expected.len(), "{done}\n{told:#?}");
    for (line, words) in told.iter().zip(expected) {
        assert!(line.contains(words) && line.contains("restore a backup"), "{done}\n{line}\nwithout {words}");
    }
    server.change(
        "delete from transfer; insert into transfer select * from kept; drop table kept; \
         delete from chain; insert into chain select * from kept_head; drop table kept_head",
    );
}

fn every_kind_of_tampering(kind: Kind) {
    let (server, transfers) = with_ledger(kind, 11);
    assert_clean(&server);
    let last = *transfers.keys().next_back().expect("some");
    let named =
        |place: i64| format!("transfer {} at place {place} does not come to its hash", transfers[&place].id);
    let seventh = named(7);
    let changes = [
        "amount = amount + 1",
        "kind = 'void'",
        "cause = 'com_x'",
        "at = at + 1",
        "id = 'trf_x'",
        "debit_account = credit_account, credit_account = debit_account",
    ];
    for change in changes {
        let expected = if change.starts_with("id") { "transfer trf_x at place 7 does not" } else { &seventh };
        check(&server, &format!("update transfer set {change} where place = 7"), &[expected]);
    }
    let swap = "update transfer set place = -1 where place = 7; update transfer set place = 7 where place = 12; \
                update transfer set place = 12 where place = -1";
    let at = |place: i64| format!("at place {place} does not");
    check(
        &server,
        swap,
        &[
            &format!("{} {}", transfers[&12].id, at(7)),
            &named(8),
            &format!("{} {}", transfers[&7].id, at(12)),
            &named(13),
        ],
    );
    let end = format!(
        "the transfer at place {last} is missing at the end; the last is {}",
        transfers[&(last - 1)].id
    );
    check(&server, &format!("delete from transfer where place = {last}"), &[&end]);
    let gap = format!("the transfers at places 9 to 10 are missing before transfer {}", transfers[&11].id);
    check(&server, "delete from transfer where place in (9, 10)", &[&gap]);
    let head = format!("names another hash than that of its last transfer, {}", transfers[&last].id);
    check(&server, "update chain set hash = 'abc'", &[&head]);
    let after = format!(
        "transfer {} stands at place {last}, after the end of the chain at place {}",
        transfers[&last].id,
        last - 1
    );
    check(
        &server,
        &format!(
            "update chain set place = {0}, hash = (select hash from transfer where place = {0})",
            last - 1
        ),
        &[&after],
    );
    check(
        &server,
        "update transfer set amount = amount + 1, hash = 'abc' where place = 7",
        &[&seventh, &named(8)],
    );
    assert_clean(&server);
}

#[test]
fn tampering_is_found_on_sqlite() {
    every_kind_of_tampering(Kind::Sqlite);
}

#[test]
fn tampering_is_found_on_postgresql() {
    every_kind_of_tampering(Kind::Postgres);
}

/// Accounts are not in the chain, but their ids are, and follow from what the accounts are.
#[test]
fn an_account_that_becomes_another_is_found() {
    let (server, transfers) = with_ledger(Kind::chosen(), 12);
    let account = &transfers[&1].credit_account;
    server.change(&format!("update account set kind = 'sent' where id = '{account}'"));
    let printed = run(&server, "check", &[], false);
    assert!(printed.contains("WRONG transfers:"), "{printed}");
    assert!(printed.contains(&format!("account {account} is of another kind")), "{printed}");
}

/// Sales that are worth less than their refunds and disputes leave, and the other way round.
#[test]
fn what_is_left_of_a_sale_is_checked() {
    let (server, _) = with_ledger(Kind::chosen(), 13);
    let changes = [
        (
            "update sale set value_left = value_left - 1 where id = (select max(id) from sale)",
            "value_left + 1",
        ),
        (
            "update sale set disputed = disputed + 1, value_left = value_left - 1 where id = (select max(id) from sale where refunded = 0)",
            "value_left + 1, disputed = 0",
        ),
    ];
    for (done, undone) in changes {
        server.change(done);
        let printed = run(&server, "check", &[], false);
        assert!(printed.contains("WRONG refunds:"), "{done}\n{printed}");
        let which = if undone.contains("disputed") {
            "select max(id) from sale where disputed = 1"
        } else {
            "select max(id) from sale"
        };
        server.change(&format!("update sale set value_left = {undone} where id = ({which})"));
    }
    assert_clean(&server);
}
