//! The request's id: what the caller sent as `X-Request-Id`, or a new one. It is in the answer and in every line of the log
//! about the request, so that a complaint can be found there.

use crate::world::World;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

/// The header.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The longest id that is taken from a caller.
const LONGEST: usize = 128;

/// Sees to it that request and answer have the same id.
pub async fn identify(mut request: Request, next: Next) -> Response {
    let id = sent(request.headers()).cloned().unwrap_or_else(fresh);
    request.headers_mut().insert(X_REQUEST_ID, id.clone());
    let mut response = next.run(request).await;
    response.headers_mut().insert(X_REQUEST_ID, id);
    response
}

/// The caller's own id, if one was sent that is fit for a log.
pub fn sent(headers: &HeaderMap) -> Option<&HeaderValue> {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.:/+=".contains(byte);
    headers
        .get(X_REQUEST_ID)
        .filter(|id| (1..=LONGEST).contains(&id.len()) && id.as_bytes().iter().all(plain))
}

/// For answers that need not have an id: the caller's own comes back.
pub fn echo(id: Option<HeaderValue>, response: &mut Response) {
    if let Some(id) = id {
        response.headers_mut().insert(X_REQUEST_ID, id);
    }
}

/// The id, for the log.
pub fn shown(headers: &HeaderMap) -> &str {
    headers.get(X_REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default()
}

fn fresh() -> HeaderValue {
    let id = format!("req_{:032x}", World.bits());
    HeaderValue::try_from(id).unwrap_or(HeaderValue::from_static("req_0"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(id: &str, taken: bool) {
        let mut headers = HeaderMap::new();
        headers.insert(X_REQUEST_ID, HeaderValue::from_str(id).unwrap());
        assert_eq!(sent(&headers).is_some(), taken, "{id}");
    }

    #[test]
    fn ids_that_are_fit_for_a_log_are_taken() {
        check("a", true);
        check("Root=1-67891233-abcdef012345678912345678", true);
        check(&"x".repeat(128), true);
        check(&"x".repeat(129), false);
        check("", false);
        check("a b", false);
        check("a\"b", false);
    }
}
