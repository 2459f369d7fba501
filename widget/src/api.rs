//! Requests. Each is given up after three seconds; one that may be repeated is tried once more, after a random wait.

use crate::decode::{self, Node};
use crate::host::Host;
use js_sys::{Array, JSON, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Headers, RequestCache, RequestInit, Response};

const PATIENCE_MS: u32 = 3_000;

impl Node for JsValue {
    fn get(&self, name: &str) -> Option<Self> {
        let value = Reflect::get(self, &name.into()).ok()?;
        (!value.is_null() && !value.is_undefined()).then_some(value)
    }
    fn text(&self) -> Option<String> {
        self.as_string()
    }
    fn number(&self) -> Option<f64> {
        self.as_f64()
    }
    fn truth(&self) -> bool {
        self.as_bool() == Some(true)
    }
    fn items(&self) -> Vec<Self> {
        self.dyn_ref::<Array>().map(|all| all.iter().collect()).unwrap_or_default()
    }
}

/// What came back.
pub enum Answer {
    /// The body, and its `ETag` if the server lets us see it.
    Ok(JsValue, Option<String>),
    /// As it was.
    NotModified,
    /// The token is not good any more.
    Unauthorized,
    /// The server said no: code, message.
    Refused(String, String),
    /// The server said nothing, or nonsense.
    Lost,
}

/// One request.
#[derive(Default)]
pub struct Call<'a> {
    /// The path under `/v1/embed/` or `/v1/track/`, as `embed/me`.
    pub path: &'a str,
    /// What goes into the query after the publishable key.
    pub query: &'a str,
    /// With a body it is a POST.
    pub body: Option<JsValue>,
    /// The partner's token.
    pub token: Option<String>,
    /// The `ETag` of what is known.
    pub known: Option<&'a str>,
    /// Whether losing it is no harm, so that it is not repeated.
    pub once: bool,
}

/// Makes a JSON object; what is empty is left out.
pub fn object(fields: &[(&str, &str)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        if !value.is_empty() {
            set(&object, name, &(*value).into());
        }
    }
    object.into()
}

/// Sets one member; a plain object takes it always.
pub fn set(object: &JsValue, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}

/// Sends it.
pub async fn send(host: &Host, call: &Call<'_>) -> Answer {
    let mut last = call.once;
    loop {
        match attempt(host, call).await {
            Ok(Answer::Lost) | Err(_) if last => return Answer::Lost,
            Ok(Answer::Lost) | Err(_) => {}
            Ok(answer) => return answer,
        }
        last = true;
        if host.jitter().await.is_err() {
            return Answer::Lost;
        }
    }
}

async fn attempt(host: &Host, call: &Call<'_>) -> Result<Answer, JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let url = if call.token.is_some() {
        format!("{}/v1/{}", host.host(), call.path)
    } else {
        format!("{}/v1/{}?pk={}{}", host.host(), call.path, host.key(), call.query)
    };
    let response: Response =
        JsFuture::from(window.fetch_with_str_and_init(&url, &options(call)?)).await?.dyn_into()?;
    read(&response).await
}

fn options(call: &Call<'_>) -> Result<RequestInit, JsValue> {
    let options = RequestInit::new();
    let headers = Headers::new()?;
    if let Some(body) = &call.body {
        options.set_method("POST");
        options.set_body(&JSON::stringify(body)?.into());
    }
    if let Some(token) = &call.token {
        headers.set("Authorization", &format!("Bearer {token}"))?;
    }
    if let Some(known) = call.known {
        headers.set("If-None-Match", known)?;
    }
    options.set_headers(&headers);
    options.set_cache(RequestCache::NoStore);
    options.set_signal(Some(&AbortSignal::timeout_with_u32(PATIENCE_MS)));
    Ok(options)
}

async fn read(response: &Response) -> Result<Answer, JsValue> {
    let status = response.status();
    match status {
        304 => return Ok(Answer::NotModified),
        401 => return Ok(Answer::Unauthorized),
        429 | 500.. => return Ok(Answer::Lost),
        _ => {}
    }
    let body = JsFuture::from(response.json()?).await?;
    if response.ok() {
        return Ok(Answer::Ok(body, response.headers().get("ETag")?));
    }
    let (code, message) = decode::refusal(&body).unwrap_or_default();
    Ok(Answer::Refused(code, message))
}
