//! Days that are over are written down for reports, and a report over them says what their events say.

use crate::harness::{Client, Server};
use serde_json::{Value, json};
use std::time::Duration;

const RANGE: &str = "start=2026-05-01T06:00:00Z&end=2026-06-01T00:00:00Z";

fn at(day: u32, hour: u32) -> String {
    format!("2026-05-{day:02}T{hour:02}:00:00Z")
}

/// On two days 25 people, each with a way of clicks of his or her own: most buy, some sign up, some only look.
fn trade(server: &Server) -> Client {
    let shop = server.test();
    shop.freeze("2026-06-01T00:00:00.000Z");
    shop.program(json!({}));
    let codes = ["ANNA11", "BERT22", "CARA33"];
    for code in codes {
        shop.partner_with(code, json!({ "timestamp": "2020-01-01T00:00:00Z" }));
    }
    for person in 0..50_u32 {
        let (day, mut last) = (if person % 2 == 0 { 10 } else { 11 }, String::new());
        for step in 0..=person % 3 {
            let key = codes[((person * 7 + step) % 3) as usize];
            let referrer = format!("https://site{}.example/", (person + step) % 4);
            let click = json!({ "key": key, "timestamp": at(day - 1 + step % 2, 1 + step), "visitorId": format!("v{person}"),
                                "referrer": referrer });
            last = shop.click(click).click_id;
        }
        let customer = format!("u-{person}");
        let lead = json!({ "customerExternalId": customer, "clickId": last, "timestamp": at(day, 20) });
        shop.lead(lead);
        if person % 5 > 0 {
            let mut sale = json!({ "customerExternalId": customer, "amount": 1000 + person, "timestamp": at(day, 21),
                                   "invoiceId": customer, "clickId": last });
            if person % 7 == 0 {
                sale["code"] = json!("CARA33");
            }
            shop.sale(sale);
        }
        shop.sale(json!({ "customerExternalId": format!("alone-{person}"), "amount": 500, "timestamp": at(day, 22) }));
        let looker = json!({ "key": codes[(person % 3) as usize], "timestamp": at(day, 23), "visitorId": format!("looker-{person}") });
        shop.click(looker);
    }
    shop
}

/// Everything that is read from journeys.
fn told(shop: &Client) -> Vec<Value> {
    let mut all = Vec::new();
    for of in ["sales", "leads"] {
        for by in ["partner", "channel", "link", "site"] {
            all.push(shop.get(&format!("/v1/attribution/report?{RANGE}&of={of}&by={by}")).ok());
            all.push(shop.get(&format!("/v1/analytics/paths?{RANGE}&of={of}&by={by}")).ok());
        }
    }
    all
}

fn without_rate(shop: &Client) -> Value {
    shop.get(&format!("/v1/attribution/report?{RANGE}")).ok::<Value>()["journeys"]["withoutRate"].clone()
}

/// Marks what is written down, so that it is seen where it was read.
const MARK: &str =
    "update journey_day set journeys = replace(journeys, '\"without_rate\":0', '\"without_rate\":3')";
const NO_MARK: &str =
    "update journey_day set journeys = replace(journeys, '\"without_rate\":3', '\"without_rate\":0')";

#[test]
fn a_report_over_days_that_are_written_down_says_what_their_events_say() {
    let server = Server::start();
    let shop = trade(&server);
    let from_events = told(&shop);
    // A server that starts writes down what is over.
    server.stop();
    server.restart();
    let written = || {
        server.change(MARK);
        without_rate(&shop) == json!(6)
    };
    let begun = crate::harness::stopwatch();
    while !written() {
        assert!(begun.elapsed() < Duration::from_secs(30), "no day was written down");
        std::thread::sleep(Duration::from_millis(100));
    }
    server.change(NO_MARK);
    assert!(told(&shop) == from_events, "what is written down says something else than the events");
    server.change(MARK);

    // What changes a sale of one of the days is seen at once, and the other day stays as it is written.
    shop.refund(json!({ "invoiceId": "u-1", "refundId": "re_1", "amount": 400 }));
    assert_eq!(without_rate(&shop), json!(3), "only the day of the refund is read from its events");
    shop.lead(json!({ "customerExternalId": "late", "code": "ANNA11", "timestamp": at(11, 5) }));
    shop.sale(
        json!({ "customerExternalId": "late", "amount": 700, "timestamp": at(10, 5), "code": "ANNA11" }),
    );
    assert_eq!(without_rate(&shop), json!(0));
    server.change(NO_MARK);
    let mixed = told(&shop);
    server.change("delete from journey_day");
    assert!(told(&shop) == mixed, "days that have changed say something else than their events");
    assert!(mixed != from_events);
}
