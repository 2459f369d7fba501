//! The weights of touchpoints under the models that share credit. They are integers, so that a share of money follows
//! from them exactly: see [`crate::split::largest_remainder`].

use crate::time::{DAY_MS, Instant};

/// The weight of the latest touchpoint under [`time_decay`] is 2 to this power.
const DECAY_BITS: u32 = 40;
/// The fractional bits of [`halved`].
const FRACTION_BITS: u32 = 64;

/// The same weight for each of `n` touchpoints.
pub fn linear(n: usize) -> impl Iterator<Item = u64> {
    std::iter::repeat_n(1, n)
}

/// 40 % to the first of `n` touchpoints, 40 % to the last and 20 % shared equally by those between; all to the only
/// one, half each to two. In integers: with m between, each of those weighs 1 and each end 2 m, of 5 m in all.
pub fn position_based(n: usize) -> impl Iterator<Item = u64> {
    let between = n.saturating_sub(2) as u64;
    let end = (2 * between).max(1);
    (0..n).map(move |place| if place == 0 || place + 1 == n { end } else { 1 })
}

/// 2⁴⁰ for the latest touchpoint, and for each other half as much per half-life (days of 24 hours, at least 1) that it
/// is older, continuously; rounded down, and 0 from 40 half-lives on. The touchpoints may stand in any order.
///
/// Only integers are used, so every machine gets the same weights; they differ from exact ones by less than 2.
pub fn time_decay(touches: &[Instant], half_life_days: i64) -> impl Iterator<Item = u64> {
    let latest = touches.iter().max().copied().unwrap_or(Instant(0));
    let half_life = u128::from(half_life_days.max(1).unsigned_abs()) * u128::from(DAY_MS.unsigned_abs());
    touches.iter().map(move |touch| decayed(u128::from(latest.0.abs_diff(touch.0)), half_life))
}

fn decayed(age: u128, half_life: u128) -> u64 {
    match u32::try_from(age / half_life) {
        Ok(halvings @ 0..DECAY_BITS) => {
            let exact = halved(age % half_life, half_life);
            u64::try_from(exact >> (FRACTION_BITS - DECAY_BITS + halvings)).expect("at most 2⁴⁰")
        }
        _ => 0,
    }
}

/// 2 to the power of −`age / half_life`, which is less than 1, in units of 2⁻⁶⁴: the product of the roots of ½ that
/// the binary digits of the exponent name.
fn halved(age: u128, half_life: u128) -> u128 {
    // An age has 64 bits, so it fits.
    let mut digits = (age << FRACTION_BITS) / half_life;
    let mut product = 1 << FRACTION_BITS;
    while digits > 0 {
        let place = digits.leading_zeros() - FRACTION_BITS;
        digits &= !(1 << (FRACTION_BITS - 1 - place));
        product = (product * ROOTS[place as usize]) >> FRACTION_BITS;
    }
    product
}

/// The square root of ½, the fourth root, the eighth and so on, in units of 2⁻⁶⁴, rounded down.
const ROOTS: [u128; FRACTION_BITS as usize] = {
    let mut roots = [0; FRACTION_BITS as usize];
    let mut square: u128 = 1 << (FRACTION_BITS - 1);
    let mut i = 0;
    while i < roots.len() {
        square = (square << FRACTION_BITS).isqrt();
        roots[i] = square;
        i += 1;
    }
    roots
};

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn listed(weights: impl Iterator<Item = u64>) -> Vec<u64> {
        weights.collect()
    }

    #[test]
    fn forty_twenty_forty() {
        assert_eq!(listed(position_based(0)), []);
        assert_eq!(listed(position_based(1)), [1]);
        assert_eq!(listed(position_based(2)), [1, 1]);
        assert_eq!(listed(position_based(3)), [2, 1, 2]);
        assert_eq!(listed(position_based(6)), [8, 1, 1, 1, 1, 8]);
        assert_eq!(listed(linear(3)), [1, 1, 1]);
    }

    fn halved_by_doubling(mut age: u128, half_life: u128) -> u128 {
        ROOTS.into_iter().fold(1 << FRACTION_BITS, |product, root| {
            age *= 2;
            if age < half_life {
                return product;
            }
            age -= half_life;
            (product * root) >> FRACTION_BITS
        })
    }

    #[track_caller]
    fn check_decay(days: &[i64], half_life: i64, expected: &[u64]) {
        let touches: Vec<_> = days.iter().map(|day| Instant(day * DAY_MS)).collect();
        assert_eq!(listed(time_decay(&touches, half_life)), expected, "days {days:?}, half-life {half_life}");
    }

    #[test]
    fn decay_by_whole_half_lives_is_exact() {
        check_decay(&[], 7, &[]);
        check_decay(&[3], 7, &[1 << 40]);
        check_decay(&[0, 7, 14], 7, &[1 << 38, 1 << 39, 1 << 40]);
        check_decay(&[14, 0, 7], 7, &[1 << 40, 1 << 38, 1 << 39]);
        check_decay(&[0, 39 * 7, 40 * 7], 7, &[0, 1 << 39, 1 << 40]);
        check_decay(&[0, 39 * 7], 7, &[2, 1 << 40]);
        check_decay(&[0, 1], 0, &[1 << 39, 1 << 40]);
    }

    /// floor(2⁴⁰ × 2^(−d/7)) with 60 decimals, from Python's `decimal`.
    #[test]
    fn decay_between_half_lives() {
        check_decay(&[0, 1], 7, &[995_853_700_410, 1 << 40]);
        check_decay(&[0, 3], 7, &[816_933_999_857, 1 << 40]);
        check_decay(&[0, 100], 7, &[55_051_773, 1 << 40]);
    }

    #[test]
    fn absurd_instants_and_half_lives() {
        assert_eq!(listed(time_decay(&[Instant(i64::MIN), Instant(i64::MAX)], 7)), [0, 1 << 40]);
        let slow = listed(time_decay(&[Instant(i64::MIN), Instant(i64::MAX)], i64::MAX));
        assert!(slow[0] < 1 << 40 && slow[0] > (1 << 40) - 18_000, "{slow:?}");
    }

    proptest! {
        #[test]
        fn ends_share_four_fifths(n in 3_usize..10_000) {
            let weights = listed(position_based(n));
            let total: u64 = weights.iter().sum();
            prop_assert_eq!(weights[0] * 5, total * 2);
            prop_assert_eq!(weights[n - 1] * 5, total * 2);
            prop_assert!(weights[1..n - 1].iter().all(|w| *w == 1));
        }

        #[test]
        fn decay_is_close_to_exact(age in 0..300 * DAY_MS, half_life in 1_i64..400) {
            let weight = listed(time_decay(&[Instant(0), Instant(age)], half_life))[0];
            #[expect(clippy::cast_precision_loss, reason = "a float is precise enough to doubt an integer by 2")]
            let exact = 2_f64.powi(40) * (-(age as f64) / (half_life * DAY_MS) as f64).exp2();
            #[expect(clippy::cast_precision_loss, reason = "at most 2⁴⁰")]
            let difference = weight as f64 - exact;
            prop_assert!(difference.abs() < 2.0, "{weight} {exact}");
        }

        /// What a weight is must not change with how it is worked out: credits are decided anew by it.
        #[test]
        fn digits_by_division_are_those_by_doubling(age in any::<u64>(), half_life in 1_u128..1 << 90) {
            let age = u128::from(age) % half_life;
            prop_assert_eq!(halved(age, half_life), halved_by_doubling(age, half_life));
        }

        #[test]
        fn older_is_never_more(age in 0..300 * DAY_MS, more in 0..DAY_MS, half_life in 1_i64..400) {
            let weights = listed(time_decay(&[Instant(-age - more), Instant(-age), Instant(0)], half_life));
            prop_assert!(weights[0] <= weights[1] && weights[1] <= weights[2] && weights[2] == 1 << 40);
        }
    }
}
