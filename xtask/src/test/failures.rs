//! What failed tests said, short enough to be said again at the end: where only the end of a long log is kept, the reason would be
//! lost otherwise.

/// How much of what a test said is repeated.
const LINES: usize = 12;
const CHARACTERS: usize = 300;

/// Takes from the output of the test harness what it repeats of each failed test.
#[derive(Default)]
pub struct Failures {
    tests: Vec<Failure>,
    /// Whether lines belong to the last of them: a stack is not repeated.
    listening: bool,
}

struct Failure {
    test: String,
    said: Vec<String>,
}

impl Failures {
    /// `---- name stdout ----`, what the test said, at last a list of names.
    pub fn read(&mut self, line: &str) {
        if let Some(test) = line.strip_prefix("---- ").and_then(|rest| rest.strip_suffix(" stdout ----")) {
            self.tests.push(Failure { test: test.to_owned(), said: Vec::new() });
            self.listening = true;
        } else if line == "failures:" || line.starts_with("stack backtrace:") {
            self.listening = false;
        } else if let Some(test) = self.tests.last_mut().filter(|_| self.listening && !line.is_empty()) {
            test.hear(line);
        }
    }

    /// A line for each test, and what it said.
    pub fn told(&self) -> String {
        let lines = self.tests.iter().flat_map(|failure| {
            let said = failure.said.iter().map(|line| format!("\n    {line}"));
            std::iter::once(format!("\n  {}", failure.test)).chain(said)
        });
        lines.collect()
    }
}

impl Failure {
    /// Of what was said, the beginning from where it panicked on: there the reason stands.
    fn hear(&mut self, line: &str) {
        if line.contains("panicked at") {
            self.said.clear();
        }
        if self.said.len() < LINES {
            self.said.push(line.chars().take(CHARACTERS).collect());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "\
running 2 tests
test outage::a_full_disk ... FAILED
test outage::a_read_only_disk ... ok

failures:

---- outage::a_full_disk stdout ----
said before

thread 'outage::a_full_disk' panicked at tests/it/outage.rs:17:5:
it never gets full
stack backtrace:
   0: __rustc::rust_begin_unwind


failures:
    outage::a_full_disk

test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.04s";

    #[test]
    fn a_failed_test_is_named_with_its_reason() {
        let mut failures = Failures::default();
        OUTPUT.lines().for_each(|line| failures.read(line));
        let told = "\n  outage::a_full_disk\n    thread 'outage::a_full_disk' panicked at tests/it/outage.rs:17:5:\n    it never gets full";
        assert_eq!(failures.told(), told);
    }

    #[test]
    fn of_a_long_story_the_beginning_is_repeated() {
        let mut failures = Failures::default();
        failures.read("---- talks stdout ----");
        (0..100).for_each(|number| failures.read(&format!("{number} {}", "x".repeat(1000))));
        let told = failures.told();
        assert!(told.contains("\n    0 x") && !told.contains("\n    12 x"), "{told}");
        assert!(told.len() < LINES * (CHARACTERS + 6) + 20, "{}", told.len());
    }

    #[test]
    fn where_nothing_failed_nothing_is_told() {
        let mut failures = Failures::default();
        failures.read("test result: ok. 2 passed; 0 failed; 0 ignored");
        assert_eq!(failures.told(), "");
    }
}
