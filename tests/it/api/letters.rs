//! What partners are told by mail, in their language, once, and only as long as they want it.

use crate::harness::{Client, Hers, ORIGIN, Server};
use goodword_wire::{Claim, Partner, Payout, PayoutBatch};
use serde_json::{Value, json};
use ureq::http::Method;

fn shop(server: &Server, with: Value) -> Client {
    let shop = server.test();
    shop.freeze("2026-03-01T09:00:00.000Z");
    shop.program(with);
    shop
}

fn press(server: &Server, link: &str) {
    let (path, token) = link.split_once("?token=").expect("a link with a token");
    let form = server.nobody().with("content-type", "application/x-www-form-urlencoded");
    assert_eq!(form.send(Method::POST, path, Some(format!("token={token}").into_bytes())).status, 200);
}

/// Joins, and proves the address. The code.
fn joined(server: &Server, name: &str) -> (Hers, String) {
    let address = format!("{}@example.com", name.to_lowercase());
    let hers = server.page().join(name, &address);
    press(server, &server.links_mailed(&address, "/verify?token=", 1).remove(0));
    let code = hers.join.me.clone().and_then(|me| me.link).map(|link| link.code).unwrap_or_default();
    (hers, code)
}

fn sell(shop: &Client, code: &str, invoice: &str, with: Value) {
    let mut sale = json!({ "customerExternalId": format!("u-{invoice}"), "amount": 1_000, "code": code, "invoiceId": invoice });
    if let (Value::Object(sale), Value::Object(with)) = (&mut sale, with) {
        sale.extend(with);
    }
    shop.sale(sale);
}

fn day(shop: &Client, day: u32) {
    shop.clock(json!({ "now": format!("2026-03-{day:02}T00:00:01.000Z"), "frozen": true }));
}

/// The blank before a currency does not break.
const TWO: &str = "2.00=C2=A0USD";

#[test]
fn a_mail_is_in_the_language_of_whoever_joins() {
    let server = Server::start();
    shop(&server, json!({}));
    let page = server.page().with("accept-language", "nl, ar;q=0.8, en;q=0.5");
    page.try_join("Amal", "amal@example.com", json!({})).ok::<Value>();
    page.try_join("Jörg", "joerg@example.com", json!({ "lang": "de-AT" })).ok::<Value>();
    page.with("accept-language", "nl")
        .try_join("Jan", "jan@example.com", json!({ "lang": "xx" }))
        .ok::<Value>();
    // How a mail is encoded depends on how much of it is not ASCII.
    let arabic = server.mailed("amal@example.com", 1).remove(0).replace("=3D", "=");
    assert!(
        arabic.contains("<html lang=\"ar\" dir=\"rtl\">") && arabic.contains("multipart/alternative"),
        "{arabic}"
    );
    assert!(server.mailed("joerg@example.com", 1)[0].contains("<html lang=\"de\" dir=\"ltr\">"));
    let english = server.mailed("jan@example.com", 1).remove(0);
    assert!(
        english.contains("<html lang=\"en\" dir=\"ltr\">") && english.contains("Hello Jan,"),
        "{english}"
    );
    assert!(english.contains("From: \"Friends of Tea\" <goodword@localhost>"), "{english}");
    assert!(!english.contains("List-Unsubscribe"), "what is needed to take part always comes");
}

#[test]
fn an_application_is_received_and_decided() {
    let server = Server::start();
    let shop = shop(&server, json!({ "autoApprove": false }));
    joined(&server, "Maya");
    let mails = server.mailed("maya@example.com", 2);
    assert!(mails[1].contains("Subject: Friends of Tea: we have your application"), "{}", mails[1]);
    let row: Vec<Partner> = shop.get("/v1/partners").ok();
    for _ in 0..2 {
        shop.post("/v1/partners/approve", &json!({ "partnerId": row[0].id })).ok::<Value>();
    }
    let approved = server.mailed("maya@example.com", 3).remove(2);
    let link = &row[0].links[0];
    assert!(approved.contains("Subject: Friends of Tea: you are in"), "{approved}");
    assert!(
        approved.contains(&format!("Your code: {}", link.code)) && approved.contains(&link.short_link),
        "{approved}"
    );
    shop.post("/v1/partners/ban", &json!({ "partnerId": row[0].id })).ok::<Value>();
    let mails = server.mailed("maya@example.com", 4);
    assert!(mails[3].contains("your partnership has ended"), "{}", mails[3]);
}

/// Maya has news every day but one; Carl's mail of a day shows that the day was told.
#[test]
fn new_commissions_are_told_once_a_day() {
    let server = Server::start();
    let shop = shop(&server, json!({}));
    let ((_, maya), (_, carl)) = (joined(&server, "Maya"), joined(&server, "Carl"));
    let bert = shop.partner("BERT22");
    sell(&shop, &maya, "m1", json!({}));
    sell(&shop, "BERT22", "b1", json!({}));
    assert_eq!((server.mails_to("maya@example.com"), server.mails_to("carl@example.com")), (1, 1));
    day(&shop, 2);
    let first = server.mailed("maya@example.com", 2).remove(1);
    assert!(first.contains(TWO) && first.contains("there are new commissions for you"), "{first}");
    assert!(!first.contains("New commissions"), "one is not counted");
    // Reported late, on a day of which was told already; and nothing new for Maya.
    sell(&shop, &carl, "c1", json!({ "timestamp": "2026-03-01T10:00:00Z" }));
    day(&shop, 3);
    server.mailed("carl@example.com", 2);
    assert_eq!(server.mails_to("maya@example.com"), 2);
    sell(&shop, &maya, "m2", json!({}));
    sell(&shop, &maya, "m3", json!({}));
    sell(&shop, &carl, "c2", json!({}));
    server.stop();
    server.restart();
    day(&shop, 4);
    let third = server.mailed("maya@example.com", 3).remove(2);
    assert!(third.contains("New commissions: 2") && third.contains("Together: 4.00=C2=A0USD"), "{third}");
    server.mailed("carl@example.com", 3);
    // A clock that is set back tells nothing again.
    day(&shop, 2);
    day(&shop, 4);
    sell(&shop, &carl, "c3", json!({}));
    day(&shop, 5);
    server.mailed("carl@example.com", 4);
    assert_eq!(server.mails_to("maya@example.com"), 3);
    assert_eq!(server.mails_to(&bert.email), 0, "an address that is not proven hears nothing of money");
}

#[test]
fn who_declines_is_not_told() {
    let server = Server::start();
    let shop = shop(&server, json!({}));
    let ((_, maya), (_, carl)) = (joined(&server, "Maya"), joined(&server, "Carl"));
    sell(&shop, &maya, "m1", json!({}));
    day(&shop, 2);
    let mail = server.mailed("maya@example.com", 2).remove(1);
    let link = server.links_mailed("maya@example.com", "/mail/decline?token=", 1).remove(0);
    assert!(mail.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"), "{mail}");
    assert!(mail.replace("\r\n ", "").contains(&format!("<{}{link}>", server.base)), "{mail}");
    let shown = server.nobody().get(&link);
    assert!(
        shown.status == 200 && shown.text.contains("<form"),
        "a scanner that follows the link declines nothing"
    );
    sell(&shop, &maya, "m2", json!({}));
    day(&shop, 3);
    server.mailed("maya@example.com", 3);
    // As a mail program does it: no cookie, no redirect.
    let form = server.nobody().with("content-type", "application/x-www-form-urlencoded");
    let post = |path: &str| form.send(Method::POST, path, Some(b"List-Unsubscribe=One-Click".to_vec()));
    assert_eq!((post(&link).status, post(&link).status), (200, 200));
    sell(&shop, &maya, "m3", json!({}));
    sell(&shop, &carl, "c1", json!({}));
    day(&shop, 4);
    server.mailed("carl@example.com", 2);
    assert_eq!(server.mails_to("maya@example.com"), 3);
    assert_eq!(post(&link.replace("/mail/decline", "/mail/resume")).status, 200);
    sell(&shop, &maya, "m4", json!({}));
    day(&shop, 5);
    assert!(server.mailed("maya@example.com", 4)[3].contains(TWO));
    let other = if link.ends_with('0') { '1' } else { '0' };
    let forged = format!("{}{other}", &link[..link.len() - 1]);
    assert!([post(&forged).status, server.nobody().get("/mail/decline").status].iter().all(|s| *s == 404));
}

#[test]
fn a_month_is_told_when_it_is_over() {
    let server = Server::start();
    let shop = shop(&server, json!({ "holdDays": 0 }));
    let (_, maya) = joined(&server, "Maya");
    joined(&server, "Carl");
    sell(&shop, &maya, "m1", json!({}));
    // Its hold ends in March, too.
    for _ in 0..200 {
        if shop.commissions()[0].status == "processed" {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    shop.clock(json!({ "now": "2026-04-01T00:00:01.000Z", "frozen": true }));
    let mails = server.mailed("maya@example.com", 3);
    let told = mails.iter().find(|mail| mail.contains("your statement for March 2026")).expect("a statement");
    assert!(told.contains(&format!("Earned: {TWO}")) && told.contains("List-Unsubscribe:"), "{told}");
    shop.clock(json!({ "now": "2026-05-01T00:00:01.000Z", "frozen": true }));
    sell(&shop, &maya, "m2", json!({}));
    shop.clock(json!({ "now": "2026-05-02T00:00:01.000Z", "frozen": true }));
    let mails = server.mailed("maya@example.com", 4);
    assert!(!mails.iter().any(|mail| mail.contains("statement for April")), "nothing moved in April");
    assert_eq!(server.mails_to("carl@example.com"), 1);
}

#[test]
fn payouts_and_claims_are_told() {
    let server = Server::start();
    let shop = shop(&server, json!({ "holdDays": 1, "minPayout": 0 }));
    let (hers, maya) = joined(&server, "Maya");
    let id = shop.get("/v1/partners").ok::<Vec<Partner>>().remove(0).id;
    let method = json!({ "method": "paypal", "email": "maya@example.com" });
    shop.put(&format!("/v1/partners/{id}/payout-method"), &method).ok::<Value>();
    let pay = |invoice: &str, mark: &str| {
        sell(&shop, &maya, invoice, json!({ "amount": 100_000 }));
        shop.clock(json!({ "advanceDays": 2 }));
        let batch: PayoutBatch =
            shop.with("idempotency-key", invoice).post("/v1/payouts/batches", &json!({})).ok();
        shop.post(&format!("/v1/payouts/batches/{}/approve", batch.id), &json!({})).ok::<Value>();
        let payouts: Vec<Payout> = shop.all(&format!("/v1/payouts?batchId={}", batch.id), 100);
        let marks = json!({ "payouts": [payouts[0].id], "status": mark });
        for _ in 0..2 {
            shop.post("/v1/payouts/mark", &marks).ok::<Value>();
        }
    };
    let with = |text: &str| {
        for _ in 0..100 {
            let mails = server.mailed("maya@example.com", 1);
            let found: Vec<String> = mails.into_iter().filter(|mail| mail.contains(text)).collect();
            if !found.is_empty() {
                return found;
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        panic!("no mail with {text}");
    };
    pay("p1", "paid");
    let paid = with("has paid you 200.00=C2=A0USD");
    assert!(paid.len() == 1 && paid[0].contains("Paid by: PayPal"), "{paid:?}");
    pay("p2", "failed");
    assert_eq!(with("did not reach you").len(), 1);
    let page = server.bearer(&hers.token).with("origin", ORIGIN);
    shop.sale(json!({ "customerExternalId": "u-9", "amount": 1_000, "invoiceId": "in-9" }));
    for (invoice, decision, text) in
        [("in-8", "refused", "could not grant it"), ("in-9", "granted", "order in-9 is credited to you")]
    {
        let claim: Claim = page.post("/v1/embed/claims", &json!({ "invoiceId": invoice })).ok();
        let body = json!({ "decision": decision, "note": "We looked at it" });
        for _ in 0..2 {
            shop.post(&format!("/v1/claims/{}/decide", claim.id), &body).ok::<Value>();
        }
        let told = with(text);
        assert!(told.len() == 1 && told[0].contains("They say: We looked at it"), "{told:?}");
    }
}

#[test]
fn every_mail_can_be_looked_at() {
    let server = Server::start();
    assert_eq!(server.nobody().get("/mail/preview").status, 303, "to log in");
    server.nobody().get("/mail/preview/digest").refused(401);
    let list = server.console().get("/mail/preview").text;
    let links: Vec<&str> = list.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let previews: Vec<String> = links
        .iter()
        .filter(|link| link.starts_with("/mail/preview/"))
        .map(|link| link.replace("&amp;", "&"))
        .collect();
    assert_eq!(previews.len(), 31 * 7 * 2, "{list}");
    let console = server.console();
    for link in &previews {
        let shown = console.get(link);
        assert!(shown.status == 200 && shown.text.contains("Friends of Tea"), "{link}: {}", shown.text);
        assert!(
            shown
                .header("content-security-policy")
                .is_some_and(|policy| policy.contains("default-src 'none'"))
        );
    }
    console.get("/mail/preview/spam").refused(404);
}
