//! The characters that SEPA takes.

use deunicode::deunicode_char;

/// A text in the Latin characters that every SEPA bank takes, at most `most` of them; empty if none is left. Letters of any
/// script are transliterated (`ß` is `ss`, `ø` is `o`), `&` is `+`, and what has no counterpart is a space. Source: European
/// Payments Council, EPC217-08, "SEPA requirements for an extended character set".
pub fn latin(text: &str, most: usize) -> String {
    let plain: String = text.chars().map(counterpart).collect();
    let words: Vec<_> = plain.split_ascii_whitespace().collect();
    super::cut(&words.join(" "), most).trim_end().to_owned()
}

fn taken(c: char) -> bool {
    c.is_ascii_alphanumeric() || "/-?:().,'+ ".contains(c)
}

fn counterpart(c: char) -> String {
    if taken(c) {
        return c.into();
    }
    let read = if c == '&' { "+" } else { deunicode_char(c).unwrap_or(" ") };
    // A picture is read as several words, a quotation mark as another one, a mark on a letter as nothing.
    let usable = c.is_alphanumeric() || read.len() < 2;
    if usable && read.chars().all(taken) { read.into() } else { " ".into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_many_scripts() {
        for (name, expected) in [
            ("Maya Núñez", "Maya Nunez"),
            ("Jürgen Größl", "Jurgen Grossl"),
            ("Søren Ærø", "Soren AEro"),
            ("Łukasz Żółć", "Lukasz Zolc"),
            ("Rene\u{301}e", "Renee"),
            ("O’Neil – Tea", "O'Neil - Tea"),
            ("Tea & Co. @ [home]", "Tea + Co. home"),
            ("Дмитрий", "Dmitrii"),
            ("北京", "Bei Jing"),
            ("Maya 🙂", "Maya"),
            ("=HYPERLINK(\"x\")", "HYPERLINK( x )"),
            (" a \n b ", "a b"),
            ("🙂🙂", ""),
        ] {
            assert_eq!(latin(name, 70), expected, "{name}");
        }
    }

    #[test]
    fn no_more_than_asked_and_nothing_else() {
        assert_eq!(latin(&"ß".repeat(50), 70).len(), 70);
        assert_eq!(latin("abc def", 4), "abc");
        let all: String = ('\u{1}'..='\u{2fff}').collect();
        assert!(latin(&all, usize::MAX).chars().all(taken));
    }
}
