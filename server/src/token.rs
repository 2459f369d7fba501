//! The partner's token: what the widget holds instead of a password. Signed, not stored; short, and bound to a program
//! and to the origin of the page that got it, so that what leaks from a hostile page is worth little.

use crate::error::Error;
use crate::hash;
use goodword_domain::id::{LinkId, PartnerId, ProgramId, VendorId};
use goodword_domain::time::Instant;

/// How long a token is good: 15 minutes.
const LIFE_MS: i64 = 15 * 60 * 1000;
/// How long it can be renewed from the sign-in on: 12 hours.
const SESSION_MS: i64 = 12 * 60 * 60 * 1000;
const PREFIX: &str = "pt_";
const PASS_PREFIX: &str = "et_";

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
    /// Whoever joined under an address that was a partner's already, and has not shown that it is his or hers.
    pub guest: Option<Guest>,
}

/// Somebody who says that he or she is a partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guest {
    /// The link that was given: what it brings is all there is to see.
    pub link: LinkId,
    /// The name that was typed, which is shown as a newcomer's is.
    pub name: String,
}

impl Guest {
    fn write(&self) -> String {
        format!("{} {}", self.link, hash::hex(self.name.as_bytes()))
    }

    fn read(text: &str) -> Option<Self> {
        let (link, name) = text.split_once(' ')?;
        Some(Self { link: LinkId::parse(link).ok()?, name: unhex(name)? })
    }
}

/// A vendor's word that somebody is signed in there: what a page trades for a [`Token`] of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pass {
    /// The vendor.
    pub vendor: VendorId,
    /// The program.
    pub program: ProgramId,
    /// The partner.
    pub partner: PartnerId,
    /// The only origin whose pages may trade it; none: any that the vendor allows.
    pub origin: Option<String>,
    /// When it ends.
    pub until: Instant,
}

impl Pass {
    /// One that is good from `now` on.
    pub fn issue(
        vendor: VendorId,
        program: ProgramId,
        partner: PartnerId,
        origin: Option<String>,
        now: Instant,
    ) -> Self {
        Self { vendor, program, partner, origin, until: Instant(now.0 + LIFE_MS) }
    }

    /// As the vendor hands it to the page.
    pub fn sign(&self, key: &str) -> String {
        let fields = [self.vendor.as_str(), self.program.as_str(), self.partner.as_str()].join("|");
        let origin = self.origin.as_deref().unwrap_or_default();
        signed(PASS_PREFIX, key, &format!("{fields}|{}|{origin}", self.until.0))
    }

    /// Reads one that we signed and that has not ended.
    pub fn read(key: &str, text: &str, now: Instant) -> Result<Self, Error> {
        let refused = || {
            Error::Unauthorized(
                "The token is not valid, or has ended: the vendor's server gets a new one with POST /v1/tokens/embed/referrals.".into(),
            )
        };
        let payload = opened(PASS_PREFIX, key, text).ok_or_else(refused)?;
        parse_pass(&payload).filter(|pass| now < pass.until).ok_or_else(refused)
    }
}

fn parse_pass(payload: &str) -> Option<Pass> {
    let mut fields = payload.splitn(5, '|');
    Some(Pass {
        vendor: VendorId::parse(fields.next()?).ok()?,
        program: ProgramId::parse(fields.next()?).ok()?,
        partner: PartnerId::parse(fields.next()?).ok()?,
        until: Instant(fields.next()?.parse().ok()?),
        origin: Some(fields.next()?).filter(|origin| !origin.is_empty()).map(str::to_owned),
    })
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
        Self { vendor, program, partner, origin, since: now, until: Instant(now.0 + LIFE_MS), guest: None }
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
        let guest = self.guest.as_ref().map(Guest::write).unwrap_or_default();
        let fields = [self.vendor.as_str(), self.program.as_str(), self.partner.as_str(), &guest].join("|");
        signed(PREFIX, key, &format!("{fields}|{}|{}|{}", self.since.0, self.until.0, self.origin))
    }
}

/// Reads a token that we signed and that has not ended.
pub fn read(key: &str, text: &str, now: Instant) -> Result<Token, Error> {
    let refused = || Error::Unauthorized("The partner's token is not valid: sign in again.".into());
    let payload = opened(PREFIX, key, text).ok_or_else(refused)?;
    let token = parse(&payload).ok_or_else(refused)?;
    if now >= token.until {
        return Err(Error::Unauthorized("The partner's token has ended: sign in again.".into()));
    }
    Ok(token)
}

/// Fields with a signature over them and over what kind of thing they are, so that none passes for one of another kind.
fn signed(prefix: &str, key: &str, fields: &str) -> String {
    let payload = hash::hex(fields.as_bytes());
    let signature = hash::keyed(key, &format!("{prefix}{payload}"));
    format!("{prefix}{payload}.{signature}")
}

/// The fields of something of that kind that we signed.
fn opened(prefix: &str, key: &str, text: &str) -> Option<String> {
    let (payload, signature) = text.strip_prefix(prefix)?.split_once('.')?;
    let right = hash::same(&hash::keyed(key, &format!("{prefix}{payload}")), signature);
    right.then(|| unhex(payload)).flatten()
}

fn parse(payload: &str) -> Option<Token> {
    let mut fields = payload.splitn(7, '|');
    Some(Token {
        vendor: VendorId::parse(fields.next()?).ok()?,
        program: ProgramId::parse(fields.next()?).ok()?,
        partner: PartnerId::parse(fields.next()?).ok()?,
        guest: match fields.next()? {
            "" => None,
            guest => Some(Guest::read(guest)?),
        },
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
    fn a_guest_stays_one() {
        let guest = Guest { link: LinkId::from_bits(9), name: "M|ya Ü.".into() };
        let guest = Token { guest: Some(guest), ..token() };
        assert_eq!(read("key", &guest.sign("key"), Instant(2_000)).unwrap(), guest);
        assert_eq!(guest.renew(Instant(2_000)).unwrap().guest, guest.guest);
    }

    #[test]
    fn a_pass_is_no_token_and_a_token_no_pass() {
        let Token { vendor, program, partner, .. } = token();
        let pass = Pass::issue(vendor, program, partner, Some("https://shop.example".into()), Instant(1_000));
        let text = pass.sign("key");
        assert_eq!(Pass::read("key", &text, Instant(2_000)).unwrap(), pass);
        let anywhere = Pass { origin: None, ..pass };
        assert_eq!(Pass::read("key", &anywhere.sign("key"), Instant(2_000)).unwrap(), anywhere);
        assert!(Pass::read("other", &text, Instant(2_000)).is_err());
        assert!(Pass::read("key", &text, Instant(1_000 + LIFE_MS)).is_err());
        assert!(Pass::read("key", &token().sign("key"), Instant(2_000)).is_err());
        assert!(read("key", &text, Instant(2_000)).is_err());
        let renamed = text.replacen(PASS_PREFIX, PREFIX, 1);
        assert!(read("key", &renamed, Instant(2_000)).is_err());
    }

    #[test]
    fn a_session_ends() {
        let renewed = token().renew(Instant(LIFE_MS)).unwrap();
        assert_eq!((renewed.since, renewed.until), (Instant(1_000), Instant(2 * LIFE_MS)));
        assert!(token().renew(Instant(1_000 + SESSION_MS)).is_err());
    }
}
