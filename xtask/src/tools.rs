//! Installs what is missing, or says how.

use anyhow::{Context, Result, bail};
use std::{
    path::PathBuf,
    process::{Command, Stdio},
    sync::OnceLock,
};

/// Something of which `cargo` alone does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// `cargo fmt`.
    Rustfmt,
    /// `cargo clippy`.
    Clippy,
    /// The wasm32-unknown-unknown target.
    Wasm,
    /// Node.js with npm, for the optimisers.
    Node,
    /// Python 3 with `venv`, for the public Python libraries.
    Python,
    /// `initdb` and `postgres`.
    PostgreSql,
    /// Chromium and its driver.
    Chromium,
    /// `wrk`, which asks as fast as it is answered.
    Wrk,
    /// `xmllint`, which holds XML against its schema.
    Xmllint,
    /// `hledger`, which checks an exported ledger.
    Hledger,
    /// `bean-check`, which checks another.
    Beancount,
    /// `systemd-analyze`, which checks units.
    Systemd,
    /// `musl-gcc`, which compiles what is in C for a binary that needs no library of the system.
    Musl,
}

impl Tool {
    /// Where it is, if it is there.
    fn present(self) -> bool {
        match self {
            Self::Rustfmt => answers("cargo", &["fmt", "--version"]),
            Self::Clippy => answers("cargo", &["clippy", "--version"]),
            Self::Wasm => wasm_target_is_there(),
            Self::Node => answers("node", &["--version"]) && answers("npm", &["--version"]),
            Self::Python => answers("python3", &["-c", "import ensurepip, venv"]),
            Self::PostgreSql => postgresql().is_some(),
            Self::Chromium => chromium().is_some() && answers("chromedriver", &["--version"]),
            // It prints its version and calls that a failure.
            Self::Wrk => Command::new("wrk").arg("-v").output().is_ok(),
            Self::Xmllint => answers("xmllint", &["--version"]),
            Self::Hledger => answers("hledger", &["--version"]),
            Self::Beancount => answers("bean-check", &["--version"]),
            Self::Systemd => answers("systemd-analyze", &["--version"]),
            Self::Musl => answers("musl-gcc", &["--version"]),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Rustfmt => "rustfmt",
            Self::Clippy => "clippy",
            Self::Wasm => "the Rust target wasm32-unknown-unknown",
            Self::Node => "Node.js with npm",
            Self::Python => "Python 3 with venv",
            Self::PostgreSql => "a PostgreSQL server (initdb and postgres)",
            Self::Chromium => "Chromium with chromedriver",
            Self::Wrk => "wrk, the load generator",
            Self::Xmllint => "xmllint, which validates XML",
            Self::Hledger => "hledger, which checks journals",
            Self::Beancount => "Beancount (bean-check), which checks journals",
            Self::Systemd => "systemd-analyze, which checks units",
            Self::Musl => "musl-gcc, the C compiler for static binaries",
        }
    }

    /// The command that a person would type.
    fn remedy(self) -> &'static [&'static str] {
        match self {
            Self::Rustfmt => &["rustup", "component", "add", "rustfmt"],
            Self::Clippy => &["rustup", "component", "add", "clippy"],
            Self::Wasm => &["rustup", "target", "add", "wasm32-unknown-unknown"],
            Self::Node => &["apt-get", "install", "-y", "nodejs", "npm"],
            Self::Python => &["apt-get", "install", "-y", "python3", "python3-venv"],
            Self::PostgreSql => &["apt-get", "install", "-y", "postgresql"],
            Self::Chromium => &["apt-get", "install", "-y", "chromium", "chromium-driver"],
            Self::Wrk => &["apt-get", "install", "-y", "wrk"],
            Self::Xmllint => &["apt-get", "install", "-y", "libxml2-utils"],
            Self::Hledger => &["apt-get", "install", "-y", "hledger"],
            Self::Beancount => &["apt-get", "install", "-y", "beancount"],
            Self::Systemd => &["apt-get", "install", "-y", "systemd"],
            Self::Musl => &["apt-get", "install", "-y", "musl-tools"],
        }
    }
}

/// Sees to it that a tool is there: installs it where that needs no question, else fails with what to do.
pub fn ensure(tool: Tool) -> Result<()> {
    if tool.present() {
        return Ok(());
    }
    let remedy = tool.remedy();
    let by_hand = format!("{} is missing. Install it: {}", tool.name(), remedy.join(" "));
    let packages = remedy[0] == "apt-get";
    if packages && !(root() && answers("apt-get", &["--version"])) {
        bail!("{by_hand} (as root, on Debian or Ubuntu; elsewhere your system's own way)");
    }
    println!("      {} is missing: running {}", tool.name(), remedy.join(" "));
    if packages {
        refresh_packages();
    }
    let mut command = Command::new(remedy[0]);
    let status = command.args(&remedy[1..]).env("DEBIAN_FRONTEND", "noninteractive").status();
    let done = status.with_context(|| by_hand.clone())?.success();
    if !done || !tool.present() {
        bail!("{by_hand} (that was tried just now and did not help)");
    }
    Ok(())
}

/// The folder with `initdb`, wherever this system keeps it; the newest one.
pub fn postgresql() -> Option<PathBuf> {
    let mut folders: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|versions| versions.flatten().map(|version| version.path().join("bin")).collect())
        .unwrap_or_default();
    folders.sort_by_key(|folder| version_of(folder));
    folders.reverse();
    folders.extend(std::env::var_os("PATH").iter().flat_map(std::env::split_paths));
    folders.into_iter().find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

/// The 16 of `/usr/lib/postgresql/16/bin`, so that 9 does not come after 16.
fn version_of(folder: &std::path::Path) -> u32 {
    let name = folder.parent().and_then(|version| version.file_name());
    name.and_then(|name| name.to_str()?.split('.').next()?.parse().ok()).unwrap_or(0)
}

/// The browser's name.
pub fn chromium() -> Option<&'static str> {
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
        .into_iter()
        .find(|name| answers(name, &["--version"]))
}

/// Package lists are fetched once a run.
fn refresh_packages() {
    static FRESH: OnceLock<()> = OnceLock::new();
    FRESH.get_or_init(|| drop(Command::new("apt-get").arg("update").stdout(Stdio::null()).status()));
}

fn wasm_target_is_there() -> bool {
    let output = Command::new("rustc").args(["--print", "sysroot"]).output();
    let sysroot = output.ok().and_then(|output| String::from_utf8(output.stdout).ok()).unwrap_or_default();
    PathBuf::from(sysroot.trim()).join("lib/rustlib/wasm32-unknown-unknown").is_dir()
}

fn root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

fn answers(program: &str, args: &[&str]) -> bool {
    let mut command = Command::new(program);
    command
        .args(args)
        .current_dir(crate::root())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn sixteen_is_newer_than_nine() {
        let version = |text: &str| version_of(Path::new(text));
        assert!(version("/usr/lib/postgresql/16/bin") > version("/usr/lib/postgresql/9.6/bin"));
    }

    #[test]
    fn nothing_answers_under_a_name_that_nothing_has() {
        assert!(!answers("goodword-no-such-program", &[]));
    }
}
