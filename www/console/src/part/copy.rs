//! Text to take along: shown as code, with a button that copies it.

use crate::browser;
use crate::text::t;
use gloo_timers::callback::Timeout;
use yew::platform::spawn_local;
use yew::prelude::*;

/// The text, and what it is.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub text: AttrValue,
    /// What is copied, for who cannot see it.
    pub what: &'static str,
    /// Several lines, in a block of their own.
    #[prop_or_default]
    pub block: bool,
}

/// The text with its button.
#[component]
pub fn Copy(props: &Props) -> Html {
    let said = use_state_eq(|| t("Copy"));
    let onclick = {
        let (text, said) = (props.text.clone(), said.clone());
        Callback::from(move |_: MouseEvent| {
            let (text, said) = (text.clone(), said.clone());
            spawn_local(async move {
                said.set(if browser::copy(&text).await { t("Copied") } else { t("Press Ctrl+C") });
                Timeout::new(2_000, move || said.set(t("Copy"))).forget();
            });
        })
    };
    let code = if props.block {
        html! { <pre tabindex="0"><code>{ props.text.clone() }</code></pre> }
    } else {
        html! { <code>{ props.text.clone() }</code> }
    };
    html! {
        <span class={classes!("copy", props.block.then_some("block"))}>
            { code }
            <button type="button" class="button small" {onclick}>
                <span aria-live="polite">{ *said }</span><span class="hidden">{ " " }{ props.what }</span>
            </button>
        </span>
    }
}
