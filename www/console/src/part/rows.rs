//! Tables that several pages show: events and commissions.

use crate::context::{Context, use_console};
use crate::page::commissions::bulk::can_be_changed;
use crate::page::commissions::cancel::Cancel;
use crate::part::badge;
use crate::part::link::Link;
use crate::part::picks::Picks;
use crate::part::table::{Column, Table, figure, row, text};
use crate::route::Route;
use crate::text::{key, rich, t};
use crate::words::{self, Tone};
use crate::{date, format};
use goodword_wire::{Commission, Event, PartnerRef};
use std::rc::Rc;
use yew::prelude::*;

/// A partner's name, leading to the partner; a dash for nobody.
pub fn partner_link(context: &Context, partner: Option<&PartnerRef>) -> Html {
    partner.map_or_else(
        || html! { <span class="quiet none">{ "–" }</span> },
        |partner| html! { <Link to={context.to(Route::Partner(partner.id.clone()))}>{ &partner.name }</Link> },
    )
}

/// When, as long ago as it was, with the exact instant for who asks.
pub fn when(context: &Context, at: &str) -> Html {
    html! { <time datetime={at.to_owned()} title={format!("{} UTC", date::minute(at))}>{ date::ago(at, context.now) }</time> }
}

/// Events of one kind or of all.
#[derive(Properties, PartialEq)]
pub struct EventsProps {
    pub caption: AttrValue,
    pub events: Rc<Vec<Event>>,
    /// Leaves out the columns that are empty for a click.
    #[prop_or_default]
    pub clicks_only: bool,
    #[prop_or_default]
    pub leads_only: bool,
}

const CLICKS: [Column; 5] =
    [text(key("When")), text(key("Event")), text(key("Partner")), text(key("Code")), text(key("Credit"))];
const LEADS: [Column; 6] = [
    text(key("When")),
    text(key("Event")),
    text(key("Partner")),
    text(key("Customer")),
    figure(key("Commission")),
    text(key("Credit")),
];
const ALL: [Column; 7] = [
    text(key("When")),
    text(key("Event")),
    text(key("Partner")),
    text(key("Customer")),
    figure(key("Amount")),
    figure(key("Commission")),
    text(key("Credit")),
];

/// The table of events.
#[component]
pub fn Events(props: &EventsProps) -> Html {
    let context = use_console();
    let columns: &'static [Column] = match (props.clicks_only, props.leads_only) {
        (true, _) => &CLICKS,
        (_, true) => &LEADS,
        _ => &ALL,
    };
    html! {
        <Table caption={props.caption.clone()} {columns}>
            { for props.events.iter().map(|event| row(&event.id, columns, cells(&context, event, columns))) }
        </Table>
    }
}

fn cells(context: &Context, event: &Event, columns: &[Column]) -> Vec<Html> {
    columns.iter().map(|column| cell(context, event, column.title)).collect()
}

fn cell(context: &Context, event: &Event, title: &str) -> Html {
    match title {
        "When" => when(context, &event.timestamp),
        "Event" => event_name(context, event),
        "Partner" => partner_link(context, event.partner.as_ref()),
        "Code" => event.link.as_ref().map_or_else(dash, |link| html! { <code>{ &link.code }</code> }),
        "Customer" if event.event == "click" => event.customer.as_deref().map_or_else(dash, |from| {
            html! { <span class="clip quiet" title={from.to_owned()}>{ t!("from {site}", site = words::site(from)) }</span> }
        }),
        "Customer" => {
            event.customer.as_ref().map_or_else(dash, |name| html! { <span class="clip">{ name }</span> })
        }
        "Amount" if event.event == "sale" => html! { format::money(event.amount, &event.currency) },
        "Commission" if event.partner.is_some() && (event.event != "click" || event.earnings != 0) => {
            html! { format::money(event.earnings, &event.earnings_currency) }
        }
        "Credit" => credit(&event.reason),
        _ => dash(),
    }
}

fn event_name(context: &Context, event: &Event) -> Html {
    let kind = classes!("kind", event.event.clone());
    let name = words::plain(&event.event);
    let why = match event.event.as_str() {
        "sale" => Route::Sale(event.id.clone()),
        "lead" => Route::Lead(event.id.clone()),
        _ => return html! { <span class={kind}>{ name }</span> },
    };
    html! { <Link class={kind} to={context.to(why)}>{ name }</Link> }
}

fn credit(reason: &str) -> Html {
    let class = if words::is_credit(reason) { "" } else { "quiet" };
    html! { <span {class} title={words::reason(reason)}>{ words::reason_short(reason) }</span> }
}

fn dash() -> Html {
    html! { <span class="quiet none">{ "–" }</span> }
}

/// Commissions, with or without whose they are.
#[derive(Properties, PartialEq)]
pub struct CommissionsProps {
    pub caption: AttrValue,
    pub commissions: Rc<Vec<Commission>>,
    #[prop_or_default]
    pub of_one_partner: bool,
    /// Where they can be chosen.
    #[prop_or_default]
    pub picks: Option<Picks>,
}

const OF_ALL: [Column; 6] = [
    text(key("When")),
    text(key("Partner")),
    text(key("For")),
    figure(key("Commission")),
    text(key("State")),
    text(key("More")),
];
const OF_ONE: [Column; 5] =
    [text(key("When")), text(key("For")), figure(key("Commission")), text(key("State")), text(key("More"))];

/// The table of commissions.
#[component]
pub fn Commissions(props: &CommissionsProps) -> Html {
    let context = use_console();
    let columns: &'static [Column] = if props.of_one_partner { &OF_ONE } else { &OF_ALL };
    html! {
        <Table caption={props.caption.clone()} {columns}>
            { for props.commissions.iter().map(|commission| {
                let cells = columns.iter().map(|column| match &props.picks {
                    Some(picks) if column.title == "When" => pickable(&context, commission, picks),
                    _ => commission_cell(&context, commission, column.title),
                });
                row(&commission.id, columns, cells.collect())
            }) }
        </Table>
    }
}

/// When it was, with a box to choose it by, where it can still be changed.
fn pickable(context: &Context, commission: &Commission, picks: &Picks) -> Html {
    let sum = format::money(commission.earnings, &commission.currency);
    let what = t!("Choose {sum} of {name}", sum, name = commission.partner.name);
    html! {
        <span class="pick">
            if can_be_changed(commission) { { picks.tick(&commission.id, &what) } }
            { when(context, &commission.created_at) }
        </span>
    }
}

fn commission_cell(context: &Context, commission: &Commission, title: &str) -> Html {
    match title {
        "When" => when(context, &commission.created_at),
        "Partner" => partner_link(context, Some(&commission.partner)),
        "For" => earned_for(context, commission),
        "Commission" => earnings(commission),
        "State" => badge::commission(commission),
        _ => more(context, commission),
    }
}

/// Where to look further, and what can be done.
fn more(context: &Context, commission: &Commission) -> Html {
    let to = context.to(Route::Ledger).with("commission", &commission.id);
    let payout = commission.payout_id.as_ref().map(|_| context.to(Route::Payouts).with("tab", "payouts"));
    html! {
        <span class="badges actions"><Link {to}>{ t("Transfers") }<span class="hidden">{ " " }{ t!("of {id}", id = commission.id) }</span></Link>
            if let Some(to) = payout { <Link {to}>{ t("Payout") }<span class="hidden">{ " " }{ t!("of {id}", id = commission.id) }</span></Link> }
            <Cancel commission={commission.clone()} /></span>
    }
}

/// What it was earned for, with the arithmetic or the note under it.
fn earned_for(context: &Context, commission: &Commission) -> Html {
    let customer = commission.customer.as_ref().and_then(|c| c.name.clone().or_else(|| c.email.clone()));
    let what = words::earned_for(commission);
    let whose = customer.map(|name| html! { <span class="quiet">{ " · " }{ name }</span> });
    let to = match (&commission.corrects, &commission.sale_id) {
        (Some(corrected), None) => context.to(Route::Ledger).with("commission", corrected),
        (_, Some(id)) => context.to(Route::Sale(id.clone())),
        (None, None) => context.to(Route::Commission(commission.id.clone())),
    };
    html! {
        <span class="two">
            <span><Link {to}>{ &what }</Link>{ whose }</span>
            if commission.kind != "fund_claim" { <small>{ &commission.arithmetic }</small> }
            if let Some(note) = &commission.note { <small>{ "“" }{ words::note(note) }{ "”" }</small> }
        </span>
    }
}

/// What it is now, and what it was before refunds.
fn earnings(commission: &Commission) -> Html {
    let now = format::money(commission.earnings, &commission.currency);
    if commission.earnings == commission.earnings_at_first || commission.status == "needs_rate" {
        return html! { now };
    }
    let first = format::money(commission.earnings_at_first, &commission.currency);
    html! { <span class="two"><span>{ now }</span><small>{ rich!("first {amount}", amount = html! { <s>{ first }</s> }) }</small></span> }
}

/// A plain badge that says whether somebody is credited.
pub fn credited(credited: bool) -> Html {
    if credited {
        badge::badge(t("Credited"), Tone::Good)
    } else {
        badge::badge(t("Not credited"), Tone::Plain)
    }
}
