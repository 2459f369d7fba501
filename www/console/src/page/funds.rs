//! Funds: what waits for a decision, what each fund holds, and what expires when.

mod calendar;
mod money;

use crate::context::{Context, use_console};
use crate::format;
use crate::part::badge::badge;
use crate::part::choice::{ProgramChoice, Tabs};
use crate::part::facts::figures;
use crate::part::head::Head;
use crate::part::link::Link;
use crate::part::rows::{partner_link, when};
use crate::part::state::{Empty, shown};
use crate::part::table::{Column, Table, figure, load_more, row, text};
use crate::poll::{use_list, use_poll};
use crate::route::{Route, encode};
use crate::text::{key, t};
use crate::words::fund as words;
use goodword_wire::{FundClaim, FundRequest, FundState};
use yew::prelude::*;

const REQUESTS: [Column; 6] = [
    text(key("Request")),
    text(key("Partner")),
    text(key("Fund")),
    figure(key("Asked for")),
    text(key("Waits since")),
    text(key("State")),
];
const CLAIMS: [Column; 6] = [
    text(key("Claim on")),
    text(key("Partner")),
    text(key("Of")),
    figure(key("Due")),
    text(key("Waits since")),
    text(key("State")),
];

/// The page.
#[component]
pub fn Funds() -> Html {
    let context = use_console();
    let view = context.place.get("view").unwrap_or("queue").to_owned();
    let options = [
        ("queue", t("Waiting")),
        ("funds", t("Money")),
        ("requests", t("All requests")),
        ("calendar", t("Calendar")),
    ];
    let lead = t(
        "Partners ask a fund for money before they spend it, and claim it with proof. What is not used is free again.",
    );
    html! {
        <>
            <Head title={t("Funds")} {lead}><ProgramChoice /></Head>
            <Tabs label={t("View")} name="view" usual="queue" options={options.map(|(word, name)| (word, name.to_owned())).to_vec()} />
            if view == "queue" { <Queue /> }
            if view == "funds" { <Money /> }
            if view == "requests" { <Everything /> }
            if view == "calendar" { <calendar::Calendar /> }
        </>
    }
}

/// What waits for a decision.
#[component]
fn Queue() -> Html {
    let context = use_console();
    let filter = context.program_filter();
    let requests =
        use_list::<FundRequest>(format!("/v1/fund-requests?status=requested&sortOrder=asc{filter}"));
    let claims = use_list::<FundClaim>(format!("/v1/fund-claims?status=open&sortOrder=asc{filter}"));
    let nothing = |data: &Option<_>| matches!(data, Some(true));
    let none = |empty: Option<bool>| nothing(&empty);
    let idle = none(requests.polled.data.as_ref().map(|data| data.rows.is_empty()))
        && none(claims.polled.data.as_ref().map(|data| data.rows.is_empty()));
    if idle {
        return html! {
            <Empty title={t("Nothing waits for you")}>
                <p>{ t("Partners ask and claim on their account page. Give them money under “Money” first.") }</p>
            </Empty>
        };
    }
    html! {
        <>
            <section aria-labelledby="requests-title">
                <h2 id="requests-title">{ t("Requests") }</h2>
                { shown(&requests.polled, 3, |data| html! {
                    <>
                        { request_table(&context, &data.rows, t("Requests that wait, the oldest first")) }
                        { load_more(data.more, requests.growing, &requests.more) }
                    </>
                }) }
            </section>
            <section aria-labelledby="claims-title">
                <h2 id="claims-title">{ t("Claims") }</h2>
                { shown(&claims.polled, 3, |data| html! {
                    <>
                        { claim_table(&context, &data.rows) }
                        { load_more(data.more, claims.growing, &claims.more) }
                    </>
                }) }
            </section>
        </>
    }
}

fn request_table(context: &Context, rows: &[FundRequest], caption: &'static str) -> Html {
    if rows.is_empty() {
        return html! { <p class="quiet">{ t("No request.") }</p> };
    }
    html! {
        <Table {caption} columns={&REQUESTS[..]}>
            { for rows.iter().map(|request| row(&request.id, &REQUESTS, request_cells(context, request))) }
        </Table>
    }
}

fn request_cells(context: &Context, request: &FundRequest) -> Vec<Html> {
    let (word, tone) = words::request(&request.status);
    vec![
        html! { <Link class="clip" to={context.to(Route::FundRequest(request.id.clone()))}>{ &request.title }</Link> },
        partner_link(context, Some(&request.partner)),
        html! { &request.fund.name },
        html! { format::money(request.wanted, &request.currency) },
        when(context, &request.created_at),
        badge(&word, tone),
    ]
}

fn claim_table(context: &Context, rows: &[FundClaim]) -> Html {
    if rows.is_empty() {
        return html! { <p class="quiet">{ t("No claim.") }</p> };
    }
    let cells = |claim: &FundClaim| {
        let (word, tone) = words::claim(&claim.status);
        vec![
            html! { <Link class="clip" to={context.to(Route::FundRequest(claim.request_id.clone()))}>{ &claim.title }</Link> },
            partner_link(context, Some(&claim.partner)),
            html! { words::claimed(claim) },
            html! { format::money(claim.due, &claim.currency) },
            when(context, &claim.created_at),
            badge(&word, tone),
        ]
    };
    html! {
        <Table caption={t("Claims that wait, the oldest first")} columns={&CLAIMS[..]}>
            { for rows.iter().map(|claim| row(&claim.id, &CLAIMS, cells(claim))) }
        </Table>
    }
}

/// All requests, whatever became of them.
#[component]
fn Everything() -> Html {
    let context = use_console();
    let list = use_list::<FundRequest>(format!(
        "/v1/fund-requests?{}",
        context.program_filter().trim_start_matches('&')
    ));
    shown(&list.polled, 5, |data| {
        if data.rows.is_empty() {
            return html! {
                <Empty title={t("No request yet")}><p>{ t("What partners ask for is kept here, with what became of it.") }</p></Empty>
            };
        }
        html! {
            <>
                { request_table(&context, &data.rows, t("Requests, newest first")) }
                { load_more(data.more, list.growing, &list.more) }
            </>
        }
    })
}

/// What each fund holds, and putting money in.
#[component]
fn Money() -> Html {
    let context = use_console();
    let program =
        context.place.get("program").map_or(String::new(), |id| format!("?programId={}", encode(id)));
    let funds = use_poll::<Vec<FundState>>(context.mode(), format!("/v1/funds{program}"));
    shown(&funds, 3, |funds| {
        if funds.is_empty() {
            return html! {
                <Empty title={t("No fund yet")}>
                    <p>{ t("A fund is part of a program’s terms. The quickest way to one is a template:") }</p>
                    <p><code>{ "goodword program new --template market-development-fund" }</code></p>
                </Empty>
            };
        }
        html! { <ul class="cards">{ for funds.iter().map(|fund| html! { <li key={fund.id.clone()}>{ card(fund) }</li> }) }</ul> }
    })
}

fn card(fund: &FundState) -> Html {
    let money = |minor: i64| format::money(minor, &fund.currency);
    html! {
        <article class="panel">
            <h2>{ &fund.fund.name }</h2>
            <p class="quiet">{ &fund.program_name }{ " · " }{ words::rule(&fund.fund, &fund.currency) }</p>
            { figures([
                (t("Set aside"), money(fund.budget)),
                (t("With partners"), money(fund.allocated)),
                (t("Committed"), money(fund.committed)),
                (t("Paid"), money(fund.paid)),
            ]) }
            <div class="controls"><money::PutIn fund={fund.clone()} /></div>
        </article>
    }
}
