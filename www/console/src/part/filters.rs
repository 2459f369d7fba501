//! The filters that are chosen, each with what takes it away again.

use crate::api;
use crate::context::use_console;
use crate::narrow::{self, Filter};
use crate::part::link::Link;
use crate::poll::{SLOW_MS, use_poll_every};
use crate::route::encode;
use crate::text::t;
use serde_json::Value;
use yew::prelude::*;

/// The filters; nothing while none is chosen.
#[component]
pub fn Filters() -> Html {
    let context = use_console();
    let chosen = narrow::chosen(&context.place);
    if chosen.is_empty() {
        return Html::default();
    }
    let none = chosen.iter().fold(context.place.clone(), |place, (filter, _)| place.with(filter.key, ""));
    html! {
        <div class="filters" role="group" aria-label={t("Filters")}>
            { for chosen.iter().map(|(filter, value)| html! {
                <Chip key={filter.key} filter={*filter} value={value.clone()} />
            }) }
            if chosen.len() > 1 {
                <Link to={none} replace={true}>{ t("Clear all") }</Link>
            }
        </div>
    }
}

/// Which filter.
#[derive(Properties, PartialEq)]
struct ChipProps {
    filter: Filter,
    value: AttrValue,
}

/// What is named by an id is told by its name, once that is known.
#[component]
fn Chip(props: &ChipProps) -> Html {
    let context = use_console();
    let Filter { key, title, .. } = props.filter;
    let title = t(title);
    let asked = (context.mode(), key, props.value.clone());
    let named = use_poll_every(SLOW_MS, asked, context.expired.clone(), |(mode, key, id)| async move {
        let path = match key {
            "partner" => format!("/v1/partners/{}", encode(&id)),
            "link" => format!("/v1/links/{}", encode(&id)),
            _ => return Ok(None),
        };
        let record = api::get::<Value>(mode, &path).await?;
        let name = record["name"].as_str().or_else(|| record["key"].as_str());
        Ok(name.map(str::to_owned))
    });
    let name = named.data.as_deref().cloned().flatten();
    let name = name.unwrap_or_else(|| narrow::called(key, &props.value));
    let to = context.place.with(key, "");
    html! {
        <span class="chip"><span>{ format!("{title}: ") }<strong>{ &name }</strong></span>
            <Link {to} replace={true}>
                <span class="hidden">{ t!("Take away the filter {title}: {name}", title, name) }</span><span aria-hidden="true">{ "×" }</span>
            </Link>
        </span>
    }
}
