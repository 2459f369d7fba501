//! Why an event was credited as it was, as the pages of a sale and of a sign-up show it.

use crate::context::{Context, use_console};
use crate::part::badge;
use crate::part::link::Link;
use crate::part::rows::{credited, partner_link};
use crate::part::table::{Column, Table, row, text};
use crate::route::Route;
use crate::text::{key, rich, t};
use crate::words::{self, Tone};
use crate::{date, format, told};
use goodword_wire::{ExplainedCommission, ExplainedReward, ExplainedTouchpoint, Explanation, PartnerRef};
use std::rc::Rc;
use yew::prelude::*;

/// The event.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub explanation: Rc<Explanation>,
    /// What stands below the commissions.
    #[prop_or_default]
    pub children: Children,
}

/// All of it.
#[component]
pub fn Explained(props: &Props) -> Html {
    let context = use_console();
    let explanation = &props.explanation;
    html! {
        <>
            { verdict(&context, explanation) }
            <div class="columns">
                <section aria-labelledby="touch-title">
                    <h2 id="touch-title">{ t("Touchpoints") }</h2>
                    { touchpoints(&context, explanation) }
                </section>
                <div>
                    { commissions(&context, explanation) }
                    { props.children.clone() }
                </div>
            </div>
            { rewards(&context, explanation) }
            { history(explanation) }
        </>
    }
}

fn verdict(context: &Context, explanation: &Explanation) -> Html {
    let grounds = &explanation.grounds;
    let program = context.to(Route::Program(explanation.program_id.clone())).with("tab", "versions");
    html! {
        <section class="verdict panel" aria-labelledby="why-title">
            <h2 id="why-title">{ t("Why") }</h2>
            <p class="badges">{ credited(explanation.credited) }<span class="quiet">{ words::reason_short(&explanation.reason) }</span></p>
            <p class="why">{ told::says(&explanation.says, || words::reason(&explanation.reason)) }</p>
            { for grounds.signals.iter().enumerate().map(|(key, signal)| html! {
                <p {key} class="note waiting"><strong>{ words::plain(&signal.rule) }</strong>{ ": " }{ told::says(&signal.why, || words::signal(&signal.rule)) }</p>
            }) }
            <dl class="facts">
                // A visit and a bonus are shared by no model.
                if !grounds.attribution_model.is_empty() {
                    <div><dt>{ t("Model") }</dt><dd>{ words::model(&grounds.attribution_model) }</dd></div>
                    <div><dt>{ t("Counts for") }</dt><dd>{ told::windows(&grounds.attribution_windows) }</dd></div>
                }
                <div><dt>{ t("Terms") }</dt><dd>{ rich!("{version}, in force at the time", version = html! {
                    <Link to={program}>{ t!("Version {version} of the program", version = grounds.program_version) }</Link>
                }) }</dd></div>
            </dl>
        </section>
    }
}

fn touchpoints(context: &Context, explanation: &Explanation) -> Html {
    if explanation.touchpoints.is_empty() {
        return html! { <p class="quiet">{ t("No click, no code and no form is known of this customer.") }</p> };
    }
    let end = match explanation.event.as_str() {
        "sale" => t("The sale"),
        "lead" => t("The sign-up"),
        "click" => t("The visit is paid"),
        _ => t("The bonus"),
    };
    html! {
        <ol class="timeline">
            { for explanation.touchpoints.iter().enumerate().map(|(key, touch)| touchpoint(context, key, touch)) }
            <li class="end">
                <time datetime={explanation.at.clone()}>{ date::minute(&explanation.at) }</time>
                <p><strong>{ end }</strong></p>
            </li>
        </ol>
    }
}

fn touchpoint(context: &Context, key: usize, explained: &ExplainedTouchpoint) -> Html {
    let touch = &explained.touchpoint;
    let (short, long, tone) = words::verdict(&touch.verdict);
    let origin = told::origin(explained);
    html! {
        <li {key} class={tone.class()}>
            <time datetime={touch.at.clone()}>{ date::minute(&touch.at) }</time>
            <div class="touch">
                <p>{ crate::text::rich(words::touch(&touch.kind), &[("partner", partner_link(context, Some(&touch.partner)))]) }{ " " }{ badge::badge(short, tone) }</p>
                if let Some(share) = &explained.share {
                    <p class="share"><strong>{ format::share(share) }</strong><span class="hidden">{ " " }{ t("of the credit") }</span></p>
                }
            </div>
            <p class="quiet">{ told::says(&explained.says, || long) }</p>
            if !origin.is_empty() {
                <dl class="origin">{ for origin.into_iter().map(fact) }</dl>
            }
        </li>
    }
}

/// A title and a text of a list of facts.
pub fn fact((title, text): told::Fact) -> Html {
    html! { <div key={title}><dt>{ title }</dt><dd>{ text }</dd></div> }
}

fn commissions(context: &Context, explanation: &Explanation) -> Html {
    let grouped = told::with_corrections(&explanation.commissions);
    let title = if grouped.len() > 1 { t("Commissions") } else { t("Commission") };
    html! {
        <section aria-labelledby="commission-title">
            <h2 id="commission-title">{ title }</h2>
            if grouped.is_empty() {
                <p class="quiet">{ t("Nothing was earned.") }</p>
            }
            { for grouped.iter().map(|(commission, corrections)| earned(context, commission, corrections)) }
        </section>
    }
}

fn earned(context: &Context, explained: &ExplainedCommission, corrections: &[&ExplainedCommission]) -> Html {
    let commission = &explained.commission;
    let money = |minor| format::money(minor, &commission.currency);
    html! {
        <article key={commission.id.clone()} class="earned">
            <p>{ partner_link(context, Some(&commission.partner)) }</p>
            <p class="amount">{ money(commission.earnings) }{ " " }{ badge::commission(commission) }</p>
            <dl class="facts">
                <div><dt>{ t("Arithmetic") }</dt><dd>{ &commission.arithmetic }</dd></div>
                if commission.earnings != commission.earnings_at_first {
                    <div><dt>{ t("At first") }</dt><dd><s>{ money(commission.earnings_at_first) }</s></dd></div>
                }
                { for told::dates(explained).into_iter().map(fact) }
                if let Some(payout) = &commission.payout_id {
                    <div><dt>{ t("Payout") }</dt><dd><code>{ payout }</code></dd></div>
                }
                if let Some(note) = &commission.note {
                    <div><dt>{ t("Note") }</dt><dd>{ note }</dd></div>
                }
                <div><dt>{ t("Ledger") }</dt><dd>
                    <Link to={context.to(Route::Ledger).with("commission", &commission.id)}>{ t("Its transfers") }</Link>
                </dd></div>
                { for corrections.iter().map(|correction| corrected(correction)) }
                if !corrections.is_empty() {
                    <div><dt>{ t("Together") }</dt><dd><strong>{ money(told::net(commission, corrections)) }</strong></dd></div>
                }
            </dl>
        </article>
    }
}

fn corrected(explained: &ExplainedCommission) -> Html {
    let commission = &explained.commission;
    html! {
        <div key={commission.id.clone()}><dt>{ t("Corrected") }</dt>
            <dd>{ format::money(commission.earnings, &commission.currency) }{ " " }{ badge::commission(commission) }
                <p class="quiet">{ date::minute(&commission.created_at) }{ " · " }{ &commission.arithmetic }</p></dd></div>
    }
}

const FITS: [Column; 4] =
    [text(key("Reward")), text(key("Applied##reward")), text(key("Partner")), text(key("Why"))];

fn rewards(context: &Context, explanation: &Explanation) -> Html {
    if explanation.rewards.is_empty() {
        return Html::default();
    }
    html! {
        <section aria-labelledby="rewards-title">
            <h2 id="rewards-title">{ t("Rewards") }</h2>
            <p class="lead">{ t("For each partner the first reward that fits is paid.") }</p>
            <Table caption={t("Every reward of the program, and why it applied or not")} columns={&FITS[..]}>
                { for explanation.rewards.iter().enumerate().map(|(place, reward)| {
                    row(&place.to_string(), &FITS, fitted(context, explanation, reward))
                }) }
            </Table>
        </section>
    }
}

fn fitted(context: &Context, explanation: &Explanation, reward: &ExplainedReward) -> Vec<Html> {
    let applies = reward.fit.fit == "applies";
    let (word, tone) = if applies { (t("Yes"), Tone::Good) } else { (t("No"), Tone::Plain) };
    let says = told::says(&reward.says, || told::fit(&reward.fit.fit));
    vec![
        html! { named(context, explanation, reward) },
        badge::badge(word, tone),
        partner_link(context, partner(explanation, &reward.fit.partner_id)),
        html! { <span class="quiet">{ says }</span> },
    ]
}

/// Its name; else what it says now, if it still says that.
fn named(context: &Context, explanation: &Explanation, explained: &ExplainedReward) -> String {
    let fit = &explained.fit;
    let program = context.programs.iter().find(|program| program.id == explanation.program_id);
    let current = program.filter(|program| program.version == explanation.grounds.program_version);
    let reward =
        current.and_then(|p| p.rewards.iter().find(|r| r.id.as_ref() == Some(&fit.reward_id)).zip(Some(p)));
    match (&fit.name, reward) {
        (Some(name), _) => name.clone(),
        (None, Some((reward, program))) => words::reward(reward, program),
        (None, None) => t!("For a {event}", event = words::event(&fit.event)),
    }
}

fn partner<'a>(explanation: &'a Explanation, id: &str) -> Option<&'a PartnerRef> {
    explanation.touchpoints.iter().map(|told| &told.touchpoint.partner).find(|partner| partner.id == id)
}

fn history(explanation: &Explanation) -> Html {
    html! {
        <section aria-labelledby="history-title">
            <h2 id="history-title">{ t("What happened") }</h2>
            <ol class="timeline">
                { for explanation.history.iter().enumerate().map(|(key, happening)| html! {
                    <li {key}><time datetime={happening.at.clone()}>{ date::minute(&happening.at) }</time>
                        <p>{ told::says(&happening.says, || told::happened(happening, &explanation.event)) }</p></li>
                }) }
            </ol>
        </section>
    }
}
