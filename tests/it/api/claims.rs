//! "This was mine": claims on orders nobody is credited for.

use crate::harness::{Client, Hers, ORIGIN, Server, at_once};
use goodword_wire::{Analytics, Claim, Commission, Partner, SaleOutput};
use serde_json::{Value, json};

fn shop(server: &Server) -> Client {
    let shop = server.test();
    shop.freeze("2026-03-01T09:00:00.000Z");
    shop.program(json!({}));
    shop
}

/// Joins, and proves the address.
fn joined(server: &Server, name: &str, address: &str) -> Hers {
    let hers = server.page().join(name, address);
    let proof = server.links_mailed(address, "/verify?token=", 1).remove(0);
    let token = proof.rsplit('=').next().expect("a token");
    let form = server.nobody().with("content-type", "application/x-www-form-urlencoded");
    let done = form.send(ureq::http::Method::POST, "/verify", Some(format!("token={token}").into_bytes()));
    assert_eq!(done.status, 200, "{}", done.text);
    hers
}

fn page(server: &Server, who: &Hers) -> Client {
    server.bearer(&who.token).with("origin", ORIGIN)
}

fn claim(page: &Client, invoice: &str) -> Claim {
    page.post("/v1/embed/claims", &json!({ "invoiceId": invoice, "note": "She told me so" })).ok()
}

fn uncredited(shop: &Client, invoice: &str, amount: i64) -> SaleOutput {
    let sale = shop.sale(json!({
        "customerExternalId": format!("u-{invoice}"), "customerEmail": "jo@buyers.example", "customerName": "Jo Buyer",
        "amount": amount, "invoiceId": invoice, "paymentProcessor": "stripe",
    }));
    assert!(!sale.credited && sale.commission.is_none());
    sale
}

fn decide(shop: &Client, claim: &Claim, decision: &str) -> Claim {
    let body = json!({ "decision": decision, "note": "We looked at it" });
    shop.post(&format!("/v1/claims/{}/decide", claim.id), &body).ok()
}

#[track_caller]
fn is(claim: &Claim, status: &str, reason: &str) {
    assert_eq!((claim.status.as_str(), claim.reason.as_str()), (status, reason), "{claim:#?}");
    assert!(!claim.says.is_empty());
}

fn sale(shop: &Client, id: &str) -> SaleOutput {
    shop.get(&format!("/v1/sales/{id}")).ok()
}

#[test]
fn granted_the_order_is_credited() {
    let server = Server::start();
    let shop = shop(&server);
    let maya = joined(&server, "Maya", "maya@example.com");
    let hers = page(&server, &maya);
    let order = uncredited(&shop, "in_1", 7800);
    shop.refund(
        json!({ "invoiceId": "in_1", "paymentProcessor": "stripe", "refundId": "re_1", "amount": 1950 }),
    );
    let filed = claim(&hers, "in_1");
    is(&filed, "open", "waiting_for_decision");
    assert_eq!(claim(&hers, "in_1"), filed, "the claim that is there");
    let granted = decide(&shop, &filed, "granted");
    is(&granted, "granted", "claim_granted");
    assert_eq!(granted.sale_id.as_deref(), Some(order.id.as_str()));
    let now = sale(&shop, &order.id);
    assert_eq!((now.credited, now.reason.as_str()), (true, "claim_granted"));
    let credited = now.touchpoints.last().expect("a touchpoint");
    assert_eq!((credited.kind.as_str(), credited.verdict.as_str()), ("manual", "credited"));
    let commission = now.commission.expect("a commission");
    assert_eq!((commission.earnings, commission.status.as_str()), (1170, "pending"), "on what remains");
    assert_eq!(decide(&shop, &filed, "granted"), granted, "once");
    assert_eq!((shop.commissions().len(), shop.ledger().total_credits), (1, 1560 + 390));
    shop.post(&format!("/v1/claims/{}/decide", filed.id), &json!({ "decision": "refused" })).refused(409);
    let [said, decided] = &granted.trail[..] else { panic!("{:?}", granted.trail) };
    assert_eq!((said.by.as_str(), said.status.as_str()), ("partner", "open"));
    assert_eq!(said.note.as_deref(), Some("She told me so"));
    assert!(decided.by.starts_with("API key sk_test_"), "{decided:?}");
    assert_eq!((decided.status.as_str(), decided.note.as_deref()), ("granted", Some("We looked at it")));
    shop.clock(json!({ "advanceDays": 30 }));
    assert_eq!(shop.commissions()[0].status, "processed");
    let counted: Vec<Partner> = shop.all("/v1/partners", 10);
    assert_eq!(
        (counted[0].total_sales, counted[0].total_sale_amount, counted[0].total_commissions),
        (1, 5850, 1170)
    );
    let whole: Analytics = shop.get("/v1/analytics?start=2026-02-01T00:00:00Z").ok();
    assert_eq!((whole.totals.sales, whole.totals.sale_amount), (1, 5850), "counted once");
}

#[test]
fn the_partner_hears_nothing_of_the_buyer() {
    let server = Server::start();
    let shop = shop(&server);
    let maya = joined(&server, "Maya", "maya@example.com");
    let hers = page(&server, &maya);
    uncredited(&shop, "in_1", 7800);
    decide(&shop, &claim(&hers, "in_1"), "granted");
    let answer = hers.get("/v1/embed/claims");
    for secret in ["Jo Buyer", "buyers.example", "u-in_1", "sal_", "API key"] {
        let without_commission = {
            let mut claims: Vec<Value> = serde_json::from_str(&answer.text).expect("claims");
            claims[0]["commission"] = Value::Null;
            json!(claims).to_string()
        };
        let text = if secret == "sal_" { &without_commission } else { &answer.text };
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    let own: Vec<Claim> = answer.ok();
    is(&own[0], "granted", "claim_granted");
    assert_eq!(own[0].commission.as_ref().map(|c| c.earnings), Some(1560));
    assert_eq!(own[0].trail[1].by, "vendor");
}

#[test]
fn an_order_is_never_credited_twice() {
    let server = Server::start();
    let shop = shop(&server);
    let (maya, bert) =
        (joined(&server, "Maya", "maya@example.com"), joined(&server, "Bert", "bert@example.com"));
    let code = &bert.join.me.as_ref().expect("his page").link.as_ref().expect("a link").code;
    shop.sale(json!({ "customerExternalId": "u-1", "amount": 1000, "code": code, "invoiceId": "in_1" }));
    let answer = page(&server, &maya).post("/v1/embed/claims", &json!({ "invoiceId": "in_1" }));
    assert!(!answer.text.contains("Bert") && !answer.text.contains("sal_"), "{}", answer.text);
    let kept: Claim = answer.ok();
    is(&kept, "refused", "already_credited");
    assert_eq!(kept.trail.len(), 2);
    let message =
        shop.post(&format!("/v1/claims/{}/decide", kept.id), &json!({ "decision": "granted" })).refused(409);
    assert!(message.contains("never credited twice"), "{message}");
    is(&claim(&page(&server, &bert), "in_1"), "refused", "already_yours");
    assert_eq!(shop.commissions().len(), 1);
}

/// Two claim the same order, and both claims are granted at once by several people: one gets it.
#[test]
fn rivals_for_one_order() {
    let server = Server::start();
    let shop = shop(&server);
    let (maya, bert) =
        (joined(&server, "Maya", "maya@example.com"), joined(&server, "Bert", "bert@example.com"));
    let order = uncredited(&shop, "in_1", 1000);
    let claims = [claim(&page(&server, &maya), "in_1"), claim(&page(&server, &bert), "in_1")];
    let granted = at_once(10, |n| {
        let path = format!("/v1/claims/{}/decide", claims[n % 2].id);
        let answer = shop.post(&path, &json!({ "decision": "granted" }));
        assert!([200, 409].contains(&answer.status), "{}", answer.text);
        (answer.status == 200).then_some(n % 2)
    });
    let winners: std::collections::BTreeSet<usize> = granted.into_iter().flatten().collect();
    assert_eq!(winners.len(), 1, "{winners:?}");
    assert_eq!((shop.commissions().len(), shop.ledger().total_credits), (1, 200));
    assert_eq!(sale(&shop, &order.id).commissions.len(), 1);
    let loser = claims.iter().find(|c| c.partner.id != shop.commissions()[0].partner.id).expect("one");
    let now: Claim = shop.get(&format!("/v1/claims/{}", loser.id)).ok();
    is(&now, "open", "already_credited");
}

#[test]
fn an_order_that_is_not_reported_yet() {
    let server = Server::start();
    let shop = shop(&server);
    let maya = joined(&server, "Maya", "maya@example.com");
    let hers = page(&server, &maya);
    let filed: Claim = hers
        .post(
            "/v1/embed/claims",
            &json!({ "invoiceId": "in_9", "orderedAt": "2026-02-27T00:00:00Z", "amount": 500 }),
        )
        .ok();
    is(&filed, "open", "not_reported_yet");
    assert_eq!((filed.ordered_at.as_deref(), filed.amount), (Some("2026-02-27T00:00:00.000Z"), Some(500)));
    let path = format!("/v1/claims/{}/decide", filed.id);
    assert!(shop.post(&path, &json!({ "decision": "granted" })).refused(409).contains("report it"));
    uncredited(&shop, "in_9", 500);
    is(&shop.get(&format!("/v1/claims/{}", filed.id)).ok(), "open", "waiting_for_decision");
    is(&decide(&shop, &filed, "refused"), "refused", "refused_by_vendor");
    is(&decide(&shop, &filed, "granted"), "granted", "claim_granted");
}

#[test]
fn the_vendor_files_for_a_partner() {
    let server = Server::start();
    let shop = shop(&server);
    let maya = shop.partner("MAYA10");
    uncredited(&shop, "in_1", 1000);
    uncredited(&shop, "in_2", 0);
    let file = |invoice: &str| -> Claim {
        shop.post("/v1/claims", &json!({ "partnerId": maya.id, "invoiceId": invoice })).ok()
    };
    let filed = file("in_1");
    is(&filed, "open", "waiting_for_decision");
    assert!(filed.trail[0].by.starts_with("API key"));
    is(&file("in_2"), "refused", "nothing_paid");
    file("in_3");
    let listed = |query: &str| shop.all::<Claim>(&format!("/v1/claims{query}"), 1);
    assert_eq!(
        listed("").iter().map(|c| c.invoice_id.as_str()).collect::<Vec<_>>(),
        ["in_3", "in_2", "in_1"]
    );
    assert_eq!(listed("?status=open").len(), 2);
    assert_eq!(listed(&format!("?partnerId={}&status=refused", maya.id)).len(), 1);
    for (body, field) in [
        (json!({ "partnerId": maya.id }), "`invoiceId`"),
        (json!({ "invoiceId": "in_1" }), "`partnerId`"),
        (json!({ "partnerId": format!("ptn_{}", "0".repeat(32)), "invoiceId": "in_1" }), "`partnerId`"),
        (json!({ "partnerId": maya.id, "invoiceId": "in_1", "amount": -1 }), "`amount`"),
    ] {
        assert!(shop.post("/v1/claims", &body).refused(422).contains(field));
    }
    shop.get("/v1/claims?status=new").refused(422);
    let other = json!({ "decision": "maybe" });
    assert!(
        shop.post(&format!("/v1/claims/{}/decide", filed.id), &other).refused(422).contains("`decision`")
    );
    server.live().get(&format!("/v1/claims/{}", filed.id)).refused(404);
}

#[test]
fn who_may_claim() {
    let server = Server::start();
    let shop = shop(&server);
    let maya = server.page().join("Maya", "maya@example.com");
    let filed = page(&server, &maya).post("/v1/embed/claims", &json!({ "invoiceId": "in_1" }));
    assert!(filed.refused(403).contains("proven"));
    let bert = joined(&server, "Bert", "bert@example.com");
    let his = page(&server, &bert);
    assert!(
        his.post("/v1/embed/claims", &json!({ "invoiceId": "in_1", "partnerId": "x" }))
            .refused(422)
            .contains("`partnerId`")
    );
    for n in 0..50 {
        claim(&his, &format!("in_{n}"));
    }
    his.post("/v1/embed/claims", &json!({ "invoiceId": "in_50" })).refused(429);
    assert_eq!(his.all_rows("/v1/embed/claims", 20).len(), 50);
    assert_eq!(shop.commissions(), Vec::<Commission>::new());
}

/// A claim goes the way of any other credit: what speaks against it holds it.
#[test]
fn signals_look_at_claims_too() {
    let server = Server::start();
    let shop = shop(&server);
    let maya = shop.partner_with("MAYA10", json!({ "email": "jo@buyers.example" }));
    uncredited(&shop, "in_1", 1000);
    let filed: Claim = shop.post("/v1/claims", &json!({ "partnerId": maya.id, "invoiceId": "in_1" })).ok();
    let granted = decide(&shop, &filed, "granted");
    assert_eq!(granted.commission.expect("a commission").status, "hold");
}
