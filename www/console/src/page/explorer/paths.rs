//! The ways people went before they bought or signed up.

use super::Props;
use super::funnel::barred;
use crate::context::use_console;
use crate::format;
use crate::part::choice::Tabs;
use crate::part::csv::Csv;
use crate::part::state::{Empty, shown};
use crate::part::table::{Column, Table, figure, row, text};
use crate::poll::{SLOW_MS, use_poll_every};
use crate::text::{key, plural, t};
use goodword_wire::Paths;
use yew::prelude::*;

const BY: [(&str, &str); 4] =
    [("", key("Partners")), ("channel", key("Channels")), ("link", key("Links")), ("site", key("Sources"))];
const COLUMNS: [Column; 3] = [text(key("Journey")), figure(key("How many")), figure(key("Worth"))];

/// The view.
#[component]
pub fn Journeys(props: &Props) -> Html {
    let context = use_console();
    let by = context.place.get("step").filter(|word| BY.iter().any(|(known, _)| known == word));
    let of = if context.place.get("of") == Some("leads") { "leads" } else { "sales" };
    let path =
        format!("/v1/analytics/paths?by={}&of={of}&limit=200&{}", by.unwrap_or("partner"), props.asked);
    let key = (context.mode(), path.clone(), context.tick);
    let paths = use_poll_every(SLOW_MS, key, context.expired.clone(), |(mode, path, _)| async move {
        crate::api::get::<Paths>(mode, &path).await
    });
    let owned = |options: &[(&'static str, &str)]| {
        options.iter().map(|(word, text)| (*word, t(text).to_owned())).collect::<Vec<_>>()
    };
    html! {
        <>
            <div class="head-row">
                <Tabs label={t("Steps")} name="step" usual="" options={owned(&BY)} />
                <div class="controls">
                    <Tabs label={t("What they led to")} name="of" usual="sales" options={owned(&[("sales", t("Sales")), ("leads", t("Sign-ups"))])} />
                    <Csv path={format!("{path}&format=csv")} />
                </div>
            </div>
            { shown(&paths, 8, table) }
        </>
    }
}

fn table(paths: &std::rc::Rc<Paths>) -> Html {
    if paths.paths.is_empty() {
        return html! {
            <Empty title={t("No journey in these days")}>
                <p>{ t("A journey is a sale or a sign-up with the clicks and codes that led to it.") }</p>
            </Empty>
        };
    }
    let most = paths.paths.first().map_or(0, |path| path.conversions);
    html! {
        <>
            <div class="compared">
                <Table caption={t("Journeys, the most frequent first")} columns={&COLUMNS[..]}>
                    { for paths.paths.iter().enumerate().map(|(place, path)| row(&place.to_string(), &COLUMNS, vec![
                        html! { <ol class="steps">{ for path.steps.iter().map(|step| html! { <li>{ step }</li> }) }</ol> },
                        barred(format::count(path.conversions), path.conversions, most),
                        html! { { format::money(path.value, &paths.currency) } },
                    ])) }
                </Table>
            </div>
            <p class="quiet">{ plural!("one={n} journey that differ.|{n} journeys that differ.", paths.different) }</p>
        </>
    }
}
