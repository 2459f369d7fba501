//! Programs that run while the demo does, and never longer.

use super::Stopwatch;
use anyhow::{Context, Result, bail};
use std::{
    fs::File,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    thread::sleep,
    time::Duration,
};

const TICK: Duration = Duration::from_millis(50);
const PATIENCE: Duration = Duration::from_secs(10);

/// A program with its log, and a guard that outlives us.
pub struct Guarded {
    name: &'static str,
    log: PathBuf,
    child: Child,
    guard: Option<Child>,
}

impl Guarded {
    /// Starts a program; what it says goes into the log.
    pub fn start(name: &'static str, command: &mut Command, log: &Path) -> Result<Self> {
        let file = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
        own_group(command).stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
        let child = command.spawn().with_context(|| format!("the {name} does not start"))?;
        let guard = guard(child.id());
        Ok(Self { name, log: log.to_owned(), child, guard })
    }

    /// The number the system knows it by.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Fails if the program ended, with the last it said.
    pub fn check(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => {
                self.dismiss_guard();
                bail!(
                    "the {} ended by itself ({status}). Its last words, from {}:\n{}",
                    self.name,
                    self.log.display(),
                    tail(&self.log)
                )
            }
        }
    }

    /// Waits until it answers at `path`.
    pub fn await_answer(&mut self, port: u16, path: &str, stop: impl Fn() -> bool) -> Result<()> {
        let begun = Stopwatch::start();
        while begun.elapsed() < PATIENCE * 3 {
            self.check()?;
            if stop() {
                bail!("stopped while the {} was starting", self.name);
            }
            if super::http::request(port, "GET", path, "").is_ok_and(|(status, _)| status == 200) {
                return Ok(());
            }
            sleep(TICK);
        }
        bail!("the {} does not answer on port {port}. Its last words:\n{}", self.name, tail(&self.log))
    }

    /// Asks it to end, waits until it has, and insists after ten seconds.
    pub fn stop(&mut self) -> Result<ExitStatus> {
        if let Some(status) = self.child.try_wait()? {
            self.dismiss_guard();
            return Ok(status);
        }
        match &mut self.guard {
            // The guard asks as soon as its input ends.
            Some(guard) => drop(guard.stdin.take()),
            None => self.child.kill()?,
        }
        let begun = Stopwatch::start();
        while begun.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait()? {
                self.dismiss_guard();
                return Ok(status);
            }
            sleep(TICK);
        }
        self.child.kill()?;
        self.dismiss_guard();
        Ok(self.child.wait()?)
    }

    /// The guard must not signal a number that may by now be another program's.
    fn dismiss_guard(&mut self) {
        if let Some(mut guard) = self.guard.take() {
            drop(guard.kill());
            drop(guard.wait());
        }
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        drop(self.stop());
    }
}

/// A shell that waits for the end of its input, which comes when we close it or when we are gone for whatever reason, even by
/// `kill -9`; then it asks the program to end. So nothing is left behind, and nothing unsafe is needed to send a signal.
#[cfg(unix)]
fn guard(id: u32) -> Option<Child> {
    let mut command = Command::new("sh");
    command.args(["-c", "read _; kill -TERM \"$1\"", "guard", &id.to_string()]);
    own_group(&mut command).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()
}

#[cfg(not(unix))]
fn guard(_: u32) -> Option<Child> {
    None
}

/// Away from the terminal's Ctrl-C, which is for us: we end the programs in the right order.
fn own_group(command: &mut Command) -> &mut Command {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    command
}

/// The last lines of a log.
fn tail(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let last = &lines[lines.len().saturating_sub(12)..];
    if last.is_empty() { "(nothing)".to_owned() } else { format!("    {}", last.join("\n    ")) }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn log(name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("goodword-{name}-{}.log", std::process::id()))
    }

    #[test]
    fn a_program_is_asked_to_end() {
        let mut command = Command::new("sh");
        command.args(["-c", "trap 'exit 7' TERM; while :; do sleep 0.1; done"]);
        let mut child = Guarded::start("loop", &mut command, &log("loop")).expect("it starts");
        sleep(Duration::from_millis(300));
        child.check().expect("it runs");
        assert_eq!(child.stop().expect("it ends").code(), Some(7));
    }

    #[test]
    fn a_death_is_reported_with_the_last_words() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo out of tea >&2; exit 3"]);
        let mut child = Guarded::start("kettle", &mut command, &log("kettle")).expect("it starts");
        child.child.wait().expect("it ends");
        let error = child.check().expect_err("it is dead").to_string();
        assert!(error.contains("the kettle ended by itself") && error.contains("out of tea"), "{error}");
    }
}
