//! Models that share the credit: at the lead, over later sales, and after refunds the sums are exact.

use super::sums::assert_sound;
use crate::harness::{Client, Server};
use goodword_wire::SaleOutput;
use serde_json::json;
use std::collections::BTreeMap;

/// A program that pays all of a sale, with a journey A › B › A of one visitor.
fn shop(server: &Server, model: &str) -> (Client, String) {
    let shop = server.test();
    shop.freeze("2026-03-10T12:00:00.000Z");
    let rewards = json!([{ "event": "sale", "type": "percentage", "percentage": "100" }]);
    shop.program(json!({ "attributionModel": model, "rewards": rewards }));
    shop.partner("ANNA11");
    shop.partner("BERT22");
    let mut last = String::new();
    for (code, at) in [("ANNA11", "01"), ("BERT22", "03"), ("ANNA11", "08")] {
        let click =
            json!({ "key": code, "visitorId": "v-1", "timestamp": format!("2026-03-{at}T00:00:00Z") });
        last = shop.click(click).click_id;
    }
    (shop, last)
}

fn shares(sale: &SaleOutput) -> BTreeMap<&str, i64> {
    sale.commissions.iter().map(|c| (c.partner.name.as_str(), c.earnings)).collect()
}

fn told(anna: i64, bert: i64) -> BTreeMap<&'static str, i64> {
    [("Partner ANNA11", anna), ("Partner BERT22", bert)]
        .into_iter()
        .filter(|(_, share)| *share != 0)
        .collect()
}

/// Worked example: one sale of 140.00 over A › B › A [Snowplow]: linear 93.33/46.67, `position_based` 112.00/28.00, first and last touch
/// A 140.00.
#[test]
fn one_sale_of_a_journey() {
    for (model, anna, bert) in [
        ("linear", 9_333, 4_667),
        ("position_based", 11_200, 2_800),
        ("first_touch", 14_000, 0),
        ("last_touch", 14_000, 0),
    ] {
        let server = Server::start();
        let (shop, click) = shop(&server, model);
        let sale = shop.sale(json!({ "customerExternalId": "u-1", "amount": 14_000, "clickId": click }));
        assert_eq!(shares(&sale), told(anna, bert), "{model}");
        assert_eq!(sale.reason, model);
        assert_sound(&shop);
    }
}

/// What the lead bound is shared in the same way at every later sale, whatever is clicked meanwhile; and what is given back is taken
/// from both so that their parts come to what remains.
#[test]
fn a_shared_binding_lasts_and_its_sums_are_exact() {
    for model in ["linear", "position_based", "time_decay"] {
        let server = Server::start();
        let (shop, click) = shop(&server, model);
        let lead = shop.lead(json!({ "customerExternalId": "u-1", "clickId": click }));
        assert!(lead.credited);
        let mut first = BTreeMap::new();
        for (n, amount) in [14_000, 9_999, 1, 2, 14_000].into_iter().enumerate() {
            shop.clock(json!({ "advanceDays": 25 }));
            shop.click(json!({ "key": "BERT22", "visitorId": "v-1" }));
            let invoice = format!("in_{n}");
            let sale =
                shop.sale(json!({ "customerExternalId": "u-1", "amount": amount, "invoiceId": invoice }));
            assert_eq!(sale.reason, "bound_at_sign_up", "{model}");
            assert_eq!(shares(&sale).values().sum::<i64>(), amount, "{model}");
            if n == 0 {
                first = shares(&sale).into_iter().map(|(name, share)| (name.to_owned(), share)).collect();
            }
            if n == 4 {
                let last: BTreeMap<String, i64> =
                    shares(&sale).into_iter().map(|(name, share)| (name.to_owned(), share)).collect();
                assert_eq!(last, first, "{model}");
            }
            let mut left = amount;
            for (m, part) in [amount / 3, amount / 7, 1].into_iter().enumerate().filter(|(_, part)| *part > 0)
            {
                left -= part;
                shop.refund(json!({ "invoiceId": invoice, "refundId": format!("re_{m}"), "amount": part }));
                let now: SaleOutput = shop.get(&format!("/v1/sales/{}", sale.id)).ok();
                assert_eq!(shares(&now).values().sum::<i64>(), left, "{model}");
                if left == 0 {
                    break;
                }
            }
        }
        assert_sound(&shop);
    }
}

/// A code at the first checkout ends a shared binding, and is bound alone.
#[test]
fn a_code_takes_all_before_anything_was_earned() {
    let server = Server::start();
    let (shop, click) = shop(&server, "linear");
    shop.partner("CARA33");
    shop.lead(json!({ "customerExternalId": "u-1", "clickId": click }));
    for code in [Some("CARA33"), None] {
        let sale = shop.sale(json!({ "customerExternalId": "u-1", "amount": 100, "code": code }));
        assert_eq!(shares(&sale), BTreeMap::from([("Partner CARA33", 100)]));
    }
}

/// The older of two touchpoints a half-life apart weighs half.
#[test]
fn time_decay_halves_in_seven_days() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-03-10T12:00:00.000Z");
    let rewards = json!([{ "event": "sale", "type": "percentage", "percentage": "100" }]);
    shop.program(json!({ "attributionModel": "time_decay", "rewards": rewards }));
    shop.partner("ANNA11");
    shop.partner("BERT22");
    shop.click(json!({ "key": "ANNA11", "visitorId": "v-1", "timestamp": "2026-03-01T00:00:00Z" }));
    let click =
        shop.click(json!({ "key": "BERT22", "visitorId": "v-1", "timestamp": "2026-03-08T00:00:00Z" }));
    let sale = shop.sale(json!({ "customerExternalId": "u-1", "amount": 3_000, "clickId": click.click_id }));
    assert_eq!(shares(&sale), told(1_000, 2_000));
}
