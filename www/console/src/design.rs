//! A program's widget settings while they are typed: every field as text. Pure.

use crate::terms::Fault;
use crate::text::{key, t};
use goodword_wire::{Asset, Milestone, Question, WidgetSettings};
use std::collections::BTreeMap;

/// Where the settings stand in a program, as the API spells it.
pub const PATH: &str = "widget";

/// Custom properties with a field of their own: name, title, example, and whether it is a colour.
pub const PROPERTIES: [(&str, &str, &str, bool); 10] = [
    ("--goodword-accent", key("Accent"), "#4f46e5", true),
    ("--goodword-background", key("Background"), "#ffffff", true),
    ("--goodword-soft", key("Soft background"), "#f5f6f9", true),
    ("--goodword-text", key("Text"), "#16181d", true),
    ("--goodword-muted", key("Quiet text"), "#5b6270", true),
    ("--goodword-border", key("Borders"), "#d9dce3", true),
    ("--goodword-radius", key("Corners"), "12px", false),
    ("--goodword-font", key("Font"), "Georgia, serif", false),
    ("--goodword-font-size", key("Size of text"), "16px", false),
    ("--goodword-max-width", key("Width at most"), "560px", false),
];

/// All of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DesignForm {
    pub theme: String,
    /// Empty: all.
    pub languages: Vec<String>,
    pub leaderboard: String,
    pub places: String,
    pub code_changes: String,
    pub payout_day: String,
    pub share_texts: Vec<String>,
    pub disclosure: String,
    /// Whether partners can send in content.
    pub content: bool,
    pub questions: Vec<QuestionForm>,
    pub assets: Vec<Asset>,
    pub milestones: Vec<MilestoneForm>,
    /// By name; an empty value is not said.
    pub properties: BTreeMap<String, String>,
    pub texts: Vec<TextForm>,
}

/// A question to who applies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QuestionForm {
    pub id: String,
    pub label: String,
    pub kind: String,
    pub required: bool,
    /// One a line.
    pub options: String,
}

/// Something a partner reaches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MilestoneForm {
    pub of: String,
    pub at: String,
    pub text: String,
}

/// One of the vendor's own words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextForm {
    pub language: String,
    pub name: String,
    pub text: String,
}

impl DesignForm {
    /// What a program says.
    pub fn of(w: &WidgetSettings) -> Self {
        let number = |number: Option<i64>| number.map_or_else(String::new, |number| number.to_string());
        let texts = w.texts.iter().flat_map(|(language, texts)| {
            texts.iter().map(|(name, text)| TextForm {
                language: language.clone(),
                name: name.clone(),
                text: text.clone(),
            })
        });
        Self {
            theme: w.theme.clone().unwrap_or_default(),
            languages: w.languages.clone(),
            leaderboard: w.leaderboard.clone().unwrap_or_default(),
            places: number(w.leaderboard_places),
            code_changes: number(w.code_changes),
            payout_day: number(w.payout_day),
            share_texts: w.share_texts.clone(),
            disclosure: w.disclosure.clone().unwrap_or_default(),
            content: w.content,
            questions: w.questions.iter().map(QuestionForm::of).collect(),
            assets: w.assets.clone(),
            milestones: w.milestones.iter().map(MilestoneForm::of).collect(),
            properties: w.properties.clone(),
            texts: texts.collect(),
        }
    }

    /// As it is sent. What is no number is refused here; the rest the server knows better.
    pub fn read(&self) -> Result<WidgetSettings, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut whole = |path: &str, text: &str| match text.trim() {
            "" => None,
            text => text.parse::<i64>().map_err(|_| faults.push(fault(path, t("type a whole number.")))).ok(),
        };
        let (places, changes) =
            (whole("leaderboardPlaces", &self.places), whole("codeChanges", &self.code_changes));
        let day = whole("payoutDay", &self.payout_day);
        let milestones = self.milestones.iter().enumerate().map(|(place, milestone)| Milestone {
            of: said(&milestone.of).unwrap_or_else(|| "leads".to_owned()),
            at: whole(&format!("milestones[{place}].at"), &milestone.at).unwrap_or_default(),
            text: milestone.text.trim().to_owned(),
        });
        let milestones = milestones.collect();
        let settings = WidgetSettings {
            leaderboard_places: places,
            code_changes: changes,
            payout_day: day,
            milestones,
            ..self.shown()
        };
        if faults.is_empty() { Ok(settings) } else { Err(faults) }
    }

    /// As far as a preview shows it, whether it could be saved or not.
    pub fn shown(&self) -> WidgetSettings {
        let mut texts: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        for text in self.texts.iter().filter(|text| !text.name.is_empty() && !text.text.trim().is_empty()) {
            let language = said(&text.language).unwrap_or_else(|| "en".to_owned());
            texts.entry(language).or_default().insert(text.name.trim().to_owned(), text.text.clone());
        }
        let kept = |(name, value): (&String, &String)| {
            (!value.trim().is_empty()).then(|| (name.clone(), value.trim().to_owned()))
        };
        WidgetSettings {
            theme: said(&self.theme),
            languages: self.languages.clone(),
            leaderboard: said(&self.leaderboard),
            share_texts: self.share_texts.iter().filter(|text| !text.trim().is_empty()).cloned().collect(),
            disclosure: said(&self.disclosure),
            content: self.content,
            questions: self.questions.iter().map(QuestionForm::read).collect(),
            assets: self.assets.clone(),
            properties: self.properties.iter().filter_map(kept).collect(),
            texts,
            ..WidgetSettings::default()
        }
    }

    /// Where refusals can be told.
    pub fn paths(&self) -> Vec<String> {
        let mut all: Vec<String> = [
            "theme",
            "leaderboard",
            "leaderboardPlaces",
            "codeChanges",
            "payoutDay",
            "languages",
            "disclosure",
        ]
        .map(str::to_owned)
        .to_vec();
        all.extend(PROPERTIES.iter().map(|(name, ..)| format!("properties.{name}")));
        let lists: [(&str, usize, &[&str]); 4] = [
            ("questions", self.questions.len(), &["id", "label", "type", "options"]),
            ("assets", self.assets.len(), &["title", "url", "type"]),
            ("milestones", self.milestones.len(), &["of", "at", "text"]),
            ("shareTexts", self.share_texts.len(), &[]),
        ];
        for (name, count, fields) in lists {
            for place in 0..count {
                all.push(format!("{name}[{place}]"));
                all.extend(fields.iter().map(|field| format!("{name}[{place}].{field}")));
            }
        }
        all.extend(self.texts.iter().map(|text| format!("texts.{}.{}", text.language, text.name)));
        all.iter().map(|path| format!("{PATH}.{path}")).collect()
    }
}

impl QuestionForm {
    fn of(q: &Question) -> Self {
        Self {
            id: q.id.clone(),
            label: q.label.clone(),
            kind: q.kind.clone().unwrap_or_default(),
            required: q.required,
            options: q.options.join("\n"),
        }
    }

    fn read(&self) -> Question {
        let is_choice = self.kind == "choice";
        let options = self.options.lines().map(str::trim).filter(|option| !option.is_empty() && is_choice);
        Question {
            id: self.id.trim().to_owned(),
            label: self.label.trim().to_owned(),
            kind: said(&self.kind),
            required: self.required,
            options: options.map(str::to_owned).collect(),
        }
    }
}

impl MilestoneForm {
    fn of(m: &Milestone) -> Self {
        Self { of: m.of.clone(), at: m.at.to_string(), text: m.text.clone() }
    }
}

fn said(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn fault(path: &str, reason: &str) -> Fault {
    Fault { path: format!("{PATH}.{path}"), reason: reason.to_owned() }
}

/// A text's own words in English, to be replaced: from the widget's own files.
pub fn usual(name: &str) -> Option<&'static str> {
    names().find(|(known, _)| *known == name).map(|(_, text)| text)
}

/// The names of all texts with their English words, in the order of the widget's files.
pub fn names() -> impl Iterator<Item = (&'static str, &'static str)> {
    let files =
        [include_str!("../../../widget/text/en.txt"), include_str!("../../../widget/text/share/en.txt")];
    let lines = files.into_iter().flat_map(str::lines);
    lines.filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(": "))
}

/// A colour as the browser's own field for colours takes it; none for one it cannot show.
pub fn swatch(value: &str) -> Option<String> {
    let hex = value.trim().strip_prefix('#')?;
    let plain = hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    match (plain, hex.len()) {
        (true, 6) => Some(format!("#{hex}")),
        (true, 3) => Some(hex.chars().fold("#".to_owned(), |text, c| format!("{text}{c}{c}"))),
        _ => None,
    }
}

#[cfg(test)]
#[path = "design_tests.rs"]
mod tests;
