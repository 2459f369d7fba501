//! The widget's rival: `<goodword-join>` written in Preact, built as the widget is, behind the same loader.

use super::files::{self, listed, packed_size};
use super::node::{self, Tools};
use super::{assets, text};
use anyhow::{Context, Result, ensure};
use std::fmt::Write as _;
use std::path::Path;

const PREACT: &str = "11.2.0";

/// Builds it into a folder: `goodword.js` and `w/twin.js`. Answers its bytes until it is ready (brotli): loader, element and language.
pub fn build(folder: &Path) -> Result<u64> {
    let tools = Tools::find().context("the rival in Preact needs Node.js with npm: install both")?;
    let modules = node::package("preact", PREACT)?;
    let work = crate::root().join("target/tools/twin");
    files::renew(&work)?;
    files::renew(folder)?;
    let read =
        |path: &str| std::fs::read_to_string(crate::root().join(path)).with_context(|| path.to_owned());
    let small = |text: String, name: &str| -> Result<String> {
        let (from, to) = (work.join(name), work.join("min").join(name));
        std::fs::write(&from, text)?;
        tools.minify(&from, &to)?;
        Ok(std::fs::read_to_string(to)?.trim_end().to_owned())
    };
    let (languages, largest) = languages()?;
    let port = read("widget/js/port.js")?
        .replace("\"__GW_LANGUAGES__\"", &languages)
        .replace("__GW_NAMES__", &text::names(text::Part::Base)?.join(" "));
    std::fs::write(work.join("port.js"), port)?;
    let style = small(read("widget/style.css")?, "style.css")?;
    let twin = read("tests/bench/twin/twin.jsx")?.replace("\"__GW_CSS__\"", &serde_json::to_string(&style)?);
    std::fs::write(work.join("twin.jsx"), twin)?;
    tools.bundle_jsx(&work.join("twin.jsx"), &work.join("twin.js"), &modules)?;
    files::emit(&folder.join("w/twin.js"), &std::fs::read(work.join("twin.js"))?)?;
    let loader = read("widget/js/goodword.js")?.replace("__GW_WIDGET__", "twin.js");
    // There is no module to send for.
    let (kept, of_module): (Vec<&str>, Vec<&str>) =
        loader.lines().partition(|line| !line.contains("context.wasm"));
    ensure!(of_module.len() == 1, "the loader does not send for the module where it did");
    let loader = kept.join("\n");
    files::emit(&folder.join("goodword.js"), small(loader, "goodword.js")?.as_bytes())?;
    Ok(packed_size(&folder.join("goodword.js"))? + packed_size(&folder.join("w/twin.js"))? + largest)
}

/// The files of the languages that the widget was built with, as JavaScript; the bytes of the largest.
fn languages() -> Result<(String, u64)> {
    let (mut list, mut largest) = (String::from("{"), 0);
    for path in listed(&assets().join("w"))? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut parts = name.split('.');
        let (Some(code), Some(_), Some("js"), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        if code.len() == 2 {
            let _ = write!(list, "{code}: [\"{name}\"], ");
            largest = largest.max(packed_size(&path)?);
        }
    }
    Ok((list + "}", largest))
}
