//! Codes: what a partner says on a podcast and a buyer types at a checkout.

use crate::Invalid;

/// Letters and digits nobody mistakes for one another: no 0 O, 1 I L.
const CLEAR: &[u8] = b"ABCDEFGHJKMNPQRSTUVWXYZ23456789";
const CONSONANTS: &[u8] = b"BCDFGHJKMNPRSTVW";
const VOWELS: &[u8] = b"AEU";
const DIGITS: &[u8] = b"23456789";

/// What no partner may call himself or herself: it would look like the vendor, or like a page of ours.
const RESERVED: &[&str] = &[
    "ADMIN",
    "ADMINISTRATOR",
    "API",
    "BILLING",
    "CHECKOUT",
    "CONSOLE",
    "CONTACT",
    "GOODWORD",
    "HELP",
    "LOGIN",
    "MODERATOR",
    "NULL",
    "OFFICIAL",
    "OWNER",
    "PARTNER",
    "PARTNERS",
    "PAYMENT",
    "PAYOUT",
    "ROOT",
    "SALES",
    "SECURITY",
    "SERVICE",
    "SIGNUP",
    "STAFF",
    "SUPPORT",
    "SYSTEM",
    "TEAM",
    "TERMS",
    "UNDEFINED",
    "VERIFY",
];

/// How many letters of a label are taken into the code of its link.
const LABEL_LETTERS: usize = 12;

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

    /// Whether a partner may not choose it: a reserved word, or one of `names` (the vendor, the program), whatever the
    /// hyphens and look-alikes in it.
    pub fn is_reserved(&self, names: &[&str]) -> bool {
        let bare = |text: &str| fold(&text.chars().filter(char::is_ascii_alphanumeric).collect::<String>());
        let mine = bare(&self.0);
        let others = names.iter().map(|name| bare(name)).filter(|name| name.len() >= 3);
        RESERVED.iter().map(|word| bare(word)).chain(others).any(|word| word == mine)
    }

    /// The code of a link for a post: the partner's own with what the post is called, or, where nothing of that can stand in a
    /// code or it is taken, with a count from 2 on.
    #[must_use]
    pub fn for_post(&self, label: &str, attempt: u32) -> Self {
        let letters = label.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        let word: String = letters.collect::<String>().chars().take(LABEL_LETTERS).collect();
        let word = word.to_ascii_uppercase();
        let ending = match (word.is_empty(), attempt) {
            (false, 0) => format!("-{word}"),
            (false, _) => format!("-{word}-{}", attempt + 1),
            (true, _) => format!("-{}", attempt + 2),
        };
        let room = 32_usize.saturating_sub(ending.len());
        let start: String = self.0.chars().take(room).collect();
        Self(format!("{}{ending}", start.trim_end_matches('-')))
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

    #[test]
    fn nobody_poses_as_the_vendor() {
        let reserved =
            |text: &str| Code::parse(text).unwrap().is_reserved(&["Tea Shop", "Friends of Tea", "X"]);
        for bad in ["admin", "ADM1N", "sup-port", "teashop", "TEA-SH0P", "FriendsOfTea"] {
            assert!(reserved(bad), "{bad}");
        }
        for good in ["MAYA10", "TEATIME", "HELPER", "TEASHOP2"] {
            assert!(!reserved(good), "{good}");
        }
    }

    #[test]
    fn a_post_has_the_partners_code_in_its_own() {
        let maya = Code::parse("MAYA10").unwrap();
        let code = |label: &str, attempt| maya.for_post(label, attempt).as_str().to_owned();
        assert_eq!(code("Reel, 3 May", 0), "MAYA10-REEL3MAY");
        assert_eq!(code("Reel, 3 May", 1), "MAYA10-REEL3MAY-2");
        assert_eq!(code("新しい投稿", 0), "MAYA10-2");
        let long = Code::parse(&"A".repeat(32)).unwrap().for_post("instagram stories", 11);
        assert_eq!(long.as_str(), "AAAAAAAAAAAAAAAA-INSTAGRAMSTO-12");
    }

    proptest! {
        #[test]
        fn codes_of_posts_are_codes(code in "[A-Z0-9]([A-Z0-9-]{1,30})[A-Z0-9]", label in ".{0,60}", attempt in 0_u32..100) {
            let post = Code::parse(&code).unwrap().for_post(&label, attempt);
            prop_assert_eq!(Code::parse(post.as_str()).unwrap(), post);
        }

        #[test]
        fn suggestions_are_valid_and_clear(name in ".{0,40}", attempt in 0_u32..12, random: u64) {
            let code = Code::suggest(&name, attempt, random);
            prop_assert_eq!(Code::parse(code.as_str()).unwrap(), code.clone());
            prop_assert!(code.as_str().bytes().all(|b| CLEAR.contains(&b)), "{:?}", code);
        }
    }
}
