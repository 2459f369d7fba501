//! Facts in pairs: figures side by side, or a list of a word and what it is.

use yew::prelude::*;

/// Figures side by side, each under its name.
pub fn figures<const N: usize>(pairs: [(&'static str, String); N]) -> Html {
    html! {
        <dl class="figures">
            { for pairs.into_iter().map(|(title, value)| html! { <div key={title}><dt>{ title }</dt><dd>{ value }</dd></div> }) }
        </dl>
    }
}

/// A list of facts; those without a value are left out.
pub fn facts<const N: usize>(pairs: [(&'static str, Option<Html>); N]) -> Html {
    let told = pairs.into_iter().filter_map(|(title, value)| value.map(|value| (title, value)));
    html! {
        <dl class="facts">
            { for told.map(|(title, value)| html! { <div key={title}><dt>{ title }</dt><dd>{ value }</dd></div> }) }
        </dl>
    }
}
