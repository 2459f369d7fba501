//! Views are text. `view/*.view` says in lines what is drawn from which data; the build appends what an element needs to what the
//! page has loaded, and this reads it once and draws it as often as anything changes. So a new section costs its words and no code.
//!
//! A line's depth is the number of blanks before it; what is deeper belongs to it.
//!
//! | line | |
//! | --- | --- |
//! | `:name` | the block of that name follows, one deeper |
//! | `tag.class key=value … \| text` | an element; an attribute whose value comes to nothing is left out; a value has no blanks |
//! | `\| text` | text |
//! | `?path`, `?path=word` | what belongs to it, if there is anything, or that word; with `!` before the path, if not |
//! | `*path` | what belongs to it, for each item |
//! | `=name words …` | the block of that name; inside it `1`, `2`, … are the words |
//!
//! In values and texts `{path}` is a value, `{path:how}` one as people read it, `{path?yes:no}` one of two words, and `{~key}` or
//! `{~key,path}` a text of the language (with a count, for its plural), in which the same may stand. A path is looked up in the item,
//! then in what is around it; `$` and a name within it stand for that name's own value: `{~state$status}`.

use crate::node::Node;
use std::borrow::Cow;

/// What speaks and formats: the shell.
pub trait Speaker<N> {
    /// The language's text of that name, for so many.
    fn text(&self, key: &str, count: Option<N>) -> Option<String>;
    /// A value as people read it.
    fn format(&self, how: &str, value: &N) -> String;
}

/// What can be drawn on: Yew's nodes in wasm, text in tests.
pub trait Canvas: Sized {
    /// An element: its tag, key, attributes in the order of `keys`, and what is in it.
    fn element(
        tag: &'static str,
        key: String,
        keys: &'static [&'static str],
        values: Vec<Cow<'static, str>>,
        inside: Vec<Self>,
    ) -> Self;
    /// Text.
    fn text(text: Cow<'static, str>) -> Self;
}

struct Line {
    depth: usize,
    /// What kind of line it is; `<` for an element.
    mark: char,
    /// The first word: a tag, a path, the name of a block; or a whole text.
    word: &'static str,
    keys: &'static [&'static str],
    values: Vec<&'static str>,
    /// The text behind a bar, or the words behind the name of a block.
    rest: &'static str,
}

impl Line {
    fn parse(text: &'static str) -> Self {
        let depth = text.bytes().take_while(|byte| *byte == b' ').count();
        let text = text.get(depth..).unwrap_or_default();
        let mark =
            text.chars().next().filter(|mark| matches!(mark, ':' | '|' | '?' | '*' | '=')).unwrap_or('<');
        if mark == '<' {
            return Self::element(depth, text);
        }
        let text = text.get(1..).unwrap_or_default();
        let (word, rest) = match mark {
            '=' => cut(text, ' '),
            '|' => (text.strip_prefix(' ').unwrap_or(text), ""),
            _ => (text, ""),
        };
        Self { depth, mark, word, keys: &[], values: Vec::new(), rest }
    }

    fn element(depth: usize, text: &'static str) -> Self {
        let (head, rest) = cut(text, '|');
        let mut words = head.split(' ').filter(|word| !word.is_empty());
        let (word, class) = cut(words.next().unwrap_or_default(), '.');
        let (mut keys, mut values) = (Vec::new(), Vec::new());
        if !class.is_empty() {
            keys.push("class");
            values.push(class);
        }
        for word in words {
            let (key, value) = cut(word, '=');
            keys.push(key);
            values.push(value);
        }
        Self {
            depth,
            mark: '<',
            word,
            keys: keys.leak(),
            values,
            rest: rest.strip_prefix(' ').unwrap_or(rest),
        }
    }
}

/// What is before and after a mark; nothing is after it where it is not.
fn cut(text: &str, mark: char) -> (&str, &str) {
    text.split_once(mark).unwrap_or((text, ""))
}

/// Views, read once. They live as long as the page does, as Yew wants the names in them.
#[derive(Clone, Copy)]
pub struct Views {
    /// What this element has besides; without anything for one that has not.
    own: &'static [Line],
    /// What all elements have in common.
    base: &'static [Line],
}

impl Views {
    /// Reads lines.
    pub fn parse(text: &'static str) -> Self {
        Self { own: &[], base: lines(text) }
    }

    /// The same with what an element has besides: what they share is kept once, for a page's memory is small.
    #[must_use]
    pub fn with(self, text: &'static str) -> Self {
        Self { own: lines(text), ..self }
    }

    /// The lines with a block of that name in them, and its place.
    fn find(self, name: &str) -> Option<(&'static [Line], usize)> {
        let within = |lines: &'static [Line]| {
            let found = lines.iter().position(|line| line.mark == ':' && line.word == name);
            found.map(|at| (lines, at))
        };
        within(self.base).or_else(|| within(self.own))
    }
}

fn lines(text: &'static str) -> &'static [Line] {
    text.split('\n').map(Line::parse).collect::<Vec<_>>().leak()
}

/// Where a path is looked up: here, then in what is around it.
pub struct Scope<'a, N> {
    here: Here<N>,
    around: Option<&'a Self>,
}

enum Here<N> {
    Item(N),
    Words(&'static str),
}

impl<'a, N: Node> Scope<'a, N> {
    /// An object, within another scope.
    pub fn new(item: N, around: Option<&'a Self>) -> Self {
        Self { here: Here::Item(item), around }
    }

    fn member(&self, name: &str) -> Option<N> {
        match &self.here {
            Here::Item(item) if name == "it" => Some(item.clone()),
            Here::Item(item) => item.get(name),
            Here::Words(words) => {
                let number = name.bytes().next()?.checked_sub(b'1')?;
                words.split(' ').nth(usize::from(number)).filter(|word| !word.is_empty()).map(N::word)
            }
        }
    }

    fn find(&self, path: &str) -> Option<N> {
        let (head, tail) = cut(path, '.');
        let Some(mut found) = self.member(head) else { return self.around?.find(path) };
        let mut rest = tail;
        while !rest.is_empty() {
            let (head, tail) = cut(rest, '.');
            found = found.get(head)?;
            rest = tail;
        }
        Some(found)
    }
}

/// Draws views from data.
pub struct Pen<'a, S> {
    /// What is drawn.
    pub views: &'a Views,
    /// Who speaks.
    pub speaker: &'a S,
}

impl<S> Pen<'_, S> {
    /// Draws the block of that name.
    pub fn draw<N: Node, C: Canvas>(&self, name: &str, scope: &Scope<N>) -> Vec<C>
    where
        S: Speaker<N>,
    {
        let mut out = Vec::new();
        if let Some((lines, at)) = self.views.find(name) {
            self.inside(lines, at, scope, &mut out);
        }
        out
    }

    /// Draws what belongs to a line.
    fn inside<N: Node, C: Canvas>(
        &self,
        lines: &'static [Line],
        at: usize,
        scope: &Scope<N>,
        out: &mut Vec<C>,
    ) where
        S: Speaker<N>,
    {
        let depth = lines[at].depth + 1;
        for (next, line) in lines.iter().enumerate().skip(at + 1) {
            if line.depth < depth {
                break;
            }
            if line.depth == depth {
                self.line(lines, next, line, scope, out);
            }
        }
    }

    fn line<N: Node, C: Canvas>(
        &self,
        lines: &'static [Line],
        at: usize,
        line: &Line,
        scope: &Scope<N>,
        out: &mut Vec<C>,
    ) where
        S: Speaker<N>,
    {
        match line.mark {
            '|' => out.push(C::text(self.said(line.word, scope))),
            '?' if self.holds(line.word, scope) => self.inside(lines, at, scope, out),
            '*' => {
                for item in self.find(line.word, scope).map(|node| node.items()).unwrap_or_default() {
                    self.inside(lines, at, &Scope { here: Here::Item(item), around: Some(scope) }, out);
                }
            }
            '=' => out.extend(self.draw(
                &self.path(line.word, scope),
                &Scope { here: Here::Words(line.rest), around: Some(scope) },
            )),
            '<' => out.push(self.element(lines, at, line, scope)),
            _ => {}
        }
    }

    fn element<N: Node, C: Canvas>(
        &self,
        lines: &'static [Line],
        at: usize,
        line: &Line,
        scope: &Scope<N>,
    ) -> C
    where
        S: Speaker<N>,
    {
        let mut inside = Vec::new();
        if !line.rest.is_empty() {
            inside.push(C::text(self.said(line.rest, scope)));
        }
        self.inside(lines, at, scope, &mut inside);
        let mut key = String::new();
        let mut value = |(name, value): (&&str, &&'static str)| {
            let value = self.said(value, scope);
            match *name {
                "key" => {
                    key = value.into_owned();
                    Cow::Borrowed("")
                }
                "href" if !is_safe_link(&value) => Cow::Borrowed(""),
                _ => value,
            }
        };
        let values = line.keys.iter().zip(&line.values).map(&mut value).collect();
        C::element(line.word, key, line.keys, values, inside)
    }

    /// The name or path, with `$name` replaced by that name's value.
    fn find<N: Node>(&self, path: &str, scope: &Scope<N>) -> Option<N>
    where
        S: Speaker<N>,
    {
        scope.find(&self.path(path, scope))
    }

    fn path<N: Node>(&self, path: &str, scope: &Scope<N>) -> String
    where
        S: Speaker<N>,
    {
        let (head, name) = cut(path, '$');
        if name.is_empty() { head.to_owned() } else { [head, &self.value(name, scope)].concat() }
    }

    fn value<N: Node>(&self, path: &str, scope: &Scope<N>) -> String
    where
        S: Speaker<N>,
    {
        let (path, how) = cut(path, ':');
        let Some(node) = self.find(path, scope) else { return String::new() };
        node.text().filter(|_| how.is_empty()).unwrap_or_else(|| self.speaker.format(how, &node))
    }

    fn holds<N: Node>(&self, test: &str, scope: &Scope<N>) -> bool
    where
        S: Speaker<N>,
    {
        let (not, test) = test.split_once('!').unwrap_or(("!", test));
        let (path, word) = cut(test, '=');
        let found = if word.is_empty() {
            self.find(path, scope).is_some_and(|node| node.truth())
        } else {
            self.value(path, scope) == word
        };
        found != not.is_empty()
    }

    /// A text of the views with its values. One without is not copied: most are, and a page's memory is small.
    fn said<N: Node>(&self, text: &'static str, scope: &Scope<N>) -> Cow<'static, str>
    where
        S: Speaker<N>,
    {
        if text.contains('{') { Cow::Owned(self.fill(text, scope)) } else { Cow::Borrowed(text) }
    }

    /// A text with its values.
    fn fill<N: Node>(&self, text: &str, scope: &Scope<N>) -> String
    where
        S: Speaker<N>,
    {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (token, after) = cut(after, '}');
            out.push_str(before);
            out.push_str(&self.token(token, scope));
            rest = after;
        }
        out.push_str(rest);
        out
    }

    fn token<N: Node>(&self, token: &str, scope: &Scope<N>) -> String
    where
        S: Speaker<N>,
    {
        if let Some((_, key)) = token.split_once('~') {
            let (key, count) = cut(key, ',');
            let key = self.path(key, scope);
            let text = self.speaker.text(&key, scope.find(count));
            return text.map(|text| self.fill(&text, scope)).unwrap_or_default();
        }
        let Some((test, words)) = token.split_once('?') else { return self.value(token, scope) };
        let (yes, no) = cut(words, ':');
        (if self.holds(test, scope) { yes } else { no }).to_owned()
    }
}

/// Only these may stand in an `href`.
fn is_safe_link(link: &str) -> bool {
    let (scheme, rest) = cut(link, ':');
    let here = rest.get(..11) == Some("//localhost") || rest.get(..11) == Some("//127.0.0.1");
    matches!(scheme, "https" | "mailto" | "sms") || (scheme == "http" && here)
}

#[cfg(test)]
mod tests;
