//! Refreshes the list of crawlers that the server matches by, and the examples its tests are measured with.

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use std::{fmt::Write, fs, path::Path, process::Command};

/// The list: one pattern and some examples for each crawler.
const PACKAGE: &str = "crawler-user-agents";

/// The version to take from npm.
#[derive(clap::Args)]
pub struct Args {
    /// Which version of the npm package crawler-user-agents
    #[arg(default_value = "latest")]
    version: String,
}

/// Fetches the list with npm and writes both files anew.
pub fn run(args: &Args) -> Result<()> {
    let home = crate::root().join("target/tools").join(PACKAGE);
    fetch(&home, &args.version)?;
    let package = home.join("package");
    let list: Vec<Value> = json(&package.join("crawler-user-agents.json"))?;
    let patterns = list.iter().map(|crawler| text(&crawler["pattern"]));
    let examples = list.iter().flat_map(|crawler| crawler["instances"].as_array().into_iter().flatten());
    let head = head(&package)?;
    write("server/data/crawlers.txt", "Patterns of the user agents of crawlers", &head, patterns)?;
    write("tests/data/agents/crawlers.txt", "User agents of crawlers", &head, examples.map(text))
}

fn fetch(home: &Path, version: &str) -> Result<()> {
    fs::create_dir_all(home)?;
    let package = format!("{PACKAGE}@{version}");
    let packed =
        Command::new("npm").args(["pack", "--silent", &package]).current_dir(home).output().context("npm")?;
    ensure!(packed.status.success(), "npm has no {package}, or does not answer");
    let archive = String::from_utf8(packed.stdout)?;
    let unpacked = Command::new("tar").args(["-xzf", archive.trim()]).current_dir(home).status()?;
    ensure!(unpacked.success(), "tar refused {archive}");
    Ok(())
}

fn json<T: serde::de::DeserializeOwned>(file: &Path) -> Result<T> {
    serde_json::from_slice(&fs::read(file)?).with_context(|| file.display().to_string())
}

/// Where the list is from, and its licence, which asks to be carried along.
fn head(package: &Path) -> Result<String> {
    let version: Value = json(&package.join("package.json"))?;
    let licence = fs::read_to_string(package.join("LICENSE"))?;
    let source = format!("{PACKAGE} {}, https://www.npmjs.com/package/{PACKAGE}", text(&version["version"])?);
    Ok(format!("{source}; `cargo xtask bots` writes this file.\n\n{licence}"))
}

fn text(value: &Value) -> Result<&str> {
    value.as_str().with_context(|| format!("{value} is no text: the list has changed its form"))
}

/// One line each; what is no line by itself would be lost on the way back.
fn write<'a>(file: &str, what: &str, head: &str, lines: impl Iterator<Item = Result<&'a str>>) -> Result<()> {
    let mut out = String::new();
    for line in format!("{what}, one a line. From {head}").lines() {
        writeln!(out, "{}", format!("# {line}").trim_end())?;
    }
    let mut count = 0;
    for line in lines {
        let line = line?;
        if line.is_empty() || line.starts_with('#') || line.contains(['\n', '\r']) {
            bail!("{line:?} cannot stand on a line by itself");
        }
        writeln!(out, "{}", visible(line))?;
        count += 1;
    }
    fs::write(crate::root().join(file), out)?;
    println!("{file}: {count} lines");
    Ok(())
}

/// A space at the end is part of a pattern, and would not survive an editor.
fn visible(line: &str) -> String {
    line.strip_suffix(' ').map_or_else(|| line.to_owned(), |start| format!("{start}\\x20"))
}
