//! Tax fields: what is missing withholds payouts, and comes into the next batch once it is not; invoices are numbered without gaps.

use super::account::opened;
use super::sums::assert_checked;
use crate::harness::{Client, Server};
use goodword_wire::{DueList, DuePartner, SelfInvoice, TaxProfile};
use serde_json::{Value, json};

/// A vendor in Germany that wants taxes and writes invoices, and two partners who are due 238.00 each.
fn shop(server: &Server) -> (Client, String, [String; 2]) {
    let shop = server.test();
    shop.freeze("2026-03-10T12:00:00.000Z");
    let program = shop.program(json!({ "holdDays": 0, "minPayout": 1, "currency": "eur" })).id;
    let settings = json!({
        "tax": { "required": true, "country": "de", "selfBilling": true, "domesticVat": "19" },
        "creditNote": { "address": "Kade 5\n10115 Berlin", "taxId": "DE987654321" },
    });
    shop.put("/v1/payouts/settings", &settings).ok::<Value>();
    let partners = ["ANNA11", "BERT22"].map(|code| {
        let id = shop.partner(code).id;
        shop.put(&format!("/v1/partners/{id}/payout-method"), &json!({ "method": "manual" })).ok::<Value>();
        sell(&shop, code, code);
        id
    });
    (shop, program, partners)
}

fn sell(shop: &Client, code: &str, invoice: &str) {
    shop.sale(json!({ "customerExternalId": invoice, "code": code, "amount": 119_000, "currency": "eur", "invoiceId": invoice }));
    shop.clock(json!({ "advanceDays": 1 }));
}

fn due(shop: &Client, partner: &str) -> DuePartner {
    let list: DueList = shop.get("/v1/payouts/due").ok();
    list.partners.into_iter().find(|row| row.partner.id == partner).expect("something due")
}

fn tax(shop: &Client, partner: &str, with: &Value) -> TaxProfile {
    shop.put(&format!("/v1/partners/{partner}/tax"), with).ok()
}

fn firm(vat: &str, country: &str) -> Value {
    json!({ "country": country, "name": "Maya GmbH", "address": "Teeweg 1", "business": true, "vatNumber": vat, "selfBilling": true })
}

/// Makes a batch under a key and marks its payouts.
fn pays(shop: &Client, key: &str, marks: &[&str]) -> usize {
    let batch: Value = shop.post("/v1/payouts/batches", &json!({ "batchKey": key })).ok();
    let id = batch["id"].as_str().expect("an id");
    shop.post(&format!("/v1/payouts/batches/{id}/approve"), &json!({})).ok::<Value>();
    let payouts: Vec<Value> = shop.get(&format!("/v1/payouts?batchId={id}")).ok();
    let ids: Vec<&str> = payouts.iter().filter_map(|payout| payout["id"].as_str()).collect();
    for status in marks {
        shop.post("/v1/payouts/mark", &json!({ "payouts": ids, "status": status })).ok::<Value>();
    }
    ids.len()
}

fn invoices(shop: &Client) -> Vec<(String, i64, i64, Option<String>)> {
    let all: Vec<SelfInvoice> = shop.get("/v1/self-invoices?sortOrder=asc").ok();
    all.into_iter().map(|one| (one.id, one.amount, one.vat, one.undoes)).collect()
}

#[test]
fn a_payout_waits_for_tax_fields_and_comes_into_the_next_batch() {
    let server = Server::start();
    let (shop, program, [anna, bert]) = shop(&server);
    let waits = due(&shop, &anna);
    assert_eq!((waits.eligible, waits.reason.as_deref()), (false, Some("tax_incomplete")));
    assert_eq!(waits.missing, ["country", "name", "address"]);
    let batch = json!({ "batchKey": "a", "partnerIds": [anna] });
    assert!(shop.post("/v1/payouts/batches", &batch).refused(422).contains("tax_incomplete"));
    let csv = shop.get("/v1/payouts/due?format=csv").text;
    assert!(csv.contains("false,tax_incomplete"), "{csv}");

    // Anna says it on her account page, first with a number of another country.
    let session = opened(&server, &program, "anna11@partners.example");
    assert!(
        session
            .page()
            .contains("Payouts wait until this is filled in: Country, two letters, Name on invoices")
    );
    let form = |vat: &'static str| {
        [
            ("kind", "firm"),
            ("legal_name", "Maya GmbH"),
            ("address", "Teeweg 1\n20095 Hamburg"),
            ("country", "de"),
            ("vat", vat),
            ("self_billing", "yes"),
        ]
    };
    assert!(
        session
            .sends("/p/account/tax", &form("FRXX123456789"))
            .contains("must be a number of the country DE")
    );
    assert!(session.sends("/p/account/tax", &form("DE 123 456 789")).contains("Your tax details are saved."));
    assert!(due(&shop, &anna).eligible && !due(&shop, &bert).eligible);
    assert_eq!(pays(&shop, "b", &["paid"]), 1, "Bert's waits");
    assert_eq!(invoices(&shop), [("SB-000001".to_owned(), 23_800, 3_800, None)]);
    let invoice = session.browser.get("/p/account/invoice?id=SB-000001").text;
    for part in [
        "Maya GmbH",
        "Teeweg 1",
        "DE123456789",
        "DE987654321",
        "Self-billing",
        "VAT, 19 %",
        "200.00 EUR",
        "238.00 EUR",
    ] {
        assert!(invoice.contains(part), "{part}: {invoice}");
    }
    assert_eq!(session.browser.get("/p/account/invoice?id=SB-000002").status, 404);

    tax(&shop, &bert, &firm("ATU12345678", "AT"));
    assert_eq!(pays(&shop, "c", &["paid", "returned"]), 1);
    let undone = ("SB-000003".to_owned(), -23_800, 0, Some("SB-000002".to_owned()));
    assert_eq!(invoices(&shop)[1..], [("SB-000002".to_owned(), 23_800, 0, None), undone]);
    let shown = shop.get("/v1/self-invoices/SB-000002").text;
    assert!(shown.contains("Reverse charge") && shown.contains("Invoice SB-000002"), "{shown}");
    assert!(
        shop.get("/v1/self-invoices/SB-000003").text.contains("Cancellation SB-000003 of invoice SB-000002")
    );
    assert_eq!(session.browser.get("/p/account/invoice?id=SB-000002").status, 404, "it is another's");
    shop.get("/v1/self-invoices/1").refused(422);
    shop.get("/v1/self-invoices/SB-000009").refused(404);
    assert_checked(&server);
}

#[test]
fn who_writes_his_own_invoices_gets_none_and_an_erased_partner_keeps_no_fields() {
    let server = Server::start();
    let (shop, program, [anna, bert]) = shop(&server);
    let own = json!({ "country": "FR", "name": "Anna", "address": "Rue 1" });
    assert!(tax(&shop, &anna, &own).missing.is_empty(), "a person needs no number");
    tax(&shop, &bert, &own);
    assert_eq!(pays(&shop, "a", &["paid"]), 2);
    assert_eq!(invoices(&shop), []);
    let session = opened(&server, &program, "anna11@partners.example");
    let data = session.browser.get("/p/account/export").json();
    assert_eq!(data["tax"]["name"], "Anna");
    session.sends("/p/account/erase", &[("sure", "yes")]);
    let after: TaxProfile = shop.get(&format!("/v1/partners/{anna}/tax")).ok();
    assert_eq!((after.name, after.address, after.country), (None, None, None));
}

#[test]
fn forms_of_the_united_states_are_the_vendors_word() {
    let server = Server::start();
    let (shop, program, [anna, _]) = shop(&server);
    let fields = json!({ "country": "US", "name": "Anna", "address": "Street 1" });
    assert_eq!(tax(&shop, &anna, &fields).missing, ["form"]);
    let mut with = fields;
    with["form"] = json!("w9");
    assert!(tax(&shop, &anna, &with).missing.is_empty());
    let session = opened(&server, &program, "anna11@partners.example");
    let form = [("kind", "person"), ("legal_name", "Anna Berg"), ("address", "Street 1"), ("country", "US")];
    assert!(session.sends("/p/account/tax", &form).contains("Your tax details are saved."));
    let after: TaxProfile = shop.get(&format!("/v1/partners/{anna}/tax")).ok();
    assert_eq!((after.name.as_deref(), after.form.as_deref()), (Some("Anna Berg"), Some("w9")));
    for (with, field) in [
        (json!({ "country": "Germany" }), "country"),
        (json!({ "vatNumber": "DE12" }), "vatNumber"),
        (json!({ "vatNumber": "DE123456789" }), "vatNumber"),
        (json!({ "form": "1099" }), "form"),
        (json!({ "address": "x".repeat(301) }), "address"),
    ] {
        let said = shop.put(&format!("/v1/partners/{anna}/tax"), &with).refused(422);
        assert!(said.starts_with(&format!("`{field}`")), "{said}");
    }
    let bad = json!({ "tax": { "domesticVat": "a" } });
    assert!(shop.put("/v1/payouts/settings", &bad).refused(422).starts_with("`tax.domesticVat`"));
}
