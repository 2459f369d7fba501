//! One's own security: sessions, password, authenticator.

use super::authenticator::SecondFactor;
use crate::action::use_action;
use crate::api::{self, Failure};
use crate::context::{Context, use_console};
use crate::date;
use crate::part::badge::badge;
use crate::part::form::Form;
use crate::part::state::{refused, shown};
use crate::part::table::{Column, Table, row, text};
use crate::poll::use_poll;
use crate::route::{Mode, encode};
use crate::text::{key, t};
use crate::words::Tone;
use goodword_wire::{OpenSession, PasswordInput, Security};
use yew::prelude::*;

const COLUMNS: [Column; 4] =
    [text(key("Browser")), text(key("Began")), text(key("Last used")), text(key("Change"))];

/// The whole of it.
#[component]
pub fn OwnSecurity() -> Html {
    let context = use_console();
    let security = use_poll::<Security>(Mode::Live, "/v1/security".to_owned());
    let end = use_action(
        move |id: String| async move {
            let path = format!("/v1/security/sessions/{}", encode(&id));
            api::delete(Mode::Live, &path).await
        },
        Callback::noop(),
    );
    let everywhere = use_action(
        move |()| async move { api::delete(Mode::Live, "/v1/security/sessions").await },
        context.expired.clone(),
    );
    let log_out = everywhere.run.reform(|_: MouseEvent| ());
    html! {
        <>
            <section aria-labelledby="sessions-title">
                <div class="head-row">
                    <h2 id="sessions-title">{ t("Where you are logged in") }</h2>
                    <button type="button" class="button" onclick={log_out} disabled={everywhere.progress.busy}>{ t("Log out everywhere") }</button>
                </div>
                { refused(end.progress.failure.as_ref().or(everywhere.progress.failure.as_ref())) }
                { shown(&security, 2, |security| html! {
                    <Table caption={t("Open sessions")} columns={&COLUMNS[..]}>
                        { for security.sessions.iter().map(|one| row(&one.id, &COLUMNS, cells(&context, one, &end.run))) }
                    </Table>
                }) }
                <p class="quiet">{ t("A session ends after two hours without use, and after twelve hours at the latest.") }</p>
            </section>
            <div class="columns">
                <section aria-labelledby="factor-title">
                    <h2 id="factor-title">{ t("Authenticator") }</h2>
                    { shown(&security, 2, |security| html! {
                        <SecondFactor on={security.two_factor} codes={security.recovery_codes} />
                    }) }
                </section>
                <section aria-labelledby="password-title">
                    <h2 id="password-title">{ t("Password") }</h2>
                    <Password />
                </section>
            </div>
        </>
    }
}

fn cells(context: &Context, one: &OpenSession, end: &Callback<String>) -> Vec<Html> {
    let button = if one.current {
        badge(t("This one"), Tone::Good)
    } else {
        let id = one.id.clone();
        let onclick = end.reform(move |_: MouseEvent| id.clone());
        html! { <button type="button" class="button small" {onclick}>{ t("End it") }<span class="hidden">{ ": " }{ browser(&one.agent) }</span></button> }
    };
    vec![
        html! { browser(&one.agent) },
        html! { date::minute(&one.created_at) },
        html! { date::ago(&one.used_at, context.now) },
        button,
    ]
}

/// What a browser calls itself, in two words.
fn browser(agent: &str) -> String {
    let first = |known: &[(&str, &'static str)]| {
        known.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    let name = first(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    ]);
    match (name, system) {
        (Some(name), Some(system)) => t!("{name} on {system}", name, system),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => t("Another program").to_owned(),
    }
}

#[component]
fn Password() -> Html {
    let done = use_state_eq(|| false);
    let change = {
        let done = done.clone();
        use_action(
            move |form: Form| {
                let done = done.clone();
                async move {
                    let (current, new) = (form.secret("current"), form.secret("new"));
                    if new != form.secret("again") {
                        return Err(Failure::of_input(t("The two new passwords are not the same.")));
                    }
                    let input = PasswordInput { current, new };
                    api::write::<serde_json::Value>(Mode::Live, "POST", "/v1/security/password", &input)
                        .await?;
                    form.reset();
                    done.set(true);
                    Ok(())
                }
            },
            Callback::noop(),
        )
    };
    let onsubmit = change.run.reform(|event: SubmitEvent| Form::of(&event));
    html! {
        <form class="sheet" {onsubmit}>
            { secret(t("Password so far"), "current", "current-password") }
            { secret(t("New password, at least 10 characters"), "new", "new-password") }
            { secret(t("New password again"), "again", "new-password") }
            { refused(change.progress.failure.as_ref()) }
            <div class="controls">
                <button type="submit" class="button primary" disabled={change.progress.busy}>{ t("Change it") }</button>
                <span role="status" class="quiet">{ if *done && change.progress.failure.is_none() { t("Changed. Your other sessions were ended.") } else { "" } }</span>
            </div>
        </form>
    }
}

/// A field for a password.
pub fn secret(label: &'static str, name: &'static str, complete: &'static str) -> Html {
    let least = if complete == "new-password" { "10" } else { "1" };
    html! {
        <label class="field"><span>{ label }</span>
            <input type="password" {name} autocomplete={complete} minlength={least} required=true /></label>
    }
}

#[cfg(test)]
mod tests {
    use super::browser;

    #[test]
    fn browsers_are_called_by_their_names() {
        let chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Safari/537.36";
        assert_eq!(browser(chrome), "Chrome on Linux");
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile/15E148 Safari/604.1";
        assert_eq!(browser(phone), "Safari on iPhone");
        assert_eq!(browser("curl/8.0"), "Another program");
    }
}
