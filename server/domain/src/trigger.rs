//! Triggers: when an event meets a condition, something is done.
//!
//! What a trigger does may be an event itself, and so set off others. That ends: an event knows how many triggers led to it,
//! and after [`MAX_DEPTH`] of them no trigger sees it any more. A trigger acts on one event once.

use crate::Invalid;
use crate::event::EventKind;
use crate::id::{GroupId, WebhookId};
use crate::reward::{Compared, Comparison, Condition};
use std::borrow::Cow;

/// How many triggers may set off one another.
pub const MAX_DEPTH: i64 = 3;

/// How many actions a trigger may have.
pub const MOST_ACTIONS: usize = 10;

/// The most a trigger grants at once: minor units, or points.
pub const MOST_GRANTED: i64 = 1_000_000_000;

/// What a trigger can compare.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// What the event is about, minor units: a sale's amount, what was refunded or disputed, a commission's earnings, a payout.
    Amount,
    /// Of that: ISO 4217, or `points`.
    Currency,
    /// What a sign-up or sale is called.
    EventName,
    /// Whether somebody is credited: `true` or `false`.
    Credited,
    /// The status of what the event is about.
    Status,
    /// What a commission's status was before.
    PreviousStatus,
    /// Why the status is what it is, or why the event was credited or not.
    Reason,
    /// The partner's id.
    Partner,
    /// The name of the partner's group.
    Group,
    /// What stands behind the `@` of the partner's address.
    EmailDomain,
    /// Whether the partner's address is proven: `true` or `false`.
    EmailProven,
    /// Clicks of the partner in the program.
    TotalClicks,
    /// Sign-ups of the partner in the program.
    TotalLeads,
    /// Sales of the partner in the program.
    TotalSales,
    /// What those came to, minor units.
    TotalSaleAmount,
    /// What the partner has earned in the program, minor units.
    TotalCommissions,
    /// A value of the event's metadata.
    Metadata(String),
}

const WORDS: [(Fact, &str); 16] = [
    (Fact::Amount, "amount"),
    (Fact::Currency, "currency"),
    (Fact::EventName, "eventName"),
    (Fact::Credited, "credited"),
    (Fact::Status, "status"),
    (Fact::PreviousStatus, "previousStatus"),
    (Fact::Reason, "reason"),
    (Fact::Partner, "partner"),
    (Fact::Group, "group"),
    (Fact::EmailDomain, "emailDomain"),
    (Fact::EmailProven, "emailProven"),
    (Fact::TotalClicks, "totalClicks"),
    (Fact::TotalLeads, "totalLeads"),
    (Fact::TotalSales, "totalSales"),
    (Fact::TotalSaleAmount, "totalSaleAmount"),
    (Fact::TotalCommissions, "totalCommissions"),
];

impl Fact {
    /// The words of all that have one of their own.
    pub fn words() -> impl Iterator<Item = &'static str> {
        WORDS.iter().map(|(_, word)| *word)
    }
}

impl Compared for Fact {
    const NUMBERS: &'static str = "`amount`, the totals or `metadata.NAME`";

    fn parse(word: &str) -> Result<Self, Invalid> {
        if let Some(name) = word.strip_prefix("metadata.").filter(|name| !name.is_empty()) {
            return Ok(Self::Metadata(name.to_owned()));
        }
        let found = WORDS.iter().find(|(_, w)| *w == word);
        found.map(|(fact, _)| fact.clone()).ok_or_else(|| {
            let words: Vec<_> = Self::words().map(|word| format!("`{word}`")).collect();
            Invalid::new("field", format!("must be one of {}, `metadata.NAME`.", words.join(", ")))
        })
    }

    fn word(&self) -> Cow<'static, str> {
        match self {
            Self::Metadata(name) => format!("metadata.{name}").into(),
            other => WORDS.iter().find(|(fact, _)| fact == other).map_or("", |(_, word)| *word).into(),
        }
    }

    fn is_number(&self) -> bool {
        matches!(
            self,
            Self::Amount
                | Self::TotalClicks
                | Self::TotalLeads
                | Self::TotalSales
                | Self::TotalSaleAmount
                | Self::TotalCommissions
                | Self::Metadata(_)
        )
    }
}

/// What is known of an event: each fact with its value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts(Vec<(Fact, String)>);

impl Facts {
    /// Adds one that is known.
    pub fn know(&mut self, fact: Fact, value: Option<impl Into<String>>) {
        self.0.extend(value.map(|value| (fact, value.into())));
    }

    /// Its value.
    pub fn of(&self, fact: &Fact) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == fact).map(|(_, value)| value.as_str())
    }
}

/// To whom a trigger writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// The partner the event is about.
    Partner,
    /// The owners of the vendor.
    Owner,
}

/// What is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Approve the partner in the program.
    Approve,
    /// Put the partner into a group.
    MoveToGroup(GroupId),
    /// Grant points.
    Points(i64),
    /// Grant an amount, minor units of the program's currency.
    Bonus(i64),
    /// Write a mail.
    Mail {
        /// To whom.
        to: Recipient,
        /// Its subject; names in double braces are filled in.
        subject: String,
        /// Its text, likewise.
        body: String,
    },
    /// Send the event to an endpoint, whichever events that hears otherwise.
    Webhook(WebhookId),
}

/// A rule that acts on events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// On which.
    pub event: EventKind,
    /// When.
    pub when: Condition<Fact>,
    /// What it does, in order.
    pub actions: Vec<Action>,
}

/// Whether a trigger acts, and if not, why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It does.
    Acts,
    /// It is about other events.
    OtherEvent,
    /// The condition is not met.
    ConditionNotMet,
    /// Too many triggers led to this event.
    TooDeep,
}

impl Verdict {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Acts => "acts",
            Self::OtherEvent => "other_event",
            Self::ConditionNotMet => "condition_not_met",
            Self::TooDeep => "too_deep",
        }
    }
}

/// One comparison of a trigger's condition, and how it came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compare<'a> {
    /// What was compared.
    pub fact: &'a Fact,
    /// With what.
    pub comparison: &'a Comparison,
    /// What it was, if it is known.
    pub value: Option<&'a str>,
    /// Whether the comparison holds.
    pub holds: bool,
}

impl Rule {
    /// Whether it acts on an event to which `depth` triggers led.
    pub fn decide(&self, kind: EventKind, facts: &Facts, depth: i64) -> Verdict {
        if kind != self.event {
            Verdict::OtherEvent
        } else if !self.when.holds_by(&|fact: &Fact| facts.of(fact).map(Cow::from)) {
            Verdict::ConditionNotMet
        } else if depth >= MAX_DEPTH {
            Verdict::TooDeep
        } else {
            Verdict::Acts
        }
    }

    /// Every comparison of its condition, for whoever wants to know why.
    pub fn compared<'a>(&'a self, facts: &'a Facts) -> Vec<Compare<'a>> {
        let one = |(fact, comparison): (&'a Fact, &'a Comparison)| {
            let value = facts.of(fact);
            Compare { fact, comparison, value, holds: comparison.holds(value) }
        };
        self.when.comparisons().into_iter().map(one).collect()
    }
}

/// Writes values into the places of a text that name them in double braces: `{{partner}}`. A name that is not known stays.
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        filled.push_str(before);
        let named = after.split_once("}}");
        let value = named.and_then(|(name, _)| values.iter().find(|(known, _)| *known == name.trim()));
        if let (Some((_, behind)), Some((_, value))) = (named, value) {
            filled.push_str(value);
            rest = behind;
        } else {
            filled.push_str("{{");
            rest = after;
        }
    }
    filled + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_least(fact: Fact, least: i64) -> Condition<Fact> {
        Condition::Is { field: fact, comparison: Comparison::AtLeast(least) }
    }

    fn rule(when: Condition<Fact>) -> Rule {
        Rule { event: EventKind::SaleCreated, when, actions: vec![Action::Points(50)] }
    }

    fn facts(pairs: &[(Fact, &str)]) -> Facts {
        let mut facts = Facts::default();
        for (fact, value) in pairs {
            facts.know(fact.clone(), Some(*value));
        }
        facts
    }

    #[test]
    fn words_there_and_back() {
        for word in Fact::words().chain(["metadata.plan"]) {
            assert_eq!(Fact::parse(word).unwrap().word(), word);
        }
        assert!(Fact::parse("metadata.").is_err() && Fact::parse("colour").is_err());
    }

    #[test]
    fn a_trigger_acts_on_its_event_when_the_condition_is_met() {
        let tenth = rule(at_least(Fact::TotalSales, 10));
        let of = |sales: &str| facts(&[(Fact::TotalSales, sales)]);
        assert_eq!(tenth.decide(EventKind::SaleCreated, &of("10"), 0), Verdict::Acts);
        assert_eq!(tenth.decide(EventKind::SaleCreated, &of("9"), 0), Verdict::ConditionNotMet);
        assert_eq!(tenth.decide(EventKind::SaleCreated, &Facts::default(), 0), Verdict::ConditionNotMet);
        assert_eq!(tenth.decide(EventKind::LeadCreated, &of("10"), 0), Verdict::OtherEvent);
        assert_eq!(
            rule(Condition::default()).decide(EventKind::SaleCreated, &Facts::default(), 0),
            Verdict::Acts
        );
    }

    #[test]
    fn chains_of_triggers_end() {
        let always = rule(Condition::default());
        let verdicts: Vec<_> =
            (0..5).map(|depth| always.decide(EventKind::SaleCreated, &Facts::default(), depth)).collect();
        assert_eq!(verdicts[..3], [Verdict::Acts; 3]);
        assert_eq!(verdicts[3..], [Verdict::TooDeep; 2]);
    }

    #[test]
    fn why_is_told_comparison_by_comparison() {
        let gold = Condition::Is { field: Fact::Group, comparison: Comparison::OneOf(vec!["Gold".into()]) };
        let both = rule(Condition::Any(vec![at_least(Fact::Amount, 100), Condition::Not(Box::new(gold))]));
        let facts = facts(&[(Fact::Group, "gold")]);
        let told = both.compared(&facts);
        assert_eq!(
            told.iter().map(|c| (c.value, c.holds)).collect::<Vec<_>>(),
            [(None, false), (Some("gold"), true)]
        );
    }

    #[track_caller]
    fn check_filled(text: &str, expected: &str) {
        let values = [("partner", "Maya"), ("program", "Friends {{partner}}")];
        assert_eq!(fill(text, &values), expected);
    }

    #[test]
    fn names_in_braces_are_filled_in() {
        check_filled("Hello {{partner}}, {{ program }}!", "Hello Maya, Friends {{partner}}!");
        check_filled("{{nobody}} {{partner", "{{nobody}} {{partner");
        check_filled("{{{partner}}}", "{{{partner}}}");
        check_filled("", "");
    }
}
