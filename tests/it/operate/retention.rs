//! Clicks grow old and go; what was concluded from them stays.

use super::history::play;
use super::{assert_clean, run};
use crate::harness::{Client, Server};
use goodword_wire::{Event, Program, SaleOutput};
use serde_json::{Value, json};
use std::time::Duration;

/// Waits until `count` clicks are left.
#[track_caller]
fn wait_for_clicks(shop: &Client, count: usize) -> Vec<Event> {
    let mut left = Vec::new();
    for _ in 0..400 {
        left = shop.all("/v1/events?event=click", 7);
        if left.len() == count {
            return left;
        }
        std::thread::sleep(Duration::from_millis(25));
    }
    panic!("{} clicks are left, not {count}", left.len());
}

fn click(shop: &Client, visitor: &str, day: u32) -> String {
    let at = format!("2026-03-{day:02}T10:00:00.000Z");
    shop.click(json!({ "key": "MAYA10", "visitorId": visitor, "timestamp": at })).click_id
}

fn forgetful_shop(server: &Server) -> (Client, Program) {
    let shop = server.test();
    shop.freeze("2026-03-20T12:00:00.000Z");
    let program = shop.program(json!({ "attributionWindowDays": 10, "holdDays": 1 }));
    shop.partner("MAYA10");
    (shop, program)
}

fn forget_after(shop: &Client, program: &Program, days: i64) {
    let path = format!("/v1/programs/{}", program.id);
    let changed: Program = shop.patch(&path, &json!({ "clickRetentionDays": days })).ok();
    assert_eq!(changed.click_retention_days, days);
}

#[test]
fn old_clicks_go_and_what_they_earned_stays() {
    let server = Server::start();
    let (shop, program) = forgetful_shop(&server);
    let clicks: Vec<String> = (1..=20).map(|day| click(&shop, "browser-1", day)).collect();
    let sold = |invoice: &str, customer: &str, click: &str| -> SaleOutput {
        shop.sale(
            json!({ "customerExternalId": customer, "amount": 5000, "clickId": click, "invoiceId": invoice }),
        )
    };
    shop.lead(
        json!({ "customerExternalId": "u1", "clickId": clicks[11], "timestamp": "2026-03-12T11:00:00Z" }),
    );
    let sale = sold("in_1", "u1", &clicks[11]);
    let explained = |path: &str| shop.get(path).ok::<Value>();
    let commission = sale.commission.as_ref().expect("a commission").id.clone();
    let path = format!("/v1/commissions/{commission}");
    let (before, figures) =
        (explained(&path), shop.get("/v1/analytics?start=2026-01-01T00:00:00Z").ok::<Value>());

    forget_after(&shop, &program, 10);
    shop.freeze("2026-03-25T09:00:00.000Z");
    let left = wait_for_clicks(&shop, 6);
    assert!(left.iter().all(|event| event.timestamp.as_str() >= "2026-03-15"), "{left:?}");

    let mut after = explained(&path);
    // Its hold has ended meanwhile; nothing else of it has changed.
    for field in ["status", "reason", "updatedAt"] {
        after[field] = before[field].clone();
    }
    assert_eq!(after, before);
    let again = shop.post(
        "/v1/track/sale",
        &json!({ "customerExternalId": "u1", "amount": 5000, "clickId": clicks[11], "invoiceId": "in_1" }),
    );
    assert_eq!(again.ok::<SaleOutput>(), sale, "the first answer, with its touchpoints");
    let mut now: Value = shop.get("/v1/analytics?start=2026-01-01T00:00:00Z").ok();
    now["asOf"] = figures["asOf"].clone();
    for field in ["pending", "processed"] {
        now["totals"][field] = figures["totals"][field].clone();
    }
    assert_eq!(now, figures);

    let younger = sold("in_2", "u2", &clicks[16]);
    assert_eq!(younger.commission.expect("a commission").earnings, 1000);
    let unknown = sold("in_3", "u3", &clicks[0]);
    assert!(unknown.commission.is_none(), "a click that is gone credits nobody");
    assert_clean(&server);
}

#[test]
fn statistics_made_anew_keep_what_was_counted_of_old_clicks() {
    let server = Server::start();
    let history = play(&server, 3, 300);
    let shop = &history.shop;
    let path = format!("/v1/programs/{}", history.program);
    shop.patch(&path, &json!({ "attributionWindowDays": 1, "clickRetentionDays": 3 })).ok::<Program>();
    let all = "/v1/analytics/breakdown?by=hours&start=2026-01-01T00:00:00Z";
    let clicks = || shop.get(all).ok::<Value>();
    let before = clicks();
    shop.clock(json!({ "advanceDays": 400 }));
    wait_for_clicks(shop, 0);
    assert_eq!(clicks(), before);
    assert_clean(&server);
    let whole = history.statistics();
    let printed = run(&server, "rebuild-stats", &[], true);
    assert!(printed.contains("; 0 of them were not."), "{printed}");
    assert_eq!(history.statistics(), whole);
    // What is left of the facts mends what belongs to them, and leaves the rest.
    server.change("update tally set sales = sales + 1 where dimension = 0");
    run(&server, "rebuild-stats", &[], true);
    assert_eq!(history.statistics(), whole);
}

/// A visitor whose old clicks are gone goes on, and a click told late goes in time.
#[test]
fn chains_go_on_after_old_clicks_are_gone() {
    let server = Server::start();
    let (shop, program) = forgetful_shop(&server);
    for day in [1, 2, 18] {
        click(&shop, "browser-1", day);
    }
    click(&shop, "browser-2", 1);
    forget_after(&shop, &program, 10);
    wait_for_clicks(&shop, 1);
    click(&shop, "browser-1", 19);
    click(&shop, "browser-1", 17);
    click(&shop, "browser-1", 3);
    click(&shop, "browser-2", 19);
    assert_eq!(shop.all_rows("/v1/events?event=click", 7).len(), 5);
    assert_clean(&server);
    shop.clock(json!({ "advanceDays": 1 }));
    wait_for_clicks(&shop, 4);
    assert_clean(&server);
    forget_after(&shop, &program, 0);
    click(&shop, "browser-1", 4);
    assert_clean(&server);
}
