//! Codes of authenticator apps: RFC 6238 with SHA-1, 30 seconds and six digits, which is what all of them can do.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use subtle::ConstantTimeEq;

/// How long a code is shown, milliseconds.
const STEP_MS: i64 = 30_000;
/// How many steps a clock may be off, either way.
const DRIFT: i64 = 1;
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Bytes as base32 without padding (RFC 4648), as apps take secrets.
pub fn base32(bytes: &[u8]) -> String {
    let mut out = String::new();
    let (mut held, mut bits) = (0_u32, 0);
    for byte in bytes {
        held = held << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            out.push(char::from(ALPHABET[(held >> bits & 31) as usize]));
        }
    }
    if bits > 0 {
        out.push(char::from(ALPHABET[(held << (5 - bits) & 31) as usize]));
    }
    out
}

fn from_base32(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let (mut held, mut bits) = (0_u32, 0);
    for letter in text.bytes() {
        let value = ALPHABET.iter().position(|known| *known == letter)?;
        held = held << 5 | u32::try_from(value).ok()?;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            out.push(u8::try_from(held >> bits & 255).ok()?);
        }
    }
    Some(out)
}

/// The code of a step: RFC 4226, section 5.3.
fn code(secret: &[u8], step: i64) -> u32 {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).expect("HMAC takes a key of any length");
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let offset = usize::from(digest[19] & 15);
    let four = [digest[offset] & 127, digest[offset + 1], digest[offset + 2], digest[offset + 3]];
    u32::from_be_bytes(four) % 1_000_000
}

/// The step of a code that is right at `now_ms`, milliseconds since 1970, and later than the last one used; none if it is wrong,
/// too old, or was used.
pub fn step_of(secret: &str, typed: &str, now_ms: i64, last_used: i64) -> Option<i64> {
    let secret = from_base32(secret)?;
    let now = now_ms.div_euclid(STEP_MS);
    let right = |step: &i64| {
        let shown = format!("{:06}", code(&secret, *step));
        bool::from(shown.as_bytes().ct_eq(typed.as_bytes()))
    };
    (now - DRIFT..=now + DRIFT).filter(|step| *step > last_used).find(right)
}

/// The address a QR code holds for apps.
pub fn uri(secret: &str, vendor: &str, email: &str) -> String {
    let encode = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let issuer = encode(&format!("Goodword {vendor}")).replace('+', "%20");
    let account = encode(email).replace('+', "%20");
    format!(
        "otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period=30"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the last six of its eight digits, at these seconds since 1970.
    #[test]
    fn codes_of_the_rfc() {
        let secret = b"12345678901234567890";
        for (seconds, expected) in [
            (59, 287_082),
            (1_111_111_109, 81_804),
            (1_111_111_111, 50_471),
            (1_234_567_890, 5_924),
            (2_000_000_000, 279_037),
            (20_000_000_000, 353_130),
        ] {
            assert_eq!(code(secret, seconds / 30), expected, "{seconds}");
        }
    }

    /// RFC 4648, section 10, without the padding.
    #[test]
    fn base32_of_the_rfc() {
        for (text, expected) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
        ] {
            assert_eq!(base32(text.as_bytes()), expected);
            assert_eq!(from_base32(expected).unwrap(), text.as_bytes());
        }
        assert_eq!(from_base32("1"), None);
    }

    #[test]
    fn a_code_holds_for_a_step_either_way_and_once() {
        let secret = base32(b"12345678901234567890");
        let at = |seconds: i64, used| step_of(&secret, "287082", seconds * 1000, used);
        assert_eq!(at(59, 0), Some(1));
        assert_eq!((at(29, 0), at(89, 0)), (Some(1), Some(1)));
        assert_eq!(at(90, 0), None);
        assert_eq!(at(59, 1), None, "it was used");
        assert_eq!(step_of(&secret, "287083", 59_000, 0), None);
        assert_eq!(step_of(&secret, "", 59_000, 0), None);
        assert_eq!(step_of("not base32", "287082", 59_000, 0), None);
    }

    #[test]
    fn the_address_for_apps() {
        assert_eq!(
            uri("MZXW6", "Tea & Co", "maya+x@shop.example"),
            "otpauth://totp/Goodword%20Tea%20%26%20Co:maya%2Bx%40shop.example?secret=MZXW6&issuer=Goodword%20Tea%20%26%20Co&algorithm=SHA1&digits=6&period=30"
        );
    }
}
