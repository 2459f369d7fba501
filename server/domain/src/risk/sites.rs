//! The sites and mail domains that are known for something.

use std::collections::HashSet;
use std::iter::successors;
use std::sync::LazyLock;

/// Sites that publish codes or pay their visitors back.
pub(super) static COUPON: Shipped =
    Shipped(LazyLock::new(|| lines(include_str!("../../../data/coupon-sites.txt"))));
/// Domains of throw-away mail.
pub(super) static DISPOSABLE: Shipped =
    Shipped(LazyLock::new(|| lines(include_str!("../../../data/disposable-domains.txt"))));

/// A list that comes with the program.
pub(super) struct Shipped(LazyLock<HashSet<&'static str>>);

impl Shipped {
    /// The entry `host` is or lies under.
    pub(super) fn entry<'a>(&self, host: &'a str) -> Option<&'a str> {
        entry(host, |h| self.0.contains(h))
    }
}

/// The first of `host` and the domains above it that is `known`.
pub(super) fn entry(host: &str, known: impl Fn(&str) -> bool) -> Option<&str> {
    successors(Some(host), |h| h.split_once('.').map(|(_, above)| above)).find(|h| known(h))
}

fn lines(text: &'static str) -> HashSet<&'static str> {
    text.lines().filter(|line| !line.starts_with('#')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_under_an_entry_counts() {
        assert_eq!(DISPOSABLE.entry("mailinator.com"), Some("mailinator.com"));
        assert_eq!(DISPOSABLE.entry("a.b.mailinator.com"), Some("mailinator.com"));
        assert_eq!(COUPON.entry("shop.retailmenot.com"), Some("retailmenot.com"));
        for stranger in ["xmailinator.com", "com", "", "mailinator.com.example.org"] {
            assert_eq!(DISPOSABLE.entry(stranger), None, "{stranger}");
        }
    }

    /// Who forwards mail hides an address from shops; he does not throw it away.
    #[test]
    fn great_providers_and_forwarders_are_not_disposable() {
        for host in
            ["gmail.com", "outlook.com", "qq.com", "privaterelay.appleid.com", "mozmail.com", "duck.com"]
        {
            assert_eq!(DISPOSABLE.entry(host), None, "{host}");
        }
    }

    #[test]
    fn the_document_counts_the_lists() {
        let document = include_str!("../../../../www/docs/signals.md");
        assert!(document.contains(&format!("the {} we know", COUPON.0.len())));
        assert!(document.replace(',', "").contains(&format!("known by {} domains", DISPOSABLE.0.len())));
    }

    #[test]
    fn the_lists_are_hosts_in_order() {
        for text in [
            include_str!("../../../data/coupon-sites.txt"),
            include_str!("../../../data/disposable-domains.txt"),
        ] {
            let hosts: Vec<_> = text.lines().filter(|line| !line.starts_with('#')).collect();
            assert!(hosts.len() > 50 && hosts.is_sorted_by(|a, b| a < b));
            let host = |h: &str| {
                h.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-".contains(&b))
            };
            assert!(hosts.iter().all(|h| host(h) && h.contains('.')));
        }
    }
}
