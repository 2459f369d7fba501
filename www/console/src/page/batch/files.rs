//! The files by which a batch is paid.

use crate::action::use_action;
use crate::api;
use crate::api::Failure;
use crate::context::{Context, use_console};
use crate::part::link::Link;
use crate::part::state::refused;
use crate::route::{Route, encode};
use crate::text::{plural, t};
use crate::words::payout::{self as words, FileKind};
use goodword_wire::PayoutBatch;
use std::rc::Rc;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Of which batch.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub batch: Rc<PayoutBatch>,
}

/// A button for each file that makes sense now.
#[component]
pub fn Files(props: &Props) -> Html {
    let context = use_console();
    let (mode, id) = (context.mode(), props.batch.id.clone());
    let fetch = use_action(
        move |(kind, day): (&'static str, String)| {
            let on = if day.is_empty() { day } else { format!("&executionDate={day}") };
            let path = format!("/v1/payouts/batches/{}/file?format={kind}{on}", encode(&id));
            async move { api::download(mode, &path).await }
        },
        Callback::noop(),
    );
    let day = use_state(String::new);
    let oninput = {
        let day = day.clone();
        Callback::from(move |event: InputEvent| {
            day.set(event.target_unchecked_into::<HtmlInputElement>().value());
        })
    };
    let plain = FileKind {
        format: "plain",
        title: t("List (CSV)"),
        help: t("Every payout of the batch, for your own books."),
    };
    let wanted = if props.batch.status == "approved" { wanted(&props.batch) } else { Vec::new() };
    let entry = |kind: &FileKind, note: String| {
        let format = kind.format;
        let dated = format == "sepa";
        let when = if dated { (*day).clone() } else { String::new() };
        let onclick = fetch.run.reform(move |_: MouseEvent| (format, when.clone()));
        html! {
            <li key={format}><span class="two"><strong>{ kind.title }</strong><small>{ format!("{}{note}", kind.help) }</small></span>
                if dated {
                    <label class="field inline"><span>{ t("Pay on") }</span>
                        <input type="date" value={(*day).clone()} oninput={oninput.clone()} /></label>
                }
                <button type="button" class="button small" disabled={fetch.progress.busy} {onclick}>
                    { t("Download") }<span class="hidden">{ format!(" {}", kind.title) }</span></button></li>
        }
    };
    html! {
        <section aria-labelledby="files-title">
            <h2 id="files-title">{ t("Files") }</h2>
            <ul class="files">
                { for wanted.iter().map(|(kind, payouts)| entry(kind, format!(" {}.", plural!("one={n} payout|{n} payouts", *payouts)))) }
                { entry(&plain, String::new()) }
            </ul>
            { failed(&context, fetch.progress.failure.as_ref()) }
        </section>
    }
}

/// The files of an approved batch, with how many payouts each holds.
fn wanted(batch: &PayoutBatch) -> Vec<(FileKind, i64)> {
    let open = |method: &str| -> i64 {
        // A credit note is the payment itself, so it is wanted after that too.
        let counts =
            |status: &str| status == "processing" || (status == "completed" && method == "credit_note");
        let those = batch.parts.iter().filter(|part| part.method == method && counts(&part.status));
        those.map(|part| part.payouts).sum()
    };
    let file = |method: &'static str| words::file_for(method).map(|kind| (kind, open(method)));
    words::METHODS.into_iter().filter_map(file).filter(|(_, payouts)| *payouts > 0).collect()
}

/// Why there is no file; mostly because nobody has said what is paid from.
fn failed(context: &Context, failure: Option<&Failure>) -> Html {
    let settings = context.to(Route::Payouts).with("tab", "settings");
    html! {
        <>
            { refused(failure) }
            if failure.is_some_and(|failure| failure.status == 409) {
                <p><Link to={settings}>{ t("Say how you pay") }</Link></p>
            }
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use goodword_wire::PayoutBatchPart;

    fn part(method: &str, status: &str, payouts: i64) -> PayoutBatchPart {
        PayoutBatchPart { method: method.into(), status: status.into(), payouts, amount: 1 }
    }

    #[test]
    fn only_files_with_something_in_them_are_offered() {
        let batch = PayoutBatch {
            id: String::new(),
            program_id: String::new(),
            currency: "usd".into(),
            status: "approved".into(),
            minimum: 0,
            amount: 0,
            payouts: 0,
            parts: vec![
                part("sepa", "processing", 2),
                part("paypal", "completed", 3),
                part("credit_note", "completed", 1),
                part("manual", "processing", 1),
            ],
            created_by: String::new(),
            created_at: String::new(),
            decided_by: None,
            decided_at: None,
        };
        let formats: Vec<_> = wanted(&batch).into_iter().map(|(kind, n)| (kind.format, n)).collect();
        assert_eq!(formats, [("sepa", 2), ("credit_note", 1)]);
    }
}
