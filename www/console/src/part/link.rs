//! A link within the console: a real address, followed without loading the page anew.

use crate::context::use_console;
use crate::route::Place;
use yew::prelude::*;

/// Where to, and how it looks.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub to: Place,
    #[prop_or_default]
    pub class: Classes,
    /// `page` or `true` if one is there already.
    #[prop_or_default]
    pub current: Option<&'static str>,
    /// Chooses in place instead of making a step back in the history.
    #[prop_or_default]
    pub replace: bool,
    pub children: Html,
}

/// The link.
#[component]
pub fn Link(props: &Props) -> Html {
    let context = use_console();
    let (to, replace) = (props.to.clone(), props.replace);
    let url = to.url();
    let onclick = Callback::from(move |event: MouseEvent| {
        let elsewhere = event.meta_key() || event.ctrl_key() || event.shift_key() || event.alt_key();
        if !elsewhere && event.button() == 0 {
            event.prevent_default();
            context.step.emit(crate::context::Step { place: to.clone(), replace });
        }
    });
    html! {
        <a href={url} class={props.class.clone()} aria-current={props.current} {onclick}>{ props.children.clone() }</a>
    }
}
