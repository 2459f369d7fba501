//! What the kernel knows of a process.

use anyhow::{Context, Result};

/// Linux counts a process's time in hundredths of a second, whatever its own clock does.
const TICKS_A_SECOND: f64 = 100.0;

/// The processor time a process has taken, seconds.
pub fn cpu_seconds(id: u32) -> Result<f64> {
    let text = read(id, "stat")?;
    ticks(&text).map(|ticks| ticks / TICKS_A_SECOND).context("/proc tells no times")
}

/// The memory a process holds, megabytes.
pub fn resident_mb(id: u32) -> Result<f64> {
    let text = read(id, "status")?;
    kilobytes(&text).map(|kilobytes| kilobytes * 1024.0 / 1e6).context("/proc tells no VmRSS")
}

fn read(id: u32, what: &str) -> Result<String> {
    let path = format!("/proc/{id}/{what}");
    std::fs::read_to_string(&path).with_context(|| format!("{path} cannot be read; this needs Linux"))
}

/// User and system time are the 14th and 15th field; the 2nd is a name in brackets, with anything in it.
fn ticks(stat: &str) -> Option<f64> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(11);
    let (user, system): (f64, f64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some(user + system)
}

fn kilobytes(status: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_found_behind_any_name() {
        let stat = "7 (a) b (c) S 1 7 7 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 4 0 5 6 7";
        assert_eq!(ticks(stat), Some(300.0));
    }

    #[test]
    fn memory_is_found() {
        assert_eq!(kilobytes("Name:\tx\nVmRSS:\t  2048 kB\n"), Some(2048.0));
    }
}
