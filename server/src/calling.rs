//! Calling an endpoint of a vendor's, wherever on the public net it is, and nowhere else.
//!
//! The address that is checked is the one that is connected to: names are resolved here, what is private is left out, and the
//! client connects to what is left. Redirects are not followed and no proxy of the environment is used, for either would
//! lead around the check.

mod reach;
mod signature;

pub use reach::is_public;
pub use signature::{Signed, new_secret};

use crate::error::Error;
use crate::world::World;
use goodword_domain::webhook::Answer;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, Url, redirect};
use std::error::Error as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use url::Host;

/// How long an endpoint has to answer, connecting included.
pub const TIMEOUT: Duration = Duration::from_secs(10);

/// What calls endpoints.
pub struct Caller {
    client: Client,
    local: bool,
}

/// What came of a call.
#[derive(Clone, Debug)]
pub struct Called {
    /// The status that came back.
    pub code: Option<u16>,
    /// Why none did.
    pub error: Option<String>,
    /// How long it took, milliseconds.
    pub ms: i64,
}

impl Called {
    /// What that means.
    pub fn answer(&self) -> Answer {
        Answer::of(self.code)
    }
}

impl Caller {
    /// One that calls public addresses alone; with `local` also this machine and networks behind it.
    pub fn new(local: bool) -> Result<Self, Error> {
        let client = builder().timeout(TIMEOUT).dns_resolver(Arc::new(Resolver { local })).build();
        Ok(Self { client: client.map_err(|e| Error::internal(told(&e)))?, local })
    }

    /// Whether it calls plain and local addresses.
    pub fn is_local(&self) -> bool {
        self.local
    }

    /// Posts a signed event.
    pub async fn call(&self, world: World, url: &str, signed: &Signed) -> Called {
        let begun = world.stopwatch();
        let sent = self.send(url, signed).await;
        let ms = i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX);
        match sent {
            Ok(code) => Called { code: Some(code), error: None, ms },
            Err(error) => Called { code: None, error: Some(error), ms },
        }
    }

    async fn send(&self, url: &str, signed: &Signed) -> Result<u16, String> {
        let url = parse_endpoint(url, self.local).map_err(|refused| refused.to_string())?;
        let answer = signed.put_on(self.client.post(url)).send().await;
        answer.map(|answer| answer.status().as_u16()).map_err(|error| told(&error))
    }
}

/// What every client of ours has in common.
pub fn builder() -> reqwest::ClientBuilder {
    // Only the first of a process is taken, and all are the same.
    drop(rustls::crypto::ring::default_provider().install_default());
    Client::builder()
        .no_proxy()
        .redirect(redirect::Policy::none())
        .user_agent(concat!("Goodword/", env!("CARGO_PKG_VERSION")))
}

/// An address an endpoint may have: `https`, without a user or password, and not of a private network where it is a number.
pub fn parse_endpoint(text: &str, local: bool) -> Result<Url, Error> {
    let refuse = |remedy: &str| Error::field("url", remedy.to_owned());
    let url = Url::parse(text.trim())
        .map_err(|_| refuse("must be an address such as `https://shop.example/hooks`."))?;
    if text.len() > 2048 {
        return Err(refuse("must be at most 2,048 characters."));
    }
    let plain = local && url.scheme() == "http";
    if url.scheme() != "https" && !plain {
        return Err(refuse("must begin with `https://`: what is sent names your customers."));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse("must have no user and password: the signature tells that it is us."));
    }
    if url.fragment().is_some() {
        return Err(refuse("must have no `#`: what stands behind it is never sent."));
    }
    let number = match url.host() {
        Some(Host::Ipv4(v4)) => Some(v4.into()),
        Some(Host::Ipv6(v6)) => Some(v6.into()),
        Some(Host::Domain(_)) => None,
        None => return Err(refuse("must name a host.")),
    };
    if !local && number.is_some_and(|address| !is_public(address)) {
        return Err(refuse("must be on the public net: this address is of a private network."));
    }
    Ok(url)
}

/// Looks names up, and leaves out what is private.
struct Resolver {
    local: bool,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let local = self.local;
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let public: Vec<SocketAddr> = found.into_iter().filter(|a| local || is_public(a.ip())).collect();
            if public.is_empty() {
                return Err("the name has no address on the public net".into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// The innermost reason, without the address, which the log has already.
fn told(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return format!("no answer within {} seconds", TIMEOUT.as_secs());
    }
    let mut inner: &dyn std::error::Error = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    let text: String = inner.to_string().chars().take(200).collect();
    if error.source().is_none() { "the request could not be sent".into() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, local: bool, ok: bool) {
        assert_eq!(parse_endpoint(text, local).is_ok(), ok, "{text}");
    }

    #[test]
    fn endpoints_are_public_and_encrypted() {
        check("https://shop.example/hooks?x=1", false, true);
        check("https://8.8.8.8/hooks", false, true);
        check("http://shop.example/hooks", false, false);
        check("https://user:word@shop.example/", false, false);
        check("https://shop.example/#here", false, false);
        check("ftp://shop.example/", true, false);
        check("nonsense", true, false);
    }

    #[test]
    fn numbers_of_private_networks_are_refused_however_they_are_written() {
        for host in [
            "127.0.0.1",
            "2130706433",
            "0x7f.1",
            "10.0.0.1",
            "169.254.169.254",
            "[::1]",
            "[::ffff:10.0.0.1]",
            "0",
        ] {
            check(&format!("https://{host}/"), false, false);
            check(&format!("https://{host}/"), true, true);
        }
        check("http://127.0.0.1:8080/hooks", true, true);
    }

    #[tokio::test]
    async fn a_name_that_leads_to_this_machine_is_not_called() {
        let signed = Signed::new("evt_1", 1, "{}".into(), &["whsec_AAAA"]);
        let called = Caller::new(false).unwrap().call(World, "https://localhost:9/", &signed).await;
        assert_eq!(called.error.as_deref(), Some("the name has no address on the public net"));
        let called = Caller::new(true).unwrap().call(World, "http://localhost:9/", &signed).await;
        assert!(called.error.is_some_and(|error| error.contains("refused")), "it was tried");
    }
}
