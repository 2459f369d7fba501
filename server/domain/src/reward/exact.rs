//! A product over a product, rounded once.

use std::cmp::Ordering;

/// `numerators / denominators`, rounded half away from zero; `i64::MAX` where it is more than that. No denominator is 0.
///
/// Common factors are cancelled first, after which nearly everything fits into 128 bits; what does not is found by trying,
/// for which large numbers need only be multiplied and compared.
pub fn quotient(numerators: Vec<u128>, denominators: Vec<u128>) -> i64 {
    rounded(numerators, denominators, Rounding::HalfAway)
}

/// `numerators / denominators`, rounded down; `i64::MAX` where it is more than that. No denominator is 0.
pub fn floor(numerators: Vec<u128>, denominators: Vec<u128>) -> i64 {
    rounded(numerators, denominators, Rounding::Down)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Rounding {
    HalfAway,
    Down,
}

fn rounded(mut numerators: Vec<u128>, mut denominators: Vec<u128>, rounding: Rounding) -> i64 {
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
        (Some(n), Some(d)) => {
            let up = rounding == Rounding::HalfAway && n % d >= d.div_ceil(2);
            i64::try_from(n / d + u128::from(up)).unwrap_or(i64::MAX)
        }
        _ => by_trying(numerators, denominators, rounding),
    }
}

/// The largest result that is not too large: `q` rounds the quotient `n / d` if `(2 q − 1) d ≤ 2 n`, and is its floor if
/// `2 q d ≤ 2 n`.
fn by_trying(mut numerators: Vec<u128>, mut denominators: Vec<u128>, rounding: Rounding) -> i64 {
    numerators.push(2);
    let twice = Large::product(&numerators);
    denominators.push(1);
    let last = denominators.len() - 1;
    let (mut fits, mut too_large) = (0_u64, 1 << 63);
    while too_large - fits > 1 {
        let middle = fits + (too_large - fits) / 2;
        denominators[last] = 2 * u128::from(middle) - u128::from(rounding == Rounding::HalfAway);
        if Large::product(&denominators) <= twice { fits = middle } else { too_large = middle }
    }
    i64::try_from(fits).unwrap_or(i64::MAX)
}

/// A whole number of any size: digits to the base 2³², the lowest first, without zeros at the end.
#[derive(PartialEq, Eq)]
struct Large(Vec<u32>);

impl Large {
    fn product(factors: &[u128]) -> Self {
        let bits = |factor: u128, shift: u32| factor >> shift & u128::from(u32::MAX);
        let digits = |factor: u128| [0, 32, 64, 96].map(|shift| bits(factor, shift));
        let times = |all: Vec<u32>, factor: &u128| times(&all, digits(*factor));
        Self(factors.iter().fold(vec![1], times))
    }
}

fn times(number: &[u32], factor: [u128; 4]) -> Vec<u32> {
    let digit = |place: usize| number.get(place).copied().map_or(0, u128::from);
    let (mut result, mut carry) = (Vec::new(), 0_u128);
    for place in 0..number.len() + factor.len() {
        // At most four products below 2⁶⁴ and what was carried: it fits.
        let terms = (0..factor.len().min(place + 1)).map(|i| factor[i] * digit(place - i));
        let sum = carry + terms.sum::<u128>();
        result.push(u32::try_from(sum & u128::from(u32::MAX)).unwrap_or(u32::MAX));
        carry = sum >> 32;
    }
    while result.last() == Some(&0) {
        result.pop();
    }
    result
}

impl PartialOrd for Large {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.0.len().cmp(&other.0.len()).then_with(|| self.0.iter().rev().cmp(other.0.iter().rev())))
    }
}

/// The greatest common divisor.
pub fn gcd(a: u128, b: u128) -> u128 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
#[path = "exact_tests.rs"]
mod tests;
