//! Webhooks: endpoints, what is sent to them, and what becomes of it.

mod events;
mod listening;

use crate::harness::{Client, Kind, Posted, Receiver, Server, Start};
use goodword_wire::{Delivery, DeliveryDetail, ReplayOutput, Webhook};
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashSet};
use std::time::Duration;

/// A server that calls this machine.
pub fn server() -> Server {
    Server::special(Start::with(&["--local-webhooks"]))
}

/// An endpoint at the receiver, for these events.
#[track_caller]
pub fn endpoint(shop: &Client, receiver: &Receiver, with: Value) -> Webhook {
    let mut input = json!({ "url": format!("{}/hooks", receiver.base) });
    if let (Value::Object(input), Value::Object(with)) = (&mut input, with) {
        input.extend(with);
    }
    shop.post("/v1/webhooks", &input).ok()
}

/// What is kept of every event that an endpoint was told of.
pub fn bodies(shop: &Client, webhook: &Webhook) -> Vec<String> {
    let path = |delivery: &Delivery| format!("/v1/webhooks/{}/deliveries/{}", webhook.id, delivery.id);
    deliveries(shop, webhook).iter().map(|delivery| shop.get(&path(delivery)).text).collect()
}

fn deliveries(shop: &Client, webhook: &Webhook) -> Vec<Delivery> {
    shop.all(&format!("/v1/webhooks/{}/deliveries", webhook.id), 100)
}

/// Waits until what was sent stands so.
#[track_caller]
fn delivery_once(shop: &Client, webhook: &Webhook, is: impl Fn(&Delivery) -> bool) -> Delivery {
    for _ in 0..200 {
        if let Some(found) = deliveries(shop, webhook).into_iter().find(&is) {
            return found;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("no delivery came to stand so: {:#?}", deliveries(shop, webhook));
}

fn shop_with(server: &Server) -> Client {
    let shop = server.test();
    shop.program(json!({}));
    shop
}

fn sale(shop: &Client, number: usize) {
    let order = json!({ "customerExternalId": format!("u{number}"), "amount": 1000, "invoiceId": format!("in_{number}") });
    shop.sale(order);
}

#[test]
fn a_sale_is_told_and_its_delivery_logged() {
    let (server, receiver) = (server(), Receiver::start());
    let shop = shop_with(&server);
    let webhook =
        endpoint(&shop, &receiver, json!({ "events": ["sale.created"], "description": "Warehouse" }));
    assert!(webhook.secret.as_deref().is_some_and(|secret| secret.starts_with("whsec_")));
    shop.partner("MAYA27");
    let sold = shop
        .sale(json!({ "customerExternalId": "u1", "amount": 7800, "code": "MAYA27", "invoiceId": "in_1" }));
    let posted = receiver.wait_for(1).remove(0);
    assert_eq!((posted.path.as_str(), posted.kind().as_str()), ("/hooks", "sale.created"));
    let body = posted.json();
    let fields: BTreeSet<&str> = body.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(fields, BTreeSet::from(["data", "timestamp", "type"]));
    assert_eq!((&body["data"]["id"], &body["data"]["sale"]["amount"]), (&json!(sold.id), &json!(7800)));
    assert_eq!(body["data"]["commissions"][0]["earnings"], 1560);
    assert_eq!(posted.header("content-type"), "application/json");
    assert!(posted.header("user-agent").starts_with("Goodword/"));

    let done = delivery_once(&shop, &webhook, |d| d.status == "delivered");
    assert_eq!((done.attempts, done.code, done.event.as_str()), (1, Some(200), "sale.created"));
    assert_eq!((done.event_id.as_str(), done.cause.as_str()), (posted.header("webhook-id"), "event"));
    let detail: DeliveryDetail =
        shop.get(&format!("/v1/webhooks/{}/deliveries/{}", webhook.id, done.id)).ok();
    assert_eq!((detail.tries.len(), detail.tries[0].code), (1, Some(200)));
    assert_eq!(Value::from(detail.body.expect("a body")), body);
    let listed: Vec<Webhook> = shop.get("/v1/webhooks").ok();
    assert_eq!((listed.len(), &listed[0].secret, listed[0].description.as_str()), (1, &None, "Warehouse"));
}

#[test]
fn only_what_an_endpoint_asked_for_comes_and_nothing_of_the_other_mode() {
    let (server, receiver) = (server(), Receiver::start());
    let shop = shop_with(&server);
    let other = shop.program(json!({ "name": "Another" }));
    let of_other = endpoint(&shop, &receiver, json!({ "events": ["lead.created"], "programId": other.id }));
    endpoint(&server.live(), &receiver, json!({ "url": format!("{}/live", receiver.base) }));
    shop.lead(json!({ "customerExternalId": "a" }));
    sale(&shop, 1);
    shop.lead(json!({ "customerExternalId": "b", "programId": other.id }));
    let posted = receiver.wait_for(1);
    assert_eq!(
        (posted[0].kind().as_str(), &posted[0].json()["data"]["programId"]),
        ("lead.created", &json!(other.id))
    );
    delivery_once(&shop, &of_other, |d| d.status == "delivered");
    std::thread::sleep(Duration::from_millis(700));
    assert_eq!(receiver.posted().len(), 1, "{:?}", receiver.posted());
}

#[test]
fn what_fails_is_tried_again_with_the_same_bytes_under_the_same_id() {
    let (server, receiver) = (server(), Receiver::start());
    let shop = shop_with(&server);
    let webhook = endpoint(&shop, &receiver, json!({ "events": ["sale.created"] }));
    receiver.answer_next(&["500 No", "302 Elsewhere"]);
    sale(&shop, 1);
    let waits = delivery_once(&shop, &webhook, |d| d.attempts == 1);
    assert_eq!((waits.status.as_str(), waits.code), ("waiting", Some(500)));
    assert!(waits.next_attempt_at.is_some());
    // The second attempt is due after five seconds; the third would be after a minute.
    let posted = receiver.wait_for(2);
    assert_eq!(posted[0].body, posted[1].body);
    assert_eq!(posted[0].header("webhook-id"), posted[1].header("webhook-id"));
    assert_ne!(posted[0].header("webhook-timestamp"), posted[1].header("webhook-timestamp"));
    let moved = delivery_once(&shop, &webhook, |d| d.attempts == 2);
    assert_eq!((moved.status.as_str(), moved.code), ("waiting", Some(302)), "a redirect is not followed");
    assert!(receiver.posted().iter().all(|posted| posted.path == "/hooks"));
    let known: Webhook = shop.get(&format!("/v1/webhooks/{}", webhook.id)).ok();
    assert!(known.failing_since.is_some() && known.status == "enabled");

    let again = json!({ "deliveries": [moved.id] });
    let replayed: ReplayOutput = shop.post(&format!("/v1/webhooks/{}/replay", webhook.id), &again).ok();
    assert_eq!(replayed.replayed, 1);
    let done = delivery_once(&shop, &webhook, |d| d.status == "delivered");
    assert_eq!((done.attempts, done.cause.as_str()), (3, "replay"));
    let known: Webhook = shop.get(&format!("/v1/webhooks/{}", webhook.id)).ok();
    assert_eq!(known.failing_since, None, "it took something");
}

#[test]
fn an_endpoint_that_wants_no_more_is_disabled_and_its_owner_hears_of_it() {
    let (server, receiver, other) = (server(), Receiver::start(), Receiver::start());
    let shop = shop_with(&server);
    let webhook = endpoint(&shop, &receiver, json!({ "events": ["sale.created"] }));
    endpoint(&shop, &other, json!({ "events": ["sale.created"] }));
    receiver.answer_next(&["410 Gone"]);
    sale(&shop, 1);
    let gone = delivery_once(&shop, &webhook, |d| d.status == "failed");
    assert_eq!(gone.code, Some(410));
    let known: Webhook = shop.get(&format!("/v1/webhooks/{}", webhook.id)).ok();
    assert_eq!((known.status.as_str(), known.disabled_reason.as_deref()), ("disabled", Some("gone")));
    assert!(server.links_mailed("owner@shop.example", "/console/webhooks", 1).len() == 1);

    // What happens meanwhile is kept, and sent when it is asked for.
    sale(&shop, 2);
    other.wait_for(2);
    let path = format!("/v1/webhooks/{}", webhook.id);
    let span = json!({ "from": "2020-01-01T00:00:00Z" });
    assert!(shop.post(&format!("{path}/replay"), &span).refused(409).contains("disabled"));
    shop.post(&format!("{path}/test"), &json!({})).refused(409);
    let back: Webhook = shop.patch(&path, &json!({ "status": "enabled" })).ok();
    assert_eq!((back.status.as_str(), back.failing_since), ("enabled", None));
    let replayed: ReplayOutput = shop.post(&format!("{path}/replay"), &span).ok();
    assert_eq!(
        (replayed.replayed, replayed.more_from),
        (2, None),
        "the one that failed, and the one that never began"
    );
    let ids: HashSet<String> =
        receiver.wait_for(3).iter().map(|posted| posted.header("webhook-id").to_owned()).collect();
    assert_eq!(ids.len(), 2);
}

#[test]
fn lasting_failure_disables() {
    let (server, receiver) = (server(), Receiver::start());
    let shop = shop_with(&server);
    receiver.answer("503 Not now");
    let webhook = endpoint(&shop, &receiver, json!({ "events": ["sale.created"] }));
    sale(&shop, 1);
    delivery_once(&shop, &webhook, |d| d.attempts == 1);
    let known: Webhook = shop.get(&format!("/v1/webhooks/{}", webhook.id)).ok();
    assert_eq!(known.status, "enabled");
    server.change("update webhook set failing_since = failing_since - 259200000");
    sale(&shop, 2);
    for _ in 0..100 {
        let known: Webhook = shop.get(&format!("/v1/webhooks/{}", webhook.id)).ok();
        if known.disabled_reason.as_deref() == Some("failing") {
            server.links_mailed("owner@shop.example", "/console/webhooks", 1);
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("the endpoint is still enabled");
}

#[test]
fn secrets_are_replaced_without_a_gap() {
    let (server, receiver) = (server(), Receiver::start());
    let shop = shop_with(&server);
    let webhook = endpoint(&shop, &receiver, json!({ "events": ["sale.created"] }));
    let path = format!("/v1/webhooks/{}", webhook.id);
    let rotated: Webhook = shop.post(&format!("{path}/rotate"), &json!({ "overlapHours": 1 })).ok();
    assert!(rotated.secret != webhook.secret && rotated.old_secret_until.is_some());
    sale(&shop, 1);
    let posted = receiver.wait_for(1).remove(0);
    assert_eq!(posted.header("webhook-signature").split(' ').count(), 2, "both sign");
    let rotated: Webhook = shop.post(&format!("{path}/rotate"), &json!({ "overlapHours": 0 })).ok();
    assert_eq!(rotated.old_secret_until, None);
    sale(&shop, 2);
    let posted = receiver.wait_for(2).remove(1);
    assert_eq!(posted.header("webhook-signature").split(' ').count(), 1);
    assert!(
        shop.post(&format!("{path}/rotate"), &json!({ "overlapHours": 169 }))
            .refused(422)
            .contains("overlapHours")
    );
}

#[test]
fn a_test_event_is_sent_at_once_and_told_from_others() {
    let (server, receiver) = (server(), Receiver::start());
    let shop = server.test();
    let webhook = endpoint(&shop, &receiver, json!({ "events": ["lead.created"] }));
    let sent: Delivery =
        shop.post(&format!("/v1/webhooks/{}/test", webhook.id), &json!({ "event": "payout.paid" })).ok();
    assert_eq!((sent.cause.as_str(), sent.status.as_str()), ("test", "waiting"));
    let posted = receiver.wait_for(1).remove(0);
    assert_eq!(
        (posted.kind().as_str(), posted.header("webhook-id")),
        ("payout.paid", sent.event_id.as_str())
    );
    shop.post(&format!("/v1/webhooks/{}/test", webhook.id), &json!({ "event": "payout.eaten" })).refused(422);
}

#[test]
fn what_is_deleted_or_disabled_hears_nothing() {
    let (server, receiver) = (server(), Receiver::start());
    let shop = shop_with(&server);
    let (one, two) =
        (endpoint(&shop, &receiver, json!({})), endpoint(&shop, &receiver, json!({ "status": "disabled" })));
    assert_eq!(two.disabled_reason.as_deref(), Some("by_hand"));
    shop.delete(&format!("/v1/webhooks/{}", one.id)).ok::<Webhook>();
    shop.get(&format!("/v1/webhooks/{}", one.id)).refused(404);
    sale(&shop, 1);
    std::thread::sleep(Duration::from_secs(1));
    assert_eq!(receiver.posted().len(), 0);
    assert_eq!(deliveries(&shop, &two).len(), 0);
}

#[test]
fn addresses_of_private_networks_are_refused_and_never_called() {
    let (server, receiver) = (Server::start(), Receiver::start());
    let shop = shop_with(&server);
    let port = receiver.base.rsplit(':').next().expect("a port");
    let refused = |url: &str| shop.post("/v1/webhooks", &json!({ "url": url })).refused(422);
    for url in [
        format!("http://127.0.0.1:{port}/"),
        format!("https://127.0.0.1:{port}/"),
        format!("https://2130706433:{port}/"),
        format!("https://[::ffff:7f00:1]:{port}/"),
        "https://10.0.0.1/".into(),
        "https://169.254.169.254/latest/meta-data".into(),
        "https://user:secret@shop.example/".into(),
        "shop.example".into(),
    ] {
        assert!(refused(&url).contains("`url`"), "{url}");
    }
    // A name can be of the public net when it is given, and lead elsewhere when it is called.
    let url = format!("https://localhost:{port}/hooks");
    let webhook: Webhook = shop.post("/v1/webhooks", &json!({ "url": url, "events": ["sale.created"] })).ok();
    sale(&shop, 1);
    let failed = delivery_once(&shop, &webhook, |d| d.attempts > 0);
    assert_eq!(
        (failed.code, failed.error.as_deref()),
        (None, Some("the name has no address on the public net"))
    );
    assert_eq!(receiver.posted().len(), 0);
}

#[test]
fn at_most_four_at_once_are_under_way_and_slow_endpoints_hold_nobody_up() {
    let (server, slow, quick) = (server(), Receiver::start(), Receiver::start());
    let shop = shop_with(&server);
    slow.take_time(Duration::from_millis(1500));
    endpoint(&shop, &slow, json!({ "events": ["sale.created"] }));
    endpoint(&shop, &quick, json!({ "events": ["sale.created"] }));
    crate::harness::at_once(10, |i| sale(&shop, i));
    quick.wait_for(10);
    assert!(slow.posted().len() < 10, "the quick one did not wait for the slow one");
    slow.wait_for(10);
    assert!((2..=4).contains(&slow.most_at_once()), "{}", slow.most_at_once());
}

#[test]
fn two_processes_send_each_event_once() {
    let (one, receiver) = (server(), Receiver::start());
    let shop = shop_with(&one);
    endpoint(&shop, &receiver, json!({ "events": ["sale.created"] }));
    let two = one.beside();
    crate::harness::at_once(12, |i| sale(&if i % 2 == 0 { one.test() } else { two.test() }, i));
    receiver.wait_for(12);
    std::thread::sleep(Duration::from_secs(1));
    let ids: Vec<String> = receiver.posted().iter().map(|p| p.header("webhook-id").to_owned()).collect();
    assert_eq!((ids.len(), ids.iter().collect::<HashSet<_>>().len()), (12, 12), "{ids:?}");
}

#[test]
fn what_was_not_sent_before_a_crash_is_sent_after_it() {
    let (server, receiver) = (server(), Receiver::start());
    let shop = shop_with(&server);
    let webhook = endpoint(&shop, &receiver, json!({ "events": ["sale.created"] }));
    receiver.answer_next(&["500 No"]);
    sale(&shop, 1);
    server.kill();
    server.restart();
    receiver.wait_for(1);
    delivery_once(&shop, &webhook, |d| d.status == "delivered");
}

#[test]
fn input_is_refused_by_field() {
    let server = server();
    let shop = shop_with(&server);
    let refused = |input: Value| shop.post("/v1/webhooks", &input).refused(422);
    assert!(refused(json!({})).contains("`url`"));
    let with = |more: Value| {
        let mut input = json!({ "url": "https://shop.example/hooks" });
        if let (Value::Object(input), Value::Object(more)) = (&mut input, more) {
            input.extend(more);
        }
        input
    };
    assert!(refused(with(json!({ "events": ["sale.created", "sale.eaten"] }))).contains("`events[1]`"));
    assert!(refused(with(json!({ "events": [] }))).contains("`events`"));
    assert!(refused(with(json!({ "status": "asleep" }))).contains("`status`"));
    assert!(refused(with(json!({ "description": "x".repeat(201) }))).contains("`description`"));
    shop.post("/v1/webhooks", &with(json!({ "programId": "prg_00000000000000000000000000000000" })))
        .refused(404);
    server.page().post("/v1/webhooks", &with(json!({}))).refused(403);
    let created: Webhook = shop.post("/v1/webhooks", &with(json!({}))).ok();
    let path = format!("/v1/webhooks/{}", created.id);
    for (input, field) in [
        (json!({}), "deliveries"),
        (json!({ "deliveries": [] }), "deliveries"),
        (json!({ "deliveries": ["dlv_1"] }), "deliveries[0]"),
        (json!({ "from": "yesterday" }), "from"),
        (json!({ "from": "2026-01-02T00:00:00Z", "until": "2026-01-01T00:00:00Z" }), "until"),
        (json!({ "from": "2026-01-02T00:00:00Z", "which": "some" }), "which"),
    ] {
        let message = shop.post(&format!("{path}/replay"), &input).refused(422);
        assert!(message.starts_with(&format!("`{field}`")), "{message}");
    }
    shop.get(&format!("{path}/deliveries?status=lost")).refused(422);
    server.live().get(&path).refused(404);
}

#[test]
fn the_log_is_paged_and_filtered() {
    let (server, receiver) = (server(), Receiver::start());
    let shop = shop_with(&server);
    let webhook = endpoint(&shop, &receiver, json!({ "events": ["sale.created", "lead.created"] }));
    (0..5).for_each(|i| sale(&shop, i));
    shop.lead(json!({ "customerExternalId": "z" }));
    let posted: Vec<Posted> = receiver.wait_for(6);
    let path = format!("/v1/webhooks/{}/deliveries", webhook.id);
    let all: Vec<Delivery> = shop.all(&path, 2);
    assert_eq!(all.iter().map(|d| &d.id).collect::<HashSet<_>>().len(), 6);
    assert_eq!(shop.get(&format!("{path}?event=lead.created")).ok::<Vec<Delivery>>().len(), 1);
    let id = posted[0].header("webhook-id");
    assert_eq!(shop.get(&format!("{path}?eventId={id}")).ok::<Vec<Delivery>>().len(), 1);
    delivery_once(&shop, &webhook, |_| deliveries(&shop, &webhook).iter().all(|d| d.status == "delivered"));
    assert_eq!(shop.get(&format!("{path}?status=failed")).ok::<Vec<Delivery>>().len(), 0);
}

#[test]
fn old_events_are_deleted_with_their_log_and_the_check_finds_nothing_wrong() {
    let (server, receiver) = (server(), Receiver::start());
    let shop = shop_with(&server);
    let webhook = endpoint(&shop, &receiver, json!({ "events": ["sale.created"] }));
    sale(&shop, 1);
    delivery_once(&shop, &webhook, |d| d.status == "delivered");
    server.stop();
    // An event of long ago: its id begins with a time that is.
    if Kind::of(server.database()) == Kind::Sqlite {
        server.change(
            "pragma foreign_keys = off; \
             update delivery set event_id = 'evt_00000000000000000000000000000001'; \
             update outbox set id = 'evt_00000000000000000000000000000001';",
        );
    } else {
        server.change(
            "set session_replication_role = replica; \
             update delivery set event_id = 'evt_00000000000000000000000000000001'; \
             update outbox set id = 'evt_00000000000000000000000000000001';",
        );
    }
    server.restart();
    for _ in 0..100 {
        if deliveries(&shop, &webhook).is_empty() {
            let checked = server.operate("check", &[]);
            assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("the old delivery is still there");
}
