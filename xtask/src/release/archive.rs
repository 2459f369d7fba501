//! A `.tar.gz` that is the same, byte for byte, whenever it is made of the same files.

use anyhow::{Context, Result};
use flate2::{Compression, GzBuilder};
use std::fs::File;
use std::path::{Path, PathBuf};

/// Packs files, each with its place and its permissions, into a folder of the archive's name; answers the archive.
pub fn pack(folder: &Path, name: &str, files: &[(String, PathBuf, u32)]) -> Result<PathBuf> {
    let path = folder.join(format!("{name}.tar.gz"));
    // No name and no time in the header: they would tell of the machine and the hour.
    let packed = GzBuilder::new().mtime(0).write(File::create(&path)?, Compression::best());
    let mut tar = tar::Builder::new(packed);
    for (place, file, mode) in files {
        let content = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(*mode);
        header.set_mtime(0);
        tar.append_data(&mut header, format!("{name}/{place}"), content.as_slice())?;
    }
    tar.into_inner()?.finish()?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_files_make_the_same_archive() {
        let folder = std::env::temp_dir().join(format!("goodword-archive-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let file = folder.join("a");
        std::fs::write(&file, "content").expect("a file");
        let files = [("bin/a".to_owned(), file, 0o755)];
        let first = std::fs::read(pack(&folder, "x", &files).expect("packed")).expect("read");
        std::fs::write(&files[0].1, "content").expect("written later");
        let path = pack(&folder, "x", &files).expect("packed again");
        assert_eq!(std::fs::read(&path).expect("read"), first);
        let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(first.as_slice()));
        let mut entries = archive.entries().expect("an archive");
        let entry = entries.next().expect("one entry").expect("a good one");
        assert_eq!(entry.path().expect("a path").to_string_lossy(), "x/bin/a");
        assert_eq!(entry.header().mode().expect("a mode"), 0o755);
        std::fs::remove_dir_all(folder).expect("removed");
    }
}
