//! What the signals of a program look for, and what they do.

use crate::action::{Action, use_action};
use crate::api;
use crate::context::use_console;
use crate::part::choice::ProgramChoice;
use crate::part::form::{Field, Form};
use crate::part::head::Head;
use crate::part::state::{refused, shown};
use crate::poll::use_poll;
use crate::route::{Route, encode};
use crate::text::t;
use crate::words::review as words;
use goodword_wire::{Metadata, Program, ProgramInput, SignalRule, SignalRules};
use serde_json::Value;
use yew::prelude::*;

/// The page.
#[component]
pub fn Signals() -> Html {
    let context = use_console();
    let rules = use_poll::<SignalRules>(context.mode(), "/v1/signals".to_owned());
    let back = (context.to(Route::Reviews), t("Reviews"));
    let program = context.program(context.place.get("program")).cloned();
    html! {
        <>
            <Head title={t("Signals")} {back} lead={t("What speaks against a commission. Hold keeps it from being paid until somebody has looked; block credits nothing unless somebody releases it.")}>
                <ProgramChoice one={true} />
            </Head>
            { shown(&rules, 8, |rules| match &program {
                Some(program) => html! { <Settings key={program.id.clone()} program={program.clone()} rules={(**rules).clone()} /> },
                None => html! { <p class="quiet">{ t("There is no program yet.") }</p> },
            }) }
        </>
    }
}

/// Of which program.
#[derive(Properties, PartialEq)]
struct Props {
    program: Program,
    rules: SignalRules,
}

#[component]
fn Settings(props: &Props) -> Html {
    let mode = use_console().mode();
    let saved = use_state_eq(|| false);
    let done = {
        let saved = saved.clone();
        Callback::from(move |()| saved.set(true))
    };
    let save = use_action(
        move |(id, signals): (String, Metadata)| async move {
            let input = ProgramInput { signals: Some(signals), ..ProgramInput::default() };
            let path = format!("/v1/programs/{}", encode(&id));
            api::write::<Program>(mode, "PATCH", &path, &input).await.map(|_| ())
        },
        done,
    );
    let onsubmit = submit(props, &save, &saved);
    let signals = &props.program.signals;
    html! {
        <form class="sheet" {onsubmit}>
            { for props.rules.rules.iter().map(|rule| rule_fields(rule, signals)) }
            <fieldset>
                <legend>{ t("Lists") }</legend>
                { for props.rules.lists.iter().map(|list| list_field(list, signals)) }
            </fieldset>
            { refused(save.progress.failure.as_ref()) }
            <div class="controls">
                <button type="submit" class="button primary" disabled={save.progress.busy}>{ t("Save") }</button>
                <span role="status" class="quiet">{ if *saved && save.progress.failure.is_none() { t("Saved. It holds for what happens from now on.") } else { "" } }</span>
            </div>
        </form>
    }
}

fn submit(
    props: &Props,
    save: &Action<(String, Metadata)>,
    saved: &UseStateHandle<bool>,
) -> Callback<SubmitEvent> {
    let (run, saved, id, rules) =
        (save.run.clone(), saved.clone(), props.program.id.clone(), props.rules.clone());
    Callback::from(move |event: SubmitEvent| {
        let form = Form::of(&event);
        saved.set(false);
        run.emit((id.clone(), document(&rules, |name| form.text(name))));
    })
}

/// The value of a rule's setting in the document.
fn setting<'a>(signals: &'a Metadata, rule: &str, name: &str) -> Option<&'a Value> {
    signals.get(rule).and_then(|rule| rule.get(name))
}

fn rule_fields(rule: &SignalRule, signals: &Metadata) -> Html {
    let action = setting(signals, &rule.rule, "action").and_then(Value::as_str).unwrap_or(&rule.action);
    html! {
        <fieldset key={rule.rule.clone()}>
            <legend>{ words::rule(&rule.rule) }</legend>
            <p class="quiet">{ crate::words::known(&rule.explanation) }</p>
            <div class="fields">
                <label class="field"><span>{ t("Action") }</span>
                    <select name={format!("{}.action", rule.rule)}>
                        { for ["off", "hold", "block"].map(|word| html! {
                            <option key={word} value={word} selected={word == action}>{ words::action(word) }</option>
                        }) }
                    </select></label>
                { for rule.settings.iter().map(|figure| {
                    let value = setting(signals, &rule.rule, &figure.name).and_then(Value::as_i64).unwrap_or(figure.default);
                    let name = format!("{}.{}", rule.rule, figure.name);
                    html! {
                        <Field key={name.clone()} label={words::figure(&rule.rule, &figure.name)} name={name.clone()} kind="number"
                            value={value.to_string()} range={(figure.least, figure.most)} needed=true />
                    }
                }) }
            </div>
        </fieldset>
    }
}

fn list_field(name: &str, signals: &Metadata) -> Html {
    let sites = signals.get(name).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let text: Vec<_> = sites.iter().filter_map(Value::as_str).collect();
    let (title, help) = words::list(name);
    html! {
        <div key={name.to_owned()}>
            <Field label={title} name={name.to_owned()} value={text.join("\n")} rows={4} example="deals.example" />
            <p class="quiet">{ help }{ " " }{ t("One site a line.") }</p>
        </div>
    }
}

/// The document that the fields make. A field that is no number goes as text, so that the server says what is wrong with it.
fn document(rules: &SignalRules, typed: impl Fn(&str) -> Option<String>) -> Metadata {
    let mut document = Metadata::new();
    for rule in &rules.rules {
        let mut entry = Metadata::new();
        entry.extend(typed(&format!("{}.action", rule.rule)).map(|word| ("action".to_owned(), word.into())));
        for figure in &rule.settings {
            let text = typed(&format!("{}.{}", rule.rule, figure.name)).unwrap_or_default();
            let value = text.parse::<i64>().map_or_else(|_| Value::from(text), Value::from);
            entry.insert(figure.name.clone(), value);
        }
        document.insert(rule.rule.clone(), Value::Object(entry));
    }
    for list in &rules.lists {
        let text = typed(list).unwrap_or_default();
        let sites: Vec<_> = text.split_whitespace().map(Value::from).collect();
        document.insert(list.clone(), Value::Array(sites));
    }
    document
}

#[cfg(test)]
mod tests {
    use super::*;
    use goodword_wire::SignalSetting;

    #[test]
    fn the_fields_make_the_document() {
        let setting = SignalSetting { name: "perHour".into(), default: 30, least: 1, most: 100 };
        let rule = SignalRule {
            rule: "velocity".into(),
            explanation: String::new(),
            action: "hold".into(),
            scope: "event".into(),
            settings: vec![setting],
        };
        let rules =
            SignalRules { rules: vec![rule], lists: vec!["bannedSources".into()], defaults: Value::Null };
        let typed = |name: &str| match name {
            "velocity.action" => Some("block".to_owned()),
            "velocity.perHour" => Some("60".to_owned()),
            "bannedSources" => Some("a.example\n b.example".to_owned()),
            _ => None,
        };
        let expected =
            r#"{"velocity":{"action":"block","perHour":60},"bannedSources":["a.example","b.example"]}"#;
        assert_eq!(Value::Object(document(&rules, typed)), serde_json::from_str::<Value>(expected).unwrap());
        let wrong = |name: &str| (name == "velocity.perHour").then(|| "many".to_owned());
        assert_eq!(document(&rules, wrong)["velocity"]["perHour"], Value::from("many"));
    }
}
