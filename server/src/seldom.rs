//! What goes wrong thousands of times a second is logged once a second.

use crate::world::World;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

/// Whoever has something to say again and again.
#[derive(Debug, Default)]
pub struct Seldom {
    /// The second in which it last spoke.
    spoke: AtomicI64,
    unsaid: AtomicU64,
}

impl Seldom {
    /// A silent one.
    pub const fn new() -> Self {
        Self { spoke: AtomicI64::new(0), unsaid: AtomicU64::new(0) }
    }

    /// How often it had to keep silent since it last spoke; none if it must again.
    pub fn may_speak(&self) -> Option<u64> {
        self.may_speak_in(World.now().0 / 1000)
    }

    fn may_speak_in(&self, second: i64) -> Option<u64> {
        if self.spoke.swap(second, Ordering::Relaxed) == second {
            self.unsaid.fetch_add(1, Ordering::Relaxed);
            return None;
        }
        Some(self.unsaid.swap(0, Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn once_a_second_with_the_count_of_what_was_not_said() {
        let seldom = Seldom::new();
        let said = [7, 7, 7, 8, 8, 9].map(|second| seldom.may_speak_in(second));
        assert_eq!(said, [Some(0), None, None, Some(2), None, Some(1)]);
    }
}
