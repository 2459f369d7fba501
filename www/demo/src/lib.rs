//! Two sites that know Goodword only from its documentation: a vendor's shop and an influencer's blog, on other origins
//! than the server's. And six weeks of believable trade for the demo to show.

mod blog;
mod client;
mod money;
pub mod seed;
mod shop;

pub use blog::blog;
pub use client::{Failure, Goodword};
pub use shop::shop;

/// What the sites must know of one another and of Goodword.
#[derive(Clone, Debug)]
pub struct Config {
    /// Goodword's address as a browser reaches it, without a slash at the end.
    pub goodword: String,
    /// `pk_test_…`, written into the pages.
    pub publishable_key: String,
    /// `sk_test_…`, which only the shop's backend knows.
    pub secret_key: String,
    /// The shop's address, without a slash at the end.
    pub shop: String,
    /// The blog's address, without a slash at the end.
    pub blog: String,
    /// The code of the partner who writes the blog.
    pub code: String,
    /// The key of that partner's link, as in `/r/KEY`.
    pub key: String,
}

/// The content security policy of both sites: a stranger's strict page with the three entries that Goodword needs.
fn policy(goodword: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' {goodword} 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
         connect-src 'self' {goodword}; frame-src {goodword}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_policy_allows_goodword_and_no_inline_script() {
        let policy = super::policy("http://127.0.0.1:7700");
        assert!(policy.contains("script-src 'self' http://127.0.0.1:7700 'wasm-unsafe-eval';"));
        assert!(!policy.contains("unsafe-inline"));
    }
}
