use super::rewards::{Rules, fit};
use super::sentences::{OWN_REASONS, Reader, Telling, shares};
use goodword_domain::attribution::{Bar, Kind, Model, Reason, Verdict};
use goodword_domain::id::{GroupId, PartnerId, RewardId};
use goodword_domain::reward::{
    Amount, Basis, Caps, Comparison, Condition, Event, Field, Fit, Per, Rate, Reward, Unit,
};
use goodword_domain::time::Instant;
use goodword_wire::{Grounds, PartnerRef, RewardFit, Signal, Touchpoint, Windows};
use std::collections::{BTreeSet, HashMap};
use std::fmt::Write;

/// 2026-02-15T00:00:00Z.
const SALE_AT: Instant = Instant(1_771_113_600_000);

fn partner(letter: char, name: &str) -> PartnerRef {
    PartnerRef { id: format!("ptn_{}", letter.to_string().repeat(32)), name: name.into() }
}

fn touch(kind: &str, at: &str, whose: PartnerRef, verdict: &str, weight: u64) -> Touchpoint {
    let link_id = Some(format!("lnk_{kind}"));
    Touchpoint {
        kind: kind.into(),
        partner: whose,
        at: at.into(),
        verdict: verdict.into(),
        weight,
        link_id,
        ..Touchpoint::default()
    }
}

fn grounds(model: Model) -> Grounds {
    let days = Some(30);
    Grounds {
        program_version: 1,
        attribution_model: model.word().into(),
        attribution_windows: Windows { click: days, form: days, code: days, registration: days },
        rewards: Vec::new(),
        signals: vec![Signal {
            rule: "velocity".into(),
            action: "block".into(),
            why: "12 sales within an hour.".into(),
        }],
    }
}

/// Maya's click of 1 January under this verdict, beside whatever would win over it.
fn case(verdict: Verdict) -> (Vec<Touchpoint>, Grounds) {
    let (maya, noor) = (partner('a', "Maya"), partner('b', "Noor"));
    let at = "2026-01-01T00:00:00.000Z";
    let later = "2026-02-01T00:00:00.000Z";
    let (model, rival) = match verdict {
        Verdict::EarlierTouchWon => (Model::FirstTouch, Some(("click", "2025-12-31T00:00:00.000Z"))),
        Verdict::LaterTouchWon => (Model::LastTouch, Some(("click", later))),
        Verdict::Outranked(Kind::Click | Kind::Form | Kind::Code) => {
            (Model::LastTouch, Some(("code", later)))
        }
        Verdict::Outranked(Kind::Registration) => (Model::LastTouch, Some(("registration", later))),
        Verdict::Outranked(Kind::Manual) => (Model::LastTouch, Some(("manual", later))),
        Verdict::BindingWon => (Model::LastTouch, Some(("binding", later))),
        Verdict::Faded => (Model::TimeDecay, Some(("click", later))),
        Verdict::Credited
        | Verdict::OutsideWindow
        | Verdict::AfterTheEvent
        | Verdict::ExistingCustomer
        | Verdict::Barred(_) => (Model::LastTouch, None),
    };
    let weight = u64::from(verdict == Verdict::Credited);
    let mut all = vec![touch("click", at, maya, verdict.word(), weight)];
    all.extend(rival.map(|(kind, at)| touch(kind, at, noor, "credited", 1)));
    (all, grounds(model))
}

fn verdicts() -> Vec<Verdict> {
    let own = [
        Verdict::Credited,
        Verdict::LaterTouchWon,
        Verdict::EarlierTouchWon,
        Verdict::Outranked(Kind::Code),
        Verdict::Outranked(Kind::Registration),
        Verdict::Outranked(Kind::Manual),
        Verdict::Faded,
        Verdict::BindingWon,
        Verdict::OutsideWindow,
        Verdict::AfterTheEvent,
        Verdict::ExistingCustomer,
    ];
    own.into_iter().chain(Bar::ALL.map(Verdict::Barred)).collect()
}

fn reasons() -> Vec<Reason> {
    let own = [
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
    own.into_iter().chain(models).chain(Bar::ALL.map(Reason::Barred)).collect()
}

fn telling<'a>(
    reader: Reader<'a>,
    all: &'a [Touchpoint],
    grounds: &'a Grounds,
    codes: &'a HashMap<String, String>,
) -> Telling<'a> {
    Telling { reader, event: "sale", at: SALE_AT, touchpoints: all, grounds, codes }
}

fn verdict_says(verdict: Verdict, reader: Reader<'_>) -> String {
    let (all, grounds) = case(verdict);
    let codes = HashMap::from([("lnk_code".to_owned(), "NOOR22".to_owned())]);
    telling(reader, &all, &grounds, &codes).verdict(&all[0]).unwrap()
}

fn reason_says(word: &str) -> String {
    let verdict = verdicts().into_iter().find(|verdict| verdict.word() == word).unwrap_or(Verdict::Credited);
    let (all, grounds) = case(verdict);
    telling(Reader::Vendor, &all, &grounds, &HashMap::new()).reason(word).unwrap()
}

fn reward() -> Reward {
    let condition = Condition::All(vec![
        Condition::Is {
            field: Field::Country,
            comparison: Comparison::OneOf(vec!["DE".into(), "AT".into()]),
        },
        Condition::Not(Box::new(Condition::Is { field: Field::Quantity, comparison: Comparison::AtMost(2) })),
    ]);
    Reward {
        id: RewardId::from_bits(1),
        name: Some("Launch".into()),
        event: Event::Sale,
        amount: Amount::Rate(Rate::Flat(500)),
        unit: Unit::Money,
        basis: Basis::Net,
        per: Per::Event,
        months: Some(12),
        starts_at: Some(Instant(SALE_AT.0 + 1)),
        ends_at: Some(SALE_AT),
        group: Some(GroupId::from_bits(1)),
        condition,
        caps: Caps::default(),
        split: None,
        referred: None,
    }
}

fn fit_says(word: Fit) -> String {
    let told = |fit: Fit, event: &str| RewardFit {
        partner_id: partner('a', "Maya").id,
        reward_id: RewardId::from_bits(1).to_string(),
        name: Some("Launch".into()),
        event: event.into(),
        fit: fit.word().into(),
    };
    let own = told(word, if word == Fit::OtherEvent { "lead" } else { "sale" });
    let all = [told(Fit::Applies, "sale"), own.clone()];
    let rules = Rules { rewards: &[reward()], first_commissioned_at: Some(Instant(0)) };
    let (touchpoints, grounds) = case(Verdict::Credited);
    let codes = HashMap::new();
    fit(&own, &all, &telling(Reader::Vendor, &touchpoints, &grounds, &codes), &rules).unwrap()
}

/// The tables of `www/docs/explanations.md`.
fn documented() -> String {
    let mut text = String::from("| verdict | sentence |\n| --- | --- |\n");
    for verdict in verdicts() {
        let _ = writeln!(text, "| `{}` | {} |", verdict.word(), verdict_says(verdict, Reader::Vendor));
    }
    text.push_str("\n| reason | sentence |\n| --- | --- |\n");
    for word in reasons().iter().map(|reason| reason.word()).chain(OWN_REASONS) {
        let _ = writeln!(text, "| `{word}` | {} |", reason_says(word));
    }
    text.push_str("\n| fit | sentence |\n| --- | --- |\n");
    for fit in Fit::ALL {
        let _ = writeln!(text, "| `{}` | {} |", fit.word(), fit_says(fit));
    }
    text
}

#[test]
fn every_word_has_a_sentence_and_the_documentation_has_it() {
    let expected = documented();
    let documentation = include_str!("../../../www/docs/explanations.md");
    assert!(documentation.contains(&expected), "www/docs/explanations.md must contain:\n{expected}");
}

/// Whoever adds a word to the domain meets this: a word is read as what it was written from, and two never say the same.
#[test]
fn words_are_read_as_they_are_written_and_no_two_say_the_same() {
    for verdict in verdicts() {
        assert_eq!(Verdict::parse(verdict.word()), Some(verdict));
    }
    for reason in reasons() {
        assert_eq!(Reason::parse(reason.word()), Some(reason));
    }
    let said: Vec<String> =
        verdicts().into_iter().map(|verdict| verdict_says(verdict, Reader::Vendor)).collect();
    assert!(said.iter().all(|says| says.ends_with('.') && !says.contains("  ")), "{said:#?}");
    assert_eq!(said.iter().collect::<BTreeSet<_>>().len(), said.len(), "{said:#?}");
    let fits: BTreeSet<String> = Fit::ALL.into_iter().map(fit_says).collect();
    assert_eq!(fits.len(), Fit::ALL.len(), "{fits:#?}");
}

#[test]
fn a_partner_reads_of_others_without_their_names() {
    let maya = PartnerId::parse(&partner('a', "Maya").id).unwrap();
    for verdict in verdicts() {
        let says = verdict_says(verdict, Reader::Partner(&maya));
        let told = ["Noor", "NOOR22", "Maya", "12 sales"].iter().find(|name| says.contains(**name));
        assert_eq!(told, None, "{says}");
    }
    let (all, grounds) = case(Verdict::LaterTouchWon);
    let codes = HashMap::new();
    let telling = telling(Reader::Partner(&maya), &all, &grounds, &codes);
    assert_eq!(telling.other(&all[1]).unwrap(), "Another partner's click has the whole of the credit.");
    assert_eq!(telling.reason("last_touch").unwrap().matches("another partner").count(), 1);
}

#[test]
fn shares_are_exact_and_come_to_a_hundred() {
    let all = |weights: &[u64]| -> Vec<Touchpoint> {
        let touchpoint = |weight: &u64| touch("click", "", partner('a', "Maya"), "", *weight);
        weights.iter().map(touchpoint).collect()
    };
    let told = |weights: &[u64]| shares(&all(weights)).into_iter().flatten().collect::<Vec<_>>();
    assert_eq!(told(&[1, 1, 1]), ["33.3334", "33.3333", "33.3333"]);
    assert_eq!(told(&[2, 1, 0, 2]), ["40", "20", "40"]);
    assert_eq!(told(&[1]), ["100"]);
    assert_eq!(told(&[0]), [""; 0]);
}
