use super::*;
use proptest::prelude::*;

#[test]
fn halves_go_away_from_zero_and_what_is_large_is_still_right() {
    assert_eq!(quotient(vec![5], vec![2]), 3);
    assert_eq!(quotient(vec![7], vec![3]), 2);
    assert_eq!(quotient(vec![1], vec![3]), 0);
    assert_eq!(quotient(vec![0, 7], vec![3]), 0);
    assert_eq!(quotient(vec![10, 10, 10], vec![3, 3]), 111);
    // Worked out with Python's `fractions`.
    let most = 1_000_000_000_000;
    assert_eq!(
        quotient(
            vec![most - 1, most - 7, 999_999, 99_999_999_999_989],
            vec![most - 3, 1_000_000, 100_000_000_000_000]
        ),
        999_998_999_995
    );
}

/// A rate with 28 digits takes the numbers beyond what 128 bits or 28 digits hold: 1,234,567.89 of 10¹⁰ left, at 7 %, at
/// 1.2345678901234567890123456789. Worked out with Python's `fractions`.
#[test]
fn a_rate_of_28_digits() {
    let rate = (12_345_678_901_234_567_890_123_456_789_u128 * 10_000, 10_u128.pow(28) * 100);
    let worked = quotient(
        vec![999_999_999_989, 999_999_999_961, 69_997, rate.0],
        vec![999_999_999_959, 999_983, rate.1],
    );
    assert_eq!(worked, 8_641_751_770_199);
}

#[test]
fn what_is_too_large_stops_at_the_largest() {
    assert_eq!(quotient(vec![u128::MAX], vec![1]), i64::MAX);
    assert_eq!(quotient(vec![u128::MAX, u128::MAX], vec![3]), i64::MAX);
    assert_eq!(quotient(vec![u128::MAX, 1 << 62], vec![u128::MAX - 2]), 1 << 62);
}

/// Slow and plain: decimal digits, the highest first, multiplied and divided as at school.
mod oracle {
    fn product(factors: &[u128]) -> Vec<u8> {
        factors.iter().fold(vec![1], |all, factor| times(&all, *factor))
    }

    fn times(number: &[u8], factor: u128) -> Vec<u8> {
        let mut sum = Vec::new();
        for digit in factor.to_string().bytes() {
            sum.push(0);
            for _ in 0..digit - b'0' {
                sum = plus(&sum, number);
            }
        }
        sum
    }

    fn plus(a: &[u8], b: &[u8]) -> Vec<u8> {
        let (mut result, mut carry) = (Vec::new(), 0);
        for place in 0..a.len().max(b.len()) {
            let digit = |n: &[u8]| n.len().checked_sub(place + 1).map_or(0, |i| n[i]);
            let sum = digit(a) + digit(b) + carry;
            result.push(sum % 10);
            carry = sum / 10;
        }
        result.push(carry);
        result.reverse();
        trimmed(&result)
    }

    fn trimmed(number: &[u8]) -> Vec<u8> {
        let zeros = number.iter().take_while(|digit| **digit == 0).count();
        number[zeros..].to_vec()
    }

    fn is_less(a: &[u8], b: &[u8]) -> bool {
        (a.len(), a) < (b.len(), b)
    }

    /// `a − b`, where b is not more.
    fn minus(a: &[u8], b: &[u8]) -> Vec<u8> {
        let (mut result, mut borrowed) = (Vec::new(), 0);
        for place in 0..a.len() {
            let digit = |n: &[u8]| n.len().checked_sub(place + 1).map_or(0, |i| n[i]);
            let taken = digit(b) + borrowed;
            borrowed = u8::from(digit(a) < taken);
            result.push(digit(a) + 10 * borrowed - taken);
        }
        result.reverse();
        trimmed(&result)
    }

    /// Long division, and a look at twice the rest.
    pub fn quotient(numerators: &[u128], denominators: &[u128]) -> i64 {
        let divisor = trimmed(&product(denominators));
        let (mut rest, mut result) = (Vec::new(), 0_i128);
        for digit in trimmed(&product(numerators)) {
            rest.push(digit);
            rest = trimmed(&rest);
            let mut times = 0;
            while !is_less(&rest, &divisor) {
                rest = minus(&rest, &divisor);
                times += 1;
            }
            result = result.saturating_mul(10).saturating_add(times);
        }
        let up = !is_less(&plus(&rest, &rest), &divisor);
        i64::try_from(result.saturating_add(i128::from(up))).unwrap_or(i64::MAX)
    }
}

fn amount() -> impl Strategy<Value = u128> {
    prop_oneof![0_u128..100, 1..=1_000_000_000_000_u128, 999_999_000_000..=1_000_000_000_000_u128]
}

/// What a rate between currencies comes to: digits over a power of ten, on both sides powers of ten for the minor units.
fn exchange() -> impl Strategy<Value = (u128, u128)> {
    (1_u128..1 << 96, 0_u32..=28, 0_u32..=4, 0_u32..=4)
        .prop_map(|(rate, scale, to, from)| (rate * 10_u128.pow(to), 10_u128.pow(scale + from)))
}

proptest! {
    #[test]
    fn as_at_school_with_what_a_commission_is_made_of(
        base in amount(), left in amount(), paid in 1..=1_000_000_000_000_u128,
        millionths in 0..=1_000_000_u128, (rate, per) in exchange(),
    ) {
        let (above, below) = (vec![base, left.min(paid), millionths, rate], vec![paid, 1_000_000, per]);
        prop_assert_eq!(quotient(above.clone(), below.clone()), oracle::quotient(&above, &below));
    }

    #[test]
    fn as_at_school_with_anything(
        above in prop::collection::vec(any::<u128>(), 0..4), below in prop::collection::vec(1..u128::MAX, 0..4),
    ) {
        prop_assert_eq!(quotient(above.clone(), below.clone()), oracle::quotient(&above, &below));
    }

    /// Halves and their neighbours, however large: (2 q + 1) d over 2 d is a half, one less is not.
    #[test]
    fn as_at_school_next_to_a_half(q in 0_u64..1 << 61, d in prop::collection::vec(1_u128..1 << 96, 1..4)) {
        let mut above = d.clone();
        above.push(2 * u128::from(q) + 1);
        let mut below = d;
        below.push(2);
        prop_assert_eq!(quotient(above.clone(), below.clone()), i64::try_from(q + 1).unwrap());
        below.push(u128::MAX - 1);
        above.push(u128::MAX - 2);
        prop_assert_eq!(quotient(above.clone(), below.clone()), oracle::quotient(&above, &below));
    }
}
