//! Hashes, keyed hashes and passwords.

use crate::error::Error;
use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use goodword_domain::id::hexadecimal;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    hexadecimal("", bytes)
}

/// SHA-256 in hexadecimal: for secrets of many random bits, and for comparing inputs.
pub fn sha256(text: &str) -> String {
    sha256_of_bytes(text.as_bytes())
}

/// The same of bytes.
pub fn sha256_of_bytes(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// HMAC-SHA-256 in hexadecimal.
pub fn keyed(key: &str, text: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(text.as_bytes());
    hex(&mac.finalize().into_bytes())
}

/// 63 bits of SHA-256: a number for a text.
pub fn number(text: &str) -> i64 {
    let digest = Sha256::digest(text.as_bytes());
    i64::from_be_bytes(first_eight(&digest)) & i64::MAX
}

/// 128 bits of SHA-256: an id for what is told by a text.
pub fn wide_number(text: &str) -> u128 {
    let mut half = [0; 16];
    half.copy_from_slice(&Sha256::digest(text.as_bytes())[..16]);
    u128::from_be_bytes(half)
}

/// A key made ready for many texts: half the work of HMAC is the key's.
#[derive(Clone)]
pub struct Keyed(Hmac<Sha256>);

impl Keyed {
    /// From the key.
    pub fn new(key: &str) -> Self {
        Self(Hmac::new_from_slice(key.as_bytes()).expect("HMAC takes a key of any length"))
    }

    /// 64 bits of HMAC-SHA-256.
    pub fn number(&self, text: &str) -> u64 {
        self.number_of(&[text])
    }

    /// Of what these texts are when they stand one after the other.
    pub fn number_of(&self, texts: &[&str]) -> u64 {
        let mut mac = self.0.clone();
        for text in texts {
            mac.update(text.as_bytes());
        }
        u64::from_be_bytes(first_eight(&mac.finalize().into_bytes()))
    }
}

fn first_eight(digest: &[u8]) -> [u8; 8] {
    let mut eight = [0; 8];
    eight.copy_from_slice(&digest[..8]);
    eight
}

/// Whether two secrets are equal, in a time that does not tell where they differ.
pub fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

/// A password as it is stored: argon2id with a salt of its own.
pub fn password(plain: &str) -> Result<String, Error> {
    let hash = Argon2::default().hash_password(plain.as_bytes());
    hash.map(|h| h.to_string()).map_err(|e| Error::internal(format!("a password could not be hashed: {e}")))
}

/// Whether a password is the one that was hashed.
pub fn password_matches(plain: &str, stored: &str) -> bool {
    PasswordHash::new(stored)
        .is_ok_and(|hash| Argon2::default().verify_password(plain.as_bytes(), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords() {
        let stored = password("correct horse").unwrap();
        assert!(stored.starts_with("$argon2id$"));
        assert!(password_matches("correct horse", &stored));
        assert!(!password_matches("wrong", &stored) && !password_matches("x", "no hash"));
    }

    /// RFC 4231, test case 2.
    #[test]
    fn hmac_of_the_rfc() {
        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(keyed("Jefe", "what do ya want for nothing?"), expected);
        assert_eq!(
            Keyed::new("Jefe").number_of(&["what do ya ", "want for ", "nothing?"]),
            0x5bdc_c146_bf60_754e
        );
    }
}
