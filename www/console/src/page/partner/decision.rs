//! Approving, rejecting and banning, with a reason.

use crate::action::{Action, use_action};
use crate::api;
use crate::context::use_console;
use crate::part::dialog::Dialog;
use crate::part::state::refused;
use crate::text::t;
use goodword_wire::{DecisionInput, Partner};
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

/// About whom.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub partner: Partner,
    /// In a row of a table.
    #[prop_or_default]
    pub small: bool,
}

/// What can be done to a partner.
#[derive(Clone, Copy, PartialEq)]
enum Verb {
    Approve,
    Reject,
    Ban,
}

impl Verb {
    fn word(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Reject => "reject",
            Self::Ban => "ban",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Approve => t("Approve"),
            Self::Reject => t("Reject"),
            Self::Ban => t("Ban"),
        }
    }

    fn question(self, name: &str) -> String {
        match self {
            Self::Approve => t!("Approve {name}?", name),
            Self::Reject => t!("Reject {name}?", name),
            Self::Ban => t!("Ban {name}?", name),
        }
    }

    fn consequence(self) -> &'static str {
        match self {
            Self::Approve => t("From now on, what this partner’s link brings is credited."),
            Self::Reject => t("The partner is told why, and what the link brings is not credited."),
            Self::Ban => t("From now on nothing is credited to this partner. What was earned stays."),
        }
    }
}

/// What makes sense in a state.
fn verbs(status: &str) -> &'static [Verb] {
    match status {
        "pending" => &[Verb::Approve, Verb::Reject],
        "approved" => &[Verb::Ban],
        "rejected" | "banned" => &[Verb::Approve],
        _ => &[],
    }
}

/// The buttons, and the question the graver ones ask first.
#[component]
pub fn Decide(props: &Props) -> Html {
    let context = use_console();
    let asked = use_state_eq(|| None::<Verb>);
    let close = {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(None))
    };
    let mode = context.mode();
    let decide = use_action(
        move |(verb, input): (Verb, DecisionInput)| async move {
            let path = format!("/v1/partners/{}", verb.word());
            api::write::<Partner>(mode, "POST", &path, &input).await.map(|_| ())
        },
        close.clone(),
    );
    let press = |verb: Verb| {
        let (asked, run, input) = (asked.clone(), decide.run.clone(), about(&props.partner, None));
        Callback::from(move |_: MouseEvent| match verb {
            Verb::Approve => run.emit((verb, input.clone())),
            Verb::Reject | Verb::Ban => asked.set(Some(verb)),
        })
    };
    html! {
        <span class="decide">
            { for verbs(&props.partner.status).iter().map(|verb| {
                let primary = (*verb == Verb::Approve).then_some("primary");
                let class = classes!("button", props.small.then_some("small"), primary);
                html! {
                    <button key={verb.word()} type="button" {class} disabled={decide.progress.busy} onclick={press(*verb)}>
                        { verb.title() }<span class="hidden">{ " " }{ &props.partner.name }</span>
                    </button>
                }
            }) }
            if let Some(verb) = *asked {
                { question(&props.partner, verb, &decide, &close) }
            } else {
                { refused(decide.progress.failure.as_ref()) }
            }
        </span>
    }
}

fn about(partner: &Partner, reason: Option<String>) -> DecisionInput {
    DecisionInput {
        partner_id: Some(partner.id.clone()),
        program_id: Some(partner.program_id.clone()),
        reason,
        ..DecisionInput::default()
    }
}

fn question(
    partner: &Partner,
    verb: Verb,
    decide: &Action<(Verb, DecisionInput)>,
    close: &Callback<()>,
) -> Html {
    let onsubmit = {
        let (run, partner) = (decide.run.clone(), partner.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let form: web_sys::Element = event.target_unchecked_into();
            let reason = form.query_selector("textarea").ok().flatten().map(|area| {
                let area: HtmlTextAreaElement = wasm_bindgen::JsCast::unchecked_into(area);
                area.value().trim().to_owned()
            });
            run.emit((verb, about(&partner, reason.filter(|text| !text.is_empty()))));
        })
    };
    let cancel = close.reform(|_: MouseEvent| ());
    html! {
        <Dialog title={verb.question(&partner.name)} close={close.clone()}>
            <form {onsubmit}>
                <p>{ verb.consequence() }</p>
                <label class="field"><span>{ t("Reason, shown to the partner") }</span>
                    <textarea rows="3" maxlength="500" required=true /></label>
                { refused(decide.progress.failure.as_ref()) }
                <div class="controls">
                    <button type="submit" class="button danger" disabled={decide.progress.busy}>{ verb.title() }</button>
                    <button type="button" class="button" onclick={cancel}>{ t("Cancel") }</button>
                </div>
            </form>
        </Dialog>
    }
}
