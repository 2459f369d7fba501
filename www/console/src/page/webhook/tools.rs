//! What can be done with an endpoint: try it, change it, replace its secret, send again, disable, delete.

use crate::action::{Action, use_action};
use crate::api::{self, Failure};
use crate::context::{Step, use_console};
use crate::page::webhooks::{Secret, chosen, events};
use crate::part::form::{Ask, Field, Form, line};
use crate::part::picks::use_picks;
use crate::part::state::refused;
use crate::route::{Route, encode};
use crate::text::{plural, t};
use goodword_domain::event::EventKind;
use goodword_wire::{
    Delivery, ReplayInput, ReplayOutput, RotateInput, TestEventInput, Webhook, WebhookInput,
};
use yew::prelude::*;

/// Of which.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub webhook: Webhook,
}

/// A request about the endpoint.
#[derive(Clone, PartialEq)]
enum Wish {
    Change(WebhookInput),
    Test(Option<String>),
    Rotate,
    Replay(ReplayInput),
    Delete,
}

/// What is asked before it is done.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Change,
    Test,
    Rotate,
    Replay,
    Delete,
}

/// What came of the last wish.
#[derive(Clone, PartialEq)]
enum Came {
    Secret(String),
    Said(String),
}

/// The buttons.
#[component]
pub fn Tools(props: &Props) -> Html {
    let context = use_console();
    let (asked, came, picks) = (use_state_eq(|| None::<Asked>), use_state_eq(|| None::<Came>), use_picks());
    let close = {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(None))
    };
    let act = {
        let (came, mode, id) = (came.clone(), context.mode(), props.webhook.id.clone());
        let gone = context.step.reform({
            let context = context.clone();
            move |()| Step { place: context.to(Route::Webhooks), replace: true }
        });
        use_action(
            move |wish: Wish| {
                let (came, gone, id) = (came.clone(), gone.clone(), id.clone());
                async move {
                    let leaves = wish == Wish::Delete;
                    came.set(carry_out(mode, &id, wish).await?);
                    if leaves {
                        gone.emit(());
                    }
                    Ok(())
                }
            },
            close.clone(),
        )
    };
    let ask = |what: Asked| {
        let (asked, came, picks, known) =
            (asked.clone(), came.clone(), picks.clone(), props.webhook.events.clone());
        Callback::from(move |_: MouseEvent| {
            came.set(None);
            picks.set(known.clone());
            asked.set(Some(what));
        })
    };
    let disabled = props.webhook.status == "disabled";
    let toggle = act.run.reform(move |_: MouseEvent| {
        let status = Some(if disabled { "enabled" } else { "disabled" }.to_owned());
        Wish::Change(WebhookInput { status, ..WebhookInput::default() })
    });
    let run = {
        let picks = picks.clone();
        let asked = *asked;
        act.run.reform(move |form: Form| wish(asked, &form, chosen(&picks)))
    };
    html! {
        <>
            if !disabled {
                <button type="button" class="button primary" onclick={ask(Asked::Test)}>{ t("Send a test") }</button>
                <button type="button" class="button" onclick={ask(Asked::Replay)}>{ t("Send again") }</button>
            }
            <button type="button" class="button" onclick={ask(Asked::Change)}>{ t("Change") }</button>
            <button type="button" class="button" onclick={ask(Asked::Rotate)}>{ t("Replace the secret") }</button>
            <button type="button" class={classes!("button", disabled.then_some("primary"))} disabled={act.progress.busy} onclick={toggle}>
                { if disabled { t("Enable") } else { t("Disable") } }</button>
            <button type="button" class="button danger" onclick={ask(Asked::Delete)}>{ t("Delete") }</button>
            if asked.is_none() { { refused(act.progress.failure.as_ref()) } }
            { outcome(came.as_ref(), { let came = came.clone(); Callback::from(move |()| came.set(None)) }) }
            if let Some(what) = *asked { { question(what, props, &act, run, close, events(&picks)) } }
        </>
    }
}

fn outcome(came: Option<&Came>, close: Callback<()>) -> Html {
    match came {
        Some(Came::Secret(secret)) => html! { <Secret secret={secret.clone()} {close} /> },
        Some(Came::Said(words)) => html! { <span role="status" class="quiet">{ words }</span> },
        None => Html::default(),
    }
}

fn wish(asked: Option<Asked>, form: &Form, events: Vec<String>) -> Wish {
    match asked {
        Some(Asked::Test) => Wish::Test(form.text("event")),
        Some(Asked::Rotate) => Wish::Rotate,
        Some(Asked::Replay) => {
            let instant = |name: &str| form.text(name).map(|at| format!("{at}:00Z"));
            Wish::Replay(ReplayInput {
                from: instant("from"),
                until: instant("until"),
                which: form.text("which"),
                deliveries: None,
            })
        }
        Some(Asked::Delete) => Wish::Delete,
        Some(Asked::Change) | None => Wish::Change(WebhookInput {
            url: form.text("url"),
            description: Some(form.text_or_empty("description")),
            events: Some(events),
            ..WebhookInput::default()
        }),
    }
}

async fn carry_out(mode: crate::route::Mode, id: &str, wish: Wish) -> Result<Option<Came>, Failure> {
    let path = format!("/v1/webhooks/{}", encode(id));
    Ok(match wish {
        Wish::Change(input) => {
            api::write::<Webhook>(mode, "PATCH", &path, &input).await?;
            None
        }
        Wish::Test(event) => {
            let sent: Delivery =
                api::write(mode, "POST", &format!("{path}/test"), &TestEventInput { event }).await?;
            Some(Came::Said(t!("An example of {event} is on its way: see the log.", event = sent.event)))
        }
        Wish::Rotate => {
            let input = RotateInput::default();
            let webhook: Webhook = api::write(mode, "POST", &format!("{path}/rotate"), &input).await?;
            webhook.secret.map(Came::Secret)
        }
        Wish::Replay(input) => {
            let done: ReplayOutput = api::write(mode, "POST", &format!("{path}/replay"), &input).await?;
            Some(Came::Said(replayed(&done)))
        }
        Wish::Delete => {
            api::write::<Webhook>(mode, "DELETE", &path, &serde_json::json!({})).await?;
            None
        }
    })
}

fn replayed(done: &ReplayOutput) -> String {
    if done.replayed == 0 && done.more_from.is_none() {
        return t("There was nothing to send again.").into();
    }
    let sent = plural!("one={n} event on the way again.|{n} events on the way again.", done.replayed);
    match &done.more_from {
        Some(from) => format!("{sent} {}", t!("There are more: go on from {from}.", from)),
        None => sent,
    }
}

fn question(
    what: Asked,
    props: &Props,
    act: &Action<Wish>,
    run: Callback<Form>,
    close: Callback<()>,
    events: Html,
) -> Html {
    let progress = act.progress.clone();
    let webhook = &props.webhook;
    match what {
        Asked::Change => html! {
            <Ask title={t("Change the endpoint")} verb={t("Save")} wide=true {run} {progress} {close}>
                { line(t("Address"), "url", &webhook.url, "https://shop.example/hooks/goodword", true) }
                { line(t("What it is for (optional)"), "description", &webhook.description, t("Warehouse"), false) }
                { events }
            </Ask>
        },
        Asked::Test => html! {
            <Ask title={t("Send a test event")} verb={t("Send")} {run} {progress} {close}>
                <p>{ t("An example, signed as any other. It is no event of yours: its ids are made up.") }</p>
                <label class="field"><span>{ t("Event") }</span>
                    <select name="event">
                        { for EventKind::ALL.iter().map(|(kind, word, _)| html! {
                            <option key={*word} value={*word} selected={*kind == EventKind::SaleCreated}>{ *word }</option>
                        }) }
                    </select></label>
            </Ask>
        },
        Asked::Rotate => html! {
            <Ask title={t("Replace the secret?")} verb={t("Replace")} {run} {progress} {close}>
                <p>{ t("The new one is shown once. For 24 hours events are signed by both, so that you have time to put it in place.") }</p>
            </Ask>
        },
        Asked::Replay => html! {
            <Ask title={t("Send events again")} verb={t("Send")} {run} {progress} {close}>
                <p>{ t("Events keep their ids: a server that has done its work for one knows it again. They are kept for 30 days.") }</p>
                <div class="fields">
                    <Field label={t("From, UTC")} name="from" kind="datetime-local" needed=true />
                    <Field label={t("Until, UTC (default: now)")} name="until" kind="datetime-local" />
                </div>
                <label class="field"><span>{ t("Which") }</span>
                    <select name="which">
                        <option value="missed">{ t("What failed, or happened while it was disabled") }</option>
                        <option value="all">{ t("All, also what was delivered") }</option>
                    </select></label>
            </Ask>
        },
        Asked::Delete => html! {
            <Ask title={t("Delete the endpoint?")} verb={t("Delete")} danger=true {run} {progress} {close}>
                <p>{ t("Nothing more is sent to it, and its secret and log are gone.") }</p>
            </Ask>
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_again_is_told() {
        let done = |replayed, more: Option<&str>| {
            super::replayed(&ReplayOutput { replayed, more_from: more.map(str::to_owned) })
        };
        assert_eq!(done(0, None), "There was nothing to send again.");
        assert_eq!(done(1, None), "1 event on the way again.");
        assert_eq!(done(3, Some("2026")), "3 events on the way again. There are more: go on from 2026.");
    }
}
