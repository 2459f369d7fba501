//! Origins of pages: which may use a vendor's publishable keys.

use crate::error::Error;
use url::Url;

/// An origin as browsers send it, or with `*.` before the host for all its subdomains.
pub fn parse(text: &str) -> Result<String, Error> {
    let text = text.trim().trim_end_matches('/');
    let url = Url::parse(&text.replacen("://*.", "://", 1)).ok();
    let url =
        url.filter(|u| matches!(u.scheme(), "http" | "https") && u.host_str().is_some() && u.path() == "/");
    // `https://*.com` would let in half the world.
    let url = url.filter(|u| !text.contains("://*.") || u.host_str().is_some_and(|host| host.contains('.')));
    let plain = url.filter(|u| u.query().is_none() && u.fragment().is_none() && u.username().is_empty());
    let origin = plain.map(|u| u.origin().ascii_serialization());
    let origin = origin.ok_or_else(|| {
        Error::field(
            "origins",
            format!("must be origins such as `https://shop.example`, without a path; `{text}` is not."),
        )
    })?;
    Ok(if text.contains("://*.") { origin.replacen("://", "://*.", 1) } else { origin })
}

/// Whether `origin`, as a browser sent it, is one of those allowed.
pub fn allowed(origin: &str, list: &[String]) -> bool {
    list.iter().any(|entry| entry == origin || under(origin, entry))
}

/// Whether `origin` is a subdomain of an entry such as `https://*.shop.example`.
fn under(origin: &str, entry: &str) -> bool {
    let Some((scheme, domain)) = entry.split_once("://*") else { return false };
    origin.strip_prefix(scheme).and_then(|o| o.strip_prefix("://")).is_some_and(|host| host.ends_with(domain))
}

/// The origin a page is on.
pub fn of_page(page: &str) -> Option<String> {
    let url = Url::parse(page).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| url.origin().ascii_serialization())
}

/// An address a link may lead to: `https:`, or `http:` on this very machine.
pub fn parse_link_target(field: &'static str, text: &str) -> Result<String, Error> {
    let url = Url::parse(text.trim()).ok().filter(|_| text.len() <= 2048);
    let good = url.filter(|u| {
        u.username().is_empty() && (u.scheme() == "https" || (u.scheme() == "http" && is_loopback(u)))
    });
    good.map(String::from).ok_or_else(|| {
        Error::field(
            field,
            "must be an `https:` address of at most 2,048 characters (`http:` only on localhost).",
        )
    })
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_an_origin() {
        assert_eq!(parse("https://Shop.Example/").unwrap(), "https://shop.example");
        assert_eq!(parse("https://shop.example:443").unwrap(), "https://shop.example");
        assert_eq!(parse("http://localhost:7701").unwrap(), "http://localhost:7701");
        assert_eq!(parse("https://*.shop.example").unwrap(), "https://*.shop.example");
        for bad in [
            "shop.example",
            "https://shop.example/path",
            "ftp://x.example",
            "*",
            "https://u@x.example",
            "https://*.com",
            "null",
            "",
        ] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn who_is_allowed() {
        let list = ["https://shop.example".to_owned(), "https://*.tea.example".to_owned()];
        for good in ["https://shop.example", "https://a.tea.example", "https://a.b.tea.example"] {
            assert!(allowed(good, &list), "{good}");
        }
        for bad in [
            "https://tea.example",
            "http://shop.example",
            "https://evilshop.example",
            "https://eviltea.example",
            "null",
            "",
        ] {
            assert!(!allowed(bad, &list), "{bad}");
        }
    }

    #[test]
    fn where_links_may_lead() {
        assert!(parse_link_target("url", "https://shop.example/tea?x=1").is_ok());
        assert!(parse_link_target("url", "http://blog.localhost:7702/").is_ok());
        for bad in ["http://shop.example", "javascript:alert(1)", "https://u:p@x.example", "", "/tea"] {
            assert!(parse_link_target("url", bad).is_err(), "{bad}");
        }
    }
}
