//! The texts in a Rust source: literals that follow `t(`, `t!(`, `plural!(`, `rich!(` or `key(`.

/// What marks a text.
const MARKS: [&str; 4] = ["t", "plural", "rich", "key"];

/// Every marked text before the tests, in order.
pub fn texts(source: &str) -> Vec<String> {
    let end = ["#[cfg(test)]\nmod ", "#[cfg(test)]\npub mod "]
        .iter()
        .filter_map(|mark| source.find(mark))
        .min()
        .unwrap_or(source.len());
    let source = &source[..end];
    let (mut found, mut at) = (Vec::new(), 0);
    // The name of what was called, if nothing stands between its bracket and this place.
    let mut called = "";
    while let Some(letter) = source[at..].chars().next() {
        let rest = &source[at..];
        if rest.starts_with("//") {
            at += rest.find('\n').unwrap_or(rest.len());
            continue;
        }
        let length = token(rest, letter);
        match letter {
            '"' if MARKS.contains(&called) => found.push(unquoted(&rest[1..length - 1])),
            '(' => called = name_before(&source[..at]),
            _ => {}
        }
        if letter != '(' && !letter.is_whitespace() {
            called = "";
        }
        at += length;
    }
    found
}

/// The name of the function or macro that ends here; none of a method.
fn name_before(source: &str) -> &str {
    let before = source.trim_end_matches('!');
    let rest = before.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_');
    if rest.ends_with('.') { "" } else { &before[rest.len()..] }
}

/// How long the token is that begins here, bytes: a literal is one, and so is any letter outside of them.
fn token(rest: &str, first: char) -> usize {
    match first {
        '"' => literal(rest, '"'),
        '\'' => {
            let mut letters = rest.chars().skip(1);
            let (next, after) = (letters.next(), letters.next());
            if next == Some('\\') || after == Some('\'') { literal(rest, '\'') } else { 1 }
        }
        other => other.len_utf8(),
    }
}

fn literal(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, letter) in rest.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if letter == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// A literal's text: `\"`, `\\`, `\n`, `\u{a0}`, and lines that go on.
fn unquoted(literal: &str) -> String {
    let mut text = String::new();
    let mut letters = literal.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            text.push(letter);
            continue;
        }
        match letters.next() {
            Some('n') => text.push('\n'),
            Some('u') => {
                let code: String = letters.by_ref().skip(1).take_while(|c| *c != '}').collect();
                text.extend(u32::from_str_radix(&code, 16).ok().and_then(char::from_u32));
            }
            Some('\n') => while letters.next_if(|c| c.is_whitespace()).is_some() {},
            Some(other) => text.push(other),
            None => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::texts;

    #[test]
    fn marked_literals_are_found() {
        let source = r#"
            // t("a remark")
            fn x<'a>(t: &'a str) -> char { t("one"); t!( "two {n}", n = "no"); '"'; '\'' }
            html! { <p title={t("thr\"ee")}>{ rich!("four {a}", a = html! { t("five") }) }</p> }
            const A: &str = key("s\u{e9}v\
                en"); form.t("no"); note("no"); format!("no"); plural!(
                "eight", 3)
            #[cfg(test)]
mod tests { t("no") }"#;
        let source = source.replace("            #[cfg(test)]", "#[cfg(test)]");
        assert_eq!(texts(&source), ["one", "two {n}", "thr\"ee", "four {a}", "five", "séven", "eight"]);
    }
}
