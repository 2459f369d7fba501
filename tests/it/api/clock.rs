//! The sandbox's clock, and holds that end by it to the millisecond.

use crate::harness::{Client, Server};
use goodword_wire::{Commission, SandboxClock};
use serde_json::json;

fn held(shop: &Client, invoice: &str) -> Commission {
    let sale =
        json!({ "customerExternalId": "u-1", "amount": 10_000, "code": "MAYA10", "invoiceId": invoice });
    shop.sale(sale).commission.expect("a commission")
}

/// Worked example: 100.00 × 30 % = 30.00, charged 2020-08-19T16:28:25Z, hold 30 d → payable 2020-09-18T16:28:25Z [Rewardful].
#[test]
fn a_hold_ends_to_the_millisecond() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2020-08-19T16:28:25.000Z");
    shop.program(json!({ "rewards": [{ "event": "sale", "type": "percentage", "percentage": "30" }] }));
    shop.partner("MAYA10");
    let commission = held(&shop, "in_1");
    assert_eq!((commission.earnings, commission.clears_at.as_str()), (3000, "2020-09-18T16:28:25.000Z"));
    shop.freeze("2020-09-18T16:28:24.999Z");
    assert_eq!(shop.commission(&commission.id).status, "pending");
    shop.clock(json!({ "advanceMs": 1 }));
    let released = shop.commission(&commission.id);
    assert_eq!((released.status.as_str(), released.reason.as_str()), ("processed", "hold_ended"));
    let release = shop.transfers().into_iter().find(|t| t.kind == "release").expect("a release");
    assert_eq!((release.amount, release.at.as_str()), (3000, "2020-09-18T16:28:25.000Z"));
}

#[test]
fn without_a_hold_it_is_payable_at_once() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-03-01T09:00:00.000Z");
    shop.program(json!({ "holdDays": 0 }));
    shop.partner("MAYA10");
    let commission = held(&shop, "in_1");
    shop.clock(json!({ "advanceMs": 0 }));
    assert_eq!(shop.commission(&commission.id).status, "processed");
}

#[test]
fn a_frozen_clock_stands_and_a_running_one_runs() {
    let server = Server::start();
    let shop = server.test();
    let read = || shop.get("/v1/sandbox/clock").ok::<SandboxClock>();
    assert!(!read().frozen);
    shop.freeze("2026-03-01T09:00:00.000Z");
    std::thread::sleep(std::time::Duration::from_millis(20));
    assert_eq!(read(), SandboxClock { now: "2026-03-01T09:00:00.000Z".into(), frozen: true });
    let moved = shop.clock(json!({ "advanceDays": 1, "advanceMs": 5 }));
    assert_eq!(moved, SandboxClock { now: "2026-03-02T09:00:00.005Z".into(), frozen: true });
    let running = shop.clock(json!({ "frozen": false }));
    assert!(!running.frozen && running.now.starts_with("2026-03-02T09:00:0"));
    std::thread::sleep(std::time::Duration::from_millis(20));
    assert!(read().now > running.now && read().now.starts_with("2026-03-02T09:00:"));
}

#[test]
fn nonsense_is_refused_and_moves_nothing() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-03-01T09:00:00.000Z");
    for bad in [
        json!({ "now": "tomorrow" }),
        json!({ "advanceDays": -1 }),
        json!({ "advanceDays": 36_501 }),
        json!({ "advanceMs": -1 }),
        json!({ "now": "2026-03-05T09:00:00Z", "advanceDays": 1 }),
        json!({ "speed": 2 }),
    ] {
        shop.post("/v1/sandbox/clock", &bad).refused(422);
    }
    assert_eq!(shop.get("/v1/sandbox/clock").ok::<SandboxClock>().now, "2026-03-01T09:00:00.000Z");
}

#[test]
fn live_time_cannot_be_moved() {
    let server = Server::start();
    server.live().post("/v1/sandbox/clock", &json!({ "advanceDays": 1 })).refused(403);
    server.live().get("/v1/sandbox/clock").refused(403);
    let console = server.console();
    console.post("/v1/sandbox/clock", &json!({ "advanceDays": 1 })).ok::<SandboxClock>();
    console
        .with("goodword-mode", "live")
        .post("/v1/sandbox/clock", &json!({ "advanceDays": 1 }))
        .refused(403);
}

#[test]
fn events_carry_the_sandbox_time() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2031-01-01T00:00:00.000Z");
    shop.program(json!({}));
    let partner = shop.partner("MAYA10");
    assert_eq!(partner.created_at, "2031-01-01T00:00:00.000Z");
    assert_eq!(held(&shop, "in_1").created_at, "2031-01-01T00:00:00.000Z");
}
