//! What a program sets aside for its commissions, and setting aside more or less.

use crate::action::use_action;
use crate::api::Failure;
use crate::context::{Context, use_console};
use crate::part::facts::figures;
use crate::part::form::{Ask, Form, amount, note};
use crate::part::link::Link;
use crate::part::state::shown;
use crate::part::table::{Column, Table, figure, row, text};
use crate::poll::use_poll;
use crate::route::encode;
use crate::text::{key, t};
use crate::{api, browser, date, format};
use goodword_wire::{Budget, BudgetChange, BudgetInput};
use yew::prelude::*;

const CHANGES: [Column; 4] = [text(key("When")), figure(key("Set aside")), text(key("Why")), text(key("By"))];

/// The budget of the program chosen, or of the only one; with several, what to do to see it.
#[component]
pub fn BudgetPart() -> Html {
    let context = use_console();
    let chosen = context.place.get("program").is_some() || context.programs.len() == 1;
    let Some(program) = context.program_shown() else { return Html::default() };
    if !chosen {
        return html! { <p class="quiet">{ t("Choose a program above to see what is set aside for it, and to set aside more.") }</p> };
    }
    html! { <OfProgram key={program.to_owned()} program={program.to_owned()} /> }
}

/// Of which.
#[derive(Properties, PartialEq)]
struct Props {
    program: AttrValue,
}

#[component]
fn OfProgram(props: &Props) -> Html {
    let context = use_console();
    let path = format!("/v1/programs/{}/budget?pageSize=10", encode(&props.program));
    let budget = use_poll::<Budget>(context.mode(), path);
    let asked = use_state_eq(|| None::<bool>);
    let ask = |more: bool| {
        let asked = asked.clone();
        Callback::from(move |_: MouseEvent| asked.set(Some(more)))
    };
    let close = {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(None))
    };
    html! {
        <section aria-labelledby="budget-title">
            <h2 id="budget-title">{ t("Budget") }</h2>
            { shown(&budget, 3, |budget| html! {
                <>
                    { figures([
                        (t("Set aside"), format::money(budget.set_aside, &budget.currency)),
                        (t("Spent on commissions"), format::money(budget.spent, &budget.currency)),
                        (t("Left"), format::money(budget.left, &budget.currency)),
                    ]) }
                    { rule(budget) }
                    <div class="controls">
                        <button type="button" class="button" onclick={ask(true)}>{ t("Set money aside") }</button>
                        <button type="button" class="button" disabled={budget.left <= 0} onclick={ask(false)}>{ t("Take some away") }</button>
                    </div>
                    { changes(&context, budget) }
                    if let Some(more) = *asked {
                        <Change budget={(**budget).clone()} {more} close={close.clone()} />
                    }
                </>
            }) }
        </section>
    }
}

fn rule(budget: &Budget) -> Html {
    match (budget.budgeted, budget.left > 0) {
        (true, true) => {
            html! { <p class="quiet">{ t("Commissions are taken from what is left. When nothing is left, none are credited.") }</p> }
        }
        (true, false) => {
            html! { <p class="note waiting">{ t("Nothing is left: no commission is credited until you set more aside.") }</p> }
        }
        (false, _) => {
            html! { <p class="quiet">{ t("This program is not limited by its budget; commissions are credited without one.") }</p> }
        }
    }
}

fn changes(context: &Context, budget: &Budget) -> Html {
    if budget.changes.is_empty() {
        return Html::default();
    }
    html! {
        <Table caption={t("Changes of the budget, newest first")} columns={&CHANGES[..]}>
            { for budget.changes.iter().map(|change| row(&change.id, &CHANGES, cells(context, change))) }
        </Table>
    }
}

fn cells(context: &Context, change: &BudgetChange) -> Vec<Html> {
    let why = if change.note.is_empty() { "–" } else { change.note.as_str() };
    let to = context.place.with("cause", &change.id);
    vec![
        html! { <Link {to}>{ date::minute(&change.at) }</Link> },
        html! { format::money(change.amount, &change.currency) },
        html! { why },
        html! { &change.by },
    ]
}

/// More or less of which.
#[derive(Properties, PartialEq)]
struct ChangeProps {
    budget: Budget,
    more: bool,
    close: Callback<()>,
}

#[component]
fn Change(props: &ChangeProps) -> Html {
    let mode = use_console().mode();
    let key = use_memo((), |()| browser::unique_key());
    let id = props.budget.program_id.clone();
    let change = use_action(
        move |input: Result<BudgetInput, Failure>| {
            let (path, key) = (format!("/v1/programs/{}/budget", encode(&id)), key.clone());
            async move { api::post_once::<BudgetChange>(mode, &path, &key, &input?).await.map(|_| ()) }
        },
        props.close.clone(),
    );
    let run = {
        let (run, more, currency) = (change.run.clone(), props.more, props.budget.currency.clone());
        Callback::from(move |form: Form| {
            let sum = form.money("amount", &currency).and_then(|sum| signed(sum, more));
            run.emit(sum.map(|sum| BudgetInput {
                amount: Some(sum),
                currency: None,
                note: form.text("note"),
            }));
        })
    };
    let left = format::money(props.budget.left, &props.budget.currency);
    let (title, verb) = if props.more {
        (t("Set money aside"), t("Set aside"))
    } else {
        (t("Take money away again"), t("Take away"))
    };
    html! {
        <Ask {title} {verb} danger={!props.more} {run} progress={change.progress.clone()} close={props.close.clone()}>
            <p>{ t!("{left} is left now. This books it in the ledger; no money leaves your bank.", left) }</p>
            { amount(t("Amount"), &props.budget.currency) }
            { note(t("Why (optional)"), false) }
        </Ask>
    }
}

/// What is typed is always above zero; which way it goes is what was asked.
fn signed(sum: i64, more: bool) -> Result<i64, Failure> {
    if sum <= 0 {
        return Err(Failure::of_input(t("The amount must be above zero.")));
    }
    Ok(if more { sum } else { -sum })
}

#[cfg(test)]
mod tests {
    use super::signed;

    #[test]
    fn a_budget_goes_the_way_that_was_asked() {
        assert_eq!(signed(500, true), Ok(500));
        assert_eq!(signed(500, false), Ok(-500));
        assert!(signed(0, true).is_err() && signed(-5, false).is_err());
    }
}
