//! Pieces several elements share.

use super::Pen;
use crate::state::{Field, Problem, Said};
use yew::{AttrValue, Html, html};

/// A labelled field with its own error beneath.
pub fn field(pen: &Pen, field: Field, label: &str, kind: &'static str, complete: &'static str) -> Html {
    let name = field.name();
    let optional = matches!(field, Field::Code | Field::Note);
    let problem = pen.state.problem(field);
    let described = problem.map(|_| error_id(field));
    html! {
        <div>
            <label for={name}>
                { label }
                if optional { { " " }<span class="optional">{ pen.words.optional }</span> }
            </label>
            <input id={name} {name} part="input" type={kind} autocomplete={complete} aria-required={(!optional).then_some("true")}
                aria-invalid={problem.map(|_| "true")} aria-describedby={described} spellcheck="false"
                autocapitalize={(field != Field::Name).then_some("none")} maxlength={most(field)} />
            { error(pen, field) }
        </div>
    }
}

/// The longest the server takes.
fn most(field: Field) -> &'static str {
    match field {
        Field::Email => "254",
        Field::Invoice => "255",
        Field::Note => "500",
        _ => "100",
    }
}

/// A paragraph.
pub fn say(class: &'static str, text: impl Into<AttrValue>) -> Html {
    paragraph(class, text.into())
}

fn paragraph(class: &'static str, text: AttrValue) -> Html {
    html! { <p {class}>{ text }</p> }
}

pub fn error_id(field: Field) -> String {
    format!("{}-error", field.name())
}

/// What is wrong with a field.
pub fn error(pen: &Pen, field: Field) -> Html {
    let words = pen.words;
    let Some(problem) = pen.state.problem(field) else { return Html::default() };
    let text = match (field, problem) {
        (_, Problem::Said(text)) => text,
        (Field::Name, Problem::Missing) => words.name_missing,
        (Field::Name, Problem::Wrong) => words.name_wrong,
        (Field::Email, Problem::Missing) => words.email_missing,
        (Field::Email, Problem::Wrong) => words.email_wrong,
        (Field::Code, _) => words.code_wrong,
        (Field::Invoice | Field::Note, _) => words.invoice_missing,
        (Field::Terms, _) => words.terms_missing,
    };
    html! { <p class="error" part="error" id={error_id(field)}>{ text }</p> }
}

/// The button that sends a form off.
pub fn send(pen: &Pen, label: &'static str) -> Html {
    let busy = pen.state.busy;
    html! {
        <button type="submit" part="button" aria-disabled={busy.then_some("true")}>
            { if busy { pen.words.busy } else { label } }
        </button>
    }
}

/// A button that looks like a link.
pub fn link_button(name: &'static str, label: &'static str) -> Html {
    html! { <button type="button" class="link" part="link-button" data-gw={name}>{ label }</button> }
}

/// What a screen reader hears and everybody sees. It is always there, so that a change in it is announced.
pub fn status(pen: &Pen) -> Html {
    let words = pen.words;
    let (text, bad) = match &pen.state.said {
        Said::Nothing => ("", false),
        Said::Copied(what) if what == "code" => (words.copied_code, false),
        Said::Copied(_) => (words.copied_link, false),
        Said::CopyFailed => (words.copy_failed, false),
        Said::SignedOut => (words.signed_out, false),
        Said::Claimed(text) => (text.as_str(), false),
        Said::Refused(text) if !text.is_empty() => (text.as_str(), true),
        Said::Refused(_) => (words.refused, true),
        Said::Unreachable => (words.unreachable, true),
    };
    let sandbox = pen.state.config.as_ref().is_some_and(|config| config.test);
    html! {
        <>
            <div role="status" class="said">
                if !text.is_empty() { <p class={if bad { "note bad" } else { "note" }} part="status">{ text }</p> }
            </div>
            if sandbox { { say("small muted", words.test) } }
        </>
    }
}
