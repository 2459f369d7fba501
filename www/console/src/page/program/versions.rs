//! Every version of a program's terms, the one in force first.

use crate::context::use_console;
use crate::page::programs::rewards;
use crate::part::badge::badge;
use crate::part::state::shown;
use crate::poll::use_poll;
use crate::route::encode;
use crate::text::t;
use crate::words::{self, Tone};
use crate::{date, told};
use goodword_wire::{Program, ProgramVersion, TermsDocument};
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
                <ol class="versions">{ for versions.iter().rev().map(|version| one(&props.program, version)) }</ol>
            }) }
        </section>
    }
}

fn one(program: &Program, version: &ProgramVersion) -> Html {
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
                    <div><dt>{ t("Model") }</dt><dd>{ words::model(&then.attribution_model) }</dd></div>
                    <div><dt>{ t("Counts for") }</dt><dd>{ told::windows(&then.attribution_windows) }</dd></div>
                    { for [words::hold(&then), words::payout_from(&then)].map(crate::page::explained::fact) }
                </dl>
            </details>
        </li>
    }
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
