//! A program as one document, in TOML or JSON: what a file of it says, and where in it a mistake is. The fields are those of
//! the API.

mod place;
pub mod telling;

use crate::document;
use crate::error::Error;
use crate::store::{Group, Program};
use goodword_domain::Invalid;
use goodword_wire::{self as wire, ProgramInput, WidgetSettings};
use std::path::Path;

/// How a document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people
    Toml,
    /// For programs
    Json,
}

impl Format {
    /// From its word.
    pub fn parse(word: &str) -> Result<Self, Error> {
        match word {
            "toml" => Ok(Self::Toml),
            "json" => Ok(Self::Json),
            _ => Err(Error::field("format", "must be `toml` or `json`.")),
        }
    }

    /// Of a file, by the ending of its name: JSON where that is `.json`.
    pub fn of_file(path: &Path) -> Self {
        let json = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
        if json { Self::Json } else { Self::Toml }
    }

    /// Of a body, by its media type; what is not said is JSON.
    pub fn of_media_type(told: Option<&str>) -> Result<Self, Error> {
        let word = told.and_then(|told| told.split(';').next()).unwrap_or("application/json").trim();
        match word.to_ascii_lowercase().as_str() {
            "application/toml" | "text/toml" | "text/x-toml" => Ok(Self::Toml),
            "application/json" | "text/json" => Ok(Self::Json),
            _ => Err(Error::UnsupportedType(
                "The header `Content-Type` must be `application/toml` or `application/json`.".into(),
            )),
        }
    }

    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Toml => "application/toml",
            Self::Json => "application/json",
        }
    }
}

/// A document as it was written, to be asked where a field of it stands.
pub struct Source<'a> {
    format: Format,
    text: &'a str,
}

impl<'a> Source<'a> {
    /// A text in a format.
    pub fn new(format: Format, text: &'a str) -> Self {
        Self { format, text }
    }

    /// What it says. A refusal names the field, and the line.
    pub fn read(&self) -> Result<ProgramInput, Error> {
        let input: ProgramInput = match self.format {
            Format::Json => {
                let mut json = serde_json::Deserializer::from_str(self.text);
                let input = serde_path_to_error::deserialize(&mut json).map_err(|e| self.unfit(&e))?;
                json.end()
                    .map_err(|e| Error::BadRequest(format!("The document is not one JSON value: {e}.")))?;
                input
            }
            Format::Toml => {
                let toml = toml::Deserializer::parse(self.text).map_err(|e| self.no_toml(&e))?;
                serde_path_to_error::deserialize(toml).map_err(|e| self.unfit(&e))?
            }
        };
        let told = serde_json::to_string(&input).map_err(|e| Error::internal(e.to_string()))?;
        if told.contains("\\u0000") {
            return Err(Error::BadRequest(
                "The document contains the character U+0000: leave it out.".into(),
            ));
        }
        Ok(input)
    }

    /// The same refusal with the line of the field.
    pub fn located(&self, error: Error) -> Error {
        match (error, self.format) {
            (Error::Invalid(invalid), Format::Toml) => match place::line(self.text, &invalid.field) {
                Some(line) => {
                    Error::Invalid(Invalid { remedy: format!("{} (line {line})", invalid.remedy), ..invalid })
                }
                None => Error::Invalid(invalid),
            },
            (other, _) => other,
        }
    }

    fn no_toml(&self, error: &toml::de::Error) -> Error {
        let line = error.span().map(|span| place::line_at(self.text, span.start));
        let line = line.map_or_else(String::new, |line| format!(" (line {line})"));
        Error::BadRequest(format!("The document is not valid TOML: {}{line}.", error.message().trim()))
    }

    fn unfit<E: std::fmt::Display + Told>(&self, error: &serde_path_to_error::Error<E>) -> Error {
        let (path, inner) = (error.path().to_string(), error.inner());
        if !inner.is_about_a_field() {
            return Error::BadRequest(format!("The document is not valid JSON: {inner}."));
        }
        let path = if path == "." { "document".to_owned() } else { path };
        self.located(Error::at(path, format!("is not as documented: {}.", inner.says())))
    }
}

/// What the two readers say of a field.
trait Told {
    fn is_about_a_field(&self) -> bool;
    fn says(&self) -> String;
}

impl Told for serde_json::Error {
    fn is_about_a_field(&self) -> bool {
        self.is_data()
    }

    fn says(&self) -> String {
        self.to_string()
    }
}

impl Told for toml::de::Error {
    fn is_about_a_field(&self) -> bool {
        true
    }

    fn says(&self) -> String {
        self.message().trim().to_owned()
    }
}

/// A document as text.
pub fn write(format: Format, document: &ProgramInput) -> Result<String, Error> {
    let text = match format {
        Format::Toml => toml::to_string(document).map_err(|e| Error::internal(e.to_string()))?,
        Format::Json => {
            serde_json::to_string_pretty(document).map_err(|e| Error::internal(e.to_string()))? + "\n"
        }
    };
    Ok(text)
}

/// A program as a document; groups by their names.
pub fn show(p: &Program, groups: &[Group]) -> ProgramInput {
    let t = &p.terms;
    let windows = t.windows;
    let alike = [windows.form, windows.code, windows.registration].iter().all(|days| *days == windows.click);
    let signals = document::changed_signals(&t.signals);
    let named = groups.iter().filter(|group| !group.is_default).map(|group| group.name.clone());
    ProgramInput {
        name: Some(p.name.clone()),
        url: Some(p.url.clone()),
        currency: Some(t.currency.wire()),
        attribution_model: Some(t.model.word().into()),
        attribution_window_days: alike.then_some(windows.click),
        attribution_windows: (!alike).then(|| document::show_windows(windows)),
        new_customers_only: Some(t.new_customers_only),
        hold_days: Some(t.hold_days),
        min_payout: Some(t.min_payout),
        budgeted: Some(t.budgeted),
        auto_approve: Some(p.auto_approve),
        status: Some(if p.open { "open" } else { "closed" }.into()),
        terms: Some(wire::Terms { version: p.terms_version.clone(), url: p.terms_url.clone() }),
        link_parameters: Some(p.link_parameters.clone()),
        click_retention_days: Some(p.click_days.unwrap_or(0)),
        groups: Some(named.collect()),
        rewards: Some(t.rewards.iter().map(|reward| show_reward(reward, groups)).collect()),
        funds: (!t.funds.is_empty()).then(|| t.funds.iter().map(document::show_fund).collect()),
        registrations: t.registrations.as_ref().map(document::show_registrations),
        settlements: (!t.settlements.is_empty())
            .then(|| t.settlements.iter().map(document::show_settlement).collect()),
        points: document::show_points(t.points),
        catalogue: (!t.catalogue.is_empty())
            .then(|| t.catalogue.iter().map(document::show_article).collect()),
        levels: t.levels.as_ref().map(document::show_levels),
        prizes: (!t.prizes.is_empty()).then(|| t.prizes.iter().map(document::show_prize).collect()),
        signals: (!signals.is_empty()).then_some(signals),
        widget: (p.widget != WidgetSettings::default()).then(|| p.widget.clone()),
    }
}

fn show_reward(reward: &goodword_domain::reward::Reward, groups: &[Group]) -> wire::Reward {
    let mut shown = document::show_reward(reward);
    let group = groups.iter().find(|group| reward.group.as_ref() == Some(&group.id));
    if let Some(group) = group {
        (shown.group, shown.group_id) = (Some(group.name.clone()), None);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEA: &str = "name = \"Tea\"\nurl = \"https://shop.example/\"\ncurrency = \"usd\"\n\n\
                       [[rewards]]\nevent = \"sale\"\ntype = \"percentage\"\npercentage = \"20\"\n";

    #[track_caller]
    fn refusal(format: Format, text: &str) -> String {
        Source::new(format, text).read().unwrap_err().to_string()
    }

    #[test]
    fn both_formats_say_the_same() {
        let read = Source::new(Format::Toml, TEA).read().unwrap();
        for format in [Format::Toml, Format::Json] {
            let text = write(format, &read).unwrap();
            assert_eq!(Source::new(format, &text).read().unwrap(), read, "{text}");
        }
    }

    #[test]
    fn a_mistake_is_told_with_its_field_and_line() {
        let unknown = refusal(Format::Toml, &format!("{TEA}\nprecentage = 3\n"));
        assert!(unknown.contains("`rewards[0].precentage`") && unknown.ends_with("(line 10)"), "{unknown}");
        let kind = refusal(Format::Toml, &TEA.replace("\"20\"", "20"));
        assert!(kind.contains("`rewards[0].percentage`") && kind.ends_with("(line 8)"), "{kind}");
        let syntax = refusal(Format::Toml, "name = \"Tea\"\nurl = \n");
        assert!(syntax.contains("not valid TOML") && syntax.contains("(line 2)"), "{syntax}");
        let json = refusal(Format::Json, "{\"rewards\": [{\"precentage\": 3}]}");
        assert!(json.contains("`rewards[0].precentage`") && json.contains("line 1"), "{json}");
        assert!(refusal(Format::Json, "{").contains("not valid JSON"));
        assert!(refusal(Format::Json, "{} {}").contains("one JSON value"));
        assert!(refusal(Format::Toml, "name = \"a\\u0000\"").contains("U+0000"));
        let later = Source::new(Format::Toml, TEA).located(Error::field("currency", "is odd."));
        assert_eq!(later.to_string(), "`currency` is odd. (line 3)");
    }

    #[test]
    fn formats_are_told_by_file_and_media_type() {
        assert_eq!(Format::of_file(Path::new("a/p.JSON")), Format::Json);
        assert_eq!(Format::of_file(Path::new("p.toml")), Format::Toml);
        assert_eq!(Format::of_media_type(Some("application/toml; charset=utf-8")).unwrap(), Format::Toml);
        assert_eq!(Format::of_media_type(None).unwrap(), Format::Json);
        assert!(Format::of_media_type(Some("text/html")).is_err());
    }
}
