//! Payouts: what is due is paid once, to the cent; what does not arrive or is taken back comes up again.

use crate::harness::{Client, Server};
use goodword_wire::{Commission, DueList, DuePartner, Payout, PayoutBatch, PayoutMethod};
use serde_json::{Value, json};

/// A program of 20 % without a hold, frozen in March.
fn shop(server: &Server) -> Client {
    let shop = server.test();
    shop.freeze("2026-03-01T09:00:00.000Z");
    shop.program(json!({ "holdDays": 1 }));
    shop
}

impl Client {
    /// A partner who is paid by PayPal.
    #[track_caller]
    fn payee(&self, code: &str) -> String {
        let id = self.partner(code).id;
        let address = format!("{}@partners.example", code.to_lowercase());
        self.pay_by(&id, &json!({ "method": "paypal", "email": address }));
        id
    }

    #[track_caller]
    fn pay_by(&self, partner: &str, method: &Value) -> PayoutMethod {
        self.put(&format!("/v1/partners/{partner}/payout-method"), method).ok()
    }

    /// A sale of 73.50, which earns 14.70.
    #[track_caller]
    fn sell(&self, code: &str, invoice: &str) {
        let customer = format!("u-{invoice}");
        self.sale(
            json!({ "customerExternalId": customer, "amount": 7350, "code": code, "invoiceId": invoice }),
        );
    }

    /// Ends the holds of what was sold before.
    fn clear(&self) {
        self.clock(json!({ "advanceDays": 2 }));
    }

    #[track_caller]
    fn due(&self) -> DueList {
        self.get("/v1/payouts/due").ok()
    }

    #[track_caller]
    fn only_due(&self) -> DuePartner {
        let mut list = self.due().partners;
        assert_eq!(list.len(), 1, "{list:?}");
        list.remove(0)
    }

    #[track_caller]
    fn batch(&self, key: &str, with: &Value) -> PayoutBatch {
        self.with("idempotency-key", key).post("/v1/payouts/batches", with).ok()
    }

    #[track_caller]
    fn approve(&self, batch: &PayoutBatch) -> PayoutBatch {
        self.post(&format!("/v1/payouts/batches/{}/approve", batch.id), &json!({})).ok()
    }

    #[track_caller]
    fn payouts(&self, batch: &PayoutBatch) -> Vec<Payout> {
        self.all(&format!("/v1/payouts?batchId={}", batch.id), 100)
    }

    #[track_caller]
    fn mark(&self, payouts: &[Payout], status: &str) -> Vec<Payout> {
        self.post("/v1/payouts/mark", &marks(payouts, status)).ok()
    }

    /// A batch that is created, approved and paid.
    #[track_caller]
    fn pay_all(&self, key: &str) -> Vec<Payout> {
        let batch = self.batch(key, &json!({}));
        self.approve(&batch);
        self.mark(&self.payouts(&batch), "paid")
    }

    /// Balances of partners' accounts, added up by kind.
    fn balances(&self) -> [i64; 4] {
        let accounts = self.ledger().accounts;
        assert_eq!(accounts.iter().map(|a| a.balance).sum::<i64>(), 0, "{accounts:?}");
        let of = |kind: &str| accounts.iter().filter(|a| a.kind == kind).map(|a| a.balance).sum();
        [of("payable"), of("clawback"), of("sent"), of("paid")]
    }
}

fn marks(payouts: &[Payout], status: &str) -> Value {
    let ids: Vec<_> = payouts.iter().map(|payout| &payout.id).collect();
    json!({ "payouts": ids, "status": status })
}

/// `goodword check` finds nothing.
#[track_caller]
fn assert_sound(server: &Server) {
    let output = server.operate("check", &[]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

/// `goodword check` tells of a payout that was changed from outside, and of nothing once it is as it was.
#[test]
fn a_payout_that_was_tampered_with_is_found() {
    let server = Server::start();
    let shop = shop(&server);
    shop.payee("MAYA10");
    (0..4).for_each(|i| shop.sell("MAYA10", &format!("in_{i}")));
    shop.clear();
    let paid = shop.pay_all("march");
    for (done, undone) in [
        ("update payout set amount = amount + 1", "update payout set amount = amount - 1"),
        ("update payout set status = 'processing'", "update payout set status = 'completed'"),
        ("update payout_item set earnings = earnings + 1", "update payout_item set earnings = earnings - 1"),
    ] {
        server.change(done);
        let output = server.operate("check", &[]);
        let printed = String::from_utf8_lossy(&output.stdout);
        assert!(
            !output.status.success() && printed.contains(&format!("payout {}", paid[0].id)),
            "{done}: {printed}"
        );
        server.change(undone);
        assert_sound(&server);
    }
}

fn statuses(commissions: &[Commission]) -> Vec<&str> {
    commissions.iter().map(|c| c.status.as_str()).collect()
}

/// Four times 14.70 = 58.80 at a minimum of 50.00 are paid; a refund of one after the payout is −14.70 in the next. Source: Tolt's
/// published example.
#[test]
fn four_of_tolt_and_a_refund() {
    let server = Server::start();
    let shop = shop(&server);
    shop.payee("MAYA10");
    for invoice in ["in_1", "in_2", "in_3"] {
        shop.sell("MAYA10", invoice);
    }
    shop.clear();
    let due = shop.only_due();
    assert_eq!((due.amount, due.eligible, due.reason.as_deref()), (4410, false, Some("below_minimum")));
    shop.with("idempotency-key", "k").post("/v1/payouts/batches", &json!({})).refused(409);
    shop.sell("MAYA10", "in_4");
    shop.clear();
    let list = shop.due();
    assert_eq!((list.minimum, list.amount, list.eligible, list.currency.as_str()), (5000, 5880, 1, "usd"));

    let paid = shop.pay_all("march");
    assert_eq!((paid[0].amount, paid[0].status.as_str(), paid[0].commissions), (5880, "completed", 4));
    assert_eq!(shop.balances(), [0, 0, 0, 5880]);
    let commissions = shop.commissions();
    assert_eq!(statuses(&commissions), ["paid"; 4]);
    assert!(commissions.iter().all(|c| c.payout_id.as_ref() == Some(&paid[0].id) && c.earnings == 1470));
    assert!(shop.due().partners.is_empty());

    shop.refund(json!({ "invoiceId": "in_2", "refundId": "re_1" }));
    let due = shop.only_due();
    assert_eq!((due.amount, due.reason.as_deref()), (-1470, Some("negative_balance")));
    assert_eq!(shop.balances(), [0, -1470, 0, 5880]);
    for invoice in ["in_5", "in_6", "in_7", "in_8"] {
        shop.sell("MAYA10", invoice);
    }
    shop.clear();
    let due = shop.only_due();
    assert_eq!((due.amount, due.earned, due.owed), (4410, 5880, 1470), "less than 50.00: carried forward");
    assert_eq!(due.reason.as_deref(), Some("below_minimum"));
    shop.sell("MAYA10", "in_9");
    shop.clear();
    let second = shop.pay_all("april");
    assert_eq!((second[0].amount, second[0].netted, second[0].commissions), (5880, 1470, 6));
    assert_eq!(shop.balances(), [0, 0, 0, 11_760]);
    let totals: Value = shop.get("/v1/partners").ok();
    assert_eq!(totals[0]["totalCommissions"], 11_760);
    let first: Payout = shop.get(&format!("/v1/payouts/{}", paid[0].id)).ok();
    assert_eq!(first, paid[0], "nothing that was paid is edited");
}

#[test]
fn every_way_a_payout_can_go() {
    let server = Server::start();
    let shop = shop(&server);
    shop.payee("MAYA10");
    (0..5).for_each(|i| shop.sell("MAYA10", &format!("in_{i}")));
    shop.clear();
    assert_eq!(shop.balances(), [7350, 0, 0, 0]);

    let canceled = shop.batch("one", &json!({}));
    assert_eq!((canceled.status.as_str(), canceled.amount, canceled.payouts), ("draft", 7350, 1));
    assert_eq!(shop.balances(), [0, 0, 7350, 0], "reserved at once");
    assert!(shop.due().partners.is_empty());
    shop.post("/v1/payouts/mark", &marks(&shop.payouts(&canceled), "paid")).refused(409);
    let cancel = format!("/v1/payouts/batches/{}/cancel", canceled.id);
    let answer: PayoutBatch = shop.post(&cancel, &json!({})).ok();
    assert_eq!(shop.post(&cancel, &json!({})).ok::<PayoutBatch>(), answer, "said again");
    assert_eq!((answer.status.as_str(), shop.payouts(&answer)[0].status.as_str()), ("canceled", "canceled"));
    shop.post(&format!("/v1/payouts/batches/{}/approve", canceled.id), &json!({})).refused(409);
    assert_eq!(shop.balances(), [7350, 0, 0, 0]);

    let failing = shop.batch("two", &json!({}));
    let approved = shop.approve(&failing);
    assert_eq!((approved.status.as_str(), approved.parts[0].status.as_str()), ("approved", "processing"));
    assert_eq!(shop.approve(&failing), approved, "said again");
    shop.post(&format!("/v1/payouts/batches/{}/cancel", failing.id), &json!({})).refused(409);
    let payouts = shop.payouts(&failing);
    let refused = shop.post("/v1/payouts/mark", &marks(&payouts, "returned")).refused(409);
    assert!(refused.contains(&payouts[0].id), "{refused}");
    let noted = json!({ "payouts": [payouts[0].id], "status": "failed", "note": "account closed" });
    let failed: Vec<Payout> = shop.post("/v1/payouts/mark", &noted).ok();
    assert_eq!((failed[0].status.as_str(), failed[0].note.as_deref()), ("failed", Some("account closed")));
    shop.post("/v1/payouts/mark", &marks(&payouts, "paid")).refused(409);
    assert_eq!(shop.balances(), [7350, 0, 0, 0]);
    assert!(shop.commissions().iter().all(|c| c.status == "processed" && c.payout_id.is_none()));

    let paid = shop.pay_all("three");
    assert_eq!(shop.mark(&paid, "paid"), paid, "said again");
    assert_eq!((statuses(&shop.commissions()), shop.balances()), (vec!["paid"; 5], [0, 0, 0, 7350]));
    shop.post("/v1/payouts/mark", &marks(&paid, "failed")).refused(409);
    let returned = shop.mark(&paid, "returned");
    assert_eq!((returned[0].status.as_str(), returned[0].paid_at.is_some()), ("returned", true));
    assert_eq!((statuses(&shop.commissions()), shop.balances()), (vec!["processed"; 5], [7350, 0, 0, 0]));
    shop.post("/v1/payouts/mark", &marks(&paid, "paid")).refused(409);

    shop.pay_all("four");
    assert_eq!(shop.balances(), [0, 0, 0, 7350]);
    assert_sound(&server);
    let all: Vec<Payout> = shop.all("/v1/payouts", 2);
    let stand: Vec<_> = all.iter().map(|p| p.status.as_str()).collect();
    assert_eq!(stand, ["completed", "returned", "failed", "canceled"]);
    assert_eq!(shop.all::<Payout>("/v1/payouts?status=failed", 50), failed);
    for payout in &all {
        let made_of: Vec<Commission> = shop.all(&format!("/v1/commissions?payoutId={}", payout.id), 2);
        assert_eq!(
            made_of.iter().map(|c| c.earnings).sum::<i64>(),
            payout.amount,
            "remembered, whatever came of it"
        );
        assert!(made_of.iter().all(|c| c.payout_id.as_ref() == Some(&all[0].id)), "in the one that arrived");
    }
}

/// A refund while the payout is under way is owed; when the payout fails, both come up again, and further refunds are right.
#[test]
fn refunds_around_a_payout_that_fails() {
    let server = Server::start();
    let shop = shop(&server);
    shop.payee("MAYA10");
    (0..4).for_each(|i| shop.sell("MAYA10", &format!("in_{i}")));
    shop.clear();
    let batch = shop.batch("one", &json!({}));
    let refund = |id: &str, amount: i64| {
        shop.refund(json!({ "invoiceId": "in_0", "refundId": id, "amount": amount }));
    };
    refund("re_1", 3675);
    assert_eq!(shop.balances(), [0, -735, 5880, 0]);
    shop.approve(&batch);
    shop.mark(&shop.payouts(&batch), "failed");
    assert_eq!((shop.balances(), shop.only_due().amount), ([5880, -735, 0, 0], 5145));
    refund("re_2", 3675);
    assert_eq!((shop.balances(), shop.only_due().amount), ([5880, -1470, 0, 0], 4410));
    shop.sell("MAYA10", "in_9");
    shop.clear();
    let paid = shop.pay_all("two");
    assert_eq!((paid[0].amount, paid[0].netted), (5880, 1470));
    shop.mark(&paid, "returned");
    assert_eq!(shop.balances(), [7350, -1470, 0, 0], "the netting is undone too");
    shop.pay_all("three");
    assert_eq!(shop.balances(), [0, 0, 0, 5880]);
    assert_sound(&server);
}

#[test]
fn a_batch_asked_for_twice_is_one() {
    let server = Server::start();
    let shop = shop(&server);
    let maya = shop.payee("MAYA10");
    (0..4).for_each(|i| shop.sell("MAYA10", &format!("in_{i}")));
    shop.clear();
    shop.post("/v1/payouts/batches", &json!({})).refused(422);
    let first = shop.batch("march", &json!({}));
    shop.approve(&first);
    (4..8).for_each(|i| shop.sell("MAYA10", &format!("in_{i}")));
    shop.clear();
    assert_eq!(shop.batch("march", &json!({})), first, "the first answer");
    shop.with("idempotency-key", "march")
        .post("/v1/payouts/batches", &json!({ "partnerIds": [maya] }))
        .refused(409);
    let by_field = json!({ "batchKey": "april" });
    let second: PayoutBatch = shop.post("/v1/payouts/batches", &by_field).ok();
    assert_eq!(shop.post("/v1/payouts/batches", &by_field).ok::<PayoutBatch>(), second);
    let batches: Vec<PayoutBatch> = shop.all("/v1/payouts/batches", 1);
    assert_eq!(batches.iter().map(|b| &b.id).collect::<Vec<_>>(), [&second.id, &first.id]);
    assert_eq!(shop.balances(), [0, 0, 11_760, 0]);
}

#[test]
fn who_waits_and_why() {
    let server = Server::start();
    let shop = shop(&server);
    let maya = shop.payee("MAYA10");
    let otto = shop.partner("OTTO10").id;
    for (code, count) in [("MAYA10", 4), ("OTTO10", 5)] {
        (0..count).for_each(|i| shop.sell(code, &format!("{code}_{i}")));
    }
    assert!(shop.due().partners.is_empty(), "held commissions are not due");
    shop.clear();
    let reason = |partner: &str| {
        let found = shop.due().partners.into_iter().find(|p| p.partner.id == partner);
        found.expect("on the list").reason
    };
    assert_eq!((reason(&maya), reason(&otto).as_deref()), (None, Some("no_method")));
    let csv = shop.get("/v1/payouts/due?format=csv");
    assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
    let row = format!("{otto},Partner OTTO10,73.50,USD,73.50,0.00,5,,false,no_method\r\n");
    assert!(csv.text.ends_with(&row), "{}", csv.text);
    shop.get("/v1/payouts/due?format=xml").refused(422);
    let hold = format!("/v1/partners/{maya}/payout-hold");
    shop.put(&hold, &json!({ "onHold": true, "reason": "a question" })).ok::<Value>();
    assert_eq!(reason(&maya).as_deref(), Some("on_hold"));
    assert_eq!(shop.get(&hold).json(), json!({ "onHold": true, "reason": "a question" }));
    let only = |partner: &str| {
        shop.with("idempotency-key", "k").post("/v1/payouts/batches", &json!({ "partnerIds": [partner] }))
    };
    assert!(only(&maya).refused(422).contains("on_hold"));
    assert!(only(&otto).refused(422).contains("no_method"));
    shop.put(&hold, &json!({ "onHold": false })).ok::<Value>();
    assert_eq!(reason(&maya), None, "the method outlived the hold");
    let batch: PayoutBatch = only(&maya).ok();
    assert_eq!((batch.amount, batch.payouts), (5880, 1));
    let least = shop.with("idempotency-key", "k2").post("/v1/payouts/batches", &json!({ "minimum": -1 }));
    assert!(least.refused(422).contains("minimum"));
    shop.pay_by(&otto, &json!({ "method": "manual" }));
    let high = json!({ "minimum": 7351 });
    shop.with("idempotency-key", "k3").post("/v1/payouts/batches", &high).refused(409);
    assert_eq!(shop.batch("k4", &json!({ "minimum": 7350 })).amount, 7350);
}

#[test]
fn a_second_person_approves() {
    let server = Server::start();
    let shop = shop(&server);
    shop.payee("MAYA10");
    let settings: Value = shop.put("/v1/payouts/settings", &json!({ "approval": "second_person" })).ok();
    assert_eq!(settings["approval"], "second_person");
    for (email, role) in [("second@shop.example", "finance"), ("reader@shop.example", "analyst")] {
        server
            .admin("create-user", &["--email", email, "--role", role, "--password", "correct horse battery"]);
    }
    let owner = server.console();
    let second = server.console_of("second@shop.example", "correct horse battery");
    let reader = server.console_of("reader@shop.example", "correct horse battery");
    let batch = |who: &Client, key: &str| {
        (0..4).for_each(|i| shop.sell("MAYA10", &format!("{key}_{i}")));
        shop.clear();
        who.batch(key, &json!({}))
    };
    let approve = |who: &Client, batch: &PayoutBatch| {
        who.post(&format!("/v1/payouts/batches/{}/approve", batch.id), &json!({}))
    };
    let hers = batch(&owner, "one");
    assert!(approve(&owner, &hers).refused(403).contains("you created it"));
    assert!(approve(&shop, &hers).refused(403).contains("API key"));
    approve(&reader, &hers).refused(403);
    let approved: PayoutBatch = approve(&second, &hers).ok();
    assert_ne!(approved.decided_by, Some(approved.created_by.clone()));
    assert_eq!(approve(&owner, &hers).ok::<PayoutBatch>(), approved, "it is approved already");
    let by_key = batch(&shop, "two");
    assert!(by_key.created_by.starts_with("API key"), "{by_key:?}");
    approve(&shop, &by_key).refused(403);
    approve(&owner, &by_key).ok::<PayoutBatch>();

    let off = json!({ "approval": "none" });
    for who in [&shop, &second] {
        who.put("/v1/payouts/settings", &off).refused(403);
    }
    owner.put("/v1/payouts/settings", &off).ok::<Value>();
    let third = batch(&owner, "three");
    approve(&owner, &third).ok::<PayoutBatch>();
}

#[test]
fn points_and_other_currencies_stay_out() {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-03-01T09:00:00.000Z");
    let points = json!({ "event": "sale", "type": "flat", "amount": 9000, "unit": "points" });
    let first = shop.program(json!({ "holdDays": 1, "rewards": [points] }));
    shop.payee("MAYA10");
    shop.sell("MAYA10", "in_1");
    let euros = shop.program(json!({ "name": "Euro", "currency": "eur", "holdDays": 1 }));
    let otto = shop.partner_with("OTTO10", json!({ "programId": euros.id })).id;
    shop.pay_by(&otto, &json!({ "method": "manual" }));
    let sale = |i: usize| {
        json!({ "programId": euros.id, "customerExternalId": format!("e{i}"), "amount": 7350, "currency": "eur",
            "code": "OTTO10", "invoiceId": format!("e_{i}") })
    };
    (0..4).for_each(|i| drop(shop.sale(sale(i))));
    shop.clear();
    assert_eq!(shop.commissions().iter().filter(|c| c.status == "processed").count(), 5);
    assert!(shop.due().partners.is_empty(), "points are not due in money");
    let create = |with: Value| shop.with("idempotency-key", "k").post("/v1/payouts/batches", &with);
    create(json!({ "programId": first.id })).refused(409);
    assert!(create(json!({ "currency": "points" })).refused(422).contains("`currency`"));
    assert!(create(json!({ "programId": euros.id, "currency": "usd" })).refused(422).contains("`currency`"));
    let batch: PayoutBatch = create(json!({ "programId": euros.id, "currency": "eur" })).ok();
    assert_eq!((batch.currency.as_str(), batch.amount), ("eur", 5880));
    assert_eq!(
        statuses(&shop.all::<Commission>(&format!("/v1/commissions?programId={}", first.id), 50)),
        ["processed"]
    );
}

#[test]
fn bad_requests_name_the_field() {
    let server = Server::start();
    let shop = shop(&server);
    let maya = shop.payee("MAYA10");
    let none = "po_00000000000000000000000000000001";
    for (body, status, word) in [
        (json!({ "payouts": [], "status": "paid" }), 422, "`payouts`"),
        (json!({ "payouts": ["x"], "status": "paid" }), 422, "`payouts`"),
        (json!({ "payouts": [none], "status": "sent" }), 422, "`status`"),
        (json!({ "payouts": [none] }), 422, "`status`"),
        (json!({ "payouts": [none], "status": "paid" }), 404, "`payouts[0]`"),
        (json!({ "payouts": [none], "state": "paid" }), 422, "state"),
    ] {
        let said = shop.post("/v1/payouts/mark", &body).refused(status);
        assert!(said.contains(word), "{said}");
    }
    let method = format!("/v1/partners/{maya}/payout-method");
    for (body, word) in [
        (json!({}), "`method`"),
        (json!({ "method": "cash" }), "`method`"),
        (json!({ "method": "sepa", "holder": "M", "iban": "DE00" }), "`iban`"),
        (json!({ "method": "paypal", "email": "m@example.com", "iban": "DE89370400440532013000" }), "`iban`"),
    ] {
        let said = shop.put(&method, &body).refused(422);
        assert!(said.contains(word), "{said}");
    }
    assert_eq!(shop.get(&method).json(), json!({ "method": "paypal", "email": "maya10@partners.example" }));
    shop.get("/v1/partners/ptn_00000000000000000000000000000001/payout-method").refused(404);
    for (body, word) in [
        (json!({ "approval": "three" }), "`approval`"),
        (json!({ "sepa": { "name": "Shop", "iban": "x" } }), "`sepa.iban`"),
        (json!({ "tremendous": { "products": [] } }), "`tremendous.campaignId`"),
        (json!({ "payer": {} }), "payer"),
    ] {
        let said = shop.put("/v1/payouts/settings", &body).refused(422);
        assert!(said.contains(word), "{said}");
    }
    server.page().get("/v1/payouts").refused(403);
    server.live().get(&format!("/v1/partners/{maya}/payout-method")).refused(404);
}
