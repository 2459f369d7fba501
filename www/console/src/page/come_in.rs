//! Pages one comes to by a link in a mail: accepting an invitation, and choosing another password.

use crate::api::{self, Failure};
use crate::browser;
use crate::page::settings::secret;
use crate::part::form::Form;
use crate::part::language::LanguageChoice;
use crate::part::state::refused;
use crate::route::Mode;
use crate::shell::mark;
use crate::text::t;
use goodword_wire::{AcceptInput, ResetInput, Session};
use yew::platform::spawn_local;
use yew::prelude::*;

/// What a link in a mail is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Door {
    /// Becoming one of the vendor's people.
    Join(String),
    /// Choosing another password.
    Reset(String),
}

impl Door {
    /// From the two parts of an address.
    pub fn parse(path: &str, search: &str) -> Option<Self> {
        let query = crate::route::Query::parse(search);
        let token = query.get("token").unwrap_or_default().to_owned();
        match path.trim_end_matches('/') {
            "/console/join" => Some(Self::Join(token)),
            "/console/reset" => Some(Self::Reset(token)),
            _ => None,
        }
    }
}

/// Which door, and whom to tell.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub door: Door,
    /// Called with the session, or with none where one has to log in.
    pub done: Callback<Option<Session>>,
}

/// The page.
#[component]
pub fn ComeIn(props: &Props) -> Html {
    let (busy, failure) = (use_state_eq(|| false), use_state_eq(|| None::<Failure>));
    let joins = matches!(props.door, Door::Join(_));
    let title = if joins { t("Welcome") } else { t("Choose another password") };
    use_effect_with((), move |()| browser::set_title(title));
    let onsubmit = {
        let (door, done, busy, failure) =
            (props.door.clone(), props.done.clone(), busy.clone(), failure.clone());
        Callback::from(move |event: SubmitEvent| {
            let form = Form::of(&event);
            let (door, done, busy, failure) = (door.clone(), done.clone(), busy.clone(), failure.clone());
            busy.set(true);
            spawn_local(async move {
                match enter(door, form).await {
                    Ok(session) => done.emit(session),
                    Err(refusal) => {
                        failure.set(Some(refusal));
                        busy.set(false);
                    }
                }
            });
        })
    };
    html! {
        <main class="lone log-in">
            <div class="brand">{ mark() }<span>{ "Goodword" }</span></div>
            <h1>{ title }</h1>
            { refused(failure.as_ref()) }
            <form {onsubmit}>
                if joins {
                    <label class="field"><span>{ t("Your name") }</span>
                        <input type="text" name="name" autocomplete="name" maxlength="100" required=true autofocus=true /></label>
                }
                { secret(t("Password, at least 10 characters"), "password", "new-password") }
                { secret(t("The same again"), "again", "new-password") }
                <button type="submit" class="button primary" disabled={*busy}>{ if joins { t("Come in") } else { t("Save it") } }</button>
            </form>
            <p class="quiet"><a href="/console">{ t("To the log-in") }</a></p>
            <LanguageChoice />
        </main>
    }
}

async fn enter(door: Door, form: Form) -> Result<Option<Session>, Failure> {
    let password = form.secret("password");
    if password != form.secret("again") {
        return Err(Failure::of_input(t("The two passwords are not the same.")));
    }
    match door {
        Door::Join(token) => {
            let input = AcceptInput { token: Some(token), name: form.text("name"), password };
            api::write::<Session>(Mode::Live, "POST", "/v1/session/join", &input).await.map(Some)
        }
        Door::Reset(token) => {
            let input = ResetInput { token: Some(token), password };
            api::write::<serde_json::Value>(Mode::Live, "POST", "/v1/session/reset", &input)
                .await
                .map(|_| None)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Door;

    #[test]
    fn doors_are_told_by_their_addresses() {
        assert_eq!(Door::parse("/console/join", "?token=abc"), Some(Door::Join("abc".into())));
        assert_eq!(Door::parse("/console/reset/", "?token=x"), Some(Door::Reset("x".into())));
        assert_eq!(Door::parse("/console/partners", "?token=x"), None);
    }
}
