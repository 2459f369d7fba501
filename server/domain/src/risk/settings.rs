//! What a program sets of its rules: actions, figures, lists of sites.

use super::{Action, Rule, sites};
use crate::Invalid;
use crate::click;
use std::collections::BTreeSet;

/// The most sites in one list.
const MOST_SITES: usize = 1_000;

/// A figure of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Threshold {
    /// Hours between the partner's use of an address and a click from it.
    AddressHours,
    /// Days between the partner's use of a device and a click from it.
    DeviceDays,
    /// The number of the event in an hour from which on it is too many.
    PerHour,
    /// The number of the event in 24 hours from which on it is too many.
    PerDay,
    /// The number of coupon sites from which on a code counts as leaked.
    CouponSites,
    /// The most seconds from a click to an event that is instant.
    InstantSeconds,
    /// The number of the instant sale in 30 days from which on it is too many.
    InstantSales,
    /// The part of sales refunded that is too much, percent.
    RefundPercent,
    /// The sales in 90 days below which a part of them says nothing.
    RefundSales,
}

/// A list of sites a program keeps; what lies under a site counts as the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sites {
    /// Coupon sites besides those we know.
    Coupon,
    /// Sources that bring no commission.
    Banned,
    /// Sites and mail domains that are neither coupon sites nor throw-away mail, whatever the lists say.
    Trusted,
}

/// The value of one setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// An action's word.
    Word(String),
    /// A figure.
    Number(i64),
    /// Sites.
    Sites(Vec<String>),
}

/// A setting that is not as it comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The setting's name.
    pub field: &'static str,
    /// What the program has set.
    pub value: Value,
    /// What it is in a program that says nothing.
    pub default: Value,
}

/// A program's rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    actions: [Action; Rule::ALL.len()],
    thresholds: [i64; Threshold::ALL.len()],
    sites: [BTreeSet<String>; Sites::ALL.len()],
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            actions: Rule::ALL.map(Rule::default_action),
            thresholds: Threshold::ALL.map(Threshold::default_figure),
            sites: Default::default(),
        }
    }
}

impl Settings {
    /// The same with some settings changed, each by its name; of one named twice the last counts.
    pub fn with(mut self, pairs: &[(&str, Value)]) -> Result<Self, Invalid> {
        for (name, value) in pairs {
            self.set(name, value)?;
        }
        Ok(self)
    }

    /// What differs from a program that says nothing. Set again on [`Settings::default`], it gives these settings.
    pub fn changes(&self) -> Vec<Change> {
        let default = Self::default();
        let values = self.values().into_iter().zip(default.values());
        values
            .filter(|((_, value), (_, default))| value != default)
            .map(|((field, value), (_, default))| Change { field, value, default })
            .collect()
    }

    /// Every setting by its name, in the order in which they are shown.
    pub fn values(&self) -> Vec<(&'static str, Value)> {
        let actions = Rule::ALL.map(|r| (r.field(), Value::Word(self.action(r).word().to_owned())));
        let thresholds = Threshold::ALL.map(|t| (t.field(), Value::Number(self.threshold(t))));
        let sites = Sites::ALL.map(|s| (s.field(), Value::Sites(self.sites(s).cloned().collect())));
        actions.into_iter().chain(thresholds).chain(sites).collect()
    }

    /// What a rule does.
    pub fn action(&self, rule: Rule) -> Action {
        self.actions[rule as usize]
    }

    /// A figure, in its unit and range.
    pub fn threshold(&self, threshold: Threshold) -> i64 {
        self.thresholds[threshold as usize]
    }

    /// A list's sites, in order.
    pub fn sites(&self, sites: Sites) -> impl Iterator<Item = &String> {
        self.sites[sites as usize].iter()
    }

    /// The coupon site, of our list or the program's, that `host` is or lies under; none where the program trusts it.
    pub fn coupon_site<'a>(&self, host: &'a str) -> Option<&'a str> {
        let host = self.untrusted(host)?;
        self.entry(Sites::Coupon, host).or_else(|| sites::COUPON.entry(host))
    }

    /// The domain of throw-away mail that a mail domain is or lies under; none where the program trusts it.
    pub fn disposable<'a>(&self, domain: &'a str) -> Option<&'a str> {
        sites::DISPOSABLE.entry(self.untrusted(domain)?)
    }

    fn untrusted<'a>(&self, host: &'a str) -> Option<&'a str> {
        self.entry(Sites::Trusted, host).is_none().then_some(host)
    }

    /// The site of a list that `host` is or lies under.
    pub(super) fn entry<'a>(&self, list: Sites, host: &'a str) -> Option<&'a str> {
        sites::entry(host, |h| self.sites[list as usize].contains(h))
    }

    fn set(&mut self, name: &str, value: &Value) -> Result<(), Invalid> {
        if let Some(rule) = Rule::ALL.into_iter().find(|r| r.field() == name) {
            self.actions[rule as usize] = action(rule, value)?;
        } else if let Some(threshold) = Threshold::ALL.into_iter().find(|t| t.field() == name) {
            self.thresholds[threshold as usize] = figure(threshold, value)?;
        } else if let Some(list) = Sites::ALL.into_iter().find(|s| s.field() == name) {
            self.sites[list as usize] = site_list(list, value)?;
        } else {
            return Err(unknown(name));
        }
        Ok(())
    }
}

fn action(rule: Rule, value: &Value) -> Result<Action, Invalid> {
    let word = if let Value::Word(word) = value { word } else { "" };
    Action::parse(rule.field(), word)
}

fn figure(threshold: Threshold, value: &Value) -> Result<i64, Invalid> {
    let (low, high) = threshold.range();
    match value {
        Value::Number(number) if (low..=high).contains(number) => Ok(*number),
        _ => Err(Invalid::new(threshold.field(), format!("must be a whole number from {low} to {high}."))),
    }
}

fn site_list(list: Sites, value: &Value) -> Result<BTreeSet<String>, Invalid> {
    match value {
        Value::Sites(sites) if sites.len() <= MOST_SITES => {
            sites.iter().map(|text| site(list, text)).collect()
        }
        _ => Err(Invalid::new(list.field(), format!("must be a list of at most {MOST_SITES} sites."))),
    }
}

/// A site from its host or any address on it. Browsers name international sites in ASCII, so nothing else would match.
fn site(list: Sites, text: &str) -> Result<String, Invalid> {
    let text = text.trim();
    let host = if text.contains("://") { click::site(text) } else { click::site(&format!("https://{text}")) };
    host.filter(|host| is_host(host)).ok_or_else(|| {
        let shown: String = text.chars().take(80).collect();
        let remedy =
            format!("has `{shown}`: give a site such as `example.com`, an international one as `xn--…`.");
        Invalid::new(list.field(), remedy)
    })
}

fn is_host(host: &str) -> bool {
    let label = |l: &str| !l.is_empty() && l.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    host.len() <= 253 && host.contains('.') && host.split('.').all(label)
}

fn unknown(name: &str) -> Invalid {
    let names: Vec<_> =
        Settings::default().values().into_iter().map(|(field, _)| format!("`{field}`")).collect();
    let shown: String = name.chars().take(80).collect();
    Invalid::new("signals", format!("has no setting `{shown}`; there are {}.", names.join(", ")))
}

impl Threshold {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 9] = [
        Self::AddressHours,
        Self::DeviceDays,
        Self::PerHour,
        Self::PerDay,
        Self::CouponSites,
        Self::InstantSeconds,
        Self::InstantSales,
        Self::RefundPercent,
        Self::RefundSales,
    ];

    /// The setting's name: the rule's, and what is counted.
    pub fn field(self) -> &'static str {
        match self {
            Self::AddressHours => "self_referral_address.hours",
            Self::DeviceDays => "self_referral_device.days",
            Self::PerHour => "velocity.perHour",
            Self::PerDay => "velocity.perDay",
            Self::CouponSites => "coupon_site.sites",
            Self::InstantSeconds => "no_referrer_instant.seconds",
            Self::InstantSales => "no_referrer_instant.sales",
            Self::RefundPercent => "refund_rate.percent",
            Self::RefundSales => "refund_rate.sales",
        }
    }

    /// The least and the most it can be. Hashes of addresses cannot be compared after two days, when their salt is gone.
    pub fn range(self) -> (i64, i64) {
        match self {
            Self::AddressHours => (1, 48),
            Self::DeviceDays => (1, 365),
            Self::PerHour | Self::InstantSales | Self::RefundSales => (1, 100_000),
            Self::PerDay => (1, 1_000_000),
            Self::CouponSites | Self::RefundPercent => (1, 100),
            Self::InstantSeconds => (0, 60),
        }
    }

    /// What it is in a program that says nothing.
    pub fn default_figure(self) -> i64 {
        match self {
            Self::AddressHours => 24,
            Self::DeviceDays => 60,
            Self::PerHour | Self::RefundPercent => 30,
            Self::PerDay => 200,
            Self::CouponSites => 2,
            Self::InstantSeconds => 0,
            Self::InstantSales => 5,
            Self::RefundSales => 10,
        }
    }
}

impl Sites {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 3] = [Self::Coupon, Self::Banned, Self::Trusted];

    /// The setting's name.
    pub fn field(self) -> &'static str {
        match self {
            Self::Coupon => "couponSites",
            Self::Banned => "bannedSources",
            Self::Trusted => "trustedSites",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn set(name: &str, value: Value) -> Result<Settings, Invalid> {
        Settings::default().with(&[(name, value)])
    }

    fn sites_of(texts: &[&str]) -> Value {
        Value::Sites(texts.iter().map(|&t| t.to_owned()).collect())
    }

    #[test]
    fn every_figure_has_its_range() {
        for threshold in Threshold::ALL {
            let (low, high) = threshold.range();
            assert!((low..=high).contains(&threshold.default_figure()), "{threshold:?}");
            for good in [low, high] {
                let settings = set(threshold.field(), Value::Number(good)).unwrap();
                assert_eq!(settings.threshold(threshold), good);
            }
            for bad in [Value::Number(low - 1), Value::Number(high + 1), Value::Word("3".into())] {
                assert_eq!(set(threshold.field(), bad).unwrap_err().field, threshold.field());
            }
        }
    }

    #[test]
    fn every_rule_has_its_action() {
        for rule in Rule::ALL {
            let settings = set(rule.field(), Value::Word("block".into())).unwrap();
            assert_eq!(settings.action(rule), Action::Block);
            for bad in [Value::Word("Hold".into()), Value::Number(1)] {
                assert_eq!(set(rule.field(), bad).unwrap_err().field, rule.field());
            }
        }
    }

    #[test]
    fn sites_are_hosts_however_they_are_written() {
        let written = [
            "https://www.Deals.example/today?x=1",
            "deals.example",
            " b.example/path ",
            "xn--mnchen-3ya.example",
        ];
        let settings = set("couponSites", sites_of(&written)).unwrap();
        let hosts: Vec<_> = settings.sites(Sites::Coupon).collect();
        assert_eq!(hosts, ["b.example", "deals.example", "xn--mnchen-3ya.example"]);
        for bad in ["", "deals", "a b.example", "münchen.example", "a..example", "https://"] {
            assert_eq!(set("bannedSources", sites_of(&[bad])).unwrap_err().field, "bannedSources", "{bad}");
        }
        let labels = "abcdefghi.".repeat(25);
        assert!(set("couponSites", sites_of(&[&format!("{labels}abc")])).is_ok());
        assert!(set("couponSites", sites_of(&[&format!("{labels}abcd")])).is_err());
        let many = vec!["a.example"; MOST_SITES + 1];
        assert!(set("trustedSites", sites_of(&many)).is_err());
        assert!(set("trustedSites", sites_of(&many[1..])).is_ok());
    }

    #[test]
    fn an_unknown_setting_is_refused_with_those_there_are() {
        let refused = set("velocity.perMinute", Value::Number(1)).unwrap_err();
        assert!(
            refused.to_string().contains("`velocity.perMinute`; there are `self_referral_email.action`"),
            "{refused}"
        );
    }

    #[test]
    fn a_program_that_says_nothing_has_no_changes() {
        assert_eq!(Settings::default().changes(), []);
        let changed = set("velocity.perHour", Value::Number(31)).unwrap();
        let (value, default) = (Value::Number(31), Value::Number(30));
        assert_eq!(changed.changes(), [Change { field: "velocity.perHour", value, default }]);
    }

    proptest! {
        #[test]
        fn changes_give_the_settings_again(
            actions in prop::collection::vec((0_usize..10, 0_usize..3), 0..6),
            figures in prop::collection::vec((0_usize..9, 1_i64..=40), 0..6),
            hosts in prop::collection::vec((0_usize..3, "[a-v]{1,5}\\.example"), 0..4),
        ) {
            let actions = actions.iter().map(|(r, a)| (Rule::ALL[*r].field(), Value::Word(Action::WORDS[*a].1.to_owned())));
            let figures = figures.iter().map(|(t, n)| (Threshold::ALL[*t].field(), Value::Number(*n)));
            let hosts = hosts.iter().map(|(l, h)| (Sites::ALL[*l].field(), sites_of(&[h])));
            let pairs: Vec<_> = actions.chain(figures).chain(hosts).collect();
            let settings = Settings::default().with(&pairs).unwrap();
            let changes: Vec<_> = settings.changes().into_iter().map(|c| (c.field, c.value)).collect();
            prop_assert_eq!(Settings::default().with(&changes).unwrap(), settings);
        }
    }
}
