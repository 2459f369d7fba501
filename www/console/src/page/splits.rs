//! How sales are shared: what waits for a decision, the oldest first, and what was decided.

use crate::action::use_action;
use crate::browser;
use crate::context::{Context, use_console};
use crate::part::badge::badge;
use crate::part::choice::{ProgramChoice, Tabs};
use crate::part::form::{Ask, Field, Form, note};
use crate::part::head::Head;
use crate::part::link::Link;
use crate::part::rows::partner_link;
use crate::part::state::{Empty, shown};
use crate::part::table::{Column, Table, figure, load_more, row, text};
use crate::poll::use_list;
use crate::route::{Route, encode};
use crate::text::{key, plural, t};
use crate::words::{Tone, split as words};
use crate::{api, date, format};
use goodword_wire::{SalePartner, SplitDecisionInput, SplitInput, SplitPart, SplitProposal};
use yew::prelude::*;

const COLUMNS: [Column; 5] = [
    text(key("Partner")),
    text(key("As")),
    figure(key("Part")),
    figure(key("Of what there is now")),
    text(key("Answer")),
];

/// The page.
#[component]
pub fn Splits() -> Html {
    let context = use_console();
    let status = context.place.get("status").unwrap_or("open").to_owned();
    // What waits is done in the order in which it came.
    let order = if status == "open" { "asc" } else { "desc" };
    let path = format!("/v1/splits?status={}&sortOrder={order}{}", encode(&status), context.program_filter());
    let list = use_list::<SplitProposal>(path);
    let options = ["open", "approved", "rejected", "withdrawn"].map(|word| (word, words::status(word).0));
    let asked = use_state_eq(|| false);
    let set = |open: bool| {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(open))
    };
    html! {
        <>
            <Head title={t("Splits")} lead={t("Several people sold something together. Everybody concerned is asked how it is shared, and you decide. Until then nothing of the sale is paid out.")}>
                <ProgramChoice />
                <button type="button" class="button" onclick={set(true).reform(|_: MouseEvent| ())}>{ t("Propose") }</button>
            </Head>
            <Tabs label={t("State")} name="status" usual="open" options={options.to_vec()} />
            if *asked { <Propose close={set(false)} /> }
            { shown(&list.polled, 5, |data| {
                if data.rows.is_empty() {
                    return html! { <Empty title={t("No split here")}><p>{ t("A partner proposes on the account page how a sale is shared; so can you.") }</p></Empty> };
                }
                html! {
                    <>
                        { for data.rows.iter().map(|split| one(&context, split)) }
                        { load_more(data.more, list.growing, &list.more) }
                    </>
                }
            }) }
        </>
    }
}

fn one(context: &Context, split: &SplitProposal) -> Html {
    let (word, tone) = words::status(&split.status);
    let called = called(split);
    let by = split.proposed_by.as_ref().map_or(t("you"), |by| by.name.as_str());
    let is_open = words::is_open(&split.status);
    html! {
        <section key={split.id.clone()} class="split">
            <h2><Link to={context.to(Route::Sale(split.sale_id.clone()))}>{ &called }</Link>
                { " " }{ badge(&word, tone) }
                if split.overdue { { " " }{ badge(t("Overdue"), Tone::Bad) } }
            </h2>
            <p class="quiet">{ t!("{amount}, proposed by {by} on {date}", amount = format::money(split.amount, &split.currency), by, date = date::day(&split.created_at)) }
                if is_open { { t!("; {age} old, to be decided by {time}", age = age(context, split), time = date::minute(&split.due_at)) } }
                { "." }</p>
            { table(context, split) }
            <ol class="timeline">{ for split.trail.iter().map(|event| {
                let who = event.partner.as_ref().map_or(event.by.as_str(), |partner| partner.name.as_str());
                html! { <li>{ t!("{time}: {happened} by {who}", time = date::minute(&event.at), happened = words::happened(&event.status), who) }
                    if let Some(note) = &event.note { <p class="quiet">{ note }</p> }</li> }
            }) }</ol>
            if is_open { <Decide split={split.clone()} /> }
        </section>
    }
}

/// For how long it has been waiting: `2 days`.
fn age(context: &Context, split: &SplitProposal) -> String {
    let hours = date::parse(&split.created_at).map_or(0, |at| (context.now - at).max(0) / 3_600_000);
    if hours < 48 { plural!("one={n} hours|{n} hours", hours) } else { plural!("{n} days", hours / 24) }
}

fn called(split: &SplitProposal) -> String {
    split.invoice_id.as_ref().map_or_else(|| t("Sale").to_owned(), |invoice| t!("Sale {invoice}", invoice))
}

fn table(context: &Context, split: &SplitProposal) -> Html {
    let parts = if split.decided.is_empty() { &split.parts } else { &split.decided };
    let losing = split
        .consents
        .iter()
        .filter(|consent| !parts.iter().any(|part| part.partner.id == consent.partner.id));
    let losing = losing.map(|consent| SplitPart {
        partner: consent.partner.clone(),
        percentage: "0".into(),
        ..SplitPart::default()
    });
    let all: Vec<SplitPart> = parts.iter().cloned().chain(losing).collect();
    html! {
        <Table caption={t!("How {sale} is shared", sale = called(split))} columns={&COLUMNS[..]}>
            { for all.iter().map(|part| row(&part.partner.id, &COLUMNS, cells(context, split, part))) }
        </Table>
    }
}

fn cells(context: &Context, split: &SplitProposal, part: &SplitPart) -> Vec<Html> {
    let answer = split.consents.iter().find(|consent| consent.partner.id == part.partner.id);
    let (word, tone) = words::answer(answer.map_or("", |consent| consent.answer.as_str()));
    vec![
        partner_link(context, Some(&part.partner)),
        html! { part.role.as_deref().unwrap_or("–") },
        html! { format!("{} %", part.percentage) },
        html! { format::money(part.amount, &split.currency) },
        badge(&word, tone),
    ]
}

/// About which.
#[derive(Properties, PartialEq)]
struct DecideProps {
    split: SplitProposal,
}

#[component]
fn Decide(props: &DecideProps) -> Html {
    let asked = use_state_eq(|| None::<&'static str>);
    let ask = |decision: &'static str| {
        let asked = asked.clone();
        Callback::from(move |_: MouseEvent| asked.set(Some(decision)))
    };
    let close = {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(None))
    };
    html! {
        <div class="controls">
            <button type="button" class="button primary" onclick={ask("approved")}>{ t("Share it so") }</button>
            <button type="button" class="button" onclick={ask("rejected")}>{ t("Leave it as it was") }</button>
            if let Some(decision) = *asked { <Asked split={props.split.clone()} {decision} {close} /> }
        </div>
    }
}

/// Which decision about which.
#[derive(Properties, PartialEq)]
struct AskedProps {
    split: SplitProposal,
    decision: &'static str,
    close: Callback<()>,
}

#[component]
fn Asked(props: &AskedProps) -> Html {
    let mode = use_console().mode();
    let key = use_memo((), |()| browser::unique_key());
    let (id, decision) = (props.split.id.clone(), props.decision);
    let done = use_action(
        move |form: Form| {
            let (path, key) = (format!("/v1/splits/{}/decide", encode(&id)), key.clone());
            let input = SplitDecisionInput {
                decision: Some(decision.into()),
                note: form.text("note"),
                partners: None,
            };
            async move { api::post_once::<SplitProposal>(mode, &path, &key, &input).await.map(|_| ()) }
        },
        props.close.clone(),
    );
    let approves = decision == "approved";
    let says = if approves {
        t(
            "Each commission of the sale becomes the part shown. What was paid already stays, and is corrected by commissions of their own.",
        )
    } else {
        t("The sale stays as it was credited.")
    };
    html! {
        <Ask title={called(&props.split)} verb={if approves { t("Share") } else { t("Leave") }} run={done.run.clone()}
            progress={done.progress.clone()} close={props.close.clone()}>
            <p>{ says }</p>
            { note(t("Why (those concerned read it)"), false) }
        </Ask>
    }
}

/// The dialog.
#[derive(Properties, PartialEq)]
struct ProposeProps {
    close: Callback<()>,
}

/// Up to three partners; more by the API.
const PLACES: [(&str, &str, &str); 3] =
    [("code-1", "role-1", "part-1"), ("code-2", "role-2", "part-2"), ("code-3", "role-3", "part-3")];

#[component]
fn Propose(props: &ProposeProps) -> Html {
    let context = use_console();
    let (mode, program) = (context.mode(), context.program_shown().map(str::to_owned));
    let key = use_memo((), |()| browser::unique_key());
    let done = use_action(
        move |form: Form| {
            let partner = |(code, role, part): &(&str, &str, &str)| {
                let code = Some(form.text(code)?);
                Some(SalePartner {
                    code,
                    role: form.text(role),
                    percentage: form.text(part),
                    partner_id: None,
                })
            };
            let input = SplitInput {
                sale_id: None,
                invoice_id: form.text("invoice"),
                program_id: program.clone(),
                partners: PLACES.iter().filter_map(partner).collect(),
                note: form.text("note"),
            };
            let key = key.clone();
            async move { api::post_once::<SplitProposal>(mode, "/v1/splits", &key, &input).await.map(|_| ()) }
        },
        props.close.clone(),
    );
    html! {
        <Ask title={t("Propose how a sale is shared")} verb={t("Propose")} wide=true run={done.run.clone()}
            progress={done.progress.clone()} close={props.close.clone()}>
            <Field label={t("Number of the order")} name="invoice" needed=true />
            { for PLACES.iter().enumerate().map(|(place, (code, role, part))| html! {
                <div class="fields" key={place}>
                    <Field label={t!("Code of partner {n}", n = place + 1)} name={*code} needed={place < 2} />
                    <Field label={t("As (seller, engineer, …)")} name={*role} />
                    <Field label={t("Percent")} name={*part} />
                </div>
            }) }
            { note(t("Why (those concerned read it)"), false) }
        </Ask>
    }
}
