//! Running one part.

use super::failures::Failures;
use super::parts::{Part, Step};
use crate::{clients, demo::cargo, tools, wasm};
use anyhow::{Context, Result, ensure};
use std::{
    io::{BufRead, BufReader},
    process::Stdio,
};

/// Runs a part; answers how many tests it had.
pub fn part(part: &Part) -> Result<u32> {
    for tool in part.tools {
        tools::ensure(*tool)?;
    }
    let mut tests = 0;
    for step in part.steps {
        match step {
            Step::Cargo(words) => plain(words)?,
            Step::Tests(words, variables) => tests += counted(words, variables)?,
            Step::Assets => {
                wasm::build_all()?;
                wasm::build_yew_host()?;
            }
            Step::Clients => clients::install()?,
        }
    }
    Ok(tests)
}

fn plain(words: &[&str]) -> Result<()> {
    let status = cargo().args(words).status().context("cargo does not run")?;
    ensure!(status.success(), "cargo {} failed; it says above why", words.join(" "));
    Ok(())
}

/// Runs tests, shows what they say, and counts them.
fn counted(words: &[&str], variables: &[(&str, &str)]) -> Result<u32> {
    let mut command = cargo();
    command.args(words).envs(variables.iter().copied()).stdout(Stdio::piped());
    let mut child = command.spawn().context("cargo does not run")?;
    let output = child.stdout.take().context("cargo has no output")?;
    let (mut count, mut failures) = (Count::default(), Failures::default());
    for line in BufReader::new(output).lines() {
        let line = line?;
        println!("{line}");
        count.read(&line);
        failures.read(&line);
    }
    ensure!(
        child.wait()?.success(),
        "cargo {} failed; it says above why{}",
        words.join(" "),
        failures.told()
    );
    ensure!(count.passed > 0, "cargo {} found no test to run", words.join(" "));
    ensure!(count.ignored == 0, "{} tests are ignored; a test runs or is deleted", count.ignored);
    Ok(count.passed)
}

/// What the result lines of the test harness add up to.
#[derive(Debug, Default, PartialEq, Eq)]
struct Count {
    passed: u32,
    ignored: u32,
}

impl Count {
    /// `test result: ok. 28 passed; 0 failed; 0 ignored; …`
    fn read(&mut self, line: &str) {
        let Some(rest) = line.strip_prefix("test result: ") else { return };
        for part in rest.split([';', '.']) {
            match part.trim().split_once(' ') {
                Some((number, "passed")) => self.passed += number.parse().unwrap_or(0),
                Some((number, "ignored")) => self.ignored += number.parse().unwrap_or(0),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn result_lines_add_up() {
        let mut count = Count::default();
        count.read(
            "test result: ok. 28 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.04s",
        );
        count.read("running 2 tests");
        count.read(
            "test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
        );
        assert_eq!(count, Count { passed: 30, ignored: 1 });
    }
}
