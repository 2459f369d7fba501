//! What a Content-Security-Policy lets a page load: as much of CSP level 3 as concerns a script tag, a module it imports,
//! WebAssembly, requests and frames.

use url::Url;

/// One policy. A page may have several, and each must agree.
#[derive(Debug)]
pub struct Policy(Vec<(String, Vec<String>)>);

/// Which page is under the policy, and which script tag is looked at.
pub struct Around<'a> {
    /// The page.
    pub page: &'a Url,
    /// The `nonce` of the script's tag; empty without.
    pub nonce: &'a str,
}

impl Policy {
    /// The policies of a header's value or of a `<meta>`.
    pub fn parse(text: &str) -> Vec<Self> {
        text.split(',').map(Self::one).filter(|policy| !policy.0.is_empty()).collect()
    }

    fn one(text: &str) -> Self {
        let mut directives: Vec<(String, Vec<String>)> = Vec::new();
        for directive in text.split(';') {
            let mut words = directive.split_ascii_whitespace().map(str::to_owned);
            let Some(name) = words.next().map(|name| name.to_ascii_lowercase()) else { continue };
            // Of two with the same name the first counts.
            if directives.iter().all(|(known, _)| *known != name) {
                directives.push((name, words.collect()));
            }
        }
        Self(directives)
    }

    /// The sources of the first of these directives that is there.
    fn sources(&self, names: &[&str]) -> Option<&[String]> {
        names.iter().find_map(|name| self.get(name))
    }

    fn get(&self, name: &str) -> Option<&[String]> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, sources)| sources.as_slice())
    }

    /// Whether the tag's script may run, or a module that it imports: a nonce is inherited.
    pub fn allows_script(&self, script: &Url, around: &Around<'_>) -> bool {
        let Some(sources) = self.sources(&["script-src-elem", "script-src", "default-src"]) else {
            return true;
        };
        let nonce = format!("'nonce-{}'", around.nonce);
        if !around.nonce.is_empty() && sources.contains(&nonce) {
            return true;
        }
        let by_trust = sources.iter().any(|source| source.eq_ignore_ascii_case("'strict-dynamic'"));
        !by_trust && matches(sources, script, around.page)
    }

    /// Whether WebAssembly may be compiled.
    pub fn allows_wasm(&self) -> bool {
        let Some(sources) = self.sources(&["script-src", "default-src"]) else { return true };
        let unlocks = |source: &String| {
            ["'wasm-unsafe-eval'", "'unsafe-eval'"].iter().any(|word| source.eq_ignore_ascii_case(word))
        };
        sources.iter().any(unlocks)
    }

    /// Whether the page may send requests there.
    pub fn allows_requests(&self, target: &Url, page: &Url) -> bool {
        self.sources(&["connect-src", "default-src"]).is_none_or(|sources| matches(sources, target, page))
    }

    /// Whether the page may show a frame from there.
    pub fn allows_frame(&self, target: &Url, page: &Url) -> bool {
        let sources = self.sources(&["frame-src", "child-src", "default-src"]);
        sources.is_none_or(|sources| matches(sources, target, page))
    }

    /// Whether the page is put into a sandbox in which no script runs.
    pub fn forbids_scripts(&self) -> bool {
        let scripts = |words: &[String]| words.iter().any(|word| word.eq_ignore_ascii_case("allow-scripts"));
        self.get("sandbox").is_some_and(|words| !scripts(words))
    }
}

fn matches(sources: &[String], target: &Url, page: &Url) -> bool {
    sources.iter().any(|source| matches_one(source, target, page))
}

fn matches_one(source: &str, target: &Url, page: &Url) -> bool {
    if source.eq_ignore_ascii_case("'self'") {
        return target.origin() == page.origin() || is_upgrade_of(target, page);
    }
    if source.starts_with('\'') {
        return false;
    }
    if source == "*" {
        return matches!(target.scheme(), "http" | "https");
    }
    if let Some(scheme) = source.strip_suffix(':') {
        return fits_scheme(&scheme.to_ascii_lowercase(), target.scheme());
    }
    let (scheme, rest) = match source.split_once("://") {
        Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
        None => (page.scheme().to_owned(), source),
    };
    let (place, path) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
    let (host, port) = place.rsplit_once(':').map_or((place, None), |(host, port)| (host, Some(port)));
    fits_scheme(&scheme, target.scheme())
        && fits_host(host, target.host_str().unwrap_or_default())
        && fits_port(port, &scheme, target)
        && fits_path(path, target.path())
}

/// The same host by https: what a page may load by http: it may load by https: as well.
fn is_upgrade_of(target: &Url, page: &Url) -> bool {
    (page.scheme(), target.scheme()) == ("http", "https")
        && page.host_str() == target.host_str()
        && page.port().is_none()
        && target.port().is_none()
}

fn fits_scheme(wanted: &str, scheme: &str) -> bool {
    wanted == scheme || (wanted, scheme) == ("http", "https")
}

fn fits_host(wanted: &str, host: &str) -> bool {
    let wanted = wanted.to_ascii_lowercase();
    match wanted.strip_prefix('*') {
        Some("") => true,
        Some(under) => under.starts_with('.') && host.ends_with(under),
        None => wanted == host,
    }
}

fn fits_port(wanted: Option<&str>, scheme: &str, target: &Url) -> bool {
    let port = target.port_or_known_default().unwrap_or_default();
    match wanted {
        Some("*") => true,
        Some(text) => text.parse() == Ok(port) || (text, port) == ("80", 443),
        None => target.port().is_none() || (scheme == "http" && port == 443),
    }
}

fn fits_path(wanted: &str, path: &str) -> bool {
    match wanted {
        "" | "/" => true,
        folder if folder.ends_with('/') => path.starts_with(folder),
        file => path == file,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[track_caller]
    fn script(policy: &str, src: &str, nonce: &str) -> bool {
        let page = url("https://shop.example/");
        Policy::parse(policy).iter().all(|p| p.allows_script(&url(src), &Around { page: &page, nonce }))
    }

    #[test]
    fn sources_that_match_and_those_that_do_not() {
        let ours = "https://go.example/goodword.js";
        for good in [
            "",
            "img-src 'none'",
            "script-src *",
            "script-src https:",
            "default-src go.example",
            "script-src https://go.example",
            "script-src http://GO.example",
            "script-src https://*.example",
            "script-src go.example:443",
            "script-src go.example:*",
            "script-src https://go.example/goodword.js",
            "script-src https://go.example/",
            "script-src-elem go.example; script-src 'none'",
        ] {
            assert!(script(good, ours, ""), "{good}");
        }
        for bad in [
            "script-src 'none'",
            "script-src 'self'",
            "default-src 'self'; img-src *",
            "script-src https://example",
            "script-src https://evilgo.example",
            "script-src go.example:8443",
            "script-src go.example/other/",
            "script-src 'nonce-x'",
            "script-src go.example, script-src 'self'",
            "script-src 'strict-dynamic' go.example",
            "SCRIPT-SRC 'self'; script-src *",
        ] {
            assert!(!script(bad, ours, ""), "{bad}");
        }
        assert!(script("script-src 'self'", "https://shop.example/gw/goodword.js", ""));
        assert!(!script("script-src go.example", "http://go.example/goodword.js", ""));
    }

    #[test]
    fn a_nonce_counts_before_hosts() {
        let ours = "https://go.example/goodword.js";
        assert!(script("script-src 'nonce-abc' 'strict-dynamic'", ours, "abc"));
        assert!(!script("script-src 'nonce-abc' 'strict-dynamic'", ours, "abd"));
        assert!(!script("script-src 'nonce-'", ours, ""));
    }

    #[test]
    fn wasm_requests_frames_and_sandboxes() {
        let (page, host) = (url("https://shop.example/"), url("https://go.example/v1/"));
        let one = |text: &str| Policy::parse(text).remove(0);
        assert!(one("script-src x.example 'WASM-unsafe-eval'").allows_wasm());
        assert!(one("img-src 'none'").allows_wasm());
        assert!(!one("default-src *").allows_wasm());
        assert!(one("default-src 'none'; connect-src go.example").allows_requests(&host, &page));
        assert!(!one("default-src 'none'").allows_requests(&host, &page));
        assert!(one("child-src go.example; default-src 'none'").allows_frame(&host, &page));
        assert!(!one("frame-src 'self'; child-src *").allows_frame(&host, &page));
        assert!(one("sandbox").forbids_scripts() && !one("sandbox allow-scripts").forbids_scripts());
    }

    #[test]
    fn ports_of_a_machine_of_ones_own() {
        let page = url("http://shop.localhost:7701/");
        let ours = url("http://127.0.0.1:7700/goodword.js");
        let allows = |text: &str| Policy::parse(text)[0].allows_requests(&ours, &page);
        assert!(allows("connect-src http://127.0.0.1:7700"));
        assert!(!allows("connect-src http://127.0.0.1"));
        assert!(!allows("connect-src 'self'"));
    }
}
