//! From every side: the funnel by anything, months of first clicks, how long it takes, and the ways people went.

mod cohorts;
mod funnel;
mod paths;
mod times;

use crate::context::use_console;
use crate::narrow;
use crate::part::choice::{ProgramChoice, RangeChoice, Tabs};
use crate::part::filters::Filters;
use crate::part::head::Head;
use crate::part::link::Link;
use crate::route::Route;
use crate::span::Span;
use crate::text::{key, t};
use yew::prelude::*;

const TABS: [(&str, &str); 4] = [
    ("", key("Funnel")),
    ("cohorts", key("Cohorts")),
    ("times", key("Time to convert")),
    ("paths", key("Journeys")),
];

/// The page.
#[component]
pub fn Explorer() -> Html {
    let context = use_console();
    let span = Span::of(&context.place).query(context.now);
    let asked = format!("{span}{}{}", narrow::query(&context.place), context.one_program_filter());
    let tab = context.place.get("tab").unwrap_or_default();
    let models = narrow::carried(&context.place, context.to(Route::Attribution));
    html! {
        <>
            <Head title={t("Explorer")} lead={t("The same events from every side. All figures are exact, and the file is what the page shows.")}>
                <ProgramChoice one={true} />
                <RangeChoice />
            </Head>
            <div class="head-row">
                <Tabs label={t("Views")} name="tab" usual="" options={TABS.map(|(word, text)| (word, t(text).to_owned())).to_vec()} />
                <Link to={models}>{ t("Models side by side") }</Link>
            </div>
            if tab != "paths" { <Filters /> }
            { match tab {
                "cohorts" => html! { <cohorts::Cohorts {asked} /> },
                "times" => html! { <times::Times {asked} /> },
                "paths" => html! { <paths::Journeys asked={format!("{span}{}", context.one_program_filter())} /> },
                _ => html! { <funnel::Funnel {asked} /> },
            } }
        </>
    }
}

/// What the server is asked of every view.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub asked: AttrValue,
}
