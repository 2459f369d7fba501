//! The editor of a program: its settings as a form and its rewards as cards, saved together as one version.

use super::reward::{Move, RewardCard};
use super::settings::settings;
use super::what_if::WhatIf;
use crate::action::{Action, use_action};
use crate::api::{self, Failure};
use crate::browser;
use crate::context::use_console;
use crate::part::edit::{Edit, capital};
use crate::route::encode;
use crate::terms::{Fault, Faults, RewardForm, TermsForm};
use crate::text::t;
use goodword_wire::{Program, ProgramInput};
use std::rc::Rc;
use yew::prelude::*;

/// The program as it was last read.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub program: Rc<Program>,
    /// Told whether there is anything unsaved.
    pub dirty: Callback<bool>,
}

/// What is edited.
#[derive(Clone, PartialEq)]
struct Draft {
    /// What the form was opened with.
    base: Rc<Program>,
    form: TermsForm,
    /// One for each reward, so that a card keeps its state when it is moved.
    keys: Vec<usize>,
    /// What was wrong when it was last sent.
    faults: Rc<Faults>,
    /// The version that was saved last.
    saved: Option<i64>,
}

impl Draft {
    fn of(program: &Rc<Program>) -> Self {
        let form = TermsForm::of(program);
        let keys = (0..form.rewards.len()).collect();
        Self { base: program.clone(), form, keys, faults: Rc::default(), saved: None }
    }

    fn is_dirty(&self) -> bool {
        self.form != TermsForm::of(&self.base)
    }
}

/// The editor.
#[component]
pub fn Editor(props: &Props) -> Html {
    let draft = use_state_eq(|| Draft::of(&props.program));
    let dirty = draft.is_dirty();
    use_effect_with((props.program.clone(), dirty), {
        let draft = draft.clone();
        move |(program, dirty)| follow(program, &draft, *dirty)
    });
    use_effect_with((dirty, props.dirty.clone()), |(dirty, told)| told.emit(*dirty));
    let save = use_save(&draft);
    let change = {
        let draft = draft.clone();
        Callback::from(move |form: TermsForm| draft.set(Draft { form, saved: None, ..(*draft).clone() }))
    };
    let edit = Edit {
        value: Rc::new(draft.form.clone()),
        change,
        path: String::new(),
        faults: draft.faults.clone(),
    };
    let onsubmit = submit(&draft, &save);
    html! {
        <form class="terms" {onsubmit} novalidate=true>
            { elsewhere(&props.program, &draft, dirty) }
            { settings(&edit, &draft.base.currency) }
            <section aria-labelledby="edit-rewards">
                <h2 id="edit-rewards">{ t("Rewards") }</h2>
                <p class="lead">{ t("For each event, the first reward that applies is paid: put the special ones before the general ones.") }</p>
                { for (0..draft.form.rewards.len()).map(|place| card(&edit, &draft, place)) }
                { add(&draft) }
            </section>
            <WhatIf program={draft.base.clone()} input={draft.form.read(&draft.base.currency).ok()} />
            { bar(&draft, &save, dirty, props.program.version) }
        </form>
    }
}

/// What somebody else saved is taken over, unless something is typed here.
fn follow(program: &Rc<Program>, draft: &UseStateHandle<Draft>, dirty: bool) {
    if !dirty && *draft.base != **program && draft.base.version <= program.version {
        draft.set(Draft { saved: draft.saved, ..Draft::of(program) });
    }
}

fn elsewhere(program: &Rc<Program>, draft: &UseStateHandle<Draft>, dirty: bool) -> Html {
    if !dirty || program.version <= draft.base.version {
        return Html::default();
    }
    let take = {
        let (draft, program) = (draft.clone(), program.clone());
        Callback::from(move |_: MouseEvent| draft.set(Draft::of(&program)))
    };
    html! {
        <p class="note waiting" role="status">
            { t!("Version {version} was saved meanwhile. Saving puts what stands here in its place.", version = program.version) }{ " " }
            <button type="button" class="button small" onclick={take}>{ t("Take that version instead") }</button>
        </p>
    }
}

#[hook]
fn use_save(draft: &UseStateHandle<Draft>) -> Action<ProgramInput> {
    let mode = use_console().mode();
    let draft = draft.clone();
    use_action(
        move |input: ProgramInput| {
            let draft = draft.clone();
            async move {
                let path = format!("/v1/programs/{}", encode(&draft.base.id));
                match api::write::<Program>(mode, "PATCH", &path, &input).await {
                    Ok(program) => {
                        let saved = Some(program.version);
                        draft.set(Draft { saved, ..Draft::of(&Rc::new(program)) });
                        Ok(())
                    }
                    Err(failure) => {
                        draft.set(refused(&draft, &failure));
                        Err(failure)
                    }
                }
            }
        },
        Callback::noop(),
    )
}

fn refused(draft: &Draft, failure: &Failure) -> Draft {
    let faults = if failure.status == 422 { vec![Fault::of_server(&failure.message)] } else { Vec::new() };
    Draft { faults: Rc::new(Faults::new(faults, &draft.form.paths())), saved: None, ..draft.clone() }
}

fn submit(draft: &UseStateHandle<Draft>, save: &Action<ProgramInput>) -> Callback<SubmitEvent> {
    let (draft, run) = (draft.clone(), save.run.clone());
    Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        let (input, faults) = match draft.form.read(&draft.base.currency) {
            Ok(input) => (Some(input), Vec::new()),
            Err(faults) => (None, faults),
        };
        let faults = Rc::new(Faults::new(faults, &draft.form.paths()));
        draft.set(Draft { faults, saved: None, ..(*draft).clone() });
        if let Some(input) = input {
            run.emit(input);
        }
    })
}

fn card(edit: &Edit<TermsForm>, draft: &UseStateHandle<Draft>, place: usize) -> Html {
    let (Some(reward), Some(key)) = (draft.form.rewards.get(place).cloned(), draft.keys.get(place)) else {
        return Html::default();
    };
    let edit = edit.part(&format!("rewards[{place}]"), reward, move |form, reward| {
        if let Some(old) = form.rewards.get_mut(place) {
            *old = reward;
        }
    });
    let moved = {
        let draft = draft.clone();
        Callback::from(move |what: Move| draft.set(shifted(&draft, place, what)))
    };
    html! {
        <RewardCard key={*key} {edit} program={draft.base.clone()} {place} count={draft.form.rewards.len()} {moved} />
    }
}

/// Faults are told by place, so they go when places change.
fn shifted(draft: &Draft, place: usize, what: Move) -> Draft {
    let mut draft = Draft { faults: Rc::default(), saved: None, ..draft.clone() };
    match what {
        Move::Delete => {
            draft.form.rewards.remove(place);
            draft.keys.remove(place);
        }
        Move::Up | Move::Down => {
            let other = if what == Move::Up { place.saturating_sub(1) } else { place + 1 };
            if other < draft.keys.len() {
                draft.form.rewards.swap(place, other);
                draft.keys.swap(place, other);
            }
        }
    }
    draft
}

fn add(draft: &UseStateHandle<Draft>) -> Html {
    let onclick = {
        let draft = draft.clone();
        Callback::from(move |_: MouseEvent| {
            let mut next = Draft { saved: None, ..(*draft).clone() };
            next.form.rewards.push(RewardForm::new());
            next.keys.push(next.keys.iter().max().map_or(0, |key| key + 1));
            draft.set(next);
        })
    };
    html! { <p><button type="button" class="button" {onclick}>{ t("Add a reward") }</button></p> }
}

fn bar(draft: &UseStateHandle<Draft>, save: &Action<ProgramInput>, dirty: bool, latest: i64) -> Html {
    let discard = {
        let draft = draft.clone();
        Callback::from(move |_: MouseEvent| draft.set(Draft::of(&draft.base)))
    };
    let busy = save.progress.busy;
    html! {
        <div class="save-bar">
            { wrong(draft, save) }
            <div class="head-row">
                <p role="status">{ state(draft, dirty, latest.max(draft.base.version) + 1) }</p>
                <div class="controls">
                    <button type="button" class="button" disabled={!dirty || busy} onclick={discard}>{ t("Discard") }</button>
                    <button type="submit" class="button primary" disabled={!dirty || busy}>{ if busy { t("Saving…") } else { t("Save") } }</button>
                </div>
            </div>
        </div>
    }
}

fn state(draft: &Draft, dirty: bool, next: i64) -> String {
    match (dirty, draft.saved) {
        (true, _) => t!(
            "Not saved. Changed terms become version {next}; what was credited before stays as it is.",
            next
        ),
        (false, Some(version)) => t!("Saved. Version {version} is in force.", version),
        (false, None) => t!("Version {version} is in force.", version = draft.base.version),
    }
}

/// Everything that is wrong, each leading to its field.
fn wrong(draft: &Draft, save: &Action<ProgramInput>) -> Html {
    let faults = draft.faults.all();
    if faults.is_empty() {
        return crate::part::state::refused(save.progress.failure.as_ref());
    }
    html! {
        <ul class="note bad" role="alert">
            { for faults.iter().enumerate().map(|(key, (place, fault))| {
                let id = place.clone();
                let onclick = Callback::from(move |_: MouseEvent| browser::show_field(&id));
                let reason = capital(&fault.reason);
                html! {
                    <li {key}>
                        if place.is_empty() { { reason } } else {
                            <button type="button" class="plain" {onclick}><code>{ &fault.path }</code>{ " " }{ reason }</button>
                        }
                    </li>
                }
            }) }
        </ul>
    }
}
