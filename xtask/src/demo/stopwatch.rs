//! The one place where the build tool reads a clock.

use std::time::{Duration, Instant};

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
