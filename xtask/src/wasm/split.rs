//! From one module to the first of a program and its chapters, which that one fetches when they are opened.

use super::files;
use super::node::Tools;
use anyhow::{Context, Result, anyhow};
use std::path::{Path, PathBuf};

/// What names of files in the browser's folder begin with, so that they can be told from what is loaded at first.
pub const CHAPTER: &str = "chapter-";
/// The script that fetches chapters, as the first module names it.
pub const LOADER: &str = "chapters.js";

/// A program in pieces.
pub struct Split {
    /// To be bound, as `glue`.
    pub first: PathBuf,
    chapters: Vec<PathBuf>,
    loader: PathBuf,
}

/// Takes what only chapters need out of a module that was linked with its relocations.
pub fn split(module: &Path, folder: &Path) -> Result<Split> {
    files::renew(folder)?;
    let (input, first) = (std::fs::read(module)?, folder.join("first.wasm"));
    let link_name = format!("./{LOADER}");
    let mut options = wasm_split_cli_support::Options::new(&input);
    options.output_dir = folder;
    options.main_out_path = &first;
    options.main_module = "./glue.js";
    options.link_name = &link_name;
    let done = wasm_split_cli_support::transform(options)
        .map_err(|error| anyhow!("{} cannot be taken apart: {error:#}", module.display()))?;
    Ok(Split { first, chapters: done.split_modules, loader: folder.join(LOADER) })
}

impl Split {
    /// Hands out the chapters under names by their content, and puts the script that fetches them by those names beside the glue.
    pub fn emit(&self, glue: &Path, out: &Path, tools: Option<&Tools>) -> Result<()> {
        let mut script = std::fs::read_to_string(&self.loader)?;
        for chapter in &self.chapters {
            if let Some(tools) = tools {
                tools.optimise(chapter)?;
            }
            let file = chapter.file_name().and_then(|name| name.to_str()).context("chapters have names")?;
            let stem = file.trim_end_matches(".wasm").replace("split_", "").replace('_', "-");
            let name =
                files::emit_hashed(out, &format!("{CHAPTER}{stem}"), "wasm", &std::fs::read(chapter)?)?;
            script = script.replace(&format!("\"./{file}\""), &format!("\"/console/{name}\""));
        }
        Ok(std::fs::write(glue.join(LOADER), script)?)
    }
}
