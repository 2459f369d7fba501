//! Which user agents are programs': the kept list of crawlers, and the marks that programs bear in general.

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use regex::bytes::{Regex, RegexBuilder};
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Hir, HirKind};
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
    MATCHER.texts.is_match(agent) || MATCHER.expression.is_match(agent.as_bytes())
}

/// The patterns of the list that are heeded.
pub fn patterns() -> impl Iterator<Item = &'static str> {
    LIST.lines().filter(|line| !line.starts_with('#') && !REFUSED.contains(line))
}

impl Matcher {
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
