//! What one's own people say of a partner; he or she never sees it.

use crate::action::use_action;
use crate::api;
use crate::context::use_console;
use crate::date;
use crate::part::form::Form;
use crate::part::state::{Empty, refused, shown};
use crate::poll::use_poll;
use crate::route::encode;
use crate::text::t;
use goodword_wire::{NoteInput, PartnerNote};
use yew::prelude::*;

/// About whom.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub id: AttrValue,
}

/// The notes, and a form for another.
#[component]
pub fn Notes(props: &Props) -> Html {
    let context = use_console();
    let (mode, path) = (context.mode(), format!("/v1/partners/{}/notes", encode(&props.id)));
    let notes = use_poll::<Vec<PartnerNote>>(mode, path.clone());
    let add = {
        let path = path.clone();
        use_action(
            move |form: Form| {
                let path = path.clone();
                async move {
                    let input = NoteInput { text: form.text("text") };
                    api::write::<PartnerNote>(mode, "POST", &path, &input).await?;
                    form.reset();
                    Ok(())
                }
            },
            Callback::noop(),
        )
    };
    let delete = use_action(
        move |id: String| {
            let path = format!("{path}/{}", encode(&id));
            async move { api::delete(mode, &path).await }
        },
        Callback::noop(),
    );
    let onsubmit = add.run.reform(|event: SubmitEvent| Form::of(&event));
    html! {
        <>
            if context.may_manage() {
                <form class="sheet" {onsubmit}>
                    <label class="field"><span>{ t("Note, for your own people") }</span>
                        <textarea name="text" rows="3" maxlength="4000" required=true /></label>
                    { refused(add.progress.failure.as_ref().or(delete.progress.failure.as_ref())) }
                    <div class="controls"><button type="submit" class="button primary" disabled={add.progress.busy}>{ t("Add it") }</button></div>
                </form>
            }
            { shown(&notes, 2, |notes| {
                if notes.is_empty() {
                    return html! { <Empty title={t("No note yet")}><p>{ t("What you write here is seen by your own people alone, and goes when the partner is erased.") }</p></Empty> };
                }
                html! { <ul class="plain notes">{ for notes.iter().map(|one| entry(one, context.may_manage(), &delete.run)) }</ul> }
            }) }
        </>
    }
}

fn entry(one: &PartnerNote, may_delete: bool, delete: &Callback<String>) -> Html {
    let id = one.id.clone();
    let onclick = delete.reform(move |_: MouseEvent| id.clone());
    html! {
        <li key={one.id.clone()} class="panel">
            <p class="written">{ &one.text }</p>
            <p class="quiet">{ &one.author }{ " · " }{ date::minute(&one.created_at) }
                if may_delete { { " " }<button type="button" class="button small" {onclick}>{ t("Delete") }<span class="hidden">{ " " }{ t("this note") }</span></button> }</p>
        </li>
    }
}
