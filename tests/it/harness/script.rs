//! Scripts of `tests/clients`, which use public libraries as their users do.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A script to run, with what it is told. It prints one JSON value, its answer, and nothing else on standard output.
pub struct Script {
    command: Command,
    name: String,
}

impl Script {
    /// A file of `tests/clients`, run by Node (`.mjs`) or by Python (`.py`) with the libraries that are installed there.
    pub fn new(name: &str) -> Self {
        let is_python = Path::new(name).extension().is_some_and(|extension| extension == "py");
        let mut command = if is_python { Command::new(python()) } else { Command::new("node") };
        command.arg(folder().join(name)).current_dir(folder()).stdin(Stdio::null());
        Self { command, name: name.to_owned() }
    }

    /// With a variable.
    pub fn with(mut self, variable: &str, value: &str) -> Self {
        self.command.env(variable, value);
        self
    }

    /// Runs it to its end and gives what it printed; panics with its words if it fails.
    #[track_caller]
    pub fn run(mut self) -> Value {
        let output = self.command.output();
        let output = output.unwrap_or_else(|error| panic!("{} does not start: {error}", self.name));
        let said = String::from_utf8_lossy(&output.stdout);
        let complaints = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{} failed:\n{complaints}\n{said}", self.name);
        serde_json::from_str(&said).unwrap_or_else(|error| {
            panic!("{} printed something else than JSON ({error}):\n{said}\n{complaints}", self.name)
        })
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("clients")
}

/// The Python that has the libraries.
pub fn python() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tools/python/bin/python")
}
