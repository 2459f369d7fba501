//! One trigger: what it is, changing it, trying it out, and what it did. Also the page that makes one.

mod editor;
mod runs;

use crate::action::use_action;
use crate::api;
use crate::context::{Step, use_console};
use crate::page::triggers::{NEW, state};
use crate::part::badge::badge;
use crate::part::form::{Ask, Form};
use crate::part::head::Head;
use crate::part::state::{refused, shown};
use crate::poll::use_poll;
use crate::route::{Route, encode};
use crate::rules::RuleForm;
use crate::text::t;
use goodword_wire::{Trigger, TriggerInput};
use std::rc::Rc;
use yew::prelude::*;

/// Which one.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub id: AttrValue,
}

/// The page.
#[component]
pub fn TriggerPage(props: &Props) -> Html {
    if &*props.id == NEW {
        html! { <Make /> }
    } else {
        html! { <Known id={props.id.clone()} /> }
    }
}

#[component]
fn Make() -> Html {
    let context = use_console();
    let back = (context.to(Route::Triggers), t("Triggers"));
    let made = context.step.reform({
        let context = context.clone();
        move |id: String| Step { place: context.to(Route::Trigger(id)), replace: true }
    });
    let program = context.program_shown().unwrap_or_default();
    html! {
        <>
            <Head title={t("Add a trigger")} lead={t("It acts on events from now on.")} {back} />
            <editor::Editor form={Rc::new(RuleForm::new(program))} {made} />
        </>
    }
}

#[component]
fn Known(props: &Props) -> Html {
    let context = use_console();
    let trigger = use_poll::<Trigger>(context.mode(), format!("/v1/triggers/{}", encode(&props.id)));
    let title = trigger.data.as_ref().map_or_else(|| t("Trigger").to_owned(), |trigger| trigger.name.clone());
    let back = (context.to(Route::Triggers), t("Triggers"));
    html! {
        <>
            <Head {title} {back}>
                if let Some(trigger) = &trigger.data { <Tools trigger={(**trigger).clone()} /> }
            </Head>
            { shown(&trigger, 4, |trigger| view(&context.currency(Some(&trigger.program_id)), trigger)) }
        </>
    }
}

fn view(currency: &str, trigger: &Rc<Trigger>) -> Html {
    let (word, tone) = state(&trigger.status);
    let form = RuleForm::of(trigger, currency).map(Rc::new);
    html! {
        <>
            <div class="about"><p class="badges">{ badge(word, tone) }<span>{ &trigger.says }</span></p></div>
            <runs::Runs id={trigger.id.clone()} />
            <section aria-labelledby="change-title">
                <h2 id="change-title">{ t("Change it") }</h2>
                if let Some(form) = form {
                    <editor::Editor {form} id={trigger.id.clone()} made={Callback::noop()} />
                } else {
                    <p class="quiet">{ t("Its condition has groups within groups: change it by the API.") }</p>
                }
            </section>
        </>
    }
}

/// Of which.
#[derive(Properties, PartialEq)]
struct ToolsProps {
    trigger: Trigger,
}

#[component]
fn Tools(props: &ToolsProps) -> Html {
    let context = use_console();
    let asked = use_state_eq(|| false);
    let (mode, path) = (context.mode(), format!("/v1/triggers/{}", encode(&props.trigger.id)));
    let switch = {
        let path = path.clone();
        use_action(
            move |input: TriggerInput| {
                let path = path.clone();
                async move { api::write::<Trigger>(mode, "PATCH", &path, &input).await.map(|_| ()) }
            },
            Callback::noop(),
        )
    };
    let gone = context.step.reform({
        let context = context.clone();
        move |()| Step { place: context.to(Route::Triggers), replace: true }
    });
    let delete = use_action(
        move |_: Form| {
            let path = path.clone();
            async move { api::write::<Trigger>(mode, "DELETE", &path, &serde_json::json!({})).await.map(|_| ()) }
        },
        gone,
    );
    let enabled = props.trigger.status == "enabled";
    let toggle = switch.run.reform(move |_: MouseEvent| TriggerInput {
        status: Some(if enabled { "disabled" } else { "enabled" }.to_owned()),
        ..TriggerInput::default()
    });
    let set = |to: bool| {
        let asked = asked.clone();
        move || asked.set(to)
    };
    let (open, close) = (set(true), set(false));
    html! {
        <>
            <button type="button" class="button" disabled={switch.progress.busy} onclick={toggle}>
                { if enabled { t("Disable") } else { t("Enable") } }</button>
            <button type="button" class="button danger" onclick={Callback::from(move |_: MouseEvent| open())}>{ t("Delete") }</button>
            { refused(switch.progress.failure.as_ref()) }
            if *asked {
                <Ask title={t("Delete the trigger?")} verb={t("Delete")} danger=true run={delete.run.clone()}
                    progress={delete.progress.clone()} close={Callback::from(move |()| close())}>
                    <p>{ t("It acts no more. What it did stays done.") }</p>
                </Ask>
            }
        </>
    }
}
