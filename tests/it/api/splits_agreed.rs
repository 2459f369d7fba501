//! How a sale is shared, agreed among those who share it: proposed, consented to or disputed, decided, and never paid meanwhile.

use super::sums::{assert_checked, assert_sound};
use crate::harness::{Client, Server};
use goodword_wire::{Commission, DueList, SplitProposal};
use serde_json::{Value, json};

struct Scene {
    server: Server,
    shop: Client,
    program: String,
    anna: String,
    bert: String,
    cara: String,
}

impl Scene {
    /// 20 % of each sale; ANNA has brought one of 1,000.01.
    fn new(with: Value) -> Self {
        let server = Server::start();
        let shop = server.test();
        shop.freeze("2026-03-10T12:00:00.000Z");
        let program = shop.program(with).id;
        let [anna, bert, cara] = ["ANNA11", "BERT22", "CARA33"].map(|code| {
            let id = shop.partner(code).id;
            let method = json!({ "method": "manual" });
            shop.put(&format!("/v1/partners/{id}/payout-method"), &method).ok::<Value>();
            id
        });
        shop.sale(
            json!({ "customerExternalId": "u-1", "code": "ANNA11", "amount": 100_005, "invoiceId": "in_1" }),
        );
        Self { server, shop, program, anna, bert, cara }
    }

    fn parts(&self, anna: &str, bert: &str) -> Value {
        json!([{ "partnerId": self.anna, "percentage": anna, "role": "seller" },
            { "partnerId": self.bert, "percentage": bert, "role": "engineer" }])
    }

    #[track_caller]
    fn propose(&self, parts: &Value) -> SplitProposal {
        let input = json!({ "invoiceId": "in_1", "partners": parts, "note": "Bert built it" });
        self.shop.post("/v1/splits", &input).ok()
    }

    #[track_caller]
    fn decide(&self, split: &SplitProposal, what: &Value) -> SplitProposal {
        self.shop.post(&format!("/v1/splits/{}/decide", split.id), what).ok()
    }

    /// What each has earned: of all commissions, corrections included.
    fn earned(&self) -> [i64; 3] {
        let all: Vec<Commission> = self.shop.commissions();
        [&self.anna, &self.bert, &self.cara]
            .map(|id| all.iter().filter(|c| c.partner.id == *id).map(|c| c.earnings).sum())
    }

    fn due(&self) -> Vec<(String, i64)> {
        let due: DueList = self.shop.get("/v1/payouts/due").ok();
        due.partners.into_iter().map(|row| (row.partner.id, row.amount)).collect()
    }

    fn pays_out(&self) {
        let batch: Value =
            self.shop.post("/v1/payouts/batches", &json!({ "minimum": 1, "batchKey": "b" })).ok();
        let id = batch["id"].as_str().expect("an id");
        self.shop.post(&format!("/v1/payouts/batches/{id}/approve"), &json!({})).ok::<Value>();
        let payouts: Vec<Value> = self.shop.get(&format!("/v1/payouts?batchId={id}")).ok();
        let ids: Vec<&str> = payouts.iter().filter_map(|payout| payout["id"].as_str()).collect();
        self.shop.post("/v1/payouts/mark", &json!({ "payouts": ids, "status": "paid" })).ok::<Value>();
    }
}

/// 200.01 by the largest remainder over 60 and 40: 120.01 and 80.00. Nothing is released while it is open; a refund of half leaves
/// 60.00 and 40.00 of 100.00 (100.005 rounded away from zero is 100.01: 60.01 and 40.00).
#[test]
fn a_sale_is_held_while_it_is_discussed_and_shared_when_it_is_decided() {
    let scene = Scene::new(json!({}));
    let split = scene.propose(&scene.parts("60", "40"));
    assert_eq!((split.status.as_str(), split.amount, split.overdue), ("proposed", 20_001, false));
    let amounts: Vec<(i64, &str)> = split.parts.iter().map(|p| (p.amount, p.percentage.as_str())).collect();
    assert_eq!(amounts, [(12_001, "60.00"), (8_000, "40.00")]);
    assert_eq!(split.due_at, "2026-03-13T12:00:00.000Z", "three days");
    let again = json!({ "invoiceId": "in_1", "partners": scene.parts("50", "50") });
    assert!(scene.shop.post("/v1/splits", &again).refused(409).contains("waits"));
    scene.shop.freeze("2026-05-01T12:00:00.000Z");
    assert_eq!(scene.shop.commissions()[0].status, "pending", "the hold does not end while it is open");
    let late: Vec<SplitProposal> = scene.shop.get("/v1/splits?status=open").ok();
    assert!(late.len() == 1 && late[0].overdue);
    let done = scene.decide(&split, &json!({ "decision": "approved", "note": "As agreed" }));
    assert_eq!((done.status.as_str(), done.decided.len()), ("approved", 2));
    assert_eq!(scene.earned(), [12_001, 8_000, 0]);
    assert_eq!(
        scene.decide(&split, &json!({ "decision": "approved" })),
        done,
        "the same again changes nothing"
    );
    scene
        .shop
        .post(&format!("/v1/splits/{}/decide", split.id), &json!({ "decision": "rejected" }))
        .refused(409);
    scene.shop.clock(json!({ "advanceDays": 1 }));
    assert!(scene.shop.commissions().iter().all(|c| c.status == "processed"));
    assert_sound(&scene.shop);
    scene.shop.refund(json!({ "invoiceId": "in_1", "refundId": "re_1", "amount": 50_002 }));
    assert_eq!(scene.earned(), [6_001, 4_000, 0], "20 % of 500.03 is 100.01");
    assert_sound(&scene.shop);
    assert_checked(&scene.server);
    let trail: Vec<(&str, bool)> = done.trail.iter().map(|e| (e.status.as_str(), e.note.is_some())).collect();
    assert_eq!(trail, [("proposed", true), ("approved", true)]);
}

/// What was cleared is not paid while it is open; what was paid stays, and is corrected by commissions of their own.
#[test]
fn what_was_paid_is_corrected_and_never_edited() {
    let scene = Scene::new(json!({ "holdDays": 0 }));
    scene.shop.clock(json!({ "advanceDays": 0 }));
    assert_eq!(scene.due(), [(scene.anna.clone(), 20_001)]);
    let split = scene.propose(&scene.parts("60", "40"));
    assert_eq!(scene.due(), [], "it waits for the decision");
    scene.shop.post("/v1/payouts/batches", &json!({ "minimum": 1, "batchKey": "a" })).refused(409);
    scene.decide(&split, &json!({ "decision": "rejected" }));
    assert_eq!(scene.earned(), [20_001, 0, 0]);
    scene.pays_out();
    let parts =
        json!([{ "partnerId": scene.bert, "percentage": "25" }, { "code": "CARA33", "percentage": "75" }]);
    let split = scene.propose(&parts);
    assert_eq!(split.consents.len(), 3, "Anna loses hers, and is asked");
    scene.decide(&split, &json!({ "decision": "approved" }));
    assert_eq!(scene.earned(), [0, 5_000, 15_001]);
    let first = scene.shop.commissions().into_iter().find(|c| c.earnings == 20_001).expect("hers");
    assert_eq!(first.status, "paid");
    scene.shop.clock(json!({ "advanceDays": 1 }));
    assert_eq!(
        scene.due().iter().map(|(_, amount)| amount).sum::<i64>(),
        0,
        "Anna owes what the others have"
    );
    scene.shop.refund(json!({ "invoiceId": "in_1", "refundId": "re_1", "amount": 100_005 }));
    assert_eq!(scene.earned(), [0, 0, 0]);
    assert_sound(&scene.shop);
    assert_checked(&scene.server);
}

/// The vendor may decide other parts than were proposed; roles weigh as the reward says.
#[test]
fn roles_weigh_as_the_reward_says_and_the_vendor_may_decide_otherwise() {
    let roles = json!({ "seller": 3, "engineer": 1 });
    let reward = json!({ "event": "sale", "type": "percentage", "percentage": "20", "split": { "by": "role", "roles": roles } });
    let scene = Scene::new(json!({ "rewards": [reward] }));
    let of = |id: &str, role: &str| json!({ "partnerId": id, "role": role });
    let split = scene.propose(&json!([of(&scene.anna, "seller"), of(&scene.bert, "engineer")]));
    let shown: Vec<&str> = split.parts.iter().map(|part| part.percentage.as_str()).collect();
    assert_eq!(shown, ["75.00", "25.00"]);
    let other = json!([{ "partnerId": scene.anna, "percentage": "10" }, { "partnerId": scene.cara, "percentage": "90" }]);
    let done = scene.decide(&split, &json!({ "decision": "approved", "partners": other }));
    assert_eq!((done.parts.len(), done.decided[1].amount), (2, 18_001));
    assert_eq!(scene.earned(), [2_000, 0, 18_001]);
    assert_sound(&scene.shop);
    assert_checked(&scene.server);
}

#[test]
fn what_cannot_be_shared_is_refused_by_its_field() {
    let scene = Scene::new(json!({}));
    let banned = json!({ "partnerId": scene.cara, "reason": "spam" });
    scene.shop.post("/v1/partners/ban", &banned).ok::<Value>();
    scene.shop.sale(json!({ "customerExternalId": "u-9", "amount": 500, "invoiceId": "in_9" }));
    let two = scene.parts("60", "40");
    for (input, field) in [
        (json!({ "partners": two }), "saleId"),
        (json!({ "invoiceId": "in_7", "partners": two }), "saleId"),
        (json!({ "invoiceId": "in_9", "partners": two }), "saleId"),
        (json!({ "invoiceId": "in_1", "partners": [] }), "partners"),
        (json!({ "invoiceId": "in_1", "partners": scene.parts("60", "41") }), "partners.percentage"),
        (json!({ "invoiceId": "in_1", "partners": [{ "partnerId": scene.cara }] }), "partners[0]"),
        (
            json!({ "invoiceId": "in_1", "partners": [{ "partnerId": scene.anna }, { "code": "ANNA11" }] }),
            "partners[1]",
        ),
    ] {
        let said = scene.shop.post("/v1/splits", &input).refused(422);
        assert!(said.starts_with(&format!("`{field}`")), "{input}: {said}");
    }
}

/// The partners' side, on our own origin: one proposes, the other is mailed, disputes and then agrees; nobody else may.
#[test]
fn partners_propose_and_answer_on_their_account_pages() {
    let scene = Scene::new(json!({}));
    let session = |code: &str| {
        let address = format!("{}@partners.example", code.to_lowercase());
        crate::api::account::opened(&scene.server, &scene.program, &address)
    };
    let (anna, bert, cara) = (session("ANNA11"), session("BERT22"), session("CARA33"));
    let page = anna.page();
    assert!(page.contains("Shared sales") && page.contains("in_1"), "{page}");
    let sale =
        page.split("<option value=\"sal_").nth(1).and_then(|rest| rest.split('"').next()).expect("a sale");
    let sale = format!("sal_{sale}");
    let form = [("sale", sale.as_str()), ("code", "bert22"), ("part", "40"), ("note", "Bert built it")];
    assert!(anna.sends("/p/account/split", &form).contains("Your proposal is sent"));
    let split: Vec<SplitProposal> = scene.shop.get("/v1/splits?status=open").ok();
    let by = split[0].proposed_by.as_ref().map(|by| by.id.as_str());
    assert_eq!((by, split[0].consents[0].answer.as_str()), (Some(scene.anna.as_str()), "agreed"));
    let mailed = scene.server.mailed("bert22@partners.example", 2);
    assert!(mailed[1].contains("Somebody proposes how sale in_1 is shared with you"), "{}", mailed[1]);
    assert!(!cara.page().contains("Shared sales"), "it is none of hers");
    let id = split[0].id.as_str();
    assert!(
        cara.sends("/p/account/split/answer", &[("id", id), ("answer", "agreed")])
            .contains("There is no such split")
    );
    let disputes = [("id", id), ("answer", "disputed"), ("note", "I want half")];
    assert!(bert.sends("/p/account/split/answer", &disputes).contains("Disputed; the vendor decides"));
    assert!(anna.page().contains("I want half"));
    assert!(
        bert.sends("/p/account/split/answer", &[("id", id), ("answer", "agreed")])
            .contains("Agreed; the vendor decides")
    );
    let agreed: SplitProposal = scene.shop.get(&format!("/v1/splits/{id}")).ok();
    let trail: Vec<&str> = agreed.trail.iter().map(|event| event.status.as_str()).collect();
    assert_eq!((agreed.status.as_str(), trail), ("agreed", vec!["proposed", "disputed", "agreed"]));
    assert!(
        anna.sends("/p/account/split/answer", &[("id", id), ("answer", "withdrawn")]).contains("Taken back")
    );
    assert_eq!(scene.earned(), [20_001, 0, 0]);
}
