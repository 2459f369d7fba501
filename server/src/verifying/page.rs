//! What of ours is in a page's HTML.

use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};
use std::collections::BTreeMap;
use url::Url;

/// A page, as far as it concerns us.
#[derive(Debug, Default)]
pub struct Page {
    /// Our script's tags, in their order.
    pub tags: Vec<Tag>,
    /// Elements of ours, each name once for each time it is there.
    pub elements: Vec<String>,
    /// Policies in `<meta http-equiv>`.
    pub policies: Vec<String>,
    /// Forms that want the click.
    pub forms: usize,
    /// Whether it loads Google's tag manager, which may add tags that are not in the HTML.
    pub tag_manager: bool,
    /// The beginnings of secret keys that everybody can read in it.
    pub secrets: Vec<String>,
}

/// A script's tag.
#[derive(Clone, Debug, Default)]
pub struct Tag {
    /// Where the script is, if that can be told.
    pub src: Option<Url>,
    /// Its attributes.
    pub attributes: BTreeMap<String, String>,
}

impl Tag {
    /// An attribute's value, without blanks around it; empty when it is missing.
    pub fn get(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", |value| value.trim())
    }

    /// Whether an attribute is there.
    pub fn has(&self, name: &str) -> bool {
        self.attributes.contains_key(name)
    }

    fn is_ours(&self) -> bool {
        let by_name = self.src.as_ref().is_some_and(|src| src.path().ends_with("/goodword.js"));
        by_name
            || (self.has("src") && ["pk_", "sk_"].iter().any(|start| self.get("data-key").starts_with(start)))
    }
}

impl Page {
    /// Reads HTML.
    pub fn read(url: &Url, html: &str) -> Self {
        let mut page = Self { secrets: secrets(html), ..Self::default() };
        let mut emitter = DefaultEmitter::default();
        emitter.naively_switch_states(true);
        let mut base = None;
        for Ok(token) in Tokenizer::new_with_emitter(html, emitter) {
            if let Token::StartTag(tag) = token {
                let (name, tag) = read_tag(&tag);
                if name == "base" && base.is_none() {
                    base = url.join(tag.get("href")).ok();
                }
                page.take(&name, tag, base.as_ref().unwrap_or(url));
            }
        }
        page
    }

    fn take(&mut self, name: &str, mut tag: Tag, base: &Url) {
        match name {
            "script" => {
                tag.src = tag.attributes.get("src").and_then(|src| base.join(src.trim()).ok());
                let google = tag.src.as_ref().and_then(Url::host_str) == Some("www.googletagmanager.com");
                self.tag_manager |= google;
                if tag.is_ours() {
                    self.tags.push(tag);
                }
            }
            "meta" if tag.get("http-equiv").eq_ignore_ascii_case("content-security-policy") => {
                self.policies.push(tag.get("content").to_owned());
            }
            "form" if tag.has("data-goodword") => self.forms += 1,
            _ if name.starts_with("goodword-") => self.elements.push(name.to_owned()),
            _ => {}
        }
    }
}

fn read_tag(tag: &StartTag<()>) -> (String, Tag) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let attributes = tag.attributes.iter().map(|(name, value)| (text(name), text(value))).collect();
    (text(&tag.name), Tag { src: None, attributes })
}

/// Secret keys in any text, each by its beginning, so that a report does not spread them further.
fn secrets(html: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for start in ["sk_live_", "sk_test_"] {
        for (at, _) in html.match_indices(start) {
            let key = &html[at..];
            let end = key.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(key.len());
            // Shorter ones are words of a documentation.
            if end >= 20 {
                found.push(format!("{}…", &key[..12]));
            }
        }
    }
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(html: &str) -> Page {
        Page::read(&Url::parse("https://shop.example/a/b").unwrap(), html)
    }

    #[test]
    fn tags_are_found_wherever_the_script_is_served_from() {
        let page = read(
            r#"<script>"<script src='goodword.js' data-key='pk_no'>"</script><!-- <script src="/goodword.js"></script> -->
            <SCRIPT ASYNC SRC=//go.example/goodword.js?x data-KEY=" pk_live_1 "></SCRIPT>
            <base href="/deep/"><script src="gw.js" data-key="pk_live_2"></script><script src="/other.js"></script>"#,
        );
        let found: Vec<_> =
            page.tags.iter().map(|tag| (tag.src.as_ref().map(Url::as_str), tag.get("data-key"))).collect();
        let expected = [
            (Some("https://go.example/goodword.js?x"), "pk_live_1"),
            (Some("https://shop.example/deep/gw.js"), "pk_live_2"),
        ];
        assert_eq!(found, expected);
        assert!(page.tags[0].has("async") && !page.tags[1].has("async"));
    }

    #[test]
    fn elements_forms_policies_and_tag_managers() {
        let page = read(
            r#"<meta http-equiv="Content-Security-Policy" content="script-src 'self'"><form data-goodword></form><form></form>
            <Goodword-Join></Goodword-Join><goodword-joins></goodword-joins>
            <script src="https://www.googletagmanager.com/gtm.js?id=1"></script>"#,
        );
        assert_eq!(page.elements, ["goodword-join", "goodword-joins"]);
        assert_eq!((page.forms, page.policies.as_slice()), (1, &["script-src 'self'".to_owned()][..]));
        assert!(page.tag_manager && page.tags.is_empty());
    }

    #[test]
    fn secret_keys_are_noticed_and_not_repeated() {
        let page = read("<script>const key = 'sk_live_0123456789abcdef0123';</script> write sk_live_… here");
        assert_eq!(page.secrets, ["sk_live_0123…"]);
    }
}
