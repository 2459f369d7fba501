//! The widget itself, in a frame of our own origin, under settings that are not saved yet.

use crate::browser;
use crate::language::LANGUAGES;
use crate::route::encode;
use crate::text::{key, t};
use gloo_timers::callback::Timeout;
use goodword_wire::WidgetSettings;
use js_sys::{JSON, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlIFrameElement, HtmlSelectElement, MessageEvent};
use yew::prelude::*;

const ELEMENTS: [(&str, &str); 5] = [
    ("join", key("Joining")),
    ("share", key("Signing in")),
    ("signup", key("Sign-up of a friend")),
    ("leaderboard", key("Leaderboard")),
    ("offer", key("Offer")),
];
const SCHEMES: [(&str, &str); 2] = [("light", key("Light")), ("dark", key("Dark"))];
/// How long nothing is typed before the frame is told, milliseconds.
const PAUSE_MS: u32 = 200;

/// What is shown.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub settings: WidgetSettings,
    pub program: String,
    pub publishable: Option<String>,
}

/// The frame with what can be chosen about it.
#[component]
pub fn Preview(props: &Props) -> Html {
    let element = use_state_eq(|| ELEMENTS[0].0.to_owned());
    let language = use_state_eq(|| "en".to_owned());
    let scheme = use_state_eq(|| SCHEMES[0].0.to_owned());
    let height = use_state_eq(|| 420.0_f64);
    let frame = use_node_ref();
    let timer = use_mut_ref(|| None::<Timeout>);
    let message = message(&props.settings);
    use_effect_with(props.settings.clone(), {
        let (frame, message) = (frame.clone(), message.clone());
        move |_| *timer.borrow_mut() = Some(Timeout::new(PAUSE_MS, move || post(&frame, &message)))
    });
    use_effect_with((), {
        let (frame, height) = (frame.clone(), height.clone());
        move |()| {
            let listener = web_sys::window().map(|window| {
                gloo_events::EventListener::new(&window, "message", move |event| {
                    if let Some(told) = told_height(&frame, event) {
                        height.set(told);
                    }
                })
            });
            move || drop(listener)
        }
    });
    let Some(key) = &props.publishable else {
        return html! { <aside class="preview"><p class="note">{ t("There is no publishable key, so the widget cannot be shown.") }</p></aside> };
    };
    let onload = {
        let frame = frame.clone();
        Callback::from(move |_: Event| post(&frame, &message))
    };
    let address = format!(
        "/embed/frame?preview&element={}&pk={}&programId={}&lang={}&theme={}&origin={}",
        *element,
        encode(key),
        encode(&props.program),
        *language,
        *scheme,
        encode(&browser::origin())
    );
    html! {
        <aside class="preview" aria-labelledby="preview-title">
            <h2 id="preview-title">{ t("Preview") }</h2>
            <div class="controls">
                { choose(t("Element"), &element, &ELEMENTS) }
                { choose(t("Language"), &language, &LANGUAGES) }
                { choose(t("Colours"), &scheme, &SCHEMES) }
            </div>
            <iframe key={address.clone()} ref={frame} class={(*scheme).clone()} src={address} title={t("The widget as it will be")} {onload}
                height={height.ceil().to_string()} />
            <p class="quiet">{ t("What is sent off in it goes nowhere.") }</p>
        </aside>
    }
}

fn choose(
    title: &'static str,
    chosen: &UseStateHandle<String>,
    options: &[(&'static str, &'static str)],
) -> Html {
    let onchange = {
        let chosen = chosen.clone();
        Callback::from(move |event: Event| {
            let select: HtmlSelectElement = event.target_unchecked_into();
            chosen.set(select.value());
        })
    };
    html! {
        <label class="field">
            <span class="hidden">{ title }</span>
            <select {onchange}>
                { for options.iter().map(|(word, text)| html! {
                    <option key={*word} value={*word} selected={**chosen == **word}>{ t(text).to_owned() }</option>
                }) }
            </select>
        </label>
    }
}

/// What the frame is told, as JSON.
fn message(settings: &WidgetSettings) -> String {
    serde_json::to_string(settings).unwrap_or_default()
}

fn post(frame: &NodeRef, settings: &str) {
    let window = frame.cast::<HtmlIFrameElement>().and_then(|frame| frame.content_window());
    let (Some(window), Ok(settings)) = (window, JSON::parse(settings)) else { return };
    let message = Object::new();
    // A plain object takes any member, and a window of our own origin any message.
    let _ = Reflect::set(&message, &"goodword".into(), &"preview".into());
    let _ = Reflect::set(&message, &"widget".into(), &settings);
    let _ = window.post_message(&message, &browser::origin());
}

/// How high the frame says it is, CSS pixels; none for a message of anybody else's.
fn told_height(frame: &NodeRef, event: &Event) -> Option<f64> {
    let event = event.dyn_ref::<MessageEvent>()?;
    let window = frame.cast::<HtmlIFrameElement>()?.content_window()?;
    if event.origin() != browser::origin() || event.source()? != *window.unchecked_ref::<Object>() {
        return None;
    }
    let read = |name: &str| Reflect::get(&event.data(), &JsValue::from_str(name)).ok();
    let is_height = read("goodword")?.as_string().as_deref() == Some("height");
    read("height")?.as_f64().filter(|height| is_height && (0.0..10_000.0).contains(height))
}
