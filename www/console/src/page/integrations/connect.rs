//! How a provider is connected, as a form.

use crate::action::{Action, use_action};
use crate::api::{self, Failure};
use crate::context::use_console;
use crate::part::form::{Field, Form, line};
use crate::part::state::refused;
use crate::text::t;
use goodword_wire::{InboundMapping, Integration, IntegrationInput};
use std::collections::BTreeMap;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub provider: &'static str,
    pub known: Option<Integration>,
}

/// The form.
#[component]
pub fn Connect(props: &Props) -> Html {
    let mode = use_console().mode();
    let saved = use_state_eq(|| false);
    let wrong = use_state_eq(|| None::<Failure>);
    let done = {
        let saved = saved.clone();
        Callback::from(move |()| saved.set(true))
    };
    let path = format!("/v1/integrations/{}", props.provider);
    let save = use_action(
        move |input: IntegrationInput| {
            let path = path.clone();
            async move { api::write::<Integration>(mode, "PUT", &path, &input).await.map(|_| ()) }
        },
        done,
    );
    let onsubmit = {
        let (run, saved, wrong, provider) = (save.run.clone(), saved.clone(), wrong.clone(), props.provider);
        Callback::from(move |event: SubmitEvent| {
            saved.set(false);
            match typed(provider, &Form::of(&event)) {
                Ok(input) => {
                    wrong.set(None);
                    run.emit(input);
                }
                Err(failure) => wrong.set(Some(failure)),
            }
        })
    };
    let failure = (*wrong).clone().or_else(|| save.progress.failure.clone());
    let done = *saved && failure.is_none();
    html! {
        <section aria-labelledby="connect-title">
            <h2 id="connect-title">{ if props.known.is_some() { t("How it is connected") } else { t("Connect") } }</h2>
            <form class="sheet" {onsubmit}>
                { fields(props) }
                { refused(failure.as_ref()) }
                { buttons(&save, done) }
            </form>
        </section>
    }
}

fn buttons(save: &Action<IntegrationInput>, done: bool) -> Html {
    html! {
        <div class="controls">
            <button type="submit" class="button primary" disabled={save.progress.busy}>{ t("Save") }</button>
            <span role="status" class="quiet">{ if done { t("Saved.") } else { "" } }</span>
        </div>
    }
}

fn fields(props: &Props) -> Html {
    let known = props.known.as_ref();
    let codes = known.map(|one| show_codes(&one.codes)).unwrap_or_default();
    let active = known.is_none_or(|one| one.active);
    html! {
        <>
            <label class="field"><span>{ secret_label(props.provider) }</span>
                <textarea name="secrets" rows="2" autocomplete="off" spellcheck="false" required={known.is_none()}
                    placeholder={if known.is_some() { t("Leave it empty to keep what is known") } else { "" }} /></label>
            <p class="quiet">{ t("Two lines while you change a secret: the old one and the new one.") }</p>
            <Field label={t("Discounts that are a partner’s, one a line")} name="codes" value={codes} rows={3} example="promo_1PqAbC = MAYA27" />
            if props.provider == "shopify" { { shopify(known) } }
            if props.provider == "generic" { { mapping(known) } }
            <label class="field"><span>{ t("Events") }</span>
                <select name="active">
                    <option value="true" selected={active}>{ t("Are taken") }</option>
                    <option value="false" selected={!active}>{ t("Are refused, so that the provider sends them again later") }</option>
                </select></label>
        </>
    }
}

fn secret_label(provider: &str) -> &'static str {
    match provider {
        "stripe" => t("Signing secret (whsec_…)"),
        "shopify" => t("Secret that Shopify shows under its webhooks"),
        "paddle" => t("Secret key of the notification destination"),
        _ => t("Secret"),
    }
}

fn shopify(known: Option<&Integration>) -> Html {
    let shop = known.and_then(|one| one.shop.clone()).unwrap_or_default();
    let presentment = known.and_then(|one| one.money.as_deref()) == Some("presentment");
    html! {
        <>
            { line("Shop", "shop", &shop, "tea.myshopify.com", false) }
            <label class="field"><span>{ t("Orders are counted in") }</span>
                <select name="money">
                    <option value="shop" selected={!presentment}>{ t("The shop’s currency") }</option>
                    <option value="presentment" selected={presentment}>{ t("The currency the buyer saw") }</option>
                </select></label>
        </>
    }
}

fn mapping(known: Option<&Integration>) -> Html {
    let known = known.and_then(|one| one.mapping.as_ref());
    let text = known.and_then(|mapping| serde_json::to_string_pretty(mapping).ok()).unwrap_or_default();
    html! {
        <>
            <Field label={t("Mapping, as JSON")} name="mapping" value={text} rows={14} needed={true} />
            <p class="quiet">{ t("How bodies are signed, and where in them things stand. The documentation has one for WooCommerce.") }</p>
        </>
    }
}

fn typed(provider: &str, form: &Form) -> Result<IntegrationInput, Failure> {
    let secrets = form.text("secrets").map(|text| lines(&text).map(str::to_owned).collect());
    let is_shopify = provider == "shopify";
    let mapping = form.text("mapping").map(|text| read_mapping(&text)).transpose()?;
    Ok(IntegrationInput {
        secrets,
        active: Some(form.text("active").as_deref() != Some("false")),
        program_id: None,
        codes: Some(read_codes(&form.text_or_empty("codes"))?),
        shop: is_shopify.then(|| form.text_or_empty("shop")),
        money: form.text("money").filter(|_| is_shopify),
        mapping,
    })
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// `theirs = ours`, one a line.
fn read_codes(text: &str) -> Result<BTreeMap<String, String>, Failure> {
    let read = |line: &str| {
        let (theirs, ours) = line.split_once('=')?;
        let (theirs, ours) = (theirs.trim(), ours.trim());
        (!theirs.is_empty() && !ours.is_empty()).then(|| (theirs.to_owned(), ours.to_owned()))
    };
    let wrong =
        |line: &str| Failure::of_input(t!("`{line}` must read `their discount = the partner’s code`.", line));
    lines(text).map(|line| read(line).ok_or_else(|| wrong(line))).collect()
}

fn show_codes(codes: &BTreeMap<String, String>) -> String {
    codes.iter().map(|(theirs, ours)| format!("{theirs} = {ours}")).collect::<Vec<_>>().join("\n")
}

/// A mapping, alone or as it stands in the documentation.
fn read_mapping(text: &str) -> Result<InboundMapping, Failure> {
    let wrong = |e: serde_json::Error| Failure::of_input(t!("The mapping is not as documented: {e}.", e));
    let input: serde_json::Value = serde_json::from_str(text).map_err(wrong)?;
    let inner = input.get("mapping").cloned().unwrap_or(input);
    serde_json::from_value(inner).map_err(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_they_are_shown() {
        let codes = read_codes(" promo_1 = MAYA27\n\nSUMMER=ANNA\n").unwrap();
        assert_eq!(show_codes(&codes), "SUMMER = ANNA\npromo_1 = MAYA27");
        assert_eq!(read_codes(&show_codes(&codes)).unwrap(), codes);
        assert!(read_codes("promo_1 MAYA27").is_err() && read_codes("= MAYA27").is_err());
    }

    #[test]
    fn a_mapping_is_taken_alone_or_as_documented() {
        let alone = r#"{"eventId":"id","rules":[{"report":"sale","fields":{"invoiceId":"id"}}]}"#;
        let mapping = read_mapping(alone).unwrap();
        assert_eq!(mapping.event_id.as_deref(), Some("id"));
        assert_eq!(read_mapping(&format!(r#"{{"mapping":{alone}}}"#)).unwrap(), mapping);
        assert!(read_mapping("{").is_err() && read_mapping(r#"{"rule":[]}"#).is_err());
    }
}
