//! Names and e-mail addresses of people.

use crate::Invalid;

/// A person's or a thing's name: 1 to 100 characters without control characters, trimmed.
pub fn parse_name(field: &'static str, text: &str) -> Result<String, Invalid> {
    let text = text.trim();
    if (1..=100).contains(&text.chars().count()) && !text.chars().any(char::is_control) {
        Ok(text.to_owned())
    } else {
        Err(Invalid::new(field, "must be 1 to 100 characters of one line."))
    }
}

/// A password that somebody chose: at least 10 characters, so that it cannot be guessed through a log-in that is slowed down, and
/// at most 1,024 bytes, so that hashing it stays cheap.
pub fn check_password(field: &'static str, text: &str) -> Result<(), Invalid> {
    if text.len() > 1024 {
        return Err(Invalid::new(field, "must be at most 1,024 bytes."));
    }
    if text.chars().count() < 10 {
        return Err(Invalid::new(field, "must be at least 10 characters."));
    }
    Ok(())
}

/// An e-mail address, as it was written and as it is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// From what a person typed. Checks the form only; the link we mail proves the rest.
    pub fn parse(field: &'static str, text: &str) -> Result<Self, Invalid> {
        let text = text.trim();
        if well_formed(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid::new(field, "must be an e-mail address such as `maya@example.com`."))
        }
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form two addresses are compared by: lower case. Mailboxes that differ by case alone exist only on paper.
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }
}

fn well_formed(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let clean = |c: char| !c.is_control() && !c.is_whitespace() && !"<>()[],;:\\\"".contains(c);
    let label = |l: &str| !l.is_empty() && !l.starts_with('-') && !l.ends_with('-');
    text.len() <= 254
        && (1..=64).contains(&local.len())
        && local.split('.').all(|atom| !atom.is_empty())
        && text.chars().all(clean)
        && !local.contains('@')
        && domain.contains('.')
        && domain.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for good in ["maya@example.com", "o'neil+tea@sub.example.co.uk", "用户@例子.公司"] {
            assert!(Email::parse("email", good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "maya",
            "@x.com",
            "a@b",
            "a b@x.com",
            "a@x..com",
            "a@-x.com",
            "a@b@x.com",
            "a..b@x.com",
            ".a@x.com",
            "a@x.com\r\nBcc: y@x.com",
        ] {
            assert!(Email::parse("email", bad).is_err(), "{bad}");
        }
        assert_eq!(Email::parse("email", "Maya@Example.com").unwrap().folded(), "maya@example.com");
    }

    #[test]
    fn names() {
        assert_eq!(parse_name("name", "  Maya ").unwrap(), "Maya");
        assert!(parse_name("name", "  ").is_err());
        assert!(parse_name("name", "a\nb").is_err());
        assert!(parse_name("name", &"x".repeat(101)).is_err());
    }
}
