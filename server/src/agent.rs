//! What a browser tells of itself: whether a person sits before it, and on what device. Crawlers, link previews and
//! prefetches are redirected but not counted.

use aho_corasick::{AhoCorasick, MatchKind};
use axum::http::HeaderMap;
use std::sync::LazyLock;

/// Parts of a `User-Agent` that only programs send. People's browsers inside social apps send none of them.
const MARKS: [&str; 26] = [
    "bot",
    "crawl",
    "spider",
    "slurp",
    "facebookexternalhit",
    "facebookcatalog",
    "whatsapp/",
    "telegrambot",
    "skypeuripreview",
    "embedly",
    "quora link preview",
    "pinterest/0",
    "vkshare",
    "bingpreview",
    "google-inspectiontool",
    "lighthouse",
    "headlesschrome-preview",
    "python-requests",
    "go-http-client",
    "okhttp",
    "libwww-perl",
    "wget",
    "scrapy",
    "http-client",
    "mediapartners-google",
    "feedfetcher",
];

/// All marks, looked for in one pass; the maker of phones named Cubot is found first, and is none.
static MATCHER: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let patterns = std::iter::once("cubot").chain(MARKS);
    let builder = AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostFirst)
        .ascii_case_insensitive(true)
        .build(patterns);
    builder.expect("the marks make a matcher")
});

/// Whether the agent is a known program.
pub fn is_bot(agent: &str) -> bool {
    MATCHER.find_iter(agent).any(|found| found.pattern().as_usize() > 0)
}

/// Whether a browser fetches the page before anybody asked to see it.
pub fn is_prefetch(headers: &HeaderMap) -> bool {
    ["sec-purpose", "purpose", "x-moz", "x-purpose"].iter().any(|name| {
        let Some(value) = headers.get(*name).and_then(|v| v.to_str().ok()) else { return false };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices() {
        let iphone =
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148";
        let tablet =
            "Mozilla/5.0 (Linux; Android 14; SM-X710) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36";
        let desktop = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36";
        assert_eq!([iphone, tablet, desktop, ""].map(device), [2, 3, 1, 0]);
    }

    #[test]
    fn programs_and_people() {
        for bot in [
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
            "WhatsApp/2.23.20.0",
            "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
            "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
            "Twitterbot/1.0",
        ] {
            assert!(is_bot(bot), "{bot}");
        }
        for person in [
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Instagram 350.0.0.0",
            "Mozilla/5.0 (Linux; Android 14; CUBOT KINGKONG) AppleWebKit/537.36 Chrome/120.0.0.0 Mobile Safari/537.36",
            "curl/8.0",
            "",
        ] {
            assert!(!is_bot(person), "{person}");
        }
    }

    #[test]
    fn prefetches() {
        let mut headers = HeaderMap::new();
        assert!(!is_prefetch(&headers));
        headers.insert("sec-purpose", "prefetch;prerender".parse().unwrap());
        assert!(is_prefetch(&headers));
    }
}
