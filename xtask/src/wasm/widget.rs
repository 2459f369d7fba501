//! The widget: module → languages, what only some elements need, glue and shell → loader → page of the frame; each names the next
//! by its hash.

use super::files::{self, Stamp};
use super::node::Tools;
use super::text::Part;
use super::{assets, cargo, rename, snip, text};
use anyhow::{Context, Result, ensure};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const NAME: &str = "goodword_widget";

/// Builds the widget, unless nothing changed.
pub fn build(tools: Option<&Tools>) -> Result<()> {
    let stamp = Stamp::of("widget", &["widget"], tools.is_some())?;
    if stamp.is_current(&assets().join("frame.html")) {
        return Ok(());
    }
    let module = cargo::build("goodword-widget", NAME, cargo::Shape::Library)?;
    let work = crate::root().join("target/tools/widget");
    cargo::bind(&module, &work, "glue", cargo::Keep::Names)?;
    Widget { work, out: assets().join("w"), tools }.emit()?;
    stamp.keep()
}

/// Brotli bytes a page pays after the loader.
pub struct Sizes {
    /// Until `<goodword-join>` is ready: shell, glue, style, module and the largest language.
    pub join: u64,
    /// The same with what every other element needs besides, the rest of the largest language included.
    pub all: u64,
    /// The largest file of a language.
    pub language: u64,
}

/// What the built files weigh.
pub fn sizes() -> Result<Sizes> {
    let (mut sizes, mut rest) = (Sizes { join: 0, all: 0, language: 0 }, 0);
    for entry in std::fs::read_dir(assets().join("w"))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let (stem, ending) = (name.split('.').next().unwrap_or_default(), name.rsplit('.').next());
        match (stem, ending) {
            ("w", Some("js" | "wasm")) => sizes.join += files::packed_size(&path)?,
            ("share" | "show", Some("js")) => sizes.all += files::packed_size(&path)?,
            (language, Some("js")) if language.len() == 2 => {
                sizes.language = sizes.language.max(files::packed_size(&path)?);
            }
            (language, Some("js")) if language.starts_with("share-") => {
                rest = rest.max(files::packed_size(&path)?);
            }
            _ => {}
        }
    }
    sizes.join += sizes.language;
    sizes.all += sizes.join + rest;
    sizes.language = sizes.language.max(rest);
    Ok(sizes)
}

struct Widget<'a> {
    work: PathBuf,
    out: PathBuf,
    tools: Option<&'a Tools>,
}

impl Widget<'_> {
    fn emit(&self) -> Result<()> {
        files::renew(&self.out)?;
        let module = self.module()?;
        let integrity = files::integrity(&module);
        let shell = self.shell(&integrity)?;
        // Named as the shell is, whose name comes of the module too, so that the loader tells one name.
        files::emit(&self.out.join(shell.replace(".js", ".wasm")), &module)?;
        let tester = self.hashed("tester", &source("js/tester.js")?)?;
        let more = self.hashed("more", &source("js/more.js")?.replace("__GW_TESTER__", &tester))?;
        let loader = source("js/goodword.js")?
            .replace("__GW_WIDGET__", &shell)
            .replace("__GW_MORE__", &more)
            .replace("__GW_INTEGRITY__", &integrity);
        let loader = self.small(&loader, "goodword.js")?;
        let frame = self.small(&source("js/frame.js")?.replace("__GW_WIDGET__", &shell), "frame.js")?;
        let frame = files::emit_hashed(&self.out, "frame", "js", frame.as_bytes())?;
        let css = self.small(&source("js/frame.css")?, "frame.css")?;
        let css = files::emit_hashed(&self.out, "frame", "css", css.as_bytes())?;
        let page = source("frame.html")?.replace("{{frame}}", &frame).replace("{{css}}", &css);
        files::emit(&assets().join("goodword.js"), loader.as_bytes())?;
        files::emit(&assets().join("frame.html"), page.as_bytes())
    }

    /// The module, beside which the glue that goes with it is left.
    fn module(&self) -> Result<Vec<u8>> {
        let path = self.work.join("glue_bg.wasm");
        std::fs::write(&path, snip::snip(&std::fs::read(&path)?)?)?;
        if let Some(tools) = self.tools {
            tools.optimise(&path)?;
        }
        let glue = self.work.join("glue.js");
        let (bytes, short) =
            rename::shorten(&std::fs::read(path)?, &std::fs::read_to_string(&glue)?, "glue_bg.js")?;
        std::fs::write(glue, short)?;
        Ok(bytes)
    }

    /// The languages' files by code, as JavaScript: for each what all elements may say, and what only `<goodword-share>` does.
    fn languages(&self) -> Result<String> {
        let (base, share) = (self.texts(Part::Base, "")?, self.texts(Part::Share, "share-")?);
        let mut list = String::from("{");
        for (code, file) in base {
            let rest =
                share.get(&code).with_context(|| format!("{code} has no texts of the share element"))?;
            let _ = write!(list, "{code}: [\"{file}\", \"{rest}\"], ");
        }
        Ok(list + "}")
    }

    /// Emits a part of every language; the files' names by code.
    fn texts(&self, part: Part, stem: &str) -> Result<BTreeMap<String, String>> {
        let names = text::names(part)?;
        let emit = |(code, texts): (String, text::Texts)| {
            let body = format!("export default {};", quoted(&texts.in_order(&names)?)?);
            let file = files::emit_hashed(&self.out, &format!("{stem}{code}"), "js", body.as_bytes())?;
            Ok((code, file))
        };
        text::languages(part)?.into_iter().map(emit).collect()
    }

    /// What only some elements need: views, style and code in one file; what they have in common is in the style of each.
    fn more(&self, name: &str) -> Result<String> {
        let style = source("more.css")? + &source(&format!("{name}.css"))?;
        let filled = self.filled(&format!("js/{name}.js"), &format!("view/{name}.view"), &style)?;
        let file = self.small(&filled, &format!("{name}.js"))?;
        files::emit_hashed(&self.out, name, "js", file.as_bytes())
    }

    /// A file of JavaScript with its views and its style.
    fn filled(&self, js: &str, view: &str, style: &str) -> Result<String> {
        let style = self.small(style, "style.css")?;
        let js = source(js)?
            .replace("\"__GW_CSS__\"", &quoted(style.trim())?)
            .replace("__GW_SHARE_NAMES__", &text::names(Part::Share)?.join(" "));
        Ok(js.replace("\"__GW_VIEWS__\"", &quoted(&text::views(&source(view)?))?))
    }

    /// Shell, port, guard and glue: one file through esbuild, four without.
    fn shell(&self, integrity: &str) -> Result<String> {
        let glue = guarded(&std::fs::read_to_string(self.work.join("glue.js"))?)?;
        let shell = self
            .filled("js/element.js", "view/base.view", &source("style.css")?)?
            .replace("__GW_INTEGRITY__", integrity)
            .replace("__GW_SHARE__", &self.more("share")?)
            .replace("__GW_SHOW__", &self.more("show")?);
        let port = source("js/port.js")?
            .replace("\"__GW_LANGUAGES__\"", &self.languages()?)
            .replace("__GW_NAMES__", &text::names(Part::Base)?.join(" "));
        let guard = source("js/guard.js")?;
        let Some(tools) = self.tools else { return self.plain_shell(&shell, &port, &glue, &guard) };
        for (name, text) in [("guard", &guard), ("glue", &glue), ("port", &port)] {
            std::fs::write(self.work.join(format!("{name}.js")), text)?;
        }
        std::fs::write(self.work.join("element.js"), shell.replace("__GW_GLUE__", "glue.js"))?;
        let out = self.work.join("element.min.js");
        tools.bundle(&self.work.join("element.js"), &out)?;
        files::emit_hashed(&self.out, "w", "js", &std::fs::read(out)?)
    }

    fn plain_shell(&self, shell: &str, port: &str, glue: &str, guard: &str) -> Result<String> {
        let guard = files::emit_hashed(&self.out, "guard", "js", guard.as_bytes())?;
        let glue = files::emit_hashed(&self.out, "glue", "js", glue.replace("guard.js", &guard).as_bytes())?;
        let port = files::emit_hashed(&self.out, "port", "js", port.as_bytes())?;
        let shell = shell.replace("guard.js", &guard).replace("__GW_GLUE__", &glue).replace("port.js", &port);
        files::emit_hashed(&self.out, "w", "js", shell.as_bytes())
    }

    /// A module of the loader's that stands by itself, minified where we can; its name.
    fn hashed(&self, stem: &str, text: &str) -> Result<String> {
        let text = self.small(text, &format!("{stem}.js"))?;
        files::emit_hashed(&self.out, stem, "js", text.as_bytes())
    }

    /// A file by itself, minified where we can.
    fn small(&self, text: &str, name: &str) -> Result<String> {
        let Some(tools) = self.tools else { return Ok(text.to_owned()) };
        let path = self.work.join(name);
        let out = self.work.join("min").join(name);
        std::fs::write(&path, text)?;
        tools.minify(&path, &out)?;
        Ok(std::fs::read_to_string(out)?.trim_end().to_owned())
    }
}

/// A text as JavaScript writes it.
fn quoted(text: &str) -> Result<String> {
    Ok(serde_json::to_string(text)?)
}

fn source(name: &str) -> Result<String> {
    let path: &Path = &crate::root().join("widget").join(name);
    std::fs::read_to_string(path).with_context(|| path.display().to_string())
}

/// The glue, fit for a stranger's page. Yew marks DOM nodes with `__yew_…`; a page that is a Yew app marks them so, too, and
/// the two would take each other's nodes for their own. And every export goes through the guard.
fn guarded(glue: &str) -> Result<String> {
    const ENTRY: &str = "wasm = instance.exports;";
    ensure!(glue.contains("__yew_"), "the glue has no __yew_ mark to rename; has Yew changed?");
    ensure!(
        glue.matches(ENTRY).count() == 1,
        "the glue does not take its exports where it did; has wasm-bindgen changed?"
    );
    let glue = glue.replace("__yew_", "__gwy_").replace(ENTRY, "wasm = guard(instance.exports);");
    Ok(format!("import {{ guard }} from \"./guard.js\";\n{glue}"))
}

#[cfg(test)]
mod tests {
    use super::guarded;

    #[test]
    fn the_glue_is_made_fit_for_a_strangers_page() {
        let glue = guarded("a.__yew_listener_id = b;\nwasm = instance.exports;").expect("the glue it knows");
        assert!(glue.contains("a.__gwy_listener_id") && glue.contains("guard(instance.exports)"));
        assert!(!glue.contains("__yew_"));
    }

    #[test]
    fn unknown_glue_is_an_error_and_not_a_surprise() {
        assert!(guarded("wasm = instance.exports;").is_err());
        assert!(guarded("__yew_").is_err());
    }
}
