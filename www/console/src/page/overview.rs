//! What works: from clicks to commissions, day by day and beside other days, by whom and from where, and what has just happened.

use crate::context::{Context, use_console};
use crate::narrow;
use crate::page::programs::no_program;
use crate::part::chart::Chart;
use crate::part::choice::{ProgramChoice, RangeChoice, Tabs};
use crate::part::csv::Csv;
use crate::part::filters::Filters;
use crate::part::head::Head;
use crate::part::link::Link;
use crate::part::ranked::Ranked;
use crate::part::rows;
use crate::part::state::{Empty, shown};
use crate::poll::{Polled, use_poll};
use crate::route::{Place, Route};
use crate::series::{self, Metric};
use crate::span::Span;
use crate::text::{key, plural, rich, t};
use crate::{date, format};
use goodword_wire::{Event, Overview as Answer, OverviewFigures, OverviewRange};
use std::rc::Rc;
use yew::prelude::*;

const LATEST: usize = 10;

/// With what the range is compared.
const COMPARED: [(&str, &str); 3] =
    [("", key("No comparison")), ("previous", key("The days before")), ("year", key("A year before"))];

/// The page.
#[component]
pub fn Overview() -> Html {
    let context = use_console();
    let span = Span::of(&context.place);
    let compare = compare(&context);
    let (narrowed, program) = (narrow::query(&context.place), context.one_program_filter());
    let path =
        format!("/v1/analytics/overview?{}&compare={compare}{narrowed}{program}", span.query(context.now));
    let answer = use_poll::<Answer>(context.mode(), path.clone());
    let options = COMPARED.map(|(word, text)| (word, t(text).to_owned())).to_vec();
    html! {
        <>
            <Head title={t("Overview")}>
                <ProgramChoice one={true} />
                <RangeChoice />
            </Head>
            <div class="head-row">
                <Tabs label={t("Compared with")} name="compare" usual="" {options} />
                <div class="controls">
                    { answer.data.as_ref().map(|answer| stamp(&context, answer)) }
                    <Csv path={format!("{path}&format=csv")} />
                </div>
            </div>
            <Filters />
            if context.programs.is_empty() && answer.failure.as_ref().is_some_and(|failure| failure.status == 404) {
                { no_program() }
            } else {
                { shown(&answer, 6, |answer| figures(&context, answer, span)) }
            }
            <Latest />
        </>
    }
}

fn compare(context: &Context) -> &'static str {
    let chosen = context.place.get("compare").unwrap_or_default();
    COMPARED.iter().find(|(word, _)| *word == chosen).map_or("", |(word, _)| word)
}

/// How fresh the figures are.
fn stamp(context: &Context, answer: &Answer) -> Html {
    let live = context.heard.live;
    let time = answer.as_of.get(11..19).unwrap_or_default();
    html! {
        <p class={classes!("stamp", live.then_some("live"))}>
            <time datetime={answer.as_of.clone()}>{ t!("As of {time} UTC", time) }</time>
            if live { { " · " }{ t("live") } }
        </p>
    }
}

fn figures(context: &Context, answer: &Answer, span: Span) -> Html {
    let metric = Metric::parse(context.place.get("chart").unwrap_or_default());
    let range = &answer.range;
    let earliest = range.days.first().and_then(|day| date::day_number(&day.date));
    let (first, length) = span.days(context.now, earliest);
    let days = Rc::new(series::fill(&range.days, first, length));
    let before = answer.before.as_ref().and_then(|before| {
        let first = date::day_number(before.start.get(..10)?)?;
        Some(Rc::new(series::fill(&before.days, first, length)))
    });
    let currency = AttrValue::from(answer.currency.clone());
    html! {
        <>
            { funnel(context, answer, metric) }
            <section class="panel" aria-label={t("Trend")}>
                if range.days.is_empty() {
                    <p class="quiet">{ t!("Nothing happened in {span}, so there is no line to draw.", span = span.words()) }</p>
                } else {
                    <Chart {days} {metric} {before} currency={currency.clone()} />
                }
            </section>
            { ratios(answer) }
            { money(context, &range.figures, &answer.currency) }
            <section aria-labelledby="tops-title">
                <h2 id="tops-title">{ t("By whom, from where, on what") }</h2>
                <p class="lead">{ t("A press on a row shows that part alone; parts combine.") }</p>
                <div class="tops">
                    { for (0..narrow::DIMENSIONS.len()).map(|dimension| html! {
                        <Ranked key={dimension} {dimension} {metric} currency={currency.clone()} />
                    }) }
                </div>
            </section>
        </>
    }
}

fn earned(figures: &OverviewFigures) -> i64 {
    figures.pending + figures.processed + figures.paid
}

/// Each figure is also the switch that draws it, and leads to what it counts.
fn funnel(context: &Context, answer: &Answer, drawn: Metric) -> Html {
    let (now, before) = (&answer.range.figures, answer.before.as_ref().map(|range| &range.figures));
    let money = |minor| format::money(minor, &answer.currency);
    let of = |metric: Metric, figures: &OverviewFigures| match metric {
        Metric::Clicks => figures.clicks,
        Metric::Leads => figures.leads,
        Metric::Sales => figures.sales,
        Metric::Revenue => figures.sale_amount,
        Metric::Commissions => earned(figures),
    };
    let steps = [
        (Metric::Clicks, visits(now.visitors)),
        (Metric::Leads, t!("{rate} of clicks", rate = format::rate(now.leads, now.clicks))),
        (Metric::Sales, t!("{rate} of leads", rate = format::rate(now.sales, now.leads))),
        (Metric::Revenue, t("refunds taken off").to_owned()),
        (Metric::Commissions, t!("{rate} of revenue", rate = format::rate(earned(now), now.sale_amount))),
    ];
    html! {
        <ul class="funnel">
            { for steps.into_iter().map(|(metric, note)| {
                let to = context.place.with("chart", if metric == Metric::Clicks { "" } else { metric.word() });
                let current = (metric == drawn).then_some("true");
                let value = of(metric, now);
                let text = if metric.is_money() { money(value) } else { format::count(value) };
                html! {
                    <li key={metric.word()}>
                        <Link {to} {current} replace={true}>
                            <span class="name">{ metric.title() }</span>
                            <strong class={length(&text)}>{ text }</strong>
                            { before.map(|before| change(value, of(metric, before))) }
                            <small>{ note }</small>
                        </Link>
                        <Link class="behind" to={behind(context, metric)}>{ t("Show them") }
                            <span class="hidden">{ format!(": {}", metric.title()) }</span></Link>
                    </li>
                }
            }) }
        </ul>
    }
}

/// How long a figure is: the longer, the smaller its letters, so that all of it has room.
fn length(figure: &str) -> Option<&'static str> {
    match figure.chars().count() {
        0..=8 => None,
        9..=12 => Some("long"),
        13..=17 => Some("longer"),
        _ => Some("longest"),
    }
}

/// Where the events behind a figure are.
fn behind(context: &Context, metric: Metric) -> Place {
    let tab = match metric {
        Metric::Clicks => "click",
        Metric::Leads => "lead",
        Metric::Sales | Metric::Revenue => "",
        Metric::Commissions => return context.to(Route::Commissions),
    };
    let to = narrow::carried(&context.place, context.to(Route::Events)).with("tab", tab);
    // Without days the list would show everything there is.
    if to.get("from").is_none() && to.get("range").is_none() {
        to.with("range", crate::span::USUAL)
    } else {
        to
    }
}

/// How much more or less it is than before.
fn change(now: i64, before: i64) -> Html {
    let (class, sign) = match now.cmp(&before) {
        std::cmp::Ordering::Greater => ("more", "▲"),
        std::cmp::Ordering::Less => ("less", "▼"),
        std::cmp::Ordering::Equal => ("same", "="),
    };
    html! {
        <span class={classes!("change", class)}><span aria-hidden="true">{ sign }{ " " }</span>{ format::change(now, before) }</span>
    }
}

/// Somebody who comes on two days is counted on both.
fn visits(visitors: Option<i64>) -> String {
    visitors.map_or_else(
        || t("visits through a link").to_owned(),
        |visitors| plural!("by {n} daily visitors", visitors),
    )
}

/// What the figures come to against one another, each with what it was.
fn ratios(answer: &Answer) -> Html {
    let told = |range: &OverviewRange| {
        let f = &range.figures;
        let money = |part: i64, whole: i64| format::mean_money(part, whole, &answer.currency);
        [
            format::rate(f.sales, f.clicks),
            money(f.sale_amount + f.refunded_amount, f.sales),
            money(earned(f), f.clicks),
            format::rate(f.refunded_amount, f.sale_amount + f.refunded_amount),
            format::rate(f.partner_sale_amount, f.sale_amount),
            format::rate(f.code_sales, f.code_sales + f.link_sales),
        ]
    };
    let titles = [
        (t("Clicks that end in a sale"), t("sales by clicks")),
        (t("Average order"), t("before refunds")),
        (t("Earnings per click"), t("commissions by clicks")),
        (t("Given back"), t("refunds and disputes, of what was paid")),
        (t("From partners"), t("their part of the revenue")),
        (t("By code"), t("of sales by code or link")),
    ];
    let (now, before) = (told(&answer.range), answer.before.as_ref().map(told));
    html! {
        <dl class="ratios">
            { for titles.into_iter().zip(now).enumerate().map(|(place, ((title, note), value))| html! {
                <div key={title}>
                    <dt>{ title }</dt>
                    <dd><strong>{ value }</strong>
                        if let Some(before) = &before { <span class="was">{ t!("was {value}", value = before[place]) }</span> }
                        <small>{ note }</small></dd>
                </div>
            }) }
        </dl>
    }
}

/// Commissions by state, as a bar and in figures.
fn money(context: &Context, totals: &OverviewFigures, currency: &str) -> Html {
    let states = [
        (t("Held"), "pending", totals.pending),
        (t("Payable"), "processed", totals.processed),
        (t("Paid"), "paid", totals.paid),
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
            <h2 id="money-title">{ t("Commissions earned in this range, by state") }</h2>
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
            <h2 id="latest-title">{ t("Latest events") }</h2>
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
            <Empty title={t("Nothing has happened yet")}>
                <p>{ t("As soon as somebody opens a partner’s link, signs up or buys, it appears here within two seconds.") }</p>
                <p>{ rich!("Start by pasting the tag from the {settings} into your page; in test mode nothing you try touches live data.",
                    settings = html! { <Link to={settings}>{ t("settings") }</Link> }) }</p>
            </Empty>
        };
    }
    html! { <rows::Events caption={t("Latest clicks, leads and sales")} events={events.clone()} /> }
}
