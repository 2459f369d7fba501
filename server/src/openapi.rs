//! The `OpenAPI` document as it is checked in, packed into the program.

#[cfg(debug_assertions)]
pub mod made;

use crate::error::Error;
use crate::manners::{tag_of, unless_known};
use crate::packed;
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse as _;
use axum::response::Response;
use serde_json::Value;
use std::sync::LazyLock;

/// As gzip packs it.
const PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/openapi.json.gz"));

/// `GET /openapi.json`
pub async fn document(headers: HeaderMap) -> Result<Response, Error> {
    static TAG: LazyLock<String> = LazyLock::new(|| tag_of(PACKED));
    const KIND: (header::HeaderName, &str) = (header::CONTENT_TYPE, "application/json");
    const VARY: (header::HeaderName, &str) = (header::VARY, "accept-encoding");
    if packed::takes(&headers, "gzip") {
        let packed = || ([KIND, VARY, (header::CONTENT_ENCODING, "gzip")], PACKED).into_response();
        return Ok(unless_known(&headers, &TAG, packed));
    }
    let plain = packed::unpacked(PACKED)?;
    Ok(unless_known(&headers, &TAG, || ([KIND, VARY], plain).into_response()))
}

/// As text.
pub fn text() -> Result<String, Error> {
    String::from_utf8(packed::unpacked(PACKED)?).map_err(|e| Error::internal(e.to_string()))
}

/// As a value.
pub fn shipped() -> Result<Value, Error> {
    serde_json::from_str(&text()?).map_err(|e| Error::internal(e.to_string()))
}
