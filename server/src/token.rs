//! The partner's token: what the widget holds instead of a password. Signed, not stored; short, and bound to a program
//! and to the origin of the page that got it, so that what leaks from a hostile page is worth little.

use crate::error::Error;
use crate::hash;
use goodword_domain::id::{PartnerId, ProgramId, VendorId};
use goodword_domain::time::Instant;

/// How long a token is good: 15 minutes.
const LIFE_MS: i64 = 15 * 60 * 1000;
/// How long it can be renewed from the sign-in on: 12 hours.
const SESSION_MS: i64 = 12 * 60 * 60 * 1000;
const PREFIX: &str = "pt_";

/// Who is signed in, where, and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The vendor.
    pub vendor: VendorId,
    /// The program.
    pub program: ProgramId,
    /// The partner.
    pub partner: PartnerId,
    /// The origin of the page.
    pub origin: String,
    /// When the partner signed in.
    pub since: Instant,
    /// When the token ends.
    pub until: Instant,
}

impl Token {
    /// A token that is good from `now` on.
    pub fn issue(
        vendor: VendorId,
        program: ProgramId,
        partner: PartnerId,
        origin: String,
        now: Instant,
    ) -> Self {
        Self { vendor, program, partner, origin, since: now, until: Instant(now.0 + LIFE_MS) }
    }

    /// The same for another while, within the session.
    pub fn renew(&self, now: Instant) -> Result<Self, Error> {
        if now.0 >= self.since.0 + SESSION_MS {
            return Err(Error::Unauthorized("The session is over: sign in again.".into()));
        }
        Ok(Self { until: Instant(now.0 + LIFE_MS), ..self.clone() })
    }

    /// As the widget holds it.
    pub fn sign(&self, key: &str) -> String {
        let fields = [self.vendor.as_str(), self.program.as_str(), self.partner.as_str()].join("|");
        let payload =
            hash::hex(format!("{fields}|{}|{}|{}", self.since.0, self.until.0, self.origin).as_bytes());
        let signature = hash::keyed(key, &payload);
        format!("{PREFIX}{payload}.{signature}")
    }
}

/// Reads a token that we signed and that has not ended.
pub fn read(key: &str, text: &str, now: Instant) -> Result<Token, Error> {
    let refused = || Error::Unauthorized("The partner's token is not valid: sign in again.".into());
    let (payload, signature) =
        text.strip_prefix(PREFIX).and_then(|t| t.split_once('.')).ok_or_else(refused)?;
    if !hash::same(&hash::keyed(key, payload), signature) {
        return Err(refused());
    }
    let token = unhex(payload).and_then(|text| parse(&text)).ok_or_else(refused)?;
    if now >= token.until {
        return Err(Error::Unauthorized("The partner's token has ended: sign in again.".into()));
    }
    Ok(token)
}

fn parse(payload: &str) -> Option<Token> {
    let mut fields = payload.splitn(6, '|');
    Some(Token {
        vendor: VendorId::parse(fields.next()?).ok()?,
        program: ProgramId::parse(fields.next()?).ok()?,
        partner: PartnerId::parse(fields.next()?).ok()?,
        since: Instant(fields.next()?.parse().ok()?),
        until: Instant(fields.next()?.parse().ok()?),
        origin: fields.next()?.to_owned(),
    })
}

fn unhex(text: &str) -> Option<String> {
    let digits = text.as_bytes().chunks(2).map(|pair| {
        let pair = std::str::from_utf8(pair).ok()?;
        u8::from_str_radix(pair, 16).ok()
    });
    String::from_utf8(digits.collect::<Option<Vec<u8>>>()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> Token {
        let (vendor, program) = (VendorId::from_bits(1), ProgramId::from_bits(2));
        Token::issue(vendor, program, PartnerId::from_bits(3), "https://shop.example".into(), Instant(1_000))
    }

    #[test]
    fn signed_and_read() {
        let text = token().sign("key");
        assert_eq!(read("key", &text, Instant(2_000)).unwrap(), token());
        assert!(read("other", &text, Instant(2_000)).is_err());
        assert!(read("key", &text, Instant(1_000 + LIFE_MS)).is_err());
        for bad in ["", "pt_", "pt_zz.00", "sk_live_x", &text[..text.len() - 1], &text.replacen('7', "8", 1)]
        {
            assert!(read("key", bad, Instant(2_000)).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_session_ends() {
        let renewed = token().renew(Instant(LIFE_MS)).unwrap();
        assert_eq!((renewed.since, renewed.until), (Instant(1_000), Instant(2 * LIFE_MS)));
        assert!(token().renew(Instant(1_000 + SESSION_MS)).is_err());
    }
}
