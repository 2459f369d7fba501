//! How a partner is paid, and holding the payouts back.

use crate::action::use_action;
use crate::api;
use crate::context::use_console;
use crate::part::badge::badge;
use crate::part::facts::facts;
use crate::part::form::{Ask, Field, Form, line};
use crate::part::state::{refused, shown};
use crate::poll::{Polled, use_poll};
use crate::route::encode;
use crate::text::t;
use crate::words::{Tone, payout as words};
use goodword_wire::{PayoutHold, PayoutMethod};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// Whom.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub id: AttrValue,
}

/// What is asked.
#[derive(Clone, Copy, PartialEq)]
enum Asked {
    Method,
    Hold,
}

/// The method and the hold, with what changes them.
#[component]
pub fn Payee(props: &Props) -> Html {
    let context = use_console();
    let path = format!("/v1/partners/{}", encode(&props.id));
    let method = use_poll::<PayoutMethod>(context.mode(), format!("{path}/payout-method"));
    let hold = use_poll::<PayoutHold>(context.mode(), format!("{path}/payout-hold"));
    let asked = use_state_eq(|| None::<Asked>);
    let ask = |what: Asked| {
        let asked = asked.clone();
        Callback::from(move |_: MouseEvent| asked.set(Some(what)))
    };
    let close = {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(None))
    };
    html! {
        <section class="panel" aria-labelledby="payee-title">
            <h2 id="payee-title">{ t("How this partner is paid") }</h2>
            { shown(&method, 2, |method| html! {
                <>
                    { told(method) }
                    { held(&hold) }
                    <div class="controls">
                        <button type="button" class="button" onclick={ask(Asked::Method)}>{ t("Change the method") }</button>
                        <Release id={props.id.clone()} hold={hold.clone()} ask={ask(Asked::Hold)} />
                    </div>
                    if *asked == Some(Asked::Method) {
                        <Change id={props.id.clone()} method={(**method).clone()} close={close.clone()} />
                    }
                    if *asked == Some(Asked::Hold) {
                        <Hold id={props.id.clone()} close={close.clone()} />
                    }
                </>
            }) }
        </section>
    }
}

fn told(method: &PayoutMethod) -> Html {
    let Some(word) = &method.method else {
        return html! { <p>{ t("Nobody has said yet. The partner can say it in the widget, once the e-mail address is proven, or you say it here.") }</p> };
    };
    let text = |value: &Option<String>| value.clone().map(|value| html! { value });
    facts([
        (t("Method"), Some(html! { words::method(word) })),
        (t("E-mail"), text(&method.email)),
        (t("Holder"), text(&method.holder)),
        ("IBAN", method.iban.as_ref().map(|iban| html! { <code>{ grouped(iban) }</code> })),
        ("BIC", text(&method.bic)),
        (t("Name"), text(&method.name)),
        (t("Address"), text(&method.address)),
        (t("Tax number"), text(&method.tax_id)),
    ])
}

/// An account number in groups of four, as it is printed.
fn grouped(iban: &str) -> String {
    let letters: Vec<char> = iban.chars().filter(|c| !c.is_whitespace()).collect();
    letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

fn held(hold: &Polled<PayoutHold>) -> Html {
    match hold.data.as_deref() {
        Some(PayoutHold { on_hold: true, reason }) => {
            let why = reason.as_deref().unwrap_or(t("No reason was given."));
            html! { <p class="badges">{ badge(t("Payouts on hold"), Tone::Bad) }<span>{ why }</span></p> }
        }
        _ => Html::default(),
    }
}

/// Whose hold.
#[derive(Properties, PartialEq)]
struct ReleaseProps {
    id: AttrValue,
    hold: Polled<PayoutHold>,
    ask: Callback<MouseEvent>,
}

/// The button that begins a hold, or ends it.
#[component]
fn Release(props: &ReleaseProps) -> Html {
    let mode = use_console().mode();
    let id = props.id.clone();
    let release = use_action(
        move |()| {
            let path = format!("/v1/partners/{}/payout-hold", encode(&id));
            async move { api::write::<PayoutHold>(mode, "PUT", &path, &PayoutHold::default()).await.map(|_| ()) }
        },
        Callback::noop(),
    );
    match props.hold.data.as_deref() {
        None => Html::default(),
        Some(hold) if hold.on_hold => html! {
            <>
                <button type="button" class="button" disabled={release.progress.busy} onclick={release.run.reform(|_: MouseEvent| ())}>
                    { t("End the hold") }</button>
                { refused(release.progress.failure.as_ref()) }
            </>
        },
        Some(_) => {
            html! { <button type="button" class="button" onclick={props.ask.clone()}>{ t("Hold payouts back") }</button> }
        }
    }
}

/// Whose.
#[derive(Properties, PartialEq)]
struct HoldProps {
    id: AttrValue,
    close: Callback<()>,
}

#[component]
fn Hold(props: &HoldProps) -> Html {
    let mode = use_console().mode();
    let id = props.id.clone();
    let save = use_action(
        move |input: PayoutHold| {
            let path = format!("/v1/partners/{}/payout-hold", encode(&id));
            async move { api::write::<PayoutHold>(mode, "PUT", &path, &input).await.map(|_| ()) }
        },
        props.close.clone(),
    );
    let run = save.run.reform(|form: Form| PayoutHold { on_hold: true, reason: form.text("reason") });
    html! {
        <Ask title={t("Hold this partner’s payouts back?")} verb={t("Hold them back")} danger=true {run}
            progress={save.progress.clone()} close={props.close.clone()}>
            <p>{ t("What is earned goes on clearing and is paid once you end the hold. A batch that was created before is not changed.") }</p>
            { line(t("Why, for your own people"), "reason", "", t("Waiting for the tax form"), false) }
        </Ask>
    }
}

/// Whose, and what it is now.
#[derive(Properties, PartialEq)]
struct ChangeProps {
    id: AttrValue,
    method: PayoutMethod,
    close: Callback<()>,
}

#[component]
fn Change(props: &ChangeProps) -> Html {
    let mode = use_console().mode();
    let id = props.id.clone();
    let known = use_memo((), |()| props.method.clone());
    let chosen = use_state_eq(|| known.method.clone().unwrap_or_else(|| "paypal".into()));
    let save = use_action(
        move |input: PayoutMethod| {
            let path = format!("/v1/partners/{}/payout-method", encode(&id));
            async move { api::write::<PayoutMethod>(mode, "PUT", &path, &input).await.map(|_| ()) }
        },
        props.close.clone(),
    );
    let onchange = {
        let chosen = chosen.clone();
        Callback::from(move |event: Event| {
            let select: HtmlSelectElement = event.target_unchecked_into();
            chosen.set(select.value());
        })
    };
    html! {
        <Ask title={t("How this partner is paid")} verb={t("Save")} run={save.run.reform(|form: Form| typed(&form))}
            progress={save.progress.clone()} close={props.close.clone()}>
            <label class="field"><span>{ t("Method") }</span>
                <select name="method" {onchange}>
                    { for words::METHODS.map(|word| html! {
                        <option key={word} value={word} selected={word == *chosen}>{ words::method(word) }</option>
                    }) }
                </select></label>
            { fields(&chosen, &known) }
            <p class="quiet">{ t("It counts for the next batch. A batch that was created before keeps the method it was created with.") }</p>
        </Ask>
    }
}

/// The details a method needs.
fn fields(method: &str, known: &PayoutMethod) -> Html {
    let held = |value: &Option<String>| value.clone().unwrap_or_default();
    let account = |needed: bool| {
        html! {
            <>
                { line(t("Account holder"), "holder", &held(&known.holder), "Maya Burke", needed) }
                { line("IBAN", "iban", &held(&known.iban), "DE89 3704 0044 0532 0130 00", needed) }
            </>
        }
    };
    let email = line(t("E-mail address"), "email", &held(&known.email), "maya@blog.example", true);
    let detail = match method {
        "paypal" | "gift_card" => email,
        "wise" => {
            html! { <>{ email }<p class="quiet">{ t("An account as well, unless Wise is to ask the partner for one.") }</p>{ account(false) }</> }
        }
        "sepa" => {
            html! { <>{ account(true) }{ line(t("BIC, if known"), "bic", &held(&known.bic), "COBADEFFXXX", false) }</> }
        }
        "credit_note" => html! {
            <>
                { line(t("Made out to"), "name", &held(&known.name), "Maya Burke", true) }
                <Field label={t("Postal address")} name="address" value={held(&known.address)} rows={3} needed=true />
                { line(t("Tax number, if there is one"), "taxId", &held(&known.tax_id), "DE123456789", false) }
            </>
        },
        _ => {
            html! { <p class="quiet">{ t("You pay outside of Goodword, and mark the payout as paid.") }</p> }
        }
    };
    html! { <div key={method.to_owned()} class="stack">{ detail }</div> }
}

fn typed(form: &Form) -> PayoutMethod {
    PayoutMethod {
        method: form.text("method"),
        email: form.text("email"),
        holder: form.text("holder"),
        iban: form.text("iban"),
        bic: form.text("bic"),
        name: form.text("name"),
        address: form.text("address"),
        tax_id: form.text("taxId"),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_account_is_read_in_groups() {
        assert_eq!(super::grouped("DE89370400440532013000"), "DE89 3704 0044 0532 0130 00");
    }
}
