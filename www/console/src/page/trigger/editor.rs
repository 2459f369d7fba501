//! Making and changing a trigger, and trying it out before.

use super::runs::{outcome, told};
use crate::action::use_action;
use crate::api::{self, Failure};
use crate::context::{Context, use_console};
use crate::date;
use crate::part::badge::badge;
use crate::part::edit::Edit;
use crate::part::state::refused;
use crate::poll::use_poll;
use crate::route::encode;
use crate::rules::{ACTIONS, ActionForm, CompareForm, FACTS, OPS, RuleForm, is_money, is_number};
use crate::terms::{Fault, Faults};
use crate::text::t;
use goodword_domain::event::EventKind;
use goodword_wire::{DryRun, DryRunInput, Trigger, TriggerInput, Webhook};
use std::rc::Rc;
use yew::prelude::*;

/// How many of the latest events it is tried on.
const TRIED: i64 = 20;

/// What is edited.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// What is known.
    pub form: Rc<RuleForm>,
    /// The trigger's id, where it is there already.
    #[prop_or_default]
    pub id: Option<AttrValue>,
    /// Called with the id of one that was made.
    pub made: Callback<String>,
}

/// What is done with what is typed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Deed {
    Save,
    Try,
}

/// The editor.
#[component]
pub fn Editor(props: &Props) -> Html {
    let context = use_console();
    let (form, faults) = (use_state_eq(|| (*props.form).clone()), use_state_eq(Rc::<Faults>::default));
    let tried = use_state_eq(|| None::<Rc<Vec<DryRun>>>);
    let webhooks = use_poll::<Vec<Webhook>>(context.mode(), "/v1/webhooks?pageSize=100".to_owned());
    use_effect_with(props.form.clone(), {
        let form = form.clone();
        move |known| form.set((**known).clone())
    });
    let currency = context.currency(Some(&form.program));
    let act = {
        let (tried, made, id, mode) = (tried.clone(), props.made.clone(), props.id.clone(), context.mode());
        let (form, faults) = (form.clone(), faults.clone());
        use_action(
            move |(deed, input): (Deed, TriggerInput)| {
                let (tried, made, id) = (tried.clone(), made.clone(), id.clone());
                let (form, faults) = (form.clone(), faults.clone());
                async move {
                    let done = carry_out(mode, deed, id.as_deref(), input).await;
                    let failed = done.as_ref().err().filter(|failure| failure.status == 422);
                    let failed = failed.map(|failure| Fault::of_server(&failure.message));
                    faults.set(Rc::new(form.faults(failed.into_iter().collect())));
                    match done? {
                        Done::Tried(runs) => tried.set(Some(Rc::new(runs))),
                        Done::Saved(trigger) => made.emit(trigger),
                    }
                    Ok(())
                }
            },
            Callback::noop(),
        )
    };
    let run = |deed: Deed| {
        let (form, faults, run, currency) = (form.clone(), faults.clone(), act.run.clone(), currency.clone());
        move || match form.read(&currency) {
            Ok(input) => run.emit((deed, input)),
            Err(wrong) => faults.set(Rc::new(form.faults(wrong))),
        }
    };
    let (save, try_out) = (run(Deed::Save), run(Deed::Try));
    let onsubmit = Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        save();
    });
    let change = {
        let (form, tried) = (form.clone(), tried.clone());
        Callback::from(move |next: RuleForm| {
            tried.set(None);
            form.set(next);
        })
    };
    let edit =
        Edit { value: Rc::new((*form).clone()), change, path: String::new(), faults: (*faults).clone() };
    let busy = act.progress.busy;
    html! {
        <form class="terms" {onsubmit} novalidate=true>
            { basics(&context, &edit) }
            { conditions(&edit, &currency) }
            { actions(&context, &edit, &currency, webhooks.data.as_deref().map_or(&[][..], Vec::as_slice)) }
            { refused(act.progress.failure.as_ref()) }
            <div class="controls">
                <button type="submit" class="button primary" disabled={busy}>{ if props.id.is_some() { t("Save") } else { t("Add") } }</button>
                <button type="button" class="button" disabled={busy} onclick={Callback::from(move |_: MouseEvent| try_out())}>{ t("Try it out") }</button>
            </div>
            { outcomes(tried.as_deref()) }
        </form>
    }
}

/// What came of it.
enum Done {
    Tried(Vec<DryRun>),
    Saved(String),
}

async fn carry_out(
    mode: crate::route::Mode,
    deed: Deed,
    id: Option<&str>,
    input: TriggerInput,
) -> Result<Done, Failure> {
    if deed == Deed::Try {
        let input = DryRunInput { trigger: Some(input), latest: Some(TRIED), ..DryRunInput::default() };
        return api::write(mode, "POST", "/v1/triggers/dry-run", &input).await.map(Done::Tried);
    }
    let saved: Trigger = match id {
        Some(id) => api::write(mode, "PATCH", &format!("/v1/triggers/{}", encode(id)), &input).await?,
        None => api::write(mode, "POST", "/v1/triggers", &input).await?,
    };
    Ok(Done::Saved(saved.id))
}

fn basics(context: &Context, edit: &Edit<RuleForm>) -> Html {
    let kinds: Vec<(&str, &str)> = EventKind::ALL.iter().map(|(_, word, _)| (*word, *word)).collect();
    let programs: Vec<(&str, &str)> =
        context.programs.iter().map(|program| (program.id.as_str(), program.name.as_str())).collect();
    let means = EventKind::parse(&edit.value.event).map_or("", EventKind::means);
    html! {
        <fieldset>
            <legend>{ t("When") }</legend>
            <div class="fields">
                { edit.text(t("Name"), "name", &edit.value.name, |f, text| f.name = text) }
                if programs.len() > 1 {
                    { edit.choice_of_names(t("Program"), "programId", &edit.value.program, &programs, |f, word| f.program = word) }
                }
                { edit.choice(t("On"), "event", &edit.value.event, &kinds, |f, word| f.event = word) }
            </div>
            <p class="quiet">{ crate::words::known(means).to_owned() }</p>
        </fieldset>
    }
}

fn conditions(edit: &Edit<RuleForm>, currency: &str) -> Html {
    let form = &edit.value;
    let joins = [("all", t("all of these are so")), ("any", t("one of these is so"))];
    html! {
        <fieldset>
            <legend>{ t("Only if") }</legend>
            if form.compares.is_empty() {
                <p class="quiet">{ t("It acts on each of these events. Add a condition to limit it.") }</p>
            }
            <div class="conditions">
                if form.compares.len() > 1 {
                    { edit.choice(t("It acts if"), "join", if form.any { "any" } else { "all" }, &joins, |f, word| f.any = word == "any") }
                }
                <ul>{ for (0..form.compares.len()).map(|place| compare(edit, place, currency)) }</ul>
                <p class="controls">{ edit.button(t("Add a condition"), "", |f| f.compares.push(CompareForm::new())) }</p>
            </div>
            { edit.fault("when") }
        </fieldset>
    }
}

fn compare(of: &Edit<RuleForm>, place: usize, currency: &str) -> Html {
    let Some(inner) = of.value.compares.get(place).cloned() else { return Html::default() };
    let remove = of.button(t("Remove"), &t!("condition {n}", n = place + 1), move |f| {
        f.compares.remove(place);
    });
    let edit = of.part(&of.value.compare_path(place), inner, move |f, inner| {
        if let Some(old) = f.compares.get_mut(place) {
            *old = inner;
        }
    });
    let form = &edit.value;
    let ops: Vec<(&str, &str)> =
        OPS.into_iter().filter(|(word, _)| is_number(&form.field) || !word.starts_with("at")).collect();
    let hint = match (form.op.starts_with("at"), is_money(&form.field)) {
        (true, true) => currency.to_ascii_uppercase(),
        (true, false) => String::new(),
        (false, _) => t("separated by commas").to_owned(),
    };
    html! {
        <li key={place}>
            <div class="fields">
                { edit.choice(t("What"), "field", &form.field, &FACTS, put_field) }
                if form.field == "metadata" {
                    { edit.text(t("Name"), "name", &form.name, |f, text| f.name = text) }
                }
                { edit.choice(t("How"), "op", &form.op, &ops, |f, word| f.op = word) }
                { edit.text((t("Value"), hint.as_str()), "value", &form.value, |f, text| f.value = text) }
            </div>
            { edit.fault("") }
            { remove }
        </li>
    }
}

fn put_field(form: &mut CompareForm, word: String) {
    if !is_number(&word) && form.op.starts_with("at") {
        form.op = "is".into();
    }
    form.field = word;
}

fn actions(context: &Context, edit: &Edit<RuleForm>, currency: &str, webhooks: &[Webhook]) -> Html {
    html! {
        <fieldset>
            <legend>{ t("Then") }</legend>
            <ol class="steps">
                { for (0..edit.value.actions.len()).map(|place| action(context, edit, place, currency, webhooks)) }
            </ol>
            <p class="controls">{ edit.button(t("Add an action"), "", |f| f.actions.push(ActionForm::new("points"))) }</p>
            { edit.fault("actions") }
        </fieldset>
    }
}

fn action(
    context: &Context,
    of: &Edit<RuleForm>,
    place: usize,
    currency: &str,
    webhooks: &[Webhook],
) -> Html {
    let Some(inner) = of.value.actions.get(place).cloned() else { return Html::default() };
    let remove = of.button(t("Remove"), &t!("action {n}", n = place + 1), move |f| {
        f.actions.remove(place);
    });
    let edit = of.part(&format!("actions[{place}]"), inner, move |f, inner| {
        if let Some(old) = f.actions.get_mut(place) {
            *old = inner;
        }
    });
    html! {
        <li key={place}>
            <div class="fields">
                { edit.choice(t("Action"), "type", &edit.value.kind, &ACTIONS, |f, word| f.kind = word) }
                { details(context, &edit, &of.value.program, currency, webhooks) }
            </div>
            { edit.fault("") }
            if of.value.actions.len() > 1 { { remove } }
        </li>
    }
}

fn details(
    context: &Context,
    edit: &Edit<ActionForm>,
    program: &str,
    currency: &str,
    webhooks: &[Webhook],
) -> Html {
    let form = &edit.value;
    match form.kind.as_str() {
        "move_to_group" => {
            let groups =
                context.program(Some(program)).map(|program| program.groups.as_slice()).unwrap_or_default();
            let mut options = vec![("", t("Choose a group"))];
            options.extend(groups.iter().map(|group| (group.id.as_str(), group.name.as_str())));
            edit.choice_of_names(t("Group"), "groupId", &form.group, &options, |f, word| f.group = word)
        }
        "points" => edit.text((t("Points"), ""), "amount", &form.amount, |f, text| f.amount = text),
        "bonus" => {
            let unit = currency.to_ascii_uppercase();
            edit.text((t("Amount"), unit.as_str()), "amount", &form.amount, |f, text| f.amount = text)
        }
        "mail" => html! {
            <>
                { edit.choice(t("To"), "to", &form.to, &[("partner", t("The partner")), ("owner", t("The owners"))], |f, word| f.to = word) }
                { edit.text((t("Subject"), t("{{partner}}, {{program}} and {{event}} are filled in")), "subject", &form.subject, |f, text| f.subject = text) }
                { edit.text(t("Text"), "body", &form.body, |f, text| f.body = text) }
            </>
        },
        "webhook" => {
            let mut options = vec![("", t("Choose an endpoint"))];
            options.extend(webhooks.iter().map(|webhook| (webhook.id.as_str(), webhook.url.as_str())));
            edit.choice_of_names(t("Endpoint"), "webhookId", &form.webhook, &options, |f, word| {
                f.webhook = word;
            })
        }
        _ => Html::default(),
    }
}

fn outcomes(tried: Option<&Vec<DryRun>>) -> Html {
    let Some(tried) = tried else { return Html::default() };
    let acts = tried.iter().filter(|run| run.verdict == "acts").count();
    html! {
        <section aria-labelledby="tried-title">
            <h3 id="tried-title">{ t("Tried out; nothing was done") }</h3>
            <p role="status">{ if tried.is_empty() {
                t("There is nothing of the kind to try it on yet.").to_owned()
            } else {
                t!("Of the latest {tried}, it would act on {acts}.", tried = tried.len(), acts)
            } }</p>
            <ol class="timeline">
                { for tried.iter().enumerate().map(|(place, run)| {
                    let (word, tone) = outcome(&run.verdict);
                    html! {
                        <li key={place}>
                            <p class="badges">{ badge(word, tone) }<code class="clip">{ &run.subject }</code></p>
                            { told(&run.detail) }
                            if let Some(at) = &run.at { <time datetime={at.clone()}>{ date::minute(at) }</time> }
                        </li>
                    }
                }) }
            </ol>
        </section>
    }
}
