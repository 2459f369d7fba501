//! What is measured, and how good it has to be.

use Goal::{AtLeast, AtMost};
use Source::{Binary, Bytes, Cpu, Import, Memory, Rate, Start, StatsFaster, StatsTail};

/// A line of the table.
pub struct Row {
    /// What `--only` takes.
    pub id: &'static str,
    /// What it says, in a line.
    pub about: &'static str,
    /// How good it has to be.
    pub goal: Goal,
    /// Where the number comes from.
    pub source: Source,
}

/// The bound a number has to keep.
#[derive(Clone, Copy, Debug)]
pub enum Goal {
    /// As large as this or larger.
    AtLeast(f64),
    /// As small as this or smaller.
    AtMost(f64),
    /// It is told for the sake of the others.
    Told,
}

/// Where a number comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Answers a second of one variant against another's.
    Rate(&'static str, &'static str),
    /// Processor time an answer of one variant against another's.
    Cpu(&'static str, &'static str),
    /// Bytes on disk a click.
    Bytes,
    /// How many times faster the statistics page is than plain SQL.
    StatsFaster,
    /// How long one in a hundred of its requests takes at least.
    StatsTail,
    /// Memory after the clicks.
    Memory,
    /// From the start to the first answer.
    Start,
    /// The size of the program.
    Binary,
    /// Back-filling against plain inserts.
    Import,
}

impl Goal {
    /// Whether a number is good enough.
    pub fn is_met(self, value: f64) -> bool {
        match self {
            AtLeast(bound) => value >= bound,
            AtMost(bound) => value <= bound,
            Self::Told => true,
        }
    }

    /// The bound.
    pub fn bound(self) -> Option<f64> {
        match self {
            AtLeast(bound) | AtMost(bound) => Some(bound),
            Self::Told => None,
        }
    }
}

const fn row(id: &'static str, about: &'static str, goal: Goal, source: Source) -> Row {
    Row { id, about, goal, source }
}

/// All of them.
pub const ROWS: &[Row] = &[
    row(
        "click_full",
        "/r/CODE, answered after a durable commit, against a bare 302; 64 connections",
        AtLeast(0.45),
        Rate("click", "bare_click"),
    ),
    row(
        "click_full_256",
        "the same with 256 connections",
        AtLeast(0.45),
        Rate("click_256", "bare_click_256"),
    ),
    row(
        "click_normal",
        "the same with --durability normal; 64 connections",
        AtLeast(0.58),
        Rate("click_normal", "bare_click"),
    ),
    row(
        "click_vs_naive",
        "/r/CODE against one durable transaction a click; times",
        AtLeast(12.0),
        Rate("click", "naive_click"),
    ),
    row(
        "click_cpu",
        "processor time a click against the bare handler; times",
        AtMost(2.3),
        Cpu("click", "bare_click"),
    ),
    row(
        "beacon_full",
        "POST /v1/track/click against a bare POST with JSON",
        AtLeast(0.40),
        Rate("beacon", "bare_beacon"),
    ),
    row(
        "sale_full",
        "POST /v1/track/sale against a bare POST with JSON",
        AtLeast(0.20),
        Rate("sale", "bare_sale"),
    ),
    row(
        "sale_vs_naive",
        "POST /v1/track/sale against one durable transaction a sale; times",
        AtLeast(7.0),
        Rate("sale", "naive_sale"),
    ),
    row(
        "click_growth",
        "cost of a click at the most stored clicks against 10,000; times",
        AtMost(1.2),
        Rate("click_small", "click_large"),
    ),
    row(
        "sale_growth",
        "cost of a sale at the most stored clicks against 10,000; times",
        AtMost(1.4),
        Rate("sale_small", "sale_large"),
    ),
    row(
        "click_growth_middle",
        "cost of a click at a tenth of the most stored clicks against 10,000; times",
        Goal::Told,
        Rate("click_small", "click_middle"),
    ),
    row(
        "sale_growth_middle",
        "cost of a sale at a tenth of the most stored clicks against 10,000; times",
        Goal::Told,
        Rate("sale_small", "sale_middle"),
    ),
    row("click_bytes", "bytes on disk a click, everything counted", AtMost(80.0), Bytes),
    row(
        "stats_page",
        "overview and leaderboard of 30 days over HTTP against plain SQL; times faster",
        AtLeast(1000.0),
        StatsFaster,
    ),
    row("stats_page_p99_ms", "the slowest in a hundred of these requests; ms", AtMost(5.0), StatsTail),
    row(
        "pg_click",
        "/r/CODE on PostgreSQL, one process, against a bare 302",
        AtLeast(0.35),
        Rate("pg_click", "bare_click_pg"),
    ),
    row(
        "pg_click_2p",
        "/r/CODE on PostgreSQL, two processes together",
        AtLeast(0.25),
        Rate("pg_click_2p", "bare_click_pg"),
    ),
    row(
        "pg_sale",
        "POST /v1/track/sale on PostgreSQL, one process, against a bare POST with JSON",
        Goal::Told,
        Rate("pg_sale", "bare_sale_pg"),
    ),
    row("pg_sale_2p", "the same, two processes together", AtLeast(0.15), Rate("pg_sale_2p", "bare_sale_pg")),
    row("rss_mb", "memory after the clicks, with 1,000 connections at the end; MB", AtMost(200.0), Memory),
    row("start_ms", "from the start to the first redirect on the most clicks; ms", AtMost(500.0), Start),
    row("binary_mb", "the program; MB", AtMost(40.0), Binary),
    row(
        "import_rows",
        "POST /v1/clicks/import, rows a second against plain prepared inserts",
        AtLeast(0.3),
        Import,
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::variants;
    use std::collections::BTreeSet;

    #[test]
    fn every_row_has_a_name_of_its_own_and_variants_there_are() {
        assert_eq!(ROWS.iter().map(|row| row.id).collect::<BTreeSet<_>>().len(), ROWS.len());
        for row in ROWS {
            if let Rate(over, under) | Cpu(over, under) = row.source {
                let stages = [over, under].map(|name| variants::named(name).expect("it is there").stage);
                assert_eq!(stages[0], stages[1], "{} compares what does not run in turn", row.id);
            }
        }
    }

    #[test]
    fn a_bound_may_be_reached() {
        assert!(AtLeast(2.0).is_met(2.0) && !AtLeast(2.0).is_met(1.9));
        assert!(AtMost(2.0).is_met(2.0) && !AtMost(2.0).is_met(2.1));
    }
}
