//! Names by content, compressed twins, and the memory of what was built from what.

use anyhow::{Context, Result};
use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Writes a file and its `.br` and `.gz` twins.
pub fn emit(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, bytes)?;
    std::fs::write(beside(path, ".br"), brotli(bytes)?)?;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(bytes)?;
    std::fs::write(beside(path, ".gz"), gzip.finish()?)?;
    Ok(())
}

/// Writes a file under `stem.<hash>.extension`; answers that name.
pub fn emit_hashed(folder: &Path, stem: &str, extension: &str, bytes: &[u8]) -> Result<String> {
    let name = format!("{stem}.{}.{extension}", mark(bytes));
    emit(&folder.join(&name), bytes)?;
    Ok(name)
}

/// What a name by content has of it.
pub fn mark(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes)[..5])
}

/// Empties a folder.
pub fn renew(folder: &Path) -> Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    Ok(std::fs::create_dir_all(folder)?)
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut packed, &parameters)?;
    Ok(packed)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The value of an `integrity` attribute: of SHA-256, for it stands in a file whose bytes are counted.
pub fn integrity(bytes: &[u8]) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(bytes)))
}

/// Bytes of the brotli twin.
pub fn packed_size(path: &Path) -> Result<u64> {
    let twin = beside(path, ".br");
    Ok(std::fs::metadata(&twin).with_context(|| format!("{} is not built", twin.display()))?.len())
}

/// Every plain file with what it costs on the way.
pub fn print_sizes(folder: &Path) -> Result<()> {
    println!("{:<44} {:>9} {:>9} {:>9}", "target/assets", "bytes", "gzip", "brotli");
    for path in listed(folder)? {
        if path.extension().is_some_and(|extension| extension == "br" || extension == "gz") {
            continue;
        }
        let size = |path: &Path| std::fs::metadata(path).map_or(0, |file| file.len());
        let name = path.strip_prefix(folder)?.display().to_string();
        println!(
            "{name:<44} {:>9} {:>9} {:>9}",
            size(&path),
            size(&beside(&path, ".gz")),
            size(&beside(&path, ".br"))
        );
    }
    Ok(())
}

/// Every file below, in order.
pub fn listed(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if folder.is_file() {
        return Ok(vec![folder.to_owned()]);
    }
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(found) };
    for entry in entries {
        found.extend(listed(&entry?.path())?);
    }
    found.sort();
    Ok(found)
}

/// What something was built from, so that it is not built again from the same.
pub struct Stamp {
    path: PathBuf,
    text: String,
}

impl Stamp {
    /// Reads the sources: files or folders under the workspace.
    pub fn of(name: &str, sources: &[&str], optimised: bool) -> Result<Self> {
        let root = crate::root();
        let mut hasher = Sha256::new();
        for source in
            sources.iter().chain(&["Cargo.toml", "Cargo.lock", "xtask/src/wasm.rs", "xtask/src/wasm"])
        {
            for path in listed(&root.join(source))? {
                hasher.update(path.as_os_str().as_encoded_bytes());
                hasher.update(Sha256::digest(std::fs::read(&path)?));
            }
        }
        let mode = if optimised { "optimised" } else { "plain" };
        Ok(Self { path: Self::place(name), text: format!("{mode} {}", hex(&hasher.finalize())) })
    }

    fn place(name: &str) -> PathBuf {
        crate::root().join("target/tools/stamps").join(name)
    }

    /// Whether `output` was built from these very sources.
    pub fn is_current(&self, output: &Path) -> bool {
        output.exists() && std::fs::read_to_string(&self.path).is_ok_and(|text| text == self.text)
    }

    /// Remembers it.
    pub fn keep(&self) -> Result<()> {
        if let Some(folder) = self.path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        Ok(std::fs::write(&self.path, &self.text)?)
    }

    /// Whether the last build of that name went through the optimisers.
    pub fn was_optimised(name: &str) -> bool {
        std::fs::read_to_string(Self::place(name)).is_ok_and(|text| text.starts_with("optimised"))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn integrity_is_what_browsers_expect() {
        // From the SRI specification's own example: alert('Hello, world.');
        let expected = "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=";
        assert_eq!(super::integrity(b"alert('Hello, world.');"), expected);
    }
}
