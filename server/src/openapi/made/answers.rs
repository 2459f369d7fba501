//! The answers every route may give, and the headers that come with them.

use crate::brisk;
use serde_json::{Map, Value, json};

/// The refusals there are: status, name, and what it means. That of a method is none of an operation's, for it has one.
const REFUSALS: &[(&str, &str, &str)] = &[
    (
        "400",
        "BadRequest",
        "The request cannot be read: the body is no JSON, a parameter is not as documented.",
    ),
    ("401", "Unauthorized", "Nobody, or somebody unknown, asks."),
    ("403", "Forbidden", "Whoever asks may not do this."),
    ("404", "NotFound", "It is not there, or not the caller's."),
    (
        "405",
        "MethodNotAllowed",
        "The address does not take this method; the header `Allow` names those it takes.",
    ),
    ("406", "NotAcceptable", "`Accept` names no type this is answered in."),
    (
        "409",
        "Conflict",
        "It contradicts what is there, or an `Idempotency-Key` that was used for something else.",
    ),
    ("413", "TooLarge", "The body is larger than is taken."),
    ("415", "UnsupportedMediaType", "The body is of a type that is not taken."),
    ("422", "Unprocessable", "A field is not acceptable; the message names it."),
    ("429", "TooManyRequests", "Too many requests: `Retry-After` says in how many seconds to come again."),
    ("500", "Failed", "The server failed; nothing was stored."),
    (
        "503",
        "Busy",
        "The server is busy or cannot reach its database: send the request again after `Retry-After`.",
    ),
    ("507", "DiskFull", "The server's disk is full; nothing was stored."),
];

/// Adds to an operation's own answers those any of its kind may give, and says of each what it is.
pub fn complete(method: &str, path: &str, takes_body: bool, answers: &mut Map<String, Value>) {
    answers.remove("4XX");
    let changes = method != "get";
    for (status, name, _) in REFUSALS {
        let possible = match *status {
            "409" | "507" => changes,
            "413" | "415" => takes_body,
            "406" => !brisk::is_brisk(path),
            _ => true,
        };
        if possible && !answers.contains_key(*status) {
            answers.insert((*status).into(), json!({ "$ref": format!("#/components/responses/{name}") }));
        }
    }
    if method == "get" {
        answers.entry("304").or_insert_with(|| json!({}));
    }
    for (status, answer) in answers.iter_mut() {
        if answer.get("$ref").is_none() && answer["description"].as_str().is_none_or(str::is_empty) {
            answer["description"] = json!(meaning(status));
        }
        if status.starts_with('2') && !brisk::is_brisk(path) {
            answer["headers"] = success_headers(method);
        }
    }
}

fn meaning(status: &str) -> &'static str {
    match status {
        "202" => "It will be done.",
        "204" => "It is done.",
        "304" => "It is as the `ETag` sent in `If-None-Match` says.",
        _ => "The answer.",
    }
}

fn success_headers(method: &str) -> Value {
    let names = ["X-Request-Id", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"];
    let tag = (method == "get").then_some("ETag");
    let told = names.into_iter().chain(tag);
    told.map(|name| (name.to_owned(), json!({ "$ref": format!("#/components/headers/{name}") }))).collect()
}

/// The refusals, as components.
pub fn refusals() -> Value {
    let told = REFUSALS.iter().map(|(status, name, about)| {
        let schema = json!({ "$ref": "#/components/schemas/ErrorBody" });
        let mut answer =
            json!({ "description": about, "content": { "application/json": { "schema": schema } } });
        if matches!(*status, "429" | "503") {
            answer["headers"] = json!({ "Retry-After": { "$ref": "#/components/headers/Retry-After" } });
        }
        ((*name).to_owned(), answer)
    });
    told.collect()
}

/// The headers, as components.
pub fn headers() -> Value {
    let number = |about: &str| json!({ "description": about, "schema": { "type": "integer", "minimum": 0 } });
    let text = |about: &str| json!({ "description": about, "schema": { "type": "string" } });
    json!({
        "X-Request-Id": text("The request's id, also in the server's log: the one that was sent, or a new one."),
        "X-RateLimit-Limit": number("How many requests a minute this caller may send. Not sent where there is no limit."),
        "X-RateLimit-Remaining": number("How many of them are left now."),
        "X-RateLimit-Reset": number("When all of them are there again, in seconds since 1970."),
        "Retry-After": number("In how many seconds to come again."),
        "ETag": text("What `If-None-Match` takes: while nothing has changed the answer is an empty 304."),
    })
}

/// The parameters many routes take.
pub fn parameters() -> Value {
    json!({
        "IdempotencyKey": {
            "name": "Idempotency-Key",
            "in": "header",
            "required": false,
            "description": "A name for this request, of your choice and best random: the same request under the same key is done once and gets the first answer; another one under it is refused with 409.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]([ -~]*[!-~])?$" }
        }
    })
}
