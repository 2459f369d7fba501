//! Anybody's events by a mapping: `WooCommerce`'s, and a shop's own.

use super::{Job, SECRET, Shop};
use goodword_wire::{InboundReceipt, InboundTrial};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// As `www/docs/integrations.md` has it.
fn woocommerce() -> Value {
    let docs = include_str!("../../../../www/docs/integrations.md");
    let text =
        docs.split("```json").find(|part| part.contains("X-WC-Webhook-Signature")).expect("it is there");
    // Behind the name of the file that the page has it saved as.
    let text = text.split("```").next().and_then(|block| block.split_once('\n')).expect("a block").1;
    let input: Value = serde_json::from_str(text).expect("the documented mapping is JSON");
    assert!(input["secrets"].is_array(), "{input}");
    json!({ "mapping": input["mapping"] })
}

fn woo(shop: &Shop, change: &dyn Fn(&str) -> String) -> Job {
    Job::new("woocommerce", change(&shop.body("woocommerce/order.updated")))
}

#[test]
fn woocommerce_by_the_documented_mapping() {
    let shop = Shop::open(json!({ "currency": "eur" }));
    let generic = shop.connect("generic", woocommerce());
    let ping = BTreeMap::from([("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned())]);
    assert_eq!(shop.post(&generic, "webhook_id=7", &ping).ok::<InboundReceipt>().outcome, "ignored");
    let refund = r#""refunds": [{"id": 812, "reason": "", "total": "-32.72"}]"#;
    let refunded = |text: &str| text.replace("\"refunds\": []", refund).replace("processing", "completed");
    let jobs = [
        woo(&shop, &|text| text.replace("processing", "pending")),
        woo(&shop, &str::to_owned),
        woo(&shop, &str::to_owned),
        woo(&shop, &refunded),
    ];
    assert_eq!(shop.take(&generic, &jobs), ["ignored", "taken", "taken", "taken"]);
    let events = shop.events(&generic);
    let taken = events.iter().find(|e| e.outcome == "taken").expect("one was taken");
    let sale = shop.sale(&generic, &taken.event_id);
    assert_eq!((sale.sale.amount, sale.sale.payment_processor.as_str()), (13_090, "woocommerce"));
    assert_eq!((sale.sale.refunded, sale.credited), (3272, true));
    // 130.90 with 20.90 tax and 10.00 shipping: 100.00 at 20 %, of which 32.72 of 130.90 was given back.
    assert_eq!(shop.vendor.commissions()[0].earnings, 1500);
}

#[test]
fn a_trial_tells_what_would_be_reported_and_stores_nothing() {
    let shop = Shop::open(json!({ "currency": "eur" }));
    let body: Value = serde_json::from_str(&shop.body("woocommerce/order.updated")).expect("JSON");
    let input = json!({ "body": body, "mapping": woocommerce()["mapping"] });
    let trial: InboundTrial = shop.vendor.post("/v1/integrations/generic/test", &input).ok();
    let sale = &trial.reports[0]["sale"];
    assert_eq!(
        (&sale["amount"], &sale["tax"], &sale["invoiceId"]),
        (&json!(13_090), &json!(2090), &json!("727"))
    );
    assert_eq!(sale["code"], json!(["summer10", "maya27"]));
    let body: Value =
        serde_json::from_str(&shop.body("stripe-2026-10-28/charge.refunded.part")).expect("JSON");
    let trial: InboundTrial = shop.vendor.post("/v1/integrations/stripe/test", &json!({ "body": body })).ok();
    assert_eq!(trial.reports[0]["refund"]["amount"], 1300);
    assert!(shop.vendor.all_rows("/v1/events?event=sale", 50).is_empty());
    assert!(shop.vendor.get("/v1/integrations").json().as_array().is_some_and(Vec::is_empty));
}

#[test]
fn a_signature_with_a_time_and_fields_of_ones_own() {
    let shop = Shop::open(json!({}));
    let fields = json!({ "invoiceId": "order.no", "amount": "order.cents", "clickId": "click", "customerEmail": "mail" });
    let rule = json!({ "report": "sale", "when": [{ "path": "kind", "is": ["paid"] }], "fields": fields });
    let dispute = json!({ "report": "dispute", "when": [{ "path": "kind", "is": ["complaint"] }],
        "fields": { "invoiceId": "order.no", "disputeId": "id", "status": "=open" } });
    let mapping = json!({ "eventId": "id", "eventType": "kind", "rules": [rule, dispute] });
    let own = shop.connect("generic", json!({ "mapping": mapping }));
    let send = |body: Value| {
        let body = body.to_string();
        let stripe = shop.sign(&[Job::new("stripe", body.clone())]).remove(0);
        // The scheme is Stripe's, under a name of ours.
        let headers = BTreeMap::from([("goodword-signature".to_owned(), stripe["stripe-signature"].clone())]);
        shop.post(&own, &body, &headers).ok::<InboundReceipt>()
    };
    let paid = json!({ "id": "e1", "kind": "paid", "click": shop.click, "mail": "ann@example.com", "order": { "no": 7, "cents": 5000 } });
    assert_eq!(send(paid).outcome, "taken");
    assert_eq!(shop.vendor.commissions()[0].earnings, 1000);
    assert_eq!(send(json!({ "id": "e2", "kind": "complaint", "order": { "no": "7" } })).outcome, "taken");
    assert_eq!(shop.vendor.commissions()[0].earnings, 0);
    let half = json!({ "id": "e3", "kind": "paid", "order": { "no": 8, "cents": "12.5" } });
    let failed = send(half);
    assert!(failed.outcome == "failed" && failed.reason.contains("whole minor units"), "{failed:?}");
}

#[test]
fn a_mapping_that_cannot_work_is_refused_by_its_path() {
    let shop = Shop::open(json!({}));
    let fields = json!({ "invoiceId": "id", "amount": "total" });
    let rule = |with: Value| {
        let mut rule = json!({ "report": "sale", "fields": fields });
        if let (Value::Object(rule), Value::Object(with)) = (&mut rule, with) {
            rule.extend(with);
        }
        json!({ "rules": [rule] })
    };
    let cases = [
        (json!({ "rules": [] }), "mapping.rules"),
        (rule(json!({ "report": "gift" })), "mapping.rules[0].report"),
        (rule(json!({ "amounts": "cents" })), "mapping.rules[0].amounts"),
        (rule(json!({ "amounts": "decimal" })), "mapping.rules[0].fields.currency"),
        (rule(json!({ "fields": { "amount": "total" } })), "mapping.rules[0].fields.invoiceId"),
        (
            rule(json!({ "fields": { "invoiceId": "a..b", "amount": "total" } })),
            "mapping.rules[0].fields.invoiceId",
        ),
        (
            rule(json!({ "fields": { "invoiceId": "id", "amount": "total", "refundId": "x" } })),
            "mapping.rules[0].fields.refundId",
        ),
        (rule(json!({ "when": [{ "path": "", "is": [] }] })), "mapping.rules[0].when[0].path"),
        (
            json!({ "rules": [{ "report": "sale", "fields": fields }], "signature": { "scheme": "md5" } }),
            "mapping.signature.scheme",
        ),
    ];
    for (mapping, at) in cases {
        let input = json!({ "secrets": [SECRET], "mapping": mapping });
        let refusal = shop.vendor.put("/v1/integrations/generic", &input).refused(422);
        assert!(refusal.contains(&format!("`{at}`")), "{at}: {refusal}");
    }
    assert!(
        shop.vendor
            .put("/v1/integrations/generic", &json!({ "secrets": [SECRET] }))
            .refused(422)
            .contains("mapping")
    );
}
