//! What was sent to an endpoint, and what came back.

use crate::action::use_action;
use crate::api;
use crate::context::{Context, use_console};
use crate::date;
use crate::part::badge::badge;
use crate::part::choice::Tabs;
use crate::part::dialog::Dialog;
use crate::part::rows::when;
use crate::part::state::{Empty, refused, shown};
use crate::part::table::{Column, Table, figure, load_more, row, text};
use crate::poll::{use_list, use_poll};
use crate::route::encode;
use crate::text::{key, t};
use crate::words::Tone;
use goodword_wire::{Delivery, DeliveryAttempt, DeliveryDetail, ReplayInput, ReplayOutput};
use yew::prelude::*;

const COLUMNS: [Column; 6] = [
    text(key("When")),
    text(key("Event")),
    text(key("State")),
    text(key("Answer")),
    figure(key("Attempts")),
    text(key("More")),
];

/// Of which endpoint.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub id: AttrValue,
}

/// The log.
#[component]
pub fn Log(props: &Props) -> Html {
    let context = use_console();
    let status = context.place.get("status").unwrap_or_default().to_owned();
    let path = format!("/v1/webhooks/{}/deliveries", encode(&props.id));
    let filter = if status.is_empty() { String::new() } else { format!("?status={}", encode(&status)) };
    let list = use_list::<Delivery>(format!("{path}{filter}"));
    let opened = use_state_eq(|| None::<String>);
    let options =
        [("", t("All")), ("waiting", t("Waiting")), ("failed", t("Failed")), ("delivered", t("Delivered"))];
    let again = {
        let (mode, path) = (context.mode(), format!("/v1/webhooks/{}/replay", encode(&props.id)));
        use_action(
            move |id: String| {
                let path = path.clone();
                async move {
                    let input = ReplayInput { deliveries: Some(vec![id]), ..ReplayInput::default() };
                    api::write::<ReplayOutput>(mode, "POST", &path, &input).await.map(|_| ())
                }
            },
            Callback::noop(),
        )
    };
    let open = {
        let opened = opened.clone();
        Callback::from(move |id: Option<String>| opened.set(id))
    };
    html! {
        <section aria-labelledby="log-title">
            <h2 id="log-title">{ t("Log") }</h2>
            <Tabs label={t("State")} name="status" options={options.map(|(word, text)| (word, text.to_owned())).to_vec()} />
            { refused(again.progress.failure.as_ref()) }
            { shown(&list.polled, 5, |data| {
                if data.rows.is_empty() {
                    return html! { <Empty title={t("Nothing here")}><p>{ t("What is sent is kept here for 30 days, with every attempt.") }</p></Empty> };
                }
                html! {
                    <>
                        <Table caption={t("What was sent, newest first")} columns={&COLUMNS[..]}>
                            { for data.rows.iter().map(|delivery| row(&delivery.id, &COLUMNS, cells(&context, delivery, &again.run, &open))) }
                        </Table>
                        { load_more(data.more, list.growing, &list.more) }
                    </>
                }
            }) }
            if let Some(id) = &*opened {
                <Detail path={format!("{path}/{}", encode(id))} close={open.reform(|()| None)} />
            }
        </section>
    }
}

fn cells(
    context: &Context,
    delivery: &Delivery,
    again: &Callback<String>,
    open: &Callback<Option<String>>,
) -> Vec<Html> {
    let (word, tone) = state(delivery);
    let id = delivery.id.clone();
    let show = open.reform(move |_: MouseEvent| Some(id.clone()));
    let id = delivery.id.clone();
    let send = again.reform(move |_: MouseEvent| id.clone());
    vec![
        when(context, &delivery.created_at),
        html! { <span class="two"><span>{ &delivery.event }</span><small>{ cause(&delivery.cause) }</small></span> },
        badge(word, tone),
        html! { <span class="clip">{ answer(delivery) }</span> },
        html! { delivery.attempts },
        html! {
            <span class="badges actions">
                <button type="button" class="button small" onclick={show}>{ t("Show") }<span class="hidden">{ " " }{ &delivery.id }</span></button>
                if delivery.status != "waiting" {
                    <button type="button" class="button small" onclick={send}>{ t("Send again") }<span class="hidden">{ " " }{ &delivery.id }</span></button>
                }
            </span>
        },
    ]
}

fn state(delivery: &Delivery) -> (&'static str, Tone) {
    match delivery.status.as_str() {
        "delivered" => (t("Delivered"), Tone::Good),
        "failed" => (t("Failed"), Tone::Bad),
        _ if delivery.attempts > 0 => (t("Tries again"), Tone::Waiting),
        _ => (t("On its way"), Tone::Waiting),
    }
}

fn cause(word: &str) -> &'static str {
    match word {
        "test" => t("A test"),
        "replay" => t("Sent again"),
        "trigger" => t("By a trigger"),
        _ => t("As it happened"),
    }
}

/// What came back last.
fn answer(delivery: &Delivery) -> String {
    match (delivery.code, &delivery.error) {
        (Some(code), _) => format!("{code}, {} ms", delivery.ms.unwrap_or(0)),
        (None, Some(error)) => error.clone(),
        (None, None) => "–".into(),
    }
}

/// Which delivery.
#[derive(Properties, PartialEq)]
struct DetailProps {
    path: String,
    close: Callback<()>,
}

#[component]
fn Detail(props: &DetailProps) -> Html {
    let context = use_console();
    let detail = use_poll::<DeliveryDetail>(context.mode(), props.path.clone());
    let done = props.close.reform(|_: MouseEvent| ());
    html! {
        <Dialog title={t("What was sent")} close={props.close.clone()} wide=true>
            { shown(&detail, 4, |detail| html! {
                <>
                    <p><code>{ &detail.delivery.event_id }</code></p>
                    <ol class="timeline">{ for detail.tries.iter().enumerate().map(|(place, attempt)| step(place, attempt)) }</ol>
                    if let Some(at) = &detail.delivery.next_attempt_at {
                        <p class="quiet">{ t!("Tried next at {time}.", time = date::minute(at)) }</p>
                    }
                    <pre class="example"><code>{ detail.body.as_ref().and_then(|body| serde_json::to_string_pretty(body).ok()).unwrap_or_default() }</code></pre>
                </>
            }) }
            <div class="controls"><button type="button" class="button" onclick={done}>{ t("Close") }</button></div>
        </Dialog>
    }
}

fn step(place: usize, attempt: &DeliveryAttempt) -> Html {
    let good = attempt.code.is_some_and(|code| (200..300).contains(&code)).then_some("good");
    let words = attempt.code.map(|code| code.to_string()).or(attempt.error.clone()).unwrap_or_default();
    html! {
        <li key={place} class={classes!(good)}>
            <p><strong>{ words }</strong>{ format!(" · {} ms", attempt.ms) }</p>
            <time datetime={attempt.at.clone()}>{ date::minute(&attempt.at) }</time>
        </li>
    }
}
