//! The console, and the Yew page of a test: a module, its glue and a boot script, under a policy without inline scripts. The
//! console's chapters are modules of their own.

use super::files::{self, Stamp};
use super::node::Tools;
use super::split::{self, LOADER};
use super::{assets, cargo};
use crate::texts;
use anyhow::{Result, ensure};
use std::path::{Path, PathBuf};

/// How the files of its languages begin.
pub const LANGUAGE: &str = "language-";

const HOST_BOOT: &str = r#"import init from "./host.js";
init({ module_or_path: new URL("./host_bg.wasm", import.meta.url) });
"#;

/// Builds the console, unless nothing changed.
pub fn build(tools: Option<&Tools>) -> Result<()> {
    let out = assets().join("console");
    let stamp = Stamp::of(
        "console",
        &["www/console", "server/document", "server/domain", "server/wire", "widget/text"],
        tools.is_some(),
    )?;
    if stamp.is_current(&out.join("index.html")) {
        return Ok(());
    }
    let module = cargo::build("goodword-console", "goodword-console", cargo::Shape::Program)?;
    let work = crate::root().join("target/tools/console");
    let split = split::split(&module, &work.join("split"))?;
    let glue = work.join("glue");
    cargo::bind(&split.first, &glue, "glue", cargo::Keep::Links)?;
    files::renew(&out)?;
    split.emit(&glue, &out, tools)?;
    let source = crate::root().join("www/console");
    let js = scripts(&glue, &out, tools)?;
    let css = style(&source, &glue, &out, tools)?;
    let page = std::fs::read_to_string(source.join("index.html"))?;
    let page = [("{{boot}}", &js), ("{{js}}", &js), ("{{css}}", &css)]
        .iter()
        .fold(page, |page, (mark, name)| page.replace(mark, &format!("/console/{name}")))
        .replace("{{languages}}", &languages(&out)?);
    files::emit(&out.join("index.html"), page.as_bytes())?;
    stamp.keep()
}

/// The files of the languages besides English; answers the links by which the page names them.
fn languages(out: &Path) -> Result<String> {
    let mut links = Vec::new();
    for language in texts::LANGUAGES {
        let texts = texts::packed(language)?;
        let name = files::emit_hashed(out, &format!("{LANGUAGE}{language}"), "txt", texts.as_bytes())?;
        links.push(format!(
            "<link rel=\"alternate\" type=\"text/plain\" hreflang=\"{language}\" href=\"/console/{name}\" />"
        ));
    }
    Ok(links.join("\n    "))
}

/// The first module, glue and boot script; answers the name of the last, which the page loads.
fn scripts(work: &Path, out: &Path, tools: Option<&Tools>) -> Result<String> {
    let module = work.join("glue_bg.wasm");
    if let Some(tools) = tools {
        tools.optimise(&module)?;
    }
    let module = files::emit_hashed(out, "console", "wasm", &std::fs::read(module)?)?;
    let boot = format!(
        "import init from \"./glue.js\";\ninit({{ module_or_path: new URL(\"/console/{module}\", import.meta.url) }});\n"
    );
    let Some(tools) = tools else { return loose_scripts(work, out, &boot) };
    std::fs::write(work.join("boot.js"), boot)?;
    tools.bundle(&work.join("boot.js"), &work.join("boot.min.js"))?;
    files::emit_hashed(out, "console", "js", &std::fs::read(work.join("boot.min.js"))?)
}

/// Scripts that name each other keep their names, in a folder that is named by what is in them.
fn loose_scripts(work: &Path, out: &Path, boot: &str) -> Result<String> {
    let texts =
        [("glue.js", std::fs::read(work.join("glue.js"))?), (LOADER, std::fs::read(work.join(LOADER))?)];
    let all = [texts[0].1.as_slice(), texts[1].1.as_slice(), boot.as_bytes()].concat();
    let name = format!("scripts.{}", files::mark(&all));
    let folder = out.join(&name);
    for (file, text) in texts {
        files::emit(&folder.join(file), &text)?;
    }
    copy_snippets(&work.join("snippets"), &folder.join("snippets"))?;
    files::emit(&folder.join("boot.js"), boot.as_bytes())?;
    Ok(format!("{name}/boot.js"))
}

/// JavaScript that crates bring along; a bundle has it inside.
fn copy_snippets(from: &Path, to: &Path) -> Result<()> {
    let Ok(entries) = std::fs::read_dir(from) else { return Ok(()) };
    for entry in entries {
        let entry = entry?;
        let place = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_snippets(&entry.path(), &place)?;
        } else {
            files::emit(&place, &std::fs::read(entry.path())?)?;
        }
    }
    Ok(())
}

/// The sheets of `style/`, in the order of their names, as one.
fn style(source: &Path, work: &Path, out: &Path, tools: Option<&Tools>) -> Result<String> {
    let mut sheets = String::new();
    for sheet in files::listed(&source.join("style"))? {
        sheets += &std::fs::read_to_string(sheet)?;
    }
    ensure!(!sheets.is_empty(), "{} has no sheets", source.join("style").display());
    let mut path = work.join("style.css");
    std::fs::write(&path, sheets)?;
    if let Some(tools) = tools {
        let small = work.join("style.min.css");
        tools.minify(&path, &small)?;
        path = small;
    }
    files::emit_hashed(out, "style", "css", &std::fs::read(path)?)
}

/// Builds the page that is itself a Yew app, its marks on DOM nodes untouched, to `target/assets-test/yew-host`.
pub fn build_yew_host() -> Result<PathBuf> {
    let out = crate::root().join("target/assets-test/yew-host");
    let stamp = Stamp::of("yew-host", &["tests/yew-host"], false)?;
    if !stamp.is_current(&out.join("index.html")) {
        let module = cargo::build("goodword-yew-host", "goodword_yew_host", cargo::Shape::Library)?;
        cargo::bind(&module, &out, "host", cargo::Keep::Nothing)?;
        std::fs::write(out.join("boot.js"), HOST_BOOT)?;
        std::fs::copy(crate::root().join("tests/yew-host/index.html"), out.join("index.html"))?;
        stamp.keep()?;
    }
    Ok(out)
}
