//! A full disk, a file that may not be written, a database that goes away: clear answers meanwhile, nothing that was
//! answered is lost, and it works again by itself.

use crate::harness::{Answer, Client, Cluster, Server, Start, at_once, goodword, psql, stopwatch};
use crate::ledger::assert_whole_ledger;
use serde_json::{Value, json};
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use tempfile::TempDir;

fn sale(number: usize) -> Value {
    json!({ "customerExternalId": format!("u{number}"), "amount": 1000, "code": "MAYA10", "invoiceId": format!("in_{number}") })
}

fn report(shop: &Client, number: usize) -> Answer {
    shop.post("/v1/track/sale", &sale(number))
}

/// A program with a partner whose code the sales name.
fn open_shop(server: &Server) -> Client {
    let shop = server.test();
    shop.freeze("2026-03-01T09:00:00.000Z");
    shop.program(json!({}));
    shop.partner("MAYA10");
    shop
}

/// What was answered with success stands as it was answered, and everything else can be told now.
fn assert_kept(shop: &Client, answers: &[Answer]) {
    for (number, first) in answers.iter().enumerate() {
        let again = report(shop, number);
        assert_eq!(again.status, 200, "{}", again.text);
        if first.status == 200 {
            assert_eq!(again.text, first.text);
        }
    }
    assert_eq!(shop.commissions().len(), answers.len());
    assert_whole_ledger(shop);
}

/// A file system of its own, in memory.
struct Disk(TempDir);

impl Disk {
    /// None where mounting is not allowed.
    fn mount(size: &str) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let option = format!("size={size}");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &option, "tmpfs"]).arg(folder.path()).stderr(Stdio::null());
        mount.status().is_ok_and(|status| status.success()).then(|| Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn forbid_writing(&self) -> bool {
        let mut mount = Command::new("mount");
        mount.args(["-o", "remount,ro"]).arg(self.path()).status().is_ok_and(|status| status.success())
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        Command::new("umount").arg("-l").arg(self.path()).status().ok();
    }
}

/// Something that has no room, and can be given some.
struct Tight {
    database: String,
    start: Start,
    ballast: Option<PathBuf>,
    _disk: Option<Disk>,
    _folder: TempDir,
}

impl Tight {
    /// A small disk, though one with room for SQLite's log; where none may be mounted, a limit on the size of files stands
    /// for it.
    fn disk() -> Self {
        let Some(disk) = Disk::mount("64m") else { return Self::limit() };
        Self {
            database: format!("sqlite:{}", disk.path().join("goodword.db").display()),
            start: Start::default(),
            ballast: Some(disk.path().join("ballast")),
            _disk: Some(disk),
            _folder: tempfile::tempdir().expect("a folder"),
        }
    }

    /// A limit of 2 MB on the size of files, for the server alone.
    fn limit() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self {
            database: format!("sqlite:{}", folder.path().join("goodword.db").display()),
            // Soft alone, so that it can be lifted.
            start: Start { shell: Some("ulimit -S -f 4096".into()), ..Start::default() },
            ballast: None,
            _disk: None,
            _folder: folder,
        }
    }

    fn fill(&self) {
        let Some(path) = &self.ballast else { return };
        let mut file = File::create(path).expect("a file");
        for size in [65_536, 1024, 1] {
            while file.write_all(&vec![0; size]).is_ok() {}
        }
    }

    fn give_room(&self, server: &Server) {
        if let Some(path) = &self.ballast {
            return std::fs::remove_file(path).expect("it is there");
        }
        let id = server.id().to_string();
        let lifted = Command::new("prlimit").args(["--fsize=unlimited", "--pid", &id]).status();
        assert!(lifted.is_ok_and(|status| status.success()), "`prlimit` of util-linux is needed");
    }
}

fn no_room(tight: &Tight) {
    let server = Server::new_in(tight.database.clone(), tight.start.clone());
    let (shop, process) = (open_shop(&server), server.id());
    let mut answers = vec![report(&shop, 0)];
    assert_eq!(answers[0].status, 200, "{}", answers[0].text);
    tight.fill();
    while answers.last().is_some_and(|answer| answer.status == 200) {
        assert!(answers.len() < 40_000, "it never gets full");
        let begun = answers.len();
        answers.extend(at_once(16, |i| report(&shop, begun + i)));
    }
    let begun = stopwatch();
    for _ in 0..10 {
        let begun = answers.len();
        answers.extend(at_once(16, |i| report(&shop, begun + i)));
    }
    let seconds = usize::try_from(begun.elapsed().as_secs()).expect("a few") + 2;
    let refusals: Vec<&Answer> = answers.iter().filter(|answer| answer.status != 200).collect();
    assert!(refusals.len() >= 100, "{} refusals", refusals.len());
    for refusal in &refusals {
        assert!(refusal.refused(507).contains("disk is full"), "{}", refusal.text);
    }
    assert_eq!(shop.get("/v1/partners").ok::<Vec<Value>>().len(), 1, "reads go on");
    let lines = server.log().lines().filter(|line| line.contains("ERROR")).count();
    assert!(lines <= 4 * seconds + 8, "{lines} lines in {seconds} s: {}", server.log());

    tight.give_room(&server);
    assert_kept(&shop, &answers);
    assert_eq!(server.id(), process);
    server.stop();
    server.restart();
    assert_eq!(shop.commissions().len(), answers.len());
}

#[test]
fn a_full_disk() {
    no_room(&Tight::disk());
}

#[test]
fn a_limit_on_the_size_of_files() {
    no_room(&Tight::limit());
}

/// A start on what cannot be written ends with a word on what to do.
#[test]
fn a_read_only_disk_is_told_at_the_start() {
    let disk = Disk::mount("12m");
    let folder = tempfile::tempdir().expect("a folder");
    let place = disk.as_ref().map_or_else(|| folder.path(), Disk::path).to_owned();
    let database = format!("sqlite:{}", place.join("goodword.db").display());
    let server = Server::new_in(database.clone(), Start::default());
    open_shop(&server);
    server.stop();
    let forbidden = match &disk {
        Some(disk) => disk.forbid_writing(),
        None => Command::new("chmod").args(["-R", "a-w"]).arg(&place).status().is_ok_and(|s| s.success()),
    };
    assert!(forbidden, "the disk could not be made read-only");
    let start = goodword().args(["serve", "--database", &database, "--listen", "127.0.0.1:0"]).output();
    let start = start.expect("goodword starts");
    let told = String::from_utf8_lossy(&start.stderr);
    assert_eq!(start.status.code(), Some(1), "{told}");
    assert!(told.contains("goodword.db") && told.contains("must be writable"), "{told}");
    if disk.is_none() {
        Command::new("chmod").args(["-R", "u+w"]).arg(&place).status().ok();
    }
}

/// On PostgreSQL a database may become read-only under a running server: a standby, or an operator's setting.
#[test]
fn a_database_that_becomes_read_only() {
    let cluster = Cluster::own();
    let server = Server::new_in(cluster.new_database(), Start::default());
    let shop = open_shop(&server);
    let answers = [report(&shop, 0)];
    let set = |to: &str| {
        let name = server.database().rsplit('/').next().expect("a name");
        let postgres = server.database().replace(name, "postgres");
        psql(&postgres, &format!("alter database {name} set default_transaction_read_only = {to}"));
        psql(
            &postgres,
            &format!("select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'"),
        );
    };
    set("on");
    assert!(report(&shop, 1).refused(503).contains("may not write"), "{}", server.log());
    assert_eq!(shop.commissions().len(), 1, "reads go on");
    set("off");
    assert_kept(&shop, &answers);
}

/// What those who report go by, and what they have come to.
#[derive(Default)]
struct Reporting {
    next: AtomicUsize,
    stored: AtomicUsize,
    stop: AtomicBool,
}

impl Reporting {
    /// Reports sales until told to stop, with a short rest after a refusal; gives the answer to each.
    fn report(&self, shop: &Client) -> Vec<(usize, Answer)> {
        let mut answers = Vec::new();
        while !self.stop.load(Ordering::Relaxed) {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let answer = report(shop, number);
            if answer.status == 200 {
                self.stored.fetch_add(1, Ordering::Relaxed);
            } else {
                std::thread::sleep(Duration::from_millis(150));
            }
            answers.push((number, answer));
        }
        answers
    }

    /// Waits until so many more were stored.
    fn wait_for_more(&self, count: usize) {
        let (begun, before) = (stopwatch(), self.stored.load(Ordering::Relaxed));
        while self.stored.load(Ordering::Relaxed) < before + count {
            assert!(begun.elapsed() < Duration::from_secs(30), "nothing is stored any more");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

fn wait_until_served(shop: &Client, path: &str) {
    let begun = stopwatch();
    while shop.get(path).status != 200 {
        assert!(begun.elapsed() < Duration::from_secs(10), "it does not come back");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_database_that_goes_away_and_comes_back() {
    let cluster = Cluster::own();
    let server = Server::new_in(cluster.new_database(), Start::default());
    let (shop, process) = (open_shop(&server), server.id());
    let reporting = Reporting::default();
    let mut answers: Vec<(usize, Answer)> = std::thread::scope(|scope| {
        let report = || reporting.report(&server.test());
        let reporters: Vec<_> = (0..6).map(|_| scope.spawn(report)).collect();
        for how in ["fast", "immediate"] {
            reporting.wait_for_more(20);
            cluster.stop(how);
            let refused = shop.get("/v1/partners");
            assert!(refused.refused(503).contains("cannot reach its database"), "{}", refused.text);
            assert_eq!(refused.header("retry-after"), Some("1"));
            cluster.start();
            wait_until_served(&shop, "/v1/partners");
        }
        reporting.wait_for_more(20);
        reporting.stop.store(true, Ordering::Relaxed);
        reporters.into_iter().flat_map(|r| r.join().expect("a reporter ends well")).collect()
    });
    answers.sort_by_key(|(number, _)| *number);
    let answers: Vec<Answer> = answers.into_iter().map(|(_, answer)| answer).collect();
    let refused: Vec<&Answer> = answers.iter().filter(|answer| answer.status != 200).collect();
    assert!(refused.len() > 10, "{} of {} were refused", refused.len(), answers.len());
    for answer in refused {
        answer.refused(503);
    }
    assert_kept(&shop, &answers);
    assert_eq!(server.id(), process);
}
