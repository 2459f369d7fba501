//! The claims on a request: what is claimed, with which files, and the decisions.

use super::trail;
use crate::action::use_action;
use crate::api::{self, Failure};
use crate::context::use_console;
use crate::format;
use crate::part::badge::badge;
use crate::part::form::{Ask, Field, Form, note};
use crate::part::state::refused;
use crate::route::encode;
use crate::text::t;
use crate::words::fund as words;
use goodword_wire::{FundClaim, FundClaimDecisionInput, FundFile, FundRequest, FundScoreInput};
use yew::prelude::*;

/// Of which request.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub request: FundRequest,
}

/// All claims on it.
#[component]
pub fn Claims(props: &Props) -> Html {
    let claims = &props.request.claims;
    html! {
        <section aria-labelledby="claims-title">
            <h2 id="claims-title">{ t("Claims") }</h2>
            if claims.is_empty() { <p class="quiet">{ t("Nothing is claimed yet.") }</p> }
            <ul class="cards">
                { for claims.iter().map(|claim| html! { <li key={claim.id.clone()}><One claim={claim.clone()} /></li> }) }
            </ul>
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct OneProps {
    claim: FundClaim,
}

#[component]
fn One(props: &OneProps) -> Html {
    let claim = &props.claim;
    let (word, tone) = words::claim(&claim.status);
    let money = |minor| format::money(minor, &claim.currency);
    let sum = if claim.paid > 0 {
        t!("{amount} paid", amount = money(claim.paid))
    } else {
        t!("{amount} due", amount = money(claim.due))
    };
    html! {
        <article class="panel">
            <h3>{ words::claimed(claim) }</h3>
            <p class="badges">{ badge(&word, tone) }<span>{ sum }</span></p>
            if !claim.files.is_empty() { <Files files={claim.files.clone()} /> }
            { trail(&claim.trail, |status| words::claim(status).0) }
            <div class="controls"><Decide claim={claim.clone()} /></div>
        </article>
    }
}

#[derive(Properties, PartialEq)]
struct FilesProps {
    files: Vec<FundFile>,
}

/// The files that prove it, to be saved.
#[component]
fn Files(props: &FilesProps) -> Html {
    let mode = use_console().mode();
    let fetch = use_action(
        move |id: String| async move { api::download(mode, &format!("/v1/fund-files/{}", encode(&id))).await },
        Callback::noop(),
    );
    let entry = |file: &FundFile| {
        let id = file.id.clone();
        let onclick = fetch.run.reform(move |_: MouseEvent| id.clone());
        let size = format!("{} · {} KB", file.media_type, (file.size + 1023) / 1024);
        html! {
            <li key={file.id.clone()}><span class="two"><strong>{ &file.name }</strong><small>{ size }</small></span>
                <button type="button" class="button small" disabled={fetch.progress.busy} {onclick}>
                    { t("Save") }<span class="hidden">{ format!(" {}", file.name) }</span></button></li>
        }
    };
    html! {
        <>
            <ul class="files">{ for props.files.iter().map(entry) }</ul>
            { refused(fetch.progress.failure.as_ref()) }
        </>
    }
}

/// What is sent.
enum Said {
    Decision(FundClaimDecisionInput),
    Score(FundScoreInput),
}

#[component]
fn Decide(props: &OneProps) -> Html {
    let mode = use_console().mode();
    let asked = use_state_eq(|| None::<&'static str>);
    let close = {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(None))
    };
    let id = props.claim.id.clone();
    let send = use_action(
        move |said: Result<Said, Failure>| {
            let path = format!("/v1/fund-claims/{}", encode(&id));
            async move {
                let done = match said? {
                    Said::Decision(input) => {
                        api::write::<FundClaim>(mode, "POST", &format!("{path}/decide"), &input).await
                    }
                    Said::Score(input) => {
                        api::write::<FundClaim>(mode, "POST", &format!("{path}/score"), &input).await
                    }
                };
                done.map(|_| ())
            }
        },
        close.clone(),
    );
    let ask = |decision: &'static str| {
        let asked = asked.clone();
        Callback::from(move |_: MouseEvent| asked.set(Some(decision)))
    };
    let run = |decision: &'static str| {
        let currency = props.claim.currency.clone();
        send.run.reform(move |form: Form| {
            if decision == "score" {
                return Ok(Said::Score(FundScoreInput {
                    score: form.text("score"),
                    note: form.text("note"),
                    files: Vec::new(),
                }));
            }
            let amount = form.text("amount").map(|_| form.money("amount", &currency)).transpose()?;
            let note = form.text("note");
            Ok(Said::Decision(FundClaimDecisionInput { decision: Some(decision.into()), amount, note }))
        })
    };
    html! {
        <>
            { buttons(&props.claim, ask) }
            if let Some(word) = *asked {
                <Ask title={title(word, &props.claim)} verb={verb(word)} danger={["rejected", "reversed"].contains(&word)}
                    run={run(word)} progress={send.progress.clone()} {close}>
                    { fields(word, &props.claim) }
                </Ask>
            }
        </>
    }
}

/// What can be done with it.
fn buttons(claim: &FundClaim, ask: impl Fn(&'static str) -> Callback<MouseEvent>) -> Html {
    let is = |words: &[&str]| words.contains(&claim.status.as_str());
    html! {
        <>
            if is(&["submitted"]) {
                <button type="button" class="button primary" onclick={ask("paid")}>{ t("Pay") }</button>
            }
            if is(&["due", "held"]) || (is(&["submitted"]) && claim.kind == "period") {
                <button type="button" class="button" onclick={ask("score")}>{ t("Enter the figure") }</button>
            }
            if is(&["due", "submitted", "held"]) {
                <button type="button" class="button" onclick={ask("rejected")}>{ t("Reject") }</button>
            }
            if is(&["paid"]) {
                <button type="button" class="button" onclick={ask("reversed")}>{ t("Reverse") }</button>
            }
        </>
    }
}

fn title(word: &str, claim: &FundClaim) -> String {
    match word {
        "paid" => t!("Pay {name}?", name = claim.partner.name),
        "score" => t("Enter the figure that decides").into(),
        "rejected" => t("Reject this claim?").into(),
        _ => t("Take back what was paid?").into(),
    }
}

fn verb(word: &str) -> &'static str {
    match word {
        "paid" => t("Pay"),
        "score" => t("Save"),
        "rejected" => t("Reject"),
        _ => t("Reverse"),
    }
}

fn fields(word: &str, claim: &FundClaim) -> Html {
    match word {
        "paid" => {
            let (due, unit) =
                (format::units(claim.due, &claim.currency), claim.currency.to_ascii_uppercase());
            html! {
                <>
                    <p>{ t("It is payable at once and goes out with the next payout.") }</p>
                    <Field label={t!("How much, {unit}", unit)} name="amount" value={due} needed=true />
                    { note(t("Note, read by the partner (optional)"), false) }
                </>
            }
        }
        "score" => {
            let known = claim.score.clone().unwrap_or_default();
            html! {
                <>
                    <Field label={t("Percent of what was agreed")} name="score" value={known} needed=true />
                    { note(t("Note, read by the partner (optional)"), false) }
                </>
            }
        }
        "rejected" => note(t("Why, read by the partner"), true),
        _ => html! {
            <>
                <p>{ t("What was not sent yet is voided; what was sent is taken from the next payout.") }</p>
                { note(t("Why, read by the partner"), true) }
            </>
        },
    }
}
