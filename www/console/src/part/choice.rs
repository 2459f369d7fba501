//! Choosing: tabs and filters that live in the address, a program, a word to search for.

use crate::context::{Context, use_console};
use crate::part::link::Link;
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
}

/// Links of which one is current.
#[component]
pub fn Tabs(props: &TabsProps) -> Html {
    let context = use_console();
    let chosen = context.place.get(props.name).unwrap_or(props.usual);
    html! {
        <nav class="tabs" aria-label={props.label}>
            { for props.options.iter().map(|(word, text)| {
                let to = context.place.with(props.name, if *word == props.usual { "" } else { word });
                let current = (*word == chosen).then_some("true");
                html! { <Link key={*word} {to} {current} replace={true}>{ text }</Link> }
            }) }
        </nav>
    }
}

const USUAL_RANGE: (&str, i64) = ("30", 30);
const RANGES: [(&str, i64); 3] = [("7", 7), USUAL_RANGE, ("90", 90)];

/// How many days are looked at.
#[component]
pub fn RangeChoice() -> Html {
    let options = RANGES.map(|(word, days)| (word, format!("{days} days")));
    html! { <Tabs label="Range" name="range" usual={USUAL_RANGE.0} options={options.to_vec()} /> }
}

/// The days chosen by [`RangeChoice`], the present one included.
pub fn range(context: &Context) -> i64 {
    let chosen = context.place.get("range").unwrap_or_default();
    RANGES.iter().find(|(word, _)| *word == chosen).map_or(USUAL_RANGE.1, |(_, days)| *days)
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
            <span class="hidden">{ "Program" }</span>
            <select {onchange}>
                if !props.one {
                    <option value="" selected={chosen.is_empty()}>{ "All programs" }</option>
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
            <span class="hidden">{ "Search by name, e-mail or code" }</span>
            { crate::part::icon::search() }
            <input type="search" placeholder="Name, e-mail or code" {value} {oninput} />
        </label>
    }
}
