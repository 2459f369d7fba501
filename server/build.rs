//! Makes the folder of built pages exist, so that the server compiles before `cargo xtask wasm` has run, and packs the document of the
//! API.
use flate2::{Compression, write::GzEncoder};
use std::io::{Error, Write as _};
use std::path::Path;

fn main() -> std::io::Result<()> {
    // From the package's folder, where cargo runs this: a path written in at compile time would be another checkout's, where two share a
    // folder to build in.
    let (assets, document) = (Path::new("../target/assets"), Path::new("../openapi.json"));
    for watched in [assets, document, Path::new("migrations")] {
        println!("cargo::rerun-if-changed={}", watched.display());
    }
    std::fs::create_dir_all(assets)?;
    let out = std::env::var_os("OUT_DIR").ok_or_else(|| Error::other("cargo names no folder to build in"))?;
    let packed = std::fs::File::create(Path::new(&out).join("openapi.json.gz"))?;
    let mut gzip = GzEncoder::new(packed, Compression::best());
    gzip.write_all(&std::fs::read(document)?)?;
    gzip.finish().map(drop)
}
