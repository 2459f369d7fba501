//! The known examples of the field, lived through on programs made of the templates.

use super::{balance, checked, complete, redeem, step};
use crate::api::programs::templates::in_sandbox;
use crate::api::sums::assert_sound;
use crate::harness::Server;
use goodword_wire::{BudgetChange, Completion, PrizePeriod, Program, Redemption};
use serde_json::json;

/// Training, as in the guide: a course (100) and a certificate (250) are 350, and the same badge again nothing. Sapphire at once; 300
/// redeemed; first of the quarter, 500; 50 expire after a year; the level ends 90 days after the year.
#[test]
fn a_gem_clubs_year() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-01-12T09:00:00.000Z");
    in_sandbox(&server, "training");
    let (maya, bert) = (shop.partner("MAYA"), shop.partner("BERT"));
    let course = complete(&shop, &maya, "Course completed", "cloud-101");
    assert_eq!(course.earned, 100);
    let path = format!("/v1/commissions/{}/explanation", course.commission_id.expect("a commission"));
    let why = shop.get(&path).text;
    assert!(why.contains("who has completed it") && why.contains("Course completed: cloud-101"), "{why}");
    assert_eq!(complete(&shop, &maya, "Certificate earned", "cloud-architect").earned, 250);
    shop.freeze("2026-01-12T09:00:01.000Z");
    let points = balance(&shop, &maya);
    let level = points.level.expect("levels");
    assert_eq!((points.available, level.name.as_deref(), level.elite), (350, Some("Sapphire"), false));
    shop.freeze("2026-01-13T09:00:00.000Z");
    let again = complete(&shop, &maya, "course COMPLETED", "Cloud-101");
    assert_eq!((again.earned, again.reason.as_deref()), (0, Some("badge_there")));
    shop.freeze("2026-01-20T09:00:00.000Z");
    complete(&shop, &bert, "Course completed", "cloud-101");
    shop.freeze("2026-02-02T09:00:00.000Z");
    let exam: Redemption = redeem(&shop, &maya, "exam").ok();
    let _: Redemption = step(&shop, &exam, json!({ "step": "fulfil", "reference": "EXAM-77" })).ok();
    assert_eq!(balance(&shop, &maya).available, 50);
    shop.freeze("2026-04-11T00:00:00.000Z");
    let given: Vec<PrizePeriod> = shop.get("/v1/prizes").ok();
    let given = given.iter().find(|period| period.settled_at.is_some()).expect("a quarter");
    let places: Vec<(&str, i64, i64)> =
        given.places.iter().map(|p| (p.partner.name.as_str(), p.points, p.prize)).collect();
    assert_eq!(places, [("Partner MAYA", 350, 500), ("Partner BERT", 100, 300)]);
    assert_eq!(balance(&shop, &maya).available, 550);
    shop.freeze("2027-01-12T09:00:01.000Z");
    let points = balance(&shop, &maya);
    assert_eq!((points.available, points.redeemed), (500, 300));
    shop.freeze("2027-03-31T23:59:59.999Z");
    assert_eq!(balance(&shop, &maya).level.expect("levels").name.as_deref(), Some("Sapphire"));
    shop.freeze("2027-04-01T00:00:00.000Z");
    assert_eq!(balance(&shop, &maya).level.expect("levels").name, None);
    assert_sound(&shop);
    checked(&server);
}

/// Five courses a day are paid, a sixth is not, and the next day's is.
#[test]
fn a_day_has_its_cap() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-01-12T09:00:00.000Z");
    in_sandbox(&server, "training");
    let maya = shop.partner("MAYA");
    let earned: Vec<i64> =
        (0..6).map(|n| complete(&shop, &maya, "Course completed", &format!("c-{n}")).earned).collect();
    assert_eq!(earned, [100, 100, 100, 100, 100, 0]);
    let sixth = complete(&shop, &maya, "Course completed", "c-6");
    assert_eq!(sixth.reason.as_deref(), Some("capped"));
    shop.freeze("2026-01-13T00:00:00.000Z");
    assert_eq!(complete(&shop, &maya, "Course completed", "c-7").earned, 100);
    assert_eq!(complete(&shop, &maya, "Slept well", "c-8").reason.as_deref(), Some("no_reward"));
    assert_sound(&shop);
}

/// A budget of 1,000 points and three who complete something of 350: 350, 350, refused whole. What fits is still paid.
#[test]
fn a_budget_of_points_refuses_whole() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-01-12T09:00:00.000Z");
    let reward = |name: &str, amount: i64| json!({ "event": "custom", "eventName": name, "type": "flat", "amount": amount, "unit": "points" });
    let program: Program = shop.program(json!({
        "rewards": [reward("Path", 350), reward("Course", 100)], "holdDays": 0, "points": { "budgeted": true },
    }));
    let budget = format!("/v1/programs/{}/budget", program.id);
    let set: BudgetChange = shop.post(&budget, &json!({ "amount": 1_000, "currency": "points" })).ok();
    assert_eq!((set.amount, set.currency.as_str()), (1_000, "points"));
    let partners = ["ADA", "BERT", "CLEO"].map(|code| shop.partner(code));
    let done: Vec<Completion> =
        partners.iter().map(|partner| complete(&shop, partner, "Path", "path-1")).collect();
    assert_eq!(done.iter().map(|one| one.earned).collect::<Vec<_>>(), [350, 350, 0]);
    assert_eq!(done[2].reason.as_deref(), Some("budget_exhausted"));
    assert_eq!(complete(&shop, &partners[2], "Course", "c-1").earned, 100);
    let left: goodword_wire::Budget = shop.get(&format!("{budget}?currency=points")).ok();
    assert_eq!((left.budgeted, left.set_aside, left.spent, left.left), (true, 1_000, 800, 200));
    let money: goodword_wire::Budget = shop.get(&budget).ok();
    assert_eq!((money.budgeted, money.set_aside, money.changes.len()), (false, 0, 0));
    // What is voided can be spent again.
    let path = format!("/v1/commissions/{}/cancel", done[0].commission_id.as_ref().expect("a commission"));
    let _: goodword_wire::Commission = shop.post(&path, &json!({})).ok();
    assert_eq!(complete(&shop, &partners[2], "Path", "path-2").earned, 350);
    let bonus = json!({ "partnerId": partners[0].id, "amount": 500, "currency": "points" });
    shop.post("/v1/commissions", &bonus).refused(409);
    assert_sound(&shop);
    checked(&server);
}

/// Loyalty, as in the guide: 1,000.00 and 2,000.00 are lots of 100 and 200 points; 150 are redeemed of the one that expires first.
#[test]
fn marks_of_a_loyalty_club() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-05-02T00:00:00.000Z");
    let program = in_sandbox(&server, "loyalty");
    let path = format!("/v1/programs/{}", program.id);
    let banner = json!([{ "key": "banner", "name": "Banner", "kind": "material", "price": 150 }]);
    let _: Program = shop.patch(&path, &json!({ "catalogue": banner })).ok();
    let rosa = shop.partner("ROSA");
    let sell = |invoice: &str, amount: i64| {
        let sale =
            json!({ "customerExternalId": "u-1", "code": "ROSA", "amount": amount, "invoiceId": invoice });
        shop.sale(sale).commission.expect("a commission").earnings
    };
    assert_eq!(sell("in_1", 100_000), 100);
    shop.freeze("2026-06-01T00:00:00.000Z");
    assert_eq!(sell("in_2", 200_000), 200);
    shop.freeze("2026-07-01T00:00:00.000Z");
    let lots = |expected: &[(i64, &str)]| {
        let lots = balance(&shop, &rosa).lots;
        let told: Vec<(i64, &str)> =
            lots.iter().map(|lot| (lot.left, &lot.expires_at.as_deref().expect("an end")[..10])).collect();
        assert_eq!(told, expected);
    };
    lots(&[(100, "2027-06-01"), (200, "2027-07-01")]);
    shop.freeze("2027-05-15T00:00:00.000Z");
    let _: Redemption = redeem(&shop, &rosa, "banner").ok();
    lots(&[(150, "2027-07-01")]);
    let expired = || shop.transfers().iter().filter(|t| t.kind == "expire").map(|t| t.amount).sum::<i64>();
    shop.freeze("2027-06-01T00:00:00.000Z");
    assert_eq!(expired(), 0);
    shop.freeze("2027-07-01T00:00:00.000Z");
    assert_eq!((expired(), balance(&shop, &rosa).available), (150, 0));
    assert_sound(&shop);
    checked(&server);
}

/// And what is taken back, to the last line of the guide's second table.
#[test]
fn what_a_club_takes_back() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-05-02T00:00:00.000Z");
    let program = in_sandbox(&server, "loyalty");
    let tin = json!([{ "key": "tin", "name": "Tin", "kind": "material", "price": 5 }]);
    let _: Program = shop.patch(&format!("/v1/programs/{}", program.id), &json!({ "catalogue": tin })).ok();
    let rosa = shop.partner("ROSA");
    let sell = |invoice: &str, amount: i64| {
        drop(shop.sale(
            json!({ "customerExternalId": "u-1", "code": "ROSA", "amount": amount, "invoiceId": invoice }),
        ));
    };
    let refund = |id: &str, amount: i64| {
        drop(shop.refund(json!({ "invoiceId": "in_1", "refundId": id, "amount": amount })));
    };
    sell("in_1", 10_500);
    refund("re_1", 500);
    assert_eq!(balance(&shop, &rosa).held, 10);
    refund("re_2", 100);
    assert_eq!(balance(&shop, &rosa).held, 9);
    shop.clock(json!({ "advanceDays": 30 }));
    let _: Redemption = redeem(&shop, &rosa, "tin").ok();
    refund("re_3", 9_900);
    assert_eq!((balance(&shop, &rosa).available, balance(&shop, &rosa).owed), (0, 5));
    sell("in_2", 8_000);
    shop.clock(json!({ "advanceDays": 30 }));
    assert_eq!((balance(&shop, &rosa).available, balance(&shop, &rosa).owed), (3, 0));
    assert_sound(&shop);
    checked(&server);
}
