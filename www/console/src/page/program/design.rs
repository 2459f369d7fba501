//! The widget's settings as a form, with the widget itself beside it as it will be.

mod fields;
mod preview;

use self::fields::fields;
use self::preview::Preview;
use crate::action::{Action, use_action};
use crate::api::{self, Failure};
use crate::browser;
use crate::context::use_console;
use crate::design::{DesignForm, PATH};
use crate::part::edit::{Edit, capital};
use crate::part::state::refused;
use crate::route::encode;
use crate::terms::{Fault, Faults};
use crate::text::t;
use goodword_wire::{Program, ProgramInput, WidgetSettings};
use std::rc::Rc;
use yew::prelude::*;

/// The program as it was last read.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub program: Rc<Program>,
    /// The key the widget is shown under; without one there is no preview.
    pub publishable: Option<String>,
    /// Whether it can be seen: what is typed stays while another tab is looked at.
    pub shown: bool,
}

/// What is edited.
#[derive(Clone, PartialEq)]
struct Draft {
    /// What the form was opened with.
    base: Rc<WidgetSettings>,
    form: DesignForm,
    /// What was wrong when it was last sent.
    faults: Rc<Faults>,
    is_saved: bool,
}

impl Draft {
    fn of(program: &Program) -> Self {
        Self {
            base: Rc::new(program.widget.clone()),
            form: DesignForm::of(&program.widget),
            faults: Rc::default(),
            is_saved: false,
        }
    }

    fn is_dirty(&self) -> bool {
        self.form != DesignForm::of(&self.base)
    }
}

/// Form and preview.
#[component]
pub fn Design(props: &Props) -> Html {
    let draft = use_state_eq(|| Draft::of(&props.program));
    let dirty = draft.is_dirty();
    use_effect_with((props.program.widget.clone(), dirty), {
        let (draft, program) = (draft.clone(), props.program.clone());
        move |(_, dirty)| {
            if !*dirty && *draft.base != program.widget {
                draft.set(Draft { is_saved: draft.is_saved, ..Draft::of(&program) });
            }
        }
    });
    let save = use_save(&draft, &props.program.id);
    let change = {
        let draft = draft.clone();
        Callback::from(move |form: DesignForm| {
            draft.set(Draft { form, is_saved: false, ..(*draft).clone() });
        })
    };
    let edit = Edit {
        value: Rc::new(draft.form.clone()),
        change,
        path: PATH.to_owned(),
        faults: draft.faults.clone(),
    };
    html! {
        <div class="design" hidden={!props.shown}>
            <form class="terms" onsubmit={submit(&draft, &save)} novalidate=true>
                { elsewhere(&props.program, &draft, dirty) }
                { fields(&edit) }
                { bar(&draft, &save, dirty) }
            </form>
            if props.shown {
                <Preview settings={draft.form.shown()} program={props.program.id.clone()} publishable={props.publishable.clone()} />
            }
        </div>
    }
}

/// Somebody else's change while something is typed here.
fn elsewhere(program: &Rc<Program>, draft: &UseStateHandle<Draft>, dirty: bool) -> Html {
    if !dirty || program.widget == *draft.base {
        return Html::default();
    }
    let take = {
        let (draft, program) = (draft.clone(), program.clone());
        Callback::from(move |_: MouseEvent| draft.set(Draft::of(&program)))
    };
    html! {
        <p class="note waiting" role="status">
            { t("These settings were changed meanwhile. Saving puts what stands here in their place.") }{ " " }
            <button type="button" class="button small" onclick={take}>{ t("Take those instead") }</button>
        </p>
    }
}

#[hook]
fn use_save(draft: &UseStateHandle<Draft>, program: &str) -> Action<WidgetSettings> {
    let mode = use_console().mode();
    let (draft, path) = (draft.clone(), format!("/v1/programs/{}", encode(program)));
    use_action(
        move |widget: WidgetSettings| {
            let (draft, path) = (draft.clone(), path.clone());
            async move {
                let input = ProgramInput { widget: Some(widget), ..ProgramInput::default() };
                match api::write::<Program>(mode, "PATCH", &path, &input).await {
                    Ok(program) => {
                        draft.set(Draft { is_saved: true, ..Draft::of(&program) });
                        Ok(())
                    }
                    Err(failure) => {
                        draft.set(refusal(&draft, &failure));
                        Err(failure)
                    }
                }
            }
        },
        Callback::noop(),
    )
}

fn refusal(draft: &Draft, failure: &Failure) -> Draft {
    let faults = if failure.status == 422 { vec![Fault::of_server(&failure.message)] } else { Vec::new() };
    Draft { faults: Rc::new(Faults::new(faults, &draft.form.paths())), is_saved: false, ..draft.clone() }
}

fn submit(draft: &UseStateHandle<Draft>, save: &Action<WidgetSettings>) -> Callback<SubmitEvent> {
    let (draft, run) = (draft.clone(), save.run.clone());
    Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        let (settings, faults) = match draft.form.read() {
            Ok(settings) => (Some(settings), Vec::new()),
            Err(faults) => (None, faults),
        };
        let faults = Rc::new(Faults::new(faults, &draft.form.paths()));
        draft.set(Draft { faults, is_saved: false, ..(*draft).clone() });
        if let Some(settings) = settings {
            run.emit(settings);
        }
    })
}

fn bar(draft: &UseStateHandle<Draft>, save: &Action<WidgetSettings>, dirty: bool) -> Html {
    let discard = {
        let draft = draft.clone();
        Callback::from(move |_: MouseEvent| {
            draft.set(Draft {
                form: DesignForm::of(&draft.base),
                faults: Rc::default(),
                is_saved: false,
                ..(*draft).clone()
            });
        })
    };
    let busy = save.progress.busy;
    let said = match (dirty, draft.is_saved) {
        (true, _) => t("Not saved. The preview shows what you typed; your pages do not yet."),
        (false, true) => t("Saved. Your pages show it from the next visit on."),
        (false, false) => t("These are the settings in force. A change makes no new version of the terms."),
    };
    html! {
        <div class="save-bar">
            { wrong(draft, save) }
            <div class="head-row">
                <p role="status">{ said }</p>
                <div class="controls">
                    <button type="button" class="button" disabled={!dirty || busy} onclick={discard}>{ t("Discard") }</button>
                    <button type="submit" class="button primary" disabled={!dirty || busy}>{ if busy { t("Saving…") } else { t("Save") } }</button>
                </div>
            </div>
        </div>
    }
}

/// Everything that is wrong, each leading to its field.
fn wrong(draft: &Draft, save: &Action<WidgetSettings>) -> Html {
    let faults = draft.faults.all();
    if faults.is_empty() {
        return refused(save.progress.failure.as_ref());
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
