//! The known examples of the field, lived through on programs made of the templates.

use super::{earned, joined, page, program, progress, settle, step};
use crate::api::sums::assert_sound;
use crate::harness::{Client, Server};
use goodword_wire::{Registration, Settlement};
use serde_json::{Value, json};

fn sell(shop: &Client, customer: &str, with: Value) {
    let mut input = json!({ "customerExternalId": customer, "code": "MAYA" });
    for (name, value) in with.as_object().expect("an object") {
        input[name] = value.clone();
    }
    assert!(shop.sale(input).credited);
}

/// Reseller: quarters of 8, 10, 12 and 14 thousand make a target of 12,100.00 (mean 11,000 and 10 % more). 12,099.99 earns nothing;
/// 12,100.00 earns 5 %, 605.00; from 14,520.00 (120 %) 8 % of all, 1,161.60 at least.
#[test]
fn a_reseller_and_his_target() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-01-01T09:00:00.000Z");
    program(&shop, "value-added-reseller");
    shop.partner("MAYA");
    for (day, amount) in [
        ("2026-02-15", 800_000),
        ("2026-05-15", 1_000_000),
        ("2026-08-15", 1_200_000),
        ("2026-11-15", 1_400_000),
    ] {
        shop.freeze(&format!("{day}T09:00:00.000Z"));
        sell(&shop, day, json!({ "amount": amount }));
    }
    shop.freeze("2027-02-01T09:00:00.000Z");
    // The first quarters had the floor of 5,000.00 as target, then means of less than four quarters: 8,000 / 4 and 10 % more is below
    // the floor, (8,000 + 10,000) / 4 is 4,950.00, (8,000 + 10,000 + 12,000) / 4 is 8,250.00. Each was passed by more than 120 %.
    let before = [64_000, 80_000, 96_000, 112_000];
    assert_eq!(earned(&shop), before);
    sell(&shop, "c-1", json!({ "amount": 1_209_999 }));
    let near = progress(&shop, "sell-through");
    assert_eq!(
        (near.target, near.earned, near.says.as_str()),
        (Some(1_210_000), 0, "0.01 more by 31 March unlocks 605.00")
    );
    sell(&shop, "c-2", json!({ "amount": 1 }));
    let reached = progress(&shop, "sell-through");
    assert_eq!((reached.earned, reached.says.as_str()), (60_500, "2420.00 more by 31 March unlocks 1161.60"));
    shop.freeze("2027-04-11T00:00:00.000Z");
    assert_eq!(earned(&shop)[4..], [60_500]);
    assert_sound(&shop);
}

/// SPIF: five phones earn 250 × 3 + 400 × 2 = 1,550.00. Of three contracts the one of 450.00 a month for 36 months earns 450 × 8 =
/// 3,600.00 (Vonage's ceiling), and two of 12 months with 100.00 a month 200.00 each.
#[test]
fn a_promotion_of_phones_and_contracts() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2027-02-28T23:59:59.999Z");
    program(&shop, "spif");
    shop.partner("MAYA");
    let phones =
        |quantity: i64| json!([{ "product": "Phone", "quantity": quantity, "amount": 10_000 * quantity }]);
    sell(&shop, "c-0", json!({ "amount": 30_000, "items": phones(3) }));
    shop.freeze("2027-03-01T00:00:00.000Z");
    sell(&shop, "c-1", json!({ "amount": 30_000, "items": phones(3) }));
    sell(&shop, "c-2", json!({ "amount": 20_000, "items": phones(2), "invoiceId": "in_2" }));
    let near = progress(&shop, "phones");
    assert_eq!(
        (near.measured, near.earned, near.says.as_str()),
        (5, 155_000, "2 more by 31 May unlocks 2550.00")
    );
    let contract =
        |mrr: i64, months: i64| json!({ "amount": mrr, "metadata": { "mrr": mrr, "termMonths": months } });
    for (customer, mrr, months) in [("c-3", 45_000, 36), ("c-4", 10_000, 12), ("c-5", 10_000, 12)] {
        sell(&shop, customer, contract(mrr, months));
    }
    assert_eq!(progress(&shop, "contracts").earned, 400_000);
    shop.freeze("2027-06-11T00:00:00.000Z");
    let mut paid = earned(&shop);
    paid.sort_unstable();
    assert_eq!(paid, [155_000, 400_000]);
    // Two phones that come back after the promotion was settled are taken off in the month after: three earn 750.00.
    shop.refund(json!({ "invoiceId": "in_2", "refundId": "re_1", "amount": 20_000 }));
    shop.freeze("2027-07-11T00:00:00.000Z");
    assert_eq!(earned(&shop).iter().sum::<i64>(), 155_000 + 400_000 - 80_000);
    assert_sound(&shop);
}

/// Deal registration: registered by a partner from a page, approved on 1 March, protected until 30 April; the demo earns 200.00, the
/// sale of 20,000.00 10 %, 2,000.00, and winning it 3 %, 600.00.
#[test]
fn a_registered_deal_from_the_form_to_the_bonus() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-02-28T09:00:00.000Z");
    program(&shop, "deal-registration");
    let maya = joined(&server, "Maya", "maya@example.com");
    let rival = joined(&server, "Bert", "bert@example.com");
    let form = json!({ "customerName": "Globex", "contact": "globex.example", "amount": 2_000_000 });
    let deal: Registration = page(&server, &maya).post("/v1/embed/registrations", &form).ok();
    shop.freeze("2026-03-01T00:00:00.000Z");
    let approved = step(&shop, &deal, json!({ "step": "approve" }));
    assert_eq!(approved.protected_until.as_deref(), Some("2026-04-30T00:00:00.000Z"));
    page(&server, &rival).post("/v1/embed/registrations", &form).refused(409);
    step(&shop, &deal, json!({ "step": "advance", "stage": "Demo held" }));
    shop.freeze("2026-04-20T09:00:00.000Z");
    let code = &rival.join.me.as_ref().expect("his page").link.as_ref().expect("a link").code;
    let sale = shop.sale(
        json!({ "customerExternalId": "u-1", "customerEmail": "buyer@globex.example", "amount": 2_000_000,
        "invoiceId": "in_1", "code": code }),
    );
    assert_eq!(
        (sale.reason.as_str(), sale.partner.expect("a partner").name.as_str()),
        ("deal_registered", "Maya")
    );
    let won = step(&shop, &deal, json!({ "step": "win", "invoiceId": "in_1" }));
    assert_eq!((won.status.as_str(), won.won_for), ("won", Some(2_000_000)));
    assert_eq!(earned(&shop), [20_000, 200_000, 60_000]);
    assert_sound(&shop);
}

/// Rebate: 19,660.00 in the quarter earn 393.20, and 340.00 more unlock 600.00. A migration of 36,000.00 in the year earns 15 %,
/// 5,400.00 (AWS's terms); one of 35,999.99 nothing.
#[test]
fn rebates_of_a_quarter_and_of_migrations() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-01-10T09:00:00.000Z");
    program(&shop, "rebate");
    shop.partner("MAYA");
    sell(&shop, "c-1", json!({ "amount": 1_966_000 }));
    assert_eq!(progress(&shop, "volume").says, "340.00 more by 31 March unlocks 600.00");
    sell(&shop, "c-2", json!({ "amount": 34_000 }));
    shop.freeze("2026-04-11T00:00:00.000Z");
    assert_eq!(earned(&shop), [60_000]);
    let migration =
        |amount: i64| json!({ "amount": amount, "items": [{ "product": "migration", "amount": amount }] });
    sell(&shop, "c-3", migration(3_599_999));
    sell(&shop, "c-4", migration(3_600_000));
    shop.freeze("2027-01-01T00:00:00.000Z");
    let year: Settlement = settle(&shop, "migrations", "2026-12-31");
    assert_eq!((year.total, year.lines[0].measured), (540_000, 7_199_999));
    assert_sound(&shop);
}
