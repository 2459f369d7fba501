//! API keys: listed, made, rotated, revoked. A secret one is shown once.

use crate::action::use_action;
use crate::api;
use crate::context::use_console;
use crate::date;
use crate::part::copy::Copy;
use crate::part::dialog::Dialog;
use crate::part::form::{Ask, Form, line};
use crate::part::state::{Empty, shown};
use crate::part::table::{Column, Table, row, text};
use crate::poll::use_poll;
use crate::route::{Mode, encode};
use crate::text::{key, rich, t};
use crate::words;
use goodword_wire::{Key, KeyInput, KeyRotation, NewKey};
use std::rc::Rc;
use yew::prelude::*;

const COLUMNS: [Column; 5] =
    [text(key("Key")), text(key("Kind")), text(key("Last used")), text(key("Made")), text(key("Change"))];

/// What is asked about.
#[derive(Clone, PartialEq)]
enum Question {
    Make,
    Rotate(Key),
    Revoke(Key),
}

/// The list, and what can be done by an owner.
#[component]
pub fn Keys() -> Html {
    let context = use_console();
    let keys = use_poll::<Vec<Key>>(context.mode(), "/v1/keys".to_owned());
    let asked = use_state_eq(|| None::<Question>);
    let made = use_state_eq(|| None::<Rc<NewKey>>);
    let is_owner = context.session.user.role == "owner";
    let make = {
        let asked = asked.clone();
        Callback::from(move |_: MouseEvent| asked.set(Some(Question::Make)))
    };
    let close = {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(None))
    };
    let forget = {
        let made = made.clone();
        Callback::from(move |()| made.set(None))
    };
    html! {
        <section aria-labelledby="keys-title">
            <div class="head-row">
                <h2 id="keys-title">{ match context.mode() { Mode::Live => t("Live keys"), Mode::Test => t("Test keys") } }</h2>
                if is_owner { <button type="button" class="button" onclick={make}>{ t("Make a key") }</button> }
            </div>
            { shown(&keys, 2, |keys| table(keys, is_owner, &asked)) }
            <p class="quiet">{ t("A publishable key may stand in any page. A secret key belongs on your server alone; it is shown once, when it is made. \
                No key opens people, sessions, keys or the audit log.") }</p>
            if let Some(question) = (*asked).clone() {
                <Asked {question} made={made.setter()} {close} />
            }
            if let Some(key) = (*made).clone() {
                <Shown new={key} close={forget} />
            }
        </section>
    }
}

fn table(keys: &[Key], is_owner: bool, asked: &UseStateHandle<Option<Question>>) -> Html {
    if keys.is_empty() {
        return html! {
            <Empty title={t("No key")}><p>{ rich!("An owner makes one here, or on the server: {command}", command = html! { <code>{ "goodword admin create-key" }</code> }) }</p></Empty>
        };
    }
    html! {
        <Table caption={t("Keys")} columns={&COLUMNS[..]}>
            { for keys.iter().map(|key| row(&key.id, &COLUMNS, vec![
                html! { <span class="two">{ value(key) }if !key.name.is_empty() { <small>{ &key.name }</small> }</span> },
                html! { words::plain(&key.kind) },
                html! { key.used_at.as_deref().map_or_else(|| t("never").to_owned(), date::minute) },
                html! { date::day(&key.created_at) },
                html! { <span class="badges">{ ends(key) }if is_owner { { verbs(key, asked) } }</span> },
            ])) }
        </Table>
    }
}

fn value(key: &Key) -> Html {
    if key.kind == "publishable" {
        html! { <Copy text={key.shown.clone()} what={t("the publishable key")} /> }
    } else {
        html! { <code>{ key.shown.trim_end_matches('…') }{ "…" }</code> }
    }
}

fn ends(key: &Key) -> Html {
    let ends = key.ends_at.as_deref().map(|at| t!("ends {time}", time = date::minute(at)));
    ends.map_or_else(Html::default, |text| html! { <span class="quiet">{ text }</span> })
}

fn verbs(key: &Key, asked: &UseStateHandle<Option<Question>>) -> Html {
    let button = |title: &'static str, question: Question| {
        let asked = asked.clone();
        let onclick = Callback::from(move |_: MouseEvent| asked.set(Some(question.clone())));
        html! { <button type="button" class="button small" {onclick}>{ title }<span class="hidden">{ " " }{ &key.shown }</span></button> }
    };
    html! {
        <>
            if key.ends_at.is_none() { { button(t("Rotate"), Question::Rotate(key.clone())) } }
            { button(t("Revoke"), Question::Revoke(key.clone())) }
        </>
    }
}

/// What is asked, where a new key goes, and how it is closed.
#[derive(Properties, PartialEq)]
struct AskedProps {
    question: Question,
    made: UseStateSetter<Option<Rc<NewKey>>>,
    close: Callback<()>,
}

#[component]
fn Asked(props: &AskedProps) -> Html {
    let mode = use_console().mode();
    let made = props.made.clone();
    let act = use_action(
        move |(question, form): (Question, Form)| {
            let made = made.clone();
            async move {
                let key = match question {
                    Question::Make => {
                        let input = KeyInput { kind: form.text("kind"), name: form.text("name") };
                        api::write::<NewKey>(mode, "POST", "/v1/keys", &input).await?
                    }
                    Question::Rotate(key) => {
                        let hours = form.text("hours").and_then(|hours| hours.parse().ok());
                        let input = KeyRotation { overlap_hours: hours };
                        let path = format!("/v1/keys/{}/rotate", encode(&key.id));
                        api::write::<NewKey>(mode, "POST", &path, &input).await?
                    }
                    Question::Revoke(key) => {
                        let path = format!("/v1/keys/{}", encode(&key.id));
                        return api::delete(mode, &path).await;
                    }
                };
                made.set(Some(Rc::new(key)));
                Ok(())
            }
        },
        props.close.clone(),
    );
    let question = props.question.clone();
    let run = act.run.reform(move |form: Form| (question.clone(), form));
    let (progress, close) = (act.progress.clone(), props.close.clone());
    match &props.question {
        Question::Make => html! {
            <Ask title={t("Make a key")} verb={t("Make it")} {run} {progress} {close}>
                <label class="field"><span>{ t("Kind") }</span>
                    <select name="kind">
                        <option value="secret">{ t("Secret: for your server, opens everything of yours") }</option>
                        <option value="publishable">{ t("Publishable: for pages, opens clicks, joining and leads") }</option>
                    </select></label>
                { line(t("What it is for"), "name", "", t("Shop backend"), false) }
            </Ask>
        },
        Question::Rotate(key) => html! {
            <Ask title={t!("Rotate {shown}?", shown = key.shown)} verb={t("Make another")} {run} {progress} {close}>
                <p>{ t("Another key like it is made. The old one goes on for a while, so that your servers can be changed one after the other.") }</p>
                <label class="field"><span>{ t("The old one ends") }</span>
                    <select name="hours">
                        <option value="0">{ t("at once") }</option>
                        <option value="1">{ t("in an hour") }</option>
                        <option value="24" selected=true>{ t("in a day") }</option>
                        <option value="168">{ t("in a week") }</option>
                    </select></label>
            </Ask>
        },
        Question::Revoke(key) => html! {
            <Ask title={t!("Revoke {shown}?", shown = key.shown)} verb={t("Revoke it")} danger=true {run} {progress} {close}>
                <p>{ t("From now on it opens nothing. Whatever still uses it stops working.") }</p>
            </Ask>
        },
    }
}

/// A key that was made.
#[derive(Properties, PartialEq)]
struct ShownProps {
    new: Rc<NewKey>,
    close: Callback<()>,
}

#[component]
fn Shown(props: &ShownProps) -> Html {
    let onclick = props.close.reform(|_: MouseEvent| ());
    let is_secret = props.new.key.kind == "secret";
    html! {
        <Dialog title={t("Your new key")} close={props.close.clone()}>
            if is_secret { <p>{ t("Copy it now: it is never shown again.") }</p> }
            <Copy text={props.new.value.clone()} what={t("the new key")} block={true} />
            <div class="controls"><button type="button" class="button primary" {onclick}>{ t("I have it") }</button></div>
        </Dialog>
    }
}
