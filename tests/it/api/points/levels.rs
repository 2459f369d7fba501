//! Levels go up at once and down after the time of grace; prizes are given once.

use super::{balance, checked, complete};
use crate::api::sums::assert_sound;
use crate::api::webhooks;
use crate::harness::{Client, Receiver, Server};
use goodword_wire::{Partner, PrizePeriod, Program};
use serde_json::{Value, json};

fn academy(shop: &Client, with: Value) -> Program {
    let reward =
        json!({ "event": "custom", "eventName": "Course", "type": "flat", "amount": 100, "unit": "points" });
    let mut program = json!({ "rewards": [reward], "holdDays": 0 });
    for (name, value) in with.as_object().expect("an object") {
        program[name] = value.clone();
    }
    shop.program(program)
}

fn level(shop: &Client, partner: &Partner) -> Option<String> {
    balance(shop, partner).level.expect("levels").name
}

#[test]
fn a_level_is_reached_at_once_multiplies_and_is_kept_for_the_time_of_grace() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-11-01T09:00:00.000Z");
    let steps = json!([{ "name": "Silver", "from": 200 }, { "name": "Gold", "from": 250, "times": "1.5", "elite": true }]);
    academy(&shop, json!({ "levels": { "period": "year", "graceDays": 31, "steps": steps } }));
    let rosa = shop.partner("ROSA");
    let earn = |badge: &str| {
        let earned = complete(&shop, &rosa, "Course", badge).earned;
        // Levels are looked at by the background, and in the sandbox whenever its clock is set.
        shop.clock(json!({ "advanceDays": 0 }));
        earned
    };
    assert_eq!((earn("a"), level(&shop, &rosa)), (100, None));
    let standing = balance(&shop, &rosa).level.expect("levels");
    assert_eq!((standing.next.as_deref(), standing.missing), (Some("Silver"), 100));
    shop.freeze("2026-11-02T09:00:00.000Z");
    assert_eq!((earn("b"), level(&shop, &rosa).as_deref()), (100, Some("Silver")));
    shop.freeze("2026-11-03T09:00:00.000Z");
    assert_eq!(
        (earn("c"), level(&shop, &rosa).as_deref()),
        (100, Some("Gold")),
        "by the level before the event"
    );
    shop.freeze("2026-11-04T09:00:00.000Z");
    assert_eq!(earn("d"), 150);
    shop.freeze("2026-11-05T09:00:00.000Z");
    let standing = balance(&shop, &rosa).level.expect("levels");
    assert!(standing.elite && standing.times == "1.5" && standing.points == 450, "{standing:?}");
    shop.freeze("2027-01-31T23:59:59.999Z");
    assert_eq!((level(&shop, &rosa).as_deref(), earn("e")), (Some("Gold"), 150));
    shop.freeze("2027-02-01T00:00:00.000Z");
    assert_eq!(level(&shop, &rosa), None, "150 of the new year are none");
    let history = balance(&shop, &rosa).level.expect("levels").history;
    let told: Vec<(Option<&str>, &str)> =
        history.iter().map(|change| (change.name.as_deref(), &change.at[..10])).collect();
    assert_eq!(told, [(None, "2027-02-01"), (Some("Gold"), "2026-11-03"), (Some("Silver"), "2026-11-02")]);
    assert_sound(&shop);
    checked(&server);
}

#[test]
fn points_taken_back_take_the_level_too() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-11-01T09:00:00.000Z");
    academy(&shop, json!({ "levels": { "days": 30, "steps": [{ "name": "Silver", "from": 100 }] } }));
    let rosa = shop.partner("ROSA");
    let course = complete(&shop, &rosa, "Course", "a");
    assert_eq!(level(&shop, &rosa).as_deref(), Some("Silver"));
    let path = format!("/v1/commissions/{}/cancel", course.commission_id.expect("a commission"));
    let _: goodword_wire::Commission = shop.post(&path, &json!({})).ok();
    assert_eq!(level(&shop, &rosa), None);
    complete(&shop, &rosa, "Course", "b");
    shop.freeze("2026-12-01T08:59:59.999Z");
    assert_eq!(level(&shop, &rosa).as_deref(), Some("Silver"));
    shop.freeze("2026-12-01T09:00:00.000Z");
    assert_eq!(level(&shop, &rosa), None);
}

#[test]
fn the_best_of_a_period_get_their_prizes_once() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-01-10T09:00:00.000Z");
    let prize = json!({ "key": "best", "name": "Best of the quarter", "period": "quarter", "graceDays": 10, "places": [500, 300, 101] });
    academy(&shop, json!({ "prizes": [prize] }));
    let [ada, bert, cleo, dan] = ["ADA", "BERT", "CLEO", "DAN"].map(|code| shop.partner(code));
    for (partner, courses) in [(&ada, 3), (&bert, 2), (&cleo, 2), (&dan, 1)] {
        (0..courses).for_each(|n| drop(complete(&shop, partner, "Course", &format!("c-{n}"))));
    }
    let periods: Vec<PrizePeriod> = shop.get("/v1/prizes").ok();
    let places =
        |period: &PrizePeriod| period.places.iter().map(|p| (p.rank, p.points, p.prize)).collect::<Vec<_>>();
    let expected = [(1, 300, 500), (2, 200, 201), (2, 200, 200)];
    assert_eq!((periods.len(), periods[0].settled_at.is_none()), (1, true));
    assert_eq!(places(&periods[0]), expected, "the two who are second share what second and third get");
    shop.freeze("2026-04-10T23:59:59.999Z");
    assert_eq!(balance(&shop, &ada).available, 300);
    shop.freeze("2026-04-11T00:00:00.000Z");
    assert_eq!(balance(&shop, &ada).available, 800);
    assert_eq!(
        [&bert, &cleo, &dan].map(|partner| balance(&shop, partner).available),
        [401, 400, 100],
        "what is over goes to who joined first"
    );
    shop.freeze("2026-04-12T00:00:00.000Z");
    shop.freeze("2026-07-12T00:00:00.000Z");
    assert_eq!(balance(&shop, &ada).available, 800, "once; and prizes count for no prize");
    let periods: Vec<PrizePeriod> = shop.get("/v1/prizes").ok();
    let given = periods.iter().find(|period| period.starts_at.starts_with("2026-01")).expect("the period");
    assert_eq!(places(given), expected);
    assert_eq!(given.settled_at.as_deref(), Some("2026-04-11T00:00:00.000Z"));
    assert_sound(&shop);
    checked(&server);
}

/// Each change is told to the vendor's systems; to the partner by mail, once the address is known to be hers, up and down.
#[test]
fn a_change_of_level_is_told() {
    let (server, receiver) = (webhooks::server(), Receiver::start());
    let shop = server.test();
    shop.freeze("2026-11-01T09:00:00.000Z");
    let steps = json!([{ "name": "Silver", "from": 100 }, { "name": "Gold", "from": 200 }]);
    academy(&shop, json!({ "levels": { "days": 30, "steps": steps } }));
    webhooks::endpoint(&shop, &receiver, json!({ "events": ["partner.level_changed"] }));
    server.page().join("Rosa", "rosa@example.com");
    server.change("update partner set proven_at = 1");
    let rosa = shop.get("/v1/partners").ok::<Vec<Partner>>().remove(0);
    let quiet = shop.partner("QUIET");
    for (partner, badge) in [(&quiet, "a"), (&rosa, "a"), (&rosa, "b")] {
        complete(&shop, partner, "Course", badge);
    }
    shop.clock(json!({ "advanceDays": 0 }));
    let told: Vec<Value> = receiver.wait_for(2).iter().map(|call| call.json()["data"].clone()).collect();
    let of =
        |partner: &Partner| told.iter().find(|data| data["id"] == partner.id.as_str()).expect("told").clone();
    assert_eq!(of(&quiet)["level"], json!({ "name": "Silver", "previous": null, "points": 100 }));
    assert_eq!(of(&rosa)["level"], json!({ "name": "Gold", "previous": null, "points": 200 }));
    let mailed = |count: usize, text: &str| {
        let mails = server.mailed("rosa@example.com", count);
        assert!(
            mails.iter().any(|mail| mail.replace("=\r\n", "").contains(text)),
            "{text} is not in {mails:?}"
        );
    };
    mailed(2, "Subject: Friends of Tea: your level");
    mailed(2, "you have reached the level");
    shop.freeze("2026-12-01T09:00:00.000Z");
    assert_eq!(receiver.wait_for(4)[3].json()["data"]["level"]["name"], Value::Null);
    // The clock's answer comes after the levels of the day, before the letters of the month.
    mailed(3, "have no level at Friends of Tea at the moment");
    assert_eq!(server.mails_to(&quiet.email), 0, "nobody knows whose that address is");
}
