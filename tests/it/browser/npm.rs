//! Judges of pages that npm has, each fetched once.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;

/// A file of a package, fetched if it is not here.
pub fn file(package: &str, version: &str, file: &str) -> PathBuf {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let tools = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/tools");
    let home = tools.join(format!("{package}-{version}"));
    let file = home.join("node_modules").join(package).join(file);
    let one = ONE_AT_A_TIME.lock();
    if !file.exists() {
        install(&home, &format!("{package}@{version}"));
    }
    drop(one);
    let path = file.display();
    assert!(
        file.exists(),
        "{package} {version} is not here: install Node.js with npm, or put it there: {path}"
    );
    file
}

fn install(home: &Path, package: &str) {
    let quiet =
        ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error", "--fetch-retries=2"];
    let mut npm = Command::new("npm");
    npm.arg("install").args(quiet).arg("--prefix").arg(home).arg(package);
    // What came of it is seen by whether the file is there.
    let _ = npm.stdin(Stdio::null()).stdout(Stdio::null()).status();
}
