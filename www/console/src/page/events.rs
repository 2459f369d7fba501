//! What happened: clicks, leads and sales, newest first.

use crate::context::{Context, use_console};
use crate::narrow;
use crate::part::choice::{ProgramChoice, RangeChoice, Tabs};
use crate::part::filters::Filters;
use crate::part::head::Head;
use crate::part::rows;
use crate::part::state::{Empty, shown};
use crate::part::table::load_more;
use crate::poll::use_list;
use crate::span::Span;
use crate::text::t;
use goodword_wire::Event;
use std::rc::Rc;
use yew::prelude::*;

/// The page.
#[component]
pub fn Events() -> Html {
    let context = use_console();
    let tabs = [("click", t("Clicks")), ("lead", t("Leads")), ("sale", t("Sales"))]
        .map(|(word, text)| (word, text.to_owned()));
    let kind = kind(&context);
    html! {
        <>
            <Head title={t("Events")} lead={t("Everything that was reported, credited or not, with the reason.")}><ProgramChoice />
                if ranged(&context) { <RangeChoice /> }</Head>
            <Tabs label={t("Kind of event")} name="tab" usual="sale" options={tabs.to_vec()} />
            <Filters />
            <List key={kind} {kind} />
        </>
    }
}

/// Whether days were chosen: the page shows everything unless they were.
fn ranged(context: &Context) -> bool {
    ["range", "from"].into_iter().any(|key| context.place.get(key).is_some())
        || !narrow::chosen(&context.place).is_empty()
}

fn kind(context: &Context) -> &'static str {
    match context.place.get("tab") {
        Some("lead") => "lead",
        Some("click") => "click",
        _ => "sale",
    }
}

#[derive(Properties, PartialEq)]
struct Props {
    kind: &'static str,
}

#[component]
fn List(props: &Props) -> Html {
    let context = use_console();
    let asked = if ranged(&context) {
        let span = Span::of(&context.place).query(context.now);
        format!("&{span}{}{}", narrow::query(&context.place), context.one_program_filter())
    } else {
        context.program_filter()
    };
    let list = use_list::<Event>(format!("/v1/events?event={}{asked}", props.kind));
    shown(&list.polled, 8, |data| {
        if data.rows.is_empty() {
            return nothing(props.kind);
        }
        html! {
            <>
                <rows::Events caption={t!("Events of the kind {kind}, newest first", kind = props.kind)}
                    events={Rc::new(data.rows.clone())} clicks_only={props.kind == "click"} leads_only={props.kind == "lead"} />
                { load_more(data.more, list.growing, &list.more) }
            </>
        }
    })
}

fn nothing(kind: &str) -> Html {
    let (title, teach, call) = match kind {
        "click" => (
            t("No click yet"),
            t("Open a partner’s link: the click is here within two seconds."),
            "GET /r/KEY",
        ),
        "lead" => (
            t("No lead yet"),
            t("A lead is a sign-up. The sign-up widget reports it by itself, or your backend does:"),
            "POST /v1/track/lead",
        ),
        _ => (
            t("No sale yet"),
            t("Your backend, or the webhook of your payment provider, reports a sale:"),
            "POST /v1/track/sale",
        ),
    };
    html! { <Empty {title}><p>{ teach }</p><p><code>{ call }</code></p></Empty> }
}
