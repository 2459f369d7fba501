//! Hand-made decoding of `response.json()`: a third of the bytes of any serde crate.
//! Generic over the tree, so that a native test reads the very records the server writes.

use crate::model::{Commission, Config, Earnings, Entry, Joined, Link, Me, Qr, Reward};

/// One place in a JSON tree. Nothing here fails: what is missing or of another type is none.
pub trait Node: Sized {
    /// The member of that name, unless it is missing or null.
    fn get(&self, name: &str) -> Option<Self>;
    /// The text here.
    fn text(&self) -> Option<String>;
    /// The number here.
    fn number(&self) -> Option<f64>;
    /// Whether `true` is here.
    fn truth(&self) -> bool;
    /// The elements here; empty if this is no array.
    fn items(&self) -> Vec<Self>;
}

fn text(node: &impl Node, name: &str) -> String {
    optional_text(node, name).unwrap_or_default()
}

fn optional_text(node: &impl Node, name: &str) -> Option<String> {
    node.get(name)?.text()
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "amounts are below 2^53, which a JSON number holds exactly"
)]
fn optional_integer(node: &impl Node, name: &str) -> Option<i64> {
    node.get(name)?.number().map(|number| number as i64)
}

fn integer(node: &impl Node, name: &str) -> i64 {
    optional_integer(node, name).unwrap_or_default()
}

fn small(node: &impl Node, name: &str) -> u32 {
    u32::try_from(integer(node, name)).unwrap_or_default()
}

fn truth(node: &impl Node, name: &str) -> bool {
    node.get(name).is_some_and(|node| node.truth())
}

fn list<N: Node, T>(node: &N, name: &str, read: fn(&N) -> T) -> Vec<T> {
    node.get(name).map(|node| node.items().iter().map(read).collect()).unwrap_or_default()
}

/// Digits of a minor unit; more than four does not exist and would only ask for zeros.
fn exponent(node: &impl Node) -> u32 {
    small(node, "exponent").min(4)
}

/// `EmbedConfig`; none if this is something else.
pub fn config(node: &impl Node) -> Option<Config> {
    let terms = node.get("terms");
    let term = |name| terms.as_ref().map(|terms| text(terms, name)).unwrap_or_default();
    Some(Config {
        name: optional_text(node, "name")?,
        vendor: text(node, "vendor"),
        currency: text(node, "currency"),
        exponent: exponent(node),
        test: text(node, "mode") == "test",
        open: truth(node, "open"),
        hold_days: integer(node, "holdDays"),
        terms_version: term("version"),
        terms_url: Some(term("url")).filter(|url| safe_link(url)).unwrap_or_default(),
        rewards: list(node, "rewards", reward),
    })
}

/// Only these may stand in an `href`.
pub fn safe_link(url: &str) -> bool {
    ["https://", "http://localhost", "http://127.0.0.1", "mailto:"].iter().any(|start| url.starts_with(start))
}

fn reward(node: &impl Node) -> Reward {
    Reward {
        event: text(node, "event"),
        amount: optional_integer(node, "amount"),
        percentage: optional_text(node, "percentage"),
        max_duration: optional_integer(node, "maxDuration"),
    }
}

/// `EmbedMe`; none if this is something else.
pub fn me(node: &impl Node) -> Option<Me> {
    let totals = node.get("totals")?;
    Some(Me {
        name: text(node, "name"),
        email_proven: truth(node, "emailProven"),
        status: optional_text(node, "status")?,
        reason: text(node, "reason"),
        link: node
            .get("link")
            .map(|link| Link { code: text(&link, "code"), short_link: text(&link, "shortLink") }),
        qr: node.get("qr").map(|qr| Qr { size: small(&qr, "size"), path: text(&qr, "path") }),
        totals: [integer(&totals, "clicks"), integer(&totals, "leads"), integer(&totals, "sales")],
        earnings: node.get("earnings").map(|earnings| self::earnings(&earnings)),
    })
}

fn earnings(node: &impl Node) -> Earnings {
    Earnings {
        currency: text(node, "currency"),
        exponent: exponent(node),
        sums: [integer(node, "pending"), integer(node, "processed"), integer(node, "paid")],
        min_payout: integer(node, "minPayout"),
        commissions: list(node, "commissions", commission),
    }
}

fn commission(node: &impl Node) -> Commission {
    Commission {
        id: text(node, "id"),
        kind: text(node, "type"),
        status: text(node, "status"),
        earnings: integer(node, "earnings"),
        points: text(node, "currency") == "points",
        arithmetic: text(node, "arithmetic"),
        created_at: text(node, "createdAt"),
        clears_at: text(node, "clearsAt"),
    }
}

/// One `OwnExplanation`, or a list of these or of `Claim`; what is something else holds none.
pub fn entries<N: Node>(node: &N) -> Vec<Entry> {
    if node.get("says").is_some() { vec![entry(node)] } else { node.items().iter().map(entry).collect() }
}

/// The members that hold what belongs to an entry, in the order in which it happened.
const PARTS: [&str; 5] = ["touchpoints", "others", "commissions", "history", "trail"];

/// All these records say the same kinds of things in members of the same few names.
fn entry<N: Node>(node: &N) -> Entry {
    let first = |names: &[&str]| names.iter().find_map(|name| optional_text(node, name));
    let share = optional_text(node, "share").map(|share| share + "%");
    // A commission's sentence tells its state.
    let earns = node.get("earnings").is_some();
    Entry {
        at: first(&["createdAt", "at"]).unwrap_or_default(),
        mark: first(&["kind", "invoiceId", "by"]).unwrap_or_default(),
        status: share.or_else(|| first(&["status"]).filter(|_| !earns)).unwrap_or_default(),
        says: node.text().or_else(|| first(&["says", "note"])).unwrap_or_default(),
        parts: PARTS.iter().flat_map(|name| list(node, name, entry)).collect(),
    }
}

/// The sentence of a `Claim`.
pub fn says(node: &impl Node) -> Option<String> {
    optional_text(node, "says")
}

/// `JoinOutput`; none if this is something else.
pub fn joined(node: &impl Node) -> Option<Joined> {
    Some(Joined {
        status: optional_text(node, "status")?,
        token: optional_text(node, "token"),
        me: node.get("me").and_then(|node| me(&node)),
    })
}

/// The token of a `TokenOutput`.
pub fn token(node: &impl Node) -> Option<String> {
    optional_text(node, "token")
}

/// Code and message of an error, if this is one.
pub fn refusal(node: &impl Node) -> Option<(String, String)> {
    let error = node.get("error")?;
    Some((text(&error, "code"), text(&error, "message")))
}

/// Whether this is a `LeadOutput`: a page hears back what it sent, and nothing more to read.
pub fn lead(node: &impl Node) -> Option<()> {
    node.get("customer").map(|_| ())
}

#[cfg(test)]
#[path = "decode_tests.rs"]
mod tests;
