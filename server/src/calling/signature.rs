//! Signatures by the Standard Webhooks specification: HMAC-SHA-256 over id, time and body.

use crate::world::World;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::RequestBuilder;
use sha2::Sha256;

/// What secrets begin with.
const PREFIX: &str = "whsec_";

/// A secret of 192 random bits.
pub fn new_secret(world: World) -> String {
    format!("{PREFIX}{}", BASE64_STANDARD.encode(world.bytes::<24>()))
}

/// An event ready to be sent.
#[derive(Clone, Debug)]
pub struct Signed {
    id: String,
    /// Seconds since 1970.
    timestamp: i64,
    body: String,
    signatures: String,
}

impl Signed {
    /// Signs by each of the secrets: while one takes the place of another, whoever verifies by either is content.
    pub fn new(id: &str, timestamp: i64, body: String, secrets: &[&str]) -> Self {
        let one = |secret: &&str| signature(secret, id, timestamp, &body);
        let signatures = secrets.iter().map(one).collect::<Vec<_>>().join(" ");
        Self { id: id.to_owned(), timestamp, body, signatures }
    }

    /// The request with headers and body.
    pub fn put_on(&self, request: RequestBuilder) -> RequestBuilder {
        request
            .header("content-type", "application/json")
            .header("webhook-id", &self.id)
            .header("webhook-timestamp", self.timestamp)
            .header("webhook-signature", &self.signatures)
            .body(self.body.clone())
    }
}

/// `v1,…`, by one secret. What is not Base64 behind the prefix is taken as it is.
pub fn signature(secret: &str, id: &str, timestamp: i64, body: &str) -> String {
    let text = secret.strip_prefix(PREFIX).unwrap_or(secret);
    let key = BASE64_STANDARD.decode(text).unwrap_or_else(|_| text.as_bytes().to_vec());
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("HMAC takes a key of any length");
    mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
    format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's reference libraries.
    #[test]
    fn the_known_example() {
        let signed = signature(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            r#"{"test": 2432232314}"#,
        );
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn two_secrets_sign_side_by_side() {
        let signed = Signed::new("evt_1", 7, "{}".into(), &["whsec_AAAA", "whsec_BBBB"]);
        let both: Vec<&str> = signed.signatures.split(' ').collect();
        assert_eq!(
            both,
            [signature("whsec_AAAA", "evt_1", 7, "{}"), signature("whsec_BBBB", "evt_1", 7, "{}")]
        );
        assert_ne!(both[0], both[1]);
    }

    #[test]
    fn secrets_are_long_and_never_the_same() {
        let (one, other) = (new_secret(World), new_secret(World));
        assert!(one.len() == PREFIX.len() + 32 && one != other);
    }
}
