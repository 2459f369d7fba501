//! Codes: what a partner says on a podcast and a buyer types at a checkout.

use crate::Invalid;

/// Letters and digits nobody mistakes for one another: no 0 O, 1 I L.
const CLEAR: &[u8] = b"ABCDEFGHJKMNPQRSTUVWXYZ23456789";
const CONSONANTS: &[u8] = b"BCDFGHJKMNPRSTVW";
const VOWELS: &[u8] = b"AEU";
const DIGITS: &[u8] = b"23456789";

/// A partner's code: 3 to 32 letters, digits or inner hyphens, unique in its program whatever the case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Code(String);

impl Code {
    /// From what a person chose.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let text = text.trim();
        let letters = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        let edges = text.starts_with('-') || text.ends_with('-');
        if (3..=32).contains(&text.len()) && letters && !edges {
            Ok(Self(text.to_ascii_uppercase()))
        } else {
            Err(Invalid::new(
                "code",
                "must be 3 to 32 letters (A–Z), digits or inner hyphens, such as `MAYA10`.",
            ))
        }
    }

    /// A readable code without look-alike letters. `attempt` counts the tries that turned out taken (from 0) and
    /// `random` supplies the bits: first a name with two digits, then longer endings, at last a pronounceable word.
    pub fn suggest(name: &str, attempt: u32, random: u64) -> Self {
        let mut bits = Bits(random);
        let clear_word = clear_word(name).filter(|_| attempt < 6);
        let text = match (clear_word, attempt) {
            (Some(word), 0..=2) => format!("{word}{}", bits.take(DIGITS, 2)),
            (Some(word), _) => format!("{word}{}", bits.take(CLEAR, 4)),
            (None, _) => {
                (0..3).map(|_| bits.take(CONSONANTS, 1) + &bits.take(VOWELS, 1)).collect::<String>()
                    + &bits.take(DIGITS, 2)
            }
        };
        Self(text)
    }

    /// As it is shown: upper case.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form compared: see [`fold`].
    pub fn folded(&self) -> String {
        fold(&self.0)
    }
}

/// What a code or a link's key is compared by: upper case, with look-alikes made equal (O is 0; I and L are 1), so that
/// a code misread from a screen still finds its owner and no two codes look the same.
pub fn fold(text: &str) -> String {
    text.trim()
        .chars()
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
}

/// The first word of a name that is made of clear letters alone.
fn clear_word(name: &str) -> Option<String> {
    name.split(|c: char| !c.is_ascii_alphabetic())
        .map(str::to_ascii_uppercase)
        .find(|word| (3..=12).contains(&word.len()) && word.bytes().all(|b| CLEAR.contains(&b)))
}

struct Bits(u64);

impl Bits {
    fn take(&mut self, alphabet: &[u8], count: usize) -> String {
        (0..count).map(|_| char::from(alphabet[self.below(alphabet.len())])).collect()
    }

    fn below(&mut self, bound: usize) -> usize {
        let bound = bound as u64;
        let value = self.0 % bound;
        self.0 /= bound;
        usize::try_from(value).expect("below the length of a slice")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_people_choose() {
        assert_eq!(Code::parse(" maya10 ").unwrap().as_str(), "MAYA10");
        assert_eq!(Code::parse("summer-26").unwrap().as_str(), "SUMMER-26");
        for bad in ["", "ab", "-abc", "abc-", "a b c", "naïve", "x/../y", &"A".repeat(33)] {
            assert!(Code::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn look_alikes_are_one_code() {
        assert_eq!(fold("lola10"), fold("IO1AI0"));
        assert_eq!(fold("oil"), "011");
        assert_eq!(fold("maya"), "MAYA");
    }

    #[test]
    fn a_name_makes_the_code() {
        assert!(Code::suggest("Maya Lindholm", 0, 77).as_str().starts_with("MAYA"));
        assert!(Code::suggest("Olivia Brandt", 0, 77).as_str().starts_with("BRANDT"));
        assert_eq!(Code::suggest("李小龍", 0, 77).as_str().len(), 8);
    }

    proptest! {
        #[test]
        fn suggestions_are_valid_and_clear(name in ".{0,40}", attempt in 0_u32..12, random: u64) {
            let code = Code::suggest(&name, attempt, random);
            prop_assert_eq!(Code::parse(code.as_str()).unwrap(), code.clone());
            prop_assert!(code.as_str().bytes().all(|b| CLEAR.contains(&b)), "{:?}", code);
        }
    }
}
