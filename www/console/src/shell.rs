//! The frame around every page: sections, live or test, who is in, and the sandbox's clock.

use crate::api;
use crate::browser;
use crate::chapter::{Chapter, use_chapters};
use crate::context::{Context, Step};
use crate::live::use_live;
use crate::part::language::LanguageChoice;
use crate::part::link::Link;
use crate::part::palette::Palette;
use crate::part::sandbox::Sandbox;
use crate::poll::{SLOW_MS, use_poll_by, use_poll_every};
use crate::route::{Mode, Place, Route};
use crate::text::{key, t};
use crate::{date, words};
use goodword_wire::{Program, SandboxClock, Session};
use std::rc::Rc;
use yew::platform::spawn_local;
use yew::prelude::*;

/// The parts of the console, in the order of the navigation.
pub const SECTIONS: [(Route, &str); 23] = [
    (Route::Overview, key("Overview")),
    (Route::Programs, key("Programs")),
    (Route::Partners, key("Partners")),
    (Route::Events, key("Events")),
    (Route::Explorer, key("Explorer")),
    (Route::Attribution, key("Attribution")),
    (Route::Commissions, key("Commissions")),
    (Route::Payouts, key("Payouts")),
    (Route::Reviews, key("Reviews")),
    (Route::Claims, key("Claims")),
    (Route::Funds, key("Funds")),
    (Route::Registrations, key("Registrations")),
    (Route::Splits, key("Splits")),
    (Route::Settlements, key("Settlements")),
    (Route::Points, key("Points")),
    (Route::Gifts, key("Gifts")),
    (Route::Rates, key("Exchange rates")),
    (Route::Ledger, key("Ledger")),
    (Route::Triggers, key("Triggers")),
    (Route::Webhooks, key("Webhooks")),
    (Route::Integrations, key("Integrations")),
    (Route::Imports, key("Imports")),
    (Route::Settings, key("Settings")),
];

/// More than this wait is all the navigation says.
const MOST_COUNTED: usize = 9;

/// What the shell needs to know.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub session: Rc<Session>,
    /// Called when nobody is in any more; with `true` if the session ended by itself.
    pub left: Callback<bool>,
}

/// The frame and the page in it.
#[component]
pub fn Shell(props: &Props) -> Html {
    let place = use_state_eq(browser::place);
    let tick = use_state_eq(|| 0_u32);
    use_back_button(place.clone());
    use_return_to_tab(tick.clone());
    let mode = place.mode();
    let expired = props.left.reform(|()| true);
    let heard = use_live(mode);
    let frame = use_poll_by((mode, *tick), expired.clone(), |(mode, _)| read(mode)).data;
    let frame = frame.filter(|frame| frame.mode == mode);
    use_focus_on_arrival(place.route.clone());
    let chapters = use_chapters(Chapter::of(&place.route));
    let context = Context {
        place: (*place).clone(),
        step: step(place.setter()),
        tick: *tick,
        heard,
        refresh: {
            let tick = tick.clone();
            Callback::from(move |()| tick.set(tick.wrapping_add(1)))
        },
        expired,
        session: props.session.clone(),
        programs: frame.as_ref().map_or_else(Rc::default, |frame| frame.programs.clone()),
        now: frame.as_ref().map_or_else(browser::now, |frame| frame.now),
    };
    let clock = frame.and_then(|frame| frame.clock.clone());
    html! {
        <ContextProvider<Context> context={context}>
            <a class="skip" href="#main">{ t("Skip to the page") }</a>
            <div class={classes!("frame", (mode == Mode::Test).then_some("is-test"))}>
                <Top session={props.session.clone()} left={props.left.clone()} />
                if mode == Mode::Test {
                    <Sandbox {clock} />
                }
                <Sections />
                <main id="main" tabindex="-1" key={mode.word()}>{ chapters.view(&place) }</main>
            </div>
        </ContextProvider<Context>>
    }
}

/// What the frame itself shows.
#[derive(PartialEq)]
struct Frame {
    mode: Mode,
    programs: Rc<Vec<Program>>,
    clock: Option<SandboxClock>,
    now: i64,
}

async fn read(mode: Mode) -> Result<Frame, api::Failure> {
    let programs = api::get::<Vec<Program>>(mode, "/v1/programs").await?;
    let clock = match mode {
        Mode::Live => None,
        Mode::Test => Some(api::get::<SandboxClock>(mode, "/v1/sandbox/clock").await?),
    };
    let now = clock.as_ref().and_then(|clock| date::parse(&clock.now)).unwrap_or_else(browser::now);
    // To five seconds, so that a page is not drawn anew for each millisecond.
    Ok(Frame { mode, programs: Rc::new(programs), clock, now: now / 5_000 * 5_000 })
}

fn step(place: UseStateSetter<Place>) -> Callback<Step> {
    Callback::from(move |step: Step| {
        browser::show(&step.place, step.replace);
        place.set(step.place);
    })
}

#[hook]
fn use_back_button(place: UseStateHandle<Place>) {
    use_effect_with((), move |()| {
        let listener = web_sys::window().map(|window| {
            gloo_events::EventListener::new(&window, "popstate", move |_| place.set(browser::place()))
        });
        move || drop(listener)
    });
}

/// Who comes back to the tab sees fresh figures at once.
#[hook]
fn use_return_to_tab(tick: UseStateHandle<u32>) {
    use_effect_with(*tick, move |_| {
        let listener = browser::document().map(|document| {
            gloo_events::EventListener::new(&document, "visibilitychange", move |_| {
                if browser::is_visible() {
                    tick.set(tick.wrapping_add(1));
                }
            })
        });
        move || drop(listener)
    });
}

#[hook]
fn use_focus_on_arrival(route: Route) {
    let arrived = use_mut_ref(|| false);
    use_effect_with(route, move |_| {
        if arrived.replace(true) {
            browser::focus("main");
        }
    });
}

#[component]
fn Top(props: &Props) -> Html {
    let context = crate::context::use_console();
    let log_out = {
        let left = props.left.clone();
        Callback::from(move |_: MouseEvent| {
            let left = left.clone();
            spawn_local(async move {
                // Whether or not the server heard it, the user wants out.
                let _ = api::log_out().await;
                left.emit(false);
            });
        })
    };
    let session = &props.session;
    html! {
        <header class="top">
            <Link class="brand" to={context.to(Route::Overview)}>{ mark() }<span>{ "Goodword" }</span></Link>
            <span class="vendor">{ &session.vendor }</span>
            <Palette />
            <div class="switch" role="group" aria-label={t("Whose data")}>
                { mode_link(&context, Mode::Live, t("Live")) }
                { mode_link(&context, Mode::Test, t("Test")) }
            </div>
            <details class="who">
                <summary><span class="initial" aria-hidden="true">{ initial(&session.user.name) }</span>
                    <span class="hidden">{ t("Account") }</span></summary>
                <div class="menu">
                    <strong>{ &session.user.name }</strong>
                    <span>{ &session.user.email }</span>
                    <span>{ &session.vendor }</span>
                    <span class="quiet">{ words::plain(&session.user.role) }</span>
                    <Link to={context.to(Route::Settings).with("tab", "security")}>{ t("Your security") }</Link>
                    <LanguageChoice />
                    <button type="button" class="button" onclick={log_out}>{ t("Log out") }</button>
                </div>
            </details>
        </header>
    }
}

/// A program is of one mode, so the choice of one does not follow into the other.
fn mode_link(context: &Context, mode: Mode, text: &'static str) -> Html {
    let section = context.place.to(section_of(&context.place.route)).with("program", "");
    let to = section.with("mode", if mode == Mode::Test { mode.word() } else { "" });
    let current = (context.mode() == mode).then_some("true");
    html! { <Link {to} {current}>{ text }</Link> }
}

fn section_of(route: &Route) -> Route {
    SECTIONS
        .iter()
        .map(|(section, _)| section)
        .find(|s| route.is_within(s))
        .cloned()
        .unwrap_or(Route::Overview)
}

/// The sections; those about money stand together, under one heading.
#[component]
fn Sections() -> Html {
    let context = crate::context::use_console();
    let within = context.place.route.is_money();
    let entry = |(route, text): &(Route, &'static str)| {
        let current = context.place.route.is_within(route).then_some("page");
        html! {
            <li key={*text}>
                <Link to={context.to(route.clone())} {current}>
                    { crate::part::icon::section(text) }{ t(text) }
                    if let Some(list) = queue(route) { <Waiting {list} /> }
                </Link>
            </li>
        }
    };
    let first = SECTIONS.iter().take_while(|(route, _)| !route.is_money());
    let money = SECTIONS.iter().filter(|(route, _)| route.is_money());
    let last =
        SECTIONS.iter().skip_while(|(route, _)| !route.is_money()).filter(|(route, _)| !route.is_money());
    html! {
        <nav class="sections" aria-label={t("Sections")}>
            <ul>
                { for first.map(entry) }
                <li key="Money" class={classes!("group", within.then_some("within"))}>
                    <Link to={context.to(Route::Commissions)} current={within.then_some("true")}>{ t("Money") }</Link>
                    <ul>{ for money.map(entry) }</ul>
                </li>
                { for last.map(entry) }
            </ul>
        </nav>
    }
}

/// What may wait in a section for a decision.
fn queue(section: &Route) -> Option<&'static str> {
    match section {
        Route::Reviews => Some("/v1/reviews?status=waiting"),
        Route::Claims => Some("/v1/claims?status=open"),
        Route::Funds => Some("/v1/fund-requests?status=requested"),
        Route::Registrations => Some("/v1/registrations?status=submitted"),
        Route::Splits => Some("/v1/splits?status=open"),
        Route::Gifts => Some("/v1/gifts?status=due"),
        _ => None,
    }
}

/// What is counted.
#[derive(Properties, PartialEq)]
struct WaitingProps {
    list: &'static str,
}

/// How many wait there, up to nine.
#[component]
fn Waiting(props: &WaitingProps) -> Html {
    let context = crate::context::use_console();
    let list = props.list;
    let key = (context.mode(), list, context.tick);
    let counted = use_poll_every(SLOW_MS, key, context.expired, |(mode, list, _)| async move {
        let path = format!("{list}&pageSize={}", MOST_COUNTED + 1);
        let rows = api::get::<Vec<serde::de::IgnoredAny>>(mode, &path);
        rows.await.map(|rows| rows.len())
    });
    let text = match counted.data.as_deref() {
        None | Some(0) => return Html::default(),
        Some(n) if *n > MOST_COUNTED => format!("{MOST_COUNTED}+"),
        Some(n) => n.to_string(),
    };
    html! { <span class="count"><span class="hidden">{ t(", waiting: ") }</span>{ text }</span> }
}

fn initial(name: &str) -> String {
    name.chars().next().map(|letter| letter.to_uppercase().collect()).unwrap_or_default()
}

/// The sign: a speech bubble with a tick.
pub fn mark() -> Html {
    html! {
        <svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
            <path d="M4 3h16a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2h-8l-5 4v-4H4a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2z" />
            <path class="tick" d="m7.5 10.5 3 3 6-6" />
        </svg>
    }
}
