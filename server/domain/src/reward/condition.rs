//! Conditions of a reward: groups with *and* and *or*, down to comparisons of one field.

use super::{Item, Occasion};
use crate::Invalid;
use rust_decimal::Decimal;
use std::borrow::Cow;

/// What must be so for a reward to apply; or for whatever else compares fields of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition<F = Field> {
    /// All of these; of none, always.
    All(Vec<Condition<F>>),
    /// At least one of these.
    Any(Vec<Condition<F>>),
    /// This one is not so.
    Not(Box<Condition<F>>),
    /// A field compared.
    Is {
        /// What is compared.
        field: F,
        /// How, and with what.
        comparison: Comparison,
    },
}

/// A set of fields that conditions compare.
pub trait Compared: Sized {
    /// Which of them hold numbers, in words.
    const NUMBERS: &'static str;

    /// From its word.
    fn parse(word: &str) -> Result<Self, Invalid>;

    /// Its word.
    fn word(&self) -> Cow<'static, str>;

    /// Whether it can be compared with a number.
    fn is_number(&self) -> bool;
}

/// What rewards can compare.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// An article's product.
    Product,
    /// An article's plan.
    Plan,
    /// An article's quantity; of an order without articles 1.
    Quantity,
    /// What was paid, minor units.
    Amount,
    /// The buyer's country, two letters.
    Country,
    /// `new` or `returning`.
    Customer,
    /// The name of the partner's group.
    Group,
    /// The partner's id.
    Partner,
    /// A value of the event's metadata.
    Metadata(String),
}

/// How a field is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// It is one of these, whatever the case.
    OneOf(Vec<String>),
    /// It is none of these, or not known.
    NoneOf(Vec<String>),
    /// A number of at least this.
    AtLeast(i64),
    /// A number of at most this.
    AtMost(i64),
}

/// How deep groups may be nested.
pub const MAX_DEPTH: usize = 5;

impl<F> Default for Condition<F> {
    fn default() -> Self {
        Self::All(Vec::new())
    }
}

impl<F> Condition<F> {
    /// Whether it holds, by the value of each field; none for what is not known.
    pub fn holds_by<'v>(&self, value: &impl Fn(&F) -> Option<Cow<'v, str>>) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds_by(value)),
            Self::Any(parts) => parts.iter().any(|part| part.holds_by(value)),
            Self::Not(part) => !part.holds_by(value),
            Self::Is { field, comparison } => comparison.holds(value(field).as_deref()),
        }
    }

    /// Every comparison in it, in order.
    pub fn comparisons(&self) -> Vec<(&F, &Comparison)> {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::comparisons).collect(),
            Self::Not(part) => part.comparisons(),
            Self::Is { field, comparison } => vec![(field, comparison)],
        }
    }
}

impl Condition {
    /// Whether it holds. A comparison of an article's field holds if it does for one article at least.
    pub fn holds(&self, occasion: &Occasion<'_>) -> bool {
        let items = &occasion.order.items;
        if items.is_empty() || !self.is_about_items() {
            self.holds_of(occasion, None)
        } else {
            items.iter().any(|item| self.holds_of(occasion, Some(item)))
        }
    }

    fn holds_of(&self, occasion: &Occasion<'_>, item: Option<&Item>) -> bool {
        self.holds_by(&|field: &Field| field.of(occasion, item))
    }

    /// Whether an article is among those the reward is paid on: those it holds for.
    pub fn takes(&self, occasion: &Occasion<'_>, item: &Item) -> bool {
        self.holds_of(occasion, Some(item))
    }

    /// Whether any part of it compares this field.
    pub fn mentions(&self, wanted: &Field) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(|part| part.mentions(wanted)),
            Self::Not(part) => part.mentions(wanted),
            Self::Is { field, .. } => field == wanted,
        }
    }

    /// Whether any part of it compares an article's field.
    pub fn is_about_items(&self) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(Self::is_about_items),
            Self::Not(part) => part.is_about_items(),
            Self::Is { field, .. } => field.is_of_items(),
        }
    }
}

impl Field {
    /// From its word: `product`, `plan`, `quantity`, `amount`, `country`, `customer`, `group`, `partner` or `metadata.NAME`.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        let named = word.strip_prefix("metadata.").filter(|name| !name.is_empty());
        match (word, named) {
            (_, Some(name)) => Ok(Self::Metadata(name.to_owned())),
            ("product", _) => Ok(Self::Product),
            ("plan", _) => Ok(Self::Plan),
            ("quantity", _) => Ok(Self::Quantity),
            ("amount", _) => Ok(Self::Amount),
            ("country", _) => Ok(Self::Country),
            ("customer", _) => Ok(Self::Customer),
            ("group", _) => Ok(Self::Group),
            ("partner", _) => Ok(Self::Partner),
            _ => Err(Invalid::new(
                "field",
                "must be one of `product`, `plan`, `quantity`, `amount`, `country`, `customer`, `group`, `partner`, `metadata.NAME`.",
            )),
        }
    }

    /// Its word.
    pub fn word(&self) -> Cow<'static, str> {
        match self {
            Self::Product => "product".into(),
            Self::Plan => "plan".into(),
            Self::Quantity => "quantity".into(),
            Self::Amount => "amount".into(),
            Self::Country => "country".into(),
            Self::Customer => "customer".into(),
            Self::Group => "group".into(),
            Self::Partner => "partner".into(),
            Self::Metadata(name) => format!("metadata.{name}").into(),
        }
    }

    /// Whether it can be compared with a number.
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Quantity | Self::Amount | Self::Metadata(_))
    }

    fn is_of_items(&self) -> bool {
        matches!(self, Self::Product | Self::Plan | Self::Quantity)
    }

    fn of<'a>(&self, occasion: &Occasion<'a>, item: Option<&'a Item>) -> Option<Cow<'a, str>> {
        match self {
            Self::Product | Self::Plan | Self::Quantity => match item {
                Some(item) => self.of_item(item),
                None => matches!(self, Self::Quantity).then(|| "1".into()),
            },
            Self::Amount => Some(occasion.order.paid.to_string().into()),
            Self::Country => occasion.country.map(Into::into),
            Self::Customer => Some(if occasion.returning { "returning" } else { "new" }.into()),
            Self::Group => Some(occasion.group.1.into()),
            Self::Partner => Some(occasion.partner.as_str().into()),
            Self::Metadata(name) => {
                occasion.metadata.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str().into())
            }
        }
    }

    fn of_item<'a>(&self, item: &'a Item) -> Option<Cow<'a, str>> {
        match self {
            Self::Product => item.product.as_deref().map(Into::into),
            Self::Plan => item.plan.as_deref().map(Into::into),
            Self::Quantity => Some(item.quantity.to_string().into()),
            _ => None,
        }
    }
}

impl Compared for Field {
    const NUMBERS: &'static str = "`quantity`, `amount` or `metadata.NAME`";

    fn parse(word: &str) -> Result<Self, Invalid> {
        Self::parse(word)
    }

    fn word(&self) -> Cow<'static, str> {
        self.word()
    }

    fn is_number(&self) -> bool {
        self.is_number()
    }
}

impl Comparison {
    /// Whether it holds for a value; none where it is not known.
    pub fn holds(&self, value: Option<&str>) -> bool {
        let among = |list: &[String], v: &str| list.iter().any(|w| w.to_lowercase() == v.to_lowercase());
        let number = || value.and_then(|v| v.trim().parse::<Decimal>().ok());
        match self {
            Self::OneOf(list) => value.is_some_and(|v| among(list, v)),
            Self::NoneOf(list) => !value.is_some_and(|v| among(list, v)),
            Self::AtLeast(least) => number().is_some_and(|n| n >= Decimal::from(*least)),
            Self::AtMost(most) => number().is_some_and(|n| n <= Decimal::from(*most)),
        }
    }
}
