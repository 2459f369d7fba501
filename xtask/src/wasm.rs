//! Builds what browsers load: the widget with its loader, the console, and the page of a test. Output goes to
//! `target/assets` of the workspace, whatever the cargo target directory is.

mod cargo;
mod console;
mod files;
mod node;
mod rename;
mod snip;
mod split;
mod text;
mod twin;
mod widget;

use anyhow::{Result, ensure};
use files::{Stamp, packed_size};
use std::path::PathBuf;

/// A loader of more brotli bytes than this is not pasted into other people's pages.
const LOADER_BUDGET: u64 = 2_500;
/// Everything a page downloads until `<goodword-join>` is ready.
const JOIN_BUDGET: u64 = 63_000;
/// The same with what the other elements need besides.
const PAGE_BUDGET: u64 = 75_000;
/// Everything the console's first page downloads.
const CONSOLE_BUDGET: u64 = 350_000;
/// One language.
const LANGUAGE_BUDGET: u64 = 2_000;

/// Options of `cargo xtask wasm`.
#[derive(clap::Args)]
pub struct Args {
    /// Only the console
    #[arg(long, conflicts_with = "widget_only")]
    console_only: bool,
    /// Only the widget and its loader
    #[arg(long)]
    widget_only: bool,
    /// Also the Yew page that tests put the widget on
    #[arg(long)]
    yew_host: bool,
}

/// `cargo xtask wasm`.
pub fn run(args: &Args) -> Result<()> {
    cargo::require_target()?;
    let tools = node::Tools::find();
    if !args.console_only {
        widget::build(tools.as_ref())?;
    }
    if !args.widget_only {
        console::build(tools.as_ref())?;
    }
    if args.yew_host {
        build_yew_host()?;
    }
    files::print_sizes(&assets())?;
    if !args.widget_only {
        check_console_budget()?;
    }
    if args.console_only { Ok(()) } else { check_budgets() }
}

/// Builds widget and console, as far as anything changed, and checks the budgets.
pub fn build_all() -> Result<()> {
    run(&Args { console_only: false, widget_only: false, yew_host: false })
}

/// Builds the page that is itself a Yew app; answers its folder, which has an `index.html`.
pub fn build_yew_host() -> Result<PathBuf> {
    cargo::require_target()?;
    console::build_yew_host()
}

/// Fails when the widget costs a page more than we promise. Without the optimisers there is nothing to judge.
pub fn check_budgets() -> Result<()> {
    if !Stamp::was_optimised("widget") {
        println!("budgets: not checked, because the files are not optimised");
        return Ok(());
    }
    let loader = packed_size(&assets().join("goodword.js"))?;
    let sizes = widget::sizes()?;
    let budgets = [
        ("goodword.js", loader, LOADER_BUDGET),
        ("a page with <goodword-join>", loader + sizes.join, JOIN_BUDGET),
        ("a page with every element", loader + sizes.all, PAGE_BUDGET),
        ("the largest language", sizes.language, LANGUAGE_BUDGET),
    ];
    for (what, bytes, allowed) in budgets {
        println!("budget: {what}: {bytes} of {allowed} bytes (brotli)");
    }
    for (what, bytes, allowed) in budgets {
        ensure!(bytes <= allowed, "{what} costs {bytes} bytes, {allowed} are allowed");
    }
    Ok(())
}

/// Fails when the console's first load is more than we allow: its page, style, script, first module and the largest
/// language, as a browser gets them.
fn check_console_budget() -> Result<()> {
    if !Stamp::was_optimised("console") {
        println!("budget of the console: not checked, because the files are not optimised");
        return Ok(());
    }
    let (mut first, mut later, mut language) = (0, 0, 0);
    for file in files::listed(&assets().join("console"))? {
        if file.extension().is_none_or(|kind| kind == "br" || kind == "gz") {
            continue;
        }
        let size = packed_size(&file)?;
        match file.file_name().map(std::ffi::OsStr::to_string_lossy) {
            Some(name) if name.starts_with(split::CHAPTER) => later += size,
            // A browser loads one of them.
            Some(name) if name.starts_with(console::LANGUAGE) => language = language.max(size),
            _ => first += size,
        }
    }
    first += language;
    println!(
        "budget: the console's first load: {first} of {CONSOLE_BUDGET} bytes (brotli), {language} of them a language; its chapters: {later}"
    );
    ensure!(
        first <= CONSOLE_BUDGET,
        "the console's first load is {first} bytes, {CONSOLE_BUDGET} are allowed"
    );
    Ok(())
}

pub use files::listed;
pub use twin::build as build_twin;

/// What the loader and all that `<goodword-join>` waits for weigh, brotli bytes.
pub fn join_size() -> Result<u64> {
    Ok(packed_size(&assets().join("goodword.js"))? + widget::sizes()?.join)
}

/// What the server embeds.
pub fn assets() -> PathBuf {
    crate::root().join("target/assets")
}
