//! Who is in: the log-in page until somebody is, then the shell.

use crate::api::{self, Failure};
use crate::browser;
use crate::page::come_in::ComeIn;
use crate::page::log_in::LogIn;
use crate::part::state::{Problem, Skeleton};
use crate::route::{Mode, Place};
use crate::shell::Shell;
use crate::text::t;
use goodword_wire::Session;
use std::rc::Rc;
use yew::platform::spawn_local;
use yew::prelude::*;

#[derive(Clone, PartialEq)]
enum Who {
    Unknown,
    Nobody { expired: bool },
    Somebody(Rc<Session>),
    Unreachable(Failure),
}

/// The whole console.
#[component]
pub fn App() -> Html {
    let who = use_state_eq(|| Who::Unknown);
    use_effect_with((), {
        let who = who.clone();
        move |()| ask(who)
    });
    let retry = {
        let who = who.clone();
        Callback::from(move |()| ask(who.clone()))
    };
    let entered = {
        let who = who.clone();
        Callback::from(move |session: Session| who.set(Who::Somebody(Rc::new(session))))
    };
    let door = use_state_eq(browser::door);
    let through = {
        let (who, door) = (who.clone(), door.clone());
        Callback::from(move |session: Option<Session>| {
            browser::show(&Place::parse("/console", ""), true);
            door.set(None);
            who.set(
                session.map_or(Who::Nobody { expired: false }, |session| Who::Somebody(Rc::new(session))),
            );
        })
    };
    let left = {
        let who = who.clone();
        Callback::from(move |expired: bool| who.set(Who::Nobody { expired }))
    };
    if let Some(door) = (*door).clone() {
        return html! { <ComeIn {door} done={through} /> };
    }
    match &*who {
        Who::Unknown => html! { <main class="lone" aria-busy="true"><Skeleton rows={3} /></main> },
        Who::Nobody { expired } => html! { <LogIn expired={*expired} {entered} /> },
        Who::Somebody(session) => html! { <Shell session={session.clone()} {left} /> },
        Who::Unreachable(failure) => {
            browser::set_title(t("No connection"));
            html! { <main class="lone"><Problem failure={failure.clone()} {retry} /></main> }
        }
    }
}

fn ask(who: UseStateHandle<Who>) {
    spawn_local(async move {
        who.set(match api::get::<Session>(Mode::Live, "/v1/session").await {
            Ok(session) => Who::Somebody(Rc::new(session)),
            Err(failure) if failure.is_unauthorized() => Who::Nobody { expired: false },
            Err(failure) => Who::Unreachable(failure),
        });
    });
}
