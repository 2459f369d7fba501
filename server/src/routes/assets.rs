//! What browsers load from us: the script, the widget, the console. Built by `cargo xtask wasm`, embedded in the binary: packed, as
//! every browser takes it. Whoever takes nothing packed gets it unpacked.

use crate::app::{App, Shared};
use crate::error::Error;
use crate::http::{Query, header as read_header};
use crate::packed::{takes, unpacked};
use crate::store::KeyOwner;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// Every file as `NAME.br` and `NAME.gz`.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../target/assets"]
#[include = "*.br"]
#[include = "*.gz"]
struct Assets;

/// How long a browser keeps a file.
#[derive(Clone, Copy)]
enum Keep {
    /// Its name has its content's hash in it.
    ForEver,
    /// Five minutes, then asks whether it changed.
    AWhile,
    /// Asks each time whether it changed.
    Never,
}

/// `GET /goodword.js`
pub async fn script(State(app): State<Shared>, headers: HeaderMap) -> Result<Response, Error> {
    if let Some(page) = read_header(&headers, header::REFERER) {
        app.installations.note_script(page, app.world.now());
    }
    serve("goodword.js", &headers, Keep::AWhile)
}

/// The hash of the script in this binary.
pub fn script_hash() -> Option<&'static str> {
    static HASH: LazyLock<Option<String>> = LazyLock::new(|| {
        Some(crate::hash::hex(&Sha256::digest(unpacked(&packed("goodword.js")?.data).ok()?)))
    });
    HASH.as_deref()
}

/// `GET /w/{file}`: the widget, loaded on demand.
pub async fn widget(Path(file): Path<String>, headers: HeaderMap) -> Result<Response, Error> {
    serve(&format!("w/{file}"), &headers, Keep::ForEver)
}

/// The query of the frame.
#[derive(serde::Deserialize)]
pub struct FrameQuery {
    pk: Option<String>,
}

/// `GET /embed/frame`: the widget on our own origin, for pages whose policy forbids wasm. Only the vendor's own pages
/// may frame it.
pub async fn frame(
    State(app): State<Shared>,
    Query(query): Query<FrameQuery>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let origins = framing_origins(&app, query.pk.as_deref().unwrap_or_default()).await?;
    let mut response = serve("frame.html", &headers, Keep::Never)?;
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; style-src 'self'; img-src 'self' data:; \
         frame-ancestors 'self' {}",
        origins.join(" ")
    );
    set(&mut response, header::CONTENT_SECURITY_POLICY, &policy);
    Ok(response)
}

async fn framing_origins(app: &App, key: &str) -> Result<Vec<String>, Error> {
    let key_hash = crate::hash::sha256(key);
    let origins = app.store.read(move |tx| {
        let Some(KeyOwner { vendor: owner, .. }) = tx.key_owner(&key_hash)? else { return Ok(Vec::new()) };
        let vendor = tx.vendor(&owner)?;
        vendor.map_or(Ok(Vec::new()), |v| Ok(tx.origins(v.live_id())?))
    });
    origins.await
}

/// `GET /console/…`: its files; every other address under it is a page of the application.
pub async fn console(path: Option<Path<String>>, headers: HeaderMap) -> Result<Response, Error> {
    let file =
        path.map(|p| format!("console/{}", p.0)).filter(|f| packed(f).is_some() && f != "console/index.html");
    let (file, keep) = file.map_or(("console/index.html".to_owned(), Keep::Never), |f| (f, Keep::ForEver));
    let mut response = serve(&file, &headers, keep)?;
    let policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
                  frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
    set(&mut response, header::CONTENT_SECURITY_POLICY, policy);
    set(&mut response, header::REFERRER_POLICY, "same-origin");
    Ok(response)
}

fn serve(file: &str, headers: &HeaderMap, keep: Keep) -> Result<Response, Error> {
    let packed = packed(file).ok_or_else(|| missing(file))?;
    let tag = format!("\"{}\"", &crate::hash::hex(&packed.metadata.sha256_hash())[..32]);
    if read_header(headers, header::IF_NONE_MATCH) == Some(tag.as_str()) {
        let mut response = StatusCode::NOT_MODIFIED.into_response();
        cache(&mut response, keep, &tag);
        return Ok(response);
    }
    let smallest = takes(headers, "br").then(|| Assets::get(&format!("{file}.br"))).flatten();
    let (encoding, body) = match smallest {
        Some(smallest) => (Some("br"), Body::from(smallest.data)),
        None if takes(headers, "gzip") => (Some("gzip"), Body::from(packed.data)),
        None => (None, Body::from(unpacked(&packed.data)?)),
    };
    let mut response = Response::new(body);
    if let Some(name) = encoding {
        set(&mut response, header::CONTENT_ENCODING, name);
    }
    set(&mut response, header::CONTENT_TYPE, content_type(file));
    set(&mut response, header::VARY, "accept-encoding");
    set(&mut response, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    response.headers_mut().insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    cache(&mut response, keep, &tag);
    Ok(response)
}

/// A file as gzip has packed it.
fn packed(file: &str) -> Option<EmbeddedFile> {
    Assets::get(&format!("{file}.gz"))
}

fn cache(response: &mut Response, keep: Keep, tag: &str) {
    let control = match keep {
        Keep::ForEver => "public, max-age=31536000, immutable",
        Keep::AWhile => "public, max-age=300",
        Keep::Never => "no-cache",
    };
    set(response, header::CACHE_CONTROL, control);
    set(response, header::ETAG, tag);
}

fn set(response: &mut Response, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

fn content_type(file: &str) -> &'static str {
    match file.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css; charset=utf-8",
        Some("html") => "text/html; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn missing(file: &str) -> Error {
    if packed("goodword.js").is_none() {
        return Error::NotFound(
            "This binary was built without its pages: run `cargo xtask wasm`, then build it again.".into(),
        );
    }
    Error::NotFound(format!("There is no {file} here."))
}
