//! The two optimisers that come from npm: wasm-opt (binaryen) and esbuild. Without Node everything works, only larger.

use anyhow::{Result, ensure};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const BINARYEN: &str = "132.0.0";
const ESBUILD: &str = "0.28.2";

/// Exactly what browsers and rustc agree on; `--all-features` makes a module that browsers refuse.
const WASM_OPT_FLAGS: [&str; 8] = [
    "-Oz",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Where the optimisers are.
pub struct Tools {
    bin: PathBuf,
}

impl Tools {
    /// Finds the optimisers, installing them under `target/tools` where npm can; none, with a word about it, where not.
    pub fn find() -> Option<Self> {
        let home = crate::root().join("target/tools").join(format!("npm-{BINARYEN}-{ESBUILD}"));
        let tools = Self { bin: home.join("node_modules/.bin") };
        if !on_path("node") {
            println!("Node.js is not installed: the files will work, but be larger");
            return None;
        }
        if tools.complete() || install(&home).is_ok_and(|()| tools.complete()) {
            return Some(tools);
        }
        println!("npm could not install binaryen {BINARYEN} and esbuild {ESBUILD}: the files will be larger");
        None
    }

    fn complete(&self) -> bool {
        self.bin.join("wasm-opt").exists() && self.bin.join("esbuild").exists()
    }

    /// Shrinks a module in place.
    pub fn optimise(&self, module: &Path) -> Result<()> {
        let mut command = Command::new(self.bin.join("wasm-opt"));
        let status = command.args(WASM_OPT_FLAGS).arg(module).arg("-o").arg(module).status()?;
        ensure!(status.success(), "wasm-opt refused {}", module.display());
        Ok(())
    }

    /// Minifies one file of JavaScript or CSS.
    pub fn minify(&self, file: &Path, out: &Path) -> Result<()> {
        self.esbuild(file, out, &["--target=es2020"])
    }

    /// Minifies a module with all it imports. Glue of a module in pieces names the script that fetches them once for each.
    pub fn bundle(&self, file: &Path, out: &Path) -> Result<()> {
        let words =
            ["--target=es2022", "--bundle", "--format=esm", "--log-override:duplicate-object-key=silent"];
        self.esbuild(file, out, &words)
    }

    /// Minifies a module that is written in JSX, with all it imports, also from a folder of npm's.
    pub fn bundle_jsx(&self, file: &Path, out: &Path, modules: &Path) -> Result<()> {
        let more =
            ["--target=es2022", "--bundle", "--format=esm", "--jsx-factory=h", "--jsx-fragment=Fragment"];
        let mut command = Command::new(self.bin.join("esbuild"));
        run(command.env("NODE_PATH", modules), file, out, &more)
    }

    fn esbuild(&self, file: &Path, out: &Path, more: &[&str]) -> Result<()> {
        run(&mut Command::new(self.bin.join("esbuild")), file, out, more)
    }
}

fn run(command: &mut Command, file: &Path, out: &Path, more: &[&str]) -> Result<()> {
    command.arg(file).args(["--minify", "--legal-comments=none", "--log-level=warning", "--charset=utf8"]);
    let status = command.args(more).arg(format!("--outfile={}", out.display())).status()?;
    ensure!(status.success(), "esbuild refused {}", file.display());
    Ok(())
}

fn on_path(program: &str) -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths)
        .any(|folder| folder.join(program).is_file() || folder.join(format!("{program}.exe")).is_file())
}

fn install(home: &Path) -> Result<()> {
    std::fs::create_dir_all(home)?;
    println!("installing binaryen {BINARYEN} and esbuild {ESBUILD} under target/tools");
    npm(home, &[&format!("binaryen@{BINARYEN}"), &format!("esbuild@{ESBUILD}")])
}

/// A package of npm's in a version; answers the folder that has it in it.
pub fn package(name: &str, version: &str) -> Result<PathBuf> {
    let home = crate::root().join("target/tools").join(format!("npm-{name}-{version}"));
    let modules = home.join("node_modules");
    if !modules.join(name).exists() {
        std::fs::create_dir_all(&home)?;
        println!("installing {name} {version} under target/tools");
        npm(&home, &[&format!("{name}@{version}")])?;
    }
    Ok(modules)
}

fn npm(home: &Path, packages: &[&str]) -> Result<()> {
    let status = Command::new("npm")
        .args(["install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"])
        .args(["--fetch-retries=1", "--fetch-timeout=60000", "--prefix"])
        .arg(home)
        .args(packages)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()?;
    ensure!(status.success(), "npm failed");
    Ok(())
}
