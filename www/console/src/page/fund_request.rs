//! One request to a fund: what is asked, what is committed, its claims with their files, and the decisions.

mod claims;

use crate::action::use_action;
use crate::api::{self, Failure};
use crate::context::{Context, use_console};
use crate::part::badge::badge;
use crate::part::facts::{facts, figures};
use crate::part::form::{Ask, Field, Form, note};
use crate::part::head::Head;
use crate::part::rows::partner_link;
use crate::part::state::shown;
use crate::poll::use_poll;
use crate::route::{Route, encode};
use crate::text::t;
use crate::words::fund as words;
use crate::words::review::by;
use crate::{date, format};
use goodword_wire::{FundDecisionInput, FundEvent, FundRequest};
use yew::prelude::*;

/// Which one.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub id: AttrValue,
}

/// The page.
#[component]
pub fn FundRequestPage(props: &Props) -> Html {
    let context = use_console();
    let request = use_poll::<FundRequest>(context.mode(), format!("/v1/fund-requests/{}", encode(&props.id)));
    let title =
        request.data.as_ref().map_or_else(|| t("Request").to_owned(), |request| request.title.clone());
    let back = (context.to(Route::Funds), t("Funds"));
    html! {
        <>
            <Head {title} {back}>
                if let Some(request) = &request.data { <Decide request={(**request).clone()} /> }
            </Head>
            { shown(&request, 6, |request| view(&context, request)) }
        </>
    }
}

fn view(context: &Context, request: &FundRequest) -> Html {
    let (word, tone) = words::request(&request.status);
    let money = |minor: i64| format::money(minor, &request.currency);
    html! {
        <>
            <div class="about">
                <p class="badges">{ badge(&word, tone) }<span>{ words::rule(&request.fund, &request.currency) }</span></p>
            </div>
            { figures([
                (t("Asked for"), money(request.wanted)),
                (t("Committed"), money(request.committed)),
                (t("Paid"), money(request.paid)),
                (t("Can be claimed"), money(request.open)),
            ]) }
            <div class="columns">
                <section aria-labelledby="told-title">
                    <h2 id="told-title">{ t("What is asked") }</h2>
                    { told(context, request) }
                </section>
                <section aria-labelledby="trail-title">
                    <h2 id="trail-title">{ t("What happened") }</h2>
                    { trail(&request.trail, |status| words::request(status).0) }
                </section>
            </div>
            <claims::Claims request={request.clone()} />
        </>
    }
}

fn told(context: &Context, request: &FundRequest) -> Html {
    let day = |at: &Option<String>| at.as_ref().map(|at| html! { date::day(at) });
    let claim_by =
        request.claim_by.as_ref().map(|at| html! { <time datetime={at.clone()}>{ date::minute(at) }</time> });
    let parts = (!request.instalments.is_empty()).then(|| {
        let line = |part: &goodword_wire::FundInstalment| {
            let text =
                format!("{}: {}", date::day(&part.from), format::money(part.amount, &request.currency));
            html! { <li key={part.from.clone()}>{ text }</li> }
        };
        html! { <ul class="plain">{ for request.instalments.iter().map(line) }</ul> }
    });
    facts([
        (t("Partner"), Some(partner_link(context, Some(&request.partner)))),
        (t("Fund"), Some(html! { &request.fund.name })),
        (words::cost(&request.fund), Some(html! { format::money(request.cost, &request.currency) })),
        (t("Begins"), day(&request.starts_at)),
        (t("Has ended"), day(&request.ends_at)),
        (t("Claim before"), claim_by),
        (t("Instalments from"), parts),
    ])
}

/// What happened, in order.
pub fn trail(events: &[FundEvent], word: impl Fn(&str) -> String) -> Html {
    let step = |(place, event): (usize, &FundEvent)| {
        let class = ["approved", "paid"].contains(&event.status.as_str()).then_some("good");
        html! {
            <li key={place} class={classes!(class)}>
                <p><strong>{ word(&event.status) }</strong>{ " · " }{ by(&event.by) }</p>
                if let Some(note) = &event.note { <p>{ note }</p> }
                <time datetime={event.at.clone()}>{ date::minute(&event.at) }</time>
            </li>
        }
    };
    html! { <ol class="timeline">{ for events.iter().enumerate().map(step) }</ol> }
}

/// About which.
#[derive(Properties, PartialEq)]
struct DecideProps {
    request: FundRequest,
}

#[component]
fn Decide(props: &DecideProps) -> Html {
    let mode = use_console().mode();
    let asked = use_state_eq(|| None::<&'static str>);
    let close = {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(None))
    };
    let id = props.request.id.clone();
    let decide = use_action(
        move |input: Result<FundDecisionInput, Failure>| {
            let path = format!("/v1/fund-requests/{}/decide", encode(&id));
            async move { api::write::<FundRequest>(mode, "POST", &path, &input?).await.map(|_| ()) }
        },
        close.clone(),
    );
    let ask = |decision: &'static str| {
        let asked = asked.clone();
        Callback::from(move |_: MouseEvent| asked.set(Some(decision)))
    };
    let run = |decision: &'static str| {
        let currency = props.request.currency.clone();
        decide.run.reform(move |form: Form| {
            let amount = form.text("amount").map(|_| form.money("amount", &currency)).transpose()?;
            Ok(FundDecisionInput { decision: Some(decision.into()), amount, note: form.text("note") })
        })
    };
    let (request, progress) = (&props.request, decide.progress.clone());
    let wanted = format::units(request.wanted, &request.currency);
    html! {
        <>
            if request.status == "requested" {
                <button type="button" class="button primary" onclick={ask("approved")}>{ t("Approve") }</button>
                <button type="button" class="button" onclick={ask("rejected")}>{ t("Reject") }</button>
            }
            if request.status == "approved" {
                <button type="button" class="button" onclick={ask("closed")}>{ t("Close") }</button>
            }
            if *asked == Some("approved") {
                <Ask title={t!("Approve “{title}”?", title = request.title)} verb={t("Approve")} run={run("approved")} progress={progress.clone()} close={close.clone()}>
                    <p>{ t!("The money is committed to {name}: claims are paid from it, never above it.", name = request.partner.name) }</p>
                    <Field label={t!("How much, {currency}", currency = request.currency.to_ascii_uppercase())} name="amount" value={wanted} needed=true />
                    { note(t("Note, read by the partner (optional)"), false) }
                </Ask>
            }
            if *asked == Some("rejected") {
                <Ask title={t!("Reject “{title}”?", title = request.title)} verb={t("Reject")} danger=true run={run("rejected")} progress={progress.clone()} close={close.clone()}>
                    { note(t("Why, read by the partner"), true) }
                </Ask>
            }
            if *asked == Some("closed") {
                <Ask title={t!("Close “{title}”?", title = request.title)} verb={t("Close")} danger=true run={run("closed")} progress={progress} close={close.clone()}>
                    <p>{ t("What is committed and not paid is free again. Nothing more can be claimed.") }</p>
                    { note(t("Note, read by the partner (optional)"), false) }
                </Ask>
            }
        </>
    }
}
