//! A commission by hand.

use crate::action::use_action;
use crate::api::Failure;
use crate::context::{Context, use_console};
use crate::part::form::{Ask, Form, note};
use crate::part::state::{Skeleton, refused};
use crate::poll::use_poll;
use crate::text::{plural, t};
use crate::{api, browser};
use goodword_wire::{BonusInput, Commission, Partner};
use yew::prelude::*;

/// Who gets it, where that is known.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// Id and name; none: somebody is chosen from a list.
    #[prop_or_default]
    pub partner: Option<(String, String)>,
    /// The program; none: the one that is shown.
    #[prop_or_default]
    pub program: Option<String>,
}

/// The button and its question.
#[component]
pub fn Bonus(props: &Props) -> Html {
    let asked = use_state_eq(|| false);
    let onclick = {
        let asked = asked.clone();
        Callback::from(move |_: MouseEvent| asked.set(true))
    };
    let close = {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(false))
    };
    html! {
        <>
            <button type="button" class="button" {onclick}>{ t("Give a bonus") }</button>
            if *asked {
                <Question partner={props.partner.clone()} program={props.program.clone()} {close} />
            }
        </>
    }
}

/// The same, while it is asked.
#[derive(Properties, PartialEq)]
struct QuestionProps {
    partner: Option<(String, String)>,
    program: Option<String>,
    close: Callback<()>,
}

#[component]
fn Question(props: &QuestionProps) -> Html {
    let context = use_console();
    let mode = context.mode();
    let key = use_memo((), |()| browser::unique_key());
    let give = use_action(
        move |input: Result<BonusInput, Failure>| {
            let key = key.clone();
            async move { api::post_once::<Commission>(mode, "/v1/commissions", &key, &input?).await.map(|_| ()) }
        },
        props.close.clone(),
    );
    let program = props.program.clone().or_else(|| context.program_shown().map(str::to_owned));
    let currency = context.currency(program.as_deref());
    let run = {
        let (run, whom, currency) = (give.run.clone(), props.partner.clone(), currency.clone());
        let program = program.clone();
        Callback::from(move |form: Form| run.emit(typed(&form, whom.as_ref(), program.clone(), &currency)))
    };
    let title = props
        .partner
        .as_ref()
        .map_or_else(|| t("Give a bonus").to_owned(), |(_, name)| t!("Give {name} a bonus", name));
    html! {
        <Ask {title} verb={t("Give the bonus")} {run} progress={give.progress.clone()} close={props.close.clone()}>
            <p>{ held(&context, program.as_deref()) }</p>
            if props.partner.is_none() {
                <Whom program={program.clone().unwrap_or_default()} />
            }
            <div class="fields">
                <label class="field"><span>{ t("Amount") }</span>
                    <input type="text" name="amount" inputmode="decimal" required=true autocomplete="off" /></label>
                <label class="field"><span>{ t("In") }</span>
                    <select name="currency">
                        <option value={currency.clone()} selected=true>{ currency.to_ascii_uppercase() }</option>
                        <option value="points" selected=false>{ t("Points") }</option>
                        <option value="credits" selected=false>{ t("Credits of the product") }</option>
                        <option value="months" selected=false>{ t("Free months") }</option>
                    </select></label>
            </div>
            { note(t("What for, read by the partner"), true) }
        </Ask>
    }
}

fn held(context: &Context, program: Option<&str>) -> String {
    match context.program(program).map_or(0, |program| program.hold_days) {
        0 => t("It is payable at once.").to_owned(),
        days => plural!(
            "one=It is held for {n} day like any other, and can be canceled until then.|It is held for {n} days like any other, and can be canceled until then.",
            days
        ),
    }
}

fn typed(
    form: &Form,
    whom: Option<&(String, String)>,
    program: Option<String>,
    currency: &str,
) -> Result<BonusInput, Failure> {
    let unit = form.text("currency").unwrap_or_else(|| currency.to_owned());
    Ok(BonusInput {
        partner_id: whom.map(|(id, _)| id.clone()).or_else(|| form.text("partner")),
        program_id: program,
        amount: Some(form.money("amount", &unit)?),
        currency: Some(unit),
        note: form.text("note"),
        ..BonusInput::default()
    })
}

/// Of which program.
#[derive(Properties, PartialEq)]
struct WhomProps {
    program: String,
}

/// The choice among approved partners.
#[component]
fn Whom(props: &WhomProps) -> Html {
    let context = use_console();
    let path = format!(
        "/v1/partners?status=approved&pageSize=100&programId={}",
        crate::route::encode(&props.program)
    );
    let partners = use_poll::<Vec<Partner>>(context.mode(), path);
    let Some(list) = partners.data else {
        return partners
            .failure
            .map_or_else(|| html! { <Skeleton rows={1} /> }, |failure| refused(Some(&failure)));
    };
    html! {
        <>
            <label class="field"><span>{ t("Partner") }</span>
                <select name="partner" required=true>
                    <option value="" selected=true>{ t("Choose…") }</option>
                    { for list.iter().map(|partner| html! {
                        <option key={partner.id.clone()} value={partner.id.clone()}>{ format!("{} · {}", partner.name, partner.email) }</option>
                    }) }
                </select></label>
            if list.len() == 100 {
                <p class="quiet">{ t("Not in the list? Give the bonus on the partner’s own page.") }</p>
            }
        </>
    }
}
