//! Who approves payouts, and what files say of whoever pays.

use crate::action::{Action, use_action};
use crate::api;
use crate::context::use_console;
use crate::part::form::{Field, Form, line};
use crate::part::state::{refused, shown};
use crate::poll::use_poll;
use crate::text::t;
use goodword_wire::{CreditNoteIssuer, PayoutSettings, SepaPayer, TaxSettings, TremendousPayer};
use yew::prelude::*;

/// The settings, as a form.
#[component]
pub fn Settings() -> Html {
    let context = use_console();
    let settings = use_poll::<PayoutSettings>(context.mode(), "/v1/payouts/settings".to_owned());
    let saved = use_state_eq(|| false);
    let mode = context.mode();
    let done = {
        let saved = saved.clone();
        Callback::from(move |()| saved.set(true))
    };
    let save = use_action(
        move |input: PayoutSettings| async move {
            api::write::<PayoutSettings>(mode, "PUT", "/v1/payouts/settings", &input).await.map(|_| ())
        },
        done,
    );
    shown(&settings, 6, |settings| form(settings, &save, &saved))
}

fn form(settings: &PayoutSettings, save: &Action<PayoutSettings>, saved: &UseStateHandle<bool>) -> Html {
    let onsubmit = {
        let (run, saved) = (save.run.clone(), saved.clone());
        Callback::from(move |event: SubmitEvent| {
            saved.set(false);
            run.emit(typed(&Form::of(&event)));
        })
    };
    html! {
        <form class="sheet" {onsubmit}>
            { approval(settings) }
            { sepa(&settings.sepa.clone().unwrap_or_default()) }
            { gift_cards(&settings.tremendous.clone().unwrap_or_default()) }
            { credit_notes(&settings.credit_note.clone().unwrap_or_default()) }
            { taxes(&settings.tax.clone().unwrap_or_default()) }
            { refused(save.progress.failure.as_ref()) }
            <div class="controls">
                <button type="submit" class="button primary" disabled={save.progress.busy}>{ t("Save") }</button>
                <span role="status" class="quiet">{ if **saved && save.progress.failure.is_none() { t("Saved.") } else { "" } }</span>
            </div>
        </form>
    }
}

fn approval(settings: &PayoutSettings) -> Html {
    let second = settings.approval.as_deref() == Some("second_person");
    html! {
        <fieldset>
            <legend>{ t("Approval") }</legend>
            <label class="field"><span>{ t("Who may approve a batch") }</span>
                <select name="approval">
                    <option value="none" selected={!second}>{ t("Anybody who may pay, also who created it") }</option>
                    <option value="second_person" selected={second}>{ t("A second person: not who created it") }</option>
                </select></label>
            <p class="quiet">{ t("Only an owner can end that a second person approves.") }</p>
        </fieldset>
    }
}

fn sepa(payer: &SepaPayer) -> Html {
    html! {
        <fieldset>
            <legend>{ t("Bank transfers (SEPA)") }</legend>
            <p class="quiet">{ t("The account your bank pays from. Leave it empty if you do not pay this way.") }</p>
            { line(t("Account holder"), "sepaName", &payer.name, "Shop GmbH", false) }
            { line("IBAN", "sepaIban", &payer.iban, "DE89 3704 0044 0532 0130 00", false) }
            { line(t("BIC, if your bank asks for it"), "sepaBic", payer.bic.as_deref().unwrap_or_default(), "COBADEFFXXX", false) }
        </fieldset>
    }
}

fn gift_cards(payer: &TremendousPayer) -> Html {
    let products = payer.products.clone().unwrap_or_default().join(", ");
    let campaign = payer.campaign_id.as_deref().unwrap_or_default();
    let source = payer.funding_source.as_deref().unwrap_or_default();
    html! {
        <fieldset>
            <legend>{ t("Gift cards (Tremendous)") }</legend>
            <p class="quiet">{ t("A campaign or a list of products, one of the two; both are named by their ids at Tremendous.") }</p>
            { line(t("Campaign"), "campaign", campaign, "ABC123", false) }
            { line(t("Products, separated by commas"), "products", &products, "OKMHM2X2OHYV, KV934TZ93NQM", false) }
            { line(t("Funding source"), "source", source, "balance", false) }
        </fieldset>
    }
}

fn credit_notes(issuer: &CreditNoteIssuer) -> Html {
    html! {
        <fieldset>
            <legend>{ t("Credit notes") }</legend>
            <Field label={t("Your postal address")} name="address" value={issuer.address.clone()} rows={3} />
            { line(t("Your tax number"), "taxId", issuer.tax_id.as_deref().unwrap_or_default(), "DE123456789", false) }
        </fieldset>
    }
}

fn taxes(tax: &TaxSettings) -> Html {
    let choice = |label: &'static str,
                  name: &'static str,
                  chosen: bool,
                  no: &'static str,
                  yes: &'static str| {
        html! {
            <label class="field"><span>{ label }</span>
                <select {name}><option value="no" selected={!chosen}>{ no }</option><option value="yes" selected={chosen}>{ yes }</option></select></label>
        }
    };
    html! {
        <fieldset>
            <legend>{ t("Taxes") }</legend>
            { choice(t("Country, address, VAT number and forms of partners"), "taxRequired", tax.required, t("Are not needed to be paid"), t("Must be complete before a partner is paid")) }
            { line(t("Your country, two letters"), "taxCountry", tax.country.as_deref().unwrap_or_default(), "DE", false) }
            { choice(t("Invoices"), "selfBilling", tax.self_billing, t("Partners write their own"), t("Are written here for partners who agree to it")) }
            { line(t("Percent of VAT in what firms of your country are paid"), "domesticVat", tax.domestic_vat.as_deref().unwrap_or_default(), "19", false) }
            <p class="quiet">{ t("Invoices carry the address and number said under credit notes.") }</p>
        </fieldset>
    }
}

fn typed(form: &Form) -> PayoutSettings {
    let (holder, iban, bic) = (form.text("sepaName"), form.text("sepaIban"), form.text("sepaBic"));
    let sepa = (holder.is_some() || iban.is_some() || bic.is_some()).then(|| SepaPayer {
        name: holder.unwrap_or_default(),
        iban: iban.unwrap_or_default(),
        bic,
    });
    let products = form.text("products").map(|text| parts(&text));
    let campaign_id = form.text("campaign");
    let tremendous = (campaign_id.is_some() || products.is_some()).then(|| TremendousPayer {
        funding_source: form.text("source"),
        campaign_id,
        products,
    });
    let (address, tax_id) = (form.text("address"), form.text("taxId"));
    let credit_note = (address.is_some() || tax_id.is_some())
        .then(|| CreditNoteIssuer { address: address.unwrap_or_default(), tax_id });
    let is = |name: &str| form.text(name).as_deref() == Some("yes");
    let tax = TaxSettings {
        required: is("taxRequired"),
        country: form.text("taxCountry"),
        self_billing: is("selfBilling"),
        domestic_vat: form.text("domesticVat"),
    };
    let tax = (tax != TaxSettings::default()).then_some(tax);
    PayoutSettings { approval: form.text("approval"), sepa, tremendous, credit_note, tax }
}

fn parts(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn products_are_separated_by_commas() {
        assert_eq!(super::parts(" A1, ,B2,"), ["A1", "B2"]);
    }
}
