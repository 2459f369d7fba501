//! What is refused: nothing is stored, and nothing secret is logged.

use super::{Job, SECRET, Shop};
use crate::harness::Answer;
use goodword_wire::{InboundReceipt, Integration};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const SESSION: &str = "stripe-2026-10-28/checkout.session.completed.payment";
const SECOND: &str = "whsec_TheOneThatComesNext";

fn nothing_came(shop: &Shop, of: &Integration) {
    assert!(shop.events(of).is_empty(), "{:?}", shop.events(of));
    assert!(shop.vendor.commissions().is_empty());
    let known: Integration = shop.vendor.get(&format!("/v1/integrations/{}", of.provider)).ok();
    assert!(known.ignored.is_empty());
}

fn changed(headers: &BTreeMap<String, String>, name: &str, value: &str) -> BTreeMap<String, String> {
    let mut other = headers.clone();
    other.insert(name.into(), value.into());
    other
}

#[test]
fn wrong_signatures_times_types_and_bodies() {
    let shop = Shop::open(json!({}));
    let stripe = shop.connect("stripe", json!({}));
    let body = shop.body(SESSION);
    let deep = format!(
        r#"{{"id":"evt_deep","type":"invoice.paid","data":{}{}}}"#,
        "[".repeat(50_000),
        "]".repeat(50_000)
    );
    let huge = format!(r#"{{"id":"evt_huge","type":"invoice.paid","data":"{}"}}"#, "x".repeat(1_100_000));
    let ago = |seconds: i64| Job::new("stripe", body.clone()).with(json!({ "ago": seconds }));
    let jobs = [
        Job::new("stripe", body.clone()),
        Job::new("stripe", body.clone()).signed_with(&["whsec_of_somebody_else"]),
        ago(330),
        ago(-330),
        Job::new("stripe", deep),
        Job::new("stripe", huge),
        Job::new("stripe", r#"{"id":"evt_half","type":"#.into()),
        Job::new("stripe", "[]".into()),
        Job::new("stripe", r#"{"type":"invoice.paid"}"#.into()),
        Job::new("stripe", r#"{"id":"evt_\u0000","type":"invoice.paid"}"#.into()),
        Job::new("stripe", "webhook_id=7".into()),
    ];
    let signed = shop.sign(&jobs);
    let statuses: Vec<u16> = jobs
        .iter()
        .zip(&signed)
        // The first is a good one, from which others are made.
        .skip(1)
        .map(|(job, headers)| shop.post(&stripe, &job.body, headers).status)
        .collect();
    assert_eq!(statuses, [401, 401, 401, 400, 413, 400, 400, 400, 400, 400]);
    let good = &signed[0];
    let tampered = body.replace("7800", "78000");
    let told: [(&str, Answer, u16); 6] = [
        ("another body", shop.post(&stripe, &tampered, good), 401),
        ("no signature", shop.post(&stripe, &body, &BTreeMap::new()), 401),
        ("an empty one", shop.post(&stripe, &body, &changed(good, "stripe-signature", "t=,v1=")), 401),
        ("plain text", shop.post(&stripe, &body, &changed(good, "content-type", "text/plain")), 400),
        (
            "a form",
            shop.post(&stripe, &body, &changed(good, "content-type", "application/x-www-form-urlencoded")),
            400,
        ),
        ("an empty body", shop.post(&stripe, "", good), 401),
    ];
    for (what, answer, status) in told {
        assert_eq!(answer.status, status, "{what}: {}", answer.text);
        answer.refused(status);
    }
    let elsewhere = Integration { url: stripe.url.replace("/stripe/", "/paddle/"), ..stripe.clone() };
    shop.post(&elsewhere, &body, good).refused(401);
    let nowhere = Integration { url: format!("{}0", stripe.url), ..stripe.clone() };
    shop.post(&nowhere, &body, good).refused(401);
    nothing_came(&shop, &stripe);
    let log = shop.server.log();
    let signature = good["stripe-signature"].split("v1=").nth(1).expect("a signature");
    for secret in [SECRET, "whsec_of_somebody_else", signature, "ann@example.com"] {
        assert!(!log.contains(secret), "the log tells {secret}");
    }
}

/// A captured request sent again within the five minutes is the same event, and after them is refused.
#[test]
fn a_replay_changes_nothing() {
    let shop = Shop::open(json!({}));
    let stripe = shop.connect("stripe", json!({}));
    let job = Job::new("stripe", shop.body(SESSION));
    let headers = shop.sign(std::slice::from_ref(&job)).remove(0);
    let answers: Vec<InboundReceipt> = (0..3).map(|_| shop.post(&stripe, &job.body, &headers).ok()).collect();
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert_eq!((shop.events(&stripe).len(), shop.vendor.commissions().len()), (1, 1));
    let at_once = crate::harness::at_once(8, |_| shop.post(&stripe, &job.body, &headers).status);
    assert_eq!(at_once, [200; 8]);
    assert_eq!((shop.events(&stripe).len(), shop.vendor.commissions().len()), (1, 1));
}

#[test]
fn the_first_delivery_many_times_at_once_is_one() {
    let shop = Shop::open(json!({}));
    let stripe = shop.connect("stripe", json!({}));
    let job = Job::new("stripe", shop.body(SESSION));
    let headers = shop.sign(std::slice::from_ref(&job)).remove(0);
    let at_once = crate::harness::at_once(12, |_| shop.post(&stripe, &job.body, &headers).status);
    // Whoever is not served in time is told so, and sends again.
    assert!(at_once.iter().all(|status| [200, 503].contains(status)), "{at_once:?}");
    assert_eq!(shop.post(&stripe, &job.body, &headers).status, 200);
    assert_eq!((shop.events(&stripe).len(), shop.vendor.commissions().len()), (1, 1));
}

#[test]
fn secrets_are_rotated_and_never_given_back() {
    let shop = Shop::open(json!({}));
    let stripe = shop.connect("stripe", json!({ "secrets": [SECRET, SECOND] }));
    assert_eq!(stripe.secrets, 2);
    let unknown = |id: &str| json!({ "id": id, "type": "ping", "livemode": false }).to_string();
    let job = |id: &str, secrets: &[&str]| Job::new("stripe", unknown(id)).signed_with(secrets);
    let jobs = [
        job("a", &[SECRET]),
        job("b", &[SECOND]),
        job("c", &["whsec_unknown", SECOND]),
        job("d", &["whsec_unknown"]),
    ];
    let statuses = |jobs: &[Job]| shop.send(&stripe, jobs).iter().map(|a| a.status).collect::<Vec<_>>();
    assert_eq!(statuses(&jobs), [200, 200, 200, 401]);
    // What is left out stays; new secrets take the place of the old ones.
    let after: Integration = shop.vendor.put("/v1/integrations/stripe", &json!({ "secrets": [SECOND] })).ok();
    assert_eq!((after.secrets, &after.id), (1, &stripe.id));
    assert_eq!(statuses(&jobs), [401, 200, 200, 401]);
    let off: Integration = shop.vendor.put("/v1/integrations/stripe", &json!({ "active": false })).ok();
    assert_eq!((off.active, off.secrets), (false, 1));
    assert_eq!(statuses(&jobs[1..2]), [401]);
    let gone: Integration = shop.vendor.delete("/v1/integrations/stripe").ok();
    assert_eq!(gone.secrets, 0);
    let shown = [
        shop.vendor.get("/v1/integrations").text,
        shop.vendor.get("/v1/integrations/stripe").text,
        shop.server.log(),
    ];
    assert!(shown.iter().all(|text| !text.contains(SECRET) && !text.contains(SECOND)));
}

#[test]
fn paddle_and_shopify_refuse_alike() {
    let shop = Shop::open(json!({}));
    let paddle = shop.connect("paddle", json!({ "secrets": [SECRET, SECOND] }));
    let body = shop.body("paddle/transaction.completed");
    let old = Job::new("paddle", body.clone()).with(json!({ "ago": 330 }));
    let wrong = Job::new("paddle", body.clone()).signed_with(&["somebody else's"]);
    let rotated = Job::new("paddle", body).signed_with(&["somebody else's", SECOND]);
    let statuses: Vec<u16> = shop.send(&paddle, &[old, wrong]).iter().map(|a| a.status).collect();
    assert_eq!(statuses, [401, 401]);
    nothing_came(&shop, &paddle);
    assert_eq!(shop.take(&paddle, &[rotated]), ["taken"]);
    let shopify = shop.connect("shopify", json!({}));
    let body = shop.body("shopify/orders-paid");
    let more = json!({ "topic": "orders/paid", "id": "w1" });
    let wrong = Job::new("shopify", body.clone()).signed_with(&["somebody else's"]).with(more.clone());
    assert_eq!(shop.send(&shopify, &[wrong])[0].status, 401);
    let good = shop.sign(&[Job::new("shopify", body.clone()).with(more)]).remove(0);
    shop.post(&shopify, &body.replace("119.00", "999.00"), &good).refused(401);
    let mut without = good.clone();
    without.remove("x-shopify-topic");
    shop.post(&shopify, &body, &without).refused(400);
    assert!(shop.events(&shopify).is_empty());
}

/// A mapping's default signature, which has a time, and one without.
#[test]
fn anybody_else_is_refused_alike() {
    let shop = Shop::open(json!({}));
    let rule = json!({ "report": "sale", "fields": { "invoiceId": "no", "amount": "cents", "customerEmail": "mail" } });
    let own = shop.connect("generic", json!({ "mapping": { "eventId": "no", "rules": [rule] } }));
    let body = json!({ "no": "7", "cents": 5000, "mail": "ann@example.com" }).to_string();
    let deep = format!(r#"{{"no":"8","x":{}{}}}"#, "[".repeat(50_000), "]".repeat(50_000));
    let jobs = [
        Job::new("stripe", body.clone()),
        Job::new("stripe", body.clone()).signed_with(&["somebody else's"]),
        Job::new("stripe", body.clone()).with(json!({ "ago": 330 })),
        Job::new("stripe", deep),
        Job::new("stripe", format!(r#"{{"no":"9","x":"{}"}}"#, "x".repeat(1_100_000))),
    ];
    // The scheme is Stripe's, under a name of ours.
    let signed: Vec<BTreeMap<String, String>> = shop
        .sign(&jobs)
        .into_iter()
        .map(|headers| BTreeMap::from([("goodword-signature".into(), headers["stripe-signature"].clone())]))
        .collect();
    let send = |place: usize| shop.post(&own, &jobs[place].body, &signed[place]).status;
    assert_eq!([1, 2, 3, 4].map(send), [401, 401, 400, 413]);
    shop.post(&own, &body.replace("5000", "9000"), &signed[0]).refused(401);
    shop.post(&own, &body, &BTreeMap::new()).refused(401);
    let form = changed(&signed[0], "content-type", "application/x-www-form-urlencoded");
    shop.post(&own, &body, &form).refused(400);
    nothing_came(&shop, &own);
    let log = shop.server.log();
    assert!(!log.contains(SECRET) && !log.contains("ann@example.com"), "{log}");
    assert_eq!([0, 0, 0].map(send), [200; 3]);
    assert_eq!(shop.events(&own).len(), 1, "a replay is the same event");
}

#[test]
fn what_cannot_be_set_is_refused_without_telling_the_secret() {
    let shop = Shop::open(json!({}));
    let put = |provider: &str, input: Value| shop.vendor.put(&format!("/v1/integrations/{provider}"), &input);
    put("stripe", json!({})).refused(422);
    put("stripe", json!({ "secrets": [] })).refused(422);
    let short = put("stripe", json!({ "secrets": ["hunter2"] })).refused(422);
    assert!(!short.contains("hunter2"));
    put("stripe", json!({ "secrets": [SECRET], "shop": "tea.myshopify.com" })).refused(422);
    put("shopify", json!({ "secrets": [SECRET], "shop": "https://tea" })).refused(422);
    put("shopify", json!({ "secrets": [SECRET], "money": "both" })).refused(422);
    put("stripe", json!({ "secrets": [SECRET], "programId": "prg_00000000000000000000000000000001" }))
        .refused(404);
    put("stripe", json!({ "secrets": [SECRET], "mapping": { "rules": [] } })).refused(422);
    put("square", json!({ "secrets": [SECRET] })).refused(404);
    shop.server.nobody().put("/v1/integrations/stripe", &json!({ "secrets": [SECRET] })).refused(401);
    shop.server.page().put("/v1/integrations/stripe", &json!({ "secrets": [SECRET] })).refused(403);
    shop.vendor.get("/v1/integrations/stripe").refused(404);
    shop.vendor.get("/v1/integrations/stripe/events").refused(404);
}
