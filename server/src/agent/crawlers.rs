//! Which user agents are programs': the kept list of crawlers, and the marks that programs bear in general.

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use regex::bytes::{Regex, RegexBuilder};
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Hir, HirKind};
use std::cell::RefCell;
use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;

/// The npm package crawler-user-agents as `cargo xtask bots` writes it: regular expressions in which case counts.
const LIST: &str = include_str!("../../data/crawlers.txt");

/// Patterns of the list that people's browsers match too. A person who is not counted costs a partner money, a crawler
/// that is counted costs nobody any.
pub const REFUSED: [&str; 10] = [
    // Facebook's browser inside its app, and a build of Android that came with Instagram's.
    r"MetaIAB Facebook",
    r"AP3A\.240617\.008",
    // Viber's browser inside its app; Sogou's browser, whose crawlers say "spider".
    r"Viber",
    r"Sogou",
    // The browser inside games on Steam.
    r"Valve\/Steam",
    // Browsers inside editors, and one that wraps a site as a program for a Mac.
    r"Code\/1\.",
    r"Trae\/",
    r"Fluid",
    // Slack for Windows, and the app of a search engine.
    r"Sonic",
    r"Freespoke\/",
];

/// What programs say of themselves, in whatever case: parts of regular expressions.
const MARKS: [&str; 13] = [
    // A name, with or without a version, and nothing else. Every browser of today tells its platform in parentheses.
    r"^[^(\[/;]+(?:/[^ (\[;]*)?$",
    // A word that ends in "bot", unless it is the maker of phones named Cubot.
    r"(?:^u?|[^u]|[^c]u)bots?(?:\b|_)",
    // By convention a crawler names a page about itself. No browser of today does.
    r"https?://",
    r"crawl|spider|slurp|scrap[ey]|archiver|indexer|harvester|grabber",
    // Link previews.
    r"facebookexternalhit|facebookcatalog|whatsapp/|^viber|valve/steam http|skypeuripreview|embedly|vkshare",
    r"link ?preview|bingpreview|pinterest/0|googleweblight",
    // Libraries and tools that programs ask the web with.
    r"^python|^java/|^php|^ruby|^perl|^go |go-http|^grpc-|^curl|libcurl|libwww-perl|^lwp|wget|winhttp",
    r"http-?client|okhttp|guzzle|^postman|^rest-?(?:client|sharp)|python-requests",
    // Browsers without a screen.
    r"headless|lighthouse|synthetic",
    // Those who look after sites.
    r"monitor|checker|validator|\bscanner|\bprobe\b|analy[sz]er|google-inspectiontool",
    r"mediapartners-google",
    // Readers of feeds.
    r"\brss|feed ?(?:parser|burner|reader)",
    r"fetcher|parser|transcoder",
];

/// Plain text of the list by one automaton, whose time does not depend on how many patterns there are; the few that are
/// more than text, and the marks, by an expression.
struct Matcher {
    texts: AhoCorasick,
    expression: Regex,
}

static MATCHER: LazyLock<Matcher> = LazyLock::new(|| Matcher::new().expect("the list makes a matcher"));

/// Whether a known program names itself in the user agent.
pub fn names_itself(agent: &str) -> bool {
    if agent.len() > LONGEST {
        return MATCHER.is_match(agent);
    }
    KNOWN.with_borrow_mut(|known| known.answer(agent, |agent| MATCHER.is_match(agent)))
}

thread_local! {
    static KNOWN: RefCell<Known> = RefCell::new(Known { entries: vec![None; KEPT], hasher: RandomState::new() });
}

/// How many agents a thread remembers, each at the place of its hash, and how long one may be, bytes.
const KEPT: usize = 256;
const LONGEST: usize = 512;

/// Agents that were judged lately: most people have one of a few dozen, and to judge one takes longer than to answer its click.
struct Known {
    entries: Vec<Option<(Box<str>, bool)>>,
    hasher: RandomState,
}

impl Known {
    fn answer(&mut self, agent: &str, judge: impl FnOnce(&str) -> bool) -> bool {
        let place = usize::try_from(self.hasher.hash_one(agent) % KEPT as u64).unwrap_or_default();
        let entry = &mut self.entries[place];
        match entry {
            Some((known, answer)) if **known == *agent => *answer,
            _ => entry.insert((agent.into(), judge(agent))).1,
        }
    }
}

/// The patterns of the list that are heeded.
pub fn patterns() -> impl Iterator<Item = &'static str> {
    LIST.lines().filter(|line| !line.starts_with('#') && !REFUSED.contains(line))
}

impl Matcher {
    fn is_match(&self, agent: &str) -> bool {
        self.texts.is_match(agent) || self.expression.is_match(agent.as_bytes())
    }

    fn new() -> Result<Self, Box<dyn std::error::Error>> {
        // Agents are ASCII but for strays, and expressions about bytes are the faster ones.
        let mut parser = ParserBuilder::new().unicode(false).utf8(false).build();
        let (mut texts, mut rest) = (Vec::new(), vec![format!("(?i:{})", MARKS.join("|"))]);
        for pattern in patterns() {
            match parser.parse(pattern).map(Hir::into_kind)? {
                HirKind::Literal(text) => texts.push(text.0),
                _ => rest.push(pattern.to_owned()),
            }
        }
        let expression = RegexBuilder::new(&rest.join("|")).unicode(false).build()?;
        // The quickest kind, which for so many patterns is not the default: it takes more memory.
        let texts = AhoCorasick::builder().kind(Some(AhoCorasickKind::DFA)).build(texts)?;
        Ok(Self { texts, expression })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_what_was_judged() {
        let mut known = Known { entries: vec![None; KEPT], hasher: RandomState::new() };
        let mut judged = 0;
        for turn in 0..3 {
            for number in 0..KEPT * 4 {
                let (agent, right) = (format!("agent {number}"), number % 3 == 0);
                let answer = known.answer(&agent, |_| {
                    judged += 1;
                    right
                });
                assert_eq!(answer, right, "{agent} in turn {turn}");
                assert_eq!(known.answer(&agent, |_| !right), right, "{agent} again");
            }
        }
        assert!(judged > KEPT * 4, "who was pushed out is judged again: {judged}");
    }
}
