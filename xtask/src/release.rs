//! `cargo xtask release`: what is given to people who do not build. One static binary in an archive with its licences and its
//! unit for systemd, a list of everything in it, the npm package, and the checksums of all of that, in `target/release-files`.

mod archive;
mod npm;
mod sbom;

use crate::demo::{cargo, target};
use crate::tools::{Tool, ensure as ensure_tool};
use crate::wasm;
use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Options of `cargo xtask release`.
#[derive(clap::Args)]
pub struct Args {
    /// For which system: musl makes a binary that needs nothing of the system it runs on
    #[arg(long, default_value = "x86_64-unknown-linux-musl")]
    target: String,
    /// Only the npm package and the list of contents, which need no compiler
    #[arg(long)]
    no_binary: bool,
}

/// `cargo xtask release`.
pub fn run(args: &Args) -> Result<()> {
    let folder = crate::root().join("target/release-files");
    std::fs::create_dir_all(&folder)?;
    let version = env!("CARGO_PKG_VERSION");
    let bom = folder.join(format!("goodword-{version}.cdx.json"));
    std::fs::write(&bom, serde_json::to_string_pretty(&sbom::of_server(&args.target)?)? + "\n")?;
    let package = npm::write(&folder.join("npm"), version)?;
    println!("npm package: {}", package.display());
    let mut files = vec![bom];
    if !args.no_binary {
        wasm::build_all()?;
        let binary = build(&args.target)?;
        smoke(&binary, version)?;
        files.push(archive::pack(
            &folder,
            &format!("goodword-{version}-{}", args.target),
            &contents(&binary, &files[0]),
        )?);
    }
    checksums(&folder, &files)?;
    for file in &files {
        println!("{} ({} kB)", file.display(), std::fs::metadata(file)?.len() / 1000);
    }
    Ok(())
}

/// Compiles the server for a system; answers the binary.
fn build(triple: &str) -> Result<PathBuf> {
    require(triple)?;
    println!("compiling goodword for {triple}");
    let mut command = cargo();
    command.args(["build", "--release", "--locked", "-p", "goodword", "--target", triple]);
    command.env("CARGO_PROFILE_RELEASE_STRIP", "symbols");
    if triple.ends_with("musl") {
        // SQLite and the allocator are in C: the compiler of the system would link them against the system's own library.
        command.env(format!("CC_{}", triple.replace('-', "_")), "musl-gcc");
    }
    ensure!(
        command.status().context("cargo does not run")?.success(),
        "the server does not compile for {triple}"
    );
    Ok(target()?.join(triple).join("release/goodword"))
}

/// Sees to it that the target's library and C compiler are there.
fn require(triple: &str) -> Result<()> {
    let added = Command::new("rustup").args(["target", "add", triple]).status();
    ensure!(
        added.is_ok_and(|status| status.success()),
        "the Rust target {triple} is missing and rustup could not add it; install it and try again"
    );
    if triple.ends_with("musl") {
        ensure_tool(Tool::Musl)?;
    }
    Ok(())
}

/// The binary says its version and needs no library of the system.
fn smoke(binary: &Path, version: &str) -> Result<()> {
    let said = Command::new(binary).arg("--version").output();
    let said = said.with_context(|| format!("{} does not run", binary.display()))?;
    let said = String::from_utf8_lossy(&said.stdout);
    ensure!(said.trim() == format!("goodword {version}"), "the binary calls itself {said}");
    if let Ok(linked) = Command::new("ldd").arg(binary).output() {
        let words = String::from_utf8_lossy(&[linked.stdout, linked.stderr].concat()).into_owned();
        let is_static = words.contains("statically linked") || words.contains("not a dynamic executable");
        println!("{}: {}", binary.display(), if is_static { "static" } else { words.trim() });
    }
    Ok(())
}

/// What is in the archive: the place there, and the file.
fn contents(binary: &Path, bom: &Path) -> Vec<(String, PathBuf, u32)> {
    let root = crate::root();
    let mut files = vec![("goodword".to_owned(), binary.to_owned(), 0o755)];
    for name in ["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "openapi.json"] {
        files.push((name.into(), root.join(name), 0o644));
    }
    files.push(("goodword.service".into(), root.join("server/packaging/goodword.service"), 0o644));
    files.push(("configuration.md".into(), root.join("www/docs/configuration.md"), 0o644));
    files.push(("goodword.cdx.json".into(), bom.to_owned(), 0o644));
    files
}

/// Writes `SHA256SUMS`, which `sha256sum --check` reads.
fn checksums(folder: &Path, files: &[PathBuf]) -> Result<()> {
    let mut lines = String::new();
    for file in files {
        let digest = Sha256::digest(std::fs::read(file)?);
        let hex = crate::hexadecimal(&digest);
        let name = file.file_name().context("a file has a name")?.to_string_lossy();
        writeln!(lines, "{hex}  {name}")?;
    }
    std::fs::write(folder.join("SHA256SUMS"), lines)?;
    Ok(())
}
