//! Choosing: tabs and filters that live in the address, a program, a word to search for.

use crate::context::{Step, use_console};
use crate::date;
use crate::part::link::Link;
use crate::span::{self, Span};
use crate::text::t;
use gloo_timers::callback::Timeout;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// What can be chosen under a name of the address.
#[derive(Properties, PartialEq)]
pub struct TabsProps {
    pub label: &'static str,
    /// The name in the address.
    pub name: &'static str,
    /// The word that stands for nothing chosen.
    #[prop_or_default]
    pub usual: &'static str,
    /// Word and text.
    pub options: Vec<(&'static str, String)>,
    /// Whether the label is to be seen, where several stand below each other.
    #[prop_or_default]
    pub told: bool,
}

/// Links of which one is current.
#[component]
pub fn Tabs(props: &TabsProps) -> Html {
    let context = use_console();
    let chosen = context.place.get(props.name).unwrap_or(props.usual);
    html! {
        <nav class="tabs" aria-label={props.label}>
            if props.told { <span class="label" aria-hidden="true">{ props.label }</span> }
            { for props.options.iter().map(|(word, text)| {
                let to = context.place.with(props.name, if *word == props.usual { "" } else { word });
                let current = (*word == chosen).then_some("true");
                html! { <Link key={*word} {to} {current} replace={true}>{ text }</Link> }
            }) }
        </nav>
    }
}

/// Which days are looked at: one of the usual ranges, all there are, or any days.
#[component]
pub fn RangeChoice() -> Html {
    html! { <><Ranges /><Days /></> }
}

/// The usual ranges alone.
#[component]
pub fn Ranges() -> Html {
    let context = use_console();
    let chosen = span::chosen(&context.place);
    let named = span::NAMED.iter().map(|(word, _, text)| (*word, t(text))).chain([("all", t("All time"))]);
    html! {
        <nav class="tabs" aria-label={t("Range")}>
            { for named.map(|(word, text)| html! {
                <Link key={word} to={span::named(&context.place, word)} replace={true}
                    current={(chosen == Some(word)).then_some("true")}>{ text }</Link>
            }) }
        </nav>
    }
}

/// From which day to which.
#[component]
fn Days() -> Html {
    let context = use_console();
    let (from, to) = (use_node_ref(), use_node_ref());
    let (first, length) = Span::of(&context.place).days(context.now, None);
    let any = matches!(Span::of(&context.place), Span::Between(..));
    let onsubmit = {
        let (context, from, to) = (context.clone(), from.clone(), to.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let value = |field: &NodeRef| field.cast::<HtmlInputElement>().map(|field| field.value());
            if let (Some(from), Some(to)) = (value(&from), value(&to)) {
                let (from, to) = if from <= to { (from, to) } else { (to, from) };
                context.step.emit(Step { place: span::between(&context.place, &from, &to), replace: true });
            }
        })
    };
    let text = if any { Span::of(&context.place).words() } else { t("Other days").to_owned() };
    html! {
        <details class="days">
            <summary class={classes!("button", any.then_some("chosen"))}>{ text }</summary>
            <form class="menu" {onsubmit}>
                <label class="field"><span>{ t("From") }</span>
                    <input type="date" required=true ref={from} value={date::day_text(first)} /></label>
                <label class="field"><span>{ t("To and with") }</span>
                    <input type="date" required=true ref={to} value={date::day_text(first + length - 1)} /></label>
                <button type="submit" class="button primary">{ t("Show these days") }</button>
            </form>
        </details>
    }
}

/// Whether all programs together are a choice.
#[derive(Properties, PartialEq)]
pub struct ProgramProps {
    #[prop_or_default]
    pub one: bool,
}

/// Which program; not shown while there is only one.
#[component]
pub fn ProgramChoice(props: &ProgramProps) -> Html {
    let context = use_console();
    if context.programs.len() < 2 {
        return Html::default();
    }
    let chosen = if props.one { context.program_shown() } else { context.place.get("program") };
    let chosen = chosen.unwrap_or_default().to_owned();
    let onchange = {
        let context = context.clone();
        Callback::from(move |event: Event| {
            let select: HtmlSelectElement = event.target_unchecked_into();
            context.choose("program", &select.value());
        })
    };
    html! {
        <label class="field inline">
            <span class="hidden">{ t("Program") }</span>
            <select {onchange}>
                if !props.one {
                    <option value="" selected={chosen.is_empty()}>{ t("All programs") }</option>
                }
                { for context.programs.iter().map(|program| html! {
                    <option key={program.id.clone()} value={program.id.clone()} selected={program.id == chosen}>
                        { &program.name }
                    </option>
                }) }
            </select>
        </label>
    }
}

/// A field whose text goes to the address once one stops typing.
#[component]
pub fn Search() -> Html {
    let context = use_console();
    let timer = use_mut_ref(|| None::<Timeout>);
    // What is typed runs ahead of the address, and must not be overwritten by it.
    let typed = use_state_eq(|| context.place.get("search").unwrap_or_default().to_owned());
    let value = (*typed).clone();
    let oninput = Callback::from(move |event: InputEvent| {
        let input: HtmlInputElement = event.target_unchecked_into();
        typed.set(input.value());
        let context = context.clone();
        *timer.borrow_mut() = Some(Timeout::new(250, move || context.choose("search", input.value().trim())));
    });
    html! {
        <label class="field inline search">
            <span class="hidden">{ t("Search by name, e-mail or code") }</span>
            { crate::part::icon::search() }
            <input type="search" placeholder={t("Name, e-mail or code")} {value} {oninput} />
        </label>
    }
}
