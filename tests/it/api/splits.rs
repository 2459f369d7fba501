//! One sale, several partners, named by the vendor.

use super::sums::assert_sound;
use crate::harness::{Client, Server};
use goodword_wire::{Commission, SaleOutput};
use serde_json::{Value, json};

const ALL: [&str; 5] = ["ANNA11", "BERT22", "CARA33", "DORA44", "EMIL55"];

fn shop(server: &Server, split: Value) -> Client {
    let shop = server.test();
    shop.freeze("2026-03-10T12:00:00.000Z");
    let mut reward = json!({ "event": "sale", "type": "percentage", "percentage": "100" });
    if !split.is_null() {
        reward["split"] = split;
    }
    shop.program(json!({ "rewards": [reward] }));
    for code in ALL {
        shop.partner(code);
    }
    shop
}

fn input(amount: i64, partners: &Value) -> Value {
    json!({ "customerExternalId": "u-1", "amount": amount, "invoiceId": "in_1", "partners": partners })
}

fn told(commissions: &[Commission]) -> Vec<(&str, i64)> {
    let name = |c: &'_ Commission| c.partner.name.len();
    assert!(commissions.iter().all(|c| name(c) > 8));
    commissions.iter().map(|c| (&c.partner.name[8..], c.earnings)).collect()
}

fn of_sale(shop: &Client, sale: &SaleOutput) -> SaleOutput {
    shop.get(&format!("/v1/sales/{}", sale.id)).ok()
}

/// Worked example: percent splits with a primary [`FirstPromoter`]: 1,001 minor, 25 % and 30 % to two, the rest to the primary → 250,
/// 300, 451.
#[test]
fn percentages_with_the_rest_for_one() {
    let server = Server::start();
    let shop = shop(&server, json!({ "by": "percentage" }));
    let partners = json!([{ "code": "BERT22", "percentage": "25" }, { "code": "CARA33", "percentage": "30" }, { "code": "ANNA11" }]);
    let sale = shop.sale(input(1_001, &partners));
    assert_eq!(told(&sale.commissions), [("BERT22", 250), ("CARA33", 300), ("ANNA11", 451)]);
    assert_eq!((sale.reason.as_str(), sale.credited), ("named_by_vendor", true));
    assert_sound(&shop);
}

/// The same where the primary is whoever the sale is attributed to.
#[test]
fn percentages_with_the_rest_for_whom_the_sale_is_attributed_to() {
    let server = Server::start();
    let shop = shop(&server, json!({ "by": "percentage" }));
    shop.lead(json!({ "customerExternalId": "u-1", "code": "ANNA11" }));
    let partners =
        json!([{ "code": "BERT22", "percentage": "25" }, { "code": "CARA33", "percentage": "30" }]);
    let sale = shop.sale(input(1_001, &partners));
    assert_eq!(told(&sale.commissions), [("BERT22", 250), ("CARA33", 300), ("ANNA11", 451)]);
    let next = shop.sale(json!({ "customerExternalId": "u-1", "amount": 500 }));
    assert_eq!(told(&next.commissions), [("ANNA11", 500)], "the customer's binding stays");
    let alone = json!({ "customerExternalId": "u-2", "amount": 1_001, "partners": partners });
    assert!(
        shop.post("/v1/track/sale", &alone).refused(422).contains("partners.percentage"),
        "nobody has the rest"
    );
}

/// Worked example: position shares [Post Affiliate Pro]: 100 over five, first 25 %, last 50 %, the remaining 25 % over all five → 30, 5,
/// 5, 5, 55.
#[test]
fn positions() {
    let server = Server::start();
    let shop = shop(&server, json!({ "by": "position", "first": 25, "last": 50 }));
    let partners = json!(ALL.map(|code| json!({ "code": code })));
    let sale = shop.sale(input(100, &partners));
    let expected = [("ANNA11", 30), ("BERT22", 5), ("CARA33", 5), ("DORA44", 5), ("EMIL55", 55)];
    assert_eq!(told(&sale.commissions), expected);
    // Whatever is given back, the parts come to what remains.
    for (id, amount) in [("re_1", 1), ("re_2", 32), ("re_3", 7), ("re_4", 59), ("re_5", 1)] {
        let left = shop.refund(json!({ "invoiceId": "in_1", "refundId": id, "amount": amount })).remaining;
        let sum: i64 = of_sale(&shop, &sale).commissions.iter().map(|commission| commission.earnings).sum();
        assert_eq!(sum, left, "{id}");
        assert_sound(&shop);
    }
}

#[test]
fn roles() {
    let server = Server::start();
    let shop = shop(&server, json!({ "by": "role", "roles": { "opener": 1, "closer": 2 } }));
    let of = |code: &str, role: &str| json!({ "code": code, "role": role });
    let partners = json!([of("ANNA11", "opener"), of("BERT22", "closer"), of("CARA33", "closer")]);
    let sale = shop.sale(input(1_001, &partners));
    assert_eq!(told(&sale.commissions), [("ANNA11", 200), ("BERT22", 401), ("CARA33", 400)]);
    for bad in [json!([of("ANNA11", "boss")]), json!([{ "code": "ANNA11" }])] {
        let said = shop
            .post("/v1/track/sale", &json!({ "customerExternalId": "u-2", "amount": 1, "partners": bad }))
            .refused(422);
        assert!(said.contains("partners.role") && said.contains("opener"), "{said}");
    }
}

#[test]
fn without_a_split_the_same_for_each_and_who_is_named_twice_gets_both() {
    let server = Server::start();
    let shop = shop(&server, Value::Null);
    let partners = json!([{ "code": "ANNA11" }, { "code": "BERT22" }, { "code": "anna11" }]);
    let sale = shop.sale(input(1_000, &partners));
    assert_eq!(told(&sale.commissions), [("ANNA11", 667), ("BERT22", 333)]);
    let again = shop.sale(input(1_000, &partners));
    assert_eq!(again, sale);
    shop.post("/v1/track/sale", &input(1_000, &json!([{ "code": "ANNA11" }]))).refused(409);
    assert_eq!(shop.all_rows("/v1/events?event=sale", 50).len(), 1, "one sale, though two share it");
    assert_eq!(shop.all_rows("/v1/events?event=sale", 50)[0]["earnings"], 1_000);
}

#[test]
fn what_is_wrong_with_a_list_is_told() {
    let server = Server::start();
    let shop = shop(&server, json!({ "by": "percentage" }));
    let many: Vec<Value> = (0..21).map(|_| json!({ "code": "ANNA11", "percentage": "1" })).collect();
    let of = |percentage: &str| json!([{ "code": "ANNA11", "percentage": percentage }, { "code": "BERT22" }]);
    for (partners, field) in [
        (json!(many), "partners"),
        (json!([{ "code": "NOBODY" }]), "partners[0]"),
        (json!([{ "role": "x" }]), "partners[0].partnerId"),
        (json!([{ "partnerId": "ptn_1" }]), "partners[0]"),
        (of("100.5"), "partners[0]"),
        (of("33.333"), "partners[0].percentage"),
        (of("-1"), "partners[0]"),
        (
            json!([{ "code": "ANNA11", "percentage": "60" }, { "code": "BERT22", "percentage": "41" }]),
            "partners.percentage",
        ),
        (
            json!([{ "code": "ANNA11", "percentage": "60" }, { "code": "BERT22" }, { "code": "CARA33" }]),
            "partners.percentage",
        ),
    ] {
        let said = shop.post("/v1/track/sale", &input(100, &partners)).refused(422);
        assert!(said.contains(field), "{partners}: {said}");
    }
    assert!(shop.all_rows("/v1/events?event=sale", 50).is_empty());
}

/// Who is banned gets nothing, and nobody else gets more than was told.
#[test]
fn the_part_of_somebody_who_is_barred_is_nobodys() {
    let server = Server::start();
    let shop = shop(&server, json!({ "by": "percentage" }));
    let bert: Vec<Value> = shop.get("/v1/partners?search=bert22").ok();
    shop.post("/v1/partners/ban", &json!({ "partnerId": bert[0]["id"], "reason": "spam" })).ok::<Value>();
    let partners =
        json!([{ "code": "ANNA11", "percentage": "30" }, { "code": "BERT22", "percentage": "70" }]);
    let sale = shop.sale(input(1_000, &partners));
    assert_eq!(told(&sale.commissions), [("ANNA11", 300)]);
    let only = json!({ "customerExternalId": "u-2", "amount": 1_000, "partners": [{ "code": "BERT22", "percentage": "100" }] });
    let nobody = shop.sale(only);
    assert_eq!((nobody.credited, nobody.reason.as_str()), (false, "partner_not_approved"));
}

/// The split is that of the reward which pays.
#[test]
fn each_reward_has_its_own_split() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-03-10T12:00:00.000Z");
    let reward = |product: &str, first: i64| json!({ "event": "sale", "type": "percentage", "percentage": "100", "when": { "field": "product", "is": [product] }, "split": { "by": "position", "first": first, "last": 100 - first } });
    shop.program(json!({ "rewards": [reward("tea", 80), reward("pot", 40)] }));
    shop.partner("ANNA11");
    shop.partner("BERT22");
    let of = |product: &str| {
        let sale = json!({ "customerExternalId": product, "amount": 100, "items": [{ "product": product, "amount": 100 }], "partners": [{ "code": "ANNA11" }, { "code": "BERT22" }] });
        shop.sale(sale).commissions.iter().map(|commission| commission.earnings).collect::<Vec<_>>()
    };
    assert_eq!(of("tea"), [80, 20]);
    assert_eq!(of("pot"), [40, 60]);
}
