//! Models of attribution side by side: who would be credited with what, under each of them.

use crate::api;
use crate::compare::{self, BAR, Cell, Row};
use crate::context::{Context, use_console};
use crate::part::choice::{ProgramChoice, RangeChoice, Tabs};
use crate::part::csv::Csv;
use crate::part::first::{First, use_first};
use crate::part::head::Head;
use crate::part::link::Link;
use crate::part::state::{Empty, shown};
use crate::part::table::{Column, Table, figure, row, text};
use crate::poll::{SLOW_MS, use_poll_every};
use crate::route::Route;
use crate::span::Span;
use crate::text::{key, plural, t};
use crate::{date, format, words};
use goodword_domain::time::DAY_MS;
use goodword_wire::{AttributionReport, JourneysTold};
use yew::prelude::*;

const BY: [(&str, &str); 4] = [
    ("partner", key("Partners")),
    ("channel", key("Channels")),
    ("link", key("Links")),
    ("site", key("Sites")),
];

/// The first is what the rows are.
const fn columns(rows: &'static str) -> [Column; 7] {
    [
        text(rows),
        figure(key("Last touch")),
        figure(key("First touch")),
        figure(key("Linear")),
        figure(key("Position-based")),
        figure(key("Time decay")),
        figure(key("Markov")),
    ]
}

const PARTNERS: [Column; 7] = columns(key("Partner"));
const CHANNELS: [Column; 7] = columns(key("Channel"));
const LINKS: [Column; 7] = columns(key("Link"));
const SITES: [Column; 7] = columns(key("Site"));

/// The page.
#[component]
pub fn Attribution() -> Html {
    let context = use_console();
    let rows = use_first();
    let (by, of) = (by(&context), of(&context));
    let (first, length) = Span::of(&context.place).days(context.now, Some(0));
    let [start, end] = [first, first + length].map(|day| date::rfc3339(day * DAY_MS));
    let path = format!(
        "/v1/attribution/report?by={by}&of={of}&start={start}&end={end}{}",
        context.one_program_filter()
    );
    let key = (context.mode(), path.clone(), context.tick);
    let report = use_poll_every(SLOW_MS, key, context.expired.clone(), |(mode, path, _)| async move {
        api::get::<AttributionReport>(mode, &path).await
    });
    // While another kind of rows is on its way, those of before would stand under the wrong heading.
    let report = if report.data.as_ref().is_some_and(|data| data.by != by) {
        crate::poll::Polled::default()
    } else {
        report
    };
    let owned = |options: &[(&'static str, &str)]| {
        options.iter().map(|(word, text)| (*word, t(text).to_owned())).collect::<Vec<_>>()
    };
    html! {
        <>
            <Head title={t("Attribution")} lead={t("Who would be credited under each model, from the same journeys. This changes nothing of what is paid.")}>
                <ProgramChoice one={true} />
                <RangeChoice />
            </Head>
            <div class="head-row">
                <Tabs label={t("What is credited")} name="by" usual={BY[0].0} options={owned(&BY)} />
                <div class="controls">
                    <Tabs label={t("What it led to")} name="of" usual="sales" options={owned(&[("sales", t("Sales")), ("leads", t("Sign-ups"))])} />
                    <Csv path={format!("{path}&format=csv")} />
                </div>
            </div>
            { shown(&report, 6, |report| view(&context, report, &rows)) }
        </>
    }
}

fn by(context: &Context) -> &'static str {
    let chosen = context.place.get("by").unwrap_or_default();
    BY.iter().find(|(word, _)| *word == chosen).map_or(BY[0].0, |(word, _)| word)
}

fn of(context: &Context) -> &'static str {
    if context.place.get("of") == Some("leads") { "leads" } else { "sales" }
}

fn view(context: &Context, report: &AttributionReport, first: &First) -> Html {
    let rows = compare::rows(report);
    if rows.is_empty() {
        return nothing(report);
    }
    html! {
        <>
            { table(context, report, first.of(&rows)) }
            { first.more(rows.len()) }
            { report.journeys.as_ref().map(|told| journeys(context, report, told)) }
        </>
    }
}

fn nothing(report: &AttributionReport) -> Html {
    let direct = report.journeys.as_ref().map_or(0, |told| told.direct);
    html! {
        <Empty title={t("No journey in this range")}>
            if direct > 0 {
                <p>{ plural!("{n} came without any touchpoint of a partner.", direct) }</p>
            }
            <p>{ t("A journey is a sale or a sign-up with the clicks and codes that led to it. Choose a longer range, or let a partner share a link.") }</p>
        </Empty>
    }
}

fn table(context: &Context, report: &AttributionReport, rows: &[Row]) -> Html {
    let columns: &'static [Column] = match report.by.as_str() {
        "channel" => &CHANNELS,
        "link" => &LINKS,
        "site" => &SITES,
        _ => &PARTNERS,
    };
    let currency = report.currency.as_deref();
    html! {
        <div class="compared">
            <Table caption={t("Conversions and their value under each model")} {columns}>
                { for rows.iter().map(|line| {
                    let cells = line.cells.iter().map(|cell| credited(cell.as_ref(), currency));
                    row(&line.name, columns, std::iter::once(named(context, report, line)).chain(cells).collect())
                }) }
            </Table>
        </div>
    }
}

fn named(context: &Context, report: &AttributionReport, row: &Row) -> Html {
    match &row.id {
        Some(id) if report.by == "partner" => {
            html! { <Link to={context.to(Route::Partner(id.clone()))}>{ &row.name }</Link> }
        }
        _ => html! { <span class="name">{ &row.name }</span> },
    }
}

fn credited(cell: Option<&Cell>, currency: Option<&str>) -> Html {
    let Some(cell) = cell else { return html! { <span class="quiet none">{ "–" }</span> } };
    let value = cell.value.zip(currency).map(|(minor, currency)| format::money(minor, currency));
    html! {
        <span class="credit">
            <span>{ &cell.conversions }</span>
            if let Some(value) = value { <small>{ value }</small> }
            <svg class="meter" viewBox={format!("0 0 {BAR} 4")} preserveAspectRatio="none" aria-hidden="true">
                <rect class="rest" width={BAR.to_string()} height="4" /><rect width={cell.bar.to_string()} height="4" />
            </svg>
        </span>
    }
}

/// Where the figures come from.
fn journeys(context: &Context, report: &AttributionReport, told: &JourneysTold) -> Html {
    let leads = told.of == "leads";
    let money =
        |minor| report.currency.as_deref().map(|currency| format!(", {}", format::money(minor, currency)));
    let total = compare::conversions(&report.total.conversions, false);
    let worth = report.total.value.and_then(money).unwrap_or_default();
    let shared = if leads {
        t!(
            "{total} sign-ups with a touchpoint of a partner{worth}. Every column adds up to it.",
            total,
            worth
        )
    } else {
        t!("{total} sales with a touchpoint of a partner{worth}. Every column adds up to it.", total, worth)
    };
    let worth = money(told.direct_value).unwrap_or_default();
    let direct = if leads {
        plural!(
            "one={n} sign-up without any touchpoint{worth}: nobody’s under every model.|{n} sign-ups without any touchpoint{worth}: nobody’s under every model.",
            told.direct,
            worth
        )
    } else {
        plural!(
            "one={n} sale without any touchpoint{worth}: nobody’s under every model.|{n} sales without any touchpoint{worth}: nobody’s under every model.",
            told.direct,
            worth
        )
    };
    let lost = if leads {
        plural!(
            "one={n} visitor with clicks and no sign-up; Markov alone counts them.|{n} visitors with clicks and no sign-up; Markov alone counts them.",
            told.lost
        )
    } else {
        plural!(
            "one={n} visitor with clicks and no sale; Markov alone counts them.|{n} visitors with clicks and no sale; Markov alone counts them.",
            told.lost
        )
    };
    let model =
        context.program(context.place.get("program")).map(|program| words::model(&program.attribution_model));
    html! {
        <section aria-labelledby="journeys-title">
            <h2 id="journeys-title">{ t("What is compared") }</h2>
            <dl class="facts">
                <div><dt>{ t("Shared") }</dt><dd>{ shared }</dd></div>
                if told.direct > 0 {
                    <div><dt>{ t("Direct") }</dt><dd>{ direct }</dd></div>
                }
                <div><dt>{ t("Lost") }</dt><dd>{ lost }</dd></div>
                if told.without_rate > 0 {
                    <div><dt>{ t("No rate") }</dt><dd>{ plural!("one={n} sale in another currency count as worth nothing until a rate is known.|{n} sales in another currency count as worth nothing until a rate is known.", told.without_rate) }</dd></div>
                }
                if told.clicks_left_out {
                    <div><dt>{ t("Clicks") }</dt><dd>{ t("There are more clicks in this range than are read, so some lost visitors are missing: choose a shorter range.") }</dd></div>
                }
                { for told.left_out.iter().map(|why| html! { <div key={why.clone()}><dt>{ t("Left out") }</dt><dd>{ crate::told::sentence(why) }</dd></div> }) }
                if let Some(model) = model {
                    <div><dt>{ t("Paid by") }</dt><dd>{ t!("{model}, as the program says; codes and registered deals come before clicks.", model) }</dd></div>
                }
            </dl>
        </section>
    }
}
