//! Currencies without a minor unit, with three decimals and with four: in the sale, in the program and between them.

use super::sums::assert_sound;
use crate::harness::Server;
use goodword_wire::{Commission, SaleOutput};
use serde_json::{Value, json};

/// A sale of `amount` minor units in a program of another currency that pays `percentage`.
fn sale(from: &str, to: &str, rate: &str, amount: i64, percentage: &str) -> (SaleOutput, Commission, Value) {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-03-01T09:00:00.000Z");
    shop.program(json!({ "currency": to, "rewards": [{ "event": "sale", "type": "percentage", "percentage": percentage }] }));
    shop.partner("MAYA10");
    let told = json!({ "base": from, "quote": to, "rate": rate, "source": "ECB", "at": "2026-03-01" });
    shop.post("/v1/exchange-rates", &told).ok::<Value>();
    let sale = shop
        .sale(json!({ "customerExternalId": "u-1", "amount": amount, "currency": from, "code": "MAYA10" }));
    assert_sound(&shop);
    let totals = shop.get("/v1/analytics").json()["totals"]["saleAmount"].clone();
    let commission = sale.commission.clone().expect("a commission");
    (sale, commission, totals)
}

#[track_caller]
fn check(
    from: &str,
    to: &str,
    rate: &str,
    (amount, percentage): (i64, &str),
    value: i64,
    earned: i64,
    arithmetic: &str,
) {
    let (sale, commission, total) = sale(from, to, rate, amount, percentage);
    assert_eq!((sale.sale.amount, sale.sale.currency.as_str()), (amount, from));
    assert_eq!(
        (total, commission.earnings, commission.currency.as_str()),
        (json!(value), earned, to),
        "{from} {to}"
    );
    assert_eq!(commission.arithmetic, arithmetic);
}

/// Our own arithmetic: 1,005 JPY at 0.0067 are 6.7335 USD, so 6.73; 20 % of it, rounded once, 1.35 (of 6.73 it would be the same).
#[test]
fn from_no_decimals_to_two() {
    let said = "20% of 1005 JPY at 0.0067 USD for 1 JPY (ECB) = 1.35 USD";
    check("jpy", "usd", "0.0067", (1_005, "20"), 673, 135, said);
}

/// 33.33 USD at 149.5 are 4,982.835 JPY, so 4,983; 10 % of it 498.
#[test]
fn from_two_decimals_to_none() {
    let said = "10% of 33.33 USD at 149.5 JPY for 1 USD (ECB) = 498 JPY";
    check("usd", "jpy", "149.5", (3_333, "10"), 4_983, 498, said);
}

/// 100.00 USD at 0.3075 are 30.750 KWD; 2.9 % of it 0.89175, so 0.892.
#[test]
fn from_two_decimals_to_three() {
    let said = "2.9% of 100.00 USD at 0.3075 KWD for 1 USD (ECB) = 0.892 KWD";
    check("usd", "kwd", "0.3075", (10_000, "2.9"), 30_750, 892, said);
}

/// 1.2345 CLF at 5,800 are 7,160.1 JPY, so 7,160; 50 % of it, rounded once, 3,580 (3,580.05).
#[test]
fn from_four_decimals_to_none() {
    let said = "50% of 1.2345 CLF at 5800 JPY for 1 CLF (ECB) = 3580 JPY";
    check("clf", "jpy", "5800", (12_345, "50"), 7_160, 3_580, said);
}

/// 1 JPY at 0.000172413793 is 0.0002 CLF (1.72 of its minor units).
#[test]
fn from_no_decimals_to_four() {
    let said = "100% of 1 JPY at 0.000172413793 CLF for 1 JPY (ECB) = 0.0002 CLF";
    check("jpy", "clf", "0.000172413793", (1, "100"), 2, 2, said);
}

/// 1.001 KWD at 3.2475 are 3.2507475 USD, so 3.25; all of it.
#[test]
fn from_three_decimals_to_two() {
    let said = "100% of 1.001 KWD at 3.2475 USD for 1 KWD (ECB) = 3.25 USD";
    check("kwd", "usd", "3.2475", (1_001, "100"), 325, 325, said);
}

/// A bounty is in the program's currency, and needs no rate.
#[test]
fn a_bounty_needs_no_rate() {
    let server = Server::start();
    let shop = server.test();
    shop.program(
        json!({ "currency": "jpy", "rewards": [{ "event": "sale", "type": "flat", "amount": 500 }] }),
    );
    shop.partner("MAYA10");
    let sale = shop.sale(json!({ "customerExternalId": "u-1", "amount": 1_000, "currency": "usd", "code": "MAYA10", "invoiceId": "in_1" }));
    let commission = sale.commission.expect("a commission");
    assert_eq!(
        (commission.status.as_str(), commission.earnings, commission.arithmetic.as_str()),
        ("pending", 500, "500 JPY flat")
    );
    let refund = shop.refund(json!({ "invoiceId": "in_1", "refundId": "re_1", "amount": 999 }));
    assert_eq!(
        refund.commission.map(|c| (c.earnings, c.arithmetic)),
        Some((500, "500 JPY flat, 9.99 USD of 10.00 USD refunded = 500 JPY".to_owned()))
    );
    assert_sound(&shop);
}

/// The largest amount at a large rate does not fit; it is refused before anything is stored.
#[test]
fn what_does_not_fit_is_refused() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-03-01T09:00:00.000Z");
    shop.program(json!({ "currency": "clf" }));
    shop.partner("MAYA10");
    let told =
        json!({ "base": "jpy", "quote": "clf", "rate": "1000000000", "source": "x", "at": "2026-03-01" });
    shop.post("/v1/exchange-rates", &told).ok::<Value>();
    let sale = json!({ "customerExternalId": "u-1", "amount": 1_000_000_000_000_i64, "currency": "jpy", "code": "MAYA10" });
    assert!(shop.post("/v1/track/sale", &sale).refused(422).contains("`amount`"));
    assert_eq!(shop.all_rows("/v1/events?event=sale", 50).len(), 0);
}
