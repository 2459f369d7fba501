//! Getting in: by password, and by a code where the account has an authenticator.

use crate::api::{self, Failure};
use crate::browser;
use crate::part::form::Form;
use crate::part::language::LanguageChoice;
use crate::route::Mode;
use crate::shell::mark;
use crate::text::{rich, t};
use goodword_wire::{CodeNeeded, ForgotInput, LoginInput, Session};
use serde::Deserialize;
use yew::platform::spawn_local;
use yew::prelude::*;

/// Why one is here, and who to tell.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// Whether a session ended by itself.
    pub expired: bool,
    pub entered: Callback<Session>,
}

/// How far one has come.
#[derive(Clone, Debug, PartialEq)]
enum Step {
    Password,
    /// The password was right, and is sent again with the code.
    Code(LoginInput),
    /// Another password is wished for.
    Forgot,
    /// A link is on its way.
    Mailed,
}

/// What the server answers.
#[derive(Deserialize)]
#[serde(untagged)]
enum Answer {
    In(Session),
    Code(CodeNeeded),
}

/// The page.
#[component]
pub fn LogIn(props: &Props) -> Html {
    use_effect_with((), |()| browser::set_title(t("Log in")));
    let (step, busy) = (use_state_eq(|| Step::Password), use_state_eq(|| false));
    let failure = use_state_eq(|| None::<Failure>);
    let onsubmit = {
        let (step, busy, failure, entered) =
            (step.clone(), busy.clone(), failure.clone(), props.entered.clone());
        Callback::from(move |event: SubmitEvent| {
            let form = Form::of(&event);
            let (step, busy, failure, entered) =
                (step.clone(), busy.clone(), failure.clone(), entered.clone());
            busy.set(true);
            spawn_local(async move {
                let answer = send(&step, &form, &entered).await;
                busy.set(false);
                match answer {
                    Ok(Some(next)) => {
                        failure.set(None);
                        step.set(next);
                    }
                    Ok(None) => {}
                    Err(refused) => failure.set(Some(refused)),
                }
            });
        })
    };
    let go = |to: Step| {
        let (step, failure) = (step.clone(), failure.clone());
        Callback::from(move |_: MouseEvent| {
            failure.set(None);
            step.set(to.clone());
        })
    };
    let invalid = failure.as_ref().is_some_and(Failure::is_unauthorized);
    html! {
        <main class="lone log-in">
            <div class="brand">{ mark() }<span>{ "Goodword" }</span></div>
            <h1>{ title(&step) }</h1>
            if props.expired && failure.is_none() && *step == Step::Password {
                <p class="note" role="status">{ t("Your session has ended. Log in to go on where you were.") }</p>
            }
            { refusal(failure.as_ref()) }
            if *step == Step::Mailed {
                <p role="status">{ t("If this is somebody’s address, a link is on its way. It works once, for an hour.") }</p>
            } else {
                <form {onsubmit} aria-describedby={failure.as_ref().map(|_| "log-in-failure")}>
                    { fields(&step, invalid) }
                    <button type="submit" class="button primary" disabled={*busy}>{ verb(&step, *busy) }</button>
                </form>
            }
            if *step == Step::Password {
                <p><button type="button" class="plain-link" onclick={go(Step::Forgot)}>{ t("Forgot your password?") }</button></p>
                <p class="quiet">{ rich!("No login yet? An owner invites you, or whoever runs this server makes one with {command}.",
                    command = html! { <code>{ "goodword admin create-user" }</code> }) }</p>
            } else {
                <p><button type="button" class="plain-link" onclick={go(Step::Password)}>{ t("Back to the log-in") }</button></p>
            }
            <LanguageChoice />
        </main>
    }
}

fn title(step: &Step) -> &'static str {
    match step {
        Step::Password => t("Log in"),
        Step::Code(_) => t("One step more"),
        Step::Forgot => t("Forgot your password?"),
        Step::Mailed => t("Look into your mailbox"),
    }
}

fn verb(step: &Step, busy: bool) -> &'static str {
    match (step, busy) {
        (Step::Forgot, _) => t("Send me a link"),
        (_, true) => t("Logging in…"),
        (_, false) => t("Log in"),
    }
}

fn fields(step: &Step, invalid: bool) -> Html {
    let invalid = invalid.then_some("true");
    let email = html! {
        <label class="field"><span>{ t("E-mail") }</span>
            <input type="email" name="email" autocomplete="username" required=true autofocus=true aria-invalid={invalid} /></label>
    };
    match step {
        Step::Code(_) => html! {
            <>
                <p>{ t("Type the six digits that your authenticator app shows, or one of your recovery codes.") }</p>
                <label class="field"><span>{ t("Code") }</span>
                    <input type="text" name="code" key="code" inputmode="text" autocomplete="one-time-code" required=true autofocus=true aria-invalid={invalid} /></label>
            </>
        },
        Step::Forgot => email,
        Step::Password | Step::Mailed => html! {
            <>
                { email }
                <label class="field"><span>{ t("Password") }</span>
                    <input type="password" name="password" autocomplete="current-password" required=true aria-invalid={invalid} /></label>
            </>
        },
    }
}

/// Sends what was typed; where one is next, if not in.
async fn send(step: &Step, form: &Form, entered: &Callback<Session>) -> Result<Option<Step>, Failure> {
    let input = match step {
        Step::Forgot => {
            let input = ForgotInput { email: form.text("email") };
            api::write::<serde_json::Value>(Mode::Live, "POST", "/v1/session/forgot", &input).await?;
            return Ok(Some(Step::Mailed));
        }
        Step::Code(known) => LoginInput { code: form.text("code"), ..known.clone() },
        Step::Password | Step::Mailed => {
            LoginInput { email: form.text("email"), password: form.secret("password"), code: None }
        }
    };
    match api::write::<Answer>(Mode::Live, "POST", "/v1/session", &input).await? {
        Answer::In(session) => {
            entered.emit(session);
            Ok(None)
        }
        Answer::Code(CodeNeeded { .. }) => Ok(Some(Step::Code(LoginInput { code: None, ..input }))),
    }
}

fn refusal(failure: Option<&Failure>) -> Html {
    let Some(failure) = failure else { return Html::default() };
    let next =
        if failure.status == 429 { format!(" {}", t("Waiting a minute is enough.")) } else { String::new() };
    html! { <p class="note bad" id="log-in-failure" role="alert">{ &failure.message }{ next }</p> }
}
