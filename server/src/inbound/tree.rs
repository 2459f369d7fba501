//! JSON as it was written: numbers stay text, so that neither an id of 64 bits nor an amount ever goes through a float.

use crate::error::Error;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// How deep values may be nested. Providers nest about ten deep.
const DEEPEST: usize = 64;

/// A JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tree {
    Null,
    Bool(bool),
    /// As it was written.
    Number(String),
    Text(String),
    List(Vec<Tree>),
    Object(BTreeMap<String, Tree>),
}

impl Tree {
    /// Reads a body, which must be an object.
    pub fn read(body: &str) -> Result<Self, Error> {
        if body.as_bytes().windows(6).any(|w| w.eq_ignore_ascii_case(b"\\u0000")) {
            return Err(Error::BadRequest("The body contains the character U+0000: leave it out.".into()));
        }
        let raw: &RawValue = serde_json::from_str(body).map_err(|e| not_json(&e))?;
        match Self::grow(raw, 0)? {
            tree @ Self::Object(_) => Ok(tree),
            _ => Err(Error::BadRequest("The body must be a JSON object: `{…}`.".into())),
        }
    }

    fn grow(raw: &RawValue, depth: usize) -> Result<Self, Error> {
        if depth > DEEPEST {
            return Err(Error::BadRequest(format!("The body is nested more than {DEEPEST} deep.")));
        }
        let text = raw.get();
        Ok(match text.as_bytes().first() {
            Some(b'{') => {
                let fields: BTreeMap<String, &RawValue> =
                    serde_json::from_str(text).map_err(|e| not_json(&e))?;
                let grown = fields.into_iter().map(|(key, raw)| Ok((key, Self::grow(raw, depth + 1)?)));
                Self::Object(grown.collect::<Result<_, Error>>()?)
            }
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(text).map_err(|e| not_json(&e))?;
                Self::List(items.into_iter().map(|raw| Self::grow(raw, depth + 1)).collect::<Result<_, _>>()?)
            }
            Some(b'"') => Self::Text(serde_json::from_str(text).map_err(|e| not_json(&e))?),
            Some(b't') => Self::Bool(true),
            Some(b'f') => Self::Bool(false),
            Some(b'n') => Self::Null,
            _ => Self::Number(text.to_owned()),
        })
    }

    /// What stands at a path of field names; null where nothing does.
    pub fn at(&self, path: &str) -> &Self {
        path.split('.').fold(self, |tree, field| match tree {
            Self::Object(fields) => fields.get(field).unwrap_or(&Self::Null),
            _ => &Self::Null,
        })
    }

    /// The items of a list; of anything else none.
    pub fn items(&self) -> &[Self] {
        if let Self::List(items) = self { items } else { &[] }
    }

    /// The fields of an object; of anything else none.
    pub fn fields(&self) -> impl Iterator<Item = (&String, &Self)> {
        let fields = if let Self::Object(fields) = self { Some(fields) } else { None };
        fields.into_iter().flatten()
    }

    /// Text, a number or a boolean, as text without blanks around it; empty text is nothing.
    pub fn word(&self) -> Option<String> {
        let text = match self {
            Self::Text(text) | Self::Number(text) => text.trim(),
            Self::Bool(true) => "true",
            Self::Bool(false) => "false",
            Self::Null | Self::List(_) | Self::Object(_) => return None,
        };
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// The word at a path.
    pub fn text(&self, path: &str) -> Option<String> {
        self.at(path).word()
    }

    /// The id at a path: itself, or that of the object that stands in its place.
    pub fn id(&self, path: &str) -> Option<String> {
        let found = self.at(path);
        found.word().or_else(|| found.text("id"))
    }

    /// The whole number at a path, written as a number or as text.
    pub fn whole(&self, path: &str) -> Option<i64> {
        self.text(path)?.parse().ok()
    }

    /// Whether `true` stands at a path.
    pub fn is_true(&self, path: &str) -> bool {
        *self.at(path) == Self::Bool(true)
    }
}

fn not_json(error: &serde_json::Error) -> Error {
    Error::BadRequest(format!("The body is not valid JSON: {error}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_as_they_were_written() {
        let tree =
            Tree::read(r#"{"id":9007199254740993,"big":18446744073709551616,"price":"10.10","rate":0.10}"#)
                .unwrap();
        assert_eq!(tree.text("id").as_deref(), Some("9007199254740993"));
        assert_eq!(tree.text("big").as_deref(), Some("18446744073709551616"));
        assert_eq!(tree.text("rate").as_deref(), Some("0.10"));
        assert_eq!((tree.whole("id"), tree.whole("big")), (Some(9_007_199_254_740_993), None));
    }

    #[test]
    fn paths_lead_to_words_and_expanded_objects_to_their_ids() {
        let tree =
            Tree::read(r#"{"a":{"b":[{"c":" x "}],"t":true},"customer":{"id":"cus_1"},"plain":"cus_2"}"#)
                .unwrap();
        assert_eq!(tree.at("a.b").items()[0].text("c").as_deref(), Some("x"));
        assert_eq!(
            [tree.id("customer").as_deref(), tree.id("plain").as_deref(), tree.id("a.x").as_deref()],
            [Some("cus_1"), Some("cus_2"), None]
        );
        assert!(tree.is_true("a.t") && !tree.is_true("a.b"));
    }

    #[test]
    fn what_is_no_object_or_too_deep_is_refused() {
        let deep = |n: usize| format!("{{\"a\":{}{}}}", "[".repeat(n), "]".repeat(n));
        assert!(Tree::read(&deep(DEEPEST)).is_ok());
        for bad in [&deep(DEEPEST + 1), &deep(200_000), "[]", "1", "", "{", "{} {}", r#"{"a":"\u0000"}"#] {
            assert!(Tree::read(bad).is_err(), "{}", &bad[..bad.len().min(40)]);
        }
    }
}
