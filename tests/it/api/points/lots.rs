//! Lots of points: they come with commissions, expire, and are taken back.

use super::{balance, checked, redeem};
use crate::api::sums::assert_sound;
use crate::harness::{Client, Server};
use goodword_wire::{Partner, Program};
use serde_json::{Value, json};

/// A point for each whole 10.00, held for a day, and what points are redeemed for.
fn scene(shop: &Client, points: Value) -> (Program, Partner) {
    shop.freeze("2026-01-01T00:00:00.000Z");
    let reward = json!({
        "event": "sale", "type": "flat", "amount": 1, "unit": "points", "per": "amount", "perAmount": 1_000,
    });
    let article = |price: i64| json!({ "key": format!("a-{price}"), "name": "A voucher", "kind": "voucher", "price": price });
    let program = shop.program(json!({
        "rewards": [reward], "holdDays": 1, "points": points,
        "catalogue": [article(150), article(30), article(5)],
    }));
    (program, shop.partner("ROSA"))
}

fn sell(shop: &Client, invoice: &str, amount: i64) -> i64 {
    let input =
        json!({ "customerExternalId": "u-1", "code": "ROSA", "amount": amount, "invoiceId": invoice });
    shop.sale(input).commission.expect("a commission").earnings
}

fn refund(shop: &Client, invoice: &str, refund: &str, amount: i64) {
    shop.refund(json!({ "invoiceId": invoice, "refundId": refund, "amount": amount }));
}

/// Square's rule: 105.00 are 10 points, and what is refunded is taken off before it is rounded down.
#[test]
fn points_are_rounded_down() {
    let server = Server::start();
    let shop = server.test();
    let (_, rosa) = scene(&shop, json!({}));
    assert_eq!(sell(&shop, "in_1", 10_500), 10);
    assert_eq!(sell(&shop, "in_2", 999), 0);
    let held = |expected: i64| assert_eq!(balance(&shop, &rosa).held, expected);
    held(10);
    refund(&shop, "in_1", "re_1", 500);
    held(10);
    refund(&shop, "in_1", "re_2", 100);
    held(9);
    shop.clock(json!({ "advanceDays": 1 }));
    let points = balance(&shop, &rosa);
    assert_eq!((points.available, points.held, points.lots.len()), (9, 0, 1));
    let told = shop.commissions().pop().expect("a commission").arithmetic;
    assert!(told.starts_with("1 points for each whole 10.00 USD of 105.00 USD"), "{told}");
    assert_sound(&shop);
}

/// Our own arithmetic: lots of 100 (expires 1 June) and 200 (1 July); 150 redeemed on 15 May, oldest first, leave 0 and 150; 1 June
/// expires nothing, 1 July 150.
#[test]
fn lots_expire_and_the_oldest_is_redeemed_first() {
    let server = Server::start();
    let shop = server.test();
    let (program, rosa) = scene(&shop, json!({ "expireEnd": "month" }));
    let path = format!("/v1/programs/{}", program.id);
    shop.freeze("2026-05-30T23:59:00.000Z");
    // Two lots of one day, by two versions of the terms: one with an end of its month, one with an end 31 days later.
    sell(&shop, "in_1", 100_000);
    shop.freeze("2026-05-31T12:00:00.000Z");
    let _: Program = shop.patch(&path, &json!({ "points": { "expireDays": 31 } })).ok();
    sell(&shop, "in_2", 200_000);
    shop.clock(json!({ "now": "2026-05-31T23:59:59.999Z", "frozen": true }));
    let points = balance(&shop, &rosa);
    assert_eq!((points.available, points.held, points.expiring), (100, 200, 100));
    assert_eq!(points.expires_at.as_deref(), Some("2026-06-01T00:00:00.000Z"));
    let early = redeem(&shop, &rosa, "a-150");
    assert!(early.refused(422).contains("costs 150 points, and there are 100."));
    let _: goodword_wire::Redemption = redeem(&shop, &rosa, "a-30").ok();
    assert_eq!(balance(&shop, &rosa).available, 70);
    shop.freeze("2026-06-01T00:00:00.000Z");
    assert_eq!(balance(&shop, &rosa).available, 0, "at the instant it expires it is gone");
    assert_sound(&shop);
    shop.freeze("2026-06-01T12:00:00.000Z");
    let points = balance(&shop, &rosa);
    assert_eq!((points.available, points.expires_at.as_deref()), (200, Some("2026-07-02T12:00:00.000Z")));
    let _: goodword_wire::Redemption = redeem(&shop, &rosa, "a-150").ok();
    shop.freeze("2026-07-02T11:59:59.999Z");
    assert_eq!(balance(&shop, &rosa).available, 50);
    shop.freeze("2026-07-02T12:00:00.000Z");
    assert_eq!(balance(&shop, &rosa).available, 0);
    let kinds: Vec<(String, i64)> = shop.transfers().into_iter().map(|t| (t.kind, t.amount)).collect();
    let expired: i64 = kinds.iter().filter(|(kind, _)| kind == "expire").map(|(_, amount)| amount).sum();
    assert_eq!(expired, 120);
    assert_sound(&shop);
    checked(&server);
}

/// A refund takes back from its own lot, and what was redeemed is owed, until what comes in next covers it.
#[test]
fn a_refund_takes_back_what_is_there_and_has_the_rest_owed() {
    let server = Server::start();
    let shop = server.test();
    let (_, rosa) = scene(&shop, json!({}));
    sell(&shop, "in_1", 10_000);
    shop.clock(json!({ "advanceDays": 1 }));
    let _: goodword_wire::Redemption = redeem(&shop, &rosa, "a-5").ok();
    refund(&shop, "in_1", "re_1", 10_000);
    let points = balance(&shop, &rosa);
    assert_eq!((points.available, points.owed, points.requested), (0, 5, 5));
    assert_sound(&shop);
    sell(&shop, "in_2", 8_000);
    shop.clock(json!({ "advanceDays": 1 }));
    let points = balance(&shop, &rosa);
    assert_eq!((points.available, points.owed), (3, 0));
    // Voided by the vendor it is taken back like that, too.
    let last = shop.commissions().remove(0);
    let _: goodword_wire::Commission =
        shop.post(&format!("/v1/commissions/{}/cancel", last.id), &json!({})).ok();
    let points = balance(&shop, &rosa);
    assert_eq!((points.available, points.owed), (0, 5));
    assert_sound(&shop);
    checked(&server);
}

/// A dispute that is won gives the points back, and they expire when they would have.
#[test]
fn a_dispute_takes_points_and_gives_them_back() {
    let server = Server::start();
    let shop = server.test();
    let (_, rosa) = scene(&shop, json!({ "expireDays": 10 }));
    sell(&shop, "in_1", 50_000);
    shop.clock(json!({ "advanceDays": 1 }));
    let ends = balance(&shop, &rosa).expires_at;
    assert_eq!(ends.as_deref(), Some("2026-01-12T00:00:00.000Z"));
    let dispute = |status: &str| json!({ "invoiceId": "in_1", "disputeId": "dp_1", "amount": 50_000, "status": status });
    let opened = shop.post("/v1/track/dispute", &dispute("open"));
    assert_eq!(opened.status, 200, "{}", opened.text);
    assert_eq!(balance(&shop, &rosa).available, 0);
    shop.clock(json!({ "advanceDays": 3 }));
    let won = shop.post("/v1/track/dispute", &dispute("won"));
    assert_eq!(won.status, 200, "{}", won.text);
    let points = balance(&shop, &rosa);
    assert_eq!((points.available, points.expires_at), (50, ends));
    assert_sound(&shop);
    checked(&server);
}

/// `goodword check` compares lots and redemptions with the accounts.
#[test]
fn points_that_were_changed_from_outside_are_found() {
    let server = Server::start();
    let shop = server.test();
    let (_, rosa) = scene(&shop, json!({}));
    sell(&shop, "in_1", 10_000);
    shop.clock(json!({ "advanceDays": 1 }));
    let _: goodword_wire::Redemption = redeem(&shop, &rosa, "a-5").ok();
    for (done, undone) in [
        ("update lot set remaining = 6, amount = 11", "update lot set remaining = 5, amount = 10"),
        ("update lot set remaining = 4, gone = 1", "update lot set remaining = 5, gone = 0"),
        ("update redemption set price = 6", "update redemption set price = 5"),
        ("update redemption set status = 'fulfilled'", "update redemption set status = 'requested'"),
    ] {
        server.change(done);
        let printed = String::from_utf8(server.operate("check", &[]).stdout).expect("it prints UTF-8");
        assert!(printed.contains("WRONG points:"), "{done}\n{printed}");
        server.change(undone);
    }
    checked(&server);
}
