//! Where in a TOML document a field stands.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The line, from 1, of a field such as `rewards[0].tiers.steps[1].from`; of what it would be in, where it is not there.
pub fn line(text: &str, path: &str) -> Option<usize> {
    let (table, _) = DeTable::parse_recoverable(text);
    let mut found = None;
    let mut here = Here::Table(table.get_ref());
    for part in path.split(['.', '[', ']']).filter(|part| !part.is_empty()) {
        let Some((at, next)) = here.step(part) else { break };
        (found, here) = (Some(at), Here::of(next));
    }
    found.map(|at| line_at(text, at))
}

/// The line, from 1, of a byte.
pub fn line_at(text: &str, byte: usize) -> usize {
    text.bytes().take(byte).filter(|b| *b == b'\n').count() + 1
}

/// A value that has parts, or has none.
enum Here<'a, 'i> {
    Table(&'a DeTable<'i>),
    Value(&'a DeValue<'i>),
}

impl<'a, 'i> Here<'a, 'i> {
    fn of(value: &'a DeValue<'i>) -> Self {
        if let DeValue::Table(table) = value { Self::Table(table) } else { Self::Value(value) }
    }

    /// A part by its name or number, and at which byte it begins.
    fn step(&self, part: &str) -> Option<(usize, &'a DeValue<'i>)> {
        match self {
            Self::Table(table) => {
                let (key, value): (&Spanned<_>, &Spanned<_>) = table.get_key_value(part)?;
                Some((key.span().start, value.get_ref()))
            }
            Self::Value(DeValue::Array(array)) => {
                let value = array.get(part.parse::<usize>().ok()?)?;
                Some((value.span().start, value.get_ref()))
            }
            Self::Value(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_or_what_they_would_be_in() {
        let text = "name = \"x\"\n\n[[rewards]]\nevent = \"sale\"\n[rewards.tiers]\nmode = 1\n\
                    [[rewards.tiers.steps]]\nfrom = 0\n[[rewards.tiers.steps]]\nfrom = 5\n\
                    [[rewards]]\nwhen = { all = [\n  { field = \"plan\" },\n] }\n";
        let lines = [
            ("name", Some(1)),
            ("rewards[0].event", Some(4)),
            ("rewards[0].tiers.mode", Some(6)),
            ("rewards[0].tiers.steps[1].from", Some(10)),
            ("rewards[0].percentage", Some(3)),
            ("rewards[1].when.all[0].field", Some(13)),
            ("holdDays", None),
        ];
        for (path, expected) in lines {
            assert_eq!(line(text, path), expected, "{path}");
        }
    }
}
