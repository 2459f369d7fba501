//! The widget's settings as a document: each field within its bounds, and nothing in them that a page could run.

use goodword_domain::Invalid;
use goodword_wire::{Asset, Milestone, Question, WidgetSettings};
use std::collections::BTreeMap;
use url::Url;

const THEMES: [&str; 3] = ["plain", "warm", "bold"];
const LANGUAGES: [&str; 7] = ["en", "fr", "de", "es", "pt", "ja", "ar"];
const BOARDS: [&str; 3] = ["off", "leads", "sales"];
/// The functions a custom property may call. None of them fetches anything.
const FUNCTIONS: [&str; 14] = [
    "calc",
    "clamp",
    "color-mix",
    "hsl",
    "hsla",
    "hwb",
    "lab",
    "lch",
    "max",
    "min",
    "oklab",
    "oklch",
    "rgb",
    "rgba",
];

/// The settings, once all of them are sure to make sense. The fields of errors begin with `widget`.
pub fn read(told: &WidgetSettings) -> Result<WidgetSettings, Invalid> {
    checked(told).map_err(|e| e.within("widget"))
}

fn checked(w: &WidgetSettings) -> Result<WidgetSettings, Invalid> {
    known("theme", w.theme.as_deref(), &THEMES)?;
    known("leaderboard", w.leaderboard.as_deref(), &BOARDS)?;
    within("leaderboardPlaces", w.leaderboard_places, 3, 100)?;
    within("codeChanges", w.code_changes, 0, 20)?;
    within("payoutDay", w.payout_day, 1, 28)?;
    few("languages", w.languages.len(), LANGUAGES.len())?;
    each("languages", &w.languages, |word| known("", Some(word), &LANGUAGES))?;
    few("shareTexts", w.share_texts.len(), 10)?;
    each("shareTexts", &w.share_texts, |text| words("", text, 500))?;
    w.disclosure.as_deref().map_or(Ok(()), |text| words("disclosure", text, 200))?;
    few("questions", w.questions.len(), 10)?;
    each("questions", &w.questions, question)?;
    unique("questions", &w.questions.iter().map(|q| q.id.as_str()).collect::<Vec<_>>())?;
    few("assets", w.assets.len(), 50)?;
    each("assets", &w.assets, asset)?;
    few("milestones", w.milestones.len(), 20)?;
    each("milestones", &w.milestones, milestone)?;
    few("properties", w.properties.len(), 40)?;
    w.properties.iter().try_for_each(|(name, value)| property(name, value))?;
    w.texts.iter().try_for_each(|(language, texts)| own_words(language, texts))?;
    Ok(w.clone())
}

/// The answers to a program's questions: what is asked and needed is there, what is there was asked.
pub fn answers(
    questions: &[Question],
    told: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, Invalid> {
    let asked = |id: &str| questions.iter().any(|q| q.id == id);
    if let Some(id) = told.keys().find(|id| !asked(id)) {
        return Err(Invalid::new(answer_field(id), "is not a question of this program: leave it out."));
    }
    let given = |question: &Question| {
        let text = told.get(&question.id).map(|t| t.trim()).filter(|t| !t.is_empty());
        answer(question, text).map(|answer| answer.map(|answer| (question.id.clone(), answer)))
    };
    questions.iter().filter_map(|question| given(question).transpose()).collect()
}

fn answer(question: &Question, text: Option<&str>) -> Result<Option<String>, Invalid> {
    let refused = |remedy: &str| Err(Invalid::new(answer_field(&question.id), remedy));
    match (text, question.kind.as_deref()) {
        (None, _) if question.required => refused("must be answered."),
        (None, _) => Ok(None),
        (Some(text), _) if text.chars().count() > 1000 => refused("must be at most 1,000 characters."),
        (Some(text), Some("choice")) if !question.options.iter().any(|o| o == text) => {
            refused("must be one of the answers that are offered.")
        }
        (Some(text), Some("url")) if !is_web_address(text) => {
            refused("must be an address such as `https://example.com/me`.")
        }
        (Some(text), _) => Ok(Some(text.to_owned())),
    }
}

fn answer_field(id: &str) -> String {
    format!("answers.{}", id.chars().take(40).collect::<String>())
}

fn is_web_address(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && text.len() <= 1000)
}

fn question(q: &Question) -> Result<(), Invalid> {
    if !is_name(&q.id) {
        return Err(Invalid::new("id", "must be 1 to 40 letters, digits, `_` and `-`."));
    }
    words("label", &q.label, 200)?;
    known("type", q.kind.as_deref(), &["text", "choice", "url"])?;
    match q.kind.as_deref() {
        Some("choice") if !(2..=20).contains(&q.options.len()) => {
            Err(Invalid::new("options", "must be 2 to 20 answers to choose from."))
        }
        Some("choice") => {
            each("options", &q.options, |option| words("", option, 100))?;
            unique("options", &q.options.iter().map(String::as_str).collect::<Vec<_>>())
        }
        _ if q.options.is_empty() => Ok(()),
        _ => Err(Invalid::new("options", "go with the type `choice` alone: leave them out.")),
    }
}

fn asset(a: &Asset) -> Result<(), Invalid> {
    words("title", &a.title, 100)?;
    known("type", a.kind.as_deref(), &["image", "video", "document", "link"])?;
    let https = Url::parse(&a.url).is_ok_and(|url| url.scheme() == "https" && url.username().is_empty());
    if https && a.url.len() <= 2048 {
        Ok(())
    } else {
        Err(Invalid::new("url", "must be an `https:` address of at most 2,048 characters."))
    }
}

fn milestone(m: &Milestone) -> Result<(), Invalid> {
    known("of", Some(&m.of), &["clicks", "leads", "sales"])?;
    within("at", Some(m.at), 1, 1_000_000_000)?;
    words("text", &m.text, 200)
}

/// A custom property; its value can neither leave its declaration nor fetch anything.
fn property(name: &str, value: &str) -> Result<(), Invalid> {
    let rest = name.strip_prefix("--goodword-").unwrap_or_default();
    let plain = rest.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if rest.is_empty() || rest.len() > 40 || !plain {
        let remedy = format!("must have names such as `--goodword-accent`; `{}` is not.", short(name));
        return Err(Invalid::new("properties", remedy));
    }
    if is_harmless(value) {
        return Ok(());
    }
    let remedy = "must be 1 to 100 characters: a colour, a length, a list of fonts without quotes, or a function of these.";
    Err(Invalid::new(format!("properties.{name}"), remedy))
}

fn is_harmless(value: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || " #%.,()/+-*".contains(c);
    let mut depth = 0_i32;
    let balanced = value.chars().all(|c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth >= 0
    });
    let called = value.match_indices('(').all(|(place, _)| is_known_call(&value[..place]));
    (1..=100).contains(&value.trim().len())
        && value.chars().all(plain)
        && balanced
        && depth == 0
        && called
        && !value.contains("/*")
        && !value.contains("*/")
}

/// Whether what stands before a bracket ends with a function that is known, or is itself within one.
fn is_known_call(before: &str) -> bool {
    let start = before.rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).map_or(0, |at| at + 1);
    let name = before[start..].to_ascii_lowercase();
    FUNCTIONS.contains(&name.as_str()) || (name.is_empty() && before.contains('('))
}

fn own_words(language: &str, texts: &BTreeMap<String, String>) -> Result<(), Invalid> {
    if !LANGUAGES.contains(&language) {
        let remedy =
            format!("must be by language, one of {}; `{}` is not.", list(&LANGUAGES), short(language));
        return Err(Invalid::new("texts", remedy));
    }
    let field = format!("texts.{language}");
    few(&field, texts.len(), 200)?;
    for (name, text) in texts {
        let dotted = name.split('.').all(is_name) && name.len() <= 60;
        if !dotted {
            let remedy = format!("must have names such as `join.title`; `{}` is not.", short(name));
            return Err(Invalid::new(field, remedy));
        }
        words("", text, 500).map_err(|e| Invalid::new(format!("{field}.{name}"), e.remedy))?;
    }
    Ok(())
}

fn is_name(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    (1..=40).contains(&text.len()) && text.bytes().all(plain)
}

fn words(field: &'static str, text: &str, most: usize) -> Result<(), Invalid> {
    let length = text.trim().chars().count();
    let clean = !text.chars().any(|c| c.is_control() && c != '\n');
    if (1..=most).contains(&length) && clean {
        Ok(())
    } else {
        Err(Invalid::new(field, format!("must be 1 to {most} characters.")))
    }
}

fn known(field: &'static str, word: Option<&str>, all: &[&str]) -> Result<(), Invalid> {
    match word {
        Some(word) if !all.contains(&word) => {
            Err(Invalid::new(field, format!("must be one of {}.", list(all))))
        }
        _ => Ok(()),
    }
}

fn within(field: &'static str, value: Option<i64>, low: i64, high: i64) -> Result<(), Invalid> {
    match value {
        Some(value) if !(low..=high).contains(&value) => {
            Err(Invalid::new(field, format!("must be from {low} to {high}; it is {value}.")))
        }
        _ => Ok(()),
    }
}

fn few(field: &str, count: usize, most: usize) -> Result<(), Invalid> {
    if count <= most {
        Ok(())
    } else {
        Err(Invalid::new(field.to_owned(), format!("must be at most {most}.")))
    }
}

/// Checks each of a list; a refusal says which: `questions[0].label`.
fn each<T>(field: &str, all: &[T], check: impl Fn(&T) -> Result<(), Invalid>) -> Result<(), Invalid> {
    for (place, one) in all.iter().enumerate() {
        check(one).map_err(|e| {
            let at = format!("{field}[{place}]");
            if e.field.is_empty() { Invalid::new(at, e.remedy) } else { e.within(&at) }
        })?;
    }
    Ok(())
}

fn unique(field: &str, names: &[&str]) -> Result<(), Invalid> {
    let again = (0..names.len()).find(|place| names[..*place].contains(&names[*place]));
    again.map_or(Ok(()), |place| Err(Invalid::new(format!("{field}[{place}]"), "is there twice.")))
}

fn list(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

fn short(text: &str) -> String {
    text.chars().take(60).collect()
}

#[cfg(test)]
#[path = "widget_tests.rs"]
mod tests;
