//! One reward being edited, as a card.

use super::{condition, extras, tiers};
use crate::part::edit::Edit;
use crate::terms::{Lasts, RewardForm};
use crate::text::{key, t};
use crate::words;
use goodword_wire::{Group, Program};
use std::rc::Rc;
use yew::prelude::*;

const EVENTS: [(&str, &str); 5] = [
    ("sale", key("A sale")),
    ("renewal", key("A renewal (a sale to somebody who has paid before)")),
    ("lead", key("A sign-up")),
    ("click", key("A visit")),
    ("custom", key("An event of your own")),
];
const KINDS: [(&str, &str); 3] = [
    ("percentage", key("A percentage")),
    ("flat", key("A fixed amount")),
    ("tiers", key("Rates that rise in tiers")),
];
const PER: [(&str, &str); 3] =
    [("event", key("Sale")), ("unit", key("Unit of the quantity")), ("amount", key("Whole amount of"))];
const BASES: [(&str, &str); 3] = [
    ("net", key("After discount, before tax and shipping")),
    ("paid", key("All that was paid, with tax and shipping")),
    ("before_discount", key("Before discount, tax and shipping")),
];
const LASTS: [(&str, &str); 3] = [
    ("ever", key("Every one, for ever")),
    ("first", key("A customer’s first only")),
    ("months", key("Some months from a customer’s first on")),
];

/// What can be done to the card as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    Up,
    Down,
    Delete,
}

/// The reward and where it stands.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub edit: Edit<RewardForm>,
    pub program: Rc<Program>,
    pub place: usize,
    pub count: usize,
    pub moved: Callback<Move>,
}

/// The card: closed it says what the reward pays, open it has its fields.
#[component]
pub fn RewardCard(props: &Props) -> Html {
    let form = &props.edit.value;
    let own = format!("{}.", props.edit.path);
    let is_wrong = |place: &str| place == props.edit.path || place.starts_with(&own);
    let wrong = props.edit.faults.all().iter().any(|(place, _)| is_wrong(place));
    let open = use_state_eq(|| form.id.is_none());
    let ontoggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let shown = *open || wrong;
    let number = props.place + 1;
    let body = format!("{}-fields", props.edit.path);
    html! {
        <article class="panel reward" aria-label={t!("Reward {number}", number)}>
            <header>
                <h3>{ format!("{number}. ") }{ title(form) }</h3>
                <div class="controls">
                    { moving(props, Move::Up, "↑", t("Move up"), props.place == 0) }
                    { moving(props, Move::Down, "↓", t("Move down"), number == props.count) }
                    { moving(props, Move::Delete, t("Delete"), "", false) }
                    <button type="button" class="button small" onclick={ontoggle} aria-expanded={shown.to_string()} aria-controls={body.clone()}>
                        { if shown { t("Close") } else { t("Edit") } }<span class="hidden">{ " " }{ t!("reward {number}", number) }</span></button>
                </div>
            </header>
            <p class="quiet">{ sentence(form, &props.program) }</p>
            { props.edit.fault("") }
            <div id={body} hidden={!shown}>
                if shown {
                    { fields(&props.edit, &props.program) }
                }
            </div>
        </article>
    }
}

fn title(form: &RewardForm) -> String {
    if form.name.is_empty() {
        t!("For a {event}", event = words::event(&form.event))
    } else {
        form.name.clone()
    }
}

fn moving(props: &Props, what: Move, sign: &'static str, name: &'static str, disabled: bool) -> Html {
    let onclick = props.moved.reform(move |_: MouseEvent| what);
    let of = t!("{name} reward {n}", name, n = props.place + 1);
    html! {
        <button type="button" class="button small" {disabled} {onclick}>
            <span aria-hidden={(!name.is_empty()).then_some("true")}>{ sign }</span><span class="hidden">{ " " }{ of }</span></button>
    }
}

/// What it pays, as far as it is typed.
fn sentence(form: &RewardForm, program: &Program) -> String {
    crate::terms::one(form, &program.currency).map_or_else(
        || t("Fill in the fields below: then it says here what it pays.").to_owned(),
        |reward| words::reward(&reward, program),
    )
}

fn fields(edit: &Edit<RewardForm>, program: &Program) -> Html {
    let form = &edit.value;
    let currency = program.currency.as_str();
    html! {
        <div class="reward-fields">
            { pays(edit, currency) }
            if form.kind == "tiers" {
                { tiers::tiers(edit, currency) }
            }
            { whom(edit, &program.groups) }
            { condition::when(edit, currency) }
            { extras::caps(edit, currency) }
            { extras::split(edit) }
            { extras::referred(edit, currency) }
        </div>
    }
}

/// In what a reward can be paid.
const UNITS: [(&str, &str); 4] = [
    ("money", key("Money")),
    ("points", key("Points")),
    ("credits", key("Credits of the product")),
    ("months", key("Free months")),
];

/// How amounts are counted, for a label.
pub fn unit(form: &RewardForm, currency: &str) -> String {
    match form.unit(currency) {
        money if money == currency => currency.to_ascii_uppercase(),
        other => other.into(),
    }
}

fn pays(edit: &Edit<RewardForm>, currency: &str) -> Html {
    let form = &edit.value;
    let unit = unit(form, currency);
    let lasts = match form.lasts {
        Lasts::Ever => "ever",
        Lasts::First => "first",
        Lasts::Months => "months",
    };
    html! {
        <fieldset>
            <legend>{ t("What it pays, and for what") }</legend>
            <div class="fields">
                { edit.text((t("Name"), t("for you")), "name", &form.name, |f, text| f.name = text) }
                { edit.choice(t("Paid for"), "event", &form.event, &EVENTS, put_event) }
                if form.event == "custom" {
                    { edit.text((t("Event name"), t("as it is reported")), "eventName", &form.event_name, |f, text| f.event_name = text) }
                }
                { edit.choice(t("Pays"), "type", &form.kind, &kinds(form), |f, word| f.kind = word) }
                if form.kind == "flat" {
                    { edit.text((t("Amount"), unit.as_str()), "amount", &form.amount, |f, text| f.amount = text) }
                }
                if form.kind == "percentage" {
                    { edit.text((t("Percentage"), "%"), "percentage", &form.percentage, |f, text| f.percentage = text) }
                }
                { edit.choice(t("In"), "unit", form.unit("money"), &UNITS, |f, word| {
                    f.points = word == "points";
                    f.product = Some(word).filter(|word| word == "credits" || word == "months");
                }) }
                if form.kind != "flat" {
                    { edit.choice(t("Percentage of"), "basis", &form.basis, &BASES, |f, word| f.basis = word) }
                }
                if form.kind == "flat" && form.is_of_sales() {
                    { edit.choice(t("For each"), "per", &form.per, &PER, |f, word| f.per = word) }
                    if form.per == "amount" {
                        { edit.text((t("Each whole"), currency), "perAmount", &form.per_amount, |f, text| f.per_amount = text) }
                    }
                }
                if form.is_of_sales() {
                    { edit.choice(t("Which of a customer’s"), "maxDuration", lasts, &LASTS, |f, word| f.lasts = lasting(&word)) }
                }
                if form.is_of_sales() && form.lasts == Lasts::Months {
                    { edit.text((t("Months"), t("calendar months")), "months", &form.months, |f, text| f.months = text) }
                }
            </div>
        </fieldset>
    }
}

/// Where there is no amount, there is none to take a part of.
fn put_event(form: &mut RewardForm, word: String) {
    form.event = word;
    if !form.is_of_sales() {
        form.lasts = Lasts::Ever;
        form.per = "event".into();
        form.basis = "net".into();
        if form.kind == "percentage" {
            form.kind = "flat".into();
        }
    }
}

fn kinds(form: &RewardForm) -> Vec<(&'static str, &'static str)> {
    KINDS.into_iter().filter(|(word, _)| form.is_of_sales() || *word != "percentage").collect()
}

fn lasting(word: &str) -> Lasts {
    match word {
        "first" => Lasts::First,
        "months" => Lasts::Months,
        _ => Lasts::Ever,
    }
}

fn whom(edit: &Edit<RewardForm>, groups: &[Group]) -> Html {
    let form = &edit.value;
    let all = std::iter::once(("", t("All partners")));
    let options: Vec<(&str, &str)> =
        all.chain(groups.iter().map(|group| (group.id.as_str(), group.name.as_str()))).collect();
    html! {
        <fieldset>
            <legend>{ t("For whom, and when") }</legend>
            <div class="fields">
                { edit.choice_of_names(t("Partners"), "groupId", &form.group_id, &options, |f, word| f.group_id = word) }
                { edit.instant(t("From"), "startsAt", &form.starts_at, |f, text| f.starts_at = text) }
                { edit.instant(t("Until"), "endsAt", &form.ends_at, |f, text| f.ends_at = text) }
            </div>
        </fieldset>
    }
}
