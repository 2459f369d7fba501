//! What was answered stays: however often the process is killed, and while it stops.

use crate::harness::{Answer, Client, Kind, Server, at_once, goodword};
use crate::ledger::assert_whole_ledger;
use goodword_wire::{Event, Partner};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// How often the process is killed, and by how many at once it is talked to.
const KILLS: u64 = 24;
const REPORTERS: usize = 6;

/// A request with the answer it got, if it got one.
struct Reported {
    path: &'static str,
    body: Value,
    answer: Option<Answer>,
}

#[test]
fn kills_lose_nothing_that_was_answered() {
    let server = Server::durable(Kind::chosen());
    let shop = server.test();
    shop.freeze("2026-03-01T09:00:00.000Z");
    shop.program(json!({ "holdDays": 0 }));
    shop.partner("MAYA10");
    let numbers = AtomicUsize::new(0);
    let mut reported = Vec::new();
    for kill in 0..KILLS {
        let round = report_until_killed(&server, &numbers, kill);
        server.restart();
        reported.extend(round.into_iter().map(|r| told_again(&shop, r)));
    }
    assert_kept(&shop, &reported);
}

/// Lets several report at once, kills the process in the middle of it, and gives what was sent.
fn report_until_killed(server: &Server, numbers: &AtomicUsize, kill: u64) -> Vec<Reported> {
    std::thread::scope(|scope| {
        let reporter = || report_on(&server.test(), numbers);
        let reporters: Vec<_> = (0..REPORTERS).map(|_| scope.spawn(reporter)).collect();
        std::thread::sleep(Duration::from_millis(40 + (kill * 37) % 160));
        server.kill();
        reporters.into_iter().flat_map(|r| r.join().expect("a reporter ends well")).collect()
    })
}

/// Reports one customer's journey after the other until no answer comes.
fn report_on(shop: &Client, numbers: &AtomicUsize) -> Vec<Reported> {
    let mut reported = Vec::new();
    loop {
        let number = numbers.fetch_add(1, Ordering::Relaxed);
        for (path, body) in journey(number) {
            let answer =
                shop.try_send(ureq::http::Method::POST, path, Some(body.to_string().into_bytes())).ok();
            let lost = answer.is_none();
            if let Some(answer) = &answer {
                assert_eq!(answer.status, 200, "{path} {body}: {}", answer.text);
            }
            reported.push(Reported { path, body, answer });
            if lost {
                return reported;
            }
        }
    }
}

fn journey(number: usize) -> [(&'static str, Value); 4] {
    let (customer, invoice) = (format!("u{number}"), format!("in_{number}"));
    [
        ("/v1/track/click", json!({ "key": "MAYA10", "visitorId": format!("b{number}") })),
        ("/v1/track/lead", json!({ "customerExternalId": customer, "code": "MAYA10" })),
        (
            "/v1/track/sale",
            json!({ "customerExternalId": customer, "amount": 1000 + number, "invoiceId": invoice }),
        ),
        ("/v1/track/refund", json!({ "invoiceId": invoice, "refundId": "re_1", "amount": 500 })),
    ]
}

/// What got no answer is sent again, as any caller would.
fn told_again(shop: &Client, reported: Reported) -> Reported {
    if reported.answer.is_some() {
        return reported;
    }
    let answer = shop.post(reported.path, &reported.body);
    assert_eq!(answer.status, 200, "{} {}: {}", reported.path, reported.body, answer.text);
    Reported { answer: Some(answer), ..reported }
}

fn assert_kept(shop: &Client, reported: &[Reported]) {
    assert!(reported.len() > 200, "only {} reports: the test proves little", reported.len());
    for r in reported {
        let first = r.answer.as_ref().expect("all were answered in the end");
        let again = shop.post(r.path, &r.body);
        if r.path == "/v1/track/click" {
            assert_eq!(again.json()["clickId"], first.json()["clickId"], "{}", r.body);
        } else {
            assert_eq!(again.text, first.text, "{} {}", r.path, r.body);
        }
    }
    for (path, event) in
        [("/v1/track/click", "click"), ("/v1/track/lead", "lead"), ("/v1/track/sale", "sale")]
    {
        let told = reported.iter().filter(|r| r.path == path).count();
        let rows: Vec<Event> = shop.all(&format!("/v1/events?event={event}"), 100);
        let ids: HashSet<_> = rows.iter().map(|row| &row.id).collect();
        assert_eq!((rows.len(), ids.len()), (told, told), "{event}s stored and {event}s told");
    }
    let sales = reported.iter().filter(|r| r.path == "/v1/track/sale").count();
    assert_eq!(shop.commissions().len(), sales, "each sale is credited once");
    assert_whole_ledger(shop);
}

/// A mail is stored with what it tells of: a kill right after the answer does not lose it.
#[test]
fn a_mail_survives_a_kill() {
    let server = Server::durable(Kind::chosen());
    server.test().program(json!({}));
    for i in 0..5 {
        let email = format!("maya{i}@example.com");
        server.page().join("Maya", &email);
        server.kill();
        server.restart();
        server.links_mailed(&email, "/verify?token=", 1);
    }
    assert_eq!(server.test().get("/v1/partners").ok::<Vec<Partner>>().len(), 5);
}

#[test]
fn a_server_that_stops_answers_everything_in_flight() {
    let server = Server::durable(Kind::chosen());
    let shop = server.test();
    shop.program(json!({}));
    shop.partner("MAYA10");
    let mut open: Vec<_> = (0..20).map(|i| half_sent(&server, i)).collect();
    server.ask_to_stop();
    wait_until_closed(&server);
    for (stream, rest) in &mut open {
        stream.write_all(rest).expect("the server still listens to what it began");
    }
    let answers: Vec<_> = open.into_iter().map(|(stream, _)| read_answer(stream)).collect();
    assert!(server.wait().success(), "{}", server.log());
    assert!(answers.iter().all(|a| a.starts_with("HTTP/1.1 200")), "{answers:#?}");
    server.restart();
    for (i, answer) in answers.iter().enumerate() {
        let again = shop.post("/v1/track/sale", &sale(i));
        assert!(answer.ends_with(&again.text), "{answer}\n{}", again.text);
    }
    assert_eq!(shop.commissions().len(), 20);
    assert_whole_ledger(&shop);
}

fn sale(number: usize) -> Value {
    json!({ "customerExternalId": format!("u{number}"), "amount": 1000, "code": "MAYA10", "invoiceId": format!("in_{number}") })
}

/// Sends the head of a sale and waits until the server asks for the body; gives the connection and the body to send.
fn half_sent(server: &Server, number: usize) -> (TcpStream, Vec<u8>) {
    let body = sale(number).to_string().into_bytes();
    let host = server.base.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).expect("the server listens");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
    let key = &server.vendor.test.secret_key;
    let head = format!(
        "POST /v1/track/sale HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).expect("it is sent");
    let mut go_on = [0; 25];
    stream.read_exact(&mut go_on).expect("the server asks for the body");
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    (stream, body)
}

fn wait_until_closed(server: &Server) {
    let host = server.base.trim_start_matches("http://");
    for _ in 0..500 {
        if TcpStream::connect(host).is_err() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("the server still takes connections");
}

fn read_answer(mut stream: TcpStream) -> String {
    let mut text = String::new();
    stream.read_to_string(&mut text).expect("an answer");
    text
}

/// Several processes on one database are one server: on PostgreSQL to share the work, on SQLite while one replaces another.
/// With a log that follows commits to the disk, a command that ends just after its commit has nothing to warn of.
#[test]
fn a_short_command_leaves_its_log_on_the_disk() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let [file, link] = ["shop.db", "link.db"].map(|name| folder.path().join(name));
    std::os::unix::fs::symlink(&file, &link).expect("a link");
    for (path, email) in [(&file, "one@shop.example"), (&link, "two@shop.example")] {
        let rest = ["--name", "Shop", "--email", email, "--password", "correct horse battery"];
        let mut command = goodword();
        command.args(["admin", "create-vendor", "--durability", "normal", "--database"]).arg(path).args(rest);
        let output = command.output().expect("goodword starts");
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && told.is_empty(), "{}: {told}", path.display());
    }
}

#[test]
fn two_processes_credit_once() {
    let server = Server::durable(Kind::chosen());
    let (shop, other) = (server.test(), server.beside());
    shop.freeze("2026-03-01T09:00:00.000Z");
    shop.program(json!({}));
    shop.partner("MAYA10");
    let answers = at_once(50, |i| {
        let client = if i % 2 == 0 { server.test() } else { other.test() };
        client.post("/v1/track/sale", &sale(i / 10))
    });
    for (i, answer) in answers.iter().enumerate() {
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(answer.text, answers[i / 10 * 10].text);
    }
    assert_eq!(shop.commissions().len(), 5);
    assert_whole_ledger(&other.test());
}
