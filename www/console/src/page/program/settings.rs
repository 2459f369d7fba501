//! What a program says besides its rewards, being edited.

use crate::part::edit::Edit;
use crate::terms::TermsForm;
use crate::text::{key, t};
use yew::prelude::*;

const MODELS: [(&str, &str); 5] = [
    ("last_touch", key("Last touch: all to the latest")),
    ("first_touch", key("First touch: all to the earliest")),
    ("linear", key("Linear: the same to each")),
    ("position_based", key("Position-based: 40 % first, 40 % last, 20 % between")),
    ("time_decay", key("Time decay: the later the more")),
];

/// The fields.
pub fn settings(edit: &Edit<TermsForm>, currency: &str) -> Html {
    html! {
        <>
            { offer(edit) }
            { credit(edit) }
            { money(edit, currency) }
            { links(edit) }
        </>
    }
}

fn offer(edit: &Edit<TermsForm>) -> Html {
    let form = &edit.value;
    html! {
        <fieldset>
            <legend>{ t("Program") }</legend>
            <div class="fields">
                { edit.text((t("Name"), t("partners see it")), "name", &form.name, |f, text| f.name = text) }
                { edit.text((t("Address"), t("where links lead")), "url", &form.url, |f, text| f.url = text) }
                { edit.text((t("Terms"), t("version")), "terms.version", &form.agreed_version, |f, text| f.agreed_version = text) }
                { edit.text((t("Terms"), t("where they can be read")), "terms.url", &form.agreed_url, |f, text| f.agreed_url = text) }
                { edit.text((t("New groups of partners"), t("separated by commas")), "groups", &form.new_groups, |f, text| f.new_groups = text) }
            </div>
            <div class="ticks">
                { edit.tick(t("Open: people can join"), form.is_open, |f, yes| f.is_open = yes) }
                { edit.tick(t("Who joins is approved at once"), form.auto_approve, |f, yes| f.auto_approve = yes) }
            </div>
        </fieldset>
    }
}

fn credit(edit: &Edit<TermsForm>) -> Html {
    let form = &edit.value;
    let windows = edit.part("attributionWindows", form.windows.clone(), |f, windows| f.windows = windows);
    let days = &windows.value;
    html! {
        <fieldset>
            <legend>{ t("Who is credited") }</legend>
            <div class="fields">
                { edit.choice(t("Model"), "attributionModel", &form.model, &MODELS, |f, word| f.model = word) }
            </div>
            { windows.fault("") }
            <div class="fields narrow">
                { windows.text((t("A click counts"), t("days")), "click", &days.click, |f, text| f.click = text) }
                { windows.text((t("A form counts"), t("days")), "form", &days.form, |f, text| f.form = text) }
                { windows.text((t("A code counts"), t("days")), "code", &days.code, |f, text| f.code = text) }
                { windows.text((t("A registered deal counts"), t("days")), "registration", &days.registration, |f, text| f.registration = text) }
            </div>
            <div class="ticks">
                { edit.tick(t("Only who never bought before can be referred"), form.new_customers_only, |f, yes| f.new_customers_only = yes) }
            </div>
        </fieldset>
    }
}

fn money(edit: &Edit<TermsForm>, currency: &str) -> Html {
    let form = &edit.value;
    let unit = currency.to_ascii_uppercase();
    html! {
        <fieldset>
            <legend>{ t("When it is paid") }</legend>
            <div class="fields narrow">
                { edit.text((t("Held for"), t("days")), "holdDays", &form.hold_days, |f, text| f.hold_days = text) }
                { edit.text((t("Paid out from"), unit.as_str()), "minPayout", &form.min_payout, |f, text| f.min_payout = text) }
            </div>
            <div class="ticks">
                { edit.tick(t("Commissions are taken from a budget, and end with it"), form.budgeted, |f, yes| f.budgeted = yes) }
            </div>
        </fieldset>
    }
}

fn links(edit: &Edit<TermsForm>) -> Html {
    let form = &edit.value;
    html! {
        <fieldset>
            <legend>{ t("Links and clicks") }</legend>
            <div class="fields">
                { edit.text((t("Link parameters"), t("besides via, ref and gw")), "linkParameters", &form.link_parameters, |f, text| f.link_parameters = text) }
                { edit.text((t("Clicks are kept"), t("days; 0 is for ever")), "clickRetentionDays", &form.click_retention_days, |f, text| f.click_retention_days = text) }
            </div>
        </fieldset>
    }
}
