//! The part of gettext's files that is needed: remarks, and pairs of one line each.

use anyhow::{Context, Result, bail};

/// A text and its translation.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    pub english: String,
    pub translated: String,
}

/// Reads the entries of a file, the head as well.
pub fn read(file: &str) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    let mut english = None;
    for (line, number) in file.lines().map(str::trim).zip(1..) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let at = || format!("line {number}");
        if let Some(quoted) = line.strip_prefix("msgid ") {
            english = Some(unquoted(quoted).with_context(at)?);
        } else if let Some(quoted) = line.strip_prefix("msgstr ") {
            let english = english.take().context("a msgstr without its msgid").with_context(at)?;
            entries.push(Entry { english, translated: unquoted(quoted).with_context(at)? });
        } else {
            bail!("line {number}: neither msgid nor msgstr: write each text on one line");
        }
    }
    Ok(entries)
}

/// An entry as it stands in a file.
pub fn write(entry: &Entry) -> String {
    format!("msgid {}\nmsgstr {}\n", quoted(&entry.english), quoted(&entry.translated))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

fn unquoted(quoted: &str) -> Result<String> {
    let inner = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).context("no quotes")?;
    let mut text = String::new();
    let mut letters = inner.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n') => text.push('\n'),
                Some(same @ ('\\' | '"')) => text.push(same),
                other => bail!("`\\{}` means nothing here", other.unwrap_or(' ')),
            },
            '"' => bail!("a quote within a text is written \\\""),
            other => text.push(other),
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let entry = Entry { english: "say \"a\\b\"".into(), translated: "zwei\nZeilen".into() };
        let file = write(&entry);
        assert_eq!(file, "msgid \"say \\\"a\\\\b\\\"\"\nmsgstr \"zwei\\nZeilen\"\n");
        assert_eq!(read(&format!("# remark\n\n{file}")).expect("one entry"), [entry]);
    }

    #[test]
    fn a_fault_is_told_by_its_line() {
        for bad in ["msgstr \"a\"", "msgid a", "\"more\"", "msgid \"a\\q\"", "msgid \"a\"b\""] {
            assert!(
                read(&format!("# remark\n{bad}")).is_err_and(|e| format!("{e:#}").contains("line 2")),
                "{bad}"
            );
        }
    }
}
