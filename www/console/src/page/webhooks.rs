//! Endpoints that hear of events, and adding one.

use crate::action::use_action;
use crate::api::{self, Failure};
use crate::context::{Context, use_console};
use crate::part::badge::badge;
use crate::part::copy::Copy;
use crate::part::dialog::Dialog;
use crate::part::form::{Ask, Form, line};
use crate::part::head::Head;
use crate::part::link::Link;
use crate::part::picks::{Picks, use_picks};
use crate::part::rows::when;
use crate::part::state::{Empty, shown};
use crate::part::table::{Column, Table, load_more, row, text};
use crate::poll::use_list;
use crate::route::Route;
use crate::text::{key, t};
use crate::words::{self, Tone};
use goodword_domain::event::{EVERYTHING, EventKind};
use goodword_wire::{Webhook, WebhookInput};
use yew::prelude::*;

const COLUMNS: [Column; 4] =
    [text(key("Endpoint")), text(key("Hears of")), text(key("State")), text(key("Made"))];

/// The page.
#[component]
pub fn Webhooks() -> Html {
    let context = use_console();
    let list = use_list::<Webhook>("/v1/webhooks".to_owned());
    html! {
        <>
            <Head title={t("Webhooks")} lead={t("Your servers hear of what happens as it happens: signed, tried again for a day, and logged.")}>
                <Add />
            </Head>
            { shown(&list.polled, 3, |data| {
                if data.rows.is_empty() {
                    return nothing();
                }
                html! {
                    <>
                        <Table caption={t("Endpoints, newest first")} columns={&COLUMNS[..]}>
                            { for data.rows.iter().map(|webhook| row(&webhook.id, &COLUMNS, cells(&context, webhook))) }
                        </Table>
                        { load_more(data.more, list.growing, &list.more) }
                    </>
                }
            }) }
        </>
    }
}

fn nothing() -> Html {
    html! {
        <Empty title={t("No endpoint yet")}>
            <p>{ t("Add the address of a server of yours, and choose what it hears of. To try it out without one:") }</p>
            <p><code>{ "goodword listen --key sk_test_…" }</code></p>
        </Empty>
    }
}

fn cells(context: &Context, webhook: &Webhook) -> Vec<Html> {
    let to = context.to(Route::Webhook(webhook.id.clone()));
    let (word, tone) = state(webhook);
    vec![
        html! {
            <span class="two"><Link class="clip" {to}>{ &webhook.url }</Link>
                if !webhook.description.is_empty() { <small>{ &webhook.description }</small> }</span>
        },
        html! { <span class="quiet">{ hears(&webhook.events) }</span> },
        badge(word, tone),
        when(context, &webhook.created_at),
    ]
}

/// How an endpoint stands.
pub fn state(webhook: &Webhook) -> (&'static str, Tone) {
    match (webhook.disabled_reason.as_deref(), &webhook.failing_since) {
        (Some("failing"), _) => (t("Disabled: it failed for days"), Tone::Bad),
        (Some("gone"), _) => (t("Disabled: it wants no more"), Tone::Bad),
        (Some(_), _) => (t("Disabled"), Tone::Plain),
        (None, Some(_)) => (t("Failing"), Tone::Waiting),
        (None, None) => (t("Enabled"), Tone::Good),
    }
}

/// What it hears of, in brief.
pub fn hears(events: &[String]) -> String {
    match events {
        [all] if all == EVERYTHING => t("Everything but clicks").into(),
        [one] => one.clone(),
        [one, two] => format!("{one}, {two}"),
        [first, rest @ ..] => t!("{first} and {rest} more", first, rest = rest.len()),
        [] => String::new(),
    }
}

#[component]
fn Add() -> Html {
    let mode = use_console().mode();
    let (open, made, picks) = (use_state_eq(|| false), use_state_eq(|| None::<Webhook>), use_picks());
    let close = {
        let open = open.clone();
        Callback::from(move |()| open.set(false))
    };
    let add = {
        let made = made.clone();
        use_action(
            move |input: WebhookInput| {
                let made = made.clone();
                async move {
                    made.set(Some(api::write(mode, "POST", "/v1/webhooks", &input).await?));
                    Ok::<(), Failure>(())
                }
            },
            close.clone(),
        )
    };
    let ask = {
        let (open, picks) = (open.clone(), picks.clone());
        Callback::from(move |_: MouseEvent| {
            picks.set([EVERYTHING.to_owned()]);
            open.set(true);
        })
    };
    let run = {
        let picks = picks.clone();
        add.run.reform(move |form: Form| WebhookInput {
            url: Some(form.text_or_empty("url")),
            description: form.text("description"),
            events: Some(chosen(&picks)),
            ..WebhookInput::default()
        })
    };
    html! {
        <>
            <button type="button" class="button primary" onclick={ask}>{ t("Add an endpoint") }</button>
            if *open {
                <Ask title={t("Add an endpoint")} verb={t("Add")} wide=true {run} progress={add.progress.clone()} {close}>
                    { line(t("Address"), "url", "", "https://shop.example/hooks/goodword", true) }
                    { line(t("What it is for (optional)"), "description", "", t("Warehouse"), false) }
                    { events(&picks) }
                </Ask>
            }
            if let Some(webhook) = &*made {
                <Secret secret={webhook.secret.clone().unwrap_or_default()} close={ { let made = made.clone(); Callback::from(move |()| made.set(None)) } } />
            }
        </>
    }
}

/// The events ticked, in their order.
pub fn chosen(picks: &Picks) -> Vec<String> {
    let words = EventKind::ALL.iter().map(|(_, word, _)| *word);
    [EVERYTHING].into_iter().chain(words).filter(|word| picks.has(word)).map(str::to_owned).collect()
}

/// Boxes for all events.
pub fn events(picks: &Picks) -> Html {
    let everything = picks.has(EVERYTHING);
    let one = |(kind, word, means): &(EventKind, &'static str, &'static str)| {
        let covered = everything && *kind != EventKind::LinkClicked;
        html! {
            <li key={*word}>
                <label class="yes-no">
                    if covered { <input type="checkbox" class="box" checked=true disabled=true /> } else { { picks.tick(word, word) } }
                    <span class="two"><span>{ *word }</span><small>{ words::known(means) }</small></span>
                </label>
            </li>
        }
    };
    html! {
        <fieldset>
            <legend>{ t("It hears of") }</legend>
            <label class="yes-no">{ picks.tick(EVERYTHING, t("Everything but clicks")) }<span>{ t("Everything but clicks") }</span></label>
            <ul class="plain">{ for EventKind::ALL.iter().map(one) }</ul>
        </fieldset>
    }
}

/// A secret that is shown once.
#[derive(Properties, PartialEq)]
pub struct SecretProps {
    pub secret: AttrValue,
    pub close: Callback<()>,
}

/// The secret, to take along.
#[component]
pub fn Secret(props: &SecretProps) -> Html {
    let done = props.close.reform(|_: MouseEvent| ());
    html! {
        <Dialog title={t("The secret, shown once")} close={props.close.clone()}>
            <p>{ t("Put it where your server verifies events. It is not shown again; you can replace it at any time.") }</p>
            <Copy text={props.secret.clone()} what={t("the secret")} block=true />
            <div class="controls"><button type="button" class="button primary" onclick={done}>{ t("I have it") }</button></div>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_hears_of_is_told_in_brief() {
        let of = |events: &[&str]| hears(&events.iter().map(|e| (*e).to_owned()).collect::<Vec<_>>());
        assert_eq!(of(&["*"]), "Everything but clicks");
        assert_eq!(of(&["sale.created", "lead.created"]), "sale.created, lead.created");
        assert_eq!(of(&["sale.created", "lead.created", "link.clicked"]), "sale.created and 2 more");
    }
}
