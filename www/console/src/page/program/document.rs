//! The whole program as one document, as it is kept in a file: read, edited, put back.

use crate::action::use_action;
use crate::api;
use crate::browser;
use crate::context::use_console;
use crate::part::edit::capital;
use crate::part::state::{Problem, Skeleton, refused};
use crate::route::encode;
use crate::terms::Fault;
use crate::text::t;
use goodword_wire::Program;
use std::rc::Rc;
use web_sys::{HtmlSelectElement, HtmlTextAreaElement};
use yew::platform::spawn_local;
use yew::prelude::*;

const FIELD: &str = "document";

/// Which program, and whether the form has anything unsaved.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub program: Rc<Program>,
    pub unsaved: bool,
}

/// How it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Toml,
    Json,
}

impl Format {
    fn word(self) -> &'static str {
        match self {
            Self::Toml => "toml",
            Self::Json => "json",
        }
    }

    fn media_type(self) -> &'static str {
        match self {
            Self::Toml => "application/toml",
            Self::Json => "application/json",
        }
    }
}

/// The text as it was read, and as it is now.
#[derive(Clone, PartialEq)]
struct Text {
    read: String,
    typed: String,
    version: i64,
}

/// The document with its buttons.
#[component]
pub fn Document(props: &Props) -> Html {
    let mode = use_console().mode();
    let format = use_state_eq(|| Format::Toml);
    let text = use_state_eq(|| None::<Result<Text, api::Failure>>);
    let path = format!("/v1/programs/{}/document", encode(&props.program.id));
    let version = props.program.version;
    let is_typed = matches!(&*text, Some(Ok(text)) if text.typed != text.read);
    use_effect_with((*format, version), {
        let (text, path) = (text.clone(), format!("{path}?format={}", format.word()));
        move |_| {
            // What is typed is not thrown away because somebody saved.
            if !is_typed {
                spawn_local(async move {
                    let read = api::get_text(mode, &path).await;
                    text.set(Some(read.map(|read| Text { typed: read.clone(), read, version })));
                });
            }
        }
    });
    let saved = use_state_eq(|| None::<i64>);
    let save = {
        let (text, path, format, saved) = (text.clone(), path.clone(), *format, saved.clone());
        use_action(
            move |typed: String| {
                let (text, path, saved) = (text.clone(), path.clone(), saved.clone());
                async move {
                    saved.set(None);
                    let program = api::put_text::<Program>(mode, &path, format.media_type(), &typed).await?;
                    let read = api::get_text(mode, &format!("{path}?format={}", format.word())).await?;
                    saved.set(Some(program.version));
                    text.set(Some(Ok(Text { typed: read.clone(), read, version: program.version })));
                    Ok(())
                }
            },
            Callback::noop(),
        )
    };
    let text_now = match &*text {
        None => return html! { <Skeleton rows={8} /> },
        Some(Err(failure)) => return html! { <Problem failure={failure.clone()} /> },
        Some(Ok(now)) => now.clone(),
    };
    let onsubmit = submit(&save.run, &text_now.typed);
    let put = {
        let (text, now) = (text.clone(), text_now.clone());
        Callback::from(move |typed: String| text.set(Some(Ok(Text { typed, ..now.clone() }))))
    };
    let fault = fault(save.progress.failure.as_ref());
    let status = status(is_typed, *saved, text_now.version);
    html! {
        <form class="terms" {onsubmit}>
            if props.unsaved {
                <p class="note waiting">{ t("The form has changes that are not saved: they are not in this document.") }</p>
            }
            <div class="head-row">
                <p class="lead">{ t("Everything the program says, as it can be kept in a file. Amounts are in the currency’s smallest unit here.") }</p>
                { choose(&format, is_typed) }
            </div>
            { area(&text_now.typed, &put, fault.as_ref()) }
            { said(fault.as_ref(), &text_now.typed) }
            if fault.is_none() { { refused(save.progress.failure.as_ref()) } }
            <div class="head-row">
                <p role="status">{ status }</p>
                <div class="controls">
                    <button type="button" class="button" disabled={!is_typed || save.progress.busy} onclick={put.reform(move |_: MouseEvent| text_now.read.clone())}>{ t("Discard") }</button>
                    <button type="submit" class="button primary" disabled={!is_typed || save.progress.busy}>{ t("Save") }</button>
                </div>
            </div>
        </form>
    }
}

fn submit(run: &Callback<String>, typed: &str) -> Callback<SubmitEvent> {
    let (run, typed) = (run.clone(), typed.to_owned());
    Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        run.emit(typed.clone());
    })
}

/// What the server says is wrong with the document.
fn fault(failure: Option<&api::Failure>) -> Option<Fault> {
    let refused = failure.filter(|failure| matches!(failure.status, 400 | 422));
    refused.map(|failure| Fault::of_server(&failure.message))
}

fn status(is_typed: bool, saved: Option<i64>, version: i64) -> String {
    match (is_typed, saved) {
        (true, _) => t("Not saved. What is left out takes its default.").to_owned(),
        (false, Some(version)) => t!("Saved. Version {version} is in force.", version),
        (false, None) => t!("Version {version} is in force.", version),
    }
}

fn choose(format: &UseStateHandle<Format>, disabled: bool) -> Html {
    let onchange = {
        let format = format.clone();
        Callback::from(move |event: Event| {
            let select: HtmlSelectElement = event.target_unchecked_into();
            format.set(if select.value() == Format::Json.word() { Format::Json } else { Format::Toml });
        })
    };
    html! {
        <label class="field inline"><span class="hidden">{ t("Format") }</span>
            <select {onchange} {disabled}>
                <option value="toml" selected={**format == Format::Toml}>{ "TOML" }</option>
                <option value="json" selected={**format == Format::Json}>{ "JSON" }</option>
            </select></label>
    }
}

fn area(typed: &str, put: &Callback<String>, fault: Option<&Fault>) -> Html {
    let oninput = put.reform(|event: InputEvent| {
        let area: HtmlTextAreaElement = event.target_unchecked_into();
        area.value()
    });
    let rows = typed.lines().count().clamp(12, 40) + 1;
    html! {
        <label class="field"><span class="hidden">{ t("The document") }</span>
            <textarea id={FIELD} class="document" rows={rows.to_string()} spellcheck="false" autocomplete="off" autocapitalize="off"
                value={typed.to_owned()} {oninput} aria-invalid={fault.map(|_| "true")} aria-describedby={fault.map(|_| "document-fault")} />
        </label>
    }
}

/// What the server refused, with a way to the line.
fn said(fault: Option<&Fault>, typed: &str) -> Html {
    let Some(fault) = fault else { return Html::default() };
    let line = fault.line().map(|line| (line, span(typed, line)));
    html! {
        <p class="note bad" role="alert" id="document-fault">
            if !fault.path.is_empty() { <code>{ &fault.path }</code>{ " " } }
            { capital(&fault.reason) }
            if let Some((line, (from, to))) = line {
                { " " }
                <button type="button" class="button small" onclick={Callback::from(move |_: MouseEvent| browser::select(FIELD, from, to))}>
                    { t!("Go to line {line}", line) }</button>
            }
        </p>
    }
}

/// Where a line begins and ends, counted as a browser counts: in units of UTF-16.
fn span(text: &str, line: usize) -> (u32, u32) {
    let units = |text: &str| u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX);
    let before: u32 = text.split_inclusive('\n').take(line.saturating_sub(1)).map(units).sum();
    let own = text.split('\n').nth(line.saturating_sub(1)).map_or(0, units);
    (before, before + own)
}

#[cfg(test)]
mod tests {
    use super::span;

    #[test]
    fn a_line_is_found_as_a_browser_counts() {
        let text = "name = \"Tée 🍵\"\nurl = 1\n";
        assert_eq!(span(text, 1), (0, 15));
        assert_eq!(span(text, 2), (16, 23));
        assert_eq!(span(text, 9), (24, 24));
    }
}
