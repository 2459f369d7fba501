//! Many at the same moment, on two servers with one database: one is first, and nothing is posted twice.

use super::earned;
use crate::harness::{Kind, Server, at_once};
use goodword_wire::{Registration, Settlement};
use serde_json::json;

#[test]
fn of_many_who_register_one_customer_one_has_it() {
    let server = Server::durable(Kind::chosen());
    let other = server.beside();
    let shop = server.test();
    shop.freeze("2026-03-01T09:00:00.000Z");
    shop.program(json!({ "registrations": {} }));
    let partners: Vec<String> = (0..6).map(|i| shop.partner(&format!("CODE{i}")).id).collect();
    for round in 0..4 {
        let answers = at_once(6, |i| {
            let shop = if i % 2 == 0 { server.test() } else { other.test() };
            let body = json!({ "partnerId": partners[i], "customerName": format!("Acme {round}"), "contact": format!("acme{round}.example") });
            shop.post("/v1/registrations", &body)
        });
        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409, 409, 409, 409, 409], "{answers:?}");
    }
    let all: Vec<Registration> = shop.all("/v1/registrations?status=submitted", 10);
    assert_eq!(all.len(), 4);
}

#[test]
fn many_who_settle_a_period_settle_it_once() {
    let server = Server::durable(Kind::chosen());
    let other = server.beside();
    let shop = server.test();
    shop.freeze("2026-01-05T12:00:00.000Z");
    let steps = json!([{ "from": 0, "percentage": "5" }]);
    shop.program(
        json!({ "rewards": [], "settlements": [{ "key": "volume", "period": "month", "graceDays": 90,
        "tiers": { "mode": "retroactive", "steps": steps } }] }),
    );
    shop.partner("MAYA");
    for i in 0..5 {
        shop.sale(json!({ "customerExternalId": format!("u{i}"), "code": "MAYA", "amount": 10_000 }));
    }
    shop.freeze("2026-02-01T00:00:00.000Z");
    let answers = at_once(10, |i| {
        let shop = if i % 2 == 0 { server.test() } else { other.test() };
        shop.post("/v1/settlements", &json!({ "rule": "volume", "day": "2026-01-31" })).ok::<Settlement>()
    });
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert_eq!(earned(&shop), [2_500]);
    let checked = server.operate("check", &[]);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
}

/// A stage is reached by several at once, and paid once.
#[test]
fn a_stage_is_paid_once() {
    let server = Server::durable(Kind::chosen());
    let other = server.beside();
    let shop = server.test();
    shop.freeze("2026-03-01T09:00:00.000Z");
    shop.program(json!({ "registrations": { "stages": [{ "name": "Demo", "amount": 100 }] } }));
    let partner = shop.partner("MAYA").id;
    let body = json!({ "partnerId": partner, "customerName": "Acme", "contact": "acme.example" });
    let deal: Registration = shop.post("/v1/registrations", &body).ok();
    let path = format!("/v1/registrations/{}/step", deal.id);
    shop.post(&path, &json!({ "step": "approve" })).ok::<Registration>();
    at_once(8, |i| {
        let shop = if i % 2 == 0 { server.test() } else { other.test() };
        shop.post(&path, &json!({ "step": "advance", "stage": "Demo" })).ok::<Registration>()
    });
    assert_eq!(earned(&shop), [100]);
}
