//! Setting money aside in a fund, and giving partners some of it.

use crate::action::use_action;
use crate::api::{self, Failure};
use crate::browser;
use crate::context::use_console;
use crate::part::form::{Ask, Field, Form, amount};
use crate::poll::use_poll;
use crate::route::encode;
use crate::text::t;
use goodword_wire::{FundLot, FundLotInput, FundState, Partner};
use yew::prelude::*;

/// Into which fund.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub fund: FundState,
}

/// To all, or to one partner.
#[derive(Clone, Copy, PartialEq, Eq)]
enum To {
    All,
    Partner,
}

/// The buttons and what they ask.
#[component]
pub fn PutIn(props: &Props) -> Html {
    let asked = use_state_eq(|| None::<(To, String)>);
    let close = {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(None))
    };
    // The key is made once for each dialog, so that a second press puts nothing in twice.
    let ask = |to: To| {
        let asked = asked.clone();
        Callback::from(move |_: MouseEvent| asked.set(Some((to, browser::unique_key()))))
    };
    let shared = props.fund.fund.scope.as_deref() == Some("shared");
    html! {
        <>
            <button type="button" class="button" onclick={ask(To::All)}>{ t("Set money aside") }</button>
            if !shared {
                <button type="button" class="button" onclick={ask(To::Partner)}>{ t("Give to a partner") }</button>
            }
            if let Some((to, key)) = &*asked {
                <Dialog fund={props.fund.clone()} to={*to} key_of={key.clone()} {close} />
            }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct DialogProps {
    fund: FundState,
    to: To,
    key_of: String,
    close: Callback<()>,
}

#[component]
fn Dialog(props: &DialogProps) -> Html {
    let mode = use_console().mode();
    let (path, key) = (format!("/v1/funds/{}/lots", encode(&props.fund.id)), props.key_of.clone());
    let put = use_action(
        move |input: Result<FundLotInput, Failure>| {
            let (path, key) = (path.clone(), key.clone());
            async move { api::post_once::<FundLot>(mode, &path, &key, &input?).await.map(|_| ()) }
        },
        props.close.clone(),
    );
    let currency = props.fund.currency.clone();
    let run = put.run.reform(move |form: Form| {
        Ok(FundLotInput {
            partner_id: form.text("partner"),
            amount: Some(form.money("amount", &currency)?),
            expires_at: form.text("expires").map(|day| format!("{day}T00:00:00Z")),
            note: form.text("note"),
        })
    });
    let (title, verb) = match props.to {
        To::All => (t!("Set money aside in {name}", name = props.fund.fund.name), t("Set aside")),
        To::Partner => (t!("Give a partner money of {name}", name = props.fund.fund.name), t("Give")),
    };
    html! {
        <Ask {title} {verb} {run} progress={put.progress.clone()} close={props.close.clone()}>
            if props.to == To::Partner { <Who program={props.fund.program_id.clone()} /> }
            { amount(t("Amount"), &props.fund.currency) }
            <Field label={t("Gone from this day on (empty: by the fund’s rule)")} name="expires" kind="date" />
            <Field label={t("Why (optional)")} name="note" />
        </Ask>
    }
}

#[derive(Properties, PartialEq)]
struct WhoProps {
    program: String,
}

/// The approved partners of a program, to choose one.
#[component]
fn Who(props: &WhoProps) -> Html {
    let context = use_console();
    let path = format!("/v1/partners?status=approved&pageSize=100&programId={}", encode(&props.program));
    let partners = use_poll::<Vec<Partner>>(context.mode(), path);
    let rows = partners.data.as_ref().map(|data| data.to_vec()).unwrap_or_default();
    html! {
        <label class="field"><span>{ t("Partner") }</span>
            <select name="partner" required=true>
                <option value="">{ t("Choose a partner") }</option>
                { for rows.iter().map(|partner| html! { <option key={partner.id.clone()} value={partner.id.clone()}>{ &partner.name }</option> }) }
            </select>
        </label>
    }
}
