//! `/docs`: the guide, which is Markdown in `www/docs` and compiled in, and the reference of the API. Without a script.

pub mod reference;

use crate::error::Error;
use askama::Template;
use axum::extract::Path;
use axum::http::header;
use axum::response::{Html, IntoResponse, Redirect, Response};
use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};
use rust_embed::RustEmbed;

/// The pages, and the pictures in them.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../www/docs"]
#[include = "*.md"]
#[include = "pictures/*.svg"]
struct Guide;

/// The page that lists all others, in the order in which they are read.
const CONTENTS: &str = "index";

#[derive(Template)]
#[template(path = "guide.html")]
struct Page<'a> {
    title: &'a str,
    sections: &'a [Section],
    /// The name of this page.
    here: &'a str,
    body: &'a str,
    before: Option<&'a Entry>,
    after: Option<&'a Entry>,
}

/// Part of the contents.
struct Section {
    title: String,
    entries: Vec<Entry>,
}

/// A page as the contents name it.
struct Entry {
    name: String,
    title: String,
}

/// `GET /docs`
pub async fn index() -> Result<Response, Error> {
    show(CONTENTS)
}

/// `GET /docs/{page}`: a page, also under its file's name, as Markdown elsewhere links to it.
pub async fn page(Path(name): Path<String>) -> Result<Response, Error> {
    match name.strip_suffix(".md") {
        Some(page) => Ok(Redirect::permanent(&format!("/docs/{page}")).into_response()),
        None => show(&name),
    }
}

/// `GET /docs/pictures/{file}`
pub async fn picture(Path(file): Path<String>) -> Result<Response, Error> {
    let found = Guide::get(&format!("pictures/{file}")).ok_or_else(|| missing(&file))?;
    Ok(([(header::CONTENT_TYPE, "image/svg+xml"), KEPT], found.data).into_response())
}

const KEPT: (header::HeaderName, &str) = (header::CACHE_CONTROL, "public, max-age=300");

/// A page of documentation as it is sent.
pub fn answer(page: &str) -> Response {
    let policy = "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'";
    ([(header::CONTENT_SECURITY_POLICY, policy), KEPT], Html(page.to_owned())).into_response()
}

fn show(name: &str) -> Result<Response, Error> {
    let sections = contents(&source(CONTENTS)?);
    let source = source(name)?;
    let entries: Vec<&Entry> = sections.iter().flat_map(|section| &section.entries).collect();
    let place = entries.iter().position(|entry| entry.name == name);
    let body = render(&source);
    let page = Page {
        title: &title(&source),
        sections: &sections,
        here: name,
        body: &body,
        before: place.and_then(|at| at.checked_sub(1)).map(|at| entries[at]),
        after: entries.get(place.map_or(0, |at| at + 1)).copied(),
    };
    Ok(answer(&page.render().map_err(|e| Error::internal(e.to_string()))?))
}

fn source(name: &str) -> Result<String, Error> {
    let file = Guide::get(&format!("{name}.md")).ok_or_else(|| missing(name))?;
    String::from_utf8(file.data.into_owned()).map_err(|e| Error::internal(format!("{name}.md: {e}")))
}

fn missing(name: &str) -> Error {
    Error::NotFound(format!("There is no page {name} in the documentation: see /docs."))
}

fn parse(source: &str) -> Parser<'_> {
    Parser::new_ext(source, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH)
}

/// The text of the first heading.
fn title(source: &str) -> String {
    let events = parse(source).skip_while(|e| !matches!(e, Event::Start(Tag::Heading { .. }))).skip(1);
    words(events.take_while(|e| !matches!(e, Event::End(TagEnd::Heading(_)))))
}

/// The contents: a section for each heading, an entry for each link to a page.
fn contents(source: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut events = parse(source);
    while let Some(event) = events.next() {
        match event {
            Event::Start(Tag::Heading { level: HeadingLevel::H2, .. }) => {
                let text = events.by_ref().take_while(|e| !matches!(e, Event::End(TagEnd::Heading(_))));
                sections.push(Section { title: words(text), entries: Vec::new() });
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                let Some(name) = dest_url.strip_suffix(".md").filter(|name| !name.contains('/')) else {
                    continue;
                };
                let name = name.to_owned();
                let title = words(events.by_ref().take_while(|e| !matches!(e, Event::End(TagEnd::Link))));
                if let Some(section) = sections.last_mut() {
                    section.entries.push(Entry { name, title });
                }
            }
            _ => {}
        }
    }
    sections
}

fn words<'a>(events: impl Iterator<Item = Event<'a>>) -> String {
    events
        .filter_map(|event| match event {
            Event::Text(text) | Event::Code(text) => Some(text.into_string()),
            Event::SoftBreak => Some(" ".to_owned()),
            _ => None,
        })
        .collect()
}

/// Markdown as HTML: headings can be linked to, links between files become links between pages, and HTML is shown as text.
fn render(source: &str) -> String {
    let mut events: Vec<Event<'_>> = Vec::new();
    // Where the link that is open leads; links do not nest.
    let mut leads = None;
    for event in parse(source) {
        match event {
            Event::Html(text) | Event::InlineHtml(text) => events.push(Event::Text(text)),
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                leads = address(&dest_url);
                if let Some(address) = &leads {
                    let dest_url = CowStr::from(address.clone());
                    events.push(Event::Start(Tag::Link { link_type, dest_url, title, id }));
                }
            }
            Event::End(TagEnd::Link) if leads.is_none() => {}
            Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
                let dest_url = CowStr::from(format!("/docs/{dest_url}"));
                events.push(Event::Start(Tag::Image { link_type, dest_url, title, id }));
            }
            Event::End(TagEnd::Heading(level)) => {
                name_heading(&mut events);
                events.push(Event::End(TagEnd::Heading(level)));
            }
            other => events.push(other),
        }
    }
    let mut page = String::new();
    html::push_html(&mut page, events.into_iter());
    page
}

/// Gives the heading that ends here an id made of its words.
fn name_heading(events: &mut [Event<'_>]) {
    let Some(start) = events.iter().rposition(|e| matches!(e, Event::Start(Tag::Heading { .. }))) else {
        return;
    };
    let name = anchor(&words(events[start..].iter().cloned()));
    if let Event::Start(Tag::Heading { id, .. }) = &mut events[start] {
        *id = Some(name.into());
    }
}

/// As GitHub makes them, so that a link holds in both places.
fn anchor(text: &str) -> String {
    let kept = text.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.flat_map(char::to_lowercase).map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// `payouts.md#files` is `/docs/payouts#files` here. What leads to a file elsewhere in the repository is no link here, but for
/// what the server has as well.
fn address(link: &str) -> Option<String> {
    let (file, rest) = link.find('#').map_or((link, ""), |at| link.split_at(at));
    match file.strip_suffix(".md") {
        Some(name) if !name.contains('/') => Some(format!("/docs/{name}{rest}")),
        _ if link == "../../openapi.json" => Some("/openapi.json".to_owned()),
        _ if file.contains("://") || link.starts_with('#') || link.starts_with("mailto:") => {
            Some(link.to_owned())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_between_files_are_links_between_pages() {
        let leads = |link: &str| address(link).unwrap_or_default();
        assert_eq!(leads("payouts.md#files"), "/docs/payouts#files");
        assert_eq!(leads("#files"), "#files");
        assert_eq!(leads("https://example.com/a.md"), "https://example.com/a.md");
        assert_eq!(leads("../../openapi.json"), "/openapi.json");
        assert_eq!(address("../../README.md#how-fast"), None);
        let page = render("# A *good* `word`\n\n[there](ledger.md)\n\n<script>alert(1)</script>\n");
        assert!(page.contains("<h1 id=\"a-good-word\">"), "{page}");
        assert!(page.contains("href=\"/docs/ledger\""), "{page}");
        assert!(!page.contains("<script>"), "{page}");
    }

    #[test]
    fn contents_have_sections_and_pages() {
        let sections = contents(
            "# All\n\n## Start\n\n- [Plain HTML](start-html.md): by hand\n- [elsewhere](https://a.example/)\n",
        );
        assert_eq!(sections.len(), 1);
        assert_eq!(sections[0].title, "Start");
        let entries: Vec<_> =
            sections[0].entries.iter().map(|e| (e.name.as_str(), e.title.as_str())).collect();
        assert_eq!(entries, [("start-html", "Plain HTML")]);
    }

    #[test]
    fn every_page_is_in_the_contents_and_every_link_leads_somewhere() {
        let sections = contents(&source(CONTENTS).expect("there are contents"));
        let listed: Vec<&str> = sections.iter().flat_map(|s| &s.entries).map(|e| e.name.as_str()).collect();
        for file in Guide::iter().filter_map(|file| file.strip_suffix(".md").map(str::to_owned)) {
            assert!(file == CONTENTS || listed.contains(&file.as_str()), "{file}.md is not in the contents");
            let text = source(&file).expect("it is there");
            for event in parse(&text) {
                let Event::Start(Tag::Link { dest_url, .. }) = event else { continue };
                check_link(&file, &dest_url);
            }
        }
        for name in listed {
            assert!(source(name).is_ok(), "the contents name {name}.md, which is not there");
        }
    }

    fn check_link(from: &str, link: &str) {
        let Some(address) = address(link) else { return };
        let Some(rest) = address.strip_prefix("/docs/") else { return };
        let (page, heading) = rest.split_once('#').map_or((rest, None), |(page, h)| (page, Some(h)));
        if page == "api" {
            return;
        }
        let text = source(page).unwrap_or_else(|_| panic!("{from}.md links to {link}"));
        if let Some(heading) = heading {
            assert!(render(&text).contains(&format!("id=\"{heading}\"")), "{from}.md links to {link}");
        }
    }
}
