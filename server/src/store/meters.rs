//! What the database threads measure of their own work.

use crate::meter::{Counter, Histogram};
use crate::world::World;
use std::time::Instant;

/// Their meters; a handful of additions per transaction.
#[derive(Debug, Default)]
pub struct Meters {
    /// How many writes shared a commit.
    pub commit_size: Histogram,
    /// How long commits took, microseconds.
    pub commits: Histogram,
    /// How long writing transactions took, with their commits, microseconds.
    pub writes: Histogram,
    /// How long reading transactions took, microseconds.
    pub reads: Histogram,
    /// Requests refused because too many waited.
    pub refused: Counter,
}

impl Meters {
    /// When something begins.
    pub(super) fn start() -> Instant {
        World.stopwatch()
    }
}
