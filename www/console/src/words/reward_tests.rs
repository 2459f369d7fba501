//! A sentence for every part of a reward.

use super::*;
use crate::words::tests::program;
use std::collections::BTreeMap;

fn percent(max_duration: Option<i64>) -> Reward {
    Reward {
        event: "sale".into(),
        kind: "percentage".into(),
        percentage: Some("20.0".into()),
        max_duration,
        ..Reward::default()
    }
}

fn flat(event: &str, amount: i64) -> Reward {
    Reward { event: event.into(), kind: "flat".into(), amount: Some(amount), ..Reward::default() }
}

fn is(field: &str, list: &[&str]) -> Condition {
    let list = list.iter().map(|value| (*value).to_owned()).collect();
    Condition { field: Some(field.into()), is: Some(list), ..Condition::default() }
}

#[track_caller]
fn says(reward: &Reward, expected: &str) {
    assert_eq!(super::reward(reward, &program()), expected);
}

#[test]
fn what_is_paid_for() {
    says(&percent(Some(0)), "20% of a customer’s first sale only.");
    says(&percent(None), "20% of every sale, for as long as the customer buys.");
    says(&percent(Some(1)), "20% of every sale in the month after a customer’s first.");
    let renewal = Reward { event: "renewal".into(), ..percent(Some(12)) };
    says(&renewal, "20% of every renewal in the 12 months after a customer’s first.");
    says(&flat("lead", 250), "$2.50 for every sign-up.");
    says(&Reward { unit: Some("points".into()), ..flat("click", 1) }, "1 point for every visit.");
    says(&Reward { event_name: Some("Trial".into()), ..flat("custom", 100) }, "$1.00 for every “Trial”.");
    let each = Reward { per: Some("unit".into()), max_duration: Some(0), ..flat("sale", 300) };
    says(&each, "$3.00 for each unit in a customer’s first sale only.");
    let paid = Reward { basis: Some("paid".into()), ..percent(Some(0)) };
    says(&paid, "20% of a customer’s first sale only, counting all that was paid, with tax and shipping.");
    let listed = Reward { basis: Some("before_discount".into()), ..percent(Some(0)) };
    says(
        &listed,
        "20% of a customer’s first sale only, counting the price before discount, without tax and shipping.",
    );
}

fn tiered(mode: &str, measure: Option<&str>, period: Option<&str>, steps: Vec<TierStep>) -> Reward {
    let tiers = Tiers {
        mode: mode.into(),
        measure: measure.map(str::to_owned),
        period: period.map(str::to_owned),
        steps,
    };
    Reward { event: "sale".into(), kind: "tiers".into(), tiers: Some(tiers), ..Reward::default() }
}

#[test]
fn tiers_with_their_mode() {
    let begins =
        "A rate that depends on what the partner brings, for every sale, for as long as the customer buys.";
    let step = |from, percentage: &str| TierStep { from, amount: None, percentage: Some(percentage.into()) };
    let rates = vec![step(0, "10"), step(100_000, "12.50")];
    says(
        &tiered("marginal", None, Some("month"), rates.clone()),
        &format!(
            "{begins} By the partner’s revenue in a month: 10% from $0.00 on, 12.5% from $1,000.00 on. Each rate counts for what lies within its tier."
        ),
    );
    says(
        &tiered("retroactive_on_growth", Some("amount"), Some("year"), rates),
        &format!(
            "{begins} By the partner’s revenue in a year: 10% from $0.00 on, 12.5% from $1,000.00 on. The rate reached counts for what is more than in the period before."
        ),
    );
    let amounts = vec![TierStep { from: 1, amount: Some(500), percentage: None }];
    says(
        &tiered("retroactive", Some("count"), None, amounts.clone()),
        &format!(
            "{begins} By the partner’s events since the beginning: $5.00 each from event 1 on. The rate reached counts for all of it."
        ),
    );
    says(
        &tiered("marginal", Some("quantity"), Some("quarter"), amounts),
        &format!(
            "{begins} By the partner’s units in a quarter: $5.00 each from unit 1 on. Each rate counts for what lies within its tier."
        ),
    );
}

#[test]
fn when_and_for_whom() {
    let (start, end) = ("2026-03-01T00:00:00.000Z".to_owned(), "2026-04-01T12:30:00.000Z".to_owned());
    let first = "20% of a customer’s first sale only.";
    let dated = |starts_at: Option<&String>, ends_at: Option<&String>| Reward {
        starts_at: starts_at.cloned(),
        ends_at: ends_at.cloned(),
        ..percent(Some(0))
    };
    says(&dated(Some(&start), None), &format!("{first} From 1 Mar 2026, 00:00 UTC on."));
    says(&dated(None, Some(&end)), &format!("{first} Only until 1 Apr 2026, 12:30 UTC."));
    says(
        &dated(Some(&start), Some(&end)),
        &format!("{first} From 1 Mar 2026, 00:00 until 1 Apr 2026, 12:30 UTC."),
    );
    says(
        &Reward { group_id: Some("grp_1".into()), ..percent(Some(0)) },
        &format!("{first} For partners in “Stars”."),
    );
    says(
        &Reward { group: Some("Gold".into()), ..percent(Some(0)) },
        &format!("{first} For partners in “Gold”."),
    );
}

#[test]
fn conditions_with_their_groups() {
    let blank = Condition::default;
    let first = "20% of a customer’s first sale only.";
    let of = |when| Reward { when: Some(when), ..percent(Some(0)) };
    says(
        &of(is("country", &["DE", "AT", "CH"])),
        &format!("{first} Only if the country is one of DE, AT, CH."),
    );
    let large = Condition { field: Some("amount".into()), at_least: Some(5_000), ..blank() };
    let few = Condition { field: Some("metadata.seats".into()), at_most: Some(1_000), ..blank() };
    let other = Condition {
        field: Some("group".into()),
        is_not: Some(vec!["Gold".into(), "Silver".into()]),
        ..blank()
    };
    let any = Condition { any: Some(vec![large, few]), ..blank() };
    let not = Condition { not: Some(Box::new(is("customer", &["returning"]))), ..blank() };
    let all = Condition { all: Some(vec![any, not, other]), ..blank() };
    says(
        &of(all),
        &format!(
            "{first} Only if (the amount paid is at least $50.00 or “seats” in the metadata is at most 1,000) and not the customer is returning and the partner’s group is none of Gold, Silver."
        ),
    );
    let plan = Condition { any: Some(vec![is("plan", &["pro"])]), ..blank() };
    says(
        &of(plan),
        &format!(
            "{first} Only if the plan is pro. Of an order with several articles it is paid on those that match."
        ),
    );
}

#[test]
fn caps_splits_and_the_referred() {
    let first = "20% of a customer’s first sale only.";
    let caps = Caps {
        event: Some(100),
        customer: Some(200),
        partner: Some(300),
        total: Some(400),
        period: Some("month".into()),
    };
    let capped = |caps| Reward { caps: Some(caps), ..percent(Some(0)) };
    says(
        &capped(caps),
        &format!(
            "{first} At most $1.00 for one event, $2.00 for one customer, $3.00 for one partner in a month, $4.00 for all partners in a month."
        ),
    );
    let ever = Caps { total: Some(400), ..Caps::default() };
    says(&capped(ever), &format!("{first} At most $4.00 for all partners ever."));
    says(&capped(Caps::default()), first);
    let shared = |by: &str, roles: Option<BTreeMap<String, u64>>, ends: Option<u64>| Reward {
        split: Some(Split { by: by.into(), roles, first: ends, last: ends }),
        ..percent(Some(0))
    };
    says(
        &shared("percentage", None, None),
        &format!("{first} Partners named with a sale share it by the percentages sent with it."),
    );
    let roles = BTreeMap::from([("closer".to_owned(), 3), ("opener".to_owned(), 1)]);
    says(
        &shared("role", Some(roles), None),
        &format!("{first} Partners named with a sale share it by role: closer 3, opener 1."),
    );
    says(
        &shared("position", None, Some(40)),
        &format!(
            "{first} Partners named with a sale share it by position: 40% to the first, 40% to the last, the rest alike among all."
        ),
    );
    let gets = |referred| Reward { referred: Some(referred), ..percent(Some(0)) };
    let coupon = Referred { kind: "coupon".into(), code: Some("TEA10".into()), amount: None };
    says(&gets(coupon), &format!("{first} Who was referred gets the coupon “TEA10”."));
    let credit = Referred { kind: "credit".into(), code: None, amount: Some(500) };
    says(&gets(credit), &format!("{first} Who was referred gets $5.00 of credit."));
}
