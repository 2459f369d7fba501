//! The world outside: the only file that reads a clock or rolls dice.

use goodword_domain::time::Instant;
use rand::Rng;
use std::time::{SystemTime, UNIX_EPOCH};

/// The handle by which everything else gets the time and randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct World;

#[expect(clippy::unused_self, reason = "a handle is passed so that what depends on the world says so")]
impl World {
    /// Now.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
    pub fn now(self) -> Instant {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Instant(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    /// An instant to measure from.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
    pub fn stopwatch(self) -> std::time::Instant {
        std::time::Instant::now()
    }

    /// The 128 bits of a new UUID, version 7.
    pub fn bits(self) -> u128 {
        let millis = u64::try_from(self.now().0).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes()).into_uuid().as_u128()
    }

    /// Random bytes, fit for secrets.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that rolls dice")]
    pub fn bytes<const N: usize>(self) -> [u8; N] {
        let mut bytes = [0; N];
        rand::rng().fill_bytes(&mut bytes);
        bytes
    }

    /// 64 random bits.
    pub fn random(self) -> u64 {
        u64::from_le_bytes(self.bytes())
    }

    /// A secret of 192 random bits in hexadecimal, after a prefix that tells what it opens.
    pub fn secret(self, prefix: &str) -> String {
        format!("{prefix}{}", crate::hash::hex(&self.bytes::<24>()))
    }
}
