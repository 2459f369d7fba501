//! What a browser tells of itself: whether a person sits before it, and on what device. Crawlers, link previews and
//! prefetches are redirected but not counted.

mod crawlers;
#[cfg(test)]
mod tests;

use axum::http::{HeaderMap, HeaderName};

/// Where browsers say for what they fetch a page.
static PURPOSES: [HeaderName; 4] = [
    HeaderName::from_static("sec-purpose"),
    HeaderName::from_static("purpose"),
    HeaderName::from_static("x-moz"),
    HeaderName::from_static("x-purpose"),
];

/// Whether the agent is a known program. One that says nothing is taken for a person.
pub fn is_bot(agent: &str) -> bool {
    crawlers::names_itself(agent)
}

/// Whether a browser fetches the page before anybody asked to see it. `X-Purpose: preview` is Safari's, and that of
/// Facebook's app; the standard `Sec-Purpose` begins with `prefetch` for prerendering too.
pub fn is_prefetch(headers: &HeaderMap) -> bool {
    PURPOSES.iter().any(|name| {
        let Some(value) = headers.get(name).and_then(|v| v.to_str().ok()) else { return false };
        value.contains("prefetch") || value.contains("prerender") || value == "preview"
    })
}

/// The kind of device: 1 desktop, 2 mobile, 3 tablet, 0 when nothing is told.
pub fn device(agent: &str) -> i64 {
    let has = |mark: &str| agent.contains(mark);
    if agent.is_empty() {
        0
    } else if has("iPad") || has("Tablet") || (has("Android") && !has("Mobile")) {
        3
    } else if has("Mobi") {
        2
    } else {
        1
    }
}
