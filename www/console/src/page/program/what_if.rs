//! What would have come of the changed terms, before they are saved.

use crate::api::{self, Failure};
use crate::context::{Context, use_console};
use crate::format;
use crate::part::choice::Ranges;
use crate::part::link::Link;
use crate::part::state::refused;
use crate::part::table::{Column, Table, figure, row, text};
use crate::route::{Mode, Route, encode};
use crate::span::Span;
use crate::text::{key, plural, t};
use crate::trial::{self, Past, Row};
use goodword_domain::id::PartnerId;
use goodword_domain::program::Terms;
use goodword_domain::simulation::{Earnings, Simulation};
use goodword_domain::time::{DAY_MS, Instant};
use goodword_wire::{History, Program, ProgramInput};
use std::collections::BTreeMap;
use std::rc::Rc;
use yew::platform::spawn_local;
use yew::prelude::*;

/// After so many events the browser may do something else.
const AT_ONCE: usize = 2_000;

const COLUMNS: [Column; 6] = [
    text(key("Partner")),
    figure(key("As it was")),
    figure(key("Terms in force")),
    figure(key("Changed terms")),
    figure(key("Difference")),
    figure(key("Held today")),
];

/// The program as it is, and what is typed.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub program: Rc<Program>,
    /// None while something that is typed cannot be read.
    pub input: Option<ProgramInput>,
}

/// How far it has come.
#[derive(Clone, PartialEq)]
enum Trial {
    None,
    Working(String),
    Failed(Failure),
    Done { rows: Rc<Vec<Row>>, of: Box<(ProgramInput, Span)> },
}

/// The panel.
#[component]
pub fn WhatIf(props: &Props) -> Html {
    let context = use_console();
    let trial = use_state_eq(|| Trial::None);
    let span = Span::of(&context.place);
    let onclick = {
        let (trial, program, input) = (trial.clone(), props.program.clone(), props.input.clone());
        let (mode, now) = (context.mode(), context.now);
        Callback::from(move |_: MouseEvent| {
            if let Some(input) = input.clone() {
                work(trial.clone(), (mode, now, span), program.clone(), input);
            }
        })
    };
    let busy = matches!(*trial, Trial::Working(_));
    html! {
        <section class="panel what-if" aria-labelledby="what-if-title">
            <h2 id="what-if-title">{ t("What if?") }</h2>
            <p class="lead">{ t("What the terms as they are typed here would have paid for what has happened, worked out in your browser by the rules the server decides with. Nothing is saved, and nobody is told.") }</p>
            <div class="head-row">
                <div class="controls"><Ranges /></div>
                <button type="button" class="button primary" disabled={busy || props.input.is_none()} {onclick}>{ t("Work it out") }</button>
            </div>
            { shown(&context, &trial, props, span) }
        </section>
    }
}

fn shown(context: &Context, trial: &Trial, props: &Props, span: Span) -> Html {
    match trial {
        Trial::None if props.input.is_none() => {
            html! { <p class="note">{ t("Something that is typed cannot be read yet: saving says what.") }</p> }
        }
        Trial::None => Html::default(),
        Trial::Working(text) => html! { <p role="status">{ text }</p> },
        Trial::Failed(failure) => refused(Some(failure)),
        Trial::Done { rows, of } => {
            let stale = props.input.as_ref() != Some(&of.0) || of.1 != span;
            html! {
                <>
                    if stale { <p class="note waiting" role="status">{ t("Something was changed since: work it out again.") }</p> }
                    { table(context, rows, &props.program.currency) }
                    <p class="quiet">{ t("“As it was” is what was credited by the terms of its day. The other columns decide everything from the first day on by one set of terms, as a replay does, and count what happened in the chosen days. Rewards for clicks, bonuses and imported commissions are left out; a rate that came late counts as if it had come in time, and a dispute that was won as if it had never been.") }</p>
                </>
            }
        }
    }
}

fn table(context: &Context, rows: &[Row], currency: &str) -> Html {
    let money = |minor| format::money(minor, currency);
    html! {
        <Table caption={t("What each partner would have earned")} columns={&COLUMNS[..]}>
            { for rows.iter().map(|line| {
                let name = if line.id.is_empty() {
                    html! { <strong>{ &line.name }</strong> }
                } else {
                    html! { <Link to={context.to(Route::Partner(line.id.clone()))}>{ &line.name }</Link> }
                };
                let difference = line.after.money - line.before.money;
                row(&line.id, &COLUMNS, vec![
                    name,
                    html! { { money(line.earned) } },
                    earned(line.before, &money),
                    earned(line.after, &money),
                    html! { <span class={classes!("change", sign(difference))}>{ signed(difference, &money) }</span> },
                    html! { { format!("{} → {}", money(line.before.held), money(line.after.held)) } },
                ])
            }) }
        </Table>
    }
}

fn earned(earnings: Earnings, money: &dyn Fn(i64) -> String) -> Html {
    html! {
        <>{ money(earnings.money) }
            if earnings.points != 0 { <small>{ " " }{ t!("and {count}", count = plural!("one={n} point|{n} points", earnings.points)) }</small> }</>
    }
}

fn sign(difference: i64) -> &'static str {
    match difference.signum() {
        1 => "more",
        -1 => "less",
        _ => "same",
    }
}

fn signed(difference: i64, money: &dyn Fn(i64) -> String) -> String {
    if difference > 0 { format!("+{}", money(difference)) } else { money(difference) }
}

fn work(
    trial: UseStateHandle<Trial>,
    (mode, now, span): (Mode, i64, Span),
    program: Rc<Program>,
    input: ProgramInput,
) {
    trial.set(Trial::Working(t("Reading what happened…").into()));
    spawn_local(async move {
        let done = worked_out(&trial, (mode, now, span), &program, &input).await;
        trial.set(match done {
            Ok(rows) => Trial::Done { rows: Rc::new(rows), of: Box::new((input, span)) },
            Err(failure) => Trial::Failed(failure),
        });
    });
}

async fn worked_out(
    trial: &UseStateHandle<Trial>,
    (mode, now, span): (Mode, i64, Span),
    program: &Program,
    input: &ProgramInput,
) -> Result<Vec<Row>, Failure> {
    let understood = |text: String| Failure::of_input(text);
    let (before, after) =
        (trial::in_force(program).map_err(understood)?, trial::changed(program, input).map_err(understood)?);
    let past = Past::of(&read(trial, mode, program, &span.query(now)).await?).map_err(understood)?;
    let (first, length) = span.days(now, Some(0));
    let range = (Instant(first * DAY_MS), Instant((first + length).saturating_mul(DAY_MS)));
    let before = decided(&before, &past, (range, now)).await;
    trial.set(Trial::Working(plural!("Deciding about {n} events by the changed terms…", count(&past))));
    let after = decided(&after, &past, (range, now)).await;
    Ok(trial::rows(&past.told, &before, &after))
}

fn count(past: &Past) -> i64 {
    i64::try_from(past.events.len()).unwrap_or(i64::MAX)
}

/// The whole history, part by part.
async fn read(
    trial: &UseStateHandle<Trial>,
    mode: Mode,
    program: &Program,
    range: &str,
) -> Result<Vec<History>, Failure> {
    let path = format!("/v1/programs/{}/history?{range}", encode(&program.id));
    let mut parts = vec![api::get::<History>(mode, &path).await?];
    let mut read = parts[0].events.len();
    while let Some(next) = parts.last().and_then(|part| part.next) {
        let so_far = i64::try_from(read).unwrap_or(i64::MAX);
        trial.set(Trial::Working(plural!("Reading what happened: {n} events so far…", so_far)));
        let part = api::get::<History>(mode, &format!("{path}&from={next}")).await?;
        read += part.events.len();
        parts.push(part);
    }
    Ok(parts)
}

async fn decided(
    terms: &Terms,
    past: &Past,
    (range, now): ((Instant, Instant), i64),
) -> BTreeMap<PartnerId, Earnings> {
    let mut simulation = Simulation::new(terms, &past.partners, range);
    for events in past.events.chunks(AT_ONCE) {
        for event in events {
            simulation.play(event);
        }
        // The page stays alive meanwhile.
        gloo_timers::future::TimeoutFuture::new(0).await;
    }
    simulation.earnings(Instant(now))
}
