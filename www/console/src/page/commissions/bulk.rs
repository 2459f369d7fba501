//! What is done with several commissions at once.

use crate::action::use_action;
use crate::api;
use crate::context::use_console;
use crate::format;
use crate::part::form::{Ask, Form};
use crate::part::picks::Picks;
use crate::text::{plural, t};
use goodword_wire::{Commission, CommissionState, CommissionsChange};
use std::collections::BTreeMap;
use std::rc::Rc;
use yew::prelude::*;

/// How many the server changes at once.
const MOST: usize = 100;

/// The rows shown, and which are ticked.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub rows: Rc<Vec<Commission>>,
    pub picks: Picks,
}

/// What can be done.
#[derive(Clone, Copy, PartialEq)]
enum Verb {
    Cancel,
    Fraud,
}

impl Verb {
    fn status(self) -> &'static str {
        match self {
            Self::Cancel => "canceled",
            Self::Fraud => "fraud",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Cancel => t("Cancel##commission"),
            Self::Fraud => t("Reject as fraud"),
        }
    }

    /// The same, with how many.
    fn of(self, number: usize) -> String {
        match self {
            Self::Cancel => plural!("one=Cancel {n} commission|Cancel {n} commissions", number),
            Self::Fraud => {
                plural!("one=Reject as fraud {n} commission|Reject as fraud {n} commissions", number)
            }
        }
    }
}

/// Whether it can still be taken back: what is on its way or paid cannot.
pub fn can_be_changed(commission: &Commission) -> bool {
    matches!(commission.status.as_str(), "pending" | "processed" | "hold") && commission.payout_id.is_none()
}

/// The buttons over the table.
#[component]
pub fn Bar(props: &Props) -> Html {
    let asked = use_state_eq(|| None::<Verb>);
    let open: Vec<&Commission> = props.rows.iter().filter(|commission| can_be_changed(commission)).collect();
    if open.is_empty() {
        return Html::default();
    }
    let all: Vec<String> = open.iter().map(|commission| commission.id.clone()).collect();
    let chosen: Vec<&Commission> =
        open.into_iter().filter(|commission| props.picks.has(&commission.id)).collect();
    let ids: Vec<String> = chosen.iter().map(|commission| commission.id.clone()).collect();
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
    let said = plural!("{n} chosen{sums}", chosen.len(), sums = sums(&chosen));
    html! {
        <>
            <div class="bulk" role="group" aria-label={t("What to do with those chosen")}>
                { props.picks.tick_all(all, t("All that can be changed")) }
                <span class="rest"><strong aria-live="polite">{ said }</strong>
                    { for [Verb::Cancel, Verb::Fraud].map(|verb| {
                        let asked = asked.clone();
                        let onclick = Callback::from(move |_: MouseEvent| asked.set(Some(verb)));
                        html! { <button key={verb.status()} type="button" class="button" disabled={ids.is_empty()} {onclick}>{ verb.title() }</button> }
                    }) }</span>
            </div>
            if let Some(verb) = *asked { <Question {verb} {ids} {close} {done} /> }
        </>
    }
}

/// What they come to, by currency.
fn sums(chosen: &[&Commission]) -> String {
    let mut sums = BTreeMap::<&str, i64>::new();
    for commission in chosen {
        *sums.entry(&commission.currency).or_default() += commission.earnings;
    }
    let told: Vec<_> = sums.into_iter().map(|(currency, sum)| format::money(sum, currency)).collect();
    if told.is_empty() { String::new() } else { format!(" · {}", told.join(", ")) }
}

/// What is done with which.
#[derive(Properties, PartialEq)]
struct QuestionProps {
    verb: Verb,
    ids: Vec<String>,
    close: Callback<()>,
    done: Callback<()>,
}

#[component]
fn Question(props: &QuestionProps) -> Html {
    let mode = use_console().mode();
    // Those chosen when it was asked, whatever is read anew meanwhile.
    let ids = use_memo((), |()| props.ids.clone());
    let status = props.verb.status();
    let change = {
        let ids = ids.clone();
        use_action(
            move |_: Form| {
                let ids = ids.clone();
                async move {
                    for some in ids.chunks(MOST) {
                        let input = CommissionsChange {
                            commission_ids: some.to_vec(),
                            status: Some(status.to_owned()),
                        };
                        api::write::<Vec<CommissionState>>(mode, "PATCH", "/v1/commissions/bulk", &input)
                            .await?;
                    }
                    Ok(())
                }
            },
            props.done.clone(),
        )
    };
    let verb = props.verb.of(ids.len());
    let title = format!("{verb}?");
    html! {
        <Ask {title} {verb} danger=true run={change.run.clone()}
            progress={change.progress.clone()} close={props.close.clone()}>
            <p>{ t("The partners get nothing for them. All of them are changed, or none; each is in the audit log.") }</p>
        </Ask>
    }
}
