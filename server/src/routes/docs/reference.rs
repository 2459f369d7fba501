//! `/docs/api`: the reference, drawn from the OpenAPI document without a script.

use crate::error::Error;
use crate::manners::{tag_of, unless_known};
use crate::openapi;
use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::OnceLock;

#[derive(Template)]
#[template(path = "api.html")]
struct Reference {
    sections: Vec<Section>,
    records: Vec<Record>,
}

struct Section {
    name: String,
    operations: Vec<Operation>,
}

struct Operation {
    id: String,
    method: String,
    path: String,
    summary: String,
    description: String,
    parameters: Vec<Field>,
    body: Option<Link>,
    answer: Option<Link>,
}

struct Record {
    name: String,
    description: String,
    fields: Vec<Field>,
}

struct Field {
    name: String,
    kind: String,
    description: String,
}

/// A record named, one or a list.
struct Link {
    record: String,
    list: bool,
}

/// `GET /docs/api`
pub async fn page(headers: HeaderMap) -> Result<Response, Error> {
    /// The page and its tag.
    static PAGE: OnceLock<(String, String)> = OnceLock::new();
    if PAGE.get().is_none() {
        let page = render(&openapi::shipped()?)?;
        let tag = tag_of(page.as_bytes());
        drop(PAGE.set((page, tag)));
    }
    let Some((page, tag)) = PAGE.get() else { return Err(Error::internal("the reference is not drawn")) };
    Ok(unless_known(&headers, tag, || super::answer(page)))
}

/// The page's HTML.
fn render(document: &Value) -> Result<String, Error> {
    let mut sections: Vec<Section> = Vec::new();
    for (tag, operation) in operations(document) {
        match sections.iter_mut().find(|s| s.name == tag) {
            Some(section) => section.operations.push(operation),
            None => sections.push(Section { name: tag, operations: vec![operation] }),
        }
    }
    let page = Reference { sections, records: records(document) };
    page.render().map_err(|e| Error::internal(e.to_string()))
}

fn operations(document: &Value) -> impl Iterator<Item = (String, Operation)> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths.flat_map(|(path, methods)| {
        let methods = methods.as_object().into_iter().flatten();
        methods.map(move |(method, operation)| {
            (text(&operation["tags"][0]), read_operation(method, path, operation))
        })
    })
}

fn read_operation(method: &str, path: &str, o: &Value) -> Operation {
    let parameters = o["parameters"].as_array().into_iter().flatten();
    Operation {
        id: format!("{method}{}", path.replace(['/', '{', '}'], "-")),
        method: method.to_ascii_uppercase(),
        path: path.to_owned(),
        summary: text(&o["summary"]),
        description: text(&o["description"]),
        parameters: parameters.map(|p| field(&text(&p["name"]), &p["schema"], &p["description"])).collect(),
        body: link(&o["requestBody"]["content"]["application/json"]["schema"]),
        answer: ["200", "201"]
            .iter()
            .find_map(|status| link(&o["responses"][status]["content"]["application/json"]["schema"])),
    }
}

fn records(document: &Value) -> Vec<Record> {
    let schemas = document["components"]["schemas"].as_object().into_iter().flatten();
    schemas
        .map(|(name, schema)| {
            let fields = properties(document, schema);
            Record {
                name: name.clone(),
                description: text(&schema["description"]),
                fields: fields.into_iter().map(|(name, s)| field(name, s, &s["description"])).collect(),
            }
        })
        .collect()
}

/// A schema's fields, those of the schemas it is made of included; of two by one name the later.
fn properties<'a>(document: &'a Value, schema: &'a Value) -> BTreeMap<&'a str, &'a Value> {
    let mut fields = BTreeMap::new();
    for part in schema["allOf"].as_array().into_iter().flatten() {
        let named = record_name(part).map(|name| &document["components"]["schemas"][name]);
        fields.extend(properties(document, named.unwrap_or(part)));
    }
    let own = schema["properties"].as_object().into_iter().flatten();
    fields.extend(own.map(|(name, schema)| (name.as_str(), schema)));
    fields
}

fn field(name: &str, schema: &Value, description: &Value) -> Field {
    Field { name: name.to_owned(), kind: kind(schema), description: text(description) }
}

/// A type in words: `text`, `integer or null`, `list of Link`.
fn kind(schema: &Value) -> String {
    if let Some(record) = record_name(schema) {
        return record;
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        return choices.iter().map(kind).collect::<Vec<_>>().join(" or ");
    }
    let word = |t: &Value| match t.as_str() {
        Some("array") => format!("list of {}", kind(&schema["items"])),
        Some("string") => "text".to_owned(),
        Some("boolean") => "true or false".to_owned(),
        other => other.unwrap_or("anything").to_owned(),
    };
    match &schema["type"] {
        Value::Array(types) => types.iter().map(word).collect::<Vec<_>>().join(" or "),
        single => word(single),
    }
}

fn link(schema: &Value) -> Option<Link> {
    let (schema, list) = if schema["type"] == "array" { (&schema["items"], true) } else { (schema, false) };
    record_name(schema).map(|record| Link { record, list })
}

fn record_name(schema: &Value) -> Option<String> {
    schema["$ref"].as_str().and_then(|r| r.rsplit('/').next()).map(str::to_owned)
}

/// Text without the backticks that mark code in Markdown.
fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().replace('`', "")
}
