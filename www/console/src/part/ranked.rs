//! The first few of a dimension, as a list with bars; each row is a filter.

use crate::context::use_console;
use crate::format;
use crate::narrow::{self, Dimension};
use crate::part::link::Link;
use crate::part::state::shown;
use crate::poll::use_poll;
use crate::route::Route;
use crate::series::Metric;
use crate::span::Span;
use crate::text::t;
use goodword_wire::BreakdownItem;
use yew::prelude::*;

/// How many rows there are.
const MOST: usize = 6;
/// How long the longest bar is.
const BAR: i64 = 1_000;

/// Which dimension, by which figure.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The place in [`narrow::DIMENSIONS`].
    pub dimension: usize,
    pub metric: Metric,
    pub currency: AttrValue,
}

/// The list.
#[component]
pub fn Ranked(props: &Props) -> Html {
    let context = use_console();
    let Dimension { word, asked, title, all: all_of, filter } = narrow::DIMENSIONS[props.dimension];
    let span = Span::of(&context.place).query(context.now);
    let path = format!(
        "/v1/analytics/breakdown?by={asked}&sort={}&limit={MOST}&{span}{}{}",
        props.metric.sort(),
        narrow::query(&context.place),
        context.one_program_filter()
    );
    let items = use_poll::<Vec<BreakdownItem>>(context.mode(), path);
    let all = narrow::carried(&context.place, context.to(Route::Explorer)).with("by", word);
    let id = format!("top-{word}");
    html! {
        <section class="panel ranked" aria-labelledby={id.clone()}>
            <header><h2 {id}>{ t(title) }</h2><small>{ props.metric.title() }</small></header>
            { shown(&items, 4, |items| rows(props, items, filter)) }
            <footer><Link to={all}>{ t(all_of) }</Link></footer>
        </section>
    }
}

fn rows(props: &Props, items: &[BreakdownItem], key: &'static str) -> Html {
    let values: Vec<i64> = items.iter().map(|item| props.metric.of_item(item)).collect();
    let longest = values.iter().copied().max().unwrap_or(0).max(1);
    let some: Vec<_> = items.iter().zip(values).filter(|(_, value)| *value != 0).collect();
    if some.is_empty() {
        return html! { <p class="quiet">{ t("Nothing in these days.") }</p> };
    }
    html! {
        <ol>
            { for some.into_iter().map(|(item, value)| html! {
                <Row key={item.id.clone()} filter={key} id={item.id.clone()} name={item.name.clone()}
                    value={shown_value(props, value)} bar={value.max(0) * BAR / longest} />
            }) }
        </ol>
    }
}

fn shown_value(props: &Props, value: i64) -> String {
    if props.metric.is_money() { format::money(value, &props.currency) } else { format::count(value) }
}

/// One row.
#[derive(Properties, PartialEq)]
struct RowProps {
    filter: &'static str,
    id: AttrValue,
    name: AttrValue,
    value: AttrValue,
    bar: i64,
}

#[component]
fn Row(props: &RowProps) -> Html {
    let context = use_console();
    let name = narrow::called(props.filter, &props.name);
    let chosen = context.place.get(props.filter) == Some(narrow::value(&props.id));
    // Pages of one site begin alike.
    let ends_differ = props.filter == "page";
    let to = context.place.with(props.filter, if chosen { "" } else { narrow::value(&props.id) });
    html! {
        <li>
            <Link {to} replace={true} current={chosen.then_some("true")}>
                <span class={classes!("name", ends_differ.then_some("cut-before"))} title={name.clone()}><bdi>{ &name }</bdi></span><span class="value">{ &props.value }</span>
                <svg class="meter" viewBox={format!("0 0 {BAR} 4")} preserveAspectRatio="none" aria-hidden="true">
                    <rect class="rest" width={BAR.to_string()} height="4" /><rect width={props.bar.to_string()} height="4" />
                </svg>
            </Link>
        </li>
    }
}
