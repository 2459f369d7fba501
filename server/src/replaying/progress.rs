//! How far a replay has come: a bar on a terminal, a line every few seconds elsewhere.

use crate::world::World;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::time::{Duration, Instant};

/// How often a line is printed where there is no terminal.
const OFTEN: Duration = Duration::from_secs(5);
/// How many refusals are listed; more are only counted.
const MOST_REFUSALS: u64 = 1000;

/// What is said on the standard error stream meanwhile.
pub struct Progress {
    /// None where there is no terminal.
    bar: Option<ProgressBar>,
    begun: Instant,
    said: Instant,
    /// Bytes, where the file has an end.
    whole: Option<u64>,
    refusals: u64,
}

impl Progress {
    /// Of a file of so many bytes, where that is known.
    pub fn new(whole: Option<u64>) -> Self {
        let begun = World.stopwatch();
        let bar = std::io::stderr().is_terminal().then(|| bar(whole));
        Self { bar, begun, said: begun, whole, refusals: 0 }
    }

    /// So many bytes and events are done.
    pub fn tell(&mut self, bytes: u64, events: u64) {
        if let Some(bar) = &self.bar {
            bar.set_position(bytes);
            bar.set_message(format!("{events} events"));
        } else if self.said.elapsed() >= OFTEN {
            self.said = World.stopwatch();
            let part = self.whole.filter(|whole| *whole > 0).map(|whole| bytes * 100 / whole);
            let part = part.map_or_else(String::new, |part| format!(", {part}%"));
            self.say(&format!("{events} events{part} after {} s", self.begun.elapsed().as_secs()));
        }
    }

    /// An event was refused.
    pub fn refused(&mut self, line: u64, why: &str) {
        self.refusals += 1;
        if self.refusals <= MOST_REFUSALS {
            self.say(&format!("line {line}: {why}"));
        } else if self.refusals == MOST_REFUSALS + 1 {
            self.say(&format!("More than {MOST_REFUSALS} events were refused; the others are only counted."));
        }
    }

    /// A line beside the bar.
    #[expect(clippy::print_stderr, reason = "beside the answer, which may go to a file")]
    fn say(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.println(text),
            None => eprintln!("{text}"),
        }
    }

    /// Takes the bar away.
    pub fn end(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}

fn bar(whole: Option<u64>) -> ProgressBar {
    let bar = whole.map_or_else(ProgressBar::no_length, ProgressBar::new);
    let known = "{bar:40} {percent}% {msg}, {eta} left";
    let style = ProgressStyle::with_template(if whole.is_some() { known } else { "{spinner} {msg}" });
    style.map_or(bar.clone(), |style| bar.with_style(style))
}
