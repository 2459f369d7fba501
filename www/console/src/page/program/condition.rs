//! Conditions being edited: groups within groups, and comparisons.

use crate::part::edit::Edit;
use crate::terms::{Compare, Group, Join, NUMBERS, Op, Part, RewardForm};
use crate::text::{key, t};
use yew::prelude::*;

const FIELDS: [(&str, &str); 9] = [
    ("product", key("Product")),
    ("plan", key("Plan")),
    ("quantity", key("Quantity")),
    ("amount", key("Amount paid")),
    ("country", key("Country")),
    ("customer", key("Customer")),
    ("group", key("Partner’s group")),
    ("partner", key("Partner")),
    ("metadata", key("Metadata")),
];

/// How deep groups may be nested on the screen; the server takes no deeper ones.
const DEEPEST: usize = 5;

/// The condition of a reward.
pub fn when(reward: &Edit<RewardForm>, currency: &str) -> Html {
    let edit = reward.part("when", reward.value.when.clone(), |f, when| f.when = when);
    html! {
        <fieldset>
            <legend>{ t("Only if") }</legend>
            // A lone part stands at the same path, and tells its faults itself.
            if edit.value.parts.is_empty() || !edit.value.place(0).is_empty() {
                { edit.fault("") }
            }
            if edit.value.parts.is_empty() {
                <p class="quiet">{ t("It is paid always. Add a condition to limit it.") }</p>
            }
            { group(&edit, 0, currency) }
        </fieldset>
    }
}

fn group(edit: &Edit<Group>, depth: usize, currency: &str) -> Html {
    let form = &edit.value;
    let joins = Join::ALL.map(|(_, word, text)| (word, text));
    html! {
        <div class="conditions">
            if form.parts.len() > 1 || depth > 0 || form.join != Join::All {
                { edit.choice(t("It is paid if"), "join", form.join.word(), &joins, |f, word| f.join = Join::parse(&word)) }
            }
            <ul>{ for (0..form.parts.len()).map(|place| part(edit, place, depth, currency)) }</ul>
            <p class="controls">
                { edit.button(t("Add a condition"), "", |f| f.parts.push(Part::Compare(Compare { field: "country".into(), ..Compare::default() }))) }
                if depth < DEEPEST {
                    { edit.button(t("Add a group"), "", |f| f.parts.push(Part::Group(Group { join: Join::Any, bare: false, ..Group::default() }))) }
                }
            </p>
        </div>
    }
}

fn part(of: &Edit<Group>, place: usize, depth: usize, currency: &str) -> Html {
    let name = of.value.place(place);
    let remove = of.button(t("Remove"), &t!("condition {n}", n = place + 1), move |f| {
        f.parts.remove(place);
    });
    let inner = match of.value.parts.get(place) {
        Some(Part::Group(inner)) => {
            let edit = of.part(&name, inner.clone(), move |f, inner| put(f, place, Part::Group(inner)));
            html! { <>{ group(&edit, depth + 1, currency) }{ edit.fault("") }</> }
        }
        Some(Part::Compare(inner)) => {
            let edit = of.part(&name, inner.clone(), move |f, inner| put(f, place, Part::Compare(inner)));
            html! { <>{ compare(&edit, currency) }{ edit.fault("") }</> }
        }
        None => Html::default(),
    };
    html! { <li key={place}>{ inner }{ remove }</li> }
}

fn put(group: &mut Group, place: usize, part: Part) {
    if let Some(old) = group.parts.get_mut(place) {
        *old = part;
    }
}

fn compare(edit: &Edit<Compare>, currency: &str) -> Html {
    let form = &edit.value;
    let numbers = NUMBERS.contains(&form.field.as_str());
    let ops: Vec<(&str, &str)> = Op::ALL
        .iter()
        .filter(|(op, ..)| numbers || !op.is_of_numbers())
        .map(|(_, word, text)| (*word, *text))
        .collect();
    let hint = match (form.field.as_str(), form.op.is_of_numbers()) {
        ("amount", true) => currency.to_ascii_uppercase(),
        ("customer", _) => t("new or returning").into(),
        ("country", _) => t("such as DE, AT").into(),
        ("partner", _) => "ids".into(),
        (_, true) => String::new(),
        _ => t("separated by commas").into(),
    };
    html! {
        <div class="fields">
            { edit.choice(t("What"), "field", &form.field, &FIELDS, put_field) }
            if form.field == "metadata" {
                { edit.text(t("Name"), "name", &form.name, |f, text| f.name = text) }
            }
            { edit.choice(t("How"), "op", form.op.word(), &ops, |f, word| f.op = Op::parse(&word)) }
            { edit.text((t("Value"), hint.as_str()), "value", &form.value, |f, text| f.value = text) }
        </div>
    }
}

fn put_field(form: &mut Compare, word: String) {
    if !NUMBERS.contains(&word.as_str()) && form.op.is_of_numbers() {
        form.op = Op::Is;
    }
    form.field = word;
}
