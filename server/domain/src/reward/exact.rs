//! A product over a product, rounded once.

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

/// `numerators / denominators`, rounded half away from zero. Common factors are cancelled first; what does not fit into 128
/// bits even so (amounts near 10¹² at once in several places) is worked out with 28 digits.
pub fn quotient(mut numerators: Vec<u128>, mut denominators: Vec<u128>) -> i64 {
    if numerators.contains(&0) {
        return 0;
    }
    for n in &mut numerators {
        for d in &mut denominators {
            let common = gcd(*n, *d);
            *n /= common;
            *d /= common;
        }
    }
    let product = |factors: &[u128]| factors.iter().try_fold(1_u128, |all, f| all.checked_mul(*f));
    match (product(&numerators), product(&denominators)) {
        (Some(n), Some(d)) => i64::try_from(n / d + u128::from(n % d >= d.div_ceil(2))).unwrap_or(i64::MAX),
        _ => with_digits(&numerators, &denominators),
    }
}

/// Divides as early as it can, so that no step grows beyond what the digits hold.
fn with_digits(numerators: &[u128], denominators: &[u128]) -> i64 {
    let decimal = |f: &u128| Decimal::from_u128(*f).unwrap_or(Decimal::MAX);
    let (mut dividing, mut result) = (denominators.iter(), Decimal::ONE);
    for n in numerators {
        result = result.saturating_mul(decimal(n));
        if let Some(d) = dividing.next() {
            result /= decimal(d);
        }
    }
    for d in dividing {
        result /= decimal(d);
    }
    result.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero).to_i64().unwrap_or(i64::MAX)
}

fn gcd(a: u128, b: u128) -> u128 {
    if b == 0 { a } else { gcd(b, a % b) }
}

use rust_decimal::prelude::FromPrimitive;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_go_away_from_zero_and_what_is_large_is_still_right() {
        assert_eq!(quotient(vec![5], vec![2]), 3);
        assert_eq!(quotient(vec![7], vec![3]), 2);
        assert_eq!(quotient(vec![1], vec![3]), 0);
        assert_eq!(quotient(vec![0, 7], vec![3]), 0);
        assert_eq!(quotient(vec![10, 10, 10], vec![3, 3]), 111);
        let most = 1_000_000_000_000;
        assert_eq!(
            quotient(
                vec![most - 1, most - 7, 999_999, 99_999_999_999_989],
                vec![most - 3, 1_000_000, 100_000_000_000_000]
            ),
            999_998_999_991
        );
    }
}
