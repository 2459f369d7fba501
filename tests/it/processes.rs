//! Several processes on one database behave as one server: on PostgreSQL to share the work, on SQLite while one replaces
//! another.

use crate::harness::{Answer, Client, Kind, Server, assert_each, at_once, stopwatch};
use crate::ledger::assert_whole_ledger;
use goodword_wire::Partner;
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use std::time::Duration;

/// Two processes, and the vendor's server talking to each.
struct Pair {
    one: Server,
    two: Server,
}

impl Pair {
    fn start() -> Self {
        let one = Server::durable(Kind::chosen());
        let two = one.beside();
        one.test().freeze("2026-03-01T09:00:00.000Z");
        one.test().program(json!({}));
        one.test().partner("MAYA10");
        Self { one, two }
    }

    /// One of the two, in turn.
    fn server(&self, number: usize) -> &Server {
        if number.is_multiple_of(2) { &self.one } else { &self.two }
    }

    fn shop(&self, number: usize) -> Client {
        self.server(number).test()
    }
}

impl Drop for Pair {
    /// Whatever was done, the ledger is whole, and both tell the same of it.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_whole_ledger(&self.one.test());
            assert_eq!(self.one.test().get("/v1/ledger").text, self.two.test().get("/v1/ledger").text);
        }
    }
}

fn sale(number: usize) -> Value {
    json!({ "customerExternalId": format!("u{number}"), "amount": 1000, "code": "MAYA10", "invoiceId": format!("in_{number}") })
}

fn won(answers: &[Answer]) -> Vec<&Answer> {
    answers.iter().filter(|answer| answer.status == 200 || answer.status == 201).collect()
}

#[test]
fn whoever_watches_one_process_hears_within_two_seconds_what_another_stored() {
    let pair = Pair::start();
    let patience = Duration::from_secs(2);
    let mut heard = pair.one.console().lines("/v1/live?mode=test", patience);
    let mut told = || heard.find(|line| line == "event: figures").expect("a change is told in time");
    told();
    let changes: [fn(&Client); 4] = [
        |shop| drop(shop.click(json!({ "key": "MAYA10", "visitorId": "v1" }))),
        |shop| drop(shop.sale(sale(1))),
        // Nobody's, which moves no money.
        |shop| drop(shop.sale(json!({ "customerExternalId": "u2", "amount": 1000, "invoiceId": "in_2" }))),
        |shop| drop(shop.refund(json!({ "invoiceId": "in_1", "refundId": "re_1", "amount": 100 }))),
    ];
    for change in changes {
        // What was told of before is heard first.
        let begun = stopwatch();
        change(&pair.shop(1));
        told();
        assert!(begun.elapsed() < patience, "{:?}", begun.elapsed());
    }
    pair.one.nobody().get("/v1/live").refused(401);
    pair.one.console().get("/v1/live?mode=other").refused(422);
    drop(heard);
    pair.one.ask_to_stop();
    pair.one.wait();
    pair.one.restart();
}

#[test]
fn a_click_told_to_both_is_one() {
    let pair = Pair::start();
    let click = |i: usize| {
        pair.shop(i).click(json!({ "key": "MAYA10", "visitorId": format!("v{}", i / 8) })).click_id
    };
    let mut known = HashSet::new();
    // Whom nobody knew, and then whom both know.
    for now in ["2026-03-01T09:00:00.000Z", "2026-03-01T11:00:00.000Z"] {
        pair.shop(0).clock(json!({ "now": now, "frozen": true }));
        let ids = at_once(32, click);
        assert!(ids.chunks(8).all(|ids| ids.iter().all(|id| *id == ids[0])), "of a visitor one: {ids:?}");
        known.extend(ids);
    }
    let told = pair.shop(1).get("/v1/analytics?start=2026-02-01T00:00:00Z").json();
    assert_eq!(
        (known.len(), &told["totals"]["clicks"], &told["totals"]["visitors"]),
        (8, &json!(8), &json!(4))
    );
}

#[test]
fn a_refund_told_to_both_is_one() {
    let pair = Pair::start();
    pair.shop(0).sale(sale(1));
    let refund = |i: usize| {
        let refund = json!({ "invoiceId": "in_1", "refundId": format!("re_{}", i / 8), "amount": 200 });
        pair.shop(i).post("/v1/track/refund", &refund)
    };
    let answers = at_once(24, refund);
    for (i, answer) in answers.iter().enumerate() {
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(answer.text, answers[i / 8 * 8].text, "the first answer is everybody's");
    }
    let commission = &pair.shop(1).commissions()[0];
    assert_eq!(commission.earnings, 80, "20 % of what three refunds of 2.00 leave of 10.00");
}

#[test]
fn no_more_is_refunded_than_was_paid() {
    let pair = Pair::start();
    pair.shop(0).sale(sale(1));
    let answers = at_once(12, |i| {
        let refund = json!({ "invoiceId": "in_1", "refundId": format!("re_{i}"), "amount": 300 });
        pair.shop(i).post("/v1/track/refund", &refund)
    });
    assert_eq!(won(&answers).len(), 3, "three times 3.00 of 10.00");
    assert_eq!(pair.shop(1).commissions()[0].earnings, 20);
}

#[test]
fn a_code_claimed_at_both_is_given_once() {
    let pair = Pair::start();
    for round in 0..5 {
        let answers = at_once(8, |i| {
            let (email, code) = (format!("p{round}-{i}@example.com"), format!("TEA{round}"));
            pair.shop(i).post("/v1/partners", &json!({ "name": "P", "email": email, "code": code }))
        });
        assert_eq!(won(&answers).len(), 1, "{answers:?}");
        assert_each(&answers, &[200, 201, 409]);
    }
    assert_eq!(pair.shop(1).all_rows("/v1/partners", 50).len(), 6, "who was refused left nobody behind");
}

#[test]
fn somebody_who_joins_at_both_is_one_partner() {
    let pair = Pair::start();
    let answers = at_once(10, |i| pair.server(i).page().try_join("Otto", "otto@example.com", json!({})));
    assert!(won(&answers).len() == answers.len(), "{answers:?}");
    let partners: Vec<Partner> = pair.shop(1).all("/v1/partners?search=otto", 50);
    assert_eq!(partners.len(), 1, "{partners:?}");
}

#[test]
fn a_hold_ends_once() {
    let pair = Pair::start();
    at_once(20, |i| pair.shop(i).sale(sale(i)));
    at_once(6, |i| pair.shop(i).clock(json!({ "now": "2026-04-15T09:00:00.000Z", "frozen": true })));
    let commissions = pair.shop(0).commissions();
    assert!(
        commissions.len() == 20 && commissions.iter().all(|c| c.status == "processed"),
        "{commissions:?}"
    );
    let mut releases: HashMap<String, usize> = HashMap::new();
    for transfer in pair.shop(1).transfers().into_iter().filter(|t| t.kind == "release") {
        *releases.entry(transfer.cause).or_default() += 1;
    }
    assert!(releases.len() == 20 && releases.values().all(|count| *count == 1), "{releases:?}");
}

#[test]
fn a_visitor_met_by_both_at_once_is_one_click() {
    let pair = Pair::start();
    for visitor in 0..10 {
        let click = json!({ "key": "MAYA10", "visitorId": format!("b{visitor}") });
        let ids: HashSet<String> =
            at_once(8, |i| pair.shop(i).click(click.clone()).click_id).into_iter().collect();
        assert_eq!(ids.len(), 1, "{ids:?}");
    }
    at_once(8, |i| pair.server(i).nobody().get("/r/MAYA10").status);
    assert_eq!(pair.shop(0).all_rows("/v1/events?event=click", 100).len(), 11);
    let told: Value = pair.shop(1).get("/v1/analytics").ok();
    assert_eq!(told["totals"]["clicks"], 11, "{told}");
}

#[test]
fn a_browser_one_has_met_is_no_stranger_to_the_other() {
    whoever_both_meet_is_counted_once(&Pair::start());
}

/// As a database that spreads its tables over several machines may, this takes no insert into `tally_log` as a part of another statement.
#[test]
fn what_a_database_takes_only_in_parts_is_said_in_parts() {
    let pair = Pair::start();
    if Kind::chosen() == Kind::Postgres {
        pair.one.change("create rule also as on insert to tally_log do also notify sums");
    }
    whoever_both_meet_is_counted_once(&pair);
}

fn whoever_both_meet_is_counted_once(pair: &Pair) {
    let visit = |i: usize, browser: usize| {
        let agent = format!("Mozilla/5.0 (X11; Linux x86_64) Browser/{browser}");
        let answer = pair.server(i).nobody().with("user-agent", &agent).get("/r/MAYA10");
        assert_eq!(answer.status, 302, "{}", answer.text);
        answer.header("location").expect("where to").to_owned()
    };
    // Each meets so many of its own that it takes whoever it does not know to be new.
    let own: HashSet<String> = (0..12).map(|browser| visit(browser, browser)).collect();
    for browser in 12..20 {
        let first = visit(browser, browser);
        assert_eq!([visit(browser + 1, browser), visit(browser, browser)], [first.clone(), first]);
    }
    for browser in 20..26 {
        let told: HashSet<String> = at_once(8, |i| visit(i, browser)).into_iter().collect();
        assert_eq!(told.len(), 1, "{told:?}");
    }
    let told: Value = pair.shop(1).get("/v1/analytics").ok();
    let counted = ["clicks", "visitors"].map(|figure| &told["totals"][figure]);
    assert_eq!((own.len(), counted), (12, [&json!(26), &json!(26)]), "{told}");
}

#[test]
fn nobody_hears_a_refusal_that_is_not_true_any_more() {
    let pair = Pair::start();
    let program: Vec<Value> = pair.shop(0).get("/v1/programs").ok();
    let path = format!("/v1/programs/{}", program[0]["id"].as_str().expect("an id"));
    let click = |visitor: String| {
        pair.shop(0).post("/v1/track/click", &json!({ "key": "MAYA10", "visitorId": visitor }))
    };
    // The first is kept so busy that it goes by what it remembers, and so little that each is often alone in a group.
    let helper = |number: usize| {
        for visitor in 0..300 {
            let heard = click(format!("helper-{number}-{visitor}"));
            assert!([200, 409].contains(&heard.status), "{}", heard.text);
        }
    };
    let check = || {
        for turn in 0..6 {
            for (status, answer) in [("closed", 409), ("open", 200)] {
                pair.shop(1).patch(&path, &json!({ "status": status })).ok::<Value>();
                for visitor in 0..8 {
                    let heard = click(format!("{turn}-{status}-{visitor}"));
                    assert_eq!(heard.status, answer, "{turn} {status}: {}", heard.text);
                }
            }
        }
    };
    at_once(3, |number| if number == 0 { check() } else { helper(number) });
}

/// Both servers have met the link before; what is changed at one is true at the other at once.
#[test]
fn what_is_changed_at_one_holds_at_the_other_at_once() {
    let pair = Pair::start();
    let click = |i: usize, visitor: &str| {
        pair.shop(i).post("/v1/track/click", &json!({ "key": "MAYA10", "visitorId": visitor }))
    };
    assert_eq!([click(0, "a").status, click(1, "b").status], [200, 200]);

    let partners: Vec<Value> = pair.shop(0).get("/v1/partners").ok();
    let maya = &partners[0]["id"];
    pair.shop(0).post("/v1/partners/links", &json!({ "partnerId": maya, "code": "SPRING" })).ok::<Value>();
    pair.shop(1).click(json!({ "key": "SPRING", "visitorId": "c" }));

    let program: Vec<Value> = pair.shop(0).get("/v1/programs").ok();
    let path = format!("/v1/programs/{}", program[0]["id"].as_str().expect("an id"));
    pair.shop(0).patch(&path, &json!({ "status": "closed" })).ok::<Value>();
    click(1, "d").refused(409);
    pair.shop(1).patch(&path, &json!({ "status": "open" })).ok::<Value>();
    assert_eq!(click(0, "e").status, 200);

    let key = pair.one.admin("create-key", &["--mode", "test", "--kind", "secret", "--json"]);
    let key: Value = serde_json::from_str(&key).expect("JSON");
    let key = key["key"].as_str().expect("a key");
    let with_it = |i: usize| {
        pair.server(i)
            .bearer(key)
            .post("/v1/track/click", &json!({ "key": "MAYA10", "visitorId": "f" }))
            .status
    };
    assert_eq!([with_it(0), with_it(1)], [200, 200]);
    pair.one.admin("revoke-key", &[key]);
    assert_eq!([with_it(0), with_it(1)], [401, 401]);

    pair.shop(0).post("/v1/partners/ban", &json!({ "partnerId": maya, "reason": "spam" })).ok::<Value>();
    assert_ne!(click(1, "g").status, 200);
    let location = pair.two.nobody().get("/r/MAYA10");
    assert_eq!(location.header("location"), Some("https://shop.example/"), "uncounted");
}
