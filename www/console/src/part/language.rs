//! The choice of a language.

use crate::intl;
use crate::language::{LANGUAGES, choose};
use crate::text::t;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// Each language by its own name; the page begins anew in the one chosen.
#[component]
pub fn LanguageChoice() -> Html {
    let onchange = Callback::from(|event: Event| {
        let select: HtmlSelectElement = event.target_unchecked_into();
        choose(&select.value());
    });
    html! {
        <label class="field inline"><span>{ t("Language") }</span>
            <select {onchange}>
                { for LANGUAGES.iter().map(|(tag, name)| html! {
                    <option key={*tag} value={*tag} selected={*tag == intl::language()} lang={*tag}>{ *name }</option>
                }) }
            </select></label>
    }
}
