//! What differs between two states of a thing, told field by field.

use serde_json::Value;
use std::collections::BTreeSet;
use yew::prelude::*;

/// What is called so, and its text before and after; none where there was or is nothing.
pub type Change = (String, Option<String>, Option<String>);

/// Each change with both of its texts.
pub fn told(changes: Vec<Change>) -> Html {
    if changes.is_empty() {
        return html! { <span class="quiet">{ "–" }</span> };
    }
    html! {
        <dl class="changes">
            { for changes.into_iter().map(|(name, before, after)| html! {
                <div key={name.clone()}><dt>{ name.replace('_', " ") }</dt>
                    <dd>
                        if let Some(before) = before { <del>{ before }</del>{ " " } }
                        if let Some(after) = after { <ins>{ after }</ins> }
                    </dd></div>
            }) }
        </dl>
    }
}

/// The fields of both sides that differ, with their values as text; of parts within parts the path.
pub fn changes(before: Option<&Value>, after: Option<&Value>) -> Vec<Change> {
    let mut all = Vec::new();
    gather(&mut all, "", before, after);
    all
}

fn gather(all: &mut Vec<Change>, path: &str, before: Option<&Value>, after: Option<&Value>) {
    let object = |value: Option<&Value>| value.and_then(Value::as_object).cloned();
    match (object(before), object(after)) {
        (None, None) => {
            let (before, after) = (before.and_then(plain), after.and_then(plain));
            if before != after {
                all.push((path.to_owned(), before, after));
            }
        }
        (before, after) => {
            let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
            let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
            for name in names {
                let path = if path.is_empty() { name.clone() } else { format!("{path} › {name}") };
                gather(all, &path, before.get(name), after.get(name));
            }
        }
    }
}

/// A value as text; nothing for nothing.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn changes_are_told_field_by_field() {
        let told = changes(
            Some(&json!({ "open": true, "terms": { "hold": 30, "same": 1 }, "note": null })),
            Some(&json!({ "open": false, "terms": { "hold": 14, "same": 1 }, "note": "" })),
        );
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            told,
            [
                ("open".to_owned(), some("true"), some("false")),
                ("terms › hold".to_owned(), some("30"), some("14")),
            ]
        );
        assert_eq!(changes(None, Some(&json!({ "name": "Tea" }))), [("name".to_owned(), None, some("Tea"))]);
        assert!(changes(None, None).is_empty());
    }
}
