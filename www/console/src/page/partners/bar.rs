//! What is done with several partners at once: decided about, or written to.

use crate::action::use_action;
use crate::api;
use crate::context::use_console;
use crate::page::partner::message::Message;
use crate::part::form::{Ask, Form};
use crate::part::picks::Picks;
use crate::text::{plural, t};
use goodword_wire::{DecisionOutput, DecisionsInput, Partner};
use std::rc::Rc;
use yew::prelude::*;

/// The rows shown, and which are ticked, by the ids of their enrollments.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub rows: Rc<Vec<Partner>>,
    pub picks: Picks,
}

/// What can be asked.
#[derive(Clone, Copy, PartialEq)]
enum Question {
    Approve,
    Reject,
    Message,
}

/// The buttons over the table.
#[component]
pub fn Bar(props: &Props) -> Html {
    let asked = use_state_eq(|| None::<Question>);
    let refusals = use_state_eq(Vec::<String>::new);
    let chosen: Vec<Partner> =
        props.rows.iter().filter(|partner| props.picks.has(&partner.enrollment_id)).cloned().collect();
    let all: Vec<String> = props.rows.iter().map(|partner| partner.enrollment_id.clone()).collect();
    let waiting = chosen.iter().all(|partner| partner.status == "pending");
    let one_program = chosen.windows(2).all(|two| two[0].program_id == two[1].program_id);
    let button = |title: &'static str, question: Question, class: &'static str, usable: bool| {
        let asked = asked.clone();
        let onclick = Callback::from(move |_: MouseEvent| asked.set(Some(question)));
        let disabled = chosen.is_empty() || !usable || !one_program;
        html! { <button type="button" class={classes!("button", class)} {disabled} {onclick}>{ title }</button> }
    };
    let close = {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(None))
    };
    let done = {
        let (picks, close) = (props.picks.clone(), close.clone());
        Callback::from(move |()| {
            picks.set([]);
            close.emit(());
        })
    };
    let said = plural!("{n} chosen", chosen.len());
    html! {
        <>
            <div class="bulk" role="group" aria-label={t("What to do with those chosen")}>
                { props.picks.tick_all(all, t("All that are shown")) }
                <span class="rest"><strong aria-live="polite">{ said }</strong>
                    { button(t("Approve"), Question::Approve, "primary", waiting) }
                    { button(t("Reject"), Question::Reject, "", waiting) }
                    { button(t("Write to them"), Question::Message, "", true) }</span>
            </div>
            if !one_program { <p class="note">{ t("Those chosen are of several programs: choose one program at the top first.") }</p> }
            if !refusals.is_empty() {
                <div class="note bad" role="alert">{ for refusals.iter().map(|why| html! { <p>{ why }</p> }) }</div>
            }
            { match *asked {
                None => Html::default(),
                Some(Question::Message) => html! { <Message partners={Rc::new(chosen)} {close} {done} /> },
                Some(question) => html! {
                    <Decision partners={Rc::new(chosen)} approve={question == Question::Approve} refusals={refusals.setter()} {close} {done} />
                },
            } }
        </>
    }
}

/// What is decided about whom.
#[derive(Properties, PartialEq)]
struct DecisionProps {
    partners: Rc<Vec<Partner>>,
    approve: bool,
    /// Where the refusals of single ones go.
    refusals: UseStateSetter<Vec<String>>,
    close: Callback<()>,
    done: Callback<()>,
}

#[component]
fn Decision(props: &DecisionProps) -> Html {
    let mode = use_console().mode();
    // Those chosen when it was asked, whatever is read anew meanwhile.
    let partners = use_memo((), |()| props.partners.clone());
    let (refusals, word) = (props.refusals.clone(), if props.approve { "approve" } else { "reject" });
    let decide = {
        let partners = partners.clone();
        use_action(
            move |reason: Option<String>| {
                let (partners, refusals) = (partners.clone(), refusals.clone());
                async move {
                    let mut refused = Vec::new();
                    for some in partners.chunks(100) {
                        let input = DecisionsInput {
                            partner_ids: some.iter().map(|partner| partner.id.clone()).collect(),
                            program_id: some.first().map(|partner| partner.program_id.clone()),
                            decision: Some(word.to_owned()),
                            reason: reason.clone(),
                        };
                        let told: Vec<DecisionOutput> =
                            api::write(mode, "POST", "/v1/partners/decide", &input).await?;
                        refused.extend(told.into_iter().filter_map(|one| one.message));
                    }
                    refusals.set(refused);
                    Ok(())
                }
            },
            props.done.clone(),
        )
    };
    let run = decide.run.reform(|form: Form| form.text("reason"));
    let verb = if props.approve {
        plural!("one=Approve {n} partner|Approve {n} partners", partners.len())
    } else {
        plural!("one=Reject {n} partner|Reject {n} partners", partners.len())
    };
    html! {
        <Ask title={format!("{verb}?")} {verb} danger={!props.approve} {run}
            progress={decide.progress.clone()} close={props.close.clone()}>
            if props.approve {
                <p>{ t("From now on, what their links bring is credited. Each gets a mail.") }</p>
            } else {
                <p>{ t("Each is told why, and what their links bring is not credited.") }</p>
                <label class="field"><span>{ t("Why, for them to read") }</span>
                    <textarea name="reason" rows="3" maxlength="500" required=true /></label>
            }
        </Ask>
    }
}
