//! What the sentences say.

use super::*;
use goodword_domain::attribution::{Bar, Kind, Model, Reason, Verdict};
use goodword_wire::{Group, PartnerRef, Terms};

/// A program in dollars with one group.
pub fn program() -> Program {
    Program {
        registrations: None,
        settlements: Vec::new(),
        points: None,
        catalogue: Vec::new(),
        levels: None,
        prizes: Vec::new(),
        id: "prg_1".into(),
        name: "Friends".into(),
        url: "https://shop.example".into(),
        currency: "usd".into(),
        attribution_model: "last_touch".into(),
        attribution_window_days: 60,
        hold_days: 30,
        min_payout: 5_000,
        version: 1,
        attribution_windows: goodword_wire::Windows {
            click: Some(60),
            form: Some(60),
            code: Some(60),
            registration: Some(60),
        },
        new_customers_only: false,
        budgeted: false,
        auto_approve: true,
        status: "open".into(),
        default: true,
        terms: Terms::default(),
        link_parameters: vec![],
        click_retention_days: 0,
        rewards: vec![],
        funds: vec![],
        signals: goodword_wire::Metadata::new(),
        widget: goodword_wire::WidgetSettings::default(),
        groups: vec![Group { id: "grp_1".into(), name: "Stars".into(), default: false }],
        created_at: String::new(),
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
        corrects: None,
        reward_id: None,
        payout_id: None,
        note: None,
        event_name: None,
        invoice_id: None,
        created_at: String::new(),
        clears_at: "2026-12-23T00:00:00.000Z".into(),
        customer: None,
    }
}

#[test]
fn states_in_words() {
    assert_eq!(commission_status(&commission("pending")), ("Held until 23 Dec 2026".into(), Tone::Waiting));
    assert_eq!(commission_status(&commission("processed")), ("Payable".into(), Tone::Good));
    let sent = Commission { payout_id: Some("po_1".into()), ..commission("processed") };
    assert_eq!(commission_status(&sent).0, "In a payout");
    assert_eq!(commission_status(&commission("needs_rate")), ("Waits for a rate".into(), Tone::Waiting));
    assert_eq!(partner_status("pending").0, "Awaiting review");
    assert_eq!(status_filter(""), "All");
    assert_eq!(status_filter("processed"), "Payable");
    assert_eq!(status_filter("hold"), "In review");
    assert_eq!(account("clawback"), "Owed by the partner");
}

#[test]
fn what_a_commission_is_for() {
    let of = |kind: &str, invoice: Option<&str>| {
        let invoice_id = invoice.map(str::to_owned);
        earned_for(&Commission { kind: kind.into(), invoice_id, ..commission("pending") })
    };
    assert_eq!(of("sale", Some("A-1")), "Sale A-1");
    assert_eq!(of("sale", None), "Sale");
    assert_eq!(of("correction", Some("A-1")), "Correction of sale A-1");
    assert_eq!(of("bonus", None), "Bonus");
    assert_eq!(of("lead", None), "Sign-up");
}

#[test]
fn who_is_credited() {
    for known in reasons() {
        let credited = matches!(
            known,
            Reason::Named
                | Reason::Registered
                | Reason::CodeTyped
                | Reason::FormFilled
                | Reason::ByModel(_)
                | Reason::Bound
        );
        assert_eq!(is_credit(known.word()), credited, "{}", known.word());
    }
}

#[test]
fn terms_in_words() {
    let said = |program: &Program| terms(program).into_iter().map(|(_, text)| text).collect::<Vec<_>>();
    let usual = said(&program());
    assert_eq!(usual[0], "The last partner a customer met is credited. A code comes before a click.");
    assert_eq!(usual[1], "every touchpoint 60 days");
    assert_eq!(usual[2], "A commission is held for 30 days and then becomes payable.");
    assert_eq!(usual[3], "Paid out from $50.00 on.");
    let strict = said(&Program { new_customers_only: true, budgeted: true, ..program() });
    assert!(strict[0].ends_with("Only who never bought before can be referred."), "{}", strict[0]);
    assert!(strict[3].ends_with("Only as long as the budget lasts."), "{}", strict[3]);
}

const BARS: [Bar; 6] =
    [Bar::NotApproved, Bar::OtherProgram, Bar::Bot, Bar::NoConsent, Bar::SelfReferral, Bar::Blocked];

fn reasons() -> impl Iterator<Item = Reason> {
    let plain = [
        Reason::Named,
        Reason::Registered,
        Reason::CodeTyped,
        Reason::FormFilled,
        Reason::Bound,
        Reason::NoTouchpoint,
        Reason::OutsideWindow,
        Reason::AfterTheEvent,
        Reason::ExistingCustomer,
    ];
    let models = Model::WORDS.map(|(model, _)| Reason::ByModel(model));
    plain.into_iter().chain(models).chain(BARS.map(Reason::Barred))
}

#[test]
fn every_verdict_and_reason_of_the_domain_has_a_sentence() {
    let plain = [
        Verdict::Credited,
        Verdict::LaterTouchWon,
        Verdict::EarlierTouchWon,
        Verdict::Faded,
        Verdict::BindingWon,
        Verdict::OutsideWindow,
        Verdict::AfterTheEvent,
        Verdict::ExistingCustomer,
    ];
    let outranked = Kind::WORDS.map(|(kind, _)| Verdict::Outranked(kind));
    for known in plain.into_iter().chain(outranked).chain(BARS.map(Verdict::Barred)) {
        assert_ne!(verdict(known.word()).0, "Considered", "{}", known.word());
    }
    for known in reasons() {
        assert!(reason(known.word()).ends_with('.'), "{}", known.word());
    }
}

#[test]
fn an_address_is_told_by_its_site() {
    assert_eq!(site("https://www.instagram.com/p/1?x=2"), "instagram.com");
    assert_eq!((site("http://blog.example"), site("Ben Moreau")), ("blog.example", "Ben Moreau"));
}

#[test]
fn a_note_tells_no_id_of_a_claim() {
    assert_eq!(note("Market development: Stand (fcl_01a2)"), "Market development: Stand");
    assert_eq!(note("As agreed (by phone)"), "As agreed (by phone)");
}

#[test]
fn what_moves_in_funds_has_words_on_a_statement() {
    for word in ["grant", "accrue", "commit", "free", "reimburse", "expire"] {
        assert_ne!(payout::movement(word), plain(word), "{word}");
    }
}
