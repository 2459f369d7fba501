//! What is made of a page: sentences about it, by no more than what was fetched.

use super::fetch::Reply;
use super::page::{Page, Tag};
use super::policy::{Around, Policy};
use super::{Check, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use url::Url;

/// Elements there are.
const ELEMENTS: [&str; 5] =
    ["goodword-join", "goodword-signup", "goodword-share", "goodword-offer", "goodword-leaderboard"];

/// Words of `data-consent`; with any other nothing is ever stored.
const CONSENT: [&str; 6] = ["", "granted", "required", "none", "tcf", "google"];

/// The page's own answer.
pub fn of_reply(reply: &Reply) -> Vec<Check> {
    let kind = reply.header(CONTENT_TYPE);
    let mut checks = match reply.status {
        200..=299 => vec![Check::new("page", State::Ok, "The page answers.")],
        status => {
            vec![Check::new(
                "page",
                State::Bad,
                format!("The page answers {status}, so what follows may be about an error page."),
            )]
        }
    };
    if !kind.is_empty() && !kind.contains("html") {
        checks.push(Check::new("html", State::Bad, format!("The page is no HTML, but {kind}.")));
    }
    let local =
        reply.url.host_str().is_some_and(|host| host.ends_with("localhost") || host.starts_with("127."));
    if reply.url.scheme() == "http" && !local {
        let text =
            "The page is not served over https:. Cookies are not protected, and some browsers keep less.";
        checks.push(Check::new("https", State::Warn, text));
    }
    checks
}

/// Secret keys that everybody can read.
pub fn of_secrets(page: &Page) -> Vec<Check> {
    let told = |key: &String| {
        let text = format!(
            "The page shows the secret key {key} to everybody. Revoke it now, and use a publishable one (pk_…)."
        );
        Check::new("secret-key", State::Bad, text).remedy(format!("goodword admin revoke-key {key}"))
    };
    page.secrets.iter().map(told).collect()
}

/// There is no script of ours.
pub fn no_tag(page: &Page) -> Check {
    if page.tag_manager {
        let text = "The HTML has no tag of ours, but a tag manager, which may add one in the browser. To see, open the page with \
                    ?goodword_test=1 in its address: a panel must appear.";
        return Check::new("script", State::Warn, text);
    }
    Check::new("script", State::Bad, "The page has no tag of ours. Paste into its <head>:").remedy(
        r#"<script async src="https://YOUR-GOODWORD-HOST/goodword.js" data-key="pk_live_…"></script>"#,
    )
}

/// Judges one tag on its page.
pub struct Judge<'a> {
    page: &'a Page,
    tag: &'a Tag,
    /// The page's address.
    pub url: &'a Url,
    policies: Vec<Policy>,
}

impl<'a> Judge<'a> {
    /// The tag of a page that was answered.
    pub fn new(reply: &'a Reply, page: &'a Page, tag: &'a Tag) -> Self {
        let headers = reply.all(CONTENT_SECURITY_POLICY);
        let texts = headers.into_iter().chain(page.policies.iter().map(String::as_str));
        Self { page, tag, url: &reply.url, policies: texts.flat_map(Policy::parse).collect() }
    }

    /// The tag's key.
    pub fn key(&self) -> &str {
        self.tag.get("data-key")
    }

    /// The program it names; empty if it names none.
    pub fn program(&self) -> &str {
        self.tag.get("data-program")
    }

    /// More link parameters it reads.
    pub fn parameters(&self) -> Vec<&str> {
        self.tag.get("data-params").split([' ', ',', '\n', '\t']).filter(|name| !name.is_empty()).collect()
    }

    /// Where the script is.
    pub fn script(&self) -> Option<&Url> {
        self.tag.src.as_ref()
    }

    /// Where the API is, with a slash at the end.
    pub fn host(&self) -> Option<Url> {
        let told = self.tag.get("data-api-host");
        let url = if told.is_empty() {
            let script = self.script()?.as_str();
            Url::parse(script.split("goodword.js").next()?).ok()?
        } else {
            self.url.join(told).ok()?
        };
        let whole = url.as_str().trim_end_matches('/');
        Url::parse(&format!("{whole}/")).ok()
    }

    /// The tag itself.
    pub fn of_tag(&self) -> Vec<Check> {
        let src = self.script().map_or("?", Url::as_str);
        let mut checks = vec![Check::new("tag", State::Ok, format!("The page has the tag: {src}"))];
        if self.page.tags.len() > 1 {
            let text =
                format!("The tag is there {} times. One is enough: remove the others.", self.page.tags.len());
            checks.push(Check::new("twice", State::Warn, text));
        }
        if !["async", "defer"].iter().any(|name| self.tag.has(name)) {
            let text = "The tag has no `async`: the page waits for the script.";
            checks.push(
                Check::new("async", State::Warn, text).remedy(format!(r#"<script async src="{src}" …>"#)),
            );
        }
        if !self.key().starts_with("pk_") {
            let text = "The tag has no publishable key.";
            checks.push(Check::new("key", State::Bad, text).remedy(r#"data-key="pk_…""#));
        }
        let is_mixed =
            |url: Option<&Url>| self.url.scheme() == "https" && url.is_some_and(|url| url.scheme() == "http");
        if is_mixed(self.script()) || is_mixed(self.host().as_ref()) {
            let text = "The page is served over https:, and the tag names an http: address, which browsers refuse. Write https:.";
            checks.push(Check::new("mixed-content", State::Bad, text));
        }
        checks.push(self.of_consent());
        checks
    }

    fn of_consent(&self) -> Check {
        let word = self.tag.get("data-consent");
        if !CONSENT.contains(&word) {
            let text = format!(
                "data-consent is `{word}`, which is no word we know, so nothing is stored before goodword('consent', 'granted')."
            );
            return Check::new("consent", State::Bad, text).remedy("granted, required, none, tcf or google");
        }
        let meaning = match word {
            "required" => "Nothing is stored before the page calls goodword('consent', 'granted').",
            "none" => "Nothing is ever stored; codes work.",
            "tcf" => "Nothing is stored before the page's TCF tool (__tcfapi) says that it may be.",
            "google" => "Nothing is stored before Google Consent Mode says that it may be.",
            _ => {
                "The click is stored without asking (data-consent is granted). In the EU most pages must ask first."
            }
        };
        Check::new("consent", State::Info, meaning)
    }

    /// What the page's policies let run.
    pub fn of_policies(&self) -> Vec<Check> {
        let (Some(script), Some(host)) = (self.script(), self.host()) else { return Vec::new() };
        if self.policies.is_empty() {
            return vec![Check::new(
                "policy",
                State::Ok,
                "The page has no Content-Security-Policy, so everything of ours may run.",
            )];
        }
        let around = Around { page: self.url, nonce: self.tag.get("nonce") };
        let all = |allows: &dyn Fn(&Policy) -> bool| self.policies.iter().all(allows);
        let origin = host.origin().ascii_serialization();
        if all(&|policy| !policy.forbids_scripts()) && all(&|policy| policy.allows_script(script, &around)) {
            return self.of_running(&host, &around);
        }
        let text = "The page's Content-Security-Policy refuses the script, so nothing of ours works. Add:";
        let line = format!(
            "script-src {} 'wasm-unsafe-eval'; connect-src {origin}",
            script.origin().ascii_serialization()
        );
        vec![Check::new("policy-script", State::Bad, text).remedy(line)]
    }

    /// The script runs; what may it do?
    fn of_running(&self, host: &Url, around: &Around<'_>) -> Vec<Check> {
        let origin = host.origin().ascii_serialization();
        let all = |allows: &dyn Fn(&Policy) -> bool| self.policies.iter().all(allows);
        let part = host.join("w/w.js").unwrap_or_else(|_| host.clone());
        let mut checks = vec![Check::new(
            "policy-script",
            State::Ok,
            "The page's Content-Security-Policy lets the script run.",
        )];
        if !all(&|policy| policy.allows_requests(host, self.url)) {
            let text = "It does not let the script report anything: no click is counted. Add:";
            checks
                .push(Check::new("policy-connect", State::Bad, text).remedy(format!("connect-src {origin}")));
        }
        if !all(&|policy| policy.allows_script(&part, around)) {
            let text =
                "It lets no other file of ours run: no element, no Stripe hand-off, no consent tool. Add:";
            checks.push(Check::new("policy-import", State::Bad, text).remedy(format!("script-src {origin}")));
        }
        if all(&Policy::allows_wasm) {
            checks.push(Check::new("policy-wasm", State::Ok, "Elements run in the page itself."));
            return checks;
        }
        let framed = all(&|policy| policy.allows_frame(host, self.url));
        let line = format!("script-src {origin} 'wasm-unsafe-eval'");
        checks.push(match (framed, self.page.elements.is_empty()) {
            (_, true) => Check::new("policy-wasm", State::Info, "It refuses WebAssembly, which no element on this page needs. If there is to be one, add:").remedy(line),
            (true, false) => Check::new("policy-wasm", State::Warn, "It refuses WebAssembly, so elements run in a frame. That works; to have them in the page itself add:").remedy(line),
            (false, false) => {
                let text = "It refuses WebAssembly and our frame, so elements show what you wrote into them. Add:";
                Check::new("policy-wasm", State::Bad, text).remedy(format!("{line}; or frame-src {origin}"))
            }
        });
        checks
    }

    /// Elements and forms.
    pub fn of_elements(&self) -> Vec<Check> {
        let mut checks = Vec::new();
        for name in &self.page.elements {
            checks.push(if ELEMENTS.contains(&name.as_str()) {
                Check::new("element", State::Ok, format!("There is a <{name}>."))
            } else {
                let text = format!("There is no element <{name}>. There are: {}.", ELEMENTS.join(", "));
                Check::new("element", State::Bad, text)
            });
        }
        if self.page.elements.is_empty() {
            let text = "There is no Goodword element in the HTML; that is fine, attribution needs none.";
            checks.push(Check::new("element", State::Info, text));
        }
        if self.page.forms > 0 {
            let text = format!("Forms that carry the click in the field gw_click: {}.", self.page.forms);
            checks.push(Check::new("forms", State::Ok, text));
        }
        checks
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderMap;

    const TAG: &str = r#"<script async src="https://go.example/goodword.js" data-key="pk_live_1"></script>"#;

    /// The words of checks that are not fine, as `id state`.
    #[track_caller]
    fn check(html: &str, policy: &str, expected: &[&str]) {
        let mut headers = HeaderMap::new();
        if !policy.is_empty() {
            headers.insert(CONTENT_SECURITY_POLICY, policy.parse().unwrap());
        }
        let url = Url::parse("https://shop.example/").unwrap();
        let reply = Reply { url, status: 200, headers, body: Vec::new() };
        let page = Page::read(&reply.url, html);
        let judge = Judge::new(&reply, &page, &page.tags[0]);
        let all = judge.of_tag().into_iter().chain(judge.of_policies()).chain(judge.of_elements());
        let told: Vec<_> = all
            .filter(|check| !matches!(check.state, State::Ok | State::Info))
            .map(|check| format!("{} {:?}", check.id, check.state))
            .collect();
        assert_eq!(told, expected, "{html} {policy}");
    }

    #[test]
    fn what_is_right_and_what_is_not() {
        let with = |attributes: &str| TAG.replace("data-key", &format!("{attributes} data-key"));
        check(TAG, "", &[]);
        check(&format!("{TAG}{TAG}"), "", &["twice Warn"]);
        check(&TAG.replace("async ", ""), "", &["async Warn"]);
        check(&TAG.replace("pk_live_1", ""), "", &["key Bad"]);
        check(&TAG.replace("https:", "http:"), "", &["mixed-content Bad"]);
        check(&with("data-api-host='http://go.example'"), "", &["mixed-content Bad"]);
        check(&with("data-api-host='/gw' data-consent=google"), "", &[]);
        check(&with("data-consent=yes"), "", &["consent Bad"]);
        check(&format!("{TAG}<goodword-joins></goodword-joins>"), "", &["element Bad"]);
    }

    #[test]
    fn policies_and_the_tier_they_leave() {
        let page = format!("{TAG}<goodword-join></goodword-join>");
        check(&page, "script-src https://go.example 'wasm-unsafe-eval'; connect-src https://go.example", &[]);
        check(&page, "script-src go.example; frame-src go.example", &["policy-wasm Warn"]);
        check(&page, "default-src go.example; frame-src 'none'", &["policy-wasm Bad"]);
        check(TAG, "default-src go.example; frame-src 'none'", &[]);
        check(&page, "script-src 'self'", &["policy-script Bad"]);
        check(&page, "sandbox", &["policy-script Bad"]);
        check(
            TAG,
            "script-src go.example/goodword.js; connect-src 'self'",
            &["policy-connect Bad", "policy-import Bad"],
        );
        let nonce = TAG.replace("async", "async nonce=abc");
        check(&nonce, "script-src 'nonce-abc' 'strict-dynamic' 'wasm-unsafe-eval'; object-src 'none'", &[]);
    }

    #[test]
    fn where_the_api_is() {
        let host = |tag: &str| {
            let url = Url::parse("https://shop.example/a/").unwrap();
            let reply = Reply { url, status: 200, headers: HeaderMap::new(), body: Vec::new() };
            let page = Page::read(&reply.url, tag);
            Judge::new(&reply, &page, &page.tags[0]).host().unwrap().to_string()
        };
        assert_eq!(host(TAG), "https://go.example/");
        assert_eq!(host(&TAG.replace("go.example/", "go.example/gw/")), "https://go.example/gw/");
        assert_eq!(host(&TAG.replace("async", "data-api-host=/gw/")), "https://shop.example/gw/");
        assert_eq!(host(&TAG.replace("async", "data-api-host=https://api.example")), "https://api.example/");
    }
}
