//! Which pages may use publishable keys.

use crate::action::{Action, use_action};
use crate::api;
use crate::context::use_console;
use crate::part::state::{Empty, refused, shown};
use crate::poll::use_poll;
use crate::text::{rich, t};
use goodword_wire::Origins;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The list, and a form to add one.
#[component]
pub fn AllowedOrigins() -> Html {
    let context = use_console();
    let origins = use_poll::<Origins>(context.mode(), "/v1/origins".to_owned());
    let typed = use_node_ref();
    let clear = {
        let typed = typed.clone();
        Callback::from(move |()| {
            if let Some(input) = typed.cast::<HtmlInputElement>() {
                input.set_value("");
            }
        })
    };
    let mode = context.mode();
    let save = use_action(
        move |origins: Vec<String>| async move {
            api::write::<Origins>(mode, "PUT", "/v1/origins", &Origins { origins }).await.map(|_| ())
        },
        clear,
    );
    html! {
        <section aria-labelledby="origins-title">
            <h2 id="origins-title">{ t("Allowed origins") }</h2>
            <p class="lead">{ t("Only pages of these origins may use the publishable key.") }</p>
            { shown(&origins, 2, |origins| html! {
                <>
                    { list(&origins.origins, &save) }
                    { add(&origins.origins, &save, &typed) }
                </>
            }) }
            { refused(save.progress.failure.as_ref()) }
        </section>
    }
}

fn list(origins: &[String], save: &Action<Vec<String>>) -> Html {
    if origins.is_empty() {
        return html! {
            <Empty title={t("No page may use the key yet")}>
                <p>{ rich!("Add the origin of your shop, for example {origin}.", origin = html! { <code>{ "https://shop.example" }</code> }) }</p>
            </Empty>
        };
    }
    html! {
        <ul class="origins">
            { for origins.iter().map(|origin| {
                let rest: Vec<_> = origins.iter().filter(|other| *other != origin).cloned().collect();
                let onclick = save.run.reform(move |_: MouseEvent| rest.clone());
                html! {
                    <li key={origin.clone()}><code>{ origin }</code>
                        <button type="button" class="button small" disabled={save.progress.busy} {onclick}>
                            { t("Remove") }<span class="hidden">{ " " }{ origin }</span>
                        </button>
                    </li>
                }
            }) }
        </ul>
    }
}

fn add(origins: &[String], save: &Action<Vec<String>>, typed: &NodeRef) -> Html {
    let onsubmit = {
        let (run, typed, present) = (save.run.clone(), typed.clone(), origins.to_vec());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let value = typed.cast::<HtmlInputElement>().map(|input| input.value()).unwrap_or_default();
            let value = value.trim().trim_end_matches('/');
            if !value.is_empty() && !present.iter().any(|origin| origin == value) {
                run.emit([present.as_slice(), &[value.to_owned()]].concat());
            }
        })
    };
    html! {
        <form class="add" {onsubmit}>
            <label class="field"><span>{ t("Origin") }</span>
                <input ref={typed.clone()} type="text" inputmode="url" placeholder="https://shop.example" required=true autocomplete="off" /></label>
            <button type="submit" class="button" disabled={save.progress.busy}>{ t("Allow") }</button>
        </form>
    }
}
