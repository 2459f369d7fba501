//! The second factor: shown as a QR code, confirmed by a code, and taken away again.

use super::security::secret;
use crate::action::use_action;
use crate::api;
use crate::part::copy::Copy;
use crate::part::dialog::Dialog;
use crate::part::form::{Ask, Form};
use crate::route::Mode;
use crate::text::{plural, t};
use goodword_wire::{Authenticator, ProofInput, RecoveryCodes};
use std::rc::Rc;
use yew::prelude::*;

/// Whether it is in use, and how many recovery codes are left.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub on: bool,
    pub codes: i64,
}

/// How far one has come.
#[derive(Clone, PartialEq)]
enum Step {
    Rest,
    /// The password is asked for.
    Password,
    /// The secret is shown, and a code of it asked for.
    Code(Rc<Authenticator>),
    /// It is in force.
    Codes(Rc<RecoveryCodes>),
    /// It is to be taken away.
    Remove,
}

/// The state, and the way to another one.
#[component]
pub fn SecondFactor(props: &Props) -> Html {
    let step = use_state_eq(|| Step::Rest);
    let to = |next: Step| {
        let step = step.clone();
        Callback::from(move |_: MouseEvent| step.set(next.clone()))
    };
    let rest = {
        let step = step.clone();
        Callback::from(move |()| step.set(Step::Rest))
    };
    let said = if props.on {
        plural!("Logging in takes a code of your authenticator. {n} recovery codes are left.", props.codes)
    } else {
        t("With an authenticator app a stolen password is not enough: logging in takes six digits that change every 30 seconds.")
            .to_owned()
    };
    html! {
        <>
            <p>{ said }</p>
            if props.on {
                <button type="button" class="button" onclick={to(Step::Remove)}>{ t("Remove the authenticator") }</button>
            } else {
                <button type="button" class="button primary" onclick={to(Step::Password)}>{ t("Add an authenticator") }</button>
            }
            { match &*step {
                Step::Rest => Html::default(),
                Step::Password => html! { <Begin step={step.setter()} close={rest} /> },
                Step::Code(shown) => html! { <Confirm shown={shown.clone()} step={step.setter()} close={rest} /> },
                Step::Codes(codes) => html! { <Codes codes={codes.clone()} close={rest} /> },
                Step::Remove => html! { <Remove close={rest} /> },
            } }
        </>
    }
}

/// Where it goes on, and how it is closed.
#[derive(Properties, PartialEq)]
struct BeginProps {
    step: UseStateSetter<Step>,
    close: Callback<()>,
}

#[component]
fn Begin(props: &BeginProps) -> Html {
    let step = props.step.clone();
    let begin = use_action(
        move |form: Form| {
            let step = step.clone();
            async move {
                let input = ProofInput { password: form.secret("password"), code: None };
                let shown: Authenticator =
                    api::write(Mode::Live, "POST", "/v1/security/authenticator", &input).await?;
                step.set(Step::Code(Rc::new(shown)));
                Ok(())
            }
        },
        Callback::noop(),
    );
    html! {
        <Ask title={t("Add an authenticator")} verb={t("Go on")} run={begin.run.clone()} progress={begin.progress.clone()} close={props.close.clone()}>
            <p>{ t("First show that it is you.") }</p>
            { secret(t("Your password"), "password", "current-password") }
        </Ask>
    }
}

/// What the app reads.
#[derive(Properties, PartialEq)]
struct ConfirmProps {
    shown: Rc<Authenticator>,
    step: UseStateSetter<Step>,
    close: Callback<()>,
}

#[component]
fn Confirm(props: &ConfirmProps) -> Html {
    let step = props.step.clone();
    let confirm = use_action(
        move |form: Form| {
            let step = step.clone();
            async move {
                let input = ProofInput { password: None, code: form.text("code") };
                let codes: RecoveryCodes =
                    api::write(Mode::Live, "POST", "/v1/security/authenticator/confirm", &input).await?;
                step.set(Step::Codes(Rc::new(codes)));
                Ok(())
            }
        },
        Callback::noop(),
    );
    let (shown, size) = (&props.shown, props.shown.qr.size);
    html! {
        <Ask title={t("Scan this with your app")} verb={t("Confirm")} run={confirm.run.clone()} progress={confirm.progress.clone()} close={props.close.clone()}>
            <svg class="qr" viewBox={format!("0 0 {size} {size}")} role="img" aria-label={t("QR code for your authenticator app")}>
                <path d={shown.qr.path.clone()} />
            </svg>
            <p class="quiet">{ t("Or type this into it:") }</p>
            <Copy text={shown.secret.clone()} what={t("the secret")} />
            { digits() }
        </Ask>
    }
}

/// The field for a code.
fn digits() -> Html {
    html! {
        <label class="field"><span>{ t("Code that the app shows") }</span>
            <input type="text" name="code" inputmode="numeric" autocomplete="one-time-code" required=true /></label>
    }
}

/// The codes that stand in for it.
#[derive(Properties, PartialEq)]
struct CodesProps {
    codes: Rc<RecoveryCodes>,
    close: Callback<()>,
}

#[component]
fn Codes(props: &CodesProps) -> Html {
    let onclick = props.close.reform(|_: MouseEvent| ());
    html! {
        <Dialog title={t("Your recovery codes")} close={props.close.clone()}>
            <p>{ t("Each lets you in once without the app. Keep them where you will find them without it; they are never shown again.") }</p>
            <Copy text={props.codes.codes.join("\n")} what={t("the recovery codes")} block={true} />
            <div class="controls"><button type="button" class="button primary" {onclick}>{ t("I have them") }</button></div>
        </Dialog>
    }
}

/// How it is closed.
#[derive(Properties, PartialEq)]
struct RemoveProps {
    close: Callback<()>,
}

#[component]
fn Remove(props: &RemoveProps) -> Html {
    let remove = use_action(
        move |form: Form| async move {
            let input = ProofInput { password: form.secret("password"), code: form.text("code") };
            api::write::<serde_json::Value>(Mode::Live, "DELETE", "/v1/security/authenticator", &input)
                .await
                .map(drop)
        },
        props.close.clone(),
    );
    html! {
        <Ask title={t("Remove the authenticator?")} verb={t("Remove it")} danger=true run={remove.run.clone()} progress={remove.progress.clone()} close={props.close.clone()}>
            <p>{ t("From then on your password alone lets you in. Recovery codes end, too.") }</p>
            { secret(t("Your password"), "password", "current-password") }
            { digits() }
        </Ask>
    }
}
