//! `goodword migrate-database` moves an installation whole, and may be interrupted anywhere.

use crate::harness::{Client, Cluster, Kind, Server, Start, at_once, change, goodword, psql};
use crate::ledger::assert_whole_ledger;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, Command, Output, Stdio};

/// What the API tells of an installation's test data.
const TOLD: [&str; 9] = [
    "/v1/programs",
    "/v1/partners",
    "/v1/customers",
    "/v1/commissions",
    "/v1/events?event=click",
    "/v1/events?event=lead",
    "/v1/events?event=sale",
    "/v1/ledger/transfers",
    "/v1/partners/links",
];

fn everything(shop: &Client) -> Vec<(String, Value)> {
    let lists = TOLD.iter().map(|path| ((*path).to_owned(), Value::Array(shop.all_rows(path, 100))));
    let single = ["/v1/ledger", "/v1/sandbox/clock", "/v1/keys", "/v1/origins"];
    let figures = ["composite", "clicks", "sales"]
        .map(|event| format!("/v1/analytics?event={event}&groupBy=timeseries"));
    let single = single.into_iter().map(str::to_owned).chain(figures);
    let mut all: Vec<_> = lists.chain(single.map(|path| (path.clone(), shop.get(&path).ok()))).collect();
    let keys = all.iter_mut().filter(|one| one.0 == "/v1/keys").filter_map(|one| one.1.as_array_mut());
    for key in keys.flatten() {
        // Asking is using, so that no two answers are alike.
        key["usedAt"].take();
    }
    all
}

/// Asserts that a new server answers as the old one did, but for the port, which is in every link.
#[track_caller]
fn assert_same_answers(before: &[(String, Value)], old: &Server, new: &Server) {
    for ((path, was), (_, is)) in before.iter().zip(everything(&new.test())) {
        let (was, is) = (unported(was, old), unported(&is, new));
        let rows = was.iter().zip(&is).find(|(was, is)| was != is);
        assert!(
            rows.is_none() && was.len() == is.len(),
            "{path}: {rows:#?}, {} and {} rows",
            was.len(),
            is.len()
        );
    }
}

/// The rows of an answer without the server's port. It goes with its colon, however that is written:
/// the digits alone also stand in one or another of the many random ids.
fn unported(answer: &Value, server: &Server) -> Vec<String> {
    let (_, port) = server.base.rsplit_once(':').expect("a port");
    let rows = answer.as_array().map_or(std::slice::from_ref(answer), Vec::as_slice);
    let written = [format!(":{port}"), format!("%3A{port}")];
    let portless = |row: &Value| written.iter().fold(row.to_string(), |row, port| row.replace(port, ""));
    rows.iter().map(portless).collect()
}

/// Fills a server with a bit of everything; gives the id of a click that led to nothing yet.
fn fill(server: &Server) -> String {
    let shop = server.test();
    shop.freeze("2026-03-01T09:00:00.000Z");
    shop.program(json!({}));
    shop.program(
        json!({ "name": "Bounties", "rewards": [{ "event": "lead", "type": "flat", "amount": 500 }] }),
    );
    shop.partner("MAYA10");
    server.page().join("Otto Ö. 'Quote' 李", "otto@example.com");
    at_once(8, |thread| {
        for i in 0..40 {
            let number = thread * 100 + i;
            let visitor = json!({ "key": "MAYA10", "visitorId": format!("b{number}"), "url": "https://shop.example/tea" });
            let click = server.test().click(visitor).click_id;
            if i % 4 == 0 {
                let customer = format!("u{number}");
                server.test().lead(json!({ "customerExternalId": customer, "clickId": click }));
                let sale = json!({ "customerExternalId": customer, "amount": 1000 + number, "invoiceId": format!("in_{number}") });
                server.test().sale(sale);
            }
        }
    });
    shop.refund(json!({ "invoiceId": "in_104", "refundId": "re_1", "amount": 500 }));
    shop.clock(json!({ "advanceDays": 31 }));
    shop.sale(json!({ "customerExternalId": "u104", "amount": 2000, "invoiceId": "in_held" }));
    shop.click(json!({ "key": "MAYA10", "visitorId": "later" })).click_id
}

fn command(from: &str, to: &str) -> Command {
    let mut command = goodword();
    command.args(["migrate-database", from, to]).stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

fn run(from: &str, to: &str) -> Output {
    command(from, to).output().expect("goodword starts")
}

#[track_caller]
fn moved(from: &str, to: &str) -> String {
    let output = run(from, to);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{told}");
    assert!(told.contains("Both sides agree"), "{told}");
    told
}

#[track_caller]
fn refused(from: &str, to: &str) -> String {
    let output = run(from, to);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{told}");
    told
}

/// An empty database of a kind, in a folder that lasts as long as the test.
fn empty(kind: Kind, folder: &tempfile::TempDir) -> String {
    kind.create(folder.path(), false)
}

fn there(from: Kind, to: Kind) {
    let (server, folder) = (Server::on(from), tempfile::tempdir().expect("a folder"));
    let click = fill(&server);
    let before = everything(&server.test());
    // Killed, so that it leaves what a server puts in order when it stops.
    server.kill();
    let target = empty(to, &folder);
    let told = moved(server.database(), &target);
    assert!(told.lines().any(|line| line.starts_with("transfer ")), "{told}");
    assert!(moved(server.database(), &target).lines().count() == 1, "the second run has nothing to copy");

    let new = Server::go_on(target, server.vendor.clone());
    let shop = new.test();
    assert_same_answers(&before, &server, &new);
    let met = shop.click(json!({ "key": "MAYA10", "visitorId": "later" }));
    assert_eq!(met.click_id, click, "a visitor who came just before is known");
    let again = shop.sale(json!({ "customerExternalId": "u104", "amount": 2000, "invoiceId": "in_held" }));
    assert_eq!(before[3].1.as_array().map(Vec::len), Some(shop.commissions().len()), "{again:?}");
    let sale = shop.sale(
        json!({ "customerExternalId": "u-new", "amount": 1000, "clickId": click, "invoiceId": "in_new" }),
    );
    assert_eq!(sale.commission.map(|c| c.earnings), Some(200), "a click id from before still credits");
    assert_whole_ledger(&shop);
}

#[test]
fn from_sqlite_to_postgresql() {
    there(Kind::Sqlite, Kind::Postgres);
}

#[test]
fn from_postgresql_to_sqlite() {
    there(Kind::Postgres, Kind::Sqlite);
}

/// Somebody who holds a lock on a table of a PostgreSQL database until this ends.
struct Holding {
    psql: Child,
}

impl Holding {
    fn table(url: &str, table: &str) -> Self {
        let mut psql = Command::new("psql")
            .args([url, "-qtAX"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("psql starts");
        let lock = format!("begin; lock table {table} in access exclusive mode; select 'held';\n");
        psql.stdin.as_mut().expect("it was piped").write_all(lock.as_bytes()).expect("it listens");
        let mut held = [0; 4];
        psql.stdout.as_mut().expect("it was piped").read_exact(&mut held).expect("it answers");
        assert_eq!(&held, b"held");
        Self { psql }
    }
}

impl Drop for Holding {
    fn drop(&mut self) {
        drop(self.psql.stdin.take());
        self.psql.wait().ok();
    }
}

/// The move cannot get past a table that somebody holds; there it is killed.
#[test]
fn a_killed_move_goes_on_where_it_was() {
    let (server, folder) = (Server::on(Kind::Sqlite), tempfile::tempdir().expect("a folder"));
    fill(&server);
    let before = everything(&server.test());
    server.stop();
    let target = empty(Kind::Postgres, &folder);
    for table in ["program", "sale", "transfer"] {
        move_until(server.database(), &target, table);
        let half = goodword().args(["serve", "--database", &target, "--listen", "127.0.0.1:0"]).output();
        let told = String::from_utf8_lossy(&half.expect("goodword starts").stderr).into_owned();
        assert!(told.contains("is not whole"), "{told}");
    }
    let told = moved(server.database(), &target);
    assert!(
        !told.lines().any(|line| line.starts_with("program ")),
        "what was copied is not copied again: {told}"
    );
    let new = Server::go_on(target, server.vendor.clone());
    assert_same_answers(&before, &server, &new);
}

/// Starts a move, and kills it when it waits for the table.
fn move_until(from: &str, to: &str, table: &str) {
    if psql(to, "select count(*) from pg_tables where tablename = 'program'").trim() == "0" {
        // The first run finds no table to wait for: one that holds data is refused, and makes none.
        let mut first = command(from, to).spawn().expect("goodword starts");
        let lines = BufReader::new(first.stderr.take().expect("it was piped")).lines();
        assert!(lines.map_while(Result::ok).any(|line| line.starts_with("vendor ")));
        first.kill().expect("it can be killed");
        first.wait().expect("it was ours");
    }
    let held = Holding::table(to, table);
    let mut moving = command(from, to).spawn().expect("goodword starts");
    // Of this table in this database: other tests wait for locks, too.
    let waits = format!(
        "select count(*) from pg_locks where not granted and relation = '{table}'::regclass \
         and database = (select oid from pg_database where datname = current_database())"
    );
    while psql(to, &waits).trim() == "0" {
        assert!(moving.try_wait().expect("it was ours").is_none(), "the move ended, though {table} was held");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    moving.kill().expect("it can be killed");
    moving.wait().expect("it was ours");
    drop(held);
}

#[test]
fn a_damaged_target_is_reported() {
    let (server, folder) = (Server::on(Kind::Sqlite), tempfile::tempdir().expect("a folder"));
    fill(&server);
    server.stop();
    let target = empty(Kind::Postgres, &folder);
    moved(server.database(), &target);
    psql(&target, "delete from transfer where id = (select max(id) from transfer)");
    psql(&target, "update tally set clicks = clicks + 1 where dimension = 1");
    psql(&target, "update tally_week set clicks = clicks + 1 where dimension = 1");
    let told = refused(server.database(), &target);
    for difference in [
        "transfer: ",
        "account acc_",
        "tallies of program and dimension ",
        "tallies of weeks of program and dimension ",
    ] {
        assert!(told.contains(difference), "{difference} is missing: {told}");
    }
}

/// A newer version fills a new table from what the older one, which was interrupted, has copied.
#[test]
fn what_is_there_before_its_turn_is_copied_all_the_same() {
    let (server, folder) = (Server::on(Kind::Sqlite), tempfile::tempdir().expect("a folder"));
    fill(&server);
    server.stop();
    let target = empty(Kind::Sqlite, &folder);
    moved(server.database(), &target);
    // The last table of all has something in it, and the move has not come so far.
    let interrupted = "update setting set value = json_set(value, '$.step', json_extract(value, '$.step') - 1, '$.done', json('false')) \
                       where name = 'moved'";
    change(&target, interrupted);
    let told = moved(server.database(), &target);
    assert!(told.lines().any(|line| line.starts_with("tally_week ")), "{told}");
}

#[test]
fn what_must_not_be_moved_is_refused() {
    let (server, folder) = (Server::on(Kind::Sqlite), tempfile::tempdir().expect("a folder"));
    server.test().program(json!({}));
    let target = empty(Kind::Postgres, &folder);
    assert!(refused(server.database(), &target).contains("in use"), "a server runs on the source");
    server.stop();
    let nothing = format!("sqlite:{}", folder.path().join("nothing.db").display());
    assert!(refused(&nothing, &target).contains("cannot open"));
    assert!(!folder.path().join("nothing.db").exists(), "looking for a source makes none");

    let other = Server::on(Kind::Postgres);
    assert!(refused(other.database(), &nothing).contains("in use"));
    other.stop();
    assert!(refused(server.database(), other.database()).contains("holds data already"));
    moved(server.database(), &target);
    assert!(refused(other.database(), &target).contains("from another installation"));
}

/// Kept apart from the rest: the cluster ends with the test.
#[test]
fn from_one_server_to_another() {
    let (one, other) = (Cluster::own(), Cluster::own());
    let server = Server::new_in(one.new_database(), Start::default());
    let click = fill(&server);
    server.stop();
    let target = other.new_database();
    moved(server.database(), &target);
    one.stop("fast");
    let shop = Server::go_on(target, server.vendor.clone());
    let sale =
        json!({ "customerExternalId": "u-new", "amount": 1000, "clickId": click, "invoiceId": "in_new" });
    assert_eq!(shop.test().sale(sale).commission.map(|c| c.earnings), Some(200));
}
