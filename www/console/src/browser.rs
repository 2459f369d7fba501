//! The few things asked of the browser itself.

use crate::page::come_in::Door;
use crate::route::Place;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlElement, VisibilityState};

/// Milliseconds since 1970, by the viewer's clock.
pub fn now() -> i64 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "milliseconds since 1970 fit an i64 for 292 million years"
    )]
    let now = js_sys::Date::now() as i64;
    now
}

/// Where we are served from: `https://HOST`.
pub fn origin() -> String {
    web_sys::window().and_then(|window| window.location().origin().ok()).unwrap_or_default()
}

/// The place in the address bar.
pub fn place() -> Place {
    let part = |read: fn(&web_sys::Location) -> Result<String, JsValue>| {
        web_sys::window().and_then(|window| read(&window.location()).ok()).unwrap_or_default()
    };
    Place::parse(&part(web_sys::Location::pathname), &part(web_sys::Location::search))
}

/// What the link in a mail is for that one came by, if one did.
pub fn door() -> Option<Door> {
    let location = web_sys::window()?.location();
    Door::parse(&location.pathname().ok()?, &location.search().ok()?)
}

/// Puts a place into the address bar, as a new step back or in place of the present one.
pub fn show(place: &Place, replace: bool) {
    let Some(history) = web_sys::window().and_then(|window| window.history().ok()) else { return };
    let url = place.url();
    // It fails only when called hundreds of times a second; the page is shown all the same.
    let _ = if replace {
        history.replace_state_with_url(&JsValue::NULL, "", Some(&url))
    } else {
        history.push_state_with_url(&JsValue::NULL, "", Some(&url))
    };
}

/// Whether the page can be seen.
pub fn is_visible() -> bool {
    document().is_none_or(|document| document.visibility_state() != VisibilityState::Hidden)
}

/// What the tab is called.
pub fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(&format!("{title} · Goodword"));
    }
}

/// Puts the focus on the element of that id, and the page's beginning into view.
pub fn focus(id: &str) {
    let element = document().and_then(|document| document.get_element_by_id(id));
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
    if let Some(window) = web_sys::window() {
        window.scroll_to_with_x_and_y(0.0, 0.0);
    }
}

/// Puts the focus on a field, and it into view; where that is none of a person's, on what it is part of.
pub fn show_field(id: &str) {
    let element = document().and_then(|document| document.get_element_by_id(id));
    let fault = || document().and_then(|document| document.get_element_by_id(&format!("{id}-fault")));
    if let Some(element) = element.or_else(fault) {
        element.scroll_into_view_with_bool(false);
        if let Ok(element) = element.dyn_into::<HtmlElement>() {
            let _ = element.focus();
        }
    }
}

/// Selects a part of the text in a field, in units of UTF-16.
pub fn select(id: &str, from: u32, to: u32) {
    let element = document().and_then(|document| document.get_element_by_id(id));
    if let Some(area) = element.and_then(|element| element.dyn_into::<web_sys::HtmlTextAreaElement>().ok()) {
        let _ = area.focus();
        // It fails only for fields without text.
        let _ = area.set_selection_range(from, to);
    }
}

/// Puts text on the clipboard; whether it worked.
pub async fn copy(text: &str) -> bool {
    let Some(window) = web_sys::window() else { return false };
    // On plain http away from localhost a browser has no clipboard to give.
    if !window.is_secure_context() {
        return false;
    }
    JsFuture::from(window.navigator().clipboard().write_text(text)).await.is_ok()
}

/// Hands a file to the user.
pub fn save(file: &web_sys::Blob, name: &str) -> Result<(), JsValue> {
    let url = web_sys::Url::create_object_url_with_blob(file)?;
    let document = document().ok_or(JsValue::NULL)?;
    let link: web_sys::HtmlAnchorElement = document.create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    // Some browsers begin to read the file only after the click is over.
    gloo_timers::callback::Timeout::new(10_000, move || {
        let _ = web_sys::Url::revoke_object_url(&url);
    })
    .forget();
    Ok(())
}

/// A word that nobody has said before: it makes a request the same when it is sent again.
pub fn unique_key() -> String {
    let mut bytes = [0_u8; 16];
    if let Some(crypto) = web_sys::window().and_then(|window| window.crypto().ok()) {
        // It fails only for requests of more than 64 KiB.
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    bytes.iter().fold(format!("console-{:x}-", now()), |key, byte| format!("{key}{byte:02x}"))
}

/// Waits until the browser has nothing else to do; where it does not tell, for a moment.
pub async fn idle() {
    const MOMENT_MS: i32 = 200;
    let idle = js_sys::Promise::new(&mut |resolve, _| {
        let Some(window) = web_sys::window() else { return };
        if window.request_idle_callback(&resolve).is_err() {
            // It fails only without a window.
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, MOMENT_MS);
        }
    });
    let _ = JsFuture::from(idle).await;
}

/// The tags of the languages its user reads, the best first.
pub fn languages() -> Vec<String> {
    let languages = web_sys::window().map(|window| window.navigator().languages());
    languages.iter().flat_map(js_sys::Array::iter).filter_map(|tag| tag.as_string()).collect()
}

/// What was kept under a name in this browser.
pub fn kept(name: &str) -> Option<String> {
    web_sys::window()?.local_storage().ok()??.get_item(name).ok()?
}

/// Keeps a word under a name.
pub fn keep(name: &str, word: &str) {
    if let Some(Ok(Some(storage))) = web_sys::window().map(|window| window.local_storage()) {
        // It fails where the browser keeps nothing: the choice then lasts as long as the page.
        let _ = storage.set_item(name, word);
    }
}

/// Loads the page again.
pub fn begin_anew() {
    if let Some(window) = web_sys::window() {
        let _ = window.location().reload();
    }
}

/// The texts of a language, from the file the page names for it.
pub async fn text_of(language: &str) -> Option<String> {
    let link = document()?.query_selector(&format!("link[hreflang={language}]")).ok()??;
    let answer =
        JsFuture::from(web_sys::window()?.fetch_with_str(&link.get_attribute("href")?)).await.ok()?;
    let answer: web_sys::Response = answer.dyn_into().ok()?;
    if !answer.ok() {
        return None;
    }
    JsFuture::from(answer.text().ok()?).await.ok()?.as_string()
}

/// Says on the page itself which language it is in, and how its lines run.
pub fn set_language(language: &str, direction: &str) {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        // It fails only for names that are no attributes.
        let _ = root.set_attribute("lang", language);
        let _ = root.set_attribute("dir", direction);
    }
}

/// The document, for its events.
pub fn document() -> Option<web_sys::Document> {
    web_sys::window().and_then(|window| window.document())
}
