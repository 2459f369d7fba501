//! The table at the end.

/// What became of a part.
pub struct Row {
    pub name: &'static str,
    pub seconds: f32,
    pub tests: u32,
    pub error: Option<String>,
}

impl Row {
    /// One line of the table.
    pub fn line(&self) -> String {
        let word = if self.error.is_some() { "FAILED" } else { "ok" };
        let tests = match self.tests {
            0 => String::new(),
            1 => "1 test".to_owned(),
            many => format!("{many} tests"),
        };
        format!("{:16} {word:7} {:>8.1} s  {tests}", self.name, self.seconds).trim_end().to_owned()
    }
}

/// All rows, what failed with its reason, and what did not get its turn.
pub fn table(rows: &[Row], planned: usize) -> String {
    let mut lines: Vec<String> = rows.iter().map(Row::line).collect();
    let failed: Vec<&Row> = rows.iter().filter(|row| row.error.is_some()).collect();
    let (seconds, tests) =
        (rows.iter().map(|row| row.seconds).sum::<f32>(), rows.iter().map(|row| row.tests).sum::<u32>());
    lines.push(String::new());
    for row in &failed {
        lines.push(format!("{} failed: {}", row.name, row.error.as_deref().unwrap_or_default()));
        lines.push(format!("  again: cargo xtask test --only {}", row.name));
    }
    if rows.len() < planned {
        lines.push(format!("{} parts did not get their turn.", planned - rows.len()));
    }
    let passed = rows.len() - failed.len();
    lines.push(format!("{passed} of {planned} parts hold, {tests} tests, {seconds:.0} s."));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &'static str, tests: u32, error: Option<&str>) -> Row {
        Row { name, seconds: 1.25, tests, error: error.map(str::to_owned) }
    }

    #[test]
    fn the_table_says_what_failed_and_how_to_run_it_again() {
        let table = table(
            &[row("format", 0, None), row("unit", 12, None), row("browser", 0, Some("no Chromium\n  more"))],
            4,
        );
        assert!(table.contains("unit             ok           1.2 s  12 tests"), "{table}");
        assert!(
            table.contains("browser failed: no Chromium\n  more\n  again: cargo xtask test --only browser"),
            "{table}"
        );
        assert!(table.contains("1 parts did not get their turn.\n2 of 4 parts hold, 12 tests"), "{table}");
    }
}
