//! The vendor's offers.

use crate::context::{Context, use_console};
use crate::part::badge::badge;
use crate::part::head::Head;
use crate::part::link::Link;
use crate::part::state::{Empty, shown};
use crate::poll::use_poll;
use crate::route::Route;
use crate::text::{rich, t};
use crate::words::{self, Tone};
use goodword_wire::Program;
use yew::prelude::*;

/// The page.
#[component]
pub fn Programs() -> Html {
    let context = use_console();
    let programs = use_poll::<Vec<Program>>(context.mode(), "/v1/programs".to_owned());
    html! {
        <>
            <Head title={t("Programs")} lead={t("What you offer to partners, and on which terms.")} />
            { shown(&programs, 3, |programs| list(&context, programs)) }
        </>
    }
}

fn list(context: &Context, programs: &[Program]) -> Html {
    if programs.is_empty() {
        return no_program();
    }
    html! {
        <ul class="cards">
            { for programs.iter().map(|program| html! { <li key={program.id.clone()}>{ card(context, program) }</li> }) }
        </ul>
    }
}

/// What to do before there is anything to do.
pub fn no_program() -> Html {
    html! {
        <Empty title={t("No program yet")}>
            <p>{ t("A program says what partners earn and when. Make the first one through the API:") }</p>
            <p>{ rich!("{call} with a name, the address of your shop and a currency.", call = html! { <code>{ "POST /v1/programs" }</code> }) }</p>
        </Empty>
    }
}

fn card(context: &Context, program: &Program) -> Html {
    html! {
        <article class="panel">
            <h2><Link to={context.to(Route::Program(program.id.clone()))}>{ &program.name }</Link></h2>
            <p class="badges">{ status(program) }</p>
            <p class="quiet">{ &program.url }</p>
            { rewards(program) }
        </article>
    }
}

/// Open or closed, and whether it is the one meant when none is named.
pub fn status(program: &Program) -> Html {
    let tone = if program.status == "open" { Tone::Good } else { Tone::Plain };
    html! {
        <>
            { badge(&words::plain(&program.status), tone) }
            if program.default {
                { badge(t("Default"), Tone::Plain) }
            }
        </>
    }
}

/// Each reward in a sentence.
pub fn rewards(program: &Program) -> Html {
    if program.rewards.is_empty() {
        return html! { <p class="quiet">{ t("No reward is set: partners are credited, but earn nothing.") }</p> };
    }
    html! {
        <ul class="rewards">
            { for program.rewards.iter().enumerate().map(|(key, reward)| html! {
                <li {key}>if let Some(name) = &reward.name { <strong>{ name }</strong>{ ": " } }{ words::reward(reward, program) }</li>
            }) }
        </ul>
    }
}
