//! Events out of order: however they come, the ledger ends the same.

use super::{Job, Shop};
use crate::harness::{Kind, Server};
use goodword_wire::InboundEvent;
use serde_json::{Value, json};

const STORY: [&str; 8] = [
    "checkout.session.completed.subscription",
    "invoice.paid.first",
    "invoice_payment.paid",
    "invoice.paid.renewal",
    "charge.refunded.part",
    "charge.refunded.more",
    "charge.dispute.created",
    "charge.dispute.closed",
];

/// Plays the story in the order of `places`; how all stands in the end.
fn played(places: &[usize]) -> Value {
    let shop = Shop::on(Server::on(Kind::chosen()), json!({}));
    let stripe = shop.connect("stripe", json!({}));
    let jobs: Vec<Job> = places
        .iter()
        .map(|place| Job::new("stripe", shop.body(&format!("stripe-2026-10-28/{}", STORY[*place]))))
        .collect();
    for answer in shop.send(&stripe, &jobs) {
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
    let waiting: Vec<InboundEvent> = shop.vendor.get("/v1/integrations/stripe/events?outcome=waiting").ok();
    assert!(waiting.is_empty(), "{places:?}: {waiting:?}");
    let failed: Vec<InboundEvent> = shop.vendor.get("/v1/integrations/stripe/events?outcome=failed").ok();
    assert!(failed.is_empty(), "{places:?}: {failed:?}");
    shop.standing()
}

/// The next of a fixed row of numbers. Source: Knuth, MMIX.
fn next(state: &mut u64) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*state >> 40).unwrap_or_default()
}

#[test]
fn however_they_come_the_ledger_ends_the_same() {
    let forth: Vec<usize> = (0..STORY.len()).collect();
    let expected = played(&forth);
    assert_eq!(expected["commissions"].as_array().map(Vec::len), Some(2), "{expected}");
    let back: Vec<usize> = forth.iter().rev().copied().collect();
    assert_eq!(played(&back), expected, "backwards");
    let mut state = 20_251_124;
    for _ in 0..8 {
        let mut places = forth.clone();
        for end in (1..places.len()).rev() {
            places.swap(end, next(&mut state) % (end + 1));
        }
        assert_eq!(played(&places), expected, "{places:?}");
    }
}

/// An hour after it came an invoice is taken without the checkout nobody told of; at the vendor's word at once.
#[test]
fn what_never_comes_is_not_waited_for_for_ever() {
    let shop = Shop::open(json!({}));
    let stripe = shop.connect("stripe", json!({}));
    let named = |name: &str| Job::new("stripe", shop.body(&format!("stripe-2026-10-28/{name}")));
    assert_eq!(
        shop.take(&stripe, &[named("invoice.paid.first"), named("charge.refunded.part")]),
        ["waiting"; 2]
    );
    let event =
        shop.events(&stripe).into_iter().find(|e| e.event_id == "evt_invoice_1").expect("it was stored");
    assert!(event.next_attempt_at.is_some() && event.reason.contains("Who bought"), "{event:?}");
    let path = format!("/v1/integrations/stripe/events/{}/replay", event.id);
    let replayed: InboundEvent = shop.vendor.post(&path, &json!({})).ok();
    assert_eq!(replayed.outcome, "taken", "{replayed:?}");
    assert_eq!(
        shop.vendor.post(&path, &json!({})).ok::<InboundEvent>(),
        replayed,
        "a second time changes nothing"
    );
    let sale = shop.sale(&stripe, "evt_invoice_1");
    assert_eq!(
        (sale.credited, sale.customer.and_then(|c| c.email).as_deref()),
        (false, Some("ann@example.com"))
    );
    // The refund waits for the name of the invoice's payment, which has not come either.
    let refund =
        shop.events(&stripe).into_iter().find(|e| e.event_id == "evt_refund_1").expect("it was stored");
    assert_eq!(refund.outcome, "waiting");
    shop.server.change("update inbound_event set received_at = received_at - 400000000, next_attempt_at = 0 where outcome = 'waiting'");
    let gone = (0..100).find_map(|_| {
        std::thread::sleep(std::time::Duration::from_millis(100));
        shop.events(&stripe).into_iter().find(|e| e.event_id == "evt_refund_1" && e.outcome == "ignored")
    });
    assert!(gone.is_some_and(|e| e.reason.contains("ever reported")), "{:?}", shop.events(&stripe));
}

/// A sale that the vendor's own server reports frees a refund that waits for it.
#[test]
fn a_refund_waits_for_a_sale_that_comes_another_way() {
    let shop = Shop::open(json!({}));
    let stripe = shop.connect("stripe", json!({}));
    let refund = shop.body("stripe-2020-08-27/charge.refunded.part");
    assert_eq!(shop.take(&stripe, &[Job::new("stripe", refund)]), ["waiting"]);
    let sale = json!({ "customerExternalId": "u", "code": "MAYA27", "amount": 7800, "paymentProcessor": "stripe", "invoiceId": "in_1Sx2" });
    let sale = shop.vendor.sale(sale);
    shop.server.change("update inbound_event set next_attempt_at = 0 where outcome = 'waiting'");
    let counted = (0..100).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(100));
        shop.vendor.get(&format!("/v1/sales/{}", sale.id)).json()["sale"]["refunded"] == 1300
    });
    assert!(counted, "{:?}", shop.events(&stripe));
}
