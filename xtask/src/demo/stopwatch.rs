//! The one place where the build tool reads a clock.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// How long something has taken.
#[derive(Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// From now on.
    #[expect(clippy::disallowed_methods, reason = "a build tool times itself; nothing depends on it")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Until now.
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }

    /// Until now, in seconds.
    pub fn seconds(self) -> f32 {
        self.0.elapsed().as_secs_f32()
    }
}

/// The UTC day, numbered from 1970-01-01.
#[expect(
    clippy::disallowed_methods,
    reason = "data to measure with must lie in the past; nothing else depends on it"
)]
pub fn today() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs() / 86_400).unwrap_or_default()
}
