//! Paths into an event: `billing.email`, `lines[0].id`, `coupons[].code` (every item), `meta[key=gw_click].value` (the items
//! whose field is that), `each.id` (within the item that is reported), `header:X-Topic`, and `=usd` (the text itself).

use crate::error::Error;
use crate::inbound::provider::Headers;
use crate::inbound::tree::Tree;

/// A path that was read.
#[derive(Debug, PartialEq, Eq)]
pub enum Path {
    Fixed(String),
    /// In lower case.
    Header(String),
    Steps {
        each: bool,
        steps: Vec<Step>,
    },
}

/// One step down.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    Field(String),
    Item(usize),
    Every,
    Whose(String, String),
}

/// Where paths begin.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    pub body: &'a Tree,
    pub headers: &'a Headers,
    /// What `each` is.
    pub item: Option<&'a Tree>,
}

impl Path {
    /// From its text; a refusal names `field`.
    pub fn parse(field: &str, text: &str) -> Result<Self, Error> {
        let refused = || {
            let remedy = format!("must be a path such as `billing.email` or `lines[0].id`; it is `{text}`.");
            Error::at(field.to_owned(), remedy)
        };
        if text.is_empty() || text.len() > 200 {
            return Err(refused());
        }
        if let Some(fixed) = text.strip_prefix('=') {
            return Ok(Self::Fixed(fixed.to_owned()));
        }
        if let Some(name) = text.strip_prefix("header:") {
            let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
            return if is_name { Ok(Self::Header(name.to_ascii_lowercase())) } else { Err(refused()) };
        }
        let (each, rest) = match text.strip_prefix("each.") {
            Some(rest) => (true, rest),
            None => (text == "each", if text == "each" { "" } else { text }),
        };
        let parts = rest.split('.').filter(|_| !rest.is_empty());
        let steps = parts.map(steps_of).collect::<Option<Vec<_>>>().ok_or_else(refused)?;
        Ok(Self::Steps { each, steps: steps.into_iter().flatten().collect() })
    }

    /// The header it reads, if it is one.
    pub fn header(&self) -> Option<&str> {
        if let Self::Header(name) = self { Some(name) } else { None }
    }
}

/// `name[…][…]`.
fn steps_of(part: &str) -> Option<Vec<Step>> {
    let (name, mut rest) = part.find('[').map_or((part, ""), |at| part.split_at(at));
    if name.is_empty() || name.contains(']') {
        return None;
    }
    let mut steps = vec![Step::Field(name.to_owned())];
    while !rest.is_empty() {
        let (inner, after) = rest.strip_prefix('[')?.split_once(']')?;
        steps.push(match (inner.split_once('='), inner) {
            (Some((key, value)), _) if !key.is_empty() => Step::Whose(key.to_owned(), value.to_owned()),
            (None, "") => Step::Every,
            (None, digits) => Step::Item(digits.parse().ok()?),
            (Some(_), _) => return None,
        });
        rest = after;
    }
    Some(steps)
}

impl<'a> Place<'a> {
    /// Every value at a path.
    pub fn all(self, path: &str) -> Vec<&'a Tree> {
        let Ok(Path::Steps { each, steps }) = Path::parse("", path) else { return Vec::new() };
        let start = if each { self.item } else { Some(self.body) };
        steps.iter().fold(start.into_iter().collect(), |found: Vec<&Tree>, step| {
            found.into_iter().flat_map(|tree| step.down(tree)).collect()
        })
    }

    /// Every word at a path.
    pub fn words(self, path: &str) -> Vec<String> {
        match Path::parse("", path) {
            Ok(Path::Fixed(text)) => vec![text],
            Ok(Path::Header(name)) => self.headers.get(&name).cloned().into_iter().collect(),
            Ok(Path::Steps { .. }) => self.all(path).into_iter().filter_map(Tree::word).collect(),
            Err(_) => Vec::new(),
        }
    }

    /// The first word at a path.
    pub fn first(self, path: &str) -> Option<String> {
        self.words(path).into_iter().next()
    }
}

impl Step {
    fn down<'a>(&self, tree: &'a Tree) -> Vec<&'a Tree> {
        match self {
            Self::Field(name) => {
                Some(tree.at(name)).filter(|found| **found != Tree::Null).into_iter().collect()
            }
            Self::Item(place) => tree.items().get(*place).into_iter().collect(),
            Self::Every => tree.items().iter().collect(),
            Self::Whose(key, value) => {
                tree.items().iter().filter(|item| item.text(key).as_deref() == Some(value)).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, expected: &[&str]) {
        let body = r#"{"id":7,"billing":{"email":"a@b.c"},"coupons":[{"code":"X"},{"code":"Y"}],
            "meta":[{"key":"k","value":"v"},{"key":"gw_click","value":"clk_1"}],"grid":[[1,2],[3]]}"#;
        let (tree, headers) =
            (Tree::read(body).unwrap(), Headers::from([("x-topic".into(), "order".into())]));
        let item = tree.at("billing");
        let place = Place { body: &tree, headers: &headers, item: Some(item) };
        assert_eq!(place.words(path), expected, "{path}");
    }

    #[test]
    fn paths_lead_where_they_say() {
        check("id", &["7"]);
        check("billing.email", &["a@b.c"]);
        check("each.email", &["a@b.c"]);
        check("coupons[].code", &["X", "Y"]);
        check("coupons[1].code", &["Y"]);
        check("coupons[2].code", &[]);
        check("meta[key=gw_click].value", &["clk_1"]);
        check("grid[0][1]", &["2"]);
        check("grid[][]", &["1", "2", "3"]);
        check("header:X-Topic", &["order"]);
        check("header:x-other", &[]);
        check("=usd", &["usd"]);
        check("nothing.here", &[]);
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for bad in
            ["", "a..b", ".a", "a[", "a[x]", "a[=v]", "a]b", "header:", "header:a b", "[0]", &"x".repeat(201)]
        {
            let refusal = Path::parse("f", bad).unwrap_err().to_string();
            assert!(refusal.contains("`f`"), "{bad}: {refusal}");
        }
    }
}
