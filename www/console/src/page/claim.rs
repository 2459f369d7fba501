//! One claim: what is told, what is known, the trail, and the decision.

use crate::action::use_action;
use crate::api::{self, Failure};
use crate::context::{Context, use_console};
use crate::part::badge::badge;
use crate::part::facts::facts;
use crate::part::form::{Ask, Form, amount, note};
use crate::part::head::Head;
use crate::part::link::Link;
use crate::part::rows::partner_link;
use crate::part::state::shown;
use crate::poll::use_poll;
use crate::route::{Route, encode};
use crate::text::t;
use crate::words::review as words;
use crate::{date, format};
use goodword_wire::{Claim, ClaimDecisionInput, ClaimEvent};
use yew::prelude::*;

/// Which one.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub id: AttrValue,
}

/// The page.
#[component]
pub fn ClaimPage(props: &Props) -> Html {
    let context = use_console();
    let claim = use_poll::<Claim>(context.mode(), format!("/v1/claims/{}", encode(&props.id)));
    let title = claim.data.as_ref().map_or_else(
        || t("Claim").to_owned(),
        |claim| t!("Claim on order {invoice_id}", invoice_id = claim.invoice_id),
    );
    let back = (context.to(Route::Claims), t("Claims"));
    html! {
        <>
            <Head {title} {back}>
                if let Some(claim) = claim.data.as_ref().filter(|claim| claim.status != "granted") {
                    <Decide claim={(**claim).clone()} />
                }
            </Head>
            { shown(&claim, 6, |claim| view(&context, claim)) }
        </>
    }
}

fn view(context: &Context, claim: &Claim) -> Html {
    let (word, tone) = words::claim(&claim.status);
    html! {
        <>
            <div class="about">
                <p class="badges">{ badge(&word, tone) }<span>{ words::claim_reason(&claim.reason) }</span></p>
            </div>
            <div class="columns">
                <section aria-labelledby="told-title">
                    <h2 id="told-title">{ t("What is told") }</h2>
                    { told(context, claim) }
                </section>
                <section aria-labelledby="trail-title">
                    <h2 id="trail-title">{ t("What happened") }</h2>
                    <ol class="timeline">{ for claim.trail.iter().enumerate().map(|(place, event)| step(place, event)) }</ol>
                </section>
            </div>
        </>
    }
}

fn told(context: &Context, claim: &Claim) -> Html {
    let currency = context.currency(Some(&claim.program_id));
    let sale = claim.sale_id.clone().map(|id| {
        html! { <Link to={context.to(Route::Sale(id))}>{ t("Why it was credited as it was") }</Link> }
    });
    let earned = claim.commission.as_ref().map(|c| html! { format::money(c.earnings, &c.currency) });
    facts([
        (t("Partner"), Some(partner_link(context, Some(&claim.partner)))),
        (if claim.url.is_some() { t("Content") } else { t("Order") }, Some(about(claim))),
        (t("File"), claim.file_id.clone().map(|id| html! { <Proof {id} /> })),
        (t("Ordered"), claim.ordered_at.as_ref().map(|at| html! { date::day(at) })),
        (t("Amount"), claim.amount.map(|amount| html! { format::money(amount, &currency) })),
        (
            t("Sale"),
            sale.or_else(|| {
                claim.url.is_none().then(|| html! { <span class="quiet">{ t("not reported yet") }</span> })
            }),
        ),
        (t("Earned"), earned),
    ])
}

/// The number of an order, or where content is.
fn about(claim: &Claim) -> Html {
    match &claim.url {
        Some(url) => html! { <a href={url.clone()} target="_blank" rel="noreferrer noopener">{ url }</a> },
        None => html! { <code>{ &claim.invoice_id }</code> },
    }
}

/// Which file.
#[derive(Properties, PartialEq)]
struct ProofProps {
    id: String,
}

#[component]
fn Proof(props: &ProofProps) -> Html {
    let mode = use_console().mode();
    let id = props.id.clone();
    let load = use_action(
        move |()| {
            let path = format!("/v1/fund-files/{}", encode(&id));
            async move { api::download(mode, &path).await }
        },
        Callback::noop(),
    );
    html! { <button type="button" class="button" onclick={load.run.reform(|_: MouseEvent| ())}>{ t("Save the file") }</button> }
}

fn step(place: usize, event: &ClaimEvent) -> Html {
    let word = if place == 0 { t("Filed").to_owned() } else { words::claim(&event.status).0 };
    let class = (event.status == "granted").then_some("good");
    html! {
        <li key={place} class={classes!(class)}>
            <p><strong>{ word }</strong>{ " · " }{ words::by(&event.by) }</p>
            if let Some(note) = &event.note { <p>{ note }</p> }
            <time datetime={event.at.clone()}>{ date::minute(&event.at) }</time>
        </li>
    }
}

/// About which.
#[derive(Properties, PartialEq)]
struct DecideProps {
    claim: Claim,
}

#[component]
fn Decide(props: &DecideProps) -> Html {
    let mode = use_console().mode();
    let asked = use_state_eq(|| None::<&'static str>);
    let close = {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(None))
    };
    let id = props.claim.id.clone();
    let decide = use_action(
        move |input: Result<ClaimDecisionInput, Failure>| {
            let path = format!("/v1/claims/{}/decide", encode(&id));
            async move { api::write::<Claim>(mode, "POST", &path, &input?).await.map(|_| ()) }
        },
        close.clone(),
    );
    let ask = |decision: &'static str| {
        let asked = asked.clone();
        Callback::from(move |_: MouseEvent| asked.set(Some(decision)))
    };
    let currency = use_console().currency(Some(&props.claim.program_id));
    let pays = props.claim.url.is_some();
    let run = |decision: &'static str| {
        let currency = currency.clone();
        let is_paid = pays && decision == "granted";
        decide.run.reform(move |form: Form| {
            let bonus = if is_paid { Some(form.money("amount", &currency)?) } else { None };
            Ok(ClaimDecisionInput { decision: Some(decision.into()), note: form.text("note"), bonus })
        })
    };
    let name = &props.claim.partner.name;
    html! {
        <>
            <button type="button" class="button primary" onclick={ask("granted")}>{ t("Grant") }</button>
            if props.claim.status == "open" {
                <button type="button" class="button" onclick={ask("refused")}>{ t("Refuse") }</button>
            }
            if *asked == Some("granted") {
                <Ask title={t!("Grant the claim of {name}?", name)} verb={t("Grant")} run={run("granted")}
                    progress={decide.progress.clone()} close={close.clone()}>
                    if pays {
                        <p>{ t("The partner gets a bonus for the content, held like any commission.") }</p>
                        { amount(t("Bonus"), &currency) }
                    } else {
                        <p>{ t("The order is credited to the partner by the program’s rewards. To take that back later, cancel the commission.") }</p>
                    }
                    { note(t("Note, read by the partner (optional)"), false) }
                </Ask>
            }
            if *asked == Some("refused") {
                <Ask title={t!("Refuse the claim of {name}?", name)} verb={t("Refuse")} danger=true run={run("refused")}
                    progress={decide.progress.clone()} close={close.clone()}>
                    <p>{ t("Nobody is credited. You can grant it later after all.") }</p>
                    { note(t("Why, read by the partner"), true) }
                </Ask>
            }
        </>
    }
}
