//! Makes the folder of built pages exist, so that the server compiles before `cargo xtask wasm` has run.
use std::path::Path;

fn main() -> std::io::Result<()> {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/assets");
    println!("cargo::rerun-if-changed={}", assets.display());
    println!("cargo::rerun-if-changed=migrations");
    std::fs::create_dir_all(assets)
}
