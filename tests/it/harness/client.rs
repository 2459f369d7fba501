//! Somebody who sends requests: an address, credentials, and what is said about the answers.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::fmt;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::time::Duration;
use ureq::Agent;
use ureq::http::{HeaderMap, Method, Request};

/// One role: sends its headers (and key) with each request.
#[derive(Clone)]
pub struct Client {
    agent: Agent,
    base: String,
    headers: Vec<(String, String)>,
    pk: Option<String>,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    headers: HeaderMap,
    pub text: String,
    asked: String,
}

/// The connection broke before an answer was complete.
#[derive(Debug)]
pub struct NoAnswer(pub String);

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Client {
    pub fn new(base: &str) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            // A server may close a connection whose request it refused unread; only a fresh one cannot be such a one.
            .max_idle_connections(0)
            .timeout_global(Some(Duration::from_mins(1)))
            .build();
        Self { agent: config.into(), base: base.to_owned(), headers: Vec::new(), pk: None }
    }

    /// The same with one more header, or another value of one it sent.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut other = self.without(name);
        other.headers.push((name.to_owned(), value.to_owned()));
        other
    }

    /// The same without a header.
    #[must_use]
    pub fn without(&self, name: &str) -> Self {
        let mut other = self.clone();
        other.headers.retain(|(n, _)| n != name);
        other
    }

    /// The same with a publishable key in the query.
    #[must_use]
    pub fn with_pk(&self, key: &str) -> Self {
        Self { pk: Some(key.to_owned()), ..self.clone() }
    }

    #[track_caller]
    pub fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None)
    }

    #[track_caller]
    pub fn post(&self, path: &str, body: &impl Serialize) -> Answer {
        self.send(Method::POST, path, Some(json(body)))
    }

    #[track_caller]
    pub fn patch(&self, path: &str, body: &impl Serialize) -> Answer {
        self.send(Method::PATCH, path, Some(json(body)))
    }

    #[track_caller]
    pub fn put(&self, path: &str, body: &impl Serialize) -> Answer {
        self.send(Method::PUT, path, Some(json(body)))
    }

    #[track_caller]
    pub fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None)
    }

    /// Any request; panics where no answer comes.
    #[track_caller]
    pub fn send(&self, method: Method, path: &str, body: Option<Vec<u8>>) -> Answer {
        match self.try_send(method, path, body) {
            Ok(answer) => answer,
            Err(error) => panic!("{path}: {error}"),
        }
    }

    /// Any request.
    pub fn try_send(&self, method: Method, path: &str, body: Option<Vec<u8>>) -> Result<Answer, NoAnswer> {
        let uri = self.uri(path);
        let asked =
            format!("{method} {path} {}", String::from_utf8_lossy(body.as_deref().unwrap_or_default()));
        let has_no_body = body.is_none() && ![Method::POST, Method::PUT, Method::PATCH].contains(&method);
        let mut request = Request::builder().method(method).uri(&uri);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let refused = |e: &dyn fmt::Display| NoAnswer(e.to_string());
        let has_type = self.headers.iter().any(|(name, _)| name == "content-type");
        let sent = if has_no_body {
            self.agent.run(request.body(()).map_err(|e| refused(&e))?)
        } else {
            let request = if has_type { request } else { request.header("content-type", "application/json") };
            self.agent.run(request.body(body.unwrap_or_default()).map_err(|e| refused(&e))?)
        };
        let mut response = sent.map_err(|e| refused(&e))?;
        let text =
            response.body_mut().with_config().limit(50_000_000).read_to_string().map_err(|e| refused(&e))?;
        Ok(Answer { status: response.status().as_u16(), headers: response.headers().clone(), text, asked })
    }

    /// Lines of an answer that does not end; whoever reads waits for at most so long.
    pub fn lines(&self, path: &str, patience: Duration) -> impl Iterator<Item = String> + use<> {
        let host = self.base.trim_start_matches("http://");
        let mut stream = TcpStream::connect(host).expect("the server listens");
        stream.set_read_timeout(Some(patience)).expect("a timeout");
        let headers = self.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n"));
        let headers = headers.collect::<Vec<_>>().concat();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: {host}\r\n{headers}\r\n").expect("a request");
        BufReader::new(stream).lines().map_while(Result::ok)
    }

    fn uri(&self, path: &str) -> String {
        let Some(pk) = &self.pk else { return format!("{}{path}", self.base) };
        let joint = if path.contains('?') { '&' } else { '?' };
        format!("{}{path}{joint}pk={pk}", self.base)
    }
}

/// A value as the body of a request.
pub fn json(body: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(body).expect("it can be written as JSON")
}

impl Answer {
    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body of a success.
    #[track_caller]
    pub fn ok<T: DeserializeOwned>(self) -> T {
        assert!(
            (200..300).contains(&self.status),
            "{} was answered {}: {}",
            self.asked,
            self.status,
            self.text
        );
        match serde_json::from_str(&self.text) {
            Ok(value) => value,
            Err(error) => panic!("{} was answered with something else ({error}): {}", self.asked, self.text),
        }
    }

    /// The body, whatever it is.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|e| panic!("{} was not answered with JSON ({e}): {}", self.asked, self.text))
    }

    /// The message of a refusal in the one shape all have.
    #[track_caller]
    pub fn refused(&self, status: u16) -> String {
        assert_eq!(self.status, status, "{} was answered {}: {}", self.asked, self.status, self.text);
        let body: goodword_wire::ErrorBody = match serde_json::from_str(&self.text) {
            Ok(body) => body,
            Err(error) => panic!("{} was refused in another shape ({error}): {}", self.asked, self.text),
        };
        assert_eq!(body.error.code, code_of(status), "{}: {}", self.asked, self.text);
        assert!(!body.error.message.is_empty() && !body.error.doc_url.is_empty(), "{}", self.text);
        body.error.message
    }
}

fn code_of(status: u16) -> &'static str {
    match status {
        400 | 405 | 406 | 413 | 415 => "bad_request",
        401 => "unauthorized",
        403 => "forbidden",
        404 => "not_found",
        409 => "conflict",
        422 => "unprocessable_entity",
        429 => "rate_limit_exceeded",
        _ => "internal_server_error",
    }
}
