//! What speaks against somebody who wants in, so that whoever decides looks twice. Nothing follows from it by itself.

use crate::risk::Settings;

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The e-mail address was not proven yet.
    UnprovenEmail,
    /// It is an address of throw-away mail.
    DisposableEmail,
    /// Another partner's address leads to the same mailbox.
    SameMailbox,
    /// Another partner came with the same browser.
    SharedDevice,
    /// Another partner came from the same network address on the same day.
    SharedAddress,
    /// Another program of the vendor rejected or banned the applicant.
    RefusedElsewhere,
}

/// What is known of an applicant; `P` is whatever others are told by. Each other is counted once a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts<P> {
    /// The e-mail address.
    pub email: String,
    /// Whether it was proven.
    pub is_proven: bool,
    /// Partners whose address leads to the same mailbox.
    pub same_mailbox: Vec<P>,
    /// Partners who came with the same browser.
    pub same_device: Vec<P>,
    /// Partners who came from the same address on the same day.
    pub same_address: Vec<P>,
    /// How many other programs rejected or banned the applicant.
    pub refusals: i64,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signal<P> {
    /// By which rule.
    pub rule: Rule,
    /// The others it is about.
    pub others: Vec<P>,
    /// A sentence with the figures; it names nobody.
    pub why: String,
}

/// Looks at an applicant by every rule, the gravest first. Which mail is throw-away goes by the program's settings.
pub fn evaluate<P>(settings: &Settings, facts: Facts<P>) -> Vec<Signal<P>> {
    let mut found = Vec::new();
    let mut tell = |rule, others: Vec<P>, why: Option<String>| {
        found.extend(why.map(|why| Signal { rule, others, why }));
    };
    let some = |others: &[P], what: &str| match others.len() {
        0 => None,
        1 => Some(format!("Another partner {what}.")),
        n => Some(format!("{n} other partners {}.", plural(what))),
    };
    let refused = match facts.refusals {
        0 => None,
        1 => Some("Another program of yours rejected or banned this partner.".to_owned()),
        n => Some(format!("{n} other programs of yours rejected or banned this partner.")),
    };
    tell(Rule::RefusedElsewhere, Vec::new(), refused);
    let why = some(&facts.same_mailbox, "has an address that leads to the same mailbox");
    tell(Rule::SameMailbox, facts.same_mailbox, why);
    let why = some(&facts.same_device, "has used the same browser");
    tell(Rule::SharedDevice, facts.same_device, why);
    let domain = facts.email.trim().rsplit_once('@').map(|(_, domain)| domain.to_lowercase());
    let thrown = domain.as_deref().and_then(|domain| settings.disposable(domain));
    let thrown =
        thrown.map(|entry| format!("The e-mail address is at {entry}, a provider of throw-away mail."));
    tell(Rule::DisposableEmail, Vec::new(), thrown);
    let why = some(&facts.same_address, "has come from the same network address on the same day");
    tell(Rule::SharedAddress, facts.same_address, why);
    let unproven = (!facts.is_proven).then(|| "The e-mail address was not proven yet.".to_owned());
    tell(Rule::UnprovenEmail, Vec::new(), unproven);
    found
}

/// `has used` of several.
fn plural(what: &str) -> String {
    what.replacen("has ", "have ", 1)
}

impl Rule {
    /// All, the gravest first.
    pub const ALL: [Self; 6] = [
        Self::RefusedElsewhere,
        Self::SameMailbox,
        Self::SharedDevice,
        Self::DisposableEmail,
        Self::SharedAddress,
        Self::UnprovenEmail,
    ];

    /// Its name on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::UnprovenEmail => "unproven_email",
            Self::DisposableEmail => "disposable_email",
            Self::SameMailbox => "same_mailbox",
            Self::SharedDevice => "shared_device",
            Self::SharedAddress => "shared_address",
            Self::RefusedElsewhere => "refused_elsewhere",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nobody() -> Facts<&'static str> {
        Facts {
            email: "maya@example.com".into(),
            is_proven: true,
            same_mailbox: Vec::new(),
            same_device: Vec::new(),
            same_address: Vec::new(),
            refusals: 0,
        }
    }

    fn told(facts: Facts<&'static str>) -> Vec<(&'static str, Vec<&'static str>, String)> {
        let told = |signal: Signal<&'static str>| (signal.rule.word(), signal.others, signal.why);
        evaluate(&Settings::default(), facts).into_iter().map(told).collect()
    }

    #[test]
    fn nothing_speaks_against_somebody_unknown() {
        assert_eq!(told(nobody()), []);
    }

    #[test]
    fn each_rule_tells_what_it_found() {
        let all = Facts {
            email: "maya@mailinator.com".into(),
            is_proven: false,
            same_mailbox: vec!["Noor"],
            same_device: vec!["Noor", "Kai"],
            same_address: vec!["Kai"],
            refusals: 2,
        };
        let words: Vec<_> = told(all.clone()).into_iter().map(|(rule, ..)| rule).collect();
        assert_eq!(words, Rule::ALL.map(Rule::word));
        let said: Vec<_> = told(all).into_iter().map(|(_, others, why)| (others.len(), why)).collect();
        assert_eq!(
            said,
            [
                (0, "2 other programs of yours rejected or banned this partner.".to_owned()),
                (1, "Another partner has an address that leads to the same mailbox.".to_owned()),
                (2, "2 other partners have used the same browser.".to_owned()),
                (0, "The e-mail address is at mailinator.com, a provider of throw-away mail.".to_owned()),
                (1, "Another partner has come from the same network address on the same day.".to_owned()),
                (0, "The e-mail address was not proven yet.".to_owned()),
            ]
        );
    }
}
