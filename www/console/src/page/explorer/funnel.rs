//! From click to lead to sale, by partner, link, source, page, country, device or kind of touchpoint.

use super::Props;
use crate::context::{Context, use_console};
use crate::format;
use crate::narrow::{self, DIMENSIONS};
use crate::part::choice::Tabs;
use crate::part::csv::Csv;
use crate::part::link::Link;
use crate::part::state::{Empty, shown};
use crate::part::table::{Column, Table, figure, row, text};
use crate::poll::use_poll;
use crate::text::{key, t};
use goodword_wire::BreakdownItem;
use yew::prelude::*;

const COLUMNS: [Column; 9] = [
    text(key("Name")),
    figure(key("Clicks")),
    figure(key("Click → lead")),
    figure(key("Leads")),
    figure(key("Lead → sale")),
    figure(key("Sales")),
    figure(key("Click → sale")),
    figure(key("Revenue")),
    figure(key("Commissions")),
];

const SORTS: [(&str, &str, &str); 5] = [
    ("", "clicks", key("Clicks")),
    ("leads", "leads", key("Leads")),
    ("sales", "sales", key("Sales")),
    ("revenue", "saleAmount", key("Revenue")),
    ("commissions", "earnings", key("Commissions")),
];

/// The most rows the server gives.
const MOST: usize = 1_000;
/// How long the longest bar is.
const BAR: i64 = 100;

/// The view.
#[component]
pub fn Funnel(props: &Props) -> Html {
    let context = use_console();
    let by = context.place.get("by").unwrap_or_default();
    let dimension = DIMENSIONS.iter().find(|dimension| dimension.word == by).unwrap_or(&DIMENSIONS[0]);
    let sort = context.place.get("sort").unwrap_or_default();
    let sort = SORTS.iter().find(|(word, ..)| *word == sort).unwrap_or(&SORTS[0]).1;
    let path =
        format!("/v1/analytics/breakdown?by={}&sort={sort}&limit={MOST}&{}", dimension.asked, props.asked);
    let items = use_poll::<Vec<BreakdownItem>>(context.mode(), path.clone());
    let options = DIMENSIONS.map(|dimension| (dimension.word, t(dimension.title).to_owned())).to_vec();
    let sorts = SORTS.map(|(word, _, title)| (word, t(title).to_owned())).to_vec();
    html! {
        <>
            <Tabs label={t("By")} told=true name="by" usual={DIMENSIONS[0].word} {options} />
            <div class="head-row">
                <Tabs label={t("Sorted by")} told=true name="sort" usual="" options={sorts} />
                <Csv path={format!("{path}&format=csv")} />
            </div>
            { shown(&items, 8, |items| table(&context, items, dimension.filter)) }
        </>
    }
}

fn table(context: &Context, items: &[BreakdownItem], key: &'static str) -> Html {
    if items.is_empty() {
        return html! {
            <Empty title={t("Nothing in these days")}>
                <p>{ t("Choose more days, or take a filter away.") }</p>
            </Empty>
        };
    }
    let currency = context.currency(context.program_shown());
    let most = |of: fn(&BreakdownItem) -> i64| items.iter().map(of).max().unwrap_or(0).max(1);
    let (clicks, leads, sales) = (most(|i| i.clicks), most(|i| i.leads), most(|i| i.sales));
    html! {
        <div class="compared">
            <Table caption={t("The funnel, by what was chosen")} columns={&COLUMNS[..]}>
                { for items.iter().map(|item| {
                    let chosen = context.place.with(key, narrow::value(&item.id));
                    row(&item.id, &COLUMNS, vec![
                        html! { <Link to={chosen} replace={true}>{ narrow::called(key, &item.name) }</Link> },
                        barred(format::count(item.clicks), item.clicks, clicks),
                        html! { { format::rate(item.leads, item.clicks) } },
                        barred(format::count(item.leads), item.leads, leads),
                        html! { { format::rate(item.sales, item.leads) } },
                        barred(format::count(item.sales), item.sales, sales),
                        html! { { format::rate(item.sales, item.clicks) } },
                        html! { { format::money(item.sale_amount, &currency) } },
                        html! { { format::money(item.earnings, &currency) } },
                    ])
                }) }
            </Table>
        </div>
    }
}

/// A figure with a bar as long as its part of the largest.
pub fn barred(text: String, value: i64, largest: i64) -> Html {
    let bar = value.max(0) * BAR / largest.max(1);
    html! {
        <span class="credit">
            <span>{ text }</span>
            <svg class="meter" viewBox={format!("0 0 {BAR} 4")} preserveAspectRatio="none" aria-hidden="true">
                <rect class="rest" width={BAR.to_string()} height="4" /><rect width={bar.to_string()} height="4" />
            </svg>
        </span>
    }
}
