//! Signals: what speaks against a commission, so that a person looks at it before it is paid.
//!
//! A pure function of (settings, facts). Every rule has a name, an explanation, an action and figures a program can set;
//! a signal says in a sentence what was found, with the figures, and nothing that would name a person. A commission is
//! held or blocked for reasons that everybody can read, never dropped in silence. See `www/docs/signals.md`.

mod ads;
mod mailbox;
mod review;
mod rules;
mod settings;
mod sites;

pub use ads::ad_parameter;
pub use mailbox::mailbox;
pub use review::{Decision, opening, review, without_cleared};
pub use settings::{Change, Settings, Sites, Threshold, Value};

use crate::Invalid;
use crate::attribution::Kind;

/// What a rule does when it finds something; a later one in this list outweighs an earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// Nothing: the rule is not looked at.
    Off,
    /// The commission is held until somebody releases or rejects it.
    Hold,
    /// The event is recorded, and nothing is credited for it unless somebody releases it.
    Block,
}

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// Customer and partner have one mailbox.
    SelfReferralEmail,
    /// The click came from a network address the partner used about that time.
    SelfReferralAddress,
    /// The click came from a device the partner used.
    SelfReferralDevice,
    /// More events of one partner than people make.
    Velocity,
    /// An address of throw-away mail.
    DisposableEmail,
    /// A coupon site sent the visitor, or publishes the code.
    CouponSite,
    /// Many sales at the moment of a click that came from nowhere.
    NoReferrerInstant,
    /// The visitor came through a paid ad.
    PaidAds,
    /// Too many of the partner's sales are refunded.
    RefundRate,
    /// The visitor came from a site the program has banned.
    BannedSource,
}

/// How long a rule that somebody cleared stays cleared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// For the event it was cleared for.
    Event,
    /// For every event of that customer with that partner: what was cleared is a fact about the two.
    Customer,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signal {
    /// By which rule.
    pub rule: Rule,
    /// What follows: to hold or to block.
    pub action: Action,
    /// A sentence with the figures; it names no person and no address.
    pub why: String,
}

/// Where a click came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Referrer {
    /// Nobody knows: there was no click, or it was reported without one.
    #[default]
    Unknown,
    /// No page: the address was typed, or the page does not tell.
    Absent,
    /// This site, as [`crate::click::site`] gives it.
    Site(String),
}

/// One use of an address or a device by the partner: at joining, or a visit to the partner's own pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Use {
    /// The address or device, by the same hash as the click's.
    pub key: i64,
    /// Seconds between the use and the click, whichever came first; at least 0.
    pub seconds_apart: i64,
}

/// What is known of one event, a lead or a sale, that is credited to one partner. What is unknown speaks against nobody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The partner's e-mail address.
    pub partner_email: Option<String>,
    /// The customer's e-mail address.
    pub customer_email: Option<String>,
    /// A hash of the network address the click came from.
    pub click_address: Option<i64>,
    /// The addresses the partner used.
    pub partner_addresses: Vec<Use>,
    /// A hash of the device the click came from: the id kept in its browser.
    pub click_device: Option<i64>,
    /// The devices the partner used.
    pub partner_devices: Vec<Use>,
    /// Seconds from the click to the event, rounded down.
    pub seconds_to_event: Option<i64>,
    /// The page the click came from.
    pub referrer: Referrer,
    /// What [`ad_parameter`] found in the address that was clicked or in the one it led to.
    pub ad_parameter: Option<&'static str>,
    /// The touchpoint that won.
    pub touchpoint: Option<Kind>,
    /// Leads and sales credited to the partner in the hour up to this one, this one included.
    pub partner_events_hour: Option<i64>,
    /// The same in 24 hours.
    pub partner_events_day: Option<i64>,
    /// Sales credited to the partner in the 30 days up to this event that followed a click without a referring page within
    /// [`Threshold::InstantSeconds`], this one included; unknown where the event is a lead.
    pub partner_instant_sales: Option<i64>,
    /// Sales credited to the partner in the 90 days up to this event.
    pub partner_sales: Option<i64>,
    /// Those of them of which anything was refunded.
    pub partner_refunded: Option<i64>,
    /// Distinct coupon sites, by [`Settings::coupon_site`], that visitors came from who used the code.
    pub code_coupon_sites: Option<i64>,
}

/// Looks at the facts of one event by every rule that is on, in the order of the rules.
pub fn evaluate(settings: &Settings, facts: &Facts) -> Vec<Signal> {
    let signal = |rule| {
        let action = settings.action(rule);
        let why = if action == Action::Off { None } else { rules::why(rule, settings, facts) };
        why.map(|why| Signal { rule, action, why })
    };
    Rule::ALL.into_iter().filter_map(signal).collect()
}

/// The strongest action of some signals; off where there are none.
pub fn strongest(signals: &[Signal]) -> Action {
    signals.iter().map(|signal| signal.action).max().unwrap_or(Action::Off)
}

impl Action {
    /// The words of the wire and the store.
    pub const WORDS: [(Self, &'static str); 3] =
        [(Self::Off, "off"), (Self::Hold, "hold"), (Self::Block, "block")];

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize].1
    }

    /// From its word, sent in `field`.
    pub fn parse(field: &'static str, word: &str) -> Result<Self, Invalid> {
        let found = Self::WORDS.iter().find(|(_, w)| *w == word).map(|(action, _)| *action);
        found.ok_or_else(|| Invalid::new(field, "must be `off`, `hold` or `block`."))
    }
}

impl Rule {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 10] = [
        Self::SelfReferralEmail,
        Self::SelfReferralAddress,
        Self::SelfReferralDevice,
        Self::Velocity,
        Self::DisposableEmail,
        Self::CouponSite,
        Self::NoReferrerInstant,
        Self::PaidAds,
        Self::RefundRate,
        Self::BannedSource,
    ];

    /// Its name on the wire and in the store.
    pub fn word(self) -> &'static str {
        self.field().trim_end_matches(".action")
    }

    /// From its name.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        Self::ALL.into_iter().find(|rule| rule.word() == word).ok_or_else(|| {
            let words = Self::ALL.map(|rule| format!("`{}`", rule.word())).join(", ");
            Invalid::new("rule", format!("must be one of {words}."))
        })
    }

    /// The setting that says what it does.
    pub fn field(self) -> &'static str {
        match self {
            Self::SelfReferralEmail => "self_referral_email.action",
            Self::SelfReferralAddress => "self_referral_address.action",
            Self::SelfReferralDevice => "self_referral_device.action",
            Self::Velocity => "velocity.action",
            Self::DisposableEmail => "disposable_email.action",
            Self::CouponSite => "coupon_site.action",
            Self::NoReferrerInstant => "no_referrer_instant.action",
            Self::PaidAds => "paid_ads.action",
            Self::RefundRate => "refund_rate.action",
            Self::BannedSource => "banned_source.action",
        }
    }

    /// What it does in a program that says nothing. Paid ads are off because many programs allow them, and nothing else
    /// is found that the vendor's terms may not welcome; a banned source is banned by the vendor's own word.
    pub fn default_action(self) -> Action {
        match self {
            Self::PaidAds => Action::Off,
            Self::BannedSource => Action::Block,
            _ => Action::Hold,
        }
    }

    /// How long it stays cleared.
    pub fn scope(self) -> Scope {
        match self {
            Self::SelfReferralEmail
            | Self::SelfReferralAddress
            | Self::SelfReferralDevice
            | Self::DisposableEmail => Scope::Customer,
            _ => Scope::Event,
        }
    }

    /// What it means, in a sentence for a marketer.
    pub fn explanation(self) -> &'static str {
        match self {
            Self::SelfReferralEmail => {
                "The customer's e-mail address leads to the partner's own mailbox, so the partner may have bought with their own link."
            }
            Self::SelfReferralAddress => {
                "The click came from a network address that the partner used about the same time; people who share a home or an office share it too."
            }
            Self::SelfReferralDevice => {
                "The click came from a browser the partner has used, so the partner or somebody at their device made it."
            }
            Self::Velocity => {
                "The partner brought more sign-ups and sales in an hour or a day than you expect of one; a script does that, and so does a post that goes viral."
            }
            Self::DisposableEmail => {
                "The customer or the partner uses an address of throw-away mail, which costs nothing to make up by the hundred."
            }
            Self::CouponSite => {
                "The visitor came from a coupon site, or the partner's code is published on several, so that it is found by people who were about to buy anyway."
            }
            Self::NoReferrerInstant => {
                "The sale followed its click at once and no page had led to the click, as with many of the partner's sales; browser extensions that swap the credit at the checkout look like this."
            }
            Self::PaidAds => {
                "The visitor came through a paid ad, perhaps one for your own brand, which your terms may not allow."
            }
            Self::RefundRate => {
                "A larger part of the partner's sales of the last 90 days was refunded than you put up with."
            }
            Self::BannedSource => "The visitor came from a site this program has banned.",
        }
    }
}

#[cfg(test)]
#[path = "risk/tests.rs"]
mod tests;
