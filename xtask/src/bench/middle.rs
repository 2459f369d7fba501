//! Medians and tails.

/// The middle of some numbers, if there are any.
pub fn median(numbers: &[f64]) -> Option<f64> {
    let sorted = sorted(numbers);
    let (upper, lower) = (sorted.get(sorted.len() / 2)?, sorted.get(sorted.len().checked_sub(1)? / 2)?);
    Some(f64::midpoint(*upper, *lower))
}

/// The number that so many in a hundred do not exceed.
pub fn percentile(numbers: &[f64], percent: usize) -> Option<f64> {
    let sorted = sorted(numbers);
    let place = (sorted.len() * percent).div_ceil(100).max(1) - 1;
    sorted.get(place).copied()
}

/// The middle of what pairs come to: what disturbed the machine disturbed both of a pair.
pub fn median_ratio(over: &[f64], under: &[f64]) -> Option<f64> {
    let ratios: Vec<f64> = over.iter().zip(under).map(|(over, under)| over / under).collect();
    median(&ratios)
}

fn sorted(numbers: &[f64]) -> Vec<f64> {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(found: Option<f64>, wanted: f64) {
        assert!(found.is_some_and(|found| (found - wanted).abs() < 1e-9), "{found:?}, not {wanted}");
    }

    #[test]
    fn the_middle() {
        is(median(&[3.0, 1.0, 2.0]), 2.0);
        is(median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
        assert_eq!(median(&[]), None);
    }

    #[test]
    fn the_tail() {
        let hundred: Vec<f64> = (1..=100).map(f64::from).collect();
        is(percentile(&hundred, 99), 99.0);
        is(percentile(&[7.0], 99), 7.0);
        assert_eq!(percentile(&[], 99), None);
    }

    #[test]
    fn a_slow_round_counts_no_more_than_another() {
        is(median_ratio(&[50.0, 5.0, 60.0], &[100.0, 10.0, 100.0]), 0.5);
    }
}
