//! The server, as the console speaks with it: the cookie is the browser's business, the rest is here.

use crate::browser;
use crate::route::Mode;
use crate::text::t;
use goodword_wire::ErrorBody;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Blob, Headers, RequestCache, RequestInit, Response};

/// Longer than any answer takes; a connection that hangs must not stop the polling.
const PATIENCE_MS: u32 = 10_000;

/// Longer than a server takes for what has many rows, unless it was told to take longer.
const LONG_PATIENCE_MS: u32 = 120_000;

const JSON: &str = "application/json";

/// Rows asked for at a time.
pub const PAGE_SIZE: usize = 50;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The HTTP status; 0 if the server was not reached.
    pub status: u16,
    /// The server's words, or ours.
    pub message: String,
}

impl Failure {
    /// What was typed is refused before it is sent.
    pub fn of_input(message: impl Into<String>) -> Self {
        Self { status: 400, message: message.into() }
    }

    fn unreachable() -> Self {
        Self {
            status: 0,
            message: t("The server does not answer. Check that it runs and that you are online.").into(),
        }
    }

    fn unreadable(status: u16) -> Self {
        Self {
            status,
            message: t!("The server gave an answer the console cannot read (HTTP {status}).", status),
        }
    }

    /// Whether nobody is logged in.
    pub fn is_unauthorized(&self) -> bool {
        self.status == 401
    }
}

/// What is sent.
struct Payload<'a> {
    media_type: &'static str,
    text: &'a str,
    /// What makes the request the same when it is sent again.
    key: Option<&'a str>,
    /// How long the answer may take, milliseconds.
    patience: u32,
}

impl<'a> Payload<'a> {
    fn new(media_type: &'static str, text: &'a str) -> Self {
        Self { media_type, text, key: None, patience: PATIENCE_MS }
    }
}

/// Reads.
pub async fn get<T: DeserializeOwned>(mode: Mode, path: &str) -> Result<T, Failure> {
    read(&send(mode, "GET", path, None).await?)
}

/// Writes, and reads the answer.
pub async fn write<T: DeserializeOwned>(
    mode: Mode,
    method: &str,
    path: &str,
    body: &impl Serialize,
) -> Result<T, Failure> {
    let text = serde_json::to_string(body).map_err(|_| Failure::unreadable(0))?;
    read(&send(mode, method, path, Some(Payload::new(JSON, &text))).await?)
}

/// Posts something that must happen once, however often it is sent under this key, and reads the answer.
pub async fn post_once<T: DeserializeOwned>(
    mode: Mode,
    path: &str,
    key: &str,
    body: &impl Serialize,
) -> Result<T, Failure> {
    let text = serde_json::to_string(body).map_err(|_| Failure::unreadable(0))?;
    read(&send(mode, "POST", path, Some(Payload { key: Some(key), ..Payload::new(JSON, &text) })).await?)
}

/// Posts what needs no more words than its path, and reads the answer.
pub async fn post<T: DeserializeOwned>(mode: Mode, path: &str) -> Result<T, Failure> {
    read(&send(mode, "POST", path, None).await?)
}

/// Takes away.
pub async fn delete(mode: Mode, path: &str) -> Result<(), Failure> {
    send(mode, "DELETE", path, None).await.map(drop)
}

/// Posts a file of comma-separated values, and reads the answer.
pub async fn post_csv<T: DeserializeOwned>(mode: Mode, path: &str, text: &str) -> Result<T, Failure> {
    read(&send(mode, "POST", path, Some(Payload::new("text/csv", text))).await?)
}

/// The same for a file whose rows are stored one by one.
pub async fn post_long_csv<T: DeserializeOwned>(mode: Mode, path: &str, text: &str) -> Result<T, Failure> {
    let body = Payload { patience: LONG_PATIENCE_MS, ..Payload::new("text/csv", text) };
    read(&send(mode, "POST", path, Some(body)).await?)
}

/// Reads a text.
pub async fn get_text(mode: Mode, path: &str) -> Result<String, Failure> {
    send(mode, "GET", path, None).await
}

/// Puts a text of that media type in the place of what is there, and reads the answer.
pub async fn put_text<T: DeserializeOwned>(
    mode: Mode,
    path: &str,
    media_type: &'static str,
    text: &str,
) -> Result<T, Failure> {
    read(&send(mode, "PUT", path, Some(Payload::new(media_type, text))).await?)
}

/// Reads a file and hands it to the user, under the name the server gives it.
pub async fn download(mode: Mode, path: &str) -> Result<(), Failure> {
    let response = fetch(mode, "GET", path, None).await?;
    let disposition = response.headers().get("Content-Disposition").ok().flatten();
    let name = disposition.as_deref().map_or("statement.html", file_name);
    let blob = async { JsFuture::from(response.blob()?).await?.dyn_into::<Blob>() };
    let blob = blob.await.map_err(|_| Failure::unreachable())?;
    browser::save(&blob, name).map_err(|_| Failure::unreadable(response.status()))
}

/// The name in `attachment; filename="…"`.
fn file_name(disposition: &str) -> &str {
    disposition.split_once("filename=").map_or("download", |(_, name)| name.trim_matches('"'))
}

/// Ends the session.
pub async fn log_out() -> Result<(), Failure> {
    send(Mode::Live, "DELETE", "/v1/session", None).await.map(|_| ())
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, Failure> {
    serde_json::from_str(text).map_err(|_| Failure::unreadable(200))
}

async fn send(mode: Mode, method: &str, path: &str, body: Option<Payload<'_>>) -> Result<String, Failure> {
    let response = fetch(mode, method, path, body).await?;
    text(&response).await.map_err(|_| Failure::unreachable())
}

/// The answer, unless it is a refusal.
async fn fetch(mode: Mode, method: &str, path: &str, body: Option<Payload<'_>>) -> Result<Response, Failure> {
    let request = request(mode, method, body).map_err(|_| Failure::unreachable())?;
    let window = web_sys::window().ok_or_else(Failure::unreachable)?;
    let answer = JsFuture::from(window.fetch_with_str_and_init(path, &request)).await;
    let response: Response = answer.and_then(JsCast::dyn_into).map_err(|_| Failure::unreachable())?;
    if response.ok() {
        return Ok(response);
    }
    let words = text(&response).await.map_err(|_| Failure::unreachable())?;
    Err(refusal(response.status(), &words))
}

fn request(mode: Mode, method: &str, body: Option<Payload<'_>>) -> Result<RequestInit, JsValue> {
    let headers = Headers::new()?;
    headers.set("Goodword-Mode", mode.word())?;
    if method != "GET" {
        headers.set("Goodword-Console", "1")?;
    }
    let init = RequestInit::new();
    init.set_method(method);
    init.set_cache(RequestCache::NoStore);
    let patience = body.as_ref().map_or(PATIENCE_MS, |body| body.patience);
    init.set_signal(Some(&AbortSignal::timeout_with_u32(patience)));
    if let Some(body) = body {
        headers.set("Content-Type", body.media_type)?;
        if let Some(key) = body.key {
            headers.set("Idempotency-Key", key)?;
        }
        init.set_body(&JsValue::from_str(body.text));
    }
    init.set_headers(&headers);
    Ok(init)
}

async fn text(response: &Response) -> Result<String, JsValue> {
    let text = JsFuture::from(response.text()?).await?;
    Ok(text.as_string().unwrap_or_default())
}

fn refusal(status: u16, text: &str) -> Failure {
    serde_json::from_str::<ErrorBody>(text)
        .map_or_else(|_| Failure::unreadable(status), |body| Failure { status, message: body.error.message })
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn a_file_has_the_name_the_server_gives_it() {
        assert_eq!(file_name("attachment; filename=\"batch-bat_1.csv\""), "batch-bat_1.csv");
        assert_eq!(file_name("inline"), "download");
    }
}
