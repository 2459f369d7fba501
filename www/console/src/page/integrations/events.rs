//! What a provider sent, and what became of it.

use crate::action::use_action;
use crate::api;
use crate::context::{Context, use_console};
use crate::part::badge::badge;
use crate::part::choice::Tabs;
use crate::part::link::Link;
use crate::part::rows::when;
use crate::part::state::{Empty, refused, shown};
use crate::part::table::{Column, Table, load_more, row, text};
use crate::poll::use_list;
use crate::route::{Route, encode};
use crate::text::{key, t};
use crate::words::{Tone, plain};
use goodword_wire::InboundEvent;
use yew::prelude::*;

const COLUMNS: [Column; 5] =
    [text(key("Event")), text(key("State")), text(key("Why")), text(key("Came")), text(key("Again"))];

#[derive(Properties, PartialEq)]
pub struct Props {
    pub provider: &'static str,
}

/// The list, with a button for each that failed or waits.
#[component]
pub fn Events(props: &Props) -> Html {
    let context = use_console();
    let (mode, provider) = (context.mode(), props.provider);
    let outcome = context.place.get("outcome").unwrap_or_default();
    let those = if outcome.is_empty() { String::new() } else { format!("?outcome={}", encode(outcome)) };
    let list = use_list::<InboundEvent>(format!("/v1/integrations/{provider}/events{those}"));
    let replay = use_action(
        move |id: String| async move {
            let path = format!("/v1/integrations/{provider}/events/{id}/replay");
            api::post::<InboundEvent>(mode, &path).await.map(|_| ())
        },
        Callback::noop(),
    );
    let options = ["", "taken", "noted", "waiting", "ignored", "failed"].map(|word| (word, tab(word)));
    let again = |event: &InboundEvent| {
        let id = event.id.clone();
        let onclick = replay.run.reform(move |_: MouseEvent| id.clone());
        match event.outcome.as_str() {
            "failed" | "waiting" => html! {
                <button type="button" class="button small" disabled={replay.progress.busy} {onclick}>
                    { t("Try again") }<span class="hidden">{ " " }{ &event.event_id }</span>
                </button>
            },
            _ => html! { <span class="quiet none">{ "–" }</span> },
        }
    };
    html! {
        <section aria-labelledby="inbound-title">
            <h2 id="inbound-title">{ t("What came") }</h2>
            <Tabs label={t("State")} name="outcome" options={options.to_vec()} />
            { refused(replay.progress.failure.as_ref()) }
            { shown(&list.polled, 5, |data| {
                if data.rows.is_empty() {
                    return nothing(outcome);
                }
                html! {
                    <>
                        <Table caption={t("Events of the provider, newest first")} columns={&COLUMNS[..]}>
                            { for data.rows.iter().map(|event| row(&event.id, &COLUMNS, cells(&context, event, again(event)))) }
                        </Table>
                        { load_more(data.more, list.growing, &list.more) }
                    </>
                }
            }) }
        </section>
    }
}

fn nothing(outcome: &str) -> Html {
    if outcome.is_empty() {
        return html! {
            <Empty title={t("Nothing came yet")}><p>{ t("Give the address above to the provider, and send a test event from there.") }</p></Empty>
        };
    }
    html! { <Empty title={t("None in this state")}><p>{ t("Events are kept for 90 days once they are decided about.") }</p></Empty> }
}

fn tab(word: &str) -> String {
    if word.is_empty() { t("All").into() } else { state(word).0 }
}

/// What became of an event, and how that looks.
fn state(outcome: &str) -> (String, Tone) {
    let (text, tone) = match outcome {
        "taken" => (t("Taken"), Tone::Good),
        "noted" => (t("Noted"), Tone::Plain),
        "waiting" => (t("Waits"), Tone::Waiting),
        "ignored" => (t("Nothing to do"), Tone::Plain),
        "failed" => (t("Failed"), Tone::Bad),
        other => return (plain(other), Tone::Plain),
    };
    (text.into(), tone)
}

fn cells(context: &Context, event: &InboundEvent, again: Html) -> Vec<Html> {
    let (word, tone) = state(&event.outcome);
    let name = if event.r#type.is_empty() { &event.event_id } else { &event.r#type };
    let name = match &event.sale_id {
        Some(id) => html! { <Link class="clip" to={context.to(Route::Sale(id.clone()))}>{ name }</Link> },
        None => html! { <span class="clip">{ name }</span> },
    };
    vec![
        html! { <span title={event.event_id.clone()}>{ name }</span> },
        badge(&word, tone),
        html! { <span class="quiet">{ &event.reason }</span> },
        when(context, &event.at),
        again,
    ]
}
