//! Whether a body was signed by who holds a secret: each provider has rules of its own, and all of them are HMAC-SHA-256 over
//! the bytes as they came.

use crate::error::Error;
use crate::hash::hex;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use goodword_domain::time::Instant;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// How far a signature's time may lie from ours, seconds. Also that of Stripe's own libraries.
const TOLERANCE: i64 = 300;

/// How many signatures of one header are looked at.
const MOST: usize = 16;

/// How a body is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// `t=…,v1=…[,v1=…]` over `t.body`.
    Stripe,
    /// `ts=…;h1=…[;h1=…]` over `ts:body`.
    Paddle,
    /// Base64 over the body.
    Base64,
    /// Hexadecimal digits over the body.
    Hex,
}

/// Refuses a body that none of the secrets has signed, or that was signed long ago. The header's text never stands in a
/// refusal or in the log.
pub fn check(
    scheme: Scheme,
    header: Option<&str>,
    body: &[u8],
    secrets: &[String],
    now: Instant,
) -> Result<(), Error> {
    let header = header.ok_or_else(|| Error::Unauthorized("The signature is missing.".into()))?;
    let signed = match scheme {
        Scheme::Stripe => Signed::stamped(header, ',', ["t", "v1"], now)?,
        Scheme::Paddle => Signed::stamped(header, ';', ["ts", "h1"], now)?,
        Scheme::Base64 | Scheme::Hex => Signed { before: String::new(), signatures: vec![bare(header)] },
    };
    let separator = if scheme == Scheme::Paddle { ":" } else { "." };
    let before =
        if signed.before.is_empty() { String::new() } else { format!("{}{separator}", signed.before) };
    let is_valid = secrets.iter().any(|secret| {
        let expected = mac(secret, before.as_bytes(), body);
        let expected = if scheme == Scheme::Base64 { STANDARD.encode(expected) } else { hex(&expected) };
        // Every one is compared, so that the time tells nothing of which it was.
        signed.signatures.iter().fold(false, |found, told| found | same(told, &expected))
    });
    if is_valid {
        Ok(())
    } else {
        Err(Error::Unauthorized(
            "The signature is not valid: check that the secret in Goodword is the one of this endpoint."
                .into(),
        ))
    }
}

/// What a header says.
struct Signed<'a> {
    /// What stands before the body in what was signed: the time.
    before: String,
    signatures: Vec<&'a str>,
}

impl<'a> Signed<'a> {
    /// From a header of `name=value` parts, with a time near ours.
    fn stamped(
        header: &'a str,
        between: char,
        [time, signature]: [&str; 2],
        now: Instant,
    ) -> Result<Self, Error> {
        let parts = || header.split(between).filter_map(|part| part.trim().split_once('='));
        let of = |name: &'_ str| {
            parts().filter(move |(key, _)| *key == name).map(|(_, value)| value).collect::<Vec<_>>()
        };
        let unreadable =
            || Error::Unauthorized(format!("The signature must read `{time}=…{between}{signature}=…`."));
        let stamps = of(time);
        let [stamp] = stamps[..] else { return Err(unreadable()) };
        let digits = !stamp.is_empty() && stamp.bytes().all(|b| b.is_ascii_digit());
        let told: i64 = stamp.parse().ok().filter(|_| digits).ok_or_else(unreadable)?;
        if (now.0 / 1000 - told).abs() > TOLERANCE {
            return Err(Error::Unauthorized(format!(
                "The signature's time is more than {TOLERANCE} seconds from ours: an old request is not taken again."
            )));
        }
        let mut signatures = of(signature);
        signatures.truncate(MOST);
        Ok(Self { before: stamp.to_owned(), signatures })
    }
}

/// A signature without the name of its method.
fn bare(header: &str) -> &str {
    let header = header.trim();
    header.strip_prefix("sha256=").unwrap_or(header)
}

fn mac(secret: &str, before: &[u8], body: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(before);
    mac.update(body);
    mac.finalize().into_bytes().into()
}

fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Instant = Instant(1_700_000_000_000);

    fn sign(before: &str, secret: &str) -> String {
        hex(&mac(secret, before.as_bytes(), b"{}"))
    }

    fn checked(scheme: Scheme, header: &str, secrets: &[&str]) -> bool {
        let secrets: Vec<String> = secrets.iter().map(|s| (*s).to_owned()).collect();
        check(scheme, Some(header), b"{}", &secrets, NOW).is_ok()
    }

    #[test]
    fn stripe_with_several_signatures_and_two_secrets() {
        let good = sign("1700000000.", "new");
        let header = format!("t=1700000000,v1={},v1={good},v0=x", sign("1700000000.", "other"));
        assert!(checked(Scheme::Stripe, &header, &["old", "new"]));
        assert!(!checked(Scheme::Stripe, &header, &["old"]));
        assert!(!checked(Scheme::Stripe, &header, &[]));
        // Stripe's `v0` is no signature, and neither is a time that was not signed.
        assert!(!checked(Scheme::Stripe, &format!("t=1700000000,v0={good}"), &["new"]));
        assert!(!checked(Scheme::Stripe, &format!("t=1700000001,v1={good}"), &["new"]));
    }

    #[test]
    fn what_is_old_or_unreadable_is_refused() {
        for (at, fine) in
            [(1_700_000_300, true), (1_699_999_700, true), (1_699_999_699, false), (1_700_000_301, false)]
        {
            let header = format!("t={at},v1={}", sign(&format!("{at}."), "s"));
            assert_eq!(checked(Scheme::Stripe, &header, &["s"]), fine, "{at}");
        }
        let good = sign("1700000000.", "s");
        for header in [
            "",
            "t=,v1=",
            "v1=x",
            "t=abc,v1=x",
            &format!("t=-1,v1={good}"),
            &format!("t=+1700000000,v1={good}"),
            &format!("t=1700000000,t=1700000000,v1={good}"),
            &format!("t=99999999999999999999,v1={good}"),
            &format!("t=1700000000;v1={good}"),
        ] {
            assert!(!checked(Scheme::Stripe, header, &["s"]), "{header}");
        }
        assert!(check(Scheme::Base64, None, b"{}", &["s".into()], NOW).is_err());
    }

    #[test]
    fn paddle_shopify_and_plain() {
        let h1 = sign("1700000000:", "s");
        assert!(checked(Scheme::Paddle, &format!("ts=1700000000;h1={h1}"), &["s"]));
        assert!(checked(Scheme::Paddle, &format!("ts=1700000000;h1=aa;h1={h1}"), &["s"]));
        assert!(!checked(Scheme::Paddle, &format!("ts=1700000000;h1={}", sign("1700000000.", "s")), &["s"]));
        let plain = mac("s", b"", b"{}");
        assert!(checked(Scheme::Base64, &STANDARD.encode(plain), &["s"]));
        assert!(!checked(Scheme::Base64, &hex(&plain), &["s"]));
        assert!(checked(Scheme::Hex, &format!("sha256={}", hex(&plain)), &["s"]));
        assert!(!checked(Scheme::Hex, &hex(&plain).to_uppercase(), &["s"]));
    }
}
