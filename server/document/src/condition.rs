//! Conditions as documents.

use goodword_domain::Invalid;
use goodword_domain::reward::{Compared, Comparison, Condition, MAX_DEPTH};
use goodword_wire as wire;

/// How many conditions a group may hold, and how many values a comparison.
const MOST: usize = 100;

/// A condition as a document; none where it always holds.
pub fn show<F: Compared>(condition: &Condition<F>) -> Option<wire::Condition> {
    match condition {
        Condition::All(parts) if parts.is_empty() => None,
        other => Some(show_part(other)),
    }
}

fn show_part<F: Compared>(condition: &Condition<F>) -> wire::Condition {
    let parts = |parts: &[Condition<F>]| Some(parts.iter().map(show_part).collect());
    let blank = wire::Condition::default();
    match condition {
        Condition::All(all) => wire::Condition { all: parts(all), ..blank },
        Condition::Any(any) => wire::Condition { any: parts(any), ..blank },
        Condition::Not(not) => wire::Condition { not: Some(Box::new(show_part(not))), ..blank },
        Condition::Is { field, comparison } => {
            let compared = wire::Condition { field: Some(field.word().into_owned()), ..blank };
            match comparison {
                Comparison::OneOf(list) => wire::Condition { is: Some(list.clone()), ..compared },
                Comparison::NoneOf(list) => wire::Condition { is_not: Some(list.clone()), ..compared },
                Comparison::AtLeast(n) => wire::Condition { at_least: Some(*n), ..compared },
                Comparison::AtMost(n) => wire::Condition { at_most: Some(*n), ..compared },
            }
        }
    }
}

/// The condition a document says; always, where there is none.
pub fn read<F: Compared>(document: Option<&wire::Condition>) -> Result<Condition<F>, Invalid> {
    document.map_or_else(|| Ok(Condition::default()), |condition| read_part(condition, "when", 0))
}

fn read_part<F: Compared>(c: &wire::Condition, path: &str, depth: usize) -> Result<Condition<F>, Invalid> {
    if depth > MAX_DEPTH {
        return Err(Invalid::new(path.to_owned(), format!("must be nested at most {MAX_DEPTH} deep.")));
    }
    let group = |parts: &[wire::Condition], name: &str| {
        let part = |(place, part)| read_part(part, &format!("{path}.{name}[{place}]"), depth + 1);
        within(parts.len(), &format!("{path}.{name}"))?;
        parts.iter().enumerate().map(part).collect::<Result<Vec<_>, Invalid>>()
    };
    if c.field.is_none() {
        let stray = [c.is.is_some(), c.is_not.is_some(), c.at_least.is_some(), c.at_most.is_some()];
        if stray.contains(&true) {
            return Err(Invalid::new(format!("{path}.field"), "is needed for a comparison."));
        }
    }
    match (&c.all, &c.any, &c.not, &c.field) {
        (Some(all), None, None, None) => Ok(Condition::All(group(all, "all")?)),
        (None, Some(any), None, None) => Ok(Condition::Any(group(any, "any")?)),
        (None, None, Some(not), None) => {
            Ok(Condition::Not(Box::new(read_part(not, &format!("{path}.not"), depth + 1)?)))
        }
        (None, None, None, Some(field)) => {
            let field = F::parse(field).map_err(|e| e.within(path))?;
            let comparison = comparison(c, &field, path)?;
            Ok(Condition::Is { field, comparison })
        }
        _ => Err(Invalid::new(path.to_owned(), "must have exactly one of `all`, `any`, `not`, `field`.")),
    }
}

fn comparison<F: Compared>(c: &wire::Condition, field: &F, path: &str) -> Result<Comparison, Invalid> {
    let number = |n: i64, name: &str| {
        if field.is_number() {
            Ok(n)
        } else {
            let remedy = format!("compares numbers: use it with {}.", F::NUMBERS);
            Err(Invalid::new(format!("{path}.{name}"), remedy))
        }
    };
    match (&c.is, &c.is_not, c.at_least, c.at_most) {
        (Some(list), None, None, None) => {
            within(list.len(), &format!("{path}.is"))?;
            Ok(Comparison::OneOf(list.clone()))
        }
        (None, Some(list), None, None) => {
            within(list.len(), &format!("{path}.isNot"))?;
            Ok(Comparison::NoneOf(list.clone()))
        }
        (None, None, Some(n), None) => number(n, "atLeast").map(Comparison::AtLeast),
        (None, None, None, Some(n)) => number(n, "atMost").map(Comparison::AtMost),
        _ => {
            let remedy = "must be compared by exactly one of `is`, `isNot`, `atLeast`, `atMost`.";
            Err(Invalid::new(format!("{path}.{}", field.word()), remedy))
        }
    }
}

fn within(count: usize, path: &str) -> Result<(), Invalid> {
    if (1..=MOST).contains(&count) {
        Ok(())
    } else {
        Err(Invalid::new(path.to_owned(), format!("must have 1 to {MOST} entries; it has {count}.")))
    }
}
