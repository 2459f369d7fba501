//! What tax law wants to know of a partner, and the invoices written in the partner's name.

use crate::action::use_action;
use crate::api;
use crate::context::use_console;
use crate::part::badge::badge;
use crate::part::facts::facts;
use crate::part::form::{Ask, Field, Form, line};
use crate::part::state::{refused, shown};
use crate::poll::use_poll;
use crate::route::encode;
use crate::text::t;
use crate::words::Tone;
use crate::{date, format};
use goodword_wire::{SelfInvoice, TaxProfile};
use yew::prelude::*;

/// Whose.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub id: AttrValue,
}

/// The fields, what is missing, and the invoices.
#[component]
pub fn Tax(props: &Props) -> Html {
    let context = use_console();
    let id = encode(&props.id);
    let profile = use_poll::<TaxProfile>(context.mode(), format!("/v1/partners/{id}/tax"));
    let invoices = use_poll::<Vec<SelfInvoice>>(context.mode(), format!("/v1/self-invoices?partnerId={id}"));
    let mode = context.mode();
    let load = use_action(
        move |id: String| async move { api::download(mode, &format!("/v1/self-invoices/{id}")).await },
        Callback::noop(),
    );
    let asked = use_state_eq(|| false);
    let set = |open: bool| {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(open))
    };
    html! {
        <section class="panel" aria-labelledby="tax-title">
            <h2 id="tax-title">{ t("Taxes") }</h2>
            { shown(&profile, 2, |profile| html! {
                <>
                    { told(profile) }
                    <div class="controls">
                        <button type="button" class="button" onclick={set(true).reform(|_: MouseEvent| ())}>{ t("Change tax fields") }</button>
                    </div>
                    if *asked { <Change id={props.id.clone()} profile={(**profile).clone()} close={set(false)} /> }
                </>
            }) }
            if let Some(all) = invoices.data.as_deref().filter(|all| !all.is_empty()) {
                <h3>{ t("Invoices in this partner’s name") }</h3>
                <ul class="plain">{ for all.iter().map(|one| html! {
                    <li key={one.id.clone()}>
                        <button type="button" class="button" onclick={load.run.reform({ let id = one.id.clone(); move |_: MouseEvent| id.clone() })}>{ &one.id }</button>
                        { format!(" · {} · {}", date::day(&one.created_at), format::money(one.amount, &one.currency)) }</li>
                }) }</ul>
                { refused(load.progress.failure.as_ref()) }
            }
        </section>
    }
}

fn told(p: &TaxProfile) -> Html {
    let text = |value: &Option<String>| value.clone().map(|value| html! { value });
    let kind = if p.business { t("Firm") } else { t("Person") };
    let vat = if p.vat_exempt { Some(html! { t("Needs none") }) } else { text(&p.vat_number) };
    html! {
        <>
            if !p.missing.is_empty() {
                <p class="badges">{ badge(t("Payouts wait"), Tone::Waiting) }<span>{ t!("Missing: {missing}", missing = p.missing.iter().map(|field| called(field)).collect::<Vec<_>>().join(", ")) }</span></p>
            }
            { facts([
                (t("Taxed as"), Some(html! { kind })),
                (t("Name"), text(&p.name)),
                (t("Address"), text(&p.address)),
                (t("Country"), text(&p.country)),
                (t("VAT number"), vat),
                (t("Form on file"), p.form.as_ref().map(|form| html! { { if form == "w9" { "W-9" } else { "W-8" } } })),
                (t("Invoices"), p.self_billing.then(|| html! { t("Agrees that you write them") })),
            ]) }
        </>
    }
}

/// A field as people call it.
fn called(field: &str) -> &str {
    match field {
        "vatNumber" => t("VAT number"),
        "form" => t("W-9 or W-8"),
        other => other,
    }
}

/// Whose, and what it is now.
#[derive(Properties, PartialEq)]
struct ChangeProps {
    id: AttrValue,
    profile: TaxProfile,
    close: Callback<()>,
}

#[component]
fn Change(props: &ChangeProps) -> Html {
    let mode = use_console().mode();
    let id = props.id.clone();
    let known = use_memo((), |()| props.profile.clone());
    let save = use_action(
        move |input: TaxProfile| {
            let path = format!("/v1/partners/{}/tax", encode(&id));
            async move { api::write::<TaxProfile>(mode, "PUT", &path, &input).await.map(|_| ()) }
        },
        props.close.clone(),
    );
    let held = |value: &Option<String>| value.clone().unwrap_or_default();
    let choice =
        |name: &'static str, label: &'static str, options: &[(&'static str, &'static str)], chosen: &str| {
            html! {
                <label class="field"><span>{ label }</span>
                    <select {name}>{ for options.iter().map(|(word, text)| html! {
                        <option key={*word} value={*word} selected={*word == chosen}>{ *text }</option>
                    }) }</select></label>
            }
        };
    let kind = match (known.business, known.vat_exempt) {
        (false, _) => "person",
        (true, false) => "firm",
        (true, true) => "exempt",
    };
    html! {
        <Ask title={t("Taxes of this partner")} verb={t("Save")} run={save.run.reform(|form: Form| typed(&form))}
            progress={save.progress.clone()} close={props.close.clone()}>
            { choice("kind", t("Taxed as"), &[("person", t("Person")), ("firm", t("Firm")), ("exempt", t("Firm that needs no VAT number"))], kind) }
            { line(t("Name on invoices"), "name", &held(&known.name), "Maya GmbH", false) }
            <Field label={t("Postal address")} name="address" value={held(&known.address)} rows={3} />
            { line(t("Country, two letters"), "country", &held(&known.country), "DE", false) }
            { line(t("VAT number"), "vat", &held(&known.vat_number), "DE123456789", false) }
            { choice("form", t("Form of the United States on file"), &[("", t("None")), ("w9", "W-9"), ("w8", "W-8")], &held(&known.form)) }
            { choice("billing", t("Invoices"), &[("no", t("The partner writes them")), ("yes", t("The partner agrees that you write them"))], if known.self_billing { "yes" } else { "no" }) }
        </Ask>
    }
}

fn typed(form: &Form) -> TaxProfile {
    let kind = form.text_or_empty("kind");
    TaxProfile {
        country: form.text("country"),
        name: form.text("name"),
        address: form.text("address"),
        business: kind != "person",
        vat_number: form.text("vat"),
        vat_exempt: kind == "exempt",
        form: form.text("form"),
        self_billing: form.text("billing").as_deref() == Some("yes"),
        missing: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn fields_are_called_as_people_call_them() {
        assert_eq!((super::called("vatNumber"), super::called("country")), ("VAT number", "country"));
    }
}
