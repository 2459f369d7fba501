//! Tiers being edited.

use super::reward::unit;
use crate::part::edit::Edit;
use crate::terms::{RewardForm, StepForm, TiersForm};
use crate::text::{key, t};
use yew::prelude::*;

const MODES: [(&str, &str); 3] = [
    ("marginal", key("Each rate for what lies within its tier")),
    ("retroactive", key("The rate reached for all of the period")),
    ("retroactive_on_growth", key("The rate reached for the growth over the period before")),
];
const MEASURES: [(&str, &str); 3] =
    [("amount", key("Revenue")), ("quantity", key("Units sold")), ("count", key("Number of events"))];

/// Calendar periods, UTC.
const PERIODS: [(&str, &str); 4] = [
    ("month", key("A month")),
    ("quarter", key("A quarter")),
    ("year", key("A year")),
    ("ever", key("All time")),
];

const MOST: usize = 20;

/// The tiers of a reward.
pub fn tiers(reward: &Edit<RewardForm>, currency: &str) -> Html {
    let edit = reward.part("tiers", reward.value.tiers.clone(), |f, tiers| f.tiers = tiers);
    let form = &edit.value;
    let rate = if form.flat { unit(&reward.value, currency) } else { "%".to_owned() };
    html! {
        <fieldset>
            <legend>{ t("Tiers") }</legend>
            { edit.fault("") }
            <div class="fields">
                { edit.choice(t("How they work"), "mode", &form.mode, &MODES, |f, word| f.mode = word) }
                { edit.choice(t("By the partner’s"), "measure", &form.measure, &MEASURES, |f, word| f.measure = word) }
                { edit.choice(t("Counted over"), "period", &form.period, &PERIODS, |f, word| f.period = word) }
                { edit.choice(t("Each pays"), "flat", if form.flat { "flat" } else { "percentage" },
                    &[("percentage", t("A percentage")), ("flat", t("An amount for each unit or event"))], |f, word| f.flat = word == "flat") }
            </div>
            <ol class="steps">
                { for (0..form.steps.len()).map(|place| step(&edit, place, &rate, currency)) }
            </ol>
            if form.steps.len() < MOST {
                <p>{ edit.button(t("Add a tier"), "", |f| f.steps.push(StepForm::default())) }</p>
            }
        </fieldset>
    }
}

fn step(tiers: &Edit<TiersForm>, place: usize, rate: &str, currency: &str) -> Html {
    let Some(step) = tiers.value.steps.get(place).cloned() else { return Html::default() };
    let money = currency.to_ascii_uppercase();
    let from = if tiers.value.measure == "amount" { money.as_str() } else { t("the first in it") };
    let name = if tiers.value.flat { "amount" } else { "percentage" };
    let edit = tiers.part(&format!("steps[{place}]"), step, move |f, step| {
        if let Some(old) = f.steps.get_mut(place) {
            *old = step;
        }
    });
    let remove = tiers.button(t("Remove"), &t!("tier {n}", n = place + 1), move |f| {
        f.steps.remove(place);
    });
    html! {
        <li key={place}>
            <div class="fields">
                { edit.text((t("From"), from), "from", &edit.value.from, |f, text| f.from = text) }
                { edit.text((t("Pays"), rate), name, &edit.value.rate, |f, text| f.rate = text) }
            </div>
            if tiers.value.steps.len() > 1 {
                { remove }
            }
            { edit.fault("") }
        </li>
    }
}
