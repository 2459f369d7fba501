//! Registrations: filed, reviewed, protected, won; and what they pay.

use super::{earned, joined, page, refused, step};
use crate::api::sums::assert_sound;
use crate::harness::{Client, Server};
use goodword_wire::{Partner, Registration, RegistrationCheck};
use serde_json::{Value, json};

fn shop(server: &Server, rules: Value) -> Client {
    let shop = server.test();
    shop.freeze("2026-03-01T09:00:00.000Z");
    let mut all = json!({ "protectionDays": 60, "reviewHours": 48, "extensions": 1, "extensionDays": 30,
        "stages": [{ "name": "Demo held", "amount": 20_001 }], "bonus": { "percentage": "3", "cap": 500_000 } });
    for (name, value) in rules.as_object().expect("an object") {
        all[name] = value.clone();
    }
    shop.program(json!({ "registrations": all }));
    shop
}

fn register(shop: &Client, partner: &Partner, name: &str, contact: &str) -> Registration {
    let body =
        json!({ "partnerId": partner.id, "customerName": name, "contact": contact, "amount": 1_000_000 });
    shop.post("/v1/registrations", &body).ok()
}

#[track_caller]
fn is(deal: &Registration, status: &str, reason: &str) {
    assert_eq!((deal.status.as_str(), deal.reason.as_str()), (status, reason), "{deal:#?}");
    assert!(!deal.says.is_empty());
}

/// Worked example: approved 1 March with 60 days' protection → expires 30 April; a second partner's registration of the same customer
/// meanwhile is refused as a conflict, and after that it is not.
#[test]
fn a_protection_ends_at_its_instant_and_frees_the_customer() {
    let server = Server::start();
    let shop = shop(&server, json!({}));
    let (maya, bert) = (shop.partner("MAYA"), shop.partner("BERT"));
    let deal = register(&shop, &maya, "ACME, Inc.", "https://www.acme.example/about");
    is(&deal, "submitted", "waiting_for_review");
    assert_eq!((deal.contact.as_str(), deal.due_at.as_str()), ("acme.example", "2026-03-03T09:00:00.000Z"));
    let approved = step(&shop, &deal, json!({ "step": "approve" }));
    assert_eq!(approved.protected_until.as_deref(), Some("2026-04-30T09:00:00.000Z"));
    let rival = json!({ "partnerId": bert.id, "customerName": "Acme", "contact": "jo@acme.example" });
    for _ in 0..2 {
        let message = shop.post("/v1/registrations", &rival).refused(409);
        assert!(message.contains("registered by another partner") && !message.contains("MAYA"), "{message}");
    }
    let kept: Vec<Registration> = shop.get(&format!("/v1/registrations?partnerId={}", bert.id)).ok();
    assert_eq!((kept.len(), kept[0].conflicts[0].id.as_str()), (1, deal.id.as_str()), "the vendor sees who");
    is(&kept[0], "rejected", "customer_taken");
    shop.freeze("2026-04-30T08:59:59.999Z");
    is(&shop.get(&format!("/v1/registrations/{}", deal.id)).ok(), "approved", "approved_by_vendor");
    shop.freeze("2026-04-30T09:00:00.000Z");
    let over: Registration = shop.get(&format!("/v1/registrations/{}", deal.id)).ok();
    is(&over, "expired", "protection_ended");
    let last = over.trail.last().expect("an end");
    assert_eq!((last.status.as_str(), last.by.as_str()), ("expired", "goodword"));
    is(&shop.post("/v1/registrations", &rival).ok(), "submitted", "waiting_for_review");
}

/// A registered deal comes before a code, and a code before a click, exactly as long as it protects; a sale that is told late goes by
/// when it was.
#[test]
fn a_registration_comes_before_a_code() {
    let server = Server::start();
    let shop = shop(&server, json!({}));
    let (maya, _) = (shop.partner("MAYA"), shop.partner("BERT"));
    let deal = register(&shop, &maya, "Acme", "acme.example");
    let sale = |id: &str, at: Option<&str>| {
        shop.sale(
            json!({ "customerExternalId": id, "customerEmail": format!("{id}@acme.example"), "amount": 10_000,
            "code": "BERT", "timestamp": at }),
        )
    };
    assert_eq!(sale("u-0", None).partner.expect("a partner").name, "Partner BERT", "not approved yet");
    step(&shop, &deal, json!({ "step": "approve" }));
    let protected = sale("u-1", None);
    assert_eq!(protected.partner.as_ref().map(|p| p.name.as_str()), Some("Partner MAYA"));
    assert_eq!(
        (protected.reason.as_str(), protected.touchpoints[0].kind.as_str()),
        ("deal_registered", "registration")
    );
    assert_eq!(protected.touchpoints[1].verdict, "registration_won");
    shop.freeze("2026-05-02T09:00:00.000Z");
    assert_eq!(sale("u-2", None).partner.expect("a partner").name, "Partner BERT", "it has ended");
    let late = sale("u-3", Some("2026-04-30T08:59:59.999Z"));
    assert_eq!(late.partner.expect("a partner").name, "Partner MAYA", "it was in time");
    assert_sound(&shop);
}

#[test]
fn a_deal_pays_as_it_moves_and_gives_it_back_when_it_is_disqualified() {
    let server = Server::start();
    let shop = shop(&server, json!({}));
    let deal = register(&shop, &shop.partner("MAYA"), "Acme", "acme.example");
    let demo = || json!({ "step": "advance", "stage": "Demo held" });
    assert!(refused(&shop, &deal, demo(), 409).contains("`submitted`"));
    step(&shop, &deal, json!({ "step": "approve" }));
    assert!(refused(&shop, &deal, json!({ "step": "advance", "stage": "Nap" }), 422).contains("`Demo held`"));
    let moved = step(&shop, &deal, demo());
    assert_eq!((moved.payments.len(), moved.payments[0].amount, moved.stages[0].reached), (1, 20_001, true));
    assert_eq!(step(&shop, &deal, demo()).payments.len(), 1, "once");
    shop.sale(json!({ "customerExternalId": "u-1", "customerEmail": "jo@acme.example", "amount": 900_000, "invoiceId": "in_1" }));
    assert!(refused(&shop, &deal, json!({ "step": "win", "invoiceId": "in_2" }), 422).contains("invoiceId"));
    let won = step(&shop, &deal, json!({ "step": "win", "invoiceId": "in_1" }));
    assert_eq!((won.won_for, won.payments[1].amount), (Some(900_000), 27_000), "3 % of 9,000.00");
    assert_eq!(earned(&shop), [20_001, 180_000, 27_000], "the stage, 20 % of the sale, the bonus");
    let notes: Vec<_> = shop.commissions().into_iter().filter_map(|c| c.note).collect();
    assert_eq!(notes[1], "Registered deal with Acme: reached “Demo held”");
    let none = step(&shop, &deal, json!({ "step": "disqualify", "note": "It was their own company" }));
    is(&none, "disqualified", "disqualified_by_vendor");
    assert_eq!(earned(&shop), [0, 180_000, 0], "the sale was a sale");
    refused(&shop, &deal, json!({ "step": "disqualify" }), 409);
    assert_sound(&shop);
}

/// What was paid out is not edited: it is owed, and nets off the next payout.
#[test]
fn what_was_paid_out_is_owed_when_the_deal_is_disqualified() {
    let server = Server::start();
    let shop = shop(&server, json!({}));
    let maya = shop.partner("MAYA");
    let deal = register(&shop, &maya, "Acme", "acme.example");
    step(&shop, &deal, json!({ "step": "approve" }));
    step(&shop, &deal, json!({ "step": "advance", "stage": "Demo held" }));
    shop.put(&format!("/v1/partners/{}/payout-method", maya.id), &json!({ "method": "manual" }))
        .ok::<Value>();
    shop.clock(json!({ "advanceDays": 30 }));
    let batch: Value = shop.post("/v1/payouts/batches", &json!({ "batchKey": "march" })).ok();
    let id = batch["id"].as_str().expect("an id");
    shop.post(&format!("/v1/payouts/batches/{id}/approve"), &json!({})).ok::<Value>();
    step(&shop, &deal, json!({ "step": "disqualify" }));
    assert_eq!(earned(&shop), [20_001, -20_001]);
    let owed = shop.commissions().remove(0);
    assert_eq!((owed.kind.as_str(), owed.status.as_str()), ("correction", "processed"));
    assert_sound(&shop);
}

/// "The second registrant gets half", where that is published: of stages and bonus; sales are the first one's. When the first is over
/// the second is the first.
#[test]
fn the_second_registrant_gets_half() {
    let server = Server::start();
    let shop = shop(&server, json!({ "conflict": "half" }));
    let partners = ["MAYA", "BERT", "ZOE"].map(|code| shop.partner(code));
    let first = register(&shop, &partners[0], "Acme", "acme.example");
    let second = register(&shop, &partners[1], "Acme", "acme.example");
    assert_eq!((first.place, second.place, second.conflicts.len()), (1, 2, 1));
    let third = json!({ "partnerId": partners[2].id, "customerName": "Acme", "contact": "acme.example" });
    let check: RegistrationCheck = shop.post("/v1/registrations/check", &third).ok();
    assert_eq!(check.standing, "taken");
    shop.post("/v1/registrations", &third).refused(409);
    for deal in [&first, &second] {
        step(&shop, deal, json!({ "step": "approve" }));
        step(&shop, deal, json!({ "step": "advance", "stage": "Demo held" }));
    }
    assert_eq!(earned(&shop), [20_001, 10_001]);
    step(&shop, &first, json!({ "step": "lose" }));
    let now: Registration = shop.get(&format!("/v1/registrations/{}", second.id)).ok();
    assert_eq!((now.place, now.status.as_str()), (1, "approved"));
    assert_eq!(step(&shop, &second, json!({ "step": "win" })).payments[1].amount, 30_000, "all of it now");
    assert_sound(&shop);
}

#[test]
fn the_clock_of_the_review_stands_still_while_the_partner_is_asked() {
    let server = Server::start();
    let shop = shop(&server, json!({ "overdue": "approve" }));
    let maya = joined(&server, "Maya", "maya@example.com");
    let hers = page(&server, &maya);
    let body = json!({ "customerName": "Acme", "contact": "acme.example", "amount": 1_000_000 });
    let deal: Registration = hers.post("/v1/embed/registrations", &body).ok();
    assert_eq!(
        hers.post("/v1/embed/registrations", &body).ok::<Registration>().id,
        deal.id,
        "the one that is there"
    );
    shop.clock(json!({ "advanceDays": 1 }));
    step(&shop, &deal, json!({ "step": "ask", "note": "Whom did you speak to?" }));
    shop.clock(json!({ "advanceDays": 10 }));
    let own: Vec<Registration> = hers.get("/v1/embed/registrations").ok();
    is(&own[0], "more_information", "asked_by_vendor");
    assert_eq!(
        (own[0].trail[1].by.as_str(), own[0].trail[1].note.as_deref()),
        ("vendor", Some("Whom did you speak to?"))
    );
    let answer = format!("/v1/embed/registrations/{}/answer", deal.id);
    hers.post(&answer, &json!({})).refused(422);
    let told: Registration = hers.post(&answer, &json!({ "note": "Their head of IT" })).ok();
    assert_eq!((told.status.as_str(), told.due_at.as_str()), ("submitted", "2026-03-13T09:00:00.000Z"));
    shop.clock(json!({ "advanceMs": 86_400_000 - 1 }));
    is(&shop.get(&format!("/v1/registrations/{}", deal.id)).ok(), "submitted", "waiting_for_review");
    shop.clock(json!({ "advanceMs": 1 }));
    is(&shop.get(&format!("/v1/registrations/{}", deal.id)).ok(), "approved", "approved_unreviewed");
    assert!(refused(&shop, &deal, json!({ "step": "ask" }), 409).contains("`approved`"));
    let longer = step(&shop, &deal, json!({ "step": "extend" }));
    assert_eq!(
        (longer.extensions_left, longer.protected_until.as_deref()),
        (0, Some("2026-06-11T09:00:00.000Z"))
    );
    refused(&shop, &deal, json!({ "step": "extend" }), 409);
}

/// A page asks while its partner types, and hears whether, never who.
#[test]
fn a_page_hears_whether_a_customer_is_free_and_not_whose_it_is() {
    let server = Server::start();
    shop(&server, json!({}));
    let (maya, bert) =
        (joined(&server, "Maya", "maya@example.com"), joined(&server, "Bert", "bert@example.com"));
    let ask = |who, contact: &str| {
        let body = json!({ "customerName": "Acme", "contact": contact });
        page(&server, who).post("/v1/embed/registrations/check", &body)
    };
    let standing = |who, contact| ask(who, contact).ok::<RegistrationCheck>().standing;
    assert_eq!(standing(&maya, "acme.example"), "free");
    let body = json!({ "customerName": "Acme", "contact": "acme.example" });
    page(&server, &maya).post("/v1/embed/registrations", &body).ok::<Registration>();
    assert_eq!(
        (standing(&maya, "acme.example"), standing(&bert, "jo@acme.example")),
        ("own".into(), "taken".into())
    );
    let refusal = page(&server, &bert).post("/v1/embed/registrations", &body);
    assert!(!refusal.text.contains("Maya") && refusal.status == 409, "{}", refusal.text);
    let own: Vec<Registration> = page(&server, &bert).get("/v1/embed/registrations").ok();
    assert!(own.len() == 1 && own[0].conflicts.is_empty() && own[0].says.contains("another partner"));
    ask(&maya, "acme").refused(422);
    let unproven = server.page().join("Zoe", "zoe@example.com");
    page(&server, &unproven).post("/v1/embed/registrations", &body).refused(403);
}

#[test]
fn rules_are_refused_by_their_fields_and_a_program_without_them_takes_none() {
    let server = Server::start();
    let shop = server.test();
    let program = shop.program(json!({}));
    let maya = shop.partner("MAYA");
    let body = json!({ "partnerId": maya.id, "customerName": "Acme", "contact": "acme.example" });
    assert!(shop.post("/v1/registrations", &body).refused(409).contains("registrations"));
    let path = format!("/v1/programs/{}", program.id);
    for (rules, field) in [
        (json!({ "protectionDays": 0 }), "registrations.protectionDays"),
        (json!({ "overdue": "never" }), "registrations.overdue"),
        (json!({ "conflict": "fight" }), "registrations.conflict"),
        (
            json!({ "stages": [{ "name": "A", "amount": 1 }, { "name": "A", "amount": 2 }] }),
            "registrations.stages[1].name",
        ),
        (json!({ "stages": [{ "name": "A", "amount": -1 }] }), "registrations.stages[0].amount"),
        (json!({ "bonus": { "amount": 1, "percentage": "3" } }), "registrations.bonus.percentage"),
    ] {
        let message = shop.patch(&path, &json!({ "registrations": rules })).refused(422);
        assert!(message.starts_with(&format!("`{field}`")), "{message}");
    }
}

/// Whoever is erased is erased from registrations of his or her own address, too; what was earned stays.
#[test]
fn an_erased_person_is_in_no_registration() {
    let server = Server::start();
    let shop = shop(&server, json!({}));
    let deal = register(&shop, &shop.partner("MAYA"), "Jo Buyer", "jo@gmail.com");
    step(&shop, &deal, json!({ "step": "approve" }));
    let sale = json!({ "customerExternalId": "u-1", "customerEmail": "Jo@gmail.com", "amount": 10_000 });
    let sale = shop.sale(sale);
    assert_eq!(sale.reason, "deal_registered");
    let id = sale.customer.expect("a customer").id;
    assert_eq!(shop.delete(&format!("/v1/customers/{id}")).status, 200);
    let text = shop.get("/v1/registrations").text;
    assert!(!text.contains("Jo Buyer") && !text.contains("gmail"), "{text}");
    let free: RegistrationCheck = shop
        .post("/v1/registrations/check", &json!({ "customerName": "Jo Buyer", "contact": "jo@gmail.com" }))
        .ok();
    assert_eq!((free.standing.as_str(), earned(&shop)), ("free", vec![2_000]));
}
