//! Files of a real batch: what was reserved is what stands in them, and money of one method alone.

use crate::harness::{Answer, Client, Server};
use goodword_wire::{EmbedMe, Payout, PayoutBatch, PayoutMethod, TokenOutput};
use serde_json::{Value, json};
use ureq::http::Method;

/// The methods, each with the file it is paid by and what a sale to its partner comes to.
const METHODS: [(&str, &str, i64); 6] = [
    ("PAYPAL", "paypal", 50_000),
    ("WISE", "wise", 60_000),
    ("SEPA", "sepa", 70_000),
    ("GIFT", "tremendous", 80_000),
    ("NOTE", "credit_note", 90_000),
    ("HAND", "plain", 100_000),
];

fn method(code: &str) -> Value {
    match code {
        "PAYPAL" => json!({ "method": "paypal", "email": "p@partners.example" }),
        "WISE" => json!({ "method": "wise", "email": "w@partners.example" }),
        "SEPA" => json!({ "method": "sepa", "holder": "Zoë Größl", "iban": "DE89 3704 0044 0532 0130 00" }),
        "GIFT" => json!({ "method": "gift_card", "email": "g@partners.example" }),
        "NOTE" => {
            json!({ "method": "credit_note", "name": "Note GmbH", "address": "Teeweg 1\n20095 Hamburg" })
        }
        _ => json!({ "method": "manual" }),
    }
}

/// A program in euros with a partner for each method, and all of them in a batch.
fn batch(shop: &Client) -> PayoutBatch {
    shop.freeze("2026-03-01T09:00:00.000Z");
    shop.program(json!({ "currency": "eur", "holdDays": 1 }));
    for (code, _, amount) in METHODS {
        let partner = shop.partner(code).id;
        shop.put(&format!("/v1/partners/{partner}/payout-method"), &method(code)).ok::<PayoutMethod>();
        // Two sales to each, so that a sum is one.
        for part in [amount / 2, amount - amount / 2] {
            let invoice = format!("{code}_{part}_{}", part % 2);
            let sale = json!({ "customerExternalId": invoice, "amount": part, "currency": "eur", "code": code,
                "invoiceId": format!("{invoice}_{}", shop.commissions().len()) });
            shop.sale(sale);
        }
    }
    shop.clock(json!({ "advanceDays": 2 }));
    shop.with("idempotency-key", "march").post("/v1/payouts/batches", &json!({})).ok()
}

fn file(shop: &Client, batch: &PayoutBatch, format: &str) -> Answer {
    shop.get(&format!("/v1/payouts/batches/{}/file?format={format}", batch.id))
}

/// What a file pays, in cents, as its reader adds it up.
fn sum(format: &str, text: &str) -> i64 {
    let cents = |amount: &str| amount.replace('.', "").parse::<i64>().expect("an amount");
    let column = |named: bool, place: usize| {
        let mut reader = csv::ReaderBuilder::new().has_headers(named).from_reader(text.as_bytes());
        reader.records().map(|row| cents(&row.expect("a row")[place])).sum()
    };
    match format {
        "paypal" => column(false, 1),
        "wise" => column(true, 5),
        "plain" => column(true, 17),
        "sepa" => {
            let sums: Vec<_> = text
                .split("<CtrlSum>")
                .skip(1)
                .map(|rest| &rest[..rest.find('<').expect("an end")])
                .collect();
            assert!(sums.len() == 2 && sums[0] == sums[1], "{sums:?}");
            let amounts = text.split("<InstdAmt Ccy=\"EUR\">").skip(1);
            let amounts: i64 = amounts.map(|rest| cents(&rest[..rest.find('<').expect("an end")])).sum();
            assert_eq!(cents(sums[0]), amounts);
            amounts
        }
        "tremendous" => {
            assert!(
                serde_json::from_str::<Value>(text)
                    .is_ok_and(|orders| orders.as_array().is_some_and(|o| o.len() == 1))
            );
            let after = text.split("\"denomination\":").nth(1).expect("an amount");
            cents(after.trim_start().split(['\n', ',', '}']).next().expect("a number").trim())
        }
        _ => {
            let shown =
                text.split("EUR").next().and_then(|before| before.trim_end().rsplit(['>', ' ']).next());
            cents(shown.expect("an amount"))
        }
    }
}

#[test]
fn every_file_pays_what_was_reserved() {
    let server = Server::start();
    let shop = server.test();
    let batch = batch(&shop);
    assert_eq!((batch.amount, batch.payouts, batch.parts.len()), (90_000, 6, 6));
    for (_, format, _) in METHODS.into_iter().filter(|(_, format, _)| *format != "plain") {
        if matches!(format, "sepa" | "tremendous") {
            assert!(
                file(&shop, &batch, format).refused(409).contains(format),
                "nobody said what is paid from"
            );
        }
    }
    let settings = json!({
        "sepa": { "name": "Tea & Søn", "iban": "NL91ABNA0417164300" },
        "tremendous": { "campaignId": "CAMP1" },
        "creditNote": { "address": "Kade 5\n1011 Amsterdam", "taxId": "NL001234567B01" },
    });
    shop.put("/v1/payouts/settings", &settings).ok::<Value>();
    assert_eq!(sum("plain", &file(&shop, &batch, "plain").text), 90_000, "a draft can be looked at");
    assert!(file(&shop, &batch, "paypal").refused(409).contains("draft"));
    assert!(file(&shop, &batch, "pdf").refused(422).contains("`format`"));
    assert!(file(&shop, &batch, "").refused(422).contains("`format`"));
    shop.post(&format!("/v1/payouts/batches/{}/approve", batch.id), &json!({})).ok::<PayoutBatch>();

    let payouts: Vec<Payout> = shop.all(&format!("/v1/payouts?batchId={}", batch.id), 4);
    for (code, format, amount) in METHODS {
        let answer = file(&shop, &batch, format);
        assert_eq!(answer.status, 200, "{format}: {}", answer.text);
        let disposition = answer.header("content-disposition").expect("a file's name").to_owned();
        assert!(disposition.starts_with("attachment; filename=\"payouts-bat-"), "{disposition}");
        let expected = if format == "plain" { 90_000 } else { amount / 5 };
        assert_eq!(sum(format, &answer.text), expected, "{format}: {}", answer.text);
        assert_eq!(file(&shop, &batch, format).text, answer.text, "the same bytes");
        let hers = payouts.iter().find(|p| p.partner.name == format!("Partner {code}")).expect("a payout");
        assert_eq!(hers.amount, amount / 5);
    }
    let on = |day: &str, format: &str| file(&shop, &batch, &format!("{format}&executionDate={day}"));
    let approved = answered_day(&file(&shop, &batch, "sepa").text);
    assert!(on("2999-01-01", "sepa").refused(422).contains(&format!("from {approved}")));
    assert!(on("2001-01-01", "sepa").refused(422).contains("executionDate"));
    assert!(on(&approved, "paypal").refused(422).contains("`sepa` alone"));
    let later = format!("{}-12-31", &approved[..4]);
    assert_eq!(answered_day(&on(&later, "sepa").text), later);
    let media = |format: &str| file(&shop, &batch, format).header("content-type").map(str::to_owned);
    assert_eq!(media("sepa").as_deref(), Some("application/xml"));
    assert_eq!(media("paypal").as_deref(), Some("text/csv; charset=utf-8"));
}

/// The day on which a bank is asked to pay.
fn answered_day(xml: &str) -> String {
    let (_, rest) = xml.split_once("<ReqdExctnDt>").expect("a day");
    let (_, day) = rest.split_once("<Dt>").expect("a day");
    day[..10].to_owned()
}

/// Who was marked is in no provider's file any more; the record of what was paid stays.
#[test]
fn what_is_settled_is_not_sent_again() {
    let server = Server::start();
    let shop = server.test();
    let batch = batch(&shop);
    shop.post(&format!("/v1/payouts/batches/{}/approve", batch.id), &json!({})).ok::<PayoutBatch>();
    let payouts: Vec<Payout> = shop.all(&format!("/v1/payouts?batchId={}", batch.id), 100);
    let mark = |method: &str, status: &str| {
        let ids: Vec<_> = payouts.iter().filter(|p| p.method == method).map(|p| &p.id).collect();
        shop.post("/v1/payouts/mark", &json!({ "payouts": ids, "status": status })).ok::<Vec<Payout>>();
    };
    let note = file(&shop, &batch, "credit_note").text;
    mark("credit_note", "paid");
    assert_eq!(file(&shop, &batch, "credit_note").text, note);
    let sent = file(&shop, &batch, "paypal").text;
    let reference = sent.split(',').nth(3).expect("a reference");
    let body = json!({ "payouts": [reference.to_lowercase()], "status": "paid" });
    let marked: Vec<Payout> = shop.post("/v1/payouts/mark", &body).ok();
    assert_eq!((marked[0].method.as_str(), marked[0].status.as_str()), ("paypal", "completed"));
    mark("paypal", "paid");
    assert!(file(&shop, &batch, "paypal").refused(422).contains("no payout"));
    mark("wise", "failed");
    assert!(file(&shop, &batch, "wise").refused(422).contains("no payout"));
    assert_eq!(sum("plain", &file(&shop, &batch, "plain").text), 90_000 - 12_000);
}

/// The same partner's token on a page of the vendor's.
fn token_on_the_vendors_page(server: &Server) -> TokenOutput {
    let who = json!({ "partner": { "email": "maya@example.com" } });
    let made: Value = server.test().post("/v1/tokens/embed/referrals", &who).ok();
    server.page().post("/v1/embed/identify", &json!({ "token": made["publicToken"] })).ok()
}

/// A partner with a proven address says how to be paid, on our own origin alone, hears of it by mail, and sees what was paid.
#[test]
fn a_partner_says_how_to_be_paid() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-03-01T09:00:00.000Z");
    shop.program(json!({ "holdDays": 1 }));
    let own = server.page_of(&server.vendor.test.publishable_key, &server.base);
    let maya = own.join("Maya", "maya@example.com");
    let page = server.bearer(&maya.token);
    let account = json!({ "method": "sepa", "holder": "Maya", "iban": "DE89370400440532013000" });
    assert!(page.post("/v1/embed/payout-method", &account).refused(403).contains("Confirm"));
    let link = server.links_mailed("maya@example.com", "/verify?token=", 1).remove(0);
    let (path, token) = link.split_once("?token=").expect("a link with a token");
    let form = server.nobody().with("content-type", "application/x-www-form-urlencoded");
    form.send(Method::POST, path, Some(format!("token={token}").into_bytes()));
    page.post("/v1/embed/payout-method", &json!({ "method": "sepa", "holder": "Maya", "iban": "DE1" }))
        .refused(422);
    let hers: TokenOutput = token_on_the_vendors_page(&server);
    let elsewhere = server.bearer(&hers.token).with("origin", crate::harness::ORIGIN);
    assert!(elsewhere.post("/v1/embed/payout-method", &account).refused(403).contains("/p/account"));
    let said: PayoutMethod = page.post("/v1/embed/payout-method", &account).ok();
    assert_eq!(said.iban.as_deref(), Some("…3000"), "a page need not know all of it");
    let partners: Value = shop.get("/v1/partners").ok();
    let known: Value =
        shop.get(&format!("/v1/partners/{}/payout-method", partners[0]["id"].as_str().expect("an id"))).ok();
    assert_eq!(known, account);
    let code = partners[0]["links"][0]["code"].as_str().expect("a code");
    shop.sale(json!({ "customerExternalId": "u", "amount": 30_000, "code": code, "invoiceId": "in_1" }));
    shop.clock(json!({ "advanceDays": 2 }));
    let batch: PayoutBatch = shop.with("idempotency-key", "k").post("/v1/payouts/batches", &json!({})).ok();
    let me = || page.get("/v1/embed/me").ok::<EmbedMe>().earnings.expect("earnings");
    assert!(me().payouts.is_empty(), "a draft is the vendor's own business");
    shop.post(&format!("/v1/payouts/batches/{}/approve", batch.id), &json!({})).ok::<PayoutBatch>();
    let payouts: Vec<Payout> = shop.all("/v1/payouts", 10);
    assert_eq!(me().payouts[0].status, "processing");
    shop.post("/v1/payouts/mark", &json!({ "payouts": [payouts[0].id], "status": "paid" })).ok::<Value>();
    let earnings = me();
    assert_eq!((earnings.payouts[0].amount, earnings.paid, earnings.processed), (6000, 6000, 0));
    assert_eq!(earnings.payout_method.iban.as_deref(), Some("…3000"));
}
