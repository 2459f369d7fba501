//! The part of a period's earnings that goes into a fund: once, and corrected with the period.

use super::{earned, settle};
use crate::api::sums::{assert_checked, assert_sound};
use crate::harness::{Client, Server};
use goodword_wire::{FundLot, FundRequest, FundState, Program, Settlement};
use serde_json::json;

/// 10 % of all, 40 % of that into a fund, unless it is below 10,000.00.
fn shop(server: &Server) -> (Client, Program, String) {
    let shop = server.test();
    shop.freeze("2026-01-05T12:00:00.000Z");
    let rule = json!({ "key": "earnings", "period": "quarter", "graceDays": 0,
        "tiers": { "mode": "retroactive", "steps": [{ "from": 0, "percentage": "10" }] },
        "coop": { "percentage": "40", "fund": "co-op", "least": 1_000_000 } });
    let fund = json!({ "name": "Co-op", "share": "50", "lotDays": 365, "claimDays": 365 });
    let program = shop.program(json!({ "rewards": [], "settlements": [rule], "funds": [fund] }));
    let partner = shop.partner("MAYA").id;
    (shop, program, partner)
}

fn sell(shop: &Client, invoice: &str, amount: i64) {
    shop.sale(json!({ "customerExternalId": format!("c-{invoice}"), "code": "MAYA", "amount": amount, "invoiceId": invoice }));
}

/// What the partner has in the fund, and what is committed.
fn stands(shop: &Client) -> (i64, i64) {
    let funds: Vec<FundState> = shop.get("/v1/funds").ok();
    (funds[0].allocated, funds[0].committed)
}

fn amounts(settlement: &Settlement) -> Vec<(i64, i64)> {
    settlement.lines.iter().map(|line| (line.amount, line.coop)).collect()
}

/// Microsoft's split: 20,000.00 are cash, for 40 % of it are below 10,000.00; 30,000.00 are 18,000.00 and 12,000.00 in the fund. Of that
/// 5,000.00 are committed when the quarter shrinks to 20,000.00: the fund gives back 7,000.00, and 3,000.00 of cash are owed. Once the
/// commitment is released, it is fund for cash.
#[test]
fn earnings_are_split_between_cash_and_a_fund() {
    let server = Server::start();
    let (shop, program, partner) = shop(&server);
    sell(&shop, "in_1", 20_000_000);
    shop.freeze("2026-04-01T00:00:00.000Z");
    assert_eq!(amounts(&settle(&shop, "earnings", "2026-03-31")), [(2_000_000, 0)]);
    sell(&shop, "in_2", 30_000_000);
    let body = json!({ "rule": "earnings", "day": "2026-06-30" });
    let preview: Settlement = shop.post("/v1/settlements/preview", &body).ok();
    assert_eq!((preview.total, preview.coop_total), (1_800_000, 1_200_000));
    assert_eq!(stands(&shop), (0, 0), "a preview writes nothing");
    shop.freeze("2026-07-01T00:00:00.000Z");
    let settled = settle(&shop, "earnings", "2026-06-30");
    assert_eq!((amounts(&settled), stands(&shop)), (vec![(1_800_000, 1_200_000)], (1_200_000, 0)));
    assert_eq!(settle(&shop, "earnings", "2026-06-30"), settled);
    assert_eq!(stands(&shop), (1_200_000, 0), "once");
    let fund = program.funds[0].id.as_deref().expect("an id");
    let lots: Vec<FundLot> = shop.get(&format!("/v1/funds/{fund}/lots")).ok();
    let told = (lots[0].kind.as_str(), lots[0].note.as_str(), lots[0].expires_at.as_deref());
    let until = Some("2027-07-01T00:00:00.000Z");
    assert_eq!(told, ("settlement", "earnings, 2026-04-01 to 2026-06-30", until));
    shop.post(&format!("/v1/fund-lots/{}/end", lots[0].id), &json!({})).refused(409);
    assert_eq!(stands(&shop), (1_200_000, 0), "it is the partner's");

    let ask = json!({ "fundId": fund, "partnerId": partner, "title": "Radio", "cost": 1_000_000 });
    let request: FundRequest = shop.post("/v1/fund-requests", &ask).ok();
    let decide = |decision: &str| {
        let path = format!("/v1/fund-requests/{}/decide", request.id);
        shop.post(&path, &json!({ "decision": decision })).ok::<FundRequest>()
    };
    decide("approved");
    assert_eq!(stands(&shop), (700_000, 500_000));
    shop.refund(json!({ "invoiceId": "in_2", "refundId": "re_1", "amount": 10_000_000 }));
    shop.freeze("2026-10-01T00:00:00.000Z");
    assert_eq!(amounts(&settle(&shop, "earnings", "2026-09-30")), [(-300_000, -700_000)]);
    assert_eq!(stands(&shop), (0, 500_000));
    decide("closed");
    shop.freeze("2027-01-01T00:00:00.000Z");
    assert_eq!(amounts(&settle(&shop, "earnings", "2026-12-31")), [(500_000, -500_000)]);
    assert_eq!((stands(&shop), earned(&shop)), ((0, 0), vec![2_000_000, 1_800_000, -300_000, 500_000]));
    assert_sound(&shop);
    assert_checked(&server);
}

/// What has expired went back by itself: a correction takes neither fund nor cash for it a second time.
#[test]
fn what_has_expired_is_not_taken_back_again() {
    let server = Server::start();
    let (shop, _, _) = shop(&server);
    sell(&shop, "in_1", 30_000_000);
    shop.freeze("2026-04-01T00:00:00.000Z");
    settle(&shop, "earnings", "2026-03-31");
    shop.freeze("2027-04-01T00:00:00.000Z");
    assert_eq!(stands(&shop), (0, 0), "365 days are over");
    shop.refund(json!({ "invoiceId": "in_1", "refundId": "re_1", "amount": 10_000_000 }));
    shop.freeze("2027-07-01T00:00:00.000Z");
    assert_eq!(earned(&shop).last(), Some(&200_000), "20,000.00 in all are cash now");
    assert_sound(&shop);
    assert_checked(&server);
}
