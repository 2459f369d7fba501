//! `Accept`: whoever takes none of the types a route answers in hears so, before anything is changed.

use crate::error::Error;
use crate::http::header;
use axum::extract::Request;
use axum::http::{Method, header as names};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

const JSON: &str = "application/json";

/// Answers in a type the caller takes, or refuses. What changes something answers in JSON, so that is known beforehand; what only
/// reads may answer in other types, and is looked at when it has.
pub async fn suit(request: Request, next: Next) -> Response {
    let Some(taken) = header(request.headers(), names::ACCEPT).map(str::to_owned) else {
        return next.run(request).await;
    };
    if takes(&taken, JSON) {
        return next.run(request).await;
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return refused(JSON);
    }
    let response = next.run(request).await;
    let kind = header(response.headers(), names::CONTENT_TYPE).unwrap_or_default().to_owned();
    let suits = !response.status().is_success() || kind.is_empty() || takes(&taken, &kind);
    if suits { response } else { refused(&kind) }
}

fn refused(kind: &str) -> Response {
    Error::NotAcceptable(format!("This is answered as {kind}, which `Accept` does not name: add it."))
        .into_response()
}

/// Whether an `Accept` header names a type or a range it is in. One that names no range at all says nothing.
fn takes(accept: &str, kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let family = kind.split('/').next().unwrap_or_default();
    let mut ranges = accept.split(',').filter_map(wanted).filter(|range| range.contains('/')).peekable();
    ranges.peek().is_none()
        || ranges.any(|range| {
            let of_family =
                range.strip_suffix("/*").is_some_and(|of| of == "*" || of.eq_ignore_ascii_case(family));
            of_family || range.eq_ignore_ascii_case(kind)
        })
}

/// The range of one part of the header, unless its weight is 0.
fn wanted(part: &str) -> Option<&str> {
    let mut fields = part.split(';').map(str::trim);
    let range = fields.next().filter(|range| !range.is_empty())?;
    let weight = fields.find_map(|field| field.strip_prefix("q=").or_else(|| field.strip_prefix("Q=")));
    let unwanted = weight.is_some_and(|q| q.starts_with('0') && q.bytes().all(|b| matches!(b, b'0' | b'.')));
    (!unwanted).then_some(range)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(accept: &str, kind: &str, expected: bool) {
        assert_eq!(takes(accept, kind), expected, "{accept} and {kind}");
    }

    #[test]
    fn ranges_and_weights() {
        check("*/*", JSON, true);
        check("application/json", "application/json; charset=utf-8", true);
        check("text/html, application/*;q=0.2", JSON, true);
        check("application/xml", JSON, false);
        check("text/html, application/json;q=0", JSON, false);
        check("text/html, application/json; q=0.0", JSON, false);
        check("text/html, application/json; q=0.05", JSON, true);
        check("text/csv", "text/csv; charset=utf-8", true);
        check("", JSON, true);
        check("nonsense", JSON, true);
    }
}
