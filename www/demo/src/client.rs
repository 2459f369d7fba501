//! How a vendor's backend talks to Goodword: four calls over HTTP with the secret key.

use goodword_wire::ErrorBody;
use serde::{Serialize, de::DeserializeOwned};
use std::time::Duration;

/// Long enough for a slow answer, short enough that a buyer does not notice a missing one.
const PATIENCE: Duration = Duration::from_secs(3);

/// Why a call came to nothing.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Failure {
    /// Goodword said no, and would say so again.
    #[error("{message} ({code})")]
    Refused {
        /// The word to branch on.
        code: String,
        /// The sentence for people.
        message: String,
    },
    /// No answer, or one that may be different later.
    #[error("Goodword did not answer: {0}")]
    Unreachable(String),
}

/// A connection with a secret key.
#[derive(Clone, Debug)]
pub struct Goodword {
    base: String,
    key: String,
    http: reqwest::Client,
}

impl Goodword {
    /// For the server at `base` with a secret key.
    pub fn new(base: &str, key: &str) -> Self {
        let http = http().timeout(PATIENCE).user_agent("alpine-tea-backend/1.0").build();
        Self {
            base: base.trim_end_matches('/').to_owned(),
            key: key.to_owned(),
            http: http.expect("a client without TLS needs nothing that can be missing"),
        }
    }

    /// The same connection with more patience, for a client that asks for much at once.
    #[must_use]
    pub fn patient(mut self) -> Self {
        let http = http().timeout(PATIENCE * 10).user_agent("alpine-tea-backend/1.0").build();
        self.http = http.expect("a client without TLS needs nothing that can be missing");
        self
    }

    /// Reads.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Failure> {
        self.send(self.http.get(format!("{}{path}", self.base))).await
    }

    /// Reports or makes.
    pub async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, Failure> {
        self.send(self.http.post(format!("{}{path}", self.base)).json(body)).await
    }

    /// Asks as a page of `origin` would, without the secret key.
    pub async fn post_from_page<T: DeserializeOwned>(
        &self,
        path: &str,
        origin: &str,
        body: &impl Serialize,
    ) -> Result<T, Failure> {
        let request = self.http.post(format!("{}{path}", self.base)).header("origin", origin);
        Self::answer(request.json(body)).await
    }

    /// Replaces.
    pub async fn put<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, Failure> {
        self.send(self.http.put(format!("{}{path}", self.base)).json(body)).await
    }

    async fn send<T: DeserializeOwned>(&self, request: reqwest::RequestBuilder) -> Result<T, Failure> {
        Self::answer(request.bearer_auth(&self.key)).await
    }

    async fn answer<T: DeserializeOwned>(request: reqwest::RequestBuilder) -> Result<T, Failure> {
        let answer = request.send().await.map_err(|error| unreachable(&error))?;
        let status = answer.status();
        let bytes = answer.bytes().await.map_err(|error| unreachable(&error))?;
        if status.is_success() {
            return serde_json::from_slice(&bytes).map_err(|error| Failure::Unreachable(error.to_string()));
        }
        if status.is_server_error() || status.as_u16() == 429 {
            return Err(Failure::Unreachable(format!("status {status}")));
        }
        Err(refused(status.as_u16(), &bytes))
    }
}

fn unreachable(error: &reqwest::Error) -> Failure {
    let why = if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "nobody listens there"
    } else {
        "the connection broke"
    };
    Failure::Unreachable(why.to_owned())
}

fn refused(status: u16, body: &[u8]) -> Failure {
    match serde_json::from_slice::<ErrorBody>(body) {
        Ok(ErrorBody { error }) => Failure::Refused { code: error.code, message: error.message },
        Err(_) => {
            Failure::Refused { code: format!("status_{status}"), message: "Not what was expected".to_owned() }
        }
    }
}

/// Where the server is built beside the demo, so that both have one `reqwest`, that one has no cryptography of its own.
fn http() -> reqwest::ClientBuilder {
    drop(rustls::crypto::ring::default_provider().install_default());
    reqwest::Client::builder()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_carries_the_servers_words() {
        let body = br#"{"error":{"code":"unknown_code","message":"No such code.","docUrl":""}}"#;
        assert_eq!(refused(422, body).to_string(), "No such code. (unknown_code)");
        assert_eq!(refused(404, b"<html>").to_string(), "Not what was expected (status_404)");
    }

    #[tokio::test]
    async fn nobody_there_is_worth_another_try() {
        let nobody = Goodword::new("http://127.0.0.1:1", "sk_test_x");
        let answer = nobody.get::<serde_json::Value>("/v1/programs").await;
        assert!(matches!(answer, Err(Failure::Unreachable(_))), "{answer:?}");
    }
}
