//! What other programs write in their exports: amounts and dates in many forms, words for where something stands, and names of
//! columns. Everything that can be read in two ways is refused until somebody says which is meant.

pub mod amount;
pub mod columns;
pub mod date;
pub mod words;

use crate::Invalid;

/// The program an export comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// Rewardful.
    Rewardful,
    /// `FirstPromoter`.
    FirstPromoter,
    /// Tolt.
    Tolt,
    /// `PartnerStack`.
    PartnerStack,
    /// Tapfiliate.
    Tapfiliate,
}

/// What the rows of a file are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Partners, with their links and codes where those stand beside them.
    Partners,
    /// Links, or the tokens in them.
    Links,
    /// Codes and coupons.
    Codes,
    /// Customers and leads, with whoever brought them.
    Customers,
    /// Commissions.
    Commissions,
    /// What partners were paid and are owed, to compare.
    Balances,
}

impl Source {
    /// All of them, with their words.
    pub const WORDS: [(Self, &'static str); 5] = [
        (Self::Rewardful, "rewardful"),
        (Self::FirstPromoter, "firstpromoter"),
        (Self::Tolt, "tolt"),
        (Self::PartnerStack, "partnerstack"),
        (Self::Tapfiliate, "tapfiliate"),
    ];

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize].1
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rewardful => "Rewardful",
            Self::FirstPromoter => "FirstPromoter",
            Self::Tolt => "Tolt",
            Self::PartnerStack => "PartnerStack",
            Self::Tapfiliate => "Tapfiliate",
        }
    }

    /// From its word.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        let found = Self::WORDS.iter().find(|(_, known)| word.eq_ignore_ascii_case(known));
        found
            .map(|(source, _)| *source)
            .ok_or_else(|| Invalid::new("source", one_of(&Self::WORDS.map(|w| w.1))))
    }

    /// The parameters by which its links name a partner, besides those every page reads (`via`, `ref`, `gw`).
    pub fn link_parameters(self) -> &'static [&'static str] {
        match self {
            Self::Rewardful | Self::Tolt => &[],
            Self::FirstPromoter => &["fpr", "fp_ref"],
            Self::PartnerStack => &["ps_partner_key", "gspk"],
            Self::Tapfiliate => &["tap_s"],
        }
    }
}

impl Kind {
    /// All of them, with their words, in the order in which they build on one another.
    pub const WORDS: [(Self, &'static str); 6] = [
        (Self::Partners, "partners"),
        (Self::Links, "links"),
        (Self::Codes, "codes"),
        (Self::Customers, "customers"),
        (Self::Commissions, "commissions"),
        (Self::Balances, "balances"),
    ];

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize].1
    }

    /// From its word.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        let found = Self::WORDS.iter().find(|(_, known)| *known == word);
        found.map(|(kind, _)| *kind).ok_or_else(|| Invalid::new("kind", one_of(&Self::WORDS.map(|w| w.1))))
    }
}

/// A remedy that lists words.
fn one_of(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    format!("must be one of {}.", words.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_in_order() {
        for (source, word) in Source::WORDS {
            assert_eq!((source.word(), Source::parse(word)), (word, Ok(source)));
        }
        for (kind, word) in Kind::WORDS {
            assert_eq!((kind.word(), Kind::parse(word)), (word, Ok(kind)));
        }
        assert_eq!(Source::parse("FirstPromoter"), Ok(Source::FirstPromoter));
        assert!(Source::parse("impact").is_err() && Kind::parse("clicks").is_err());
    }
}
