//! Releasing and rejecting, many at once, with a note.

use crate::action::use_action;
use crate::api;
use crate::context::use_console;
use crate::format;
use crate::part::form::{Ask, Form, note};
use crate::part::picks::Picks;
use crate::poll::Rows;
use crate::text::{plural, t};
use goodword_wire::{Review, ReviewDecision, ReviewDecisionInput};
use std::collections::BTreeMap;
use std::rc::Rc;
use yew::prelude::*;

/// How many the server decides at once.
const MOST: usize = 100;

/// What is chosen among what is shown.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub picks: Picks,
    pub rows: Rc<Rows<Review>>,
}

/// What can be decided.
#[derive(Clone, Copy, PartialEq)]
enum Decision {
    Cleared,
    Rejected,
}

impl Decision {
    fn word(self) -> &'static str {
        match self {
            Self::Cleared => "cleared",
            Self::Rejected => "rejected",
        }
    }

    fn verb(self) -> &'static str {
        match self {
            Self::Cleared => t("Release"),
            Self::Rejected => t("Reject"),
        }
    }

    /// The same, with how many.
    fn verb_of(self, number: i64) -> String {
        match self {
            Self::Cleared => plural!("one=Release {n} commission|Release {n} commissions", number),
            Self::Rejected => plural!("one=Reject {n} commission|Reject {n} commissions", number),
        }
    }

    fn consequence(self) -> &'static str {
        match self {
            Self::Cleared => t(
                "They are held and paid like any other. What was cleared about a customer and a partner stays cleared.",
            ),
            Self::Rejected => t("The partners get nothing for them. You can release them later after all."),
        }
    }
}

/// The buttons over the queue.
#[component]
pub fn Bar(props: &Props) -> Html {
    let asked = use_state_eq(|| None::<Decision>);
    let refusals = use_state_eq(Vec::<String>::new);
    let chosen = chosen(&props.rows.rows, &props.picks);
    let open = props.rows.rows.iter().filter(|review| review.status != "closed");
    let all: Vec<_> = open.map(|review| review.id.clone()).collect();
    if all.is_empty() {
        return Html::default();
    }
    let said = plural!("{n} chosen{sums}", chosen.len(), sums = sums(&chosen));
    let close = {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(None))
    };
    let done = {
        let (picks, close) = (props.picks.clone(), close.clone());
        Callback::from(move |()| {
            picks.set([]);
            close.emit(());
        })
    };
    let ids: Vec<_> = chosen.iter().map(|review| review.id.clone()).collect();
    html! {
        <>
            <div class="bulk" role="group" aria-label={t("Decide about those chosen")}>
                { props.picks.tick_all(all, t("All that are shown")) }
                <span class="rest"><strong aria-live="polite">{ said }</strong>
                    { for [Decision::Cleared, Decision::Rejected].map(|decision| {
                        let asked = asked.clone();
                        let onclick = Callback::from(move |_: MouseEvent| asked.set(Some(decision)));
                        let class = classes!("button", (decision == Decision::Cleared).then_some("primary"));
                        html! {
                            <button key={decision.word()} type="button" {class} disabled={ids.is_empty()} {onclick}>{ decision.verb() }</button>
                        }
                    }) }</span>
            </div>
            if !refusals.is_empty() {
                <div class="note bad" role="alert">{ for refusals.iter().map(|why| html! { <p>{ why }</p> }) }</div>
            }
            if let Some(decision) = *asked {
                <Question {decision} {ids} refusals={refusals.setter()} {close} {done} />
            }
        </>
    }
}

fn chosen<'a>(rows: &'a [Review], picks: &Picks) -> Vec<&'a Review> {
    rows.iter().filter(|review| review.status != "closed" && picks.has(&review.id)).collect()
}

/// What they come to, by currency: ` · $12.00, €3.00`.
fn sums(reviews: &[&Review]) -> String {
    let mut sums = BTreeMap::<&str, i64>::new();
    for review in reviews {
        *sums.entry(&review.commission.currency).or_default() += review.commission.earnings_at_first;
    }
    let told: Vec<_> = sums.into_iter().map(|(currency, sum)| format::money(sum, currency)).collect();
    if told.is_empty() { String::new() } else { format!(" · {}", told.join(", ")) }
}

/// What is decided about which.
#[derive(Properties, PartialEq)]
struct QuestionProps {
    decision: Decision,
    ids: Vec<String>,
    /// Where the refusals of single ones go.
    refusals: UseStateSetter<Vec<String>>,
    close: Callback<()>,
    done: Callback<()>,
}

#[component]
fn Question(props: &QuestionProps) -> Html {
    let mode = use_console().mode();
    let ids = use_memo((), |()| props.ids.clone());
    let refusals = props.refusals.clone();
    let decide = use_action(
        move |(ids, decision, note): (Rc<Vec<String>>, Decision, Option<String>)| {
            let refusals = refusals.clone();
            async move {
                let mut refused = Vec::new();
                for some in ids.chunks(MOST) {
                    let input = ReviewDecisionInput {
                        ids: some.to_vec(),
                        decision: Some(decision.word().into()),
                        note: note.clone(),
                    };
                    let made: Vec<ReviewDecision> =
                        api::write(mode, "POST", "/v1/reviews/decide", &input).await?;
                    refused.extend(made.into_iter().filter_map(|one| one.message));
                }
                refusals.set(refused);
                Ok(())
            }
        },
        props.done.clone(),
    );
    let decision = props.decision;
    let run = {
        let (run, ids) = (decide.run.clone(), ids.clone());
        Callback::from(move |form: Form| run.emit((ids.clone(), decision, form.text("note"))))
    };
    let number = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    let verb = decision.verb_of(number);
    html! {
        <Ask title={format!("{verb}?")} {verb}
            danger={decision == Decision::Rejected} {run} progress={decide.progress.clone()} close={props.close.clone()}>
            <p>{ decision.consequence() }</p>
            { note(t("Note, for your own people"), decision == Decision::Rejected) }
        </Ask>
    }
}
