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
use crate::words::{Tone, deal as words};
use crate::{date, format};
use goodword_wire::Registration;
use yew::prelude::*;

const COLUMNS: [Column; 7] = [
    text("Customer"),
    text("Partner"),
    figure("Expected"),
    text("Filed"),
    text("State"),
    text("Until"),
    text("Conflict"),
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
            <Head title="Registrations" lead="A partner says whom he or she is going to sell to. Approved, the customer is protected for the partner until a date.">
                <ProgramChoice />
            </Head>
            <Tabs label="State" name="status" usual="submitted" options={options.to_vec()} />
            { shown(&list.polled, 5, |data| {
                if data.rows.is_empty() {
                    return nothing(&context, &status);
                }
                let mut rows: Vec<&Registration> = data.rows.iter().collect();
                rows.sort_by_key(|deal| (ends(deal).map(str::to_owned), deal.created_at.clone()));
                html! {
                    <>
                        <Table caption="Registered deals, by what is due first" columns={&COLUMNS[..]}>
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
            <Empty title="No program takes registrations">
                <p>{ "Give a program a table " }<code>{ "registrations" }</code>{ ", or make one of the template " }<code>{ "deal-registration" }</code>
                    { ": " }<a href="/docs/registrations">{ "how registrations work" }</a>{ "." }</p>
            </Empty>
        },
        (true, "submitted") => html! {
            <Empty title="No registration waits for you"><p>{ "Partners register deals in the widget on your page, or in their account." }</p></Empty>
        },
        (true, _) => {
            html! { <Empty title="None in this state"><p>{ "What becomes of registrations is kept here, with the trail." }</p></Empty> }
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
            Some(_) if deal.overdue => badge("Review overdue", Tone::Bad),
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
    let text = if deal.place == 2 { "Second, after " } else { "With " };
    html! { <span>{ text }<Link to={context.to(Route::Registration(other.id.clone()))}>{ &other.partner.name }</Link></span> }
}
