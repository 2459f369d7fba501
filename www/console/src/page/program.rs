//! One program: its terms in words, as a form and as a document, its versions, and what to paste.

mod condition;
mod design;
mod document;
mod editor;
mod extras;
mod fund_forms;
mod reward;
mod settings;
mod tiers;
mod versions;
mod what_if;

use self::design::Design;
use self::document::Document;
use self::editor::Editor;
use self::versions::Versions;
use crate::browser;
use crate::context::{Context, use_console};
use crate::page::programs::{rewards, status};
use crate::part::choice::Tabs;
use crate::part::copy::Copy;
use crate::part::head::Head;
use crate::part::link::Link;
use crate::part::state::shown;
use crate::poll::use_poll;
use crate::route::{Mode, Route, encode};
use crate::text::{key, rich, t};
use crate::words;
use goodword_wire::{Key, Program};
use std::rc::Rc;
use yew::prelude::*;

/// Which one.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub id: AttrValue,
}

/// The page.
#[component]
pub fn ProgramPage(props: &Props) -> Html {
    let context = use_console();
    let program = use_poll::<Program>(context.mode(), format!("/v1/programs/{}", encode(&props.id)));
    let keys = use_poll::<Vec<Key>>(context.mode(), "/v1/keys".to_owned());
    let title = program.data.as_ref().map_or_else(|| t("Program").to_owned(), |program| program.name.clone());
    let back = (context.to(Route::Programs), t("Programs"));
    let unsaved = use_state_eq(|| false);
    let key = keys.data.as_ref().and_then(|keys| publishable(keys).map(str::to_owned));
    html! {
        <>
            <Head {title} {back}>
                <Link class="button" to={context.to(Route::Partners).with("program", &props.id)}>{ t("Its partners") }</Link>
            </Head>
            <Tabs label={t("Views of the program")} name="tab" options={TABS.map(|(word, text)| (word, t(text).to_owned())).to_vec()} />
            { shown(&program, 6, |program| tabs(&context, program, key.as_deref(), &unsaved)) }
        </>
    }
}

const TABS: [(&str, &str); 5] = [
    ("", key("Terms")),
    ("edit", key("Edit")),
    ("widget", key("Widget")),
    ("document", key("As a document")),
    ("versions", key("Versions")),
];

/// The editor stays behind the other tabs, so that nothing typed is lost by a look at them.
fn tabs(context: &Context, program: &Rc<Program>, key: Option<&str>, unsaved: &UseStateHandle<bool>) -> Html {
    let tab = context.place.get("tab").unwrap_or_default();
    let dirty = {
        let unsaved = unsaved.clone();
        Callback::from(move |dirty: bool| unsaved.set(dirty))
    };
    html! {
        <>
            if tab == "document" {
                <Document program={program.clone()} unsaved={**unsaved} />
            } else if tab == "versions" {
                <Versions program={program.clone()} />
            } else if tab != "edit" && tab != "widget" {
                { view(program, key, context.mode()) }
                <fund_forms::Funds program={program.clone()} />
            }
            <div key="editor" hidden={tab != "edit"}><Editor program={program.clone()} {dirty} /></div>
            <Design key="widget" program={program.clone()} publishable={key.map(str::to_owned)} shown={tab == "widget"} />
        </>
    }
}

fn view(program: &Program, key: Option<&str>, mode: Mode) -> Html {
    html! {
        <>
            <p class="badges">{ status(program) }<a href={program.url.clone()} rel="noreferrer">{ &program.url }</a></p>
            <section aria-labelledby="rewards-title">
                <h2 id="rewards-title">{ t("Rewards") }</h2>
                <p class="lead">{ t("For each event, the first reward that applies is paid.") }</p>
                { rewards(program) }
            </section>
            <section aria-labelledby="terms-title">
                <h2 id="terms-title">{ t("Terms") }</h2>
                <dl class="facts">
                    { for words::terms(program).into_iter().map(|(title, text)| html! {
                        <div key={title}><dt>{ title }</dt><dd>{ text }</dd></div>
                    }) }
                    <div><dt>{ t("Agreed") }</dt><dd>{ agreed(program) }</dd></div>
                    <div><dt>{ t("Groups") }</dt><dd>{ groups(program) }</dd></div>
                    <div><dt>{ t("Id") }</dt><dd><code>{ &program.id }</code></dd></div>
                </dl>
            </section>
            <section aria-labelledby="embed-title">
                <h2 id="embed-title">{ t("Paste into your page") }</h2>
                <p class="lead">{ where_to(mode) }</p>
                if let Some(key) = key {
                    <Copy text={snippet(&browser::origin(), key, program)} what={t("the tag")} block={true} />
                } else {
                    <p class="note">{ rich!("There is no publishable key. Make one with {command}.", command = html! { <code>{ "goodword admin create-key" }</code> }) }</p>
                }
            </section>
        </>
    }
}

fn where_to(mode: Mode) -> &'static str {
    match mode {
        Mode::Live => t("Once per page. The page’s origin must be among the allowed ones in the settings."),
        Mode::Test => t("This is the test key: what happens through it stays in the sandbox."),
    }
}

fn agreed(program: &Program) -> Html {
    match (program.terms.version.as_str(), program.terms.url.as_str()) {
        ("", "") => html! { t("Partners agree to no terms of their own.") },
        (version, "") => html! { t!("Version {version}.", version) },
        (version, url) => {
            html! { <a href={url.to_owned()} rel="noreferrer">{ t!("Version {version}", version) }</a> }
        }
    }
}

fn groups(program: &Program) -> String {
    let names: Vec<_> =
        program
            .groups
            .iter()
            .map(|group| {
                if group.default {
                    t!("{name} (new partners)", name = group.name)
                } else {
                    group.name.clone()
                }
            })
            .collect();
    names.join(", ")
}

/// The key that may stand in a page.
pub fn publishable(keys: &[Key]) -> Option<&str> {
    keys.iter().find(|key| key.kind == "publishable").map(|key| key.shown.as_str())
}

/// What a page needs so that people can join.
pub fn snippet(origin: &str, key: &str, program: &Program) -> String {
    let named = if program.default { String::new() } else { format!(" program=\"{}\"", program.id) };
    let params = match program.link_parameters.join(" ") {
        all if all.is_empty() => all,
        all => format!(" data-params=\"{all}\""),
    };
    format!(
        "<script async src=\"{origin}/goodword.js\" data-key=\"{key}\"{params}></script>\n<goodword-join{named}></goodword-join>"
    )
}
