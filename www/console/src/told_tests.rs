//! What explanations say.

use super::*;
use goodword_wire::{PartnerRef, Touchpoint};

const AT: &str = "2026-12-23T00:00:00.000Z";

fn commission(id: &str, earnings: i64, corrects: Option<&str>) -> ExplainedCommission {
    let commission = Commission {
        id: id.into(),
        kind: "sale".into(),
        status: "pending".into(),
        reason: String::new(),
        amount: 0,
        earnings,
        earnings_at_first: earnings,
        currency: "usd".into(),
        arithmetic: String::new(),
        partner: PartnerRef { id: "ptn_1".into(), name: "Maya".into() },
        program_id: "prg_1".into(),
        sale_id: None,
        corrects: corrects.map(str::to_owned),
        reward_id: None,
        payout_id: None,
        note: None,
        event_name: None,
        invoice_id: None,
        created_at: "2026-11-23T14:05:00.000Z".into(),
        clears_at: AT.into(),
        customer: None,
    };
    ExplainedCommission { commission, pays_from: Some(AT.into()), paid_at: None, says: String::new() }
}

#[test]
fn sentences_have_dates_and_names() {
    let says =
        "Under `last_touch` the latest wins, and Noor's code `NOOR22` at 2026-02-01T14:05:00.000Z: it won.";
    let expected =
        "Under “Last touch” the latest wins, and Noor's code “NOOR22” at 1 Feb 2026, 14:05 UTC: it won.";
    assert_eq!(sentence(says), expected);
    assert_eq!(
        sentence("It was paid. Ünïcödé wörds stay äs théy äre"),
        "It was paid. Ünïcödé wörds stay äs théy äre"
    );
}

#[test]
fn an_origin_tells_what_is_known() {
    let touchpoint = Touchpoint {
        kind: "click".into(),
        sub_id: Some("reel-3".into()),
        utm: Some(Utm {
            source: Some("instagram".into()),
            campaign: Some("spring".into()),
            ..Utm::default()
        }),
        device: Some("mobile".into()),
        country: Some("DE".into()),
        ..Touchpoint::default()
    };
    let told =
        ExplainedTouchpoint { touchpoint, share: None, code: Some("MAYA10".into()), says: String::new() };
    let expected = [
        ("Link", "MAYA10"),
        ("Post", "reel-3"),
        ("Campaign", "source instagram · campaign spring"),
        ("Visitor", "Phone, DE"),
    ];
    assert_eq!(origin(&told), expected.map(|(title, text)| (title, text.to_owned())));
    let nothing = Touchpoint { device: Some("unknown".into()), ..Touchpoint::default() };
    let told = ExplainedTouchpoint { touchpoint: nothing, code: None, ..told };
    assert_eq!(origin(&told), []);
}

#[test]
fn dates_follow_the_state() {
    let mut told = commission("com_1", 10, None);
    let earned = ("Earned", "23 Nov 2026, 14:05".to_owned());
    let cleared = "23 Dec 2026, 00:00".to_owned();
    let later = ("Paid", "not yet: with the first payout from 23 Dec 2026 on".to_owned());
    assert_eq!(dates(&told), [earned.clone(), ("Clears", cleared.clone()), later]);
    told.commission.status = "paid".into();
    (told.paid_at, told.pays_from) = (Some("2027-01-02T09:00:00.000Z".into()), None);
    assert_eq!(dates(&told), [earned.clone(), ("Cleared", cleared), ("Paid", "2 Jan 2027, 09:00".into())]);
    told.commission.status = "refunded".into();
    told.paid_at = None;
    assert_eq!(dates(&told), [earned]);
}

#[test]
fn corrections_stand_under_what_they_correct() {
    let all =
        [commission("a", 100, None), commission("b", -30, Some("a")), commission("c", -5, Some("elsewhere"))];
    let grouped = with_corrections(&all);
    let ids: Vec<(&str, usize)> =
        grouped.iter().map(|(told, rest)| (told.commission.id.as_str(), rest.len())).collect();
    assert_eq!(ids, [("a", 1), ("c", 0)]);
    assert_eq!(net(&all[0].commission, &grouped[0].1), 70);
}

#[test]
fn rates_and_windows_in_words() {
    let known = SaleExchange { rate: Some("1.0850".into()), source: Some("ECB".into()), at: Some(AT.into()) };
    assert_eq!(exchange(&known, "eur", "usd"), "1 EUR = 1.085 USD · ECB · of 23 Dec 2026, 00:00");
    let missing = SaleExchange { rate: None, source: None, at: None };
    assert!(exchange(&missing, "eur", "usd").starts_with("No rate from EUR to USD"));
    let alike = Windows { click: Some(60), form: Some(60), code: Some(60), registration: Some(60) };
    assert_eq!(windows(&alike), "every touchpoint 60 days");
    let one = Windows { click: Some(1), ..alike };
    assert_eq!(windows(&one), "clicks 1 day, forms 60 days, codes 60 days, registered deals 60 days");
}
