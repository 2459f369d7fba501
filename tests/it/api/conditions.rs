//! Which reward pays: by articles, buyers, places, times and versions.

#![expect(
    clippy::needless_pass_by_value,
    reason = "`sale(json!({ … }))` reads better than `sale(&json!({ … }))`"
)]

use super::sums::assert_sound;
use crate::harness::{Client, Server};
use goodword_wire::{Program, SaleOutput};
use serde_json::{Value, json};

fn shop(server: &Server, rewards: Value) -> (Client, String) {
    let shop = server.test();
    shop.freeze("2026-03-10T12:00:00.000Z");
    let program = shop.program(json!({ "rewards": rewards }));
    shop.partner_with("MAYA10", json!({ "timestamp": "2026-01-01T00:00:00Z" }));
    (shop, format!("/v1/programs/{}", program.id))
}

fn percent(rate: &str, with: Value) -> Value {
    let mut reward = json!({ "event": "sale", "type": "percentage", "percentage": rate });
    for (name, value) in with.as_object().expect("an object") {
        reward[name] = value.clone();
    }
    reward
}

fn sell(shop: &Client, with: Value) -> SaleOutput {
    let mut input = json!({ "customerExternalId": "u-1", "code": "MAYA10", "amount": 10_000 });
    for (name, value) in with.as_object().expect("an object") {
        input[name] = value.clone();
    }
    shop.sale(input)
}

/// What a sale earns; 0 where no reward applies.
fn earned(shop: &Client, with: Value) -> i64 {
    let sale = sell(shop, with);
    let nothing = ["no_reward_applies", "nothing_paid"].contains(&sale.reason.as_str());
    assert_eq!(sale.commission.is_none(), nothing, "{sale:#?}");
    sale.commission.map_or(0, |commission| commission.earnings)
}

#[test]
fn articles_are_paid_each_by_itself() {
    let server = Server::start();
    let tea = percent("10", json!({ "when": { "field": "product", "is": ["tea"] } }));
    let big = percent(
        "50",
        json!({ "when": { "all": [{ "field": "plan", "is": ["pro"] }, { "field": "quantity", "atLeast": 3 }] } }),
    );
    let (shop, _) = shop(&server, json!([tea, big]));
    let items = json!([
        { "product": "Tea", "amount": 1_000 }, { "product": "pot", "amount": 7_000 }, { "product": "tea", "quantity": 2, "amount": 2_000 },
    ]);
    assert_eq!(earned(&shop, json!({ "items": items })), 300, "of the tea alone, whatever the case");
    let pro = |quantity: i64| json!({ "items": [{ "plan": "pro", "quantity": quantity, "amount": 6_000 }] });
    assert_eq!((earned(&shop, pro(3)), earned(&shop, pro(2))), (3_000, 0));
    let apart = json!({ "items": [{ "plan": "pro", "amount": 5_000 }, { "plan": "lite", "quantity": 3, "amount": 5_000 }] });
    assert_eq!(earned(&shop, apart), 0, "no article is both");
    assert_eq!(earned(&shop, json!({})), 0, "articles that were not told");
    let refunded = json!({ "items": items, "invoiceId": "in_1" });
    sell(&shop, refunded);
    let half = shop.refund(json!({ "invoiceId": "in_1", "refundId": "re_1", "amount": 5_000 }));
    assert_eq!(half.commission.map(|commission| commission.earnings), Some(150));
    assert_sound(&shop);
}

#[test]
fn the_basis_of_a_percentage() {
    let server = Server::start();
    let on = |basis: &str| {
        percent("10", json!({ "basis": basis, "when": { "field": "metadata.basis", "is": [basis] } }))
    };
    let (shop, _) = shop(&server, json!([on("net"), on("paid"), on("before_discount")]));
    let order = |basis: &str| json!({ "tax": 1_500, "shipping": 500, "discount": 2_000, "metadata": { "basis": basis } });
    assert_eq!(
        ["net", "paid", "before_discount"].map(|basis| earned(&shop, order(basis))),
        [800, 1_000, 1_000]
    );
    let too_much = json!({ "customerExternalId": "u-1", "amount": 100, "tax": 60, "shipping": 41 });
    assert!(shop.post("/v1/track/sale", &too_much).refused(422).contains("`tax`"));
}

#[test]
fn countries_metadata_amounts_groups_and_partners() {
    let server = Server::start();
    let when = |condition: Value, rate: &str| percent(rate, json!({ "when": condition }));
    let (shop, path) = shop(&server, json!([]));
    let vera = shop.partner("VERA77");
    let group: Program = shop.get(&path).ok();
    let group = group.groups[0].name.to_uppercase();
    let rewards = json!([
        when(
            json!({ "any": [{ "field": "country", "is": ["de", "AT"] }, { "field": "metadata.language", "is": ["German"] }] }),
            "1"
        ),
        when(
            json!({ "all": [{ "field": "amount", "atLeast": 50_000 }, { "not": { "field": "country", "is": ["US"] } }] }),
            "2"
        ),
        when(json!({ "field": "metadata.seats", "atMost": 3 }), "3"),
        when(
            json!({ "all": [{ "field": "group", "is": [group] }, { "field": "partner", "is": [vera.id] }] }),
            "4"
        ),
        when(json!({ "field": "partner", "isNot": [vera.id] }), "5"),
    ]);
    shop.patch(&path, &json!({ "rewards": rewards })).ok::<Program>();
    assert_eq!(earned(&shop, json!({ "country": "de" })), 100);
    assert_eq!(earned(&shop, json!({ "metadata": { "language": "german" } })), 100);
    assert_eq!(earned(&shop, json!({ "amount": 50_000 })), 1_000);
    assert_eq!(earned(&shop, json!({ "amount": 50_000, "country": "us" })), 2_500);
    assert_eq!(earned(&shop, json!({ "metadata": { "seats": 3 } })), 300);
    assert_eq!(earned(&shop, json!({ "metadata": { "seats": "3.5" } })), 500);
    assert_eq!(earned(&shop, json!({})), 500);
    assert_eq!(earned(&shop, json!({ "customerExternalId": "u-2", "code": "VERA77" })), 400);
    assert!(
        shop.post("/v1/track/sale", &json!({ "customerExternalId": "u-1", "amount": 1, "country": "deu" }))
            .refused(422)
            .contains("`country`")
    );
}

#[test]
fn from_an_instant_until_another() {
    let server = Server::start();
    let march = json!({ "startsAt": "2026-03-01T00:00:00Z", "endsAt": "2026-03-10T00:00:00Z" });
    let (shop, _) = shop(&server, json!([percent("50", march), percent("20", json!({}))]));
    let at = |at: &str| earned(&shop, json!({ "timestamp": at }));
    assert_eq!(
        [
            "2026-02-28T23:59:59.999Z",
            "2026-03-01T00:00:00Z",
            "2026-03-09T23:59:59.999Z",
            "2026-03-10T00:00:00Z"
        ]
        .map(at),
        [2_000, 5_000, 5_000, 2_000]
    );
}

/// Each sale goes by the version in force when it was made, also what is told or given back later.
#[test]
fn versions() {
    let server = Server::start();
    let (shop, path) = shop(&server, json!([percent("20", json!({}))]));
    sell(&shop, json!({ "invoiceId": "in_1" }));
    shop.clock(json!({ "advanceDays": 1 }));
    let changed: Program =
        shop.patch(&path, &json!({ "rewards": [percent("50", json!({}))], "holdDays": 0 })).ok();
    assert_eq!(changed.version, 2);
    let refund = shop.refund(json!({ "invoiceId": "in_1", "refundId": "re_1", "amount": 5_000 }));
    assert_eq!(refund.commission.map(|commission| commission.earnings), Some(1_000));
    assert_eq!(earned(&shop, json!({ "timestamp": "2026-03-11T11:59:59.999Z" })), 2_000);
    assert_eq!(earned(&shop, json!({ "timestamp": "2026-03-11T12:00:00Z" })), 5_000);
    assert_eq!(
        earned(&shop, json!({ "timestamp": "2020-01-01T00:00:00Z" })),
        2_000,
        "before the first, the first"
    );
    assert_sound(&shop);
}

#[test]
fn renewals_and_custom_events() {
    let server = Server::start();
    let custom = json!({ "event": "custom", "eventName": "Demo booked", "type": "flat", "amount": 700 });
    let renewal = json!({ "event": "renewal", "type": "percentage", "percentage": "5" });
    let (shop, _) = shop(&server, json!([renewal, percent("20", json!({})), custom]));
    assert_eq!(earned(&shop, json!({ "amount": 0 })), 0, "a trial");
    assert_eq!(earned(&shop, json!({})), 2_000, "a trial was no payment");
    assert_eq!(earned(&shop, json!({})), 500);
    let earlier = json!({ "timestamp": "2026-03-10T11:00:00Z" });
    assert_eq!(earned(&shop, earlier), 2_000, "it is told late, and was before the others");
    let lead = |name: &str| {
        let lead = shop.lead(json!({ "customerExternalId": "u-2", "code": "MAYA10", "eventName": name }));
        lead.commission.map(|commission| (commission.kind, commission.earnings))
    };
    assert_eq!(lead("Sign up"), None);
    let paid = lead("demo booked").expect("a commission");
    assert_eq!(paid.1, 700);
    assert_eq!(lead("demo booked").map(|paid| paid.1), Some(700), "the same again is told again");
    assert_eq!(shop.commissions().len(), 4);
    assert_sound(&shop);
}

#[test]
fn who_has_paid_before() {
    let server = Server::start();
    let when =
        |kind: &str, rate: &str| percent(rate, json!({ "when": { "field": "customer", "is": [kind] } }));
    let (shop, _) = shop(&server, json!([when("new", "30"), when("returning", "3")]));
    assert_eq!((earned(&shop, json!({})), earned(&shop, json!({}))), (3_000, 300));
    let bought = |customer: &str| shop.sale(json!({ "customerExternalId": customer, "amount": 100 }));
    bought("u-2");
    assert_eq!(earned(&shop, json!({ "customerExternalId": "u-2" })), 300, "unreferred, and yet a payment");
}

#[test]
fn new_customers_only() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-03-10T12:00:00.000Z");
    shop.program(json!({ "newCustomersOnly": true }));
    shop.partner("MAYA10");
    shop.sale(json!({ "customerExternalId": "old", "amount": 100 }));
    let old = shop.sale(json!({ "customerExternalId": "old", "amount": 100, "code": "MAYA10" }));
    assert_eq!((old.credited, old.commission), (false, None), "{}", old.reason);
    shop.sale(json!({ "customerExternalId": "trial", "amount": 0 }));
    assert!(
        shop.sale(json!({ "customerExternalId": "trial", "amount": 100, "code": "MAYA10" })).credited,
        "a trial was no payment"
    );
    for _ in 0..2 {
        assert!(shop.sale(json!({ "customerExternalId": "new", "amount": 100, "code": "MAYA10" })).credited);
    }
}

#[test]
fn the_referred_get_something_too() {
    let server = Server::start();
    let rewards = json!([
        { "event": "lead", "type": "flat", "amount": 100, "referred": { "type": "coupon", "code": "WELCOME10" } },
        percent("20", json!({ "referred": { "type": "credit", "amount": 500 } })),
    ]);
    let (shop, _) = shop(&server, rewards);
    let lead = shop.lead(json!({ "customerExternalId": "u-1", "code": "MAYA10" }));
    let coupon = lead.referred.expect("a coupon");
    assert_eq!((coupon.kind.as_str(), coupon.code.as_deref()), ("coupon", Some("WELCOME10")));
    let credit = sell(&shop, json!({})).referred.expect("a credit");
    assert_eq!((credit.kind.as_str(), credit.amount), ("credit", Some(500)));
    let alone = shop.lead(json!({ "customerExternalId": "u-2" }));
    assert_eq!(alone.referred, None, "nobody referred this one");
}
