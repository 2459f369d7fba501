//! What works: from clicks to commissions, day by day, and what has just happened.

use crate::context::{Context, use_console};
use crate::page::programs::no_program;
use crate::part::chart::Chart;
use crate::part::choice::{ProgramChoice, RangeChoice, range};
use crate::part::head::Head;
use crate::part::link::Link;
use crate::part::rows;
use crate::part::state::{Empty, shown};
use crate::poll::{Polled, use_poll};
use crate::route::Route;
use crate::series::{self, Metric};
use crate::{date, format};
use goodword_domain::time::DAY_MS;
use goodword_wire::{Analytics, Event, Totals};
use std::rc::Rc;
use yew::prelude::*;

const LATEST: usize = 10;

/// The page.
#[component]
pub fn Overview() -> Html {
    let context = use_console();
    let days = range(&context);
    let first = date::range_start(context.now, days);
    let start = date::rfc3339(first * DAY_MS);
    let path = format!("/v1/analytics?start={start}{}", context.one_program_filter());
    let analytics = use_poll::<Analytics>(context.mode(), path);
    html! {
        <>
            <Head title="Overview">
                <ProgramChoice one={true} />
                <RangeChoice />
            </Head>
            if context.programs.is_empty() && analytics.failure.as_ref().is_some_and(|failure| failure.status == 404) {
                { no_program() }
            } else {
                { shown(&analytics, 6, |analytics| figures(&context, analytics, first, days)) }
            }
            <Latest />
        </>
    }
}

fn figures(context: &Context, analytics: &Analytics, first: i64, length: i64) -> Html {
    let metric = Metric::parse(context.place.get("chart").unwrap_or_default());
    let days = Rc::new(series::fill(&analytics.days, first, length));
    let earned = days.iter().map(|day| day.earnings).sum();
    html! {
        <>
            { funnel(context, analytics, earned, metric) }
            <section class="panel" aria-label="Trend">
                if analytics.days.is_empty() {
                    <p class="quiet">{ format!("Nothing happened in these {length} days, so there is no line to draw.") }</p>
                } else {
                    <Chart {days} {metric} currency={analytics.currency.clone()} />
                }
            </section>
            { money(context, &analytics.totals, &analytics.currency) }
        </>
    }
}

/// Each figure is also the switch that draws it.
fn funnel(context: &Context, analytics: &Analytics, earned: i64, drawn: Metric) -> Html {
    let totals = &analytics.totals;
    let money = |minor| format::money(minor, &analytics.currency);
    let steps = [
        (Metric::Clicks, format::count(totals.clicks), visits(totals.visitors)),
        (
            Metric::Leads,
            format::count(totals.leads),
            format!("{} of clicks", format::rate(totals.leads, totals.clicks)),
        ),
        (
            Metric::Sales,
            format::count(totals.sales),
            format!("{} of leads", format::rate(totals.sales, totals.leads)),
        ),
        (Metric::Revenue, money(totals.sale_amount), "refunds taken off".to_owned()),
        (
            Metric::Commissions,
            money(earned),
            format!("{} of revenue", format::rate(earned, totals.sale_amount)),
        ),
    ];
    html! {
        <ul class="funnel">
            { for steps.into_iter().map(|(metric, value, note)| {
                let to = context.place.with("chart", if metric == Metric::Clicks { "" } else { metric.word() });
                let current = (metric == drawn).then_some("true");
                html! {
                    <li key={metric.word()}>
                        <Link {to} {current} replace={true}>
                            <span class="name">{ metric.title() }</span>
                            <strong>{ value }</strong>
                            <small>{ note }</small>
                        </Link>
                    </li>
                }
            }) }
        </ul>
    }
}

/// Somebody who comes on two days is counted on both.
fn visits(visitors: Option<i64>) -> String {
    visitors.map_or_else(
        || "visits through a link".to_owned(),
        |visitors| format!("by {} daily visitors", format::count(visitors)),
    )
}

/// Commissions by state, as a bar and in figures.
fn money(context: &Context, totals: &Totals, currency: &str) -> Html {
    let states = [
        ("Held", "pending", totals.pending),
        ("Payable", "processed", totals.processed),
        ("Paid", "paid", totals.paid),
    ];
    let sum: i64 = states.iter().map(|(_, _, minor)| (*minor).max(0)).sum();
    let mut from = 0;
    let parts = states.map(|(title, word, minor)| {
        let width = minor.max(0) * 1_000 / sum.max(1);
        from += width;
        (title, word, minor, from - width, width)
    });
    html! {
        <section class="money" aria-labelledby="money-title">
            <h2 id="money-title">{ "Commissions earned in this range, by state" }</h2>
            <svg class="split" viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true">
                <rect class="rest" width="1000" height="8" />
                { for parts.iter().map(|(_, word, _, from, width)| html! {
                    <rect key={*word} class={*word} x={from.to_string()} width={width.to_string()} height="8" />
                }) }
            </svg>
            <dl>
                { for parts.iter().map(|(title, word, minor, _, _)| html! {
                    <div key={*word}>
                        <dt><span class={classes!("swatch", *word)} />
                            <Link to={context.to(Route::Commissions).with("status", word)}>{ *title }</Link></dt>
                        <dd>{ format::money(*minor, currency) }</dd>
                    </div>
                }) }
            </dl>
        </section>
    }
}

#[component]
fn Latest() -> Html {
    let context = use_console();
    let path =
        |event: &str| format!("/v1/events?event={event}&pageSize={LATEST}{}", context.one_program_filter());
    let clicks = use_poll::<Vec<Event>>(context.mode(), path("click"));
    let leads = use_poll::<Vec<Event>>(context.mode(), path("lead"));
    let sales = use_poll::<Vec<Event>>(context.mode(), path("sale"));
    let all = together(&[clicks, leads, sales]);
    html! {
        <section aria-labelledby="latest-title">
            <h2 id="latest-title">{ "Latest events" }</h2>
            { shown(&all, 4, |events| latest(&context, events)) }
        </section>
    }
}

/// There once all three are; failed if one is.
fn together(lists: &[Polled<Vec<Event>>; 3]) -> Polled<Vec<Event>> {
    let data: Option<Vec<_>> =
        lists.iter().map(|list| list.data.as_ref().map(|events| events.as_slice())).collect();
    Polled {
        data: data.map(|lists| Rc::new(series::latest(lists, LATEST))),
        failure: lists.iter().find_map(|list| list.failure.clone()),
    }
}

fn latest(context: &Context, events: &Rc<Vec<Event>>) -> Html {
    if events.is_empty() {
        let settings = context.to(Route::Settings);
        return html! {
            <Empty title="Nothing has happened yet">
                <p>{ "As soon as somebody opens a partner’s link, signs up or buys, it appears here within two seconds." }</p>
                <p>{ "Start by pasting the tag from the " }<Link to={settings}>{ "settings" }</Link>
                    { " into your page; in test mode nothing you try touches live data." }</p>
            </Empty>
        };
    }
    html! { <rows::Events caption="Latest clicks, leads and sales" events={events.clone()} /> }
}
