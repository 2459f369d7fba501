//! Months of first clicks: what those who came first in one month did in it and in the months after.

use super::Props;
use crate::context::use_console;
use crate::part::choice::Tabs;
use crate::part::csv::Csv;
use crate::part::state::{Empty, shown};
use crate::poll::use_poll;
use crate::text::{key, t};
use crate::{date, format};
use goodword_wire::{Cohort, CohortFigures};
use yew::prelude::*;

const FIGURES: [(&str, &str); 3] = [("", key("Sales")), ("leads", key("Leads")), ("revenue", key("Revenue"))];
/// How many months after the first are shown.
const MOST: usize = 12;
/// How many shades there are.
const SHADES: i64 = 5;

/// The view.
#[component]
pub fn Cohorts(props: &Props) -> Html {
    let context = use_console();
    let path = format!("/v1/analytics/cohorts?{}", props.asked);
    let cohorts = use_poll::<Vec<Cohort>>(context.mode(), path.clone());
    let figure = context.place.get("figure").unwrap_or_default().to_owned();
    let currency = context.currency(context.program_shown());
    let options = FIGURES.map(|(word, text)| (word, t(text).to_owned())).to_vec();
    html! {
        <>
            <div class="head-row">
                <Tabs label={t("Figure")} name="figure" usual="" {options} />
                <Csv path={format!("{path}&format=csv")} />
            </div>
            { shown(&cohorts, 8, |cohorts| grid(cohorts, &figure, &currency)) }
        </>
    }
}

fn grid(cohorts: &[Cohort], figure: &str, currency: &str) -> Html {
    if cohorts.is_empty() {
        return html! {
            <Empty title={t("No cohort in these days")}>
                <p>{ t("A cohort is everybody whose first click or code was in one month. It needs a lead or a sale with a touchpoint.") }</p>
            </Empty>
        };
    }
    let of = |figures: &CohortFigures| match figure {
        "leads" => figures.leads,
        "revenue" => figures.sale_amount,
        _ => figures.sales,
    };
    let text = |n: i64| if figure == "revenue" { format::short_money(n, currency) } else { format::count(n) };
    let later = cohorts.iter().map(|cohort| cohort.months.len()).max().unwrap_or(1).min(MOST + 1);
    let most = cohorts.iter().flat_map(|cohort| &cohort.months).map(of).max().unwrap_or(0).max(1);
    html! {
        <div class="scroll wide panel" tabindex="0" role="region" aria-label={t("Cohorts")}>
            <table class="numbers cohorts">
                <caption class="hidden">{ t("Months of the first touchpoint, and what came in the months after") }</caption>
                <thead><tr>
                    <th scope="col">{ t("First click in") }</th><th scope="col" class="number">{ t("In all") }</th>
                    { for (0..later).map(|month| html! { <th key={month} scope="col" class="number">{ heading(month) }</th> }) }
                </tr></thead>
                <tbody>{ for cohorts.iter().rev().map(|cohort| html! {
                    <tr key={cohort.month.clone()}>
                        <th scope="row">{ date::month(&cohort.month) }</th>
                        <td class="number"><strong>{ text(of(&cohort.total)) }</strong></td>
                        { for (0..later).map(|month| match cohort.months.get(month).map(of) {
                            Some(value) if value != 0 => {
                                let shade = (value.max(0) * SHADES + most - 1) / most;
                                html! { <td key={month} class={classes!("number", format!("shade-{shade}"))}>{ text(value) }</td> }
                            }
                            _ => html! { <td key={month} class="number quiet">{ "–" }</td> },
                        }) }
                    </tr>
                }) }</tbody>
            </table>
        </div>
    }
}

fn heading(month: usize) -> String {
    match month {
        0 => t("Same month").to_owned(),
        1 => t("1 month later").to_owned(),
        n => t!("{n} later", n),
    }
}
