//! What is read from a program and sent again says the same.

use super::*;
use crate::words::tests::program;
use goodword_wire::{Caps, Condition, Referred, Reward, Split, TierStep, Tiers};
use std::collections::BTreeMap;

fn is(field: &str, list: &[&str]) -> Condition {
    let list = list.iter().map(|value| (*value).to_owned()).collect();
    Condition { field: Some(field.into()), is: Some(list), ..Condition::default() }
}

fn not(part: Condition) -> Condition {
    Condition { not: Some(Box::new(part)), ..Condition::default() }
}

fn all(parts: Vec<Condition>) -> Condition {
    Condition { all: Some(parts), ..Condition::default() }
}

fn any(parts: Vec<Condition>) -> Condition {
    Condition { any: Some(parts), ..Condition::default() }
}

fn large() -> Condition {
    Condition { field: Some("amount".into()), at_least: Some(5_000), ..Condition::default() }
}

fn few() -> Condition {
    Condition { field: Some("metadata.seats".into()), at_most: Some(10), ..Condition::default() }
}

fn percent() -> Reward {
    Reward {
        id: Some("rwd_1".into()),
        event: "sale".into(),
        kind: "percentage".into(),
        percentage: Some("12.5".into()),
        ..Reward::default()
    }
}

#[track_caller]
fn same(reward: Reward, currency: &str) {
    let program = Program { currency: currency.into(), rewards: vec![reward], ..program() };
    let input = TermsForm::of(&program).read(currency).unwrap();
    assert_eq!(input.rewards.as_ref(), Some(&program.rewards));
}

#[test]
fn a_reward_that_says_everything_stays_the_same() {
    let full = Reward {
        name: Some("Launch".into()),
        basis: Some("paid".into()),
        max_duration: Some(12),
        starts_at: Some("2026-03-01T00:00:00.000Z".into()),
        ends_at: Some("2026-04-01T12:30:05.250Z".into()),
        group_id: Some("grp_1".into()),
        when: Some(is("country", &["DE", "Korea, South"])),
        caps: Some(Caps {
            event: Some(100),
            customer: Some(200),
            partner: Some(300),
            total: Some(400),
            period: Some("month".into()),
        }),
        split: Some(Split {
            by: "role".into(),
            roles: Some(BTreeMap::from([("closer".into(), 3), ("opener: first".into(), 1)])),
            ..Split::default()
        }),
        referred: Some(Referred { kind: "coupon".into(), code: Some("TEA10".into()), amount: None }),
        ..percent()
    };
    same(full, "usd");
    let other = Reward {
        event: "custom".into(),
        event_name: Some("Trial".into()),
        kind: "flat".into(),
        amount: Some(250),
        percentage: None,
        per: Some("unit".into()),
        max_duration: Some(0),
        caps: Some(Caps { customer: Some(1), ..Caps::default() }),
        split: Some(Split { by: "position".into(), first: Some(40), last: Some(40), roles: None }),
        referred: Some(Referred { kind: "credit".into(), code: None, amount: Some(1_234) }),
        ..percent()
    };
    for currency in ["usd", "jpy", "kwd"] {
        same(other.clone(), currency);
        same(Reward { unit: Some("points".into()), ..other.clone() }, currency);
    }
    same(Reward { split: Some(Split { by: "percentage".into(), ..Split::default() }), ..percent() }, "usd");
}

#[test]
fn tiers_stay_the_same() {
    let step = |from, percentage: &str| TierStep { from, amount: None, percentage: Some(percentage.into()) };
    let tiers = Tiers {
        mode: "retroactive".into(),
        measure: Some("amount".into()),
        period: Some("month".into()),
        steps: vec![step(0, "10"), step(123_456, "12.5")],
    };
    let tiered = |tiers| Reward { kind: "tiers".into(), percentage: None, tiers: Some(tiers), ..percent() };
    same(tiered(tiers.clone()), "usd");
    let steps = vec![TierStep { from: 1, amount: Some(500), percentage: None }];
    same(tiered(Tiers { measure: Some("count".into()), steps, ..tiers }), "jpy");
}

#[test]
fn conditions_stay_the_same_however_they_are_nested() {
    for when in [
        large(),
        not(few()),
        not(not(few())),
        all(vec![large()]),
        any(vec![large(), few()]),
        not(all(vec![large(), is("plan", &["pro"])])),
        not(any(vec![few()])),
        all(vec![any(vec![large(), few()]), not(is("customer", &["new"])), all(vec![])]),
    ] {
        same(Reward { when: Some(when), ..percent() }, "usd");
    }
}

#[test]
fn settings_stay_the_same() {
    let program = Program {
        attribution_windows: Windows {
            click: Some(30),
            form: Some(31),
            code: Some(32),
            registration: Some(33),
        },
        link_parameters: vec!["partner".into(), "src".into()],
        ..program()
    };
    let input = TermsForm::of(&program).read("usd").unwrap();
    assert_eq!(input.name.as_deref(), Some("Friends"));
    assert_eq!(input.attribution_windows, Some(program.attribution_windows));
    assert_eq!((input.hold_days, input.min_payout), (Some(30), Some(5_000)));
    assert_eq!(input.link_parameters, Some(program.link_parameters));
    assert_eq!((input.status.as_deref(), input.groups), (Some("open"), None));
}

#[test]
fn amounts_are_typed_in_units_of_the_currency() {
    let reward = RewardForm { kind: "flat".into(), amount: "1,250".into(), ..RewardForm::new() };
    let program = program();
    let form = TermsForm {
        rewards: vec![reward],
        min_payout: "1000".into(),
        ..TermsForm::of(&Program { currency: "jpy".into(), ..program })
    };
    let read = |currency: &str| form.read(currency).unwrap().rewards.unwrap()[0].amount;
    assert_eq!((read("usd"), read("jpy"), read("kwd")), (Some(125_000), Some(1_250), Some(1_250_000)));
}

#[test]
fn what_is_wrong_is_told_at_its_field() {
    let blank =
        Compare { field: "amount".into(), op: Op::AtLeast, value: "much".into(), ..Compare::default() };
    let inner = Group { join: Join::NotAny, parts: vec![Part::Compare(blank)], bare: false };
    let reward = RewardForm {
        percentage: "a fifth".into(),
        when: Group { join: Join::Any, parts: vec![Part::Group(inner)], bare: true },
        split: SplitForm { by: "role".into(), roles: "closer".into(), ..SplitForm::default() },
        ..RewardForm::new()
    };
    let windows = WindowsForm { click: "soon".into(), ..TermsForm::of(&program()).windows };
    let form = TermsForm { rewards: vec![reward], windows, ..TermsForm::of(&program()) };
    let faults = form.read("usd").unwrap_err();
    let told: Vec<&str> = faults.iter().map(|fault| fault.path.as_str()).collect();
    for path in [
        "rewards[0].when.any[0].not.any[0]",
        "rewards[0].split.roles",
        "rewards[0].percentage",
        "attributionWindows.click",
    ] {
        assert!(told.contains(&path), "{path} is not in {told:?}");
    }
    let faults = Faults::new(faults, &form.paths());
    assert!(faults.all().iter().all(|(place, fault)| *place == fault.path), "{faults:?}");
}
