//! The bar of test mode: what the sandbox takes for now, and how to move it.

use crate::action::use_action;
use crate::api;
use crate::context::use_console;
use crate::date;
use crate::part::state::refused;
use crate::route::Mode;
use crate::text::{rich, t};
use goodword_domain::time::DAY_MS;
use goodword_wire::{SandboxClock, SandboxClockInput};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The clock, once it was read.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub clock: Option<SandboxClock>,
}

/// The bar.
#[component]
pub fn Sandbox(props: &Props) -> Html {
    let context = use_console();
    // Chosen and not yet set; without a choice, the clock's own day.
    let chosen = use_state_eq(|| None::<String>);
    let wound = use_action(wind, {
        let chosen = chosen.clone();
        Callback::from(move |()| chosen.set(None))
    });
    let advance = |days: i64| {
        wound
            .run
            .reform(move |_: MouseEvent| SandboxClockInput { advance_days: Some(days), ..Default::default() })
    };
    let day = (*chosen).clone().unwrap_or_else(|| date::day_text(context.now.div_euclid(DAY_MS)));
    let onsubmit = {
        let (run, day) = (wound.run.clone(), day.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if date::day_number(&day).is_some() {
                run.emit(SandboxClockInput {
                    now: Some(format!("{day}T12:00:00.000Z")),
                    ..Default::default()
                });
            }
        })
    };
    let oninput = {
        let chosen = chosen.clone();
        Callback::from(move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            chosen.set(Some(input.value()));
        })
    };
    let shown = props.clock.as_ref().map_or_else(|| "…".to_owned(), |clock| date::minute(&clock.now));
    let frozen = props.clock.as_ref().is_some_and(|clock| clock.frozen);
    let freeze = wound
        .run
        .reform(move |_: MouseEvent| SandboxClockInput { frozen: Some(!frozen), ..Default::default() });
    let busy = wound.progress.busy;
    let time = html! { <span class="clock" aria-live="polite">{ shown }</span> };
    let told = if frozen {
        rich!("Test data only. It is {time} UTC, standing still.", time = time)
    } else {
        rich!("Test data only. It is {time} UTC.", time = time)
    };
    html! {
        <section class="sandbox" aria-label={t("Sandbox clock")}>
            <p><strong>{ t("Sandbox") }</strong>{ " " }{ told }</p>
            <div class="controls">
                <button type="button" class="button small" disabled={busy} onclick={advance(1)}>{ t("+1 day") }</button>
                <button type="button" class="button small" disabled={busy} onclick={advance(31)}>{ t("+31 days") }</button>
                <button type="button" class="button small" disabled={busy} onclick={freeze}>
                    { if frozen { t("Run the clock") } else { t("Stop the clock") } }
                </button>
                <form {onsubmit}>
                    <label class="field inline"><span class="hidden">{ t("Date") }</span>
                        <input type="date" required=true value={day} {oninput} /></label>
                    <button type="submit" class="button small" disabled={busy}>{ t("Set date") }</button>
                </form>
            </div>
            { refused(wound.progress.failure.as_ref()) }
        </section>
    }
}

async fn wind(input: SandboxClockInput) -> Result<(), api::Failure> {
    api::write::<SandboxClock>(Mode::Test, "POST", "/v1/sandbox/clock", &input).await.map(|_| ())
}
