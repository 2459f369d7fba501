//! The console's texts in the language of whoever reads. As in gettext, the English text is the name of each: English is here
//! already, and of another language one file is fetched before anything is drawn. What a language does not have is English.
//!
//! `t("Save")` is a text, `t!("{n} of {all}", n = few, all)` one with values, `plural!("one={n} day|{n} days", count)` one that
//! goes by a count, `rich!("See {link}.", link = html! { … })` one with elements inside. `key("Save")` marks a text where nothing
//! can be looked up yet, in a constant; it is shown with `t`. `cargo xtask texts` finds them all by these words.

use std::collections::HashMap;
use std::fmt::Display;
use std::sync::OnceLock;
use yew::{Html, html};

static TEXTS: OnceLock<HashMap<&'static str, &'static str>> = OnceLock::new();

/// What begins the part of a count's text that is for one alone.
const ONE: &str = "one";

/// What stands between an English text and what tells it from another of the same words, which nobody sees.
const MEANT: &str = "##";

/// The text in the language chosen. Where English has one word for two things, `Open##state` says which is meant.
pub fn t(english: &str) -> &str {
    let told = TEXTS.get().and_then(|texts| texts.get(english)).copied();
    told.unwrap_or_else(|| english.split_once(MEANT).map_or(english, |(text, _)| text))
}

/// Marks a text that is looked up later, by [`t`].
pub const fn key(english: &'static str) -> &'static str {
    english
}

/// Takes a language: lines in pairs, the English text and its translation. Only the first is taken.
pub fn learn(file: String) {
    // It lasts as long as the page, so that a text costs no copy where it is shown.
    let file: &'static str = Box::leak(file.into_boxed_str());
    let lines: Vec<&'static str> = file.lines().collect();
    let _ = TEXTS.set(lines.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect());
}

/// A text with values in the place of `{name}`; a name without a value stays.
pub fn filled(text: &str, values: &[(&str, &dyn Display)]) -> String {
    let mut whole = String::with_capacity(text.len() + 16);
    for part in parts(text) {
        match part {
            Part::Words(words) => whole += words,
            Part::Name(name) => match values.iter().find(|(known, _)| *known == name) {
                Some((_, value)) => whole += &value.to_string(),
                None => whole.extend(["{", name, "}"]),
            },
        }
    }
    whole
}

/// The part of a text that is for that count, with the count as `{n}`.
pub fn counted(text: &str, count: impl TryInto<i64>, values: &[(&str, &dyn Display)]) -> String {
    let count = count.try_into().unwrap_or(i64::MAX);
    let shown = crate::format::count(count);
    let n: (&str, &dyn Display) = ("n", &shown);
    let all: Vec<_> = std::iter::once(n).chain(values.iter().copied()).collect();
    filled(case(text, &category(count)), &all)
}

/// A text with elements in the place of `{name}`.
pub fn rich(text: &str, elements: &[(&str, Html)]) -> Html {
    let parts = parts(text).into_iter().map(|part| match part {
        Part::Words(words) => html! { words.to_owned() },
        Part::Name(name) => elements
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, html)| html.clone())
            .unwrap_or_default(),
    });
    html! { <>{ for parts }</> }
}

/// Of `one=…|few=…|…` the part of that category; the last is for all others.
fn case<'a>(text: &'a str, category: &str) -> &'a str {
    let mut cases = text.split('|');
    let other = cases.next_back().unwrap_or(text);
    cases.find_map(|case| case.strip_prefix(category)?.strip_prefix('=')).unwrap_or(other)
}

/// The plural category of a count, by the rules of the language.
fn category(count: i64) -> String {
    if crate::intl::is_english() {
        return if count == 1 { ONE } else { "other" }.to_owned();
    }
    crate::intl::category(count)
}

#[derive(Debug, PartialEq)]
enum Part<'a> {
    Words(&'a str),
    Name(&'a str),
}

fn parts(text: &str) -> Vec<Part<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, behind)) = after.split_once('}') else { break };
        found.extend([Part::Words(before), Part::Name(name)]);
        rest = behind;
    }
    found.push(Part::Words(rest));
    found
}

/// Apart, for a macro and a function of one name cannot be made in one module.
mod macros {
    /// A text with values: `t!("{n} of {all}", n = few, all)`.
    macro_rules! t {
        (@value $name:ident = $value:expr) => { (stringify!($name), &$value as &dyn std::fmt::Display) };
        (@value $name:ident) => { (stringify!($name), &$name as &dyn std::fmt::Display) };
        ($text:literal $(, $name:ident $(= $value:expr)?)* $(,)?) => {
            $crate::text::filled($crate::text::t($text), &[$($crate::text::t!(@value $name $(= $value)?)),*])
        };
    }

    /// A text that goes by a count, which is its `{n}`: `plural!("one={n} day|{n} days", count)`.
    macro_rules! plural {
        ($text:literal, $count:expr $(, $name:ident $(= $value:expr)?)* $(,)?) => {
            $crate::text::counted(
                $crate::text::t($text),
                $count,
                &[$($crate::text::t!(@value $name $(= $value)?)),*],
            )
        };
    }

    /// A text with elements: `rich!("See {link}.", link = html! { … })`.
    macro_rules! rich {
        ($text:literal $(, $name:ident = $value:expr)* $(,)?) => {
            $crate::text::rich($crate::text::t($text), &[$((stringify!($name), $value)),*])
        };
    }

    pub(crate) use {plural, rich, t};
}

pub(crate) use macros::{plural, rich, t};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_where_their_names_were() {
        let all = 12;
        assert_eq!(t!("{n} of {all} partners", n = 3, all), "3 of 12 partners");
        assert_eq!(filled("{b} {a} {c} {", &[("a", &1), ("b", &"x")]), "x 1 {c} {");
    }

    #[test]
    fn a_count_chooses_its_case() {
        let days = |n: i64| plural!("one={n} day|{n} days", n);
        assert_eq!([days(0), days(1), days(1_200)], ["0 days", "1 day", "1,200 days"]);
        assert_eq!(plural!("one={n} of {what}|{n} of {what}", 2_usize, what = "x"), "2 of x");
        assert_eq!(case("one=a|few=b|c", "few"), "b");
        assert_eq!(case("one=a|few=b|c", "many"), "c");
        assert_eq!(case("alone", "one"), "alone");
    }

    #[test]
    fn without_a_language_it_is_english() {
        assert_eq!((t("Save"), key("Save")), ("Save", "Save"));
        assert_eq!(t("Open##state"), "Open");
    }
}
