//! One batch: what is in it, who approves it, the files that pay it, and what became of each payout.

mod files;
mod lines;

use crate::action::use_action;
use crate::api;
use crate::context::{Context, use_console};
use crate::part::badge::badge;
use crate::part::facts::figures;
use crate::part::form::{Ask, Form};
use crate::part::head::Head;
use crate::part::state::shown;
use crate::poll::use_poll;
use crate::route::{Route, encode};
use crate::text::{plural, t};
use crate::words::payout as words;
use crate::{date, format};
use goodword_wire::{PayoutBatch, PayoutSettings};
use std::rc::Rc;
use yew::prelude::*;

/// Which one.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub id: AttrValue,
}

/// The page.
#[component]
pub fn Batch(props: &Props) -> Html {
    let context = use_console();
    let batch = use_poll::<PayoutBatch>(context.mode(), format!("/v1/payouts/batches/{}", encode(&props.id)));
    let title = batch.data.as_ref().map_or_else(
        || t("Batch").to_owned(),
        |batch| {
            let (sum, day) = (format::money(batch.amount, &batch.currency), date::day(&batch.created_at));
            t!("Batch of {sum}, {day}", sum, day)
        },
    );
    let back = (context.to(Route::Payouts).with("tab", "batches"), t("Payouts"));
    html! {
        <>
            <Head {title} {back}>
                if let Some(batch) = batch.data.as_ref().filter(|batch| batch.status == "draft") {
                    <Decide batch={batch.clone()} />
                }
            </Head>
            { shown(&batch, 6, |batch| view(&context, batch)) }
        </>
    }
}

fn view(context: &Context, batch: &Rc<PayoutBatch>) -> Html {
    let (word, tone) = words::batch_progress(&batch.status, &batch.parts);
    html! {
        <>
            <div class="about">
                <p class="badges">{ badge(&word, tone) }<span class="quiet">{ who(batch) }</span></p>
            </div>
            { figures([
                (t("Amount"), format::money(batch.amount, &batch.currency)),
                (t("Payouts"), format::count(batch.payouts)),
                (t("Paid"), format::money(in_state(batch, "completed"), &batch.currency)),
                (t("To be paid"), format::money(in_state(batch, "processing"), &batch.currency)),
                (t("Minimum"), format::money(batch.minimum, &batch.currency)),
            ]) }
            if batch.status == "draft" {
                <Waits />
            }
            if batch.status == "canceled" {
                <p class="note">{ t("This batch was canceled before anything was paid. What was in it is due again.") }</p>
            }
            <files::Files batch={batch.clone()} />
            <lines::Lines key={context.mode().word()} id={batch.id.clone()} currency={batch.currency.clone()} />
        </>
    }
}

fn who(batch: &PayoutBatch) -> String {
    let (by, on) = (&batch.created_by, date::minute(&batch.created_at));
    let Some((decider, at)) = batch.decided_by.as_ref().zip(batch.decided_at.as_ref()) else {
        return t!("Created by {by} on {on}.", by, on);
    };
    let at = date::minute(at);
    if batch.status == "canceled" {
        t!("Created by {by} on {on}; canceled by {decider} on {at}.", by, on, decider, at)
    } else {
        t!("Created by {by} on {on}; approved by {decider} on {at}.", by, on, decider, at)
    }
}

fn in_state(batch: &PayoutBatch, status: &str) -> i64 {
    batch.parts.iter().filter(|part| part.status == status).map(|part| part.amount).sum()
}

/// What a batch that is not approved waits for.
#[component]
fn Waits() -> Html {
    let context = use_console();
    let settings = use_poll::<PayoutSettings>(context.mode(), "/v1/payouts/settings".to_owned());
    let second = settings.data.is_some_and(|s| s.approval.as_deref() == Some("second_person"));
    let words = if second {
        t("It waits for the approval of a second person: somebody else than who created it.")
    } else {
        t("It waits for approval. The money is reserved, and nothing is paid yet.")
    };
    html! { <p class="note waiting">{ words }</p> }
}

/// What can be decided about a batch.
#[derive(Clone, Copy, PartialEq)]
enum Decision {
    Approve,
    Cancel,
}

/// About which batch.
#[derive(Properties, PartialEq)]
struct DecideProps {
    batch: Rc<PayoutBatch>,
}

/// The two buttons, each with its question.
#[component]
fn Decide(props: &DecideProps) -> Html {
    let context = use_console();
    let asked = use_state_eq(|| None::<Decision>);
    let ask = |decision: Decision| {
        let asked = asked.clone();
        Callback::from(move |_: MouseEvent| asked.set(Some(decision)))
    };
    let close = {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(None))
    };
    let (mode, id) = (context.mode(), props.batch.id.clone());
    let decide = use_action(
        move |word: &'static str| {
            let path = format!("/v1/payouts/batches/{}/{word}", encode(&id));
            async move { api::post::<PayoutBatch>(mode, &path).await.map(|_| ()) }
        },
        close.clone(),
    );
    let batch = &props.batch;
    let sum = format::money(batch.amount, &batch.currency);
    html! {
        <>
            <button type="button" class="button primary" onclick={ask(Decision::Approve)}>{ t("Approve") }</button>
            <button type="button" class="button" onclick={ask(Decision::Cancel)}>{ t("Cancel the batch") }</button>
            if *asked == Some(Decision::Approve) {
                <Ask title={plural!("one=Approve {sum} to {n} partner?|Approve {sum} to {n} partners?", batch.payouts, sum)} verb={t!("Approve {sum}", sum)}
                    run={decide.run.reform(|_: Form| "approve")} progress={decide.progress.clone()} close={close.clone()}>
                    <p>{ t("From then on its files can be downloaded and paid, and its payouts be marked. It cannot be canceled any more.") }</p>
                </Ask>
            }
            if *asked == Some(Decision::Cancel) {
                <Ask title={t("Cancel this batch?")} verb={t("Cancel the batch")} danger=true
                    run={decide.run.reform(|_: Form| "cancel")} progress={decide.progress.clone()} close={close.clone()}>
                    <p>{ t("Nothing is paid. What is in the batch is due again, for the next one.") }</p>
                </Ask>
            }
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use goodword_wire::PayoutBatchPart;

    #[test]
    fn a_batch_tells_who_did_what() {
        let part = |status: &str, amount| PayoutBatchPart {
            method: "sepa".into(),
            status: status.into(),
            payouts: 1,
            amount,
        };
        let mut batch = PayoutBatch {
            id: "bat_1".into(),
            program_id: "prg_1".into(),
            currency: "eur".into(),
            status: "draft".into(),
            minimum: 0,
            amount: 30,
            payouts: 2,
            parts: vec![part("completed", 10), part("processing", 20)],
            created_by: "Ada".into(),
            created_at: "2026-11-02T09:00:00.000Z".into(),
            decided_by: None,
            decided_at: None,
        };
        assert_eq!(in_state(&batch, "completed"), 10);
        assert_eq!(who(&batch), "Created by Ada on 2 Nov 2026, 09:00.");
        batch.status = "approved".into();
        batch.decided_by = Some("Bo".into());
        batch.decided_at = Some("2026-11-03T10:00:00.000Z".into());
        assert!(who(&batch).ends_with("approved by Bo on 3 Nov 2026, 10:00."));
    }
}
