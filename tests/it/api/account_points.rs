//! A partner's points, deals and statements on our own origin, in every language there is.

use super::account::{send, signed_in};
use crate::harness::{Client, Server};
use goodword_wire::{Completion, Partner, Program, Redemption};
use serde_json::{Value, json};

/// What no page in another language may say: each stands in the English one.
const ENGLISH: [&str; 16] = [
    "Your points",
    "What you have",
    "To redeem",
    "points count now",
    "more points make you",
    "Redeem",
    "On its way",
    "What you completed",
    "Waiting for review",
    "The vendor reviews it",
    "more by",
    "Statement",
    "opening balance",
    "credited",
    "Payable",
    "Paid by",
];

/// A program with points, a catalogue, levels, registered deals and a rebate.
fn program() -> Value {
    let earns = |event: &str, amount: i64| json!({ "event": "custom", "eventName": event, "type": "flat", "amount": amount, "unit": "points" });
    let tiers = json!({ "mode": "marginal", "steps": [{ "from": 0, "percentage": "2" }, { "from": 1_000_000, "percentage": "4" }] });
    json!({
        "rewards": [earns("Course", 150), { "event": "sale", "type": "percentage", "percentage": "10" }],
        "holdDays": 0, "registrations": {},
        "levels": { "period": "ever", "steps": [{ "name": "Silver", "from": 100 }, { "name": "Gold", "from": 900 }] },
        "catalogue": [{ "key": "mug", "name": "Mug", "kind": "material", "price": 50, "stock": 5 }],
        "settlements": [{ "key": "rebate", "name": "Rebate", "period": "quarter", "tiers": tiers }],
    })
}

fn pages(browser: &Client, program: &str, month: &str) -> [String; 3] {
    let paths = [
        format!("/p/account/points?program={program}"),
        format!("/p/account?program={program}"),
        format!("/p/account/statement?program={program}&month={month}"),
    ];
    paths.map(|path| {
        let page = browser.get(&path);
        assert_eq!(page.status, 200, "{path}: {}", page.text);
        page.text
    })
}

#[test]
fn points_deals_and_statements_speak_seven_languages() {
    let server = Server::start();
    let maya = signed_in(&server);
    let shop = server.test();
    let id = shop.get("/v1/programs").ok::<Vec<Program>>().remove(0).id;
    shop.patch(&format!("/v1/programs/{id}"), &program()).ok::<Program>();
    let partner = shop.get("/v1/partners").ok::<Vec<Partner>>().remove(0);
    let course = json!({ "partnerId": partner.id, "eventName": "Course", "badge": "c-1" });
    shop.post("/v1/completions", &course).ok::<Completion>();
    let sale = json!({ "customerExternalId": "u-1", "code": partner.links[0].code, "amount": 10_000, "invoiceId": "in_1" });
    shop.sale(sale);
    let deal = json!({ "partnerId": partner.id, "customerName": "Globex", "contact": "globex.example", "amount": 9_000 });
    shop.post("/v1/registrations", &deal).ok::<Value>();
    shop.clock(json!({ "advanceDays": 1 }));
    let month = shop.commissions()[0].created_at[..7].to_owned();
    let asked = [("mark", maya.mark.as_str()), ("program", id.as_str()), ("article", "mug")];
    let answer = send(&maya.browser.with("accept-language", "de"), "/p/account/points/redeem", &asked);
    assert!(answer.header("location").is_some_and(|to| to.ends_with("done=asked")), "{}", answer.text);
    let waiting = shop.get("/v1/redemptions").ok::<Vec<Redemption>>();
    assert_eq!(waiting.len(), 1);
    let english = pages(&maya.browser, &id, &month).concat();
    for text in ENGLISH {
        assert!(english.contains(text), "the English pages lack `{text}`: {english}");
    }
    for (language, says) in [
        ("de", ["Ihre Punkte", "Wartet auf Prüfung", "gutgeschrieben"]),
        ("fr", ["Vos points", "En attente d’examen", "crédité"]),
        ("es", ["Tus puntos", "A la espera de revisión", "abonado"]),
        ("pt", ["Os seus pontos", "À espera de análise", "creditado"]),
        ("ja", ["あなたのポイント", "確認待ち", "計上"]),
        ("ar", ["نقاطك", "بانتظار المراجعة", "أُضيف"]),
    ] {
        let all = pages(&maya.browser.with("accept-language", language), &id, &month);
        for (page, says) in all.iter().zip(says) {
            let dir = if language == "ar" { "rtl" } else { "ltr" };
            assert!(page.contains(&format!("<html lang=\"{language}\" dir=\"{dir}\">")), "{page}");
            assert!(page.contains(says), "{language} does not say {says}: {page}");
            let left = ENGLISH.iter().find(|text| page.contains(**text));
            assert_eq!(left, None, "{language}: {page}");
        }
    }
    let twice = send(
        &maya.browser.with("accept-language", "fr"),
        "/p/account/points/cancel",
        &[("mark", maya.mark.as_str()), ("program", id.as_str()), ("id", waiting[0].id.as_str())],
    );
    assert!(twice.header("location").is_some_and(|to| to.ends_with("done=canceled")), "{}", twice.text);
    let done = maya
        .browser
        .with("accept-language", "ja")
        .get(&format!("/p/account/points?program={id}&done=canceled"));
    assert!(done.text.contains("取り消しました") && done.text.contains("取り消し済み"), "{}", done.text);
}
