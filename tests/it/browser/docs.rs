//! What the guide says to put on a page, put on a page: every block of HTML, with every script, without an error.

use super::chromium::Browser;
use super::site::{Page, Site};
use crate::harness::{Kind, Server};
use crate::snippets::{Snippet, pages};
use serde_json::json;

/// Names that stand for the vendor's own code and for others' libraries: they take any call, and give themselves.
const STAND_INS: &str = "
  const anything = new Proxy(function () {}, {
    get: (_, name) => (name === Symbol.toPrimitive ? () => '' : name === 'then' ? undefined : anything),
    apply: () => anything,
    construct: () => anything,
  });
  for (const name of ['stripe', 'Paddle', 'cookies', 'user', 'publicToken']) window[name] = anything;
  window.goodword = window.goodword || function () { (window.goodword.q = window.goodword.q || []).push(arguments); };
";

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_the_guide_runs_without_an_error() {
    let site = Site::open("stranger.localhost").await;
    let server = Server::with_origins(Kind::chosen(), &[&site.origin]);
    server.live().program(json!({}));
    server.live().partner("MAYA27");
    let browser = Browser::open().await;
    let (mut count, mut all) = (0, pages());
    for snippet in all.iter_mut().flat_map(|page| page.snippets.drain(..)) {
        if let Some(page) = page_of(&snippet, &server) {
            count += 1;
            visit(&browser, &site, &snippet, page).await;
        }
    }
    assert!(count > 5, "the guide has only {count} blocks for pages");
}

/// The page a block makes: HTML as it stands, a script beside the tag.
fn page_of(snippet: &Snippet, server: &Server) -> Option<Page> {
    let text = snippet.on(server);
    let key = &server.vendor.live.publishable_key;
    match snippet.language.as_str() {
        "html" => Some(Page::new("", &text)),
        "css" => Some(Page::new("", &format!("<style>{text}</style>"))),
        "js" => {
            let tag =
                format!("<script async src=\"{}/goodword.js\" data-key=\"{key}\"></script>", server.base);
            let script = format!(
                "<script>{STAND_INS} (async () => {{ {text}\n document.title += ' ran'; }})();</script>"
            );
            Some(Page::new(&tag, &script))
        }
        _ => None,
    }
}

async fn visit(browser: &Browser, site: &Site, snippet: &Snippet, page: Page) {
    let address = site.put(&format!("/{}", snippet.place.replace(':', "-")), page);
    // What a block asks of the shop it is on.
    site.put("/cart/update.js", Page::file("update.json", b"{}".to_vec()));
    browser.goto(&address).await;
    let ready = match snippet.language.as_str() {
        "js" => "return document.title.includes('ran')",
        // What a browser does not understand it leaves out.
        "css" => {
            "return document.styleSheets.length == 1 && [...document.styleSheets[0].cssRules].some((rule) => rule.style.length)"
        }
        _ if snippet.text.contains("https://go.example.com/goodword.js") => {
            "return !!(window.Goodword && window.Goodword.call)"
        }
        _ => "return document.readyState == 'complete'",
    };
    let ask = async || browser.js::<bool>(ready, json!([])).await.then_some(());
    browser.until(&format!("{} has run", snippet.place), ask).await;
    let errors = browser.notes("errors").await;
    assert!(errors.is_empty(), "{}: {errors:?}", snippet.place);
    browser.assert_quiet().await;
}
