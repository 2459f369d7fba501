//! `cargo xtask screenshots`: starts the demo in a temporary folder and takes the pictures anew in a real browser.

mod shots;

use crate::demo::{self, Stage, Steps, Wish};
use crate::driver::Driver;
use crate::tools::{self, Tool};
use anyhow::{Context, Result};
use serde_json::json;
use shots::{Shot, View};
use std::path::Path;

/// How much of a long page is taken, CSS pixels: beyond it lies more of the same, and the browser refuses very large pictures.
const TALLEST: u32 = 4_000;

/// Options of `cargo xtask screenshots`.
#[derive(clap::Args)]
pub struct Args {
    /// Also every page and element, wide and narrow, light and dark, into target/screenshots
    #[arg(long)]
    all: bool,
}

/// `cargo xtask screenshots`.
pub fn run(args: &Args) -> Result<()> {
    tools::ensure(Tool::Chromium)?;
    let mut steps = Steps::new(demo::STEPS + 1);
    demo::everything(&mut steps)?;
    let folder = std::env::temp_dir().join(format!("goodword-screenshots-{}", std::process::id()));
    let mut stage = Stage::start(&Wish { folder: folder.clone(), port: 0, fresh: true }, &mut steps)?;
    steps.next("Pictures");
    let taken = take(&stage, args.all);
    let ended = stage.stop();
    drop(stage);
    std::fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    taken.and(ended)
}

fn take(stage: &Stage, all: bool) -> Result<()> {
    let mut driver = Driver::start()?;
    let scenes = shots::prepare(&mut driver, stage)?;
    for shot in shots::readme(&scenes) {
        save(&mut driver, &shot, &crate::root().join("www/demo/pictures"))?;
    }
    if !all {
        return Ok(());
    }
    let folder = crate::root().join("target/screenshots");
    for view in View::ALL {
        for shot in shots::everything(&scenes, view) {
            save(&mut driver, &shot, &folder)?;
        }
    }
    driver.open(&format!("{}/console/", stage.goodword()))?;
    driver.script("localStorage.setItem('goodword.language', 'ar')", &json!([]))?;
    for shot in shots::from_right_to_left(&scenes) {
        save(&mut driver, &shot, &folder)?;
    }
    Ok(())
}

fn save(driver: &mut Driver, shot: &Shot, folder: &Path) -> Result<()> {
    let file = folder.join(format!("{}.png", shot.name));
    std::fs::create_dir_all(folder)?;
    driver.view(shot.view.width, shot.view.height, shot.view.dark)?;
    driver.open(&shot.address)?;
    driver.settle()?;
    std::fs::write(&file, driver.picture(shot.whole.then_some(TALLEST))?)?;
    println!("      {}", file.canonicalize()?.display());
    Ok(())
}
