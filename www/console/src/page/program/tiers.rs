//! Tiers being edited.

use super::reward::unit;
use crate::part::edit::Edit;
use crate::terms::{RewardForm, StepForm, TiersForm};
use yew::prelude::*;

const MODES: [(&str, &str); 3] = [
    ("marginal", "Each rate for what lies within its tier"),
    ("retroactive", "The rate reached for all of the period"),
    ("retroactive_on_growth", "The rate reached for the growth over the period before"),
];
const MEASURES: [(&str, &str); 3] =
    [("amount", "Revenue"), ("quantity", "Units sold"), ("count", "Number of events")];

/// Calendar periods, UTC.
const PERIODS: [(&str, &str); 4] =
    [("month", "A month"), ("quarter", "A quarter"), ("year", "A year"), ("ever", "All time")];

const MOST: usize = 20;

/// The tiers of a reward.
pub fn tiers(reward: &Edit<RewardForm>, currency: &str) -> Html {
    let edit = reward.part("tiers", reward.value.tiers.clone(), |f, tiers| f.tiers = tiers);
    let form = &edit.value;
    let rate = if form.flat { unit(&reward.value, currency) } else { "%".to_owned() };
    html! {
        <fieldset>
            <legend>{ "Tiers" }</legend>
            { edit.fault("") }
            <div class="fields">
                { edit.choice("How they work", "mode", &form.mode, &MODES, |f, word| f.mode = word) }
                { edit.choice("By the partner’s", "measure", &form.measure, &MEASURES, |f, word| f.measure = word) }
                { edit.choice("Counted over", "period", &form.period, &PERIODS, |f, word| f.period = word) }
                { edit.choice("Each pays", "flat", if form.flat { "flat" } else { "percentage" },
                    &[("percentage", "A percentage"), ("flat", "An amount for each unit or event")], |f, word| f.flat = word == "flat") }
            </div>
            <ol class="steps">
                { for (0..form.steps.len()).map(|place| step(&edit, place, &rate, currency)) }
            </ol>
            if form.steps.len() < MOST {
                <p>{ edit.button("Add a tier", "", |f| f.steps.push(StepForm::default())) }</p>
            }
        </fieldset>
    }
}

fn step(tiers: &Edit<TiersForm>, place: usize, rate: &str, currency: &str) -> Html {
    let Some(step) = tiers.value.steps.get(place).cloned() else { return Html::default() };
    let money = currency.to_ascii_uppercase();
    let from = if tiers.value.measure == "amount" { money.as_str() } else { "the first in it" };
    let name = if tiers.value.flat { "amount" } else { "percentage" };
    let edit = tiers.part(&format!("steps[{place}]"), step, move |f, step| {
        if let Some(old) = f.steps.get_mut(place) {
            *old = step;
        }
    });
    let remove = tiers.button("Remove", &format!("tier {}", place + 1), move |f| {
        f.steps.remove(place);
    });
    html! {
        <li key={place}>
            <div class="fields">
                { edit.text(("From", from), "from", &edit.value.from, |f, text| f.from = text) }
                { edit.text(("Pays", rate), name, &edit.value.rate, |f, text| f.rate = text) }
            </div>
            if tiers.value.steps.len() > 1 {
                { remove }
            }
            { edit.fault("") }
        </li>
    }
}
