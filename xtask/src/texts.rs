//! `cargo xtask texts`: the console's texts, from its sources to what translators fill in. A language is a file of gettext,
//! `www/console/text/de.po`, with each text on one line.

mod po;
mod source;

use anyhow::{Context, Result};
use po::Entry;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

/// The languages besides English, which is in the sources.
pub const LANGUAGES: [&str; 6] = ["ar", "de", "es", "fr", "ja", "pt"];

const REMARK: &str = "\
# The console's texts. Each msgid is English; msgstr is what is shown in its place.
# What stands in braces, such as {name}, is filled in: keep each, where the sentence wants it.
# A text with | has cases by a count, {n}: \"one={n} day|{n} days\". Give those of the language's plural rules
# (zero=, one=, two=, few=, many=), and last, without a name, the one for all other counts.
# Spaces and marks at a text's beginning and end belong to it.
";

/// A text of the console, with the sources that show it.
struct Text {
    english: String,
    sources: Vec<String>,
}

/// Writes the template, and brings every language into its order: what is new is empty, what nobody shows is gone.
pub fn run() -> Result<()> {
    let texts = texts()?;
    std::fs::write(folder().join("messages.pot"), file("", &texts, &BTreeMap::new()))?;
    for language in LANGUAGES {
        let known = read(language)?;
        let missing = texts.iter().filter(|text| !known.contains_key(&text.english)).count();
        std::fs::write(folder().join(format!("{language}.po")), file(language, &texts, &known))?;
        println!("{language}: {} texts, {missing} missing", texts.len());
    }
    Ok(())
}

/// What a browser loads of a language: in pairs of lines each English text and its translation.
pub fn packed(language: &str) -> Result<String> {
    Ok(read(language)?.into_iter().fold(String::new(), |mut all, (english, translated)| {
        let _ = writeln!(all, "{english}\n{translated}");
        all
    }))
}

fn folder() -> PathBuf {
    crate::root().join("www/console/text")
}

/// What a language has; nothing where it has no file yet.
fn read(language: &str) -> Result<BTreeMap<String, String>> {
    let path = folder().join(format!("{language}.po"));
    if !path.exists() {
        return Ok(BTreeMap::new());
    }
    let entries = po::read(&std::fs::read_to_string(&path)?).with_context(|| path.display().to_string())?;
    let filled =
        entries.into_iter().filter(|entry| !entry.english.is_empty() && !entry.translated.is_empty());
    Ok(filled.map(|entry| (entry.english, entry.translated)).collect())
}

/// Every text, in the order of the sources.
fn texts() -> Result<Vec<Text>> {
    let root = crate::root().join("www/console/src");
    let mut all: Vec<Text> = Vec::new();
    let mut places = BTreeMap::new();
    for path in crate::wasm::listed(&root)? {
        let name = path.strip_prefix(&root)?.display().to_string();
        if path.extension().is_none_or(|ending| ending != "rs") || name.ends_with("_tests.rs") {
            continue;
        }
        for english in source::texts(&std::fs::read_to_string(&path)?) {
            let place = *places.entry(english.clone()).or_insert_with(|| {
                all.push(Text { english, sources: Vec::new() });
                all.len() - 1
            });
            if all[place].sources.last() != Some(&name) {
                all[place].sources.push(name.clone());
            }
        }
    }
    Ok(all)
}

fn file(language: &str, texts: &[Text], known: &BTreeMap<String, String>) -> String {
    let head = format!("Language: {language}\nContent-Type: text/plain; charset=UTF-8\n");
    let head = po::write(&Entry { english: String::new(), translated: head });
    texts.iter().fold(format!("{REMARK}{head}"), |mut file, text| {
        let translated = known.get(&text.english).cloned().unwrap_or_default();
        let entry = po::write(&Entry { english: text.english.clone(), translated });
        let _ = write!(file, "\n#: {}\n{entry}", text.sources.join(" "));
        file
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// The names in braces.
    fn names(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
    }

    /// What is wrong with a translation.
    fn fault(english: &str, translated: &str) -> Option<String> {
        let wanted = names(english);
        let (first, last) = (translated.split('|'), translated.rsplit('|').next().unwrap_or_default());
        if names(last) != wanted {
            return Some(format!("has not the names {wanted:?}"));
        }
        if translated.contains('|') && !english.contains("{n}") {
            return Some("has cases, but no count".to_owned());
        }
        let strange = first.flat_map(names).find(|name| !wanted.contains(name));
        strange.map(|name| format!("names {{{name}}}, which nobody fills in"))
    }

    #[test]
    fn every_language_has_every_text_and_no_other() {
        let texts = texts().expect("the sources can be read");
        let english: BTreeSet<&str> = texts.iter().map(|text| text.english.as_str()).collect();
        let mut faults = Vec::new();
        for language in LANGUAGES {
            let known = read(language).expect("a file of gettext");
            let missing = english.iter().filter(|text| !known.contains_key(**text));
            faults.extend(missing.map(|text| format!("{language}: is missing: {text}")));
            for (text, translated) in &known {
                let why = if english.contains(text.as_str()) {
                    fault(text, translated)
                } else {
                    Some("is shown by nobody".to_owned())
                };
                faults.extend(why.map(|why| format!("{language}: {why}: {text}")));
            }
        }
        assert!(
            faults.is_empty(),
            "{} faults; `cargo xtask texts` adds what is missing:\n{}",
            faults.len(),
            faults.join("\n")
        );
    }

    #[test]
    fn the_template_is_that_of_the_sources() {
        let written = std::fs::read_to_string(folder().join("messages.pot")).expect("the template");
        let now = file("", &texts().expect("the sources"), &BTreeMap::new());
        assert!(written == now, "run `cargo xtask texts`");
    }

    #[test]
    fn names_are_kept() {
        assert_eq!(fault("{a} of {b}", "{b}: {a}"), None);
        assert!(fault("{a} of {b}", "{a}").is_some());
        assert_eq!(fault("one={n} day|{n} days", "one=ein Tag|{n} Tage"), None);
        assert!(fault("one={n} day|{n} days", "one={n} Tag|Tage").is_some());
        assert!(fault("one={n} day|{n} days", "one={m} Tag|{n} Tage").is_some());
        assert!(fault("All", "Alle|Jeder").is_some());
    }
}
