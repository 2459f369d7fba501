//! Commissions that signals speak against: what was found, and releasing or rejecting many at once.

mod decide;
mod queue;

use crate::context::{Context, use_console};
use crate::part::choice::{ProgramChoice, Tabs};
use crate::part::head::Head;
use crate::part::link::Link;
use crate::part::picks::use_picks;
use crate::part::state::{Empty, shown};
use crate::part::table::load_more;
use crate::poll::{use_list, use_poll};
use crate::route::{Route, encode};
use crate::text::t;
use crate::words::review as words;
use goodword_wire::{Review, SignalRules};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// The page.
#[component]
pub fn Reviews() -> Html {
    let context = use_console();
    let status = context.place.get("status").unwrap_or("waiting").to_owned();
    let rule = context.place.get("rule").map_or(String::new(), |rule| format!("&rule={}", encode(rule)));
    let path = format!("/v1/reviews?status={}{rule}{}", encode(&status), context.program_filter());
    let options = ["waiting", "cleared", "rejected", "closed"].map(|word| (word, words::review(word).0));
    html! {
        <>
            <Head title={t("Reviews")} lead={t("Commissions that something speaks against. They are not paid until you release them.")}>
                <RuleChoice />
                <ProgramChoice />
                <Link class="button" to={context.to(Route::Signals)}>{ t("Signals") }</Link>
            </Head>
            <Tabs label={t("State")} name="status" usual="waiting" options={options.to_vec()} />
            <List key={path.clone()} path={path.clone()} waiting={status == "waiting"} />
        </>
    }
}

/// Only those that one rule speaks against.
#[component]
fn RuleChoice() -> Html {
    let context = use_console();
    let rules = use_poll::<SignalRules>(context.mode(), "/v1/signals".to_owned());
    let chosen = context.place.get("rule").unwrap_or_default().to_owned();
    let onchange = Callback::from(move |event: Event| {
        let select: HtmlSelectElement = event.target_unchecked_into();
        context.choose("rule", &select.value());
    });
    let rules = rules.data.map_or_else(Vec::new, |rules| rules.rules.clone());
    html! {
        <label class="field inline">
            <span class="hidden">{ t("Signal") }</span>
            <select {onchange}>
                <option value="" selected={chosen.is_empty()}>{ t("All signals") }</option>
                { for rules.iter().map(|rule| html! {
                    <option key={rule.rule.clone()} value={rule.rule.clone()} selected={rule.rule == chosen}>{ words::rule(&rule.rule) }</option>
                }) }
            </select>
        </label>
    }
}

/// Which list.
#[derive(Properties, PartialEq)]
struct ListProps {
    path: AttrValue,
    /// Whether they wait for a decision.
    waiting: bool,
}

#[component]
fn List(props: &ListProps) -> Html {
    let context = use_console();
    let list = use_list::<Review>(props.path.to_string());
    let picks = use_picks();
    shown(&list.polled, 5, |data| {
        if data.rows.is_empty() {
            return nothing(&context, props.waiting);
        }
        html! {
            <>
                <decide::Bar picks={picks.clone()} rows={data.clone()} />
                <ul class="reviews">
                    { for data.rows.iter().map(|review| queue::entry(&context, review, &picks)) }
                </ul>
                { load_more(data.more, list.growing, &list.more) }
            </>
        }
    })
}

fn nothing(context: &Context, waiting: bool) -> Html {
    if !waiting || context.place.get("rule").is_some() {
        return html! { <Empty title={t("None here")}><p>{ t("Choose another state or signal to see others.") }</p></Empty> };
    }
    html! {
        <Empty title={t("Nothing waits for you")}>
            <p>{ t("When a signal speaks against a commission, it is held and appears here with the reasons.") }</p>
            <p><Link to={context.to(Route::Signals)}>{ t("Choose what the signals look for") }</Link></p>
        </Empty>
    }
}
