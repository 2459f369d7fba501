//! More comes than can be served: what is too much is refused at once, and the rest is served as ever.

use crate::harness::{Answer, Client, Server, Start, at_once, stopwatch};
use crate::ledger::assert_whole_ledger;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::io::{Read as _, Write as _};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// How many ask at once, and for how long.
const ASKING: usize = 700;
const FOR: Duration = Duration::from_secs(6);
/// What the server may hold meanwhile, kilobytes.
const MOST_MEMORY: u64 = 300_000;

fn sale(number: usize) -> Value {
    json!({ "customerExternalId": format!("u{number}"), "amount": 1000, "code": "MAYA10", "invoiceId": format!("in_{number}") })
}

fn open_shop(server: &Server) -> Client {
    let shop = server.test();
    shop.program(json!({}));
    shop.partner("MAYA10");
    shop
}

#[test]
fn what_finds_no_room_in_the_queue_is_told_to_come_back() {
    let server = Server::special(Start::with(&["--queue", "2", "--metrics"]));
    let shop = open_shop(&server);
    let (mut answers, mut numbers): (Vec<Answer>, usize) = (Vec::new(), 0);
    while answers.iter().all(|answer| answer.status == 200) {
        assert!(numbers < 20_000, "nothing was ever refused");
        answers.extend(at_once(64, |i| shop.post("/v1/track/sale", &sale(numbers + i))));
        numbers += 64;
    }
    for refused in answers.iter().filter(|answer| answer.status != 200) {
        assert!(refused.refused(503).contains("busy"), "{}", refused.text);
        assert_eq!(refused.header("retry-after"), Some("1"));
    }
    let metrics = server.nobody().get("/metrics").text;
    let told = metrics.lines().find_map(|line| line.strip_prefix("goodword_queue_refusals_total "));
    let refusals = answers.iter().filter(|answer| answer.status != 200).count();
    assert!(
        told.and_then(|count| count.parse::<usize>().ok()).is_some_and(|count| count >= refusals),
        "{metrics}"
    );
    let kept = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(shop.all_rows("/v1/events?event=sale", 100).len(), kept);
    assert_whole_ledger(&shop);
}

/// Sends a request on a connection and keeps it open.
fn asked(server: &Server) -> std::net::TcpStream {
    let host = server.base.trim_start_matches("http://");
    let mut stream = std::net::TcpStream::connect(host).expect("the system takes it");
    let request = format!("GET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("it is taken");
    stream
}

/// Whether an answer comes in time.
fn answered(stream: &mut std::net::TcpStream, within: Duration) -> bool {
    stream.set_read_timeout(Some(within)).expect("a timeout");
    let mut start = [0; 15];
    stream.read_exact(&mut start).is_ok_and(|()| &start == b"HTTP/1.1 200 OK")
}

#[test]
fn who_finds_no_place_waits_at_the_door() {
    let (soon, at_last) = (Duration::from_millis(400), Duration::from_secs(20));
    let server = Server::special(Start::with(&["--connections", "2"]));
    let mut inside = [asked(&server), asked(&server)];
    assert!(inside.iter_mut().all(|stream| answered(stream, at_last)));
    let mut waiting = asked(&server);
    assert!(!answered(&mut waiting, soon), "a third was let in");
    drop(inside);
    assert!(answered(&mut waiting, at_last), "nobody was let in when there was room");
}

/// What came of the requests.
#[derive(Default)]
struct Outcome {
    /// The customers whose sales were answered with success.
    stored: HashSet<String>,
    refused: usize,
    asked: usize,
}

/// Over one connection after the other request: never waits longer than for an answer, and never rests.
async fn ask(host: String, key: String, next: &AtomicUsize) -> Outcome {
    let mut outcome = Outcome::default();
    let mut stream = TcpStream::connect(&host).await.expect("the server listens");
    let begun = stopwatch();
    while begun.elapsed() < FOR {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let body = sale(number).to_string();
        let head = format!(
            "POST /v1/track/sale HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(format!("{head}{body}").as_bytes()).await.expect("it is taken");
        outcome.asked += 1;
        match status_of(&mut stream).await.as_str() {
            "200" => drop(outcome.stored.insert(format!("u{number}"))),
            "503" => outcome.refused += 1,
            other => panic!("answered {other}"),
        }
    }
    outcome
}

/// Reads an answer to its end.
async fn status_of(stream: &mut TcpStream) -> String {
    let (mut text, mut buffer) = (String::new(), [0; 4096]);
    loop {
        let read = stream.read(&mut buffer).await.expect("an answer");
        assert!(read > 0, "the connection was closed: {text}");
        text.push_str(&String::from_utf8_lossy(&buffer[..read]));
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).expect("a length");
        if body.len() >= length.parse::<usize>().expect("a number") {
            return head["HTTP/1.1 ".len()..][..3].to_owned();
        }
    }
}

/// What the process holds, kilobytes.
fn memory(server: &Server) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id())).expect("it runs on Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

async fn overload(server: &Server) -> (Outcome, u64) {
    let next = AtomicUsize::new(0);
    let next: &'static AtomicUsize = Box::leak(Box::new(next));
    let host = server.base.trim_start_matches("http://").to_owned();
    let asking: Vec<_> = (0..ASKING)
        .map(|_| tokio::spawn(ask(host.clone(), server.vendor.test.secret_key.clone(), next)))
        .collect();
    let mut most = 0;
    while asking.iter().any(|one| !one.is_finished()) {
        most = most.max(memory(server));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let mut all = Outcome::default();
    for one in asking {
        let one = one.await.expect("who asks ends well");
        all.stored.extend(one.stored);
        (all.refused, all.asked) = (all.refused + one.refused, all.asked + one.asked);
    }
    (all, most)
}

#[test]
fn overload_costs_no_memory_and_no_answered_write() {
    let server = Server::special(Start::with(&["--queue", "32"]));
    let shop = open_shop(&server);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let (outcome, most) = runtime.block_on(overload(&server));
    let over = stopwatch();
    let quick = |number: usize| {
        let begun = stopwatch();
        let answer = shop.post("/v1/track/sale", &sale(1_000_000 + number));
        (answer.status == 200).then(|| begun.elapsed()).filter(|took| *took < Duration::from_millis(250))
    };
    let recovered = (0..1000).find(|number| quick(*number).is_some()).expect("at last");
    assert!(over.elapsed() < Duration::from_secs(2), "it recovers after {:?}", over.elapsed());

    println!(
        "{} asked, {} stored, {} refused, {most} kB",
        outcome.asked,
        outcome.stored.len(),
        outcome.refused
    );
    assert!(outcome.refused > outcome.stored.len() / 10, "it was no overload: {} refused", outcome.refused);
    assert!(most < MOST_MEMORY, "{most} kB");
    let sales = shop.all_rows("/v1/events?event=sale", 100);
    assert!(
        sales.len() > outcome.stored.len() && sales.len() <= outcome.stored.len() + recovered + 1,
        "{}",
        sales.len()
    );
    let customers: HashSet<&str> = sales.iter().filter_map(|sale| sale["customer"].as_str()).collect();
    let lost: Vec<&String> =
        outcome.stored.iter().filter(|customer| !customers.contains(customer.as_str())).collect();
    assert!(lost.is_empty(), "answered, and not there: {lost:?}");
}
