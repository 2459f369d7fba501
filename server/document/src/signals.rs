//! The settings of signals as a document: `{"velocity": {"action": "hold", "perHour": 60}, "bannedSources": [..]}`.

use goodword_domain::Invalid;
use goodword_domain::risk::{Settings, Value};
use goodword_wire::Metadata;
use serde_json::Value as Json;

/// Settings with what a document says of them; what it leaves out stays.
pub fn read(settings: Settings, document: &Metadata) -> Result<Settings, Invalid> {
    let pairs = document.iter().map(pairs).collect::<Result<Vec<_>, _>>()?.concat();
    let known: Vec<&str> = Settings::default().values().into_iter().map(|(name, _)| name).collect();
    let named: Vec<(&str, Value)> =
        pairs.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    settings.with(&named).map_err(|refusal| {
        if known.contains(&refusal.field.as_ref()) { refusal.within("signals") } else { refusal }
    })
}

/// All settings.
pub fn show(settings: &Settings) -> Metadata {
    nested(settings.values())
}

/// The settings that are not as they come.
pub fn changes(settings: &Settings) -> Metadata {
    nested(settings.changes().into_iter().map(|change| (change.field, change.value)).collect())
}

/// A value as JSON.
pub fn told(value: Value) -> Json {
    match value {
        Value::Word(word) => word.into(),
        Value::Number(number) => number.into(),
        Value::Sites(sites) => sites.into(),
    }
}

/// The settings that one entry of a document names: those of a rule, or a list.
fn pairs((name, value): (&String, &Json)) -> Result<Vec<(String, Value)>, Invalid> {
    match value {
        Json::Object(rule) => {
            rule.iter().map(|(key, value)| single(&format!("{name}.{key}"), value)).collect()
        }
        _ => Ok(vec![single(name, value)?]),
    }
}

fn single(name: &str, value: &Json) -> Result<(String, Value), Invalid> {
    let read = match value {
        Json::String(word) => Some(Value::Word(word.clone())),
        Json::Number(number) => number.as_i64().map(Value::Number),
        Json::Array(sites) => {
            let texts: Option<Vec<String>> =
                sites.iter().map(|site| site.as_str().map(str::to_owned)).collect();
            texts.map(Value::Sites)
        }
        Json::Null | Json::Bool(_) | Json::Object(_) => None,
    };
    let remedy = "must be an action's word, a whole number or a list of sites: see GET /v1/signals.";
    read.map(|value| (name.to_owned(), value)).ok_or_else(|| Invalid::new(format!("signals.{name}"), remedy))
}

fn nested(values: Vec<(&'static str, Value)>) -> Metadata {
    let mut document = Metadata::new();
    for (name, value) in values {
        match name.split_once('.') {
            Some((rule, key)) => {
                let entry = document.entry(rule).or_insert_with(|| Json::Object(Metadata::new()));
                if let Json::Object(entry) = entry {
                    entry.insert(key.to_owned(), told(value));
                }
            }
            None => {
                document.insert(name.to_owned(), told(value));
            }
        }
    }
    document
}

#[cfg(test)]
mod tests {
    use super::*;
    use goodword_domain::risk::{Action, Rule, Threshold};

    fn document(text: &str) -> Metadata {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn there_and_back() {
        let text = r#"{"velocity":{"action":"block","perHour":31},"bannedSources":["deals.example"]}"#;
        let settings = read(Settings::default(), &document(text)).unwrap();
        assert_eq!(settings.action(Rule::Velocity), Action::Block);
        assert_eq!(changes(&settings), document(text));
        assert_eq!(read(Settings::default(), &show(&settings)).unwrap(), settings);
        let more = read(settings, &document(r#"{"velocity":{"perDay":99}}"#)).unwrap();
        assert_eq!((more.threshold(Threshold::PerHour), more.threshold(Threshold::PerDay)), (31, 99));
    }

    #[test]
    fn a_refusal_names_the_field() {
        for (text, field) in [
            (r#"{"velocity":{"perHour":0}}"#, "signals.velocity.perHour"),
            (r#"{"velocity":{"perHour":1.5}}"#, "signals.velocity.perHour"),
            (r#"{"velocity":{"action":"kill"}}"#, "signals.velocity.action"),
            (r#"{"velocity":{"action":true}}"#, "signals.velocity.action"),
            (r#"{"bannedSources":[1]}"#, "signals.bannedSources"),
            (r#"{"bannedSources":["x y"]}"#, "signals.bannedSources"),
            (r#"{"speed":{"action":"hold"}}"#, "signals"),
            (r#"{"velocity":"hold"}"#, "signals"),
        ] {
            let refusal = read(Settings::default(), &document(text)).unwrap_err();
            assert_eq!(refusal.field, field, "{text}");
        }
    }
}
