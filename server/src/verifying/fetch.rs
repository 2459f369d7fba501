//! Fetching what a page leads to, without being led astray: a page on the internet cannot make this command ask machines of
//! the network it runs in.

use crate::calling::is_public;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{ACCEPT, HeaderMap, HeaderName, LOCATION, USER_AGENT};
use reqwest::redirect::Policy;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use url::{Host, Url};

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How many redirects are followed.
const REDIRECTS: usize = 5;
/// How much of an answer is read, bytes.
const MOST: usize = 4 << 20;

/// Something that was fetched.
pub struct Reply {
    /// Where it came from, after redirects.
    pub url: Url,
    /// The status code.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its bytes, as far as they were read.
    pub body: Vec<u8>,
}

impl Reply {
    /// Its bytes as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// All values of a header.
    pub fn all(&self, name: impl Into<HeaderName>) -> Vec<&str> {
        self.headers.get_all(name.into()).iter().filter_map(|value| value.to_str().ok()).collect()
    }

    /// The first value of a header.
    pub fn header(&self, name: impl Into<HeaderName>) -> &str {
        self.all(name).first().copied().unwrap_or_default()
    }
}

/// Fetches. Whether machines of a private network may be asked follows from the address that a person has typed.
pub struct Fetcher {
    http: reqwest::Client,
    allow_private: bool,
}

impl Fetcher {
    /// For what hangs on a page. A page that is itself on a private network, such as the demo's, may lead to others there.
    pub fn new(start: &Url, allow_private: bool) -> Result<Self, crate::error::Error> {
        // Whoever runs two clients in one process has installed it already.
        drop(rustls::crypto::ring::default_provider().install_default());
        let allow_private = allow_private || is_private_host(start);
        let client = reqwest::Client::builder()
            .redirect(Policy::none())
            .timeout(PATIENCE)
            .no_proxy()
            .dns_resolver(Arc::new(Names { allow_private }))
            .build();
        let http =
            client.map_err(|e| crate::error::Error::internal(format!("no client could be made: {e}")))?;
        Ok(Self { http, allow_private })
    }

    /// Gets an address, following redirects.
    pub async fn get(&self, url: Url) -> Result<Reply, String> {
        self.get_as(url, None).await
    }

    /// The same as a page of an origin would.
    pub async fn get_as(&self, mut url: Url, origin: Option<&str>) -> Result<Reply, String> {
        for _ in 0..=REDIRECTS {
            let reply = self.once(url.clone(), origin).await?;
            let target = reply.header(LOCATION);
            if !(300..400).contains(&reply.status) || target.is_empty() {
                return Ok(reply);
            }
            url = url
                .join(target)
                .map_err(|_| format!("{url} redirects to `{target}`, which is no address"))?;
        }
        Err(format!("there are more than {REDIRECTS} redirects"))
    }

    async fn once(&self, url: Url, origin: Option<&str>) -> Result<Reply, String> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(format!("{url} is no address of the web"));
        }
        if !self.allow_private && is_private_host(&url) {
            return Err(refusal(url.host_str().unwrap_or_default()));
        }
        let agent = concat!("Goodword-verify-install/", env!("CARGO_PKG_VERSION"));
        let mut request =
            self.http.get(url.clone()).header(USER_AGENT, agent).header(ACCEPT, "text/html,*/*");
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        let mut answer = request.send().await.map_err(|error| told(&error))?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let mut body = Vec::new();
        while let Some(part) = answer.chunk().await.map_err(|error| told(&error))? {
            body.extend_from_slice(&part);
            if body.len() >= MOST {
                break;
            }
        }
        Ok(Reply { url, status, headers, body })
    }
}

/// The innermost cause says what happened; the outer ones repeat the address.
fn told(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return format!("there was no answer within {} seconds", PATIENCE.as_secs());
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

fn refusal(host: &str) -> String {
    format!(
        "{host} is on a private network, and the page is not: use --allow-private if that is as it should be"
    )
}

/// Whether an address names a machine of a private network in so many words.
fn is_private_host(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => is_local(name),
        Some(Host::Ipv4(ip)) => !is_public(ip.into()),
        Some(Host::Ipv6(ip)) => !is_public(ip.into()),
        None => false,
    }
}

fn is_local(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name == "localhost" || name.ends_with(".localhost")
}

/// Looks names up, and leaves out addresses that may not be asked: what is connected to is what was checked.
struct Names {
    allow_private: bool,
}

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let (name, allow_private) = (name.as_str().to_owned(), self.allow_private);
        Box::pin(async move {
            let found: Vec<SocketAddr> = if is_local(&name) {
                vec![(IpAddr::from(Ipv4Addr::LOCALHOST), 0).into()]
            } else {
                tokio::net::lookup_host((name.as_str(), 0)).await?.collect()
            };
            let taken: Vec<_> =
                found.into_iter().filter(|address| allow_private || is_public(address.ip())).collect();
            if taken.is_empty() {
                return Err(refusal(&name).into());
            }
            Ok(Box::new(taken.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn which_hosts_are_private() {
        for text in [
            "http://localhost/",
            "http://shop.localhost:1/",
            "http://10.0.0.1/",
            "http://[::1]/",
            "http://2130706433/",
            "http://[::ffff:10.0.0.1]/",
            "http://169.254.169.254/latest",
        ] {
            assert!(is_private_host(&url(text)), "{text}");
        }
        for text in ["https://shop.example/", "https://8.8.8.8/"] {
            assert!(!is_private_host(&url(text)), "{text}");
        }
    }

    #[tokio::test]
    async fn a_public_page_leads_to_no_private_machine() {
        let fetcher = Fetcher::new(&url("https://shop.example/"), false).unwrap();
        for inside in ["http://127.0.0.1:9/", "http://localhost:9/", "http://[::ffff:127.0.0.1]:9/"] {
            let error = fetcher.get(url(inside)).await.err().unwrap();
            assert!(error.contains("--allow-private"), "{error}");
        }
        let allowed = Fetcher::new(&url("https://shop.example/"), true).unwrap();
        let error = allowed.get(url("http://127.0.0.1:9/")).await.err().unwrap();
        assert!(!error.contains("--allow-private"), "{error}");
    }
}
