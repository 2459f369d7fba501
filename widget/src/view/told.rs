//! What opens beneath the partner's earnings: why an amount is what it is, the orders that were not credited, the claims.

use super::{Pen, parts};
use crate::model::{Entry, Me};
use crate::state::{CLAIMS, Field, Told, UNCREDITED};
use crate::text::look_up;
use yew::{Html, html};

/// The orders nobody sees in the list of commissions. They are an approved partner's business alone.
pub fn orders(pen: &Pen, me: &Me) -> Html {
    let words = pen.words;
    if me.status != "approved" {
        return Html::default();
    }
    html! {
        <>
            <div class="panel">{ panel(pen, UNCREDITED, words.uncredited, None) }</div>
            <div class="panel">{ panel(pen, CLAIMS, words.claims, None) }</div>
        </>
    }
}

/// A button, and beneath it what it opens. `label` is the button's name where its text alone would be one of many.
pub fn panel(pen: &Pen, path: &str, text: &'static str, label: Option<String>) -> Html {
    let told = pen.state.panel(path);
    let expanded = if told.is_some() { "true" } else { "false" };
    html! {
        <>
            <button type="button" class="link" part="link-button" data-gw="open" data-text={path.to_owned()} aria-expanded={expanded} aria-label={label}>{ text }</button>
            if let Some(told) = told {
                if path == CLAIMS { { form(pen) } }
                { content(pen, told) }
            }
        </>
    }
}

fn content(pen: &Pen, told: &Told) -> Html {
    let said = match told {
        Told::Entries(entries) if !entries.is_empty() => return list(pen, entries),
        Told::Entries(_) => pen.words.nothing,
        Told::Waiting => pen.words.busy,
        Told::Refused(message) => message,
        Told::Lost => pen.words.unreachable,
    };
    parts::say("small muted", said.to_owned())
}

fn list(pen: &Pen, entries: &[Entry]) -> Html {
    html! { <ul class="told small" part="told">{ for entries.iter().map(|entry| line(pen, entry)) }</ul> }
}

fn line(pen: &Pen, entry: &Entry) -> Html {
    let ours = |word: &str| look_up(pen.words.marks, word);
    let head = [pen.host.date(&entry.at), ours(&entry.mark), ours(&entry.status)];
    let head: Vec<_> = head.into_iter().filter(|text| !text.is_empty()).collect();
    html! {
        <li>
            <span class="muted">{ head.join(" \u{b7} ") }</span>
            { pen.host.date(&entry.says) }
            if !entry.parts.is_empty() { { list(pen, &entry.parts) } }
        </li>
    }
}

fn form(pen: &Pen) -> Html {
    let words = pen.words;
    html! {
        <form data-gw="claim" novalidate=true part="form">
            { parts::field(pen, Field::Invoice, words.invoice, "text", "off") }
            { parts::field(pen, Field::Note, words.note, "text", "off") }
            { parts::send(pen, words.claim) }
        </form>
    }
}
