//! The languages people are written to in.

/// One of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// French.
    Fr,
    /// German.
    De,
    /// Spanish.
    Es,
    /// Portuguese.
    Pt,
    /// Japanese.
    Ja,
    /// Arabic, written from right to left.
    Ar,
}

impl Language {
    /// All of them, with their tags.
    pub const ALL: [(Self, &'static str); 7] = [
        (Self::En, "en"),
        (Self::Fr, "fr"),
        (Self::De, "de"),
        (Self::Es, "es"),
        (Self::Pt, "pt"),
        (Self::Ja, "ja"),
        (Self::Ar, "ar"),
    ];

    /// Its tag.
    pub fn tag(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// Whether it is written from right to left.
    pub fn is_rtl(self) -> bool {
        self == Self::Ar
    }

    /// From a tag such as `pt` or `pt-BR`; none for a language that nobody is written to in.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let first = tag.trim().split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        Self::ALL.iter().find(|(_, known)| *known == first).map(|(language, _)| *language)
    }

    /// The one preferred among those a browser accepts, as in `fr-CH, fr;q=0.9, en;q=0.8`.
    pub fn of_header(accepted: &str) -> Option<Self> {
        let mut best: Option<(u32, Self)> = None;
        for entry in accepted.split(',') {
            let (tag, rest) = entry.split_once(';').unwrap_or((entry, ""));
            let weight = thousandths(rest);
            if let Some(language) = Self::of_tag(tag)
                && weight > best.map_or(0, |(most, _)| most)
            {
                best = Some((weight, language));
            }
        }
        best.map(|(_, language)| language)
    }
}

/// The weight of an entry, from 0 to 1,000; all of it where none is told.
fn thousandths(parameters: &str) -> u32 {
    let told = parameters.split(';').find_map(|p| p.trim().strip_prefix("q="));
    let Some(told) = told else { return 1000 };
    let (whole, part) = told.split_once('.').unwrap_or((told, ""));
    let part: String = part.chars().chain("000".chars()).take(3).collect();
    match (whole.trim().parse::<u32>(), part.parse::<u32>()) {
        (Ok(0), Ok(part)) => part,
        (Ok(_), _) => 1000,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags() {
        for (language, tag) in Language::ALL {
            assert_eq!((language.tag(), Language::of_tag(tag)), (tag, Some(language)));
        }
        assert_eq!(Language::of_tag("pt-BR"), Some(Language::Pt));
        assert_eq!(Language::of_tag("DE_at"), Some(Language::De));
        assert_eq!(Language::of_tag("nl"), None);
        assert_eq!(Language::of_tag(""), None);
    }

    #[track_caller]
    fn check(header: &str, expected: Option<Language>) {
        assert_eq!(Language::of_header(header), expected, "{header}");
    }

    #[test]
    fn what_a_browser_accepts() {
        check("fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", Some(Language::Fr));
        check("nl, en;q=0.3, ja;q=0.35", Some(Language::Ja));
        check("de;q=0, en;q=0.1", Some(Language::En));
        check("sv, nl", None);
        check("de;q=x, ar", Some(Language::Ar));
        check("", None);
    }
}
