//! From Rust to a module and its glue.

use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const TARGET: &str = "wasm32-unknown-unknown";

/// Adds the wasm target through rustup where it is missing.
pub fn require_target() -> Result<()> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).args(["--print", "sysroot"]).output().context("rustc does not run")?;
    let sysroot = PathBuf::from(String::from_utf8(output.stdout)?.trim());
    if sysroot.join("lib/rustlib").join(TARGET).is_dir() {
        return Ok(());
    }
    println!("adding the Rust target {TARGET}");
    let status = Command::new("rustup").args(["target", "add", TARGET]).status();
    ensure!(
        status.is_ok_and(|status| status.success()),
        "the Rust target {TARGET} is missing and rustup could not add it; install it and try again"
    );
    Ok(())
}

/// What a package is.
#[derive(Clone, Copy)]
pub enum Shape {
    /// A program with a `main`, linked so that chapters can be taken out of it.
    Program,
    /// A library with exports. Its crate type is named here and not in its manifest, because cargo leaves link-time
    /// optimisation out wherever a `cdylib` is built beside an `rlib`, and that doubles the module.
    Library,
}

/// Compiles a package for browsers; answers the module, not bound yet. `file` is its name without `.wasm`.
pub fn build(package: &str, file: &str, shape: Shape) -> Result<PathBuf> {
    println!("compiling {package} for browsers");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(crate::root()).args(["rustc", "--quiet", "--profile", "wasm", "--target", TARGET]);
    // wasm-bindgen reads the list of features that stripping takes away; it strips the rest itself.
    command.args(["--config", "profile.wasm.strip=\"none\"", "--package", package]);
    match shape {
        // What refers to what is known to the linker alone.
        Shape::Program => command.args(["--", "-C", "link-arg=--emit-relocs"]),
        // A page gives a widget little: a sixteenth of the megabyte of stack that modules have otherwise.
        Shape::Library => {
            command.args(["--lib", "--crate-type", "cdylib", "--", "-C", "link-arg=-zstack-size=32768"])
        }
    };
    let status = command.stdin(Stdio::null()).status()?;
    ensure!(status.success(), "{package} does not compile for {TARGET}");
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| crate::root().join("target"), PathBuf::from);
    Ok(crate::root().join(target).join(TARGET).join("wasm").join(format!("{file}.wasm")))
}

/// What stays in a module that a browser has no need of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    Nothing,
    /// The names of functions, by which something is still to be found.
    Names,
    /// What the linker exports and chapters import.
    Links,
}

/// Runs wasm-bindgen, without its command line tool: `NAME.js` and `NAME_bg.wasm` in `folder`.
pub fn bind(module: &Path, folder: &Path, name: &str, keep: Keep) -> Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    std::fs::create_dir_all(folder)?;
    wasm_bindgen_cli_support::Bindgen::new()
        .input_path(module)
        .web(true)?
        .typescript(false)
        .remove_name_section(keep != Keep::Names)
        .keep_lld_exports(keep == Keep::Links)
        .remove_producers_section(true)
        .out_name(name)
        .generate(folder)
        .with_context(|| format!("wasm-bindgen could not bind {}", module.display()))
}
