//! What came of it, as a table for people and as JSON for programs.

use super::Bench;
use super::load;
use super::rounds::{Samples, typical};
use super::rows::{Goal, Row};
use super::variants;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::Path;

/// A row with its number, or with why there is none.
pub struct Measured {
    pub row: &'static Row,
    pub value: Result<f64, String>,
}

/// A line a row, with the command that measures it alone.
pub fn table(measured: &[Measured]) -> String {
    let mut out =
        String::from("| row | value | goal | | what | command |\n| --- | ---: | ---: | --- | --- | --- |\n");
    for Measured { row, value } in measured {
        let (shown, mark) = match value {
            Ok(value) => (number(*value), mark(row.goal, *value)),
            Err(_) => ("–".into(), "not measured"),
        };
        let _ = writeln!(
            out,
            "| {} | {shown} | {} | {mark} | {} | `cargo xtask bench --only {}` |",
            row.id,
            goal(row.goal),
            row.about,
            row.id
        );
    }
    for Measured { row, value } in measured {
        if let Err(why) = value {
            let _ = writeln!(out, "\n{} was not measured: {why}", row.id);
        }
    }
    out
}

/// What stands behind the ratios, with the command that asks.
pub fn rates(bench: &Bench, samples: &Samples) -> String {
    let mut out = String::from(
        "| variant | answers/s | p50 ms | p99 ms | CPU µs | asked by |\n| --- | ---: | ---: | ---: | ---: | --- |\n",
    );
    for (name, taken) in samples {
        let (Ok(taken), Some(variant)) = (taken, variants::named(name)) else { continue };
        let script = format!("target/bench/{name}.lua");
        let words = load::words(0, Path::new(&script), 2, variant.connections, bench.seconds).join(" ");
        let _ = writeln!(
            out,
            "| {name} | {:.0} | {:.1} | {:.1} | {:.1} | `wrk {} N` |",
            typical(taken, |sample| sample.shot.rate),
            typical(taken, |sample| sample.shot.p50_ms),
            typical(taken, |sample| sample.shot.p99_ms),
            typical(taken, |sample| sample.cpu_us),
            words.replace(":0 ", ":PORT ")
        );
    }
    out
}

/// The rows that have a bound.
pub fn json(measured: &[Measured]) -> Value {
    let rows = measured.iter().filter_map(|Measured { row, value }| {
        let value = value.as_ref().ok().map(|value| (value * 1000.0).round() / 1000.0);
        Some(json!({ "id": row.id, "value": value, "goal": row.goal.bound()? }))
    });
    json!({ "rows": rows.collect::<Vec<_>>() })
}

/// Whether a goal is met, in a word.
pub fn mark(goal: Goal, value: f64) -> &'static str {
    match goal {
        Goal::Told => "",
        _ if goal.is_met(value) => "met",
        _ => "MISSED",
    }
}

/// A goal as it is written.
pub fn goal(goal: Goal) -> String {
    match goal {
        Goal::AtLeast(bound) => format!("≥ {bound}"),
        Goal::AtMost(bound) => format!("≤ {bound}"),
        Goal::Told => String::new(),
    }
}

/// A number in as many digits as say something.
pub fn number(value: f64) -> String {
    if value.abs() >= 100.0 {
        format!("{value:.0}")
    } else if value.abs() >= 10.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::rows::ROWS;

    fn measured(id: &str, value: Result<f64, String>) -> Measured {
        Measured { row: ROWS.iter().find(|row| row.id == id).expect("a row"), value }
    }

    #[test]
    fn a_goal_that_is_missed_is_marked() {
        let table = table(&[measured("click_full", Ok(0.2)), measured("rss_mb", Ok(90.0))]);
        let lines: Vec<&str> = table.lines().collect();
        assert!(lines[2].starts_with("| click_full | 0.20 | ≥ 0.45 | MISSED |"), "{table}");
        assert!(lines[3].starts_with("| rss_mb | 90.0 | ≤ 200 | met |"), "{table}");
    }

    #[test]
    fn what_was_not_measured_says_why() {
        let rows = [measured("start_ms", Err("the disk is full".into()))];
        assert!(table(&rows).contains("start_ms was not measured: the disk is full"));
        assert_eq!(json(&rows), json!({ "rows": [{ "id": "start_ms", "value": null, "goal": 500.0 }] }));
    }

    #[test]
    fn programs_read_rows_with_a_bound() {
        let rows = [measured("click_full", Ok(0.51249)), measured("pg_sale", Ok(0.1))];
        assert_eq!(json(&rows), json!({ "rows": [{ "id": "click_full", "value": 0.512, "goal": 0.45 }] }));
    }
}
