//! A page's heading.

use crate::browser;
use crate::part::link::Link;
use crate::route::Place;
use yew::prelude::*;

/// The heading, what leads back, and what stands beside it.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub title: AttrValue,
    /// One sentence on what the page is for.
    #[prop_or_default]
    pub lead: Option<AttrValue>,
    /// The page one comes from.
    #[prop_or_default]
    pub back: Option<(Place, &'static str)>,
    /// Controls beside the title.
    #[prop_or_default]
    pub children: Children,
}

/// The heading.
#[component]
pub fn Head(props: &Props) -> Html {
    use_effect_with(props.title.clone(), |title| browser::set_title(title));
    html! {
        <header class="head">
            if let Some((to, text)) = props.back.clone() {
                <Link class="back" {to}>{ "‹ " }{ text }</Link>
            }
            <div class="head-row">
                <h1>{ props.title.clone() }</h1>
                if !props.children.is_empty() {
                    <div class="controls">{ props.children.clone() }</div>
                }
            </div>
            if let Some(lead) = &props.lead {
                <p class="lead">{ lead.clone() }</p>
            }
        </header>
    }
}
