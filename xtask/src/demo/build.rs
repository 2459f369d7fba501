//! Building what the demo runs.

use super::Steps;
use crate::wasm;
use anyhow::{Context, Result, ensure};
use std::{env::consts::EXE_SUFFIX, ffi::OsString, path::PathBuf, process::Command};

/// Assets first: the server carries them inside.
pub fn everything(steps: &mut Steps) -> Result<()> {
    steps.next("Widget and console");
    wasm::build_all()?;
    steps.next("Server, shop and blog (the first time takes some minutes)");
    let status = cargo()
        .args(["build", "-p", "goodword", "-p", "goodword-demo"])
        .status()
        .context("cargo does not run")?;
    ensure!(status.success(), "the server or the demo does not compile; cargo says above why");
    Ok(())
}

/// Cargo, in the workspace.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    command.current_dir(crate::root());
    command
}

/// Where a program of ours is after it was built.
pub fn binary(name: &str) -> Result<PathBuf> {
    Ok(target()?.join("debug").join(format!("{name}{EXE_SUFFIX}")))
}

/// Where cargo builds.
pub fn target() -> Result<PathBuf> {
    let output = cargo()
        .args(["metadata", "--format-version", "1", "--no-deps"])
        .output()
        .context("cargo does not run")?;
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let target = metadata["target_directory"].as_str().context("cargo does not say where it builds")?;
    Ok(PathBuf::from(target))
}
