//! What the sentences say.

use super::*;
use goodword_wire::{Group, PartnerRef, Terms};

fn program() -> Program {
    Program {
        id: "prg_1".into(),
        name: "Friends".into(),
        url: "https://shop.example".into(),
        currency: "usd".into(),
        attribution_model: "last_touch".into(),
        attribution_window_days: 60,
        hold_days: 30,
        min_payout: 5_000,
        auto_approve: true,
        status: "open".into(),
        default: true,
        terms: Terms::default(),
        link_parameters: vec![],
        click_retention_days: 0,
        rewards: vec![],
        groups: vec![Group { id: "grp_1".into(), name: "Stars".into(), default: false }],
        created_at: String::new(),
    }
}

fn percent(max_duration: Option<i64>) -> Reward {
    Reward {
        id: "rwd_1".into(),
        event: "sale".into(),
        kind: "percentage".into(),
        amount: None,
        percentage: Some("20.0".into()),
        max_duration,
        group_id: None,
    }
}

fn commission(status: &str) -> Commission {
    Commission {
        id: "com_1".into(),
        kind: "sale".into(),
        status: status.into(),
        reason: String::new(),
        amount: 0,
        earnings: 0,
        earnings_at_first: 0,
        currency: "usd".into(),
        arithmetic: String::new(),
        partner: PartnerRef { id: "ptn_1".into(), name: "Maya".into() },
        program_id: "prg_1".into(),
        sale_id: None,
        invoice_id: None,
        created_at: String::new(),
        clears_at: "2026-12-23T00:00:00.000Z".into(),
        customer: None,
    }
}

#[test]
fn rewards_in_words() {
    let flat = Reward {
        event: "lead".into(),
        amount: Some(250),
        percentage: None,
        group_id: Some("grp_1".into()),
        ..percent(None)
    };
    for (reward, expected) in [
        (percent(Some(0)), "20% of a customer’s first sale only."),
        (percent(None), "20% of every sale, for as long as the customer buys."),
        (percent(Some(12)), "20% of every sale in the 12 months after a customer’s first."),
        (flat, "$2.50 for every sign-up. For partners in “Stars”."),
    ] {
        assert_eq!(super::reward(&reward, &program()), expected);
    }
}

#[test]
fn states_in_words() {
    assert_eq!(commission_status(&commission("pending")), ("Held until 23 Dec 2026".into(), Tone::Waiting));
    assert_eq!(commission_status(&commission("processed")), ("Payable".into(), Tone::Good));
    assert_eq!(commission_status(&commission("needs_rate")), ("Needs rate".into(), Tone::Plain));
    assert_eq!(partner_status("pending").0, "Awaiting review");
    assert_eq!(status_filter(""), "All");
    assert_eq!(status_filter("processed"), "Payable");
}

#[test]
fn who_is_credited() {
    use goodword_domain::attribution::Reason;
    for (known, credited) in [
        (Reason::CodeTyped, true),
        (Reason::LastTouch, true),
        (Reason::FirstTouch, true),
        (Reason::Bound, true),
        (Reason::NoTouchpoint, false),
        (Reason::OutsideWindow, false),
        (Reason::AfterTheEvent, false),
        (Reason::PartnerNotApproved, false),
    ] {
        assert_eq!(is_credit(known.word()), credited, "{}", known.word());
    }
}

#[test]
fn terms_in_words() {
    let terms = terms(&program());
    assert!(terms[0].1.contains("counts for 60 days"), "{}", terms[0].1);
    assert_eq!(terms[1].1, "A commission is held for 30 days and then becomes payable.");
    assert_eq!(terms[2].1, "Paid out from $50.00 on.");
}

#[test]
fn every_verdict_and_reason_of_the_domain_has_a_sentence() {
    use goodword_domain::attribution::{Reason, Verdict};
    for known in [
        Verdict::Credited,
        Verdict::LaterTouchWon,
        Verdict::EarlierTouchWon,
        Verdict::CodeWon,
        Verdict::BindingWon,
        Verdict::OutsideWindow,
        Verdict::AfterTheEvent,
        Verdict::PartnerNotApproved,
    ] {
        assert_ne!(verdict(known.word()).0, "Considered", "{}", known.word());
    }
    for known in [
        Reason::CodeTyped,
        Reason::LastTouch,
        Reason::FirstTouch,
        Reason::Bound,
        Reason::NoTouchpoint,
        Reason::OutsideWindow,
        Reason::AfterTheEvent,
        Reason::PartnerNotApproved,
    ] {
        assert!(reason(known.word()).ends_with('.'), "{}", known.word());
    }
}
