//! The world outside: the only file that reads a clock or rolls dice.

use goodword_domain::time::Instant;
use rand::Rng;
use std::cell::Cell;
use std::time::{SystemTime, UNIX_EPOCH};

thread_local! {
    /// The UUID this thread drew last.
    static LAST_BITS: Cell<u128> = const { Cell::new(0) };
}

/// The low bits of a UUID that are random alone, without version and variant.
const RANDOM: u128 = (1 << 62) - 1;

/// A step after the last UUID, where that is of the fresh one's millisecond; else the fresh one. The step is of 40 random bits, so
/// that nobody guesses an id from another.
fn following(last: u128, fresh: u128, random: u64) -> u128 {
    let step = u128::from(random >> 24) + 1;
    let is_of_now = last >> 80 == fresh >> 80 && (last & RANDOM) + step <= RANDOM;
    if is_of_now { last + step } else { fresh }
}

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

    /// The 128 bits of a new UUID, version 7. Those that one thread draws within a millisecond follow one another (RFC 9562, 6.2,
    /// method 2), so that rows stored together stand at the end of their table's keys, and not among one another.
    pub fn bits(self) -> u128 {
        let millis = u64::try_from(self.now().0).unwrap_or_default();
        let fresh = uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes()).into_uuid().as_u128();
        let bits = following(LAST_BITS.get(), fresh, u64::from_le_bytes(self.bytes()));
        LAST_BITS.set(bits);
        bits
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

#[cfg(test)]
mod tests {
    use super::{RANDOM, World, following};

    #[test]
    fn ids_of_a_thread_follow_one_another() {
        let ids: Vec<u128> = (0..10_000).map(|_| World.bits()).collect();
        assert!(ids.is_sorted_by(|a, b| a < b), "also those of one millisecond");
        for id in ids {
            let id = uuid::Uuid::from_u128(id);
            assert_eq!((id.get_version_num(), id.get_variant()), (7, uuid::Variant::RFC4122));
        }
    }

    #[test]
    fn a_full_millisecond_and_another_one_begin_anew() {
        let (now, later) = (7 << 80 | 5, 8 << 80 | 3);
        assert_eq!(following(now, 7 << 80 | 1, u64::MAX), now + (1 << 40));
        assert_eq!(following(now, 7 << 80 | 1, 0), now + 1, "never the same twice");
        assert_eq!(following(now, later, 0), later);
        assert_eq!(following(now | RANDOM, 7 << 80 | 1, 0), 7 << 80 | 1);
    }
}
