//! Counters and histograms that many threads add to without waiting for one another, and how Prometheus reads them.

use crate::world::World;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// Counts up.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    pub fn add_one(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Buckets for 1, 2, 4, … up to 2^25: half a minute in microseconds.
const BUCKETS: usize = 26;

/// Counts how often something was at most 1, 2, 4, …
#[derive(Debug, Default)]
pub struct Histogram {
    /// The last is for what is beyond them all.
    counts: [AtomicU64; BUCKETS + 1],
    sum: AtomicU64,
}

impl Histogram {
    /// Adds a value: two additions, and no lock.
    pub fn record(&self, value: usize) {
        let value = value as u64;
        let bucket = (u64::BITS - value.saturating_sub(1).leading_zeros()) as usize;
        self.counts[bucket.min(BUCKETS)].fetch_add(1, Ordering::Relaxed);
        self.sum.fetch_add(value, Ordering::Relaxed);
    }

    /// How many values were added.
    pub fn count(&self) -> u64 {
        self.counts.iter().map(|count| count.load(Ordering::Relaxed)).sum()
    }

    /// Adds the microseconds since `begun`.
    pub fn record_since(&self, begun: Instant) {
        let passed = World.stopwatch().saturating_duration_since(begun);
        self.record(usize::try_from(passed.as_micros()).unwrap_or(usize::MAX >> 1));
    }
}

/// What a histogram's values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Microseconds, told as seconds.
    Micros,
    /// Plain numbers.
    One,
}

/// A text in Prometheus's exposition format.
#[derive(Debug, Default)]
pub struct Exposition(String);

impl Exposition {
    /// Begins a family of metrics.
    pub fn family(&mut self, name: &str, kind: &str, help: &str) {
        self.line(format_args!("# HELP {name} {help}"));
        self.line(format_args!("# TYPE {name} {kind}"));
    }

    /// A number. `labels` is empty or `{a="b"}`.
    pub fn number(&mut self, name: &str, labels: &str, value: u64) {
        self.line(format_args!("{name}{labels} {value}"));
    }

    /// A time, told in milliseconds and written as seconds.
    pub fn seconds(&mut self, name: &str, milliseconds: u64) {
        self.line(format_args!("{name} {}.{:03}", milliseconds / 1000, milliseconds % 1000));
    }

    /// A histogram. `labels` is empty or `a="b"`, without braces.
    pub fn histogram(&mut self, name: &str, labels: &str, unit: Unit, histogram: &Histogram) {
        let (before, alone) = if labels.is_empty() {
            (String::new(), String::new())
        } else {
            (format!("{labels},"), format!("{{{labels}}}"))
        };
        let mut count = 0;
        for (power, bucket) in histogram.counts.iter().enumerate() {
            count += bucket.load(Ordering::Relaxed);
            let limit = if power == BUCKETS { "+Inf".to_owned() } else { scaled(1 << power, unit) };
            self.line(format_args!("{name}_bucket{{{before}le=\"{limit}\"}} {count}"));
        }
        let sum = scaled(histogram.sum.load(Ordering::Relaxed), unit);
        self.line(format_args!("{name}_sum{alone} {sum}"));
        self.line(format_args!("{name}_count{alone} {count}"));
    }

    /// The whole text.
    pub fn into_text(self) -> String {
        self.0
    }

    fn line(&mut self, text: std::fmt::Arguments<'_>) {
        self.0.push_str(&text.to_string());
        self.0.push('\n');
    }
}

fn scaled(value: u64, unit: Unit) -> String {
    match unit {
        Unit::One => value.to_string(),
        Unit::Micros => format!("{}.{:06}", value / 1_000_000, value % 1_000_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_counted_in_the_smallest_bucket_that_holds_it() {
        let histogram = Histogram::default();
        for value in [0, 1, 2, 3, 4, 5, 1 << 25, (1 << 25) + 1] {
            histogram.record(value);
        }
        let counts: Vec<u64> = histogram.counts.iter().map(|c| c.load(Ordering::Relaxed)).collect();
        assert_eq!(counts[..4], [2, 1, 2, 1]);
        assert_eq!(counts[BUCKETS - 1..], [1, 1]);
    }

    #[test]
    fn buckets_add_up_and_times_are_seconds() {
        let histogram = Histogram::default();
        histogram.record(3);
        histogram.record(1_500_000);
        let mut text = Exposition::default();
        text.histogram("t_seconds", "a=\"b\"", Unit::Micros, &histogram);
        let text = text.into_text();
        assert!(text.contains("t_seconds_bucket{a=\"b\",le=\"0.000002\"} 0\n"), "{text}");
        assert!(text.contains("t_seconds_bucket{a=\"b\",le=\"0.000004\"} 1\n"), "{text}");
        assert!(text.contains("t_seconds_bucket{a=\"b\",le=\"+Inf\"} 2\n"), "{text}");
        assert!(text.ends_with("t_seconds_sum{a=\"b\"} 1.500003\nt_seconds_count{a=\"b\"} 2\n"), "{text}");
    }

    /// Recording must not be felt on the way of a click: well below a microsecond, in a build without optimisation too.
    #[test]
    fn recording_is_cheap() {
        let (histogram, rounds) = (Histogram::default(), 200_000);
        let begun = World.stopwatch();
        for _ in 0..rounds {
            histogram.record_since(World.stopwatch());
        }
        let each = begun.elapsed() / rounds;
        assert!(each.as_nanos() < 5_000, "{each:?} each");
        println!("{each:?} each, with two looks at the clock");
    }
}
