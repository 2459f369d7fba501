//! The one way a value is refused.

use std::borrow::Cow;
use std::fmt;

/// A value that was refused, with the field it came in and what to send instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    /// The field, as the API spells it.
    pub field: Cow<'static, str>,
    /// What is wrong and what to do: a clause that follows the field's name.
    pub remedy: String,
}

impl Invalid {
    /// Refuses `field` with the clause that follows its name.
    pub fn new(field: impl Into<Cow<'static, str>>, remedy: impl Into<String>) -> Self {
        Self { field: field.into(), remedy: remedy.into() }
    }

    /// The same as part of something larger: `amount` within `rewards[0]` is `rewards[0].amount`.
    #[must_use]
    pub fn within(self, outer: &str) -> Self {
        Self { field: format!("{outer}.{}", self.field).into(), ..self }
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.field, self.remedy)
    }
}

impl std::error::Error for Invalid {}
