//! Asking as fast as the answers come, with wrk.

use super::script;
use anyhow::{Context, Result, ensure};
use std::path::Path;
use std::process::{Command, Stdio};

/// What came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Shot {
    pub answers: u64,
    /// Answers a second.
    pub rate: f64,
    /// Half of the answers took no longer, milliseconds.
    pub p50_ms: f64,
    /// One in a hundred took at least so long, milliseconds.
    pub p99_ms: f64,
}

/// The words of wrk, without the number that each run has of its own.
pub fn words(port: u16, script: &Path, threads: u32, connections: u32, seconds: u64) -> Vec<String> {
    vec![
        format!("-t{threads}"),
        format!("-c{connections}"),
        format!("-d{seconds}s"),
        "--timeout".into(),
        "30s".into(),
        "-s".into(),
        script.display().to_string(),
        format!("http://127.0.0.1:{port}"),
        "--".into(),
    ]
}

/// Asks every port at once, on its share of the connections.
pub fn shoot(ports: &[u16], script: &Path, connections: u32, seconds: u64) -> Result<Shot> {
    let share = u32::try_from(ports.len())?;
    let threads = (2 / share).max(1);
    let start = |port: &u16| {
        let mut command = super::site::roomy(Path::new("wrk"));
        command.args(words(*port, script, threads, connections / share, seconds));
        command.arg(script::next_numbers().to_string());
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().context("wrk does not start")
    };
    let running = ports.iter().map(start).collect::<Result<Vec<_>>>()?;
    let mut whole = Shot::default();
    for child in running {
        let output = child.wait_with_output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        let errors = String::from_utf8_lossy(&output.stderr);
        let shot = read(&text).with_context(|| format!("wrk said: {text}{errors}"))?;
        whole.answers += shot.answers;
        whole.rate += shot.rate;
        whole.p50_ms = whole.p50_ms.max(shot.p50_ms);
        whole.p99_ms = whole.p99_ms.max(shot.p99_ms);
    }
    Ok(whole)
}

/// Whether wrk's own limits allow what is asked for.
pub fn version() -> String {
    let output = Command::new("wrk").arg("-v").output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    text.lines().next().unwrap_or_default().trim().to_owned()
}

/// The line our script prints at the end.
fn read(text: &str) -> Result<Shot> {
    let line =
        text.lines().find_map(|line| line.strip_prefix("DONE ")).context("it did not come to an end")?;
    let numbers = line.split(' ').map(str::parse).collect::<Result<Vec<u64>, _>>()?;
    let [answers, micros, refused, broken, p50, p99] = numbers[..] else {
        anyhow::bail!("it told too little: {line}")
    };
    ensure!(refused == 0, "{refused} of {answers} answers were refusals");
    ensure!(broken == 0, "{broken} requests broke off or took longer than 30 s, beside {answers} answers");
    ensure!(answers > 0 && micros > 0, "nothing was answered");
    Ok(Shot {
        answers,
        rate: float(answers) / (float(micros) / 1e6),
        p50_ms: float(p50) / 1e3,
        p99_ms: float(p99) / 1e3,
    })
}

/// A count as a number to divide.
pub fn float(count: u64) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_tells_it_all() {
        let shot = read("Running 1s test\n\nDONE 3000 1500000 0 0 1500 9000\n").expect("a shot");
        assert_eq!(shot, Shot { answers: 3000, rate: 2000.0, p50_ms: 1.5, p99_ms: 9.0 });
    }

    #[test]
    fn refusals_and_silence_are_failures() {
        for text in ["DONE 3000 1500000 7 0 1 1", "DONE 3000 1500000 0 1 1 1", "DONE 0 1500000 0 0 1 1", ""] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
