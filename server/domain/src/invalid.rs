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

/// What a word means, of all that `field` takes; any other is refused with those.
pub fn meaning<T: Copy>(field: &'static str, words: &[(T, &'static str)], word: &str) -> Result<T, Invalid> {
    let found = words.iter().find(|(_, known)| *known == word).map(|(meaning, _)| *meaning);
    found.ok_or_else(|| {
        let known: Vec<String> = words.iter().map(|(_, known)| format!("`{known}`")).collect();
        Invalid::new(field, format!("must be one of {}.", known.join(", ")))
    })
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.field, self.remedy)
    }
}

impl std::error::Error for Invalid {}
