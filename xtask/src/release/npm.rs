//! The npm package: a helper that puts the script on a page, with its types. The script itself stays where the server is, so that
//! page and server are always of one version.

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// The files, from where to where.
const FILES: &[(&str, &str)] = &[
    ("widget/npm/index.js", "index.js"),
    ("widget/npm/index.d.ts", "index.d.ts"),
    ("widget/npm/README.md", "README.md"),
    ("widget/goodword.d.ts", "goodword.d.ts"),
    ("LICENSE-APACHE", "LICENSE-APACHE"),
    ("LICENSE-MIT", "LICENSE-MIT"),
];

/// Writes the package's folder, ready for `npm publish`.
pub fn write(folder: &Path, version: &str) -> Result<PathBuf> {
    std::fs::create_dir_all(folder)?;
    for (from, to) in FILES {
        let source = crate::root().join(from);
        std::fs::copy(&source, folder.join(to))
            .with_context(|| format!("{} cannot be read", source.display()))?;
    }
    let manifest = std::fs::read_to_string(crate::root().join("widget/npm/package.json"))?;
    let mut manifest: serde_json::Value = serde_json::from_str(&manifest)?;
    manifest["version"] = version.into();
    std::fs::write(folder.join("package.json"), serde_json::to_string_pretty(&manifest)? + "\n")?;
    Ok(folder.to_owned())
}
