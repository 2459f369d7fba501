//! Canceling a commission, with a note.

use crate::action::use_action;
use crate::context::use_console;
use crate::part::form::{Ask, Form, note};
use crate::route::encode;
use crate::text::t;
use crate::{api, browser, format};
use goodword_wire::{CancelInput, Commission};
use yew::prelude::*;

/// Which one.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub commission: Commission,
}

/// Whether it can be: while it is not paid, and in no payout.
fn can_be(commission: &Commission) -> bool {
    let open = matches!(commission.status.as_str(), "pending" | "processed" | "hold" | "needs_rate");
    open && commission.payout_id.is_none()
}

/// The button and its question; nothing where it is too late.
#[component]
pub fn Cancel(props: &Props) -> Html {
    let asked = use_state_eq(|| false);
    if !can_be(&props.commission) {
        return Html::default();
    }
    let onclick = {
        let asked = asked.clone();
        Callback::from(move |_: MouseEvent| asked.set(true))
    };
    let close = Callback::from({
        let asked = asked.clone();
        move |()| asked.set(false)
    });
    html! {
        <>
            <button type="button" class="button small" {onclick}>{ t("Cancel##commission") }
                <span class="hidden">{ " " }{ t!("the commission of {name}", name = props.commission.partner.name) }</span></button>
            if *asked {
                <Question commission={props.commission.clone()} {close} />
            }
        </>
    }
}

/// About which, while it is asked.
#[derive(Properties, PartialEq)]
struct QuestionProps {
    commission: Commission,
    close: Callback<()>,
}

#[component]
fn Question(props: &QuestionProps) -> Html {
    let mode = use_console().mode();
    let key = use_memo((), |()| browser::unique_key());
    let id = props.commission.id.clone();
    let cancel = use_action(
        move |input: CancelInput| {
            let (path, key) = (format!("/v1/commissions/{}/cancel", encode(&id)), key.clone());
            async move { api::post_once::<Commission>(mode, &path, &key, &input).await.map(|_| ()) }
        },
        props.close.clone(),
    );
    let run = cancel.run.reform(|form: Form| CancelInput { note: form.text("note") });
    let commission = &props.commission;
    let sum = format::money(commission.earnings, &commission.currency);
    let consequence = if commission.earnings < 0 {
        t("What the partner owes by it is forgiven.")
    } else {
        t("The partner gets nothing for it; the money goes back to the program. This cannot be undone.")
    };
    html! {
        <Ask title={t!("Cancel {sum} of {name}?", sum, name = commission.partner.name)} verb={t("Cancel the commission")} danger=true
            {run} progress={cancel.progress.clone()} close={props.close.clone()}>
            <p>{ consequence }</p>
            { note(t("Why, read by the partner"), true) }
        </Ask>
    }
}
