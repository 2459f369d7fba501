//! Where a link leads.

use goodword_domain::id::ClickId;

/// A page's address with room for the id of a click in its query, worked out once for all who follow the link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Up to where the id stands.
    before: String,
    /// From there on.
    after: String,
}

impl Target {
    /// Of a page.
    pub fn of(url: &str) -> Self {
        let with = with_query(url, &[(CLICK_ID, "")]);
        // What was appended is the end of the query, and after it comes only the fragment.
        let end = with.find('#').unwrap_or(with.len());
        Self { before: with[..end].to_owned(), after: with[end..].to_owned() }
    }

    /// The page's address, told of a click.
    pub fn told_of(&self, click: &ClickId) -> String {
        [&self.before, click.as_str(), &self.after].concat()
    }
}

/// The name of the click's id in the query.
const CLICK_ID: &str = "gw_id";

/// An address with more in its query.
pub fn with_query(address: &str, pairs: &[(&str, &str)]) -> String {
    match url::Url::parse(address) {
        Ok(mut url) => {
            url.query_pairs_mut().extend_pairs(pairs);
            url.into()
        }
        Err(_) => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, expected: &str) {
        let id = ClickId::from_bits(1);
        assert_eq!(Target::of(url).told_of(&id), expected.replace("ID", id.as_str()));
        assert_eq!(with_query(url, &[(CLICK_ID, id.as_str())]), expected.replace("ID", id.as_str()));
    }

    #[test]
    fn the_id_ends_the_query() {
        check("https://x.example", "https://x.example/?gw_id=ID");
        check("https://x.example/a?b=c", "https://x.example/a?b=c&gw_id=ID");
        check("https://x.example/a?b=c#gw_id=d", "https://x.example/a?b=c&gw_id=ID#gw_id=d");
        check("https://x.example/#top", "https://x.example/?gw_id=ID#top");
    }
}
