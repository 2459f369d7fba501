//! Caps, the split among partners, and what the referred gets, being edited.

use super::reward::unit;
use crate::part::edit::Edit;
use crate::terms::RewardForm;
use crate::text::{key, t};
use yew::prelude::*;

const SPLITS: [(&str, &str); 4] = [
    ("", key("Not by this reward")),
    ("percentage", key("By percentages sent with the sale")),
    ("role", key("By role")),
    ("position", key("By position")),
];
const REFERRED: [(&str, &str); 5] = [
    ("", key("Nothing")),
    ("coupon", key("A coupon")),
    ("credit", key("A credit")),
    ("credits", key("Credits of the product")),
    ("months", key("Free months")),
];

const PERIODS: [(&str, &str); 5] = [
    ("day", key("A day")),
    ("month", key("A month")),
    ("quarter", key("A quarter")),
    ("year", key("A year")),
    ("ever", key("All time")),
];

/// The most it pays.
pub fn caps(reward: &Edit<RewardForm>, currency: &str) -> Html {
    let unit = unit(&reward.value, currency);
    let edit = reward.part("caps", reward.value.caps.clone(), |f, caps| f.caps = caps);
    let form = &edit.value;
    html! {
        <fieldset>
            <legend>{ t("At most") }</legend>
            { edit.fault("") }
            <div class="fields">
                { edit.text((t("For one event"), unit.as_str()), "event", &form.event, |f, text| f.event = text) }
                { edit.text((t("For one customer"), unit.as_str()), "customer", &form.customer, |f, text| f.customer = text) }
                { edit.text((t("For one partner"), unit.as_str()), "partner", &form.partner, |f, text| f.partner = text) }
                { edit.text((t("For all partners"), unit.as_str()), "total", &form.total, |f, text| f.total = text) }
                if !form.partner.is_empty() || !form.total.is_empty() {
                    { edit.choice(t("Partners’ caps are for"), "period", &form.period, &PERIODS, |f, word| f.period = word) }
                }
            </div>
            <p class="quiet">{ t("What is left empty is not limited.") }</p>
        </fieldset>
    }
}

/// How several partners share it.
pub fn split(reward: &Edit<RewardForm>) -> Html {
    let edit = reward.part("split", reward.value.split.clone(), |f, split| f.split = split);
    let form = &edit.value;
    html! {
        <fieldset>
            <legend>{ t("Shared among partners named with a sale") }</legend>
            { edit.fault("") }
            <div class="fields">
                { edit.choice(t("Shared"), "by", &form.by, &SPLITS, |f, word| f.by = word) }
                if form.by == "role" {
                    { edit.text((t("Weights"), t("closer: 3, opener: 1")), "roles", &form.roles, |f, text| f.roles = text) }
                }
                if form.by == "position" {
                    { edit.text((t("To the first"), "%"), "first", &form.first, |f, text| f.first = text) }
                    { edit.text((t("To the last"), "%"), "last", &form.last, |f, text| f.last = text) }
                }
            </div>
        </fieldset>
    }
}

/// What the person who was referred gets.
pub fn referred(reward: &Edit<RewardForm>, currency: &str) -> Html {
    let edit = reward.part("referred", reward.value.referred.clone(), |f, referred| f.referred = referred);
    let form = &edit.value;
    let money = currency.to_ascii_uppercase();
    html! {
        <fieldset>
            <legend>{ t("Who was referred gets") }</legend>
            { edit.fault("") }
            <div class="fields">
                { edit.choice(t("Gift"), "type", &form.kind, &REFERRED, |f, word| f.kind = word) }
                if form.kind == "coupon" {
                    { edit.text(t("Code"), "code", &form.code, |f, text| f.code = text) }
                }
                if form.kind == "credit" {
                    { edit.text((t("Amount"), money.as_str()), "amount", &form.amount, |f, text| f.amount = text) }
                }
                if matches!(form.kind.as_str(), "credits" | "months") {
                    { edit.text(t("How many"), "amount", &form.amount, |f, text| f.amount = text) }
                }
            </div>
        </fieldset>
    }
}
