//! Conditions while they are typed: groups within groups, and comparisons.

use super::fault::Reading;
use super::list;
use crate::format;
use crate::text::{key, t};
use goodword_wire::Condition;

/// Fields that are numbers, or may be one.
pub const NUMBERS: [&str; 3] = ["amount", "quantity", "metadata"];

/// A part of a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    Group(Group),
    Compare(Compare),
}

/// Several parts, and how many of them must be so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub join: Join,
    pub parts: Vec<Part>,
    /// Whether a single part is written without a list around it.
    pub bare: bool,
}

/// How many of the parts must be so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Join {
    All,
    Any,
    NotAll,
    NotAny,
}

/// One comparison.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compare {
    /// `metadata` stands for `metadata.NAME`.
    pub field: String,
    /// The name within the metadata.
    pub name: String,
    pub op: Op,
    /// Values separated by commas, or one number.
    pub value: String,
}

/// How.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Op {
    #[default]
    Is,
    IsNot,
    AtLeast,
    AtMost,
}

impl Default for Group {
    /// What always holds.
    fn default() -> Self {
        Self { join: Join::All, parts: Vec::new(), bare: true }
    }
}

impl Join {
    /// Each with its word and what it is called.
    pub const ALL: [(Self, &str, &str); 4] = [
        (Self::All, "all", key("all of these are so")),
        (Self::Any, "any", key("at least one of these is so")),
        (Self::NotAll, "notAll", key("not all of these are so")),
        (Self::NotAny, "notAny", key("none of these is so")),
    ];

    /// From its word.
    pub fn parse(word: &str) -> Self {
        Self::ALL.iter().find(|(_, known, _)| *known == word).map_or(Self::All, |(join, ..)| *join)
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(join, ..)| *join == self).map_or("all", |(_, word, _)| word)
    }
}

impl Op {
    /// Each with its word and what it is called.
    pub const ALL: [(Self, &str, &str); 4] = [
        (Self::Is, "is", key("is one of")),
        (Self::IsNot, "isNot", key("is none of")),
        (Self::AtLeast, "atLeast", key("is at least")),
        (Self::AtMost, "atMost", key("is at most")),
    ];

    /// From its word.
    pub fn parse(word: &str) -> Self {
        Self::ALL.iter().find(|(_, known, _)| *known == word).map_or(Self::Is, |(op, ..)| *op)
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(op, ..)| *op == self).map_or("is", |(_, word, _)| word)
    }

    /// Whether it compares numbers.
    pub fn is_of_numbers(self) -> bool {
        matches!(self, Self::AtLeast | Self::AtMost)
    }
}

impl Group {
    /// What a reward says.
    pub fn of(condition: Option<&Condition>, currency: &str) -> Self {
        condition.map_or_else(Self::default, |condition| match part(condition, currency) {
            Part::Group(group) => group,
            compare @ Part::Compare(_) => Self { parts: vec![compare], ..Self::default() },
        })
    }

    /// The condition, if there is any.
    pub fn read(&self, reading: &mut Reading) -> Option<Condition> {
        (!self.parts.is_empty()).then(|| reading.within("when", |reading| self.write(reading)))
    }

    fn write(&self, reading: &mut Reading) -> Condition {
        let blank = Condition::default();
        let parts: Vec<Condition> = (0..)
            .zip(&self.parts)
            .map(|(place, part)| reading.within(&self.place(place), |reading| part.write(reading)))
            .collect();
        let lone = if self.is_lone() { parts.first().cloned() } else { None };
        let negated = |not: Condition| Condition { not: Some(Box::new(not)), ..Condition::default() };
        match (self.join, lone) {
            (Join::All, Some(only)) => only,
            (Join::NotAll, Some(only)) => negated(only),
            (Join::All, None) => Condition { all: Some(parts), ..blank },
            (Join::Any, _) => Condition { any: Some(parts), ..blank },
            (Join::NotAll, None) => negated(Condition { all: Some(parts), ..blank }),
            (Join::NotAny, _) => negated(Condition { any: Some(parts), ..blank }),
        }
    }

    fn is_lone(&self) -> bool {
        self.bare && self.parts.len() == 1 && matches!(self.join, Join::All | Join::NotAll)
    }

    /// Where the API finds a part within the group.
    pub fn place(&self, place: usize) -> String {
        match (self.join, self.is_lone()) {
            (Join::All, true) => String::new(),
            (Join::NotAll, true) => "not".into(),
            (Join::All, false) => format!("all[{place}]"),
            (Join::Any, _) => format!("any[{place}]"),
            (Join::NotAll, false) => format!("not.all[{place}]"),
            (Join::NotAny, _) => format!("not.any[{place}]"),
        }
    }

    /// The places of its parts and theirs.
    pub fn paths(&self, path: &str) -> Vec<String> {
        let within = |(place, part): (usize, &Part)| {
            let own = super::reward::join(path, &self.place(place));
            let inner = if let Part::Group(group) = part { group.paths(&own) } else { Vec::new() };
            std::iter::once(own).chain(inner).collect::<Vec<_>>()
        };
        self.parts.iter().enumerate().flat_map(within).collect()
    }
}

impl Part {
    fn write(&self, reading: &mut Reading) -> Condition {
        match self {
            Self::Group(group) => group.write(reading),
            Self::Compare(compare) => compare.write(reading),
        }
    }
}

impl Compare {
    fn write(&self, reading: &mut Reading) -> Condition {
        let field = if self.field == "metadata" {
            format!("metadata.{}", self.name.trim())
        } else {
            self.field.clone()
        };
        let blank = Condition { field: Some(field), ..Condition::default() };
        match self.op {
            Op::Is => Condition { is: Some(self.list(reading)), ..blank },
            Op::IsNot => Condition { is_not: Some(self.list(reading)), ..blank },
            Op::AtLeast => Condition { at_least: self.number(reading), ..blank },
            Op::AtMost => Condition { at_most: self.number(reading), ..blank },
        }
    }

    fn list(&self, reading: &mut Reading) -> Vec<String> {
        let list = list::read(&self.value);
        if list.is_empty() {
            reading.refuse("", t("Type at least one value to compare with."));
        }
        list
    }

    fn number(&self, reading: &mut Reading) -> Option<i64> {
        if self.field == "amount" {
            let currency = reading.currency.clone();
            reading.money("", &self.value, &currency)
        } else {
            reading.whole("", &self.value)
        }
    }
}

fn part(c: &Condition, currency: &str) -> Part {
    let group = |join, parts: &[Condition]| {
        let parts = parts.iter().map(|c| part(c, currency)).collect();
        Part::Group(Group { join, parts, bare: false })
    };
    match (&c.all, &c.any, &c.not) {
        (Some(all), ..) => group(Join::All, all),
        (_, Some(any), _) => group(Join::Any, any),
        (_, _, Some(not)) => match (&not.all, &not.any) {
            (Some(all), _) => group(Join::NotAll, all),
            (_, Some(any)) => group(Join::NotAny, any),
            _ => Part::Group(Group { join: Join::NotAll, parts: vec![part(not, currency)], bare: true }),
        },
        _ => Part::Compare(compare(c, currency)),
    }
}

fn compare(c: &Condition, currency: &str) -> Compare {
    let word = c.field.clone().unwrap_or_default();
    let (field, name) = match word.strip_prefix("metadata.") {
        Some(name) => ("metadata".to_owned(), name.to_owned()),
        None => (word, String::new()),
    };
    let number = |n: i64| if field == "amount" { format::units(n, currency) } else { n.to_string() };
    let (op, value) = match (&c.is, &c.is_not, c.at_least, c.at_most) {
        (Some(values), ..) => (Op::Is, list::show(values)),
        (_, Some(values), ..) => (Op::IsNot, list::show(values)),
        (_, _, Some(n), _) => (Op::AtLeast, number(n)),
        (_, _, _, n) => (Op::AtMost, n.map_or_else(String::new, number)),
    };
    Compare { field, name, op, value }
}
