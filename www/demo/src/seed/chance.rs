//! A small generator, so that the demo looks the same on every machine: Knuth's MMIX numbers, of which the upper half is used.

/// Chance that repeats itself for the same start.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// From a fixed start.
    pub fn new(start: u64) -> Self {
        Self(start ^ 0x9e37_79b9_7f4a_7c15)
    }

    /// A number from 0 up to, and without, `limit`.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit.max(1)
    }

    /// A position in `weights`, each as likely as its weight says.
    pub fn weighted(&mut self, weights: &[u64]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (at, weight) in weights.iter().enumerate() {
            if left < *weight {
                return at;
            }
            left -= weight;
        }
        0
    }

    /// One of them.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let at = usize::try_from(self.below(from.len() as u64)).unwrap_or(0);
        &from[at]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_start_gives_the_same_numbers() {
        let draw = |start| -> Vec<u64> {
            let mut chance = Chance::new(start);
            (0..50).map(|_| chance.below(1_000)).collect()
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
    }

    #[test]
    fn weights_are_kept() {
        let mut chance = Chance::new(1);
        let mut seen = [0_u32; 3];
        for _ in 0..3_000 {
            seen[chance.weighted(&[1, 0, 2])] += 1;
        }
        assert_eq!(seen[1], 0);
        assert!(seen[2] > seen[0] * 3 / 2 && seen[2] < seen[0] * 3, "{seen:?}");
    }
}
