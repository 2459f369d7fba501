//! By what two registrations are known to be of the same customer.

use crate::Invalid;
use crate::person::Email;
use std::collections::BTreeSet;

/// Hosts whose addresses tell of a person and not of a company.
const PERSONAL: [&str; 16] = [
    "aol.com",
    "gmail.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hotmail.com",
    "icloud.com",
    "live.com",
    "mail.com",
    "msn.com",
    "outlook.com",
    "proton.me",
    "protonmail.com",
    "web.de",
    "yahoo.com",
    "yandex.com",
];

/// Words at the end of a company's name that tell of its legal form.
const FORMS: [&str; 26] = [
    "ab",
    "ag",
    "as",
    "bv",
    "co",
    "company",
    "corp",
    "corporation",
    "gmbh",
    "inc",
    "incorporated",
    "kg",
    "kk",
    "limited",
    "llc",
    "llp",
    "ltd",
    "nv",
    "oy",
    "plc",
    "pte",
    "pty",
    "sa",
    "sarl",
    "spa",
    "srl",
];

/// Whom a registration is about, as the partner says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    /// What the customer is called: 1 to 200 characters.
    pub name: String,
    /// The customer's domain or an e-mail address, folded.
    pub contact: String,
}

impl Customer {
    /// From two fields of a form.
    pub fn parse(name: &str, contact: &str) -> Result<Self, Invalid> {
        let name = name.trim();
        if !(1..=200).contains(&name.chars().count()) || folded(name).is_empty() {
            return Err(Invalid::new(
                "customerName",
                "must be 1 to 200 characters, a letter or digit among them.",
            ));
        }
        let contact = if contact.contains('@') {
            Email::parse("contact", contact)?.folded()
        } else {
            domain(contact).ok_or_else(|| {
                Invalid::new(
                    "contact",
                    "must be the customer's domain, such as `acme.example`, or an e-mail address.",
                )
            })?
        };
        Ok(Self { name: name.to_owned(), contact })
    }

    /// The keys any of which makes two customers the same: the domain (of an address at a mail host for everybody, the address),
    /// and the name without its legal form, whatever the case and the punctuation.
    pub fn keys(&self) -> Vec<String> {
        vec![key_of_contact(&self.contact), format!("name:{}", folded(&self.name))]
    }
}

/// By what the buyer of an event is found among registrations: his or her address alone, for names of people and of companies are
/// not told apart. The last is the wider.
pub fn keys_of_email(email: &str) -> Vec<String> {
    let folded = email.trim().to_lowercase();
    let keys = BTreeSet::from([format!("email:{folded}"), key_of_contact(&folded)]);
    keys.into_iter().collect()
}

fn key_of_contact(contact: &str) -> String {
    match contact.rsplit_once('@') {
        Some((_, host)) if PERSONAL.contains(&host) => format!("email:{contact}"),
        Some((_, host)) => format!("domain:{host}"),
        None => format!("domain:{contact}"),
    }
}

/// `https://www.Acme.example/about` is `acme.example`.
fn domain(text: &str) -> Option<String> {
    let lower = text.trim().to_lowercase();
    let rest = lower.split_once("://").map_or(lower.as_str(), |(_, rest)| rest);
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host).trim_end_matches('.');
    let label = |l: &str| {
        (1..=63).contains(&l.len())
            && l.chars().all(|c| c.is_alphanumeric() || c == '-')
            && !l.starts_with('-')
            && !l.ends_with('-')
    };
    let whole = host.len() <= 253 && host.contains('.') && host.split('.').all(label);
    whole.then(|| host.to_owned())
}

/// `ACME, Inc.` is `acme`; a name that is nothing but a legal form stays.
fn folded(name: &str) -> String {
    let lower = name.to_lowercase().replace(['.', '\'', '’'], "");
    let mut words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    while words.len() > 1 && words.last().is_some_and(|last| FORMS.contains(last)) {
        words.pop();
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn same(a: (&str, &str), b: (&str, &str)) -> bool {
        let keys = |(name, contact)| Customer::parse(name, contact).unwrap().keys();
        let (a, b) = (keys(a), keys(b));
        a.iter().any(|key| b.contains(key))
    }

    #[test]
    fn a_customer_is_known_by_domain_address_or_name() {
        assert!(same(("Acme", "https://www.acme.example/about"), ("Somebody", "jo@ACME.example")));
        assert!(same(("ACME, Inc.", "acme.example"), ("acme", "acme-europe.example")));
        assert!(same(("S.p.A. Rossi S.p.A.", "rossi.example"), ("spa rossi", "other.example")));
        assert!(!same(("Acme", "acme.example"), ("Globex", "globex.example")));
    }

    #[test]
    fn people_at_one_mail_host_are_not_one_customer() {
        assert!(!same(("Jo", "jo@gmail.com"), ("Bert", "bert@gmail.com")));
        assert!(same(("Jo", "Jo@Gmail.com"), ("J.", "jo@gmail.com")));
        assert_eq!(keys_of_email("Jo@Acme.example"), ["domain:acme.example", "email:jo@acme.example"]);
        assert_eq!(keys_of_email("jo@gmail.com"), ["email:jo@gmail.com"]);
    }

    #[test]
    fn what_names_nobody_is_refused() {
        for (name, contact, field) in [
            ("", "acme.example", "customerName"),
            ("…", "acme.example", "customerName"),
            ("Acme", "acme", "contact"),
            ("Acme", "a@b@c", "contact"),
            ("Acme", "-a.example", "contact"),
            ("Acme", "", "contact"),
        ] {
            assert_eq!(Customer::parse(name, contact).unwrap_err().field, field, "{name} {contact}");
        }
    }
}
