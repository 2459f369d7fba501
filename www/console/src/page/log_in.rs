//! Getting in.

use crate::api::{self, Failure};
use crate::browser;
use crate::route::Mode;
use crate::shell::mark;
use goodword_wire::{LoginInput, Session};
use web_sys::HtmlInputElement;
use yew::platform::spawn_local;
use yew::prelude::*;

/// Why one is here, and who to tell.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// Whether a session ended by itself.
    pub expired: bool,
    pub entered: Callback<Session>,
}

/// The page.
#[component]
pub fn LogIn(props: &Props) -> Html {
    use_effect_with((), |()| browser::set_title("Log in"));
    let (email, password) = (use_node_ref(), use_node_ref());
    let busy = use_state_eq(|| false);
    let failure = use_state_eq(|| None::<Failure>);
    let onsubmit = {
        let (email, password, busy) = (email.clone(), password.clone(), busy.clone());
        let (failure, entered) = (failure.clone(), props.entered.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let input = LoginInput { email: value(&email), password: value(&password) };
            let (busy, failure, entered) = (busy.clone(), failure.clone(), entered.clone());
            busy.set(true);
            spawn_local(async move {
                match api::write::<Session>(Mode::Live, "POST", "/v1/session", &input).await {
                    Ok(session) => entered.emit(session),
                    Err(refused) => {
                        failure.set(Some(refused));
                        busy.set(false);
                    }
                }
            });
        })
    };
    let invalid = failure.as_ref().is_some_and(Failure::is_unauthorized).then_some("true");
    let said = failure.as_ref().map(|_| "log-in-failure");
    html! {
        <main class="lone log-in">
            <div class="brand">{ mark() }<span>{ "Goodword" }</span></div>
            <h1>{ "Log in" }</h1>
            if props.expired && failure.is_none() {
                <p class="note" role="status">{ "Your session has ended. Log in to go on where you were." }</p>
            }
            { refusal(failure.as_ref()) }
            <form {onsubmit} aria-describedby={said}>
                <label class="field"><span>{ "E-mail" }</span>
                    <input ref={email} type="email" name="email" autocomplete="username" required=true autofocus=true aria-invalid={invalid} /></label>
                <label class="field"><span>{ "Password" }</span>
                    <input ref={password} type="password" name="password" autocomplete="current-password" required=true aria-invalid={invalid} /></label>
                <button type="submit" class="button primary" disabled={*busy}>{ if *busy { "Logging in…" } else { "Log in" } }</button>
            </form>
            <p class="quiet">{ "No login yet? Whoever runs this server makes one with " }
                <code>{ "goodword admin create-user" }</code>{ "." }</p>
        </main>
    }
}

fn value(node: &NodeRef) -> Option<String> {
    node.cast::<HtmlInputElement>().map(|input| input.value())
}

fn refusal(failure: Option<&Failure>) -> Html {
    let Some(failure) = failure else { return Html::default() };
    let next = if failure.status == 429 { " Waiting a minute is enough." } else { "" };
    html! { <p class="note bad" id="log-in-failure" role="alert">{ &failure.message }{ next }</p> }
}
