//! Splitting a whole into integer parts that add up to it.

pub mod proposal;

/// Splits `whole` (minor units, or any other count; of either sign) over `weights` in proportion, by the method of the
/// largest remainder: each part is rounded toward zero, and what is left goes, one unit each, to the largest
/// remainders, among equal ones in the order given. So the parts add up to the whole, each differs from its exact
/// share by less than one unit, and a weight of 0 gets 0.
///
/// Where no weight is above 0 nobody has a share: all parts are 0, and the whole stays with the caller.
pub fn largest_remainder(whole: i64, weights: &[u64]) -> Vec<i64> {
    let mut splitter = Splitter::default();
    splitter.split(whole, weights);
    splitter.parts
}

/// Splits one whole after the other, with the same memory.
#[derive(Clone, Debug, Default)]
pub struct Splitter {
    parts: Vec<i64>,
    /// Each with its place.
    remainders: Vec<(u128, usize)>,
}

impl Splitter {
    /// The same as [`largest_remainder`].
    pub fn split(&mut self, whole: i64, weights: &[u64]) -> &[i64] {
        self.parts.clear();
        self.remainders.clear();
        let total: u128 = weights.iter().copied().map(u128::from).sum();
        if total == 0 {
            self.parts.resize(weights.len(), 0);
            return &self.parts;
        }
        let mut left = u128::from(whole.unsigned_abs());
        for (place, weight) in weights.iter().enumerate() {
            // At most 2⁶³ × 2⁶⁴: it fits.
            let share = u128::from(whole.unsigned_abs()) * u128::from(*weight);
            let part = share / total;
            left -= part;
            self.parts.push(signed(part, whole < 0));
            self.remainders.push((share - part * total, place));
        }
        if left > 0 {
            // Stable, so that equal ones stay in the order given.
            self.remainders.sort_by_key(|(remainder, _)| std::cmp::Reverse(*remainder));
        }
        for ((_, place), _) in self.remainders.iter().zip(0..left) {
            self.parts[*place] += whole.signum();
        }
        &self.parts
    }
}

fn signed(part: u128, negative: bool) -> i64 {
    let part = i128::try_from(part).expect("a part is at most 2⁶³");
    i64::try_from(if negative { -part } else { part }).expect("a part of an i64 is an i64")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(whole: i64, weights: &[u64], expected: &[i64]) {
        assert_eq!(largest_remainder(whole, weights), expected, "{whole} over {weights:?}");
    }

    #[test]
    fn worked_splits() {
        check(15, &[80, 8, 12], &[12, 1, 2]);
        check(1003, &[50, 50], &[502, 501]);
        check(5, &[100, 101, 100, 100], &[1, 2, 1, 1]);
        check(14_000, &[1, 1, 1], &[4667, 4667, 4666]);
        check(14_000, &[2, 1, 2], &[5600, 2800, 5600]);
        check(10, &[0, 3, 0], &[0, 10, 0]);
    }

    #[test]
    fn a_negative_whole_is_split_like_a_positive_one() {
        check(-15, &[80, 8, 12], &[-12, -1, -2]);
        check(i64::MIN, &[u64::MAX], &[i64::MIN]);
        check(i64::MAX, &[u64::MAX, u64::MAX], &[i64::MAX / 2 + 1, i64::MAX / 2]);
    }

    #[test]
    fn without_a_weight_nobody_gets_anything() {
        check(7, &[], &[]);
        check(7, &[0, 0], &[0, 0]);
        check(0, &[1, 2], &[0, 0]);
    }

    fn any_weights() -> impl Strategy<Value = Vec<u64>> {
        let weight = prop_oneof![Just(0), 1_u64..10, any::<u64>()];
        prop::collection::vec(weight, 1..20)
    }

    proptest! {
        #[test]
        fn parts_add_up_and_are_within_one_of_exact(whole in any::<i64>(), weights in any_weights()) {
            let total: u128 = weights.iter().copied().map(u128::from).sum();
            prop_assume!(total > 0);
            let parts = largest_remainder(whole, &weights);
            prop_assert_eq!(parts.iter().copied().map(i128::from).sum::<i128>(), i128::from(whole));
            for (part, weight) in parts.iter().zip(&weights) {
                let exact = u128::from(whole.unsigned_abs()) * u128::from(*weight);
                let floor = exact / total;
                let part_size = u128::from(part.unsigned_abs());
                prop_assert!(part_size == floor || (part_size == floor + 1 && exact % total > 0));
                prop_assert!(*part == 0 || (*part < 0) == (whole < 0));
            }
        }

        /// Up to ties: who has equal weights may exchange a unit.
        #[test]
        fn permuted_weights_give_permuted_parts(
            whole in any::<i64>(),
            (weights, order) in any_weights().prop_flat_map(|weights| {
                let places: Vec<usize> = (0..weights.len()).collect();
                (Just(weights), Just(places).prop_shuffle())
            }),
        ) {
            let parts = largest_remainder(whole, &weights);
            let permuted: Vec<u64> = order.iter().map(|place| weights[*place]).collect();
            let permuted_parts = largest_remainder(whole, &permuted);
            let total: u128 = weights.iter().copied().map(u128::from).sum();
            let remainder = |weight: u64| match total {
                0 => 0,
                _ => u128::from(whole.unsigned_abs()) * u128::from(weight) % total,
            };
            for (place, part) in order.iter().zip(&permuted_parts) {
                let tied = weights.iter().filter(|w| remainder(**w) == remainder(weights[*place])).count() > 1;
                let difference = i128::from(*part) - i128::from(parts[*place]);
                prop_assert!(difference == 0 || (tied && difference.abs() == 1));
            }
        }
    }
}
