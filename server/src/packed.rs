//! What is carried in the program as gzip packs it: sent so to whoever takes that, which is every browser, and unpacked to others.

use crate::error::Error;
use crate::http;
use axum::http::{HeaderMap, header};
use flate2::read::GzDecoder;
use std::io::Read as _;

/// Whether a caller takes an encoding.
pub fn takes(headers: &HeaderMap, encoding: &str) -> bool {
    let accepted = http::header(headers, header::ACCEPT_ENCODING).unwrap_or_default();
    accepted.split(',').any(|one| one.split(';').next().is_some_and(|name| name.trim() == encoding))
}

/// What was packed.
pub fn unpacked(packed: &[u8]) -> Result<Vec<u8>, Error> {
    let mut plain = Vec::new();
    let read = GzDecoder::new(packed).read_to_end(&mut plain);
    read.map_err(|e| Error::internal(format!("what the program carries is broken: {e}")))?;
    Ok(plain)
}
