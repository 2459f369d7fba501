//! Deals that partners registered: the queue, and when protections end.

use crate::context::{Context, use_console};
use crate::part::badge::badge;
use crate::part::choice::{ProgramChoice, Tabs};
use crate::part::head::Head;
use crate::part::link::Link;
use crate::part::rows::{partner_link, when};
use crate::part::state::{Empty, shown};
use crate::part::table::{Column, Table, figure, load_more, row, text};
use crate::poll::use_list;
use crate::route::{Route, encode};
use crate::text::{key, rich, t};
use crate::words::{Tone, deal as words};
use crate::{date, format};
use goodword_wire::Registration;
use yew::prelude::*;

const COLUMNS: [Column; 7] = [
    text(key("Customer")),
    text(key("Partner")),
    figure(key("Expected")),
    text(key("Filed")),
    text(key("State")),
    text(key("Until")),
    text(key("Conflict")),
];

/// The page.
#[component]
pub fn Registrations() -> Html {
    let context = use_console();
    let status = context.place.get("status").unwrap_or("submitted").to_owned();
    // What waits is done in the order in which it came, and what ends in the order of time.
    let path = format!("/v1/registrations?status={}{}", encode(&status), context.program_filter());
    let list = use_list::<Registration>(path);
    let options =
        ["submitted", "more_information", "approved", "won", "lost", "expired", "rejected", "disqualified"]
            .map(|word| (word, words::registration(word).0));
    html! {
        <>
            <Head title={t("Registrations")} lead={t("A partner says whom he or she is going to sell to. Approved, the customer is protected for the partner until a date.")}>
                <ProgramChoice />
            </Head>
            <Tabs label={t("State")} name="status" usual="submitted" options={options.to_vec()} />
            { shown(&list.polled, 5, |data| {
                if data.rows.is_empty() {
                    return nothing(&context, &status);
                }
                let mut rows: Vec<&Registration> = data.rows.iter().collect();
                rows.sort_by_key(|deal| (ends(deal).map(str::to_owned), deal.created_at.clone()));
                html! {
                    <>
                        <Table caption={t("Registered deals, by what is due first")} columns={&COLUMNS[..]}>
                            { for rows.into_iter().map(|deal| row(&deal.id, &COLUMNS, cells(&context, deal))) }
                        </Table>
                        { load_more(data.more, list.growing, &list.more) }
                    </>
                }
            }) }
        </>
    }
}

fn nothing(context: &Context, status: &str) -> Html {
    let takes = context.programs.iter().any(|program| program.registrations.is_some());
    match (takes, status) {
        (false, _) => html! {
            <Empty title={t("No program takes registrations")}>
                <p>{ rich!("Give a program a table {table}, or make one of the template {template}: {docs}.",
                    table = html! { <code>{ "registrations" }</code> },
                    template = html! { <code>{ "deal-registration" }</code> },
                    docs = html! { <a href="/docs/registrations">{ t("how registrations work") }</a> }) }</p>
            </Empty>
        },
        (true, "submitted") => html! {
            <Empty title={t("No registration waits for you")}><p>{ t("Partners register deals in the widget on your page, or in their account.") }</p></Empty>
        },
        (true, _) => {
            html! { <Empty title={t("None in this state")}><p>{ t("What becomes of registrations is kept here, with the trail.") }</p></Empty> }
        }
    }
}

/// When something is due about it: its review, or the end of its protection.
fn ends(deal: &Registration) -> Option<&str> {
    match deal.status.as_str() {
        "submitted" => Some(&deal.due_at),
        "approved" | "won" | "expired" => deal.protected_until.as_deref(),
        _ => None,
    }
}

fn cells(context: &Context, deal: &Registration) -> Vec<Html> {
    let (word, tone) = words::registration(&deal.status);
    let dash = || html! { <span class="quiet none">{ "–" }</span> };
    vec![
        html! {
            <span class="two">
                <Link class="clip" to={context.to(Route::Registration(deal.id.clone()))}>{ &deal.customer_name }</Link>
                <small>{ &deal.contact }</small>
            </span>
        },
        partner_link(context, Some(&deal.partner)),
        deal.amount.map_or_else(dash, |amount| html! { format::money(amount, &deal.currency) }),
        when(context, &deal.created_at),
        badge(&word, tone),
        match ends(deal) {
            Some(_) if deal.overdue => badge(t("Review overdue"), Tone::Bad),
            Some(at) => html! { <time datetime={at.to_owned()}>{ date::minute(at) }</time> },
            None => dash(),
        },
        conflict(context, deal),
    ]
}

/// Who else has the customer.
fn conflict(context: &Context, deal: &Registration) -> Html {
    let Some(other) = deal.conflicts.first() else {
        return html! { <span class="quiet none">{ "–" }</span> };
    };
    let to = context.to(Route::Registration(other.id.clone()));
    let partner = html! { <Link {to}>{ &other.partner.name }</Link> };
    let said = if deal.place == 2 {
        rich!("Second, after {partner}", partner = partner)
    } else {
        rich!("With {partner}", partner = partner)
    };
    html! { <span>{ said }</span> }
}
