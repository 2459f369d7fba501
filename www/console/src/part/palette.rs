//! The command palette: Ctrl-K (or ⌘K), then a few letters of a page, a program or a partner, and Enter.

use crate::api;
use crate::browser;
use crate::context::{Context, Step, use_console};
use crate::part::dialog::Dialog;
use crate::route::{Mode, Place, Route, encode};
use crate::shell::SECTIONS;
use crate::text::t;
use goodword_wire::Partner;
use std::rc::Rc;
use web_sys::{HtmlInputElement, KeyboardEvent};
use yew::platform::spawn_local;
use yew::prelude::*;

/// How many entries are shown.
const MOST: usize = 9;

/// A place to go to.
#[derive(Clone, Debug, PartialEq)]
struct Entry {
    title: String,
    /// What kind of place it is.
    hint: &'static str,
    place: Place,
}

/// Listens for the keys, and is open after them.
#[component]
pub fn Palette() -> Html {
    let open = use_state_eq(|| false);
    use_effect_with((), {
        let open = open.setter();
        move |()| {
            let listener = browser::document().map(|document| {
                let options = gloo_events::EventListenerOptions::enable_prevent_default();
                gloo_events::EventListener::new_with_options(&document, "keydown", options, move |event| {
                    let Some(event) = wasm_bindgen::JsCast::dyn_ref::<KeyboardEvent>(event) else { return };
                    if (event.ctrl_key() || event.meta_key()) && event.key().eq_ignore_ascii_case("k") {
                        event.prevent_default();
                        open.set(true);
                    }
                })
            });
            move || drop(listener)
        }
    });
    let show = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(true))
    };
    let close = {
        let open = open.clone();
        Callback::from(move |()| open.set(false))
    };
    html! {
        <>
            <button type="button" class="go-to" onclick={show} aria-keyshortcuts="Control+K">{ crate::part::icon::search() }<span class="words">{ t("Go to…") }</span><kbd>{ t("Ctrl K") }</kbd></button>
            if *open { <Choice {close} /> }
        </>
    }
}

/// How it is closed.
#[derive(Properties, PartialEq)]
struct ChoiceProps {
    close: Callback<()>,
}

#[component]
fn Choice(props: &ChoiceProps) -> Html {
    let context = use_console();
    let (typed, at) = (use_state_eq(String::new), use_state_eq(|| 0_usize));
    let partners = use_partners(context.mode(), (*typed).clone());
    let entries = found(&context, &typed, &partners);
    let at_now = (*at).min(entries.len().saturating_sub(1));
    let go = {
        let (step, close) = (context.step.clone(), props.close.clone());
        Callback::from(move |place: Place| {
            close.emit(());
            step.emit(Step { place, replace: false });
        })
    };
    let oninput = {
        let (typed, at) = (typed.clone(), at.clone());
        Callback::from(move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            typed.set(input.value());
            at.set(0);
        })
    };
    let onkeydown = {
        let (entries, at, go) = (entries.clone(), at.clone(), go.clone());
        Callback::from(move |event: KeyboardEvent| {
            let last = entries.len().saturating_sub(1);
            match event.key().as_str() {
                "ArrowDown" => at.set(if at_now >= last { 0 } else { at_now + 1 }),
                "ArrowUp" => at.set(if at_now == 0 { last } else { at_now - 1 }),
                "Enter" => {
                    if let Some(entry) = entries.get(at_now) {
                        go.emit(entry.place.clone());
                    }
                }
                _ => return,
            }
            event.prevent_default();
        })
    };
    let active = entries.get(at_now).map(|_| format!("go-{at_now}"));
    html! {
        <Dialog title={t("Go to")} close={props.close.clone()}>
            <div class="palette">
                <input type="text" role="combobox" aria-label={t("Page, program or partner")} aria-expanded="true" aria-controls="go-list"
                    aria-autocomplete="list" aria-activedescendant={active} placeholder={t("Page, program or partner")} autocomplete="off"
                    autofocus=true {oninput} {onkeydown} />
                <ul id="go-list" role="listbox" aria-label={t("Places")}>
                    { for entries.iter().enumerate().map(|(place, entry)| option(place, entry, place == at_now, &go)) }
                </ul>
                if entries.is_empty() { <p class="quiet" role="status">{ t("Nothing of that name.") }</p> }
            </div>
        </Dialog>
    }
}

fn option(place: usize, entry: &Entry, chosen: bool, go: &Callback<Place>) -> Html {
    let onclick = {
        let (go, to) = (go.clone(), entry.place.clone());
        Callback::from(move |_: MouseEvent| go.emit(to.clone()))
    };
    html! {
        <li key={entry.place.url()} id={format!("go-{place}")} role="option" aria-selected={chosen.to_string()} {onclick}>
            <span>{ &entry.title }</span><small>{ entry.hint }</small>
        </li>
    }
}

/// Partners of whom the words typed are a part.
#[hook]
fn use_partners(mode: Mode, typed: String) -> Rc<Vec<Partner>> {
    let partners = use_state_eq(|| Rc::new(Vec::new()));
    use_effect_with((mode, typed), {
        let partners = partners.setter();
        move |(mode, typed)| {
            let (mode, typed) = (*mode, typed.trim().to_owned());
            let wanted = Rc::new(std::cell::Cell::new(true));
            let still = wanted.clone();
            spawn_local(async move {
                // Whoever goes on typing asks for something else.
                gloo_timers::future::TimeoutFuture::new(150).await;
                if typed.chars().count() < 2 || !still.get() {
                    return;
                }
                let path = format!("/v1/partners?pageSize=5&search={}", encode(&typed));
                let found = api::get::<Vec<Partner>>(mode, &path).await.unwrap_or_default();
                if still.get() {
                    partners.set(Rc::new(found));
                }
            });
            move || wanted.set(false)
        }
    });
    (*partners).clone()
}

fn found(context: &Context, typed: &str, partners: &[Partner]) -> Vec<Entry> {
    let typed = typed.trim().to_lowercase();
    let fits = |title: &str| title.to_lowercase().contains(&typed);
    let page = |title: &str, place: Place| Entry { title: title.to_owned(), hint: t("Page"), place };
    let sections = SECTIONS.iter().map(|(route, title)| page(t(title), context.to(route.clone())));
    let settings = context.to(Route::Settings);
    let more = [
        page(t("Audit log"), context.to(Route::Audit)),
        page(t("People"), settings.with("tab", "people")),
        page(t("Your security"), settings.with("tab", "security")),
        page(t("Mails"), settings.with("tab", "mail")),
        page(t("Language"), settings.clone()),
        page(t("Signals"), context.to(Route::Signals)),
    ];
    let programs = context.programs.iter().map(|program| Entry {
        title: program.name.clone(),
        hint: t("Program"),
        place: context.to(Route::Program(program.id.clone())),
    });
    let people = partners.iter().filter(|partner| fits(&format!("{} {}", partner.name, partner.email)));
    let people = people.map(|partner| Entry {
        title: partner.name.clone(),
        hint: t("Partner"),
        place: context.to(Route::Partner(partner.id.clone())),
    });
    let mut entries: Vec<Entry> =
        sections.chain(more).chain(programs).filter(|entry| fits(&entry.title)).collect();
    // What begins with the letters typed stands before what only holds them.
    entries.sort_by_key(|entry| !entry.title.to_lowercase().starts_with(&typed));
    entries.truncate(MOST);
    entries.extend(people);
    entries.truncate(MOST + 3);
    entries
}
