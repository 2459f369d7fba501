//! Backups made while the server works, and what can be made of them.

use super::{assert_clean, history, run};
use crate::harness::{Kind, Server, at_once};
use crate::ledger::assert_whole_ledger;
use goodword_wire::{Event, SaleOutput};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

fn text(path: &Path) -> &str {
    path.to_str().expect("a plain path")
}

fn sale(number: usize) -> Value {
    json!({ "customerExternalId": format!("u{number}"), "amount": 1000, "code": "ANNA11", "invoiceId": format!("load_{number}") })
}

/// Reports clicks and sales until told to stop; keeps the sales that were answered.
fn load(server: &Server, reporter: usize, over: &AtomicBool, answered: &std::sync::Mutex<Vec<String>>) {
    let shop = server.test();
    for number in (0..5000).map(|n| n * 10 + reporter).take_while(|_| !over.load(Ordering::Relaxed)) {
        shop.click(json!({ "key": "BERT22", "visitorId": format!("load-{number}") }));
        let sold: SaleOutput = shop.sale(sale(number));
        answered.lock().expect("nobody panicked").push(sold.id);
    }
}

#[test]
fn a_backup_under_load_holds_all_that_was_answered_before() {
    let server = Server::start();
    history::play(&server, 11, 120);
    let (over, answered) = (AtomicBool::new(false), std::sync::Mutex::new(Vec::new()));
    let file = server.folder().join("copy.backup");
    let before = at_once(4, |i| {
        if i > 0 {
            load(&server, i, &over, &answered);
            return Vec::new();
        }
        while answered.lock().expect("nobody panicked").len() < 60 {
            std::thread::yield_now();
        }
        let before = answered.lock().expect("nobody panicked").clone();
        let printed = run(&server, "backup", &[text(&file)], true);
        over.store(true, Ordering::Relaxed);
        assert!(printed.contains("is a whole copy of the database."), "{printed}");
        before
    });
    assert!(!file.with_extension("backup.part").exists());

    let copy = server.elsewhere();
    run(&copy, "restore", &[text(&file)], true);
    assert_clean(&copy);
    let copy = copy.started();
    let kept: Vec<Event> = copy.test().all("/v1/events?event=sale", 100);
    let kept: HashSet<_> = kept.into_iter().map(|event| event.id).collect();
    assert!(before[0].iter().all(|id| kept.contains(id)));
    assert_whole_ledger(&copy.test());
    // It is a database like any other: it goes on.
    copy.test().sale(sale(1_000_000));
    assert_clean(&copy);
    assert_clean(&server);
}

fn backed_up(server: &Server) -> PathBuf {
    let file = server.folder().join("copy.backup");
    run(server, "backup", &[text(&file)], true);
    file
}

#[test]
fn nothing_is_overwritten_unasked() {
    let server = Server::start();
    let file = backed_up(&server);
    let bytes = std::fs::read(&file).expect("a backup");
    let printed = run(&server, "backup", &[text(&file)], false);
    assert!(printed.contains("is there already") && printed.contains("--force"), "{printed}");
    assert_eq!(std::fs::read(&file).expect("a backup"), bytes);
    run(&server, "backup", &[text(&file), "--force"], true);

    let printed = run(&server, "restore", &[text(&file)], false);
    assert!(printed.contains("not empty") && printed.contains("--force"), "{printed}");
}

#[test]
fn a_running_server_is_not_robbed_of_its_database() {
    let server = Server::start();
    let shop = server.test();
    let program = shop.program(json!({})).id;
    let file = backed_up(&server);
    shop.program(json!({ "name": "Later" }));
    let printed = run(&server, "restore", &[text(&file), "--force"], false);
    assert!(printed.contains("open elsewhere") && printed.contains("stop"), "{printed}");
    assert_eq!(shop.all_rows("/v1/programs", 10).len(), 2);
    server.ask_to_stop();
    server.wait();
    run(&server, "restore", &[text(&file), "--force"], true);
    server.restart();
    let programs = server.test().all_rows("/v1/programs", 10);
    assert_eq!(programs.iter().map(|p| p["id"].as_str()).collect::<Vec<_>>(), [Some(program.as_str())]);
    assert_clean(&server);
}

#[test]
fn a_broken_backup_is_refused() {
    let server = Server::start();
    history::play(&server, 12, 60);
    let file = backed_up(&server);
    let bytes = std::fs::read(&file).expect("a backup");
    let broken = server.folder().join("broken.backup");
    for length in [bytes.len() / 2, bytes.len() - 600, 10, 0] {
        std::fs::write(&broken, &bytes[..length]).expect("it can be written");
        let copy = server.elsewhere();
        let printed = run(&copy, "restore", &[text(&broken)], false);
        assert!(printed.contains("is not a whole backup"), "{length} bytes: {printed}");
        if Kind::chosen() == Kind::Sqlite {
            assert_eq!(std::fs::read_dir(copy.folder()).expect("a folder").count(), 0, "{length} bytes");
        }
    }
    let printed = run(&server.elsewhere(), "restore", &["/nowhere/at/all"], false);
    assert!(printed.contains("There is no backup at /nowhere/at/all."), "{printed}");
}
