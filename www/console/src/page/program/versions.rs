//! Every version of a program's terms, the one in force first, each with what it changed.

use crate::context::use_console;
use crate::page::programs::rewards;
use crate::part::badge::badge;
use crate::part::changes;
use crate::part::changes::Change;
use crate::part::state::shown;
use crate::poll::use_poll;
use crate::route::encode;
use crate::text::{plural, t};
use crate::told::Fact;
use crate::words::{self, Tone};
use crate::{date, told};
use goodword_wire::{Program, ProgramVersion, Reward, TermsDocument};
use serde_json::Value;
use std::rc::Rc;
use yew::prelude::*;

/// Which program.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub program: Rc<Program>,
}

/// The versions.
#[component]
pub fn Versions(props: &Props) -> Html {
    let context = use_console();
    let path = format!("/v1/programs/{}/versions", encode(&props.program.id));
    let versions = use_poll::<Vec<ProgramVersion>>(context.mode(), path);
    html! {
        <section aria-labelledby="versions-title">
            <h2 id="versions-title">{ t("Versions") }</h2>
            <p class="lead">{ t("What happened is credited by the version that was in force then, also when it is refunded later.") }</p>
            { shown(&versions, 4, |versions| html! {
                <ol class="versions">{ for with_previous(versions).map(|(version, previous)| one(&props.program, version, previous)) }</ol>
            }) }
        </section>
    }
}

/// The latest first, each beside the one it took the place of.
fn with_previous(
    versions: &[ProgramVersion],
) -> impl Iterator<Item = (&ProgramVersion, Option<&ProgramVersion>)> {
    let place = |place: usize| place.checked_sub(1).and_then(|place| versions.get(place));
    versions.iter().enumerate().rev().map(move |(at, version)| (version, place(at)))
}

fn one(program: &Program, version: &ProgramVersion, previous: Option<&ProgramVersion>) -> Html {
    let current = version.version == program.version;
    let then = at_that_time(program, &version.terms);
    html! {
        <li key={version.version}>
            <details class="panel" open={current}>
                <summary><strong>{ t!("Version {version}", version = version.version) }</strong>
                    <span class="quiet">{ " " }{ t!("since {time}", time = date::minute(&version.since)) }</span>
                    if current { { " " }{ badge(t("In force"), Tone::Good) } }
                </summary>
                { rewards(&then) }
                <dl class="facts">
                    { for facts(&then).map(crate::page::explained::fact) }
                </dl>
                if let Some(previous) = previous { { changed(program, previous, version) } }
            </details>
        </li>
    }
}

/// What a version changed in the one before it.
fn changed(program: &Program, previous: &ProgramVersion, version: &ProgramVersion) -> Html {
    let all = differences(program, &previous.terms, &version.terms);
    let title = plural!(
        "one={n} change from version {before}|{n} changes from version {before}",
        all.len(),
        before = previous.version
    );
    html! { <section class="since"><h3>{ title }</h3>{ changes::told(all) }</section> }
}

/// What is told of every version besides its rewards.
fn facts(then: &Program) -> [Fact; 5] {
    let whom = if then.new_customers_only {
        t("Only who never bought before can be referred.")
    } else {
        t("Customers who bought before can be referred, too.")
    };
    [
        (t("Model"), words::model(&then.attribution_model).to_owned()),
        (t("Counts for"), told::windows(&then.attribution_windows)),
        (t("Customers"), whom.to_owned()),
        words::hold(then),
        words::payout_from(then),
    ]
}

/// All that differs between two versions: rewards and what is told of every version in sentences, the rest field by field.
fn differences(program: &Program, before: &TermsDocument, after: &TermsDocument) -> Vec<Change> {
    let (then, now) = (at_that_time(program, before), at_that_time(program, after));
    let told = facts(&then).into_iter().zip(facts(&now)).filter(|(then, now)| then != now);
    let mut all: Vec<Change> =
        told.map(|((title, then), (_, now))| (title.to_owned(), Some(then), Some(now))).collect();
    let ids: Vec<&Option<String>> = after.rewards.iter().map(|reward| &reward.id).collect();
    let gone = before.rewards.iter().filter(|reward| !ids.contains(&&reward.id));
    for reward in after.rewards.iter().chain(gone) {
        let old = sentence(&then, reward.id.as_ref());
        let new = sentence(&now, reward.id.as_ref());
        if old != new {
            all.push((reward.name.clone().unwrap_or_else(|| t("Reward").to_owned()), old, new));
        }
    }
    let order = |document: &TermsDocument| -> Vec<Option<String>> {
        let both =
            |id: &&Option<String>| [before, after].iter().all(|d| d.rewards.iter().any(|r| r.id == **id));
        document.rewards.iter().map(|reward| &reward.id).filter(both).cloned().collect()
    };
    if order(before) != order(after) {
        all.push((t("Order of the rewards").to_owned(), Some(named(before)), Some(named(after))));
    }
    all.extend(changes::changes(Some(&rest(before)), Some(&rest(after))));
    all
}

/// What a reward says in these terms, if it is among them.
fn sentence(program: &Program, id: Option<&String>) -> Option<String> {
    let reward = program.rewards.iter().find(|reward| reward.id.as_ref() == id)?;
    Some(words::reward(reward, program))
}

/// The rewards' names in their order.
fn named(terms: &TermsDocument) -> String {
    let name = |reward: &Reward| reward.name.clone().or_else(|| reward.id.clone()).unwrap_or_default();
    terms.rewards.iter().map(name).collect::<Vec<_>>().join(", ")
}

/// What no sentence tells: funds, registrations, settlements, points and signals.
fn rest(terms: &TermsDocument) -> Value {
    const TOLD: [&str; 7] = [
        "attributionModel",
        "attributionWindows",
        "newCustomersOnly",
        "holdDays",
        "minPayout",
        "budgeted",
        "rewards",
    ];
    let mut fields = serde_json::to_value(terms).unwrap_or_default();
    if let Some(fields) = fields.as_object_mut() {
        fields.retain(|name, _| !TOLD.contains(&name.as_str()));
    }
    fields
}

/// The program as it would be with other terms.
fn at_that_time(program: &Program, terms: &TermsDocument) -> Program {
    Program {
        currency: terms.currency.clone(),
        attribution_model: terms.attribution_model.clone(),
        attribution_windows: terms.attribution_windows.clone(),
        new_customers_only: terms.new_customers_only,
        hold_days: terms.hold_days,
        min_payout: terms.min_payout,
        budgeted: terms.budgeted,
        rewards: terms.rewards.clone(),
        funds: terms.funds.clone(),
        ..program.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::tests::program;

    fn reward(id: &str, name: &str, percentage: &str) -> Reward {
        serde_json::from_value(serde_json::json!({
            "id": id, "name": name, "event": "sale", "type": "percentage", "percentage": percentage, "maxDuration": null
        }))
        .unwrap()
    }

    fn terms() -> TermsDocument {
        TermsDocument {
            currency: "usd".into(),
            attribution_model: "last_touch".into(),
            hold_days: 30,
            rewards: vec![reward("rwd_1", "Sales", "20"), reward("rwd_2", "More", "25")],
            ..TermsDocument::default()
        }
    }

    #[test]
    fn what_is_the_same_is_no_difference() {
        assert_eq!(differences(&program(), &terms(), &terms()), []);
    }

    #[test]
    fn every_difference_is_told_once() {
        let mut after = terms();
        after.hold_days = 14;
        after.rewards = vec![reward("rwd_3", "New", "5"), reward("rwd_1", "Sales", "30")];
        after.signals.insert("velocity".into(), serde_json::json!({ "action": "hold" }));
        let told = differences(&program(), &terms(), &after);
        let titles: Vec<_> = told.iter().map(|(title, ..)| title.as_str()).collect();
        assert_eq!(titles, ["Hold", "New", "Sales", "More", "signals › velocity › action"]);
        let [hold, new, sales, more, signal] = told.as_slice() else { panic!("{told:?}") };
        assert!(hold.1.as_ref().unwrap().contains("30 days") && hold.2.as_ref().unwrap().contains("14 days"));
        assert!(new.1.is_none() && new.2.as_ref().unwrap().starts_with("5%"));
        assert!(sales.1.as_ref().unwrap().starts_with("20%") && sales.2.as_ref().unwrap().starts_with("30%"));
        assert!(more.1.is_some() && more.2.is_none());
        assert_eq!((signal.1.as_deref(), signal.2.as_deref()), (None, Some("hold")));
    }

    #[test]
    fn rewards_in_another_order_pay_differently() {
        let mut after = terms();
        after.rewards.reverse();
        let told = differences(&program(), &terms(), &after);
        assert_eq!(
            told,
            [(
                "Order of the rewards".to_owned(),
                Some("Sales, More".to_owned()),
                Some("More, Sales".to_owned())
            )]
        );
    }
}
