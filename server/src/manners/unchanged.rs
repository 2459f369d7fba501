//! `ETag` and `If-None-Match`: whoever asks again and again, as consoles and partners' pages do, is sent an answer only when it
//! has changed. It is made either way; what is saved is the way to the reader.

use crate::hash;
use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header as names};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// The largest answer that gets a tag, bytes: with more, hashing costs as much as it saves.
const LARGEST: u64 = 1024 * 1024;

/// Gives an answer that was read a tag, and leaves out its body if the caller has it.
pub async fn tagged(request: Request, next: Next) -> Response {
    if request.method() != Method::GET {
        return next.run(request).await;
    }
    let known = request.headers().get(names::IF_NONE_MATCH).cloned();
    let response = next.run(request).await;
    let is_small = response.body().size_hint().exact().is_some_and(|size| size <= LARGEST);
    let has_tag = response.headers().contains_key(names::ETAG);
    if response.status() != StatusCode::OK || has_tag || !is_small {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let tag = tag_of(&bytes);
    // What a person may see is for his or her own browser to keep, and to ask about each time.
    parts.headers.entry(names::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
    if known.as_ref().is_some_and(|known| names_tag(known, &tag)) {
        return not_modified(&parts.headers, &tag);
    }
    insert(&mut parts.headers, &tag);
    Response::from_parts(parts, Body::from(bytes))
}

/// An answer made once and for all, unless the caller has it.
pub fn unless_known(headers: &HeaderMap, tag: &str, answer: impl FnOnce() -> Response) -> Response {
    let mut response = match headers.get(names::IF_NONE_MATCH) {
        Some(known) if names_tag(known, tag) => StatusCode::NOT_MODIFIED.into_response(),
        _ => answer(),
    };
    insert(response.headers_mut(), tag);
    response.headers_mut().insert(names::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

/// The tag of a content.
pub fn tag_of(bytes: &[u8]) -> String {
    format!("\"{}\"", &hash::sha256_of_bytes(bytes)[..32])
}

fn not_modified(headers: &HeaderMap, tag: &str) -> Response {
    let mut response = StatusCode::NOT_MODIFIED.into_response();
    if let Some(control) = headers.get(names::CACHE_CONTROL) {
        response.headers_mut().insert(names::CACHE_CONTROL, control.clone());
    }
    insert(response.headers_mut(), tag);
    response
}

fn insert(headers: &mut HeaderMap, tag: &str) {
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(names::ETAG, tag);
    }
}

/// Whether an `If-None-Match` header names a tag; proxies that compress turn a tag into a weak one.
fn names_tag(known: &HeaderValue, tag: &str) -> bool {
    let known = known.to_str().unwrap_or_default();
    known.split(',').map(str::trim).any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(known: &str, expected: bool) {
        assert_eq!(names_tag(&HeaderValue::from_str(known).unwrap(), "\"a\""), expected, "{known}");
    }

    #[test]
    fn tags_are_compared_weakly() {
        check("\"a\"", true);
        check("W/\"a\"", true);
        check("\"b\", \"a\"", true);
        check("*", true);
        check("\"b\"", false);
        check("a", false);
    }
}
