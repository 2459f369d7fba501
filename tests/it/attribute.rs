//! `goodword attribute` on files, as a marketer runs it.

use crate::harness::{goodword, stopwatch};
use std::fmt::Write;
use std::path::Path;
use std::process::Output;
use std::time::Duration;

fn attribute(file: &Path, arguments: &[&str]) -> Output {
    goodword().arg("attribute").arg(file).args(arguments).output().expect("goodword starts")
}

/// What it printed, told as it must have ended.
#[track_caller]
fn answer(file: &Path, arguments: &[&str]) -> String {
    let output = attribute(file, arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it prints UTF-8")
}

/// The sums of a printed CSV's columns but the first, without decimal points.
fn sums(csv: &str) -> Vec<i64> {
    let mut sums = Vec::new();
    for line in csv.lines().skip(1) {
        let cells =
            line.split(',').skip(1).map(|cell| cell.replace('.', "").parse::<i64>().expect("a figure"));
        for (place, figure) in cells.enumerate() {
            sums.resize(sums.len().max(place + 1), 0);
            sums[place] += figure;
        }
    }
    sums
}

/// 10,000 journeys over 50 channels, 1 to 10 touchpoints each, every third converted; the same in each run.
fn journeys() -> (String, i64, i64) {
    let mut state = 1_u64;
    let mut below = |limit: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % limit
    };
    let mut text = String::from("journey,at,channel,conversion,value\n");
    let (mut conversions, mut value) = (0, 0);
    for journey in 0..10_000 {
        let steps = 1 + below(10);
        for step in 1..=steps {
            let (hour, channel) = (below(24), below(50));
            let _ = write!(text, "j{journey},2026-01-{step:02}T{hour:02}:00:00Z,c{channel},");
            if step == steps && journey % 3 == 0 {
                let amount = i64::try_from(below(100_000)).expect("it is small");
                (conversions, value) = (conversions + 1, value + amount);
                let _ = writeln!(text, "1,{amount}");
            } else {
                text.push_str(",\n");
            }
        }
    }
    (text, conversions, value)
}

/// Says how long it took: `cargo test -p goodword-tests --test it ten_thousand -- --nocapture`.
#[test]
fn ten_thousand_journeys_under_every_model() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("journeys.csv");
    let (text, conversions, value) = journeys();
    std::fs::write(&file, text).expect("it can be written");
    let start = stopwatch();
    let csv = answer(&file, &["--model", "all", "--format", "csv"]);
    let took = start.elapsed();
    println!("10,000 journeys over 50 channels, six models, from file to CSV: {took:?}");
    assert_eq!(csv.lines().count(), 51);
    assert_eq!(sums(&csv), [conversions * 1_000_000, value].repeat(6));
    assert_eq!(csv, answer(&file, &["--model", "all", "--format", "csv"]));
    assert!(took < Duration::from_secs(10), "{took:?}");
}

/// Sergey Bryl's worked example.
#[test]
fn a_file_of_paths() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("journeys.csv");
    std::fs::write(&file, "path,conversions,null\nC1 > C2 > C3,1,0\nC1,0,1\nC2 > C3,0,1\n")
        .expect("it can be written");
    let output = attribute(&file, &["--model", "markov", "--model", "all", "--format", "csv"]);
    let printed = String::from_utf8_lossy(&output.stdout);
    let markov: Vec<_> =
        printed.lines().map(|line| line.split(',').take(2).collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(markov, ["channel markov_conversions", "C2 0.400000", "C3 0.400000", "C1 0.200000"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("`time_decay` is left out"));
}

#[test]
fn a_mistake_is_told_with_its_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("journeys.csv");
    std::fs::write(&file, "path,conversions\nA,1\nB,some\n").expect("it can be written");
    let output = attribute(&file, &["--model", "linear"]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("journeys.csv, line 3, column `conversions`: must be"), "{told}");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    let output = attribute(&folder.path().join("none.csv"), &["--model", "linear"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("none.csv cannot be read"));
    assert_eq!(output.status.code(), Some(1));
}
