//! Which group a partner is in, and putting him or her into another.

use crate::action::use_action;
use crate::api;
use crate::context::use_console;
use crate::part::state::refused;
use crate::route::encode;
use crate::text::t;
use goodword_wire::{Partner, PartnerChange};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// Of whom.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub partner: Partner,
}

/// The choice; nothing where the program has one group only.
#[component]
pub fn GroupChoice(props: &Props) -> Html {
    let context = use_console();
    let (mode, partner) = (context.mode(), props.partner.clone());
    let change = use_action(
        move |group: String| {
            let path = format!("/v1/partners/{}", encode(&partner.id));
            let input = PartnerChange { group_id: Some(group), program_id: Some(partner.program_id.clone()) };
            async move { api::write::<Partner>(mode, "PATCH", &path, &input).await.map(drop) }
        },
        Callback::noop(),
    );
    let Some(program) = context.programs.iter().find(|program| program.id == props.partner.program_id) else {
        return Html::default();
    };
    if program.groups.len() < 2 {
        return Html::default();
    }
    let onchange = change.run.reform(|event: Event| {
        let select: HtmlSelectElement = event.target_unchecked_into();
        select.value()
    });
    let disabled = change.progress.busy || !context.may_manage();
    html! {
        <>
            <label class="field inline"><span>{ t("Group") }</span>
                <select {onchange} {disabled}>
                    { for program.groups.iter().map(|group| html! {
                        <option key={group.id.clone()} value={group.id.clone()} selected={group.id == props.partner.group_id}>{ &group.name }</option>
                    }) }
                </select></label>
            { refused(change.progress.failure.as_ref()) }
        </>
    }
}
