//! The server, as the console speaks with it: the cookie is the browser's business, the rest is here.

use crate::route::Mode;
use goodword_wire::ErrorBody;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Headers, RequestCache, RequestInit, Response};

/// Longer than any answer takes; a connection that hangs must not stop the polling.
const PATIENCE_MS: u32 = 10_000;

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
    fn unreachable() -> Self {
        Self {
            status: 0,
            message: "The server does not answer. Check that it runs and that you are online.".into(),
        }
    }

    fn unreadable(status: u16) -> Self {
        Self {
            status,
            message: format!("The server gave an answer the console cannot read (HTTP {status})."),
        }
    }

    /// Whether nobody is logged in.
    pub fn is_unauthorized(&self) -> bool {
        self.status == 401
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
    let body = serde_json::to_string(body).map_err(|_| Failure::unreadable(0))?;
    read(&send(mode, method, path, Some(&body)).await?)
}

/// Ends the session.
pub async fn log_out() -> Result<(), Failure> {
    send(Mode::Live, "DELETE", "/v1/session", None).await.map(|_| ())
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, Failure> {
    serde_json::from_str(text).map_err(|_| Failure::unreadable(200))
}

async fn send(mode: Mode, method: &str, path: &str, body: Option<&str>) -> Result<String, Failure> {
    let request = request(mode, method, body).map_err(|_| Failure::unreachable())?;
    let window = web_sys::window().ok_or_else(Failure::unreachable)?;
    let answer = JsFuture::from(window.fetch_with_str_and_init(path, &request)).await;
    let response: Response = answer.and_then(JsCast::dyn_into).map_err(|_| Failure::unreachable())?;
    let text = text(&response).await.map_err(|_| Failure::unreachable())?;
    if response.ok() { Ok(text) } else { Err(refusal(response.status(), &text)) }
}

fn request(mode: Mode, method: &str, body: Option<&str>) -> Result<RequestInit, JsValue> {
    let headers = Headers::new()?;
    headers.set("Goodword-Mode", mode.word())?;
    if method != "GET" {
        headers.set("Goodword-Console", "1")?;
    }
    let init = RequestInit::new();
    init.set_method(method);
    init.set_cache(RequestCache::NoStore);
    init.set_signal(Some(&AbortSignal::timeout_with_u32(PATIENCE_MS)));
    if let Some(body) = body {
        headers.set("Content-Type", "application/json")?;
        init.set_body(&JsValue::from_str(body));
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
