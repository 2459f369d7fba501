//! Credit by removal effects in a Markov chain of order 1.
//!
//! A journey is a walk from a start over names to one of two ends, conversion or null. The probability of each step is
//! the share of journeys, conversions and losses alike, that took it. The removal effect of a name is the share of
//! conversions that are missed when whoever comes to it goes to null instead. Source: Anderl, Becker, von Wangenheim and
//! Schumann, "Mapping the customer journey", International Journal of Research in Marketing 33 (2016).
//!
//! A step from a name to itself is left out, as `ChannelAttribution` does. That changes no probability of an end, for who
//! stays leaves in the same proportions in the end.
//!
//! No name need be removed to know its effect. With N the inverse of I − Q (Q the steps between names), the walk comes
//! to name k with probability (sN)ₖ / Nₖₖ, and from there to conversion with probability (Nr)ₖ; what is missed without k
//! is the product. So one inverse answers for all names.

use super::{Journeys, MAX_MARKOV_NAMES};
use crate::Invalid;

/// Effects are rounded to multiples of 2⁻⁴⁰: coarse enough to hide how floats round, so that equal effects are equal
/// weights, and fine enough to split money by.
const UNIT: f64 = 1_099_511_627_776.0;

/// The removal effects of all names, in their order, as weights.
pub(super) fn weights(journeys: &Journeys) -> Result<Vec<u64>, Invalid> {
    let n = journeys.names.len();
    if n > MAX_MARKOV_NAMES {
        let remedy = format!(
            "`markov` compares at most {MAX_MARKOV_NAMES} names, and there are {n}: credit something coarser, such as \
             partners or channels, or take another model."
        );
        return Err(Invalid::new("model", remedy));
    }
    Ok(Chain::of(journeys).removal_effects().into_iter().map(weight).collect())
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an effect lies between 0 and 1, but for rounding, and such a cast stops at 0"
)]
fn weight(effect: f64) -> u64 {
    (effect * UNIT).round() as u64
}

#[expect(clippy::cast_precision_loss, reason = "far fewer journeys are taken than 2⁵³")]
fn count(journeys: i64) -> f64 {
    journeys as f64
}

/// The steps of the walk; every row and `start` are probabilities.
struct Chain {
    /// From the start to each name.
    start: Vec<f64>,
    /// From each name to conversion.
    converted: Vec<f64>,
    /// From each name to each other: Q.
    steps: Vec<Vec<f64>>,
}

impl Chain {
    fn of(journeys: &Journeys) -> Self {
        let n = journeys.names.len();
        let mut chain = Self { start: vec![0.0; n], converted: vec![0.0; n], steps: vec![vec![0.0; n]; n] };
        let mut left = vec![0.0; n];
        journeys.each_walk(|steps, ends| {
            let (conversions, taken) = (count(ends.converted), count(ends.converted + ends.lost));
            let (first, last) = (steps[0], steps[steps.len() - 1]);
            chain.start[first] += taken;
            for step in steps.windows(2).filter(|step| step[0] != step[1]) {
                chain.steps[step[0]][step[1]] += taken;
                left[step[0]] += taken;
            }
            chain.converted[last] += conversions;
            left[last] += taken;
        });
        chain.normalised(&left)
    }

    /// From counts to probabilities; every name was left, for every journey ends.
    fn normalised(mut self, left: &[f64]) -> Self {
        let started: f64 = self.start.iter().sum();
        self.start.iter_mut().for_each(|count| *count /= started);
        for ((row, converted), left) in self.steps.iter_mut().zip(&mut self.converted).zip(left) {
            *converted /= left;
            for count in row {
                *count /= left;
            }
        }
        self
    }

    fn removal_effects(self) -> Vec<f64> {
        let n = self.start.len();
        let visits = inverse_of_the_rest(self.steps);
        let product = |row: &[f64], column: &[f64]| row.iter().zip(column).map(|(a, b)| a * b).sum::<f64>();
        let to_conversion: Vec<f64> = visits.iter().map(|row| product(row, &self.converted)).collect();
        let all = product(&self.start, &to_conversion);
        if all <= 0.0 {
            return vec![0.0; n];
        }
        let mut visited = vec![0.0; n];
        for (row, start) in visits.iter().zip(&self.start).filter(|(_, start)| **start > 0.0) {
            visited.iter_mut().zip(row).for_each(|(sum, visits)| *sum += start * visits);
        }
        (0..n).map(|k| visited[k] / visits[k][k] * to_conversion[k] / all).collect()
    }
}

/// The inverse of I − Q: how often a walk that is at one name will have been at another. By elimination in place; no pivots
/// need be sought, for I − Q is a matrix whose diagonal outweighs the rest of each row. What is 0 costs nothing, and names
/// with few neighbours come first, so that much stays 0 for long.
fn inverse_of_the_rest(mut matrix: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let order = by_neighbours(&matrix);
    for (i, row) in matrix.iter_mut().enumerate() {
        for probability in row.iter_mut() {
            *probability = -*probability;
        }
        row[i] += 1.0;
    }
    for k in order {
        let mut pivot_row = std::mem::take(&mut matrix[k]);
        let pivot = std::mem::replace(&mut pivot_row[k], 1.0);
        for value in &mut pivot_row {
            *value /= pivot;
        }
        for row in matrix.iter_mut().filter(|row| row.get(k).is_some_and(|factor| *factor != 0.0)) {
            let factor = std::mem::replace(&mut row[k], 0.0);
            row.iter_mut().zip(&pivot_row).for_each(|(value, pivot)| *value -= factor * pivot);
        }
        matrix[k] = pivot_row;
    }
    matrix
}

fn by_neighbours(steps: &[Vec<f64>]) -> Vec<usize> {
    let mut neighbours = vec![0_usize; steps.len()];
    for (i, row) in steps.iter().enumerate() {
        for (j, _) in row.iter().enumerate().filter(|(_, probability)| **probability > 0.0) {
            neighbours[i] += 1;
            neighbours[j] += 1;
        }
    }
    let mut order: Vec<usize> = (0..steps.len()).collect();
    order.sort_by_key(|name| neighbours[*name]);
    order
}
