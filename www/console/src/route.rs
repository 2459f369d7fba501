//! Where in the console one is: the path names the page, the query holds what was chosen on it. Pure.

/// A page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    Overview,
    Programs,
    Program(String),
    Partners,
    Partner(String),
    Events,
    Lead(String),
    Sale(String),
    Attribution,
    Explorer,
    Commissions,
    Commission(String),
    Payouts,
    Batch(String),
    Reviews,
    Signals,
    Claims,
    Claim(String),
    Funds,
    FundRequest(String),
    Registrations,
    Registration(String),
    Settlements,
    Points,
    Gifts,
    Splits,
    Rates,
    Ledger,
    Webhooks,
    Webhook(String),
    Triggers,
    Trigger(String),
    Integrations,
    Imports,
    Settings,
    Audit,
    NotFound,
}

/// What the query names and says, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query(Vec<(String, String)>);

/// A page and what was chosen on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub route: Route,
    pub query: Query,
}

/// Live data, or the sandbox's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Live,
    Test,
}

const ROOT: &str = "/console";

/// What stays chosen when one goes to another page.
const KEPT: [&str; 2] = ["mode", "program"];

impl Route {
    /// From the path of an address.
    pub fn parse(path: &str) -> Self {
        let rest = path.strip_prefix(ROOT).unwrap_or(path).trim_matches('/');
        let (page, id) = rest.split_once('/').unwrap_or((rest, ""));
        match (page, decode(id)) {
            ("", _) => Self::Overview,
            ("programs", id) if !id.is_empty() => Self::Program(id),
            ("partners", id) if !id.is_empty() => Self::Partner(id),
            ("leads", id) if !id.is_empty() => Self::Lead(id),
            ("sales", id) if !id.is_empty() => Self::Sale(id),
            ("commissions", id) if !id.is_empty() => Self::Commission(id),
            ("payouts", id) if !id.is_empty() => Self::Batch(id),
            ("claims", id) if !id.is_empty() => Self::Claim(id),
            ("funds", id) if !id.is_empty() => Self::FundRequest(id),
            ("registrations", id) if !id.is_empty() => Self::Registration(id),
            ("webhooks", id) if !id.is_empty() => Self::Webhook(id),
            ("triggers", id) if !id.is_empty() => Self::Trigger(id),
            ("programs", _) => Self::Programs,
            ("partners", _) => Self::Partners,
            ("attribution", _) => Self::Attribution,
            ("explorer", _) => Self::Explorer,
            ("events", _) => Self::Events,
            ("commissions", _) => Self::Commissions,
            ("payouts", _) => Self::Payouts,
            ("reviews", _) => Self::Reviews,
            ("signals", _) => Self::Signals,
            ("claims", _) => Self::Claims,
            ("funds", _) => Self::Funds,
            ("registrations", _) => Self::Registrations,
            ("settlements", _) => Self::Settlements,
            ("points", _) => Self::Points,
            ("gifts", _) => Self::Gifts,
            ("splits", _) => Self::Splits,
            ("rates", _) => Self::Rates,
            ("ledger", _) => Self::Ledger,
            ("webhooks", _) => Self::Webhooks,
            ("triggers", _) => Self::Triggers,
            ("integrations", _) => Self::Integrations,
            ("imports", _) => Self::Imports,
            ("settings", _) => Self::Settings,
            ("audit", _) => Self::Audit,
            _ => Self::NotFound,
        }
    }

    /// The path of the page's address.
    pub fn path(&self) -> String {
        match self {
            Self::Overview | Self::NotFound => ROOT.to_owned(),
            Self::Program(id)
            | Self::Partner(id)
            | Self::Lead(id)
            | Self::Sale(id)
            | Self::Commission(id)
            | Self::Batch(id)
            | Self::Claim(id)
            | Self::FundRequest(id)
            | Self::Registration(id)
            | Self::Webhook(id)
            | Self::Trigger(id) => {
                format!("{ROOT}/{}/{}", self.word(), encode(id))
            }
            _ => format!("{ROOT}/{}", self.word()),
        }
    }

    /// Whether it is one of the pages that are about money.
    pub fn is_money(&self) -> bool {
        let section = self.section();
        let rest =
            matches!(section, Self::Payouts | Self::Reviews | Self::Claims | Self::Funds | Self::Rates);
        let deals = matches!(section, Self::Registrations | Self::Settlements | Self::Splits | Self::Points);
        rest || deals || matches!(section, Self::Commissions | Self::Gifts | Self::Ledger)
    }

    /// Whether the page lies in the part of the console that `section` opens.
    pub fn is_within(&self, section: &Self) -> bool {
        self.section() == *section
    }

    fn section(&self) -> Self {
        match self {
            Self::Program(_) => Self::Programs,
            Self::Partner(_) => Self::Partners,
            Self::Lead(_) | Self::Sale(_) => Self::Events,
            Self::Commission(_) => Self::Commissions,
            Self::Batch(_) => Self::Payouts,
            Self::Signals => Self::Reviews,
            Self::Claim(_) => Self::Claims,
            Self::FundRequest(_) => Self::Funds,
            Self::Registration(_) => Self::Registrations,
            Self::Webhook(_) => Self::Webhooks,
            Self::Trigger(_) => Self::Triggers,
            Self::Audit => Self::Settings,
            other => other.clone(),
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::Overview | Self::NotFound => "",
            Self::Programs | Self::Program(_) => "programs",
            Self::Partners | Self::Partner(_) => "partners",
            Self::Lead(_) => "leads",
            Self::Sale(_) => "sales",
            Self::Attribution => "attribution",
            Self::Explorer => "explorer",
            Self::Events => "events",
            Self::Commissions | Self::Commission(_) => "commissions",
            Self::Payouts | Self::Batch(_) => "payouts",
            Self::Reviews => "reviews",
            Self::Signals => "signals",
            Self::Claims | Self::Claim(_) => "claims",
            Self::Funds | Self::FundRequest(_) => "funds",
            Self::Registrations | Self::Registration(_) => "registrations",
            Self::Settlements => "settlements",
            Self::Points => "points",
            Self::Gifts => "gifts",
            Self::Splits => "splits",
            Self::Rates => "rates",
            Self::Ledger => "ledger",
            Self::Webhooks | Self::Webhook(_) => "webhooks",
            Self::Triggers | Self::Trigger(_) => "triggers",
            Self::Integrations => "integrations",
            Self::Imports => "imports",
            Self::Settings => "settings",
            Self::Audit => "audit",
        }
    }
}

impl Query {
    /// From the query of an address, with or without its `?`.
    pub fn parse(search: &str) -> Self {
        let pairs = search.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty());
        let split = |pair: &str| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(key), decode(value))
        };
        Self(pairs.map(split).collect())
    }

    /// What is said under that name.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str()).filter(|v| !v.is_empty())
    }

    /// The same with that said; an empty value takes it out.
    #[must_use]
    pub fn with(mut self, key: &str, value: &str) -> Self {
        self.0.retain(|(k, _)| k != key);
        if !value.is_empty() {
            self.0.push((key.to_owned(), value.to_owned()));
        }
        self
    }

    /// As it stands in an address, with its `?` unless it is empty.
    pub fn text(&self) -> String {
        let pairs: Vec<String> = self.0.iter().map(|(k, v)| format!("{}={}", encode(k), encode(v))).collect();
        if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
    }
}

impl Place {
    /// From the two parts of an address.
    pub fn parse(path: &str, search: &str) -> Self {
        Self { route: Route::parse(path), query: Query::parse(search) }
    }

    /// Its address, without the host.
    pub fn url(&self) -> String {
        format!("{}{}", self.route.path(), self.query.text())
    }

    /// Another page, with only what stays chosen everywhere.
    #[must_use]
    pub fn to(&self, route: Route) -> Self {
        let query = KEPT
            .iter()
            .fold(Query::default(), |query, key| query.with(key, self.query.get(key).unwrap_or_default()));
        Self { route, query }
    }

    /// The same page with something else chosen.
    #[must_use]
    pub fn with(&self, key: &str, value: &str) -> Self {
        Self { route: self.route.clone(), query: self.query.clone().with(key, value) }
    }

    /// What is chosen under that name.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.query.get(key)
    }

    /// Whose data is shown.
    pub fn mode(&self) -> Mode {
        if self.get("mode") == Some(Mode::Test.word()) { Mode::Test } else { Mode::Live }
    }
}

impl Mode {
    /// Its word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Test => "test",
        }
    }
}

/// Percent-encoding of a part of an address.
pub fn encode(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.extend([byte >> 4, byte & 15].map(|n| char::from(b"0123456789ABCDEF"[usize::from(n)])));
        }
        out
    })
}

/// The inverse of [`encode`]; `+` is a space. What is not encoded right stays as it is.
pub fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let hex = (bytes[i] == b'%').then(|| text.get(i + 1..i + 3)).flatten();
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                i += 2;
            }
            None => out.push(if bytes[i] == b'+' { b' ' } else { bytes[i] }),
        }
        i += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Route {
        /// Every page that has an address, with that id where it has one.
        pub fn every(id: &str) -> Vec<Self> {
            let id = || id.to_owned();
            vec![
                Self::Overview,
                Self::Programs,
                Self::Program(id()),
                Self::Partners,
                Self::Partner(id()),
                Self::Events,
                Self::Lead(id()),
                Self::Sale(id()),
                Self::Attribution,
                Self::Explorer,
                Self::Commissions,
                Self::Commission(id()),
                Self::Payouts,
                Self::Batch(id()),
                Self::Reviews,
                Self::Signals,
                Self::Claims,
                Self::Claim(id()),
                Self::Funds,
                Self::FundRequest(id()),
                Self::Registrations,
                Self::Registration(id()),
                Self::Settlements,
                Self::Splits,
                Self::Points,
                Self::Gifts,
                Self::Webhooks,
                Self::Webhook(id()),
                Self::Triggers,
                Self::Trigger(id()),
                Self::Rates,
                Self::Ledger,
                Self::Integrations,
                Self::Imports,
                Self::Settings,
                Self::Audit,
            ]
        }
    }

    #[test]
    fn every_page_has_an_address_that_leads_back() {
        for route in Route::every("a/b ü") {
            assert_eq!(Route::parse(&route.path()), route);
        }
        assert_eq!(Route::parse("/console/"), Route::Overview);
        assert_eq!(Route::parse("/console/nowhere"), Route::NotFound);
    }

    #[test]
    fn a_query_is_read_and_written() {
        let query = Query::parse("?mode=test&search=maya+b%C3%BCrk%26co&empty=");
        assert_eq!(query.get("search"), Some("maya bürk&co"));
        assert_eq!(query.get("empty"), None);
        assert_eq!(query.clone().with("search", "").with("empty", "").text(), "?mode=test");
        assert_eq!(Query::parse(&query.text()), query);
        assert_eq!(Query::default().text(), "");
    }

    #[test]
    fn only_mode_and_program_follow_to_another_page() {
        let place = Place::parse("/console/partners", "?status=pending&mode=test&program=prg_1");
        assert_eq!(place.mode(), Mode::Test);
        assert_eq!(place.to(Route::Events).url(), "/console/events?mode=test&program=prg_1");
        assert_eq!(place.with("status", "approved").get("status"), Some("approved"));
    }

    #[test]
    fn a_page_lies_within_its_section() {
        assert!(Route::Batch("b".into()).is_within(&Route::Payouts));
        assert!(Route::Commission("c".into()).is_within(&Route::Commissions));
        assert!(Route::Signals.is_within(&Route::Reviews) && Route::Signals.is_money());
        assert!(!Route::Events.is_money());
        assert!(Route::Lead("l".into()).is_within(&Route::Events));
        assert!(Route::Sale("s".into()).is_within(&Route::Events));
        assert!(!Route::Sale("s".into()).is_within(&Route::Partners));
    }

    #[test]
    fn broken_encoding_is_kept() {
        assert_eq!(decode("100%"), "100%");
        assert_eq!(decode("%zz"), "%zz");
        assert_eq!(decode("%ü"), "%ü");
    }
}
