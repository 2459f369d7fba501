//! What stands where data is not: on its way, none yet, or failed. Each says what to do next.

use crate::api::Failure;
use crate::poll::Polled;
use crate::text::t;
use std::rc::Rc;
use yew::prelude::*;

/// How many grey lines.
#[derive(Properties, PartialEq)]
pub struct SkeletonProps {
    #[prop_or(5)]
    pub rows: usize,
}

/// Data on its way.
#[component]
pub fn Skeleton(props: &SkeletonProps) -> Html {
    html! {
        <div class="skeleton" role="status">
            <span class="hidden">{ t("Loading…") }</span>
            { for (0..props.rows).map(|row| html! { <span key={row} class="bar" aria-hidden="true" /> }) }
        </div>
    }
}

/// What is not there, and how it comes.
#[derive(Properties, PartialEq)]
pub struct EmptyProps {
    pub title: AttrValue,
    pub children: Children,
}

/// Nothing yet.
#[component]
pub fn Empty(props: &EmptyProps) -> Html {
    html! {
        <div class="empty">
            <svg viewBox="0 0 48 32" aria-hidden="true"><path d="M3 29h42M9 29V19m10 10V13m10 16V17m10 12V5" /></svg>
            <p class="what">{ props.title.clone() }</p>
            <div class="teach">{ props.children.clone() }</div>
        </div>
    }
}

/// What went wrong, and what to press.
#[derive(Properties, PartialEq)]
pub struct ProblemProps {
    pub failure: Failure,
    #[prop_or_default]
    pub retry: Option<Callback<()>>,
}

/// Failed before there was anything to show.
#[component]
pub fn Problem(props: &ProblemProps) -> Html {
    let (title, next) = match props.failure.status {
        0 => (t("No connection"), t("The console tries again every few seconds by itself.")),
        403 => (t("Not yours to see"), t("Ask the owner of this account for a role that may see it.")),
        404 => (
            t("Not here"),
            t("It may belong to the other mode: try the switch between live and test at the top."),
        ),
        429 => (t("Too many requests"), t("Wait a moment: the console tries again by itself.")),
        _ => (
            t("This did not work"),
            t("The console tries again by itself. If it stays so, the server’s log says why."),
        ),
    };
    let retry = props.retry.clone().map(|retry| retry.reform(|_: MouseEvent| ()));
    html! {
        <div class="empty problem" role="alert">
            <p class="what">{ title }</p>
            <div class="teach"><p>{ &props.failure.message }</p><p>{ next }</p></div>
            if let Some(onclick) = retry {
                <button type="button" class="button" {onclick}>{ t("Try again") }</button>
            }
        </div>
    }
}

/// The data once it is there, else what stands in its place.
pub fn shown<T>(polled: &Polled<T>, skeleton: usize, view: impl FnOnce(&Rc<T>) -> Html) -> Html {
    match (&polled.data, &polled.failure) {
        (Some(data), failure) => html! { <>{ stale(failure.as_ref()) }{ view(data) }</> },
        (None, Some(failure)) => html! { <Problem failure={failure.clone()} /> },
        (None, None) => html! { <Skeleton rows={skeleton} /> },
    }
}

/// Data is there, but the last attempt to renew it failed.
fn stale(failure: Option<&Failure>) -> Html {
    failure.map_or_else(Html::default, |failure| {
        html! {
            <p class="note waiting" role="status">
                { t!("These figures may be old: {why} Trying again.", why = failure.message) }
            </p>
        }
    })
}

/// Why a press of a button was refused.
pub fn refused(failure: Option<&Failure>) -> Html {
    failure.map_or_else(Html::default, |failure| {
        html! { <p class="note bad" role="alert">{ &failure.message }</p> }
    })
}
