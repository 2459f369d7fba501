//! The queue of what signals speak against: decided in bulk, once, and for good.

use crate::harness::{Client, Server, at_once};
use goodword_wire::{Commission, Review, ReviewDecision, SaleOutput};
use serde_json::{Value, json};

#[expect(clippy::needless_pass_by_value, reason = "callers make it in place")]
fn shop(server: &Server, signals: Value) -> Client {
    let shop = server.test();
    shop.freeze("2026-03-01T09:00:00.000Z");
    shop.program(json!({ "signals": signals }));
    shop.partner("MAYA10");
    shop
}

/// A sale of 10.00, 20 % of it hers, by somebody with this address.
fn sale_by(shop: &Client, customer: &str, address: &str, invoice: &str) -> SaleOutput {
    shop.sale(json!({
        "customerExternalId": customer, "customerEmail": address, "code": "MAYA10", "amount": 1000, "invoiceId": invoice,
    }))
}

/// One that is held, for throw-away mail.
fn held(shop: &Client, n: u32) -> Commission {
    let sale = sale_by(shop, &format!("u-{n}"), &format!("x{n}@mailinator.com"), &format!("in_{n}"));
    let commission = sale.commission.expect("a commission");
    assert_eq!((commission.status.as_str(), commission.earnings), ("hold", 200));
    commission
}

fn decide(shop: &Client, ids: &[&str], decision: &str) -> Vec<ReviewDecision> {
    shop.post("/v1/reviews/decide", &json!({ "ids": ids, "decision": decision, "note": "looked at" })).ok()
}

fn results(decisions: &[ReviewDecision]) -> Vec<&str> {
    decisions.iter().map(|decision| decision.result.as_str()).collect()
}

fn queue(shop: &Client, query: &str) -> Vec<Review> {
    shop.all(&format!("/v1/reviews{query}"), 2)
}

fn kinds(shop: &Client) -> Vec<(String, i64)> {
    shop.transfers().into_iter().rev().map(|t| (t.kind, t.amount)).collect()
}

fn balance(shop: &Client, kind: &str) -> i64 {
    shop.ledger().accounts.iter().filter(|a| a.kind == kind).map(|a| a.balance).sum()
}

#[test]
fn a_hold_does_not_end_before_somebody_decides() {
    let server = Server::start();
    let shop = shop(&server, json!({}));
    let commission = held(&shop, 1);
    assert_eq!(commission.reason, "in_review");
    shop.clock(json!({ "advanceDays": 31 }));
    assert_eq!(shop.commission(&commission.id).status, "hold");
    let decided = decide(&shop, &[&commission.id], "cleared");
    assert_eq!(results(&decided), ["decided"]);
    let review = decided[0].review.clone().expect("the review");
    assert_eq!(review.status, "cleared");
    assert!(review.decided_by.as_ref().is_some_and(|by| by.starts_with("API key sk_test_")), "{review:?}");
    assert_eq!(review.note.as_deref(), Some("looked at"));
    shop.clock(json!({ "advanceDays": 1 }));
    assert_eq!(shop.commission(&commission.id).status, "processed");
    assert_eq!(results(&decide(&shop, &[&commission.id], "cleared")), ["unchanged"]);
    assert_eq!(kinds(&shop), [("hold".to_owned(), 200), ("release".to_owned(), 200)]);
}

#[test]
fn rejected_goes_back_and_can_be_cleared_after_all() {
    let server = Server::start();
    let shop = shop(&server, json!({}));
    let id = held(&shop, 1).id;
    assert_eq!(results(&decide(&shop, &[&id], "rejected")), ["decided"]);
    let now = shop.commission(&id);
    assert_eq!((now.status.as_str(), now.reason.as_str(), now.earnings), ("fraud", "rejected_in_review", 0));
    assert_eq!(balance(&shop, "held"), 0);
    assert_eq!(results(&decide(&shop, &[&id], "rejected")), ["unchanged"]);
    shop.refund(json!({ "invoiceId": "in_1", "refundId": "re_1", "amount": 500 }));
    assert_eq!(results(&decide(&shop, &[&id], "cleared")), ["decided"]);
    assert_eq!((shop.commission(&id).status.as_str(), shop.commission(&id).earnings), ("pending", 100));
    shop.clock(json!({ "advanceDays": 31 }));
    assert_eq!(balance(&shop, "payable"), 100);
    let late = &decide(&shop, &[&id], "rejected")[0];
    assert_eq!(late.result, "refused");
    assert!(late.message.as_ref().is_some_and(|m| m.contains("not held any more")), "{late:?}");
    assert_eq!(balance(&shop, "payable"), 100);
}

#[test]
fn blocked_is_credited_when_it_is_cleared() {
    let server = Server::start();
    let shop = shop(&server, json!({ "disposable_email": { "action": "block" } }));
    let sale = sale_by(&shop, "u-1", "x@mailinator.com", "in_1");
    let blocked = sale.commission.expect("a commission");
    assert_eq!((blocked.status.as_str(), blocked.earnings), ("fraud", 0));
    assert_eq!(queue(&shop, "?status=waiting").len(), 1);
    decide(&shop, &[&blocked.id], "cleared");
    let now = shop.commission(&blocked.id);
    assert_eq!((now.status.as_str(), now.earnings, now.earnings_at_first), ("pending", 200, 200));
    assert_eq!(kinds(&shop), [("hold".to_owned(), 200)]);
}

/// What was cleared about a customer and a partner holds nothing of the two any more; others are held as before.
#[test]
fn a_cleared_signal_stays_cleared() {
    let server = Server::start();
    let shop = shop(&server, json!({}));
    let first = held(&shop, 1);
    decide(&shop, &[&first.id], "cleared");
    let again = sale_by(&shop, "u-1", "x1@mailinator.com", "in_1b").commission.expect("a commission");
    assert_eq!(again.status, "pending");
    held(&shop, 2);
    let program = &shop.get("/v1/programs").json()[0]["id"];
    let path = format!("/v1/programs/{}", program.as_str().expect("an id"));
    shop.clock(json!({ "advanceDays": 1 }));
    assert_eq!(
        shop.patch(&path, &json!({ "signals": { "disposable_email": { "action": "block" } } })).status,
        200
    );
    let stronger = sale_by(&shop, "u-1", "x1@mailinator.com", "in_1c").commission.expect("a commission");
    assert_eq!(stronger.status, "pending", "also when the rule is made stronger");
    decide(&shop, &[&first.id], "rejected");
    let after = sale_by(&shop, "u-1", "x1@mailinator.com", "in_1d").commission.expect("a commission");
    assert_eq!(after.status, "fraud", "somebody changed his or her mind");
}

#[test]
fn each_is_decided_for_itself() {
    let server = Server::start();
    let shop = shop(&server, json!({}));
    let (a, b) = (held(&shop, 1).id, held(&shop, 2).id);
    let plain = sale_by(&shop, "u-3", "jo@shop.example", "in_3").commission.expect("a commission").id;
    let unknown = format!("com_{}", "0".repeat(32));
    let decided = decide(&shop, &[&a, &plain, &unknown, &b, &a], "rejected");
    assert_eq!(results(&decided), ["decided", "refused", "refused", "decided", "unchanged"]);
    assert_eq!(decided.iter().map(|d| &d.id).collect::<Vec<_>>(), [&a, &plain, &unknown, &b, &a]);
    assert_eq!(shop.commission(&plain).status, "pending");
    let bad = |body: Value| shop.post("/v1/reviews/decide", &body).refused(422);
    assert!(bad(json!({ "ids": [], "decision": "cleared" })).contains("`ids`"));
    assert!(bad(json!({ "ids": vec![&a; 101], "decision": "cleared" })).contains("`ids`"));
    assert!(bad(json!({ "ids": [&a, "x"], "decision": "cleared" })).contains("`ids[1]`"));
    assert!(bad(json!({ "ids": [&a], "decision": "released" })).contains("`decision`"));
    assert!(bad(json!({ "ids": [&a] })).contains("`decision`"));
}

#[test]
fn the_queue_shows_what_waits_first() {
    let server = Server::start();
    let shop = shop(&server, json!({}));
    let ids: Vec<String> = (1..=5).map(|n| held(&shop, n).id).collect();
    decide(&shop, &[&ids[0]], "cleared");
    decide(&shop, &[&ids[1]], "rejected");
    let listed: Vec<String> = queue(&shop, "").into_iter().map(|review| review.id).collect();
    assert_eq!(listed, [&ids[2], &ids[3], &ids[4], &ids[0], &ids[1]].map(Clone::clone));
    assert_eq!(queue(&shop, "?status=waiting").len(), 3);
    assert_eq!(queue(&shop, "?status=cleared")[0].id, ids[0]);
    assert_eq!(queue(&shop, "?status=rejected")[0].id, ids[1]);
    assert_eq!(queue(&shop, "?rule=disposable_email").len(), 5);
    assert_eq!(queue(&shop, "?rule=velocity").len(), 0);
    let partner = &queue(&shop, "")[0].commission.partner.id;
    assert_eq!(queue(&shop, &format!("?partnerId={partner}")).len(), 5);
    shop.get("/v1/reviews?rule=speed").refused(422);
    shop.get("/v1/reviews?status=new").refused(422);
    let live: Vec<Review> = server.live().get("/v1/reviews").ok();
    assert!(live.is_empty());
}

/// What is given back in full is still decided about, and so is what a dispute that was won restores, however late.
#[test]
fn refunds_and_disputes_in_review() {
    let server = Server::start();
    let shop = shop(&server, json!({}));
    let (a, b) = (held(&shop, 1).id, held(&shop, 2).id);
    let stands = |id: &str| (shop.commission(id).status, shop.commission(id).earnings);
    shop.refund(json!({ "invoiceId": "in_1", "refundId": "re_1", "amount": 500 }));
    assert_eq!(stands(&a), ("hold".to_owned(), 100));
    shop.refund(json!({ "invoiceId": "in_1", "refundId": "re_2" }));
    assert_eq!(stands(&a), ("hold".to_owned(), 0));
    decide(&shop, &[&a], "cleared");
    assert_eq!(stands(&a), ("refunded".to_owned(), 0));
    let dispute = |status: &str| {
        let told = json!({ "invoiceId": "in_2", "disputeId": "dp_1", "status": status });
        assert_eq!(shop.post("/v1/track/dispute", &told).status, 200);
    };
    dispute("open");
    assert_eq!((balance(&shop, "held"), queue(&shop, "?status=waiting").len()), (0, 1));
    shop.clock(json!({ "advanceDays": 40 }));
    dispute("won");
    assert_eq!(stands(&b), ("hold".to_owned(), 200));
    shop.clock(json!({ "advanceDays": 1 }));
    assert_eq!(balance(&shop, "payable"), 0, "nobody has decided yet");
    decide(&shop, &[&b], "cleared");
    shop.clock(json!({ "advanceDays": 1 }));
    assert_eq!(balance(&shop, "payable"), 200);
}

/// Many decide the same at once while holds end: each commission is released by one transfer, and no money is made.
#[test]
fn a_release_posts_exactly_once() {
    let server = Server::start();
    let shop = shop(&server, json!({}));
    let ids: Vec<String> = (1..=12).map(|n| held(&shop, n).id).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    shop.clock(json!({ "advanceDays": 31 }));
    let answers = at_once(12, |n| {
        let body = json!({ "ids": ids, "decision": "cleared" });
        if n % 4 == 3 {
            shop.clock(json!({ "advanceDays": 0 }));
        }
        let decided: Vec<ReviewDecision> = shop.post("/v1/reviews/decide", &body).ok();
        decided.iter().filter(|d| d.result == "decided").count()
    });
    assert_eq!(answers.iter().sum::<usize>(), 12, "each was decided by one of them");
    shop.clock(json!({ "advanceDays": 1 }));
    assert_eq!((balance(&shop, "held"), balance(&shop, "payable")), (0, 2400));
    let releases = kinds(&shop).into_iter().filter(|(kind, _)| kind == "release").count();
    assert_eq!(releases, 12);
}

/// Some clear and some reject at once: whoever comes first, the ledger is that of the commission's last state.
#[test]
fn rivals_leave_one_state() {
    let server = Server::start();
    let shop = shop(&server, json!({}));
    let ids: Vec<String> = (1..=6).map(|n| held(&shop, n).id).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    at_once(10, |n| decide(&shop, &ids, if n % 2 == 0 { "cleared" } else { "rejected" }));
    let kept: i64 = shop.commissions().iter().map(|c| c.earnings).sum();
    assert_eq!(balance(&shop, "held"), kept);
    for review in queue(&shop, "") {
        let status = if review.status == "cleared" { "pending" } else { "fraud" };
        assert_eq!(review.commission.status, status);
    }
}
