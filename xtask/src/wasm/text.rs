//! The widget's texts and views on their way into JavaScript. A language's file holds its texts alone, in the order of the English
//! one; their names are in the shell, once for all languages. What only `<goodword-share>` says is a file of its own, so that no other
//! element pays for it.

use anyhow::{Context, Result, ensure};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The texts of one language by their names.
pub struct Texts(BTreeMap<String, String>);

impl Texts {
    /// Reads `name: text` lines; a `#` begins a remark.
    fn parse(file: &str) -> Result<Self> {
        let mut all = BTreeMap::new();
        for (name, text) in pairs(file)? {
            ensure!(all.insert(name.clone(), text).is_none(), "`{name}` is there twice");
        }
        Ok(Self(all))
    }

    /// All texts in the order of these names, one a line.
    pub fn in_order(&self, names: &[String]) -> Result<String> {
        ensure!(self.0.len() == names.len(), "there are texts nobody knows");
        let text = |name: &String| self.0.get(name).cloned().with_context(|| format!("`{name}` is missing"));
        Ok(names.iter().map(text).collect::<Result<Vec<_>>>()?.join("\n"))
    }
}

fn pairs(file: &str) -> Result<Vec<(String, String)>> {
    let lines = file.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines
        .map(|line| {
            let (name, text) = line.split_once(": ").with_context(|| format!("no name: {line}"))?;
            Ok((name.to_owned(), text.to_owned()))
        })
        .collect()
}

/// Which texts.
#[derive(Clone, Copy)]
pub enum Part {
    /// What every element may say.
    Base,
    /// What only `<goodword-share>` says.
    Share,
}

impl Part {
    fn folder(self) -> PathBuf {
        let folder = crate::root().join("widget/text");
        match self {
            Self::Base => folder,
            Self::Share => folder.join("share"),
        }
    }
}

/// The names of a part's texts, in the order of the English file.
pub fn names(part: Part) -> Result<Vec<String>> {
    let file = std::fs::read_to_string(part.folder().join("en.txt"))?;
    Ok(pairs(&file)?.into_iter().map(|(name, _)| name).collect())
}

/// A part of every language by its code.
pub fn languages(part: Part) -> Result<BTreeMap<String, Texts>> {
    let mut all = BTreeMap::new();
    for entry in std::fs::read_dir(part.folder())? {
        let path = entry?.path();
        if path.is_dir() {
            continue;
        }
        let code = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let texts =
            Texts::parse(&std::fs::read_to_string(&path)?).with_context(|| format!("language {code}"))?;
        all.insert(code, texts);
    }
    Ok(all)
}

/// Views without remarks and empty lines.
pub fn views(file: &str) -> String {
    let lines = file.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::{Texts, views};

    #[test]
    fn a_language_is_written_in_the_order_of_the_names() {
        let texts = Texts::parse("# German\nb: zwei: drei\na: eins \n").expect("two texts");
        let names = ["a".to_owned(), "b".to_owned()];
        assert_eq!(texts.in_order(&names).expect("both are there"), "eins \nzwei: drei");
        assert!(texts.in_order(&names[..1]).is_err(), "one nobody knows");
        assert!(Texts::parse("a: x\na: y").is_err(), "one twice");
        assert!(Texts::parse("a").is_err(), "no text");
    }

    #[test]
    fn views_lose_their_remarks_alone() {
        assert_eq!(views("# x\n:root\n p | # no remark\n\n"), ":root\n p | # no remark");
    }
}
