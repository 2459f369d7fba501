//! How long it takes from the first touchpoint to the sign-up and to the sale.

use super::Props;
use super::funnel::barred;
use crate::context::use_console;
use crate::format;
use crate::part::csv::Csv;
use crate::part::state::{Empty, shown};
use crate::part::table::{Column, Table, figure, row, text};
use crate::poll::use_poll;
use crate::text::{key, plural, t};
use goodword_wire::ConversionTime;
use yew::prelude::*;

const COLUMNS: [Column; 6] = [
    text(key("After the first click")),
    figure(key("Leads")),
    figure(key("Leads so far")),
    figure(key("Sales")),
    figure(key("Sales so far")),
    figure(key("Revenue")),
];

/// The view.
#[component]
pub fn Times(props: &Props) -> Html {
    let context = use_console();
    let path = format!("/v1/analytics/conversion-times?{}", props.asked);
    let times = use_poll::<Vec<ConversionTime>>(context.mode(), path.clone());
    let currency = context.currency(context.program_shown());
    html! {
        <>
            <div class="head-row"><p class="lead">{ t("Of everybody who had a touchpoint of a partner.") }</p>
                <Csv path={format!("{path}&format=csv")} /></div>
            { shown(&times, 8, |times| table(times, &currency)) }
        </>
    }
}

fn table(times: &[ConversionTime], currency: &str) -> Html {
    let (leads, sales): (i64, i64) = times.iter().fold((0, 0), |sum, t| (sum.0 + t.leads, sum.1 + t.sales));
    if leads + sales == 0 {
        return html! {
            <Empty title={t("Nobody converted in these days")}>
                <p>{ t("Leads and sales with a touchpoint appear here by the time they took.") }</p>
            </Empty>
        };
    }
    let most = |of: fn(&ConversionTime) -> i64| times.iter().map(of).max().unwrap_or(0);
    let (most_leads, most_sales) = (most(|t| t.leads), most(|t| t.sales));
    let mut so_far = (0, 0);
    html! {
        <div class="compared">
            <Table caption={t("Leads and sales by the time since the first touchpoint")} columns={&COLUMNS[..]}>
                { for times.iter().map(|time| {
                    so_far = (so_far.0 + time.leads, so_far.1 + time.sales);
                    row(&time.from_ms.to_string(), &COLUMNS, vec![
                        html! { <span class="name">{ within(time) }</span> },
                        barred(format::count(time.leads), time.leads, most_leads),
                        html! { { format::rate(so_far.0, leads) } },
                        barred(format::count(time.sales), time.sales, most_sales),
                        html! { { format::rate(so_far.1, sales) } },
                        html! { { format::money(time.sale_amount, currency) } },
                    ])
                }) }
            </Table>
        </div>
    }
}

/// `1 to 3 days`.
fn within(time: &ConversionTime) -> String {
    const HOUR: i64 = 3_600_000;
    let told = |ms: i64| match ms / HOUR {
        hours if hours < 24 => plural!("one={n} hour|{n} hours", hours),
        hours => plural!("one={n} day|{n} days", hours / 24),
    };
    match time.to_ms {
        Some(to) if time.from_ms == 0 => t!("Within {time}", time = told(to)),
        Some(to) => t!("{from} to {to}", from = told(time.from_ms), to = told(to)),
        None => t!("{time} and more", time = told(time.from_ms)),
    }
}
